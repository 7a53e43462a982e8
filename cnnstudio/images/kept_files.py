"""Files that can be made again: written so that a kill leaves none half, removed when too many."""

import contextlib
import errno
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from cnnstudio.project.problems import Problem

_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
_LEFTOVER_SECONDS = 24 * 3600


@contextlib.contextmanager
def kept_file(path: Path, flushed: bool = True) -> Iterator[Path]:
    """Yield a path beside ``path`` to write to; it takes ``path``'s name when all is written.

    The name beside it tells the process, so that what a kill left is known as such. Without
    ``flushed``, a power cut may leave a torn file: for what is checked when it is read.

    Raises:
        OSError: as the writing and renaming does.
    """
    beside = path.with_name(f".{os.getpid()}.{secrets.token_hex(8)}{path.suffix}")
    try:
        yield beside
        if flushed:
            with beside.open("rb+") as file:
                os.fsync(file.fileno())
        os.replace(beside, path)  # noqa: PTH105 (Path.replace is the same call)
    finally:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)


def make_room(folder: Path, needed: int, at_most: int) -> None:
    """Remove leftovers of killed processes, and what was not used for longest beyond a limit.

    All files below ``folder`` together with ``needed`` bytes more are to be ``at_most`` bytes,
    and the disk is to have room for them.

    Raises:
        OSError: ENOSPC where the disk stays too full.
    """
    kept: list[tuple[float, int, Path]] = []
    for file in folder.rglob("*"):
        with contextlib.suppress(OSError):
            facts = file.stat()
            if file.name.startswith("."):
                if _is_leftover(file, facts.st_mtime):
                    file.unlink()
            elif file.is_file():
                kept.append((facts.st_mtime, facts.st_size, file))
    total = needed + sum(size for _, size, _ in kept)
    free = shutil.disk_usage(folder).free
    for _, size, file in sorted(kept):
        if total <= at_most and free > needed:
            return
        with contextlib.suppress(OSError):  # Windows keeps a file that is in use
            file.unlink()
            total -= size
            free += size
    if free <= needed:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def writing_problem(error: OSError, path: Path) -> Problem:
    """Why ``path`` could not be written: a full disk has its own sentence."""
    if error.errno in _FULL:
        return Problem("disk_full", "pictures", str(path))
    values: dict[str, str | int | float] = {"reason": error.strerror or str(error)}
    return Problem("cannot_write", "pictures", str(path), values)


def _is_leftover(file: Path, modified: float) -> bool:
    process = file.name.split(".")[1]
    if not process.isdecimal() or not psutil.pid_exists(int(process)):
        return True
    return time.time() - modified > _LEFTOVER_SECONDS
