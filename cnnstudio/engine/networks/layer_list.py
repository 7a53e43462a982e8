"""Keras' layers from a list of layers of ``project/layer_list.py``."""

from typing import Any, assert_never

import keras

from cnnstudio.engine.networks.layer_blocks import (
    inception_module,
    local_response_normalization,
    reads_rows,
    residual_block,
)
from cnnstudio.engine.networks.layer_weights import beginning, kernel_settings, price
from cnnstudio.project import layer_blocks as blocks
from cnnstudio.project import layer_kinds as kinds
from cnnstudio.project.layer_list import AnyLayer, LayerList
from cnnstudio.project.layer_shapes import problems_of_list
from cnnstudio.project.problems import ProblemError, errors_in


def layer_list(picture: Any, layers: LayerList) -> Any:
    """Follow the symbolic ``picture`` (batch, height, width, channels) with ``layers``.

    Each becomes the layer of Keras that has its name; what a block is made of is called
    ``{name}_...``. All are Keras' own, so a saved model needs nothing else.

    Raises:
        ProblemError: for the first layer that does not fit what it is given, or whose name is
            taken.
    """
    for problem in errors_in(problems_of_list(layers, tuple(picture.shape[1:]))):
        raise ProblemError(problem)
    features = picture
    for layer in layers:
        features = _add(layer, features)
    return features


def _add(layer: AnyLayer, features: Any) -> Any:
    """``features`` after ``layer``."""
    made = keras.layers
    match layer:
        case kinds.Conv2D() | kinds.SeparableConv2D() | kinds.DepthwiseConv2D() | kinds.Dense():
            return _weighted(layer)(features)
        case kinds.ActivationLayer():
            if layer.activation == "relu":
                return made.ReLU(name=layer.name)(features)
            return made.Activation(layer.activation, name=layer.name)(features)
        case kinds.MaxPooling2D() | kinds.AveragePooling2D():
            is_max = isinstance(layer, kinds.MaxPooling2D)
            pooling = made.MaxPooling2D if is_max else made.AveragePooling2D
            return pooling(layer.size, layer.strides, layer.padding, name=layer.name)(features)
        case kinds.BatchNormalization():
            return made.BatchNormalization(momentum=layer.momentum, name=layer.name)(features)
        case kinds.Dropout():
            dropout = made.SpatialDropout2D if layer.whole_maps else made.Dropout
            return dropout(layer.rate, name=layer.name)(features)
        case kinds.LocalResponseNormalization():
            return local_response_normalization(layer, features)
        case kinds.Flatten():
            return made.Flatten(name=layer.name)(features)
        case kinds.GlobalAveragePooling2D():
            return made.GlobalAveragePooling2D(name=layer.name)(features)
        case kinds.GlobalMaxPooling2D():
            return made.GlobalMaxPooling2D(name=layer.name)(features)
        case blocks.ResidualBlock():
            return residual_block(layer, features)
        case blocks.InceptionModule():
            return inception_module(layer, features)
        case blocks.AuxiliaryClassifier():
            # A mark of the place; ``auxiliary.with_auxiliary`` puts the output there.
            return made.Identity(name=layer.name)(features)
        case blocks.LSTM():
            return reads_rows(layer, features)
        case _:
            assert_never(layer)


def _weighted(
    layer: kinds.Conv2D | kinds.SeparableConv2D | kinds.DepthwiseConv2D | kinds.Dense,
) -> keras.Layer:
    made = keras.layers
    common: dict[str, Any] = {
        "activation": layer.activation,
        "use_bias": layer.use_bias,
        "name": layer.name,
    }
    if isinstance(layer, kinds.Dense):
        return made.Dense(layer.units, **common, **kernel_settings(layer, "kernel"))
    common |= {"strides": layer.strides, "padding": layer.padding}
    match layer:
        case kinds.Conv2D():
            settings = kernel_settings(layer, "kernel")
            return made.Conv2D(layer.filters, layer.kernel, **common, **settings)
        case kinds.SeparableConv2D():
            settings = kernel_settings(layer, "depthwise", "pointwise")
            return made.SeparableConv2D(layer.filters, layer.kernel, **common, **settings)
        case kinds.DepthwiseConv2D():
            settings = {
                "depthwise_initializer": beginning(layer.initialiser, layer.constant),
                "depthwise_regularizer": price(layer.l1, layer.l2),
                "depth_multiplier": layer.multiplier,
            }
            return made.DepthwiseConv2D(layer.kernel, **common, **settings)
        case _:
            assert_never(layer)
