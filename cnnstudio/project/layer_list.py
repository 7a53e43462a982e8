"""A list of layers: what lies between preprocessing and head.

The classics of ``networks/`` are such lists, and so is what a person builds. ``layer_shapes.py``
says what comes out of each layer, and ``engine/networks/layer_list.py`` makes Keras' layers of
them.
"""

from typing import Annotated, get_args

from pydantic import Field

from cnnstudio.project.layer_blocks import LSTM, AuxiliaryClassifier, InceptionModule, ResidualBlock
from cnnstudio.project.layer_kinds import (
    ActivationLayer,
    AveragePooling2D,
    BatchNormalization,
    Conv2D,
    Dense,
    DepthwiseConv2D,
    Dropout,
    Flatten,
    GlobalAveragePooling2D,
    GlobalMaxPooling2D,
    Layer,
    LocalResponseNormalization,
    MaxPooling2D,
    SeparableConv2D,
)

AnyLayer = Annotated[
    Conv2D
    | SeparableConv2D
    | DepthwiseConv2D
    | MaxPooling2D
    | AveragePooling2D
    | BatchNormalization
    | ActivationLayer
    | Dropout
    | LocalResponseNormalization
    | Flatten
    | GlobalAveragePooling2D
    | GlobalMaxPooling2D
    | Dense
    | ResidualBlock
    | InceptionModule
    | AuxiliaryClassifier
    | LSTM,
    Field(discriminator="kind"),
]
"""Any layer of a list, told apart by ``kind``."""

LayerList = tuple[AnyLayer, ...]

LAYER_KINDS: tuple[type[Layer], ...] = get_args(get_args(AnyLayer)[0])
"""Every kind, in the order in which it is offered."""
