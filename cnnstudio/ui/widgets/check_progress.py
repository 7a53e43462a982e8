"""How far the check of the pictures is, in words, and how long it still takes."""

import time

from cnnstudio.project.words import say
from cnnstudio.ui.widgets.training_figures import clock

SECONDS_BEFORE_GUESS = 3.0
FEWEST_SECONDS_TOLD = 10.0


class CheckProgress:
    """Told the numbers as they come; a smaller one is the beginning of another check."""

    def __init__(self) -> None:
        self._began = 0.0
        self._first = 0
        self._last: int | None = None

    def words(self, done: int, total: int, now: float | None = None) -> str:
        """What to show: once all are looked into, they are compared.

        ``now`` is a time in seconds, of any clock that only goes forward.
        """
        now = time.monotonic() if now is None else now
        if self._last is None or done < self._last:
            self._began, self._first = now, done
        self._last = done
        if done >= total:
            return say("Comparing the pictures…")
        taken, looked_at = now - self._began, done - self._first
        left = (total - done) * taken / looked_at if looked_at else 0.0
        if taken < SECONDS_BEFORE_GUESS or left < FEWEST_SECONDS_TOLD:
            return say("Checking: {done:,} of {total:,} pictures", done=done, total=total)
        return say(
            "Checking: {done:,} of {total:,} pictures, {time} left",
            done=done,
            total=total,
            time=clock(left),
        )
