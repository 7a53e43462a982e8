"""Two small drawings: the planned rate over the epochs, and the loss at each rate tried."""

import math
from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from cnnstudio.project.words import say
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.curve_ticks import epoch_ticks, loss_ticks, rate_words

Points = Sequence[tuple[float, float]]
Marks = Sequence[tuple[float, str]]

_LEFT, _TOP, _RIGHT, _BOTTOM = 6.0, 18.0, 12.0, 22.0
_GAP = 8.0
_EPOCH_PIXELS, _LOSS_PIXELS, _RATE_PIXELS = 60, 30, 56
_DEEPEST = 100.0
"""A schedule's end may be 0: the drawing goes down to so small a part of the lowest peak."""

_KEY_FACTOR = 10 ** (1 / 12)


class _Drawing(QWidget):
    """A plane with marks on both sides; what stands in it is painted by those who inherit."""

    def __init__(self, theme: Theme, title: str, height: int) -> None:
        super().__init__()
        self.setAccessibleName(title)
        self.setMinimumHeight(height)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._height = height
        self._theme = theme
        self._x = (0.0, 1.0)
        self._y = (0.0, 1.0)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(320, self._height)

    @property
    def _small(self) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(8.5)
        return font

    def _inner(self, marks: Marks) -> QRectF:
        """The part of the widget that the plane has, beside the words of ``marks``."""
        metrics = QFontMetricsF(self._small)
        left = max((metrics.horizontalAdvance(words) for _, words in marks), default=20.0)
        left += _LEFT + _GAP
        width, height = self.width() - left - _RIGHT, self.height() - _TOP - _BOTTOM
        return QRectF(left, _TOP, max(1.0, width), max(1.0, height))

    def _point(self, inner: QRectF, x: float, y: float) -> QPointF:
        """Where a place of the plane stands; what is outside of it is brought to its edge."""
        across = (x - self._x[0]) / max(1e-9, self._x[1] - self._x[0])
        up = (y - self._y[0]) / max(1e-9, self._y[1] - self._y[0])
        up = min(1.0, max(0.0, up))
        return QPointF(inner.left() + across * inner.width(), inner.bottom() - up * inner.height())

    def _paint_marks(self, painter: QPainter, inner: QRectF, below: Marks, beside: Marks) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._small)
        line, quiet = QPen(self._theme.color("line"), 1.0), QPen(self._theme.color("quiet"))
        metrics = QFontMetricsF(self._small)
        for value, words in beside:
            y = self._point(inner, self._x[0], value).y()
            painter.setPen(line)
            painter.drawLine(QPointF(inner.left(), y), QPointF(inner.right(), y))
            painter.setPen(quiet)
            box = QRectF(0, y - 8, inner.left() - _GAP, 16)
            painter.drawText(
                box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words
            )
        painter.setPen(quiet)
        for value, words in below:
            width = metrics.horizontalAdvance(words)
            x = self._point(inner, value, self._y[0]).x() - width / 2
            x = min(x, self.width() - width - 4)
            painter.drawText(QPointF(x, inner.bottom() + _BOTTOM - 7), words)

    def _paint_line(self, painter: QPainter, inner: QRectF, points: Points, color: QColor) -> None:
        pen = QPen(color, 2.2)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.drawPolyline(QPolygonF([self._point(inner, x, y) for x, y in points]))


