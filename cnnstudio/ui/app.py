"""The program with a window: opens projects, and closes what it started."""

import contextlib
import signal
import sys
from functools import partial
from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, QTimer, QTranslator
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from cnnstudio.project.places import documents_folder, resources_folder
from cnnstudio.project.problems import Problem, ProblemError
from cnnstudio.project.project import Project
from cnnstudio.project.project_folder import ProjectFolder, remove_if_empty
from cnnstudio.project.settings import load_settings, save_settings
from cnnstudio.project.words import say, system_language, use_language
from cnnstudio.ui.dialogs.asking import Asking
from cnnstudio.ui.session import new_project_folder
from cnnstudio.ui.studio import Studio, open_or_report
from cnnstudio.ui.theme import Theme
from cnnstudio.worker.engine_keeper import EngineKeeper

AFTER_PAINT_MS = 60


class Program(QObject):
    """Holds the studio of the open project and what outlives it: engines and look."""

    def __init__(self, asking: Asking | None = None) -> None:
        super().__init__()
        self._settings = load_settings()
        self.keeper = EngineKeeper()
        self._asking = asking or Asking()
        self.theme = Theme(self._settings.theme, self)
        self.theme.apply()
        self.studio: Studio | None = None

    def open(self, path: Path | None, name: str = "") -> Problem | None:
        """Show the project at ``path``, or a new one; the problem if it cannot be opened."""
        opened = self._new_project(name) if path is None else open_or_report(path)
        if isinstance(opened, Problem):
            return opened
        self._show(opened)
        return None

    def open_last(self) -> Problem | None:
        """Show the project that was open last; a new one where there is none, or another window
        has it."""
        for path in load_settings().recent_projects:
            opened = open_or_report(Path(path))
            if isinstance(opened, Problem):
                continue  # it was moved or removed
            if not opened.read_only:
                self._show(opened)
                return None
            opened.close()
            break
        return self.open(None)

    def warm_up(self) -> None:
        """What can wait until the window is painted."""
        self.keeper.warm_up()
        if self.studio is not None:
            self.studio.window.make_rest()

    def forget_if_untouched(self, studio: Studio) -> None:
        """A new project in which nothing was done leaves no folder behind."""
        session, folder = studio.session, studio.session.folder
        untouched = session.project == Project(name=session.project.name)
        if folder.read_only or not untouched or studio.training.runs:
            return
        if remove_if_empty(folder.path):
            settings = load_settings()
            kept = tuple(p for p in settings.recent_projects if p != str(folder.path))
            with contextlib.suppress(OSError):
                save_settings(settings.model_copy(update={"recent_projects": kept}))

    def close(self) -> None:
        """End all that was started."""
        if self.studio is not None:
            self.studio.close_jobs()
            self.studio.session.close()
            self.studio = None
        self.keeper.close()

    def _new_project(self, name: str) -> ProjectFolder | Problem:
        title = name or say("My project")
        folder = new_project_folder(documents_folder(), title)
        try:
            return ProjectFolder.create(folder, Project(name=folder.name))
        except ProblemError as error:
            return error.problem

    def _show(self, folder: ProjectFolder) -> None:
        before = self.studio
        settings = load_settings().with_recent(folder.path)
        try:
            save_settings(settings)
        except OSError:
            self._settings = settings  # known for this start at least
        studio = Studio(folder, self.keeper, self.theme, settings, self._asking)
        studio.project_wanted.connect(self._on_project_wanted)
        studio.closed.connect(partial(self.forget_if_untouched, studio))
        self.studio = studio
        icon = QIcon(str(resources_folder() / "icons" / "cnnstudio.svg"))
        studio.window.set_icon(icon)
        if before is not None:
            studio.window.setGeometry(before.window.geometry())
        studio.window.show()
        if before is not None:
            before.window.hide()
            before.window.deleteLater()
            before.deleteLater()
            QTimer.singleShot(AFTER_PAINT_MS, studio.window.make_rest)

    def _on_project_wanted(self, path: Path | None) -> None:
        """Close the open project, then open the other one in its place."""
        assert self.studio is not None
        if path is not None:
            found = open_or_report(path)
            if isinstance(found, Problem):
                self._asking.tell(self.studio.window, found)
                return
            found.close()
        if not self.studio.window.close():
            return
        problem = self.open(path)
        if problem is not None:
            self._asking.tell(self.studio.window, problem)


def run(project_path: Path | None, demo: bool) -> int:
    """Show the window until it is closed; the process's exit code."""
    language = load_settings().language or system_language()
    use_language(language)
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("CNN Studio")
    if QLocale.system().language() != QLocale(language).language():
        QLocale.setDefault(QLocale(language))  # dates and sizes in the words' language
    app.setStyle("Fusion")
    translator = QTranslator(app)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load(QLocale(language), "qtbase", "_", folder):
        app.installTranslator(translator)
    signal.signal(signal.SIGINT, lambda *_: app.closeAllWindows())
    program = Program()
    name = say("Cats and dogs") if demo else ""
    is_plain = project_path is None and not demo
    problem = program.open_last() if is_plain else program.open(project_path, name)
    if problem is not None:
        print(f"{problem.message} {problem.remedy}", file=sys.stderr)
        if project_path is None or program.open(None) is not None:
            program.close()
            return 1
    assert program.studio is not None
    if problem is not None:
        program.studio.window.tell(problem)
    QTimer.singleShot(AFTER_PAINT_MS, program.warm_up)
    if demo:
        QTimer.singleShot(AFTER_PAINT_MS, program.studio.start_demo)
    code = app.exec()
    program.keeper.close()
    return code
