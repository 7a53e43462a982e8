"""How many pictures of each class are in each part."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

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
_BAR = 10
_ROW = 22
_HEAD = 24
_GAP = 10
_SWATCH = 9


@dataclass(frozen=True)
class SplitRow:
    """One class with its numbers of training, validation and test pictures."""

    name: str
    counts: tuple[int, int, int]


class SplitTable(QWidget):
    """The sum above stays in sight; the classes below scroll where there are many."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(say("Pictures of each class in each part"))
        self.rows: tuple[SplitRow, ...] = ()
        """What is shown, the sum of all classes first."""
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self._head = _Lines(theme, has_titles=True)
        layout.addWidget(self._head)
        self._lines = _Lines(theme)
        self._lines.setProperty("role", "inside")
        self._area = QScrollArea()
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(self._lines)
        self._area.viewport().setAutoFillBackground(False)
        self._lines.setAutoFillBackground(False)
        layout.addWidget(self._area)

    def show_rows(self, rows: Sequence[SplitRow]) -> None:
        """Show other numbers; the sum is added here."""
        sums = [sum(row.counts[place] for row in rows) for place in range(3)]
        total = SplitRow(say("All"), (sums[0], sums[1], sums[2]))
        shown = (total, *rows)
        if shown == self.rows:
            return
        self.rows = shown
        scrolls = len(rows) > MOST_ROWS
        self._head.show_rows((total,), total, _BAR if scrolls else 0)
        self._lines.show_rows(tuple(rows), total, 0)
        self._area.setFixedHeight(min(len(rows), MOST_ROWS) * _ROW + (_ROW // 2 if scrolls else 0))
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
        self.setAccessibleDescription("\n".join(sentences))


class _Lines(QWidget):
    """Lines of numbers, their columns as wide as the titles."""

    def __init__(self, theme: Theme, has_titles: bool = False) -> None:
        super().__init__()
        self._theme = theme
        self._top = _HEAD if has_titles else 0
        self._margin = 0
        self._rows: tuple[SplitRow, ...] = ()
        self._total = SplitRow("", (0, 0, 0))
        theme.changed.connect(self.update)

    def show_rows(self, rows: tuple[SplitRow, ...], total: SplitRow, margin: int) -> None:
        """Show these lines, ``margin`` pixels from the right edge, with room for the sum."""
        self._rows = rows
        self._total = total
        self._margin = margin
        self.setFixedHeight(self._top + len(rows) * _ROW + (3 if self._top else 0))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        small = QFont(self.font())
        small.setPointSizeF(8.5)
        metrics = QFontMetrics(small)
        right = float(self.width() - self._margin)
        edges: list[tuple[Part, str, float, float]] = []
        numbers = self.fontMetrics()
        for (part, marked), most in zip(reversed(PARTS), reversed(self._total.counts), strict=True):
            title = metrics.horizontalAdvance(say(marked)) + _SWATCH + 5
            width = float(max(title, numbers.horizontalAdvance(f"{most:,}")))
            edges.insert(0, (part, say(marked), right - width, right))
            right -= width + _GAP
        if self._top:
            self._paint_titles(painter, small, edges)
        painter.setFont(self.font())
        painter.setPen(self._theme.color("quiet" if self._top else "text"))
        for place, row in enumerate(self._rows):
            top = float(self._top + place * _ROW)
            if not event.rect().intersects(QRectF(0, top, self.width(), _ROW).toRect()):
                continue
            name = numbers.elidedText(row.name, Qt.TextElideMode.ElideMiddle, max(24, int(right)))
            painter.drawText(QRectF(0, top, right, _ROW), int(Qt.AlignmentFlag.AlignVCenter), name)
            for count, (_, _, _, edge) in zip(row.counts, edges, strict=True):
                flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
                painter.drawText(QRectF(edge - 80, top, 80, _ROW), int(flags), f"{count:,}")

    def _paint_titles(
        self, painter: QPainter, font: QFont, edges: list[tuple[Part, str, float, float]]
    ) -> None:
        painter.setFont(font)
        for part, title, left, edge in edges:
            paint_part(
                painter, QRectF(left, (_HEAD - _SWATCH) / 2, _SWATCH, _SWATCH), part, self._theme
            )
            painter.setPen(self._theme.color("quiet"))
            area = QRectF(left + _SWATCH + 5, 0, edge - left, _HEAD)
            painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter), title)
        painter.setPen(self._theme.color("line"))
        bottom = self.height() - 1.5
        painter.drawLine(QPointF(0, bottom), QPointF(self.width() - self._margin, bottom))
