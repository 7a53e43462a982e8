"""The open project: what is chosen now, undo and redo, and saving by itself."""

import contextlib
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, QRunnable, QThreadPool, QTimer, Signal

from cnnstudio.project.chapter import Chapter
from cnnstudio.project.problems import Problem, ProblemError
from cnnstudio.project.project import Project
from cnnstudio.project.project_folder import ProjectFolder
from cnnstudio.project.undo import PlanHistory

SAVE_DELAY_MS = 200
RETRY_DELAY_MS = 10_000

SavingState = Literal["saved", "saving", "failed", "read_only"]


class _Save(QRunnable):
    """Writes one project value in a background thread."""

    def __init__(self, session: "ProjectSession", project: Project) -> None:
        super().__init__()
        self._session = session
        self._folder = session.folder
        self._project = project

    def run(self) -> None:
        problem = None
        try:
            self._folder.save(self._project)
        except ProblemError as error:
            problem = error.problem
        with contextlib.suppress(RuntimeError):  # the window went away meanwhile
            self._session.save_ended.emit(self._project, problem)


class ProjectSession(QObject):
    """One opened project folder and the plan in it, for all pages."""

    project_changed = Signal(object, object)
    """Old and new :class:`Project`."""
    saving_changed = Signal(str, object)
    """The :data:`SavingState` and the :class:`Problem` of a failed saving, else ``None``."""
    save_ended = Signal(object, object)

    def __init__(self, folder: ProjectFolder, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.folder = folder
        self._history = PlanHistory(folder.project)
        self._saved: Project = folder.project
        self._saving_state: SavingState = "read_only" if folder.read_only else "saved"
        self.saving_problem: Problem | None = folder.notices[0] if folder.read_only else None
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._save)
        self.save_ended.connect(self._on_save_ended)

    @property
    def project(self) -> Project:
        """The plan as it is now."""
        return self._history.present

    @property
    def saving_state(self) -> SavingState:
        """Whether all is on disk."""
        return self._saving_state

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to take back."""
        return self._history.can_undo and not self.folder.read_only

    @property
    def can_redo(self) -> bool:
        """Whether there is a change to make again."""
        return self._history.can_redo and not self.folder.read_only

    def change(self, project: Project, merging: str | None = None) -> None:
        """Make ``project`` the plan, unless the project can only be looked at."""
        before = self.project
        if not self.folder.read_only and self._history.change(project, merging):
            self._announce(before)

    def change_chapter(self, name: str, chapter: Chapter, merging: str | None = None) -> None:
        """Replace one chapter."""
        self.change(self.project.replacing(**{name: chapter}), merging)

    def undo(self) -> None:
        """Take the last change back."""
        before = self.project
        if self.can_undo and self._history.undo():
            self._announce(before)

    def redo(self) -> None:
        """Make the change again that was taken back."""
        before = self.project
        if self.can_redo and self._history.redo():
            self._announce(before)

    def save_now(self) -> None:
        """Try to save at once, for example again after a failure."""
        self._save()

    def close(self) -> Problem | None:
        """Write what is not yet on disk and let go of the folder; the problem if that failed."""
        self._timer.stop()
        self._pool.waitForDone()
        problem = None
        if self.project != self._saved and not self.folder.read_only:
            try:
                self.folder.save(self.project)
            except ProblemError as error:
                problem = error.problem
        if problem is None:
            self.folder.close()
        return problem

    def let_go(self) -> None:
        """Let go of the folder although the last change could not be saved."""
        self.folder.close()

    def _announce(self, before: Project) -> None:
        self._set_saving("saving", None)
        self._timer.start(SAVE_DELAY_MS)
        self.project_changed.emit(before, self.project)

    def _save(self) -> None:
        if not self.folder.read_only:
            self._pool.start(_Save(self, self.project))

    def _on_save_ended(self, project: Project, problem: Problem | None) -> None:
        if problem is not None:
            self._set_saving("failed", problem)
            self._timer.start(RETRY_DELAY_MS)
            return
        self._saved = project
        if project == self.project:
            self._set_saving("saved", None)

    def _set_saving(self, state: SavingState, problem: Problem | None) -> None:
        self._saving_state = state
        self.saving_problem = problem
        self.saving_changed.emit(state, problem)


def new_project_folder(parent: Path, name: str) -> Path:
    """A folder below ``parent`` that does not exist yet, called ``name`` or ``name 2`` …"""
    path = parent / name
    number = 2
    while path.exists():
        path = parent / f"{name} {number}"
        number += 1
    return path
