"""The gallery's pictures as Qt's item views want them: rows of one list."""

from collections.abc import Collection, Sequence
from itertools import pairwise

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from cnnstudio.project.words import N_, say
from cnnstudio.ui.widgets.gallery_items import GalleryItem

_Index = QModelIndex | QPersistentModelIndex
_NOTHING = QModelIndex()


class GalleryModel(QAbstractListModel):
    """The pictures that are shown, in their order."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.items: Sequence[GalleryItem] = ()

    def show_items(self, items: Sequence[GalleryItem]) -> None:
        """Show other pictures."""
        self.beginResetModel()
        self.items = items
        self.endResetModel()

    def rowCount(self, parent: _Index = _NOTHING) -> int:
        return 0 if parent.isValid() else len(self.items)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        item = self.items[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return item.name
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return "\n".join(facts_in_words(item))
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return (
            Qt.ItemFlag.ItemIsEnabled
            | Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemIsDragEnabled
            | Qt.ItemFlag.ItemNeverHasChildren
        )

    def rows_of(self, paths: Collection[str]) -> list[int]:
        """The rows of those pictures that are shown, in order."""
        if not paths:
            return []
        return [row for row, item in enumerate(self.items) if item.path in paths]

    def selection_of(self, rows: Sequence[int]) -> QItemSelection:
        """``rows`` (in order) as a selection of as few ranges as can be."""
        selection = QItemSelection()
        if not rows:
            return selection
        breaks = [place for place, (one, next_) in enumerate(pairwise(rows), 1) if next_ != one + 1]
        for first, end in zip([0, *breaks], [*breaks, len(rows)], strict=True):
            ends = self.index(rows[first]), self.index(rows[end - 1])
            selection.append(QItemSelectionRange(*ends))
        return selection

    def paths_in(self, selected: QItemSelectionModel) -> list[str]:
        """The paths of the selected pictures, in order."""
        return [
            item.path
            for rows in rows_chosen(selected)
            for item in self.items[rows.start : rows.stop]
        ]


def rows_chosen(selected: QItemSelectionModel) -> list[range]:
    """The selected rows as runs of neighbours, in order."""
    selection = selected.selection()
    ranges = [selection.at(place) for place in range(selection.count())]
    return sorted(
        (range(each.top(), each.bottom() + 1) for each in ranges if each.isValid()),
        key=lambda each: each.start,
    )


PART_NAMES = {"training": N_("Training"), "validation": N_("Validation"), "test": N_("Test")}


def facts_in_words(item: GalleryItem) -> list[str]:
    """What the badges of a tile mean, for the tooltip and for those who cannot see them."""
    words = [item.name, item.label]
    if item.part is not None:
        words.append(say(PART_NAMES[item.part]))
    if item.pinned:
        words.append(say("Pinned to a part"))
    if item.in_group:
        words.append(say("Has look-alikes"))
    if item.left_out:
        words.append(say("Left out"))
    if item.problem:
        words.append(item.problem)
    return words
