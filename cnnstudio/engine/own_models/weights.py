"""A file's numbers into layers made here: checked by shape before anything is read."""

from collections.abc import Iterator, Mapping, Sequence
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


@dataclass(frozen=True)
class _Pair:
    """A variable and the place of its numbers in the file."""

    layer: str
    variable: Any
    numbers: h5py.Dataset


def check_weights(container: Container, layers: Layers, *, every_step: Sequence[Step]) -> None:
    """Find the numbers of all ``layers`` and compare shapes; nothing is read.

    ``every_step`` are the steps of the whole model, also those that no layer was made for.

    Raises:
        ProblemError: ``model_weights_wrong`` and what :meth:`Container.weights` raises.
    """
    with container.weights() as file:
        _pairs(container, file, layers, every_step)


def load_weights(container: Container, layers: Layers, *, every_step: Sequence[Step]) -> None:
    """Put the file's numbers into ``layers``, after all shapes were compared.

    Raises:
        ProblemError: as :func:`check_weights`; then no layer was changed.
    """
    with container.weights() as file:
        for pair in _pairs(container, file, layers, every_step):
            pair.variable.assign(read_numbers(pair.numbers))
    for _, layer in layers.values():
        if hasattr(layer, "finalize_state"):
            layer.finalize_state()


def _pairs(
    container: Container, file: h5py.File, layers: Layers, every_step: Sequence[Step]
) -> list[_Pair]:
    if container.form == "zip":
        pairs = [pair for each in layers.values() for pair in _of_store(container, file, *each)]
    else:
        pairs = list(_of_groups(container, file["model_weights"], layers, every_step))
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
    container: Container, groups: h5py.Group, layers: Layers, every_step: Sequence[Step]
) -> Iterator[_Pair]:
    """Each outermost layer has a group with a list of names of all numbers in it."""
    names = texts_of(groups, "layer_names")
    for top in dict.fromkeys(step.top for step, _ in layers.values()):
        inside = [each for each in layers.values() if each[0].top == top]
        wanted = sum(len(_variables(layer)) for _, layer in inside)
        if not wanted:
            continue
        if top not in names:
            raise _wrong(container, top)
        group = groups[top]
        listed = [each for each in texts_of(group, "weight_names") if not _is_of_chance(each)]
        found = _by_name(inside, listed)
        if found is None:
            is_whole = len(inside) == sum(step.top == top for step in every_step)
            if len(listed) != wanted or not is_whole:
                raise _wrong(container, top)
            found = list(zip(_in_order(inside), listed, strict=True))
        for (layer, variable), name in found:
            yield _Pair(layer, variable, numbers_of(group, name))


_Named = tuple[tuple[str, Any], str]


def _by_name(inside: list[tuple[Step, keras.Layer]], listed: list[str]) -> list[_Named] | None:
    """Every variable with the one name that ends in its layer's and its own; None if in doubt.

    ``conv1/kernel:0`` is the kernel of conv1. Names are better than the order, which depends on
    the order of layers that stand side by side.
    """
    places: dict[tuple[str, str], list[str]] = {}
    for name in listed:
        owner, _, own = name.partition(":")[0].rpartition("/")
        places.setdefault((owner, own), []).append(name)
    found: list[_Named] = []
    for step, layer in inside:
        for variable in _variables(layer):
            owners = _owners(step, layer)
            match = [name for owner in owners for name in places.get((owner, variable.name), [])]
            if len(match) != 1:
                return None
            found.append(((step.name, variable), match[0]))
    names = [name for _, name in found]
    return found if len(set(names)) == len(names) else None


def _owners(step: Step, layer: keras.Layer) -> tuple[str, ...]:
    """What the layer may be called before the last slash."""
    name = step.path[-1]
    whole = "/".join(step.path)
    cells = (f"{name}/{name}_cell", f"{name}/lstm_cell", f"{name}/gru_cell")
    return tuple(dict.fromkeys((name, whole, *(cells if hasattr(layer, "cell") else ()))))


def _in_order(inside: list[tuple[Step, keras.Layer]]) -> list[tuple[str, Any]]:
    """All that is trained, layer by layer, then all that is not: as Keras lists them."""
    trained: list[tuple[str, Any]] = []
    others: list[tuple[str, Any]] = []
    for step, layer in inside:
        can_train = {id(each) for each in layer.trainable_variables}
        for variable in _variables(layer):
            is_trained = step.trained and id(variable) in can_train
            (trained if is_trained else others).append((step.name, variable))
    return trained + others


def _wrong(container: Container, layer: str) -> ProblemError:
    values = {"layer": layer}
    return ProblemError(Problem("model_weights_wrong", file=str(container.path), values=values))
