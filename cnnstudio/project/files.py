"""Writing so that a kill at any moment leaves a whole file: the old one or the new one."""

import contextlib
import json
import os
import secrets
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# On Windows a virus scanner or an indexer may hold a file for a moment after it was written.
_WAITS_FOR_SCANNERS = os.name == "nt"
_PAUSES_SECONDS = (0.02, 0.05, 0.1, 0.2, 0.4)


@contextlib.contextmanager
def written_atomically(path: Path) -> Iterator[Path]:
    """Yield a path beside ``path`` to write to; it takes ``path``'s name once all is on disk.

    Raises:
        OSError: as the writing, flushing or renaming does; ``path`` is then as it was.
    """
    # A part of the name only: a long one with more put to it would be too long.
    beside = path.with_name(f".{path.stem[:16]}.{secrets.token_hex(4)}{path.suffix}")
    try:
        yield beside
        with beside.open("rb+") as file:
            os.fsync(file.fileno())
        rename_over(beside, path)
    finally:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)


def rename_over(beside: Path, path: Path) -> None:
    """Give ``beside`` the name ``path``, whatever had it before. Raises OSError."""
    for pause in _PAUSES_SECONDS:
        try:
            os.replace(beside, path)  # noqa: PTH105 (Path.replace is the same call)
            return
        except PermissionError:
            if not _WAITS_FOR_SCANNERS:
                raise
            time.sleep(pause)
    os.replace(beside, path)  # noqa: PTH105


def version_of(path: str | Path) -> tuple[int, ...]:
    """Something that is different as soon as another file is at ``path``; empty where none is."""
    try:
        found = os.stat(path)  # noqa: PTH116 (raises nothing but OSError and ValueError)
    except (OSError, ValueError):
        return ()
    return (found.st_mtime_ns, found.st_size)


def write_text_atomically(path: Path, text: str) -> None:
    """Write ``text`` as UTF-8 so that ``path`` holds either all of it or what it held before.

    File names that are no Unicode (``os.fsdecode`` makes them so) keep their bytes.
    """
    with written_atomically(path) as beside:
        beside.write_bytes(text.encode("utf-8", "surrogateescape"))


def write_json_atomically(path: Path, content: Any) -> None:
    """Write ``content`` as JSON so that ``path`` holds either all of it or what it held before."""
    text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
    with written_atomically(path) as beside:
        # In JSON, the backslash form of what is no Unicode is read as what it was.
        beside.write_bytes(text.encode("utf-8", "backslashreplace"))


def read_json(path: Path) -> Any:
    """What :func:`write_json_atomically` wrote, or a person with an editor.

    Raises:
        OSError: if it cannot be read; ValueError: if it is something else.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def is_file(path: Path | str) -> bool:
    """Whether ``path`` is a file that can be seen; never raises, unlike ``Path.is_file``."""
    return os.path.isfile(path)  # noqa: PTH113
