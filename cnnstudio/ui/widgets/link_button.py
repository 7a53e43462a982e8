"""A button that looks like a link, and goes on in the next line where there is little room."""

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy

LONG = 200
"""In pixels. Longer words need not stand in one line, so that no column has to be wider."""

_PADDING = 2
_WRAPPED = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter) | int(
    Qt.TextFlag.TextWordWrap
)


class LinkButton(QPushButton):
    """Short words are drawn as by any button."""

    def setText(self, text: str) -> None:
        super().setText(text)
        self._fit()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        kinds = (QEvent.Type.Polish, QEvent.Type.StyleChange, QEvent.Type.FontChange)
        if event.type() in kinds:
            self._fit()
        return done

    def hasHeightForWidth(self) -> bool:
        return self._is_long()

    def heightForWidth(self, width: int) -> int:
        room = QRect(0, 0, width, 10_000)
        text = self.fontMetrics().boundingRect(room, _WRAPPED, self.text())
        return text.height() + 2 * _PADDING

    def minimumSizeHint(self) -> QSize:
        smallest = super().minimumSizeHint()
        return QSize(LONG, smallest.height()) if self._is_long() else smallest

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.width() >= self.sizeHint().width():
            super().paintEvent(event)
            return
        painter = QPainter(self)
        font = self.font()
        font.setUnderline(self.isEnabled() and (self.underMouse() or self.hasFocus()))
        painter.setFont(font)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), _WRAPPED, self.text())

    def _is_long(self) -> bool:
        return self.sizeHint().width() > LONG

    def _fit(self) -> None:
        """Long words may make it narrower and higher than their one line."""
        if self._is_long():
            self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        elif self.sizePolicy().verticalPolicy() == QSizePolicy.Policy.Minimum:
            self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
