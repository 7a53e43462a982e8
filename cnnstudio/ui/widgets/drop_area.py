"""What takes dropped files, folders and pictures of the project."""

from PySide6.QtCore import QMimeData, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QFrame

from cnnstudio.ui.widgets.basics import set_property
from cnnstudio.ui.widgets.gallery_drag import pictures_in


def dropped_files(data: QMimeData | None) -> list[str]:
    """Full paths of the local files and folders."""
    if data is None:
        return []
    return [url.toLocalFile() for url in data.urls() if url.isLocalFile()]


class DropArea(QFrame):
    """A dashed area that says which local paths were dropped on it."""

    dropped = Signal(list)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "drop")
        self.setAcceptDrops(True)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_files(event.mimeData()):
            set_property(self, "over", "true")
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        set_property(self, "over", "false")

    def dropEvent(self, event: QDropEvent) -> None:
        set_property(self, "over", "false")
        paths = dropped_files(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.dropped.emit(paths)


class ClassDrop(QFrame):
    """A frame that takes files, or pictures of the project, into one class."""

    files_dropped = Signal(list)
    pictures_dropped = Signal(list)

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptDrops(True)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        data = event.mimeData()
        if dropped_files(data) or pictures_in(data):
            set_property(self, "over", "true")
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        set_property(self, "over", "false")

    def dropEvent(self, event: QDropEvent) -> None:
        set_property(self, "over", "false")
        data = event.mimeData()
        if pictures := pictures_in(data):
            event.acceptProposedAction()
            self.pictures_dropped.emit(pictures)
        elif files := dropped_files(data):
            event.acceptProposedAction()
            self.files_dropped.emit(files)
