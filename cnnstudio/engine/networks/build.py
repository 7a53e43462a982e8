"""From a plan to a Keras model."""

import contextlib
import gc
from collections.abc import Iterator
from pathlib import Path

import keras
from keras.src.backend.common import global_state
from keras.src.backend.common.stateless_scope import StatelessScope

from cnnstudio.engine.networks.head import add_head
from cnnstudio.engine.networks.layer_list import layer_list
from cnnstudio.engine.networks.preprocessing import INPUT_NAME, preprocess
from cnnstudio.engine.networks.pretrained import pretrained
from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.network_table import network_row


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
    match row.built_from:
        case "application":
            features = pretrained(preprocessed, row, plan, weights_file)
        case "layers":
            variant = row.variant(plan.variant)
            assert variant is not None, "checked by problems_of"
            features = layer_list(preprocessed, variant.layers)
        case "own_layers":
            features = layer_list(preprocessed, plan.layers)
        case "own_model":
            raise NotImplementedError
    return keras.Model(picture, add_head(features, plan, num_classes), name=row.key)


@contextlib.contextmanager
def without_weights() -> Iterator[None]:
    """Models built within the block have layers and shapes, but no numbers in their weights.

    Filling them is four fifths of the time that the largest networks take to be built. Such a
    model can be described and not be run.
    """
    before = global_state.get_global_attribute("stateless_scope")
    # The objects of a thousand layers all live on; looking through them for garbage again and
    # again made 1.2 s of 0.9 s for NASNetLarge.
    collected = gc.isenabled()
    gc.disable()
    global_state.set_global_attribute("stateless_scope", StatelessScope())
    try:
        yield
    finally:
        global_state.set_global_attribute("stateless_scope", before)
        # What was created in the block waits there to be filled by the next that looks.
        global_state.set_global_attribute("uninitialized_variables", [])
        if collected:
            gc.enable()
