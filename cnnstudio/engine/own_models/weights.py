"""A file's numbers into layers made here: checked by shape before anything is read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import h5py
import keras

from cnnstudio.engine.own_models.container import Container
from cnnstudio.engine.own_models.graph import Step
from cnnstudio.engine.own_models.hdf5 import numbers_of, read_numbers, texts_of
from cnnstudio.project.problems import Problem, ProblemError

Layers = Mapping[int, tuple[Step, keras.Layer]]
"""By index of the step: what the file says of a layer, and the layer that was made for it."""

_OF_CHANCE = ("seed_generator", "StateVar", "state_var")
_OLD_CHECKPOINTS = "_layer_checkpoint_dependencies"
_OLD_NAMES = {"kernel": "depthwise_kernel"}
"""What Keras 2 called a variable of DepthwiseConv2D."""


@dataclass(frozen=True)
class _Pair:
    """A variable and the place of its numbers in the file."""

    layer: str
    variable: Any
    numbers: h5py.Dataset


def check_weights(container: Container, whole: Layers) -> None:
    """Find the numbers of all layers of the model and compare shapes; nothing is read.

    Raises:
        ProblemError: ``model_weights_wrong`` and what :meth:`Container.weights` raises.
    """
    with container.weights() as file:
        _pairs(container, file, whole, whole)


def load_weights(container: Container, layers: Layers, whole: Layers) -> None:
    """Put the file's numbers into ``layers``, after all shapes were compared.

    ``whole`` are the layers of the whole model, of which ``layers`` were made again.

    Raises:
        ProblemError: as :func:`check_weights`; then no layer was changed.
    """
    with container.weights() as file:
        for pair in _pairs(container, file, layers, whole):
            pair.variable.assign(read_numbers(pair.numbers))
    for _, layer in layers.values():
        if hasattr(layer, "finalize_state"):
            layer.finalize_state()


def _pairs(container: Container, file: h5py.File, layers: Layers, whole: Layers) -> list[_Pair]:
    if container.form == "zip":
        pairs = [pair for each in layers.values() for pair in _of_store(container, file, *each)]
    else:
        pairs = list(_of_groups(container, file["model_weights"], layers, whole))
    for pair in pairs:
        if tuple(pair.variable.shape) != tuple(pair.numbers.shape):
            raise _wrong(container, pair.layer)
    return pairs


def _variables(layer: keras.Layer) -> list[Any]:
    """A layer's variables in the order in which every Keras writes them."""
    found = [*layer.trainable_variables, *layer.non_trainable_variables]
    return [each for each in found if not _is_of_chance(each.path)]


def _is_of_chance(name: str) -> bool:
    return any(part in name for part in _OF_CHANCE)


# .keras


def _of_store(
    container: Container, file: h5py.File, step: Step, layer: keras.Layer
) -> Iterator[_Pair]:
    """Numbers stand in ``vars`` below the layer, those of a recurrent layer below its cell."""
    variables = _variables(layer)
    place = step.store if step.store in file else step.store.replace("layers", _OLD_CHECKPOINTS)
    try:
        group = file[place]["cell"] if variables and "cell" in file[place] else file[place]
        found = [group["vars"][str(number)] for number in range(len(variables))]
    except KeyError as error:
        if not variables:
            return
        raise _wrong(container, step.name) from error
    for variable, numbers in zip(variables, found, strict=True):
        yield _Pair(step.name, variable, numbers_of(numbers.parent, numbers.name))


# .h5


def _of_groups(
    container: Container, groups: h5py.Group, layers: Layers, whole: Layers
) -> Iterator[_Pair]:
    """Each outermost layer has a group with a list of names of all numbers in it."""
    names = texts_of(groups, "layer_names")
    for top in dict.fromkeys(step.top for step, _ in layers.values()):
        inside = {index: each for index, each in whole.items() if each[0].top == top}
        wanted = [each for index in inside for each in _slots(index, inside)]
        if not wanted:
            continue
        if top not in names:
            raise _wrong(container, top)
        group = groups[top]
        listed = [each for each in texts_of(group, "weight_names") if not _is_of_chance(each)]
        if len(listed) != len(wanted):
            raise _wrong(container, top)
        found = _by_name(inside, listed) or dict(zip(_in_order(inside), listed, strict=True))
        for index in inside.keys() & layers.keys():
            step, layer = layers[index]
            for number, variable in enumerate(_variables(layer)):
                yield _Pair(step.name, variable, numbers_of(group, found[index, number]))


_Slot = tuple[int, int]
"""Index of the step, and which of its layer's variables."""


def _slots(index: int, layers: Layers) -> list[_Slot]:
    return [(index, number) for number in range(len(_variables(layers[index][1])))]


def _by_name(inside: Layers, listed: list[str]) -> dict[_Slot, str] | None:
    """Every variable with the one name that ends in its layer's and its own; None if in doubt.

    ``conv1/kernel:0`` is the kernel of conv1. Names are better than the order, which depends on
    the order of layers that stand side by side.
    """
    places: dict[tuple[str, str], list[str]] = {}
    for name in listed:
        owner, _, own = name.partition(":")[0].rpartition("/")
        places.setdefault((owner, own), []).append(name)
    found: dict[_Slot, str] = {}
    for index, (step, layer) in inside.items():
        for number, variable in enumerate(_variables(layer)):
            names = {variable.name, _OLD_NAMES.get(variable.name, variable.name)}
            owners = _owners(step, layer)
            match = [each for o in owners for n in names for each in places.get((o, n), [])]
            if len(match) != 1:
                return None
            found[index, number] = match[0]
    return found if len(set(found.values())) == len(found) else None


def _owners(step: Step, layer: keras.Layer) -> tuple[str, ...]:
    """What the layer may be called before the last slash."""
    name = step.path[-1]
    whole = "/".join(step.path)
    cells = (f"{name}/{name}_cell", f"{name}/lstm_cell", f"{name}/gru_cell")
    return tuple(dict.fromkeys((name, whole, *(cells if hasattr(layer, "cell") else ()))))


def _in_order(inside: Layers) -> list[_Slot]:
    """All that is trained, layer by layer, then all that is not: as Keras lists them."""
    trained: list[_Slot] = []
    others: list[_Slot] = []
    for index, (step, layer) in inside.items():
        can_train = {id(each) for each in layer.trainable_variables}
        for slot, variable in zip(_slots(index, inside), _variables(layer), strict=True):
            is_trained = step.trained and id(variable) in can_train
            (trained if is_trained else others).append(slot)
    return trained + others


def _wrong(container: Container, layer: str) -> ProblemError:
    values = {"layer": layer}
    return ProblemError(Problem("model_weights_wrong", file=str(container.path), values=values))
