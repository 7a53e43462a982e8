"""Where the animals are: the same places for all of them, so that no place gives a species away."""

from collections.abc import Callable
from random import Random

from PIL import Image, ImageDraw

from cnnstudio.images.drawing.pen import (
    Colour,
    Pen,
    Point,
    curve,
    darker,
    lighter,
    mirrored,
    mix,
    oval,
)

FLOOR = 0.74
"""How far down a picture its ground begins, as a share of its height."""

_PASTELS: tuple[Colour, ...] = (
    (250, 220, 206),
    (253, 235, 200),
    (214, 236, 214),
    (205, 228, 244),
    (226, 216, 244),
    (250, 214, 226),
    (208, 236, 234),
    (236, 228, 214),
)
_DEEP: tuple[Colour, ...] = (
    (94, 142, 160),
    (116, 146, 116),
    (176, 120, 108),
    (122, 112, 160),
    (196, 152, 92),
    (86, 110, 140),
)


def draw_place(image: Image.Image, random: Random) -> None:
    """Fill ``image``; a pen on it has the picture's width as its 1."""
    place = random.choice(_PLACES)
    place(Pen(image, image.width), random)


def _gradient(pen: Pen, top: Colour, bottom: Colour) -> None:
    high = Image.new("RGB", (1, 64))
    draw = ImageDraw.Draw(high)
    for y in range(64):
        draw.point((0, y), mix(top, bottom, y / 63))
    pen.image.paste(high.resize(pen.image.size, Image.Resampling.BILINEAR))


def _studio(pen: Pen, random: Random) -> None:
    colour = random.choice(_PASTELS)
    _gradient(pen, lighter(colour, 0.4), darker(colour, 0.16))
    pen.glow(0.5, 0.4, 0.75, 0.7, lighter(colour, 0.8), 0.8)


def _lights(pen: Pen, random: Random) -> None:
    colour = random.choice(_DEEP)
    _gradient(pen, lighter(colour, 0.25), darker(colour, 0.3))
    for _ in range(18):
        x, y, size = random.random(), random.random(), random.uniform(0.04, 0.11)
        shine = lighter(random.choice(_PASTELS), 0.2)
        strength = random.uniform(0.25, 0.6)
        pen.glow(x, y, size * 1.5, size * 1.5, shine, strength)


def _dots(pen: Pen, random: Random) -> None:
    colour = random.choice(_PASTELS)
    spot = random.choice((lighter(colour, 0.6), darker(colour, 0.1)))
    pen.fill([(0, 0), (1, 0), (1, 1), (0, 1)], colour)
    step = random.uniform(0.11, 0.17)
    row, y = 0, 0.0
    while y < 1.1:
        x = (row % 2) * step / 2
        while x < 1.1:
            pen.dot(x, y, step * 0.2, spot)
            x += step
        row, y = row + 1, y + step * 0.87
    pen.glow(0.5, 1.0, 0.9, 0.4, darker(colour, 0.25), 0.6)


def _rays(pen: Pen, random: Random) -> None:
    colour = random.choice(_PASTELS)
    pen.fill([(0, 0), (1, 0), (1, 1), (0, 1)], colour)
    centre = pen.moved(0.5, 0.55, random.uniform(0, 30))
    for step in range(12):
        ray = centre.moved(0, 0, step * 30)
        ray.fill([(0, 0), (1.2, -0.15), (1.2, 0.15)], lighter(colour, 0.45))


