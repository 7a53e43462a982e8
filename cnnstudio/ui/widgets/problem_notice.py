"""A problem, as a coloured box with its remedy."""

from collections.abc import Callable

from cnnstudio.project.problems import Problem
from cnnstudio.ui.widgets.basics import Notice, Tone

_TONES: dict[str, Tone] = {"error": "error", "warning": "warning", "note": "note"}


def problem_notice(
    problem: Problem, actions: tuple[tuple[str, Callable[[], object]], ...] = ()
) -> Notice:
    """What is wrong and what to do; the full path of the file stands in the tooltip."""
    notice = Notice(_TONES[problem.severity], problem.message, problem.remedy, actions)
    if problem.file:
        notice.setToolTip(problem.file)
    return notice
