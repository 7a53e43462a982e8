"""The freeze tree: every layer with its tick, by mouse and by keyboard."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyleOptionViewItem, QTreeView

from cnnstudio.project.network_facts import NetworkFacts
from cnnstudio.project.words import say
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.layer_tree_model import LayerTreeModel

WIDE_ENOUGH = 600
WIDE_COLUMNS = (176, 124, 100)
NARROW_COLUMNS = (92, 116, 84)


class FreezeTree(QTreeView):
    """Shows a :class:`LayerTreeModel`; space ticks all selected rows at once."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.layers = LayerTreeModel(theme, self)
        self.setModel(self.layers)
        self.setAccessibleName(say("Layers of the network"))
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setIndentation(18)
        self.setExpandsOnDoubleClick(True)
        self.setFrameShape(QTreeView.Shape.NoFrame)
        header = self.header()
        header.setSectionsMovable(False)
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in (1, 2, 3):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
        theme.changed.connect(self.viewport().update)
        # Rows are coloured beyond their cells, which Qt does not paint anew by itself.
        self.layers.dataChanged.connect(self.viewport().update)
        self.selectionModel().selectionChanged.connect(self.viewport().update)

    def show_facts(self, facts: NetworkFacts, trained: frozenset[str]) -> None:
        """Show another network, its head opened."""
        self.layers.show_facts(facts, trained)
        last = self.layers.index(self.layers.rowCount() - 1, 0)
        self.expand(last)

    def resizeEvent(self, event: QResizeEvent) -> None:
        widths = WIDE_COLUMNS if self.width() >= WIDE_ENOUGH else NARROW_COLUMNS
        for column, width in enumerate(widths, start=1):
            self.header().resizeSection(column, width)
        super().resizeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        rows = [index for index in self.selectedIndexes() if index.column() == 0]
        if event.key() == Qt.Key.Key_Space and len(rows) > 1:
            current = self.currentIndex().siblingAtColumn(0)
            ticked = self.layers.data(current, Qt.ItemDataRole.CheckStateRole)
            wanted = (
                Qt.CheckState.Unchecked
                if ticked == Qt.CheckState.Checked
                else Qt.CheckState.Checked
            )
            for index in rows:
                if self.layers.flags(index) & Qt.ItemFlag.ItemIsUserCheckable:
                    self.layers.setData(index, wanted, Qt.ItemDataRole.CheckStateRole)
            return
        super().keyPressEvent(event)

    def drawRow(
        self,
        painter: QPainter,
        options: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Colour the whole row, the branch's column too."""
        color = self.layers.data(index.sibling(index.row(), 0), Qt.ItemDataRole.BackgroundRole)
        row = QRect(0, options.rect.top(), self.viewport().width(), options.rect.height())
        if isinstance(color, QColor):
            painter.fillRect(row, color)
        super().drawRow(painter, options, index)
        if self.selectionModel().isRowSelected(index.row(), index.parent()):
            painter.setPen(QPen(self._theme.color("accent"), 2))
            painter.drawRect(row.adjusted(1, 1, -1, -2))

    def drawBranches(
        self, painter: QPainter, rect: QRect, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        color = self.layers.data(index.sibling(index.row(), 0), Qt.ItemDataRole.BackgroundRole)
        painter.fillRect(rect, color if isinstance(color, QColor) else self._theme.color("surface"))
        if self.layers.rowCount(index):
            name = "chevron-down" if self.isExpanded(index) else "chevron-right"
            mark = self._theme.pixmap(name, 14, "quiet")
            left = rect.right() - 16
            painter.drawPixmap(left, rect.center().y() - 6, mark)
