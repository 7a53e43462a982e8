"""What stands on the line from left to right: closed blocks, and opened ones with their layers."""

from dataclasses import dataclass, field

from cnnstudio.project.drawing.boxes import (
    layer_box,
    layer_size,
    maps_text,
    numbers_below,
    seen_as_one,
)
from cnnstudio.project.drawing.graph import Block, Graph
from cnnstudio.project.drawing.lanes import Lanes
from cnnstudio.project.drawing.layer_signs import kind_of
from cnnstudio.project.drawing.sizes import (
    SMALL_SIZE,
    TITLE_SIZE,
    Scale,
    elided,
    shape_text,
    short_number,
    text_width,
)
from cnnstudio.project.drawing.values import Box, Frame, Link, Merge, Point, Rect
from cnnstudio.project.words import N_, say

CELL_HEIGHT = 22.0
_CELL_MARGINS = 30.0
"""Around a cell's label: room for a snowflake, and air."""

_FULL_TITLE_ROOM = 160.0
_SLOT = 42.0
_SKIP_ROOM = 16.0
_MERGE_ROOM = 22.0
_SKIP_HEIGHT = 14.0
_FRAME_MARGIN = 16.0
_FRAME_HEAD = 30.0


@dataclass
class Item:
    """One block on the line, from x = 0, the line at y = 0.

    ``entry`` and ``exit`` are where lines come and go while it is closed; ``axis`` and ``left``
    say where it was put in the drawing. ``placed`` names what its boxes stand for.
    """

    block: Block
    number: int
    width: float
    top: float
    bottom: float
    boxes: list[Box]
    entry: float = 0.0
    exit: float = 0.0
    frame: Frame | None = None
    links: list[Link] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    forks: list[Point] = field(default_factory=list)
    arcs: dict[tuple[str, str], tuple[float, float, float]] = field(default_factory=dict)
    maps: str = ""
    channels: str = ""
    parameters: str = ""
    axis: float = 0.0
    left: float = 0.0
    is_open: bool = False
    placed: tuple[str, ...] = ()


def closed_item(
    block: Block,
    number: int,
    graph: Graph,
    scale: Scale,
    *,
    in_plates: bool,
    in_full: bool,
    with_maps: bool,
) -> Item:
    """``block`` as one slab with a cell below; ``in_full`` gives it its whole title, ``with_maps``
    room for the size of its maps."""
    seen = seen_as_one(block, graph, scale, in_plates)
    before = _SKIP_ROOM if seen.skip else 0.0
    after = _SKIP_ROOM + _MERGE_ROOM if seen.skip else 0.0
    channels, parameters = numbers_below(block)
    label = (block.own_title or block.title) if in_full else block.label
    label = elided(label, TITLE_SIZE, _FULL_TITLE_ROOM - _CELL_MARGINS)
    slot = max(
        _SLOT,
        before + seen.width + after,
        min(_FULL_TITLE_ROOM, text_width(label, TITLE_SIZE) + _CELL_MARGINS),
        text_width(parameters, SMALL_SIZE) + 8,
        text_width(maps_text(block), SMALL_SIZE) + 6 if with_maps else 0.0,
    )
    left = (slot - before - seen.width - after) / 2 + before
    depth = seen.plates[-1].depth
    front = max(plate.height for plate in seen.plates) / 2
    box = Box(
        x=left,
        y=-front - max(plate.depth for plate in seen.plates),
        width=seen.width,
        height=2 * front + max(plate.depth for plate in seen.plates),
        title=block.title,
        shape=block.shape,
        parameters=block.parameters,
        layers=block.names,
        kind=seen.kind,
        form="slab" if len(block.shape) > 1 else "bar",
        block=number,
        label=label,
        plates=seen.plates,
        shares=seen.shares,
        cell=Rect(1.5, 0.0, slot - 3, CELL_HEIGHT),  # lowered when the row's height is known
    )
    last = seen.plates[-1]
    right = left + last.x + last.width + depth / 2
    item = Item(
        block, number, slot, box.y, front, [box], left, right,
        maps=maps_text(block), channels=channels, parameters=parameters,
    )  # fmt: skip
    if seen.skip:
        start, height = left - _SKIP_ROOM / 2, box.y - _SKIP_HEIGHT
        end = left + seen.width + _SKIP_ROOM / 2 + _MERGE_ROOM / 2
        item.forks.append((start, 0.0))
        item.merges.append(Merge(end, 0.0, seen.skip))
        way = ((start, 0.0), (start, height), (end, height), (end, -_MERGE_ROOM / 2))
        item.links.append(Link(way, "skip"))
        item.links.append(Link(((start, 0.0), (left, 0.0)), "chain", has_arrow=False))
        item.links.append(Link(((right, 0.0), (end - _MERGE_ROOM / 2, 0.0)), "chain"))
        item.entry, item.exit, item.top = start, end + _MERGE_ROOM / 2, height
    return item


def opened_item(block: Block, number: int, graph: Graph, is_framed: bool) -> Item:
    """``block`` as its layers, with a frame around them that bears its title."""
    sizes = {name: layer_size(graph.by_name[name]) for name in block.steps}
    part = Lanes(graph, sizes.__getitem__).place(block.steps)
    margin = _FRAME_MARGIN if is_framed else 0.0
    boxes = [
        layer_box(graph.by_name[name], left + margin, middle, number, graph.unnamed.get(name, name))
        for name, (left, middle) in part.places.items()
    ]
    arcs = {
        ends: (left + margin, middle, height) for ends, (left, middle, height) in part.arcs.items()
    }
    if not is_framed:
        return Item(
            block, number, part.width, part.top, part.bottom, boxes, 0.0, part.width,
            arcs=arcs, is_open=True, placed=tuple(part.places),
        )  # fmt: skip
    second = shape_text(block.shape)
    if block.parameters:
        second = say(
            N_("{shape} · {parameters} parameters"),
            shape=second,
            parameters=short_number(block.parameters),
        )
    head = text_width(block.title, TITLE_SIZE) + text_width(second, SMALL_SIZE) + 34
    width = max(part.width + 2 * _FRAME_MARGIN, head + 2 * _FRAME_MARGIN)
    top = part.top - _FRAME_MARGIN / 2 - _FRAME_HEAD
    bottom = part.bottom + _FRAME_MARGIN
    frame = Frame(0.0, top, width, bottom - top, block.title, second, number, block.names)
    return Item(
        block, number, width, top, bottom, boxes, 0.0, width,
        frame=frame, arcs=arcs, is_open=True, placed=tuple(part.places),
    )  # fmt: skip


def shows_plates(blocks: list[Block]) -> bool:
    """Whether closed blocks show each convolution: where the whole network is one straight way."""
    return not any(kind_of(layer) == "merge" for block in blocks for layer in block.layers)
