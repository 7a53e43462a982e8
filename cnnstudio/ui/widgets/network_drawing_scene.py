"""A drawing made ready for painting: only what is in sight is painted, and lines many at a time."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QPainter, QPainterPath, QPen

from cnnstudio.project.drawing.inks import LINE, SKIP, Ink, Palette
from cnnstudio.project.drawing.looks import (
    box_shapes,
    bracket_shapes,
    fork_shapes,
    frame_shapes,
    link_shapes,
    merge_shapes,
    note_shapes,
)
from cnnstudio.project.drawing.shapes import Area, Shape, Stroke
from cnnstudio.project.drawing.values import Box, Drawing, Frame, Rect, State
from cnnstudio.ui.widgets.network_drawing_paint import ShapePainter, path_of

_SMALL = 0.3
"""Below this zoom boxes are painted as mere areas."""

_LINES_AT_ONCE = 48


@dataclass
class _Lines:
    """Neighbouring lines of one look as one path."""

    area: Rect
    ink: Ink
    width: float
    path: QPainterPath
    heads: list[Area]


class Scene:
    """What a canvas paints of a :class:`Drawing`."""

    def __init__(self, drawing: Drawing, palette: Palette, font: QFont) -> None:
        self.drawing = drawing
        self._lines = _lines_of(drawing)
        self._signs: list[tuple[Rect, list[Shape]]] = _signs_of(drawing)
        self._texts: list[tuple[Rect, list[Shape]]] = _texts_of(drawing)
        self._states: list[State] = []
        self._frame_states: list[State] = []
        self._made: dict[tuple[int, State], list[Shape]] = {}
        self._areas = [_painted_area(box) for box in drawing.boxes]
        self.use_palette(palette, font)

    def use_palette(self, palette: Palette, font: QFont) -> None:
        """Paint in other colours from now on."""
        self._painter = ShapePainter(palette, font)

    def show_states(self, boxes: list[State], frames: list[State]) -> None:
        """How boxes and frames are marked from now on."""
        self._states, self._frame_states = boxes, frames

    def paint(self, painter: QPainter, seen: Rect, zoom: float) -> None:
        """Paint what touches ``seen``; ``painter`` enlarges by ``zoom`` already."""
        shapes = self._painter
        for frame, state in zip(self.drawing.frames, self._frame_states, strict=True):
            if frame.touches(seen):
                shapes.paint(painter, frame_shapes(frame, state), zoom)
        self._paint_lines(painter, seen, zoom)
        for area, each in self._texts:
            if area.touches(seen):
                shapes.paint(painter, each, zoom)
        for number, area in enumerate(self._areas):
            if area.touches(seen):
                made = self._box(number)
                is_layer = self.drawing.boxes[number].cell is None
                shapes.paint(painter, made[:1] if zoom < _SMALL and is_layer else made, zoom)
        for area, each in self._signs:
            if area.touches(seen):
                shapes.paint(painter, each, zoom)

    def at(self, x: float, y: float, frame_head: float) -> Box | Frame | None:
        """The box at a place with its cell, or the frame whose title of that height is there."""
        for box in self.drawing.boxes:
            if area_of(box).holds(x, y):
                return box
        for frame in self.drawing.frames:
            if Rect(frame.x, frame.y, frame.width, frame_head).holds(x, y):
                return frame
        return None

    def _box(self, number: int) -> list[Shape]:
        key = (number, self._states[number])
        if key not in self._made:
            self._made[key] = box_shapes(self.drawing.boxes[number], key[1])
        return self._made[key]

    def _paint_lines(self, painter: QPainter, seen: Rect, zoom: float) -> None:
        for lines in self._lines:
            if not lines.area.touches(seen):
                continue
            pen = QPen(self._painter.color(lines.ink), lines.width)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(lines.path)
            if zoom >= _SMALL:
                self._painter.paint(painter, lines.heads, zoom)


def area_of(box: Rect) -> Rect:
    """A box with the cell below it."""
    cell = box.cell if isinstance(box, Box) else None
    if cell is None:
        return box
    x, right = min(box.x, cell.x), max(box.right, cell.right)
    return Rect(x, box.y, right - x, cell.bottom - box.y)


def _painted_area(box: Box) -> Rect:
    """The same with the snowflake on its corner."""
    area = area_of(box)
    return Rect(area.x - 2, area.y - 9, area.width + 10, area.height + 11)


def _lines_of(drawing: Drawing) -> list[_Lines]:
    """Skips last, so that they lie above the others."""
    found: list[_Lines] = []
    for ink, is_skip in ((LINE, False), (SKIP, True)):
        links = [link for link in drawing.links if (link.kind == "skip") is is_skip]
        for first in range(0, len(links), _LINES_AT_ONCE):
            path = QPainterPath()
            heads: list[Area] = []
            width = 1.0
            some = links[first : first + _LINES_AT_ONCE]
            for link in some:
                for shape in link_shapes(link):
                    if isinstance(shape, Stroke):
                        path.addPath(path_of(shape.points, shape.radius, False))
                        width = shape.width
                    elif isinstance(shape, Area):
                        heads.append(shape)
            area = _around([point for link in some for point in link.points])
            found.append(_Lines(area, ink, width, path, heads))
    return found


def _signs_of(drawing: Drawing) -> list[tuple[Rect, list[Shape]]]:
    forks = [(Rect(x - 4, y - 4, 8, 8), fork_shapes(x, y)) for x, y in drawing.forks]
    merges = [
        (Rect(each.x - 12, each.y - 12, 24, 24), merge_shapes(each)) for each in drawing.merges
    ]
    return forks + merges


def _texts_of(drawing: Drawing) -> list[tuple[Rect, list[Shape]]]:
    brackets = [
        (Rect(each.x, each.y - 6, each.right - each.x, 26), bracket_shapes(each))
        for each in drawing.brackets
    ]
    notes = [(Rect(each.x - 90, each.y - 9, 180, 18), note_shapes(each)) for each in drawing.notes]
    return brackets + notes


def _around(points: Sequence[tuple[float, float]]) -> Rect:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return Rect(min(xs) - 4, min(ys) - 4, max(xs) - min(xs) + 8, max(ys) - min(ys) + 8)
