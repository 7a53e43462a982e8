"""Frozen layers as one fast function: normalisations folded into convolutions, variables constant.

A frozen batch normalisation multiplies each channel by a number and adds another one, as Keras
does with its moving averages. Both numbers go into the weights of the convolution before it, and
TensorFlow then computes convolution, addition and activation in one step.
"""

import math
import platform
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

from cnnstudio.project.frozen_part import BYTES_A_NUMBER, FOLDED_BYTES_AT_MOST

Run = Callable[[tf.Tensor], tf.Tensor]

_CONVOLUTIONS = (keras.layers.Conv2D, keras.layers.DepthwiseConv2D)
_SUMS = (
    keras.layers.GlobalAveragePooling2D,
    keras.layers.AveragePooling2D,
    keras.layers.LayerNormalization,
    keras.layers.Normalization,
    keras.layers.BatchNormalization,
    keras.layers.Softmax,
)
"""Kinds of layers that are not to compute with 16 bits."""


def as_graph(frozen: keras.Model, size: int, is_short: bool = False) -> Run:
    """``frozen`` as one function: pictures uint8 (batch, size, size, 3) in, rows of numbers float32
    (batch, numbers) out, its outputs behind each other.

    With ``is_short``, convolutions compute with numbers of 16 bits (bfloat16) where that works.
    Large weights are left as variables: folding takes many times their memory.
    """
    weights = sum(BYTES_A_NUMBER * math.prod(each.shape) for each in frozen.variables)
    if weights <= FOLDED_BYTES_AT_MOST:
        for short in (True, False) if is_short else (False,):
            try:
                return _constant(_graph_of(_Folded(frozen, short), size))
            except Exception as error:  # what cannot be folded runs as it is
                print(f"The frozen layers are not folded: {error}", flush=True)
    plain: Run = _graph_of(lambda pictures: frozen(pictures, training=False), size)
    return plain


@cache
def computes_short() -> bool:
    """Whether this processor computes with bfloat16 by itself: twice as fast as with 32 bits.
    Others would only imitate it, which is slower."""
    if platform.system() != "Linux":
        return False
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    flags = next((line for line in text.splitlines() if line.startswith("flags")), "").split()
    return "avx512_bf16" in flags or "amx_bf16" in flags


def _graph_of(call: Callable[[tf.Tensor], Any], size: int) -> Any:
    signature = [tf.TensorSpec((None, size, size, 3), tf.uint8)]

    @tf.function(input_signature=signature, autograph=False)  # type: ignore[untyped-decorator]
    def run(pictures: tf.Tensor) -> tf.Tensor:
        given = call(tf.cast(pictures, tf.float32))
        tensors = given if isinstance(given, list | tuple) else [given]
        count = tf.shape(pictures)[0]
        rows = [tf.reshape(tf.cast(each, tf.float32), (count, -1)) for each in tensors]
        return tf.concat(rows, axis=1)

    return run


def _constant(run: Any) -> Run:
    constant = convert_variables_to_constants_v2(run.get_concrete_function())
    return lambda pictures: constant(pictures)[0]


class _Folded:
    """Calls ``frozen`` layer by layer, those that can be folded in their own way."""

    def __init__(self, frozen: keras.Model, is_short: bool) -> None:
        self._frozen = frozen
        self._type = tf.bfloat16 if is_short else tf.float32
        found = _convolutions(frozen)
        self._calls = {id(each.layer): self._convolution(each) for each in found}
        self._gone = {id(layer) for each in found for layer in (each.norm, each.pad)}

    def __call__(self, pictures: tf.Tensor) -> Any:
        return self._frozen._run_through_graph([pictures], operation_fn=self._call_of)

    def _call_of(self, operation: Any) -> Callable[..., Any]:
        if id(operation) in self._calls:
            return self._calls[id(operation)]
        if id(operation) in self._gone:
            return lambda given, *more, **named: given
        if self._type == tf.float32:
            return lambda *given, **named: _called(operation, given, named)
        if isinstance(operation, _SUMS):
            return lambda *given, **named: _called(operation, _in(tf.float32, given), named)
        return lambda *given, **named: _called_as_it_is(operation, given, named)

    def _convolution(self, found: "_Convolution") -> Callable[..., Any]:
        layer, norm = found.layer, found.norm
        kernel: Any = layer.kernel.numpy()
        bias: Any = layer.bias.numpy() if layer.use_bias else 0
        if norm is not None:
            factors, offsets = _of_channels(norm)
            is_deep = isinstance(layer, keras.layers.DepthwiseConv2D)
            kernel = kernel * (factors.reshape(kernel.shape[2:]) if is_deep else factors)
            bias = bias * factors + offsets
        kernel = kernel.astype(self._type.as_numpy_dtype)
        has_bias = np.ndim(bias) > 0
        bias = np.asarray(bias).astype(self._type.as_numpy_dtype)
        padding = "SAME" if found.pad is not None else layer.padding.upper()

        def call(given: tf.Tensor, *more: Any, **named: Any) -> tf.Tensor:
            given = tf.cast(given, self._type)
            if isinstance(layer, keras.layers.DepthwiseConv2D):
                made = tf.nn.depthwise_conv2d(given, kernel, (1, *layer.strides, 1), padding)
            else:
                made = tf.nn.conv2d(
                    given, kernel, layer.strides, padding, dilations=layer.dilation_rate
                )
            if has_bias:
                made = tf.nn.bias_add(made, bias)
            return layer.activation(made)

        return call


