"""Problems, as coloured boxes with their remedy and as a few words."""

from collections.abc import Callable, Sequence
from pathlib import Path

from cnnstudio.project.problems import Problem
from cnnstudio.project.words import N_, say, say_count
from cnnstudio.ui.widgets.basics import Notice, Tone

Actions = tuple[tuple[str, Callable[[], object]], ...]

MOST_FILES = 4
_TONES: dict[str, Tone] = {"error": "error", "warning": "warning", "note": "note"}
_SHORT = {
    "one_class": N_("needs 2 classes"),
    "class_too_small": N_("too few pictures"),
    "folder_missing": N_("folder not found"),
    "folder_unreadable": N_("folder locked"),
    "folder_empty": N_("no pictures"),
    "no_class_folders": N_("no class folders"),
    "nothing_trained": N_("nothing is trained"),
    "weights_file_missing": N_("weights not found"),
}


def short_words(problem: Problem) -> str:
    """A few words for a place where no sentence fits."""
    return say(_SHORT.get(problem.kind, N_("needs a look")))


def problem_notice(problem: Problem, actions: Actions = ()) -> Notice:
    """What is wrong and what to do; the full path of the file stands in the tooltip."""
    notice = Notice(_TONES[problem.severity], problem.message, problem.remedy, actions)
    if problem.file:
        notice.setToolTip(problem.file)
    return notice


def files_notice(problems: Sequence[Problem]) -> Notice:
    """One box for files with the same problem: the first ones named, the others counted."""
    first = problems[0]
    names = [_short_path(problem.file) for problem in problems[:MOST_FILES]]
    more = len(problems) - len(names)
    if more > 0:
        names.append(say_count("and {count} more", "and {count} more", more))
    title = first.message
    if len(problems) > 1:
        title = say_count(
            "{count:,} file is left out", "{count:,} files are left out", len(problems)
        )
        names.insert(0, say(N_("For example: {message}"), message=first.message))
    text = "\n".join([*names, first.remedy])
    notice = Notice(_TONES[first.severity], title, text)
    notice.setToolTip("\n".join(problem.file for problem in problems[:30]))
    return notice


def _short_path(file: str) -> str:
    """The file with the folder it is in."""
    path = Path(file)
    return f"{path.parent.name}/{path.name}"
