"""The classes of pictures in arrays: numbers or words, one a picture or one-hot."""

import gzip
import re
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnstudio.images.found_pictures import as_label
from cnnstudio.images.list_files import encoding_of

CLASSES_AT_MOST = 2_000
LABELS_AT_MOST = 20_000_000

_IDX_TYPES = {8: "u1", 9: "i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}
_NAMES_BYTES_AT_MOST = 2**20
_MAPPING_ROW = re.compile(r"(\d+)\s+(\d+)(?:\s+\d+)?")


class LabelsError(Exception):
    """An array cannot be the classes of pictures; the text is the shape or type that was found."""


def read_idx_labels(path: str) -> NDArray[Any]:
    """The numbers in an IDX file of labels, also packed by gzip.

    Raises:
        OSError, EOFError, zlib.error: if it cannot be read; LabelsError: if it holds no labels.
    """
    with open(path, "rb") as file:  # noqa: PTH123
        is_packed = file.read(2) == b"\x1f\x8b"
    with gzip.open(path, "rb") if is_packed else open(path, "rb") as stream:  # noqa: PTH123
        head = stream.read(4)
        if len(head) < 4:
            raise EOFError
        zeros, kind, dimensions = struct.unpack(">HBB", head)
        if zeros or kind not in _IDX_TYPES or not 1 <= dimensions <= 2:
            raise LabelsError(f"{zeros:04x}{kind:02x}{dimensions:02x}")
        sizes = stream.read(4 * dimensions)
        if len(sizes) < 4 * dimensions:
            raise EOFError
        shape = struct.unpack(f">{dimensions}I", sizes)
        dtype = np.dtype(_IDX_TYPES[kind])
        count = int(np.prod(shape, dtype=object))
        if count > LABELS_AT_MOST:
            raise LabelsError(_shown(shape))
        content = stream.read(count * dtype.itemsize)
    if len(content) < count * dtype.itemsize:
        raise EOFError
    return np.frombuffer(content, dtype).reshape(shape)


def labels_from(values: NDArray[Any], names: list[str] | None = None) -> list[str]:
    """The class of every picture; numbers as text, or the names of these numbers.

    Shapes (N,), (N, 1), and (N, classes) with a single 1 in each row.

    Raises:
        LabelsError: for anything else.
    """
    if values.ndim == 2 and values.shape[1] == 1:
        values = values[:, 0]
    if values.ndim == 2 and values.shape[1] > 1 and values.dtype.kind in "buif":
        is_one = values == 1
        if not (is_one.sum(axis=1) == 1).all() or not ((values == 0) | is_one).all():
            raise LabelsError(_shown(values.shape))
        values = is_one.argmax(axis=1)
    if values.ndim != 1 or values.dtype.kind not in "buifUS":
        raise LabelsError(f"{_shown(values.shape)}, {values.dtype}")
    different, places = np.unique(values, return_inverse=True)
    if len(different) > CLASSES_AT_MOST:
        raise LabelsError(f"{_shown(values.shape)}, {values.dtype}")
    words = list(_words(different))
    if names is not None and all(word.isdecimal() and int(word) < len(names) for word in words):
        words = [names[int(word)] or word for word in words]
    return [words[place] for place in places.tolist()]


def _words(different: NDArray[Any]) -> Iterable[str]:
    for value in different.tolist():
        if isinstance(value, bytes):
            yield _word(value.decode("utf-8", "replace"))
        elif isinstance(value, str):
            yield _word(value)
        elif isinstance(value, float) and not value.is_integer():
            raise LabelsError(str(value))
        else:
            yield str(int(value))


def _word(text: str) -> str:
    return " ".join(as_label(text).split()) or "?"


def read_label_names(path: Path) -> list[str] | None:
    """Names of the numbers 0, 1, 2…: one a line, or as EMNIST maps classes to characters.

    ``None`` if there is no such file.
    """
    if not path.is_file():
        return None
    try:
        with path.open("rb") as file:
            content = file.read(_NAMES_BYTES_AT_MOST)
    except OSError:
        return None
    lines = content.decode(encoding_of(content), "replace").removeprefix("\ufeff").splitlines()
    mapped = [_MAPPING_ROW.fullmatch(line.strip()) for line in lines if line.strip()]
    if mapped and all(mapped):
        codes = {int(row[1]): int(row[2]) for row in mapped if row is not None}
        if max(codes) > CLASSES_AT_MOST:
            return None
        return [_character(codes.get(number)) for number in range(max(codes) + 1)]
    names = [_word(line) for line in lines]
    while names and names[-1] == "?":
        names.pop()
    return names if names and len(set(names)) == len(names) <= CLASSES_AT_MOST else None


def _character(code: int | None) -> str:
    if code is None or not 32 < code < 0x110000 or 0xD800 <= code < 0xE000:
        return ""
    return chr(code)


def _shown(shape: tuple[int, ...]) -> str:
    return " × ".join(map(str, shape)) or "1"
