"""From a plan to a Keras model."""

from pathlib import Path

import keras

from cnnstudio.engine.networks.head import add_head
from cnnstudio.engine.networks.layer_list import layer_list
from cnnstudio.engine.networks.names import counted_from_the_start
from cnnstudio.engine.networks.own_model import own_model
from cnnstudio.engine.networks.preprocessing import INPUT_NAME, in_grey, preprocess
from cnnstudio.engine.networks.pretrained import pretrained
from cnnstudio.engine.networks.weightless import without_weights as without_weights
from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.network_table import layers_of, network_row, sees_grey


@counted_from_the_start()
def build(
    plan: NetworkPlan, picture_size: int, num_classes: int, weights_file: Path | None
) -> keras.Model:
    """One flat functional model: picture, preprocessing, base, head; nothing is frozen.

    Takes (batch, ``picture_size``, ``picture_size``, 3) float32 RGB 0..255 and gives
    probabilities: (batch, 1) for a sigmoid output, (batch, ``num_classes``) for softmax.
    ``weights_file`` holds the base's weights; without it everything begins at random.

    Raises:
        ProblemError: ``weights_damaged``, or why a layer of a list does not fit.
    """
    row = network_row(plan)
    picture = keras.Input((picture_size, picture_size, 3), name=INPUT_NAME)
    seen = in_grey(picture) if sees_grey(plan) else picture
    preprocessed = preprocess(seen, row.preprocessing)
    match row.built_from:
        case "application":
            features = pretrained(preprocessed, row, plan, weights_file)
        case "layers" | "own_layers":
            features = layer_list(preprocessed, layers_of(plan))
        case "own_model":
            features = own_model(preprocessed, plan, num_classes)
            if plan.keep_output:
                return keras.Model(picture, features, name=row.key)
    return keras.Model(picture, add_head(features, plan, num_classes), name=row.key)
