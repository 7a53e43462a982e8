"""What is on the curves: of the training in hand, or of a run read from disk."""

from collections import deque
from dataclasses import dataclass, field

from cnnstudio.project.epochs import EpochDetails, EpochFacts, best_of
from cnnstudio.project.problems import Problem, ProblemError
from cnnstudio.project.project import Project
from cnnstudio.project.run_folder import RunFolder
from cnnstudio.project.stages import Stage, planned_epochs, stage_title, stages_of
from cnnstudio.project.time_limit import deadline_of_run
from cnnstudio.protocol import BatchEnded, Progress, StageStarted, TrainingEnded, TrainingStarted

MOST_BATCH_POINTS = 4000


@dataclass
class LiveRun:
    """How far a run has come. It grows while it is trained."""

    run: RunFolder | None = None
    project: Project | None = None
    """The plan that the run was begun with."""
    stages: tuple[Stage, ...] = ()
    epochs_planned: int = 0
    batches: int = 0
    training_pictures: int = 0
    validation_pictures: int = 0
    batch_points: deque[tuple[float, float, float]] = field(
        default_factory=lambda: deque(maxlen=MOST_BATCH_POINTS)
    )
    """Place in epochs, loss, accuracy: means of the batches since the point before."""
    history: list[EpochFacts] = field(default_factory=list)
    details: list[EpochDetails] = field(default_factory=list)
    borders: list[tuple[int, str]] = field(default_factory=list)
    """After which epoch a stage began, and what it trains; of a run with one stage, none."""
    best_epoch: int = 0
    pictures_per_second: float = 0.0
    seconds_left: float | None = None
    deadline: float | None = None
    """By when the training in hand has to be done, in seconds since 1970."""
    progress: Progress | None = None
    started: TrainingStarted | None = None
    stage: StageStarted | None = None
    left_out: list[Problem] = field(default_factory=list)
    ended: TrainingEnded | None = None
    batch_before: BatchEnded | None = None

    @classmethod
    def of_plan(cls, run: RunFolder | None, project: Project) -> "LiveRun":
        """A run that is about to begin."""
        stages = stages_of(project)
        made = cls(run, project, stages, epochs_planned=planned_epochs(project))
        made._begin_borders()
        return made

    @classmethod
    def from_disk(cls, run: RunFolder) -> "LiveRun":
        """A run as its folder tells it."""
        try:
            project = run.read_project()
        except ProblemError:
            found = cls(run)
        else:
            found = cls.of_plan(run, project)
        found.take_history(run)
        found.ended = _ended_as_kept(run, found.history)
        return found

    def take_deadline(self, run: RunFolder, now: float) -> None:
        """By when ``run`` has to be done, if it is taken up ``now``."""
        if self.project is not None:
            spent = sum(facts.seconds for facts in run.read_history())
            limit = self.project.training.time_limit
            self.deadline = deadline_of_run(limit, run.read_status().started, spent, now)

    @property
    def stages_not_begun(self) -> int:
        """How many of the planned stages have no epoch."""
        return len(self.stages) - max((facts.stage for facts in self.history), default=0)

    def take_history(self, run: RunFolder) -> None:
        """What ``run`` has reached so far, from its folder."""
        self.history = run.read_history()
        self.details = run.read_details()
        self.epochs_planned = max(len(self.history), self.epochs_planned)
        best = best_of(self.history)
        self.best_epoch = best.epoch if best is not None else 0
        self._begin_borders()
        for before, after in zip(self.history, self.history[1:], strict=False):
            if after.stage != before.stage:
                self.add_border(before.epoch, after.stage)

    def _begin_borders(self) -> None:
        several = len(self.stages) > 1
        self.borders = [(0, stage_title(self.stages[0]))] if several else []

    def add_border(self, epoch: int, stage: int) -> None:
        """After ``epoch``, the ``stage`` (from 1) began, unless it only goes on there."""
        known = any(after == epoch for after, _ in self.borders)
        goes_on = any(each.epoch == epoch and each.stage == stage for each in self.history)
        if epoch and not known and not goes_on and stage <= len(self.stages):
            self.borders.append((epoch, stage_title(self.stages[stage - 1])))

    def add_batch(self, event: BatchEnded) -> None:
        """A point of the curve by batch."""
        place = event.epoch - 1 + event.batch / max(1, self.batches)
        self.batch_points.append((place, *self._since_the_last(event)))
        self.batch_before = event
        self.pictures_per_second = event.pictures_per_second

    def _since_the_last(self, event: BatchEnded) -> tuple[float, float]:
        """Loss and accuracy of the batches since the last event of this epoch.

        Keras tells the mean of the epoch so far, which jumps where a new epoch begins; from two
        such means follows the mean of the batches between them.
        """
        before = self.batch_before
        if before is None or before.epoch != event.epoch or before.batch >= event.batch:
            return event.loss, event.accuracy
        new = event.batch - before.batch
        loss = (event.loss * event.batch - before.loss * before.batch) / new
        accuracy = (event.accuracy * event.batch - before.accuracy * before.batch) / new
        return loss, min(1.0, max(0.0, accuracy))


def _ended_as_kept(run: RunFolder, history: list[EpochFacts]) -> TrainingEnded | None:
    """How a run ended, as its folder tells; one that still 'runs' was broken off, and one that
    waits has not begun."""
    status = run.read_status()
    if status.state == "waiting":
        return None
    best = best_of(history)
    return TrainingEnded(
        outcome="crashed" if status.state == "running" else status.state,
        run_folder=str(run.path),
        epochs_done=len(history),
        best_epoch=best.epoch if best is not None else 0,
        validation_accuracy=best.validation_accuracy if best is not None else 0.0,
        seconds=max(status.seconds, sum(facts.seconds for facts in history)),
        problem=status.problem,
        ended_by=status.ended_by,
    )
