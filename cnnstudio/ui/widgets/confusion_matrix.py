"""The confusion matrix: what was there, and what the model said."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from cnnstudio.project.results import Evaluation
from cnnstudio.project.words import say
from cnnstudio.ui.theme import Theme

GAP = 6


class ConfusionMatrix(QWidget):
    """Rows are true classes, columns the answers. A click on a cell chooses its pictures."""

    cell_chosen = Signal(int, int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._evaluation: Evaluation | None = None
        self._chosen: tuple[int, int] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(say("Confusion matrix"))
        theme.changed.connect(self.update)

    def show_evaluation(self, evaluation: Evaluation | None) -> None:
        """Show other answers."""
        self._evaluation = evaluation
        self._chosen = None
        if evaluation is not None:
            spoken = [
                say("{true} taken for {given}: {count}", true=true, given=given, count=count)
                for true, row in zip(evaluation.classes, evaluation.confusion, strict=True)
                for given, count in zip(evaluation.classes, row, strict=True)
            ]
            self.setAccessibleDescription("; ".join(spoken))
        self.update()

    def choose(self, cell: tuple[int, int] | None) -> None:
        """Mark a cell."""
        self._chosen = cell
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, 300)

    def minimumSizeHint(self) -> QSize:
        return QSize(220, 200)

    @property
    def _names_width(self) -> float:
        assert self._evaluation is not None
        metrics = QFontMetrics(self.font())
        longest = max(metrics.horizontalAdvance(name) for name in self._evaluation.classes)
        return min(longest + 46.0, self.width() * 0.35)

    def _cell(self, row: int, column: int) -> QRectF:
        assert self._evaluation is not None
        count = len(self._evaluation.classes)
        left = self._names_width
        width = min((self.width() - left) / count, 170.0)
        height = min((self.height() - 34) / count, 150.0)
        return QRectF(left + column * width, 34 + row * height, width - GAP, height - GAP)

    def paintEvent(self, event: QPaintEvent) -> None:
        evaluation = self._evaluation
        if evaluation is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index, name in enumerate(evaluation.classes):
            self._paint_names(painter, index, name)
        for row, counts in enumerate(evaluation.confusion):
            for column, count in enumerate(counts):
                self._paint_cell(painter, row, column, count, max(1, sum(counts)))

    def _paint_names(self, painter: QPainter, index: int, name: str) -> None:
        font = QFont(self.font())
        font.setPointSizeF(9)
        painter.setFont(font)
        painter.setPen(self._theme.color("quiet"))
        metrics = QFontMetrics(font)
        cell = self._cell(0, index)
        said = say("said {name}", name=name)
        above = QRectF(cell.left(), 0, cell.width(), 30)
        text = metrics.elidedText(said, Qt.TextElideMode.ElideRight, int(cell.width()))
        painter.drawText(above, int(Qt.AlignmentFlag.AlignCenter), text)
        cell = self._cell(index, 0)
        beside = QRectF(0, cell.top(), self._names_width - 10, cell.height())
        text = metrics.elidedText(
            say("is {name}", name=name), Qt.TextElideMode.ElideRight, int(beside.width())
        )
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(beside, int(right), text)

    def _paint_cell(self, painter: QPainter, row: int, column: int, count: int, total: int) -> None:
        share = count / total
        surface = self._theme.color("page")
        strong = self._theme.color("matrix" if row == column else "matrix_wrong")
        color = _mixed(surface, strong, 0.12 + 0.88 * share if count else 0.0)
        area = self._cell(row, column)
        painter.setBrush(color)
        is_chosen = self._chosen == (row, column)
        painter.setPen(
            QPen(self._theme.color("text" if is_chosen else "line"), 2.5 if is_chosen else 1)
        )
        painter.drawRoundedRect(area, 6, 6)
        painter.setPen(QColor("#FFFFFF") if _is_dark(color) else QColor("#1A1F26"))
        font = QFont(self.font())
        font.setPointSizeF(max(7.0, min(16.0, area.height() / 4, area.width() / 4)))
        font.setBold(row == column)
        painter.setFont(font)
        painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), f"{count:,}")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._evaluation is None:
            return
        for row in range(len(self._evaluation.classes)):
            for column in range(len(self._evaluation.classes)):
                if self._cell(row, column).contains(event.position()):
                    self.choose((row, column))
                    self.cell_chosen.emit(row, column)


def _mixed(low: QColor, high: QColor, share: float) -> QColor:
    mix = [
        round(a + (b - a) * share)
        for a, b in zip(low.getRgb()[:3], high.getRgb()[:3], strict=True)  # type: ignore[index]
    ]
    return QColor(*mix)


def _is_dark(color: QColor) -> bool:
    """Whether white stands out from ``color`` better than near-black (WCAG luminance)."""

    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(v) for v in (color.redF(), color.greenF(), color.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.19
