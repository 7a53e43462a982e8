"""The answer for one picture: a bar for each class."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from cnnstudio.project.words import say
from cnnstudio.ui.theme import Theme

ROW = 46
MOST_ROWS = 10


class ProbabilityBars(QWidget):
    """Classes with their probabilities, the most probable first and loudest."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._rows: list[tuple[str, float]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_answer(self, classes: Sequence[str], probabilities: Sequence[float]) -> None:
        """Show the answer for another picture."""
        pairs = sorted(zip(classes, probabilities, strict=True), key=lambda pair: -pair[1])
        self._rows = pairs[:MOST_ROWS]
        spoken = [say("{name} {share:.0%}", name=n, share=p) for n, p in self._rows]
        self.setAccessibleName(", ".join(spoken))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, ROW * len(self._rows))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index, (name, probability) in enumerate(self._rows):
            top = index * ROW
            font = QFont(self.font())
            font.setBold(index == 0)
            painter.setFont(font)
            painter.setPen(self._theme.color("text"))
            percent = say("{share:.1%}", share=probability)
            words = QFontMetrics(font).elidedText(
                name, Qt.TextElideMode.ElideRight, self.width() - 80
            )
            line = QRectF(0, top, self.width(), 24)
            painter.drawText(line, int(Qt.AlignmentFlag.AlignVCenter), words)
            right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(line, int(right), percent)
            bar = QRectF(0, top + 26, self.width(), 8)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("line"))
            painter.drawRoundedRect(bar, 4, 4)
            bar.setWidth(max(4.0, self.width() * probability))
            painter.setBrush(self._theme.color("accent" if index == 0 else "control_line"))
            painter.drawRoundedRect(bar, 4, 4)
