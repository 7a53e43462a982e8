"""Bases of ``keras.applications``, made from their row in the table of networks."""

from pathlib import Path
from typing import Any

import keras

from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.network_table import NetworkRow
from cnnstudio.project.problems import Problem, ProblemError


def pretrained(picture: Any, row: NetworkRow, plan: NetworkPlan, weights_file: Path | None) -> Any:
    """Follow the preprocessed ``picture`` with the base's own layers under their own names.

    Without ``weights_file`` the base begins at random.

    Raises:
        ProblemError: ``weights_damaged`` if the file is no weights file or one of another
            network; the layers made so far are then of no use.
    """
    arguments: dict[str, Any] = {"input_tensor": picture, "include_top": False, "weights": None}
    if len(row.widths) > 1:
        arguments["alpha"] = plan.width
    base = getattr(keras.applications, row.builder)(**arguments)
    if weights_file is not None:
        try:
            base.load_weights(weights_file)
        except MemoryError:
            raise
        except Exception as error:  # h5py and Keras raise a dozen types for a file they dislike
            problem = Problem("weights_damaged", "network.weights", file=str(weights_file))
            raise ProblemError(problem) from error
    return base.output
