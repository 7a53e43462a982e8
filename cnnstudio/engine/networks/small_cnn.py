"""Small CNN: a plain network that learns from nothing but the pictures at hand."""

from typing import Any

import keras

_CHANNELS = (16, 32, 64, 128)

# Moving averages must have settled after the few dozen steps that a short training has.
_NORM_MOMENTUM = 0.8


def small_cnn(picture: Any) -> Any:
    """Follow ``picture`` (batch, size, size, 3) with four blocks, each halving the side."""
    layers = keras.layers
    features = picture
    for number, channels in enumerate(_CHANNELS, start=1):
        name = f"block{number}"
        features = layers.Conv2D(channels, 3, padding="same", use_bias=False, name=f"{name}_conv")(
            features
        )
        features = layers.BatchNormalization(momentum=_NORM_MOMENTUM, name=f"{name}_norm")(features)
        features = layers.ReLU(name=f"{name}_relu")(features)
        features = layers.MaxPooling2D(2, name=f"{name}_pool")(features)
    return features
