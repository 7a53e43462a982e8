"""Blocks and layers as boxes: how large each is, and what it bears."""

from dataclasses import dataclass

from cnnstudio.project.drawing.graph import Block, Graph
from cnnstudio.project.drawing.layer_signs import chip_letters_of, kind_of, letters_of, sign_of
from cnnstudio.project.drawing.sizes import (
    SMALL_SIZE,
    TITLE_SIZE,
    Scale,
    shape_text,
    short_number,
    text_width,
)
from cnnstudio.project.drawing.values import Box, Form, Kind, Plate, Sign
from cnnstudio.project.network_facts import LayerFacts

_CARD_HEIGHT = 44.0
_CARD_MARGINS = 22.0
_NARROWEST_CARD = 72.0
_CARD_SLANT = 10.0
_CHIP = 30.0
_CHIP_MARGINS = 12.0
_MERGE = 22.0
_CHIP_LETTER_SIZE = 9.5
_POOL_PLATE = 5.0
_PLATE_GAP = 7.0
_MOST_PLATES = 8

_FORMS: dict[Kind, Form] = {
    "input": "card",
    "conv": "card",
    "pool": "card",
    "dense": "card",
    "merge": "merge",
}


@dataclass(frozen=True)
class Seen:
    """A block as one slab or bar. ``skip`` is the sign of what its way past it ends in."""

    width: float
    height: float
    plates: tuple[Plate, ...]
    shares: tuple[float, ...]
    skip: Sign
    kind: Kind


def layer_box(layer: LayerFacts, x: float, y: float, block: int, name: str) -> Box:
    """The box of a single layer, its left edge at ``x`` and its middle at ``y``; ``name`` is the
    layer that it leads to."""
    width, height = layer_size(layer)
    kind = kind_of(layer)
    form = _FORMS.get(kind, "chip")
    return Box(
        x=x,
        y=y - height / 2,
        width=width,
        height=height,
        title=name,
        shape=layer.output_shape,
        parameters=layer.parameters,
        layers=(name,),
        kind=kind,
        form=form,
        block=block,
        label=chip_letters_of(layer) if form == "chip" else letters_of(layer),
        second=shape_text(layer.output_shape) if form == "card" else "",
        sign=sign_of(layer),
    )


def layer_size(layer: LayerFacts) -> tuple[float, float]:
    """Width and height of the box of a single layer."""
    form = _FORMS.get(kind_of(layer), "chip")
    if form == "merge":
        return _MERGE, _MERGE
    if form == "chip":
        letters = text_width(chip_letters_of(layer), _CHIP_LETTER_SIZE)
        return max(_CHIP, letters + _CHIP_MARGINS), _CHIP
    first = text_width(letters_of(layer), TITLE_SIZE)
    second = text_width(shape_text(layer.output_shape), SMALL_SIZE)
    slant = _CARD_SLANT if kind_of(layer) == "pool" else 0.0
    return max(_NARROWEST_CARD, max(first, second) + _CARD_MARGINS + slant), _CARD_HEIGHT


def seen_as_one(block: Block, graph: Graph, scale: Scale, in_plates: bool) -> Seen:
    """How ``block`` looks when it is closed; ``in_plates`` shows each convolution in it."""
    kind: Kind = "input" if block.layers[0].part == "input" else "block"
    if len(block.layers) == 1 or len(block.shape) == 1:
        kind = kind_of(block.layers[0])
    if len(block.shape) < 2:
        width, height = scale.bar(block.shape)
        plate = Plate(0.0, width, height, 0.0, kind)
        return Seen(width, height, (plate,), (), "", kind)
    shares, skip = _ways(block, graph)
    plates = _plates(block, scale) if in_plates else ()
    if not plates:
        width, height, depth = scale.slab(block.shape)
        plates = (Plate(0.0, width, height, depth, kind),)
    width = max(plate.x + plate.width + plate.depth for plate in plates)
    height = max(plate.height + 2 * plate.depth for plate in plates)
    return Seen(width, height, plates, shares, skip, kind)


def numbers_below(block: Block) -> tuple[str, str]:
    """Channels and parameters, as they stand below a closed block."""
    channels = str(block.shape[-1]) if block.shape else ""
    return channels, short_number(block.parameters) if block.parameters else "–"


def maps_text(block: Block) -> str:
    """The size of its maps, ``56 × 56``; empty for a list of numbers."""
    return shape_text(block.shape[:-1])


def _plates(block: Block, scale: Scale) -> tuple[Plate, ...]:
    layers = [each for each in block.layers if kind_of(each) in ("conv", "pool")]
    layers = [each for each in layers if len(each.output_shape) > 1]
    if not layers or len(layers) > _MOST_PLATES:
        return ()
    plates: list[Plate] = []
    x = 0.0
    for layer in layers:
        width, height, depth = scale.slab(layer.output_shape)
        kind = kind_of(layer)
        width = _POOL_PLATE if kind == "pool" else width
        plates.append(Plate(x, width, height, depth, kind))
        x += width + _PLATE_GAP
    return tuple(plates)


def _ways(block: Block, graph: Graph) -> tuple[tuple[float, ...], Sign]:
    """How a closed block shows its branches: shares of the channels, or a way past it.

    The last place where maps are added or stacked decides.
    """
    joins = [each for each in block.layers if sign_of(each) in ("add", "stack", "other")]
    if not joins:
        return (), ""
    last, inside = joins[-1], set(block.steps)
    if sign_of(last) != "stack":
        return (), sign_of(last)
    if any(name not in inside for name in graph.inputs[last.name]):
        return (), "stack"
    channels = [graph.by_name[name].output_shape[-1] for name in graph.inputs[last.name]]
    return tuple(each / sum(channels) for each in channels), ""
