"""Checks pictures in a process of its own, and puts together here what it tells. No Qt."""

import multiprocessing
import threading
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from sys import intern
from typing import TYPE_CHECKING, Any, assert_never

from cnnstudio.project.problems import Problem
from cnnstudio.worker.check_child import (
    AT_ONCE,
    CheckDone,
    FactsFound,
    FactsRow,
    LookedInto,
    News,
    PairRow,
    PairsFound,
    serve_check,
)
from cnnstudio.worker.garbage import no_garbage_search

if TYPE_CHECKING:
    from cnnstudio.images.checking import CheckReport
    from cnnstudio.images.facts import PictureFacts
    from cnnstudio.images.found_pictures import FoundPicture
    from cnnstudio.images.scan import Scan

POLL_SECONDS = 0.1
END_GRACE_SECONDS = 0.5

Target = Callable[["Connection[Any, Any]"], None]


class CheckerGoneError(Exception):
    """The process could not be started, or ended before it had told everything."""


class CheckProcess:
    """One check in a child process; :meth:`cancel` may be called by any thread meanwhile."""

    def __init__(self, target: Target = serve_check) -> None:
        self._target = target
        self._process: Any = None
        self._is_cancelled = False
        self._lock = threading.Lock()

    @property
    def pid(self) -> int | None:
        """The process' number while it runs."""
        process = self._process
        return None if process is None else process.pid

    def check(
        self, scan: "Scan", on_progress: Callable[[int, int], None] | None = None
    ) -> "CheckReport":
        """What :func:`~cnnstudio.images.checking.check_pictures` answers.

        Raises:
            InterruptedError: once it was cancelled.
            CheckerGoneError: if the process is gone; what it saw until then is remembered.
        """
        self._stop_if_cancelled()
        connection = self._start()
        try:
            _send(connection, scan.pictures)
            return self._receive(connection, scan, on_progress)
        except (EOFError, OSError) as error:
            if self._is_cancelled:
                raise InterruptedError from error
            raise CheckerGoneError from error
        finally:
            connection.close()
            self._end()

    def cancel(self) -> None:
        """End the process at once; what it saw is remembered for the next time."""
        with self._lock:
            self._is_cancelled = True
            if self._process is not None:
                self._process.kill()

    def _start(self) -> "Connection[Any, Any]":
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        # A daemon, so that no way of leaving the program waits for it.
        process = context.Process(
            target=self._target, args=(theirs,), name="cnnstudio-check", daemon=True
        )
        try:
            with self._lock:
                process.start()
                self._process = process
                if self._is_cancelled:
                    process.kill()
        except OSError as error:
            ours.close()
            raise CheckerGoneError from error
        finally:
            theirs.close()
        return ours

    def _end(self) -> None:
        """Nothing is left for it to do, so nothing is lost."""
        with self._lock:
            process, self._process = self._process, None
            process.kill()
        process.join(END_GRACE_SECONDS)

    def _receive(
        self,
        connection: "Connection[Any, Any]",
        scan: "Scan",
        on_progress: Callable[[int, int], None] | None,
    ) -> "CheckReport":
        facts: list[FactsRow] = []
        same: list[PairRow] = []
        near: list[PairRow] = []
        while True:
            while not connection.poll(POLL_SECONDS):
                # A process that hangs in the middle of a file may not even end when it is killed.
                self._stop_if_cancelled()
            self._stop_if_cancelled()
            news: News = connection.recv()
            match news:
                case LookedInto(done, total):
                    if on_progress:
                        on_progress(done, total)
                case FactsFound(rows):
                    facts += rows
                case PairsFound(are_same, rows=pairs):
                    (same if are_same else near).extend(pairs)
                case CheckDone():
                    break
                case _:
                    assert_never(news)
        return _report(scan, facts, same, near)

    def _stop_if_cancelled(self) -> None:
        if self._is_cancelled:
            raise InterruptedError


def _send(connection: "Connection[Any, Any]", pictures: "Sequence[FoundPicture]") -> None:
    for start in range(0, len(pictures), AT_ONCE):
        some = pictures[start : start + AT_ONCE]
        connection.send([(each.path, each.bytes, each.modified_ns) for each in some])
    connection.send([])


def _report(
    scan: "Scan", rows: list[FactsRow], same: list[PairRow], near: list[PairRow]
) -> "CheckReport":
    """Put together, in the scan's order, what was told by rows."""
    from cnnstudio.images.breaths import with_breaths
    from cnnstudio.images.checking import CheckReport
    from cnnstudio.images.look_alikes import LookAlikes

    paths = [each.path for each in scan.pictures]
    with no_garbage_search():
        found: list[PictureFacts | None] = [None] * len(paths)
        for row in with_breaths(rows):
            found[row[0]] = _facts_of(paths[row[0]], row)
        facts: dict[str, PictureFacts] = {}
        digests: dict[str, str] = {}
        for each in with_breaths(found):
            if each is None:
                raise CheckerGoneError  # It left one out.
            facts[each.path] = each
            if each.digest:
                digests[each.path] = each.digest.hex()
        near_pairs = [(paths[one], paths[other]) for one, other, _ in with_breaths(near)]
        look_alikes = LookAlikes(
            tuple((paths[one], paths[other]) for one, other, _ in with_breaths(same)),
            tuple(near_pairs),
            frozenset(pair for pair, row in zip(near_pairs, near, strict=True) if row[2]),
            digests,
        )
    return CheckReport(scan, facts, look_alikes)


def _facts_of(path: str, row: FactsRow) -> "PictureFacts":
    from cnnstudio.images.facts import PictureFacts

    _, told, width, height, kind_of_file, mode, frames, digest, taken = row
    problem = None
    if told is not None:
        kind, where, file, values = told
        problem = Problem(kind, where, file, values)
    return PictureFacts(
        *(path, problem, width, height, intern(kind_of_file), intern(mode)),
        *(frames, digest, b"", taken),
    )
