"""One picture read in every fit, in the background, to show what the choice does."""

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import get_args

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtGui import QImage
from shiboken6 import isValid

from cnnstudio.project.pictures import Fit

MOST_PIXELS = 320
"""More than this is not seen in a tile."""


class FitPictures(QObject):
    """Reads exactly as training does; only the newest wish is answered."""

    made = Signal(str, str, QImage)
    """Path, fit, and the square picture."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._wish: tuple[str, int] | None = None
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="fits")
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.close)

    def ask(self, path: str, size: int) -> None:
        """Read the picture at ``path`` with ``size`` pixels a side."""
        with self._lock:
            self._wish = (path, min(size, MOST_PIXELS))
        with contextlib.suppress(RuntimeError):  # Closed.
            self._pool.submit(self._read_newest)

    def close(self) -> None:
        """Read no more, and end the thread."""
        with self._lock:
            self._wish = None
        self._pool.shutdown(wait=True)

    def _read_newest(self) -> None:
        with self._lock:
            wish, self._wish = self._wish, None
        if wish is None:
            return
        from cnnstudio.images.read import read_picture  # NumPy: not at start-up

        path, size = wish
        for fit in get_args(Fit):
            try:
                pixels = read_picture(path, size, fit)
            except Exception:  # Whatever is wrong with a file, the check of the pictures tells it.
                return
            kind = QImage.Format.Format_RGB888
            image = QImage(pixels.tobytes(), size, size, 3 * size, kind).copy()
            if isValid(self):
                self.made.emit(path, fit, image)
