"""What the layers of a list make that are several of Keras' layers at once."""

from cnnstudio.project.layer_blocks import InceptionModule, ResidualBlock
from cnnstudio.project.layer_formulas import Formula, window_formula
from cnnstudio.project.layer_pieces import (
    Outcome,
    Shape,
    convolution,
    merged,
    normalisation,
    pooled,
    unchanged,
)

BOTTLENECK_WIDENS = 4


def residual_convolutions(layer: ResidualBlock) -> list[tuple[int, int, int]]:
    """Filters, kernel and strides of the convolutions beside the shortcut."""
    if layer.form == "basic":
        return [(layer.filters, 3, layer.strides), (layer.filters, 3, 1)]
    first, second = (layer.strides, 1) if layer.strides_first else (1, layer.strides)
    widened = layer.filters * BOTTLENECK_WIDENS
    return [(layer.filters, 1, first), (layer.filters, 3, second), (widened, 1, 1)]


def residual_block(layer: ResidualBlock, shape: Shape) -> Outcome:
    """Convolutions with batch normalisation, and a shortcut of 1 × 1 where the shape changes."""
    parts: list[Outcome] = []
    now = shape
    for filters, kernel, strides in residual_convolutions(layer):
        made = convolution(now, filters, kernel, strides, bias=False)
        now = made.shape
        parts += [made, normalisation(now), unchanged(now)]
    if layer.strides > 1 or now[2] != shape[2]:
        shortcut = convolution(shape, now[2], 1, layer.strides, bias=False)
        parts += [shortcut, normalisation(now)]
    parts.append(merged(now, 2))
    size = window_formula((shape[0], shape[1]), 3, layer.strides, "same")
    return _together(now, parts, size)


def inception_module(layer: InceptionModule, shape: Shape) -> Outcome:
    """Four branches side by side, their maps put together."""
    narrow_3 = convolution(shape, layer.reduce_3x3, 1)
    narrow_5 = convolution(shape, layer.reduce_5x5, 1)
    smoothed = pooled(shape, 3, 1, "same")
    parts = [
        convolution(shape, layer.filters_1x1, 1),
        narrow_3,
        convolution(narrow_3.shape, layer.filters_3x3, 3),
        narrow_5,
        convolution(narrow_5.shape, layer.filters_5x5, 5),
        smoothed,
        convolution(smoothed.shape, layer.filters_pool, 1),
    ]
    counts = (layer.filters_1x1, layer.filters_3x3, layer.filters_5x5, layer.filters_pool)
    maps = sum(counts)
    out = (shape[0], shape[1], maps)
    parts.append(unchanged(out))
    size = Formula("", " + ".join(map(str, counts)), str(maps))
    return _together(out, parts, size)


def _together(shape: Shape, parts: list[Outcome], size: Formula | None) -> Outcome:
    """The sum of ``parts``; the formula names every part that has parameters."""
    counts = [part.parameters for part in parts if part.parameters]
    parameters = sum(counts)
    return Outcome(
        shape,
        parameters,
        sum(part.trainable for part in parts),
        sum(part.multiply_adds for part in parts),
        size,
        Formula("", " + ".join(f"{count:,}" for count in counts), f"{parameters:,}"),
    )
