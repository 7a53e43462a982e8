"""The training in hand, those that wait, and the runs that are done."""

import time
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QDateTime, QLocale, QObject, Signal

from cnnstudio.project.checks import problems_of
from cnnstudio.project.kinds.weights import FETCH_KINDS
from cnnstudio.project.network_table import find_network
from cnnstudio.project.price_corrections import learn_from
from cnnstudio.project.problems import Problem, ProblemError, errors_in
from cnnstudio.project.results import Evaluation
from cnnstudio.project.run_folder import RunFolder, list_runs
from cnnstudio.project.run_lag import lags_behind
from cnnstudio.project.run_summary import run_to_show
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
from cnnstudio.ui.catching_up import CatchingUp
from cnnstudio.ui.live_run import LiveRun
from cnnstudio.ui.one_question import OneQuestion
from cnnstudio.ui.pictures_state import PicturesState
from cnnstudio.ui.session import ProjectSession
from cnnstudio.worker.engine_keeper import EngineKeeper
from cnnstudio.worker.runs import begin_run, delete_run, mark_running, take_up, waiting_runs
from cnnstudio.worker.training_worker import TrainingWorker

Phase = Literal["ready", "preparing", "training", "paused", "stopping", "ended"]

RUNNING: tuple[Phase, ...] = ("preparing", "training", "paused", "stopping")
"""The phases in which a training is in hand."""


