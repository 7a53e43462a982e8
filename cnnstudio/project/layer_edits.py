"""Changes of a list of layers, each giving a new list. Places count from 0."""

from collections.abc import Iterable

from cnnstudio.project.layer_kinds import Layer
from cnnstudio.project.layer_list import AnyLayer, LayerList
from cnnstudio.project.layer_names import with_own_name


def insert_layer(layers: LayerList, place: int, layer: AnyLayer) -> LayerList:
    """``layers`` with ``layer`` before the one at ``place``, under a name of its own."""
    place = min(max(place, 0), len(layers))
    named = with_own_name(layer, {each.name for each in layers})
    return (*layers[:place], named, *layers[place:])


def remove_layers(layers: LayerList, places: Iterable[int]) -> LayerList:
    """``layers`` without those at ``places``."""
    gone = set(places)
    return tuple(layer for place, layer in enumerate(layers) if place not in gone)


def move_layers(layers: LayerList, places: Iterable[int], to: int) -> LayerList:
    """Those at ``places``, in their order, before the layer that stands at ``to`` now."""
    chosen = sorted(set(places) & set(range(len(layers))))
    moved = [layers[place] for place in chosen]
    before = [layer for place, layer in enumerate(layers[:to]) if place not in chosen]
    behind = [layer for place, layer in enumerate(layers) if place >= to and place not in chosen]
    return (*before, *moved, *behind)


def move_by_one(layers: LayerList, places: Iterable[int], down: bool) -> LayerList:
    """Those at ``places`` as one group, one place up or down; unchanged at the end of the list."""
    chosen = sorted(set(places) & set(range(len(layers))))
    if not chosen:
        return layers
    if down:
        return move_layers(layers, chosen, min(chosen[-1] + 2, len(layers)))
    return move_layers(layers, chosen, max(chosen[0] - 1, 0))


def duplicate_layers(layers: LayerList, places: Iterable[int]) -> LayerList:
    """``layers`` with copies of those at ``places`` behind the last of them."""
    chosen = sorted(set(places) & set(range(len(layers))))
    found = layers
    for number, place in enumerate(chosen):
        unnamed = layers[place].model_copy(update={"name": ""})
        found = insert_layer(found, chosen[-1] + 1 + number, unnamed)
    return found


def replace_layer(layers: LayerList, place: int, layer: AnyLayer) -> LayerList:
    """``layers`` with ``layer`` at ``place``; a name that another one has is not taken over."""
    others = {each.name for number, each in enumerate(layers) if number != place}
    named = with_own_name(layer, others)
    return (*layers[:place], named, *layers[place + 1 :])


def new_layer(kind: type[Layer]) -> AnyLayer:
    """A layer of ``kind`` as it is usually begun with, still without a name."""
    made: AnyLayer = kind()  # type: ignore[assignment]
    return made
