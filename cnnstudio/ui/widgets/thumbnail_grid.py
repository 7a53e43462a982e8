"""Rows of thumbnails, loaded by background threads while they are looked at."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QFontMetrics,
    QHelpEvent,
    QImage,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from cnnstudio.ui.theme import Theme
from cnnstudio.worker.thumbnail_loader import ThumbnailLoader

TILE = 84
GAP = 6


class ThumbnailGrid(QWidget):
    """As many of the pictures as fit into ``rows`` rows at this width.

    ``captions`` stand below the tiles.
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
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        loader.loaded.connect(self._on_loaded)
        loader.failed.connect(self._on_failed)
        theme.changed.connect(self.update)

    def show_pictures(self, paths: Sequence[str], captions: Sequence[str] = ()) -> None:
        """Show other pictures."""
        self._paths = tuple(paths)
        self._captions = tuple(captions)
        wanted = set(paths)
        self._images = {path: image for path, image in self._images.items() if path in wanted}
        self._asked &= wanted
        self.updateGeometry()
        self._ask()
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
        for index, path in enumerate(self._visible()):
            self._paint_tile(painter, self._area(index), index, path)

    def _paint_tile(self, painter: QPainter, area: QRectF, index: int, path: str) -> None:
        shape = QPainterPath()
        shape.addRoundedRect(area, 6, 6)
        image = self._images.get(path)
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
            height = self._caption_height - 2
            below = QRectF(area.left(), area.bottom() + 2, area.width(), height)
            flags = Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
            painter.drawText(below, int(flags), self._captions[index])

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.updateGeometry()
        self._ask()

    def showEvent(self, event: QShowEvent) -> None:
        self._ask()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
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

    def _ask(self) -> None:
        if not self.isVisible():
            return
        for path in reversed(self._visible()):
            if path not in self._asked:
                self._asked.add(path)
                self._loader.request(path, 2 * TILE)

    def _on_loaded(self, path: str, image: QImage) -> None:
        if path in self._asked:
            self._images[path] = image
            self.update()

    def _on_failed(self, path: str) -> None:
        if path in self._asked:
            self._failed.add(path)
            self.update()
