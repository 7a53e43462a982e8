"""A column whose cards stay under the mouse when others above them come, grow or go."""

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QMoveEvent
from PySide6.QtWidgets import QWidget

from cnnstudio.ui.widgets.basics import Column

_ROOM_ABOVE = 12


class SteadyColumn(Column):
    """Steady is the card under the mouse; without one, in a scrolled column, the first in sight."""

    def __init__(self, width: int) -> None:
        super().__init__(width)
        self._cards: list[QWidget] = []
        self._first: QWidget | None = None
        self._owed = 0
        """By how much it has still to be scrolled, as soon as there is so much to scroll."""
        self._is_paying = False
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self.verticalScrollBar().rangeChanged.connect(lambda *_: self._pay())

    def add_card(self, card: QWidget) -> None:
        """Put ``card`` below the others."""
        self._cards.append(card)
        card.installEventFilter(self)
        self.body.addWidget(card)

    def go_to_top(self) -> None:
        """Begin anew: what is first is in sight."""
        self._owed = 0
        self._first = None
        self.verticalScrollBar().setValue(0)

    def bring_into_sight(self, opened: QWidget) -> None:
        """Scroll to ``opened`` when it has its place: all of it, or at least its beginning."""
        QTimer.singleShot(0, self, lambda: self._scroll_to(opened))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QMoveEvent) and watched is self._steady():
            self._owed += event.pos().y() - event.oldPos().y()
            self._pay()
            QTimer.singleShot(0, self, self._forget_rest)
        return super().eventFilter(watched, event)

    def _steady(self) -> QWidget | None:
        shown = [card for card in self._cards if card.isVisible()]
        under = next((card for card in shown if card.underMouse()), None)
        return under or (self._first if self._first in shown else None)

    def _scroll_to(self, opened: QWidget) -> None:
        inside = self.widget()
        if inside is None or not opened.isVisible() or not inside.isAncestorOf(opened):
            return
        bar = self.verticalScrollBar()
        top = opened.mapTo(inside, opened.rect().topLeft()).y() - _ROOM_ABOVE
        bottom = top + opened.height() + 2 * _ROOM_ABOVE
        lowest = bottom - self.viewport().height()
        if top < bar.value() or lowest > bar.value():
            bar.setValue(min(top, max(lowest, 0)))

    def _pay(self) -> None:
        if not self._owed:
            return
        bar = self.verticalScrollBar()
        before = bar.value()
        self._is_paying = True
        bar.setValue(before + self._owed)
        self._is_paying = False
        self._owed -= bar.value() - before

    def _forget_rest(self) -> None:
        """What could not be scrolled by now never will be."""
        self._pay()
        self._owed = 0

    def _on_scrolled(self, value: int) -> None:
        if self._is_paying:
            return
        self._owed = 0
        below = (
            card for card in self._cards if card.isVisible() and card.geometry().bottom() > value
        )
        self._first = next(below, None) if value else None
