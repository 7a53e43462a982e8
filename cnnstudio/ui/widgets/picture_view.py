"""One picture, as large as fits."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from cnnstudio.ui.theme import Theme

MOST_ENLARGED = 4.0


class PictureView(QWidget):
    """Shows a picture, or words in its place."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._image: QImage | None = None
        self._scaled: QImage | None = None
        self._with_pixels = False
        self._words = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self.update)

    @property
    def image(self) -> QImage | None:
        """What is shown."""
        return self._image

    @property
    def words(self) -> str:
        """What stands there instead of a picture."""
        return self._words

    def show_image(self, image: QImage, with_pixels: bool = False) -> None:
        """Show a picture; ``with_pixels`` enlarges it so that its pixels can be counted."""
        self._image, self._with_pixels, self._words = image, with_pixels, ""
        self._scaled = None
        self.update()

    def show_words(self, words: str) -> None:
        """Show words in place of a picture."""
        self._image, self._words = None, words
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(720, 560)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 200)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._image is None:
            painter.setPen(self._theme.color("quiet"))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(24, 24, -24, -24), int(flags), self._words)
        else:
            scaled = self._fitted(self._image)
            size = scaled.deviceIndependentSize().toSize()
            place = QRect(QPoint(), size)
            place.moveCenter(self.rect().center())
            painter.drawImage(place.topLeft(), scaled)
        if self.hasFocus():
            painter.setPen(self._theme.color("accent"))
            painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 8, 8)

    def _fitted(self, image: QImage) -> QImage:
        """The picture in the screen's own pixels; scaled once, not at every painting."""
        ratio = self.devicePixelRatioF()
        room = QSize(round((self.width() - 8) * ratio), round((self.height() - 8) * ratio))
        wanted = image.size().scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
        if not self._with_pixels:
            wanted = wanted.boundedTo(image.size() * MOST_ENLARGED)
        if self._scaled is None or self._scaled.size() != wanted:
            fast = Qt.TransformationMode.FastTransformation
            smooth = Qt.TransformationMode.SmoothTransformation
            is_enlarged = wanted.width() > image.width()
            way = fast if self._with_pixels and is_enlarged else smooth
            kept = Qt.AspectRatioMode.IgnoreAspectRatio
            self._scaled = image.scaled(wanted, kept, way)
            self._scaled.setDevicePixelRatio(ratio)
        return self._scaled
