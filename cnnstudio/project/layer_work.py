"""What each layer of a described network costs on a computer whose speed is known."""

import math
from dataclasses import dataclass
from typing import Literal

from cnnstudio.project.machine import MachineSpeed
from cnnstudio.project.network_facts import LayerFacts

Kind = Literal["window", "point", "depthwise", "dense", "numbers"]

_KINDS: dict[str, Kind] = {
    "Conv1D": "window",
    "Conv2D": "window",
    "Conv1DTranspose": "window",
    "Conv2DTranspose": "window",
    "SeparableConv1D": "point",
    "SeparableConv2D": "point",
    "DepthwiseConv1D": "depthwise",
    "DepthwiseConv2D": "depthwise",
    "Dense": "dense",
    "EinsumDense": "dense",
    "GRU": "dense",
    "LSTM": "dense",
    "SimpleRNN": "dense",
    "Bidirectional": "dense",
    "Functional": "window",
    "Sequential": "window",
}

_POINT = "1 × 1"

# How long a number takes in layers without kernels, ReLU taking 1: forward, and back. Measured
# with 56 × 56 × 64 numbers and batches of 16 on two cores; a trained normalisation looks at all
# numbers of a batch several times, a frozen one does not.
_RELU = (1.0, 1.0)
_NUMBERS: dict[str, tuple[float, float]] = {
    "Activation": (3.0, 3.0),
    "Add": (1.0, 0.3),
    "AveragePooling2D": (2.5, 1.5),
    "BatchNormalization": (4.0, 8.0),
    "Concatenate": (1.5, 0.7),
    "Dropout": (0.1, 3.0),
    "Flatten": (0.0, 0.0),
    "GlobalAveragePooling2D": (0.5, 0.5),
    "GlobalMaxPooling2D": (1.0, 1.0),
    "InputLayer": (0.0, 0.0),
    "LayerNormalization": (20.0, 8.0),
    "MaxPooling2D": (1.5, 0.7),
    "Multiply": (1.0, 1.0),
    "Normalization": (2.0, 1.0),
    "ReLU": _RELU,
    "Rescaling": (2.0, 1.0),
    "Reshape": (0.0, 0.0),
    "ZeroPadding2D": (2.5, 0.7),
}
_FROZEN_NORMALISATION = 0.4
_SLOW_CURVES = {"swish": (4.0, 3.3), "silu": (4.0, 3.3), "gelu": (15.0, 5.0)}


@dataclass(frozen=True)
class LayerWork:
    """Seconds of one picture through a layer: ``forward``; back ``to_input`` and ``to_weights``.

    ``back_frozen`` is the way back to the input where the layer is frozen.
    """

    forward: float
    to_input: float
    to_weights: float
    back_frozen: float


def layer_work(layer: LayerFacts, speed: MachineSpeed, batch_size: int) -> LayerWork:
    """What one picture in a batch of ``batch_size`` costs in ``layer``."""
    numbers = math.prod(layer.output_shape)
    there = speed.seconds_a_layer / batch_size
    back = speed.seconds_a_layer_back / batch_size / 2
    kind = _KINDS.get(layer.type, "numbers")
    if kind == "numbers":
        # Poolings look at more numbers than come out: their multiply-adds count those.
        looked_at = max(numbers, layer.multiply_adds if "Pooling" in layer.type else 0)
        ahead, behind = _relative(layer)
        forward = there + looked_at * ahead / speed.numbers_forward
        to_input = back + looked_at * behind / speed.numbers_backward
        frozen = to_input
        if layer.type == "BatchNormalization":
            frozen = back + looked_at * _FROZEN_NORMALISATION / speed.numbers_backward
        return LayerWork(forward, to_input, 0.0, frozen)
    ahead_speed, behind_speed = _speeds(kind, layer, speed)
    curve = _curve(layer)
    forward = there + layer.multiply_adds / ahead_speed + numbers * curve[0] / speed.numbers_forward
    way = layer.multiply_adds / behind_speed
    to_input = back + way + numbers * curve[1] / speed.numbers_backward
    return LayerWork(forward, to_input, back + way, to_input)


def _speeds(kind: Kind, layer: LayerFacts, speed: MachineSpeed) -> tuple[float, float]:
    if kind == "point" or layer.detail.startswith(_POINT):
        return speed.point_forward, speed.point_backward
    if kind == "depthwise":
        return speed.depthwise_forward, speed.depthwise_backward
    if kind == "dense":
        return speed.dense_forward, speed.dense_backward
    return speed.window_forward, speed.window_backward


def _relative(layer: LayerFacts) -> tuple[float, float]:
    if layer.type == "Activation":
        return _SLOW_CURVES.get(layer.detail, _RELU)
    return _NUMBERS.get(layer.type, _RELU)


def _curve(layer: LayerFacts) -> tuple[float, float]:
    """What the activation of a layer with kernels costs."""
    said = layer.detail.rpartition(", ")[2]
    if said in _SLOW_CURVES:
        return _SLOW_CURVES[said]
    return _RELU if said.isalpha() else (0.0, 0.0)
