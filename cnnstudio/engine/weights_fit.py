"""Whether a weights file fits a network, told before anything of it is loaded.

Keras itself loads layer after layer and raises in the middle, in words that name no file.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np

from cnnstudio.project.problems import Problem, Value

_WHERE = "network.weights"

Shape = tuple[int, ...]


@dataclass(frozen=True)
class _SavedLayer:
    """A layer of a file with its datasets, in the order in which Keras loads them."""

    name: str
    datasets: tuple[h5py.Dataset, ...]


@dataclass(frozen=True)
class _WantedLayer:
    """A layer that has weights, with their names and shapes."""

    name: str
    weights: tuple[tuple[str, Shape], ...]


def misfit(file: Path, model: keras.Model, network: str) -> Problem | None:
    """The first thing in ``file`` that does not fit ``model``'s weights, if any.

    ``file`` is of the format that ``Model.save_weights("….h5")`` had in Keras 2, which all of
    ``keras.applications`` come in: layers are matched by their order. ``network`` is its title.
    """
    values: dict[str, Value]
    if not _is_readable(file):
        values = {"reason": "not readable"}
        return Problem("weights_unreadable", _WHERE, file=str(file), values=values)
    if not h5py.is_hdf5(file):
        return Problem("weights_no_hdf5", _WHERE, file=str(file))
    try:
        with h5py.File(file, "r") as opened:
            saved = list(_saved_layers(opened))
            return _misfit(file, saved, _wanted_layers(model), network) or _damage(file, saved)
    except (OSError, KeyError, RuntimeError, TypeError, ValueError) as error:
        lines = str(error).strip("'\"").splitlines() or [type(error).__name__]
        values = {"reason": lines[0][:200]}
        return Problem("weights_cut_off", _WHERE, file=str(file), values=values)


def _is_readable(file: Path) -> bool:
    try:
        with file.open("rb"):
            return True
    except OSError:
        return False


def _misfit(
    file: Path, saved: list[_SavedLayer], wanted: list[_WantedLayer], network: str
) -> Problem | None:
    values: dict[str, Value] = {"network": network}
    for layer, place in zip_longest(saved, wanted):
        if place is None:
            values |= {"dataset": layer.name}
            return Problem("weights_layer_too_many", _WHERE, file=str(file), values=values)
        datasets = layer.datasets if layer is not None else ()
        for dataset, weight in zip_longest(datasets, place.weights):
            if dataset is None:
                values |= {"layer": weight[0] if datasets else place.name}
                return Problem("weights_layer_missing", _WHERE, file=str(file), values=values)
            values["dataset"] = dataset.name.lstrip("/")
            if weight is None:
                return Problem("weights_layer_too_many", _WHERE, file=str(file), values=values)
            if tuple(dataset.shape) != weight[1]:
                values |= {"found": _words(dataset.shape), "wanted": _words(weight[1])}
                return Problem("weights_other_shape", _WHERE, file=str(file), values=values)
    return None


def _damage(file: Path, saved: list[_SavedLayer]) -> Problem | None:
    """Zeros are what remains where a disk or a copy lost a piece of a file."""
    for dataset in (each for layer in saved for each in layer.datasets):
        numbers = dataset[()]
        is_kernel = numbers.ndim > 1
        if not np.isfinite(numbers).all() or (is_kernel and not numbers.any()):
            values: dict[str, Value] = {"dataset": dataset.name.lstrip("/")}
            return Problem("weights_no_numbers", _WHERE, file=str(file), values=values)
    return None


def _wanted_layers(model: keras.Model) -> list[_WantedLayer]:
    found = []
    for layer in model.layers:
        # In this order Keras 2 saved them.
        weights = (*layer.trainable_weights, *layer.non_trainable_weights)
        if weights:
            pairs = tuple((each.path, tuple(each.shape)) for each in weights)
            found.append(_WantedLayer(layer.name, pairs))
    return found


def _saved_layers(opened: h5py.File) -> Iterator[_SavedLayer]:
    group = opened
    if "layer_names" not in opened.attrs and "model_weights" in opened:
        group = opened["model_weights"]
    for name in _names(group, "layer_names"):
        names = _names(group[name], "weight_names")
        if names:
            yield _SavedLayer(name, tuple(group[name][each] for each in names))


def _names(group: Any, kind: str) -> list[str]:
    """A list of names, which Keras splits into pieces where it is long."""
    if kind in group.attrs:
        pieces = [group.attrs[kind]]
    else:
        pieces = []
        while (piece := f"{kind}{len(pieces)}") in group.attrs:
            pieces.append(group.attrs[piece])
    names = [name for piece in pieces for name in piece]
    return [name.decode() if isinstance(name, bytes) else str(name) for name in names]


def _words(shape: Any) -> str:
    return " × ".join(str(side) for side in shape) or "1"
