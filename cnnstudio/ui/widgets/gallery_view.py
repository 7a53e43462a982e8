"""The tiles of the gallery: only what is on the screen is painted, asked for and kept."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QPoint,
    QRect,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QDrag,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QShowEvent,
)

from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.gallery_drag import mime_of
from cnnstudio.ui.widgets.gallery_grid import TileGrid
from cnnstudio.ui.widgets.gallery_images import TileImages
from cnnstudio.ui.widgets.gallery_items import GalleryItem
from cnnstudio.ui.widgets.gallery_model import rows_chosen
from cnnstudio.ui.widgets.gallery_tiles import TilePainter, TileState
from cnnstudio.worker.thumbnail_loader import ThumbnailLoader

USUAL_SIDE = 104
ASK_AFTER_MS = 80
RESTS_AFTER_MS = 200


class GalleryView(TileGrid):
    """A grid of tiles. Places are computed, so a hundred thousand cost no more than a hundred."""

    opened = Signal(str)
    typed = Signal(str)
    """Letters that were typed here: they belong into the search."""

    selection_changed = Signal()

    def __init__(self, loader: ThumbnailLoader, theme: Theme) -> None:
        super().__init__(USUAL_SIDE)
        self._theme = theme
        self._class_colors: Mapping[str, str] = {}
        self._pressed_at: QPoint | None = None
        self._hovered = -1
        self._images = TileImages(loader, self)
        self._images.arrived.connect(self._on_arrived)
        self._images.lost.connect(self._ask_soon)
        self._tiles = self._make_tiles()
        self._asking = QTimer(self, singleShot=True)
        self._asking.timeout.connect(self._ask)
        self._resting = QTimer(self, singleShot=True, interval=RESTS_AFTER_MS)
        self._resting.timeout.connect(self._ask_around)
        self.setMouseTracking(True)
        self.laid_out.connect(self._on_laid_out)
        self.verticalScrollBar().valueChanged.connect(lambda _: self._ask_soon())
        theme.changed.connect(self._on_look_changed)

    # What is shown

    def show_items(
        self, items: Sequence[GalleryItem], class_colors: Mapping[str, str], from_top: bool
    ) -> None:
        """Show other pictures; what was chosen stays so, and the place too unless ``from_top``."""
        chosen = frozenset(self.selected_paths())
        current = self.current_path()
        seen = [self.pictures.items[number].path for number in self._on_screen()]
        before = self._anchor[1]
        self._tiles.show_class_colors(class_colors)
        self._class_colors = class_colors
        self._images.try_again()
        self._hovered = -1
        self.pictures.show_items(items)
        self._restore_selection(chosen, current)
        if from_top:
            self._anchor = (0, 0)
        else:
            self._anchor = (self._first_of(seen), before)
        self._lay_out()
        self.selection_changed.emit()

    def selected_paths(self) -> list[str]:
        """The chosen pictures, in order."""
        return self.pictures.paths_in(self.selectionModel())

    def current_path(self) -> str:
        """The picture that the keyboard is at; empty if there is none."""
        index = self.currentIndex()
        return self.pictures.items[index.row()].path if index.isValid() else ""

    def go_to(self, path: str) -> None:
        """Choose one picture and bring it into view, if it is among those shown."""
        rows = self.pictures.rows_of({path})
        if rows:
            self.setCurrentIndex(self.pictures.index(rows[0]))

    def _restore_selection(self, chosen: frozenset[str], current: str) -> None:
        model = self.selectionModel()
        selection = self.pictures.selection_of(self.pictures.rows_of(chosen))
        model.select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        rows = self.pictures.rows_of({current} if current else ())
        if rows:
            model.setCurrentIndex(
                self.pictures.index(rows[0]), QItemSelectionModel.SelectionFlag.NoUpdate
            )

    def _first_of(self, paths: Sequence[str]) -> int:
        """Where the first of ``paths`` that is still shown stands now."""
        wanted = {path: place for place, path in enumerate(paths)}
        found = [
            (wanted[item.path], number)
            for number, item in enumerate(self.pictures.items)
            if item.path in wanted
        ]
        return min(found)[1] if found else min(self._anchor[0], len(self.pictures.items))

    # Thumbnails

    @property
    def _pixels(self) -> int:
        """Side of a thumbnail in the screen's own pixels."""
        return round(self._layout.side * self.devicePixelRatioF())

    def _ask(self) -> None:
        """Wish for what is on the screen."""
        if self.isVisible():
            self._images.wish(self._paths(self._on_screen()), (), self._pixels)

    def _ask_around(self) -> None:
        """Nothing moves any more: wish for a screen full before and after it, too."""
        if self.isVisible():
            shown = self._on_screen()
            before = range(max(0, shown.start - len(shown)), shown.start)
            after = range(shown.stop, min(self._layout.count, shown.stop + len(shown)))
            near = (*self._paths(after), *self._paths(before))
            self._images.wish(self._paths(shown), near, self._pixels)

    def _paths(self, numbers: range) -> list[str]:
        return [item.path for item in self.pictures.items[numbers.start : numbers.stop]]

    def _ask_soon(self) -> None:
        if not self._asking.isActive():
            self._asking.start(ASK_AFTER_MS)
        self._resting.start()

    def _on_laid_out(self, other_side: bool) -> None:
        # While the slider or the window's edge is dragged, each size would be a new wish.
        self._asking.start(RESTS_AFTER_MS if other_side else 0)
        self._resting.start()

    def _on_arrived(self, path: str) -> None:
        for number in self._on_screen():
            if self.pictures.items[number].path == path:
                self.viewport().update(self._place(number))

    # Painting

    def _make_tiles(self) -> TilePainter:
        tiles = TilePainter(self._theme, self.font(), self.devicePixelRatioF())
        tiles.show_class_colors(self._class_colors)
        self._caption_height = tiles.caption_height
        return tiles

    def _on_look_changed(self) -> None:
        self._tiles = self._make_tiles()
        self._lay_out()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._on_look_changed()  # Another screen: its signs are finer or coarser.
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        area = event.rect()
        painter.fillRect(area, self._tiles.background)
        top = self.verticalScrollBar().value()
        current = self.currentIndex().row() if self.hasFocus() else -1
        chosen = self._chosen_on_screen()
        pixels = self._pixels
        for number in self._layout.numbers_between(top + area.top() - 4, top + area.bottom() + 4):
            item = self.pictures.items[number]
            image = self._images.find(item.path, pixels)
            has_failed = image is None and self._images.has_failed(item.path)
            state = TileState(
                number in chosen, number == current, number == self._hovered, has_failed
            )
            self._tiles.paint(painter, self._place(number), item, image, state)
        if self._pressed_at is not None and self.state() == self.State.DragSelectingState:
            self._paint_rubber_band(painter)

    def _chosen_on_screen(self) -> set[int]:
        shown = self._on_screen()
        return {
            number
            for rows in rows_chosen(self.selectionModel())
            for number in range(max(shown.start, rows.start), min(shown.stop, rows.stop))
        }

    def _paint_rubber_band(self, painter: QPainter) -> None:
        assert self._pressed_at is not None
        start = self._pressed_at - QPoint(0, self.verticalScrollBar().value())
        end = self.viewport().mapFromGlobal(self.cursor().pos())
        color = self._theme.color("accent")
        painter.setPen(color)
        painter.setBrush(QColor(color.red(), color.green(), color.blue(), 40))
        painter.drawRect(QRect(start, end).normalized())

    # What the person does

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        self.selection_changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        )
        opening = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        if plain and event.key() in opening and self.currentIndex().isValid():
            self.opened.emit(self.current_path())
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        self.typed.emit(search)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed_at = event.position().toPoint() + QPoint(0, self.verticalOffset())
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pressed_at = None
        super().mouseReleaseEvent(event)
        self.viewport().update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit(self.pictures.items[index.row()].path)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        if self.state() == self.State.DragSelectingState:
            self.viewport().update()
        self._hover(self.indexAt(event.position().toPoint()).row())

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)
        super().leaveEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self._images.forget()
        super().hideEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask_soon()

    def _hover(self, number: int) -> None:
        if number != self._hovered:
            before, self._hovered = self._hovered, number
            for each in (before, number):
                if each >= 0:
                    self.viewport().update(self._place(each).adjusted(-4, -4, 4, 4))

    def startDrag(self, actions: Qt.DropAction) -> None:
        paths = self.selected_paths()
        if not paths:
            return
        drag = QDrag(self)
        drag.setMimeData(mime_of(paths))
        image = self._images.find(self.current_path(), self._pixels)
        if image is not None:
            drag.setPixmap(self._tiles.drag_picture(image, len(paths)))
        drag.exec(Qt.DropAction.CopyAction)
