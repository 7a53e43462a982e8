"""What looking into one picture file showed: enough to judge it, and to find others like it."""

import errno
import hashlib
from dataclasses import dataclass

from PIL import Image

from cnnstudio.images.archive_paths import is_zip
from cnnstudio.images.archives import inside, open_zip_member
from cnnstudio.images.decode import opened_picture
from cnnstudio.images.read import shrunk_upright
from cnnstudio.project.problems import Problem, ProblemError

LOOK_SIDE = 32
"""Side of the small grey picture by which look-alikes are found."""

FACTS_VERSION = 2
"""To be raised whenever a picture's facts would come out differently: they are made again."""

_DIGEST_BYTES = 16
_READ_AT_ONCE = 2**20


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """One file. Sizes are 0, and ``digest`` and ``look`` empty, as far as it could not be read.

    ``problem`` says why it cannot be used. ``width`` and ``height`` are those of the file, before
    it is turned upright. ``format`` and ``mode`` are Pillow's names, ``frames`` is more than 1 for
    an animation. ``digest`` is the BLAKE2b (16 bytes) of the file's content, of a picture in an
    array that of its pixels; ``look`` the upright picture stretched to :data:`LOOK_SIDE` ×
    :data:`LOOK_SIDE` grey levels, row after row; ``taken`` the seconds since 1970 of EXIF's time
    of exposure (0: not said).
    """

    path: str
    problem: Problem | None = None
    width: int = 0
    height: int = 0
    format: str = ""
    mode: str = ""
    frames: int = 1
    digest: bytes = b""
    look: bytes = b""
    taken: float = 0.0


def look_into(path: str) -> PictureFacts:
    """Decode the whole picture at ``path``, from any thread; what is wrong is among the facts."""
    try:
        with opened_picture(path, shortest_side=LOOK_SIDE) as (image, (width, height), head):
            look = shrunk_upright(image, (LOOK_SIDE, LOOK_SIDE), (0, 0, width, height))
            pixels = image if head.format in ("NPZ", "IDX") else None
            digest = _digest_of(path, pixels)
    except ProblemError as error:
        return PictureFacts(path, error.problem)
    except OSError as error:
        gone = isinstance(error, FileNotFoundError) or error.errno in (errno.EIO, errno.ENODEV)
        kind = "file_missing" if gone else "file_unreadable"
        return PictureFacts(path, Problem(kind, "pictures", path))
    return PictureFacts(
        path,
        None,
        head.width,
        head.height,
        head.format,
        head.mode,
        head.frames,
        digest,
        look.convert("L").tobytes(),
        head.taken,
    )


def _digest_of(path: str, pixels: Image.Image | None) -> bytes:
    """Of the file's bytes, or of the ``pixels`` of one that is none."""
    if pixels is not None:
        shape = f"{pixels.mode} {pixels.width} {pixels.height}\0".encode()
        return hashlib.blake2b(shape + pixels.tobytes(), digest_size=_DIGEST_BYTES).digest()
    place = inside(path)
    if place is not None and is_zip(place.archive):
        with open_zip_member(place) as member:
            return hashlib.blake2b(member.read(), digest_size=_DIGEST_BYTES).digest()
    made = hashlib.blake2b(digest_size=_DIGEST_BYTES)
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123 (many thousand times)
        while content := file.read(_READ_AT_ONCE):
            made.update(content)
    return made.digest()
