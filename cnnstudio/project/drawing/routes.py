"""The lines from box to box: straight on, parting and meeting, past what they leave out."""

from cnnstudio.project.drawing.graph import Graph
from cnnstudio.project.drawing.items import Item
from cnnstudio.project.drawing.lanes import ARC_GAP, FORK
from cnnstudio.project.drawing.values import Box, Link, LinkKind, Point

_OVER = 12.0
_LEVEL = 7.0
_SIDE = 16.0
_ROW_LEVEL = 4.0
_NEARLY = 0.5


class Routes:
    """All lines of a drawing whose items are in their places; ``row_of`` is by item."""

    def __init__(self, graph: Graph, row_of: list[int], items: list[Item]) -> None:
        self.links: list[Link] = []
        self.forks: list[Point] = []
        self._items = items
        self._row_of = row_of
        self._graph = graph
        self._number = {name: item.number for item in items for name in item.block.steps}
        self._boxes = {
            name: box
            for item in items
            if item.is_open
            for name, box in zip(item.placed, item.boxes, strict=True)
        }
        self._levels: dict[tuple[int, int], int] = {}
        self._taken: set[tuple[Point, Point]] = set()
        self._forks: dict[Point, None] = {}
        self._tops = [
            min(item.top for item in items if row_of[item.number] == row)
            for row in range(row_of[-1] + 1)
        ]
        self._left_edge = min(item.left for item in items)
        self._right_edges = [
            max(item.left + item.width for item in items if row_of[item.number] == row)
            for row in range(row_of[-1] + 1)
        ]
        self._draw()

    def _draw(self) -> None:
        done: set[tuple[Point, Point]] = set()
        for item in self._items:
            self.links += item.links
        for layer in self._graph.layers:
            for source in self._graph.inputs[layer.name]:
                here, there = self._number[source], self._number[layer.name]
                if here == there and not self._items[here].is_open:
                    continue
                start, end = self._start(source), self._end(layer.name)
                if (start, end) in done:
                    continue
                done.add((start, end))
                self.links.append(self._way(source, layer.name, start, end))
        self.forks = list(self._forks)

    def _start(self, name: str) -> Point:
        box = self._boxes.get(name)
        if box is not None:
            return box.right, box.middle[1]
        item = self._items[self._number[name]]
        return item.exit, item.axis

    def _end(self, name: str) -> Point:
        box = self._boxes.get(name)
        if box is not None:
            return box.x, box.middle[1]
        item = self._items[self._number[name]]
        return item.entry, item.axis

    def _way(self, source: str, target: str, start: Point, end: Point) -> Link:
        here, there = self._number[source], self._number[target]
        arc = self._items[there].arcs.get((source, target))
        row, target_row = self._row_of[here], self._row_of[there]
        parts = len(self._graph.outputs[source]) > 1
        if arc is not None:
            before = self._to_next_row(here, start, arc[:2]) if row != target_row else [start]
            return self._arc(before, arc, self._boxes[target], parts)
        if row != target_row:
            kind: LinkKind = "chain" if there == here + 1 else "skip"
            axis = (end[0], self._items[there].axis)
            points = self._to_next_row(here, start, axis, _ROW_LEVEL if kind == "skip" else 0.0)
            if abs(axis[1] - end[1]) > _NEARLY:
                bend = end[0] - FORK / 2
                points = self._bent([*points, (bend, axis[1])], (bend, end[1]))
                self._fork(bend, axis[1])
            return Link((*points, end), kind)
        if there > here + 1:
            return self._over(here, there, start, end)
        if abs(start[1] - end[1]) < _NEARLY:
            return Link((start, end), "chain")
        bend = end[0] - FORK / 2
        if parts:
            self._fork(bend, start[1])
        points = self._bent([start, (bend, start[1])], (bend, end[1]))
        return Link((*points, end), "branch")

    def _bent(self, way: list[Point], last: Point) -> list[Point]:
        """``way`` and on to ``last``; of a way that another line took already, its end only."""
        key = (way[0], way[-1])
        is_new = key not in self._taken
        self._taken.add(key)
        return [*way, last] if is_new else [way[-1], last]

    def _fork(self, x: float, y: float) -> None:
        self._forks[(x, y)] = None

    def _arc(
        self, before: list[Point], arc: tuple[float, float, float], target: Box, parts: bool
    ) -> Link:
        """Above the layers that it leaves out. Where the straight way is drawn anyway, it begins
        at the fork."""
        left, middle, height = arc
        x = left + FORK / 2
        if parts:
            before = []
            self._fork(x, middle)
        elif abs(before[-1][1] - middle) > _NEARLY:
            before = [*before, (left, before[-1][1]), (left, middle)]
        end_x = target.middle[0]
        points = (*before, (x, middle), (x, height), (end_x, height), (end_x, target.y))
        return Link(points, "skip")

    def _over(self, here: int, there: int, start: Point, end: Point) -> Link:
        """Above the blocks between."""
        between = self._items[here : there + 1]
        level = self._levels.setdefault((here, there), len(self._levels) % 2)
        height = min(item.top for item in between) - _OVER - level * _LEVEL
        first, last = start[0] + FORK / 4, end[0] - FORK / 4
        self._fork(first, start[1])
        points = ((first, start[1]), (first, height), (last, height), (last, end[1]), end)
        return Link(points, "skip")

    def _to_next_row(self, here: int, start: Point, end: Point, aside: float = 0.0) -> list[Point]:
        """Round the end of the row, back between the rows, and to where the next one begins;
        ``aside`` of the usual way where that is another's."""
        row = self._row_of[here]
        right = self._right_edges[row] + _SIDE + aside
        between = self._tops[row + 1] - ARC_GAP - aside
        left = self._left_edge - _SIDE - aside
        return [start, (right, start[1]), (right, between), (left, between), (left, end[1])]
