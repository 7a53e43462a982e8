"""What the file names of a folder would make of its pictures: shown, and taken only by a click."""

import os
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel

from cnnstudio.project.words import say, say_count
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.basics import Card, ElidedLabel, button, label
from cnnstudio.ui.widgets.kept_focus import focus_kept
from cnnstudio.ui.widgets.thumbnail_grid import ThumbnailGrid
from cnnstudio.worker.thumbnail_loader import ThumbnailLoader

if TYPE_CHECKING:
    from cnnstudio.images.name_labels import NameOffer

MOST_CLASSES = 4
MOST_IN_SENTENCE = 6


class NameOfferCard(Card):
    """A preview of the classes with some of their pictures, and the two answers."""

    def __init__(
        self,
        offer: "NameOffer",
        loader: ThumbnailLoader,
        theme: Theme,
        use: Callable[[], object],
        pass_over: Callable[[], object],
    ) -> None:
        super().__init__(spacing=8)
        folder = os.path.basename(offer.folder.rstrip("/\\")) or offer.folder  # noqa: PTH119
        title = label(
            say("The file names in {folder} say the class", folder=folder), "heading", True
        )
        title.setToolTip(offer.folder)
        self.body.addWidget(title)
        self.body.addWidget(label(self._sentence(offer), "quiet", wrap=True))
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        for row, (name, paths) in enumerate(list(offer.examples.items())[:MOST_CLASSES]):
            grid.addWidget(self._name(name), row, 0)
            pictures = ThumbnailGrid(loader, theme, rows=1)
            pictures.setAccessibleName(name)
            pictures.show_pictures(tuple(paths))
            grid.addWidget(pictures, row, 1)
        self.body.addLayout(grid)
        more = len(offer.counts) - MOST_CLASSES
        if more > 0:
            words = say_count("and {count} more class", "and {count} more classes", more)
            self.body.addWidget(label(words, "small"))
        row_of_buttons = QHBoxLayout()
        row_of_buttons.setSpacing(12)
        self.use_button = button(say("Use these classes"), partial(self._answer, use))
        self.not_now_button = button(say("Not now"), partial(self._answer, pass_over), "link")
        row_of_buttons.addWidget(self.use_button)
        row_of_buttons.addWidget(self.not_now_button)
        row_of_buttons.addStretch(1)
        self.body.addLayout(row_of_buttons)

    def allow_changes(self, allowed: bool) -> None:
        """Whether the classes may be taken."""
        self.use_button.setEnabled(allowed)
        self.use_button.setToolTip("" if allowed else say("The project is read-only."))

    def _answer(self, act: Callable[[], object]) -> None:
        """This card goes away: the keyboard stays at its place in what is around it."""
        with focus_kept(self.parentWidget() or self):
            act()

    @staticmethod
    def _name(name: str) -> QLabel:
        made = ElidedLabel(name)
        made.setFixedWidth(96)
        return made

    @staticmethod
    def _sentence(offer: "NameOffer") -> str:
        counts: Sequence[tuple[str, int]] = list(offer.counts.items())[:MOST_IN_SENTENCE]
        listed = ", ".join(f"{name} {count:,}" for name, count in counts)
        if len(offer.counts) > len(counts):
            listed = f"{listed}, …"
        words = say("They would give: {listed}.", listed=listed)
        if not offer.unclear:
            return words
        unclear = say_count(
            "{count:,} picture whose name says nothing would be left out.",
            "{count:,} pictures whose names say nothing would be left out.",
            offer.unclear,
        )
        return f"{words}\n{unclear}"
