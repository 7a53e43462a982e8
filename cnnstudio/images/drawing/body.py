"""What is below the head: sitting, lying, peeking over an edge, or just the shoulders."""

from itertools import pairwise
from random import Random
from typing import Literal

from cnnstudio.images.drawing.fur import LINE, Fur
from cnnstudio.images.drawing.pen import (
    Colour,
    Pen,
    Point,
    curve,
    darker,
    flipped,
    lighter,
    mirrored,
    mix,
    oval,
    ribbon,
)

Species = Literal["cat", "dog"]

_BELL: Colour = (244, 200, 84)


def draw_sitting(pen: Pen, species: Species, fur: Fur, random: Random) -> None:
    """A body for a head at zero, seen from the front; it sits on y = 2.75."""
    side = random.choice((-1, 1))
    _tail(pen, species, fur, side, random)
    wide = random.uniform(0.95, 1.1)
    if species == "cat":
        half: list[Point] = [(0, 0.4), (0.5, 0.6), (0.64, 1.1), (0.82, 1.7), (1.02, 2.25)]
        half += [(0.96, 2.6), (0.6, 2.74), (0, 2.74)]
    else:
        half = [(0, 0.5), (0.6, 0.75), (0.76, 1.15), (0.8, 1.75), (0.98, 2.3)]
        half += [(0.96, 2.62), (0.6, 2.76), (0, 2.76)]
    shape = mirrored([(x * wide, y) for x, y in half])
    pen.fill(shape, fur.base)
    with pen.inside(shape) as inside:
        inside.glow(0, 2.9, 1.8, 1.3, fur.shade, 0.9)
        inside.glow(0, 0.7, 1.0, 0.75, darker(fur.base, 0.4), 0.7)
        _body_marks(inside, fur, random, 1.05, 2.6)
        if fur.marking == "white_chest":
            chest: list[Point] = [(0, 0.5), (0.42, 0.8), (0.4, 1.3), (0.22, 1.75), (0, 1.95)]
            inside.fill(mirrored(chest), fur.light)
        elif fur.marking in ("plain", "striped"):
            inside.glow(0, 1.35, 0.6, 0.8, fur.light, 0.35 if fur.is_dark else 0.85)
    pen.edge(shape, fur.edge, 2 * LINE)
    for at in (-1, 1):
        pen.line(flipped([(0.6, 2.02), (0.52, 2.3), (0.58, 2.62)], at), fur.edge, LINE * 1.5)
        _paw(pen.moved(0.78 * at, 2.68), fur, 0.3)
    for at in (-1, 1):
        _front_leg(pen, species, fur, at)
    _collar(pen, species, fur, 0.86 if species == "cat" else 1.0)


def draw_lying(pen: Pen, species: Species, fur: Fur, side: int, random: Random) -> None:
    """A body stretched sideways behind a head at zero; it lies on y = 1.75.

    ``side`` is where its back is: 1 for the right.
    """
    if species == "cat":
        tail: list[Point] = [(2.1, 1.45), (2.7, 1.5), (2.95, 1.0), (2.75, 0.5), (2.95, 0.2)]
        _tail_shape(pen, fur, flipped(tail, side), (0.2, 0.19, 0.17, 0.15), random)
    else:
        tail = [(2.0, 1.0), (2.45, 0.75), (2.7, 0.35), (2.68, 0.05)]
        _tail_shape(pen, fur, flipped(tail, side), (0.22, 0.18, 0.1), random)
    back: list[Point] = [(-0.75, 1.72), (-0.85, 1.1), (-0.5, 0.55), (0.4, 0.2), (1.3, 0.18)]
    back += [(2.05, 0.55), (2.3, 1.15), (2.15, 1.68), (1.2, 1.76)]
    shape = curve(flipped(back, side))
    pen.fill(shape, fur.base)
    with pen.inside(shape) as inside:
        inside.glow(0.8 * side, 2.0, 2.4, 0.9, fur.shade, 0.9)
        inside.glow(1.2 * side, 0.2, 1.5, 0.7, lighter(fur.base, 0.4), 0.5)
        inside.glow(0, 0.7, 1.2, 0.8, darker(fur.base, 0.4), 0.6)
        if fur.marking == "striped":
            for x in (1.05, 1.4, 1.75, 2.1):
                stripe = [(x - 0.08, 0.05), (x, 0.5), (x - 0.08, 0.95)]
                inside.stroke(flipped(stripe, side), (0.1, 0.07, 0.015), fur.marks)
        elif fur.marking == "patched":
            inside.fill(oval(1.2 * side, 0.5, 0.5, 0.42, 20), fur.marks)
            inside.fill(oval(2.1 * side, 1.1, 0.5, 0.5), fur.second_marks)
        elif fur.marking == "white_chest":
            inside.fill(oval(0, 1.3, 0.62, 0.7), fur.light)
    pen.edge(shape, fur.edge, 2 * LINE)
    thigh = [(1.3, 1.7), (1.25, 1.2), (1.6, 0.92), (1.95, 1.05)]
    pen.line(flipped(thigh, side), fur.edge, LINE * 1.5)
    _paw(pen.moved(1.45 * side, 1.64), fur, 0.32)
    for x in (-0.5, 0.32):
        _paw(pen.moved(x * side, 1.62), fur, 0.34)
    _collar(pen, species, fur, 0.86 if species == "cat" else 1.0)


