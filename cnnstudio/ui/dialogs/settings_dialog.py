"""The program's own settings: language, weights and their places. A change counts at once."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from cnnstudio.project.problems import Problem
from cnnstudio.project.settings import Settings
from cnnstudio.project.words import LANGUAGES, say
from cnnstudio.ui.dialogs.asking import Asking
from cnnstudio.ui.dialogs.weights_page import WeightsPage
from cnnstudio.ui.dialogs.weights_places_page import WeightsPlacesPage
from cnnstudio.ui.weights_downloads import WeightsDownloads
from cnnstudio.ui.widgets.basics import label
from cnnstudio.ui.widgets.segments import Segments
from cnnstudio.worker.weights_job import WeightsListJob, WeightsOverview

GENERAL, WEIGHTS, PLACES = range(3)
_LONGEST_WAIT_MS = 1_000

_left_behind: list[WeightsListJob] = []


class SettingsDialog(QDialog):
    """Shows ``settings``; :attr:`chosen` is what they became, ``changed`` tells each change."""

    changed = Signal(object)

    def __init__(
        self,
        settings: Settings,
        asking: Asking,
        downloads: WeightsDownloads,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(say("Settings"))
        self.resize(880, 660)
        self._job: WeightsListJob | None = None
        self._is_outdated = False
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.setSpacing(14)
        layout.addWidget(label(say("Settings"), "title"))
        names = (
            (GENERAL, say("General")),
            (WEIGHTS, say("Weights")),
            (PLACES, say("Folders and mirror")),
        )
        self.pages = Segments(say("Settings"), names, GENERAL)
        self.pages.chosen.connect(self.show_page)
        layout.addWidget(self.pages)
        self.language = QComboBox()
        self.weights = WeightsPage(downloads)
        self.weights.overview_wanted.connect(self._list)
        self.places = WeightsPlacesPage(settings, asking)
        self.places.changed.connect(self._on_places_changed)
        self._stack = QStackedWidget()
        for page in (self._general(settings), self.weights, self.places):
            self._stack.addWidget(page)
        layout.addWidget(self._stack, 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.accept)
        layout.addWidget(buttons)
        self._list()

    @property
    def chosen(self) -> Settings:
        """The settings as they stand in the dialog."""
        return self.places.settings.model_copy(update={"language": self.language.currentData()})

    def show_page(self, number: int) -> None:
        """Show one of the pages."""
        self.pages.buttons[number].setChecked(True)
        self._stack.setCurrentIndex(number)

    def done(self, result: int) -> None:
        """Leave; downloads go on."""
        job, self._job = self._job, None
        if job is not None:
            job.ended.disconnect(self._on_listed)
            if not job.wait(_LONGEST_WAIT_MS):
                # A shared folder that hangs: the thread must outlive the dialog.
                job.setParent(None)
                job.finished.connect(job.deleteLater)
                _left_behind.append(job)
        super().done(result)

    def _general(self, settings: Settings) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        form = QFormLayout()
        form.setHorizontalSpacing(24)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.FieldsStayAtSizeHint)
        self.language.addItem(say("As the system"), "")
        for code, name in LANGUAGES.items():
            self.language.addItem(name, code)
        self.language.setCurrentIndex(max(0, self.language.findData(settings.language)))
        self.language.activated.connect(lambda *_: self.changed.emit(self.chosen))
        form.addRow(say("Language"), self.language)
        layout.addLayout(form)
        layout.addWidget(label(say("A new language is spoken from the next start on."), "small"))
        layout.addStretch(1)
        return page

    def _on_places_changed(self) -> None:
        self.changed.emit(self.chosen)
        self._list()

    def _list(self) -> None:
        """Look again what is here, in a thread of its own."""
        if self._job is not None:
            self._is_outdated = True
            return
        self._is_outdated = False
        self._job = WeightsListJob(self.chosen, self)
        self._job.ended.connect(self._on_listed)
        self._job.start()

    def _on_listed(self, found: WeightsOverview | Problem) -> None:
        job, self._job = self._job, None
        if job is not None:
            job.finished.connect(job.deleteLater)
        if isinstance(found, WeightsOverview):
            self.weights.show_states(found.states)
            self.places.show_folders(found.folders)
        if self._is_outdated:
            self._list()
