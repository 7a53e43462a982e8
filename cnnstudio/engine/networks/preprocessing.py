"""The first layers of every model: from RGB 0 to 255 to what the base was made for."""

from typing import Any, assert_never

import keras

from cnnstudio.project.network_row import Preprocessing

INPUT_NAME = "picture"
_PREFIX = "preprocessing"
NAMES = frozenset({INPUT_NAME, f"{_PREFIX}_rescaling", f"{_PREFIX}_mean"})

_CAFFE_MEAN_BGR = (103.939, 116.779, 123.68)


def preprocess(picture: Any, preprocessing: Preprocessing) -> Any:
    """Follow the symbolic ``picture`` (batch, size, size, 3), RGB 0..255, with the preprocessing.

    Equal to ``keras.applications``' own ``preprocess_input`` of the mode ``tf`` (minus one to
    one) or ``caffe`` (BGR, less the mean of ImageNet), but made of Keras' own layers, so that the
    saved model needs nothing else.
    """
    match preprocessing:
        case "minus_one_to_one":
            layer = keras.layers.Rescaling(1 / 127.5, -1.0, name=f"{_PREFIX}_rescaling")
            return layer(picture)
        case "caffe":
            turned = keras.ops.flip(picture, axis=-1)
            offset = [-each for each in _CAFFE_MEAN_BGR]
            return keras.layers.Rescaling(1.0, offset, name=f"{_PREFIX}_mean")(turned)
        case "none":
            return picture
        case "zero_to_one" | "torch":
            raise NotImplementedError
        case _:
            assert_never(preprocessing)
