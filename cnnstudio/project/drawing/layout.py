"""From the facts of a network to a drawing: blocks on lines from left to right, like a text."""

from collections.abc import Set
from dataclasses import replace

from cnnstudio.project.drawing.graph import Graph, blocks_of
from cnnstudio.project.drawing.items import (
    CELL_HEIGHT,
    Item,
    closed_item,
    opened_item,
    shows_plates,
)
from cnnstudio.project.drawing.lanes import STEP
from cnnstudio.project.drawing.routes import Routes
from cnnstudio.project.drawing.sizes import SMALL_SIZE, Scale, text_width
from cnnstudio.project.drawing.values import Box, Bracket, Drawing, Frame, Level, Note, Rect
from cnnstudio.project.network_facts import NetworkFacts
from cnnstudio.project.words import N_, say

PAGE = (1600.0, 900.0)
"""What a drawing in a file is laid out for: a slide."""

MARGIN = 24.0
_GAP = 8.0
_OPEN_GAP = 26.0
_ROW_GAP = 34.0
_LINE = 18.0
_CELL_GAP = 14.0
_FORWARD_ROOM = 20.0


def layout(
    facts: NetworkFacts,
    level: Level,
    opened: Set[int] = frozenset(),
    row_width: float | None = None,
) -> Drawing:
    """The drawing of a network.

    At level ``layers`` every block is opened, at ``blocks`` those whose numbers are ``opened``.
    A line ends before the block that would go beyond ``row_width``; without one there is a single
    line.
    """
    graph = Graph(facts.layers)
    items = _items(graph, level, opened)
    rows = _rows(items, row_width)
    place = _Placing(items, rows)
    for row in rows:
        place.row(row)
    routes = Routes(graph, place.rows_of(), items)
    return Drawing(
        level=level,
        width=place.width,
        height=place.height,
        boxes=tuple(box for item in items for box in item.boxes),
        links=tuple(routes.links),
        frames=tuple(item.frame for item in items if item.frame is not None),
        merges=tuple(merge for item in items for merge in item.merges),
        forks=tuple(fork for item in items for fork in item.forks) + tuple(routes.forks),
        brackets=tuple(place.brackets),
        notes=tuple(place.notes),
    )


def best_row_width(
    facts: NetworkFacts, level: Level, opened: Set[int], width: float, height: float
) -> float:
    """The ``row_width`` with which the whole drawing is seen largest in ``width`` × ``height``."""
    graph = Graph(facts.layers)
    items = _items(graph, level, opened)
    whole = sum(item.width + _gap(item) for item in items) + 1
    best, found = 0.0, whole
    for count in range(1, 25):
        asked = max(whole / count, max(item.width for item in items)) * 1.04
        place = _Placing(items, _rows(items, asked), is_trial=True)
        for row in place.rows:
            place.row(row)
        zoom = min(width / place.width, height / place.height)
        if zoom > best * 1.05:
            best, found = zoom, asked
    return found


def _items(graph: Graph, level: Level, opened: Set[int]) -> list[Item]:
    blocks = blocks_of(graph, whole_head=level == "layers")
    sides = [
        layer.output_shape[0]
        for block in blocks
        for layer in block.layers
        if len(layer.output_shape) > 1
    ]
    scale = Scale(max(sides, default=1))
    in_plates = shows_plates(blocks)
    items: list[Item] = []
    run = ""
    for number, block in enumerate(blocks):
        if level == "layers" or number in opened:
            is_framed = level == "blocks" or block.is_named or not shows_plates([block])
            items.append(opened_item(block, number, graph, is_framed))
            run = ""
        else:
            maps = block.shape[:-1]
            near = [each.shape[:-1] for each in blocks[max(0, number - 1) : number + 2]]
            item = closed_item(
                block,
                number,
                graph,
                scale,
                in_plates=in_plates,
                in_full=not block.run or block.run != run,
                with_maps=near.count(maps) == 1,
            )
            items.append(item)
            run = block.run
    return items


def _gap(item: Item) -> float:
    if item.is_open:
        return _OPEN_GAP if item.frame is not None else STEP
    return _GAP


def _rows(items: list[Item], row_width: float | None) -> list[list[Item]]:
    rows: list[list[Item]] = [[]]
    used = 0.0
    for item in items:
        if rows[-1] and row_width is not None and used + item.width > row_width:
            rows.append([])
            used = 0.0
        rows[-1].append(item)
        used += item.width + _gap(item)
    return rows


