"""The shapes of a drawing on a Qt painter."""

from collections.abc import Iterable
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from cnnstudio.project.drawing.inks import Ink, Palette
from cnnstudio.project.drawing.shapes import Area, Disc, Shape, Stroke, Words
from cnnstudio.project.drawing.svg import rounded_path
from cnnstudio.project.drawing.values import Point

_LEGIBLE_PIXELS = 5.0
"""Text that would be lower than this on the screen is left out."""

_ROOM = 4000.0


class ShapePainter:
    """Paints shapes in the colours of one palette; what is made for them once is kept."""

    def __init__(self, palette: Palette, font: QFont) -> None:
        self._palette = palette
        self._font = font
        self._colors: dict[Ink, QColor] = {}
        self._pens: dict[tuple[Ink, float, bool], QPen] = {}
        self._fonts: dict[tuple[float, bool], tuple[QFont, QFontMetricsF]] = {}

    def paint(self, painter: QPainter, shapes: Iterable[Shape], zoom: float) -> None:
        """Paint ``shapes`` on ``painter``, which enlarges by ``zoom``."""
        for shape in shapes:
            match shape:
                case Area():
                    self._area(painter, shape)
                case Stroke():
                    painter.setBrush(Qt.BrushStyle.NoBrush)
                    painter.setPen(self._pen(shape.ink, shape.width, shape.is_dashed))
                    painter.drawPath(path_of(shape.points, shape.radius, False))
                case Disc():
                    self._fill_and_edge(painter, shape.fill, shape.edge, shape.edge_width, False)
                    painter.drawEllipse(QPointF(shape.x, shape.y), shape.radius, shape.radius)
                case Words():
                    if shape.size * zoom >= _LEGIBLE_PIXELS:
                        self._words(painter, shape)

    def color(self, ink: Ink) -> QColor:
        """The colour of ``ink``."""
        if ink not in self._colors:
            self._colors[ink] = QColor(ink.colour(self._palette))
        return self._colors[ink]

    def _area(self, painter: QPainter, shape: Area) -> None:
        self._fill_and_edge(painter, shape.fill, shape.edge, shape.edge_width, shape.is_dashed)
        painter.drawPath(path_of(shape.points, shape.radius, True))

    def _fill_and_edge(
        self, painter: QPainter, fill: Ink | None, edge: Ink | None, width: float, dashed: bool
    ) -> None:
        if fill is None:
            painter.setBrush(Qt.BrushStyle.NoBrush)
        else:
            painter.setBrush(self.color(fill))
        if edge is None or not width:
            painter.setPen(Qt.PenStyle.NoPen)
        else:
            painter.setPen(self._pen(edge, width, dashed))

    def _pen(self, ink: Ink, width: float, dashed: bool) -> QPen:
        key = (ink, width, dashed)
        if key not in self._pens:
            pen = QPen(self.color(ink), width)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            if dashed:
                pen.setDashPattern([3 / width, 3 / width])
            self._pens[key] = pen
        return self._pens[key]

    def _words(self, painter: QPainter, shape: Words) -> None:
        font, metrics = self._font_of(shape.size, shape.is_strong)
        text = shape.text
        if shape.room and metrics.horizontalAdvance(text) > shape.room:
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, shape.room)
        painter.setFont(font)
        painter.setPen(self.color(shape.ink))
        left = {"start": 0.0, "middle": _ROOM / 2, "end": _ROOM}[shape.anchor]
        sides = {
            "start": Qt.AlignmentFlag.AlignLeft,
            "middle": Qt.AlignmentFlag.AlignHCenter,
            "end": Qt.AlignmentFlag.AlignRight,
        }
        line = QRectF(shape.x - left, shape.y - shape.size, _ROOM, 2 * shape.size)
        painter.drawText(line, sides[shape.anchor] | Qt.AlignmentFlag.AlignVCenter, text)

    def _font_of(self, size: float, is_strong: bool) -> tuple[QFont, QFontMetricsF]:
        key = (size, is_strong)
        if key not in self._fonts:
            font = QFont(self._font)
            font.setPixelSize(max(1, round(size)))
            font.setWeight(QFont.Weight.DemiBold if is_strong else QFont.Weight.Normal)
            font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
            self._fonts[key] = (font, QFontMetricsF(font))
        return self._fonts[key]


@lru_cache(maxsize=20_000)
def path_of(points: tuple[Point, ...], radius: float, is_closed: bool) -> QPainterPath:
    """A line with rounded corners."""
    path = QPainterPath()
    for number, piece in enumerate(rounded_path(points, radius, is_closed)):
        ends = [QPointF(*point) for point in piece]
        if number == 0:
            path.moveTo(ends[0])
        elif len(ends) == 1:
            path.lineTo(ends[0])
        else:
            path.quadTo(*ends)
    if is_closed:
        path.closeSubpath()
    return path
