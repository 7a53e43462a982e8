"""Paints one plot, on the screen and into files alike."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPaintEngine, QPainter, QPen, QPolygonF

from cnnstudio.project.words import say
from cnnstudio.ui.widgets.curve_data import Look, Point, pieces
from cnnstudio.ui.widgets.curve_inks import Ink, mixed, seen_on
from cnnstudio.ui.widgets.curve_plots import Line, Plot, Style
from cnnstudio.ui.widgets.curve_shapes import apart, calmest, clipped, dashed
from cnnstudio.ui.widgets.curve_ticks import epoch_ticks, loss_ticks, percent_ticks, rate_ticks

PEN_STYLES: dict[Style, tuple[float, ...]] = {
    "solid": (),
    "dash": (4.0, 2.2),
    "dot": (1.0, 1.8),
    "dash_dot": (5.0, 2.0, 1.0, 2.0),
}
AXIS_HEIGHT = 20.0
_HEADING_HEIGHT = 24.0
_SMALL_HEADING_HEIGHT = 19.0
_BAND_HEIGHT = 15.0
_HEADING_GAP = 84.0
"""Right of the heading, for a button."""
_SAMPLE_WIDTH = 22.0
_MOST_NAME_WIDTH = 120.0
_NAME_SAMPLE_WIDTH = 16.0
_NAMED_AT_THE_END = 0.75
_MANY_POINTS = 150
_COLUMN_PIXELS = 1.25


@dataclass(frozen=True)
class Fonts:
    """The heading's, that of sentences, and that of everything small."""

    heading: QFont
    body: QFont
    small: QFont

    @classmethod
    def of(cls, font: QFont) -> "Fonts":
        """Those that go with a widget's font."""
        heading, body, small = QFont(font), QFont(font), QFont(font)
        heading.setPointSizeF(11)
        heading.setWeight(QFont.Weight.DemiBold)
        body.setPointSizeF(10)
        small.setPointSizeF(8.5)
        return cls(heading, body, small)


def left_gutter(fonts: Fonts) -> float:
    """Room for what is written left of every plot, so that their places stand in one column."""
    metrics = QFontMetricsF(fonts.small)
    words = ("100%", "0.00001", say("epoch"))
    return math.ceil(max(metrics.horizontalAdvance(each) for each in words)) + 10


def right_gutter(plots: Sequence[Plot], look: Look, fonts: Fonts) -> float:
    """Room for the names at the ends of lines that end far right."""
    metrics = QFontMetricsF(fonts.small)
    limit = look.begin + _NAMED_AT_THE_END * (look.end - look.begin)
    widths = [
        metrics.horizontalAdvance(line.title)
        for plot in plots
        for line in plot.lines
        if line.is_named and line.points and line.points[-1][0] > limit
    ]
    room = _NAME_SAMPLE_WIDTH + 20
    return min(_MOST_NAME_WIDTH, max(widths)) + room if widths else 10.0


