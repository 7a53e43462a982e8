"""A button that works for as long as it is held."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFont,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from cnnstudio.ui.theme import Theme

_HEIGHT = 56


class HoldButton(QAbstractButton):
    """``held`` comes when the mouse or the space bar goes down on it, ``let_go`` once after.

    The mouse may leave it meanwhile: whoever looks at the camera does not look at the pointer.
    """

    held = Signal()
    let_go = Signal()

    def __init__(self, text: str, text_while_held: str, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._texts = (text, text_while_held)
        self.setText(text)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    @property
    def is_held(self) -> bool:
        """Whether it is down."""
        return self.isDown()

    def hold(self) -> None:
        """Go down, if it may be pressed."""
        if self.isEnabled() and not self.isDown():
            self.setDown(True)
            self.held.emit()

    def release(self) -> None:
        """Go up."""
        if self.isDown():
            self.setDown(False)
            self.let_go.emit()

    def sizeHint(self) -> QSize:
        width = max(self.fontMetrics().horizontalAdvance(text) for text in self._texts)
        return QSize(round(width * 1.3) + 88, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.hold()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.release()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.isDown():
            self.release()
        elif event.key() != Qt.Key.Key_Space:
            super().keyPressEvent(event)
        elif not event.isAutoRepeat():
            self.hold()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Space:
            super().keyReleaseEvent(event)
        elif not event.isAutoRepeat():
            self.release()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.release()  # The space bar's release goes elsewhere now.
        self.update()

    def hideEvent(self, event: QHideEvent) -> None:
        self.release()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.EnabledChange:
            if not self.isEnabled():
                self.release()
            self.update()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect())
        ground, ink = ("error", "on_accent") if self.isDown() else ("accent", "on_accent")
        if not self.isEnabled():
            ground, ink = "line", "quiet"
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color(ground))
        painter.drawRoundedRect(area, 8, 8)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._theme.color("text"), 2))
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), 7, 7)
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * 1.2)
        font.setBold(True)
        painter.setFont(font)
        words = self._texts[self.isDown()]
        width = painter.fontMetrics().horizontalAdvance(words)
        left = area.center().x() - (width + 28) / 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color(ink))
        middle = QPointF(left + 8, area.center().y())
        if self.isDown():
            painter.drawRoundedRect(QRectF(middle.x() - 7, middle.y() - 7, 14, 14), 3, 3)
        else:
            painter.drawEllipse(middle, 8, 8)
        painter.setPen(self._theme.color(ink))
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(area.adjusted(left + 28, 0, 0, 0), int(flags), words)
