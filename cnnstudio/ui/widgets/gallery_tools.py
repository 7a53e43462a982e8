"""The rows above the gallery: search, class, filter, order, size of the tiles, and the count."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from cnnstudio.project.words import say, say_count
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.basics import label
from cnnstudio.ui.widgets.gallery_filter import ORDER_TITLES, SHOW_TITLES, Choice, Shelf

SMALLEST_SIDE = 64
LARGEST_SIDE = 256
SEARCH_AFTER_MS = 120
WIDEST_LIST = 320


class GalleryTools(QWidget):
    """What is to be seen is chosen here: :attr:`choice_changed`, :attr:`side_changed`."""

    choice_changed = Signal()
    side_changed = Signal(int)
    left_downwards = Signal()
    """Down or Enter in the search: on to the pictures."""

    def __init__(self, theme: Theme, side: int) -> None:
        super().__init__()
        self._theme = theme
        self._is_reversed = False
        self._pause = QTimer(self, singleShot=True, interval=SEARCH_AFTER_MS)
        self._pause.timeout.connect(self.choice_changed)
        self.search = QLineEdit()
        self.search.setPlaceholderText(say("Search file name or class"))
        self.search.setAccessibleName(say("Search file name or class"))
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(150)
        self._glass = QAction(self)
        self.search.addAction(self._glass, QLineEdit.ActionPosition.LeadingPosition)
        self.search.textChanged.connect(lambda _: self._pause.start())
        self.search.installEventFilter(self)
        self.label_choice = _choice(say("Class"))
        self.show_choice = _choice(say("Show"))
        self.order_choice = _choice(say("Order"))
        for order, title in ORDER_TITLES.items():
            self.order_choice.addItem(say(title), order)
        for choice in (self.label_choice, self.show_choice, self.order_choice):
            choice.currentIndexChanged.connect(lambda _: self.choice_changed.emit())
        self.turn = QToolButton()
        self.turn.setIconSize(QSize(20, 20))
        self.turn.clicked.connect(self._turn_order)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(SMALLEST_SIDE, LARGEST_SIDE)
        self.slider.setSingleStep(8)
        self.slider.setPageStep(32)
        self.slider.setValue(side)
        self.slider.setFixedWidth(104)
        self.slider.setToolTip(say("Size of the tiles"))
        self.slider.setAccessibleName(say("Size of the tiles"))
        self.slider.valueChanged.connect(self.side_changed)
        self.count = label("", "quiet")
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        upper, lower = QHBoxLayout(), QHBoxLayout()
        for row in (upper, lower):
            row.setSpacing(8)
            rows.addLayout(row)
        upper.addWidget(self.search, 1)
        upper.addWidget(self.label_choice)
        upper.addWidget(self.show_choice)
        lower.addWidget(self.count)
        lower.addStretch(1)
        lower.addWidget(self.slider)
        lower.addSpacing(8)
        lower.addWidget(self.order_choice)
        lower.addWidget(self.turn)
        theme.changed.connect(self._tint)
        self._tint()

    @property
    def choice(self) -> Choice:
        """What is to be seen."""
        return Choice(
            self.search.text(),
            self.label_choice.currentData(),
            self.show_choice.currentData() or "all",
            self.order_choice.currentData(),
            self._is_reversed,
        )

    def choose(self, choice: Choice) -> None:
        """See something else."""
        with QSignalBlocker(self):
            self.search.setText(choice.search)
            for box, wanted in (
                (self.label_choice, choice.label),
                (self.show_choice, choice.show),
                (self.order_choice, choice.order),
            ):
                box.setCurrentIndex(max(0, box.findData(wanted)))
            self._is_reversed = choice.is_reversed
        self._tint()
        self._pause.stop()
        self.choice_changed.emit()

    def show_shelf(self, shelf: Shelf) -> None:
        """Offer the classes there are, and say how many pictures each choice would show."""
        words = {name: f"{name} ({count:,})" for name, count in shelf.counts.items()}
        _refill(self.label_choice, {None: say("All classes"), **words})
        shows = {
            show: say(title) if show == "all" else f"{say(title)} ({shelf.shows[show]:,})"
            for show, title in SHOW_TITLES.items()
        }
        _refill(self.show_choice, shows)

    def show_count(self, shown: int, total: int) -> None:
        """Say how many of how many pictures are to be seen."""
        if shown == total:
            self.count.setText(say_count("{count:,} picture", "{count:,} pictures", total))
        else:
            self.count.setText(say("{shown:,} of {total:,}", shown=shown, total=total))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        pressed = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if watched is self.search and pressed:
            assert isinstance(event, QKeyEvent)
            return self._on_key(event.key())
        return super().eventFilter(watched, event)

    def _on_key(self, key: int) -> bool:
        if key == Qt.Key.Key_Escape and self.search.text():
            self.search.clear()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._pause.isActive():
                self._pause.stop()
                self.choice_changed.emit()
            self.left_downwards.emit()
        else:
            return False
        return True

    def _turn_order(self) -> None:
        self._is_reversed = not self._is_reversed
        self._tint()
        self.choice_changed.emit()

    def _tint(self) -> None:
        self._glass.setIcon(self._theme.icon("search", "quiet"))
        self.turn.setIcon(self._theme.icon("order-up" if self._is_reversed else "order-down"))
        words = say("Order turned round") if self._is_reversed else say("Turn the order round")
        self.turn.setToolTip(words)
        self.turn.setAccessibleName(words)


def _choice(name: str) -> QComboBox:
    made = QComboBox()
    made.setAccessibleName(name)
    made.setToolTip(name)
    made.setMaxVisibleItems(20)
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    made.setMinimumContentsLength(9)
    return made


def _refill(box: QComboBox, titles: Mapping[Any, str]) -> None:
    """Other entries; what was chosen stays so as long as it is among them."""
    chosen = box.currentData()
    with QSignalBlocker(box):
        box.clear()
        for data, title in titles.items():
            box.addItem(title, data)
        box.setCurrentIndex(max(0, box.findData(chosen)))
    widest = max(box.fontMetrics().horizontalAdvance(title) for title in titles.values())
    box.view().setMinimumWidth(min(widest, WIDEST_LIST) + 40)
