"""The thread that supervises one training and turns the engine's events into signals."""

import threading
import time
from typing import assert_never

from PySide6.QtCore import QObject, QThread, Signal

from cnnstudio.project.run_folder import RunFolder
from cnnstudio.protocol import (
    BatchEnded,
    EngineReady,
    EpochEnded,
    News,
    Paused,
    PictureLeftOut,
    Progress,
    RateTried,
    StageStarted,
    Train,
    TrainingEnded,
    TrainingStarted,
    WentOn,
    WorkFailed,
)
from cnnstudio.worker import unfinished_run
from cnnstudio.worker.engine_keeper import EngineKeeper
from cnnstudio.worker.engine_process import EngineProcess
from cnnstudio.worker.unexpected import details_of, problem_of


class TrainingWorker(QThread):
    """Trains what stands in a run's folder; ``training_ended`` comes exactly once."""

    engine_starting = Signal()
    progressed = Signal(object)
    picture_left_out = Signal(object)
    training_started = Signal(object)
    stage_started = Signal(object)
    pause_changed = Signal(bool)
    batch_ended = Signal(object)
    epoch_ended = Signal(object)
    training_ended = Signal(object)

    def __init__(
        self,
        keeper: EngineKeeper,
        run: RunFolder,
        download: bool = False,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._keeper = keeper
        self._command = Train(str(run.path), download)
        self._stop_asked = threading.Event()
        self._kill_asked = threading.Event()
        self._engine: EngineProcess | None = None

    def stop(self) -> None:
        """Ask for an early end; what was reached is kept and told by ``training_ended``."""
        self._stop_asked.set()

    def pause(self) -> None:
        """Let the training wait; ``pause_changed`` tells when it does."""
        engine = self._engine
        if engine is not None:
            engine.pause()

    def go_on(self) -> None:
        """End the pause; ``pause_changed`` tells when it has."""
        engine = self._engine
        if engine is not None:
            engine.go_on()

    def kill(self) -> None:
        """End the training at once, because the program closes."""
        self._stop_asked.set()
        self._kill_asked.set()
        engine = self._engine
        if engine is not None:
            engine.kill()

    def run(self) -> None:
        """Supervise the training (Qt calls this in the new thread)."""
        began = time.monotonic()
        try:
            ended = self._train()
        except Exception as error:  # The answer comes whatever happens.
            ended = unfinished_run.end_run(
                self._command.run_folder,
                "failed",
                time.monotonic() - began,
                problem_of(error),
                details_of(error),
            )
        self.training_ended.emit(ended)

    def _train(self) -> TrainingEnded:
        began = time.monotonic()
        engine = self._engine = self._keeper.take()
        try:
            if self._kill_asked.is_set():
                engine.kill()
            if not engine.is_ready:
                self.engine_starting.emit()
            answer = engine.run(self._command, self._tell, self._stop_asked.is_set)
        finally:
            self._engine = None
            self._keeper.give_back(engine)
        if isinstance(answer, TrainingEnded):
            return answer
        seconds = time.monotonic() - began
        folder = self._command.run_folder
        if isinstance(answer, WorkFailed):
            details = answer.details
            return unfinished_run.end_run(folder, "failed", seconds, answer.problem, details)
        return unfinished_run.end_run(folder, "stopped", seconds)

    def _tell(self, event: News) -> None:
        match event:
            case Progress():
                self.progressed.emit(event)
            case PictureLeftOut(problem=problem):
                self.picture_left_out.emit(problem)
            case TrainingStarted():
                self.training_started.emit(event)
            case StageStarted():
                self.stage_started.emit(event)
            case Paused():
                self.pause_changed.emit(True)
            case WentOn():
                self.pause_changed.emit(False)
            case BatchEnded():
                self.batch_ended.emit(event)
            case EpochEnded():
                self.epoch_ended.emit(event)
            case EngineReady() | RateTried():
                pass
            case _:
                assert_never(event)
