"""Arrays of pictures in NPZ and IDX files, unpacked once and mapped into memory from then on.

The unpacked copy is an ordinary ``.npy`` file with a tail: the lowest and highest number, because
one scale is to hold for all pictures of an array, and a mark that the copy is whole.
"""

import ast
import contextlib
import gzip
import hashlib
import os
import struct
import threading
import zlib
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import numpy as np
from numpy.typing import NDArray

from cnnstudio.images.archive_paths import Inside, is_idx, refused
from cnnstudio.images.kept_files import kept_file, make_room, writing_problem
from cnnstudio.images.zip_files import Packed, check_packing, seek_content, table_of
from cnnstudio.project.places import cache_folder
from cnnstudio.project.problems import ProblemError

KEPT_BYTES_AT_MOST = 20 * 10**9
"""Beyond this, the unpacked arrays that were not used for longest are removed."""

ARRAY_BYTES_AT_MOST = 16 * 10**9

_TAIL = struct.Struct("<dd8s")
_MARK = b"CNNARR01"
_PIECE = 2**20
_HEADER_BYTES_AT_MOST = 64 * 1024
_MAPPED_AT_ONCE = 8
_IDX_TYPES = {8: "u1", 9: "i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}
_COLOURS = (1, 3, 4)


@dataclass(frozen=True)
class ArrayShape:
    """What an array says of itself before it is read."""

    shape: tuple[int, ...]
    dtype: str

    @property
    def pictures(self) -> int:
        """How many pictures it holds; 0 if it does not look like pictures."""
        if np.dtype(self.dtype).kind not in "buif" or 0 in self.shape:
            return 0
        if len(self.shape) == 3:
            return self.shape[0]
        is_coloured = len(self.shape) == 4 and (
            self.shape[3] in _COLOURS or self.shape[1] in _COLOURS
        )
        return self.shape[0] if is_coloured else 0


@dataclass(frozen=True)
class MappedArray:
    """An array that stays on disk, with its lowest and highest number (0 if it holds none)."""

    values: NDArray[Any]
    low: float
    high: float


@dataclass(frozen=True)
class _Stored:
    """An array as it stands in its file: ``header`` is what goes before it in a ``.npy`` file."""

    header: bytes
    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    skip: int
    packed: Packed | None = None

    @property
    def bytes(self) -> int:
        """How long it is when unpacked."""
        return prod(self.shape) * self.dtype.itemsize


_mapped: OrderedDict[Path, MappedArray] = OrderedDict()
_lock = threading.Lock()


class _Stream(Protocol):
    def read(self, count: int, /) -> bytes: ...


def arrays_in(archive: str) -> dict[str, ArrayShape]:
    """Shape and type of every array; an IDX file has one, without a name.

    Nothing is unpacked but the heads.

    Raises:
        ProblemError: file_missing, file_unreadable, archive_damaged, archive_encrypted,
            archive_method, archive_too_large.
    """
    return {
        name: ArrayShape(stored.shape, stored.dtype.str)
        for name, stored in _stored_arrays(archive).items()
    }


def open_array(archive: str, name: str) -> NDArray[Any]:
    """An array, read-only and mapped from disk, so that only what is looked at is in memory.

    Raises:
        ProblemError: as :func:`arrays_in`, and array_objects, disk_full, cannot_write.
    """
    return mapped_array(archive, name).values


def array_picture_path(archive: str, name: str, index: int) -> str:
    """The natural path of a picture in an array."""
    return Inside(archive, f"{name}/{index:05d}" if name else f"{index:05d}").path


def array_picture(place: Inside) -> tuple[NDArray[Any], MappedArray]:
    """The numbers of one picture, (height, width) or (height, width, 3 or 4), and its array.

    Raises:
        ProblemError: as :func:`open_array`, and file_missing, array_no_pictures.
    """
    name, _, index = place.member.rpartition("/")
    array = mapped_array(place.archive, name)
    shape = array.values.shape
    if not ArrayShape(shape, array.values.dtype.str).pictures:
        shown = " × ".join(map(str, shape)) or "1"
        raise refused("array_no_pictures", place.path, shape=shown)
    if not (index.isdecimal() and index.isascii()) or int(index) >= len(array.values):
        raise refused("file_missing", place.path)
    picture = array.values[int(index)]
    if picture.ndim == 3 and picture.shape[2] not in _COLOURS:
        picture = picture.transpose(1, 2, 0)
    if picture.ndim == 3 and picture.shape[2] == 1:
        picture = picture[:, :, 0]
    return picture, array


def mapped_array(archive: str, name: str) -> MappedArray:
    """As :func:`open_array`, with the range of its numbers; unpacked only the first time."""
    try:
        facts = os.stat(archive)  # noqa: PTH116 (many thousand times)
    except (OSError, ValueError) as error:
        raise refused("file_missing", archive) from error
    text = f"{archive}\0{facts.st_mtime_ns}\0{facts.st_size}\0{name}"
    key = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:40]
    kept = Path(f"{key}.npy")
    with _lock:
        try:
            kept = cache_folder() / "arrays" / kept
            array = _mapped.get(kept) or _open_kept(kept)
            if array is None:
                _unpack(archive, name, kept)
                array = _open_kept(kept)
            if array is None:
                raise OSError("incomplete")
        except OSError as error:
            raise ProblemError(writing_problem(error, kept)) from error
        _mapped[kept] = array
        _mapped.move_to_end(kept)
        while len(_mapped) > _MAPPED_AT_ONCE:
            _mapped.popitem(last=False)
    return array


