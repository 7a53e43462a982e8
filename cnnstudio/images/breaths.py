"""Long work in Python's own code, done so that other threads need not wait for Python's lock."""

import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")

_ITEMS_BETWEEN = 500
_SECONDS = 0.001


def with_breaths(items: Iterable[Item]) -> Iterator[Item]:
    """The items, with short pauses in which another thread, the window's say, gets the lock.

    A thread that only computes gives it away every 5 ms at most, and painting asks many times.
    """
    for place, item in enumerate(items, 1):
        if place % _ITEMS_BETWEEN == 0:
            time.sleep(_SECONDS)
        yield item
