"""Layers of a list that are several of Keras' layers at once."""

from typing import Any

import keras
import numpy as np

from cnnstudio.engine.networks.layer_weights import beginning, price
from cnnstudio.project.layer_block_pieces import residual_convolutions
from cnnstudio.project.layer_blocks import LSTM, InceptionModule, ResidualBlock
from cnnstudio.project.layer_kinds import LocalResponseNormalization

# As the published networks were trained; Keras' own 0.99 would take hundreds of steps to settle.
_NORM_MOMENTUM = 0.9
_NORM_EPSILON = 1e-5


def residual_block(layer: ResidualBlock, features: Any) -> Any:
    """Convolutions, and the input added to what they give.

    The basic form has two of 3 × 3, the bottleneck 1 × 1, 3 × 3 and, with four times the maps,
    1 × 1; each without bias and followed by a batch normalisation. Where the shape changes, the
    shortcut is a convolution of 1 × 1 with a batch normalisation. Source: He et al. 2015,
    arXiv:1512.03385, figures 2 and 5, and option B of section 3.3.
    """
    convolutions = residual_convolutions(layer)
    added = features
    for number, (filters, kernel, strides) in enumerate(convolutions, start=1):
        added = _convolved(layer, added, filters, kernel, strides, str(number))
        if number < len(convolutions):
            added = keras.layers.ReLU(name=f"{layer.name}_relu{number}")(added)
    shortcut = features
    if layer.strides > 1 or features.shape[-1] != added.shape[-1]:
        shortcut = _convolved(layer, features, added.shape[-1], 1, layer.strides, "_shortcut")
    added = keras.layers.Add(name=f"{layer.name}_add")([added, shortcut])
    return keras.layers.ReLU(name=f"{layer.name}_relu")(added)


def _convolved(
    layer: ResidualBlock, features: Any, filters: int, kernel: int, strides: int, ending: str
) -> Any:
    convolved = keras.layers.Conv2D(
        filters,
        kernel,
        strides,
        "same",
        use_bias=False,
        kernel_initializer=beginning(layer.initialiser),
        kernel_regularizer=price(0, layer.l2),
        name=f"{layer.name}_conv{ending}",
    )(features)
    return keras.layers.BatchNormalization(
        momentum=_NORM_MOMENTUM, epsilon=_NORM_EPSILON, name=f"{layer.name}_norm{ending}"
    )(convolved)


def inception_module(layer: InceptionModule, features: Any) -> Any:
    """Four branches side by side, their maps put together; every convolution with relu.

    Source: Szegedy et al. 2014, arXiv:1409.4842, figure 2b.
    """

    def convolved(maps: Any, filters: int, kernel: int, ending: str) -> Any:
        return keras.layers.Conv2D(
            filters, kernel, padding="same", activation="relu", name=f"{layer.name}_{ending}"
        )(maps)

    reduced_3x3 = convolved(features, layer.reduce_3x3, 1, "reduce3x3")
    reduced_5x5 = convolved(features, layer.reduce_5x5, 1, "reduce5x5")
    pooled = keras.layers.MaxPooling2D(3, 1, "same", name=f"{layer.name}_pool")(features)
    branches = [
        convolved(features, layer.filters_1x1, 1, "conv1x1"),
        convolved(reduced_3x3, layer.filters_3x3, 3, "conv3x3"),
        convolved(reduced_5x5, layer.filters_5x5, 5, "conv5x5"),
        convolved(pooled, layer.filters_pool, 1, "pool_conv"),
    ]
    return keras.layers.Concatenate(name=f"{layer.name}_concat")(branches)


def local_response_normalization(layer: LocalResponseNormalization, features: Any) -> Any:
    """Each number divided by (k + α · sum of its neighbours' squares) ^ β, over the maps.

    Keras has no such layer. The sum is a convolution with ones along the maps, in Keras' own
    operations, which a saved model holds without anything of ours. Source: Krizhevsky et al. 2012,
    section 3.3; unlike Caffe and PyTorch it does not divide α by the number of neighbours.
    """
    ops = keras.ops
    height, width, maps = features.shape[1:]

    def named(tensor: Any, ending: str) -> Any:
        # Keras would number them and might so meet the name of another layer.
        tensor._keras_history.operation.name = f"{layer.name}_{ending}"
        return tensor

    squares = named(ops.square(features), "squares")
    rows = named(ops.reshape(squares, (-1, height * width, maps, 1)), "rows")
    ones = np.ones((1, layer.neighbours, 1, 1), "float32")
    summed = named(ops.conv(rows, ones, padding="same"), "neighbours")
    sums = named(ops.reshape(summed, (-1, height, width, maps)), "sums")
    scaled = named(ops.multiply(sums, layer.scale), "scaled")
    offset = named(ops.add(scaled, layer.offset), "offset")
    factors = named(ops.power(offset, -layer.exponent), "factors")
    return keras.layers.Multiply(name=layer.name)([features, factors])


def reads_rows(layer: LSTM, maps: Any) -> Any:
    """(batch, height, width, channels) read row by row from the top; gives (batch, units)."""
    height, width, channels = maps.shape[1:]
    rows = keras.layers.Reshape((height, width * channels), name=f"{layer.name}_rows")(maps)
    return keras.layers.LSTM(layer.units, name=layer.name)(rows)
