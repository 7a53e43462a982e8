"""The threads that look through pictures, arrange them, and draw sample pictures."""

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread, Signal

from cnnstudio.project.problems import Problem
from cnnstudio.project.project import Project
from cnnstudio.project.project_folder import write_problem
from cnnstudio.worker.check_process import CheckerGoneError, CheckProcess
from cnnstudio.worker.garbage import no_garbage_search
from cnnstudio.worker.split_keeper import SplitKeeper
from cnnstudio.worker.unexpected import problem_of

if TYPE_CHECKING:
    from cnnstudio.images.checking import CheckReport
    from cnnstudio.images.scan import Scan

FEW_PICTURES = 300
"""To look into so many takes no longer than to start a process that would do it."""


class ScanJob(QThread):
    """Lists the pictures of a project (``scanned``), then looks into each one (``checked``).

    Many are looked into by another process, so that the window never waits for Python's lock.
    ``progressed`` by all of them means that they are now compared with each other.
    After :meth:`cancel` neither needs to come; an unforeseen error is told by ``failed``. With
    ``scan``, what was listed before is looked into at once.
    """

    scanned = Signal(object)
    progressed = Signal(int, int)
    checked = Signal(object)
    failed = Signal(object)

    def __init__(
        self, project: Project, scan: "Scan | None" = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._project = project
        self._scan = scan
        self._cancelled = threading.Event()
        self._process = CheckProcess()

    def cancel(self) -> None:
        """Look no further."""
        self._cancelled.set()
        self._process.cancel()

    def run(self) -> None:
        """Scan and check (Qt calls this in the new thread)."""
        from cnnstudio.images.arrangement import scan_pictures  # NumPy: not at start-up

        try:
            scan = self._scan
            if scan is None:
                with no_garbage_search():
                    scan = scan_pictures(self._project)
                if self._cancelled.is_set():
                    return
                self.scanned.emit(scan)
            self.checked.emit(self._check(scan))
        except InterruptedError:  # Cancelled: nobody waits for an answer.
            return
        except Exception as error:  # The window must not wait for an answer for ever.
            self.failed.emit(problem_of(error))

    def _check(self, scan: "Scan") -> "CheckReport":
        from cnnstudio.images.checking import check_pictures, known_report
        from cnnstudio.images.threads import cores

        progressed, is_cancelled = self.progressed.emit, self._cancelled.is_set
        if len(scan.pictures) <= FEW_PICTURES:
            return check_pictures(scan, progressed, is_cancelled)
        with no_garbage_search():
            known = known_report(scan, is_cancelled)
        if known is not None:
            progressed(len(known.facts), len(known.facts))
            return known
        try:
            return self._process.check(scan, progressed)
        except CheckerGoneError:
            # Here then, with a core left for the window.
            return check_pictures(scan, progressed, is_cancelled, threads=max(1, cores() - 1))


class ArrangeJob(QThread):
    """Arranges many pictures anew after a change; ``ended`` carries the arrangement, or the
    problem. The split is read and remembered here too, which takes its time for so many."""

    ended = Signal(object)

    def __init__(
        self,
        scan: "Scan",
        project: Project,
        report: "CheckReport | None",
        split_keeper: SplitKeeper,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._what = scan, project.pictures, project.edits, report
        self._split_keeper = split_keeper

    def run(self) -> None:
        """Arrange (Qt calls this in the new thread)."""
        from cnnstudio.images.arrangement import arrange  # NumPy: not at start-up

        try:
            scan, plan, _, report = self._what
            with no_garbage_search():
                arrangement = arrange(*self._what, self._split_keeper.parts_for(plan))
                # Counted here and not in the window, which shows them at once.
                arrangement.counts()
                if arrangement.listing is not None:
                    arrangement.listing.counts()
                if report is not None and report.scan is scan and arrangement.split is not None:
                    digests = report.look_alikes.digests
                    self._split_keeper.keep(plan, arrangement.split, digests)
            self.ended.emit(arrangement)
        except Exception as error:  # The window must not wait for an answer for ever.
            self.ended.emit(problem_of(error))


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
