"""Bases of ``keras.applications``, made from their row in the table of networks."""

import warnings
from pathlib import Path
from typing import Any

import keras

from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.network_row import NetworkRow
from cnnstudio.project.problems import Problem, ProblemError

_KERAS_3_SUFFIX = ".weights.h5"


def pretrained(picture: Any, row: NetworkRow, plan: NetworkPlan, weights_file: Path | None) -> Any:
    """Follow the preprocessed ``picture`` with the base's own layers under their own names.

    Without ``weights_file`` the base begins at random.

    Raises:
        ProblemError: ``weights_damaged`` if the file is no weights file or one of another
            network; the layers made so far are then of no use.
    """
    base = _application(row, plan, input_tensor=picture)
    if weights_file is None:
        return base.output
    try:
        if weights_file.name.endswith(_KERAS_3_SUFFIX):
            alone = _application(row, plan, input_shape=tuple(picture.shape[1:]))
            _load_keras_3(alone, weights_file)
            for layer in alone.layers[1:]:
                base.get_layer(layer.name).set_weights(layer.get_weights())
        else:
            base.load_weights(weights_file)
    except MemoryError:
        raise
    except Exception as error:  # h5py and Keras raise a dozen types for a file they dislike
        problem = Problem("weights_damaged", "network.weights", file=str(weights_file))
        raise ProblemError(problem) from error
    return base.output


def _application(row: NetworkRow, plan: NetworkPlan, **given: Any) -> keras.Model:
    if len(row.widths) > 1:
        given["alpha"] = plan.width
    return getattr(keras.applications, row.builder)(include_top=False, weights=None, **given)


def _load_keras_3(alone: keras.Model, weights_file: Path) -> None:
    """This format mirrors the whole model's structure, so it fits the base standing alone only.
    Where a part has no counterpart Keras merely warns and leaves random numbers in it."""
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message=".*(?:freshly-initialized|not be loaded)")
        alone.load_weights(weights_file)