def _called(operation: Any, given: Any, named: Any) -> Any:
    return operation(*given, **named, **_resting(operation))


def _called_as_it_is(operation: Any, given: Any, named: Any) -> Any:
    """A layer without the types that Keras would bring its input to."""
    return operation.call(*given, **named, **_resting(operation))


def _resting(operation: Any) -> dict[str, bool]:
    return {"training": False} if getattr(operation, "_call_has_training_arg", False) else {}


def _in(kind: tf.DType, given: Any) -> Any:
    return tf.nest.map_structure(lambda each: tf.cast(each, kind), given)


@dataclass(frozen=True)
class _Convolution:
    """A convolution that is computed here, with what is folded into it: the normalisation that
    alone follows it, and the zeros around its input where they are those of 'same'."""

    layer: Any
    norm: Any = None
    pad: Any = None


def _convolutions(frozen: keras.Model) -> list[_Convolution]:
    nodes = [node for level in frozen._nodes_by_depth.values() for node in level]
    taken = Counter(id(tensor) for node in nodes for tensor in node.input_tensors)
    taken.update(id(tensor) for tensor in frozen.outputs)
    after = {id(tensor): node.operation for node in nodes for tensor in node.input_tensors}
    before: dict[int, Any] = {id(tensor): node for node in nodes for tensor in node.outputs}
    found = []
    for node in nodes:
        layer = node.operation
        if type(layer) not in _CONVOLUTIONS or not _is_plain(layer):
            continue
        output = node.outputs[0]
        norm: Any = after.get(id(output))
        is_folded = (
            type(norm) is keras.layers.BatchNormalization
            and taken[id(output)] == 1
            and norm.axis in (-1, 3)
            and layer.activation is keras.activations.linear
        )
        padding: Any = before.get(id(node.input_tensors[0]))
        is_padded = (
            padding is not None
            and type(padding.operation) is keras.layers.ZeroPadding2D
            and taken[id(node.input_tensors[0])] == 1
            and _is_same(padding, layer)
        )
        pad = padding.operation if is_padded else None
        found.append(_Convolution(layer, norm if is_folded else None, pad))
    return found


def _is_same(padding: Any, layer: Any) -> bool:
    """Whether zeros around the input are as many as TensorFlow puts there with padding 'same':
    as few as give a side of the input's over the stride, rounded up, the odd one at the end."""
    if layer.padding != "valid" or tuple(layer.dilation_rate) != (1, 1):
        return False
    sides = padding.input_tensors[0].shape[1:3]
    wanted = []
    for side, kernel, stride in zip(sides, layer.kernel_size, layer.strides, strict=True):
        if side is None:
            return False
        total = max((-(-side // stride) - 1) * stride + kernel - side, 0)
        wanted.append((total // 2, total - total // 2))
    return tuple(map(tuple, padding.operation.padding)) == tuple(wanted)


def _is_plain(layer: Any) -> bool:
    is_deep = isinstance(layer, keras.layers.DepthwiseConv2D)
    strides, dilation = tuple(layer.strides), tuple(layer.dilation_rate)
    return (
        layer.data_format == "channels_last"
        and layer.padding in ("valid", "same")
        and getattr(layer, "groups", 1) == 1
        and (not is_deep or (dilation == (1, 1) and strides[0] == strides[1]))
        and (dilation == (1, 1) or strides == (1, 1))
    )


def _of_channels(norm: Any) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """By what each channel is multiplied, and what is added then (Ioffe and Szegedy, 2015)."""
    factors = 1 / np.sqrt(norm.moving_variance.numpy() + norm.epsilon)
    if norm.scale:
        factors = factors * norm.gamma.numpy()
    offsets = -norm.moving_mean.numpy() * factors
    if norm.center:
        offsets = offsets + norm.beta.numpy()
    return factors, offsets
