"""What a camera sees, as in a mirror."""

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QFont, QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from cnnstudio.project.words import say
from cnnstudio.ui.theme import Theme

_RADIUS = 8
_COUNTDOWN_SIDE = 144


class CameraPreview(QWidget):
    """Shows the newest frame as large as there is room, a countdown, and whether it is recorded."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._image = QImage()
        self._is_mirrored = True
        self._words = ""
        self._countdown = 0
        self._is_recording = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(say("What the camera sees"))
        theme.changed.connect(self.update)

    def show_image(self, image: QImage) -> None:
        """Show another frame."""
        self._image = image
        self.update()

    def show_words(self, words: str) -> None:
        """Take the picture away and say why."""
        self._image = QImage()
        self._words = words
        self.update()

    def mirror(self, is_mirrored: bool) -> None:
        """Show it as in a mirror, or as others see it."""
        self._is_mirrored = is_mirrored
        self.update()

    def show_state(self, countdown: int, is_recording: bool) -> None:
        """The seconds that are left (0: none), and whether pictures are taken now."""
        if (countdown, is_recording) != (self._countdown, self._is_recording):
            self._countdown, self._is_recording = countdown, is_recording
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(640, 360)

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 180)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        whole = QRectF(self.rect())
        shape = QPainterPath()
        shape.addRoundedRect(whole, _RADIUS, _RADIUS)
        painter.fillPath(shape, self._theme.color("pressed"))
        area = self._picture_area() if not self._image.isNull() else whole
        if self._image.isNull():
            painter.setPen(self._theme.color("quiet"))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(whole.adjusted(24, 24, -24, -24), int(flags), self._words)
        else:
            painter.save()
            painter.setClipPath(shape)
            if self._is_mirrored:
                painter.translate(self.width(), 0)
                painter.scale(-1, 1)
            painter.drawImage(area, self._image)
            painter.restore()
        if self._countdown:
            self._paint_countdown(painter, area.center())
        elif self._is_recording:
            self._paint_recording(painter, area)

    def _picture_area(self) -> QRectF:
        """Where the whole frame stands, in the middle."""
        size = QSizeF(self._image.size()).scaled(
            QSizeF(self.size()), Qt.AspectRatioMode.KeepAspectRatio
        )
        left = (self.width() - size.width()) / 2
        return QRectF(QPointF(left, (self.height() - size.height()) / 2), size)

    def _paint_countdown(self, painter: QPainter, middle: QPointF) -> None:
        side = min(_COUNTDOWN_SIDE, self.height() * 0.7)
        circle = QRectF(0, 0, side, side)
        circle.moveCenter(middle)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("accent"))
        painter.drawEllipse(circle)
        font = QFont(self.font())
        font.setPixelSize(round(side * 0.6))
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(self._theme.color("on_accent"))
        painter.drawText(circle, int(Qt.AlignmentFlag.AlignCenter), str(self._countdown))

    def _paint_recording(self, painter: QPainter, area: QRectF) -> None:
        color = self._theme.color("error")
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(color, 4))
        painter.drawRoundedRect(area.adjusted(2, 2, -2, -2), _RADIUS - 2, _RADIUS - 2)
        words = say("Recording")
        font = QFont(self.font())
        font.setBold(True)
        painter.setFont(font)
        width = painter.fontMetrics().horizontalAdvance(words) + 42
        sign = QRectF(area.left() + 16, area.top() + 16, width, 32)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawRoundedRect(sign, 16, 16)
        painter.setBrush(self._theme.color("on_accent"))
        painter.drawEllipse(QPointF(sign.left() + 17, sign.center().y()), 5, 5)
        painter.setPen(self._theme.color("on_accent"))
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(sign.adjusted(28, 0, 0, 0), int(flags), words)
