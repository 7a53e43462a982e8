"""One class: its name, how many pictures, and some of them."""

from PySide6.QtWidgets import QHBoxLayout

from cnnstudio.project.words import say_count
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.basics import Card, ElidedLabel, label
from cnnstudio.ui.widgets.thumbnail_grid import ThumbnailGrid
from cnnstudio.worker.thumbnail_loader import ThumbnailLoader

MOST_THUMBNAILS = 64


class ClassCard(Card):
    """Shows one class of the project."""

    def __init__(self, name: str, loader: ThumbnailLoader, theme: Theme) -> None:
        super().__init__()
        head = QHBoxLayout()
        head.setSpacing(14)
        head.addWidget(ElidedLabel(name, "heading"))
        self._count = label("", "quiet")
        head.addWidget(self._count)
        head.addStretch(1)
        self.body.addLayout(head)
        self.pictures = ThumbnailGrid(loader, theme)
        self.pictures.setAccessibleName(name)
        self.body.addWidget(self.pictures)

    def show_pictures(self, paths: list[str], broken: int) -> None:
        """``paths`` are the readable ones; ``broken`` how many are not."""
        words = say_count("{count:,} picture", "{count:,} pictures", len(paths))
        if broken:
            left_out = say_count("{count:,} left out", "{count:,} left out", broken)
            words = f"{words} · {left_out}"
        self._count.setText(words)
        self.pictures.show_pictures(paths[:MOST_THUMBNAILS])
