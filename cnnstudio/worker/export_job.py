"""The thread that hands a trained model over."""

import threading
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, QThread, Signal

from cnnstudio.project.run_folder import RunFolder
from cnnstudio.protocol import News, Progress, WorkFailed, WorkStopped
from cnnstudio.worker.engine_keeper import EngineKeeper
from cnnstudio.worker.exporting import ExportedModel, ExportStoppedError, export_model
from cnnstudio.worker.unexpected import details_of, problem_of


class ExportJob(QThread):
    """Exports and checks a model; ``ended`` comes exactly once.

    It carries an :class:`~cnnstudio.worker.exporting.ExportedModel`, else ``WorkFailed`` or,
    after :meth:`cancel`, ``WorkStopped``.
    """

    progressed = Signal(object)
    ended = Signal(object)

    def __init__(
        self,
        keeper: EngineKeeper,
        run: RunFolder,
        which: Literal["best", "last"],
        to: Path,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._keeper = keeper
        self._run_folder = run
        self._which: Literal["best", "last"] = which
        self._to = to
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """Ask for an early end; no file is left then."""
        self._cancelled.set()

    def run(self) -> None:
        """Export (Qt calls this in the new thread)."""
        self.ended.emit(self._export())

    def _export(self) -> ExportedModel | WorkFailed | WorkStopped:
        try:
            return export_model(
                self._keeper,
                self._run_folder,
                self._which,
                self._to,
                self._tell,
                self._cancelled.is_set,
            )
        except ExportStoppedError:
            return WorkStopped()
        except Exception as error:  # The answer comes whatever happens.
            return WorkFailed(problem_of(error), details_of(error))

    def _tell(self, event: News) -> None:
        if isinstance(event, Progress):
            self.progressed.emit(event)
