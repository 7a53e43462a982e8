"""Where things stand so that they can be told apart: names beside each other, lines with gaps."""

import math
from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QLineF, QRectF

from cnnstudio.ui.widgets.curve_data import Point


def apart(wanted: Sequence[float], distance: float, lowest: float, highest: float) -> list[float]:
    """Rising places as near to ``wanted`` (rising too) as goes, at least ``distance`` apart and
    between ``lowest`` and ``highest`` as long as there is room."""
    places: list[float] = []
    for place in wanted:
        least = places[-1] + distance if places else lowest
        places.append(max(place, least))
    limit = highest
    for number in reversed(range(len(places))):
        places[number] = min(places[number], limit)
        limit = places[number] - distance
    return places


def calmest(boxes: Sequence[QRectF], lines: Sequence[Sequence[Point]]) -> QRectF:
    """The one of ``boxes`` in which the least of ``lines`` runs; of equal ones the first."""

    def inside(box: QRectF) -> float:
        parts = [part for line in lines for part in clipped(line, box)]
        return sum(math.dist(a, b) for part in parts for a, b in pairwise(part))

    return min(boxes, key=inside)


def clipped(points: Sequence[Point], area: QRectF) -> list[list[Point]]:
    """The parts of a polyline that are inside ``area`` (Liang and Barsky, 1984)."""
    found: list[list[Point]] = []
    for one, other in pairwise(points):
        across, down = other[0] - one[0], other[1] - one[1]
        begin, end = 0.0, 1.0
        for step, room in (
            (-across, one[0] - area.left()),
            (across, area.right() - one[0]),
            (-down, one[1] - area.top()),
            (down, area.bottom() - one[1]),
        ):
            if step < 0:
                begin = max(begin, room / step)
            elif step > 0:
                end = min(end, room / step)
            elif room < 0:
                begin = 2.0
        if begin > end:
            continue
        first = (one[0] + begin * across, one[1] + begin * down)
        last = (one[0] + end * across, one[1] + end * down)
        if found and found[-1][-1] == first:
            found[-1].append(last)
        else:
            found.append([first, last])
    return found


def dashed(points: Sequence[Point], pattern: Sequence[float]) -> list[QLineF]:
    """The lines of a polyline, cut by ``pattern`` (lengths on, off, …; empty: all of them).

    Qt joins the pieces of a long polyline with care, which takes a jagged one of a thousand
    points 15 to 30 ms; lines of their own take 1.
    """
    if not pattern:
        return [QLineF(*a, *b) for a, b in pairwise(points)]
    lines = []
    number, left = 0, pattern[0]
    for (x, y), (to_x, to_y) in pairwise(points):
        length = math.hypot(to_x - x, to_y - y)
        done = 0.0
        while done < length:
            step = min(left, length - done)
            if number % 2 == 0:
                begin, end = done / length, (done + step) / length
                lines.append(
                    QLineF(
                        x + begin * (to_x - x),
                        y + begin * (to_y - y),
                        x + end * (to_x - x),
                        y + end * (to_y - y),
                    )
                )
            done += step
            left -= step
            if left <= 1e-9:
                number = (number + 1) % len(pattern)
                left = pattern[number]
    return lines
