"""What is known of one picture, as a list of facts."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, QLocale, Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from cnnstudio.project.words import say
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.basics import Notice, clear_layout, label
from cnnstudio.ui.widgets.gallery_items import GalleryItem
from cnnstudio.ui.widgets.gallery_model import PART_NAMES
from cnnstudio.ui.widgets.gallery_tiles import TilePainter

if TYPE_CHECKING:
    from cnnstudio.images.checking import CheckReport

_NS_IN_MS = 1_000_000
_BYTES = QLocale.DataSizeFormat.DataSizeSIFormat


class PictureFactsView(QWidget):
    """Name, what is wrong, class, part, size, format, file and date of one picture."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._shows: tuple[object, object] = (None, None)
        self._name = label("", "heading", wrap=True)
        self._notices = QVBoxLayout()
        self._notices.setSpacing(8)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self._name)
        layout.addLayout(self._notices)
        layout.addLayout(self._grid)
        theme.changed.connect(self._paint_again)

    def show_item(self, item: GalleryItem, report: "CheckReport | None") -> None:
        """Show what is known of another picture."""
        self._shows = (item, report)
        self._name.setText(item.name)
        clear_layout(self._notices)
        if item.problem:
            self._notices.addWidget(Notice("warning", item.problem))
        if item.left_out:
            self._notices.addWidget(Notice("note", say("Left out: not used for anything.")))
        clear_layout(self._grid)
        for row, (title, words) in enumerate(facts_of(item, report)):
            top = Qt.AlignmentFlag.AlignTop
            self._grid.addWidget(label(title, "quiet"), row, 0, top)
            self._grid.addWidget(label(words, wrap=True), row, 1, top)
        if item.part is not None:
            self._add_part_sign(item)

    def _add_part_sign(self, item: GalleryItem) -> None:
        assert item.part is not None
        sign = QLabel()
        tiles = TilePainter(self._theme, self.font(), self.devicePixelRatioF())
        sign.setPixmap(tiles.part_sign(item.part))
        row = [title for title, _ in facts_of(item, None)].index(say("Part"))
        self._grid.addWidget(sign, row, 2, Qt.AlignmentFlag.AlignTop)

    def _paint_again(self) -> None:
        item, report = self._shows
        if isinstance(item, GalleryItem):
            self.show_item(item, report)  # type: ignore[arg-type]


def facts_of(item: GalleryItem, report: "CheckReport | None") -> list[tuple[str, str]]:
    """Titles and words; what is not known is left away."""
    facts = report.facts.get(item.path) if report is not None else None
    rows = [(say("Class"), item.label)]
    if item.part is not None:
        words = say(PART_NAMES[item.part])
        if item.pinned:
            words = say("{part}, pinned", part=words)
        rows.append((say("Part"), words))
    width = item.width or (facts.width if facts is not None else 0)
    height = item.height or (facts.height if facts is not None else 0)
    if width and height:
        words = say("{width:,} × {height:,} pixels", width=width, height=height)
        rows.append((say("Size"), words))
    if facts is not None and facts.format:
        rows.append((say("Format"), facts.format))
    locale = QLocale()
    if item.bytes:
        rows.append((say("File"), locale.formattedDataSize(item.bytes, 0, _BYTES)))
    if item.modified_ns:
        moment = QDateTime.fromMSecsSinceEpoch(item.modified_ns // _NS_IN_MS)
        rows.append((say("Changed"), locale.toString(moment, QLocale.FormatType.ShortFormat)))
    rows.append((say("Folder"), item.path.removesuffix(item.name).rstrip("/\\") or item.path))
    return rows
