"""The classes as a short list that takes pictures dragged out of the gallery."""

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from cnnstudio.project.words import say
from cnnstudio.ui.widgets.basics import Card, ElidedLabel, clear_layout, label
from cnnstudio.ui.widgets.class_card import dot_icon
from cnnstudio.ui.widgets.drop_area import ClassDrop

MOST_SHOWN = 40


class ClassShelf(Card):
    """Drop pictures on a line to put them into that class."""

    pictures_dropped = Signal(str, list)
    files_dropped = Signal(str, list)

    def __init__(self) -> None:
        super().__init__(say("Move to a class"), spacing=8)
        self.body.addWidget(label(say("Drag pictures onto a class."), "small", wrap=True))
        self._lines = QVBoxLayout()
        self._lines.setSpacing(4)
        self.body.addLayout(self._lines)
        self._shown: tuple[object, ...] = ()

    def show_classes(
        self, counts: Mapping[str, int], colors: Mapping[str, str], allowed: bool
    ) -> None:
        """Show the classes with the number of their pictures."""
        shown = (tuple(counts.items()), tuple(colors.items()), allowed)
        if shown == self._shown:
            return
        self._shown = shown
        clear_layout(self._lines)
        for name in list(counts)[:MOST_SHOWN]:
            self._lines.addWidget(self._line(name, counts[name], colors[name], allowed))

    def _line(self, name: str, count: int, color: str, allowed: bool) -> ClassDrop:
        made = ClassDrop()
        made.setProperty("role", "line_drop")
        made.setAcceptDrops(allowed)
        made.setAccessibleName(say("Class {name}", name=name))
        made.pictures_dropped.connect(partial(self.pictures_dropped.emit, name))
        made.files_dropped.connect(partial(self.files_dropped.emit, name))
        row = QHBoxLayout(made)
        row.setContentsMargins(10, 8, 10, 8)
        row.setSpacing(10)
        dot = label()
        dot.setPixmap(dot_icon(color, 12).pixmap(12))
        row.addWidget(dot)
        row.addWidget(ElidedLabel(name), 1)
        row.addWidget(label(f"{count:,}", "quiet"))
        return made
