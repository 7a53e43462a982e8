"""A whole drawing as shapes: what lies behind first, each box with what it says of itself."""

from collections.abc import Iterator, Mapping

from cnnstudio.project.drawing.inks import Palette
from cnnstudio.project.drawing.layout import MARGIN
from cnnstudio.project.drawing.legend import legend
from cnnstudio.project.drawing.looks import (
    box_shapes,
    bracket_shapes,
    fork_shapes,
    frame_shapes,
    link_shapes,
    merge_shapes,
    note_shapes,
)
from cnnstudio.project.drawing.shapes import Shape
from cnnstudio.project.drawing.sizes import shape_text
from cnnstudio.project.drawing.states import state_of
from cnnstudio.project.drawing.svg import svg
from cnnstudio.project.drawing.values import Box, Drawing, State
from cnnstudio.project.network_facts import LayerFacts
from cnnstudio.project.words import N_, say, say_count

_NARROWEST_PAGE = 560.0
"""A legend needs some width even where the network is tiny."""

STATE_WORDS: dict[State, str] = {
    "trained": N_("trained"),
    "frozen": N_("frozen"),
    "partly": N_("partly trained"),
    "plain": N_("nothing to train"),
}


def whole(
    drawing: Drawing, layers: Mapping[str, LayerFacts], trained: frozenset[str]
) -> Iterator[tuple[str, list[Shape]]]:
    """Groups of shapes, from back to front; boxes are named."""
    for frame in drawing.frames:
        yield frame.title, frame_shapes(frame, state_of(frame.layers, layers, trained))
    for link in drawing.links:
        yield "", link_shapes(link)
    for x, y in drawing.forks:
        yield "", fork_shapes(x, y)
    for bracket in drawing.brackets:
        yield "", bracket_shapes(bracket)
    for note in drawing.notes:
        yield "", note_shapes(note)
    for box in drawing.boxes:
        state = state_of(box.layers, layers, trained)
        yield box_words(box, layers, state), box_shapes(box, state)
    for merge in drawing.merges:
        yield "", merge_shapes(merge)


def box_words(box: Box, layers: Mapping[str, LayerFacts], state: State) -> str:
    """Everything that is known of a box, for the mouse that rests on it and for screen readers."""
    values = {
        "name": box.title,
        "shape": shape_text(box.shape),
        "state": say(STATE_WORDS[state]),
        "parameters": say_count("{count:,} parameter", "{count:,} parameters", box.parameters),
    }
    if len(box.layers) == 1:
        layer = layers[box.layers[0]]
        detail = f" {layer.detail}" if layer.detail else ""
        return say(
            N_("{name}: {type}, {shape}, {parameters}, {state}"),
            type=f"{layer.type}{detail}",
            **values,
        )
    return say(
        N_("{name}: {layers}, {shape}, {parameters}, {state}"),
        layers=say_count("{count} layer", "{count} layers", len(box.layers)),
        **values,
    )


def as_svg(
    title: str,
    drawing: Drawing,
    layers: Mapping[str, LayerFacts],
    trained: frozenset[str],
    palette: Palette,
) -> str:
    """The whole drawing with its legend as the text of an SVG file."""
    total = sum(layers[name].parameters for box in drawing.boxes for name in box.layers)
    description = say(
        N_("{layers}, {parameters}; frozen ones are icy blue with a snowflake."),
        layers=say_count("{count} layer", "{count} layers", len(layers)),
        parameters=say_count("{count:,} parameter", "{count:,} parameters", total),
    )
    groups, width, height = page(drawing, layers, trained)
    return svg(groups, width, height, title, description, palette)


def page(
    drawing: Drawing, layers: Mapping[str, LayerFacts], trained: frozenset[str]
) -> tuple[list[tuple[str, list[Shape]]], float, float]:
    """The whole drawing with its legend below, its width and its height."""
    width = max(drawing.width, _NARROWEST_PAGE)
    below = legend(drawing, width - 2 * MARGIN)
    moved = [shape.moved(MARGIN, drawing.height) for shape in below.shapes]
    groups = [*whole(drawing, layers, trained), ("", moved)]
    return groups, width, drawing.height + below.height + MARGIN
