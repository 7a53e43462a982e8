"""What the health check looked for and did not find: nothing said is not nothing done."""

from collections.abc import Collection

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout

from cnnstudio.project.words import N_, say
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.basics import Card, clear_layout, label

LOOKED_FOR: tuple[tuple[frozenset[str], str], ...] = (
    (
        frozenset(
            {"file_missing", "file_unreadable", "file_empty", "not_a_picture"}
            | {"truncated", "damaged", "archive_damaged", "too_large", "unreadable"}
        ),
        N_("Files that are empty, cut off, damaged, too large, or no pictures"),
    ),
    (
        frozenset({"copies_two_classes", "look_alikes_two_classes"}),
        N_("One picture under two classes"),
    ),
    (
        frozenset({"copies_two_parts", "look_alikes_two_parts"}),
        N_("Look-alikes on both sides of training and test"),
    ),
    (frozenset({"copies", "look_alikes"}), N_("Copies, other sizes of one photograph, bursts")),
    (frozenset({"tiny", "extreme_aspect"}), N_("Pictures much smaller or narrower than the rest")),
    (frozenset({"animated", "wrong_extension"}), N_("Animations, and names of another format")),
    (frozenset({"few_pictures", "imbalance"}), N_("Classes with few pictures, or far more")),
)
"""Kinds of findings, and what they are together."""

_MARK = 16


class LookedForCard(Card):
    """A line with a tick for everything that was looked for and not found."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(say("Looked for, and not found"))
        self._theme = theme
        self._found: frozenset[str] = frozenset()
        self._lines = QGridLayout()
        self._lines.setHorizontalSpacing(10)
        self._lines.setVerticalSpacing(8)
        self._lines.setColumnStretch(1, 1)
        self.body.addLayout(self._lines)
        theme.changed.connect(self._show)
        self._show()

    def show_found(self, kinds: Collection[str]) -> None:
        """``kinds`` are those of the findings that there are."""
        if self._found != frozenset(kinds):
            self._found = frozenset(kinds)
            self._show()

    @property
    def titles(self) -> list[str]:
        """What was not found."""
        return [say(title) for kinds, title in LOOKED_FOR if not kinds & self._found]

    def _show(self) -> None:
        clear_layout(self._lines)
        for row, title in enumerate(self.titles):
            mark = label()
            mark.setPixmap(self._theme.pixmap("check", _MARK, "good"))
            self._lines.addWidget(mark, row, 0, Qt.AlignmentFlag.AlignTop)
            self._lines.addWidget(label(title, "quiet", wrap=True), row, 1)
