"""The gallery of networks: search, filters, cards, and all that is known of the one in focus."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QModelIndex, QObject, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from cnnstudio.project.network_filters import FILTERS, matches
from cnnstudio.project.network_row import NetworkRow
from cnnstudio.project.network_table import NETWORKS
from cnnstudio.project.words import N_, say, say_count
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.basics import SIDE_WIDTH, button, label
from cnnstudio.ui.widgets.flow_layout import FlowLayout
from cnnstudio.ui.widgets.network_cards import (
    CARD_HEIGHT,
    CardFacts,
    NetworkCardPainter,
    NetworkCards,
)
from cnnstudio.ui.widgets.network_details import NetworkDetails

_NARROWEST_CARD = 216

KINDS: tuple[tuple[str, str], ...] = (
    ("all", N_("All")),
    ("application", N_("Pretrained")),
    ("layers", N_("From scratch")),
    ("own", N_("Your own")),
)


class NetworkGallery(QWidget):
    """Shows all networks; ``chosen`` carries the row's key and the variant's (or nothing)."""

    chosen = Signal(str, str)
    closed = Signal()

    def __init__(self, theme: Theme, facts: Callable[[NetworkRow], CardFacts]) -> None:
        super().__init__()
        self._facts = facts
        self.cards = NetworkCards(NETWORKS, facts, self)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(16)
        left = QVBoxLayout()
        left.setSpacing(12)
        left.addWidget(self._make_bar())
        self.view = QListView()
        self.view.setObjectName("network_cards")
        self.view.setAccessibleName(say("Networks"))
        self.view.setViewMode(QListView.ViewMode.IconMode)
        self.view.setResizeMode(QListView.ResizeMode.Adjust)
        self.view.setMovement(QListView.Movement.Static)
        self.view.setUniformItemSizes(True)
        self.view.setMouseTracking(True)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.view.setStyleSheet("QListView { background: transparent; }")
        self.view.setModel(self.cards)
        self._painter = NetworkCardPainter(theme, self.cards, self)
        self.view.setItemDelegate(self._painter)
        self.view.viewport().installEventFilter(self)
        self.view.activated.connect(self._on_activated)
        left.addWidget(self.view, 1)
        outer.addLayout(left, 1)
        self.details = NetworkDetails(theme)
        self.details.setFixedWidth(SIDE_WIDTH)
        self.details.chosen.connect(self.chosen)
        outer.addWidget(self.details)
        self.view.selectionModel().currentChanged.connect(self._on_current_changed)
        theme.changed.connect(self.view.viewport().update)
        self._apply_filters()

    def open_at(self, key: str) -> None:
        """Show all networks, the one called ``key`` (in use) in focus."""
        self.cards.chosen = key
        self.search.clear()
        self._kind = "all"
        for name, made in self.kind_buttons.items():
            made.setChecked(name == "all")
        for made in self.filter_buttons.values():
            made.setChecked(False)
        self._apply_filters()
        self._go_to(self.cards.place_of(key))
        self.view.setFocus()

    def refresh_facts(self) -> None:
        """What is known on this PC has changed."""
        self.view.viewport().update()
        self._on_current_changed(self.view.currentIndex(), QModelIndex())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            assert isinstance(event, QResizeEvent)
            self._fit_cards(event.size().width())
        return super().eventFilter(watched, event)

    def _make_bar(self) -> QWidget:
        bar = QWidget()
        flow = FlowLayout(bar, across=8)
        self.search = QLineEdit()
        self.search.setPlaceholderText(say("Find a network"))
        self.search.setAccessibleName(say("Find a network"))
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(160)
        self.search.textChanged.connect(self._apply_filters)
        self.search.returnPressed.connect(self.view_focus)
        flow.addWidget(self.search)
        self.kind_buttons: dict[str, QPushButton] = {}
        self._kind = "all"
        for key, title in KINDS:
            made = button(say(title), partial(self._choose_kind, key), "segment")
            made.setCheckable(True)
            made.setChecked(key == "all")
            flow.addWidget(made)
            self.kind_buttons[key] = made
        self.filter_buttons: dict[str, QPushButton] = {}
        for key, each in FILTERS.items():
            made = button(say(each.title), self._apply_filters, "segment")
            made.setCheckable(True)
            made.setToolTip(say(each.sentence))
            flow.addWidget(made)
            self.filter_buttons[key] = made
        fits = button(say("Fits this PC"), self._apply_filters, "segment")
        fits.setCheckable(True)
        fits.setToolTip(say("A training fits this PC's memory, by a short measurement made once."))
        flow.addWidget(fits)
        self.filter_buttons["fits"] = fits
        self.count = label("", "small")
        self.count.setMinimumHeight(fits.sizeHint().height())
        flow.addWidget(self.count)
        return bar

    def view_focus(self) -> None:
        """Go from the search to what it found."""
        self.view.setFocus()

    def _choose_kind(self, kind: str) -> None:
        self._kind = kind
        for key, made in self.kind_buttons.items():
            made.setChecked(key == kind)
        self._apply_filters()

    def _apply_filters(self) -> None:
        before = self.cards.row_at(self.view.currentIndex())
        rows = [row for row in NETWORKS if self._is_wanted(row)]
        self.cards.show_rows(rows)
        self.count.setText(say_count("{count} network", "{count} networks", len(rows)))
        place = self.cards.place_of(before.key) if before is not None else QModelIndex()
        self._go_to(place if place.isValid() else self.cards.index(0))

    def _is_wanted(self, row: NetworkRow) -> bool:
        kind = row.built_from if row.built_from in ("application", "layers") else "own"
        if self._kind not in ("all", kind) or not matches(row, self.search.text()):
            return False
        for key, made in self.filter_buttons.items():
            if not made.isChecked():
                continue
            if key == "fits":
                if self._facts(row).fits is False:
                    return False
            elif not FILTERS[key].holds(row):
                return False
        return True

    def _go_to(self, index: QModelIndex) -> None:
        self.view.setCurrentIndex(index)
        if index.isValid():
            self.view.scrollTo(index)
        else:
            self.details.show_row(None, CardFacts())

    def _on_current_changed(self, current: QModelIndex, before: QModelIndex) -> None:
        row = self.cards.row_at(current)
        self.details.show_row(row, self._facts(row) if row is not None else CardFacts())

    def _on_activated(self, index: QModelIndex) -> None:
        row = self.cards.row_at(index)
        if row is not None:
            self.chosen.emit(row.key, self.details.variant)

    def _fit_cards(self, width: int) -> None:
        columns = max(1, width // _NARROWEST_CARD)
        # One pixel less: a line of cards that fills the width to the last one would be broken.
        size = QSize((width - 1) // columns, CARD_HEIGHT)
        if self.view.gridSize() != size:
            self._painter.card_width = size.width()
            self.view.setGridSize(size)
