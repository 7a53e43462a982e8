"""How a command asks the engine, and how Ctrl-C ends that."""

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from functools import partial
from types import FrameType

from cnnstudio.cli.output import Bars, Output
from cnnstudio.project.problems import ProblemError
from cnnstudio.protocol import (
    ClosingEvent,
    Command,
    EngineReady,
    News,
    PictureLeftOut,
    Progress,
    WorkFailed,
    WorkStopped,
)
from cnnstudio.worker.engine_keeper import EngineKeeper

ShouldStop = Callable[[], bool]


class StoppedError(Exception):
    """The person ended the command with Ctrl-C."""


@contextlib.contextmanager
def engines() -> Iterator[EngineKeeper]:
    """A keeper whose first engine already starts; all engines are gone afterwards."""
    keeper = EngineKeeper()
    try:
        keeper.warm_up()
        yield keeper
    finally:
        keeper.close()


@contextlib.contextmanager
def stopping_on_interrupt() -> Iterator[ShouldStop]:
    """Within the block, the first Ctrl-C asks for an early end, the second one interrupts.

    Raises:
        StoppedError: after the second one.
    """
    asked = threading.Event()

    def on_signal(number: int, frame: FrameType | None) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()

    before = {each: signal.signal(each, on_signal) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked.is_set
    except KeyboardInterrupt as error:
        raise StoppedError from error
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def ask(
    keeper: EngineKeeper, command: Command, output: Output, should_stop: ShouldStop
) -> ClosingEvent:
    """Have ``command`` carried out, with bars meanwhile.

    Raises:
        ProblemError: if it could not be.
        StoppedError: after Ctrl-C.
    """
    engine = keeper.take()
    try:
        with Bars(output) as bars:
            bars.waiting(engine.is_ready)
            tell = partial(show_news, output, bars)
            answer = engine.run(command, tell, should_stop)
    finally:
        keeper.give_back(engine)
    if isinstance(answer, WorkFailed):
        raise ProblemError(answer.problem)
    if isinstance(answer, WorkStopped):
        raise StoppedError
    return answer


def show_news(output: Output, bars: Bars, event: News) -> None:
    """Turn what the engine tells of any work into bars and lines."""
    match event:
        case EngineReady():
            bars.waiting(is_ready=True)
        case Progress():
            bars.show(event)
        case PictureLeftOut(problem=problem):
            output.warning(problem)
        case _:
            pass
