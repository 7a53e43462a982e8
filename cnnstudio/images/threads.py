"""The same work for many pictures: in threads, because Pillow lets others run meanwhile."""

import os
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import NoReturn, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

SECONDS_BETWEEN_REPORTS = 0.1
_THREADS_FOR_EACH_CORE = 2  # one computes while the other waits for the disk or for Python
_AHEAD_FOR_EACH_THREAD = 8
_HANDED_OVER_AT_ONCE = 8  # at most: handing over takes a twentieth of reading a picture
_HANDED_TO_EACH_THREAD = 8  # at least, so that none is idle at the end


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def in_order(
    work: Callable[[Item], Result],
    items: Sequence[Item],
    on_progress: Callable[[int, int], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    threads: int | None = None,
) -> Iterator[Result]:
    """Yield ``work`` of each item in the items' order, a bounded number of them ahead.

    ``threads`` is for work that does not let others run, which gains nothing by more than one.

    ``on_progress`` gets how many of how many are done, from the calling thread, at most ten times
    a second and once at the end.

    Raises:
        InterruptedError: once ``should_stop`` answers yes.
    """
    threads = threads or _THREADS_FOR_EACH_CORE * cores()
    at_once = len(items) // (threads * _HANDED_TO_EACH_THREAD)
    at_once = max(1, min(_HANDED_OVER_AT_ONCE, at_once))
    waiting: deque[Future[list[Callable[[], Result]]]] = deque()
    reported = time.monotonic()
    done = 0
    with ThreadPoolExecutor(threads, "pictures") as pool:
        try:
            upcoming = iter(range(0, len(items), at_once))
            while done < len(items):
                while len(waiting) * at_once < threads * _AHEAD_FOR_EACH_THREAD:
                    begin = next(upcoming, None)
                    if begin is None:
                        break
                    some = items[begin : begin + at_once]
                    waiting.append(pool.submit(_answers, work, some))
                for answer in waiting.popleft().result():
                    if should_stop is not None and should_stop():
                        raise InterruptedError
                    yield answer()
                    done += 1
                    now = time.monotonic()
                    if on_progress and now - reported >= SECONDS_BETWEEN_REPORTS:
                        reported = now
                        on_progress(done, len(items))
        finally:
            for future in waiting:
                future.cancel()
    if on_progress:
        on_progress(len(items), len(items))


def _answers(work: Callable[[Item], Result], items: Sequence[Item]) -> list[Callable[[], Result]]:
    """What each item gives: a result to hand out, or an exception to raise where it is due."""
    found: list[Callable[[], Result]] = []
    for item in items:
        try:
            found.append(_given(work(item)))
        except Exception as error:
            found.append(partial(_failed, error))
    return found


def _given(result: Result) -> Callable[[], Result]:
    return lambda: result


def _failed(error: Exception) -> NoReturn:
    raise error
