"""The thumbnails of the tiles on the screen: wished for, kept while they are near, forgotten."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from cnnstudio.worker.thumbnail_loader import ThumbnailLoader


class TileImages(QObject):
    """Keeps what is near the screen and no more; :attr:`arrived` says that a tile has changed."""

    arrived = Signal(str)
    lost = Signal()
    """Wishes were pushed out by others: wish again."""

    def __init__(self, loader: ThumbnailLoader, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._loader = loader
        self._images: dict[str, QImage] = {}
        self._wishes: dict[str, int] = {}
        self._failed: set[str] = set()
        loader.loaded.connect(self._on_loaded)
        loader.failed.connect(self._on_failed)
        loader.forgotten.connect(self._on_forgotten)

    def find(self, path: str, side: int) -> QImage | None:
        """The thumbnail of ``path``, in ``side`` pixels if it is there; otherwise another size."""
        image = self._images.get(path)
        if image is None or image.width() != side:
            kept = self._loader.kept(path, side)
            if kept is not None:
                image = self._images[path] = kept
        return image

    def has_failed(self, path: str) -> bool:
        """Whether there is no thumbnail of this picture."""
        return path in self._failed

    def wish(self, visible: Sequence[str], near: Sequence[str], side: int) -> None:
        """Ask for the pictures ``visible``, then those ``near``; all others are forgotten."""
        wanted = {*visible, *near}
        self._images = {path: image for path, image in self._images.items() if path in wanted}
        gone = [path for path, asked in self._wishes.items() if path not in wanted or asked != side]
        for asked in {self._wishes.pop(path) for path in gone}:
            self._loader.forget(gone, asked)
        # The last request is served first: the tiles on the screen, from the top. Those of them
        # that wait already are asked for again, or what is only near would be served before.
        near = [path for path in near if path not in self._wishes]
        for path in (*near, *reversed(visible)):
            image = self.find(path, side)
            if path not in self._failed and (image is None or image.width() != side):
                self._wishes[path] = side
                self._loader.request(path, side)

    def try_again(self) -> None:
        """What could not be read may have been mended meanwhile."""
        self._failed.clear()

    def forget(self) -> None:
        """Wish for nothing more, and keep nothing."""
        self.wish((), (), 0)

    def _on_loaded(self, path: str, image: QImage) -> None:
        if self._wishes.get(path) == image.width():
            del self._wishes[path]
            self._images[path] = image
            self.arrived.emit(path)

    def _on_failed(self, path: str) -> None:
        if self._wishes.pop(path, None) is not None:
            self._failed.add(path)
            self.arrived.emit(path)

    def _on_forgotten(self, path: str) -> None:
        if self._wishes.pop(path, None) is not None:
            self.lost.emit()
