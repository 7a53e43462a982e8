"""One watched picture: itself, whether its answer is right, and how the answer went."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from cnnstudio.project.epochs import WatchedAnswer
from cnnstudio.project.words import say
from cnnstudio.ui.theme import Theme

PIXELS = 128
SIDE = 60
_RADIUS = 5.0
_SIGN = 16
_MOST_LINES = 14


class WatchedPicture(QWidget):
    """Green and a tick where the answer is right, yellow and a cross where it is not."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._image: QImage | None = None
        self._answer: WatchedAnswer | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.changed.connect(self.update)

    @property
    def answer(self) -> WatchedAnswer | None:
        """What is shown."""
        return self._answer

    def show_image(self, image: QImage | None) -> None:
        """The picture as a square."""
        self._image = image
        self.update()

    def show_answer(
        self, answer: WatchedAnswer, course: Sequence[tuple[int, WatchedAnswer]]
    ) -> None:
        """What the picture is taken for; ``course`` are the answers by epoch."""
        self._answer = answer
        name = Path(answer.file).name
        if answer.answer == answer.label:
            words = say("{file}: {answer}, which is right", file=name, answer=answer.answer)
        else:
            words = say(
                "{file}: {answer}, but it is {label}",
                file=name,
                answer=answer.answer,
                label=answer.label,
            )
        lines = [
            say(
                "epoch {epoch}: {answer} {percent}",
                epoch=epoch,
                answer=each.answer,
                percent=f"{each.probability:.0%}",
            )
            for epoch, each in _spread(course)
        ]
        self.setAccessibleName(words)
        self.setAccessibleDescription(", ".join(lines))
        self.setToolTip("\n".join([words, *lines]))
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return width + 3 + QFontMetrics(self._font()).lineSpacing()

    def sizeHint(self) -> QSize:
        return QSize(SIDE, self.heightForWidth(SIDE))

    def minimumSizeHint(self) -> QSize:
        return QSize(40, self.heightForWidth(40))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._answer is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        is_right = self._answer.answer == self._answer.label
        tone = self._theme.color("good" if is_right else "warning")
        line = QFontMetrics(self._font()).lineSpacing()
        side = min(self.width(), self.height() - line - 3)
        area = QRectF(1, 1, side - 2, side - 2)
        shape = QPainterPath()
        shape.addRoundedRect(area, _RADIUS, _RADIUS)
        painter.save()
        painter.setClipPath(shape)
        if self._image is None:
            painter.fillPath(shape, self._theme.color("pressed"))
        else:
            painter.drawImage(area, self._image)
        painter.restore()
        painter.setPen(QPen(tone, 2))
        painter.drawPath(shape)
        self._paint_sign(painter, QPointF(area.right() - _SIGN + 1, area.top() - 1), is_right)
        if self.hasFocus():
            painter.setPen(QPen(self._theme.color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area.adjusted(3, 3, -3, -3), 3, 3)
        painter.setFont(self._font())
        painter.setPen(self._theme.color("quiet"))
        self._paint_words(painter, QRectF(0, self.height() - line - 1, self.width(), line + 1))

    def _paint_sign(self, painter: QPainter, corner: QPointF, is_right: bool) -> None:
        """A tick or a cross in the picture's corner: not by colour alone."""
        round_ = QRectF(corner.x(), corner.y(), _SIGN, _SIGN)
        tone = self._theme.color("good" if is_right else "warning")
        painter.setPen(QPen(self._theme.color("surface"), 1.5))
        painter.setBrush(tone)
        painter.drawEllipse(round_)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(
            QPen(
                self._theme.color("surface"),
                1.8,
                Qt.PenStyle.SolidLine,
                Qt.PenCapStyle.RoundCap,
                Qt.PenJoinStyle.RoundJoin,
            )
        )
        middle = round_.center()
        if is_right:
            points = [QPointF(-3.4, 0.2), QPointF(-1, 2.6), QPointF(3.4, -2.4)]
            painter.drawPolyline([middle + point for point in points])
        else:
            painter.drawLine(middle + QPointF(-2.6, -2.6), middle + QPointF(2.6, 2.6))
            painter.drawLine(middle + QPointF(-2.6, 2.6), middle + QPointF(2.6, -2.6))

    def _paint_words(self, painter: QPainter, area: QRectF) -> None:
        assert self._answer is not None
        percent = f" {self._answer.probability:.0%}"
        metrics = painter.fontMetrics()
        room = int(area.width()) - metrics.horizontalAdvance(percent)
        name = metrics.elidedText(self._answer.answer, Qt.TextElideMode.ElideRight, room)
        flags = int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        painter.drawText(area, flags, name + percent)

    def _font(self) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(8.5)
        return font


def _spread(course: Sequence[tuple[int, WatchedAnswer]]) -> list[tuple[int, WatchedAnswer]]:
    """So many of ``course`` that they can be read at a glance, first and last among them."""
    if len(course) <= _MOST_LINES:
        return list(course)
    last = len(course) - 1
    places = sorted({round(n * last / (_MOST_LINES - 1)) for n in range(_MOST_LINES)})
    return [course[place] for place in places]
