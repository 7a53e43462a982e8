"""The time of a training: pauses are not counted, and a time limit ends the work in time."""

import math
import time

from cnnstudio.engine.talk import PausingWish, ShouldStop

_SHORTEST_PAUSE_SECONDS = 0.05


class WorkClock:
    """Seconds of work, and the wish to stop, which also comes when the time is up.

    ``deadline`` is in seconds since 1970. ``reserve`` seconds before it the work is to end: they
    are for what must still be done then. A deadline holds during a pause, too, and ends it.
    """

    def __init__(self, should_stop: ShouldStop, deadline: float | None = None) -> None:
        self.reserve = 0.0
        self.is_over = False
        """Whether the wish to stop came from the deadline."""
        self.paused = 0.0
        """Seconds of all pauses."""
        self._asked = should_stop
        self._deadline = math.inf if deadline is None else deadline

    @property
    def is_limited(self) -> bool:
        """Whether there is a deadline."""
        return self._deadline < math.inf

    def now(self) -> float:
        """Seconds of work from some moment on."""
        return time.monotonic() - self.paused

    def seconds_left(self) -> float:
        """Until the deadline, infinite where there is none."""
        return self._deadline - time.time()

    def should_stop(self) -> bool:
        """Whether the work is to end. Where it pauses, this returns after the pause."""
        if isinstance(self._asked, PausingWish):
            self._asked.pause_ends = self._deadline - self.reserve
        began = time.monotonic()
        is_wanted = self._asked()
        waited = time.monotonic() - began
        if waited > _SHORTEST_PAUSE_SECONDS:
            self.paused += waited
        if not is_wanted and self.seconds_left() <= self.reserve:
            self.is_over = is_wanted = True
        return is_wanted
