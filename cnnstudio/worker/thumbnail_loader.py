"""Reads thumbnails in the background, what was asked for last first."""

import os
import threading
from collections import OrderedDict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QImage
from shiboken6 import isValid

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

THREADS_AT_MOST = 3
WAITING_AT_MOST = 500
KEPT_BYTES = 96 * 2**20
"""Memory for thumbnails that were looked at: several screens full of them."""

SIDES_ON_DISK = (128, 256, 512)
"""Any size is made smaller from one of these, so a slider does not fill the disk."""

_Key = tuple[str, int]


class ThumbnailLoader(QObject):
    """``loaded`` or ``failed`` comes once for every request that is not forgotten before.

    What is on the screen now was asked for last, so the newest request is served first. Requests
    beyond :data:`WAITING_AT_MOST` push out the oldest ones, which ``forgotten`` tells: several
    widgets share the loader, and whoever still wants such a picture asks again.
    """

    loaded = Signal(str, QImage)
    """The path, and the picture as a square of the side that was asked for."""

    failed = Signal(str)
    forgotten = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._waiting: OrderedDict[_Key, None] = OrderedDict()
        self._kept: OrderedDict[_Key, QImage] = OrderedDict()
        self._kept_bytes = 0
        self._working = 0
        self._is_closed = False
        self._threads = min(THREADS_AT_MOST, max(1, _cores() - 1))
        self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="thumbnails")
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.close)

    def request(self, path: str, side: int) -> None:
        """Ask for the middle of the picture at ``path`` as a square of ``side`` pixels."""
        key = (path, side)
        pushed_out = ""
        with self._lock:
            if self._is_closed:
                return
            image = self._kept_image(key)
            if image is None:
                self._waiting[key] = None
                self._waiting.move_to_end(key)
                if len(self._waiting) > WAITING_AT_MOST:
                    pushed_out = self._waiting.popitem(last=False)[0][0]
                if self._working < self._threads:
                    self._working += 1
                    self._pool.submit(self._serve)
        if image is not None:
            # Also a kept one comes later, so that the asker is always told in the same way.
            QTimer.singleShot(0, self, lambda: self.loaded.emit(path, image))
        if pushed_out:
            self.forgotten.emit(pushed_out)

    def kept(self, path: str, side: int) -> QImage | None:
        """The thumbnail at once, if it is in memory."""
        with self._lock:
            return self._kept_image((path, side))

    def forget(self, paths: Iterable[str] | None = None, side: int = 0) -> None:
        """Drop what is still waiting: everything, or ``paths`` that were asked for in ``side``."""
        with self._lock:
            if paths is None:
                dropped = [path for path, _ in self._waiting]
                self._waiting.clear()
            else:
                dropped = [path for path in paths if (path, side) in self._waiting]
                for path in dropped:
                    del self._waiting[path, side]
        for path in dropped:
            self.forgotten.emit(path)

    def close(self) -> None:
        """Drop what is waiting and end the threads."""
        with self._lock:
            self._is_closed = True
            self._waiting.clear()
        self._pool.shutdown(wait=True)

    def _kept_image(self, key: _Key) -> QImage | None:
        image = self._kept.get(key)
        if image is not None:
            self._kept.move_to_end(key)
        return image

    def _serve(self) -> None:
        """Load until nobody waits any more (in a thread of the pool)."""
        while True:
            with self._lock:
                if not self._waiting:
                    self._working -= 1
                    return
                key, _ = self._waiting.popitem()
            self._load(*key)

    def _load(self, path: str, side: int) -> None:
        from cnnstudio.images.thumbnails import thumbnail  # NumPy: not at start-up

        try:
            image = _square(thumbnail(path, _side_on_disk(side)), side)
        except Exception:  # Whatever is wrong with a file, the check of the pictures tells it.
            self._tell(path, None)
            return
        with self._lock:
            before = self._kept.pop((path, side), None)
            self._kept[path, side] = image
            self._kept_bytes += image.sizeInBytes() - (before.sizeInBytes() if before else 0)
            while self._kept_bytes > KEPT_BYTES and len(self._kept) > 1:
                _, oldest = self._kept.popitem(last=False)
                self._kept_bytes -= oldest.sizeInBytes()
        self._tell(path, image)

    def _tell(self, path: str, image: QImage | None) -> None:
        if not isValid(self):
            return
        if image is None:
            self.failed.emit(path)
        else:
            self.loaded.emit(path, image)


def _cores() -> int:
    """How many cores there are; one of them is left to the window, or scrolling would stutter."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _side_on_disk(side: int) -> int:
    return next((each for each in SIDES_ON_DISK if each >= side), side)


def _square(pixels: "NDArray[np.uint8]", side: int) -> QImage:
    """Ready for the screen: a format that is painted without another conversion."""
    height, width = pixels.shape[:2]
    image = QImage(pixels.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888)
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    if image.width() == side:
        return image
    smooth = Qt.TransformationMode.SmoothTransformation
    return image.scaled(side, side, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
