"""A run that was broken off goes on as if nothing had happened."""

import dataclasses
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from cnnstudio.engine import epoch_keeper, reached
from cnnstudio.engine.checkpoint import read_checkpoint, write_checkpoint
from cnnstudio.engine.model_file import epoch_in, load_model
from cnnstudio.engine.service import Worker
from cnnstudio.engine.up_to_date import bring_up_to_date
from cnnstudio.project.epochs import EpochFacts, best_of
from cnnstudio.project.layer_kinds import BatchNormalization, Conv2D, Dropout
from cnnstudio.project.network import OWN_LAYERS, NetworkPlan
from cnnstudio.project.problems import Problem, ProblemError
from cnnstudio.project.run_folder import RunFolder
from cnnstudio.project.stages import Stage
from cnnstudio.protocol import (
    BatchEnded,
    EpochEnded,
    Event,
    Export,
    Exported,
    Progress,
    TrainingStarted,
)
from tests.engine.conftest import Ear, MakeRun, train_run

TINY = NetworkPlan(
    base=OWN_LAYERS,
    layers=(
        Conv2D(name="a1", filters=3, strides=2),
        BatchNormalization(name="a2"),
        Conv2D(name="b1", filters=4, strides=2),
        Dropout(name="b2", rate=0.3),
    ),
)
HEAD_FIRST = (
    Stage(trains="own", layers=("b1", "output"), epochs=3),
    Stage(trains="all", epochs=3, rate=0.5),
)
COSINE = ("training.schedule=cosine",)
MOVED = ("augmentation.rotation=30", "augmentation.zoom=0.2")

Moment = Callable[[Event], bool]


class _KilledError(BaseException):
    """Nothing in the engine answers for this one: as where its process is ended from outside."""


class _Killing(Ear):
    def __init__(self, moment: Moment) -> None:
        super().__init__()
        self._moment = moment

    def __call__(self, event: Event) -> None:
        super().__call__(event)
        if self._moment(event):
            raise _KilledError


@pytest.fixture(autouse=True)
def every_batch_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(epoch_keeper, "_SECONDS_BETWEEN_BATCH_EVENTS", 0.0)


