"""A dog's head: folded or hanging ears, a muzzle that stands out, a large nose."""

from random import Random

from cnnstudio.images.drawing.fur import BLUSH, INK, LINE, TONGUE, Fur
from cnnstudio.images.drawing.mood import Mood
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
)

_NOSE: Colour = (58, 46, 52)

_TOP: list[Point] = [(0, -0.84), (0.44, -0.8), (0.78, -0.52), (0.9, -0.1)]
_HEAD = mirrored([*_TOP, (0.9, 0.26), (0.76, 0.62), (0.5, 0.92), (0, 1.02)])


def draw_dog_head(pen: Pen, fur: Fur, mood: Mood, random: Random) -> None:
    """A head of half width 0.9 around the pen's zero, ears beside it."""
    ear = random.choice(("hanging", "hanging", "folded", "long"))
    colours = [_ear_colour(fur, random) for _ in (-1, 1)]
    swing = random.uniform(-5, 8)
    if ear == "folded":
        for side, colour in zip((-1, 1), colours, strict=True):
            _folded_ear(pen, fur, side, colour)
    pen.fill(_HEAD, fur.base)
    with pen.inside(_HEAD) as inside:
        _coat(inside, fur, mood, random)
    pen.edge(_HEAD, fur.edge, 2 * LINE)
    face = pen.moved(mood.turn * 0.12, mood.nod * 0.06)
    _muzzle(face, fur, mood)
    for side in (-1, 1):
        _eye(face, fur, mood, side)
    if ear != "folded":
        for side, colour in zip((-1, 1), colours, strict=True):
            _hanging_ear(pen, fur, side, colour, 1.28 if ear == "long" else 1.0, swing)


def _ear_colour(fur: Fur, random: Random) -> Colour:
    if fur.marking == "patched":
        return random.choice((fur.marks, fur.second_marks))
    return fur.ears if fur.marking == "pointed" else darker(fur.base, 0.16)


def _hanging_ear(
    pen: Pen, fur: Fur, side: int, colour: Colour, length: float, swing: float
) -> None:
    own = pen.moved(0.52 * side, -0.68, -swing * side)
    outline: list[Point] = [(-0.1, 0.02), (0.08, -0.14), (0.36, -0.1), (0.6, 0.18)]
    outline += [(0.72, 0.6 * length), (0.66, 1.0 * length), (0.46, 1.16 * length)]
    outline += [(0.26, 1.02 * length), (0.2, 0.66), (0.16, 0.36)]
    shape = curve(flipped(outline, side))
    own.fill(shape, colour)
    with own.inside(shape) as inside:
        inside.glow(0.28 * side, 0.05, 0.7, 0.6, lighter(colour, 0.45), 0.7)
        inside.glow(0.45 * side, 1.2 * length, 0.8, 0.7, darker(colour, 0.4), 0.8)
    own.edge(shape, fur.edge, 2 * LINE)


def _folded_ear(pen: Pen, fur: Fur, side: int, colour: Colour) -> None:
    back: list[Point] = [(0.2, -0.7), (0.36, -1.02), (0.62, -1.16), (0.9, -0.98), (0.92, -0.5)]
    shape = curve(flipped([*back, (0.8, -0.2)], side))
    pen.fill(shape, darker(colour, 0.15))
    pen.edge(shape, fur.edge, 2 * LINE)
    flap: list[Point] = [(0.38, -1.03), (0.62, -1.17), (0.92, -1.0), (1.12, -0.72), (1.2, -0.42)]
    shape = curve(flipped([*flap, (1.06, -0.44), (0.78, -0.66), (0.5, -0.86)], side))
    pen.fill(shape, colour)
    with pen.inside(shape) as inside:
        inside.glow(0.7 * side, -1.15, 0.6, 0.4, lighter(colour, 0.45), 0.8)
    pen.edge(shape, fur.edge, 2 * LINE)


def _coat(pen: Pen, fur: Fur, mood: Mood, random: Random) -> None:
    shift = mood.turn * 0.12
    pen.glow(0, 1.15, 1.4, 0.8, fur.shade, 0.9)
    pen.glow(-0.2, -0.55, 1.0, 0.8, lighter(fur.base, 0.5), 0.55)
    match fur.marking:
        case "striped":
            for x in (-0.26, 0, 0.26):
                line = [(x * 1.2 + shift, -0.9), (x + shift, -0.46)]
                pen.stroke(line, (0.08, 0.015), fur.marks)
            for side in (-1, 1):
                for y in (0.02, 0.24):
                    cheek = [(1.0, y - 0.02), (0.76, y + 0.05), (0.64, y + 0.08)]
                    pen.stroke(flipped(cheek, side), (0.07, 0.045, 0.012), fur.marks)
        case "patched":
            side = random.choice((-1, 1))
            patch = [(0.08, -0.5), (0.12, -0.1), (0.34, 0.2), (0.66, 0.22), (1.0, 0.1)]
            patch += [(1.0, -0.5), (0.5, -0.74)]
            pen.fill(curve(flipped(patch, side)), fur.marks)
        case "white_chest":
            top, wide = random.uniform(-0.95, -0.3), random.uniform(0.06, 0.13)
            blaze: list[Point] = [(0, top), (wide, top + 0.25), (wide + 0.04, 0.0), (0.42, 0.24)]
            blaze += [(0.62, 0.6), (0.5, 1.05), (0, 1.15)]
            pen.moved(shift, 0).fill(mirrored(blaze), fur.light)
        case "pointed":
            pen.glow(shift, 0.45, 1.05, 1.0, fur.marks, 0.85)
    if mood.blush and fur.shows_blush:
        for side in (-1, 1):
            pen.glow(0.64 * side + shift, 0.26, 0.28, 0.19, BLUSH, 0.55)


