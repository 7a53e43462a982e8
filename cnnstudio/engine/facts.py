"""What is told of a built network: every layer with shape, parameters, part and block."""

import keras

from cnnstudio.engine.networks.head import is_head
from cnnstudio.engine.networks.preprocessing import NAMES as INPUT_NAMES
from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.network_facts import LayerFacts, LayerPart, NetworkFacts
from cnnstudio.project.network_table import NetworkRow, network_row


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
    block, block_value = row.block_of(layer.name) if part == "base" else ("", "")
    return LayerFacts(
        name=layer.name,
        type=type(layer).__name__,
        output_shape=tuple(layer.output.shape[1:]),
        parameters=layer.count_params(),
        trainable_parameters=_trainable_parameters(layer),
        part=part,
        block=block,
        block_value=block_value,
    )


def _trainable_parameters(layer: keras.Layer) -> int:
    was_trainable = layer.trainable
    layer.trainable = True
    try:
        return sum(weight.value.shape.num_elements() for weight in layer.trainable_weights)
    finally:
        layer.trainable = was_trainable
