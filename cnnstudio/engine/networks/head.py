"""The last layers of every model: from the base's feature maps to probabilities."""

from typing import Any, Literal

import keras

from cnnstudio.project.network import NetworkPlan

OUTPUT_NAME = "output"
_PREFIX = "head"


def add_head(features: Any, plan: NetworkPlan, num_classes: int) -> Any:
    """Follow the symbolic ``features`` (batch, height, width, channels) with the plan's head.

    Gives (batch, 1) for a sigmoid output - the probability of the class of index 1 - and
    (batch, ``num_classes``) for softmax.
    """
    layers = keras.layers
    pooling = layers.Flatten if plan.pooling == "flatten" else layers.GlobalAveragePooling2D
    numbers = pooling(name=f"{_PREFIX}_pooling")(features)
    if plan.dense_units:
        dense = layers.Dense(plan.dense_units, activation="relu", name=f"{_PREFIX}_dense")
        numbers = dense(numbers)
    if plan.dropout > 0:
        numbers = layers.Dropout(plan.dropout, name=f"{_PREFIX}_dropout")(numbers)
    output: Literal["sigmoid", "softmax"] = plan.resolved_output(num_classes)
    units = 1 if output == "sigmoid" else num_classes
    return layers.Dense(units, activation=output, name=OUTPUT_NAME)(numbers)


def is_head(layer_name: str) -> bool:
    """Whether a layer of this name was made by :func:`add_head`."""
    return layer_name == OUTPUT_NAME or layer_name.startswith(f"{_PREFIX}_")
