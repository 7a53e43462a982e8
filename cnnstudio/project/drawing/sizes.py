"""How large things are drawn: slabs to scale, texts as wide as they will probably be."""

import math
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

TALLEST = 164.0
"""Height of the network's largest maps."""

_WIDTH_A_ROOT = 1.2
_NARROWEST, _WIDEST = 6.0, 84.0
_LOWEST = 12.0
_DEPTH = 0.26
"""How far a slab goes back, as a part of its height."""

_BAR_WIDTH = 12.0
_BAR_A_ROOT = 2.6
_BAR_LOWEST, _BAR_TALLEST = 14.0, 112.0

_USUAL_LETTER = 0.57
_WIDE_LETTER = 1.0

TITLE_SIZE = 13.0
SMALL_SIZE = 12.0


@dataclass(frozen=True)
class Scale:
    """The scale of one network, by ``largest_side`` of its maps.

    Height and width grow with the square root of side and channels: of 224 and 7 pixels, the one
    is still seen whole and the other not lost.
    """

    largest_side: int

    def slab(self, shape: tuple[int, ...]) -> tuple[float, float, float]:
        """Width, height and depth of maps of ``shape`` (side, side, channels)."""
        side, channels = max(1, shape[0]), shape[-1]
        height = max(_LOWEST, TALLEST * math.sqrt(side / max(1, self.largest_side)))
        width = min(_WIDEST, max(_NARROWEST, _WIDTH_A_ROOT * math.sqrt(channels)))
        return width, height, height * _DEPTH

    def bar(self, shape: tuple[int, ...]) -> tuple[float, float]:
        """Width and height of a list of numbers."""
        numbers = shape[-1] if shape else 1
        height = min(_BAR_TALLEST, max(_BAR_LOWEST, _BAR_A_ROOT * math.sqrt(numbers)))
        return _BAR_WIDTH, height


@lru_cache(maxsize=4096)
def text_width(text: str, size: float) -> float:
    """About as wide as ``text`` becomes in a usual font of ``size``; CJK letters are square."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return size * (_WIDE_LETTER * wide + _USUAL_LETTER * (len(text) - wide))


def elided(text: str, size: float, room: float) -> str:
    """``text`` where it fits into ``room``, otherwise its beginning and three dots."""
    if text_width(text, size) <= room:
        return text
    while text and text_width(f"{text}…", size) > room:
        text = text[:-1]
    return f"{text}…"


def shape_text(shape: tuple[int, ...]) -> str:
    """A shape as people write it: ``7 × 7 × 512``."""
    return " × ".join(str(side) for side in shape)


def short_number(number: int) -> str:
    """A count in at most five signs: ``864``, ``67 K``, ``1.2 M``."""
    for limit, divisor, unit in ((999_500, 1_000_000, "M"), (1_000, 1_000, "K")):
        if number >= limit:
            value = number / divisor
            return f"{value:.1f} {unit}" if value < 9.95 else f"{value:.0f} {unit}"
    return str(number)
