"""Shapes, parameters and formulas of a list of layers, and what is wrong with it."""

from math import prod

import pytest

from cnnstudio.project.checks import problems_of
from cnnstudio.project.layer_blocks import LSTM, ResidualBlock
from cnnstudio.project.layer_kinds import (
    AveragePooling2D,
    BatchNormalization,
    Conv2D,
    Dense,
    DepthwiseConv2D,
    Dropout,
    Flatten,
    GlobalAveragePooling2D,
    GlobalMaxPooling2D,
    LocalResponseNormalization,
    MaxPooling2D,
    SeparableConv2D,
)
from cnnstudio.project.layer_list import LAYER_KINDS, AnyLayer, LayerList
from cnnstudio.project.layer_shapes import (
    AFTER_MAPS,
    BLOCK,
    LayerShape,
    fits,
    groups_of_list,
    list_shapes,
    problems_of_list,
)
from cnnstudio.project.network import OWN_LAYERS, NetworkPlan
from cnnstudio.project.pictures import PicturesPlan
from cnnstudio.project.project import Project

DIGIT = (28, 28, 1)

LENET: LayerList = (
    Conv2D(name="c1", filters=6, kernel=5, padding="same", activation="tanh"),
    AveragePooling2D(name="s2"),
    Conv2D(name="c3", filters=16, kernel=5, padding="valid", activation="tanh"),
    AveragePooling2D(name="s4"),
    Flatten(name="flatten"),
    Dense(name="c5", units=120, activation="tanh"),
    Dense(name="f6", units=84, activation="tanh"),
)


def alone(layer: AnyLayer, shape: tuple[int, ...] = DIGIT) -> LayerShape:
    return list_shapes((layer.model_copy(update={"name": "layer_1"}),), shape)[0]


def kinds_of(layers: LayerList, shape: tuple[int, ...] = DIGIT) -> list[str]:
    return [problem.kind for problem in problems_of_list(layers, shape)]


def test_lenet_has_the_shapes_and_parameters_that_are_known_of_it() -> None:
    shapes = list_shapes(LENET, DIGIT)
    assert [each.output_shape for each in shapes] == [
        (28, 28, 6),
        (14, 14, 6),
        (10, 10, 16),
        (5, 5, 16),
        (400,),
        (120,),
        (84,),
    ]
    assert [each.parameters for each in shapes] == [156, 0, 2416, 0, 0, 48120, 10164]
    assert fits(shapes)


@pytest.mark.parametrize(
    ("layer", "text"),
    [
        (Conv2D(padding="valid"), "⌊(n − k) / s⌋ + 1 = ⌊(28 − 3) / 1⌋ + 1 = 26"),
        (Conv2D(strides=2), "⌈n / s⌉ = ⌈28 / 2⌉ = 14"),
        (MaxPooling2D(size=3, strides=2), "⌊(n − k) / s⌋ + 1 = ⌊(28 − 3) / 2⌋ + 1 = 13"),
        (AveragePooling2D(padding="same"), "⌈n / s⌉ = ⌈28 / 2⌉ = 14"),
        (ResidualBlock(strides=2), "⌈n / s⌉ = ⌈28 / 2⌉ = 14"),
        (Flatten(), "h × w × c = 28 × 28 × 1 = 784"),
        (GlobalAveragePooling2D(), "h × w × c → c = 28 × 28 × 1 → 1"),
    ],
    ids=lambda each: getattr(each, "kind", ""),
)
def test_the_formula_of_the_size_has_its_letters_and_its_numbers(
    layer: AnyLayer, text: str
) -> None:
    size = alone(layer).size
    assert size is not None
    assert size.text == text


