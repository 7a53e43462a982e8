"""Layers side by side: where ways part they run in lanes, where they meet they come together.

A block is divided at its cuts into pieces that follow each other. In a piece of several layers the
ways run beside each other until the layer that joins them; each way is divided again. What cannot
be divided so (the cells of NASNet) gets lanes by the order of its layers.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count

from cnnstudio.project.drawing.graph import Graph

STEP = 14.0
"""Between layers that follow each other."""

FORK = 22.0
"""Between a place where ways part or meet and the layers there."""

LANE_GAP = 12.0
ARC_GAP = 16.0

SizeOf = Callable[[str], tuple[float, float]]


@dataclass
class Part:
    """Layers in place: from x = 0 on, around y = 0. ``places`` are left edge and middle.

    ``arcs`` says how high a way goes past the layers that it leaves out, by its two ends;
    ``forks`` is where it leaves the straight way.
    """

    width: float = 0.0
    top: float = 0.0
    bottom: float = 0.0
    places: dict[str, tuple[float, float]] = field(default_factory=dict)
    arcs: dict[tuple[str, str], tuple[float, float, float]] = field(default_factory=dict)

    def take(self, other: "Part", x: float, y: float) -> None:
        """``other`` becomes part of this one, moved by ``x`` and ``y``."""
        for name, (left, middle) in other.places.items():
            self.places[name] = (left + x, middle + y)
        for ends, (left, middle, height) in other.arcs.items():
            self.arcs[ends] = (left + x, middle + y, height + y)
        self.width = max(self.width, x + other.width)
        self.top = min(self.top, y + other.top)
        self.bottom = max(self.bottom, y + other.bottom)


class Lanes:
    """Puts the layers of a block in their places."""

    def __init__(self, graph: Graph, size_of: SizeOf) -> None:
        self._graph = graph
        self._size_of = size_of

    def place(self, names: Sequence[str]) -> Part:
        """``names`` in order, in place."""
        pieces = self._graph.pieces(names)
        if len(pieces) == 1 and len(names) > 1:
            return self._together(list(names))
        whole = Part()
        x = 0.0
        for piece in pieces:
            part = self._single(piece[0]) if len(piece) == 1 else self._together(piece)
            whole.take(part, x, 0.0)
            x = whole.width + STEP
        return whole

    def _single(self, name: str) -> Part:
        width, height = self._size_of(name)
        return Part(width, -height / 2, height / 2, {name: (0.0, 0.0)})

    def _together(self, names: list[str]) -> Part:
        """Ways beside each other, and the layer that joins them."""
        inside = set(names)
        joins = all(name in inside for each in names[:-1] for name in self._graph.outputs[each])
        joins = joins and len(self._graph.inputs[names[-1]]) > 1
        ways = self._graph.components(names[:-1] if joins else names)
        if not joins and len(ways) == 1:
            return self._by_order(names)
        parts = [self.place(way) for way in ways]
        whole = _stacked(parts)
        if joins:
            last = names[-1]
            x = whole.width + FORK
            skips = [each for each in self._graph.inputs[last] if each not in inside]
            whole.take(self._single(last), x, 0.0)
            for each in skips:
                whole.top -= ARC_GAP
                whole.arcs[(each, last)] = (0.0, 0.0, whole.top)
        return whole

    def _by_order(self, names: list[str]) -> Part:
        """Each layer behind all that feed it, in the nearest lane that is free there."""
        places: dict[str, tuple[float, int]] = {}
        ends: dict[int, float] = {}
        for name in names:
            sources = [each for each in self._graph.inputs[name] if each in places]
            x = max(
                (places[each][0] + self._size_of(each)[0] + FORK for each in sources), default=0
            )
            wanted = places[sources[0]][1] if sources else 0
            around = (wanted + turn * step for step in count() for turn in (1, -1))
            lane = next(each for each in around if ends.get(each, -STEP) + STEP <= x)
            places[name] = (x, lane)
            ends[lane] = x + self._size_of(name)[0]
        pitch = max(self._size_of(name)[1] for name in names) + LANE_GAP
        low, high = min(ends), max(ends)
        whole = Part()
        for name, (x, lane) in places.items():
            whole.take(self._single(name), x, (lane - (low + high) / 2) * pitch)
        return whole


def _stacked(parts: list[Part]) -> Part:
    """Ways below each other; a single one, or the longer of two, stays on the straight line."""
    whole = Part()
    if len(parts) == 1:
        whole.take(parts[0], FORK, 0.0)
        return whole
    if len(parts) == 2 and min(len(part.places) for part in parts) * 2 <= max(
        len(part.places) for part in parts
    ):
        main, beside = sorted(parts, key=lambda part: -len(part.places))
        whole.take(main, FORK, 0.0)
        whole.take(beside, FORK, main.top - LANE_GAP - beside.bottom)
        return whole
    height = sum(part.bottom - part.top for part in parts) + LANE_GAP * (len(parts) - 1)
    y = -height / 2
    for part in parts:
        whole.take(part, FORK, y - part.top)
        y += part.bottom - part.top + LANE_GAP
    return whole
