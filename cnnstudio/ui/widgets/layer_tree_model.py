"""The freeze tree's model: stages, blocks and layers, each with its tick of one or three states."""

from collections.abc import Iterable
from enum import IntEnum
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor

from cnnstudio.project.network_facts import NetworkFacts
from cnnstudio.project.words import N_, say, say_count
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.layer_nodes import LayerNodes, Node, State, nodes_of

WHY_BATCH_NORM_STAYS = N_(
    "Batch normalisation stays frozen: the means and variances of small batches would spoil what "
    "it learned from millions of pictures."
)


class Column(IntEnum):
    """The tree's columns."""

    TRAINED = 0
    NAME = 1
    TYPE = 2
    OUTPUT = 3
    PARAMETERS = 4
    LEARNS = 5


TITLES = {
    Column.TRAINED: N_("Trained"),
    Column.NAME: N_("Layer"),
    Column.TYPE: N_("Type"),
    Column.OUTPUT: N_("Output"),
    Column.PARAMETERS: N_("Parameters"),
    Column.LEARNS: N_("Learns"),
}

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter

# Looked up thousands of times for one painting of the tree: enumerations would be slow.
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_CHECK = int(Qt.ItemDataRole.CheckStateRole)
_FOREGROUND = int(Qt.ItemDataRole.ForegroundRole)
_BACKGROUND = int(Qt.ItemDataRole.BackgroundRole)
_ALIGNMENT = int(Qt.ItemDataRole.TextAlignmentRole)
_ACCESSIBLE = int(Qt.ItemDataRole.AccessibleTextRole)
_TOOL_TIP = int(Qt.ItemDataRole.ToolTipRole)

_CHECK_STATES = {
    State.TRAINED: Qt.CheckState.Checked,
    State.PARTLY: Qt.CheckState.PartiallyChecked,
    State.FROZEN: Qt.CheckState.Unchecked,
}

_SPOKEN = {
    State.NOTHING: N_("{name}, {parameters:,} parameters"),
    State.FROZEN: N_("{name}, frozen, {parameters:,} parameters"),
    State.PARTLY: N_("{name}, partly trained, {parameters:,} parameters"),
    State.TRAINED: N_("{name}, trained, {parameters:,} parameters"),
}
_SPOKEN_INSIDE = {
    State.NOTHING: N_("{name}, {group}, {parameters:,} parameters"),
    State.FROZEN: N_("{name}, {group}, frozen, {parameters:,} parameters"),
    State.PARTLY: N_("{name}, {group}, partly trained, {parameters:,} parameters"),
    State.TRAINED: N_("{name}, {group}, trained, {parameters:,} parameters"),
}


def shape_words(shape: Iterable[int]) -> str:
    """An output shape as people write it: ``7 × 7 × 512``."""
    return " × ".join(str(side) for side in shape)


