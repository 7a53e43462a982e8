"""Finding a network among many: by words, and by what it should be good at.

Gallery and command line ask the same questions, answered without building anything.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cnnstudio.project.network_costs import network_cost
from cnnstudio.project.network_row import NetworkRow
from cnnstudio.project.weights_places import weights_here
from cnnstudio.project.words import N_, say

SMALL_PARAMETERS = 10_000_000
"""A base of at most so many weights is small: 40 MB on disk."""

FAST_MULTIPLY_ADDS = 1_000_000_000
"""A base that takes at most so many for one picture of its usual size is fast."""

ACCURATE_TOP_1 = 0.8
"""From this share of ImageNet's validation pictures on, a network is accurate."""


def matches(row: NetworkRow, text: str) -> bool:
    """Whether every word of ``text`` is found in what is said of the network.

    Looked for in key, title, family, source, year, variants and the sentence (in the chosen
    language), whatever the case; hyphens and spaces in a name make no difference. A word with a
    digit, such as B0, is not looked for in the sentence, which compares with other networks.
    """
    names = [row.key, row.title, row.family, row.source, str(row.year or "")]
    names += [say(each.title) for each in row.variants]
    plain = [_plain(each) for each in names]
    sentence = say(row.sentence).casefold()
    return all(
        any(_plain(word) in name for name in plain)
        or (word in sentence and not any(each.isdigit() for each in word))
        for word in text.casefold().split()
        if _plain(word)
    )


def is_small(row: NetworkRow) -> bool:
    """Whether the base has few weights; of a person's own layers nothing is known beforehand."""
    cost = network_cost(row)
    return cost is not None and cost.parameters <= SMALL_PARAMETERS


def is_fast(row: NetworkRow) -> bool:
    """Whether one picture of the usual size costs little."""
    cost = network_cost(row)
    return cost is not None and cost.multiply_adds <= FAST_MULTIPLY_ADDS


def is_accurate(row: NetworkRow) -> bool:
    """Whether a high accuracy on ImageNet was published."""
    published = row.published
    return (
        published is not None and published.top_1 is not None and published.top_1 >= ACCURATE_TOP_1
    )


def is_here(row: NetworkRow) -> bool:
    """Whether the weights of its usual width and size are on this computer."""
    return weights_here(row, 1.0, row.usual_size) is not None


@dataclass(frozen=True)
class NetworkFilter:
    """A question with yes or no; ``title`` and ``sentence`` are marked English."""

    title: str
    sentence: str
    holds: Callable[[NetworkRow], bool]


FILTERS: Mapping[str, NetworkFilter] = {
    "small": NetworkFilter(
        N_("Small"), N_("At most 10 million weights, which is 40 MB on disk."), is_small
    ),
    "fast": NetworkFilter(
        N_("Fast"),
        N_("At most a billion multiplications for a picture of the usual size."),
        is_fast,
    ),
    "accurate": NetworkFilter(
        N_("Accurate"), N_("Right about at least 80 % of ImageNet's pictures."), is_accurate
    ),
    "here": NetworkFilter(
        N_("Weights here"), N_("Its ImageNet weights are on this computer already."), is_here
    ),
}
"""By the name that the command line has for each."""


def _plain(text: str) -> str:
    return "".join(each for each in text.casefold() if each.isalnum())
