"""A line that says in short what is behind it, and opens."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from cnnstudio.project.words import say
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.basics import ElidedLabel, label

_ICON = 16
_HEIGHT = 34


class _Door(QPushButton):
    """The line: arrow, title, and what is chosen behind it."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setProperty("role", "door")
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 0, 2, 0)
        row.setSpacing(8)
        self.arrow = QLabel()
        self.words = label(title)
        self.short = ElidedLabel("", "small", Qt.TextElideMode.ElideRight)
        row.addWidget(self.arrow)
        row.addWidget(self.words)
        self.short.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.short, 1)
        for each in (self.arrow, self.words, self.short):
            each.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def sizeHint(self) -> QSize:
        layout = self.layout()
        return QSize(layout.sizeHint().width() if layout is not None else 0, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(48, _HEIGHT)


class Fold(QWidget):
    """Fill ``body``. ``toggled`` says that it was opened or shut. One of several has a line above,
    one that ``is_alone`` has not."""

    toggled = Signal(bool)

    def __init__(self, title: str, theme: Theme, is_alone: bool = False) -> None:
        super().__init__()
        self._title = title
        self._theme = theme
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.door = _Door(title)
        self.door.setProperty("alone", is_alone)
        self.door.toggled.connect(self._on_toggled)
        column.addWidget(self.door)
        self._inside = QWidget()
        self.body = QVBoxLayout(self._inside)
        self.body.setContentsMargins(0, 6, 0, 14)
        self.body.setSpacing(14)
        self._inside.hide()
        self._short = ""
        column.addWidget(self._inside)
        self.show_short("")
        theme.follow(self.door, self._show_arrow)

    @property
    def is_open(self) -> bool:
        """Whether what is behind it is in sight."""
        return self.door.isChecked()

    def set_open(self, is_open: bool) -> None:
        """Open or shut it."""
        self.door.setChecked(is_open)

    def show_short(self, words: str) -> None:
        """What is chosen behind it, in a few words."""
        self._short = words
        self.door.short.setText("" if self.is_open else words)
        self.door.setToolTip(words)
        name = say("{title}: {chosen}", title=self._title, chosen=words) if words else self._title
        self.door.setAccessibleName(name)

    def _show_arrow(self) -> None:
        arrow = "chevron-down" if self.is_open else "chevron-right"
        self.door.arrow.setPixmap(self._theme.pixmap(arrow, _ICON, "quiet"))

    def _on_toggled(self, is_open: bool) -> None:
        self._inside.setVisible(is_open and self.body.count() > 0)
        self.door.short.setText("" if is_open else self._short)
        self._show_arrow()
        self.toggled.emit(is_open)
