"""Writing so that a kill at any moment leaves a whole file: the old one or the new one."""

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def written_atomically(path: Path) -> Iterator[Path]:
    """Yield a path beside ``path`` to write to; it takes ``path``'s name once all is on disk.

    Raises:
        OSError: as the writing, flushing or renaming does; ``path`` is then as it was.
    """
    beside = path.with_name(f".{path.stem}.{secrets.token_hex(4)}{path.suffix}")
    try:
        yield beside
        with beside.open("rb+") as file:
            os.fsync(file.fileno())
        os.replace(beside, path)  # noqa: PTH105 (Path.replace is the same call)
    finally:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)


def write_text_atomically(path: Path, text: str) -> None:
    """Write ``text`` as UTF-8 so that ``path`` holds either all of it or what it held before."""
    with written_atomically(path) as beside:
        beside.write_text(text, encoding="utf-8", newline="\n")
