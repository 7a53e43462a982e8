"""A line to search with, which says in itself how many places were found."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit

from cnnstudio.project.words import say
from cnnstudio.ui.widgets.basics import label

_GAP = 8


class SearchField(QLineEdit):
    """``moved`` carries 1 for the next place (Enter) and -1 for the one before (Shift and Enter).

    Escape empties it.
    """

    moved = Signal(int)

    def __init__(self, placeholder: str) -> None:
        super().__init__()
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self.setToolTip(say("Enter goes on to the next one, Shift and Enter to the one before"))
        self._count = label("", "small")
        self._count.setParent(self)
        self._count.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    @property
    def found(self) -> str:
        """What it says of the places found."""
        return self._count.text()

    def show_found(self, words: str) -> None:
        """Say ``words`` at the end of the line."""
        self._count.setText(words)
        self._count.adjustSize()
        self.setAccessibleDescription(words)
        self.setTextMargins(0, 0, self._count.width() + _GAP if words else 0, 0)
        self._place_count()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
                self.moved.emit(-1 if shift else 1)
            case Qt.Key.Key_Escape if self.text():
                self.clear()
            case _:
                super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_count()

    def _place_count(self) -> None:
        left = self.width() - self._count.width() - _GAP
        self._count.move(left, (self.height() - self._count.height()) // 2)
