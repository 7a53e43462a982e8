"""The training in hand and the runs that are done."""

from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QDateTime, QLocale, QObject, Signal

from cnnstudio.project.checks import problems_of
from cnnstudio.project.epochs import EpochFacts
from cnnstudio.project.kinds.weights import FETCH_KINDS
from cnnstudio.project.network_table import find_network
from cnnstudio.project.price_corrections import learn_from
from cnnstudio.project.problems import Problem, ProblemError, errors_in
from cnnstudio.project.project import Project
from cnnstudio.project.results import Evaluation
from cnnstudio.project.run_folder import RunFolder, list_runs
from cnnstudio.protocol import (
    BatchEnded,
    ClosingEvent,
    EpochEnded,
    FindWeights,
    Progress,
    StageStarted,
    TrainingEnded,
    TrainingStarted,
    WeightsFound,
    WorkFailed,
)
from cnnstudio.ui.one_question import OneQuestion
from cnnstudio.ui.pictures_state import PicturesState
from cnnstudio.ui.session import ProjectSession
from cnnstudio.worker.engine_keeper import EngineKeeper
from cnnstudio.worker.runs import begin_run
from cnnstudio.worker.training_worker import TrainingWorker

Phase = Literal["ready", "preparing", "training", "stopping", "ended"]
MOST_BATCH_POINTS = 4000
SMOOTHING = 0.9
"""How much of the curve so far is kept at each batch."""


@dataclass
class LiveRun:
    """What is on the curves: of the training in hand, or of a run read from disk."""

    run: RunFolder | None = None
    project: Project | None = None
    """The plan that the run was begun with."""
    epochs_planned: int = 0
    batches: int = 0
    training_pictures: int = 0
    validation_pictures: int = 0
    batch_points: deque[tuple[float, float, float]] = field(
        default_factory=lambda: deque(maxlen=MOST_BATCH_POINTS)
    )
    """Place in epochs, loss, accuracy."""
    history: list[EpochFacts] = field(default_factory=list)
    best_epoch: int = 0
    pictures_per_second: float = 0.0
    seconds_left: float | None = None
    progress: Progress | None = None
    started: TrainingStarted | None = None
    stage: StageStarted | None = None
    left_out: list[Problem] = field(default_factory=list)
    ended: TrainingEnded | None = None


