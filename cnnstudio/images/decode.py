"""A picture file becomes a loaded picture, or a problem with a name; memory stays bounded."""

import contextlib
import errno
import io
import math
import os
import re
import stat
import struct
import threading
import warnings
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, BinaryIO, cast

import numpy as np
from PIL import Image, ImageFile, PngImagePlugin

from cnnstudio.images.archive_paths import Inside, inside, is_zip
from cnnstudio.images.array_files import array_picture
from cnnstudio.images.file_head import FileHead, read_head
from cnnstudio.images.file_marks import (
    declared_costs,
    decoder_cost,
    is_cut_off,
    jpeg_coefficient_bytes,
)
from cnnstudio.images.formats import MARK_BYTES, PictureFormat, known_format, reader_of
from cnnstudio.images.numbers import eight_bits
from cnnstudio.images.zip_files import BYTES_AT_MOST, open_zip_member
from cnnstudio.project.problems import Problem, ProblemError

_SHRINKING_BYTES = 40 * 2**20  # for the smaller pictures on the way to the wanted size
_LARGE_BYTES = 64 * 2**20
_one_large_at_a_time = threading.Lock()

SHRINK_IN_STEPS = 1.0
"""A picture is first shrunk by whole steps, averaging, to no less than this multiple of the wanted
size, then finely. Twice as fast as fine alone; photographs differ by 0.6 of 255 on average."""

# Bytes a pixel while a picture of this mode is loaded, made RGB and shrunk: the pixels as Pillow
# stores them, the converted copy, and one with premultiplied alpha where there is any.
_MODE_COST = {"1": 2, "L": 1, "LA": 12, "RGB": 4, "RGBA": 8, "P": 9, "PA": 12, "I;16": 8}
_MODE_COST |= {"CMYK": 8, "YCbCr": 8, "LAB": 8, "I": 24, "F": 24}
_OTHER_MODE_COST = 16
_TRANSPARENT_COLOUR_COST = 8

# Bytes a pixel of decoders that collect all pixels as Python's own numbers.
_DECODER_COST = {"fits_gzip": 64}

_ARRAY_COST = 24

_READ_AT_ONCE = 2**20  # smaller files are read as one piece

_GONE = {errno.ENOENT, errno.ENOTDIR, errno.ENODEV, errno.ENXIO, errno.EIO, errno.ENOTCONN}
_GONE |= {getattr(errno, name) for name in ("ESTALE", "EHOSTDOWN") if hasattr(errno, name)}

# Cameras and editors write texts of several megabytes into a PNG; Pillow's own limit is one.
PngImagePlugin.MAX_TEXT_CHUNK = 16 * 2**20

# What is wrong with a file is told by problems; Pillow would print it beside them.
warnings.filterwarnings("ignore", module=r"PIL\.")


@contextlib.contextmanager
def loaded_picture(
    path: str, *, longest_side: float = 0, shortest_side: float = 0
) -> Iterator[tuple[Image.Image, tuple[float, float]]]:
    """Yield the loaded first frame of ``path``, and its width and height (before rounding).

    A JPEG is decoded at a half, quarter or eighth where that still leaves the wanted sides
    (of the whole picture, in pixels; 0: not asked for). What fails while the picture is made
    smaller inside of the ``with`` is the file's fault, too.

    Raises:
        ProblemError: file_missing, file_unreadable, file_empty, not_a_picture, truncated,
            damaged, too_large, picture_unsupported; for what lies in an archive also
            archive_damaged, archive_encrypted, archive_method, archive_too_large,
            array_no_pictures, array_objects, disk_full, cannot_write.
    """
    with _opened(path, longest_side, shortest_side, wants_head=False) as (image, extent, _):
        yield image, extent


@contextlib.contextmanager
def opened_picture(
    path: str, *, longest_side: float = 0, shortest_side: float = 0
) -> Iterator[tuple[Image.Image, tuple[float, float], FileHead]]:
    """As :func:`loaded_picture`, and what the file says of itself, without opening it twice."""
    with _opened(path, longest_side, shortest_side, wants_head=True) as (image, extent, head):
        yield image, extent, cast(FileHead, head)


