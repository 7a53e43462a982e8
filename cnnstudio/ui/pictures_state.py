"""What is known of the project's pictures: found, checked, split."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from cnnstudio.project.listing import PictureList
from cnnstudio.project.problems import Problem, ProblemError
from cnnstudio.project.project import Project
from cnnstudio.ui.session import ProjectSession

if TYPE_CHECKING:
    from cnnstudio.images.scan import CheckReport, Scan
    from cnnstudio.worker.scan_job import ScanJob


class PicturesState(QObject):
    """Looks through the picture folders in the background whenever they change."""

    changed = Signal()
    check_progressed = Signal(int, int)

    def __init__(self, session: ProjectSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._job: ScanJob | None = None
        self.scan: Scan | None = None
        self.report: CheckReport | None = None
        self.listing: PictureList | None = None
        self._split_problem: Problem | None = None
        self._failure: Problem | None = None
        self._there: tuple[bool, ...] = ()
        session.project_changed.connect(self._on_project_changed)

    @property
    def is_busy(self) -> bool:
        """Whether folders are being looked through."""
        return self._job is not None

    @property
    def broken(self) -> frozenset[str]:
        """Full paths of pictures that cannot be read."""
        if self.report is None:
            return frozenset()
        return frozenset(problem.file for problem in self.report.broken)

    @property
    def problems(self) -> list[Problem]:
        """All that is wrong with the pictures, as far as it is known."""
        if self._failure is not None:
            return [self._failure]
        if self.scan is None:
            return []
        known = self.report.problems if self.report is not None else self.scan.problems
        found = list(known)
        if self._split_problem is not None and self._split_problem.kind not in {
            problem.kind for problem in found
        }:
            found.append(self._split_problem)
        return found

    @property
    def num_classes(self) -> int:
        """How many classes there are to tell apart (0: none known)."""
        return len(self.listing.classes) if self.listing is not None else 0

    def refresh(self) -> None:
        """Look through the folders again."""
        if self._job is not None:
            self._job.cancel()
            self._disconnect(self._job)
            self._job = None
        self.scan = self.report = self.listing = None
        self._split_problem = self._failure = None
        folders = self._session.project.pictures.folders
        self._there = self._folders_there()
        if folders:
            from cnnstudio.worker.scan_job import ScanJob

            job = ScanJob(folders, self)
            job.scanned.connect(self._on_scanned)
            job.progressed.connect(self.check_progressed)
            job.checked.connect(self._on_checked)
            job.failed.connect(self._on_failed)
            job.finished.connect(job.deleteLater)
            self._job = job
            job.start()
        self.changed.emit()

    def look_if_changed(self) -> None:
        """Look again if a folder went away or came back since the last time."""
        if self._there != self._folders_there():
            self.refresh()

    def _folders_there(self) -> tuple[bool, ...]:
        return tuple(Path(folder).is_dir() for folder in self._session.project.pictures.folders)

    def close(self) -> None:
        """End the background work."""
        for job in self.findChildren(QObject):
            cancel = getattr(job, "cancel", None)
            if cancel is not None:
                cancel()
        for job in self.findChildren(QObject):
            wait = getattr(job, "wait", None)
            if wait is not None:
                wait(10_000)
        self._job = None

    def _disconnect(self, job: "ScanJob") -> None:
        job.scanned.disconnect(self._on_scanned)
        job.progressed.disconnect(self.check_progressed)
        job.checked.disconnect(self._on_checked)
        job.failed.disconnect(self._on_failed)

    def _split(self) -> None:
        if self.scan is None:
            return
        from cnnstudio.images.split import split_pictures

        self._split_problem = None
        try:
            self.listing = split_pictures(self.scan, self._session.project.pictures, self.broken)
        except ProblemError as error:
            self.listing = None
            self._split_problem = error.problem

    def _on_project_changed(self, old: Project, new: Project) -> None:
        if old.pictures.folders != new.pictures.folders:
            self.refresh()
        elif old.pictures != new.pictures:
            self._split()
            self.changed.emit()

    def _on_scanned(self, scan: "Scan") -> None:
        self.scan = scan
        self._split()
        self.changed.emit()

    def _on_failed(self, problem: Problem) -> None:
        self._job = None
        self._failure = problem
        self.changed.emit()

    def _on_checked(self, report: "CheckReport") -> None:
        self._job = None
        self.report = report
        self.scan = report.scan
        self._split()
        self.changed.emit()
