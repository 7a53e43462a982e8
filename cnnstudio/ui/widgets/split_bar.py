"""How the pictures are divided, as one bar with three colours and patterns."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from cnnstudio.project.pictures import Part
from cnnstudio.ui.theme import Theme

_PATTERNS: dict[Part, Qt.BrushStyle] = {
    "training": Qt.BrushStyle.SolidPattern,
    "validation": Qt.BrushStyle.BDiagPattern,
    "test": Qt.BrushStyle.Dense4Pattern,
}


class SplitBar(QWidget):
    """Widths as the numbers of training, validation and test pictures."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._counts = (0, 0, 0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_counts(self, training: int, validation: int, test: int) -> None:
        """Show other numbers."""
        self._counts = (training, validation, test)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, 14)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(self.rect()), 4, 4)
        painter.setClipPath(shape)
        painter.fillRect(self.rect(), self._theme.color("line"))
        left, total = 0.0, max(1, sum(self._counts))
        for part, count in zip(_PATTERNS, self._counts, strict=True):
            width = self.width() * count / total
            paint_part(painter, QRectF(left, 0, width, self.height()), part, self._theme)
            left += width


def paint_part(painter: QPainter, area: QRectF, part: Part, theme: Theme) -> None:
    """Fill ``area`` with the colour and the pattern of a part."""
    color, pattern = theme.color(part), _PATTERNS[part]
    painter.fillRect(area, color)
    if pattern != Qt.BrushStyle.SolidPattern:
        painter.fillRect(area, QBrush(color.darker(125), pattern))
