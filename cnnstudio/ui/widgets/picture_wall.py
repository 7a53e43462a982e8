"""Pictures in a fixed grid, as large as the room allows."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from cnnstudio.ui.theme import Theme

GAP = 10
CAPTION = 20


class PictureWall(QWidget):
    """Shows up to ``columns`` × ``rows`` pictures, with words below the first ones."""

    def __init__(self, theme: Theme, columns: int, rows: int) -> None:
        super().__init__()
        self._theme = theme
        self._columns = columns
        self._rows = rows
        self._images: list[QImage] = []
        self._captions: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self.update)

    @property
    def has_images(self) -> bool:
        """Whether anything is shown."""
        return bool(self._images)

    def show_images(self, images: Sequence[QImage], captions: Sequence[str] = ()) -> None:
        """Show other pictures."""
        self._images = list(images[: self._columns * self._rows])
        self._captions = tuple(captions)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._columns * 110, self._rows * 120)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._columns * 60, self._rows * 70)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        width = (self.width() - (self._columns - 1) * GAP) / self._columns
        height = (self.height() - (self._rows - 1) * GAP - CAPTION) / self._rows
        side = max(10.0, min(width, height))
        for index in range(self._columns * self._rows if self._images else 0):
            row, column = divmod(index, self._columns)
            top = row * (side + GAP) + (CAPTION if row else 0)
            area = QRectF(column * (side + GAP), top, side, side)
            shape = QPainterPath()
            shape.addRoundedRect(area, 8, 8)
            if index < len(self._images):
                painter.save()
                painter.setClipPath(shape)
                painter.drawImage(area, self._images[index])
                painter.restore()
            if index < len(self._captions):
                painter.setPen(self._theme.color("quiet"))
                below = QRectF(area.left(), area.bottom(), side, CAPTION)
                painter.drawText(below, int(Qt.AlignmentFlag.AlignVCenter), self._captions[index])
