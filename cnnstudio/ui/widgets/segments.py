"""A few values side by side, one of them chosen."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QSizePolicy, QWidget


class Segments(QWidget):
    """Buttons of which one is down; ``chosen`` comes with its value when the person changes it."""

    chosen = Signal(int)

    def __init__(self, name: str, choices: Sequence[tuple[int, str]], value: int) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.buttons: dict[int, QPushButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self._group = QButtonGroup(self)
        for each, text in choices:
            made = QPushButton(text)
            made.setProperty("role", "segment")
            made.setStyleSheet("QPushButton { padding-left: 4px; padding-right: 4px; }")
            made.setCheckable(True)
            made.setAutoDefault(False)
            made.setAccessibleDescription(name)
            row.addWidget(made, 1)
            self._group.addButton(made, each)
            self.buttons[each] = made
        self.buttons[value].setChecked(True)
        self._group.idClicked.connect(self.chosen)

    @property
    def value(self) -> int:
        """What is chosen."""
        return self._group.checkedId()