class PlotPainter:
    """Paints ``plot`` into ``area``; ``inner`` is the part of it that the curves have."""

    def __init__(
        self, plot: Plot, look: Look, area: QRectF, right: float, fonts: Fonts, ink: Ink
    ) -> None:
        self.plot = plot
        self._look = look
        self._area = area
        self._fonts = fonts
        self._ink = ink
        self._metrics = QFontMetricsF(fonts.small)
        is_small = plot.scale == "rate"
        self.heading_width = QFontMetricsF(fonts.heading).horizontalAdvance(plot.title)
        self._legend = [line for line in plot.lines if line.in_legend]
        self._rows = 1 if is_small else self._legend_rows()
        top = _SMALL_HEADING_HEIGHT if is_small else _HEADING_HEIGHT + 16 * (self._rows - 1)
        if any(title for _, title, _ in plot.borders):
            top += _BAND_HEIGHT
        left = left_gutter(fonts)
        self.inner = QRectF(
            area.left() + left,
            area.top() + top + 4,
            max(1.0, area.width() - left - right),
            max(1.0, area.height() - top - (12 if is_small else 8)),
        )

    def x(self, place: float) -> float:
        """Where a place in epochs stands."""
        look = self._look
        share = (place - look.begin) / max(1e-9, look.end - look.begin)
        return self.inner.left() + share * self.inner.width()

    def y(self, value: float) -> float:
        """Where a value stands; what is far outside is brought near, or painting takes long."""
        share = min(10.0, max(-10.0, self.plot.share(value)))
        return self.inner.bottom() - share * self.inner.height()

    def paint(self, painter: QPainter) -> None:
        """Everything of the plot but the epochs below it."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for step in self.steps():
            step(painter)

    def steps(self) -> list[Callable[[QPainter], None]]:
        """What :meth:`paint` does, in parts of a few milliseconds."""
        if not self.plot.lines:
            return [self._paint_heading, self._paint_empty]
        before = [self._paint_heading, self._paint_grid, self._paint_borders]
        lines = [partial(self._paint_line, line) for line in self.plot.lines]
        return [*before, *lines, self._paint_names, self._paint_best]

    def paint_epochs(self, painter: QPainter) -> None:
        """The epochs below the plot."""
        painter.setFont(self._fonts.small)
        painter.setPen(self._ink("quiet"))
        top = self._area.bottom()
        before = QRectF(self._area.left(), top, self.inner.left() - self._area.left() - 8, 18)
        painter.drawText(
            before, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), say("epoch")
        )
        widest = self._metrics.horizontalAdvance(f"{self._look.end:.0f}") + 22
        most = int(self.inner.width() / widest)
        for place, words in epoch_ticks(self._look.begin, self._look.end, most):
            box = QRectF(self.x(place) - 40, top, 80, 18)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), words)

    def _legend_rows(self) -> int:
        room = self._area.width() - self.heading_width - _HEADING_GAP
        return max(1, math.ceil(sum(self._entry_width(e) for e in self._legend) / max(1.0, room)))

    def _entry_width(self, line: Line) -> float:
        return _SAMPLE_WIDTH + 5 + self._metrics.horizontalAdvance(line.title) + 14

    def _paint_heading(self, painter: QPainter) -> None:
        area, plot = self._area, self.plot
        is_small = plot.scale == "rate"
        painter.setFont(self._fonts.small if is_small else self._fonts.heading)
        painter.setPen(self._ink("quiet" if is_small else "text"))
        box = QRectF(area.left(), area.top(), area.width(), 17 if is_small else 20)
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(box, flags, plot.title)
        painter.setFont(self._fonts.small)
        if plot.note:
            painter.setPen(self._ink("quiet"))
            flags = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            painter.drawText(box, flags, plot.note)
        self._paint_legend(painter)

    def _paint_legend(self, painter: QPainter) -> None:
        count = math.ceil(len(self._legend) / self._rows)
        for row in range(self._rows):
            entries = self._legend[row * count : (row + 1) * count]
            x = self._area.right() - sum(self._entry_width(each) for each in entries) + 14
            middle = self._area.top() + 10 + 16 * row
            for line in entries:
                painter.setPen(self._pen(line))
                painter.drawLine(QPointF(x, middle), QPointF(x + _SAMPLE_WIDTH, middle))
                painter.setPen(self._ink("text"))
                x += _SAMPLE_WIDTH + 5
                box = QRectF(x, middle - 10, 400, 20)
                painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), line.title)
                x += self._metrics.horizontalAdvance(line.title) + 14

    def _paint_empty(self, painter: QPainter) -> None:
        """A sentence of what will be seen here."""
        box = QRectF(self._area)
        box.setTop(self.inner.top() - 4)
        is_small = self.plot.scale == "rate"
        if not is_small:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._ink("page"))
            painter.drawRoundedRect(box, 6, 6)
            painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setFont(self._fonts.small if is_small else self._fonts.body)
        painter.setPen(self._ink("quiet"))
        room = max(12.0, (box.width() - 440) / 2)
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(box.adjusted(room, 4, -room, -4), int(flags), self.plot.empty)

    def _ticks(self) -> list[tuple[float, str]]:
        plot = self.plot
        if plot.scale == "rate":
            values = [y for _, y in plot.lines[0].points]
            low = max(plot.low, min(values))
            room = self.inner.left() - self._area.left() - 8
            high = max(low, min(plot.high, max(values)))
            return rate_ticks(low, high, lambda t: self._metrics.horizontalAdvance(t) <= room)
        most = max(3, int(self.inner.height() / 30))
        ticks = percent_ticks if plot.scale == "percent" else loss_ticks
        return ticks(plot.low, plot.high, most)

    def _paint_grid(self, painter: QPainter) -> None:
        painter.setFont(self._fonts.small)
        painter.setPen(QPen(self._ink("line"), 1))
        bottom = math.floor(self.inner.bottom()) + 0.5
        painter.drawLine(QPointF(self.inner.left(), bottom), QPointF(self.inner.right(), bottom))
        for value, words in self._ticks():
            y = self.y(value)
            painter.setPen(QPen(self._ink("line"), 1))
            even = math.floor(y) + 0.5
            painter.drawLine(QPointF(self.inner.left(), even), QPointF(self.inner.right(), even))
            painter.setPen(self._ink("quiet"))
            box = QRectF(self._area.left(), y - 9, self.inner.left() - self._area.left() - 8, 18)
            flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(box, int(flags), words)

    def _paint_borders(self, painter: QPainter) -> None:
        borders = self.plot.borders
        painter.setFont(self._fonts.small)
        for number, (place, *titles) in enumerate(borders):
            top = self.inner.top() - (_BAND_HEIGHT if titles[0] else 0)
            if place > 0 and self._is_seen(place):
                x = math.floor(self.x(place)) + 0.5
                pen = QPen(self._ink("quiet"), 1)
                pen.setDashPattern([3, 3])
                painter.setPen(pen)
                painter.drawLine(QPointF(x, top), QPointF(x, self.inner.bottom()))
            after = borders[number + 1][0] if number + 1 < len(borders) else math.inf
            begin = max(self.inner.left(), self.x(place)) + 5
            end = self._area.right() if after > self._look.end else self.x(after)
            fitting = (t for t in titles if self._metrics.horizontalAdvance(t) <= end - begin - 3)
            if words := next(fitting, ""):
                painter.setPen(self._ink("quiet"))
                box = QRectF(begin, top - 2, end - begin, _BAND_HEIGHT)
                painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), words)

    def _pen(self, line: Line) -> QPen:
        color = QColor(self._ink(line.color))
        if line.color.startswith("#"):
            color = seen_on(color, self._ink("surface"))
        pen = QPen(mixed(color, self._ink("surface"), line.strength), line.width)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        if dashes := PEN_STYLES[line.style]:
            pen.setDashPattern(dashes)
        return pen

    def _paint_line(self, line: Line, painter: QPainter) -> None:
        painter.save()
        painter.setClipRect(self.inner.adjusted(-2, -2, 2, 2))
        columns = max(1, int(self.inner.width() / _COLUMN_PIXELS))
        pen = self._pen(line)
        for piece in pieces(line.points, self._look.begin, self._look.end, columns):
            if len(piece) == 1:  # A single point has no line.
                self.paint_dot(painter, piece[0], pen.color(), 1.6 * line.width)
                continue
            painter.setPen(pen)
            places = self._places(piece)
            if painter.paintEngine().type() == QPaintEngine.Type.SVG:
                for part in clipped(places, self.inner):  # Qt writes no clipping into an SVG.
                    painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in part]))
                continue
            if len(places) <= _MANY_POINTS:
                painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in places]))
                continue
            pen.setStyle(Qt.PenStyle.SolidLine)
            painter.setPen(pen)
            pattern = [each * line.width for each in PEN_STYLES[line.style]]
            painter.drawLines(dashed(places, pattern))
        painter.restore()

    def _places(self, points: Sequence[Point]) -> list[Point]:
        """Where ``points`` stand; the same as :meth:`x` and :meth:`y`, quicker for many."""
        plot, inner = self.plot, self.inner
        if plot.is_logarithmic:
            return [(self.x(x), self.y(y)) for x, y in points]
        across = inner.width() / max(1e-9, self._look.end - self._look.begin)
        left = inner.left() - self._look.begin * across
        up = inner.height() / max(1e-12, plot.high - plot.low)
        bottom = inner.bottom() + plot.low * up
        least, most = inner.bottom() - 10 * inner.height(), inner.bottom() + 10 * inner.height()
        return [(left + x * across, min(most, max(least, bottom - y * up))) for x, y in points]

    def paint_dot(self, painter: QPainter, point: Point, color: QColor, radius: float) -> None:
        """A dot with a rim of the ground."""
        painter.setPen(QPen(self._ink("surface"), 1.5))
        painter.setBrush(color)
        painter.drawEllipse(QPointF(self.x(point[0]), self.y(point[1])), radius, radius)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def paint_reading(self, painter: QPainter, epoch: int) -> None:
        """The line at ``epoch`` and a dot on every curve."""
        x = math.floor(self.x(epoch)) + 0.5
        pen = QPen(self._ink("control_line"), 1)
        painter.setPen(pen)
        painter.drawLine(QPointF(x, self.inner.top()), QPointF(x, self.inner.bottom()))
        for line in self.plot.lines:
            if not line.is_read:
                continue
            value = next((y for place, y in reversed(line.points) if place == epoch), math.nan)
            if math.isfinite(value) and 0 <= self.plot.share(value) <= 1:
                strong = replace(line, strength=1.0)
                self.paint_dot(painter, (float(epoch), value), self._pen(strong).color(), 4)

    def _paint_best(self, painter: QPainter) -> None:
        best = self.plot.best
        if best is None or not self._is_seen(best[0]) or not 0 <= self.plot.share(best[1]) <= 1:
            return
        center = QPointF(self.x(best[0]), self.y(best[1]))
        painter.setBrush(self._ink("surface"))
        painter.setPen(QPen(self._ink("validation"), 2.2))
        painter.drawEllipse(center, 4.6, 4.6)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        words = say("best")
        painter.setFont(self._fonts.small)
        painter.setPen(self._ink("text"))
        box = self._calm_place(center, self._metrics.horizontalAdvance(words) + 4)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), words)

    def _around_best(self) -> QRectF:
        """Where the ring and its word may be."""
        best, box = self.plot.best, QRectF(-24, -22, 48, 44)
        return box.translated(self.x(best[0]), self.y(best[1])) if best else QRectF()

    def _calm_place(self, center: QPointF, width: float) -> QRectF:
        """Beside a ring, where a word covers the least of the lines."""
        x, y, half = center.x(), center.y(), width / 2
        offsets = [(-half, 7), (-half, -21), (8, -7), (8, 6), (8, -20), (-8 - width, -7)]
        offsets += [(-8 - width, 6), (-8 - width, -20)]
        boxes = [QRectF(x + right_by, y + down, width, 14) for right_by, down in offsets]
        return self._calmest(boxes, x, width)

    def _calmest(self, boxes: list[QRectF], x: float, width: float) -> QRectF:
        """The one of ``boxes``, at most ``width`` away from ``x``, that covers the least."""
        inner, span = self.inner, self._look.end - self._look.begin
        place = self._look.begin + (x - inner.left()) / inner.width() * span
        near = (width + 40) / inner.width() * span + 1
        lines = [
            self._places([p for p in line.points if abs(p[0] - place) <= near])
            for line in self.plot.lines
            if line.is_read
        ]
        room = QRectF(inner.left(), inner.top() - 2, self._area.right() - inner.left(), 0)
        room.setBottom(inner.bottom())
        return calmest([box for box in boxes if room.contains(box)] or boxes[:1], lines)

    def _paint_names(self, painter: QPainter) -> None:
        """Names at the ends of lines, moved apart; of too many, the last lines' are kept."""
        height = 13.0
        ends = []
        for line in self.plot.lines:
            seen = (p for p in reversed(line.points) if self._is_seen(p[0]) and math.isfinite(p[1]))
            if line.is_named and (end := next(seen, None)) is not None:
                ends.append((self.y(end[1]), self.x(end[0]), line))
        ends = ends[-max(1, int((self.inner.height() + 8) / height)) :]
        ends.sort(key=lambda end: end[0])
        lowest, highest = self.inner.top() + 2, self.inner.bottom() - 2
        places = apart([end[0] for end in ends], height, lowest, highest)
        painter.setFont(self._fonts.small)
        for (y, x, line), place in zip(ends, places, strict=True):
            pen = self._pen(line)
            begin = x + 12 + _NAME_SAMPLE_WIDTH + 4
            room = min(_MOST_NAME_WIDTH, self._area.right() - begin)
            words = self._metrics.elidedText(line.title, Qt.TextElideMode.ElideMiddle, room)
            box = QRectF(begin, place - height / 2, room, height)
            if line.color == "earlier":  # It may end in the midst of other lines.
                box.setWidth(self._metrics.horizontalAdvance(words))
                steps = (0, 16, -16, 30, -30, 44, -44) if len(ends) == 1 else (0,)
                boxes = [box.translated(0, step) for step in steps]
                free = [each for each in boxes if not each.intersects(self._around_best())]
                plate = box = self._calmest(free or boxes, x, room)
                place = box.center().y()
                self._paint_plate(painter, plate.adjusted(-2, 0, 2, 0))
            sample = QPointF(x + 12, place)
            painter.setPen(QPen(pen.color(), 1))
            painter.drawLine(QPointF(x + 2, y), sample)
            painter.setPen(pen)
            painter.drawLine(sample, QPointF(x + 12 + _NAME_SAMPLE_WIDTH, place))
            painter.setPen(self._ink("quiet" if line.color == "earlier" else "text"))
            painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), words)

    def _paint_plate(self, painter: QPainter, box: QRectF) -> None:
        ground = QColor(self._ink("surface"))
        ground.setAlphaF(0.85)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(box, 3, 3)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _is_seen(self, place: float) -> bool:
        return self._look.begin - 1e-6 <= place <= self._look.end + 1e-6