class PlannedRatePlot(_Drawing):
    """The rate over the epochs on a scale of powers, with the borders of the stages."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, say("Planned learning rate over the epochs"), 132)
        self._points: Points = ()
        self._borders: tuple[int, ...] = ()

    def show_curve(self, points: Points, borders: Sequence[int], lowest_peak: float) -> None:
        """``points`` of (epoch, rate); ``borders`` are the epochs after which a stage ends, without
        the last one; ``lowest_peak`` is the full rate of the slowest stage."""
        rates = [rate for _, rate in points if rate > 0] or [1.0]
        low = math.log10(max(min(rates), lowest_peak / _DEEPEST))
        high = math.log10(max(rates))
        room = max(0.15, 0.08 * (high - low))
        self._x = (0.0, max(1.0, points[-1][0] if points else 1.0))
        self._y = (low - room, high + room)
        self._points = [(epoch, math.log10(max(1e-12, rate))) for epoch, rate in points]
        self._borders = tuple(borders)
        self.setAccessibleDescription(
            say(
                "From {first} to {last}.",
                first=rate_words(points[0][1]),
                last=rate_words(points[-1][1]),
            )
            if points
            else ""
        )
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        beside = power_marks(*self._y, max(2, self.height() // _LOSS_PIXELS))
        inner = self._inner(beside)
        painter = QPainter(self)
        below = epoch_ticks(*self._x, max(2, int(inner.width() // _EPOCH_PIXELS)))
        self._paint_marks(painter, inner, below, beside)
        self._paint_borders(painter, inner)
        self._paint_line(painter, inner, self._points, self._theme.color("accent"))
        painter.end()

    def _paint_borders(self, painter: QPainter, inner: QRectF) -> None:
        if not self._borders:
            return
        pen = QPen(self._theme.color("control_line"), 1.0, Qt.PenStyle.DashLine)
        metrics = QFontMetricsF(self._small)
        ends = [0, *self._borders, self._x[1]]
        for number, begin in enumerate(ends[:-1], start=1):
            left = self._point(inner, begin, 0).x()
            room = self._point(inner, ends[number], 0).x() - left
            painter.setPen(pen)
            if begin:
                painter.drawLine(QPointF(left, inner.top() - 14), QPointF(left, inner.bottom()))
            words = say("Stage {number}", number=number)
            if metrics.horizontalAdvance(words) + 8 > room:
                words = f"{number}"
            if metrics.horizontalAdvance(words) + 4 <= room:
                painter.setPen(self._theme.color("quiet"))
                painter.drawText(QPointF(left + 4, inner.top() - 5), words)


class TriedRatesPlot(_Drawing):
    """Smoothed loss against rate, and a line at the chosen rate that mouse and arrow keys move."""

    rate_chosen = Signal(float)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, say("Loss at each learning rate"), 190)
        self._points: Points = ()
        self._rate = 0.0
        self._can_choose = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @property
    def rate(self) -> float:
        """The chosen rate; 0: none."""
        return self._rate

    def show_points(self, points: Points, lowest: float, highest: float, can_choose: bool) -> None:
        """``points`` of (rate, loss), which go from the rate ``lowest`` to at most ``highest``."""
        self._x = (math.log10(lowest), math.log10(highest))
        self._points = [(math.log10(rate), loss) for rate, loss in points]
        losses = [loss for _, loss in points] or [0.0, 1.0]
        low, high = min(losses), max(losses)
        room = max(1e-3, 0.06 * (high - low))
        self._y = (max(0.0, low - room), high + room)
        self._can_choose = can_choose
        self.setCursor(Qt.CursorShape.SizeHorCursor if can_choose else Qt.CursorShape.ArrowCursor)
        self.update()

    def choose(self, rate: float) -> None:
        """Put the line at ``rate``; 0 takes it away."""
        if rate == self._rate:
            return
        self._rate = rate
        self.setAccessibleDescription(
            say("{rate} is chosen. The arrow keys change it.", rate=rate_words(rate))
            if rate
            else ""
        )
        self.update()
        if rate:
            self.rate_chosen.emit(rate)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._choose_at(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._choose_at(event.position().x())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if not steps or not self._can_choose:
            super().keyPressEvent(event)
            return
        begin = self._rate or self._rate_in_the_middle()
        self._choose_power(math.log10(begin * _KEY_FACTOR**steps))

    def _choose_at(self, place: float) -> None:
        if not self._can_choose:
            return
        inner = self._inner(self._loss_marks())
        share = (place - inner.left()) / inner.width()
        self._choose_power(self._x[0] + share * (self._x[1] - self._x[0]))

    def _choose_power(self, power: float) -> None:
        power = min(self._x[1], max(self._x[0], power))
        self.choose(float(f"{10**power:.2g}"))

    def _rate_in_the_middle(self) -> float:
        return float(10 ** (sum(self._x) / 2))

    def _loss_marks(self) -> Marks:
        return loss_ticks(*self._y, max(2, self.height() // _LOSS_PIXELS))

    def paintEvent(self, event: QPaintEvent) -> None:
        beside = self._loss_marks()
        inner = self._inner(beside)
        painter = QPainter(self)
        below = power_marks(*self._x, max(2, int(inner.width() // _RATE_PIXELS)))
        self._paint_marks(painter, inner, below, beside)
        self._paint_line(painter, inner, self._points, self._theme.color("training"))
        if self._rate:
            self._paint_choice(painter, inner)
        if self.hasFocus():
            painter.setPen(QPen(self._theme.color("accent"), 2.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        painter.end()

    def _paint_choice(self, painter: QPainter, inner: QRectF) -> None:
        power = math.log10(self._rate)
        accent = self._theme.color("accent")
        x = self._point(inner, power, 0).x()
        painter.setPen(QPen(accent, 1.6, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(x, inner.top()), QPointF(x, inner.bottom()))
        loss = _between(self._points, power)
        if loss is not None:
            painter.setPen(QPen(self._theme.color("surface"), 2.0))
            painter.setBrush(accent)
            painter.drawEllipse(self._point(inner, power, loss), 6.0, 6.0)
        words = rate_words(self._rate)
        width = QFontMetricsF(self._small).horizontalAdvance(words)
        left = min(max(inner.left(), x - width / 2), self.width() - width)
        painter.setPen(accent)
        painter.drawText(QPointF(left, inner.top() - 5), words)


def power_marks(low: float, high: float, most: int) -> list[tuple[float, str]]:
    """Marks of a scale of powers of ten from ``low`` to ``high``, at most about so many: 1, 2 and
    5 of each power where there is room, else every power, or every second one and so on."""
    first, last = math.floor(low), math.ceil(high)
    for digits, step in (((1, 2, 5), 1), ((1, 3), 1), ((1,), 1), ((1,), 2), ((1,), 3)):
        found = [
            power + math.log10(digit)
            for power in range(first, last + 1)
            if power % step == 0
            for digit in digits
        ]
        inside = [value for value in found if low - 1e-9 <= value <= high + 1e-9]
        if len(inside) <= most:
            break
    return [(value, rate_words(float(f"{10**value:.1g}"))) for value in inside]


def _between(points: Points, x: float) -> float | None:
    """The height of the curve at ``x``; None outside of it."""
    for (left, low), (right, high) in pairwise(points):
        if left <= x <= right:
            return low + (high - low) * (x - left) / max(1e-12, right - left)
    return None
