"""How work in hand speaks: events out, and the wish to stop in."""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable

from cnnstudio.protocol import Event

Send = Callable[[Event], None]
ShouldStop = Callable[[], bool]


class PausingWish(ABC):
    """A wish to stop that may let the work pause first, where it is asked for.

    A pause ends by itself at ``pause_ends``, in seconds since 1970. ``is_left_alone`` says that
    nobody wished it: whoever had asked for the work is gone.
    """

    pause_ends = math.inf
    is_left_alone = False

    @abstractmethod
    def __call__(self) -> bool:
        """Whether the work is to end."""


def stop_if_wanted(should_stop: ShouldStop) -> None:
    """Raises:
    InterruptedError: to the one who answers for the command, when ``should_stop`` says so.
    """
    if should_stop():
        raise InterruptedError
