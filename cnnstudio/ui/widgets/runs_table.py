"""The table of a project's runs: to be sorted, searched, and named in place."""

from enum import IntEnum
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QDateTime,
    QLocale,
    QModelIndex,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from cnnstudio.project.run_folder import RunFolder
from cnnstudio.project.run_summary import RunSummary
from cnnstudio.project.words import say

_ROW_HEIGHT = 36
_LEAST_NAME_WIDTH = 90
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LONG_DATE = 1_135_770_000  # 28 December, late in the morning: two digits each
_SORTED_BY = Qt.ItemDataRole.UserRole
_NOTHING = QModelIndex()

Index = QModelIndex | QPersistentModelIndex


class Cell(IntEnum):
    """The columns."""

    STAR = 0
    NAME = 1
    NETWORK = 2
    ACCURACY = 3
    EPOCHS = 4
    BEGAN = 5
    STATE = 6


class RunsModel(QAbstractTableModel):
    """A row for each summary, in the order in which they were given."""

    renamed = Signal(object, str)
    """A run, and the name that was typed for it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.summaries: list[RunSummary] = []
        self.places: dict[RunFolder, int] = {}
        """Of the runs that wait: how manieth each is, from 1."""
        self.names_networks = False
        """Whether a run without a name has that of its network, which is not seen else."""
        self._titles = (
            "",
            say("Name"),
            say("Network"),
            say("Accuracy"),
            say("Epochs"),
            say("Began"),
            say("State"),
        )

    def show(self, summaries: list[RunSummary]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self.summaries = list(summaries)
        self.endResetModel()

    def add(self, summaries: list[RunSummary]) -> None:
        """Put rows below the others."""
        count = len(self.summaries)
        self.beginInsertRows(_NOTHING, count, count + len(summaries) - 1)
        self.summaries += summaries
        self.endInsertRows()

    def replace(self, summary: RunSummary) -> None:
        """Show a run as it stands now."""
        row = self.row_of(summary.run)
        if row is not None:
            self.summaries[row] = summary
            self.dataChanged.emit(self.index(row, 0), self.index(row, Cell.STATE))

    def row_of(self, run: RunFolder) -> int | None:
        """The row of ``run``, if it is here."""
        return next((row for row, each in enumerate(self.summaries) if each.run == run), None)

    def rowCount(self, parent: Index = _NOTHING) -> int:
        return 0 if parent.isValid() else len(self.summaries)

    def columnCount(self, parent: Index = _NOTHING) -> int:
        return 0 if parent.isValid() else len(self._titles)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._titles[section]
        if role == Qt.ItemDataRole.AccessibleTextRole and section == Cell.STAR:
            return say("Starred")
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if section in (Cell.ACCURACY, Cell.EPOCHS) else _LEFT
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == Cell.NAME else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        summary, column = self.summaries[index.row()], index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(summary, column)
            case Qt.ItemDataRole.EditRole if column == Cell.NAME:
                return summary.notes.name
            case Qt.ItemDataRole.AccessibleTextRole if column == Cell.STAR:
                return say("Starred") if summary.notes.is_starred else say("Not starred")
            case Qt.ItemDataRole.ToolTipRole:
                return self._tip(summary, column)
            case Qt.ItemDataRole.TextAlignmentRole:
                return _RIGHT if column in (Cell.ACCURACY, Cell.EPOCHS) else _LEFT
            case _ if role == _SORTED_BY:
                return self._order(summary, column)
            case _:
                return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or index.column() != Cell.NAME:
            return False
        summary = self.summaries[index.row()]
        if str(value).strip() != summary.notes.name:
            self.renamed.emit(summary.run, str(value))
        return True

    def _text(self, summary: RunSummary, column: int) -> str:
        match column:
            case Cell.STAR:
                return "★" if summary.notes.is_starred else "☆"
            case Cell.NAME:
                return summary.notes.name or (summary.network if self.names_networks else "–")
            case Cell.NETWORK:
                return summary.network
            case Cell.ACCURACY:
                return share_text(summary.best_accuracy)
            case Cell.EPOCHS:
                return summary.epochs_words
            case Cell.BEGAN:
                return moment_text(summary.began)
            case _:
                place = self.places.get(summary.run)
                if place is None:
                    return summary.state_words
                return say("{state} ({place})", state=summary.state_words, place=place)

    def _tip(self, summary: RunSummary, column: int) -> str | None:
        match column:
            case Cell.STAR:
                return say("Click to mark or unmark it.")
            case Cell.NAME:
                return "\n".join(filter(None, (summary.notes.name, summary.notes.text))) or None
            case Cell.ACCURACY if summary.best_epoch:
                return say("Best validation accuracy, in epoch {epoch}", epoch=summary.best_epoch)
            case Cell.STATE if summary.problem is not None:
                return summary.problem.message
            case _:
                return None

    def _order(self, summary: RunSummary, column: int) -> Any:
        match column:
            case Cell.STAR:
                return int(summary.notes.is_starred)
            case Cell.ACCURACY:
                return -1.0 if summary.best_accuracy is None else summary.best_accuracy
            case Cell.EPOCHS:
                return summary.epochs_done
            case Cell.BEGAN:
                return summary.began
            case _:
                return self._text(summary, column).casefold()


class _Found(QSortFilterProxyModel):
    """The rows in which every word that is looked for stands somewhere."""

    def __init__(self, model: RunsModel) -> None:
        super().__init__(model)
        self._model = model
        self._words: list[str] = []
        self.setSortRole(_SORTED_BY)
        self.setSourceModel(model)

    def look_for(self, text: str) -> None:
        """Show only rows with these words."""
        self._words = text.casefold().split()
        self.invalidate()

    def filterAcceptsRow(self, row: int, parent: Index) -> bool:
        summary = self._model.summaries[row]
        notes = summary.notes
        where = (notes.name, notes.text, summary.network, summary.state_words, summary.when)
        text = "\n".join((*where, moment_text(summary.began))).casefold()
        return all(word in text for word in self._words)


class RunsTable(QTableView):
    """Runs by row. F2 or a double click names one, Enter shows it, Delete removes it."""

    chosen = Signal(object)
    """The :class:`RunSummary` in hand, or None."""
    shown = Signal()
    star_wanted = Signal(object)
    removal_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._widths: dict[Cell, int] = {}
        self.runs = RunsModel(self)
        self.found = _Found(self.runs)
        self.setModel(self.found)
        self.setAccessibleName(say("Runs"))
        self.setStyleSheet("QTableView::item { padding: 0 8px; }")
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
        )
        self.setSortingEnabled(True)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(Cell.NAME, QHeaderView.ResizeMode.Stretch)
        self.sortByColumn(Cell.BEGAN, Qt.SortOrder.DescendingOrder)
        self.clicked.connect(self._on_clicked)
        self.selectionModel().currentRowChanged.connect(lambda *_: self._tell_chosen())

    def showEvent(self, event: QShowEvent) -> None:
        self._set_widths()  # Only now the letters are those of the style.
        self._fit()
        super().showEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Show the networks only where there is room enough for them and the names."""
        fixed = sum(self._widths.values())
        is_narrow = bool(fixed) and self.viewport().width() - fixed < _LEAST_NAME_WIDTH
        self.runs.names_networks = is_narrow
        self.setColumnHidden(Cell.NETWORK, is_narrow)

    @property
    def current(self) -> RunSummary | None:
        """The run in hand."""
        index = self.currentIndex()
        if not index.isValid():
            return None
        return self.runs.summaries[self.found.mapToSource(index).row()]

    def choose(self, run: RunFolder | None) -> None:
        """Put ``run`` in hand; the first row where it is not here."""
        row = self.runs.row_of(run) if run is not None else None
        index = self.found.index(0, Cell.NAME)
        if row is not None:
            place = self.found.mapFromSource(self.runs.index(row, Cell.NAME))
            index = place if place.isValid() else index
        self.setCurrentIndex(index)
        self._tell_chosen()

    def rename(self) -> None:
        """Let a name be typed for the run in hand."""
        index = self.currentIndex()
        if index.isValid():
            self.setFocus()
            self.edit(index.siblingAtColumn(Cell.NAME))

    def look_for(self, text: str) -> None:
        """Show only runs with these words; the one in hand stays if it is among them."""
        before = self.current
        self.found.look_for(text)
        self.choose(before.run if before is not None else None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.state() == QAbstractItemView.State.EditingState:
            return  # The Enter that ends a name comes here too.
        match event.key():
            case Qt.Key.Key_F2:
                self.rename()
            case Qt.Key.Key_Delete if self.current is not None:
                self.removal_wanted.emit()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if self.current is not None:
                self.shown.emit()
            case _:
                super().keyPressEvent(event)

    def _on_clicked(self, index: QModelIndex) -> None:
        summary = self.current
        if index.column() == Cell.STAR and summary is not None:
            self.star_wanted.emit(summary)

    def _tell_chosen(self) -> None:
        self.chosen.emit(self.current)

    def _set_widths(self) -> None:
        metrics = self.fontMetrics()
        widest = {
            Cell.STAR: "★",
            Cell.NETWORK: "EfficientNetB0",
            Cell.ACCURACY: say("Accuracy"),
            Cell.EPOCHS: say("{done} of {planned}", done=888, planned=888),
            Cell.BEGAN: moment_text(_LONG_DATE),
            Cell.STATE: say("finished early"),
        }
        for column, text in widest.items():
            self._widths[column] = metrics.horizontalAdvance(text) + 24
            self.setColumnWidth(column, self._widths[column])


def share_text(share: float | None) -> str:
    """An accuracy, or that there is none."""
    return "–" if share is None else f"{share * 100:.1f}%"


def moment_text(seconds: float) -> str:
    """A moment in seconds since 1970 as people of this system write it."""
    moment = QDateTime.fromSecsSinceEpoch(int(seconds))
    return QLocale().toString(moment, QLocale.FormatType.ShortFormat)


def title_text(summary: RunSummary) -> str:
    """The name that a person gave a run, else when it began."""
    return summary.notes.name or moment_text(summary.began)


def name_apart(summary: RunSummary) -> str:
    """What tells a run from others: its name, else its network and when it began."""
    if summary.notes.name:
        return summary.notes.name
    when = moment_text(summary.began)
    return say("{network} · {when}", network=summary.network, when=when)
