"""The freeze tree's model: one row a layer, blocks as parents with three states."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from cnnstudio.project.network_facts import Group, LayerFacts, NetworkFacts
from cnnstudio.project.words import N_, say
from cnnstudio.ui.theme import Theme

COLUMNS = (N_("Layer"), N_("Type"), N_("Output"), N_("Parameters"))
_Index = QModelIndex | QPersistentModelIndex


@dataclass(eq=False)
class _Node:
    """A block (with children) or a layer (with facts)."""

    title: str
    parent: "_Node | None" = None
    layer: LayerFacts | None = None
    children: list["_Node"] = field(default_factory=list)
    row: int = 0

    def layers(self) -> list[LayerFacts]:
        """The layers at or below this node that a tick can reach."""
        if self.layer is not None:
            return [self.layer]
        return [layer for child in self.children for layer in child.layers()]

    def add(self, child: "_Node") -> "_Node":
        child.parent, child.row = self, len(self.children)
        self.children.append(child)
        return child


def shape_words(shape: Iterable[int]) -> str:
    """An output shape as people write it: ``7 × 7 × 512``."""
    return " × ".join(str(side) for side in shape)


class LayerTreeModel(QAbstractItemModel):
    """Layers by block. ``ticks_changed`` carries the names of all trained layers."""

    ticks_changed = Signal(object)

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._root = _Node("")
        self._trained: frozenset[str] = frozenset()
        self._can_change = True

    def show_facts(self, facts: NetworkFacts, trained: frozenset[str]) -> None:
        """Show another network."""
        self.beginResetModel()
        self._root = _build(facts)
        self._trained = trained
        self.endResetModel()

    def show_trained(self, trained: frozenset[str]) -> None:
        """Show other ticks of the same network."""
        if trained != self._trained:
            self._trained = trained
            self._all_changed()

    def allow_changes(self, allowed: bool) -> None:
        """Whether ticks can be set."""
        self._can_change = allowed

    @property
    def trained(self) -> frozenset[str]:
        """Names of the layers that are ticked."""
        return self._trained

    def layer_index(self, name: str) -> QModelIndex:
        """Where the layer called ``name`` stands (invalid where it is not)."""
        stack = list(self._root.children)
        while stack:
            node = stack.pop()
            if node.layer is not None and node.layer.name == name:
                return self.createIndex(node.row, 0, node)
            stack += node.children
        return QModelIndex()

    # What Qt asks

    def index(self, row: int, column: int, parent: _Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        node = self._node(parent)
        if 0 <= row < len(node.children) and 0 <= column < len(COLUMNS):
            return self.createIndex(row, column, node.children[row])
        return QModelIndex()

    def parent(self, child: _Index = QModelIndex()) -> QModelIndex:  # type: ignore[override]  # noqa: B008
        above = self._node(child).parent if child.isValid() else None
        if above is None or above is self._root:
            return QModelIndex()
        return self.createIndex(above.row, 0, above)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return len(self._node(parent).children) if parent.column() <= 0 else 0

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return say(COLUMNS[section])
        if role == Qt.ItemDataRole.TextAlignmentRole and section == 3:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        may_change = index.column() == 0 and self._can_change
        if may_change and self._tickable(self._node(index)):
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        node = self._node(index)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(node, index.column())
            case Qt.ItemDataRole.CheckStateRole if index.column() == 0 and self._tickable(node):
                return self.state(node)
            case Qt.ItemDataRole.ForegroundRole:
                if self._is_frozen(node):
                    return self._theme.color("frozen")
                if index.column() == 1 and node.layer is not None:
                    return self._theme.color("quiet")
                return None
            case Qt.ItemDataRole.BackgroundRole if self._is_frozen(node):
                return self._theme.color("frozen_soft")
            case Qt.ItemDataRole.TextAlignmentRole if index.column() == 3:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._spoken(node, index.column())
            case Qt.ItemDataRole.ToolTipRole:
                return self._text(node, index.column())
            case _:
                return None

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole or not index.isValid():
            return False
        names = {layer.name for layer in _tickable_layers(self._node(index))}
        ticked = Qt.CheckState(value) != Qt.CheckState.Unchecked
        self._trained = self._trained | names if ticked else self._trained - names
        self._all_changed()
        self.ticks_changed.emit(self._trained)
        return True

    def state(self, node: _Node) -> Qt.CheckState:
        """A layer's tick, or a block's three states."""
        layers = _tickable_layers(node)
        ticked = sum(layer.name in self._trained for layer in layers)
        if ticked == 0:
            return Qt.CheckState.Unchecked
        return Qt.CheckState.Checked if ticked == len(layers) else Qt.CheckState.PartiallyChecked

    def _node(self, index: _Index) -> _Node:
        if not index.isValid():
            return self._root
        node = index.internalPointer()
        assert isinstance(node, _Node)
        return node

    def _tickable(self, node: _Node) -> bool:
        return bool(_tickable_layers(node))

    def _is_frozen(self, node: _Node) -> bool:
        return self._tickable(node) and self.state(node) == Qt.CheckState.Unchecked

    def _text(self, node: _Node, column: int) -> str:
        layers = node.layers()
        match column:
            case 0:
                return f"{node.title}  ❄" if self._is_frozen(node) else node.title
            case 1 if node.layer is not None:
                return node.layer.type
            case 1:
                return say(N_("{count} layers"), count=len(layers))
            case 2:
                return shape_words(layers[-1].output_shape) if layers else ""
            case _:
                return f"{sum(layer.parameters for layer in layers):,}"

    def _spoken(self, node: _Node, column: int) -> str:
        text = self._text(node, column).replace("  ❄", "")
        if column or not self._tickable(node):
            return text
        words = {
            Qt.CheckState.Checked: N_("{name}, trained"),
            Qt.CheckState.Unchecked: N_("{name}, frozen"),
            Qt.CheckState.PartiallyChecked: N_("{name}, partly trained"),
        }
        return say(words[self.state(node)], name=text)

    def _all_changed(self) -> None:
        stack = [self._root]
        while stack:
            node = stack.pop()
            if node.children:
                last = len(node.children) - 1
                self.dataChanged.emit(
                    self.createIndex(0, 0, node.children[0]),
                    self.createIndex(last, len(COLUMNS) - 1, node.children[last]),
                )
                stack += node.children


def _tickable_layers(node: _Node) -> list[LayerFacts]:
    """Inputs and preprocessing have nothing to train and carry no tick."""
    return [layer for layer in node.layers() if layer.part != "input"]


def _build(facts: NetworkFacts) -> _Node:
    """Nodes in the network's order; layers of one block in a row share a parent."""
    root = _Node("")
    block: _Node | None = None
    block_key: tuple[str, tuple[Group, ...]] | None = None
    for layer in facts.layers:
        key = (layer.part, layer.groups)
        if key != block_key:
            title = _block_title(layer)
            block = root.add(_Node(title)) if title else None
            block_key = key
        (block or root).add(_Node(layer.name, layer=layer))
    return root


def _block_title(layer: LayerFacts) -> str:
    match layer.part:
        case "input":
            return say(N_("Input"))
        case "head":
            return say(N_("Your head"))
        case _:
            title, value = layer.groups[-1] if layer.groups else ("", "")
            return say(title).replace("{0}", value) if title else ""
