"""The program's own settings: language, look, folders of weights."""

from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QListWidget,
    QVBoxLayout,
    QWidget,
)

from cnnstudio.project.settings import Settings
from cnnstudio.project.words import LANGUAGES, say
from cnnstudio.ui.dialogs.asking import Asking
from cnnstudio.ui.widgets.basics import button, label


class SettingsDialog(QDialog):
    """Shows ``settings``; :attr:`chosen` is what they became."""

    def __init__(self, settings: Settings, asking: Asking, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(say("Settings"))
        self.resize(520, 400)
        self._settings = settings
        self._asking = asking
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.setSpacing(14)
        layout.addWidget(label(say("Settings"), "title"))
        form = QFormLayout()
        form.setHorizontalSpacing(24)
        form.setVerticalSpacing(12)
        self.language = QComboBox()
        self.language.addItem(say("As the system"), "")
        for code, name in LANGUAGES.items():
            self.language.addItem(name, code)
        self.language.setCurrentIndex(max(0, self.language.findData(settings.language)))
        form.addRow(say("Language"), self.language)
        layout.addLayout(form)
        layout.addWidget(label(say("A new language is spoken from the next start on."), "small"))
        layout.addWidget(label(say("Folders with weight files"), "heading"))
        text = say("Looked through before Keras' own cache; a folder may serve a whole classroom.")
        layout.addWidget(label(text, "small", wrap=True))
        self.folders = QListWidget()
        self.folders.addItems(list(settings.weights_folders))
        self.folders.setAccessibleName(say("Folders with weight files"))
        layout.addWidget(self.folders, 1)
        row = QHBoxLayout()
        row.addWidget(button(say("Add a folder…"), self._add_folder))
        row.addWidget(button(say("Remove"), self._remove_folder))
        row.addStretch(1)
        layout.addLayout(row)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)

    @property
    def chosen(self) -> Settings:
        """The settings as they stand in the dialog."""
        folders = tuple(self.folders.item(i).text() for i in range(self.folders.count()))
        return self._settings.model_copy(
            update={"language": self.language.currentData(), "weights_folders": folders}
        )

    def _add_folder(self) -> None:
        folder = self._asking.folder(self, say("Choose a folder with weight files"))
        if folder:
            self.folders.addItem(folder)

    def _remove_folder(self) -> None:
        row = self.folders.currentRow()
        if row >= 0:
            self.folders.takeItem(row)