@pytest.mark.parametrize(
    ("layer", "shape", "text"),
    [
        (Conv2D(), (9, 9, 4), "(k × k × c + 1) × f = (3 × 3 × 4 + 1) × 32 = 1,184"),
        (Conv2D(use_bias=False), (9, 9, 4), "k × k × c × f = 3 × 3 × 4 × 32 = 1,152"),
        (Dense(), (784,), "(inputs + 1) × units = (784 + 1) × 128 = 100,480"),
        (Dense(use_bias=False), (784,), "inputs × units = 784 × 128 = 100,352"),
        (DepthwiseConv2D(), (9, 9, 4), "(k × k + 1) × c × m = (3 × 3 + 1) × 4 × 1 = 40"),
        (
            SeparableConv2D(),
            (9, 9, 4),
            "k × k × c + (c + 1) × f = 3 × 3 × 4 + (4 + 1) × 32 = 196",
        ),
        (BatchNormalization(), (9, 9, 4), "4 × c = 4 × 4 = 16"),
    ],
    ids=lambda each: getattr(each, "kind", ""),
)
def test_the_formula_of_the_parameters_gives_their_number(
    layer: AnyLayer, shape: tuple[int, ...], text: str
) -> None:
    found = alone(layer, shape)
    assert found.cost is not None
    assert found.cost.text == text
    assert text.endswith(f" {found.parameters:,}")


def test_both_sides_are_written_where_maps_are_not_square() -> None:
    size = alone(MaxPooling2D(), (28, 30, 1)).size
    assert size is not None
    assert size.text.endswith("⌊(28 − 2) / 2⌋ + 1, ⌊(30 − 2) / 2⌋ + 1 = 14, 15")


def test_only_half_of_a_batch_normalisation_can_be_trained() -> None:
    found = alone(BatchNormalization(), (9, 9, 8))
    assert (found.parameters, found.trainable_parameters) == (32, 16)


def test_what_a_picture_costs_is_counted_by_multiplications() -> None:
    assert alone(Conv2D(filters=8, use_bias=True), (10, 10, 3)).multiply_adds == 100 * 27 * 8
    assert alone(Dense(units=10), (100,)).multiply_adds == 1000
    assert alone(MaxPooling2D(), (10, 10, 3)).multiply_adds == 75 * 4
    assert alone(LSTM(units=4), (7, 5, 2)).multiply_adds == 70 + 7 * 4 * (10 + 4) * 4


@pytest.mark.parametrize(
    ("layer", "shape", "kind"),
    [
        (Conv2D(padding="valid", kernel=5), (4, 4, 8), "layer_window_too_large"),
        (Conv2D(padding="valid", kernel=5), (9, 4, 8), "layer_window_too_large"),
        (MaxPooling2D(), (1, 1, 8), "layer_window_too_large"),
        (MaxPooling2D(padding="same"), (1, 1, 8), "layer_maps_are_points"),
        (AveragePooling2D(size=1, strides=1), (9, 9, 8), "layer_changes_nothing"),
        (Dense(), (7, 7, 8), "layer_wants_list"),
        (Flatten(), (100,), "layer_flat_already"),
        (GlobalMaxPooling2D(), (100,), "layer_list_already"),
        (Conv2D(), (100,), "layer_wants_maps"),
        (MaxPooling2D(), (100,), "layer_wants_maps"),
        (LSTM(), (100,), "layer_wants_maps"),
        (ResidualBlock(), (100,), "layer_wants_maps"),
        (Dropout(whole_maps=True), (100,), "layer_wants_maps"),
        (LocalResponseNormalization(), (100,), "layer_wants_maps"),
        (Dense(units=8192), (300_000,), "layer_too_many_parameters"),
        (Conv2D(filters=4096), (1024, 1024, 3), "layer_maps_too_large"),
    ],
    ids=lambda each: each if isinstance(each, str) else getattr(each, "kind", str(each)),
)
def test_a_layer_that_does_not_fit_says_why(
    layer: AnyLayer, shape: tuple[int, ...], kind: str
) -> None:
    problems = alone(layer, shape).problems
    assert [problem.kind for problem in problems] == [kind]
    assert "'layer_1'" in problems[0].message


def test_before_a_layer_that_does_not_fit_all_is_known_and_behind_it_all_waits() -> None:
    layers = (*LENET[:4], *LENET[5:])
    shapes = list_shapes(layers, DIGIT)
    assert [each.output_shape is not None for each in shapes] == [True] * 4 + [False] * 2
    assert [each.is_waiting for each in shapes] == [False] * 5 + [True]
    assert [len(each.problems) for each in shapes] == [0, 0, 0, 0, 1, 0]
    assert not fits(shapes)


def test_a_second_flatten_is_only_a_warning() -> None:
    shapes = list_shapes((Flatten(name="a"), Flatten(name="b"), Dense(name="c")), DIGIT)
    assert fits(shapes)
    assert shapes[2].output_shape == (128,)
    assert [problem.severity for problem in shapes[1].problems] == ["warning"]


