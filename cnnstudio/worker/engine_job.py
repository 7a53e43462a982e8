"""The thread that has one shorter command carried out."""

import threading

from PySide6.QtCore import QObject, QThread, Signal

from cnnstudio.protocol import Command, News, Progress, WorkFailed
from cnnstudio.worker.engine_keeper import EngineKeeper
from cnnstudio.worker.unexpected import details_of, problem_of


class EngineJob(QThread):
    """Carries out any command but a training; ``ended`` comes exactly once, with the answer."""

    progressed = Signal(object)
    ended = Signal(object)

    def __init__(
        self, keeper: EngineKeeper, command: Command, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._keeper = keeper
        self._command = command
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """Ask for an early end; the answer is then most likely ``WorkStopped``."""
        self._cancelled.set()

    def run(self) -> None:
        """Have the command carried out (Qt calls this in the new thread)."""
        try:
            engine = self._keeper.take()
            try:
                answer = engine.run(self._command, self._tell, self._cancelled.is_set)
            finally:
                self._keeper.give_back(engine)
        except Exception as error:  # The answer comes whatever happens.
            answer = WorkFailed(problem_of(error), details_of(error))
        self.ended.emit(answer)

    def _tell(self, event: News) -> None:
        if isinstance(event, Progress):
            self.progressed.emit(event)
