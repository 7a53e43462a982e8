"""The freeze tree: every layer with its tick, by mouse and by keyboard."""

from PySide6.QtCore import QElapsedTimer, QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QStyleOptionViewItem,
    QTreeView,
)

from cnnstudio.project.network_facts import NetworkFacts
from cnnstudio.project.words import say
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.layer_cells import NameDelegate, TickDelegate
from cnnstudio.ui.widgets.layer_nodes import Key, Node, State
from cnnstudio.ui.widgets.layer_tree_model import Column, LayerTreeModel

_Index = QModelIndex | QPersistentModelIndex

# Which columns there is room for, by the tree's width in widths of a digit: type and what is
# learned, one column for both, or neither.
_ROOM_FOR_BOTH = 112
_ROOM_FOR_ONE = 72
_TYPE_DIGITS = 25
_LEARNS_DIGITS = 24
_CELL_MARGINS = 18

_TICK_WIDTH = 32
_INDENTATION = 12
_MARK = 14

# A network of a few rows is shown opened; one of hundreds would hide its stages.
_FEW_ROWS = 40


class FreezeTree(QTreeView):
    """Shows a :class:`LayerTreeModel`; space ticks all selected rows at once, letters search."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._typed = ""
        self._typing = QElapsedTimer()
        self.layers = LayerTreeModel(theme, self)
        self.setModel(self.layers)
        self.setAccessibleName(say("Layers of the network"))
        self.setTreePosition(Column.NAME)
        self.setItemDelegateForColumn(Column.TRAINED, TickDelegate(theme, self))
        self.setItemDelegateForColumn(Column.NAME, NameDelegate(theme, self))
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setIndentation(_INDENTATION)
        self.setExpandsOnDoubleClick(True)
        self.setFrameShape(QTreeView.Shape.NoFrame)
        header = self.header()
        header.setSectionsMovable(False)
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(_TICK_WIDTH)
        for column in Column:
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(Column.NAME, QHeaderView.ResizeMode.Stretch)
        self._take_colours()
        theme.changed.connect(self._take_colours)
        # Rows are coloured beyond their cells, which Qt does not paint anew by itself.
        self.layers.dataChanged.connect(lambda *_: self.viewport().update())
        self.selectionModel().selectionChanged.connect(lambda *_: self.viewport().update())

    def show_facts(
        self,
        facts: NetworkFacts,
        trained: frozenset[str],
        class_names: tuple[str, ...] = (),
        keeps_batch_norm: bool = False,
        knows_already: bool = False,
    ) -> None:
        """Show another network. What was open stays open where the new one has it too."""
        opened, current = self._opened(), self._key(self.currentIndex())
        self.layers.show_facts(facts, trained, class_names, keeps_batch_norm, knows_already)
        self._fit_columns()
        found = 0
        for node in self._nodes():
            index = self.layers.index_of(node)
            if node.key in opened:
                self.expand(index)
                found += 1
            if node.key == current:
                self.setCurrentIndex(index.siblingAtColumn(Column.NAME))
        if not found:
            self._open_at_first()

    def show_layer(self, name: str) -> bool:
        """Select the layer called ``name``, in sight; whether there is one."""
        index = self.layers.layer_index(name)
        if index.isValid():
            self.go_to(self.layers.node(index))
        return index.isValid()

    def go_to(self, node: Node) -> None:
        """Select a row, in sight, and open what it stands in."""
        above = node.parent
        while above is not None and above.parent is not None:
            self.expand(self.layers.index_of(above))
            above = above.parent
        index = self.layers.index_of(node, Column.NAME)
        self.setCurrentIndex(index)
        self.scrollTo(index)

    def rows_with(self, text: str) -> list[Node]:
        """Rows whose name holds ``text``, and layers whose type does, from top to bottom."""
        wanted = text.casefold()
        return [
            node
            for node in self._nodes()
            if wanted in node.title.casefold()
            or (node.layer is not None and wanted in node.layer.type.casefold())
        ]

    def selected_rows(self) -> list[QModelIndex]:
        """One index of each selected row."""
        return self.selectionModel().selectedRows()

    def current_node(self) -> Node | None:
        """The row where the keyboard is."""
        index = self.currentIndex()
        return self.layers.node(index) if index.isValid() else None

    def toggle_selected(self) -> None:
        """Tick all selected rows, or take their ticks away, as the row with the keyboard asks."""
        current = self.current_node()
        rows = self.selected_rows() or [self.currentIndex()]
        first = next((node for node in map(self.layers.node, rows) if node.tickable), None)
        leading = current if current is not None and current.tickable else first
        if leading is not None:
            self.layers.tick(rows, leading.state is not State.TRAINED)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.modifiers():
            self.toggle_selected()
            return
        super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Go to the next layer whose name begins with what is typed, else to one that holds it,
        also in blocks that are closed."""
        wanted = self._typed_so_far(search)
        nodes = list(self._nodes())
        if not nodes:
            return
        current = self.current_node()
        place = nodes.index(current) if current in nodes else -1
        # A further letter may still fit the row where the first one led.
        begin = place if len(wanted) > 1 else place + 1
        order = nodes[max(begin, 0) :] + nodes[: max(begin, 0)]
        fits = [node for node in order if node.title.casefold().startswith(wanted)]
        fits += [node for node in order if wanted in node.title.casefold()]
        if fits:
            self.go_to(fits[0])

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit_columns()
        super().resizeEvent(event)

    def drawRow(self, painter: QPainter, options: QStyleOptionViewItem, index: _Index) -> None:
        """Colour the whole row, the branch's column too."""
        row = QRect(0, options.rect.top(), self.viewport().width(), options.rect.height())
        if self.layers.node(index).state is State.FROZEN:
            painter.fillRect(row, self._frozen)
        super().drawRow(painter, options, index)
        painter.fillRect(QRect(0, row.bottom(), row.width(), 1), self._line)
        is_selected = self.selectionModel().isRowSelected(index.row(), index.parent())
        has_keyboard = self.hasFocus() and index.sibling(index.row(), 0) == (
            self.currentIndex().siblingAtColumn(0)
        )
        if is_selected or has_keyboard:
            painter.setPen(QPen(self._accent, 2 if has_keyboard else 1))
            painter.drawRect(row.adjusted(1, 1, -1, -2))

    def drawBranches(self, painter: QPainter, rect: QRect, index: _Index) -> None:
        node = self.layers.node(index)
        painter.fillRect(rect, self._frozen if node.state is State.FROZEN else self._surface)
        if node.children:
            mark = self._open_mark if self.isExpanded(index) else self._closed_mark
            painter.drawPixmap(rect.right() - _MARK, rect.center().y() - _MARK // 2, mark)

    def _fit_columns(self) -> None:
        """What there is no room for is in the row's tooltip."""
        metrics = self.fontMetrics()
        digit = max(1, metrics.horizontalAdvance("0"))
        room = self.viewport().width() / digit
        both = room >= _ROOM_FOR_BOTH
        self.layers.show_types_as_learned(not both)
        self.setColumnHidden(Column.TYPE, not both)
        self.setColumnHidden(Column.LEARNS, room < _ROOM_FOR_ONE)
        longest = self.layers.longest_texts()
        widths = {
            Column.TRAINED: _TICK_WIDTH,
            Column.TYPE: _TYPE_DIGITS * digit,
            Column.OUTPUT: metrics.horizontalAdvance(longest[Column.OUTPUT]) + _CELL_MARGINS,
            Column.PARAMETERS: metrics.horizontalAdvance(longest[Column.PARAMETERS])
            + _CELL_MARGINS,
            Column.LEARNS: _LEARNS_DIGITS * digit,
        }
        for column, width in widths.items():
            if not self.isColumnHidden(column):
                self.header().resizeSection(column, width)

    def _open_at_first(self) -> None:
        """The head; where there are few rows, everything."""
        nodes = [node for node in self._nodes() if node.children]
        if sum(len(node.children) for node in nodes) > _FEW_ROWS:
            nodes = [node for node in nodes if node.key == ("head",)]
        for node in nodes:
            self.expand(self.layers.index_of(node))

    def _nodes(self) -> list[Node]:
        """Every row from top to bottom, closed ones too."""
        found: list[Node] = []
        waiting = list(reversed(self.layers.node(QModelIndex()).children))
        while waiting:
            node = waiting.pop()
            found.append(node)
            waiting += reversed(node.children)
        return found

    def _opened(self) -> set[Key]:
        return {
            node.key
            for node in self._nodes()
            if node.children and self.isExpanded(self.layers.index_of(node))
        }

    def _key(self, index: QModelIndex) -> Key:
        return self.layers.node(index).key

    def _typed_so_far(self, search: str) -> str:
        """Letters typed quickly are one word."""
        paused = not self._typing.isValid() or self._typing.hasExpired(
            QApplication.keyboardInputInterval()
        )
        self._typed = search.casefold() if paused else self._typed + search.casefold()
        self._typing.restart()
        return self._typed

    def _take_colours(self) -> None:
        self._frozen = self._theme.color("frozen_soft")
        self._surface = self._theme.color("surface")
        self._line = self._theme.color("line")
        self._accent = self._theme.color("accent")
        self._open_mark = self._theme.pixmap("chevron-down", _MARK, "quiet")
        self._closed_mark = self._theme.pixmap("chevron-right", _MARK, "quiet")
        self.viewport().update()
