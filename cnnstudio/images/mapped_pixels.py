"""Pixels mapped from disk that never stay in memory for long, however many were looked at."""

import mmap
from pathlib import Path
from typing import Any

import numpy as np

_BYTES_KEPT = 128 * 2**20
"""After so many, the system is told that what was read may go; it counts as this process's."""


class MappedPixels(np.memmap[Any, np.dtype[np.uint8]]):
    """A read-only memory-mapped array of bytes, told apart by nothing but its use of memory.

    Systems count mapped pages that were read as memory of the process and take them away only when
    others need it. Training would seem to take as much memory as all of its pictures.
    """

    _read: list[int]

    def __array_finalize__(self, obj: Any) -> None:
        """A part shares the count with its whole."""
        super().__array_finalize__(obj)
        self._read = getattr(obj, "_read", None) or [0]

    def __getitem__(self, index: Any) -> Any:
        """As of any array; copies are ordinary arrays."""
        found = super().__getitem__(index)
        if isinstance(found, np.ndarray):
            self._count(found.nbytes)
            if getattr(found, "_mmap", None) is None:
                return found.view(np.ndarray)
        return found

    def _count(self, count: int) -> None:
        self._read[0] += count
        mapped = getattr(self, "_mmap", None)
        if self._read[0] > _BYTES_KEPT and mapped is not None:
            self._read[0] = 0
            if hasattr(mapped, "madvise"):  # not on Windows, which takes them away by itself
                mapped.madvise(mmap.MADV_DONTNEED)


def mapped_pixels(path: Path, shape: tuple[int, ...], offset: int = 0) -> MappedPixels:
    """The bytes of a file from ``offset`` on as an array of ``shape``.

    Raises:
        OSError, ValueError: where the file is not there, or too short.
    """
    return MappedPixels(path, np.uint8, "r", offset, shape)
