"""A training with a time limit ends in time, with a model and an evaluation."""

import time
from types import SimpleNamespace

import pytest

from cnnstudio.engine import endings, epoch_keeper, train, work_clock
from cnnstudio.engine.model_file import epoch_in, load_model
from cnnstudio.engine.stage import Training
from cnnstudio.engine.work_clock import WorkClock
from cnnstudio.project.epochs import best_of
from cnnstudio.project.run_folder import RunFolder
from cnnstudio.project.stages import Stage
from cnnstudio.protocol import BatchEnded, EpochEnded, Event, Progress, TrainingEnded
from tests.engine.conftest import Ear, MakeRun, train_run
from tests.engine.test_going_on import Moment, after_epoch, in_batch, run_of

PARTS = ("training", "training", "validation", "test")
ALL = (Stage(trains="all", epochs=4),)
TOP = (Stage(trains="own", layers=("b1", "output"), epochs=4),)
DEADLINE = 10_000.0


class Calendar(SimpleNamespace):
    """A clock on the wall that only moves when it is told to."""

    def __init__(self) -> None:
        super().__init__(now=0.0, monotonic=time.monotonic)

    def time(self) -> float:
        return float(self.now)


class Watching(Ear):
    """At ``moment`` the calendar is put to ``then``."""

    def __init__(self, calendar: Calendar, moment: Moment, then: float = DEADLINE) -> None:
        super().__init__()
        self._calendar = calendar
        self._moment = moment
        self._then = then

    def __call__(self, event: Event) -> None:
        super().__call__(event)
        if self._moment(event):
            self._calendar.now = self._then


@pytest.fixture(autouse=True)
def calendar(monkeypatch: pytest.MonkeyPatch) -> Calendar:
    made = Calendar()
    monkeypatch.setattr(work_clock, "time", made)
    monkeypatch.setattr(train, "deadline_of", lambda text, began: DEADLINE if text else None)
    monkeypatch.setattr(epoch_keeper, "_SECONDS_BETWEEN_BATCH_EVENTS", 0.0)
    return made


def ended_in_time(run: RunFolder, ear: Ear) -> TrainingEnded:
    ended = train_run(run, ear)
    assert (ended.outcome, ended.ended_by) == ("finished", "time_limit"), ended.details
    assert run.read_status().ended_by == "time_limit"
    assert load_model(run.best_model).card.classes == ("blue", "red")
    evaluation = run.read_evaluation()
    assert evaluation is not None
    assert evaluation.part == "validation"
    return ended


def test_the_last_whole_epoch_stands_when_the_time_is_up(
    make_run: MakeRun, calendar: Calendar
) -> None:
    run = run_of(make_run, ALL, "training.time_limit=15")
    ended = ended_in_time(run, Watching(calendar, in_batch(3, 1)))
    assert ended.epochs_done == 2
    best = best_of(run.read_history())
    assert best is not None
    assert (ended.best_epoch, epoch_in(run.best_model)) == (best.epoch, best.epoch)
    assert epoch_in(run.last_model) == 2
    calendar.now = 0.0  # as much time again
    assert train_run(run).epochs_done == 4


def test_the_time_for_asking_and_saving_is_reserved(make_run: MakeRun, calendar: Calendar) -> None:
    run = run_of(make_run, ALL, "training.time_limit=15")
    ended = ended_in_time(run, Watching(calendar, after_epoch(1), DEADLINE - 0.2))
    assert ended.epochs_done == 1


def test_the_time_for_saving_is_known_where_a_run_goes_on(
    make_run: MakeRun, calendar: Calendar, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = run_of(make_run, ALL, "training.time_limit=15")
    assert train_run(run, Ear(after_epoch(1))).outcome == "stopped"
    found: list[float] = []
    measure = train.time_for_the_end

    def measured(training: Training) -> None:
        measure(training)
        found.append(training.reached.seconds_to_save)

    monkeypatch.setattr(train, "time_for_the_end", measured)
    assert train_run(run).epochs_done == 4
    assert len(found) == 1
    assert found[0] > 0


def test_time_that_is_up_in_the_first_epoch_leaves_a_model(
    make_run: MakeRun, calendar: Calendar
) -> None:
    run = run_of(make_run, ALL, "training.time_limit=15")
    ended = ended_in_time(run, Watching(calendar, in_batch(1, 2)))
    assert (ended.epochs_done, run.read_history()) == (0, [])
    evaluation = run.read_evaluation()
    assert evaluation is not None
    assert ended.validation_accuracy == evaluation.accuracy
    assert run.last_model.is_file()


def test_time_that_is_up_while_frozen_layers_run_leaves_a_model(
    make_run: MakeRun, calendar: Calendar
) -> None:
    run = run_of(make_run, TOP, "training.time_limit=15")
    moment = lambda event: isinstance(event, Progress) and event.job == "features"  # noqa: E731
    ear = Watching(calendar, moment)
    assert ended_in_time(run, ear).epochs_done == 0
    assert ear.of(BatchEnded) == []


def test_time_that_is_up_during_validation_leaves_the_epochs_before(
    make_run: MakeRun, calendar: Calendar, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = run_of(make_run, TOP, "training.time_limit=15")
    averaged = epoch_keeper.averaged
    ear = Ear()

    def late(model: object) -> object:
        if len(ear.of(EpochEnded)) == 2:
            calendar.now = DEADLINE
        return averaged(model)

    monkeypatch.setattr(epoch_keeper, "averaged", late)
    assert ended_in_time(run, ear).epochs_done == 2


def test_time_that_is_up_before_the_pictures_are_read_is_told(
    make_run: MakeRun, calendar: Calendar
) -> None:
    run = run_of(make_run, ALL, "training.time_limit=15")
    moment = lambda event: isinstance(event, Progress) and event.job == "pictures"  # noqa: E731
    ended = train_run(run, Watching(calendar, moment))
    assert ended.outcome == "failed"
    assert ended.problem is not None
    assert (ended.problem.kind, ended.problem.is_known) == ("time_too_short", True)


@pytest.mark.parametrize("part", ["test", "validation"])
def test_the_test_part_is_asked_while_there_is_time(
    part: str, make_run: MakeRun, calendar: Calendar, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = run_of(make_run, TOP, "training.time_limit=15", parts=PARTS)
    if part == "test":
        monkeypatch.setattr(endings, "_MARGIN_SECONDS", -1.0)
    ended = train_run(run, Watching(calendar, in_batch(2, 1)))
    assert ended.ended_by == "time_limit"
    evaluation = run.read_evaluation()
    assert evaluation is not None
    assert evaluation.part == part


def test_pauses_do_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = SimpleNamespace(monotonic=lambda: moments.now, time=lambda: 0.0, now=5.0)
    monkeypatch.setattr(work_clock, "time", moments)

    def pausing() -> bool:
        moments.now += 100.0
        return False

    clock = WorkClock(pausing)
    began = clock.now()
    assert not clock.should_stop()
    moments.now += 2.0
    assert clock.now() - began == pytest.approx(2.0)
    assert clock.paused == pytest.approx(100.0)


def test_the_wish_of_a_person_is_not_taken_for_the_end_of_the_time(calendar: Calendar) -> None:
    clock = WorkClock(lambda: True, DEADLINE)
    calendar.now = DEADLINE + 1
    assert clock.should_stop()
    assert not clock.is_over
