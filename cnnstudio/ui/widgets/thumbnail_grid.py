"""Rows of thumbnails, loaded by background threads while they are looked at."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QMetaMethod, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QFontMetrics,
    QHelpEvent,
    QHideEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from cnnstudio.ui.theme import Theme
from cnnstudio.worker.thumbnail_loader import ThumbnailLoader

TILE = 84
GAP = 6
_PIXELS = 2 * TILE


class ThumbnailGrid(QWidget):
    """As many of the pictures as fit into ``rows`` rows at this width.

    ``captions`` of up to two lines stand below the tiles. Only what is really painted is asked
    for: a grid that is scrolled out of sight costs nothing. Where :attr:`picture_clicked` is used,
    the keyboard can do the same: arrows, then Enter or Space.
    """

    picture_clicked = Signal(str)

    def __init__(self, loader: ThumbnailLoader, theme: Theme, rows: int = 2) -> None:
        super().__init__()
        self._loader = loader
        self._theme = theme
        self._rows = rows
        self._paths: tuple[str, ...] = ()
        self._captions: tuple[str, ...] = ()
        self._images: dict[str, QImage] = {}
        self._failed: set[str] = set()
        self._asked: set[str] = set()
        self._current = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        loader.loaded.connect(self._on_loaded)
        loader.failed.connect(self._on_failed)
        loader.forgotten.connect(self._on_forgotten)
        theme.changed.connect(self.update)

    def show_pictures(self, paths: Sequence[str], captions: Sequence[str] = ()) -> None:
        """Show other pictures."""
        self._paths = tuple(paths)
        self._captions = tuple(captions)
        wanted = set(paths)
        self._images = {path: image for path, image in self._images.items() if path in wanted}
        self._loader.forget(self._asked - wanted, _PIXELS)
        self._asked &= wanted
        self._failed.clear()  # What could not be read may have been mended meanwhile.
        self._current = 0
        self.updateGeometry()
        self.update()

    @property
    def columns(self) -> int:
        """How many tiles stand in a row."""
        return max(1, (self.width() + GAP) // (TILE + GAP))

    @property
    def _tile(self) -> float:
        """Side of a tile: the row is filled to its end."""
        return (self.width() + GAP) / self.columns - GAP

    @property
    def _row_height(self) -> float:
        return self._tile + GAP + (self._caption_height if self._captions else 0)

    @property
    def _caption_height(self) -> int:
        return 2 * QFontMetrics(self._small_font).lineSpacing() + 6

    @property
    def _small_font(self) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(8.5)
        return font

    def sizeHint(self) -> QSize:
        needed = -(-len(self._paths) // self.columns)
        rows = max(1, min(self._rows, needed))
        return QSize(4 * TILE, round(rows * self._row_height - GAP))

    def minimumSizeHint(self) -> QSize:
        return QSize(TILE, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        missing = []
        for index, path in enumerate(self._visible()):
            area = self._area(index)
            if area.adjusted(0, 0, 0, self._row_height - self._tile).intersects(event.rect()):
                self._paint_tile(painter, area, index, path)
                if self._find(path) is None and path not in self._failed:
                    missing.append(path)
        if self.hasFocus() and self._paths:
            painter.setPen(QPen(self._theme.color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self._area(self._current).adjusted(1, 1, -1, -1), 6, 6)
        for path in reversed(missing):
            if path not in self._asked:
                self._asked.add(path)
                self._loader.request(path, _PIXELS)

    def _paint_tile(self, painter: QPainter, area: QRectF, index: int, path: str) -> None:
        shape = QPainterPath()
        shape.addRoundedRect(area, 6, 6)
        image = self._find(path)
        if image is None:
            painter.fillPath(shape, self._theme.color("pressed"))
            if path in self._failed:
                mark = self._theme.pixmap("warning", 24, "warning")
                painter.drawPixmap(area.center().toPoint() - mark.rect().center() / 2, mark)
        else:
            painter.save()
            painter.setClipPath(shape)
            painter.drawImage(area, image)
            painter.restore()
        if index < len(self._captions):
            painter.setPen(self._theme.color("quiet"))
            painter.setFont(self._small_font)
            metrics = painter.fontMetrics()
            line = QRectF(area.left(), area.bottom() + 2, area.width(), metrics.lineSpacing())
            for words in self._captions[index].splitlines():
                shown = metrics.elidedText(words, Qt.TextElideMode.ElideMiddle, int(line.width()))
                painter.drawText(line, int(Qt.AlignmentFlag.AlignLeft), shown)
                line.translate(0, line.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.updateGeometry()

    def hideEvent(self, event: QHideEvent) -> None:
        self._loader.forget(self._asked, _PIXELS)
        super().hideEvent(event)

    def connectNotify(self, signal: QMetaMethod) -> None:
        if signal.name() == b"picture_clicked":
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -self.columns,
            Qt.Key.Key_Down: self.columns,
        }
        visible = self._visible()
        step = steps.get(Qt.Key(event.key()))
        if step is not None and 0 <= self._current + step < len(visible):
            self._current += step
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and visible:
            self.picture_clicked.emit(visible[min(self._current, len(visible) - 1)])
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        path = self._path_at(event.position().x(), event.position().y())
        if path is not None:
            self.picture_clicked.emit(path)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            path = self._path_at(event.pos().x(), event.pos().y())
            QToolTip.showText(event.globalPos(), Path(path).name if path else "", self)
            return True
        return super().event(event)

    def _visible(self) -> tuple[str, ...]:
        return self._paths[: self.columns * self._rows]

    def _area(self, index: int) -> QRectF:
        row, column = divmod(index, self.columns)
        return QRectF(column * (self._tile + GAP), row * self._row_height, self._tile, self._tile)

    def _path_at(self, x: float, y: float) -> str | None:
        for index, path in enumerate(self._visible()):
            if self._area(index).contains(x, y):
                return path
        return None

    def _find(self, path: str) -> QImage | None:
        image = self._images.get(path)
        if image is None:
            image = self._loader.kept(path, _PIXELS)
            if image is not None:
                self._images[path] = image
        return image

    def _on_loaded(self, path: str, image: QImage) -> None:
        if path in self._asked and image.width() == _PIXELS:
            self._asked.discard(path)
            self._images[path] = image
            self._update_tile(path)

    def _on_failed(self, path: str) -> None:
        if path in self._asked:
            self._asked.discard(path)
            self._failed.add(path)
            self._update_tile(path)

    def _on_forgotten(self, path: str) -> None:
        if path in self._asked:
            self._asked.discard(path)
            self._update_tile(path)

    def _update_tile(self, path: str) -> None:
        for index, shown in enumerate(self._visible()):
            if shown == path:
                self.update(self._area(index).toAlignedRect())
