"""The first layers of every model: from RGB 0 to 255 to what the base was made for."""

from typing import Any, assert_never

import keras

from cnnstudio.project.network_row import Preprocessing

INPUT_NAME = "picture"
_PREFIX = "preprocessing"

# EfficientNet, EfficientNetV2, MobileNetV3 and ConvNeXt bring layers of their own for it, which
# are left inside: some have numbers in the weights file, some are unlike any mode here.
_INNER_NAMES = {
    "rescaling",
    "normalization",
    "rescaling_1",
    *(
        f"convnext_{size}_prestem_normalization"
        for size in ("tiny", "small", "base", "large", "xlarge")
    ),
}

NAMES = frozenset(
    {INPUT_NAME, f"{_PREFIX}_rescaling", f"{_PREFIX}_mean", f"{_PREFIX}_spread", *_INNER_NAMES}
)
"""Layers that only bring pixels into the form that the base was made for."""

_CAFFE_MEAN_BGR = (103.939, 116.779, 123.68)
_TORCH_MEAN = (0.485, 0.456, 0.406)
_TORCH_SPREAD = (0.229, 0.224, 0.225)


def in_grey(picture: Any) -> Any:
    """The brightness of the symbolic ``picture``: (batch, size, size, 1) of (…, 3).

    0.299 red, 0.587 green and 0.114 blue, rounded to four digits as Keras has them (ITU-R BT.601).
    """
    return keras.ops.image.rgb_to_grayscale(picture)


def preprocess(picture: Any, preprocessing: Preprocessing) -> Any:
    """Follow the symbolic ``picture`` (batch, size, size, channels), 0..255, with what it says.

    Equal to ``keras.applications``' own ``preprocess_input`` of the mode ``tf`` (minus one to
    one), ``caffe`` (BGR, less the mean of ImageNet) or ``torch``, but made of Keras' own layers,
    so that the saved model needs nothing else. ``caffe`` and ``torch`` are for RGB only.
    """
    layers = keras.layers
    match preprocessing:
        case "minus_one_to_one":
            return layers.Rescaling(1 / 127.5, -1.0, name=f"{_PREFIX}_rescaling")(picture)
        case "zero_to_one":
            return layers.Rescaling(1 / 255, name=f"{_PREFIX}_rescaling")(picture)
        case "caffe":
            turned = keras.ops.flip(picture, axis=-1)
            offset = [-each for each in _CAFFE_MEAN_BGR]
            return layers.Rescaling(1.0, offset, name=f"{_PREFIX}_mean")(turned)
        case "torch":
            scale = [1 / (255 * each) for each in _TORCH_SPREAD]
            offset = [-mean / each for mean, each in zip(_TORCH_MEAN, _TORCH_SPREAD, strict=True)]
            return layers.Rescaling(scale, offset, name=f"{_PREFIX}_spread")(picture)
        case "none":
            return picture
        case _:
            assert_never(preprocessing)
