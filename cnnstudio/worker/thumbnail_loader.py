"""Reads thumbnails in the background, what was asked for last first."""

import threading
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal
from PySide6.QtGui import QImage
from shiboken6 import isValid

THREADS = 2
KEPT_THUMBNAILS = 500


class ThumbnailLoader(QObject):
    """``loaded`` or ``failed`` comes once for every request that is not forgotten before.

    What is on the screen now was asked for last, so the newest request is served first.
    """

    loaded = Signal(str, QImage)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._waiting: OrderedDict[tuple[str, int], None] = OrderedDict()
        self._kept: OrderedDict[tuple[str, int], QImage] = OrderedDict()
        self._is_closed = False
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="thumbnails")
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.close)

    def request(self, path: str, side: int) -> None:
        """Ask for the picture at ``path`` within a square of ``side`` pixels."""
        key = (path, side)
        with self._lock:
            if self._is_closed:
                return
            image = self._kept.get(key)
            if image is None:
                self._waiting[key] = None
                self._waiting.move_to_end(key)
                self._pool.submit(self._load_newest)
                return
            self._kept.move_to_end(key)
        # Also a kept one comes later, so that the asker is always told in the same way.
        QTimer.singleShot(0, self, lambda: self.loaded.emit(path, image))

    def forget(self) -> None:
        """Drop what is still waiting."""
        with self._lock:
            self._waiting.clear()

    def close(self) -> None:
        """Drop what is waiting and end the threads."""
        with self._lock:
            self._is_closed = True
        self.forget()
        self._pool.shutdown(wait=True)

    def _load_newest(self) -> None:
        with self._lock:
            if not self._waiting:
                return
            key, _ = self._waiting.popitem()
        path, side = key
        from cnnstudio.images.thumbnails import thumbnail  # NumPy: not at start-up

        try:
            pixels = thumbnail(path, side)
        except Exception:  # Whatever is wrong with a file, the check of the pictures tells it.
            self._tell(path, None)
            return
        height, width = pixels.shape[:2]
        image = QImage(
            pixels.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888
        ).copy()
        with self._lock:
            self._kept[key] = image
            while len(self._kept) > KEPT_THUMBNAILS:
                self._kept.popitem(last=False)
        self._tell(path, image)

    def _tell(self, path: str, image: QImage | None) -> None:
        if not isValid(self):
            return
        if image is None:
            self.failed.emit(path)
        else:
            self.loaded.emit(path, image)