class TrainingState(QObject):
    """Starts, watches and stops trainings; remembers the runs of the project."""

    phase_changed = Signal(str)
    progressed = Signal()
    batch_ended = Signal()
    epoch_ended = Signal()
    training_ended = Signal(object)
    weights_wanted = Signal(object)
    """The :class:`Problem`, one of ``FETCH_KINDS``: the person has to say what to do."""
    start_failed = Signal(object)
    """The :class:`Problem` that was met after :meth:`start` had returned."""
    runs_changed = Signal()

    def __init__(
        self,
        session: ProjectSession,
        pictures: PicturesState,
        keeper: EngineKeeper,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._pictures = pictures
        self._keeper = keeper
        self._worker: TrainingWorker | None = None
        self._weights_question = OneQuestion(keeper, self)
        self._weights_question.progressed.connect(self._on_progressed)
        self._weights_question.answered.connect(self._on_weights_looked_for)
        self._batch_before: BatchEnded | None = None
        self.phase: Phase = "ready"
        self.live = LiveRun()
        self.runs: list[RunFolder] = []
        self._evaluation: tuple[Evaluation | None] | None = None
        """What was read from the newest run; none as long as it was not read."""
        self.refresh_runs()
        self._show_latest()

    @property
    def is_running(self) -> bool:
        """Whether a training is in hand."""
        return self._worker is not None

    @property
    def latest_run(self) -> RunFolder | None:
        """The newest run that has a model."""
        return next((run for run in self.runs if _has_model(run)), None)

    def run_words(self) -> str:
        """Which training the results are of."""
        run = self.latest_run
        if run is None:
            return ""
        began = QDateTime.fromSecsSinceEpoch(int(run.read_status().started))
        return QLocale().toString(began, QLocale.FormatType.ShortFormat)

    def evaluation(self) -> Evaluation | None:
        """The answers of the newest run with a model."""
        if self._evaluation is None:
            run = self.latest_run
            self._evaluation = (run.read_evaluation() if run is not None else None,)
        return self._evaluation[0]

    def refresh_runs(self) -> None:
        """Read the list of runs again."""
        self.runs = list_runs(self._session.folder.runs)
        self._evaluation = None
        self.runs_changed.emit()

    def start(self, download: bool = False) -> Problem | None:
        """Begin a run of the plan as it is; the problem that stands in the way, if any.

        Where a pretrained base is wanted, its weights are looked for first; nothing is
        downloaded without ``download``.
        """
        if self.phase in ("preparing", "training", "stopping") or self._pictures.is_busy:
            return None
        project = self._session.project
        row = find_network(project.network.base)
        found = errors_in(problems_of(project, self._pictures.num_classes or None))
        if found:
            return found[0]
        needs_weights = row is not None and row.weights is not None
        if not needs_weights or project.network.weights == "random":
            return self._begin()
        question = FindWeights(project.network, project.pictures.size, download)
        self.live = LiveRun(epochs_planned=project.training.epochs)
        self._weights_question.ask(question)
        self._set_phase("preparing")
        return None

    def _begin(self) -> Problem | None:
        """Make the run's folder and hand it to a worker."""
        project = self._session.project
        try:
            run = begin_run(project, self._session.folder.runs, self._pictures.arrangement)
        except ProblemError as error:
            return error.problem
        self.live = LiveRun(run=run, project=project, epochs_planned=project.training.epochs)
        self._batch_before = None
        worker = TrainingWorker(self._keeper, run, False, self)
        worker.progressed.connect(self._on_progressed)
        worker.picture_left_out.connect(self._on_picture_left_out)
        worker.training_started.connect(self._on_training_started)
        worker.stage_started.connect(self._on_stage_started)
        worker.batch_ended.connect(self._on_batch_ended)
        worker.epoch_ended.connect(self._on_epoch_ended)
        worker.training_ended.connect(self._on_training_ended)
        worker.finished.connect(worker.deleteLater)
        self._worker = worker
        self._set_phase("preparing")
        worker.start()
        return None

    def _on_weights_looked_for(self, event: ClosingEvent) -> None:
        problem = self._begin() if isinstance(event, WeightsFound) else None
        if isinstance(event, WorkFailed):
            problem = event.problem
        if self._worker is not None:
            return
        self._show_latest()
        if problem is not None and problem.kind in FETCH_KINDS:
            self.weights_wanted.emit(problem)
        elif problem is not None:
            self.start_failed.emit(problem)

    def stop(self) -> None:
        """End the training in hand and keep what was reached."""
        if self._weights_question.is_busy:
            self._weights_question.cancel()
        elif self._worker is not None and self.phase != "stopping":
            self._set_phase("stopping")
            self._worker.stop()

    def close(self, grace_ms: int = 20_000) -> None:
        """Stop and wait until the run's folder is whole; the engine is ended if it takes long."""
        self._weights_question.close()
        worker = self._worker
        if worker is None:
            return
        worker.stop()
        if not worker.wait(grace_ms):
            worker.kill()
            worker.wait(5_000)
        self._worker = None

    def _set_phase(self, phase: Phase) -> None:
        self.phase = phase
        self.phase_changed.emit(phase)

    def _show_latest(self) -> None:
        """Put the newest run of an opened project on the curves."""
        run = self.latest_run
        if run is None:
            self.live = LiveRun()
            self._set_phase("ready")
            return
        history = run.read_history()
        best = max(
            history,
            key=lambda each: (each.validation_accuracy, -each.validation_loss),
            default=None,
        )
        self.live = LiveRun(
            run=run,
            epochs_planned=max(len(history), _planned_epochs(run)),
            history=history,
            best_epoch=best.epoch if best is not None else 0,
            ended=_ended_as_kept(run, history, best),
        )
        self._set_phase("ended")

    def _on_progressed(self, progress: Progress) -> None:
        self.live.progress = progress
        self.progressed.emit()

    def _on_picture_left_out(self, problem: Problem) -> None:
        self.live.left_out.append(problem)

    def _on_training_started(self, started: TrainingStarted) -> None:
        live = self.live
        live.progress = None
        live.started = started
        live.epochs_planned = started.epochs
        live.batches = started.batches
        live.training_pictures = started.training_pictures
        live.validation_pictures = started.validation_pictures
        if self.phase == "preparing":
            self._set_phase("training")

    def _on_stage_started(self, stage: StageStarted) -> None:
        self.live.progress = None
        self.live.stage = stage
        self.progressed.emit()

    def _on_batch_ended(self, event: BatchEnded) -> None:
        live = self.live
        place = event.epoch - 1 + event.batch / max(1, live.batches)
        live.batch_points.append((place, *self._smoothed(event)))
        self._batch_before = event
        live.pictures_per_second = event.pictures_per_second
        self.batch_ended.emit()

    def _smoothed(self, event: BatchEnded) -> tuple[float, float]:
        """Loss and accuracy of the batches since the last event, smoothed over the epochs.

        Keras tells the mean of the epoch so far, which jumps where a new epoch begins; from two
        such means follows the mean of the batches between them.
        """
        before = self._batch_before
        same_epoch = before is not None and before.epoch == event.epoch
        count = before.batch if before is not None and same_epoch else 0
        new = max(1, event.batch - count)
        loss, accuracy = event.loss, event.accuracy
        if before is not None and same_epoch:
            loss = (event.loss * event.batch - before.loss * count) / new
            accuracy = (event.accuracy * event.batch - before.accuracy * count) / new
        if not self.live.batch_points:
            return loss, accuracy
        _, loss_before, accuracy_before = self.live.batch_points[-1]
        kept = SMOOTHING**new
        return (
            kept * loss_before + (1 - kept) * loss,
            kept * accuracy_before + (1 - kept) * accuracy,
        )

    def _on_epoch_ended(self, event: EpochEnded) -> None:
        live = self.live
        live.history.append(event.facts)
        live.seconds_left = event.seconds_left
        if event.is_best:
            live.best_epoch = event.facts.epoch
        self.epoch_ended.emit()

    def _on_training_ended(self, event: TrainingEnded) -> None:
        self._worker = None
        self.live.ended = event
        learn_from(RunFolder(Path(event.run_folder)))
        self.live.seconds_left = None
        if event.best_epoch:
            self.live.best_epoch = event.best_epoch
        self.refresh_runs()
        self._set_phase("ended")
        self.training_ended.emit(event)


def _planned_epochs(run: RunFolder) -> int:
    try:
        return run.read_project().training.epochs
    except ProblemError:
        return 0


def _ended_as_kept(
    run: RunFolder, history: list[EpochFacts], best: EpochFacts | None
) -> TrainingEnded:
    """How a run ended, as its folder tells; one that still 'runs' was broken off."""
    status = run.read_status()
    return TrainingEnded(
        outcome="crashed"
        if status.state == "running" or status.state == "waiting"
        else status.state,
        run_folder=str(run.path),
        epochs_done=len(history),
        best_epoch=best.epoch if best is not None else 0,
        validation_accuracy=best.validation_accuracy if best is not None else 0.0,
        seconds=status.seconds or sum(facts.seconds for facts in history),
        problem=status.problem,
    )


def _has_model(run: RunFolder) -> bool:
    return run.best_model.is_file() or run.last_model.is_file()