def _meadow(pen: Pen, random: Random) -> None:
    sky = random.choice(((150, 205, 240), (190, 222, 244), (252, 214, 184), (186, 206, 240)))
    _gradient(pen, sky, lighter(sky, 0.75))
    if random.random() < 0.6:
        x, y = random.uniform(0.1, 0.9), random.uniform(0.08, 0.25)
        pen.glow(x, y, 0.26, 0.26, (255, 244, 200), 0.8)
        pen.dot(x, y, 0.06, (255, 236, 160))
    for _ in range(random.randint(1, 3)):
        _cloud(pen.moved(random.random(), random.uniform(0.06, 0.32), 0, random.uniform(0.6, 1.1)))
    grass = random.choice(((150, 196, 110), (126, 182, 116), (178, 200, 110)))
    _hills(pen, random, 0.56, mix(grass, sky, 0.45))
    _hills(pen, random, 0.66, mix(grass, sky, 0.2))
    ground: list[Point] = [
        (-0.1, FLOOR),
        (0.5, FLOOR - 0.015),
        (1.1, FLOOR),
        (1.1, 1.1),
        (-0.1, 1.1),
    ]
    pen.fill(ground, grass)
    pen.glow(0.5, 1.05, 1.0, 0.3, darker(grass, 0.25), 0.7)
    for _ in range(26):
        x, y = random.random(), random.uniform(FLOOR + 0.02, 1.0)
        tuft = random.choice((darker(grass, 0.18), lighter(grass, 0.2)))
        pen.stroke([(x, y), (x + random.uniform(-0.012, 0.012), y - 0.035)], (0.005, 0.001), tuft)
    for _ in range(random.randint(0, 9)):
        _flower(pen, random)


def _hills(pen: Pen, random: Random, y: float, colour: Colour) -> None:
    points: list[Point] = [(-0.2, 1.1), (-0.2, y)]
    points += [(x / 4, y + random.uniform(-0.07, 0.05)) for x in range(5)]
    pen.fill([*curve(points[1:], closed=False), (1.2, y), (1.2, 1.1), (-0.2, 1.1)], colour)


def _cloud(pen: Pen) -> None:
    for x, y, size in ((-0.08, 0, 0.05), (0, -0.03, 0.07), (0.08, 0, 0.055), (0.0, 0.012, 0.05)):
        pen.fill(oval(x, y, size * 1.15, size * 0.8), (255, 255, 255))


def _flower(pen: Pen, random: Random) -> None:
    own = pen.moved(random.random(), random.uniform(FLOOR + 0.04, 0.97), random.uniform(0, 70))
    petal = random.choice(((255, 255, 255), (250, 190, 205), (255, 226, 130), (196, 180, 240)))
    for step in range(5):
        own.moved(0, 0, step * 72).fill(oval(0.012, 0, 0.011, 0.008), petal)
    own.dot(0, 0, 0.007, (246, 186, 76))


def _snow(pen: Pen, random: Random) -> None:
    sky = random.choice(((176, 204, 230), (150, 170, 210), (214, 204, 230)))
    _gradient(pen, sky, lighter(sky, 0.7))
    _hills(pen, random, 0.6, lighter(sky, 0.6))
    for _ in range(random.randint(1, 4)):
        _fir(pen.moved(random.random(), random.uniform(0.68, 0.74), 0, random.uniform(0.7, 1.2)))
    pen.fill([(-0.1, FLOOR), (1.1, FLOOR), (1.1, 1.1), (-0.1, 1.1)], (244, 248, 252))
    pen.glow(0.5, 1.1, 1.0, 0.3, sky, 0.6)
    for _ in range(40):
        pen.dot(random.random(), random.random(), random.uniform(0.003, 0.008), (255, 255, 255))


def _fir(pen: Pen) -> None:
    green = (104, 142, 128)
    pen.fill([(-0.012, 0), (0.012, 0), (0.012, 0.04), (-0.012, 0.04)], (128, 98, 80))
    for y, wide in ((0, 0.1), (-0.07, 0.08), (-0.13, 0.055)):
        pen.fill([(-wide, y), (0, y - 0.12), (wide, y)], green)
        pen.fill(
            [(-wide * 0.35, y - 0.078), (0, y - 0.12), (wide * 0.35, y - 0.078)], (246, 250, 252)
        )