@contextlib.contextmanager
def _opened(
    path: str, longest_side: float, shortest_side: float, wants_head: bool
) -> Iterator[tuple[Image.Image, tuple[float, float], FileHead | None]]:
    place = inside(path)
    if place is not None and not is_zip(place.archive):
        image, said = _picture_of_array(place, path)
        yield image, image.size, said
        return
    try:
        with _open_file(path, place) as file, contextlib.ExitStack() as turn:
            prefix = file.read(MARK_BYTES).ljust(MARK_BYTES, b"\0")
            known = known_format(prefix, path)
            if known is None:
                raise _refused("not_a_picture", path)
            reader = reader_of(known)  # what goes wrong here is not the file's fault
            if reader is None:
                raise _refused("picture_unsupported", path)
            size = (0, 0)
            try:
                held = 0 if place is None else _length(file)
                for width, height, cost in declared_costs(file, prefix):
                    size = (width, height)
                    _check_cost(path, size, cost + held)
                image = _open_image(file, known, reader)
                size = image.size
                head = read_head(image, known, file) if wants_head else None
                needed = held + jpeg_coefficient_bytes(image, file)
                extent = _draft(image, longest_side, shortest_side)
                needed += _memory_needed(image, file, known)
                _check_cost(path, size, needed)
                if needed > _LARGE_BYTES:
                    turn.enter_context(_one_large_at_a_time)
                image.load()
                yield image, extent or image.size, head
            except ProblemError:
                raise
            except (Image.DecompressionBombError, MemoryError) as error:
                raise _too_large(path, size if size[0] else _size_said_in(error)) from error
            except Exception as error:  # Pillow raises whatever a damaged file makes of it
                if isinstance(error, OSError) and error.errno is not None:
                    raise
                raise _refused(_content_kind(error, file, known), path) from error
    except OSError as error:
        raise ProblemError(_file_problem(error, path)) from error


def _open_file(path: str, place: Inside | None) -> BinaryIO:
    if place is not None:
        try:
            content = open_zip_member(place)
        except ProblemError as error:
            raise ProblemError(replace(error.problem, file=path)) from error
        if not content.read(1):
            raise _refused("file_empty", path)
        content.seek(0)
        return content
    try:
        facts = os.stat(path)  # noqa: PTH116 (many thousand times)
    except ValueError as error:  # a zero byte in the name
        raise _refused("file_missing", path) from error
    if not stat.S_ISREG(facts.st_mode):
        raise _refused("not_a_picture", path)
    if facts.st_size == 0:
        raise _refused("file_empty", path)
    file = open(path, "rb", buffering=0)  # noqa: PTH123, SIM115
    if facts.st_size > _READ_AT_ONCE:
        return io.BufferedReader(file)
    with file:
        return io.BytesIO(file.read())


def _open_image(file: BinaryIO, known: PictureFormat, reader: Any) -> ImageFile.ImageFile:
    """Read the head. Pillow is not told the name: it would map the file into memory, and the
    program would end if the drive went away."""
    file.seek(0)
    if not known.head_at_most:
        return cast(ImageFile.ImageFile, reader(file, ""))
    limited = _LimitedHead(file, known.head_at_most)
    image = reader(limited, "")
    limited.left = math.inf
    return cast(ImageFile.ImageFile, image)


class _LimitedHead:
    """A file of which no more than so many bytes are read until its head is understood."""

    def __init__(self, file: BinaryIO, at_most: float) -> None:
        self._file = file
        self.left = at_most
        self.seek, self.tell, self.fileno = file.seek, file.tell, file.fileno

    def read(self, count: int = -1, /) -> bytes:
        """As of any file.

        Raises:
            ValueError: where it would be too much.
        """
        return self._counted(self._file.read(self._allowed(count)))

    def readline(self, count: int = -1, /) -> bytes:
        """As :meth:`read`."""
        return self._counted(self._file.readline(self._allowed(count)))

    def close(self) -> None:
        """Left to whoever opened the file."""

    def _allowed(self, count: int) -> int:
        if self.left == math.inf:
            return count
        return int(self.left) + 1 if count < 0 else min(count, int(self.left) + 1)

    def _counted(self, content: bytes) -> bytes:
        self.left -= len(content)
        if self.left < 0:
            raise ValueError("too long a head")
        return content


