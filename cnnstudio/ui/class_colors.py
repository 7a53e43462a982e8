"""The colour of each class: the chosen one, else one of Okabe and Ito's colour-blind-safe set."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from cnnstudio.project.words import N_

PALETTE: tuple[tuple[str, str], ...] = (
    (N_("Green"), "#009E73"),
    (N_("Pink"), "#CC79A7"),
    (N_("Red"), "#D55E00"),
    (N_("Yellow"), "#F0E442"),
    (N_("Grey"), "#999999"),
    (N_("Sky blue"), "#56B4E9"),
    (N_("Blue"), "#0072B2"),
    (N_("Orange"), "#E69F00"),
)
"""Marked names and colours, seen well on light and on dark. The last are those in which training
and validation are drawn: a class has one of them only where the others do not do."""


def class_colors(
    classes: Sequence[str], chosen: Mapping[str, str], removed: Collection[str] = ()
) -> dict[str, str]:
    """``#RRGGBB`` for each class; what has none yet gets one that the fewest others have.

    ``removed`` are classes that may come back, and then have their colour again.
    """
    taken = Counter(chosen[name] for name in {*classes, *removed} if name in chosen)
    colors: dict[str, str] = {}
    for name in classes:
        color = chosen.get(name)
        if color is None:
            color = min((usual for _, usual in PALETTE), key=taken.__getitem__)
            taken[color] += 1
        colors[name] = color
    return colors
