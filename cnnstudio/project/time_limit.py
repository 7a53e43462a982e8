"""When a training has to be done: 'in 15 minutes' or 'at 11:40', as a moment."""

import re
from datetime import datetime, timedelta

from cnnstudio.project.words import say

MOST_MINUTES = 60 * 24 * 30
"""A month. Nobody means more, and the calendar ends somewhere."""

_ANY_MOMENT = 1.8e9

_MINUTES = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:min|mins|minute|minutes|분)?\.?", re.IGNORECASE)
_TIME_OF_DAY = re.compile(r"(\d{1,2}):(\d{2})")


def deadline_of(text: str, started: float) -> float | None:
    """The moment by which all must be done, in seconds since 1970; None: there is no limit.

    ``15`` or ``15 min`` are minutes from ``started`` on; ``11:40`` is the next such time of day
    after it, by this computer's clock.

    Raises:
        ValueError: if it is neither.
    """
    text = text.strip()
    if not text:
        return None
    if found := _MINUTES.fullmatch(text):
        minutes = float(found[1].replace(",", "."))
        if not 0 < minutes <= MOST_MINUTES:
            raise ValueError(text)
        return started + 60 * minutes
    if found := _TIME_OF_DAY.fullmatch(text):
        return _next_time(int(found[1]), int(found[2]), started)
    raise ValueError(text)


def is_time_limit(text: str) -> bool:
    """Whether :func:`deadline_of` understands ``text``."""
    try:
        deadline_of(text, _ANY_MOMENT)
    except ValueError:
        return False
    return True


def deadline_sentence(deadline: float, now: float) -> str:
    """``Done by 11:40.``, with the day where that is not today."""
    # Rounded up to a whole minute: what is promised must hold.
    moment = datetime.fromtimestamp(-(-deadline // 60) * 60)
    time = f"{moment:%H:%M}"
    if moment.date() == datetime.fromtimestamp(now).date():
        return say("Done by {time}.", time=time)
    return say("Done by {time} on {day}.", time=time, day=f"{moment:%Y-%m-%d}")


def moment_words(deadline: float, now: float) -> str:
    """``11:40``, with the day where that is not today; rounded up as :func:`deadline_sentence`."""
    moment = datetime.fromtimestamp(-(-deadline // 60) * 60)
    is_today = moment.date() == datetime.fromtimestamp(now).date()
    return f"{moment:%H:%M}" if is_today else f"{moment:%Y-%m-%d %H:%M}"


def deadline_of_run(text: str, started: float, spent: float, now: float) -> float | None:
    """The deadline of a run that began at ``started`` or, where epochs took ``spent`` seconds
    already, goes on ``now``: the time that nobody worked on it does not count. What is not
    understood sets none."""
    try:
        return deadline_of(text, now - spent if spent else started)
    except ValueError:
        return None


def _next_time(hour: int, minute: int, started: float) -> float:
    """Raises ValueError where there is no such time of day."""
    begin = datetime.fromtimestamp(started)
    moment = begin.replace(hour=hour, minute=minute, second=0, microsecond=0)
    if moment <= begin:
        moment += timedelta(days=1)
    return moment.timestamp()
