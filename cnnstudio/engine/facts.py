"""What is told of a built network: every layer with shape, parameters, part, groups and cost."""

import math
from collections.abc import Iterable
from typing import Any, Literal

import keras

from cnnstudio.engine.layer_costs import detail_of, multiply_adds
from cnnstudio.engine.networks.head import is_head
from cnnstudio.engine.networks.own_model import notes_on, place_of
from cnnstudio.engine.networks.preprocessing import NAMES as INPUT_NAMES
from cnnstudio.project.layer_shapes import groups_of_list
from cnnstudio.project.layer_stages import with_stages
from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.network_facts import Group, LayerFacts, LayerPart, NetworkFacts
from cnnstudio.project.network_table import network_row


def describe(model: keras.Model, plan: NetworkPlan, num_classes: int) -> NetworkFacts:
    """Every layer of a model just built, in the network's order; frozen layers are counted as
    what they could train."""
    nodes = _nodes_of(model)
    parts = [_part(layer) for layer in model.layers]
    shapes = [tuple(_first(layer.output).shape[1:]) for layer in model.layers]
    groups = _groups(plan, model.layers, parts, shapes)
    layers = tuple(
        _describe_layer(layer, part, shape, group, nodes[id(layer)])
        for layer, part, shape, group in zip(model.layers, parts, shapes, groups, strict=True)
    )
    if network_row(plan).built_from != "own_model":
        return NetworkFacts(layers, num_classes, plan.resolved_output(num_classes))
    output: Literal["sigmoid", "softmax"] = "sigmoid" if shapes[-1] == (1,) else "softmax"
    return NetworkFacts(layers, num_classes, output, notes_on(plan))


def _describe_layer(
    layer: keras.Layer,
    part: LayerPart,
    shape: tuple[int, ...],
    groups: tuple[Group, ...],
    nodes: list[Any],
) -> LayerFacts:
    return LayerFacts(
        name=layer.name,
        type=type(layer).__name__.lstrip("_"),
        output_shape=shape,
        parameters=layer.count_params(),
        trainable_parameters=_trainable_parameters(layer),
        part=part,
        groups=groups,
        inputs=_input_names(nodes),
        multiply_adds=sum(_cost(layer, node) for node in nodes if not node.is_input),
        detail=_detail(layer, part),
    )


def _part(layer: keras.Layer) -> LayerPart:
    place = place_of(layer)
    if place is not None:
        return place.part
    if layer.name in INPUT_NAMES:
        return "input"
    return "head" if is_head(layer.name) else "base"


def _groups(
    plan: NetworkPlan,
    layers: list[keras.Layer],
    parts: list[LayerPart],
    shapes: list[tuple[int, ...]],
) -> list[tuple[Group, ...]]:
    """Stage and block of every layer; input and head are in none."""
    places = [place for place, part in enumerate(parts) if part == "base"]
    names = [layers[place].name for place in places]
    row = network_row(plan)
    match row.built_from:
        case "own_layers":
            seen = [shape for part, shape in zip(parts, shapes, strict=True) if part == "input"]
            blocks = _groups_of_own_layers(plan, names, seen[-1])
        case "own_model":
            found_places = [place_of(layers[place]) for place in places]
            blocks = [() if place is None else place.groups for place in found_places]
        case _:
            blocks = row.groups_of(names)
    stages = with_stages(blocks, [shapes[place] for place in places])
    found: list[tuple[Group, ...]] = [()] * len(layers)
    for place, groups in zip(places, stages, strict=True):
        found[place] = groups
    return found


def _groups_of_own_layers(
    plan: NetworkPlan, names: list[str], input_shape: tuple[int, ...]
) -> list[tuple[Group, ...]]:
    """What a block of the list is made of is called after it, ``{name}_...``."""
    of_list = groups_of_list(plan.layers, input_shape)
    longest_first = sorted(of_list, key=len, reverse=True)
    found: list[tuple[Group, ...]] = []
    for name in names:
        whole = next((each for each in longest_first if f"{name}_".startswith(f"{each}_")), None)
        found.append(() if whole is None else (of_list[whole],))
    return found


def _nodes_of(model: keras.Model) -> dict[int, list[Any]]:
    """The calls of each layer, by its id, that are part of ``model``.

    A layer may have been called outside of it too, as when a base is built by itself first.
    """
    found: dict[int, list[Any]] = {}
    for nodes in model._nodes_by_depth.values():
        for node in nodes:
            found.setdefault(id(node.operation), []).append(node)
    return found


def _input_names(nodes: list[Any]) -> tuple[str, ...]:
    """Names of the layers whose output is taken, seen through operations that are no layers."""
    tensors = [tensor for node in nodes for tensor in node.input_tensors]
    return tuple(dict.fromkeys(name for tensor in tensors for name in _makers(tensor)))


def _makers(tensor: Any) -> Iterable[str]:
    """Names of the nearest layers behind ``tensor``, such as both that ``a + b`` adds."""
    waiting, seen = [tensor], set()
    while waiting:
        history = waiting.pop(0)._keras_history
        operation = history.operation
        if id(operation) in seen:
            continue
        seen.add(id(operation))
        if isinstance(operation, keras.Layer):
            yield operation.name
        elif operation is not None:
            waiting += operation._inbound_nodes[history.node_index].input_tensors


def _cost(layer: keras.Layer, node: Any) -> int:
    given = [tuple(tensor.shape[1:]) for tensor in node.input_tensors]
    return multiply_adds(layer, given, tuple(node.outputs[0].shape[1:]))


def _first(output: Any) -> Any:
    """Of several outputs the first."""
    return output[0] if isinstance(output, list | tuple) else output


def _trainable_parameters(layer: keras.Layer) -> int:
    was_trainable = layer.trainable
    if not was_trainable:
        layer.trainable = True
    try:
        return sum(math.prod(weight.shape) for weight in layer.trainable_weights)
    finally:
        if not was_trainable:
            layer.trainable = False


def _detail(layer: keras.Layer, part: LayerPart) -> str:
    """What the layer's name does not say. How much the head leaves out is not structure: one
    description serves every rate."""
    is_of_head = part == "head" and isinstance(layer, keras.layers.Dropout)
    return "" if is_of_head else detail_of(layer)
