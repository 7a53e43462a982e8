"""Where the weights of a layer begin, and what their size costs."""

from typing import Any

import keras

from cnnstudio.project.layer_kinds import Conv2D, Dense, Initialiser, SeparableConv2D


def beginning(initialiser: Initialiser, constant: float = 0.0) -> keras.initializers.Initializer:
    """A new initialiser of that name; ``constant`` counts for the one called so."""
    if initialiser == "constant":
        return keras.initializers.Constant(constant)
    return keras.initializers.get(initialiser)


def price(l1: float, l2: float) -> keras.regularizers.Regularizer | None:
    """What is added to the loss for the weights' size; None where they cost nothing."""
    return keras.regularizers.L1L2(l1, l2) if l1 or l2 else None


def kernel_settings(layer: Conv2D | SeparableConv2D | Dense, *kernels: str) -> dict[str, Any]:
    """Keras' arguments for each of the layer's ``kernels``: where it begins, what it costs."""
    settings: dict[str, Any] = {}
    for kernel in kernels:
        settings[f"{kernel}_initializer"] = beginning(layer.initialiser, layer.constant)
        settings[f"{kernel}_regularizer"] = price(layer.l1, layer.l2)
    return settings
