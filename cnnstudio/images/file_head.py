"""What a picture file says of itself: size, format, mode, frames, time of exposure."""

import contextlib
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, BinaryIO

from PIL import Image

from cnnstudio.images.formats import PictureFormat

FRAMES_AT_MOST = 100
"""Counting stops there: more is not worth reading on."""

_BYTES_LOOKED_THROUGH = 4 * 2**20
_EXIF_PART, _TAKEN, _PART_OF_SECOND = 0x8769, 0x9003, 0x9291
_FRAMES_KNOWN_WHEN_OPENED = {"PNG", "WEBP", "AVIF", "HEIF", "DCX", "FLI", "SPIDER"}


@dataclass(frozen=True)
class FileHead:
    """``width`` and ``height`` are those of the file, before it is turned upright or shrunk.

    ``format`` and ``mode`` are Pillow's names, of an array ``NPZ`` or ``IDX``. ``frames`` counts
    those of an animation and the pages of a document, at most :data:`FRAMES_AT_MOST`; what a camera
    stores beside a photograph (MPO) does not count. ``taken`` is EXIF's time of exposure in seconds
    since 1970 as if the camera's clock showed UTC (0: not said).
    """

    width: int
    height: int
    format: str
    mode: str
    frames: int
    taken: float


def read_head(image: Image.Image, known: PictureFormat, file: BinaryIO) -> FileHead:
    """The head of a picture that was opened and not loaded yet; ``file`` stays where it stands."""
    width, height = image.size
    place = file.tell()
    try:
        frames = max(1, min(_frames(image, known, file), FRAMES_AT_MOST))
    except Exception:  # a damaged second frame does not spoil the first
        frames = 1
    taken = _taken(image)
    file.seek(place)
    return FileHead(width, height, image.format or "", image.mode, frames, taken)


def _frames(image: Image.Image, known: PictureFormat, file: BinaryIO) -> int:
    if known.name in _FRAMES_KNOWN_WHEN_OPENED:
        return int(getattr(image, "n_frames", 1))
    if known.name == "GIF":
        return _gif_frames(file)
    return _tiff_pages(file) if known.name == "TIFF" else 1


def _gif_frames(file: BinaryIO) -> int:
    """Counted block by block, without decoding; Pillow would read the whole file."""
    file.seek(10)
    flags = file.read(3)[0]
    file.seek(3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0, os.SEEK_CUR)
    frames = 0
    while frames < FRAMES_AT_MOST and file.tell() < _BYTES_LOOKED_THROUGH:
        kind = file.read(1)
        if kind == b"!":
            file.seek(1, os.SEEK_CUR)
        elif kind == b",":
            frames += 1
            flags = file.read(9)[8]
            file.seek((3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0) + 1, os.SEEK_CUR)
        else:
            break
        while length := file.read(1)[0]:
            file.seek(length, os.SEEK_CUR)
    return frames


def _tiff_pages(file: BinaryIO) -> int:
    """As many as the chain of directories has; those of a thumbnail or a mask do not count."""
    file.seek(0)
    head = file.read(16)
    order: Any = "little" if head[:2] == b"II" else "big"
    is_big = head[2:4] in (b"+\0", b"\0+")
    count_bytes, entry_bytes, offset_bytes = (8, 20, 8) if is_big else (2, 12, 4)
    offset = int.from_bytes(head[8:16] if is_big else head[4:8], order)
    pages, seen = 0, set[int]()
    while offset and offset not in seen and len(seen) < FRAMES_AT_MOST:
        seen.add(offset)
        file.seek(offset)
        count = int.from_bytes(file.read(count_bytes), order)
        entries = file.read(entry_bytes * min(count, 1000))
        file.seek(offset + count_bytes + entry_bytes * count)
        offset = int.from_bytes(file.read(offset_bytes), order)
        pages += not _is_beside_another(entries, entry_bytes, order)
    return pages


def _is_beside_another(entries: bytes, entry_bytes: int, order: Any) -> bool:
    """Whether a directory says (tag 254) that it is a smaller copy or a mask of another page."""
    if int.from_bytes(entries[:2], order) != 254:
        return False
    value = 12 if entry_bytes == 20 else 8
    return bool(int.from_bytes(entries[value : value + 4], order) & 0b101)


def _taken(image: Image.Image) -> float:
    if image.format == "PNG" and "exif" not in image.info:
        return 0.0  # Pillow would load the whole picture to look for a note behind it
    with contextlib.suppress(Exception):  # a damaged note about the camera does not matter
        exif = image.getexif()
        if _EXIF_PART not in exif:
            return 0.0
        notes = exif.get_ifd(_EXIF_PART)
        said = str(notes.get(_TAKEN, "")).strip("\0 ")
        if said:
            moment = datetime.strptime(said[:19], "%Y:%m:%d %H:%M:%S").replace(tzinfo=UTC)
            digits = str(notes.get(_PART_OF_SECOND, "")).strip("\0 ")
            part = float(f"0.{digits}") if digits.isdecimal() else 0.0
            return moment.timestamp() + part
    return 0.0
