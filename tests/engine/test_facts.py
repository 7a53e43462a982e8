"""What is told of the layers of a built network."""

import keras
import pytest

from cnnstudio.engine.facts import describe
from cnnstudio.engine.layer_costs import detail_of, multiply_adds
from cnnstudio.engine.networks.build import build, without_weights
from cnnstudio.project.layer_blocks import ResidualBlock
from cnnstudio.project.layer_kinds import Conv2D, MaxPooling2D
from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.network_facts import LayerFacts, NetworkFacts

L = keras.layers


def _facts(size: int, **settings: object) -> NetworkFacts:
    plan = NetworkPlan(**settings)
    with without_weights():
        model = build(plan, size, 2, None)
    return describe(model, plan, 2)


def _by_name(facts: NetworkFacts) -> dict[str, LayerFacts]:
    return {layer.name: layer for layer in facts.layers}


@pytest.mark.parametrize(
    ("layer", "shape", "expected"),
    [
        (L.Conv2D(8, 3, padding="same"), (10, 10, 4), 10 * 10 * 3 * 3 * 4 * 8),
        (L.Conv2D(8, 3, strides=2, groups=2), (11, 11, 4), 5 * 5 * 3 * 3 * 2 * 8),
        (L.DepthwiseConv2D(3, padding="same"), (10, 10, 4), 10 * 10 * 3 * 3 * 4),
        (
            L.SeparableConv2D(8, 3, padding="same"),
            (10, 10, 4),
            10 * 10 * (3 * 3 * 4 + 4 * 8),
        ),
        (L.Conv2DTranspose(8, 3, strides=2), (5, 5, 4), 5 * 5 * 3 * 3 * 4 * 8),
        (L.Dense(7), (5,), 5 * 7),
        (L.Dense(7), (6, 5), 6 * 5 * 7),
        (L.LSTM(16), (28, 20), 28 * (20 + 16) * 4 * 16),
        (L.LSTM(16, return_sequences=True), (28, 20), 28 * (20 + 16) * 4 * 16),
        (L.GRU(16), (28, 20), 28 * (20 + 16) * 3 * 16),
        (L.Bidirectional(L.LSTM(16)), (28, 20), 2 * 28 * (20 + 16) * 4 * 16),
        (L.TimeDistributed(L.Dense(7)), (6, 5), 6 * 5 * 7),
        (L.MaxPooling2D(3, strides=2), (11, 11, 4), 9 * 5 * 5 * 4),
        (L.AveragePooling2D(2), (10, 10, 4), 4 * 5 * 5 * 4),
        (L.GlobalAveragePooling2D(), (10, 10, 4), 400),
        (L.BatchNormalization(), (10, 10, 4), 400),
        (L.ReLU(), (10, 10, 4), 400),
        (L.PReLU(), (10, 10, 4), 400),
        (L.Flatten(), (10, 10, 4), 400),
        (keras.Sequential([L.Conv2D(8, 1), L.ReLU()]), (10, 10, 4), 100 * 32 + 800),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, keras.Layer) else None,
)
def test_cost_counts_multiplications(
    layer: keras.Layer, shape: tuple[int, ...], expected: int
) -> None:
    output = layer(keras.Input(shape))
    assert multiply_adds(layer, [shape], tuple(output.shape[1:])) == expected


def test_a_sum_looks_at_all_that_it_adds() -> None:
    assert multiply_adds(L.Add(), [(4, 4, 2)] * 3, (4, 4, 2)) == 96


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        (L.Conv2D(8, 3), "3 × 3"),
        (L.Conv2D(8, (1, 7), strides=2, activation="relu"), "1 × 7, /2, relu"),
        (L.MaxPooling2D(2), "2 × 2"),
        (L.MaxPooling2D(3, strides=2), "3 × 3, /2"),
        (L.Dense(3, activation="softmax"), "softmax"),
        (L.Activation("gelu"), "gelu"),
        (L.Dropout(0.25), "0.25"),
        (L.BatchNormalization(), ""),
    ],
)
def test_detail_says_what_the_name_does_not(layer: keras.Layer, expected: str) -> None:
    assert detail_of(layer) == expected