class _Placing:
    """Moves items to their places, row by row; a trial only measures."""

    def __init__(self, items: list[Item], rows: list[list[Item]], is_trial: bool = False) -> None:
        self.rows = rows
        self.brackets: list[Bracket] = []
        self.notes: list[Note] = []
        self._is_trial = is_trial
        self._has_stages = any(item.block.stage and item.maps for item in items)
        self._captions = [
            (each, text_width(each, SMALL_SIZE))
            for each in (say(N_("Maps")), say(N_("Channels")), say(N_("Parameters")))
        ]
        any_closed = any(not item.is_open for item in items)
        words = max(width for _, width in self._captions) + 14 if any_closed else 0.0
        self._left = MARGIN + words + (_FORWARD_ROOM if len(rows) > 1 else 0.0)
        self.width = 0.0
        self.height = 0.0
        self._y = MARGIN

    def rows_of(self) -> list[int]:
        """The row of each item, by its number."""
        return [number for number, row in enumerate(self.rows) for _ in row]

    def row(self, row: list[Item]) -> None:
        """Put one row in its place, below the last one."""
        axis = self._y - min(item.top for item in row)
        below = axis + max(item.bottom for item in row)
        has_cells = any(not item.is_open for item in row)
        cell_y = below + _CELL_GAP
        x = self._left
        ends: list[tuple[Item, float]] = []
        for item in row:
            ends.append((item, x))
            if not self._is_trial:
                _move(item, x, axis, cell_y)
            x += item.width + _gap(item)
        right = x - _gap(row[-1])
        bottom = below
        if has_cells:
            bottom = self._words(ends, cell_y + CELL_HEIGHT)
        self.width = max(self.width, right + MARGIN + (_FORWARD_ROOM if len(self.rows) > 1 else 0))
        self.height = bottom + MARGIN
        self._y = bottom + _ROW_GAP

    def _words(self, items: list[tuple[Item, float]], y: float) -> float:
        """What stands below the cells; returns where it ends."""
        lines = [y + _LINE * number for number in (1.25, 2.25, 3.0)]
        end = lines[-1] + (_LINE * 2.2 if self._has_stages else _LINE * 0.9)
        if self._is_trial:
            return end
        for (caption, _), line in zip(self._captions, (lines[2], lines[0], lines[1]), strict=True):
            down = 8.0 if caption == self._captions[0][0] else 0.0
            self.notes.append(Note(self._left - 14, line + down, caption, at_end=True))
        for item, x in items:
            if not item.is_open:
                middle = x + item.width / 2
                self.notes.append(Note(middle, lines[0], item.channels))
                self.notes.append(Note(middle, lines[1], item.parameters))
        self._brackets(items, lines[2] - 3, "maps")
        if self._has_stages:
            self._brackets(items, lines[2] + _LINE * 1.3 - 3, "stage")
        return end

    def _brackets(self, items: list[tuple[Item, float]], y: float, what: str) -> None:
        runs: list[tuple[str, float, float]] = []
        for item, x in items:
            has_maps = what == "maps" and bool(item.maps)
            text = item.maps if has_maps else item.block.stage
            if item.is_open or (what == "stage" and not item.maps):
                text = ""
            if text and runs and runs[-1][0] == text:
                runs[-1] = (text, runs[-1][1], x + item.width)
            else:
                runs.append((text, x, x + item.width))
        self.brackets += [
            Bracket(left + 2, right - 2, y, text, what == "stage")
            for text, left, right in runs
            if text
        ]


def _move(item: Item, x: float, y: float, cell_y: float) -> None:
    """``item`` to its place in the drawing."""
    item.boxes = [_moved(box, x, y, cell_y) for box in item.boxes]
    item.links = [
        replace(link, points=tuple((px + x, py + y) for px, py in link.points))
        for link in item.links
    ]
    item.merges = [replace(each, x=each.x + x, y=each.y + y) for each in item.merges]
    item.forks = [(px + x, py + y) for px, py in item.forks]
    item.arcs = {
        ends: (left + x, middle + y, height + y)
        for ends, (left, middle, height) in item.arcs.items()
    }
    item.entry += x
    item.exit += x
    item.top += y
    item.bottom += y
    item.axis = y
    item.left = x
    if item.frame is not None:
        item.frame = _moved_frame(item.frame, x, y)


def _moved(box: Box, x: float, y: float, cell_y: float) -> Box:
    cell = box.cell
    if cell is not None:
        cell = Rect(cell.x + x, cell_y, cell.width, cell.height)
    return replace(box, x=box.x + x, y=box.y + y, cell=cell)


def _moved_frame(frame: Frame, x: float, y: float) -> Frame:
    return replace(frame, x=frame.x + x, y=frame.y + y)
