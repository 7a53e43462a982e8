"""Keras' layers from a list of layers of ``project/layer_kinds.py``."""

from typing import Any

import keras

from cnnstudio.project import layer_kinds as kinds
from cnnstudio.project.layer_list import AnyLayer, LayerList


def layer_list(picture: Any, layers: LayerList) -> Any:
    """Follow the symbolic ``picture`` (batch, height, width, channels) with ``layers``."""
    features = picture
    for layer in layers:
        features = _add(layer, features)
    return features


def _add(layer: AnyLayer, features: Any) -> Any:
    match layer:
        case kinds.Conv2D():
            return keras.layers.Conv2D(
                layer.filters,
                layer.kernel,
                strides=layer.strides,
                padding=layer.padding,
                activation=layer.activation,
                use_bias=layer.use_bias,
                kernel_initializer=layer.initialiser,
                name=layer.name,
            )(features)
        case kinds.ActivationLayer():
            return keras.layers.ReLU(name=layer.name)(features)
        case kinds.MaxPooling2D():
            return keras.layers.MaxPooling2D(
                layer.size, layer.strides, padding=layer.padding, name=layer.name
            )(features)
        case kinds.BatchNormalization():
            return keras.layers.BatchNormalization(momentum=layer.momentum, name=layer.name)(
                features
            )
        case kinds.Dropout():
            made = keras.layers.SpatialDropout2D if layer.whole_maps else keras.layers.Dropout
            return made(layer.rate, name=layer.name)(features)
        case _:
            raise NotImplementedError(layer.kind)
