"""The few shapes that a drawing is painted with, by the window and as SVG alike."""

from dataclasses import dataclass, replace
from typing import Literal

from cnnstudio.project.drawing.inks import Ink
from cnnstudio.project.drawing.values import Point

Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True)
class Area:
    """A closed polygon, its corners rounded by ``radius``."""

    points: tuple[Point, ...]
    fill: Ink | None
    edge: Ink | None = None
    edge_width: float = 1.0
    radius: float = 0.0
    is_dashed: bool = False

    def moved(self, x: float, y: float) -> "Area":
        """The same at another place."""
        return replace(self, points=_moved(self.points, x, y))


@dataclass(frozen=True)
class Stroke:
    """An open line, its corners rounded by ``radius``."""

    points: tuple[Point, ...]
    ink: Ink
    width: float = 1.0
    radius: float = 0.0
    is_dashed: bool = False

    def moved(self, x: float, y: float) -> "Stroke":
        """The same at another place."""
        return replace(self, points=_moved(self.points, x, y))


@dataclass(frozen=True)
class Disc:
    """A circle around a point."""

    x: float
    y: float
    radius: float
    fill: Ink
    edge: Ink | None = None
    edge_width: float = 1.0

    def moved(self, x: float, y: float) -> "Disc":
        """The same at another place."""
        return replace(self, x=self.x + x, y=self.y + y)


@dataclass(frozen=True)
class Words:
    """One line of text; ``y`` is its middle, ``room`` how wide it may become (0: any)."""

    x: float
    y: float
    text: str
    size: float
    ink: Ink
    anchor: Anchor = "middle"
    is_strong: bool = False
    room: float = 0.0

    def moved(self, x: float, y: float) -> "Words":
        """The same at another place."""
        return replace(self, x=self.x + x, y=self.y + y)


def _moved(points: tuple[Point, ...], x: float, y: float) -> tuple[Point, ...]:
    return tuple((px + x, py + y) for px, py in points)


Shape = Area | Stroke | Disc | Words


def rectangle(
    x: float,
    y: float,
    width: float,
    height: float,
    fill: Ink | None,
    edge: Ink | None = None,
    edge_width: float = 1.0,
    radius: float = 0.0,
    is_dashed: bool = False,
) -> Area:
    """An area with four corners."""
    points = ((x, y), (x + width, y), (x + width, y + height), (x, y + height))
    return Area(points, fill, edge, edge_width, radius, is_dashed)


def snowflake(x: float, y: float, size: float, ink: Ink, width: float = 1.3) -> tuple[Shape, ...]:
    """The sign of what is frozen, around a point; the same as the icon of that name."""
    unit = size / 24

    def place(points: tuple[Point, ...]) -> tuple[Point, ...]:
        return tuple((x + (px - 12) * unit, y + (py - 12) * unit) for px, py in points)

    lines: tuple[tuple[Point, ...], ...] = (
        ((12, 3), (12, 21)),
        ((4.2, 7.5), (19.8, 16.5)),
        ((19.8, 7.5), (4.2, 16.5)),
        ((9.5, 4.5), (12, 6.5), (14.5, 4.5)),
        ((9.5, 19.5), (12, 17.5), (14.5, 19.5)),
    )
    return tuple(Stroke(place(line), ink, width) for line in lines)


def arrow_head(before: Point, tip: Point, ink: Ink, size: float = 5.0) -> Area:
    """A filled head at the end of a line that runs level or upright."""
    along_x = abs(tip[0] - before[0]) >= abs(tip[1] - before[1])
    step = 1.0 if (tip[0] > before[0] if along_x else tip[1] > before[1]) else -1.0
    if along_x:
        back = tip[0] - step * size
        points = (tip, (back, tip[1] - size * 0.6), (back, tip[1] + size * 0.6))
    else:
        back = tip[1] - step * size
        points = (tip, (tip[0] - size * 0.6, back), (tip[0] + size * 0.6, back))
    return Area(points, ink)
