"""Small things beside the animals, the same for cats and dogs."""

from random import Random

from cnnstudio.images.drawing.pen import Colour, Pen, Point, curve, darker, lighter, oval

_BRIGHT: tuple[Colour, ...] = (
    (226, 92, 84),
    (74, 144, 204),
    (246, 190, 70),
    (108, 178, 124),
    (176, 122, 196),
    (244, 146, 96),
)


def draw_ball(pen: Pen, random: Random) -> None:
    """A ball or a ball of wool of radius 0.42 that lies on the pen's zero."""
    colour = random.choice(_BRIGHT)
    pen.glow(0, 0, 0.6, 0.14, (40, 34, 40), 0.5)
    own = pen.moved(0, -0.4, random.uniform(-40, 40))
    shape = oval(0, 0, 0.42, 0.42)
    own.fill(shape, colour)
    with own.inside(shape) as inside:
        if random.random() < 0.5:
            inside.fill(oval(0, 0, 0.16, 0.46), (252, 246, 236))
            inside.dot(0, -0.42, 0.12, (252, 246, 236))
        else:
            for x in (-0.3, -0.1, 0.1, 0.3):
                thread: list[Point] = [(x - 0.2, -0.45), (x + 0.08, 0), (x - 0.2, 0.45)]
                inside.line(thread, darker(colour, 0.22), 0.04)
            inside.line([(-0.5, 0.1), (0, -0.12), (0.5, 0.1)], lighter(colour, 0.3), 0.05)
        inside.glow(-0.14, -0.16, 0.3, 0.3, (255, 255, 255), 0.5)
    own.edge(shape, darker(colour, 0.5), 0.08)


def draw_butterfly(pen: Pen, random: Random) -> None:
    """A butterfly about 1 wide around the pen's zero."""
    colour = random.choice(_BRIGHT)
    for side in (-1, 1):
        for wing in (
            [(0.0, 0.0), (0.16, -0.36), (0.5, -0.4), (0.46, -0.06)],
            [(0.0, 0.04), (0.36, 0.04), (0.4, 0.3), (0.14, 0.34)],
        ):
            shape = curve([(x * side, y) for x, y in wing])
            pen.fill(shape, colour)
            pen.edge(shape, darker(colour, 0.5), 0.06)
        pen.dot(0.3 * side, -0.2, 0.07, lighter(colour, 0.65))
        pen.line([(0, -0.16), (0.1 * side, -0.4)], (70, 54, 60), 0.04)
    pen.fill(oval(0, 0.02, 0.06, 0.24), (70, 54, 60))
