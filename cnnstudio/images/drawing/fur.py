"""Coats: natural colours and markings, worn by cats and dogs alike."""

from dataclasses import dataclass
from random import Random
from typing import Literal

from cnnstudio.images.drawing.pen import Colour, darker, lighter, mix

Marking = Literal["plain", "striped", "patched", "pointed", "white_chest"]

CREAM = (241, 221, 190)
WHITE = (248, 244, 236)
GINGER = (230, 157, 84)
GOLDEN = (221, 172, 106)
FAWN = (208, 170, 126)
BROWN = (150, 106, 72)
CHOCOLATE = (104, 72, 54)
GREY = (158, 160, 165)
BLUE_GREY = (120, 129, 144)
BLACK = (74, 69, 78)

INK: Colour = (52, 40, 48)
TONGUE: Colour = (240, 132, 142)
BLUSH: Colour = (246, 128, 128)
LINE = 0.045
"""A pen's width for faces, in half heads."""

_COATS: tuple[tuple[Marking, Colour, Colour], ...] = (
    ("plain", GINGER, lighter(GINGER, 0.65)),
    ("plain", CREAM, WHITE),
    ("plain", GREY, lighter(GREY, 0.6)),
    ("plain", BLACK, lighter(BLACK, 0.25)),
    ("plain", GOLDEN, lighter(GOLDEN, 0.6)),
    ("plain", CHOCOLATE, lighter(CHOCOLATE, 0.35)),
    ("plain", WHITE, (255, 253, 249)),
    ("striped", GINGER, lighter(GINGER, 0.7)),
    ("striped", GREY, lighter(GREY, 0.65)),
    ("striped", BROWN, lighter(BROWN, 0.55)),
    ("striped", FAWN, lighter(FAWN, 0.6)),
    ("patched", WHITE, (255, 253, 249)),
    ("patched", CREAM, WHITE),
    ("pointed", CREAM, WHITE),
    ("pointed", FAWN, lighter(FAWN, 0.5)),
    ("white_chest", BLACK, WHITE),
    ("white_chest", GINGER, WHITE),
    ("white_chest", BLUE_GREY, WHITE),
    ("white_chest", BROWN, WHITE),
    ("white_chest", CHOCOLATE, WHITE),
)

_PATCHES: tuple[tuple[Colour, Colour], ...] = (
    (GINGER, BLACK),
    (BROWN, CHOCOLATE),
    (BLACK, GREY),
    (GOLDEN, BROWN),
    (GINGER, BROWN),
)

_COLLARS: tuple[Colour, ...] = (
    (214, 72, 70),
    (64, 124, 186),
    (60, 150, 120),
    (236, 172, 54),
    (150, 94, 168),
    (228, 120, 150),
)

_EYES: tuple[Colour, ...] = (
    (126, 168, 82),
    (222, 168, 58),
    (186, 116, 52),
    (110, 168, 200),
    (142, 92, 52),
    (150, 160, 70),
)


@dataclass(frozen=True)
class Fur:
    """The colours of one animal. ``marks`` are its stripes, patches or points."""

    marking: Marking
    base: Colour
    light: Colour
    marks: Colour
    second_marks: Colour
    edge: Colour
    skin: Colour
    nose: Colour
    eyes: Colour
    collar: Colour | None

    @property
    def is_dark(self) -> bool:
        """Whether dark lines would be lost on it."""
        return sum(self.base) < 330

    @property
    def has_dark_face(self) -> bool:
        """Whether the eyes lie on something dark."""
        return self.is_dark or self.marking == "pointed"

    @property
    def shows_blush(self) -> bool:
        """Whether red cheeks look like blush on it, and not like a smear."""
        return not self.has_dark_face and self.marking != "striped"

    @property
    def shade(self) -> Colour:
        """The base where less light falls."""
        return darker(self.base, 0.22)

    @property
    def ears(self) -> Colour:
        """Points and patches reach the ears."""
        if self.marking == "pointed":
            return self.marks
        return self.base


def draw_fur(random: Random) -> Fur:
    """A coat that both species wear, never twice quite the same."""
    marking, base, light = random.choice(_COATS)
    base = _varied(base, random)
    marks = darker(base, 0.38)
    second_marks = darker(base, 0.5)
    if marking == "patched":
        marks, second_marks = random.choice(_PATCHES)
    elif marking == "pointed":
        marks = mix(CHOCOLATE, base, random.uniform(0.0, 0.25))
    return Fur(
        marking=marking,
        base=base,
        light=light,
        marks=marks,
        second_marks=second_marks,
        edge=darker(base, 0.68 if sum(base) < 330 else 0.58),
        skin=mix((240, 160, 160), base, 0.15),
        nose=random.choice(((232, 128, 134), (96, 66, 66), (70, 54, 60), (204, 112, 110))),
        eyes=random.choice(_EYES),
        collar=random.choice(_COLLARS) if random.random() < 0.45 else None,
    )


def _varied(colour: Colour, random: Random) -> Colour:
    change = random.uniform(-0.09, 0.09)
    return lighter(colour, change) if change > 0 else darker(colour, -change)
