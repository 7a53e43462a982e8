"""Everything that is printed, by Python or by TensorFlow's own code, into a run's log."""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

_STREAMS = (1, 2)


@contextlib.contextmanager
def printed_to(path: Path) -> Iterator[None]:
    """Within the block, both standard streams of this process are added to the file ``path``.

    Raises:
        OSError: if it cannot be written.
    """
    _flush()
    with path.open("ab") as file:
        before = [os.dup(stream) for stream in _STREAMS]
        try:
            for stream in _STREAMS:
                os.dup2(file.fileno(), stream)
            yield
        finally:
            _flush()
            for stream, kept in zip(_STREAMS, before, strict=True):
                os.dup2(kept, stream)
                os.close(kept)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
