"""A picture file becomes a loaded picture, or a problem with a name; memory stays bounded."""

import contextlib
import errno
import math
import re
import stat
import struct
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from PIL import Image, ImageFile, PngImagePlugin

from cnnstudio.images.file_marks import declared_costs, is_cut_off, jpeg_coefficient_bytes
from cnnstudio.project.problems import Problem, ProblemError

BYTES_AT_MOST = 512 * 2**20
"""No picture may take more memory than this while it is opened."""

_SHRINKING_BYTES = 40 * 2**20  # for the smaller pictures on the way to the wanted size
_LARGE_BYTES = 64 * 2**20
_one_large_at_a_time = threading.Lock()

SHRINK_IN_STEPS = 2.0
"""A picture is first shrunk roughly to this multiple of the wanted size, then finely."""

# The order matters: TGA has no mark at its beginning and is asked last, and only by its name.
FORMATS = (
    *("JPEG", "PNG", "GIF", "BMP", "DIB", "WEBP", "TIFF", "ICO"),
    *("PPM", "JPEG2000", "AVIF", "TGA"),
)

# Bytes a pixel while a picture of this mode is loaded, made RGB and shrunk: the pixels as Pillow
# stores them, the converted copy, and one with premultiplied alpha where there is any.
_MODE_COST = {"1": 2, "L": 1, "LA": 12, "RGB": 4, "RGBA": 8, "P": 9, "PA": 12, "I;16": 8}
_MODE_COST |= {"CMYK": 8, "YCbCr": 8, "LAB": 8, "I": 24, "F": 24}
_OTHER_MODE_COST = 16
_TRANSPARENT_COLOUR_COST = 8

# What the decoder holds beside that, bytes a pixel.
_FORMAT_COST = {"WEBP": 12, "AVIF": 14, "JPEG2000": 16, "TIFF": 6, "GIF": 2, "PPM": 8, "BMP": 1}
_FORMAT_COST |= {"ICO": 8, "DIB": 1}
_READS_WHOLE_FILE = {"WEBP", "AVIF", "JPEG2000"}

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

    A JPEG is decoded at a half, quarter or eighth where that still leaves twice the wanted sides
    (of the whole picture, in pixels; 0: not asked for). What fails while the picture is made
    smaller inside of the ``with`` is the file's fault, too.

    Raises:
        ProblemError: file_missing, file_unreadable, file_empty, not_a_picture, truncated,
            damaged, too_large.
    """
    try:
        with _open_file(path) as file, contextlib.ExitStack() as turn:
            prefix = file.read(32).ljust(32, b"\0")  # Pillow's tests expect so many
            known = _known_format(prefix, path)
            if known is None:
                raise _refused("not_a_picture", path)
            size = (0, 0)
            try:
                for width, height, cost in declared_costs(file, prefix):
                    size = (width, height)
                    _check_cost(path, size, cost)
                file.seek(0)
                image = Image.OPEN[known][0](file, path)
                size = image.size
                needed = jpeg_coefficient_bytes(image, file)
                extent = _draft(image, longest_side, shortest_side)
                needed += _memory_needed(image, path, known)
                _check_cost(path, size, needed)
                if needed > _LARGE_BYTES:
                    turn.enter_context(_one_large_at_a_time)
                image.load()
                yield image, extent or image.size
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


def _open_file(path: str) -> BinaryIO:
    try:
        facts = Path(path).stat()
    except ValueError as error:  # a zero byte in the name
        raise _refused("file_missing", path) from error
    if not stat.S_ISREG(facts.st_mode):
        raise _refused("not_a_picture", path)
    if facts.st_size == 0:
        raise _refused("file_empty", path)
    return Path(path).open("rb")


def _known_format(prefix: bytes, path: str) -> str | None:
    Image.preinit()
    if any(name not in Image.OPEN for name in FORMATS):
        Image.init()
    for name in FORMATS:
        accepts = Image.OPEN[name][1]
        if accepts is None:
            if path.lower().endswith(f".{name.lower()}"):
                return name
        elif accepts(prefix) is True:
            return name
    return None


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


def _memory_needed(image: ImageFile.ImageFile, path: str, known: str) -> int:
    """Bytes that loading, converting and shrinking will take together, at most."""
    width, height = image.size
    stored_width, stored_height = getattr(image, "_tile_size", image.size)
    cost = _MODE_COST.get(image.mode, _OTHER_MODE_COST) + _FORMAT_COST.get(known, 0)
    if "transparency" in image.info and image.mode != "P":
        cost += _TRANSPARENT_COLOUR_COST
    whole_file = Path(path).stat().st_size if known in _READS_WHOLE_FILE else 0
    return max(width * height, stored_width * stored_height) * cost + whole_file


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


def _content_kind(error: Exception, file: BinaryIO, known: str) -> str:
    """The kind of a file whose beginning is a picture's, but that could not be decoded."""
    said = str(error).lower()
    cut = isinstance(error, EOFError | struct.error) or "truncated" in said
    cut = cut or "requires a buffer" in said  # struct.error, worded by a reader of Pillow's
    return "truncated" if cut or is_cut_off(file, known) else "damaged"
