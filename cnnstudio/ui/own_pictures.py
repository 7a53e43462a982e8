"""Pictures that come from the person: files, the clipboard, the webcam.

What has no file yet is written into the project's own folder.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QWidget

from cnnstudio.project.problems import Problem
from cnnstudio.project.recording import class_folder_name
from cnnstudio.project.words import say, say_count
from cnnstudio.ui.dialogs.asking import Asking
from cnnstudio.ui.dropped_paths import sorted_paths, suggested_class
from cnnstudio.ui.picture_changes import PictureChanges
from cnnstudio.ui.session import ProjectSession
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.drop_area import dropped_files
from cnnstudio.worker.picture_saver import PictureSaver

Recorded = dict[str, list[str]]
Record = Callable[[QWidget, tuple[str, ...], str, Path], Recorded]
"""Asks for recordings: parent, classes, the chosen one, and where files go."""


class OwnPictures(QObject):
    """Takes pictures into classes; asks for the class where it is not said."""

    def __init__(
        self,
        session: ProjectSession,
        changes: PictureChanges,
        asking: Asking,
        theme: Theme,
        parent: QWidget,
        record: Record | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._changes = changes
        self._asking = asking
        self._theme = theme
        self._window = parent
        self._record = record or self._record_with_dialog
        self._saver: PictureSaver | None = None
        self._waiting: dict[int, str] = {}

    def take(self, paths: list[str], name: str = "") -> None:
        """Take dropped or chosen paths: sources as such, loose pictures into a class."""
        if not self._changes.is_allowed:
            return
        found = sorted_paths(paths)
        if found.sources:
            self._changes.add_sources(found.sources)
        if found.pictures:
            name = name or self._ask_for_class(found.pictures)
            if name:
                self._changes.add_pictures({name: list(found.pictures)}, len(found.others))
        elif found.others and not found.sources:
            problem = Problem("neither_picture_nor_source", file=found.others[0])
            self._asking.tell(self._window, problem)

    def choose_files(self, name: str) -> None:
        """Let picture files for a class be chosen."""
        files = self._asking.pictures(self._window)
        if files:
            self.take(files, name)

    def paste(self, name: str = "") -> None:
        """Take what is on the clipboard: files, or a picture."""
        data = QGuiApplication.clipboard().mimeData()
        if not self._changes.is_allowed or data is None:
            return
        if files := dropped_files(data):
            self.take(files, name)
        elif data.hasImage():
            image = QGuiApplication.clipboard().image()
            if not image.isNull():
                self._save(image, name)
        else:
            self._asking.tell(self._window, Problem("clipboard_without_picture"))

    def record(self, name: str) -> None:
        """Let pictures be recorded with the webcam."""
        if not self._changes.is_allowed:
            return
        folder = self._session.folder.own_pictures
        self._changes.add_pictures(self._record(self._window, self._changes.classes, name, folder))

    def close(self) -> None:
        """Write what is still waiting, and end the thread."""
        if self._saver is not None:
            self._saver.close()

    # Inside

    def _ask_for_class(self, pictures: tuple[str, ...]) -> str:
        classes = self._changes.classes
        title = say_count(
            "Which class is this picture of?", "Which class are these pictures of?", len(pictures)
        )
        suggested = suggested_class(pictures, classes)
        return self._asking.class_name(self._window, title, classes, suggested)

    def _save(self, image: QImage, name: str) -> None:
        if not name:
            classes = self._changes.classes
            title = say("Which class is the pasted picture of?")
            suggested = classes[0] if classes else ""
            name = self._asking.class_name(self._window, title, classes, suggested)
        if not name:
            return
        if self._saver is None:
            self._saver = PictureSaver(self)
            self._saver.saved.connect(self._on_saved)
            self._saver.failed.connect(self._on_failed)
        folder = self._session.folder.own_pictures / class_folder_name(name)
        path = folder / f"pasted {datetime.now():%Y%m%d-%H%M%S}.png"
        number = self._saver.save(image, path)
        if number:
            self._waiting[number] = name

    def _on_saved(self, number: int, path: str) -> None:
        name = self._waiting.pop(number, "")
        if name:
            self._changes.add_pictures({name: [path]})

    def _on_failed(self, problem: Problem) -> None:
        self._waiting.clear()
        if self._saver is not None:
            self._saver.go_on()
        self._asking.tell(self._window, problem)

    def _record_with_dialog(
        self, parent: QWidget, classes: tuple[str, ...], chosen: str, folder: Path
    ) -> Recorded:
        from cnnstudio.ui.dialogs.webcam_dialog import WebcamDialog

        dialog = WebcamDialog(classes, chosen, folder, self._theme, None, parent)
        recorded = dialog.recorded if dialog.exec() else {}
        dialog.deleteLater()
        return recorded
