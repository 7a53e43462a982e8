"""Small squares for the screen, kept on disk so that a folder opens quickly the second time."""

import contextlib
import hashlib
import threading
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cnnstudio.images.archive_paths import file_state
from cnnstudio.images.kept_files import kept_file, make_room
from cnnstudio.images.read import READER_VERSION, read_picture
from cnnstudio.project.places import cache_folder

KEPT_BYTES_AT_MOST = 500 * 10**6
_QUALITY = 90
_cleared: set[Path] = set()
_lock = threading.Lock()


def thumbnail(path: str, side: int) -> NDArray[np.uint8]:
    """The middle of a picture as a square of shape (side, side, 3); from any thread.

    Raises:
        ProblemError: as :func:`~cnnstudio.images.read.read_picture` does.
    """
    kept = _kept_file(path, side)
    if kept is not None:
        with contextlib.suppress(OSError, SyntaxError), Image.open(kept, formats=["JPEG"]) as small:
            if small.size == (side, side):
                return np.array(small.convert("RGB"))
    pixels = read_picture(path, side, "crop")
    if kept is not None:
        _keep(kept, pixels)
    return pixels


def _kept_file(path: str, side: int) -> Path | None:
    """Where the thumbnail is or would be; None without the picture or without a place to keep."""
    state = file_state(path)
    if state is None:
        return None
    try:
        folder = cache_folder() / "thumbnails"
    except OSError:
        return None
    text = f"{READER_VERSION}\0{path}\0{state[1]}\0{state[0]}\0{side}"
    name = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return folder / name[:2] / f"{name}.jpg"


def _keep(kept: Path, pixels: NDArray[np.uint8]) -> None:
    """Without flushing to disk: a torn thumbnail is noticed, and made again."""
    with contextlib.suppress(OSError):  # a full disk only makes the next time slower
        kept.parent.mkdir(parents=True, exist_ok=True)
        with kept_file(kept, flushed=False) as beside:
            Image.fromarray(pixels).save(beside, "JPEG", quality=_QUALITY, subsampling=0)
        if _is_first_in(kept.parent.parent):
            make_room(kept.parent.parent, 0, KEPT_BYTES_AT_MOST)


def _is_first_in(folder: Path) -> bool:
    """Yes once for each folder: clearing it up once a session is enough."""
    with _lock:
        if folder in _cleared:
            return False
        _cleared.add(folder)
        return True
