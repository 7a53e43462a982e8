"""HDF5 files from anywhere: only plain numbers inside the file itself are ever read.

HDF5 can lead to other files (external links, external storage, virtual data sets), and can say
that a data set is enormous while hardly anything is stored. Both are found here before a number is
read.
"""

import contextlib
import io
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import numpy.typing as npt

from cnnstudio.project.problems import Problem, ProblemError

MOST_BYTES = 4 * 1024**3
_MOST_OBJECTS = 200_000
_DEEPEST = 64
_BOMB_FLOOR_BYTES = 64 * 1024**2
_MOST_EXPANSION = 200
_MOST_ATTRIBUTE_BYTES = 64 * 1024**2
_KINDS_OF_NUMBERS = "fiub"


@contextlib.contextmanager
def opened(source: Path | io.BytesIO, file: str) -> Iterator[h5py.File]:
    """The HDF5 ``source`` after everything in it was looked at; ``file`` is the one to name.

    Raises:
        ProblemError: ``model_damaged``, ``model_reaches_outside`` or ``model_too_large``; the
            first also for what goes wrong within the block.
    """
    try:
        with h5py.File(source, "r") as found:
            _look_through(found, file)
            yield found
    except (OSError, RuntimeError, KeyError, ValueError, TypeError, UnicodeError) as error:
        raise ProblemError(Problem("model_damaged", file=file)) from error


def text_of(holder: h5py.Group, name: str) -> str | None:
    """The attribute ``name`` as text, None where there is none."""
    if name not in holder.attrs:
        return None
    if holder.attrs.get_id(name).get_storage_size() > _MOST_ATTRIBUTE_BYTES:
        raise ValueError(f"Attribute {name} is too long")
    value = holder.attrs[name]
    return value.decode("utf-8") if isinstance(value, bytes) else str(value)


def texts_of(group: h5py.Group, name: str) -> list[str]:
    """The list ``name``, which Keras cuts into numbered pieces where it is too long."""
    pieces = [name] if name in group.attrs else []
    while f"{name}{len(pieces)}" in group.attrs and name not in group.attrs:
        pieces.append(f"{name}{len(pieces)}")
    found: list[str] = []
    for piece in pieces:
        found += [_text(each) for each in group.attrs[piece]]
    return found


def numbers_of(group: h5py.Group, name: str) -> h5py.Dataset:
    """The data set at ``name`` (with slashes), not yet read."""
    found: Any = group[name]
    if not isinstance(found, h5py.Dataset) or found.dtype.kind not in _KINDS_OF_NUMBERS + "V":
        raise ValueError(f"{name} holds no numbers")
    return found


def read_numbers(dataset: h5py.Dataset) -> npt.NDArray[Any]:
    """All of it; Keras writes bfloat16 as two plain bytes each."""
    values = np.asarray(dataset[()])
    if values.dtype.kind == "V":
        if values.dtype.itemsize != 2:
            raise ValueError("Not a number")
        wide = values.view(np.uint16).astype(np.uint32) << 16
        return np.asarray(wide.view(np.float32))
    return values


def _text(value: Any) -> str:
    return value.decode("utf-8") if isinstance(value, bytes) else str(value)


def _look_through(file: h5py.File, path: str) -> None:
    """All links and data sets: none leads out of the file, none is larger than can be."""
    seen: set[Any] = set()
    waiting: list[tuple[h5py.Group, int]] = [(file, 0)]
    total = 0
    while waiting:
        group, depth = waiting.pop()
        for name in group:
            link = group.get(name, getlink=True)
            if not isinstance(link, h5py.HardLink):
                outside = getattr(link, "filename", "") or getattr(link, "path", "")
                raise _reaches_outside(path, str(outside))
            found: Any = group[name]
            place = h5py.h5o.get_info(found.id).addr
            if place in seen:
                continue
            seen.add(place)
            if len(seen) > _MOST_OBJECTS or depth > _DEEPEST:
                raise ValueError("More objects than any model has")
            if isinstance(found, h5py.Group):
                waiting.append((found, depth + 1))
            elif isinstance(found, h5py.Dataset):
                total += _checked_bytes(found, path)
    if total > MOST_BYTES:
        raise ProblemError(too_large(path, total))


def _checked_bytes(dataset: h5py.Dataset, path: str) -> int:
    if dataset.is_virtual:
        raise _reaches_outside(path, str(dataset.virtual_sources()[0].file_name))
    if dataset.external:
        raise _reaches_outside(path, str(dataset.external[0][0]))
    if dataset.shape is None:
        return 0
    declared = math.prod(int(side) for side in dataset.shape) * int(dataset.dtype.itemsize)
    stored = dataset.id.get_storage_size()
    if declared > MOST_BYTES:
        raise ProblemError(too_large(path, declared))
    if declared > _BOMB_FLOOR_BYTES and declared > _MOST_EXPANSION * stored:
        raise ProblemError(too_large(path, declared))
    return declared


def _reaches_outside(path: str, name: str) -> ProblemError:
    return ProblemError(Problem("model_reaches_outside", file=path, values={"name": name}))


def too_large(path: str, size: int) -> Problem:
    """The problem of a file that would need ``size`` bytes."""
    values: dict[str, str | int | float] = {
        "asked": f"{size / 1024**2:,.0f} MB",
        "what": "weights",
        "most": f"{MOST_BYTES / 1024**2:,.0f} MB",
    }
    return Problem("model_too_large", file=path, values=values)