def _muzzle(pen: Pen, fur: Fur, mood: Mood) -> None:
    light = fur.light if fur.marking != "pointed" else fur.marks
    if mood.mouth != "calm":
        mouth = mirrored([(0, 0.5), (0.3, 0.56), (0.34, 0.74), (0.2, 0.96), (0, 1.0)])
        pen.fill(mouth, (128, 56, 66))
        pen.edge(mouth, INK, LINE)
        tip = 0.94 if mood.mouth == "open" else 1.14
        tongue = [(-0.15, 0.74), (0, 0.7), (0.15, 0.74), (0.17, tip), (0, tip + 0.12)]
        shape = curve([*tongue, (-0.17, tip)])
        pen.fill(shape, TONGUE)
        pen.line([(0, 0.76), (0, tip - 0.02)], darker(TONGUE, 0.22), LINE * 0.8)
        pen.edge(shape, darker(TONGUE, 0.4), LINE)
    half: list[Point] = [(0, 0.06), (0.26, 0.1), (0.48, 0.36), (0.5, 0.6), (0.34, 0.74)]
    shape = mirrored([*half, (0.12, 0.7), (0, 0.64)])
    pen.fill(shape, light)
    with pen.inside(shape) as inside:
        inside.glow(0, 0.85, 0.8, 0.4, darker(light, 0.25), 0.7)
        inside.glow(-0.1, 0.15, 0.5, 0.4, lighter(light, 0.6), 0.6)
    pen.edge(shape, mix(light, fur.edge, 0.35), LINE * 0.8)
    pen.line([(0, 0.34), (0, 0.6)], INK, LINE)
    for side in (-1, 1):
        lip = [(0, 0.6), (0.12, 0.71), (0.3, 0.72), (0.44, 0.62)]
        pen.line(flipped(lip, side), INK, LINE)
        for x, y in ((0.26, 0.46), (0.36, 0.52), (0.28, 0.57)):
            pen.dot(x * side, y, 0.017, darker(light, 0.35))
    nose = mirrored([(0, 0.06), (0.18, 0.08), (0.24, 0.18), (0.16, 0.3), (0, 0.37)])
    pen.fill(nose, _NOSE)
    pen.fill(oval(-0.07, 0.14, 0.075, 0.04, -12), (150, 138, 146))
    pen.edge(nose, darker(_NOSE, 0.5), LINE * 0.8)


def _eye(pen: Pen, fur: Fur, mood: Mood, side: int) -> None:
    own = pen.moved(0.4 * side * (1 - 0.05 * mood.turn * side), -0.14, 0, mood.big_eyes)
    ink = (28, 22, 28)
    brow = flipped([(-0.1, -0.3), (0.02, -0.35), (0.13, -0.31)], side)
    own.stroke(brow, (0.02, 0.035, 0.02), mix(fur.base, fur.edge, 0.55))
    if mood.eyes == "smiling" or (mood.eyes == "wink" and side == 1):
        lid = [(-0.18, 0.06), (-0.1, -0.06), (0.0, -0.1), (0.1, -0.06), (0.18, 0.06)]
        own.line(lid, ink, LINE * 1.8)
        return
    shape = oval(0, 0, 0.19 * (1 - 0.08 * mood.turn * side), 0.21)
    own.fill(shape, (250, 248, 244))
    with own.inside(shape) as inside:
        x, y = mood.gaze[0] * 0.25, mood.gaze[1] * 0.25
        inside.fill(oval(x, y, 0.175, 0.19), darker(fur.eyes, 0.4))
        inside.glow(x, y + 0.14, 0.22, 0.18, lighter(fur.eyes, 0.25), 0.9)
        inside.dot(x, y, 0.115, (26, 20, 26))
        if mood.eyes == "sleepy":
            lid = curve([(-0.4, 0.06), (0, -0.06), (0.4, 0.06), (0.4, -0.4), (-0.4, -0.4)])
            inside.fill(lid, fur.shade)
            inside.edge(lid, ink, LINE * 1.6)
        else:
            inside.dot(x - 0.055, y - 0.075, 0.06, (255, 255, 255))
            inside.dot(x + 0.06, y + 0.07, 0.03, (255, 255, 255))
    own.edge(shape, ink, LINE * 1.5)
