"""A page's way to the engine for short work: one question at a time."""

from PySide6.QtCore import QObject, Signal

from cnnstudio.protocol import ClosingEvent, Command
from cnnstudio.worker.engine_job import EngineJob
from cnnstudio.worker.engine_keeper import EngineKeeper

LONGEST_WAIT_MS = 10_000


class OneQuestion(QObject):
    """Asks, and tells the answer; while it is busy, nothing else can be asked."""

    progressed = Signal(object)
    answered = Signal(object)
    """The :data:`ClosingEvent`. By then the next question can be asked."""

    def __init__(self, keeper: EngineKeeper, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._keeper = keeper
        self._job: EngineJob | None = None

    @property
    def is_busy(self) -> bool:
        """Whether an answer is still to come."""
        return self._job is not None

    def ask(self, command: Command) -> bool:
        """Ask, unless it is busy; say whether it was asked."""
        if self._job is not None:
            return False
        self._job = EngineJob(self._keeper, command, self)
        self._job.progressed.connect(self.progressed)
        self._job.ended.connect(self._on_ended)
        self._job.start()
        return True

    def cancel(self) -> None:
        """Ask for an early end of the work in hand."""
        if self._job is not None:
            self._job.cancel()

    def close(self) -> None:
        """End the work in hand; its answer is not told any more."""
        job, self._job = self._job, None
        if job is not None:
            job.ended.disconnect(self._on_ended)
            job.cancel()
            job.wait(LONGEST_WAIT_MS)

    def _on_ended(self, event: ClosingEvent) -> None:
        job, self._job = self._job, None
        if job is not None:
            job.finished.connect(job.deleteLater)
        self.answered.emit(event)