def _open_kept(kept: Path) -> MappedArray | None:
    """What stands in the unpacked copy, or None if there is no whole one."""
    try:
        with kept.open("rb") as file:
            file.seek(-_TAIL.size, os.SEEK_END)
            low, high, mark = _TAIL.unpack(file.read())
        if mark != _MARK:
            return None
        values = np.load(kept, mmap_mode="r", allow_pickle=False)
        os.utime(kept)  # used now, so it is not the next to be removed
    except (OSError, ValueError, struct.error):
        return None
    return MappedArray(values, low, high)


def _unpack(archive: str, name: str, kept: Path) -> None:
    stored = _stored_arrays(archive).get(name)
    if stored is None:
        raise refused("file_missing", Inside(archive, name).path)
    if stored.dtype.hasobject:
        raise refused("array_objects", archive)
    if stored.bytes > ARRAY_BYTES_AT_MOST:
        raise refused("archive_too_large", archive, megabytes=ARRAY_BYTES_AT_MOST // 10**6)
    kept.parent.mkdir(parents=True, exist_ok=True)
    make_room(kept.parent, stored.bytes, KEPT_BYTES_AT_MOST)
    low, high = np.inf, -np.inf
    with kept_file(kept) as beside, beside.open("wb") as copy:
        copy.write(stored.header)
        for piece in _pieces(archive, stored):
            copy.write(piece)
            if stored.dtype.kind in "uif" and piece:
                numbers = np.frombuffer(piece, stored.dtype)
                finite = numbers[np.isfinite(numbers)] if numbers.dtype.kind == "f" else numbers
                if finite.size:
                    low, high = min(low, float(finite.min())), max(high, float(finite.max()))
        found = (low, high) if low <= high else (0.0, 0.0)
        copy.write(_TAIL.pack(*found, _MARK))


def _pieces(archive: str, stored: _Stored) -> Iterator[bytes]:
    """The array's bytes, a bounded number at a time; never more than its shape says."""
    left = stored.bytes
    with _reading(archive), _unpacked_stream(archive, stored.packed) as stream:
        _read_exactly(stream, stored.skip)
        while left:
            piece = _read_exactly(stream, min(left, _PIECE))
            left -= len(piece)
            yield piece
        stream.read(1)  # at its end, gzip compares its check sum


def _stored_arrays(archive: str) -> dict[str, _Stored]:
    if is_idx(archive) or not archive.lower().endswith(".npz"):
        with _reading(archive), _unpacked_stream(archive, None) as stream:
            return {"": _idx_head(stream)}
    found = {}
    for member, packed in table_of(archive).items():
        if not member.endswith(".npy"):
            continue
        check_packing(packed, archive)
        with _reading(archive), _unpacked_stream(archive, packed) as stream:
            stored = _npy_head(stream, packed)
        if not stored.dtype.hasobject and stored.skip + stored.bytes != packed.bytes:
            raise refused("archive_damaged", archive)
        found[member.removesuffix(".npy")] = stored
    return found


@contextlib.contextmanager
def _reading(archive: str) -> Iterator[None]:
    """What a damaged file makes of its readers becomes its problem."""
    try:
        yield
    except ProblemError:
        raise
    except FileNotFoundError as error:
        raise refused("file_missing", archive) from error
    except Exception as error:  # gzip, NumPy and Python raise whatever a damaged head makes of them
        is_content = not isinstance(error, OSError) or isinstance(error, gzip.BadGzipFile)
        raise refused("archive_damaged" if is_content else "file_unreadable", archive) from error


@contextlib.contextmanager
def _unpacked_stream(archive: str, packed: Packed | None) -> Iterator[_Stream]:
    """The bytes of an IDX file, or of a member of an NPZ file, unpacked as they are read."""
    with open(archive, "rb") as file:  # noqa: PTH123
        if packed is not None:
            seek_content(file, packed)
            yield _Member(file, packed)
        elif file.read(2) == b"\x1f\x8b":
            file.seek(0)
            with gzip.GzipFile(fileobj=file) as unpacker:
                yield unpacker
        else:
            file.seek(0)
            yield file


class _Member:
    """A member of a ZIP as a stream; a damaged one raises ValueError at its end."""

    def __init__(self, file: BinaryIO, packed: Packed) -> None:
        self._file = file
        self._packed_left = packed.packed_bytes
        self._unpacker = zlib.decompressobj(-zlib.MAX_WBITS) if packed.method else None
        self._left = packed.bytes
        self._expected = packed.check
        self._check = 0

    def read(self, count: int) -> bytes:
        """``count`` bytes or fewer; none at the end."""
        count = min(count, self._left)
        if self._unpacker is None:
            content = self._file.read(count)
        else:
            content = b""
            while not content and count and not self._unpacker.eof:
                raw = self._unpacker.unconsumed_tail
                if not raw:
                    raw = self._file.read(min(_PIECE, self._packed_left))
                    self._packed_left -= len(raw)
                    if not raw:
                        break
                content = self._unpacker.decompress(raw, count)
        self._left -= len(content)
        self._check = zlib.crc32(content, self._check)
        if self._left == 0 and self._check != self._expected:
            raise ValueError("wrong check sum")
        return content


def _read_exactly(stream: _Stream, count: int) -> bytes:
    """``count`` bytes of a stream that hands out as many as it likes.

    Raises:
        EOFError: where there are fewer.
    """
    pieces = []
    while count:
        piece = stream.read(count)
        if not piece:
            raise EOFError
        pieces.append(piece)
        count -= len(piece)
    return b"".join(pieces)


def _idx_head(stream: _Stream) -> _Stored:
    zeros, kind, dimensions = struct.unpack(">HBB", _read_exactly(stream, 4))
    if zeros or kind not in _IDX_TYPES or not 1 <= dimensions <= 8:
        raise ValueError("no IDX file")
    shape = struct.unpack(f">{dimensions}I", _read_exactly(stream, 4 * dimensions))
    dtype = np.dtype(_IDX_TYPES[kind])
    text = str({"descr": dtype.str, "fortran_order": False, "shape": shape})
    padding = -(len(text) + 11) % 64
    head = text.encode() + b" " * padding + b"\n"
    header = b"\x93NUMPY\1\0" + struct.pack("<H", len(head)) + head
    return _Stored(header, dtype, shape, 4 + 4 * dimensions)


def _npy_head(stream: _Stream, packed: Packed) -> _Stored:
    """The head of a ``.npy`` file, as NumPy's own format document has it; nothing is run."""
    start = _read_exactly(stream, 8)
    if start[:6] != b"\x93NUMPY" or start[6] not in (1, 2, 3):
        raise ValueError("no array")
    width = "<H" if start[6] == 1 else "<I"
    length_bytes = _read_exactly(stream, struct.calcsize(width))
    length = struct.unpack(width, length_bytes)[0]
    if length > _HEADER_BYTES_AT_MOST:
        raise ValueError("too long a head")
    text = _read_exactly(stream, length)
    said = ast.literal_eval(text.decode("utf-8"))
    shape, dtype = said["shape"], np.lib.format.descr_to_dtype(said["descr"])
    if not all(isinstance(side, int) and side >= 0 for side in shape):
        raise ValueError("no shape")
    header = start + length_bytes + text
    return _Stored(header, dtype, tuple(shape), len(header), packed)
