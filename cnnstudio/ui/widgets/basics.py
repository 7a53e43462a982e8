"""Labels, cards, buttons and notices in the house's style."""

import re
from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from cnnstudio.ui.widgets.flow_layout import FlowLayout
from cnnstudio.ui.widgets.link_button import LinkButton

_BREAK = "\u200b"
_PIECE = 18
_LONG_WORD = re.compile(r"[^\s\u200b]{19,}")

Role = Literal["", "title", "heading", "strong", "quiet", "small", "figure", "code", "chip"]
Tone = Literal["good", "warning", "error", "note"]


class _Paragraph(QLabel):
    """Wrapped text that never asks for more width than there is: paths break at their joints."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.setWordWrap(True)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setText(text)

    def setText(self, text: str) -> None:
        super().setText(_LONG_WORD.sub(_with_breaks, text))

    def text(self) -> str:
        return super().text().replace(_BREAK, "")


class ElidedLabel(QLabel):
    """One line that is cut with dots where there is no room; the tooltip has all of it."""

    def __init__(
        self,
        text: str,
        role: str = "",
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle,
    ) -> None:
        super().__init__(text)
        self._mode = mode
        self.setProperty("role", role)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setToolTip(text)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        return QSize(48, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        text = self.fontMetrics().elidedText(self.text(), self._mode, self.width())
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), int(self.alignment()), text)


def label(text: str = "", role: Role = "", wrap: bool = False) -> QLabel:
    """A line (or with ``wrap`` a paragraph) of text."""
    made = _Paragraph(text) if wrap else QLabel(text)
    made.setProperty("role", role)
    made.setTextFormat(Qt.TextFormat.PlainText)
    return made


def _with_breaks(word: re.Match[str]) -> str:
    """A long word with places where it may be broken."""
    parts = re.split(r"(?<=[/\\_.-])", word.group())
    pieces = [part[i : i + _PIECE] for part in parts for i in range(0, len(part), _PIECE)]
    return _BREAK.join(pieces)


def button(text: str, on_click: Callable[[], object], role: str = "") -> QPushButton:
    """A push button; ``role`` is ``main``, ``link``, ``segment`` or plain."""
    made = LinkButton(text) if role == "link" else QPushButton(text)
    made.setProperty("role", role)
    made.clicked.connect(lambda *_: on_click())
    if role in ("link", "main"):
        made.setCursor(Qt.CursorShape.PointingHandCursor)
    return made


def set_property(widget: QWidget, name: str, value: object) -> None:
    """Change a property that the style sheet looks at."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def clear_layout(layout: QLayout) -> None:
    """Take everything out of a layout and delete it."""
    while layout.count():
        item = layout.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif item is not None and (inner := item.layout()) is not None:
            clear_layout(inner)


class Card(QFrame):
    """A white box with an optional heading; fill ``body``."""

    def __init__(self, heading: str = "", margins: int = 16, spacing: int = 10) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(margins, margins, margins, margins)
        self.body.setSpacing(spacing)
        self.heading: QLabel | None = None
        if heading:
            self.heading = label(heading, "heading")
            self.body.addWidget(self.heading)


class Notice(QFrame):
    """A coloured box: what is seen, what it means, what can be done."""

    def __init__(
        self,
        tone: Tone,
        title: str,
        text: str = "",
        actions: tuple[tuple[str, Callable[[], object]], ...] = (),
    ) -> None:
        super().__init__()
        self.setProperty("role", "notice")
        self.setProperty("tone", tone)
        self.setAccessibleName(f"{title} {text}".strip())
        body = QVBoxLayout(self)
        body.setContentsMargins(14, 12, 14, 12)
        body.setSpacing(3)
        heading = label(title, wrap=True)
        heading.setProperty("tone", tone)
        body.addWidget(heading)
        if text:
            body.addWidget(label(text, wrap=True))
        if actions:
            row = FlowLayout(across=16, down=2)
            for name, act in actions:
                row.addWidget(button(name, act, "link"))
            body.addLayout(row)


class Page(QWidget):
    """Title and sentence above, body, and at the bottom a hint and the one main button."""

    next_wanted = Signal()

    def __init__(self, title: str, sentence: str = "") -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(24, 22, 24, 20)
        outer.setSpacing(16)
        head = QHBoxLayout()
        words = QVBoxLayout()
        words.setSpacing(4)
        self.title = label(title, "title")
        self.sentence = label(sentence, "quiet")
        self.sentence.setMinimumWidth(1)
        words.addWidget(self.title)
        words.addWidget(self.sentence)
        head.addLayout(words, 1)
        self.head_buttons = QHBoxLayout()
        self.head_buttons.setSpacing(12)
        head.addLayout(self.head_buttons)
        outer.addLayout(head)
        self.note = label("", "small", wrap=True)
        self.note.hide()
        outer.addWidget(self.note)
        self.body = QHBoxLayout()
        self.body.setSpacing(16)
        outer.addLayout(self.body, 1)
        self.footer = QHBoxLayout()
        self.footer.setSpacing(12)
        self.hint = label("", "quiet")
        self.footer.addWidget(self.hint, 1)
        outer.addLayout(self.footer)

    def show_note(self, text: str) -> None:
        """A quiet line below the sentence; empty takes it away."""
        self.note.setText(text)
        self.note.setVisible(bool(text))

    def add_main_button(self, text: str, on_click: Callable[[], object]) -> QPushButton:
        """The page's one loud button, bottom right."""
        made = button(text, on_click, "main")
        made.setDefault(True)
        self.footer.addWidget(made)
        return made


class _Inside(QWidget):
    """What a column scrolls: as high as its wrapped texts need at its width, not higher."""

    def minimumSizeHint(self) -> QSize:
        layout = self.layout()
        smallest = layout.minimumSize() if layout is not None else QSize()
        area = self.parentWidget()
        if layout is None or area is None or not layout.hasHeightForWidth():
            return smallest
        # Never wider than the column: it would slip sideways, and be cut below the scroll bar.
        return QSize(min(smallest.width(), area.width()), layout.totalHeightForWidth(area.width()))


class Column(QScrollArea):
    """A column that scrolls when the window is low; fill ``body``."""

    def __init__(self, width: int | None = None, spacing: int = 16) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        if width is not None:
            self.setFixedWidth(width)
        inside = _Inside()
        inside.setProperty("role", "inside")
        self.body: QBoxLayout = QVBoxLayout(inside)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(spacing)
        self.setWidget(inside)
        self.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)


SIDE_WIDTH = 296
