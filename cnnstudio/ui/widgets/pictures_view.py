"""Every picture as a tile, and one of them large; the pages of a project share both."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from cnnstudio.project.picture_edits import PictureEdits
from cnnstudio.ui.picture_changes import PictureChanges
from cnnstudio.ui.pictures_state import PicturesState
from cnnstudio.ui.session import ProjectSession
from cnnstudio.ui.theme import Theme
from cnnstudio.worker.thumbnail_loader import ThumbnailLoader

if TYPE_CHECKING:
    from cnnstudio.images.arrangement import Arrangement
    from cnnstudio.images.checking import CheckReport
    from cnnstudio.ui.dialogs.picture_dialog import PictureDialog
    from cnnstudio.ui.widgets.gallery import Gallery
    from cnnstudio.ui.widgets.gallery_items import GalleryItem


class PicturesView(QWidget):
    """The gallery is made when it is first looked at."""

    new_class_wanted = Signal(object)
    """Paths of pictures for a class that is still to be named."""

    def __init__(
        self,
        session: ProjectSession,
        pictures: PicturesState,
        changes: PictureChanges,
        loader: ThumbnailLoader,
        theme: Theme,
    ) -> None:
        super().__init__()
        self._session = session
        self._pictures = pictures
        self._changes = changes
        self._loader = loader
        self._theme = theme
        self._items: list[GalleryItem] = []
        self._items_of: tuple[Arrangement | None, CheckReport | None] = (None, None)
        self._edits: PictureEdits | None = None
        self._shown_items: list[GalleryItem] | None = None
        self._asked_paths: tuple[str, ...] | None = None
        self.gallery: Gallery | None = None
        self.dialog: PictureDialog | None = None
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        pictures.changed.connect(self._refresh_dialog)

    def refresh(self) -> None:
        """Show the pictures as they are now."""
        gallery = self._the_gallery()
        gallery.allow_changes(self._changes.is_allowed)
        items = self._current_items()
        if items is not self._shown_items:
            self._shown_items = items
            gallery.show_items(items, self._changes.colors, self._changes.classes)

    def show_class(self, name: str) -> None:
        """See only the pictures of one class."""
        from cnnstudio.ui.widgets.gallery_filter import Choice

        self._the_gallery().choose(Choice(label=name))

    def open_picture(self, path: str, paths: Sequence[str] | None = None) -> None:
        """Show a picture large; ``paths`` are gone through, without them what the gallery shows."""
        from cnnstudio.ui.dialogs.picture_dialog import PictureDialog

        self._asked_paths = tuple(paths) if paths is not None else None
        items = self._items_to_go_through()
        if not any(item.path == path for item in items):
            return
        self.dialog = dialog = PictureDialog(
            items,
            path,
            self._loader,
            self._theme,
            plan=self._session.project.pictures,
            classes=self._changes.classes,
            report=self._pictures.report,
            all_items=self._current_items(),
            may_change=self._changes.is_allowed,
            parent=self.window(),
        )
        self._connect(dialog)
        dialog.undo_wanted.connect(self._session.undo)
        dialog.redo_wanted.connect(self._session.redo)
        dialog.finished.connect(self._on_dialog_finished)
        dialog.open()

    # Inside

    def _the_gallery(self) -> "Gallery":
        if self.gallery is None:
            from cnnstudio.ui.widgets.gallery import Gallery

            self.gallery = Gallery(self._loader, self._theme)
            self._connect(self.gallery)
            self.gallery.opened.connect(self.open_picture)
            layout = self.layout()
            if layout is not None:
                layout.addWidget(self.gallery)
        return self.gallery

    def _connect(self, source: "Gallery | PictureDialog") -> None:
        from cnnstudio.ui.widgets.gallery_actions import show_in_folder

        source.leaving_out_wanted.connect(self._changes.leave_out)
        source.taking_back_wanted.connect(self._changes.take_back)
        source.moving_wanted.connect(self._changes.move)
        source.moving_to_new_class_wanted.connect(self.new_class_wanted)
        source.pinning_wanted.connect(self._changes.pin)
        source.showing_in_folder_wanted.connect(show_in_folder)

    def _current_items(self) -> "list[GalleryItem]":
        """What is known of all pictures, made anew only where something changed."""
        arrangement, report = self._pictures.arrangement, self._pictures.report
        edits = self._changes.edits
        if arrangement is None:
            self._items_of, self._items = (None, None), []
            return self._items
        is_known = self._items_of[0] is arrangement and self._items_of[1] is report
        if not is_known or self._edits is not edits:
            from cnnstudio.ui.widgets.gallery_items import gallery_items

            self._items_of, self._edits = (arrangement, report), edits
            self._items = gallery_items(arrangement, report, edits)
        return self._items

    def _items_to_go_through(self) -> "Sequence[GalleryItem]":
        items = self._current_items()
        if self._asked_paths is None:
            return self.gallery.shown_items if self.gallery is not None else items
        by_path = {item.path: item for item in items}
        return [by_path[path] for path in self._asked_paths if path in by_path]

    def _refresh_dialog(self) -> None:
        if self.dialog is None or self._pictures.arrangement is None:
            return
        if self.gallery is not None and self._asked_paths is None:
            self.refresh()  # What is gone through is what the gallery shows by now.
        items = self._items_to_go_through()
        self.dialog.show_items(items, self._changes.classes, self._current_items())

    def _on_dialog_finished(self) -> None:
        dialog, self.dialog = self.dialog, None
        if dialog is None:
            return
        if self.gallery is not None and self._asked_paths is None:
            self.gallery.go_to(dialog.item.path)
        dialog.deleteLater()
