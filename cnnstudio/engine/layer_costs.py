"""What a layer costs forward, and what its name does not say of it."""

import math
from collections.abc import Sequence
from typing import Any

import keras

_L = keras.layers

_WINDOW_POOLINGS = (
    _L.MaxPooling1D,
    _L.MaxPooling2D,
    _L.AveragePooling1D,
    _L.AveragePooling2D,
)
_GLOBAL_POOLINGS = (
    _L.GlobalAveragePooling1D,
    _L.GlobalAveragePooling2D,
    _L.GlobalMaxPooling1D,
    _L.GlobalMaxPooling2D,
)
_MERGES = (_L.Add, _L.Subtract, _L.Multiply, _L.Average, _L.Maximum, _L.Minimum)
_TRANSPOSED = (_L.Conv1DTranspose, _L.Conv2DTranspose)
_CONVOLUTIONS = (
    _L.Conv1D,
    _L.Conv2D,
    _L.DepthwiseConv2D,
    _L.SeparableConv2D,
    *_TRANSPOSED,
)
_RECURRENT = (_L.LSTM, _L.GRU, _L.SimpleRNN)
_DROPOUTS = (_L.Dropout, _L.SpatialDropout1D, _L.SpatialDropout2D)

Shape = Sequence[int]


def multiply_adds(layer: keras.Layer, inputs: Sequence[Shape], output: Shape) -> int:
    """What one picture costs forward in one call of ``layer``; shapes are without batch axis.

    In convolutions and matrices that is every multiplication with its addition, in poolings and
    sums every number that is looked at, otherwise every number that comes out.
    """
    if isinstance(layer, keras.Model):
        return _of_nested(layer)
    if isinstance(layer, _L.Bidirectional):
        halves = (layer.forward_layer, layer.backward_layer)
        return sum(multiply_adds(half, inputs, output) for half in halves)
    if isinstance(layer, _L.TimeDistributed):
        steps = int(inputs[0][0])
        return steps * multiply_adds(layer.layer, [inputs[0][1:]], output[1:])
    if isinstance(layer, _RECURRENT):
        return int(inputs[0][0]) * _kernels(layer)
    if isinstance(layer, _TRANSPOSED):
        return math.prod(inputs[0][:-1]) * _kernels(layer)
    if isinstance(layer, _WINDOW_POOLINGS):
        return int(math.prod(layer.pool_size)) * math.prod(output)
    if isinstance(layer, _GLOBAL_POOLINGS):
        return math.prod(inputs[0])
    if isinstance(layer, _MERGES):
        return len(inputs) * math.prod(output)
    if isinstance(layer, _L.Embedding | _L.PReLU):  # their weights are no kernels
        return math.prod(output)
    # Of each place of the output, however many axes it has, every kernel is once a factor: a
    # separable convolution's two, a dense layer's one. Kernels of convolutions with groups are
    # smaller by themselves.
    return math.prod(output[:-1]) * _kernels(layer) or math.prod(output)


def detail_of(layer: keras.Layer) -> str:
    """Settings that the name does not tell, in no language: ``3 × 3, /2, relu``.

    A slash before the stride, as in the drawings of He et al. 2015, arXiv:1512.03385.
    """
    said: list[str] = []
    usual_strides = 1
    if isinstance(layer, _CONVOLUTIONS):
        said.append(_sides(layer.kernel_size))
    elif isinstance(layer, _WINDOW_POOLINGS):
        said.append(_sides(layer.pool_size))
        usual_strides = layer.pool_size
    elif isinstance(layer, _DROPOUTS):
        said.append(f"{layer.rate:g}")
    strides = getattr(layer, "strides", None)
    if said and strides and _sides(strides) != _sides(usual_strides):
        numbers = sorted(set(_as_tuple(strides)))
        said.append(f"/{numbers[0]}" if len(numbers) == 1 else f"/{_sides(strides)}")
    if isinstance(layer, (*_CONVOLUTIONS, _L.Dense, _L.Activation)):
        # What is no plain function, such as an activation with a slope, is named by its class.
        activation = getattr(layer.activation, "__name__", type(layer.activation).__name__)
        if activation != "linear":
            said.append(activation)
    return ", ".join(said)


def _kernels(layer: keras.Layer) -> int:
    """Numbers in all weights that are matrices or more, which a GRU's bias only looks like."""
    return sum(
        math.prod(each.shape)
        for each in layer.weights
        if len(each.shape) > 1 and each.name != "bias"
    )


def _of_nested(model: keras.Model) -> int:
    """The sum over the layers of a model that is a layer of another."""
    total = 0
    for layer in model.layers:
        for node in layer._inbound_nodes[:1]:
            given = [tuple(tensor.shape[1:]) for tensor in node.input_tensors]
            total += multiply_adds(layer, given, tuple(node.outputs[0].shape[1:]))
    return total


def _as_tuple(value: Any) -> tuple[int, ...]:
    return tuple(value) if isinstance(value, list | tuple) else (value,)


def _sides(value: Any) -> str:
    """``3 × 3``; a number alone is meant for both sides."""
    numbers = _as_tuple(value)
    return " × ".join(str(each) for each in (numbers * 2 if len(numbers) == 1 else numbers))
