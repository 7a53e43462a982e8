"""A grid of tiles as an item view: places are computed, so a hundred thousand cost nothing."""

from collections.abc import Callable

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QRegion
from PySide6.QtWidgets import QAbstractItemView, QFrame

from cnnstudio.ui.widgets.gallery_layout import TileLayout
from cnnstudio.ui.widgets.gallery_model import GalleryModel, rows_chosen

SCROLL_MARGIN = 8

_Index = QModelIndex | QPersistentModelIndex


class TileGrid(QAbstractItemView):
    """Scrolls, finds and chooses tiles; what they look like is another's business."""

    laid_out = Signal(bool)
    """The tiles stand elsewhere; whether they have another size."""

    def __init__(self, side: int) -> None:
        super().__init__()
        self._caption_height: Callable[[int], int] = lambda _: 0
        self._side = side
        self._layout = TileLayout(0, 400, side)
        self._anchor = (0, 0)
        self._is_laying_out = False
        self.pictures = GalleryModel(self)
        self.setModel(self.pictures)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)

    @property
    def side(self) -> int:
        """About how large a tile is, in pixels."""
        return self._side

    def set_side(self, side: int) -> None:
        """Make the tiles larger or smaller."""
        self._side = side
        self._lay_out()

    def selected_count(self) -> int:
        """How many pictures are chosen."""
        return sum(len(each) for each in rows_chosen(self.selectionModel()))

    # Places

    def _lay_out(self) -> None:
        """Work out the places again; what stood at the top stays there."""
        side_before = self._layout.side
        width = max(1, self.viewport().width())
        bare = TileLayout(len(self.pictures.items), width, self._side)
        caption = self._caption_height(bare.side)
        self._layout = TileLayout(bare.count, width, self._side, caption)
        bar = self.verticalScrollBar()
        number, below = self._anchor
        self._is_laying_out = True
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(max(20, self._layout.pitch // 3))
        bar.setRange(0, max(0, self._layout.height - self.viewport().height()))
        row_top = self._layout.place(number).top() - self._layout.place(0).top()
        bar.setValue(row_top + min(below, self._layout.pitch))
        self._is_laying_out = False
        self.viewport().update()
        self.laid_out.emit(self._layout.side != side_before)

    def _on_scrolled(self, value: int) -> None:
        if not self._is_laying_out:
            row, below = divmod(max(0, value), self._layout.pitch)
            self._anchor = (row * self._layout.columns, below)

    def _on_screen(self) -> range:
        top = self.verticalScrollBar().value()
        return self._layout.numbers_between(top, top + self.viewport().height())

    def _place(self, number: int) -> QRect:
        return self._layout.place(number).translated(0, -self.verticalScrollBar().value())

    # What Qt's item views ask of a view

    def visualRect(self, index: _Index) -> QRect:
        if not index.isValid():
            return QRect()
        return self._place(index.row()).adjusted(0, 0, 0, self._layout.caption)

    def indexAt(self, point: QPoint) -> QModelIndex:
        number = self._layout.number_at(point.x(), point.y() + self.verticalScrollBar().value())
        return QModelIndex() if number is None else self.pictures.index(number)

    def scrollTo(
        self,
        index: _Index,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        if not index.isValid():
            return
        bar, area = self.verticalScrollBar(), self.visualRect(index)
        if hint == QAbstractItemView.ScrollHint.PositionAtCenter:
            bar.setValue(bar.value() + area.center().y() - self.viewport().height() // 2)
        elif area.top() < SCROLL_MARGIN or hint == QAbstractItemView.ScrollHint.PositionAtTop:
            bar.setValue(bar.value() + area.top() - SCROLL_MARGIN)
        elif area.bottom() >= self.viewport().height() - SCROLL_MARGIN:
            hidden = area.bottom() + 1 + SCROLL_MARGIN - self.viewport().height()
            bar.setValue(bar.value() + hidden)

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        count, columns = self._layout.count, self._layout.columns
        if count == 0:
            return QModelIndex()
        number = self.currentIndex().row()
        if number < 0:
            return self.pictures.index(min(self._on_screen().start, count - 1))
        actions = QAbstractItemView.CursorAction
        page = max(1, self.viewport().height() // self._layout.pitch) * columns
        steps = {
            actions.MoveLeft: -1,
            actions.MovePrevious: -1,
            actions.MoveRight: 1,
            actions.MoveNext: 1,
            actions.MoveUp: -columns,
            actions.MoveDown: columns,
            actions.MovePageUp: -page,
            actions.MovePageDown: page,
            actions.MoveHome: -number,
            actions.MoveEnd: count - 1 - number,
        }
        wanted = number + steps[action]
        if action == actions.MoveUp and wanted < 0:
            wanted = number
        elif action == actions.MoveDown and wanted >= count:
            is_last_row = number // columns == (count - 1) // columns
            wanted = number if is_last_row else count - 1
        elif action == actions.MovePageUp and wanted < 0:
            wanted = number % columns
        return self.pictures.index(min(max(0, wanted), count - 1))

    def horizontalOffset(self) -> int:
        return 0

    def verticalOffset(self) -> int:
        return self.verticalScrollBar().value()

    def isIndexHidden(self, index: _Index) -> bool:
        return False

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        selection = QItemSelection()
        if self.state() == self.State.DragSelectingState:
            area = rect.normalized().translated(0, self.verticalScrollBar().value())
            runs = self._layout.numbers_in(area)
        else:
            ends = [self.indexAt(rect.topLeft()).row(), self.indexAt(rect.bottomRight()).row()]
            known = [end for end in ends if end >= 0]
            runs = [range(min(known), max(known) + 1)] if known else []
        for run in runs:
            first, last = self.pictures.index(run.start), self.pictures.index(run.stop - 1)
            selection.append(QItemSelectionRange(first, last))
        self.selectionModel().select(selection, command)
        self.viewport().update()

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        return QRegion(self.viewport().rect()) if selection.count() else QRegion()

    def updateGeometries(self) -> None:
        super().updateGeometries()
        self._lay_out()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().scroll(dx, dy)
