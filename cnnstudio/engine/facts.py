"""What is told of a built network: every layer with shape, parameters, part, groups and cost."""

from typing import Any

import keras

from cnnstudio.engine.networks.head import is_head
from cnnstudio.engine.networks.preprocessing import NAMES as INPUT_NAMES
from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.network_facts import Group, LayerFacts, LayerPart, NetworkFacts
from cnnstudio.project.network_row import NetworkRow
from cnnstudio.project.network_table import network_row


def describe(model: keras.Model, plan: NetworkPlan, num_classes: int) -> NetworkFacts:
    """Every layer of a model just built, in the network's order; frozen layers are counted as
    what they could train."""
    row = network_row(plan)
    layers = tuple(_describe_layer(layer, row) for layer in model.layers)
    return NetworkFacts(layers, num_classes, plan.resolved_output(num_classes))


def _describe_layer(layer: keras.Layer, row: NetworkRow) -> LayerFacts:
    part: LayerPart = "base"
    if layer.name in INPUT_NAMES:
        part = "input"
    elif is_head(layer.name):
        part = "head"
    block = row.block_of(layer.name) if part == "base" else ("", "")
    groups: tuple[Group, ...] = (block,) if block[0] else ()
    return LayerFacts(
        name=layer.name,
        type=type(layer).__name__,
        output_shape=tuple(layer.output.shape[1:]),
        parameters=layer.count_params(),
        trainable_parameters=_trainable_parameters(layer),
        part=part,
        groups=groups,
        inputs=_input_names(layer),
        multiply_adds=_multiply_adds(layer),
    )


def _input_names(layer: keras.Layer) -> tuple[str, ...]:
    """Names of the layers whose output ``layer`` takes."""
    tensors = layer._inbound_nodes[0].input_tensors
    return tuple(dict.fromkeys(tensor._keras_history.operation.name for tensor in tensors))


def _multiply_adds(layer: keras.Layer) -> int:
    """What one picture costs forward, see :class:`LayerFacts`."""
    shape = layer.output.shape[1:]
    numbers = _product(shape)
    kernels = [w for w in layer.weights if len(w.shape) > 1]
    if not kernels:
        return numbers
    places = _product(shape[:-1])
    return places * sum(_product(kernel.shape) for kernel in kernels)


def _product(shape: Any) -> int:
    product = 1
    for side in shape:
        product *= side
    return product


def _trainable_parameters(layer: keras.Layer) -> int:
    was_trainable = layer.trainable
    layer.trainable = True
    try:
        return sum(_product(weight.shape) for weight in layer.trainable_weights)
    finally:
        layer.trainable = was_trainable
