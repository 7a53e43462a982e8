"""One finding of the health check: what was found, why it matters, pictures, and remedies."""

import os
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from cnnstudio.project.words import say, say_count
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.basics import Card, ElidedLabel, button, clear_layout, label
from cnnstudio.ui.widgets.flow_layout import FlowLayout
from cnnstudio.ui.widgets.kept_focus import focus_kept
from cnnstudio.ui.widgets.thumbnail_grid import GAP, ThumbnailGrid
from cnnstudio.worker.thumbnail_loader import ThumbnailLoader

if TYPE_CHECKING:
    from cnnstudio.project.findings import Finding, Group

FIRST_GROUPS = 6
MORE_GROUPS = 20
MOST_IN_GROUP = 12
TILE_SIDE = 104
SINGLE_SIDE = 64
GROUP_WIDTH = 312
MOST_IN_ROW = 5

_ICON_TOKENS = {"error": "error", "warning": "warning", "note": "accent"}


class FindingCard(Card):
    """Groups of pictures stand side by side; long lists come page by page."""

    remedy_chosen = Signal(object, object, object)
    """Finding, remedy, and its groups (``None``: all)."""
    picture_opened = Signal(str, object)
    """The picture that was clicked, and the pictures beside it."""

    def __init__(
        self, loader: ThumbnailLoader, theme: Theme, caption_of: Callable[[str], str]
    ) -> None:
        super().__init__(spacing=8)
        self._loader = loader
        self._theme = theme
        self._caption_of = caption_of
        self._finding: Finding | None = None
        self._allowed = True
        self._captions: list[str] = []
        self._shown_groups = 0
        head = QHBoxLayout()
        head.setSpacing(10)
        self._icon = label()
        self._icon.setFixedWidth(20)
        head.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(4)
        self.title = label("", "heading", wrap=True)
        words.addWidget(self.title)
        self.why = label("", "quiet", wrap=True)
        words.addWidget(self.why)
        head.addLayout(words, 1)
        self.body.addLayout(head)
        self._remedies = FlowLayout(across=8, down=8)
        words.addSpacing(6)
        words.addLayout(self._remedies)
        self._groups = FlowLayout(across=12, down=12)
        self.body.addSpacing(4)
        self.body.addLayout(self._groups)
        self.more_button = button("", self._show_more, "link")
        self.body.addWidget(self.more_button)
        theme.changed.connect(self._paint_icon)

    @property
    def finding(self) -> "Finding | None":
        """What is shown."""
        return self._finding

    def show_finding(self, finding: "Finding", allowed: bool) -> None:
        """Show another finding, or another state of the same one."""
        captions = [self._caption_of(path) for group in finding.groups for path in group]
        if (finding, allowed, captions) == (self._finding, self._allowed, self._captions):
            return
        wanted = max(FIRST_GROUPS, self._shown_groups)
        self._finding, self._allowed, self._captions = finding, allowed, captions
        self.setAccessibleName(finding.title)
        self.title.setText(finding.title)
        self.why.setText(finding.why)
        self._paint_icon()
        with focus_kept(self):
            self._make_anew(finding, wanted)

    def _make_anew(self, finding: "Finding", wanted: int) -> None:
        clear_layout(self._remedies)
        for remedy in finding.remedies:
            act = partial(self.remedy_chosen.emit, finding, remedy, None)
            self._remedies.addWidget(self._judged(button(remedy.sentence, act)))
        clear_layout(self._groups)
        self._shown_groups = 0
        self._show_groups(wanted)

    def _show_more(self) -> None:
        self._show_groups(MORE_GROUPS)

    def _show_groups(self, count: int) -> None:
        assert self._finding is not None
        groups = () if self._finding.classes else self._finding.groups
        for group in groups[self._shown_groups : self._shown_groups + count]:
            row = self._single_row(group) if len(group) == 1 else self._group_row(group)
            self._groups.addWidget(row)
        self._shown_groups = min(len(groups), self._shown_groups + count)
        left = len(groups) - self._shown_groups
        self.more_button.setVisible(left > 0)
        words = say_count("Show {count} more", "Show {count} more", min(left, MORE_GROUPS))
        self.more_button.setText(words)
        self.more_button.setAccessibleName(words)

    def _single_row(self, group: "Group") -> QWidget:
        made = QFrame()
        made.setProperty("role", "inset")
        made.setFixedWidth(GROUP_WIDTH)
        row = QHBoxLayout(made)
        row.setContentsMargins(8, 8, 12, 8)
        row.setSpacing(12)
        grid = self._grid(group)
        grid.setFixedWidth(SINGLE_SIDE)
        row.addWidget(grid)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        name = ElidedLabel(os.path.basename(group[0]))  # noqa: PTH119 (also inside an archive)
        name.setToolTip(group[0])
        texts.addStretch(1)
        texts.addWidget(name)
        if caption := self._caption_of(group[0]):
            texts.addWidget(label(caption, "small"))
        links = FlowLayout(across=14, down=2)
        self._add_links(links, group)
        texts.addLayout(links)
        texts.addStretch(1)
        row.addLayout(texts, 1)
        return made

    def _group_row(self, group: "Group") -> QWidget:
        made = QFrame()
        made.setProperty("role", "inset")
        in_row = min(len(group), MOST_IN_GROUP, MOST_IN_ROW)
        made.setFixedWidth(max(GROUP_WIDTH, in_row * (TILE_SIDE + GAP) - GAP + 24))
        body = QVBoxLayout(made)
        body.setContentsMargins(12, 12, 12, 10)
        body.setSpacing(6)
        shown = group[:MOST_IN_GROUP]
        grid = self._grid(shown, tuple(self._two_lines(path) for path in shown), rows=3)
        grid.setMaximumWidth(len(shown) * (TILE_SIDE + GAP) - GAP)
        body.addWidget(grid)
        if len(group) > len(shown):
            more = len(group) - len(shown)
            words = say_count("and {count:,} more", "and {count:,} more", more)
            body.addWidget(label(words, "small"))
        links = FlowLayout(across=16, down=2)
        self._add_links(links, group)
        body.addLayout(links)
        return made

    def _grid(self, paths: "Group", captions: tuple[str, ...] = (), rows: int = 1) -> ThumbnailGrid:
        grid = ThumbnailGrid(self._loader, self._theme, rows=rows)
        grid.setAccessibleName(", ".join(os.path.basename(path) for path in paths))  # noqa: PTH119
        grid.show_pictures(paths, captions)
        grid.picture_clicked.connect(lambda path: self.picture_opened.emit(path, paths))
        return grid

    def _two_lines(self, path: str) -> str:
        return f"{os.path.basename(path)}\n{self._caption_of(path)}"  # noqa: PTH119

    def _add_links(self, row: FlowLayout, group: "Group") -> None:
        assert self._finding is not None
        if len(self._finding.groups) < 2:
            return
        for remedy in self._finding.remedies_for(group):
            act = partial(self.remedy_chosen.emit, self._finding, remedy, (group,))
            link = button(remedy.sentence, act, "link")
            names = ", ".join(os.path.basename(path) for path in group[:3])  # noqa: PTH119
            link.setAccessibleName(say("{action}: {name}", action=remedy.sentence, name=names))
            row.addWidget(self._judged(link))

    def _judged(self, made: "QWidget") -> QWidget:
        made.setEnabled(self._allowed)
        made.setToolTip("" if self._allowed else say("The project is read-only."))
        return made

    def _paint_icon(self) -> None:
        if self._finding is not None:
            token = _ICON_TOKENS[self._finding.severity]
            self._icon.setPixmap(self._theme.pixmap("warning", 20, token))
