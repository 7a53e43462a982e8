"""What is known of the project's pictures: found, looked into, arranged."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread, Signal

from cnnstudio.project.listing import PictureList
from cnnstudio.project.problems import Problem
from cnnstudio.project.project import Project
from cnnstudio.ui.session import ProjectSession
from cnnstudio.worker.split_keeper import SplitKeeper

if TYPE_CHECKING:
    from cnnstudio.images.arrangement import Arrangement
    from cnnstudio.images.checking import CheckReport
    from cnnstudio.images.scan import Scan
    from cnnstudio.project.findings import Finding
    from cnnstudio.worker.scan_job import ArrangeJob, ScanJob

MOST_AT_ONCE = 3000
"""More pictures than these are arranged in the background, so that the window never waits."""


class PicturesState(QObject):
    """Looks through the pictures in the background, and arranges them after every change.

    ``scan`` is what the folders hold, ``report`` what looking into each file showed (``None``
    before that is done), ``arrangement`` the pictures as the person wants them.
    """

    changed = Signal()
    check_progressed = Signal(int, int)

    def __init__(self, session: ProjectSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._job: ScanJob | None = None
        self._arranging: ArrangeJob | None = None
        self._is_outdated = False
        self._split_keeper = SplitKeeper(session.folder, self)
        self.scan: Scan | None = None
        self.report: CheckReport | None = None
        self.arrangement: Arrangement | None = None
        self.check_was_cancelled = False
        self._failure: Problem | None = None
        self._there: tuple[bool, ...] = ()
        session.project_changed.connect(self._on_project_changed)

    @property
    def is_busy(self) -> bool:
        """Whether pictures are being looked through or into, or arranged."""
        return self._job is not None or self._arranging is not None

    @property
    def is_checking(self) -> bool:
        """Whether pictures are being looked through or into."""
        return self._job is not None

    @property
    def listing(self) -> PictureList | None:
        """Every usable picture with its class and part, if there can be a training."""
        return self.arrangement.listing if self.arrangement is not None else None

    @property
    def broken(self) -> frozenset[str]:
        """Full paths of pictures in use that cannot be read."""
        return self.arrangement.unreadable if self.arrangement is not None else frozenset()

    @property
    def findings(self) -> "tuple[Finding, ...]":
        """What the health check found, the worst first."""
        return self.arrangement.findings if self.arrangement is not None else ()

    @property
    def problems(self) -> list[Problem]:
        """All that is wrong with the pictures, as far as it is known."""
        if self._failure is not None:
            return [self._failure]
        return list(self.arrangement.problems) if self.arrangement is not None else []

    @property
    def num_classes(self) -> int:
        """How many classes there are to tell apart (0: none known)."""
        return len(self.listing.classes) if self.listing is not None else 0

    def refresh(self) -> None:
        """Look through everything again."""
        self._forget()
        self._there = self._sources_there()
        if self._has_pictures(self._session.project):
            self._look(None)
        self.changed.emit()

    def check_again(self) -> None:
        """Look into the pictures again, after the check was cancelled or to be sure."""
        if self._job is None and self.scan is not None:
            self._look(self.scan)
            self.changed.emit()

    def cancel_check(self) -> None:
        """Look into no more pictures; what is known by now is kept for the next time."""
        if self._job is not None:
            self._drop_job()
            self.check_was_cancelled = True
            self.changed.emit()

    def look_if_changed(self) -> None:
        """Look again if a folder went away or came back since the last time."""
        if self._there != self._sources_there():
            self.refresh()

    def close(self) -> None:
        """End the background work."""
        for job in self.findChildren(QThread):
            cancel = getattr(job, "cancel", None)
            if cancel is not None:
                cancel()
        for job in self.findChildren(QThread):
            job.wait(10_000)
        self._job = self._arranging = None
        self._split_keeper.close()

    # Inside

    @staticmethod
    def _has_pictures(project: Project) -> bool:
        return bool(project.pictures.folders or project.edits.added)

    def _sources_there(self) -> tuple[bool, ...]:
        return tuple(Path(folder).exists() for folder in self._session.project.pictures.folders)

    def _forget(self) -> None:
        self._drop_job()
        self._drop_arranging()
        self.scan = self.report = self.arrangement = None
        self._failure = None

    def _look(self, scan: "Scan | None") -> None:
        from cnnstudio.worker.scan_job import ScanJob

        self.check_was_cancelled = False
        job = ScanJob(self._session.project, scan, self)
        job.scanned.connect(self._on_scanned)
        job.progressed.connect(self.check_progressed)
        job.checked.connect(self._on_checked)
        job.failed.connect(self._on_failed)
        job.finished.connect(job.deleteLater)
        self._job = job
        job.start()

    def _drop_job(self) -> None:
        job, self._job = self._job, None
        if job is not None:
            job.cancel()
            job.scanned.disconnect(self._on_scanned)
            job.progressed.disconnect(self.check_progressed)
            job.checked.disconnect(self._on_checked)
            job.failed.disconnect(self._on_failed)

    def _drop_arranging(self) -> None:
        job, self._arranging = self._arranging, None
        self._is_outdated = False
        if job is not None:
            job.ended.disconnect(self._on_arranged)

    def _arrange(self) -> None:
        """Arrange anew; of many pictures in the background, the newest wish last."""
        if self.scan is None:
            return
        if self._arranging is not None:
            self._is_outdated = True
            return
        project, keeper = self._session.project, self._split_keeper
        plan, scan, report = project.pictures, self.scan, self.report
        if len(scan.pictures) <= MOST_AT_ONCE:
            from cnnstudio.images.arrangement import arrange

            arrangement = arrange(scan, plan, project.edits, report, keeper.parts_for(plan))
            if report is not None and report.scan is scan and arrangement.split is not None:
                keeper.keep(plan, arrangement.split, report.look_alikes.digests)
            self._take(arrangement)
            return
        from cnnstudio.worker.scan_job import ArrangeJob

        job = ArrangeJob(scan, project, report, keeper, self)
        job.ended.connect(self._on_arranged)
        job.finished.connect(job.deleteLater)
        self._arranging = job
        job.start()

    def _take(self, arrangement: "Arrangement") -> None:
        self.arrangement = arrangement
        self.changed.emit()

    def _on_arranged(self, outcome: "Arrangement | Problem") -> None:
        self._arranging = None
        is_outdated, self._is_outdated = self._is_outdated, False
        if isinstance(outcome, Problem):
            self._on_failed(outcome)
        elif is_outdated:
            self._arrange()
        else:
            self._take(outcome)

    def _on_project_changed(self, old: Project, new: Project) -> None:
        folders_changed = (old.pictures.folders, old.pictures.labels_in_names) != (
            new.pictures.folders,
            new.pictures.labels_in_names,
        )
        if folders_changed:
            self.refresh()
        elif old.edits.added != new.edits.added:
            # What is known stays on the screen until the new ones are found.
            self._drop_job()
            if self._has_pictures(new):
                self._look(None)
            else:
                self._forget()
            self.changed.emit()
        elif old.edits != new.edits or _split_wishes(old) != _split_wishes(new):
            self._arrange()

    def _on_scanned(self, scan: "Scan") -> None:
        self.scan = scan
        self._drop_arranging()
        self._arrange()

    def _on_failed(self, problem: Problem) -> None:
        self._job = None
        self._failure = problem
        self.changed.emit()

    def _on_checked(self, report: "CheckReport") -> None:
        self._job = None
        self.report = report
        self.scan = report.scan
        self._drop_arranging()
        self._arrange()


def _split_wishes(project: Project) -> tuple[float, float, int]:
    plan = project.pictures
    return plan.validation_share, plan.test_share, plan.seed
