"""A pen that draws smooth shapes in its own coordinates, wherever and however large they lie."""

import contextlib
import math
from collections.abc import Iterator, Sequence

from PIL import Image, ImageDraw, ImageOps

Point = tuple[float, float]
Colour = tuple[int, int, int]

# Full in the middle, smoothly nothing at the middle of each side (the gradient has 74 there).
_GLOW_LEVELS = [min(1.0, max(0.0, (level - 74) / 181)) for level in range(256)]
_GLOW = ImageOps.invert(Image.radial_gradient("L")).point(
    [round(255 * share * share * (3 - 2 * share)) for share in _GLOW_LEVELS]
)


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """``share`` 0 is the first colour, 1 the second."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def darker(colour: Colour, share: float) -> Colour:
    """Towards a warm black, which looks softer than a true one."""
    return mix(colour, (38, 26, 34), share)


def lighter(colour: Colour, share: float) -> Colour:
    """Towards a warm white."""
    return mix(colour, (255, 252, 244), share)


def curve(points: Sequence[Point], closed: bool = True, steps: int = 8) -> list[Point]:
    """A smooth line through the points (Catmull-Rom)."""
    count = len(points)
    smooth: list[Point] = []
    for index in range(count if closed else count - 1):
        if closed:
            four = [points[(index + offset) % count] for offset in (-1, 0, 1, 2)]
        else:
            four = [points[min(max(index + offset, 0), count - 1)] for offset in (-1, 0, 1, 2)]
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = four
        for step in range(steps):
            t = step / steps
            w0, w1 = ((2 - t) * t - 1) * t / 2, ((3 * t - 5) * t * t + 2) / 2
            w2, w3 = ((4 - 3 * t) * t + 1) * t / 2, (t - 1) * t * t / 2
            smooth.append(
                (w0 * x0 + w1 * x1 + w2 * x2 + w3 * x3, w0 * y0 + w1 * y1 + w2 * y2 + w3 * y3)
            )
    if not closed:
        smooth.append(points[-1])
    return smooth


def mirrored(half: Sequence[Point]) -> list[Point]:
    """A smooth outline from its right half, given from the top middle to the bottom middle."""
    return curve([*half, *[(-x, y) for x, y in reversed(half) if x != 0]])


def flipped(points: Sequence[Point], side: int) -> list[Point]:
    """The points as they are for side 1, seen in a mirror for side -1."""
    return [(x * side, y) for x, y in points]


def oval(x: float, y: float, width: float, height: float, degrees: float = 0) -> list[Point]:
    """An ellipse of these half axes."""
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    outline = []
    for step in range(40):
        a = width * math.cos(step * math.tau / 40)
        b = height * math.sin(step * math.tau / 40)
        outline.append((x + a * cosine - b * sine, y + a * sine + b * cosine))
    return outline


def ribbon(points: Sequence[Point], widths: Sequence[float]) -> list[Point]:
    """The outline of a smooth line whose half width goes through ``widths``; ends are round."""
    line = curve(points, closed=False)
    last = len(line) - 1
    left: list[Point] = []
    right: list[Point] = []
    end: list[Point] = []
    for index, (x, y) in enumerate(line):
        place = index / last * (len(widths) - 1)
        low = min(int(place), len(widths) - 2)
        width = widths[low] + (widths[low + 1] - widths[low]) * (place - low)
        (x0, y0), (x1, y1) = line[max(index - 1, 0)], line[min(index + 1, last)]
        angle = math.atan2(y1 - y0, x1 - x0)
        left.append((x + width * math.sin(angle), y - width * math.cos(angle)))
        right.append((x - width * math.sin(angle), y + width * math.cos(angle)))
        if index == last:
            for step in range(1, 8):
                turn = angle - math.pi / 2 + math.pi * step / 8
                end.append((x + width * math.cos(turn), y + width * math.sin(turn)))
    return [*left, *end, *reversed(right)]


class Pen:
    """Draws on ``image``; a point (x, y) of its own lies at ``origin`` plus the turned, scaled one.

    Widths are in the pen's own units, too.
    """

    def __init__(
        self, image: Image.Image, scale: float = 1, origin: Point = (0, 0), degrees: float = 0
    ) -> None:
        self.image = image
        self._draw = ImageDraw.Draw(image)
        self._scale = scale
        self._origin = origin
        self._degrees = degrees
        self._cosine = math.cos(math.radians(degrees)) * scale
        self._sine = math.sin(math.radians(degrees)) * scale

    def moved(self, x: float, y: float, degrees: float = 0, scale: float = 1) -> "Pen":
        """A pen whose own zero lies at this pen's (x, y)."""
        origin = self._placed((x, y))
        return Pen(self.image, self._scale * scale, origin, self._degrees + degrees)

    def fill(self, outline: Sequence[Point], colour: Colour) -> None:
        """A filled shape."""
        self._draw.polygon([self._placed(point) for point in outline], fill=colour)

    def edge(self, outline: Sequence[Point], colour: Colour, width: float) -> None:
        """A line around a shape; drawn last, it hides where colours inside meet the border."""
        placed = [self._placed(point) for point in outline]
        self._draw.line([*placed, *placed[:2]], colour, self._pixels(width), joint="curve")

    def line(self, points: Sequence[Point], colour: Colour, width: float) -> None:
        """A smooth line with round ends."""
        placed = [self._placed(point) for point in curve(points, closed=False)]
        pixels = self._pixels(width)
        self._draw.line(placed, colour, pixels, joint="curve")
        for x, y in (placed[0], placed[-1]):
            radius = pixels / 2 - 0.5
            self._draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)

    def stroke(self, points: Sequence[Point], widths: Sequence[float], colour: Colour) -> None:
        """A line that grows thinner or thicker on its way."""
        self.fill(ribbon(points, widths), colour)

    def dot(self, x: float, y: float, radius: float, colour: Colour) -> None:
        """A filled circle."""
        self.fill(oval(x, y, radius, radius), colour)

    def glow(
        self, x: float, y: float, width: float, height: float, colour: Colour, strength: float
    ) -> None:
        """Colour that fades from the middle outwards; half axes as in :func:`oval`."""
        middle = self._placed((x, y))
        wide, high = self._scale * width, self._scale * height
        size = max(1, round(2 * wide)), max(1, round(2 * high))
        mask = _GLOW.resize(size, Image.Resampling.BILINEAR).point(
            [round(value * strength) for value in range(256)]
        )
        corner = round(middle[0] - wide), round(middle[1] - high)
        self.image.paste(colour, (*corner, corner[0] + size[0], corner[1] + size[1]), mask)

    @contextlib.contextmanager
    def inside(self, outline: Sequence[Point]) -> Iterator["Pen"]:
        """A pen that leaves no mark outside of ``outline``."""
        placed = [self._placed(point) for point in outline]
        left = max(0, math.floor(min(x for x, _ in placed)) - 1)
        top = max(0, math.floor(min(y for _, y in placed)) - 1)
        right = min(self.image.width, math.ceil(max(x for x, _ in placed)) + 2)
        bottom = min(self.image.height, math.ceil(max(y for _, y in placed)) + 2)
        if right <= left or bottom <= top:
            right, bottom = left + 1, top + 1
        layer = self.image.crop((left, top, right, bottom))
        origin = self._origin[0] - left, self._origin[1] - top
        yield Pen(layer, self._scale, origin, self._degrees)
        mask = Image.new("L", layer.size, 0)
        ImageDraw.Draw(mask).polygon([(x - left, y - top) for x, y in placed], fill=255)
        self.image.paste(layer, (left, top), mask)

    def _placed(self, point: Point) -> Point:
        x, y = point
        return (
            self._origin[0] + x * self._cosine - y * self._sine,
            self._origin[1] + x * self._sine + y * self._cosine,
        )

    def _pixels(self, width: float) -> int:
        return max(1, round(width * self._scale))