@pytest.mark.parametrize(
    ("base", "published", "source_size"),
    [("vgg16", 15.3e9, 224), ("mobilenet_v2", 0.300e9, 224), ("resnet50", 3.8e9, 224)],
)
def test_costs_are_those_that_were_published(base: str, published: float, source_size: int) -> None:
    """He et al. 2015 (arXiv:1512.03385, table 1) for VGG16 without its dense layers and for
    ResNet50, Sandler et al. 2018 (arXiv:1801.04381, table 4) for MobileNetV2."""
    facts = _facts(source_size, base=base)
    assert sum(layer.multiply_adds for layer in facts.layers) == pytest.approx(published, rel=0.06)


def test_inputs_are_seen_through_operations_that_are_no_layers() -> None:
    """MobileNetV3 multiplies and adds with plain operations, VGG16 turns the colours."""
    vgg = _by_name(_facts(32, base="vgg16"))
    assert vgg["preprocessing_mean"].inputs == ("picture",)
    facts = _facts(64, base="mobilenet_v3_small")
    names = {layer.name for layer in facts.layers}
    for layer in facts.layers[1:]:
        assert layer.inputs, layer.name
        assert set(layer.inputs) <= names, layer.name


def test_a_skip_has_both_of_its_inputs() -> None:
    layers = _by_name(_facts(64, base="mobilenet_v2", width=0.35))
    assert layers["block_2_add"].inputs == ("block_1_project_BN", "block_2_project_BN")


def test_groups_are_stage_and_block() -> None:
    layers = _by_name(_facts(224, base="mobilenet_v2", width=0.35))
    assert layers["Conv1"].groups == (("Stem", ""),)
    assert layers["block_2_add"].groups == (("Blocks {0}", "1–2"), ("Block {0}", "2"))
    assert layers["block_16_project"].groups == (("Blocks {0}", "13–16"), ("Block {0}", "16"))
    assert layers["picture"].groups == layers["output"].groups == ()
    resnet = _by_name(_facts(64, base="resnet50"))
    assert resnet["conv4_block2_1_conv"].groups == (("Stage {0}", "4"), ("Block {0}", "2"))


def test_own_layers_stand_in_blocks_too() -> None:
    own = (
        Conv2D(name="eyes", filters=4),
        MaxPooling2D(name="smaller"),
        ResidualBlock(name="deeper", filters=4, strides=2),
    )
    layers = _facts(16, base="own_layers", layers=own).base_layers
    assert layers[0].groups == layers[1].groups == (("Block {0}", "1"),)
    assert len(layers) > 4
    assert {layer.groups for layer in layers[2:]} == {(("Block {0}", "2"),)}


def test_a_layer_that_was_also_called_elsewhere_is_told_as_it_stands_here() -> None:
    plan = NetworkPlan(base="small_cnn")
    shared = L.Conv2D(4, 3, name="block1_conv")
    shared(keras.Input((64, 64, 3)))
    picture = keras.Input((16, 16, 3), name="picture")
    output = L.Dense(1, name="output")(L.GlobalAveragePooling2D()(shared(picture)))
    layers = _by_name(describe(keras.Model(picture, output), plan, 2))
    assert layers["block1_conv"].inputs == ("picture",)
    assert layers["block1_conv"].multiply_adds == 14 * 14 * 3 * 3 * 3 * 4


def test_frozen_layers_are_counted_as_what_they_could_train() -> None:
    plan = NetworkPlan(base="small_cnn")
    model = build(plan, 16, 2, None)
    before = describe(model, plan, 2)
    for layer in model.layers:
        layer.trainable = False
    assert describe(model, plan, 2) == before
    assert not any(layer.trainable for layer in model.layers)
    assert _by_name(before)["block1_norm"].trainable_parameters == 2 * 16


def test_how_much_the_head_leaves_out_is_not_told_as_one_description_serves_all_rates() -> None:
    plan = NetworkPlan(base="lenet5", dropout=0.3)
    with without_weights():
        facts = describe(build(plan, 32, 2, None), plan, 2)
    details = {layer.name: layer.detail for layer in facts.layers}
    assert details["head_dropout"] == ""
    assert details["C1"]