def test_a_convolution_on_a_list_is_told_who_made_the_list() -> None:
    layers: LayerList = (Conv2D(name="a"), Flatten(name="flat"), Dense(name="b"), Conv2D(name="c"))
    (problem,) = problems_of_list(layers, DIGIT)
    assert problem.kind == "layer_wants_maps"
    assert "'flat'" in problem.remedy


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("head_dense1", "layer_name_reserved"),
        ("preprocessing_mean", "layer_name_reserved"),
        ("output", "layer_name_reserved"),
        ("picture", "layer_name_reserved"),
        ("", "layer_name_unusable"),
        ("a/b", "layer_name_unusable"),
        ("a b", "layer_name_unusable"),
        ("합성곱", "layer_name_unusable"),
    ],
)
def test_names_that_cannot_be_are_told(name: str, kind: str) -> None:
    assert kinds_of((Dropout(name=name),)) == [kind]


def test_of_two_layers_with_one_name_the_second_is_marked_also_where_it_waits() -> None:
    shapes = list_shapes((Dense(name="a"), Dropout(name="b"), Flatten(name="a")), DIGIT)
    found = [[problem.kind for problem in shape.problems] for shape in shapes]
    assert found == [["layer_wants_list"], [], ["layer_name_twice"]]


def test_a_layer_called_as_a_part_of_a_block_is_told() -> None:
    layers: LayerList = (ResidualBlock(name="block"), Conv2D(name="block_conv2"))
    assert kinds_of(layers) == ["layer_name_twice"]


def test_every_kind_of_layer_has_an_outcome() -> None:
    for kind in LAYER_KINDS:
        shape = (64,) if kind is Dense else (16, 16, 4)
        found = alone(kind(), shape)  # type: ignore[arg-type]
        assert found.output_shape is not None
        assert prod(found.output_shape) > 0


def test_two_hundred_layers_and_an_empty_list_are_nothing_special() -> None:
    layers = tuple(Conv2D(name=f"conv_{number}", filters=8) for number in range(200))
    assert list_shapes(layers, DIGIT)[-1].output_shape == (28, 28, 8)
    assert list_shapes((), DIGIT) == ()


def test_blocks_end_where_maps_get_smaller() -> None:
    layers: LayerList = (
        Conv2D(name="conv_1"),
        Conv2D(name="conv_2", padding="valid"),
        MaxPooling2D(name="pool_1"),
        BatchNormalization(name="norm_1"),
        Conv2D(name="conv_3"),
        ResidualBlock(name="residual_1"),
        ResidualBlock(name="residual_2", strides=2),
        GlobalAveragePooling2D(name="average"),
        Dense(name="dense_1"),
    )
    groups = groups_of_list(layers, DIGIT)
    assert list(groups) == [layer.name for layer in layers]
    numbers = [value for _, value in groups.values()]
    assert numbers == ["1", "1", "1", "1", "2", "2", "3", "", ""]
    assert {title for title, _ in groups.values()} == {BLOCK, AFTER_MAPS}


def test_a_stem_with_strides_and_a_pooling_is_one_block() -> None:
    layers: LayerList = (
        Conv2D(name="stem", strides=2),
        MaxPooling2D(name="pool"),
        ResidualBlock(name="residual_1"),
    )
    numbers = [value for _, value in groups_of_list(layers, (64, 64, 3)).values()]
    assert numbers == ["1", "1", "2"]


def test_blocks_are_known_also_where_a_layer_does_not_fit() -> None:
    layers = (Dense(name="dense"), Conv2D(name="a"), MaxPooling2D(name="b"), Conv2D(name="c"))
    numbers = [value for _, value in groups_of_list(layers, DIGIT).values()]
    assert numbers == ["1", "1", "1", "2"]


def test_an_own_list_that_does_not_fit_stands_in_the_way_of_the_plan() -> None:
    layers: LayerList = (Conv2D(name="a", kernel=17, padding="valid"),)
    network = NetworkPlan(base=OWN_LAYERS, layers=layers)
    small, large = (Project(network=network, pictures=PicturesPlan(size=size)) for size in (16, 32))
    assert [each.kind for each in problems_of(small)] == ["layer_window_too_large"]
    assert problems_of(large) == []
