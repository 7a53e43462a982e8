"""Writes pictures of the window's own (recorded, pasted) to files, in the background."""

import contextlib
import os
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtGui import QImage
from shiboken6 import isValid

from cnnstudio.project.files import written_atomically
from cnnstudio.project.project_folder import write_problem
from cnnstudio.worker.unexpected import problem_of

JPEG_QUALITY = 95
MOST_WAITING_BYTES = 256_000_000

_EXIF_FOLDER = 0x8769
_EXIF_TAKEN = 0x9003
_EXIF_TAKEN_SUBSECONDS = 0x9291


class PictureSaver(QObject):
    """Writes in the order that it is asked, whole files or none, over no other file.

    Every picture has a number. ``saved`` says that it is written, and where. If one cannot be
    written, ``failed`` says so with a Problem, once: this one and all that are asked for until
    :meth:`go_on` are not written.
    """

    saved = Signal(int, str)
    failed = Signal(object)
    became_idle = Signal()

    def __init__(
        self, parent: QObject | None = None, most_waiting_bytes: int = MOST_WAITING_BYTES
    ) -> None:
        super().__init__(parent)
        self._most_waiting_bytes = most_waiting_bytes
        self._lock = threading.Lock()
        self._jobs = 0
        self._waiting_bytes = 0
        self._is_stopped = False
        self._is_closed = False
        self._last_number = 0
        self._written: dict[int, Path] = {}
        self._unwanted: set[int] = set()
        self._made_folders: list[Path] = []
        # One thread, so that what is removed was written before.
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="pictures")
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.close)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is waiting."""
        with self._lock:
            return self._jobs == 0

    def save(self, image: QImage, path: Path, taken: datetime | None = None) -> int:
        """Write ``image`` to ``path``; gives its number, or 0 if too much is waiting already.

        The ending says how: ``.jpg`` (quality 95) or ``.png`` (nothing lost). Folders are made. If
        there is such a file, the name gets a number. ``taken`` goes into a JPEG's EXIF.
        """
        size = image.sizeInBytes()
        with self._lock:
            if self._is_closed or self._waiting_bytes + size > self._most_waiting_bytes:
                return 0
            self._waiting_bytes += size
            self._last_number += 1
            number = self._last_number
        self._submit(self._save, number, image, path, taken)
        return number

    def remove(self, numbers: Iterable[int]) -> None:
        """Take pictures back: what waits is not written, what is written is deleted.

        So are folders that were made for them, if nothing else is in them.
        """
        unwanted = tuple(numbers)
        with self._lock:
            self._unwanted.update(unwanted)
        self._submit(self._remove, unwanted)

    def go_on(self) -> None:
        """Try to write again, after ``failed``."""
        with self._lock:
            self._is_stopped = False

    def close(self) -> None:
        """Write what is waiting, and end the thread."""
        with self._lock:
            self._is_closed = True
        self._pool.shutdown(wait=True)

    def _submit(self, job: object, *arguments: object) -> None:
        with self._lock:
            self._jobs += 1
        try:
            self._pool.submit(self._do, job, *arguments)
        except RuntimeError:  # Closed.
            with self._lock:
                self._jobs -= 1

    def _do(self, job: object, *arguments: object) -> None:
        assert callable(job)
        try:
            job(*arguments)
        finally:
            with self._lock:
                self._jobs -= 1
                is_idle = self._jobs == 0
            if is_idle and isValid(self):
                self.became_idle.emit()

    def _save(self, number: int, image: QImage, path: Path, taken: datetime | None) -> None:
        problem = None
        with self._lock:
            is_wanted = not self._is_stopped and number not in self._unwanted
        try:
            if is_wanted:
                self._make_folder(path.parent)
                written = _write(image, path, taken)
        except OSError as error:
            problem = write_problem(error, path)
        except Exception as error:  # The window must not wait for an answer for ever.
            problem = problem_of(error)
        with self._lock:
            self._waiting_bytes -= image.sizeInBytes()
            if problem is not None:
                self._is_stopped = True
            elif is_wanted:
                self._written[number] = written
        if isValid(self) and problem is not None:
            self.failed.emit(problem)
        elif isValid(self) and is_wanted:
            self.saved.emit(number, str(written))

    def _remove(self, numbers: tuple[int, ...]) -> None:
        with self._lock:
            paths = [self._written.pop(each) for each in numbers if each in self._written]
            self._unwanted.difference_update(numbers)
        for path in paths:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
        for folder in reversed(self._made_folders):
            with contextlib.suppress(OSError):  # Not empty.
                folder.rmdir()

    def _make_folder(self, folder: Path) -> None:
        """Make it, with those above it, and remember which were not there."""
        missing = [each for each in (folder, *folder.parents) if not each.exists()]
        folder.mkdir(parents=True, exist_ok=True)
        self._made_folders += [each for each in reversed(missing) if each not in self._made_folders]


def _write(image: QImage, path: Path, taken: datetime | None) -> Path:
    """Write ``image`` into its folder; gives the path that it got. Raises OSError."""
    from PIL import Image  # Not at start-up.

    is_jpeg = path.suffix.casefold() in (".jpg", ".jpeg")
    has_alpha = image.hasAlphaChannel() and not is_jpeg
    kind = QImage.Format.Format_RGBA8888 if has_alpha else QImage.Format.Format_RGB888
    plain = image.convertToFormat(kind)
    mode = "RGBA" if has_alpha else "RGB"
    size = (plain.width(), plain.height())
    pixels = bytes(plain.constBits())
    picture = Image.frombuffer(mode, size, pixels, "raw", mode, plain.bytesPerLine(), 1)
    path = _free(path)
    with written_atomically(path) as beside:
        if is_jpeg:
            picture.save(beside, "JPEG", quality=JPEG_QUALITY, exif=_exif(taken))
        else:
            picture.save(beside, "PNG")
    return path


def _exif(taken: datetime | None) -> bytes:
    """When the picture was taken, as EXIF tells it."""
    from PIL import Image

    exif = Image.Exif()
    if taken is not None:
        exif[_EXIF_FOLDER] = {
            _EXIF_TAKEN: f"{taken:%Y:%m:%d %H:%M:%S}",
            _EXIF_TAKEN_SUBSECONDS: f"{taken.microsecond // 1000:03d}",
        }
    return exif.tobytes()


def _free(path: Path) -> Path:
    """``path``, or with a number put to it if there is such a file."""
    count = 2
    free = path
    while os.path.lexists(free):
        free = path.with_stem(f"{path.stem} ({count})")
        count += 1
    return free
