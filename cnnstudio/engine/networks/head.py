"""The last layers of every model: from the base's feature maps to probabilities."""

from typing import Any, Literal

import keras

from cnnstudio.project.dense_layers import DenseLayer
from cnnstudio.project.network import NetworkPlan, Pooling

OUTPUT_NAME = "output"
_PREFIX = "head"

_POOLINGS: dict[Pooling, type[keras.Layer]] = {
    "average": keras.layers.GlobalAveragePooling2D,
    "max": keras.layers.GlobalMaxPooling2D,
    "flatten": keras.layers.Flatten,
}


def add_head(features: Any, plan: NetworkPlan, num_classes: int) -> Any:
    """Follow the symbolic ``features`` (batch, height, width, channels) with the plan's head.

    Features that are a list of numbers already, (batch, units), are not pooled.
    Gives (batch, 1) for a sigmoid output - the probability of the class of index 1 - and
    (batch, ``num_classes``) for softmax.
    """
    layers = keras.layers
    numbers = features
    if len(features.shape) > 2:
        numbers = _POOLINGS[plan.pooling](name=f"{_PREFIX}_pooling")(features)
    for number, dense in enumerate(plan.dense, start=1):
        numbers = _add_dense(numbers, dense, f"{_PREFIX}_dense{number}")
    if plan.dropout > 0:
        numbers = layers.Dropout(plan.dropout, name=f"{_PREFIX}_dropout")(numbers)
    return output_layer(plan, num_classes, OUTPUT_NAME)(numbers)


def output_layer(plan: NetworkPlan, num_classes: int, name: str) -> keras.Layer:
    """The layer that gives the probabilities, as the plan says for ``num_classes``."""
    output: Literal["sigmoid", "softmax"] = plan.resolved_output(num_classes)
    units = 1 if output == "sigmoid" else num_classes
    return keras.layers.Dense(units, activation=output, name=name)


def _add_dense(numbers: Any, dense: DenseLayer, name: str) -> Any:
    layers = keras.layers
    if dense.batch_norm:
        numbers = layers.Dense(dense.units, name=name)(numbers)
        numbers = layers.BatchNormalization(name=f"{name}_norm")(numbers)
        numbers = layers.Activation(dense.activation, name=f"{name}_activation")(numbers)
    else:
        numbers = layers.Dense(dense.units, activation=dense.activation, name=name)(numbers)
    if dense.dropout:
        numbers = layers.Dropout(dense.dropout, name=f"{name}_dropout")(numbers)
    return numbers


def is_head(layer_name: str) -> bool:
    """Whether a layer of this name was made by :func:`add_head`."""
    return layer_name == OUTPUT_NAME or layer_name.startswith(f"{_PREFIX}_")
