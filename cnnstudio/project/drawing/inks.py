"""Colours of a drawing, by the names of the look's tokens, so that one drawing fits every look."""

import json
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from cnnstudio.project.drawing.values import State
from cnnstudio.project.places import resources_folder

Palette = Callable[[str], str]
"""From a token's name to a colour as ``#RRGGBB``."""


@cache
def _print_tokens() -> dict[str, str]:
    text = (resources_folder() / "style" / "tokens.json").read_text(encoding="utf-8")
    tokens: dict[str, str] = json.loads(text)["light"]
    return tokens


def print_palette(token: str) -> str:
    """The colours for paper and slides: the light look, on white."""
    return _print_tokens()[token]


class Ink(NamedTuple):
    """The colour ``token``, mixed with ``share`` (0 to 1) of the colour ``other``."""

    token: str
    other: str = ""
    share: float = 0.0

    def colour(self, palette: Palette) -> str:
        """As ``#RRGGBB``."""
        first = palette(self.token)
        if not self.other:
            return first
        second = palette(self.other)
        pairs = [(int(first[at : at + 2], 16), int(second[at : at + 2], 16)) for at in (1, 3, 5)]
        parts = [round(one * (1 - self.share) + two * self.share) for one, two in pairs]
        return "#" + "".join(f"{part:02X}" for part in parts)


class Look(NamedTuple):
    """The inks of one box: its faces, its edge, what is written on it."""

    front: Ink
    top: Ink
    side: Ink
    edge: Ink
    text: Ink
    cell: Ink


LOOKS: dict[State, Look] = {
    "trained": Look(
        front=Ink("accent_soft", "accent", 0.30),
        top=Ink("accent_soft"),
        side=Ink("accent_soft", "accent", 0.14),
        edge=Ink("accent"),
        text=Ink("accent"),
        cell=Ink("accent_soft"),
    ),
    "frozen": Look(
        front=Ink("frozen_soft", "frozen", 0.20),
        top=Ink("frozen_soft", "surface", 0.45),
        side=Ink("frozen_soft"),
        edge=Ink("frozen", "frozen_soft", 0.25),
        text=Ink("frozen"),
        cell=Ink("frozen_soft"),
    ),
    "plain": Look(
        front=Ink("surface", "control_line", 0.28),
        top=Ink("surface", "control_line", 0.05),
        side=Ink("surface", "control_line", 0.12),
        edge=Ink("control_line"),
        text=Ink("text"),
        cell=Ink("surface", "control_line", 0.14),
    ),
}
LOOKS["partly"] = LOOKS["trained"]

POOL_FRONT = Ink("control_line", "surface", 0.15)
POOL_TOP = Ink("control_line", "surface", 0.7)
POOL_SIDE = Ink("control_line", "surface", 0.5)

LINE = Ink("control_line")
SKIP = Ink("text", "surface", 0.25)
QUIET = Ink("quiet")
TEXT = Ink("text")
SURFACE = Ink("surface")
FRAME_EDGE = Ink("line", "control_line", 0.35)
