"""The same work for many pictures: a thread a core, because Pillow lets others run meanwhile."""

import os
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

SECONDS_BETWEEN_REPORTS = 0.1
_AHEAD_FOR_EACH_THREAD = 16


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
    threads = threads or cores()
    waiting: deque[Future[Result]] = deque()
    reported = time.monotonic()
    with ThreadPoolExecutor(threads, "pictures") as pool:
        try:
            upcoming = iter(items)
            for done in range(len(items)):
                while len(waiting) < threads * _AHEAD_FOR_EACH_THREAD:
                    following = next(upcoming, None)
                    if following is None:
                        break
                    waiting.append(pool.submit(work, following))
                if should_stop is not None and should_stop():
                    raise InterruptedError
                yield waiting.popleft().result()
                now = time.monotonic()
                if on_progress and now - reported >= SECONDS_BETWEEN_REPORTS:
                    reported = now
                    on_progress(done + 1, len(items))
        finally:
            for future in waiting:
                future.cancel()
    if on_progress:
        on_progress(len(items), len(items))
