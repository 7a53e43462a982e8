"""The boundary of every thread: an error that nobody foresaw becomes a problem like others."""

import traceback

from cnnstudio.project.problems import Problem, ProblemError


def problem_of(error: Exception) -> Problem:
    """What to tell of ``error``."""
    if isinstance(error, ProblemError):
        return error.problem
    reason = str(error).strip().rstrip(".") or type(error).__name__
    return Problem("engine_failed", values={"reason": f"{type(error).__name__}: {reason}"})


def details_of(error: Exception) -> str:
    """What 'Copy details' gives."""
    return "".join(traceback.format_exception(error))
