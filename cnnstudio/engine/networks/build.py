"""From a plan to a Keras model."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras

from cnnstudio.engine.networks.head import add_head
from cnnstudio.engine.networks.preprocessing import INPUT_NAME, preprocess
from cnnstudio.engine.networks.pretrained import pretrained
from cnnstudio.engine.networks.small_cnn import small_cnn
from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.network_table import network_row

_FROM_SCRATCH: dict[str, Callable[[Any], Any]] = {"small_cnn": small_cnn}


def build(
    plan: NetworkPlan, picture_size: int, num_classes: int, weights_file: Path | None
) -> keras.Model:
    """One flat functional model: picture, preprocessing, base, head; nothing is frozen.

    Takes (batch, ``picture_size``, ``picture_size``, 3) float32 RGB 0..255 and gives
    probabilities: (batch, 1) for a sigmoid output, (batch, ``num_classes``) for softmax.
    ``weights_file`` holds the base's weights; without it everything begins at random.

    Raises:
        ProblemError: ``weights_damaged``.
    """
    row = network_row(plan)
    picture = keras.Input((picture_size, picture_size, 3), name=INPUT_NAME)
    preprocessed = preprocess(picture, row.preprocessing)
    if row.is_pretrained:
        features = pretrained(preprocessed, row, plan, weights_file)
    else:
        features = _FROM_SCRATCH[row.builder](preprocessed)
    return keras.Model(picture, add_head(features, plan, num_classes), name=row.key)
