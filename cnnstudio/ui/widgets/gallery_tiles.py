"""Paints one tile of the gallery: the picture and its signs, quick enough for a screen full."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontMetrics,
    QImage,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
)

from cnnstudio.project.pictures import Part
from cnnstudio.project.words import N_, say
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.gallery_items import GalleryItem

RADIUS = 6
RING = 3
CAPTION_FROM = 100
"""Tiles of this side or more have the file's name below them."""

_BADGE = 20
_INSET = 6
_BAR = 4
_LEFT_OUT_OPACITY = 0.3

PART_LETTERS: dict[Part, str] = {"training": N_("Tr"), "validation": N_("Va"), "test": N_("Te")}
PART_PATTERNS: dict[Part, Qt.BrushStyle] = {
    "training": Qt.BrushStyle.SolidPattern,
    "validation": Qt.BrushStyle.BDiagPattern,
    "test": Qt.BrushStyle.Dense4Pattern,
}


@dataclass(frozen=True)
class TileState:
    """How a tile stands in the gallery."""

    is_selected: bool = False
    is_current: bool = False
    is_under_mouse: bool = False
    has_failed: bool = False


class TilePainter:
    """Knows the look of the tiles; signs are drawn once and kept."""

    def __init__(self, theme: Theme, font: QFont, scale: float) -> None:
        self._theme = theme
        self._scale = scale
        self._signs: dict[str, QPixmap] = {}
        self._class_colors: dict[str, QColor] = {}
        self.caption_font = QFont(font)
        self.caption_font.setPointSizeF(8.5)
        self._metrics = QFontMetrics(self.caption_font)
        self._badge_font = QFont(font)
        self._badge_font.setPixelSize(11)
        self._badge_font.setBold(True)
        self.background = theme.color("surface")
        self._pressed = theme.color("pressed")
        self._accent = theme.color("accent")
        self._text = theme.color("text")
        self._quiet = theme.color("quiet")
        self._error = theme.color("error")

    def show_class_colors(self, colors: Mapping[str, str]) -> None:
        """Take other colours for the classes."""
        self._class_colors = {name: QColor(color) for name, color in colors.items()}

    def caption_height(self, side: int) -> int:
        """Room below the picture of a tile."""
        return self._metrics.height() + 4 if side >= CAPTION_FROM else 0

    def paint(
        self,
        painter: QPainter,
        place: QRect,
        item: GalleryItem,
        image: QImage | None,
        state: TileState,
    ) -> None:
        """Paint ``item`` with its picture at ``place`` (a square; the caption is below it)."""
        self._paint_picture(painter, place, item, image, state)
        color = self._class_colors.get(item.label)
        if color is not None:
            painter.fillRect(place.left(), place.bottom() + 1 - _BAR, place.width(), _BAR, color)
        self._round_corners(painter, place)
        if item.left_out:
            self._cross_out(painter, place)
        self._paint_signs(painter, place, item, state)
        self._paint_rings(painter, place, state)
        if self.caption_height(place.width()):
            self._paint_caption(painter, place, item, state)

    def _paint_picture(
        self,
        painter: QPainter,
        place: QRect,
        item: GalleryItem,
        image: QImage | None,
        state: TileState,
    ) -> None:
        if image is None:
            painter.fillRect(place, self._pressed)
            if state.has_failed:
                sign = self._sign("failed", self._draw_failed)
                at = place.center() - QPoint(_BADGE // 2 - 1, _BADGE // 2 - 1)
                painter.drawPixmap(at, sign)
        elif item.left_out:
            painter.setOpacity(_LEFT_OUT_OPACITY)
            painter.drawImage(place, image)
            painter.setOpacity(1.0)
        else:
            painter.drawImage(place, image)

    def _round_corners(self, painter: QPainter, place: QRect) -> None:
        right, bottom = place.right() + 1 - RADIUS, place.bottom() + 1 - RADIUS
        for name, x, y in (
            ("top left", place.left(), place.top()),
            ("top right", right, place.top()),
            ("bottom left", place.left(), bottom),
            ("bottom right", right, bottom),
        ):
            painter.drawPixmap(x, y, self._corner(name))

    def _cross_out(self, painter: QPainter, place: QRect) -> None:
        inset = place.width() // 6
        inner = QRectF(place.adjusted(inset, inset, -inset, -inset))
        for pen in (QPen(self.background, 5), QPen(self._error, 2.5)):
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawLine(inner.topLeft(), inner.bottomRight())
            painter.drawLine(inner.topRight(), inner.bottomLeft())

    def _paint_signs(
        self, painter: QPainter, place: QRect, item: GalleryItem, state: TileState
    ) -> None:
        left, top = place.left() + _INSET, place.top() + _INSET
        right = place.right() + 1 - _INSET - _BADGE
        if state.is_selected:
            painter.drawPixmap(left, top, self._sign("chosen", self._draw_chosen))
        for name, wanted in (
            ("problem", bool(item.problem)),
            ("look-alikes", item.in_group),
            ("pinned", item.pinned),
        ):
            if wanted:
                painter.drawPixmap(right, top, self._round_sign(name))
                right -= _BADGE + 3
        if item.part is not None:
            below = place.bottom() + 1 - _INSET - _BADGE + 4 - _BAR
            painter.drawPixmap(left, below, self.part_sign(item.part))

    def _paint_rings(self, painter: QPainter, place: QRect, state: TileState) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        outer = QRectF(place).adjusted(-1.5, -1.5, 1.5, 1.5)
        if state.is_selected:
            painter.setPen(QPen(self._accent, RING))
            painter.drawRoundedRect(outer, RADIUS + 1, RADIUS + 1)
        elif state.is_under_mouse:
            painter.setPen(QPen(self._quiet, 1.5))
            painter.drawRoundedRect(outer.adjusted(1, 1, -1, -1), RADIUS, RADIUS)
        if state.is_current:
            pen = QPen(self._text, 1.5, Qt.PenStyle.DashLine)
            painter.setPen(pen)
            inner = 3 if state.is_selected else 0
            painter.drawRoundedRect(
                outer.adjusted(inner, inner, -inner, -inner), RADIUS - 1, RADIUS - 1
            )

    def _paint_caption(
        self, painter: QPainter, place: QRect, item: GalleryItem, state: TileState
    ) -> None:
        painter.setFont(self.caption_font)
        painter.setPen(self._text if state.is_selected else self._quiet)
        words = self._metrics.elidedText(item.name, Qt.TextElideMode.ElideMiddle, place.width() - 2)
        painter.drawText(place.left() + 1, place.bottom() + 3 + self._metrics.ascent(), words)

    def drag_picture(self, image: QImage, count: int) -> QPixmap:
        """What hangs at the mouse while ``count`` pictures are dragged."""
        side = 72
        pixmap = self._canvas(side + 16, side + 16)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        place = QRect(0, 8, side, side)
        if count > 1:
            painter.fillRect(place.translated(8, -8), self._pressed)
            painter.setPen(self._quiet)
            painter.drawRect(place.translated(8, -8))
        painter.drawImage(place, image)
        if count > 1:
            words = f"{count:,}"
            width = QFontMetrics(self._badge_font).horizontalAdvance(words) + 12
            badge = QRectF(side + 14 - width, side - 6, width, _BADGE)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._accent)
            painter.drawRoundedRect(badge, _BADGE / 2, _BADGE / 2)
            painter.setFont(self._badge_font)
            painter.setPen(self._theme.color("on_accent"))
            painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, words)
        painter.end()
        return pixmap

    # Signs

    def part_sign(self, part: Part) -> QPixmap:
        """The badge of a part: letters on its colour, with its pattern."""
        return self._sign(part, lambda: self._draw_part(part))

    def _sign(self, name: str, draw: Callable[[], QPixmap]) -> QPixmap:
        sign = self._signs.get(name)
        if sign is None:
            sign = self._signs[name] = draw()
        return sign

    def _canvas(self, width: int, height: int) -> QPixmap:
        pixmap = QPixmap(round(width * self._scale), round(height * self._scale))
        pixmap.setDevicePixelRatio(self._scale)
        pixmap.fill(Qt.GlobalColor.transparent)
        return pixmap

    def _draw_part(self, part: Part) -> QPixmap:
        words = say(PART_LETTERS[part])
        pattern = PART_PATTERNS[part]
        stripe = 0 if pattern == Qt.BrushStyle.SolidPattern else 7
        width = stripe + QFontMetrics(self._badge_font).horizontalAdvance(words) + 9
        height = _BADGE - 4
        pixmap = self._canvas(width, height)
        color = self._theme.color(part)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(0, 0, width, height), 4, 4)
        painter.setClipPath(shape)
        painter.fillRect(0, 0, width, height, color)
        painter.fillRect(0, 0, stripe, height, color.lighter(160))
        painter.fillRect(0, 0, stripe, height, QBrush(color.darker(250), pattern))
        painter.setFont(self._badge_font)
        painter.setPen(readable_on(color))
        area = QRectF(stripe, 0, width - stripe, height)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, words)
        painter.end()
        return pixmap

    def _round_sign(self, name: str) -> QPixmap:
        icon, ground, ink = {
            "problem": ("warning", "warning_soft", "warning"),
            "look-alikes": ("copy", "surface", "text"),
            "pinned": ("pin", "surface", "text"),
        }[name]
        return self._sign(name, lambda: self._draw_round(icon, ground, ink))

    def _draw_round(self, icon: str, ground: str, ink: str, inset: int = 3) -> QPixmap:
        pixmap = self._canvas(_BADGE, _BADGE)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.color(ink), 1))
        painter.setBrush(self._theme.color(ground))
        painter.drawEllipse(QRectF(0.5, 0.5, _BADGE - 1, _BADGE - 1))
        side = _BADGE - 2 * inset
        painter.drawPixmap(inset, inset, self._theme.pixmap(icon, side, ink))
        painter.end()
        return pixmap

    def _draw_chosen(self) -> QPixmap:
        return self._draw_round("check", "accent", "on_accent")

    def _draw_failed(self) -> QPixmap:
        return self._theme.pixmap("warning", _BADGE, "warning")

    def _corner(self, name: str) -> QPixmap:
        return self._sign(name, lambda: self._draw_corner(name))

    def _draw_corner(self, name: str) -> QPixmap:
        """The background where a rounded corner leaves it free."""
        pixmap = self._canvas(RADIUS, RADIUS)
        middle = QPointF(
            RADIUS if "left" in name else 0,
            RADIUS if "top" in name else 0,
        )
        outside = QPainterPath()
        outside.addRect(0, 0, RADIUS, RADIUS)
        inside = QPainterPath()
        inside.addEllipse(middle, RADIUS, RADIUS)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillPath(outside.subtracted(inside), self.background)
        painter.end()
        return pixmap


def readable_on(color: QColor) -> QColor:
    """Black or white, whichever is read better on ``color``."""

    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    light = (
        0.2126 * linear(color.redF())
        + 0.7152 * linear(color.greenF())
        + 0.0722 * linear(color.blueF())
    )
    return QColor("#000000") if light > 0.179 else QColor("#FFFFFF")
