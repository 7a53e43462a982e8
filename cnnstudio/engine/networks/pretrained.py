"""Bases of ``keras.applications``, made from their row in the table of networks."""

import math
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras

from cnnstudio.engine.networks.names import counted_from_the_start
from cnnstudio.engine.networks.weightless import without_weights
from cnnstudio.engine.weights_fit import misfit
from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.network_row import NetworkRow
from cnnstudio.project.problems import Problem, ProblemError

_KERAS_3_SUFFIX = ".weights.h5"

# Of ImageNet's red, green and blue. EfficientNet's files hold it as the variance, so it is
# divided by its root once more, see keras/src/applications/efficientnet.py.
_EFFICIENTNET_SPREAD = (0.229, 0.224, 0.225)
_EFFICIENTNET_NORMALIZATION = "normalization"
_EFFICIENTNET_RESCALING = "rescaling_1"


def pretrained(picture: Any, row: NetworkRow, plan: NetworkPlan, weights_file: Path | None) -> Any:
    """Follow the preprocessed ``picture`` with the base's own layers under their own names.

    No layer has others inside: what Keras nests (ConvNeXt's stem and transitions) stands flat.
    Without ``weights_file`` the base begins at random.

    Raises:
        ProblemError: what :func:`misfit` finds in the file, before anything is loaded from it;
            ``weights_damaged`` for a file of Keras 3 that does not fit.
        ValueError: if the picture is smaller than the network can take.
    """
    shape = tuple(picture.shape[1:])
    if _is_rebuilt(row):
        with without_weights():
            alone = application(row, plan, input_shape=shape)
        base = _rebuilt(alone, picture, row)
    else:
        base = application(row, plan, input_tensor=picture, input_shape=shape)
    if weights_file is not None:
        _load(base, weights_file, row, plan, shape)
    return base.output


def application(row: NetworkRow, plan: NetworkPlan, **given: Any) -> keras.Model:
    """The row's own model without its top, beginning at random."""
    if len(row.widths) > 1:
        given["alpha"] = plan.width
    with counted_from_the_start():
        return getattr(keras.applications, row.builder)(include_top=False, weights=None, **given)


def _is_nested(row: NetworkRow) -> bool:
    return row.builder.startswith("ConvNeXt")


def _is_efficientnet(row: NetworkRow) -> bool:
    return row.builder.startswith("EfficientNetB")


def _is_rebuilt(row: NetworkRow) -> bool:
    return _is_nested(row) or _is_efficientnet(row)


def _rebuilt(alone: keras.Model, picture: Any, row: NetworkRow) -> keras.Model:
    """``alone`` made anew on ``picture``, flat, and as it is with ImageNet's weights.

    Keras gives EfficientNet one layer more when it loads those itself; without it the network
    would see other colours than it was trained on.
    """

    def called(layer: Any, *given: Any, **options: Any) -> Any:
        if isinstance(layer, keras.Sequential):
            (features,) = given
            for each in layer.layers:
                features = each(features)
            return features
        features = layer(*given, **options)
        if _is_efficientnet(row) and layer.name == _EFFICIENTNET_NORMALIZATION:
            scale = [1 / math.sqrt(each) for each in _EFFICIENTNET_SPREAD]
            return keras.layers.Rescaling(scale, name=_EFFICIENTNET_RESCALING)(features)
        return features

    return keras.models.clone_model(
        alone, input_tensors=picture, clone_function=_copied, call_function=called
    )


def _copied(layer: Any) -> Any:
    if isinstance(layer, keras.Sequential):
        return keras.Sequential([_copied(each) for each in layer.layers], name=layer.name)
    return layer.__class__.from_config(layer.get_config())


def _load(
    base: keras.Model,
    weights_file: Path,
    row: NetworkRow,
    plan: NetworkPlan,
    shape: tuple[int, ...],
) -> None:
    is_keras_3 = weights_file.name.endswith(_KERAS_3_SUFFIX)
    try:
        if is_keras_3 or _is_nested(row):
            alone = application(row, plan, input_shape=shape)
            _load_alone(alone, weights_file, row, is_keras_3)
            _hand_over(alone, base)
        else:
            _load_alone(base, weights_file, row, is_keras_3)
    except (MemoryError, ProblemError):
        raise
    except Exception as error:  # h5py and Keras raise a dozen types for a file they dislike
        problem = Problem("weights_damaged", "network.weights", file=str(weights_file))
        raise ProblemError(problem) from error


def _load_alone(model: keras.Model, weights_file: Path, row: NetworkRow, is_keras_3: bool) -> None:
    """Keras 3's format mirrors the whole model's structure, so it fits the network standing alone
    only. Where a part has no counterpart Keras merely warns and leaves random numbers in it."""
    if not is_keras_3 and (problem := misfit(weights_file, model, row.title)) is not None:
        raise ProblemError(problem)
    with warnings.catch_warnings():
        if is_keras_3:
            warnings.filterwarnings("error", message=".*(?:freshly-initialized|not be loaded)")
        model.load_weights(weights_file)


def _hand_over(alone: keras.Model, base: keras.Model) -> None:
    for layer in _flat(alone):
        if not layer.weights:
            continue
        taker = base.get_layer(layer.name)
        taker.set_weights(layer.get_weights())
        if isinstance(taker, keras.layers.Normalization):
            taker.finalize_state()  # It computes with copies of its weights.


def _flat(model: keras.Model) -> Iterator[keras.Layer]:
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            yield from _flat(layer)
        else:
            yield layer