def _picture_of_array(place: Inside, path: str) -> tuple[Image.Image, FileHead]:
    try:
        values, array = array_picture(place)
    except ProblemError as error:
        raise ProblemError(replace(error.problem, file=path)) from error
    height, width = values.shape[:2]
    _check_cost(path, (width, height), values.size * _ARRAY_COST)
    numbers = values if values.dtype == np.uint8 else eight_bits(values, array.low, array.high)
    image = Image.fromarray(np.ascontiguousarray(numbers))
    kind = "NPZ" if place.archive.lower().endswith(".npz") else "IDX"
    return image, FileHead(width, height, kind, image.mode, 1, 0.0)


def _draft(
    image: ImageFile.ImageFile, longest_side: float, shortest_side: float
) -> tuple[float, float] | None:
    """Let a JPEG decode smaller; its size then, before rounding."""
    if image.format not in ("JPEG", "MPO"):
        return None
    width, height = image.size
    scale = max(longest_side / max(width, height), shortest_side / min(width, height))
    wanted = (width * scale * SHRINK_IN_STEPS, height * scale * SHRINK_IN_STEPS)
    drafted = image.draft(None, (max(1, round(wanted[0])), max(1, round(wanted[1]))))
    if drafted is None:
        return None
    left, top, right, bottom = drafted[1]
    return right - left, bottom - top


def _memory_needed(image: ImageFile.ImageFile, file: BinaryIO, known: PictureFormat) -> int:
    """Bytes that loading, converting and shrinking will take together, at most."""
    width, height = image.size
    stored_width, stored_height = getattr(image, "_tile_size", image.size)
    cost: float = _MODE_COST.get(image.mode, _OTHER_MODE_COST)
    cost += decoder_cost(image, known, file)
    cost += max((_DECODER_COST.get(tile[0], 0) for tile in image.tile), default=0)
    if "transparency" in image.info and image.mode != "P":
        cost += _TRANSPARENT_COLOUR_COST
    whole_file = known.file_cost * _length(file) if known.file_cost else 0
    return math.ceil(max(width * height, stored_width * stored_height) * cost) + whole_file


def _length(file: BinaryIO) -> int:
    place = file.tell()
    length = file.seek(0, os.SEEK_END)
    file.seek(place)
    return length


def _check_cost(path: str, size: tuple[int, int], bytes_needed: int) -> None:
    if bytes_needed + _SHRINKING_BYTES > BYTES_AT_MOST:
        raise _too_large(path, size)


def _too_large(path: str, size: tuple[int, int]) -> ProblemError:
    values: dict[str, str | int | float] = {"width": size[0], "height": size[1]}
    return ProblemError(Problem("too_large", "pictures", path, values))


def _size_said_in(error: Exception) -> tuple[int, int]:
    """A size of as many pixels as Pillow refused; it tells only their number."""
    found = re.search(r"\((\d+) pixels\)", str(error))
    side = math.isqrt(int(found[1])) if found else 0
    return side, side


def _refused(kind: str, path: str) -> ProblemError:
    return ProblemError(Problem(kind, "pictures", path))


def _file_problem(error: OSError, path: str) -> Problem:
    """The problem of a file that could not be opened or read at all."""
    gone = error.errno in _GONE or isinstance(error, FileNotFoundError)
    return Problem("file_missing" if gone else "file_unreadable", "pictures", path)


def _content_kind(error: Exception, file: BinaryIO, known: PictureFormat) -> str:
    """The kind of a file whose beginning is a picture's, but that could not be decoded."""
    said = str(error).lower()
    is_variety = isinstance(error, NotImplementedError)
    is_variety = is_variety or (known.name == "PSD" and isinstance(error.__cause__, KeyError))
    if is_variety:
        return "picture_unsupported"
    cut = isinstance(error, EOFError | struct.error) or "truncated" in said
    # struct.error, worded by a reader of Pillow's, and what Pillow's Python decoders say
    cut = cut or "requires a buffer" in said or "not enough image data" in said
    return "truncated" if cut or is_cut_off(file, known.name) else "damaged"
