"""A model cut in two where its frozen part ends: what is computed once, and what is trained.

Both halves stand over the same layers, so they share all weights with the whole model. Several
tensors may lead from one half to the other, as where a block is cut that has a way around it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import keras

from cnnstudio.project.frozen_part import RANDOM_TYPES, FrozenPart, Step, part_before


class CannotCutError(Exception):
    """The model is made in a way that has no frozen part of its own."""


@dataclass(frozen=True)
class CutModel:
    """``whole`` in two halves: ``frozen`` takes pictures and gives a list of tensors, ``rest``
    takes such a list and gives what ``whole`` gives. ``part`` says which layers are frozen."""

    whole: keras.Model
    frozen: keras.Model
    rest: keras.Model
    part: FrozenPart

    @property
    def shapes(self) -> tuple[tuple[int, ...], ...]:
        """Of each tensor between the halves, without the batch axis."""
        return tuple(tuple(tensor.shape[1:]) for tensor in self.frozen.outputs)


def frozen_part_of(model: keras.Model) -> FrozenPart:
    """The frozen part of ``model``, with operations that are no layers.

    Raises:
        CannotCutError: where a layer is used more than once, or the model is no graph of layers.
    """
    return part_before(Step(node.operation.name, _inputs(node), _ends(node)) for node in _in(model))


def cut(model: keras.Model, part: FrozenPart) -> CutModel:
    """Cut ``model`` behind ``part``, which may come from a model with layers of the same names.

    Raises:
        CannotCutError: where Keras cannot, or the tensors between have no fixed size.
    """
    found: dict[int, Any] = {}
    for node in _in(model):
        if node.operation.name not in part.layers:
            inside = (t for t in node.input_tensors if _maker(t) in part.layers)
            found |= {id(tensor): tensor for tensor in inside}
    frontier = list(found.values())
    if not frontier or any(_maker(tensor) in part.layers for tensor in model.outputs):
        raise CannotCutError
    for tensor in frontier:
        if None in tensor.shape[1:] or tensor.dtype != "float32":
            raise CannotCutError
    try:
        # A name of its own: else Keras counts, and features would be known by that number, too.
        frozen = keras.Model(model.inputs, frontier, name="frozen")
        rest = keras.Model(frontier, model.outputs[0], name=model.name)
    except Exception as error:  # whatever Keras finds in a model that is not its own kind of graph
        raise CannotCutError from error
    return CutModel(model, frozen, rest, part)


def _in(model: keras.Model) -> Iterator[Any]:
    """The calls of layers and operations in ``model``, each after those it takes from."""
    by_depth = getattr(model, "_nodes_by_depth", None)
    if by_depth is None:
        raise CannotCutError
    nodes = [node for depth in sorted(by_depth, reverse=True) for node in by_depth[depth]]
    names = [node.operation.name for node in nodes]
    if len(set(names)) < len(names):
        raise CannotCutError
    yield from nodes


def _inputs(node: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_maker(tensor) for tensor in node.input_tensors))


def _maker(tensor: Any) -> str:
    name: str = tensor._keras_history.operation.name
    return name


def _ends(node: Any) -> bool:
    """Whether the output differs from step to step although the input does not."""
    operation = node.operation
    if not isinstance(operation, keras.Layer):
        return False
    if operation.trainable_variables:
        return True
    if isinstance(operation, keras.layers.BatchNormalization) and operation.trainable:
        return True  # it goes by its batch, even where it has nothing to learn
    return any(_is_random(each) for each in operation._flatten_layers())


def _is_random(layer: keras.Layer) -> bool:
    """Whether it draws numbers, or its output is part of the loss."""
    name = type(layer).__name__
    if name in RANDOM_TYPES or name.startswith("Random"):
        return True
    return bool(layer._seed_generators) or layer.activity_regularizer is not None
