"""A row of the newest pictures, the newest at the left."""

from collections.abc import Container

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from cnnstudio.ui.theme import Theme

_SIDE = 64
_GAP = 8
_MOST = 48


class FilmStrip(QWidget):
    """As many as there is room for; pictures have numbers, by which they can be taken out."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._rows: dict[str, list[tuple[int, QImage]]] = {}
        self._shown = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def add(self, row: str, number: int, image: QImage) -> None:
        """Put a picture at the beginning of ``row``."""
        pictures = self._rows.setdefault(row, [])
        pictures.insert(0, (number, _small(image, round(_SIDE * self.devicePixelRatio()))))
        del pictures[_MOST:]
        self.update()

    def take_out(self, numbers: Container[int]) -> None:
        """Take pictures out, whichever row they are in."""
        for row, pictures in self._rows.items():
            self._rows[row] = [each for each in pictures if each[0] not in numbers]
        self.update()

    def show_row(self, row: str) -> None:
        """Show another row."""
        self._shown = row
        self.update()

    def numbers(self) -> list[int]:
        """The pictures of the row that is shown, the newest first."""
        return [number for number, _ in self._rows.get(self._shown, [])]

    def sizeHint(self) -> QSize:
        return QSize(6 * _SIDE, _SIDE)

    def minimumSizeHint(self) -> QSize:
        return QSize(2 * _SIDE, _SIDE)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        pictures = self._rows.get(self._shown, [])
        for place in range((self.width() + _GAP) // (_SIDE + _GAP)):
            area = QRectF(place * (_SIDE + _GAP), 0, _SIDE, _SIDE)
            shape = QPainterPath()
            shape.addRoundedRect(area, 6, 6)
            if place >= len(pictures):
                painter.fillPath(shape, self._theme.color("hover"))
                continue
            painter.save()
            painter.setClipPath(shape)
            painter.drawImage(area, pictures[place][1])
            painter.restore()


def _small(image: QImage, side: int) -> QImage:
    """The middle square of ``image``, ``side`` pixels wide."""
    edge = min(image.width(), image.height())
    middle = QRect((image.width() - edge) // 2, (image.height() - edge) // 2, edge, edge)
    coarse = image.copy(middle).scaled(2 * side, 2 * side)
    return coarse.scaled(side, side, mode=Qt.TransformationMode.SmoothTransformation)
