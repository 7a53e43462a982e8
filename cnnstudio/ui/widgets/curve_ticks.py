"""Where an axis has its marks, and what is written beside them."""

import math
from collections.abc import Callable

_STEPS = (1, 2, 5)
_FEW = 3
_SHARE_STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5)


def percent_ticks(low: float, high: float, most: int) -> list[tuple[float, str]]:
    """Marks of a part of 0 to 1, at most so many, with their words; if it goes, one at ``low``."""
    span = max(0.001, high - low)
    few = [each for each in _SHARE_STEPS if span / each + 1 <= most + 1e-9] or [0.5]
    step = next((each for each in few if abs(low / each - round(low / each)) < 1e-6), 0.0)
    half = round(span / 2, 2)
    is_round = abs(low * 10 - round(low * 10)) < 1e-6 and abs(2 * half - span) < 1e-6
    if not step and most <= _FEW and is_round:
        return [(value, f"{value:.0%}") for value in (low, low + half, high)]
    step = step or few[0]
    return [(value, f"{value:.0%}") for value in _multiples(low, high, step)]


def loss_ticks(low: float, high: float, most: int) -> list[tuple[float, str]]:
    """Marks in steps of one, two or five, at most so many."""
    span = max(1e-9, high - low)
    size = 10.0 ** math.floor(math.log10(span / max(1, most)))
    step = next(
        size * each for each in (*_STEPS, *(10 * s for s in _STEPS)) if span / (size * each) < most
    )
    places = max(0, -math.floor(math.log10(step) + 1e-9))
    return [(value, f"{value:.{places}f}") for value in _multiples(low, high, step)]


def epoch_ticks(begin: float, end: float, most: int) -> list[tuple[float, str]]:
    """Whole epochs only, in even steps."""
    span = max(1.0, end - begin)
    step, size = 1, 1
    while span / step > max(1, most):
        step = next(size * each for each in (2, 5, 10) if size * each > step)
        size = step if step >= size * 10 else size
    first, last = math.ceil(begin - 1e-9), math.floor(end + 1e-9)
    ticks = range(-(-first // step) * step, last + 1, step)
    return [(float(value), f"{value}") for value in ticks]


def rate_ticks(
    low: float, high: float, fits: Callable[[str], bool] = lambda _: True
) -> list[tuple[float, str]]:
    """The lowest and the highest rate, as a power where the words else do not fit; one mark where
    they are written alike."""
    plain = [(rate, rate_words(rate)) for rate in (low, high)]
    ticks = [(rate, words if fits(words) else _power_words(rate)) for rate, words in plain]
    return ticks[:1] if ticks[0][1] == ticks[1][1] else ticks


def rate_words(rate: float) -> str:
    """A learning rate with two figures: 0.001, 0.00025, 3e-7."""
    if 0 < rate < 9.95e-6:
        return _power_words(rate)
    places = 1 - math.floor(math.log10(rate)) if 0 < rate < 1 else 1
    text = f"{rate:.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _power_words(rate: float) -> str:
    figures, _, power = f"{rate:.1e}".partition("e")
    return f"{float(figures):g}e{int(power)}"


def _multiples(low: float, high: float, step: float) -> list[float]:
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [number * step for number in range(first, last + 1)]
