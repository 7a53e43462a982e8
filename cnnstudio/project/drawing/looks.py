"""From boxes, lines and frames to shapes."""

from cnnstudio.project.drawing.inks import (
    FRAME_EDGE,
    LINE,
    LOOKS,
    POOL_FRONT,
    POOL_SIDE,
    POOL_TOP,
    QUIET,
    SKIP,
    SURFACE,
    TEXT,
    Ink,
    Look,
)
from cnnstudio.project.drawing.shapes import (
    Area,
    Disc,
    Shape,
    Stroke,
    Words,
    arrow_head,
    rectangle,
    snowflake,
)
from cnnstudio.project.drawing.sizes import SMALL_SIZE, TITLE_SIZE, text_width
from cnnstudio.project.drawing.values import (
    Box,
    Bracket,
    Frame,
    Link,
    Merge,
    Note,
    Plate,
    Sign,
    State,
)

_CORNER = 7.0
_CHIP_CORNER = 6.0
_SLANT = 10.0
_MERGE_RADIUS = 11.0
_CHIP_SIZE = 9.5
_FLAKE = 14.0


def box_shapes(box: Box, state: State) -> list[Shape]:
    """Everything of one box."""
    look = LOOKS[state]
    match box.form:
        case "slab":
            shapes = _slab(box, look, state)
        case "bar":
            shapes = _bar(box, look)
        case "card":
            shapes = _card(box, look, state)
        case "chip":
            shapes = _chip(box, look, state)
        case "merge":
            shapes = merge_shapes(Merge(*box.middle, box.sign))
    if box.cell is not None:
        shapes += _cell(box, look, state)
    return shapes


def link_shapes(link: Link) -> list[Shape]:
    """A line and its head."""
    ink = SKIP if link.kind == "skip" else LINE
    width = 1.6 if link.kind == "skip" else 1.3
    shapes: list[Shape] = [Stroke(link.points, ink, width, _CORNER)]
    if link.has_arrow:
        shapes.append(arrow_head(link.points[-2], link.points[-1], ink))
    return shapes


def fork_shapes(x: float, y: float) -> list[Shape]:
    """Where one way becomes several."""
    return [Disc(x, y, 2.6, SKIP)]


def merge_shapes(merge: Merge) -> list[Shape]:
    """Where ways come together: added, multiplied, or stacked."""
    x, y = merge.x, merge.y
    disc = Disc(x, y, _MERGE_RADIUS - 1, SURFACE, SKIP, 1.5)
    return [disc, *_sign(merge.sign, x, y)]


def frame_shapes(frame: Frame, state: State) -> list[Shape]:
    """Around the layers of an opened block, with its title."""
    look = LOOKS[state]
    fill, edge = SURFACE, FRAME_EDGE
    if state in ("frozen", "trained", "partly"):
        fill = Ink(look.cell.token, "surface", 0.55)
        edge = Ink(look.cell.token, look.edge.token, 0.35)
    x, y = frame.x + 14, frame.y + 17
    shapes: list[Shape] = [
        rectangle(frame.x, frame.y, frame.width, frame.height, fill, edge, 1.0, 10.0)
    ]
    if state in ("frozen", "partly"):
        shapes += snowflake(x + 6, y, _FLAKE, LOOKS["frozen"].text)
        x += 18
    shapes.append(Words(x, y, frame.title, TITLE_SIZE, look.text, "start", True))
    x += text_width(frame.title, TITLE_SIZE) * 1.08 + 10
    shapes.append(Words(x, y, frame.second, SMALL_SIZE, QUIET, "start"))
    return shapes


def bracket_shapes(bracket: Bracket) -> list[Shape]:
    """A line with feet, and its words below."""
    feet = (
        (bracket.x, bracket.y - 4),
        (bracket.x, bracket.y),
        (bracket.right, bracket.y),
        (bracket.right, bracket.y - 4),
    )
    middle = (bracket.x + bracket.right) / 2
    ink = TEXT if bracket.is_strong else QUIET
    return [
        Stroke(feet, LINE, 1.0, 2.0),
        Words(middle, bracket.y + 11, bracket.text, SMALL_SIZE, ink, "middle"),
    ]


def note_shapes(note: Note) -> list[Shape]:
    """A quiet text."""
    if note.at_end:
        return [Words(note.x, note.y, note.text, SMALL_SIZE, QUIET, "end")]
    return [Words(note.x, note.y, note.text, SMALL_SIZE, TEXT)]


def _slab(box: Box, look: Look, state: State) -> list[Shape]:
    shapes: list[Shape] = []
    axis = box.y + max(plate.depth for plate in box.plates)
    axis += max(plate.height for plate in box.plates) / 2
    for plate in box.plates:
        shapes += _plate(box.x + plate.x, axis, plate, look, box.shares, state)
    return shapes


