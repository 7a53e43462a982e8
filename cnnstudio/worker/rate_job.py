"""The thread that has learning rates tried."""

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread, Signal

from cnnstudio.project.project import Project
from cnnstudio.protocol import News, Progress, RateFound, RateTried, WorkFailed, WorkStopped
from cnnstudio.worker.engine_keeper import EngineKeeper
from cnnstudio.worker.finding_rate import RateStoppedError, find_rate
from cnnstudio.worker.unexpected import details_of, problem_of

if TYPE_CHECKING:
    from cnnstudio.images.arrangement import Arrangement


class RateJob(QThread):
    """Tries learning rates; ``ended`` comes exactly once.

    It carries ``RateFound``, else ``WorkFailed`` or, after :meth:`cancel`, ``WorkStopped``.
    """

    progressed = Signal(object)
    rate_tried = Signal(object)
    ended = Signal(object)

    def __init__(
        self,
        keeper: EngineKeeper,
        project: Project,
        arrangement: "Arrangement | None",
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._keeper = keeper
        self._project = project
        self._arrangement = arrangement
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """Ask for an early end."""
        self._cancelled.set()

    def run(self) -> None:
        """Try (Qt calls this in the new thread)."""
        self.ended.emit(self._find())

    def _find(self) -> RateFound | WorkFailed | WorkStopped:
        try:
            return find_rate(
                self._keeper, self._project, self._arrangement, self._tell, self._cancelled.is_set
            )
        except RateStoppedError:
            return WorkStopped()
        except Exception as error:  # The answer comes whatever happens.
            return WorkFailed(problem_of(error), details_of(error))

    def _tell(self, event: News) -> None:
        if isinstance(event, Progress):
            self.progressed.emit(event)
        elif isinstance(event, RateTried):
            self.rate_tried.emit(event)
