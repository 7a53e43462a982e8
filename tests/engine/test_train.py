"""A training, from the run's folder to its end - and every way in which it can end early."""

import dataclasses
import errno
import math
from collections.abc import Callable
from pathlib import Path

import keras
import pytest
import tensorflow as tf
from tensorflow.python.framework.ops import gradient_registry

from cnnstudio.engine import epoch_keeper, reached
from cnnstudio.engine.model_file import load_model
from cnnstudio.project.listing import ListedPicture
from cnnstudio.project.run_folder import RunFolder
from cnnstudio.protocol import (
    BatchEnded,
    EpochEnded,
    Event,
    PictureLeftOut,
    Progress,
    TrainingStarted,
)
from tests.engine.conftest import Ear, MakeRun, train_run


class _Watching(Ear):
    """Also keeps the last model as it was when each epoch was told."""

    def __init__(self, run: RunFolder, **wishes: Callable[[Event], bool]) -> None:
        super().__init__(**wishes)
        self.kept: list[bytes] = []
        self._run = run

    def __call__(self, event: Event) -> None:
        super().__call__(event)
        if isinstance(event, EpochEnded):
            self.kept.append(self._run.last_model.read_bytes())


@pytest.fixture
def every_epoch_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where writing a model takes no time."""
    monkeypatch.setattr(reached, "_SAVING_SHARE", math.inf)


@pytest.mark.usefixtures("every_epoch_is_written")
def test_a_training_keeps_and_tells_everything(make_run: MakeRun) -> None:
    registered = set(gradient_registry.list())
    run = make_run("training.epochs=3")
    ear = _Watching(run)
    ended = train_run(run, ear)
    assert (ended.outcome, ended.epochs_done, ended.problem) == ("finished", 3, None), ended.details
    assert ear.of(TrainingStarted) == [TrainingStarted(3, 3, 18, 6)]
    kinds = [type(event).__name__ for event in ear.events]
    assert kinds[0] == "Progress"
    assert kinds[kinds.index("StageStarted") + 1] == "BatchEnded"
    assert kinds[-1] == "EpochEnded"
    history = run.read_history()
    epochs = [event for event in ear.of(EpochEnded) if isinstance(event, EpochEnded)]
    assert [event.facts for event in epochs] == history
    assert [facts.epoch for facts in history] == [1, 2, 3]
    assert epochs[-1].seconds_left == 0
    best = max(history, key=lambda facts: (facts.validation_accuracy, -facts.validation_loss))
    assert ended.best_epoch == best.epoch
    assert ended.validation_accuracy == best.validation_accuracy
    assert max(event.facts.epoch for event in epochs if event.is_best) == best.epoch
    status = run.read_status()
    assert status.state == "finished"
    assert status.engine_process > 0
    assert "Epoch 3/3" in run.log.read_text(encoding="utf-8")
    assert run.best_model.read_bytes() == ear.kept[best.epoch - 1]
    assert run.last_model.read_bytes() == ear.kept[-1]
    leftover = [file.name for file in run.path.iterdir() if file.name.startswith(".")]
    assert leftover == []
    assert set(gradient_registry.list()) == registered


def test_the_evaluation_is_that_of_the_best_model_on_validation(trained: RunFolder) -> None:
    evaluation = trained.read_evaluation()
    assert evaluation is not None
    best = max(trained.read_history(), key=lambda facts: facts.validation_accuracy)
    assert evaluation.part == "validation"
    assert evaluation.accuracy == pytest.approx(best.validation_accuracy)
    listed = trained.read_pictures().of_part("validation")
    assert [(each.file, each.label) for each in evaluation.pictures] == [
        (each.path, each.label) for each in listed
    ]
    card = load_model(trained.best_model).card
    assert (card.classes, card.size, card.fit, card.output) == (
        ("blue", "red"),
        16,
        "crop",
        "sigmoid",
    )


def test_the_test_part_is_asked_at_the_end(make_run: MakeRun) -> None:
    run = make_run("training.epochs=1", parts=("training", "training", "validation", "test"))
    assert train_run(run).outcome == "finished"
    evaluation = run.read_evaluation()
    assert evaluation is not None
    assert (evaluation.part, evaluation.count) == ("test", 6)


def test_the_same_seed_gives_the_same_history(make_run: MakeRun) -> None:
    settings = ("augmentation.rotation=30", "augmentation.zoom=0.2", "network.dense=4")
    histories = []
    for _ in range(2):
        run = make_run(*settings, "training.seed=7")
        assert train_run(run).outcome == "finished"
        histories.append([dataclasses.replace(facts, seconds=0) for facts in run.read_history()])
    assert histories[0] == histories[1]


def test_three_classes_are_learned_with_softmax(make_run: MakeRun) -> None:
    run = make_run("training.epochs=1", classes=("blue", "green", "red"))
    assert train_run(run).outcome == "finished"
    loaded = load_model(run.last_model)
    assert loaded.card.output == "softmax"
    assert loaded.model.output_shape == (None, 3)


def _stops_in(epoch: int) -> Ear:
    return Ear(lambda event: isinstance(event, BatchEnded) and event.epoch == epoch)


@pytest.fixture
def every_batch_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(epoch_keeper, "_SECONDS_BETWEEN_BATCH_EVENTS", 0.0)


@pytest.mark.usefixtures("every_batch_tells", "every_epoch_is_written")
def test_a_stop_in_mid_epoch_keeps_the_last_whole_epoch(make_run: MakeRun) -> None:
    run = make_run("training.epochs=50")
    ear = _Watching(run, stop_after=_stops_in(3).stop_after)
    ended = train_run(run, ear)
    assert (ended.outcome, ended.epochs_done, ended.problem) == ("stopped", 2, None), ended.details
    assert run.read_status().state == "stopped"
    assert len(run.read_history()) == 2
    assert run.last_model.read_bytes() == ear.kept[-1]
    assert run.read_evaluation() is not None
    last = ear.of(BatchEnded)[-1]
    assert isinstance(last, BatchEnded)
    assert (last.epoch, last.batch) == (3, 1)


@pytest.mark.usefixtures("every_batch_tells")
def test_a_stop_in_the_first_epoch_keeps_the_model_as_it_is(make_run: MakeRun) -> None:
    run = make_run()
    ended = train_run(run, _stops_in(1))
    assert (ended.outcome, ended.epochs_done, ended.best_epoch) == ("stopped", 0, 0)
    assert run.read_history() == []
    assert not run.best_model.exists()
    assert run.model("best") == run.last_model
    assert load_model(run.last_model).card.classes == ("blue", "red")


@pytest.mark.usefixtures("every_batch_tells")
def test_a_stop_leaves_time_for_a_short_test(make_run: MakeRun) -> None:
    run = make_run("training.epochs=50", parts=("training", "training", "validation", "test"))
    assert train_run(run, _stops_in(2)).outcome == "stopped"
    evaluation = run.read_evaluation()
    assert evaluation is not None
    assert evaluation.part == "test"


@pytest.mark.parametrize("job", ["pictures", "nothing at all"])
def test_a_stop_before_the_first_batch_leaves_no_model(make_run: MakeRun, job: str) -> None:
    run = make_run()
    ear = Ear(lambda event: isinstance(event, Progress) and event.job == job)
    ear.is_enough = job == "nothing at all"
    ended = train_run(run, ear)
    assert (ended.outcome, ended.epochs_done) == ("stopped", 0)
    assert not run.last_model.exists()
    assert run.read_status().state == "stopped"


def test_broken_pictures_are_named_and_left_out(make_run: MakeRun, tmp_path: Path) -> None:
    (tmp_path / "text.jpg").write_text("no picture")
    more = (
        ListedPicture(str(tmp_path / "text.jpg"), "red", "training"),
        ListedPicture(str(tmp_path / "absent.jpg"), "blue", "validation"),
    )
    run = make_run("training.epochs=1", more=more)
    ear = Ear()
    assert train_run(run, ear).outcome == "finished"
    problems = [each.problem for each in ear.events if isinstance(each, PictureLeftOut)]
    assert [(each.kind, Path(each.file).name) for each in problems] == [
        ("not_a_picture", "text.jpg"),
        ("file_missing", "absent.jpg"),
    ]
    assert ear.of(TrainingStarted) == [TrainingStarted(1, 3, 18, 6)]


def _failed(run: RunFolder, ear: Ear | None = None) -> str:
    """Train a run that cannot go well, see that this is told and kept alike; give the kind."""
    ended = train_run(run, ear)
    assert ended.outcome == "failed"
    assert ended.problem is not None
    assert ended.problem.message
    assert ended.problem.remedy
    status = run.read_status()
    assert status.state == "failed"
    assert status.problem is not None
    assert (status.problem.kind, status.problem.message) == (
        ended.problem.kind,
        ended.problem.message,
    )
    return ended.problem.kind


def test_a_folder_that_went_away_is_named(make_run: MakeRun, tmp_path: Path) -> None:
    gone = tmp_path / "drive" / "red"
    run = make_run(more=(ListedPicture(str(gone / "one.png"), "red", "training"),))
    assert _failed(run) == "pictures_vanished"
    assert str(gone) in train_run(run).problem.message  # type: ignore[union-attr]


def test_a_class_without_a_readable_picture_is_named(make_run: MakeRun, tmp_path: Path) -> None:
    (tmp_path / "text.jpg").write_text("no picture")
    more = (ListedPicture(str(tmp_path / "text.jpg"), "odd", "training"),)
    run = make_run(classes=("blue", "odd", "red"), more=more)
    assert _failed(run) == "class_too_small"
    problem = run.read_status().problem
    assert problem is not None
    assert "odd" in problem.message


def test_missing_weights_are_never_replaced_by_random_numbers(
    make_run: MakeRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CNNSTUDIO_WEIGHTS", "")
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    run = make_run("network.base=mobilenet_v2", "pictures.size=32")
    assert _failed(run) == "weights_missing"
    assert not run.last_model.exists()


def test_a_plan_that_cannot_be_built_is_refused(make_run: MakeRun) -> None:
    assert _failed(make_run("network.trained_layers=head_pooling")) == "nothing_trained"


def test_a_lost_loss_is_told_with_a_lower_learning_rate(
    make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = make_run("training.epochs=4", "training.learning_rate=0.5")
    compiled = keras.Model.compile

    def lose_the_loss(model: keras.Model, **arguments: object) -> None:
        def lost(labels: tf.Tensor, given: tf.Tensor) -> tf.Tensor:
            return tf.reduce_mean(given) * math.nan

        compiled(model, **arguments | {"loss": lost})

    monkeypatch.setattr(keras.Model, "compile", lose_the_loss)
    ended = train_run(run)
    assert ended.problem is not None
    assert ended.problem.kind == "loss_not_a_number"
    assert ended.problem.values == {"epoch": 1, "learning_rate": "0.05"}
    assert run.read_status().state == "failed"


class _BreaksInEpoch2(Ear):
    def __init__(self, error: Exception) -> None:
        super().__init__()
        self._error = error

    def __call__(self, event: Event) -> None:
        super().__call__(event)
        if isinstance(event, BatchEnded) and event.epoch == 2:
            raise self._error


@pytest.mark.usefixtures("every_batch_tells")
@pytest.mark.parametrize(
    ("error", "kind", "value"),
    [
        (MemoryError(), "out_of_memory", 3),
        (ZeroDivisionError("by us"), "engine_failed", "ZeroDivisionError: by us"),
    ],
)
def test_what_breaks_in_mid_training_keeps_the_epochs_before(
    make_run: MakeRun, error: Exception, kind: str, value: object
) -> None:
    run = make_run("training.epochs=3")
    assert _failed(run, _BreaksInEpoch2(error)) == kind
    assert len(run.read_history()) == 1
    assert load_model(run.last_model).card.classes == ("blue", "red")
    assert run.read_evaluation() is not None
    problem = run.read_status().problem
    assert problem is not None
    assert value in problem.values.values()
    assert type(error).__name__ in run.log.read_text(encoding="utf-8")


@pytest.mark.usefixtures("every_epoch_is_written")
def test_a_full_disk_at_saving_leaves_the_models_before(
    make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = make_run("training.epochs=3")
    saved = keras.Model.save
    before: list[bytes] = []

    def save(model: keras.Model, path: Path, **arguments: object) -> None:
        if run.last_model.exists():
            before.append(run.last_model.read_bytes())
            Path(path).write_bytes(b"half a model")
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        saved(model, path, **arguments)

    monkeypatch.setattr(keras.Model, "save", save)
    assert _failed(run) == "disk_full"
    assert run.last_model.read_bytes() == before[0]
    assert len(run.read_history()) == 2  # that epoch is in the checkpoint, and not lost
    assert [file.name for file in run.path.iterdir() if file.name.startswith(".")] == []


def test_a_run_that_is_not_there_is_told(tmp_path: Path) -> None:
    ended = train_run(RunFolder(tmp_path / "nowhere"))
    assert ended.outcome == "failed"
    assert ended.problem is not None
    assert ended.problem.kind == "run_missing"


def test_learning_works(trained: RunFolder) -> None:
    assert trained.read_history()[-1].accuracy > 0.9