def draw_shoulders(pen: Pen, species: Species, fur: Fur, random: Random) -> None:
    """Neck and shoulders for a head at zero; they go down beyond the picture's border."""
    neck = 0.62 if species == "cat" else 0.72
    half: list[Point] = [
        (0, 0.4),
        (neck, 0.7),
        (neck + 0.25, 1.2),
        (1.25, 1.9),
        (1.4, 3.6),
        (0, 3.8),
    ]
    shape = mirrored(half)
    pen.fill(shape, fur.base)
    with pen.inside(shape) as inside:
        inside.glow(0, 0.8, 1.3, 0.8, darker(fur.base, 0.4), 0.7)
        _body_marks(inside, fur, random, 1.2, 3.0)
        if fur.marking == "white_chest":
            chest: list[Point] = [(0, 0.5), (0.5, 0.9), (0.55, 1.6), (0.4, 2.6), (0, 3.2)]
            inside.fill(mirrored(chest), fur.light)
        elif fur.marking in ("plain", "striped"):
            inside.glow(0, 1.6, 0.75, 1.1, fur.light, 0.35 if fur.is_dark else 0.85)
    pen.edge(shape, fur.edge, 2 * LINE)
    _collar(pen, species, fur, 0.86 if species == "cat" else 1.0)


def draw_ledge(pen: Pen, colour: Colour, planks: bool) -> None:
    """What an animal looks over: its upper edge is y = 1.0."""
    edge = darker(colour, 0.45)
    front: list[Point] = [(-9, 1.0), (9, 1.0), (9, 9), (-9, 9)]
    pen.fill(front, colour)
    pen.fill([(-9, 1.0), (9, 1.0), (9, 1.22), (-9, 1.22)], lighter(colour, 0.35))
    pen.line([(-9, 1.22), (9, 1.22)], darker(colour, 0.2), LINE)
    pen.line([(-9, 1.0), (9, 1.0)], edge, 2 * LINE)
    if planks:
        for x in (-4.1, -2.7, -1.3, 0.1, 1.5, 2.9, 4.3):
            pen.line([(x, 1.24), (x, 9)], darker(colour, 0.22), LINE)


def draw_paws_on_ledge(pen: Pen, fur: Fur) -> None:
    """Two paws that hold on to a ledge."""
    for x in (-0.66, 0.66):
        _paw(pen.moved(x, 1.02), fur, 0.33)


def _front_leg(pen: Pen, species: Species, fur: Fur, side: int) -> None:
    colour = fur.marks if fur.marking == "pointed" else fur.base
    white = fur.marking == "white_chest"
    top = 1.55 if species == "cat" else 1.5
    leg: list[Point] = [
        (0.1, top),
        (0.12, 2.3),
        (0.1, 2.7),
        (0.5, 2.7),
        (0.52, 2.3),
        (0.55, top + 0.1),
    ]
    shape = curve(flipped(leg, side))
    with pen.inside(shape) as inside:
        if fur.marking in ("plain", "striped", "pointed"):
            inside.glow(0.3 * side, 2.6, 0.5, 1.0, colour, 1)
        if white:
            inside.fill(oval(0.3 * side, 2.7, 0.4, 0.5), fur.light)
        if fur.marking == "striped":
            for y in (1.95, 2.2, 2.45):
                stripe = [(0.55, y), (0.4, y + 0.05), (0.25, y + 0.03)]
                inside.stroke(flipped(stripe, side), (0.05, 0.035, 0.01), fur.marks)
    pen.line(flipped([(0.05, top + 0.5), (0.07, 2.2), (0.06, 2.6)], side), fur.edge, LINE * 1.3)
    pen.line(flipped([(0.58, top + 0.35), (0.55, 2.2), (0.56, 2.6)], side), fur.edge, LINE * 1.3)
    _paw(pen.moved(0.31 * side, 2.68), fur, 0.3)


