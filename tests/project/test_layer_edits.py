"""Names of the layers of a list, and changes of the list."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnstudio.project.layer_edits import (
    duplicate_layers,
    insert_layer,
    move_by_one,
    move_layers,
    new_layer,
    remove_layers,
    replace_layer,
)
from cnnstudio.project.layer_kinds import Conv2D, Dense, Dropout, Flatten
from cnnstudio.project.layer_list import LAYER_KINDS, LayerList
from cnnstudio.project.layer_names import (
    is_reserved,
    is_usable,
    new_name,
    own_layers_from,
    with_own_names,
)
from cnnstudio.project.network_row import NetworkRow
from cnnstudio.project.network_table import NETWORKS

FIVE: LayerList = tuple(Dropout(name=name) for name in "abcde")


def names(layers: LayerList) -> str:
    return "".join(layer.name for layer in layers)


def test_new_layers_are_numbered_by_their_kind() -> None:
    layers: LayerList = ()
    for kind in (Conv2D, Conv2D, Dense, Conv2D):
        layers = insert_layer(layers, len(layers), new_layer(kind))
    assert [layer.name for layer in layers] == ["conv_1", "conv_2", "dense_1", "conv_3"]


def test_a_number_in_the_middle_is_not_given_again() -> None:
    assert new_name(Conv2D(), {"conv_1", "conv_3", "conv_x"}) == "conv_4"


@pytest.mark.parametrize("kind", LAYER_KINDS, ids=lambda kind: kind.__name__)
def test_every_kind_is_named_so_that_the_engine_takes_it(kind: type[Conv2D]) -> None:
    (layer,) = insert_layer((), 0, new_layer(kind))
    assert layer.name.endswith("_1")
    assert is_usable(layer.name)
    assert not is_reserved(layer.name)


@pytest.mark.parametrize("row", [r for r in NETWORKS if r.variants], ids=lambda row: row.key)
def test_a_classic_is_taken_over_with_its_names(row: NetworkRow) -> None:
    for variant in row.variants:
        assert own_layers_from(row, variant.key) == variant.layers


def test_a_network_without_a_list_gives_no_layers() -> None:
    without = next(row for row in NETWORKS if not row.variants)
    assert own_layers_from(without) == ()


def test_names_from_elsewhere_are_made_unique_and_good_ones_stay() -> None:
    layers: LayerList = tuple(
        Dropout(name=name) for name in ("a", "", "a", "head_x", "dropout_1", "a b")
    )
    made = [layer.name for layer in with_own_names(layers)]
    assert made == ["a", "dropout_2", "dropout_3", "dropout_4", "dropout_1", "dropout_5"]
    assert with_own_names(FIVE) == FIVE


def test_layers_are_inserted_before_a_place() -> None:
    assert names(insert_layer(FIVE, 2, Dropout(name="x"))) == "abxcde"
    assert names(insert_layer(FIVE, 99, Dropout(name="x"))) == "abcdex"


def test_layers_are_removed_by_their_places() -> None:
    assert names(remove_layers(FIVE, [0, 3])) == "bce"


@pytest.mark.parametrize(
    ("places", "to", "expected"),
    [
        ([0], 2, "bacde"),
        ([4], 0, "eabcd"),
        ([0, 2], 5, "bdeac"),
        ([1, 2], 2, "abcde"),
        ([3, 1], 0, "bdace"),
        ([], 3, "abcde"),
    ],
)
def test_layers_are_moved_in_their_order(places: list[int], to: int, expected: str) -> None:
    assert names(move_layers(FIVE, places, to)) == expected


@pytest.mark.parametrize(
    ("places", "down", "expected"),
    [
        ([1], False, "bacde"),
        ([1], True, "acbde"),
        ([0], False, "abcde"),
        ([4], True, "abcde"),
        ([1, 2], True, "adbce"),
        ([1, 3], False, "bdace"),
        ([], True, "abcde"),
    ],
)
def test_layers_go_one_place_up_or_down(places: list[int], down: bool, expected: str) -> None:
    assert names(move_by_one(FIVE, places, down)) == expected


@given(st.sets(st.integers(0, 4)), st.integers(0, 5))
def test_moving_loses_nothing(places: set[int], to: int) -> None:
    assert sorted(names(move_layers(FIVE, places, to))) == list("abcde")


def test_copies_stand_behind_the_last_one_under_names_of_their_own() -> None:
    layers: LayerList = (Conv2D(name="conv_1", filters=7), Flatten(name="flat"), Dense(name="x"))
    made = duplicate_layers(layers, [0, 1])
    assert [layer.name for layer in made] == ["conv_1", "flat", "conv_2", "flatten_1", "x"]
    assert made[2] == layers[0].model_copy(update={"name": "conv_2"})


def test_a_replaced_layer_never_takes_the_name_of_another() -> None:
    assert names(replace_layer(FIVE, 1, Dropout(name="x"))) == "axcde"
    assert replace_layer(FIVE, 1, Dropout(name="a"))[1].name == "dropout_1"