@pytest.fixture(autouse=True)
def models_are_written_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only after the first epoch and where a stage ends."""
    monkeypatch.setattr(reached, "_SAVING_SHARE", 0.0)


def in_batch(epoch: int, batch: int) -> Moment:
    return lambda event: (
        isinstance(event, BatchEnded) and (event.epoch, event.batch) == (epoch, batch)
    )


def after_epoch(epoch: int) -> Moment:
    return lambda event: isinstance(event, EpochEnded) and event.facts.epoch == epoch


def while_features_are_computed(event: Event) -> bool:
    return isinstance(event, Progress) and event.job == "features"


def run_of(
    make_run: MakeRun,
    stages: Sequence[Stage],
    *settings: str,
    plan: NetworkPlan = TINY,
    **more: object,
) -> RunFolder:
    made = make_run("training.learning_rate=0.02", *settings, **more)
    project = made.read_project()
    training = project.training.model_copy(update={"stages": tuple(stages)})
    project = project.replacing(network=plan, training=training)
    return RunFolder.create(made.path.parent, project, made.read_pictures())


_unbroken: dict[object, RunFolder] = {}


def unbroken_run(make_run: MakeRun, stages: Sequence[Stage], *settings: str) -> RunFolder:
    """A run that was trained from its beginning to its end; not to be changed."""
    key = (tuple(stages), settings)
    if key not in _unbroken:
        run = run_of(make_run, stages, *settings)
        finished(run)
        _unbroken[key] = run
    return _unbroken[key]


def killed(run: RunFolder, moment: Moment) -> None:
    with pytest.raises(_KilledError):
        train_run(run, _Killing(moment))


def finished(run: RunFolder) -> Ear:
    ear = Ear()
    ended = train_run(run, ear)
    assert ended.outcome == "finished", ended.details
    return ear


def figures(run: RunFolder) -> list[EpochFacts]:
    """All columns of the history but the seconds."""
    return [dataclasses.replace(facts, seconds=0) for facts in run.read_history()]


def assert_same(run: RunFolder, other: RunFolder) -> None:
    assert figures(run) == figures(other)
    assert run.read_details() == other.read_details()
    assert run.read_evaluation() == other.read_evaluation()
    for mine, theirs in ((run.best_model, other.best_model), (run.last_model, other.last_model)):
        assert epoch_in(mine) == epoch_in(theirs)
        weights = zip(weights_of(mine), weights_of(theirs), strict=True)
        for ours, others in weights:
            np.testing.assert_array_equal(ours, others)
    best = best_of(run.read_history())
    assert best is not None
    assert epoch_in(run.best_model) == best.epoch
    assert epoch_in(run.last_model) == run.read_history()[-1].epoch


def weights_of(file: Path) -> list[np.ndarray]:
    found: list[np.ndarray] = load_model(file).model.get_weights()
    return found


CASES: dict[str, tuple[tuple[Stage, ...], tuple[str, ...], tuple[Moment, ...]]] = {
    "fresh augmentation, dropout, momentum, a plateau and balanced sampling": (
        (Stage(trains="all", epochs=6),),
        (
            *MOVED,
            "training.optimizer=sgd",
            "training.momentum=0.8",
            "training.schedule=plateau",
            "training.plateau_patience=1",
            "training.learning_rate=0.2",
            "training.balance=sampling",
        ),
        (in_batch(1, 2), in_batch(4, 2)),
    ),
    "kept features of prepared variants, and a moving average": (
        (Stage(trains="own", layers=("b1", "output"), epochs=6),),
        (
            *MOVED,
            "augmentation.mode=prepared",
            "augmentation.variants=2",
            "training.average_weights=0.8",
        ),
        (in_batch(2, 3), after_epoch(4)),
    ),
    "two stages": (HEAD_FIRST, COSINE, (in_batch(2, 1), after_epoch(3), in_batch(5, 2))),
    "stages that end early and begin at their best, with a moving average": (
        (
            Stage(trains="own", layers=("b1", "output"), epochs=9),
            Stage(trains="all", epochs=9, rate=0.5),
        ),
        (
            "training.early_stopping=1",
            "training.average_weights=0.3",
            "training.learning_rate=1",
            "training.optimizer=sgd",
        ),
        (in_batch(4, 1), after_epoch(6)),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_history_after_kills_equals_the_unbroken_one(case: str, make_run: MakeRun) -> None:
    stages, settings, moments = CASES[case]
    unbroken = unbroken_run(make_run, stages, *settings)
    broken = run_of(make_run, stages, *settings)
    for moment in moments:
        killed(broken, moment)
    (started,) = finished(broken).of(TrainingStarted)
    assert_same(broken, unbroken)
    assert isinstance(started, TrainingStarted)
    assert started.first_epoch > 1
    of_stages = [facts.stage for facts in figures(unbroken)]
    if "early" in case:
        assert of_stages.count(1) < 9
        assert unbroken.read_status().ended_by == "early_stopping"
    if "plateau" in case:
        assert len({facts.learning_rate for facts in figures(unbroken)}) > 1


def test_an_export_of_a_run_that_broke_off_gives_its_best_epoch(
    make_run: MakeRun, tmp_path: Path
) -> None:
    stages = (Stage(trains="all", epochs=4),)
    unbroken, broken = unbroken_run(make_run, stages), run_of(make_run, stages)
    killed(broken, after_epoch(4))
    assert epoch_in(broken.last_model) == 4  # the stage's end
    # As where the kill came before the models were written.
    for file in (broken.last_model, broken.best_model):
        file.unlink()
    to = tmp_path / "model.keras"
    exported = Worker().answer(Export(str(broken.path), "last", str(to)), Ear(), lambda: False)
    assert isinstance(exported, Exported), exported
    for mine, theirs in zip(weights_of(to), weights_of(unbroken.last_model), strict=True):
        np.testing.assert_array_equal(mine, theirs)
    assert broken.read_evaluation() == unbroken.read_evaluation()
    assert epoch_in(broken.best_model) == epoch_in(unbroken.best_model)


def test_a_number_that_another_process_has_now_keeps_no_model_back(broken_off: RunFolder) -> None:
    run = broken_off
    update = {"state": "running", "engine_process": os.getppid()}
    run.write_status(run.read_status().model_copy(update=update))
    bring_up_to_date(run)
    assert epoch_in(run.last_model) == 1  # that may be the engine at work
    # Long before that process began: the computer was switched off since.
    os.utime(run.path / "run.json", (0, 0))
    bring_up_to_date(run)
    assert epoch_in(run.last_model) == 2


def test_the_best_model_is_never_replaced_by_a_worse_one(broken_off: RunFolder) -> None:
    run = broken_off
    kept = read_checkpoint(run.checkpoint)
    assert kept is not None
    # The second epoch was the best there can be.
    perfect = dataclasses.replace(kept.history[1], validation_accuracy=1.0, validation_loss=0.0)
    history = (kept.history[0], perfect)
    changed = dataclasses.replace(kept, history=history, best_epoch=2, best=kept.last)
    write_checkpoint(run.checkpoint, changed)
    finished(run)
    assert epoch_in(run.best_model) == 2
    assert epoch_in(run.last_model) == 3


def test_added_epochs_go_on_from_the_last_one(make_run: MakeRun) -> None:
    long = unbroken_run(make_run, (Stage(trains="all", epochs=4),))
    short = run_of(make_run, (Stage(trains="all", epochs=2),))
    finished(short)
    add_epochs(short, 2)
    (started,) = finished(short).of(TrainingStarted)
    assert started == TrainingStarted(4, 3, 18, 6, first_epoch=3)
    assert_same(short, long)


def add_epochs(run: RunFolder, count: int) -> None:
    project = run.read_project()
    *before, last = project.training.stages
    stages = (*before, last.model_copy(update={"added": last.added + count}))
    training = project.training.model_copy(update={"stages": stages})
    run.write_project(project.replacing(training=training))


def test_epochs_added_after_an_early_stop_are_as_many_as_were_asked_for(make_run: MakeRun) -> None:
    settings = ("training.early_stopping=2", "training.learning_rate=0.000001")
    run = run_of(make_run, (Stage(trains="all", epochs=30),), *settings)
    finished(run)
    done = len(run.read_history())
    assert run.read_status().ended_by == "early_stopping"
    assert done < 30
    add_epochs(run, 1)
    finished(run)
    assert len(run.read_history()) == done + 1
    assert run.read_status().ended_by == "plan"


def test_weights_that_are_gone_are_taken_from_the_last_model(
    make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    stages = (Stage(trains="own", layers=("b1", "output"), epochs=4),)
    unbroken, broken = unbroken_run(make_run, stages), run_of(make_run, stages)
    killed(broken, in_batch(3, 1))

    def gone(*arguments: object, **more: object) -> None:
        raise ProblemError(Problem("weights_file_missing", file="gone.h5"))

    monkeypatch.setattr("cnnstudio.engine.run_network.obtain_weights", gone)
    # Even if the network began with other random numbers.
    monkeypatch.setattr("keras.utils.set_random_seed", lambda seed: None)
    finished(broken)
    assert_same(broken, unbroken)


@pytest.fixture
def broken_off(make_run: MakeRun, tmp_path: Path) -> RunFolder:
    """A copy of a run of three epochs that was killed in the third."""
    if not _broken_off:
        run = run_of(make_run, (Stage(trains="all", epochs=3),))
        killed(run, in_batch(3, 1))
        _broken_off.append(run)
    return RunFolder(shutil.copytree(_broken_off[0].path, tmp_path / "copy"))


_broken_off: list[RunFolder] = []


def failed_kind(run: RunFolder) -> str:
    ended = train_run(run)
    assert ended.outcome == "failed"
    assert ended.problem is not None
    assert ended.problem.is_known
    return ended.problem.kind


def test_a_damaged_checkpoint_is_told_and_nothing_is_lost(broken_off: RunFolder) -> None:
    run = broken_off
    content = run.checkpoint.read_bytes()
    before = run.best_model.read_bytes(), run.history_file.read_bytes()
    for damaged in (b"", content[: len(content) // 2], content[:-30], b"PK" + bytes(99)):
        run.checkpoint.write_bytes(damaged)
        assert failed_kind(run) == "checkpoint_damaged"
    assert (run.best_model.read_bytes(), run.history_file.read_bytes()) == before
    run.checkpoint.unlink()
    assert failed_kind(run) == "run_without_checkpoint"


def test_a_changed_byte_anywhere_in_a_checkpoint_never_passes_as_another_value(
    broken_off: RunFolder,
) -> None:
    run = broken_off
    content = run.checkpoint.read_bytes()
    wanted = read_checkpoint(run.checkpoint)
    assert wanted is not None
    noticed = 0
    for place in np.random.default_rng(1).integers(len(content), size=200):
        changed = bytearray(content)
        changed[place] ^= 0x41
        run.checkpoint.write_bytes(bytes(changed))
        try:
            found = read_checkpoint(run.checkpoint)
        except ProblemError:
            noticed += 1
            continue
        assert found is not None  # a byte that says nothing, such as a date
        assert (found.history, found.epoch) == (wanted.history, wanted.epoch)
        for key, value in wanted.weights.items():
            np.testing.assert_array_equal(found.weights[key], value)
    assert noticed > 150


def test_another_network_and_other_pictures_are_told(broken_off: RunFolder) -> None:
    run = broken_off
    project = run.read_project()
    wider = TINY.model_copy(update={"layers": (Conv2D(name="a1", filters=5), *TINY.layers[1:])})
    run.write_project(project.replacing(network=wider))
    assert failed_kind(run) == "checkpoint_other_network"
    run.write_project(project)
    listing = run.read_pictures()
    fewer = dataclasses.replace(listing, pictures=listing.pictures[1:])
    fewer.save(run.path / "pictures.csv")
    assert failed_kind(run) == "checkpoint_other_pictures"


def test_history_and_details_that_a_kill_left_short_are_made_whole(broken_off: RunFolder) -> None:
    run = broken_off
    whole = run.history_file.read_bytes(), run.details_file.read_bytes()
    run.history_file.write_bytes(whole[0][:-20])
    run.details_file.unlink()
    killed(run, lambda event: isinstance(event, Progress))
    assert (run.history_file.read_bytes(), run.details_file.read_bytes()) == whole


def test_features_that_were_being_computed_are_computed_again(make_run: MakeRun) -> None:
    stages = (Stage(trains="own", layers=("b1", "output"), epochs=3),)
    run = run_of(make_run, stages)
    killed(run, while_features_are_computed)
    assert not run.checkpoint.exists()
    assert len(finished(run).of(EpochEnded)) == 3