def _paw(pen: Pen, fur: Fur, size: float) -> None:
    colour = fur.base
    if fur.marking == "white_chest":
        colour = fur.light
    elif fur.marking == "pointed":
        colour = fur.marks
    shape = curve(
        [
            (-size, 0.06),
            (-size * 0.8, -0.16),
            (0, -0.22),
            (size * 0.8, -0.16),
            (size, 0.06),
            (size * 0.6, 0.16),
            (-size * 0.6, 0.16),
        ]
    )
    pen.fill(shape, lighter(colour, 0.12))
    pen.edge(shape, fur.edge, 2 * LINE)
    for x in (-0.3, 0.3):
        pen.line([(x * size, 0.0), (x * size, 0.13)], fur.edge, LINE)


def _tail(pen: Pen, species: Species, fur: Fur, side: int, random: Random) -> None:
    if species == "cat":
        high = random.uniform(0.5, 1.4)
        line: list[Point] = [
            (0.5, 2.5),
            (1.25, 2.55),
            (1.62, 2.05),
            (1.5, high + 0.5),
            (1.75, high),
        ]
        _tail_shape(pen, fur, flipped(line, side), (0.2, 0.19, 0.18, 0.15), random)
    else:
        lift = random.uniform(-0.2, 0.2)
        line = [(0.6, 2.35), (1.1, 2.15), (1.42, 1.7 + lift), (1.45, 1.35 + lift)]
        _tail_shape(pen, fur, flipped(line, side), (0.24, 0.2, 0.1), random)


def _tail_shape(
    pen: Pen, fur: Fur, line: list[Point], widths: tuple[float, ...], random: Random
) -> None:
    colour: Colour = fur.base
    if fur.marking == "pointed":
        colour = fur.marks
    elif fur.marking == "patched":
        colour = random.choice((fur.marks, fur.base))
    shape = ribbon(line, widths)
    pen.fill(shape, colour)
    with pen.inside(shape) as inside:
        x, y = line[-1]
        if fur.marking == "white_chest":
            inside.dot(x, y, 0.3, fur.light)
        elif fur.marking == "striped":
            for (x0, y0), (x1, y1) in pairwise(line[1:]):
                for share in (0.0, 0.5):
                    inside.glow(
                        x0 + (x1 - x0) * share, y0 + (y1 - y0) * share, 0.3, 0.16, fur.marks, 1
                    )
    pen.edge(shape, fur.edge, 2 * LINE)


def _body_marks(pen: Pen, fur: Fur, random: Random, top: float, bottom: float) -> None:
    if fur.marking == "striped":
        for step in range(4):
            y = top + (bottom - top) * (step + 0.5) / 4
            for side in (-1, 1):
                stripe = [(1.3, y - 0.1), (0.85, y + 0.02), (0.6, y + 0.02)]
                pen.stroke(flipped(stripe, side), (0.1, 0.07, 0.015), fur.marks)
    elif fur.marking == "patched":
        side = random.choice((-1, 1))
        pen.fill(oval(0.75 * side, top + 0.35, 0.45, 0.5, 15 * side), fur.marks)
        pen.fill(oval(-0.8 * side, bottom - 0.4, 0.45, 0.5), fur.second_marks)
    elif fur.marking == "pointed":
        pen.glow(0, top - 0.1, 0.9, 0.6, mix(fur.base, fur.marks, 0.5), 0.5)


def _collar(pen: Pen, species: Species, fur: Fur, y: float) -> None:
    if fur.collar is None:
        return
    wide = 0.6 if species == "cat" else 0.7
    band = ribbon([(-wide, y - 0.12), (0, y + 0.12), (wide, y - 0.12)], (0.1, 0.1))
    pen.fill(band, fur.collar)
    pen.edge(band, darker(fur.collar, 0.45), LINE)
    tag = oval(0, y + 0.3, 0.13, 0.13)
    pen.fill(tag, _BELL)
    pen.dot(-0.04, y + 0.26, 0.035, (255, 246, 214))
    pen.edge(tag, darker(_BELL, 0.5), LINE)