def _plate(
    x: float, axis: float, plate: Plate, look: Look, shares: tuple[float, ...], state: State
) -> list[Shape]:
    """A box seen from the front and a little from above: in front its thickness, the channels;
    to the side a map."""
    top, bottom = axis - plate.height / 2, axis + plate.height / 2
    right, back = x + plate.width, plate.depth
    front, upper, side, edge = look.front, look.top, look.side, look.edge
    if plate.kind == "pool":
        front, upper, side, edge = POOL_FRONT, POOL_TOP, POOL_SIDE, POOL_FRONT
    upper_area = ((x, top), (x + back, top - back), (right + back, top - back), (right, top))
    side_area = (
        (right, top),
        (right + back, top - back),
        (right + back, bottom - back),
        (right, bottom),
    )
    shapes: list[Shape] = [
        Area(upper_area, upper, edge),
        Area(side_area, side, edge),
        rectangle(x, top, plate.width, plate.height, front, edge),
    ]
    if state == "partly" and plate.kind != "pool":
        cold = LOOKS["frozen"]
        half = plate.height / 2
        shapes.append(rectangle(x, top, plate.width, half, cold.front, edge))
        shapes.append(
            Area(
                (
                    (right, top),
                    (right + back, top - back),
                    (right + back, top - back + half),
                    (right, top + half),
                ),
                cold.side,
                edge,
            )
        )
    y = top
    for share in shares[:-1]:
        y += share * plate.height
        shapes.append(Stroke(((x, y), (right, y), (right + back, y - back)), edge, 1.0))
    return shapes


def _bar(box: Box, look: Look) -> list[Shape]:
    x, y = box.x, box.y
    shapes: list[Shape] = [
        rectangle(x, y, box.width, box.height, look.front, look.edge, 1.0, box.width / 2)
    ]
    spots = min(7, int(box.height // 14))
    for number in range(spots):
        middle = y + box.height * (number + 0.5) / spots
        shapes.append(Disc(x + box.width / 2, middle, 2.6, SURFACE, look.edge))
    return shapes


def _cell(box: Box, look: Look, state: State) -> list[Shape]:
    cell = box.cell
    assert cell is not None
    shapes: list[Shape] = [
        rectangle(cell.x, cell.y, cell.width, cell.height, look.cell, None, 0.0, 4.0)
    ]
    x, y = cell.middle
    words = min(text_width(box.label, TITLE_SIZE), cell.width)
    has_flake = state in ("frozen", "partly")
    if has_flake:
        left = x - (words + _FLAKE + 3) / 2
        shapes += snowflake(left + _FLAKE / 2, y, _FLAKE, LOOKS["frozen"].text)
        x += (_FLAKE + 3) / 2
    room = cell.width - (_FLAKE + 6 if has_flake else 4)
    shapes.append(Words(x, y, box.label, TITLE_SIZE, look.text, "middle", room=room))
    return shapes


def _card(box: Box, look: Look, state: State) -> list[Shape]:
    """A layer with room for its words: a dense one is round, a pooling narrows to its end."""
    x, y, width, height = box.x, box.y, box.width, box.height
    edge_width = 1.6 if state in ("trained", "frozen") else 1.2
    fill = look.side if state != "plain" else SURFACE
    if box.kind == "pool":
        corners = (
            (x, y),
            (x + width, y + _SLANT * 0.8),
            (x + width, y + height - _SLANT * 0.8),
            (x, y + height),
        )
        area = Area(corners, fill, look.edge, edge_width, 3.0)
    else:
        radius = height / 2 if box.kind == "dense" else 5.0
        area = rectangle(x, y, width, height, fill, look.edge, edge_width, radius)
    middle = x + width / 2 - (_SLANT / 4 if box.kind == "pool" else 0.0)
    shapes: list[Shape] = [
        area,
        Words(middle, y + 15, box.label, TITLE_SIZE, look.text, "middle", True),
        Words(middle, y + 31, box.second, SMALL_SIZE, TEXT),
    ]
    if state == "frozen":
        shapes += _corner_flake(box)
    return shapes


def _corner_flake(box: Box) -> list[Shape]:
    """A snowflake on the upper right corner."""
    x, y = box.right - 3, box.y + 1
    cold = LOOKS["frozen"]
    return [Disc(x, y, 8.0, cold.cell, cold.edge), *snowflake(x, y, 11.0, cold.text, 1.1)]


def _chip(box: Box, look: Look, state: State) -> list[Shape]:
    fill = look.side if state != "plain" else SURFACE
    is_dashed = box.kind == "other" and state == "plain"
    shapes: list[Shape] = [
        rectangle(
            box.x, box.y, box.width, box.height, fill, look.edge, 1.2, _CHIP_CORNER, is_dashed
        ),
        Words(*box.middle, box.label, _CHIP_SIZE, look.text, room=box.width - 4),
    ]
    return shapes


def _sign(sign: Sign, x: float, y: float) -> list[Shape]:
    reach = 4.5
    lines: list[tuple[float, float, float, float]]
    match sign:
        case "add":
            lines = [(-reach, 0, reach, 0), (0, -reach, 0, reach)]
        case "multiply":
            lines = [(-3.4, -3.4, 3.4, 3.4), (-3.4, 3.4, 3.4, -3.4)]
        case "stack":
            lines = [(-reach, step, reach, step) for step in (-3.6, 0, 3.6)]
        case _:
            return [Disc(x, y, 2.4, SKIP)]
    return [Stroke(((x + a, y + b), (x + c, y + d)), SKIP, 1.8) for a, b, c, d in lines]