class LayerTreeModel(QAbstractItemModel):
    """Layers by stage and block. ``ticks_changed`` carries the names of all trained layers."""

    ticks_changed = Signal(object)

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._nodes = LayerNodes()
        self._trained: frozenset[str] = frozenset()
        self._can_change = True
        self._knows_already = False
        self._types_as_learned = False
        self._colours: dict[str, QColor] = {}
        self._theme = theme
        self._take_colours()
        theme.changed.connect(self._take_colours)

    def show_facts(
        self,
        facts: NetworkFacts,
        trained: frozenset[str],
        class_names: tuple[str, ...] = (),
        keeps_batch_norm: bool = False,
        knows_already: bool = False,
    ) -> None:
        """Show another network; ``knows_already`` if its base learned something before."""
        self.beginResetModel()
        self._nodes = nodes_of(facts, class_names)
        self._nodes.keep_batch_norm(keeps_batch_norm)
        self._nodes.tick(trained, True)
        self._trained = trained
        self._knows_already = knows_already
        self.endResetModel()

    def show_trained(self, trained: frozenset[str]) -> None:
        """Show other ticks of the same network."""
        if trained != self._trained:
            changed = self._nodes.tick(trained - self._trained, True)
            changed |= self._nodes.tick(self._trained - trained, False)
            self._trained = trained
            self._tell_changed(changed)

    def keep_batch_norm(self, kept: bool, trained: frozenset[str]) -> None:
        """Batch normalisations of the base take no tick from now on, or take one again."""
        self._nodes.keep_batch_norm(kept)
        self._nodes.tick(trained, True)
        self._trained = trained
        self._tell_changed(set(self._nodes.all()))

    def show_types_as_learned(self, together: bool) -> None:
        """Whether layers tell their type in the column where stages tell what they learn: each
        leaves it empty where the other has something to say."""
        if together != self._types_as_learned:
            self._types_as_learned = together
            self._tell_changed(set(self._nodes.all()))
            section = int(Column.LEARNS)
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, section, section)

    def longest_texts(self) -> dict[Column, str]:
        """The longest of the texts in the columns of figures, title included."""
        nodes = [*self._nodes.all()][1:]
        columns = (Column.OUTPUT, Column.PARAMETERS)
        return {
            column: max(
                [say(TITLES[column]), *(self._text(node, column) for node in nodes)], key=len
            )
            for column in columns
        }

    def allow_changes(self, allowed: bool) -> None:
        """Whether ticks can be set."""
        self._can_change = allowed

    @property
    def trained(self) -> frozenset[str]:
        """Names of the layers that are ticked."""
        return self._trained

    @property
    def may_change(self) -> bool:
        """Whether ticks can be set."""
        return self._can_change

    def layer_index(self, name: str) -> QModelIndex:
        """Where the layer called ``name`` stands (invalid where it is not)."""
        node = self._nodes.by_name.get(name)
        return self.index_of(node) if node is not None else QModelIndex()

    def index_of(self, node: Node, column: int = 0) -> QModelIndex:
        """Where ``node`` stands."""
        return self.createIndex(node.row, column, node)

    def node(self, index: _Index) -> Node:
        """What stands at ``index``; the root for an invalid one."""
        if not index.isValid():
            return self._nodes.root
        node = index.internalPointer()
        assert isinstance(node, Node)
        return node

    def tick(self, indexes: Iterable[_Index], ticked: bool) -> None:
        """Tick everything at and below ``indexes``, or take the ticks away, in one change."""
        names = {
            leaf.title for index in indexes for leaf in self.node(index).below() if leaf.tickable
        }
        wanted = self._trained | names if ticked else self._trained - names
        if self._can_change and wanted != self._trained:
            self.show_trained(wanted)
            self.ticks_changed.emit(wanted)

    # What Qt asks

    def index(self, row: int, column: int, parent: _Index = _NOWHERE) -> QModelIndex:
        node = self.node(parent)
        if 0 <= row < len(node.children) and 0 <= column < len(Column):
            return self.createIndex(row, column, node.children[row])
        return QModelIndex()

    def parent(self, child: _Index = _NOWHERE) -> QModelIndex:  # type: ignore[override]
        above = self.node(child).parent if child.isValid() else None
        if above is None or above is self._nodes.root:
            return QModelIndex()
        return self.createIndex(above.row, 0, above)

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return len(self.node(parent).children) if parent.column() <= 0 else 0

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        return len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        title = say(TITLES[Column(section)])
        if section == Column.LEARNS and self._types_as_learned:
            title = say(N_("Type, learns"))
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return title if section != Column.TRAINED else ""
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                return title
            case Qt.ItemDataRole.TextAlignmentRole if section == Column.PARAMETERS:
                return _RIGHT
            case _:
                return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        node = self.node(index)
        if index.column() == Column.TRAINED and self._can_change and node.tickable:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        if node.layer is not None:
            flags |= Qt.ItemFlag.ItemNeverHasChildren
        return flags

    def data(self, index: _Index, role: int = _DISPLAY) -> Any:
        if not index.isValid():
            return None
        node, column = self.node(index), index.column()
        role = int(role)
        if role == _DISPLAY:
            return self._text(node, column)
        if role == _CHECK:
            ticks = column == Column.TRAINED and node.tickable
            return _CHECK_STATES[node.state] if ticks else None
        if role == _BACKGROUND:
            return self._colours["frozen_soft"] if node.state is State.FROZEN else None
        if role == _FOREGROUND:
            return self._foreground(node, column)
        if role == _ALIGNMENT:
            return _RIGHT if column == Column.PARAMETERS else None
        if role == _ACCESSIBLE:
            return self._spoken(node, column)
        if role == _TOOL_TIP:
            return self._tool_tip(node, column)
        return None

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if int(role) != _CHECK or not index.isValid():
            return False
        self.tick([index], Qt.CheckState(value) != Qt.CheckState.Unchecked)
        return True

    def _text(self, node: Node, column: int) -> str:
        match column:
            case Column.NAME:
                return node.title
            case Column.TYPE if node.layer is not None:
                return f"{node.layer.type} {node.layer.detail}".rstrip()
            case Column.TYPE:
                return say_count("{count} layer", "{count} layers", node.count)
            case Column.OUTPUT:
                return shape_words(node.shape)
            case Column.PARAMETERS:
                return f"{node.parameters:,}"
            case Column.LEARNS if self._types_as_learned and node.layer is not None:
                return node.phrase or self._text(node, Column.TYPE)
            case Column.LEARNS:
                return node.phrase
            case _:
                return ""

    def _foreground(self, node: Node, column: int) -> QColor | None:
        if node.state is State.FROZEN:
            return self._colours["frozen"]
        return self._colours["quiet"] if column in (Column.TYPE, Column.LEARNS) else None

    def _spoken(self, node: Node, column: int) -> str:
        if column > Column.NAME:
            return self._text(node, column)
        parent = node.parent
        inside = parent is not None and parent is not self._nodes.root
        words = (_SPOKEN_INSIDE if inside else _SPOKEN)[node.state]
        return say(
            words,
            name=node.title,
            group=parent.title if parent is not None else "",
            parameters=node.parameters,
        )

    def _tool_tip(self, node: Node, column: int) -> str:
        """All of what may be hidden or cut in a narrow window."""
        if column == Column.TRAINED:
            is_kept = node.layer is not None and node.kept
            return say(WHY_BATCH_NORM_STAYS) if is_kept else self._spoken(node, column)
        lines = [node.title, self._text(node, Column.TYPE), shape_words(node.shape)]
        if node.layer is not None and node.kept:
            lines.append(say(WHY_BATCH_NORM_STAYS))
        if node.phrase and node.key[0] != "head":
            known = N_("Has learned to see: {what}"), N_("Will learn to see: {what}")
            lines.append(say(known[0 if self._knows_already else 1], what=node.phrase))
        elif node.phrase:
            lines.append(node.phrase)
        return "\n".join(line for line in lines if line)

    def _tell_changed(self, nodes: set[Node]) -> None:
        """One range of rows for each parent: a change of one layer tells of its own row and of
        those that it stands in."""
        ranges: dict[Node, tuple[int, int]] = {}
        for node in nodes:
            if node.parent is not None:
                first, last = ranges.get(node.parent, (node.row, node.row))
                ranges[node.parent] = min(first, node.row), max(last, node.row)
        for parent, (first, last) in ranges.items():
            self.dataChanged.emit(
                self.createIndex(first, 0, parent.children[first]),
                self.createIndex(last, len(Column) - 1, parent.children[last]),
            )

    def _take_colours(self) -> None:
        names = ("frozen", "frozen_soft", "quiet")
        self._colours = {name: self._theme.color(name) for name in names}
