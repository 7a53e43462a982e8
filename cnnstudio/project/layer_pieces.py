"""What the layers of Keras make of what they are given: shape, parameters, cost of a picture.

Numbers are those of Keras; ``multiply_adds`` counts as ``engine/layer_costs.py`` does.
"""

from dataclasses import dataclass
from math import prod

from cnnstudio.project import layer_formulas as formulas
from cnnstudio.project.layer_formulas import Formula, counted, window_formula, window_side
from cnnstudio.project.layer_kinds import Padding

Shape = tuple[int, ...]
"""Without the batch axis: (height, width, maps), or (numbers,)."""


@dataclass(frozen=True)
class Outcome:
    """What one layer makes; ``trainable`` are the parameters that training can change."""

    shape: Shape
    parameters: int = 0
    trainable: int = 0
    multiply_adds: int = 0
    size: Formula | None = None
    cost: Formula | None = None


def unchanged(shape: Shape) -> Outcome:
    """A layer that changes numbers one by one."""
    return Outcome(shape, multiply_adds=prod(shape))


def pooled(shape: Shape, window: int, strides: int, padding: Padding) -> Outcome:
    """A max or average pooling."""
    out = _slid(shape, shape[2], window, strides, padding)
    return Outcome(out.shape, multiply_adds=window * window * prod(out.shape), size=out.size)


def merged(shape: Shape, count: int) -> Outcome:
    """``count`` tensors of ``shape`` added or multiplied."""
    return Outcome(shape, multiply_adds=count * prod(shape))


def _slid(shape: Shape, maps: int, window: int, strides: int, padding: Padding) -> Outcome:
    """Shape and formula of what a window gives that slides over maps."""
    height, width = (window_side(side, window, strides, padding) for side in shape[:2])
    size = window_formula((shape[0], shape[1]), window, strides, padding)
    out = (height, width, maps)
    return Outcome(out, size=size)


def convolution(
    shape: Shape,
    filters: int,
    kernel: int,
    strides: int = 1,
    padding: Padding = "same",
    bias: bool = True,
) -> Outcome:
    """A Conv2D."""
    out = _slid(shape, filters, kernel, strides, padding)
    channels = shape[2]
    weights = kernel * kernel * channels * filters
    parameters = weights + (filters if bias else 0)
    if bias:
        numbers = f"({kernel} × {kernel} × {channels} + 1) × {filters}"
        cost = counted(formulas.CONVOLUTION, numbers, parameters)
    else:
        numbers = f"{kernel} × {kernel} × {channels} × {filters}"
        cost = counted(formulas.CONVOLUTION_WITHOUT_BIAS, numbers, parameters)
    places = out.shape[0] * out.shape[1]
    return Outcome(out.shape, parameters, parameters, places * weights, out.size, cost)


def depthwise(
    shape: Shape, multiplier: int, kernel: int, strides: int, padding: Padding, bias: bool
) -> Outcome:
    """A DepthwiseConv2D."""
    maps = shape[2] * multiplier
    out = _slid(shape, maps, kernel, strides, padding)
    weights = kernel * kernel * maps
    parameters = weights + (maps if bias else 0)
    if bias:
        numbers = f"({kernel} × {kernel} + 1) × {shape[2]} × {multiplier}"
        cost = counted(formulas.DEPTHWISE, numbers, parameters)
    else:
        numbers = f"{kernel} × {kernel} × {shape[2]} × {multiplier}"
        cost = counted(formulas.DEPTHWISE_WITHOUT_BIAS, numbers, parameters)
    places = out.shape[0] * out.shape[1]
    return Outcome(out.shape, parameters, parameters, places * weights, out.size, cost)


def separable(
    shape: Shape, filters: int, kernel: int, strides: int, padding: Padding, bias: bool
) -> Outcome:
    """A SeparableConv2D."""
    out = _slid(shape, filters, kernel, strides, padding)
    channels = shape[2]
    weights = kernel * kernel * channels + channels * filters
    parameters = weights + (filters if bias else 0)
    if bias:
        numbers = f"{kernel} × {kernel} × {channels} + ({channels} + 1) × {filters}"
        cost = counted(formulas.SEPARABLE, numbers, parameters)
    else:
        numbers = f"{kernel} × {kernel} × {channels} + {channels} × {filters}"
        cost = counted(formulas.SEPARABLE_WITHOUT_BIAS, numbers, parameters)
    places = out.shape[0] * out.shape[1]
    return Outcome(out.shape, parameters, parameters, places * weights, out.size, cost)


def normalisation(shape: Shape) -> Outcome:
    """A BatchNormalization: scale and offset are learned, mean and variance are remembered."""
    channels = shape[-1]
    cost = counted(formulas.NORMALISATION, f"4 × {channels}", 4 * channels)
    return Outcome(shape, 4 * channels, 2 * channels, prod(shape), cost=cost)


def flattened(shape: Shape) -> Outcome:
    """A Flatten."""
    count = prod(shape)
    size = counted(formulas.FLATTEN, " × ".join(map(str, shape)), count)
    return Outcome((count,), multiply_adds=count, size=size)


def pooled_whole(shape: Shape) -> Outcome:
    """A global pooling."""
    numbers = f"{shape[0]} × {shape[1]} × {shape[2]} → {shape[2]}"
    size = Formula(formulas.GLOBAL, numbers, "")
    return Outcome((shape[2],), multiply_adds=prod(shape), size=size)


def dense(shape: Shape, units: int, bias: bool = True) -> Outcome:
    """A Dense on a list of numbers."""
    inputs = shape[0]
    parameters = (inputs + (1 if bias else 0)) * units
    if bias:
        cost = counted(formulas.DENSE, f"({inputs:,} + 1) × {units:,}", parameters)
    else:
        cost = counted(formulas.DENSE_WITHOUT_BIAS, f"{inputs:,} × {units:,}", parameters)
    return Outcome((units,), parameters, parameters, inputs * units, cost=cost)


def lstm(shape: Shape, units: int) -> Outcome:
    """An LSTM that is given the rows of maps one after another, each as one list of numbers."""
    steps, inputs = shape[0], shape[1] * shape[2]
    weights = 4 * (inputs + units) * units
    parameters = weights + 4 * units
    cost = counted(formulas.LSTM, f"4 × ({inputs:,} + {units:,} + 1) × {units:,}", parameters)
    multiply_adds = prod(shape) + steps * weights
    return Outcome((units,), parameters, parameters, multiply_adds, cost=cost)
