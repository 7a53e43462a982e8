"""Frozen layers that run once: the same training, whatever the freezing, or straight through."""

import errno
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest

from cnnstudio.engine import computed_once as module
from cnnstudio.engine.answers import Answers
from cnnstudio.engine.computed_once import Straight
from cnnstudio.engine.cutting import CannotCutError, cut, frozen_part_of
from cnnstudio.engine.facts import describe
from cnnstudio.engine.features import compute_features
from cnnstudio.engine.model_file import load_model
from cnnstudio.engine.networks.build import build, without_weights
from cnnstudio.engine.parts import Part, Parts
from cnnstudio.project.frozen_part import WHY_NOT, WhyNot, frozen_part
from cnnstudio.project.layer_blocks import AuxiliaryClassifier, ResidualBlock
from cnnstudio.project.layer_kinds import BatchNormalization, Conv2D, Dropout, MaxPooling2D
from cnnstudio.project.layer_list import LayerList
from cnnstudio.project.listing import ListedPicture, PictureList
from cnnstudio.project.machine import machine_mark, save_machine
from cnnstudio.project.network import OWN_LAYERS, NetworkPlan
from cnnstudio.project.network_facts import NetworkFacts
from cnnstudio.project.places import cache_folder
from cnnstudio.project.price_corrections import learn_from, load_factors
from cnnstudio.project.run_folder import RunFolder
from cnnstudio.protocol import EpochEnded, Progress, StageStarted
from tests.engine.conftest import SIZE, Ear, MakeRun, train_run
from tests.project.test_price import SPEED

PARTS = ("training", "training", "training", "validation", "test")
PREPARED = ("augmentation.mode=prepared", "augmentation.rotation=30", "augmentation.variants=2")


def conv(name: str, filters: int = 6) -> Conv2D:
    return Conv2D(name=name, filters=filters)


VGG_LIKE: LayerList = (
    conv("a1"),
    conv("a2"),
    MaxPooling2D(name="a3"),
    conv("b1", 8),
    BatchNormalization(name="b2"),
    conv("b3", 8),
)
WITH_DROPOUT: LayerList = (conv("a1"), conv("a2"), Dropout(name="a3", rate=0.4), conv("b1"))
RESIDUAL: LayerList = (
    conv("a1", 8),
    ResidualBlock(name="r1", filters=8),
    ResidualBlock(name="r2", filters=8),
)
WITH_SIDE_OUTPUT: LayerList = (
    Conv2D(name="a1", filters=4, strides=1),
    AuxiliaryClassifier(name="side"),
    conv("b1"),
)

Frozen = Callable[[str], bool]


def plan_of(layers: LayerList, is_frozen: Frozen, **more: object) -> NetworkPlan:
    plan = NetworkPlan(base=OWN_LAYERS, layers=layers, **more)  # type: ignore[arg-type]
    return with_frozen(plan, is_frozen)


def with_frozen(plan: NetworkPlan, is_frozen: Frozen) -> NetworkPlan:
    facts = facts_of(plan)
    names = [layer.name for layer in facts.layers if layer.part != "input"]
    trained = tuple(name for name in names if not is_frozen(name))
    return plan.model_copy(update={"trained_layers": trained})


def facts_of(plan: NetworkPlan) -> NetworkFacts:
    with without_weights():
        return describe(build(plan, 32, 2, None), plan, 2)


def run_of(make_run: MakeRun, plan: NetworkPlan, *settings: str) -> RunFolder:
    """A run of ``plan`` with a test part."""
    made = make_run("training.epochs=3", "training.learning_rate=0.01", *settings, parts=PARTS)
    project = made.read_project().replacing(network=plan)
    return RunFolder.create(made.path.parent, project, made.read_pictures())


def trained_run(
    make_run: MakeRun, plan: NetworkPlan, *settings: str
) -> tuple[RunFolder, StageStarted]:
    run = run_of(make_run, plan, *settings)
    ear = Ear()
    ended = train_run(run, ear)
    assert ended.outcome == "finished", ended.details
    (started,) = ear.of(StageStarted)
    assert isinstance(started, StageStarted)
    return run, started


