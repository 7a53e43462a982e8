"""How many pictures of each class are in each part."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

from cnnstudio.project.pictures import Part
from cnnstudio.project.words import N_, say
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.split_bar import paint_part

PARTS: tuple[tuple[Part, str], ...] = (
    ("training", N_("Training")),
    ("validation", N_("Validation")),
    ("test", N_("Test")),
)
MOST_ROWS = 6
_ROW = 22
_HEAD = 24
_GAP = 10
_SWATCH = 9


@dataclass(frozen=True)
class SplitRow:
    """One class with its numbers of training, validation and test pictures."""

    name: str
    counts: tuple[int, int, int]


class SplitTable(QScrollArea):
    """Scrolls where there are many classes."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._rows = _Rows(theme)
        self._rows.setProperty("role", "inside")
        self.setWidget(self._rows)
        self.viewport().setAutoFillBackground(False)
        self._rows.setAutoFillBackground(False)

    @property
    def rows(self) -> tuple[SplitRow, ...]:
        """What is shown, the sum of all classes last."""
        return self._rows.rows

    def show_rows(self, rows: Sequence[SplitRow]) -> None:
        """Show other numbers; the sum is added here."""
        sums = [sum(row.counts[place] for row in rows) for place in range(3)]
        total = SplitRow(say("All"), (sums[0], sums[1], sums[2]))
        shown = (*rows, total)
        if shown == self._rows.rows:
            return
        self._rows.show_rows(shown)
        self.setFixedHeight(_HEAD + min(len(shown), MOST_ROWS) * _ROW + 4)
        sentences = (
            say(
                "{name}: {training:,} training, {validation:,} validation, {test:,} test",
                name=row.name,
                training=row.counts[0],
                validation=row.counts[1],
                test=row.counts[2],
            )
            for row in shown[:20]
        )
        self.setAccessibleName(say("Pictures of each class in each part"))
        self.setAccessibleDescription("\n".join(sentences))


class _Rows(QWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.rows: tuple[SplitRow, ...] = ()
        theme.changed.connect(self.update)

    def show_rows(self, rows: tuple[SplitRow, ...]) -> None:
        self.rows = rows
        self.setFixedHeight(_HEAD + len(rows) * _ROW + 4)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, _HEAD + len(self.rows) * _ROW + 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        small = QFont(self.font())
        small.setPointSizeF(8.5)
        head = QFontMetrics(small)
        titles = [say(title) for _, title in PARTS]
        widths = [head.horizontalAdvance(title) + _SWATCH + 5 for title in titles]
        rights: list[float] = []
        right = float(self.width())
        for width in reversed(widths):
            rights.insert(0, right)
            right -= width + _GAP
        painter.setFont(small)
        for (part, _), title, edge, width in zip(PARTS, titles, rights, widths, strict=True):
            swatch = QRectF(edge - width, (_HEAD - _SWATCH) / 2, _SWATCH, _SWATCH)
            paint_part(painter, swatch, part, self._theme)
            painter.setPen(self._theme.color("quiet"))
            area = QRectF(edge - width + _SWATCH + 5, 0, width, _HEAD)
            painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter), title)
        painter.setFont(self.font())
        metrics = self.fontMetrics()
        for place, row in enumerate(self.rows):
            top = _HEAD + place * _ROW + (4 if place == len(self.rows) - 1 else 0)
            if not event.rect().intersects(QRectF(0, top, self.width(), _ROW).toRect()):
                continue
            is_sum = place == len(self.rows) - 1
            if is_sum:
                painter.setPen(self._theme.color("line"))
                painter.drawLine(QPointF(0, top - 2), QPointF(self.width(), top - 2))
            painter.setPen(self._theme.color("text" if not is_sum else "quiet"))
            name = metrics.elidedText(row.name, Qt.TextElideMode.ElideMiddle, max(24, int(right)))
            painter.drawText(QRectF(0, top, right, _ROW), int(Qt.AlignmentFlag.AlignVCenter), name)
            for count, edge in zip(row.counts, rights, strict=True):
                area = QRectF(edge - 80, top, 80, _ROW)
                flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
                painter.drawText(area, int(flags), f"{count:,}")
