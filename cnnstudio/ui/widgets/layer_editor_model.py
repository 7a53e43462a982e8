"""The list of layers as a model: one row a layer with what comes out of it and what is wrong."""

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from cnnstudio.project.layer_formulas import LETTERS
from cnnstudio.project.layer_list import AnyLayer, LayerList
from cnnstudio.project.layer_remedies import Remedy, remedies_for
from cnnstudio.project.layer_shapes import LayerShape
from cnnstudio.project.problems import Problem
from cnnstudio.project.words import say
from cnnstudio.ui.widgets.layer_editor_looks import kind_and_settings, shape_words

ROW_ROLE = Qt.ItemDataRole.UserRole + 1
PLACES_MIME = "application/x-cnnstudio-layer-places"
"""Places of the layers that are dragged, separated by commas."""

_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class LayerRow:
    """All that a row shows. ``share``: its parameters beside those of the largest layer, 0 to 1."""

    layer: AnyLayer
    shape: LayerShape
    share: float = 0.0
    remedies: tuple[Remedy, ...] = ()

    @property
    def problem(self) -> Problem | None:
        """What is wrong with the layer, the worst first."""
        ordered = sorted(self.shape.problems, key=lambda each: each.severity != "error")
        return ordered[0] if ordered else None


class LayerListModel(QAbstractListModel):
    """Rows in the order of the list. Moving is asked for, not done: the list is a plan's value."""

    move_wanted = Signal(object, int)
    """Places of the layers that were dropped, and before which place."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[LayerRow] = []
        self._can_change = True

    def show_layers(self, layers: LayerList, shapes: tuple[LayerShape, ...]) -> None:
        """Show other layers; rows that stay keep their place in the view."""
        most = max((shape.parameters for shape in shapes), default=0)
        new = [
            LayerRow(layer, shape, shape.parameters / most if most else 0.0, ())
            for layer, shape in zip(layers, shapes, strict=True)
        ]
        for place, row in enumerate(new):
            if row.problem is not None:
                remedies = remedies_for(layers, place, row.problem)
                new[place] = LayerRow(row.layer, row.shape, row.share, remedies)
        old_names = [row.layer.name for row in self._rows]
        new_names = [row.layer.name for row in new]
        first = _common(old_names, new_names)
        last = _common(old_names[first:][::-1], new_names[first:][::-1])
        old_end, new_end = len(old_names) - last, len(new_names) - last
        if old_end > first:
            self.beginRemoveRows(QModelIndex(), first, old_end - 1)
            del self._rows[first:old_end]
            self.endRemoveRows()
        if new_end > first:
            self.beginInsertRows(QModelIndex(), first, new_end - 1)
            self._rows[first:first] = new[first:new_end]
            self.endInsertRows()
        changed = [place for place, row in enumerate(new) if row != self._rows[place]]
        self._rows = new
        if changed:
            self.dataChanged.emit(self.index(changed[0]), self.index(changed[-1]))

    def allow_changes(self, allowed: bool) -> None:
        """Whether layers can be dragged."""
        self._can_change = allowed

    @property
    def rows(self) -> list[LayerRow]:
        """What is shown."""
        return self._rows

    def row_at(self, index: _Index) -> LayerRow | None:
        """What stands there."""
        inside = index.isValid() and index.row() < len(self._rows)
        return self._rows[index.row()] if inside else None

    # What Qt asks

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row_at(index)
        if row is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.layer.name
            case Qt.ItemDataRole.AccessibleTextRole:
                return spoken(row)
            case Qt.ItemDataRole.ToolTipRole:
                return _tip(row)
            case _ if role == ROW_ROLE:
                return row
            case _:
                return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        if not index.isValid():
            # Layers are dropped between rows, never onto one.
            return Qt.ItemFlag.ItemIsDropEnabled
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsDragEnabled if self._can_change else flags

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        return [PLACES_MIME]

    def mimeData(self, indexes: Any) -> QMimeData:
        places = sorted({index.row() for index in indexes})
        mime = QMimeData()
        mime.setData(PLACES_MIME, ",".join(map(str, places)).encode())
        return mime

    def dropMimeData(
        self, mime: QMimeData, action: Qt.DropAction, row: int, column: int, parent: _Index
    ) -> bool:
        """Ask for the move; the rows follow once the plan has changed."""
        if not self._can_change or not mime.hasFormat(PLACES_MIME) or parent.isValid():
            return False
        places = [int(each) for each in bytes(mime.data(PLACES_MIME).data()).split(b",")]
        self.move_wanted.emit(places, row if row >= 0 else len(self._rows))
        return True

    def moveRows(
        self, source: _Index, row: int, count: int, destination: _Index, child: int
    ) -> bool:
        if not self._can_change or source.isValid() or destination.isValid():
            return False
        self.move_wanted.emit(list(range(row, row + count)), child)
        return True


def spoken(row: LayerRow) -> str:
    """A row for a screen reader."""
    values = {"name": row.layer.name, "kind": kind_and_settings(row.layer)}
    if row.problem is not None:
        return say("{name}, {kind}. {problem}", **values, problem=row.problem.message)
    if row.shape.output_shape is None:
        return say("{name}, {kind}. Waits for a layer above that does not fit.", **values)
    return say(
        "{name}, {kind}. Gives {shape}, has {parameters:,} parameters.",
        **values,
        shape=shape_words(row.shape.output_shape),
        parameters=row.shape.parameters,
    )


def _tip(row: LayerRow) -> str:
    lines = [kind_and_settings(row.layer)]
    if row.shape.is_waiting:
        lines.append(say("Waits for a layer above that does not fit."))
    if row.shape.size is not None:
        lines.append(say("Size: {formula}", formula=row.shape.size.text))
    if row.shape.cost is not None:
        lines.append(say("Parameters: {formula}", formula=row.shape.cost.text))
    if len(lines) > 1 and not row.shape.is_waiting:
        lines.append(say(LETTERS))
    return "\n".join(lines)


def _common(one: list[str], other: list[str]) -> int:
    """How many entries both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))
