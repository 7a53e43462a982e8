"""A cat's head: upright pointed ears, slit pupils, a small nose, whiskers."""

from random import Random

from cnnstudio.images.drawing.fur import BLUSH, INK, LINE, TONGUE, Fur
from cnnstudio.images.drawing.mood import Mood
from cnnstudio.images.drawing.pen import (
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

_TOP: list[Point] = [(0, -0.78), (0.42, -0.74), (0.78, -0.48), (0.97, -0.06)]
_TUFTS: list[Point] = [(1.02, 0.14), (1.19, 0.34), (1.0, 0.42), (1.05, 0.56)]
_HEADS = (
    mirrored([*_TOP, (1.02, 0.3), (0.84, 0.6), (0.48, 0.82), (0, 0.88)]),
    mirrored([*_TOP, *_TUFTS, (0.82, 0.63), (0.46, 0.82), (0, 0.88)]),
)


def draw_cat_head(pen: Pen, fur: Fur, mood: Mood, random: Random) -> None:
    """A head of half width 1 around the pen's zero; the ears reach up to -1.45."""
    spread = random.uniform(-0.04, 0.1)
    height = random.uniform(1.2, 1.42)
    head = random.choice(_HEADS)
    for side in (-1, 1):
        _ear(pen, fur, side, spread, height, random)
    pen.fill(head, fur.base)
    with pen.inside(head) as inside:
        _coat(inside, fur, mood, random)
    pen.edge(head, fur.edge, 2 * LINE)
    face = pen.moved(mood.turn * 0.11, mood.nod * 0.05)
    _muzzle(face, fur, mood)
    for side in (-1, 1):
        _eye(face, fur, mood, side)
    _whiskers(face, fur, random)


def _ear(pen: Pen, fur: Fur, side: int, spread: float, height: float, random: Random) -> None:
    own = pen.moved(0, 0, random.uniform(-4, 4))
    x, y = 0.8 + spread, -height
    outer: list[Point] = [(0.14, -0.6), (0.28, -0.95), (0.56, y + 0.14), (x - 0.06, y + 0.01)]
    outer += [(x + 0.04, y + 0.01), (0.97 + spread / 2, -0.9), (1.0, -0.5), (0.94, -0.1)]
    shape = curve(flipped([*outer, (0.5, -0.3)], side))
    colour = fur.ears
    if fur.marking == "patched":
        colour = random.choice((fur.base, fur.marks, fur.second_marks))
    own.fill(shape, colour)
    inner: list[Point] = [(0.36, -0.64), (0.48, -0.88), (x - 0.12, y + 0.24)]
    inner += [(0.86 + spread / 2, -0.82), (0.86, -0.5), (0.7, -0.4)]
    own.fill(curve(flipped(inner, side)), mix(fur.skin, darker(colour, 0.3), 0.22))
    tuft: list[Point] = [(0.34, -0.6), (0.42, -0.84), (0.52, -0.7), (0.6, -0.88), (0.66, -0.64)]
    own.fill(flipped([*tuft, (0.72, -0.5), (0.4, -0.45)], side), lighter(colour, 0.4))
    own.edge(shape, fur.edge, 2 * LINE)


def _coat(pen: Pen, fur: Fur, mood: Mood, random: Random) -> None:
    shift = mood.turn * 0.11
    pen.glow(0, 1.0, 1.5, 0.8, fur.shade, 0.9)
    pen.glow(-0.25, -0.5, 1.1, 0.8, lighter(fur.base, 0.5), 0.55)
    match fur.marking:
        case "striped":
            _stripes(pen, fur, shift)
        case "patched":
            side = random.choice((-1, 1))
            patch = [(0.1, -1.0), (0.16, -0.4), (0.24, 0.1), (0.62, 0.3), (1.3, 0.1), (1.0, -1.0)]
            pen.fill(curve(flipped(patch, side)), fur.marks)
            if random.random() < 0.7:
                patch = [(0.2, -1.0), (0.36, -0.5), (0.7, -0.34), (1.2, -0.3), (1.0, -1.0)]
                pen.fill(curve(flipped(patch, -side)), fur.second_marks)
        case "pointed":
            pen.glow(shift, 0.25, 1.1, 1.05, fur.marks, 1)
        case "white_chest":
            top, wide = random.uniform(-0.75, -0.1), random.uniform(0.05, 0.12)
            blaze: list[Point] = [(0, top), (wide, top + 0.2), (wide + 0.06, 0.05), (0.45, 0.3)]
            blaze += [(0.64, 0.62), (0.4, 1.0), (0, 1.05)]
            pen.moved(shift, 0).fill(mirrored(blaze), fur.light)
    if mood.blush and fur.shows_blush:
        for side in (-1, 1):
            pen.glow(0.7 * side + shift, 0.32, 0.3, 0.2, BLUSH, 0.6)


def _stripes(pen: Pen, fur: Fur, shift: float) -> None:
    for x, bottom in ((0, -0.34), (0.2, -0.42), (-0.2, -0.42)):
        pen.stroke([(x * 1.3 + shift, -0.84), (x + shift, bottom)], (0.08, 0.015), fur.marks)
    for side in (-1, 1):
        for y in (0.1, 0.32):
            cheek = [(1.25, y - 0.04), (0.86, y + 0.05), (0.68, y + 0.06)]
            pen.stroke(flipped(cheek, side), (0.08, 0.045, 0.012), fur.marks)
        brow = [(0.62, -0.74), (0.5, -0.5), (0.46, -0.4)]
        pen.stroke(flipped(brow, side), (0.07, 0.04, 0.012), fur.marks)


def _muzzle(pen: Pen, fur: Fur, mood: Mood) -> None:
    light = fur.light if fur.marking != "pointed" else lighter(fur.marks, 0.25)
    if mood.mouth == "open":
        mouth = curve([(-0.17, 0.5), (0, 0.46), (0.17, 0.5), (0.13, 0.7), (0, 0.78), (-0.13, 0.7)])
        pen.fill(mouth, (140, 62, 72))
        pen.fill(oval(0, 0.69, 0.1, 0.07), TONGUE)
        pen.edge(mouth, INK, LINE)
    elif mood.mouth == "tongue":
        tongue = curve([(-0.09, 0.5), (0.09, 0.5), (0.1, 0.64), (0, 0.71), (-0.1, 0.64)])
        pen.fill(tongue, TONGUE)
        pen.edge(tongue, darker(TONGUE, 0.4), LINE * 0.8)
    for side in (-1, 1):
        pen.fill(oval(0.19 * side, 0.42, 0.25, 0.165), light)
    if mood.mouth == "calm":
        pen.fill(oval(0, 0.56, 0.14, 0.08), light)
    for side in (-1, 1):
        lip = [(0, 0.4), (0.05, 0.5), (0.17, 0.53), (0.28, 0.46)]
        pen.line(flipped(lip, side), INK, LINE)
        for x, y in ((0.2, 0.4), (0.3, 0.44), (0.27, 0.36)):
            pen.dot(x * side, y, 0.014, darker(light, 0.35))
    nose = curve([(-0.12, 0.25), (0, 0.235), (0.12, 0.25), (0.07, 0.34), (0, 0.39), (-0.07, 0.34)])
    pen.fill(nose, fur.nose)
    pen.fill(oval(-0.035, 0.275, 0.035, 0.018), lighter(fur.nose, 0.5))
    pen.edge(nose, darker(fur.nose, 0.35), LINE * 0.7)


def _eye(pen: Pen, fur: Fur, mood: Mood, side: int) -> None:
    near = 1 - 0.1 * mood.turn * side
    own = pen.moved(0.44 * side * (1 - 0.04 * mood.turn * side), -0.02, 0, mood.big_eyes)
    ink = (28, 22, 28) if fur.has_dark_face else INK
    if mood.eyes == "smiling" or (mood.eyes == "wink" and side == 1):
        lid = [(-0.2, 0.06), (-0.11, -0.06), (0.0, -0.1), (0.11, -0.06), (0.2, 0.06)]
        own.line(lid, ink, LINE * 1.7)
        return
    outline: list[Point] = [(-0.21, 0.1), (-0.16, -0.1), (0.02, -0.24), (0.2, -0.16), (0.26, -0.04)]
    outline += [(0.2, 0.14), (0.03, 0.23), (-0.13, 0.2)]
    shape = curve([(x * near, y) for x, y in flipped(outline, side)])
    own.fill(shape, fur.eyes)
    with own.inside(shape) as inside:
        inside.glow(0, 0.22, 0.4, 0.34, lighter(fur.eyes, 0.55), 0.9)
        inside.glow(0, -0.28, 0.46, 0.26, darker(fur.eyes, 0.6), 0.9)
        x, y = mood.gaze[0] * 0.4, mood.gaze[1] * 0.4
        inside.fill(oval(x, y, 0.095, 0.19), (26, 22, 28))
        if mood.eyes == "sleepy":
            lid = curve([(-0.4, 0.06), (0, -0.06), (0.4, 0.06), (0.4, -0.4), (-0.4, -0.4)])
            inside.fill(lid, fur.shade)
            inside.edge(lid, ink, LINE * 1.6)
        else:
            inside.dot(x - 0.07, y - 0.09, 0.066, (255, 255, 255))
            inside.dot(x + 0.08, y + 0.1, 0.034, (255, 255, 255))
    own.edge(shape, ink, LINE * 1.8)


def _whiskers(pen: Pen, fur: Fur, random: Random) -> None:
    colour = mix(fur.edge, (255, 255, 255), 0.25)
    if fur.is_dark:
        colour = (244, 242, 238)
    lift = random.uniform(-0.08, 0.08)
    for side in (-1, 1):
        for start, end in ((0.36, 0.14), (0.43, 0.42), (0.5, 0.68)):
            points = [(0.36, start), (0.8, (start + end) / 2 + lift), (1.28, end + lift * 2)]
            pen.stroke(flipped(points, side), (0.018, 0.016, 0.006), colour)
