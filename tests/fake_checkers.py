"""Processes that check pictures in every way they can go wrong. No Qt: they run in a child."""

import os
import threading
import time
from collections.abc import Callable, Sequence
from typing import NoReturn

from cnnstudio.images import checking
from cnnstudio.images.facts import PictureFacts, look_into
from cnnstudio.images.found_pictures import FoundPicture
from cnnstudio.worker import check_child
from cnnstudio.worker.check_child import CheckDone, LookedInto, serve_check

Pipe = "Connection[Any, Any]"


def in_small_pieces(connection: Pipe) -> None:
    """Works well, and tells two at a time."""
    check_child.AT_ONCE = 2
    serve_check(connection)


def slow(connection: Pipe) -> None:
    """Works well but slowly, one after the other, and remembers each picture at once."""
    one_at_a_time = threading.Lock()

    def look_slowly(path: str) -> PictureFacts:
        with one_at_a_time:
            time.sleep(0.12)
        return look_into(path)

    checking.look_into = look_slowly
    checking._SECONDS_BETWEEN_KEEPING = 0
    serve_check(connection)


def hanging(connection: Pipe) -> None:
    """Tells of the first picture and hangs in the second."""

    def hang(
        pictures: Sequence[FoundPicture],
        on_found: Callable[[int, PictureFacts], None],
        on_progress: Callable[[int, int], None],
    ) -> NoReturn:
        on_progress(1, len(pictures))
        while True:
            time.sleep(1)

    checking.look_into_all = hang
    serve_check(connection)


def deaf(connection: Pipe) -> None:
    """Does not even take the pictures."""
    while True:
        time.sleep(1)


def mortal(connection: Pipe) -> None:
    """Ends in the middle, as a decoder that crashes would make it."""
    count = 0
    while some := connection.recv():
        count += len(some)
    connection.send(LookedInto(1, count))
    os._exit(3)


def forgetful(connection: Pipe) -> None:
    """Says it has told everything, and has not."""
    while connection.recv():
        pass
    connection.send(CheckDone())
