"""Small CNN: a plain network that learns from nothing but the pictures at hand."""

from typing import Any

import keras

_CHANNELS = (16, 32, 64, 96, 128)

# Of the maps that say what is seen, some are left out at each step; those that say where edges
# are, before block 3, are not.
_FIRST_DROPOUT_BLOCK = 3
_DROPOUT = 0.1

# Moving averages must have settled after the few dozen steps that a short training has.
_NORM_MOMENTUM = 0.9


def small_cnn(picture: Any) -> Any:
    """Follow ``picture`` (batch, size, size, 3) with five blocks, each halving the side.

    The normalisation comes last in a block: there it costs a quarter of what it costs before the
    pooling, and the curves of a short training run smoother (both measured on the sample
    pictures).
    """
    layers = keras.layers
    features = picture
    for number, channels in enumerate(_CHANNELS, start=1):
        name = f"block{number}"
        features = layers.Conv2D(
            channels, 3, padding="same", kernel_initializer="he_normal", name=f"{name}_conv"
        )(features)
        features = layers.ReLU(name=f"{name}_relu")(features)
        if features.shape[1] > 1:
            features = layers.MaxPooling2D(2, name=f"{name}_pool")(features)
        features = layers.BatchNormalization(momentum=_NORM_MOMENTUM, name=f"{name}_norm")(features)
        if number >= _FIRST_DROPOUT_BLOCK:
            features = layers.SpatialDropout2D(_DROPOUT, name=f"{name}_dropout")(features)
    return features
