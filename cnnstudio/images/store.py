"""Pictures decoded once and kept: one memory-mapped file of bytes, remade when a picture changes.

The file holds the pixels row after row, then a JSON text with the problems, then a tail that says
how long that text is. It is written under another name and renamed when all of it is on disk, so
a file with its proper name is whole.
"""

import contextlib
import hashlib
import json
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnnstudio.images.archive_paths import file_state, home_of
from cnnstudio.images.kept_files import kept_file, make_room, writing_problem
from cnnstudio.images.mapped_pixels import mapped_pixels
from cnnstudio.images.read import READER_VERSION, read_picture
from cnnstudio.images.threads import in_order
from cnnstudio.project.pictures import Fit
from cnnstudio.project.places import cache_folder
from cnnstudio.project.problems import Problem, ProblemError

KEPT_BYTES_AT_MOST = 10 * 10**9
"""Beyond this, the files that were not used for longest are removed."""

_ENDING = ".pictures"
_TAIL = b"CNNPIX01"
_MANY_GONE = 20
_BYTES_FLUSHED_AT_ONCE = 16 * 2**20
_Mark = tuple[int, int, bool]


@dataclass(frozen=True)
class PreparedPictures:
    """``pixels`` is read-only, of shape (N, size, size, 3), in the order of the paths asked for.

    ``problems`` names the pictures that could not be read by their row; these rows are zero.
    """

    pixels: NDArray[np.uint8]
    problems: dict[int, Problem]


def prepare_pictures(
    paths: Sequence[str],
    size: int,
    fit: Fit,
    on_progress: Callable[[int, int], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> PreparedPictures:
    """Decode the pictures, or return at once what was decoded before.

    ``on_progress`` gets how many of how many are done, at most ten times a second.

    Raises:
        ProblemError: disk_full, cannot_write, pictures_vanished.
        InterruptedError: once ``should_stop`` answers yes; nothing is left behind.
    """
    if not paths:
        return PreparedPictures(np.zeros((0, size, size, 3), np.uint8), {})
    marks = [file_state(path) for path in paths]
    name = _key(paths, marks, size, fit) + _ENDING
    kept = Path(name)
    try:
        kept = cache_folder() / "pictures" / name
        found = _open_kept(kept, paths, size)
        if found is not None:
            if on_progress:
                on_progress(len(paths), len(paths))
            return found
        kept.parent.mkdir(parents=True, exist_ok=True)
        make_room(kept.parent, len(paths) * size * size * 3, KEPT_BYTES_AT_MOST)
        with kept_file(kept) as beside:
            _write(beside, paths, marks, size, fit, on_progress, should_stop)
    except InterruptedError:
        raise
    except OSError as error:
        found = _open_kept(kept, paths, size)  # another process may have made it meanwhile
        if found is None:
            raise ProblemError(writing_problem(error, kept)) from error
        return found
    made = _open_kept(kept, paths, size)
    if made is None:
        raise ProblemError(writing_problem(OSError("incomplete"), kept))
    return made


def _key(paths: Sequence[str], marks: Sequence[_Mark | None], size: int, fit: Fit) -> str:
    digest = hashlib.sha256(f"{READER_VERSION} {size} {fit}\n".encode())
    for path, mark in zip(paths, marks, strict=True):
        digest.update(f"{path}\0{mark}\n".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:40]


def _write(
    beside: Path,
    paths: Sequence[str],
    marks: Sequence[_Mark | None],
    size: int,
    fit: Fit,
    on_progress: Callable[[int, int], None] | None,
    should_stop: Callable[[], bool] | None,
) -> None:
    """Written, not mapped: on a full disk writing fails, a mapped file would end the program.

    Each thread puts its pictures where they belong; what is written goes to disk while the next
    ones are read, so that none of them is waited for at the end. Pictures that could not be read
    are gaps, which read as zeros.
    """
    row_bytes = size * size * 3
    rows_at_once = _BYTES_FLUSHED_AT_ONCE // row_bytes + 1
    writing = threading.Lock()
    problems: dict[int, Problem] = {}
    vanished = 0
    with (
        beside.open("wb", buffering=2**16) as file,
        ThreadPoolExecutor(1, "flushing") as flushing,
    ):

        def keep(row: int) -> Problem | None:
            try:
                pixels = read_picture(paths[row], size, fit)
            except ProblemError as error:
                return error.problem
            with writing:
                file.seek(row * row_bytes)
                file.write(pixels.data)
            return None

        flushed: Future[None] | None = None
        rows = range(len(paths))
        for row, problem in enumerate(in_order(keep, rows, on_progress, should_stop)):
            if problem is not None:
                problems[row] = problem
                if problem.kind == "file_missing":
                    vanished += 1
                    _stop_if_vanished(paths[row], marks[row] is not None, vanished, len(paths))
            if row % rows_at_once == rows_at_once - 1 and (flushed is None or flushed.done()):
                if flushed is not None:
                    flushed.result()
                flushed = flushing.submit(os.fsync, file.fileno())
        if flushed is not None:
            flushed.result()
        text = json.dumps(
            {
                row: [each.kind, each.where, each.file, dict(each.values)]
                for row, each in problems.items()
            }
        ).encode()
        file.seek(len(paths) * row_bytes)
        file.write(text + len(text).to_bytes(8, "little") + _TAIL)


def _stop_if_vanished(path: str, was_there: bool, vanished: int, count: int) -> None:
    """One missing picture is left out; a missing folder or archive, or very many, is a drive gone
    away."""
    home = home_of(path)
    gone = was_there and not Path(home).exists()
    if gone or vanished > max(_MANY_GONE, count // 10):
        raise ProblemError(Problem("pictures_vanished", "pictures.folders", home))


def _open_kept(kept: Path, paths: Sequence[str], size: int) -> PreparedPictures | None:
    """What stands in the file, or None if there is no whole one."""
    length = len(paths) * size * size * 3
    try:
        with kept.open("rb") as file:
            end = file.seek(-16, os.SEEK_END)
            tail = file.read()
            text_length = int.from_bytes(tail[:8], "little")
            if tail[8:] != _TAIL or end != length + text_length:
                return None
            file.seek(length)
            rows = json.loads(file.read(text_length))
        pixels = mapped_pixels(kept, (len(paths), size, size, 3))
    except (OSError, ValueError):
        return None
    with contextlib.suppress(OSError):
        os.utime(kept)  # used now, so it is not the next to be removed
    problems = {
        int(row): Problem(kind, where, file, values)
        for row, (kind, where, file, values) in rows.items()
    }
    return PreparedPictures(pixels, problems)
