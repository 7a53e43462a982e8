"""Trainings that begin with a model file of one's own."""

from pathlib import Path

import keras
import numpy as np
import pytest

from cnnstudio.engine.model_file import load_model
from cnnstudio.engine.networks.build import build
from cnnstudio.engine.own_models import own_model
from cnnstudio.project.network import NetworkPlan
from cnnstudio.protocol import EpochEnded
from tests.engine.conftest import SIZE, Ear, MakeRun, train_run
from tests.engine.own_model_files import write_teachable_machine


def pictures() -> np.ndarray:
    shape = (4, SIZE, SIZE, 3)
    return np.random.default_rng(1).uniform(0, 255, shape).astype(np.float32)


def settings(path: Path, *more: str) -> tuple[str, ...]:
    return ("network.base=own_model", f"network.model_file={path}", *more)


def test_a_frozen_base_from_a_file_is_trained_on_and_stays_as_it_was(
    make_run: MakeRun, tmp_path: Path
) -> None:
    path = write_teachable_machine(tmp_path)
    more = ("training.fine_tuning=0",)
    run = make_run(*settings(path, *more), classes=("blue", "green", "red"))
    ended = train_run(run)
    assert ended.outcome == "finished", ended.details
    trained = keras.saving.load_model(run.model("best"))
    plan = NetworkPlan(base="own_model", model_file=str(path))
    before = build(plan, SIZE, 3, None)
    for name in ("conv1", "conv_dw_1_bn", "conv_pw_1"):
        pairs = zip(
            trained.get_layer(name).get_weights(),
            before.get_layer(name).get_weights(),
            strict=True,
        )
        assert all(np.array_equal(one, other) for one, other in pairs), name
    again = load_model(run.model("best"))
    assert again.card.classes == ("blue", "green", "red")
    np.testing.assert_allclose(again.model(pictures()), trained(pictures()), atol=1e-6)


def test_a_training_goes_on_where_the_file_ended(make_run: MakeRun, tmp_path: Path) -> None:
    """With steps too small to matter, the answers are the file's, in the project's order."""
    path = write_teachable_machine(tmp_path, labels="red\nblue\ngreen\n")
    run = make_run(
        *settings(path, "network.keep_output=true"),
        *("training.learning_rate=1e-9", "training.epochs=1"),
        classes=("blue", "green", "red"),
    )
    ended = train_run(run)
    assert ended.outcome == "finished", ended.details
    again = load_model(run.model("best"))
    plan = NetworkPlan(base="own_model", model_file=str(path), keep_output=True)
    expected = build(plan, SIZE, 3, None)(pictures()).numpy()[:, [1, 2, 0]]
    np.testing.assert_allclose(again.model(pictures()), expected, atol=1e-4)
    assert again.card.output == "softmax"


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        (("network.keep_output=true",), "own_model_classes_differ"),
        (("network.model_file=/nowhere/model.keras",), "own_model_missing"),
        (("network.model_file=",), "own_model_not_chosen"),
    ],
)
def test_what_does_not_fit_ends_the_training_before_it_begins(
    more: tuple[str, ...], kind: str, make_run: MakeRun, tmp_path: Path
) -> None:
    run = make_run(*settings(write_teachable_machine(tmp_path), *more))
    ended = train_run(run)
    assert ended.outcome == "failed"
    assert ended.problem is not None
    assert ended.problem.kind == kind


def write_small(path: Path, seed: int) -> None:
    keras.utils.set_random_seed(seed)
    layers = keras.layers
    picture = keras.Input((SIZE, SIZE, 3))
    given = layers.Conv2D(4, 3, strides=2, activation="relu")(layers.Rescaling(1 / 255)(picture))
    given = layers.Conv2D(6, 3, strides=2, activation="relu")(given)
    given = layers.Dense(2, activation="softmax")(layers.GlobalAveragePooling2D()(given))
    keras.Model(picture, given).save(path)


def test_a_run_goes_on_with_the_weights_it_began_with_whatever_the_file_holds_by_now(
    make_run: MakeRun, tmp_path: Path
) -> None:
    path = tmp_path / "model.keras"
    write_small(path, 1)
    wanted = settings(path, "training.epochs=3", "training.learning_rate=0.02")
    unbroken, broken = make_run(*wanted), make_run(*wanted)
    # Whether the file was looked at before makes no difference either.
    own_model._opened.cache_clear()
    assert train_run(unbroken).outcome == "finished"
    ended = train_run(broken, Ear(lambda event: isinstance(event, EpochEnded)))
    assert (ended.outcome, ended.epochs_done) == ("stopped", 1)
    write_small(path, 2)
    assert train_run(broken).outcome == "finished"
    losses = [[facts.validation_loss for facts in run.read_history()] for run in (unbroken, broken)]
    assert losses[0] == losses[1]