class TrainingState(QObject):
    """Starts, watches, pauses and stops trainings; remembers the runs of the project."""

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
    queue_changed = Signal()

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
        self._catching_up = CatchingUp(keeper, self)
        self._catching_up.done.connect(self._on_caught_up)
        self.phase: Phase = "ready"
        self.live = LiveRun()
        self.runs: list[RunFolder] = []
        self.queue: list[RunFolder] = []
        """Runs that begin one after the other when the training in hand is done."""
        self._chosen: RunFolder | None = None
        self._evaluation: tuple[Evaluation | None] | None = None
        """What was read from the run that is shown; none as long as it was not read."""
        self.refresh_runs()
        self.queue = waiting_runs(self.runs)
        self._show_latest()
        if (run := self.latest_run) is not None and not session.folder.read_only:
            self._catching_up.see_to(run)

    @property
    def is_running(self) -> bool:
        """Whether a training is in hand."""
        return self._worker is not None

    @property
    def is_busy(self) -> bool:
        """Whether a training is in hand, or its weights are being looked for."""
        return self.phase in RUNNING

    @property
    def latest_run(self) -> RunFolder | None:
        """The run whose model is used: the one that was chosen, else the newest that is of use."""
        chosen = self._chosen
        if chosen is not None and chosen in self.runs and _has_model(chosen):
            return chosen
        return run_to_show(self.runs)

    def run_words(self) -> str:
        """Which training the results are of."""
        run = self.latest_run
        if run is None:
            return ""
        name = run.read_notes().name
        began = QDateTime.fromSecsSinceEpoch(int(run.read_status().started))
        return name or QLocale().toString(began, QLocale.FormatType.ShortFormat)

    def evaluation(self) -> Evaluation | None:
        """The answers of the run whose model is used; none while they are still being written."""
        run = self.latest_run
        if run is not None and run == self._catching_up.run and lags_behind(run):
            return None
        if self._evaluation is None:
            self._evaluation = (run.read_evaluation() if run is not None else None,)
        return self._evaluation[0]

    def refresh_runs(self) -> None:
        """Read the list of runs again."""
        self.runs = list_runs(self._session.folder.runs)
        self._evaluation = None
        self.runs_changed.emit()

    # Starting

    def start(self, download: bool = False) -> Problem | None:
        """Begin a run of the plan as it is; the problem that stands in the way, if any.

        Where a pretrained base is wanted, its weights are looked for first; nothing is
        downloaded without ``download``.
        """
        if self.is_busy or self._pictures.is_busy:
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
        self.live = LiveRun.of_plan(None, project)
        self._weights_question.ask(question)
        self._set_phase("preparing")
        return None

    def continue_run(self, run: RunFolder, added: int = 0) -> Problem | None:
        """Let ``run`` go on after its last whole epoch, with ``added`` epochs more; the problem
        that stands in the way, if any."""
        if self.is_busy:
            return None
        if run == self._catching_up.run:
            self._catching_up.cancel()
        try:
            take_up(run, added)
            self._follow(run)
        except ProblemError as error:
            return error.problem
        self.live.take_history(run)
        self.epoch_ended.emit()
        return None

    def queue_run(self) -> Problem | None:
        """Let a run of the plan as it is wait for its turn; what stands in the way, if anything.

        With nothing in hand it begins at once.
        """
        if not self.is_busy:
            return self.start()
        project = self._session.project
        try:
            runs = self._session.folder.runs
            run = begin_run(project, runs, self._pictures.arrangement, waiting=True)
        except ProblemError as error:
            return error.problem
        self.queue.append(run)
        self.refresh_runs()
        self.queue_changed.emit()
        return None

    def unqueue(self, run: RunFolder) -> Problem | None:
        """Take ``run`` out of the queue; it has not begun and is removed."""
        if run not in self.queue:
            return None
        self.queue.remove(run)
        try:
            delete_run(run)
        except ProblemError as error:
            return error.problem
        finally:
            self.refresh_runs()
            self.queue_changed.emit()
        return None

    def remove_run(self, run: RunFolder) -> Problem | None:
        """Delete ``run`` with all that it made; what stands in the way, if anything."""
        try:
            delete_run(run)
        except ProblemError as error:
            return error.problem
        finally:
            self.refresh_runs()
        if not self.is_busy and self.live.run == run:
            self._show_latest()
        return None

    def start_queue(self) -> None:
        """Begin the run that waits longest, unless a training is in hand."""
        while self.queue and not self.is_busy:
            run = self.queue.pop(0)
            self.queue_changed.emit()
            if run not in self.runs:
                continue
            try:
                mark_running(run)
                self._follow(run)
            except ProblemError as error:
                self.start_failed.emit(error.problem)

    def show_run(self, run: RunFolder) -> None:
        """Put ``run`` on the curves, and its model on the pages after this one."""
        if self.is_busy or run not in self.runs:
            return
        self._chosen = run
        self._evaluation = None
        self._show(run)
        self.runs_changed.emit()

    def _begin(self) -> Problem | None:
        """Make the run's folder and hand it to a worker."""
        project = self._session.project
        try:
            run = begin_run(project, self._session.folder.runs, self._pictures.arrangement)
            self._follow(run)
        except ProblemError as error:
            return error.problem
        return None

    def _follow(self, run: RunFolder) -> None:
        """Hand ``run`` to a worker and watch it. Raises ProblemError (``run_damaged``)."""
        self.live = LiveRun.of_plan(run, run.read_project())
        self.live.take_deadline(run, time.time())
        worker = TrainingWorker(self._keeper, run, False, self)
        worker.progressed.connect(self._on_progressed)
        worker.picture_left_out.connect(self._on_picture_left_out)
        worker.training_started.connect(self._on_training_started)
        worker.stage_started.connect(self._on_stage_started)
        worker.pause_changed.connect(self._on_pause_changed)
        worker.batch_ended.connect(self._on_batch_ended)
        worker.epoch_ended.connect(self._on_epoch_ended)
        worker.training_ended.connect(self._on_training_ended)
        worker.finished.connect(worker.deleteLater)
        self._worker = worker
        self._set_phase("preparing")
        worker.start()

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

    # While it runs

    def pause(self) -> None:
        """Let the training in hand wait; the phase changes as soon as it does."""
        if self._worker is not None and self.phase == "training":
            self._worker.pause()

    def go_on(self) -> None:
        """End the pause."""
        if self._worker is not None and self.phase == "paused":
            self._worker.go_on()

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
        self._catching_up.close()
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
        self._show(run)

    def _show(self, run: RunFolder) -> None:
        self.live = LiveRun.from_disk(run)
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
        # The engine goes on after its last whole epoch, whatever the history said beyond it.
        live.history = [facts for facts in live.history if facts.epoch < started.first_epoch]
        live.details = [each for each in live.details if each.epoch < started.first_epoch]
        if self.phase == "preparing":
            self._set_phase("training")

    def _on_stage_started(self, stage: StageStarted) -> None:
        self.live.progress = None
        self.live.stage = stage
        if stage.stage > 1:
            self.live.add_border(stage.epoch - 1, stage.stage)
        self.progressed.emit()
        self.epoch_ended.emit()

    def _on_pause_changed(self, is_paused: bool) -> None:
        if self.phase in ("training", "paused"):
            self._set_phase("paused" if is_paused else "training")

    def _on_batch_ended(self, event: BatchEnded) -> None:
        self.live.add_batch(event)
        self.batch_ended.emit()

    def _on_epoch_ended(self, event: EpochEnded) -> None:
        live = self.live
        live.history.append(event.facts)
        if event.details is not None:
            live.details.append(event.details)
        live.seconds_left = event.seconds_left
        if event.is_best:
            live.best_epoch = event.facts.epoch
        self.epoch_ended.emit()

    def _on_training_ended(self, event: TrainingEnded) -> None:
        self._worker = None
        self.live.ended = event
        run = RunFolder(Path(event.run_folder))
        learn_from(run)
        self.live.seconds_left = None
        if event.best_epoch:
            self.live.best_epoch = event.best_epoch
        self._chosen = run if event.epochs_done else None
        self.refresh_runs()
        self._set_phase("ended")
        if event.outcome == "crashed":
            self._catching_up.see_to(run)
        self.training_ended.emit(event)
        self.start_queue()

    def _on_caught_up(self, run: RunFolder) -> None:
        if not self.is_busy and self.live.run == run:
            self.live.take_history(run)
            self.epoch_ended.emit()
        self.refresh_runs()


def _has_model(run: RunFolder) -> bool:
    return run.best_model.is_file() or run.last_model.is_file()
