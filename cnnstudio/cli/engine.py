"""How a command asks the engine, and how Ctrl-C ends that."""

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType

from cnnstudio.cli.output import Bars, Output
from cnnstudio.project.problems import ProblemError
from cnnstudio.project.words import say
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
    """Within the block, the first Ctrl-C asks for an early end, the second one interrupts."""
    asked = threading.Event()

    def on_signal(number: int, frame: FrameType | None) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()

    before = {each: signal.signal(each, on_signal) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked.is_set
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def ask(
    keeper: EngineKeeper,
    command: Command,
    output: Output,
    should_stop: ShouldStop,
    on_news: Callable[[News], None] | None = None,
) -> ClosingEvent:
    """Have ``command`` carried out, with bars meanwhile.

    Raises:
        ProblemError: if it could not be.
        StoppedError: after Ctrl-C.
    """
    engine = keeper.take()
    try:
        with Bars(output) as bars:
            show = _Shown(output, bars, on_news)
            if not engine.is_ready:
                bars.step(say("Starting the engine"), None, None, "start")
            answer = engine.run(command, show.tell, should_stop)
    finally:
        keeper.give_back(engine)
    if isinstance(answer, WorkFailed):
        raise ProblemError(answer.problem)
    if isinstance(answer, WorkStopped):
        raise StoppedError
    return answer


class _Shown:
    """Turns what the engine tells into bars and lines."""

    def __init__(self, output: Output, bars: Bars, on_news: Callable[[News], None] | None) -> None:
        self._output = output
        self._bars = bars
        self._on_news = on_news

    def tell(self, event: News) -> None:
        match event:
            case EngineReady():
                self._bars.remove("start")
            case Progress():
                self._bars.show(event)
            case PictureLeftOut(problem=problem):
                self._output.warning(problem)
        if self._on_news is not None:
            self._on_news(event)