def _beach(pen: Pen, random: Random) -> None:
    sky = random.choice(((160, 212, 238), (252, 206, 176), (200, 220, 246)))
    _gradient(pen, sky, lighter(sky, 0.7))
    x = random.uniform(0.15, 0.85)
    pen.dot(x, 0.22, 0.07, (255, 240, 190))
    sea = mix((92, 168, 196), sky, 0.25)
    pen.fill([(0, 0.5), (1, 0.5), (1, 1), (0, 1)], sea)
    for _ in range(12):
        y, start = random.uniform(0.53, 0.7), random.random()
        pen.line([(start, y), (start + random.uniform(0.04, 0.12), y)], lighter(sea, 0.45), 0.006)
    sand = (240, 216, 168)
    wave = [(x / 6, FLOOR - 0.02 + 0.015 * (-1) ** x) for x in range(-1, 8)]
    edge = curve(wave, closed=False)
    pen.fill([*[(x, y - 0.018) for x, y in edge], (1.2, 1.1), (-0.2, 1.1)], (250, 252, 250))
    pen.fill([*edge, (1.2, 1.1), (-0.2, 1.1)], sand)
    for _ in range(60):
        pen.dot(random.random(), random.uniform(FLOOR + 0.02, 1), 0.003, darker(sand, 0.16))


def _room(pen: Pen, random: Random) -> None:
    wall = random.choice(_PASTELS)
    pen.fill([(0, 0), (1, 0), (1, 1), (0, 1)], wall)
    if random.random() < 0.5:
        for step in range(9):
            x = step / 8
            pen.fill([(x, 0), (x + 0.055, 0), (x + 0.055, 1), (x, 1)], lighter(wall, 0.25))
    if random.random() < 0.6:
        _window(pen.moved(random.uniform(0.12, 0.88), 0.26), random)
    else:
        _frame(pen.moved(random.uniform(0.12, 0.88), 0.22), random)
    wood = random.choice(((206, 164, 118), (184, 138, 98), (222, 190, 148)))
    pen.fill([(0, FLOOR), (1, FLOOR), (1, 1), (0, 1)], wood)
    for step in range(-4, 9):
        pen.line(
            [(0.5 + (step - 2) * 0.1, FLOOR), (0.5 + (step - 2) * 0.22, 1.02)],
            darker(wood, 0.15),
            0.004,
        )
    pen.fill([(0, FLOOR - 0.03), (1, FLOOR - 0.03), (1, FLOOR), (0, FLOOR)], (250, 246, 240))
    if random.random() < 0.6:
        rug = random.choice(_DEEP)
        pen.fill(oval(0.5, 0.9, 0.48, 0.09), lighter(rug, 0.25))
        pen.fill(oval(0.5, 0.9, 0.4, 0.068), lighter(rug, 0.5))
    if random.random() < 0.6:
        _plant(pen.moved(random.choice((0.1, 0.9)), FLOOR + 0.06), random)


def _window(pen: Pen, random: Random) -> None:
    sky = random.choice(((176, 216, 240), (250, 214, 186), (60, 74, 120)))
    pen.fill([(-0.17, -0.2), (0.17, -0.2), (0.17, 0.2), (-0.17, 0.2)], (250, 248, 244))
    pen.fill([(-0.15, -0.18), (0.15, -0.18), (0.15, 0.18), (-0.15, 0.18)], sky)
    pen.glow(0.05, -0.05, 0.12, 0.12, lighter(sky, 0.7), 0.8)
    pen.line([(0, -0.19), (0, 0.19)], (250, 248, 244), 0.014)
    pen.line([(-0.16, 0), (0.16, 0)], (250, 248, 244), 0.014)
    pen.fill([(-0.2, 0.2), (0.2, 0.2), (0.2, 0.225), (-0.2, 0.225)], (238, 232, 224))


def _frame(pen: Pen, random: Random) -> None:
    pen.fill([(-0.13, -0.1), (0.13, -0.1), (0.13, 0.1), (-0.13, 0.1)], (150, 112, 84))
    pen.fill([(-0.11, -0.08), (0.11, -0.08), (0.11, 0.08), (-0.11, 0.08)], (252, 248, 238))
    colour = random.choice(_DEEP)
    pen.fill([(-0.09, 0.06), (-0.03, -0.02), (0.02, 0.03), (0.05, 0.0), (0.09, 0.06)], colour)
    pen.dot(0.05, -0.04, 0.017, (246, 196, 96))


