"""A drawing as SVG, written from the same shapes that the window paints."""

import math
from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from cnnstudio.project.drawing.inks import Palette
from cnnstudio.project.drawing.shapes import Area, Disc, Shape, Stroke, Words
from cnnstudio.project.drawing.values import Point

FONTS = "Inter, 'Segoe UI', 'Helvetica Neue', 'Noto Sans', 'Noto Sans KR', sans-serif"


def svg(
    groups: Iterable[tuple[str, Iterable[Shape]]],
    width: float,
    height: float,
    title: str,
    description: str,
    palette: Palette,
) -> str:
    """A whole file. Each group of shapes has a name, which viewers show where the mouse rests."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" role="img" aria-labelledby="title description" '
        f"font-family={quoteattr(FONTS)}>",
        f'<title id="title">{_text(title)}</title>',
        f'<desc id="description">{_text(description)}</desc>',
        f'<rect width="{width:.0f}" height="{height:.0f}" fill="{palette("surface")}"/>',
    ]
    for name, shapes in groups:
        inside = [_shape(each, palette) for each in shapes]
        lines += [f"<g><title>{_text(name)}</title>", *inside, "</g>"] if name else inside
    return "\n".join([*lines, "</svg>", ""])


def rounded_path(points: tuple[Point, ...], radius: float, is_closed: bool) -> list[list[Point]]:
    """A line as pieces: one point to go to straight on, or two for a curve (its corner, its end).

    The first piece is where it begins.
    """
    count = len(points)
    corners = range(count) if is_closed else range(1, count - 1)
    if radius <= 0 or not corners:
        return [[point] for point in points]
    pieces: list[list[Point]] = [] if is_closed else [[points[0]]]
    for number in corners:
        before, here, after = points[number - 1], points[number], points[(number + 1) % count]
        into = _towards(here, before, radius)
        pieces += [[into], [here, _towards(here, after, radius)]]
    if not is_closed:
        pieces.append([points[-1]])
    return pieces


def _towards(start: Point, end: Point, distance: float) -> Point:
    """The point ``distance`` from ``start`` on the way to ``end``, half-way at the most."""
    length = math.dist(start, end)
    share = min(0.5, distance / length) if length else 0.0
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def _shape(shape: Shape, palette: Palette) -> str:
    match shape:
        case Area():
            fill = shape.fill.colour(palette) if shape.fill is not None else "none"
            edge = ""
            if shape.edge is not None:
                edge = _edge(shape.edge.colour(palette), shape.edge_width, shape.is_dashed)
            path = _path(shape.points, shape.radius, is_closed=True)
            return f'<path d="{path}" fill="{fill}"{edge}/>'
        case Stroke():
            edge = _edge(shape.ink.colour(palette), shape.width, shape.is_dashed)
            path = _path(shape.points, shape.radius, is_closed=False)
            return f'<path d="{path}" fill="none"{edge} stroke-linecap="round"/>'
        case Disc():
            edge = ""
            if shape.edge is not None:
                edge = _edge(shape.edge.colour(palette), shape.edge_width, False)
            return (
                f'<circle cx="{shape.x:.1f}" cy="{shape.y:.1f}" r="{shape.radius:.1f}" '
                f'fill="{shape.fill.colour(palette)}"{edge}/>'
            )
        case Words():
            weight = ' font-weight="600"' if shape.is_strong else ""
            return (
                f'<text x="{shape.x:.1f}" y="{shape.y + shape.size * 0.35:.1f}" '
                f'font-size="{shape.size:g}" text-anchor="{shape.anchor}" '
                f'fill="{shape.ink.colour(palette)}"{weight}>{_text(shape.text)}</text>'
            )


def _edge(colour: str, width: float, is_dashed: bool) -> str:
    dashes = ' stroke-dasharray="3 3"' if is_dashed else ""
    return f' stroke="{colour}" stroke-width="{width:g}" stroke-linejoin="round"{dashes}'


def _path(points: tuple[Point, ...], radius: float, is_closed: bool) -> str:
    steps = []
    for number, piece in enumerate(rounded_path(points, radius, is_closed)):
        letter = "M" if number == 0 else "LQ"[len(piece) - 1]
        steps.append(letter + " ".join(f"{x:.1f},{y:.1f}" for x, y in piece))
    return "".join(steps) + ("Z" if is_closed else "")


def _text(text: str) -> str:
    """Escaped, without the control characters that XML forbids."""
    return escape("".join(each for each in text if each >= " " or each in "\t\n"))
