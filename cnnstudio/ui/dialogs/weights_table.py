"""The table of all weights: network, size, where it is, and what can be done."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QProgressBar,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from cnnstudio.project.checked_weights import CheckedFile
from cnnstudio.project.problems import Problem
from cnnstudio.project.weights_places import WeightsState
from cnnstudio.project.words import N_, say
from cnnstudio.protocol import Progress
from cnnstudio.ui.weights_downloads import Key, Phase
from cnnstudio.ui.widgets.basics import ElidedLabel, button, label, set_property

_NAME, _SIZE, _WHERE, _ACTION = range(4)
_ROW_HEIGHT = 38
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter

_SHORT = {
    "no_internet": N_("No internet"),
    "weights_mirror_unknown": N_("Mirror not found"),
    "weights_mirror_unclear": N_("Mirror not found"),
    "weights_not_on_server": N_("Not on the server"),
    "weights_server_silent": N_("The server does not answer"),
    "weights_proxy_refused": N_("The proxy refused"),
    "weights_not_secure": N_("The server cannot be trusted"),
    "weights_broken_off": N_("Broke off"),
    "weights_wrong_bytes": N_("The wrong file was sent"),
    "weights_web_page": N_("Sign in to the network first"),
    "weights_not_kept": N_("Cannot be written"),
    "disk_full": N_("The disk is full"),
    "weights_no_hdf5": N_("No weights file"),
    "weights_cut_off": N_("Cut off or damaged"),
    "weights_wrong_checksum": N_("Wrong checksum"),
    "weights_other_shape": N_("Belongs to another network"),
    "weights_layer_missing": N_("Belongs to another network"),
    "weights_layer_too_many": N_("Belongs to another network"),
    "weights_no_numbers": N_("Damaged"),
    "weights_unreadable": N_("Cannot be read"),
}
"""The problems that a row tells in a few words; its tooltip has the sentences."""


class WeightsTable(QTableWidget):
    """One row for each network and width."""

    fetch_wanted = Signal(object)
    """The key of what is to be fetched."""
    cancel_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__(0, 4)
        self.setAccessibleName(say("Weights of networks"))
        titles = (say("Network"), say("Size"), say("Where"), "")
        self.setHorizontalHeaderLabels(titles)
        if (header_item := self.horizontalHeaderItem(_SIZE)) is not None:
            header_item.setTextAlignment(_RIGHT)
        self.setStyleSheet("QTableView::item { padding: 0 8px; }")
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(_WHERE, QHeaderView.ResizeMode.Stretch)
        self._rows: dict[Key, int] = {}
        self._cells: list[tuple[_Where, QPushButton]] = []
        self.states: tuple[WeightsState, ...] = ()

    def show_states(self, states: tuple[WeightsState, ...]) -> None:
        """Show what is here; rows that were selected stay so."""
        if [each.offered.key for each in states] != list(self._rows):
            self._make_rows(states)
        self.states = states
        for row, state in enumerate(states):
            if (size := self.item(row, _SIZE)) is not None:
                size.setText(_size(state))

    def show_phase(
        self,
        key: Key,
        phase: Phase,
        progress: Progress | None,
        problem: Problem | None,
        checked: CheckedFile | None,
    ) -> None:
        """Show how it stands with one row."""
        row = self._rows[key]
        where, act = self._cells[row]
        state = self.states[row]
        if phase == "running":
            where.show_progress(progress)
        elif phase == "waiting":
            where.show_text(say("Waiting"))
        elif problem is not None:
            where.show_problem(problem, state)
        elif checked is not None:
            where.show_checked(checked)
        else:
            where.show_state(state)
        words = _action(state, phase)
        act.setText(words)
        act.setVisible(bool(words))
        act.setAccessibleName(f"{words}: {state.offered.title}" if words else "")

    def selected(self) -> list[WeightsState]:
        """What is selected, in the order of the table."""
        rows = sorted({index.row() for index in self.selectionModel().selectedRows()})
        return [self.states[row] for row in rows]

    def action_of(self, key: Key) -> QPushButton:
        """The button of a row."""
        return self._cells[self._rows[key]][1]

    def words_of(self, key: Key) -> str:
        """What is said of a row."""
        return self._cells[self._rows[key]][0].words

    def _make_rows(self, states: tuple[WeightsState, ...]) -> None:
        self.clearContents()
        self.setRowCount(len(states))
        self._rows = {state.offered.key: row for row, state in enumerate(states)}
        self._cells = []
        for row, state in enumerate(states):
            name = QTableWidgetItem(state.offered.title)
            name.setToolTip(state.offered.name)
            self.setItem(row, _NAME, name)
            size = QTableWidgetItem()
            size.setTextAlignment(_RIGHT)
            self.setItem(row, _SIZE, size)
            where = _Where()
            self.setCellWidget(row, _WHERE, where)
            act = button("", self._acting(state.offered.key), "link")
            cell = QWidget()
            inside = QHBoxLayout(cell)
            inside.setContentsMargins(8, 0, 8, 0)
            inside.addWidget(act)
            self.setCellWidget(row, _ACTION, cell)
            self._cells.append((where, act))
        metrics = self.fontMetrics()
        widest = max(
            (metrics.horizontalAdvance(state.offered.title) for state in states), default=0
        )
        self.setColumnWidth(_NAME, widest + 28)
        self.setColumnWidth(_SIZE, metrics.horizontalAdvance("8888.8 MB") + 32)
        texts = (say("Download"), say("Resume"), say("Cancel"))
        self.setColumnWidth(_ACTION, max(metrics.horizontalAdvance(each) for each in texts) + 44)

    def _acting(self, key: Key) -> Callable[[], None]:
        def act() -> None:
            is_cancel = self._cells[self._rows[key]][1].text() == say("Cancel")
            (self.cancel_wanted if is_cancel else self.fetch_wanted).emit(key)

        return act


class _Where(QWidget):
    """Where a file is; while it is fetched, how far."""

    def __init__(self) -> None:
        super().__init__()
        self._text = ElidedLabel("", mode=Qt.TextElideMode.ElideMiddle)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setMinimumWidth(60)
        self._figures = label("", "small")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 8, 0)
        row.setSpacing(10)
        row.addWidget(self._text, 1)
        row.addWidget(self._bar, 1)
        row.addWidget(self._figures)
        self._bar.hide()
        self._figures.hide()

    @property
    def words(self) -> str:
        """What is said."""
        return self._text.text() if self._bar.isHidden() else self._figures.text()

    def show_text(self, text: str, tip: str = "", tone: str = "") -> None:
        """A line."""
        self._bar.hide()
        self._figures.hide()
        self._text.show()
        self._text.setText(text)
        self._text.setToolTip(tip or text)
        set_property(self._text, "tone", tone)
        set_property(self._text, "role", "verdict" if tone else "quiet")
        self._text.update()

    def show_state(self, state: WeightsState) -> None:
        """Where it is, or that it is not here."""
        if state.path is not None:
            self.show_text(say("Here: {folder}", folder=state.path.parent), str(state.path))
        elif state.unfinished:
            arrived = f"{state.unfinished / 1e6:.1f}"
            self.show_text(say("Not here yet, {megabytes} MB have arrived", megabytes=arrived))
        else:
            self.show_text(say("Not here"))

    def show_checked(self, checked: CheckedFile) -> None:
        """What looking into the file gave."""
        if checked.problem is not None and not checked.is_right:
            self.show_problem(checked.problem, None)
        elif checked.checksum == "right":
            self.show_text(say("Here and right"), checked.path, "good")
        else:
            text = say("Here and right (no checksum published)")
            self.show_text(text, checked.path, "good")

    def show_problem(self, problem: Problem, state: WeightsState | None) -> None:
        """What is wrong, in a few words; of a download also what has arrived."""
        words = say(_SHORT.get(problem.kind, N_("Failed")))
        if state is not None and state.unfinished:
            arrived = f"{state.unfinished / 1e6:.1f}"
            words = say("{problem}, {megabytes} MB have arrived", problem=words, megabytes=arrived)
        self.show_text(words, f"{problem.message} {problem.remedy}", "error")

    def show_progress(self, progress: Progress | None) -> None:
        """A bar and figures."""
        self._text.hide()
        self._bar.show()
        self._figures.show()
        done, total = (progress.done, progress.total) if progress is not None else (0, 0)
        self._bar.setRange(0, 1000 if total else 0)
        if total:
            self._bar.setValue(round(1000 * done / total))
            self._figures.setText(
                say("{done} of {total} MB", done=f"{done / 1e6:.1f}", total=f"{total / 1e6:.1f}")
            )
        elif done:
            self._figures.setText(say("{done} MB", done=f"{done / 1e6:.1f}"))
        else:
            self._figures.setText(say("Getting ready"))


def _size(state: WeightsState) -> str:
    megabytes = state.size / 1e6 if state.path is not None else state.offered.megabytes
    return say("{megabytes} MB", megabytes=f"{megabytes:.1f}") if megabytes else "–"


def _action(state: WeightsState, phase: Phase) -> str:
    if phase:
        return say("Cancel")
    if state.path is not None:
        return ""
    return say("Resume") if state.unfinished else say("Download")
