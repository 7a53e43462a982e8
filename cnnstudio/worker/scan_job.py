"""The threads that read picture folders and draw sample pictures."""

import threading
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QThread, Signal

from cnnstudio.project.problems import Problem
from cnnstudio.project.project_folder import write_problem
from cnnstudio.worker.unexpected import problem_of


class ScanJob(QThread):
    """Lists the pictures of folders (``scanned``), then looks into each one (``checked``).

    After :meth:`cancel` neither needs to come; an unforeseen error is told by ``failed``.
    """

    scanned = Signal(object)
    progressed = Signal(int, int)
    checked = Signal(object)
    failed = Signal(object)

    def __init__(self, folders: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folders = tuple(folders)
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """Look no further."""
        self._cancelled.set()

    def run(self) -> None:
        """Scan and check (Qt calls this in the new thread)."""
        from cnnstudio.images.scan import check_pictures, scan_folders  # NumPy: not at start-up

        try:
            scan = scan_folders(self._folders)
            if self._cancelled.is_set():
                return
            self.scanned.emit(scan)
            self.checked.emit(check_pictures(scan, self.progressed.emit, self._cancelled.is_set))
        except InterruptedError:  # Cancelled: nobody waits for an answer.
            return
        except Exception as error:  # The window must not wait for an answer for ever.
            self.failed.emit(problem_of(error))


class SamplesJob(QThread):
    """Draws the sample pictures; ``ended`` carries their folder, or the problem."""

    progressed = Signal(int, int)
    ended = Signal(object)

    def newest(self, most: int) -> list[str]:
        """The pictures drawn last, the newest first; the one in hand is not among them."""
        from cnnstudio.images.samples import drawn_files

        return [str(path) for path in drawn_files()[1 : most + 1]]

    def run(self) -> None:
        """Draw (Qt calls this in the new thread)."""
        self.ended.emit(self._draw())

    def _draw(self) -> Path | Problem:
        from cnnstudio.images.samples import sample_pictures_folder  # NumPy: not at start-up

        try:
            return sample_pictures_folder(self.progressed.emit)
        except OSError as error:
            return write_problem(error, Path(error.filename or ""))
        except Exception as error:  # The answer comes whatever happens.
            return problem_of(error)
