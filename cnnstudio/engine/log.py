"""Everything that is printed, by Python or by TensorFlow's own code, into a run's log."""

import contextlib
import io
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
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    with contextlib.ExitStack() as undo:
        file = undo.enter_context(path.open("ab", buffering=0))
        for number in _STREAMS:
            before = os.dup(number)
            undo.callback(os.close, before)
            undo.callback(os.dup2, before, number)
            os.dup2(file.fileno(), number)
        text = undo.enter_context(
            io.TextIOWrapper(file, "utf-8", errors="backslashreplace", write_through=True)
        )
        undo.enter_context(contextlib.redirect_stdout(text))
        undo.enter_context(contextlib.redirect_stderr(text))
        yield
