"""The engine's own process: its surroundings are set up here, then it serves. No Qt in sight.

This is the one place where the window's side names the engine, and it runs in the child only.
"""

import contextlib
import faulthandler
import gc
import io
import os
import signal
import sys
import threading
import time
from multiprocessing import parent_process
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

ORPHAN_GRACE_SECONDS = 30.0
"""The engine notices itself that it is alone; this is for one that hangs."""


def serve_engine(connection: "Connection[Any, Any]", log: str) -> None:
    """What a spawned engine does until it is told to quit; ``log`` takes what it prints
    outside a run."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent to decide on.
    point_streams_at(Path(log))
    faulthandler.enable(file=2)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    os.environ["KERAS_BACKEND"] = "tensorflow"
    _step_back()
    threading.Thread(target=_leave_with_parent, daemon=True).start()

    # Nothing that is imported is ever garbage: looking for some costs half a second here, and as
    # much again whenever a network is made.
    gc.disable()
    from cnnstudio.engine.service import serve

    gc.freeze()
    gc.enable()
    serve(connection)


def point_streams_at(log: Path) -> None:
    """Let everything this process prints, C++ code included, go to the end of ``log``."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            with contextlib.suppress(OSError, ValueError):  # What cannot be flushed is lost anyway.
                stream.flush()
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    try:
        opened = os.open(log, flags, 0o644)
    except OSError:
        # A folder that cannot be written to is reported by the command that needs it.
        opened = os.open(os.devnull, os.O_WRONLY)
    for number in (1, 2):
        os.dup2(opened, number)
    if opened > 2:
        os.close(opened)
    sys.stdout = _text_stream(1)
    sys.stderr = _text_stream(2)


def _text_stream(number: int) -> io.TextIOWrapper:
    return io.TextIOWrapper(
        os.fdopen(number, "wb", buffering=0, closefd=False),
        encoding="utf-8",
        errors="backslashreplace",
        write_through=True,
    )


def _step_back() -> None:
    """Lower this process' priority a little, so that the window stays smooth."""
    try:
        if sys.platform == "win32":
            import psutil

            psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
        else:
            os.nice(5)
    except OSError as error:
        print(f"The priority could not be lowered: {error}")


def _leave_with_parent() -> None:
    """End this process soon after its parent is gone, whatever it is doing."""
    parent = parent_process()
    if parent is None:
        return
    parent.join()
    time.sleep(ORPHAN_GRACE_SECONDS)
    os._exit(1)