def _plant(pen: Pen, random: Random) -> None:
    green = random.choice(((104, 158, 112), (132, 170, 96)))
    for degrees in (-60, -35, -12, 12, 35, 60):
        leaf = pen.moved(0, -0.06, degrees)
        leaf.fill(oval(0, -0.1, 0.022, 0.09), mix(green, (60, 110, 90), random.random() * 0.5))
    pot = random.choice(((214, 128, 96), (238, 232, 222), (120, 140, 160)))
    pen.fill([(-0.07, -0.07), (0.07, -0.07), (0.05, 0.06), (-0.05, 0.06)], pot)
    pen.fill([(-0.08, -0.085), (0.08, -0.085), (0.08, -0.055), (-0.08, -0.055)], darker(pot, 0.12))


def _sofa(pen: Pen, random: Random) -> None:
    wall = random.choice(_PASTELS)
    _gradient(pen, lighter(wall, 0.2), wall)
    if random.random() < 0.7:
        _frame(pen.moved(random.uniform(0.15, 0.85), 0.14), random)
    cloth = random.choice(_DEEP)
    back: list[Point] = [
        (-0.1, 1.1),
        (-0.1, 0.42),
        (0.0, 0.36),
        (0.5, 0.35),
        (1.0, 0.36),
        (1.1, 0.42),
    ]
    pen.fill(curve([*back, (1.1, 1.1)]), cloth)
    pen.glow(0.5, 0.4, 0.7, 0.2, lighter(cloth, 0.4), 0.7)
    pen.line([(0.5, 0.37), (0.5, FLOOR)], darker(cloth, 0.25), 0.008)
    seat: list[Point] = [(-0.1, FLOOR), (1.1, FLOOR), (1.1, 1.1), (-0.1, 1.1)]
    pen.glow(0.5, FLOOR, 0.9, 0.1, darker(cloth, 0.5), 0.7)
    pen.fill(seat, lighter(cloth, 0.14))
    pen.line([(-0.1, FLOOR), (1.1, FLOOR)], darker(cloth, 0.3), 0.007)
    if random.random() < 0.7:
        side = random.choice((0.12, 0.88))
        cushion = random.choice(_PASTELS)
        own = pen.moved(side, 0.62, random.uniform(-18, 18))
        half: list[Point] = [(0.0, -0.115), (0.12, -0.13), (0.115, 0.0), (0.12, 0.13), (0, 0.115)]
        shape = mirrored(half)
        own.fill(shape, cushion)
        own.edge(shape, darker(cushion, 0.3), 0.006)


def _night(pen: Pen, random: Random) -> None:
    sky = random.choice(((52, 62, 112), (44, 76, 106), (78, 62, 116)))
    _gradient(pen, sky, lighter(sky, 0.35))
    for _ in range(26):
        pen.dot(
            random.random(), random.uniform(0, 0.6), random.uniform(0.002, 0.006), (255, 248, 220)
        )
    x, y = random.uniform(0.12, 0.88), random.uniform(0.1, 0.22)
    pen.glow(x, y, 0.22, 0.22, (255, 246, 210), 0.5)
    if random.random() < 0.4:
        pen.dot(x, y, 0.065, (255, 244, 206))
    else:
        moon = pen.moved(x, y, random.uniform(-30, 30), 0.065)
        outer: list[Point] = [(0.2, -0.98), (-0.5, -0.87), (-1, 0), (-0.5, 0.87), (0.2, 0.98)]
        moon.fill(curve([*outer, (-0.25, 0.55), (-0.42, 0), (-0.25, -0.55)]), (255, 244, 206))
    _hills(pen, random, 0.64, mix(sky, (70, 110, 100), 0.45))
    grass = mix(sky, (84, 134, 104), 0.65)
    pen.fill([(-0.1, FLOOR), (1.1, FLOOR), (1.1, 1.1), (-0.1, 1.1)], grass)
    pen.glow(0.5, 1.0, 0.7, 0.3, lighter(grass, 0.35), 0.6)


_PLACES: tuple[Callable[[Pen, Random], None], ...] = (
    _studio,
    _lights,
    _dots,
    _rays,
    _meadow,
    _meadow,
    _snow,
    _beach,
    _room,
    _room,
    _sofa,
    _night,
)
