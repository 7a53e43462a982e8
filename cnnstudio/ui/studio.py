"""One window with one project: makes the parts and connects them."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QInputDialog

from cnnstudio.project.problems import Problem, ProblemError
from cnnstudio.project.project_folder import ProjectFolder
from cnnstudio.project.settings import Settings, save_settings
from cnnstudio.project.words import say
from cnnstudio.protocol import TrainingEnded
from cnnstudio.ui.dialogs.asking import Asking
from cnnstudio.ui.main_window import MainWindow
from cnnstudio.ui.network_state import NetworkState
from cnnstudio.ui.page_making import make_page
from cnnstudio.ui.pages.images_page import ImagesPage
from cnnstudio.ui.pictures_state import PicturesState
from cnnstudio.ui.price_state import PriceState
from cnnstudio.ui.session import ProjectSession
from cnnstudio.ui.step_looks import looks_of, train_look
from cnnstudio.ui.theme import Choice, Theme
from cnnstudio.ui.training_state import TrainingState
from cnnstudio.ui.weights_downloads import WeightsDownloads, download_words
from cnnstudio.worker.engine_keeper import EngineKeeper
from cnnstudio.worker.scan_job import SamplesJob
from cnnstudio.worker.thumbnail_loader import ThumbnailLoader

if TYPE_CHECKING:
    from cnnstudio.ui.dialogs.settings_dialog import SettingsDialog

STEPS = ("images", "augment", "network", "train", "results", "try", "export")


class Studio(QObject):
    """Everything behind one window."""

    project_wanted = Signal(object)
    """A :class:`Path` of another project to open, or ``None`` for a new one."""
    closed = Signal()

    def __init__(
        self,
        folder: ProjectFolder,
        keeper: EngineKeeper,
        theme: Theme,
        settings: Settings,
        asking: Asking,
    ) -> None:
        super().__init__()
        self.keeper = keeper
        self.theme = theme
        self.asking = asking
        self.settings = settings
        self.session = ProjectSession(folder, self)
        self.pictures = PicturesState(self.session, self)
        self.network = NetworkState(self.session, self.pictures, keeper, self)
        self.price = PriceState(self.session, self.pictures, self.network, keeper, self)
        self.training = TrainingState(self.session, self.pictures, keeper, self)
        self.thumbnails = ThumbnailLoader(self)
        self.weights = WeightsDownloads(keeper, self)
        self.weights.failed.connect(self._on_weights_failed)
        self._settings_dialog: SettingsDialog | None = None
        self._samples_job: SamplesJob | None = None
        self._start_when_ready = False
        self._names = {
            "images": say("Images"),
            "augment": say("Augment"),
            "network": say("Network"),
            "train": say("Train"),
            "results": say("Results"),
            "try": say("Try it"),
            "export": say("Export"),
        }
        self.window = MainWindow(
            tuple(self._names.items()),
            {key: partial(make_page, self, key) for key in STEPS},
            theme,
            self._may_close,
        )
        self._connect()
        self.session.saving_changed.connect(lambda *_: self._refresh_chip())
        for notice in folder.notices:
            self._tell_of_folder(notice)
        self._refresh()
        self.pictures.refresh()

    def start_demo(self) -> None:
        """Take the sample pictures and begin to train as soon as they are there."""
        self._start_when_ready = True
        self.bring_samples()

    def start_training(self, download: bool = False) -> None:
        """Begin a run, or say what stands in the way."""
        problem = self.training.start(download)
        if problem is not None:
            self.asking.tell(self.window, problem)

    def _connect(self) -> None:
        bar = self.window.top_bar
        bar.undo_wanted.connect(self.session.undo)
        bar.redo_wanted.connect(self.session.redo)
        bar.save_wanted.connect(self.session.save_now)
        bar.new_wanted.connect(lambda: self.project_wanted.emit(None))
        bar.open_wanted.connect(self._on_open_wanted)
        bar.recent_wanted.connect(lambda path: self.project_wanted.emit(Path(path)))
        bar.rename_wanted.connect(self._on_rename_wanted)
        bar.theme_chosen.connect(self._on_theme_chosen)
        bar.settings_wanted.connect(self._on_settings_wanted)
        bar.help_wanted.connect(self._on_help_wanted)
        bar.show_recent(self.settings.recent_projects, not self.session.folder.read_only)
        self.session.project_changed.connect(lambda *_: self._refresh())
        self.pictures.changed.connect(self._on_pictures_changed)
        self.network.changed.connect(self._refresh)
        self.training.phase_changed.connect(lambda *_: self._refresh())
        self.training.epoch_ended.connect(self._refresh_chip)
        self.training.runs_changed.connect(self._refresh)
        self.training.training_ended.connect(self._on_training_ended)
        QGuiApplication.instance().applicationStateChanged.connect(  # type: ignore[union-attr]
            self._on_application_state_changed
        )
        self.training.weights_wanted.connect(self._on_weights_wanted)
        self.training.start_failed.connect(lambda problem: self.asking.tell(self.window, problem))

    def _on_training_ended(self, ended: TrainingEnded) -> None:
        if ended.problem is not None:
            self.pictures.look_if_changed()

    def _on_application_state_changed(self, state: Qt.ApplicationState) -> None:
        if state == Qt.ApplicationState.ApplicationActive:
            self.pictures.look_if_changed()

    def _tell_of_folder(self, notice: Problem) -> None:
        """What was found while the project was opened, and what can be done about it."""
        path = self.session.folder.path
        if self.session.folder.read_only and notice.kind != "project_damaged":
            again = (say("Try again"), partial(self.project_wanted.emit, path))
            self.window.tell(notice, (again,))
            return
        self.window.tell(notice)
        if notice.kind == "project_damaged":
            self.session.save_now()  # so that it is whole from now on

    # What the rail and the bar show

    def _refresh(self) -> None:
        project = self.session.project
        self.window.top_bar.show_project(project.name, self.session.can_undo, self.session.can_redo)
        self.window.setWindowTitle(f"{project.name or say('Untitled')} – CNN Studio")
        looks = looks_of(project, self.pictures, self.network, self.training)
        for key, look in looks.items():
            self.window.rail.show_look(key, look)
        running = self.training.is_running
        self.price.set_training(running)
        note = say("A training is running: changes here count for the next one.")
        for key in ("images", "augment", "network"):
            self.window.show_note(key, note if running else "")
        self._refresh_chip()

    def _refresh_chip(self) -> None:
        bar = self.window.top_bar
        failed = self.session.saving_state == "failed"
        bar.show_saving(self.session.saving_state, self.session.saving_problem)
        if self.training.is_running and not failed:
            is_paused = self.training.phase == "paused"
            bar.show_training(say("❚❚ Paused") if is_paused else say("● Training"))
            self.window.rail.show_look("train", train_look(self.training, has_pictures=True))

    # What people ask for

    def bring_samples(self) -> None:
        """Draw sample pictures and take them, unless that is being done."""
        if self._samples_job is not None:
            return
        job = SamplesJob(self)
        job.progressed.connect(self._on_samples_progressed)
        job.ended.connect(self._on_samples_ended)
        job.finished.connect(job.deleteLater)
        self._samples_job = job
        job.start()

    def _on_samples_progressed(self, done: int, total: int) -> None:
        page = self.window.page("images")
        assert isinstance(page, ImagesPage)
        newest = self._samples_job.newest(2 * 7) if self._samples_job is not None else []
        page.show_samples_progress(done, total, newest)

    def _on_samples_ended(self, outcome: Path | Problem) -> None:
        self._samples_job = None
        page = self.window.page("images")
        assert isinstance(page, ImagesPage)
        page.show_samples_progress(None, 0)
        if isinstance(outcome, Problem):
            self._start_when_ready = False
            self.asking.tell(self.window, outcome)
        else:
            page.add_folders([str(outcome)])

    def _on_pictures_changed(self) -> None:
        self._refresh()
        is_known = self.pictures.listing is not None and not self.pictures.is_busy
        if self._start_when_ready and is_known:
            self._start_when_ready = False
            self.window.show_page("train")
            QTimer.singleShot(0, self.start_training)

    def _on_weights_wanted(self, problem: Problem) -> None:
        choices = (
            download_words(problem, self.session.project, self.settings),
            say("Choose a file…"),
            say("Begin with random numbers"),
            say("Cancel"),
        )
        text = say(
            "A pretrained network needs them. Random numbers know nothing: then all layers have "
            "to be trained, on many more pictures."
        )
        answer = self.asking.choice(self.window, problem.message, text, choices, 0)
        plan = self.session.project.network
        if answer == 0:
            self.start_training(download=True)
        elif answer == 1:
            file = self.asking.weights_file(self.window)
            if file:
                self.session.change_chapter("network", plan.model_copy(update={"weights": file}))
                self.start_training()
        elif answer == 2:
            layers = len(self.network.facts.base_layers) if self.network.facts else 0
            update = {"weights": "random", "train_last": layers, "trained_layers": None}
            self.session.change_chapter("network", plan.model_copy(update=update))
            self.start_training()

    def _on_open_wanted(self) -> None:
        start = str(self.session.folder.path.parent)
        folder = self.asking.folder(self.window, say("Open a project folder"), start)
        if folder:
            self.project_wanted.emit(Path(folder))

    def _on_rename_wanted(self) -> None:
        name, accepted = QInputDialog.getText(
            self.window, say("Rename"), say("Name of the project"), text=self.session.project.name
        )
        if accepted and name.strip():
            self.session.change(self.session.project.replacing(name=name.strip()[:200]))

    def _on_theme_chosen(self, choice: Choice) -> None:
        self.theme.choose(choice)
        self._keep_settings(self.settings.model_copy(update={"theme": choice}))

    def _on_settings_wanted(self) -> None:
        from cnnstudio.ui.dialogs.settings_dialog import SettingsDialog

        self._settings_dialog = SettingsDialog(
            self.settings, self.asking, self.weights, self.window
        )
        self._settings_dialog.changed.connect(self._keep_settings)
        self._settings_dialog.exec()
        self._settings_dialog.deleteLater()
        self._settings_dialog = None

    def _on_weights_failed(self, problem: Problem) -> None:
        if self._settings_dialog is None:
            self.window.tell(problem)

    def _keep_settings(self, settings: Settings) -> None:
        self.settings = settings
        try:
            save_settings(settings)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            values: dict[str, str | int | float] = {"path": say("Settings"), "reason": reason}
            self.window.tell(Problem("cannot_write", values=values))

    def _on_help_wanted(self) -> None:
        from cnnstudio.ui.dialogs.help_dialog import HelpDialog

        key = self.window.shown
        HelpDialog(key, self._names[key], self.window).exec()

    def show_log(self) -> None:
        """Show what the engine printed in the run on the curves."""
        from cnnstudio.ui.dialogs.log_dialog import LogDialog

        if self.training.live.run is not None:
            LogDialog(self.training.live.run.log, self.window).exec()

    # Leaving

    def _may_close(self) -> bool:
        if self.training.is_running:
            choices = (say("Stop and close"), say("Go on training"))
            text = say(
                "Everything up to the last whole epoch is kept, and the run can go on later."
            )
            title = say("A training is running. Stop it and close?")
            if self.asking.choice(self.window, title, text, choices, 1) != 0:
                return False
            self.window.setEnabled(False)
        self.close_jobs()
        problem = self.session.close()
        if problem is not None:
            choices = (say("Try again"), say("Close without saving"))
            self.window.setEnabled(True)
            answer = self.asking.choice(self.window, problem.message, problem.remedy, choices, 0)
            if answer == 0:
                return self._may_close()
            self.session.let_go()
        self.closed.emit()
        return True

    def close_jobs(self) -> None:
        """End all that is in hand; a training and a download keep what they reached."""
        self.weights.close()
        self.training.close()
        self.price.close()
        self.network.close()
        self.pictures.close()
        for page in self.window.made_pages:
            close = getattr(page, "close_jobs", None)
            if close is not None:
                close()
        if self._samples_job is not None:
            self._samples_job.requestInterruption()
            self._samples_job.wait(30_000)
        self.thumbnails.close()


def open_or_report(path: Path) -> ProjectFolder | Problem:
    """The project at ``path``, or what is wrong with it."""
    try:
        return ProjectFolder.open(path)
    except ProblemError as error:
        return error.problem
