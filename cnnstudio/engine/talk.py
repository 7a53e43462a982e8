"""How work in hand speaks: events out, and the wish to stop in."""

from collections.abc import Callable

from cnnstudio.protocol import Event

Send = Callable[[Event], None]
ShouldStop = Callable[[], bool]


def stop_if_wanted(should_stop: ShouldStop) -> None:
    """Raises:
    InterruptedError: to the one who answers for the command, when ``should_stop`` says so.
    """
    if should_stop():
        raise InterruptedError
