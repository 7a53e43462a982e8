"""The process that looks into the pictures: what it is told, what it tells. No Qt in sight.

Apart from the window, because many threads that decode pictures would take turns with it at
Python's lock, and scrolling would stutter. All is told in small pieces, so that none of them takes
the window's process long to unpack; pictures are called by their row among those it was given.
"""

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing import parent_process
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cnnstudio.images.facts import PictureFacts
    from cnnstudio.images.look_alikes import LookAlikes, Pair

AT_ONCE = 500
"""At most so many pictures, or pairs of them, are told in one piece."""

FoundRow = tuple[str, int, int]
"""Path, bytes, time of change (ns) of a picture."""
ProblemRow = tuple[str, str, str, dict[str, Any]]
FactsRow = tuple[int, ProblemRow | None, int, int, str, str, int, bytes, float]
"""Row of the picture, then its facts in their order without path and look."""
PairRow = tuple[int, int, bool]
"""Rows of two pictures, and whether they are alike in a mirror."""


@dataclass(frozen=True, slots=True)
class LookedInto:
    """So many of so many; all of them: now they are compared."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class FactsFound:
    """What is known of some pictures."""

    rows: list[FactsRow]


@dataclass(frozen=True, slots=True)
class PairsFound:
    """Some pairs of pictures, the same to the byte or only alike."""

    are_same: bool
    rows: list[PairRow]


@dataclass(frozen=True, slots=True)
class CheckDone:
    """All was told."""


News = LookedInto | FactsFound | PairsFound | CheckDone


def serve_check(connection: "Connection[Any, Any]") -> None:
    """Take pictures in pieces (an empty one is the last), look into them, and tell.

    An error that nobody foresaw ends the process, which is for the other side to notice.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent to decide on.
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    with contextlib.suppress(EOFError, ConnectionError):  # Nobody listens any more.
        found: list[FoundRow] = []
        while some := connection.recv():
            found += some
        _check(found, connection.send)


def _check(found: list[FoundRow], tell: Callable[[News], None]) -> None:
    from cnnstudio.images.checking import look_into_all
    from cnnstudio.images.found_pictures import FoundPicture

    pictures = [FoundPicture(path, "", None, size, modified) for path, size, modified in found]
    waiting: list[FactsRow] = []

    def tell_facts(row: int, facts: "PictureFacts") -> None:
        waiting.append(_facts_row(row, facts))
        if len(waiting) >= AT_ONCE:
            tell(FactsFound(waiting))
            waiting.clear()

    is_first = True

    def tell_progress(done: int, total: int) -> None:
        nonlocal is_first
        if is_first:
            # What is known was read until now, which is quick; what is left may take minutes.
            _step_back()
            is_first = False
        tell(LookedInto(done, total))

    _, look_alikes = look_into_all(pictures, tell_facts, tell_progress)
    tell(FactsFound(waiting))
    _tell_pairs(look_alikes, {each.path: row for row, each in enumerate(pictures)}, tell)
    tell(CheckDone())


def _tell_pairs(
    look_alikes: "LookAlikes", row_of: Mapping[str, int], tell: Callable[[News], None]
) -> None:
    both: list[tuple[bool, Sequence[Pair]]] = [(True, look_alikes.same), (False, look_alikes.near)]
    for are_same, pairs in both:
        for start in range(0, len(pairs), AT_ONCE):
            some = pairs[start : start + AT_ONCE]
            rows = [
                (row_of[one], row_of[other], (one, other) in look_alikes.mirrored)
                for one, other in some
            ]
            tell(PairsFound(are_same, rows))


def _facts_row(row: int, facts: "PictureFacts") -> FactsRow:
    problem = facts.problem
    told = None
    if problem is not None:
        told = (problem.kind, problem.where, problem.file, dict(problem.values))
    return (
        *(row, told, facts.width, facts.height, facts.format, facts.mode),
        *(facts.frames, facts.digest, facts.taken),
    )


def _step_back() -> None:
    """Lower this process' priority: the window goes first, and so does a training."""
    with contextlib.suppress(OSError):  # Then it runs beside them.
        if sys.platform == "win32":
            import psutil

            psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
        else:
            os.nice(10)


def _leave_with_parent() -> None:
    """End this process as soon as its parent is gone; what was remembered stays whole."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
