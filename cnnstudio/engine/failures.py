"""The one table that turns what was raised into a problem with a remedy."""

import errno
from pathlib import Path

import tensorflow as tf

from cnnstudio.project.memory_met import out_of_memory
from cnnstudio.project.problems import Problem, ProblemError
from cnnstudio.project.project_folder import write_problem

# HDF5 wraps the system's number in a text of its own.
_HDF5_DISK_FULL = f"errno = {errno.ENOSPC},"


def problem_of(error: BaseException, batch_size: int) -> Problem:
    """What went wrong, for the person; ``batch_size`` is the one that was used."""
    match error:
        case ProblemError():
            return error.problem
        case MemoryError() | tf.errors.ResourceExhaustedError():
            return out_of_memory(batch_size)
        case OSError() if error.filename is not None:
            path = Path(error.filename)
            # A name that begins with a dot is ours, beside the file that was to be written.
            return write_problem(error, path.parent if path.name.startswith(".") else path)
        case OSError() if error.errno == errno.ENOSPC or _HDF5_DISK_FULL in str(error):
            return Problem("disk_full")
        case _:
            text = str(error).strip()
            reason = f"{type(error).__name__}: {text.splitlines()[0]}" if text else repr(error)
            return Problem("engine_failed", values={"reason": reason[:200]})
