"""What is said of a list of layers without Keras is exactly what Keras builds of it."""

import math
from typing import Any, get_args

import keras
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic.fields import FieldInfo

from cnnstudio.engine.layer_costs import multiply_adds
from cnnstudio.engine.networks import layer_list as builder
from cnnstudio.engine.networks.build import without_weights
from cnnstudio.engine.networks.head import is_head
from cnnstudio.engine.networks.layer_list import layer_list
from cnnstudio.engine.networks.preprocessing import NAMES as INPUT_NAMES
from cnnstudio.project.layer_edits import insert_layer
from cnnstudio.project.layer_kinds import Layer
from cnnstudio.project.layer_list import LAYER_KINDS, LayerList
from cnnstudio.project.layer_names import is_reserved, names_of
from cnnstudio.project.layer_shapes import LayerShape, fits, list_shapes
from cnnstudio.project.network_table import NETWORKS

LARGEST = 40
"""Of filters, units, kernels in the lists tried: large ones only take long."""


@st.composite
def any_layers(draw: st.DrawFn, kind: type[Layer]) -> Any:
    """A layer of ``kind`` with any settings."""
    values = {}
    for name, info in kind.model_fields.items():
        if name not in ("kind", "name"):
            values[name] = draw(_values(info))
    return kind(**values)


def _values(info: FieldInfo) -> st.SearchStrategy[Any]:
    if info.annotation is bool:
        return st.booleans()
    if info.annotation is int:
        limits = {type(each).__name__: each for each in info.metadata}
        highest = min(int(limits["Le"].le), LARGEST)
        # Small numbers are what lists are made of; a kernel of 31 hardly ever fits.
        return st.integers(1, 4) | st.integers(int(limits["Ge"].ge), highest)
    if choices := get_args(info.annotation):
        return st.sampled_from(choices)
    return st.just(info.default)


ANY_LAYER = st.sampled_from(LAYER_KINDS).flatmap(any_layers)
SHAPES = st.tuples(st.integers(1, 40), st.integers(1, 40), st.integers(1, 5))


def named(layers: list[Any]) -> LayerList:
    found: LayerList = ()
    for layer in layers:
        found = insert_layer(found, len(found), layer)
    return found


def built(layers: LayerList, shape: tuple[int, ...]) -> keras.Model:
    with without_weights():
        picture = keras.Input(shape)
        return keras.Model(picture, layer_list(picture, layers))


def compare(model: keras.Model, shapes: tuple[LayerShape, ...], shape: tuple[int, ...]) -> None:
    assert tuple(model.output.shape[1:]) == (shapes[-1].output_shape if shapes else shape)
    assert model.count_params() == sum(each.parameters for each in shapes)
    trainable = sum(math.prod(each.shape) for each in model.trainable_weights)
    assert trainable == sum(each.trainable_parameters for each in shapes)
    assert costs(model) == sum(each.multiply_adds for each in shapes)


def costs(model: keras.Model) -> int:
    total = 0
    for layer in model.layers[1:]:
        given_shapes = [tuple(each.shape[1:]) for each in layer._inbound_nodes[0].input_tensors]
        total += multiply_adds(layer, given_shapes, tuple(layer.output.shape[1:]))
    return total


QUICK = settings(deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("kind", LAYER_KINDS, ids=lambda kind: kind.__name__)
@settings(QUICK, max_examples=30)
@given(data=st.data())
def test_each_kind_with_any_settings_is_as_keras_builds_it(
    kind: type[Layer], data: st.DataObject
) -> None:
    shape = data.draw(st.tuples(st.integers(1, 300)) if kind.__name__ == "Dense" else SHAPES)
    layers = named([data.draw(any_layers(kind))])
    shapes = list_shapes(layers, shape)
    if fits(shapes):
        compare(built(layers, shape), shapes, shape)
    else:
        with pytest.MonkeyPatch.context() as without_our_check:
            without_our_check.setattr(builder, "problems_of_list", lambda *_: [])
            with pytest.raises(ValueError, match="output size"):
                built(layers, shape)


def fitting(layers: list[Any], shape: tuple[int, ...]) -> LayerList:
    """Those of ``layers`` that fit behind each other."""
    found: LayerList = ()
    for layer in layers:
        longer = insert_layer(found, len(found), layer)
        if fits(list_shapes(longer, shape)):
            found = longer
    return found


@settings(QUICK, max_examples=120)
@given(layers=st.lists(ANY_LAYER, min_size=1, max_size=12), shape=SHAPES)
def test_lists_of_any_layers_are_as_keras_builds_them(
    layers: list[Any], shape: tuple[int, ...]
) -> None:
    chosen = fitting(layers, shape)
    compare(built(chosen, shape), list_shapes(chosen, shape), shape)


@pytest.mark.parametrize("row", [row for row in NETWORKS if row.variants], ids=lambda row: row.key)
def test_the_classics_are_as_keras_builds_them(row: Any) -> None:
    for variant in row.variants:
        shape = (row.usual_size, row.usual_size, 1 if row.colours == "grey" else 3)
        shapes = list_shapes(variant.layers, shape)
        assert fits(shapes)
        compare(built(variant.layers, shape), shapes, shape)


@pytest.mark.parametrize("kind", LAYER_KINDS, ids=lambda kind: kind.__name__)
def test_what_stands_inside_a_layer_has_the_names_that_are_kept_for_it(kind: type[Layer]) -> None:
    shape = (64,) if kind.__name__ == "Dense" else (16, 16, 4)
    layers = named([kind()])
    names = {each.name for each in built(layers, shape).operations[1:]}
    assert names <= names_of(layers[0])


def test_names_of_input_and_head_are_kept_from_lists() -> None:
    assert all(is_reserved(name) for name in INPUT_NAMES)
    assert is_head("output")
    assert is_head("head_dense1")
    assert is_reserved("output")
    assert is_reserved("head_dense1")
