"""What a search through the curves gives, before there are sentences and remedies."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cnnstudio.project.problems import Value


@dataclass(frozen=True)
class Found:
    """``place`` in the history (from 0) since when, what the sentences need, and which sentence of
    several fits."""

    place: int
    values: Mapping[str, Value] = field(default_factory=dict)
    sentence: str = ""


def percent(share: float) -> str:
    """``94 %`` as the program writes it; nothing is rounded to all or nothing that is not."""
    if 0 < share < 0.005:
        return f"{share:.1%}"
    return f"{share:.1%}" if 0.995 <= share < 1 else f"{share:.0%}"


def plain(number: float) -> str:
    """A loss with two digits that count, without an exponent where a person would not use one."""
    if number >= 1e6:
        return f"{number:.1e}"
    if number >= 10:
        return f"{number:,.0f}"
    return f"{number:.2f}" if number >= 0.1 else f"{number:.2g}"
