"""A picture and its variants: the first one large, the others around it, as large as fits."""

import math
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QHelpEvent, QImage, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from cnnstudio.ui.theme import Theme

GAP = 8
CAPTION_HEIGHT = 20
LARGE = 2
"""The first picture takes so many rows and columns."""

_RADIUS = 6.0
_FAINT = 0.88


class PictureWall(QWidget):
    """Shows a picture and up to ``count`` variants; a caption lies over the foot of a tile."""

    def __init__(self, theme: Theme, count: int) -> None:
        super().__init__()
        self._theme = theme
        self._count = count
        self._images: list[QImage] = []
        self._captions: tuple[str, ...] = ()
        self._tips: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self.update)

    @property
    def has_images(self) -> bool:
        """Whether anything is shown."""
        return bool(self._images)

    @property
    def images(self) -> tuple[QImage, ...]:
        """What is shown, the large one first."""
        return tuple(self._images)

    @property
    def captions(self) -> tuple[str, ...]:
        """The words over the tiles, in their order."""
        return self._captions

    def show_images(
        self,
        images: Sequence[QImage],
        captions: Sequence[str] = (),
        tips: Sequence[str] = (),
    ) -> None:
        """Show other pictures, the large one first; ``tips`` are for the mouse to find."""
        self._images = list(images[: 1 + self._count])
        self._captions = tuple(captions)
        self._tips = tuple(tips)
        self.setAccessibleDescription("\n".join(filter(None, self._tips)))
        self.update()

    def tiles(self) -> list[QRectF]:
        """Where each picture is, the large one first."""
        columns, side = self._columns_and_side()
        cells = LARGE * LARGE + self._count
        rows = math.ceil(cells / columns)
        step = side + GAP
        left = max(0.0, (self.width() - columns * step + GAP) / 2)
        large = LARGE * step - GAP
        free = [
            QRectF(left + column * step, row * step, side, side)
            for row in range(rows)
            for column in range(columns)
            if row >= LARGE or column >= LARGE
        ]
        return [QRectF(left, 0, large, large), *free[: self._count]]

    def sizeHint(self) -> QSize:
        return QSize(480, 480)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 160)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setFont(self._small_font)
        for index, tile in enumerate(self.tiles()):
            shape = QPainterPath()
            shape.addRoundedRect(tile, _RADIUS, _RADIUS)
            if index >= len(self._images):
                painter.fillPath(shape, self._theme.color("hover"))
                continue
            painter.save()
            painter.setClipPath(shape)
            painter.drawImage(tile, self._images[index])
            self._paint_caption(painter, tile, index)
            painter.restore()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            found = [
                words
                for tile, words in zip(self.tiles(), self._tips, strict=False)
                if words and tile.contains(event.pos().toPointF())
            ]
            QToolTip.showText(event.globalPos(), found[0] if found else "", self)
            return True
        return super().event(event)

    def _paint_caption(self, painter: QPainter, tile: QRectF, index: int) -> None:
        words = self._captions[index] if index < len(self._captions) else ""
        if not words:
            return
        strip = tile.adjusted(0, tile.height() - CAPTION_HEIGHT, 0, 0)
        ground = self._theme.color("surface")
        ground.setAlphaF(_FAINT)
        painter.fillRect(strip, ground)
        painter.setPen(self._theme.color("text"))
        inside = strip.adjusted(6, 0, -6, 0)
        mode = Qt.TextElideMode.ElideRight
        fitting = painter.fontMetrics().elidedText(words, mode, int(inside.width()))
        painter.drawText(inside, int(Qt.AlignmentFlag.AlignVCenter), fitting)

    def _columns_and_side(self) -> tuple[int, float]:
        """The number of columns with which the tiles are largest."""
        cells = LARGE * LARGE + self._count
        found = []
        for columns in range(LARGE, self._count // LARGE + LARGE + 1):
            rows = math.ceil(cells / columns)
            across = (self.width() + GAP) / columns - GAP
            down = (self.height() + GAP) / rows - GAP
            found.append((max(8.0, min(across, down)), -columns))
        side, columns = max(found)
        return -columns, side

    @property
    def _small_font(self) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(8.5)
        return font
