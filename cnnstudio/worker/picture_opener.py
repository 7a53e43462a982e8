"""Opens single pictures large, in the background: what is wanted now first, neighbours after."""

import contextlib
import threading
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal
from PySide6.QtGui import QImage
from shiboken6 import isValid

from cnnstudio.project.pictures import Fit
from cnnstudio.project.problems import Problem, ProblemError
from cnnstudio.worker.unexpected import problem_of

if TYPE_CHECKING:
    from PIL import Image

KEPT_BYTES = 64 * 2**20


@dataclass(frozen=True)
class Look:
    """A picture as it is to be seen: whole and ``side`` pixels long at most, or with ``fit``
    as the square that the network gets."""

    path: str
    side: int
    fit: Fit | None = None


class PictureOpener(QObject):
    """``opened`` or ``failed`` comes for the newest look that was asked for."""

    opened = Signal(object, QImage)
    """The :class:`Look` and the picture."""

    failed = Signal(object, object)
    """The :class:`Look` and the :class:`Problem`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._wanted: Look | None = None
        self._following: list[Look] = []
        self._kept: OrderedDict[Look, QImage] = OrderedDict()
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="large-pictures")
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.close)

    def open(self, look: Look, following: Sequence[Look] = ()) -> None:
        """Open ``look`` now, and afterwards those that are likely to be wanted next."""
        with self._lock:
            image = self._kept.get(look)
            self._wanted = look if image is None else None
            self._following = [each for each in following if each not in self._kept]
        if image is not None:
            QTimer.singleShot(0, self, lambda: self.opened.emit(look, image))
        with contextlib.suppress(RuntimeError):  # Closed.
            self._pool.submit(self._work)

    def close(self) -> None:
        """Open no more, and end the thread."""
        with self._lock:
            self._wanted = None
            self._following = []
        self._pool.shutdown(wait=True)

    def _work(self) -> None:
        while True:
            with self._lock:
                look, self._wanted = self._wanted, None
                is_wanted = look is not None
                if look is None and self._following:
                    look = self._following.pop(0)
            if look is None:
                return
            answer = _seen(look)
            if isinstance(answer, QImage):
                self._keep(look, answer)
            if not isValid(self):
                return
            with self._lock:
                if self._wanted == look:
                    is_wanted, self._wanted = True, None
            if is_wanted and isinstance(answer, QImage):
                self.opened.emit(look, answer)
            elif is_wanted:
                self.failed.emit(look, answer)

    def _keep(self, look: Look, image: QImage) -> None:
        with self._lock:
            self._kept[look] = image
            while sum(each.sizeInBytes() for each in self._kept.values()) > KEPT_BYTES:
                self._kept.popitem(last=False)


def _seen(look: Look) -> QImage | Problem:
    from cnnstudio.images.read import open_upright, read_picture  # NumPy: not at start-up

    try:
        if look.fit is None:
            return _image(open_upright(look.path, look.side))
        pixels = read_picture(look.path, look.side, look.fit)
        kind = QImage.Format.Format_RGB888
        image = QImage(pixels.tobytes(), look.side, look.side, 3 * look.side, kind)
        return image.convertToFormat(QImage.Format.Format_RGB32)
    except ProblemError as error:
        return error.problem
    except Exception as error:  # The dialog must not wait for an answer for ever.
        return problem_of(error)


def _image(picture: "Image.Image") -> QImage:
    width, height = picture.size
    kind = QImage.Format.Format_RGB888
    image = QImage(picture.tobytes(), width, height, 3 * width, kind)
    return image.convertToFormat(QImage.Format.Format_RGB32)
