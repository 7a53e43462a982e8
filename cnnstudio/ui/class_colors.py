"""The colour of each class: the chosen one, else one of Okabe and Ito's colour-blind-safe set."""

from collections.abc import Mapping, Sequence

from cnnstudio.project.words import N_

PALETTE: tuple[tuple[str, str], ...] = (
    (N_("Blue"), "#0072B2"),
    (N_("Orange"), "#E69F00"),
    (N_("Green"), "#009E73"),
    (N_("Pink"), "#CC79A7"),
    (N_("Sky blue"), "#56B4E9"),
    (N_("Red"), "#D55E00"),
    (N_("Yellow"), "#F0E442"),
    (N_("Grey"), "#999999"),
)
"""Marked names and colours, seen well on light and on dark."""


def class_colors(classes: Sequence[str], chosen: Mapping[str, str]) -> dict[str, str]:
    """``#RRGGBB`` for each class; what was not chosen goes by its place."""
    usual = [color for _, color in PALETTE]
    return {name: chosen.get(name, usual[place % len(usual)]) for place, name in enumerate(classes)}