def straight_through(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("cnnstudio.engine.stage.compute_once", lambda *args: Straight("not_kept"))


CASES: dict[str, NetworkPlan] = {
    "a network like VGG16, its last layers trained": plan_of(
        VGG_LIKE, lambda name: name in ("a1", "a2", "a3", "b1")
    ),
    "the whole base frozen": plan_of(VGG_LIKE, lambda name: name[0] in "ab"),
    "all frozen but a dense layer": plan_of(
        VGG_LIKE,
        lambda name: name != "output",
        dense=({"units": 5, "batch_norm": True}, {"units": 4}),
    ),
    "dropout inside the frozen part": plan_of(WITH_DROPOUT, lambda name: name[0] in "ab"),
    "a hole in the middle": plan_of(VGG_LIKE, lambda name: name in ("a1", "a2", "b3")),
    "a cut inside a residual block": plan_of(
        RESIDUAL, lambda name: name[:2] in ("a1", "r1") or name == "r2_conv1"
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_history_is_the_same_with_frozen_layers_computed_once(
    case: str, make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = CASES[case]
    run, started = trained_run(make_run, plan)
    assert (started.computed_once > 0, started.why_not_once) == (True, "")
    straight_through(monkeypatch)
    other, started = trained_run(make_run, plan)
    assert started.computed_once == 0
    for ours, theirs in zip(run.read_history(), other.read_history(), strict=True):
        assert ours.loss == pytest.approx(theirs.loss, rel=1e-3)
        assert ours.validation_loss == pytest.approx(theirs.validation_loss, rel=1e-3)
        assert ours.accuracy == pytest.approx(theirs.accuracy, abs=0.06)
    evaluations = [each.read_evaluation() for each in (run, other)]
    answers = []
    for evaluation in evaluations:
        assert evaluation is not None
        assert evaluation.part == "test"
        answers.append([picture.probabilities for picture in evaluation.pictures])
    np.testing.assert_allclose(answers[0], answers[1], atol=2e-3)
    ours, theirs = (Answers(load_model(each.last_model).model) for each in (run, other))
    pictures = np.random.default_rng(1).integers(0, 256, (4, SIZE, SIZE, 3), np.uint8)
    np.testing.assert_allclose(ours.of(pictures), theirs.of(pictures), atol=2e-3)


@pytest.mark.parametrize(
    ("plan", "tensors"),
    [
        (CASES["a cut inside a residual block"], 2),
        (
            with_frozen(
                NetworkPlan(
                    base="mobilenet_v2", width=0.35, weights="random", freeze_batch_norm=False
                ),
                lambda name: not name.startswith(("block_5", "block_13", "output")),
            ),
            1,
        ),
        (
            with_frozen(
                NetworkPlan(base="mobilenet_v2", width=0.35, weights="random"),
                lambda name: not name.startswith(("block_5_project", "output")),
            ),
            2,
        ),
    ],
    ids=["residual block", "MobileNetV2 with a hole", "MobileNetV2 inside a block"],
)
def test_both_halves_together_give_what_the_whole_gives(plan: NetworkPlan, tensors: int) -> None:
    model = build(plan, 32, 2, None)
    for layer in model.layers:
        layer.trainable = layer.name in (plan.trained_layers or ())
    halves = cut(model, frozen_part_of(model))
    assert len(halves.frozen.outputs) == tensors
    pictures = np.random.default_rng(1).uniform(0, 255, (3, 32, 32, 3)).astype(np.float32)
    given = halves.frozen([pictures], training=False)
    wanted = model(pictures, training=False)
    np.testing.assert_allclose(halves.rest(given, training=False), wanted, atol=1e-5)
    assert halves.part == frozen_part(facts_of(plan), frozenset(plan.trained_layers or ()))


def test_dropout_ends_the_frozen_part_although_everything_after_it_is_frozen() -> None:
    plan = CASES["dropout inside the frozen part"]
    model = build(plan, 32, 2, None)
    for layer in model.layers:
        layer.trainable = layer.name == "output"
    part = frozen_part_of(model)
    assert part.frontier == ("a2",)
    assert "b1" not in part.layers


def test_features_are_computed_for_every_prepared_variant_and_only_once(
    make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = CASES["the whole base frozen"]
    histories = []
    for times in ("first", "kept", "straight"):
        if times == "straight":
            straight_through(monkeypatch)
        run = run_of(make_run, plan, *PREPARED, "training.epochs=5")
        ear = Ear()
        assert train_run(run, ear).outcome == "finished"
        counts = [e for e in ear.events if isinstance(e, Progress) and e.job == "features"]
        # Three variants of 14 training pictures, 4 to watch, 4 to test with.
        wanted = [3 * _count(run, "training") + 24 - _count(run, "training")]
        assert [e.done for e in counts if e.done == e.total] == (wanted if times == "first" else [])
        histories.append([(facts.loss, facts.validation_loss) for facts in run.read_history()])
    assert histories[0] == histories[1]
    np.testing.assert_allclose(histories[0], histories[2], rtol=1e-3)
    assert len(_files()) == 4  # variants stand apart from the pictures as they are


def _count(run: RunFolder, part: str) -> int:
    return sum(picture.part == part for picture in run.read_pictures().pictures)


def _files() -> list[Path]:
    return sorted((cache_folder() / "features").glob("*"))


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        (("augmentation.rotation=20",), "fresh_augmentation"),
        ((*PREPARED, "augmentation.mixup=0.3"), "fresh_augmentation"),
        (("training.epochs=1",), "few_epochs"),
        ((*PREPARED, "training.epochs=2"), "few_epochs"),
    ],
)
def test_straight_through_where_nothing_would_be_saved(
    settings: tuple[str, ...], reason: WhyNot, make_run: MakeRun
) -> None:
    plan = CASES["the whole base frozen"]
    run, started = trained_run(make_run, plan, *settings)
    assert (started.computed_once, started.why_not_once) == (0, reason)
    assert WHY_NOT[reason] in run.log.read_text()
    assert _files() == []


def test_straight_through_with_outputs_on_the_side(make_run: MakeRun) -> None:
    plan = plan_of(WITH_SIDE_OUTPUT, lambda name: name in ("a1", "b1"))
    run = run_of(make_run, plan, "pictures.size=32", "training.epochs=2")
    ear = Ear()
    ended = train_run(run, ear)
    assert ended.outcome == "finished", ended.details
    (started,) = ear.of(StageStarted)
    assert isinstance(started, StageStarted)
    assert started.why_not_once == "side_outputs"


def test_another_head_begins_at_once_with_the_features_that_are_there(
    make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = CASES["the whole base frozen"]
    trained_run(make_run, plan, *PREPARED, "training.epochs=5")

    def refuse(*arguments: object) -> None:
        raise AssertionError("what is there is made again")

    monkeypatch.setattr("cnnstudio.engine.variants._changed", refuse)
    monkeypatch.setattr("cnnstudio.engine.features.as_graph", refuse)
    other = plan_of(VGG_LIKE, lambda name: name[0] in "ab", dense=({"units": 7},))
    _, started = trained_run(make_run, other, *PREPARED, "training.epochs=5")
    assert (started.computed_once, started.why_not_once) == (6, "")
    assert not (cache_folder() / "variants").exists()


def test_stages_have_features_of_their_own_and_the_same_history(
    make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = CASES["the whole base frozen"]
    stages = "training.stages=head:2,own=b1|b3|output:2:0.5"
    histories, layers = [], []
    for way in ("once", "straight"):
        if way == "straight":
            straight_through(monkeypatch)
        run = run_of(make_run, plan, stages)
        ear = Ear()
        ended = train_run(run, ear)
        assert ended.outcome == "finished", ended.details
        layers.append([e.computed_once for e in ear.events if isinstance(e, StageStarted)])
        histories.append([(facts.loss, facts.validation_loss) for facts in run.read_history()])
    assert layers == [[6, 3], [0, 0]]
    np.testing.assert_allclose(histories[0], histories[1], rtol=1e-3)


def test_a_later_stage_that_goes_on_finds_its_features(make_run: MakeRun) -> None:
    stages = "training.stages=head:2,own=b1|b3|output:3:0.5"
    run = run_of(make_run, CASES["the whole base frozen"], stages)
    in_second = lambda event: isinstance(event, EpochEnded) and event.facts.stage == 2  # noqa: E731
    assert train_run(run, Ear(in_second)).outcome == "stopped"
    ear = Ear()
    assert train_run(run, ear).outcome == "finished"
    assert [e.computed_once for e in ear.events if isinstance(e, StageStarted)] == [3]
    assert not [e for e in ear.events if isinstance(e, Progress) and e.job == "features"]


def test_features_of_many_numbers_are_kept_with_16_bits_and_train_alike(
    make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = CASES["a network like VGG16, its last layers trained"]
    histories, sizes = [], []
    for numbers in (10**9, 1):
        monkeypatch.setattr("cnnstudio.project.frozen_part.SHORT_FROM_NUMBERS", numbers)
        for file in _files():
            file.unlink()
        run, started = trained_run(make_run, plan)
        assert started.computed_once == 4
        histories.append([(facts.loss, facts.validation_loss) for facts in run.read_history()])
        sizes.append(sum(file.stat().st_size - 8 for file in _files()))
    assert sizes[0] == 2 * sizes[1] > 0
    assert histories[0] != histories[1]
    np.testing.assert_allclose(histories[0], histories[1], rtol=3e-3)


def test_numbers_that_are_too_large_for_16_bits_are_kept_with_32(
    make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cnnstudio.project.frozen_part.SHORT_FROM_NUMBERS", 1)
    model = build(CASES["the whole base frozen"], SIZE, 2, None)
    for layer in model.layers:
        layer.trainable = layer.name == "output"
    first = model.get_layer("a1")
    first.set_weights([1e6 * each for each in first.get_weights()])
    halves = cut(model, frozen_part_of(model))
    pixels = np.random.default_rng(1).integers(0, 256, (4, SIZE, SIZE, 3), np.uint8)
    part = Part(pixels, np.arange(4), np.arange(4) % 2, ("", "", "", ""))
    none = Part(pixels, np.arange(0), np.arange(0), ())
    features = compute_features(halves, Parts(part, part, none), None)
    assert features.training.types == ("float32",)
    (given,) = features.training.take(0, np.arange(4))
    wanted = np.asarray(halves.frozen(pixels.astype(np.float32), training=False))
    np.testing.assert_allclose(given, wanted.reshape(given.shape), rtol=1e-4)
    assert given.max() > 65504


def test_a_full_disk_costs_time_and_not_the_training(
    make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("cnnstudio.engine.features.make_room", refuse)
    plan = CASES["the whole base frozen"]
    run, started = trained_run(make_run, plan)
    assert started.why_not_once == "not_kept"
    assert started.note is not None
    assert started.note.kind == "features_disk_full"
    assert started.note.is_known
    assert len(run.read_history()) == 3


def test_a_folder_that_cannot_be_written_costs_time_and_not_the_training(
    make_run: MakeRun,
) -> None:
    (cache_folder() / "features").write_text("a file stands in the way")
    plan = CASES["the whole base frozen"]
    _, started = trained_run(make_run, plan)
    assert started.note is not None
    assert started.note.kind == "features_not_kept"
    assert started.note.is_known


@pytest.mark.parametrize("damage", [b"", b"too short"])
def test_a_damaged_file_of_features_is_made_again(damage: bytes, make_run: MakeRun) -> None:
    plan = CASES["the whole base frozen"]
    first, _ = trained_run(make_run, plan)
    whole = [file.read_bytes() for file in _files()]
    _files()[0].write_bytes(damage)
    second, started = trained_run(make_run, plan)
    assert started.computed_once == 6
    assert [file.read_bytes() for file in _files()] == whole
    assert [f.loss for f in first.read_history()] == [f.loss for f in second.read_history()]


def test_other_weights_and_other_pictures_have_features_of_their_own(make_run: MakeRun) -> None:
    plan = CASES["the whole base frozen"]
    trained_run(make_run, plan)
    trained_run(make_run, plan, "training.seed=2")
    assert len(_files()) == 6
    run = run_of(make_run, plan)
    pictures = run.read_pictures()
    fewer = [each for each in pictures.pictures if not each.path.endswith("00.png")]
    listed = tuple(ListedPicture(each.path, each.label, each.part) for each in fewer)
    train_run(
        RunFolder.create(run.path.parent, run.read_project(), PictureList(pictures.classes, listed))
    )
    assert len(_files()) in (7, 8, 9)


def test_a_stop_while_features_are_computed_ends_the_training(make_run: MakeRun) -> None:
    plan = CASES["the whole base frozen"]
    run = run_of(make_run, plan)
    ear = Ear(lambda event: isinstance(event, Progress) and event.job == "features")
    ended = train_run(run, ear)
    assert (ended.outcome, ended.epochs_done) == ("stopped", 0)
    assert [file for file in _files() if file.name.startswith(".")] == []


def test_a_model_that_uses_a_layer_twice_is_not_cut() -> None:
    picture = keras.Input((8, 8, 3))
    layer = keras.layers.Conv2D(3, 3, padding="same")
    numbers = keras.layers.GlobalAveragePooling2D()(layer(layer(picture)))
    model = keras.Model(picture, keras.layers.Dense(1)(numbers))
    with pytest.raises(CannotCutError):
        frozen_part_of(model)


def test_what_cannot_be_cut_is_trained_straight_through(
    make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object) -> None:
        raise CannotCutError

    monkeypatch.setattr(module, "cut", refuse)
    plan = CASES["the whole base frozen"]
    _, started = trained_run(make_run, plan)
    assert (started.computed_once, started.why_not_once) == (0, "not_kept")


def test_a_run_keeps_what_it_took_beside_what_was_predicted(make_run: MakeRun) -> None:
    plan = CASES["the whole base frozen"]
    run, _ = trained_run(make_run, plan)
    expense = run.read_status().expense
    assert expense is not None
    assert (expense.network, expense.kind) == (OWN_LAYERS, "")  # this computer was not measured
    assert expense.seconds_an_epoch > 0
    assert expense.seconds_once > 0
    assert expense.memory_bytes > 10**8
    save_machine(replace(SPEED, mark=machine_mark()))
    run, _ = trained_run(make_run, plan)
    expense = run.read_status().expense
    assert expense is not None
    assert expense.kind == "kept"
    assert expense.seconds_once == 0  # the features were there
    assert expense.predicted_seconds_an_epoch > 0
    assert expense.predicted_memory_bytes > 0
    assert learn_from(run)
    assert load_factors()[OWN_LAYERS].keys() == {"kept", "memory"}


def test_more_than_the_disk_is_to_hold_is_not_kept(
    make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "KEPT_BYTES_AT_MOST", 100)
    _, started = trained_run(make_run, CASES["the whole base frozen"])
    assert (started.computed_once, started.why_not_once) == (0, "too_large")
