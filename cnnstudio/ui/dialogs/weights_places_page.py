"""The settings' page of the places of weights: folders, downloads, mirror."""

import os
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from cnnstudio.project.settings import Settings
from cnnstudio.project.weights_places import FolderFacts, FolderKind, keras_cache
from cnnstudio.project.words import N_, say, say_count
from cnnstudio.ui.dialogs.asking import Asking
from cnnstudio.ui.widgets.basics import Card, ElidedLabel, button, label

_KINDS: dict[FolderKind, str] = {
    "packaged": N_("came with the program"),
    "environment": N_("named by CNNSTUDIO_WEIGHTS"),
    "settings": N_("chosen here"),
    "downloads": N_("downloads go here"),
    "keras": N_("Keras' own cache"),
}
_PATH = Qt.ItemDataRole.UserRole
_IS_OWN = Qt.ItemDataRole.UserRole + 1


class WeightsPlacesPage(QWidget):
    """Changes the part of ``settings`` that is about weights; ``changed`` tells the new ones."""

    changed = Signal(object)

    def __init__(self, settings: Settings, asking: Asking) -> None:
        super().__init__()
        self.settings = settings
        self._asking = asking
        self._facts: dict[str, FolderFacts] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(label(say("Folders with weight files"), "heading"))
        text = say(
            "Looked through from above. A folder that was filled on one computer and is shared, "
            "also for reading only, serves a whole classroom."
        )
        layout.addWidget(label(text, "quiet", wrap=True))
        card = Card(margins=1, spacing=0)
        self.folders = QListWidget()
        self.folders.setAccessibleName(say("Folders with weight files"))
        self.folders.setStyleSheet("QListView::item { padding: 6px 10px; }")
        self.folders.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.folders.currentRowChanged.connect(self._show_buttons)
        card.body.addWidget(self.folders)
        layout.addWidget(card, 1)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(button(say("Add a folder…"), self._add_folder))
        self.remove_button = button(say("Remove"), self._remove_folder)
        self.up_button = button(say("Up"), lambda: self._move(-1))
        self.down_button = button(say("Down"), lambda: self._move(1))
        for each in (self.remove_button, self.up_button, self.down_button):
            row.addWidget(each)
        row.addStretch(1)
        layout.addLayout(row)
        layout.addSpacing(8)
        layout.addWidget(label(say("Downloads go to"), "heading"))
        row = QHBoxLayout()
        row.setSpacing(10)
        self.downloads = ElidedLabel("")
        row.addWidget(self.downloads, 1)
        row.addWidget(button(say("Choose…"), self._choose_downloads))
        self.usual_button = button(say("Keras' own cache"), lambda: self._set_downloads(""))
        row.addWidget(self.usual_button)
        layout.addLayout(row)
        layout.addSpacing(8)
        layout.addWidget(label(say("Mirror"), "heading"))
        self.mirror = QLineEdit(settings.weights_mirror)
        self.mirror.setAccessibleName(say("Mirror"))
        self.mirror.setPlaceholderText(say("Keras' own server (storage.googleapis.com)"))
        self.mirror.editingFinished.connect(self._on_mirror_edited)
        layout.addWidget(self.mirror)
        text = say(
            "An address (https://…) or a folder that has the files under the names that Keras "
            "gives them. Empty: they are fetched from where Keras has them."
        )
        if named := os.environ.get("CNNSTUDIO_WEIGHTS_MIRROR"):
            self.mirror.setEnabled(False)
            self.mirror.setText(named)
            text = say("CNNSTUDIO_WEIGHTS_MIRROR names it; that goes before the setting.")
        layout.addWidget(label(text, "small", wrap=True))
        self._show()

    def show_folders(self, facts: tuple[FolderFacts, ...]) -> None:
        """What is in each of the folders that are looked through."""
        self._facts = {str(each.folder.path): each for each in facts}
        self._show()

    def _show(self) -> None:
        own = list(self.settings.weights_folders)
        shown = [
            path
            for path, facts in self._facts.items()
            if path not in own and (facts.is_there or facts.folder.kind != "packaged")
        ]
        before = [path for path in shown if self._kind(path) in ("packaged", "environment")]
        after = [path for path in shown if path not in before]
        current = self.folders.currentItem()
        path_before = current.data(_PATH) if current is not None else None
        self.folders.blockSignals(True)
        self.folders.clear()
        for path in (*before, *own, *after):
            item = QListWidgetItem(self._words(path))
            item.setData(_PATH, path)
            item.setData(_IS_OWN, path in own)
            item.setToolTip(path)
            self.folders.addItem(item)
            if path == path_before:
                self.folders.setCurrentItem(item)
        self.folders.blockSignals(False)
        chosen = self.settings.weights_downloads
        self.downloads.setText(chosen or str(keras_cache()))
        self.downloads.setToolTip(chosen or str(keras_cache()))
        self.usual_button.setEnabled(bool(chosen))
        self._show_buttons()

    def _words(self, path: str) -> str:
        facts = self._facts.get(path)
        if facts is None:
            return path
        kind = say(_KINDS[facts.folder.kind])
        if not facts.is_there:
            return say("{path}\n{kind}: not there", path=path, kind=kind)
        content = (
            say("no files yet")
            if not facts.files
            else say_count(
                "{count} file, {megabytes} MB",
                "{count} files, {megabytes} MB",
                facts.files,
                megabytes=f"{facts.size / 1e6:.1f}",
            )
        )
        if facts.is_writable:
            return say("{path}\n{kind}: {content}", path=path, kind=kind, content=content)
        return say("{path}\n{kind}: {content}, read-only", path=path, kind=kind, content=content)

    def _kind(self, path: str) -> FolderKind:
        return self._facts[path].folder.kind

    def _current_place(self) -> int | None:
        """The place of the current folder among those of the settings."""
        item = self.folders.currentItem()
        if item is None or not item.data(_IS_OWN):
            return None
        return self.settings.weights_folders.index(item.data(_PATH))

    def _show_buttons(self) -> None:
        place = self._current_place()
        last = len(self.settings.weights_folders) - 1
        self.remove_button.setEnabled(place is not None)
        self.up_button.setEnabled(place is not None and place > 0)
        self.down_button.setEnabled(place is not None and place < last)

    def _add_folder(self) -> None:
        folder = self._asking.folder(self, say("Choose a folder with weight files"))
        if folder and folder not in self.settings.weights_folders:
            self._set_folders((*self.settings.weights_folders, folder))

    def _remove_folder(self) -> None:
        place = self._current_place()
        if place is not None:
            folders = self.settings.weights_folders
            self._set_folders((*folders[:place], *folders[place + 1 :]))

    def _move(self, by: int) -> None:
        place = self._current_place()
        if place is None:
            return
        folders = list(self.settings.weights_folders)
        folders.insert(place + by, folders.pop(place))
        self._set_folders(tuple(folders))

    def _set_folders(self, folders: tuple[str, ...]) -> None:
        self._change({"weights_folders": folders})

    def _choose_downloads(self) -> None:
        start = str(Path(self.downloads.text()).parent)
        folder = self._asking.folder(self, say("Choose the folder for downloads"), start)
        if folder:
            self._set_downloads(folder)

    def _set_downloads(self, folder: str) -> None:
        self._change({"weights_downloads": folder})

    def _on_mirror_edited(self) -> None:
        self._change({"weights_mirror": self.mirror.text().strip()})

    def _change(self, update: dict[str, object]) -> None:
        changed = self.settings.model_copy(update=update)
        if changed != self.settings:
            self.settings = changed
            self._show()
            self.changed.emit(changed)
