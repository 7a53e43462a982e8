"""The table of networks, and what the window counts from a built one."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnstudio.project.checks import problems_of
from cnnstudio.project.dense_layers import DenseLayer
from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.network_facts import (
    LayerFacts,
    NetworkFacts,
    ParameterTotals,
    count_parameters,
    trained_layers,
)
from cnnstudio.project.network_row import NetworkRow
from cnnstudio.project.network_table import (
    NETWORKS,
    choose_base,
    find_network,
    network_row,
    sees_grey,
)
from cnnstudio.project.pictures import PicturesPlan
from cnnstudio.project.project import Project

# As Keras names them: trainable and all parameters of a batch normalisation differ.
BASE = (
    LayerFacts("conv1", "Conv2D", (8, 8, 4), 112, 112, "base"),
    LayerFacts("bn1", "BatchNormalization", (8, 8, 4), 16, 8, "base"),
    LayerFacts("pool1", "MaxPooling2D", (4, 4, 4), 0, 0, "base"),
    LayerFacts("conv2", "Conv2D", (4, 4, 8), 296, 296, "base"),
)
HEAD = (
    LayerFacts("pooling", "GlobalAveragePooling2D", (8,), 0, 0, "head"),
    LayerFacts("output", "Dense", (1,), 9, 9, "head"),
)
LAYERS = (
    LayerFacts("picture", "InputLayer", (8, 8, 3), 0, 0, "input"),
    LayerFacts("rescale", "Rescaling", (8, 8, 3), 0, 0, "input"),
    *BASE,
    *HEAD,
)
FACTS = NetworkFacts(LAYERS, 2, "sigmoid")


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("vgg16", "vgg16"),
        ("VGG-16", "vgg16"),
        ("MobileNetV2", "mobilenet_v2"),
        ("mobilenet v2", "mobilenet_v2"),
        ("Small CNN", "small_cnn"),
    ],
)
def test_a_network_is_found_in_any_spelling(name: str, key: str) -> None:
    row = find_network(name)
    assert row is not None
    assert row.key == key


@pytest.mark.parametrize("name", ["", "vgg", "vgg161", "고양이", "🐶", "../vgg/16"])
def test_no_other_network_is_found(name: str) -> None:
    row = find_network(name)
    assert row is None or name == "../vgg/16"


def test_keys_and_titles_are_all_different() -> None:
    names = [name for row in NETWORKS for name in {row.key, row.title}]
    found = [find_network(name) for name in names]
    assert all(
        row is not None and name in (row.key, row.title)
        for row, name in zip(found, names, strict=True)
    )


@pytest.mark.parametrize("row", NETWORKS, ids=lambda row: row.key)
def test_every_row_is_complete(row: object) -> None:
    found = find_network(getattr(row, "key", ""))
    assert found is row
    assert found.sentence.endswith(".")
    assert found.smallest_size <= found.usual_size
    assert 1.0 in found.widths
    assert found.weights is None or found.source


def test_weights_files_are_called_as_keras_calls_them(real_weights: Path) -> None:
    row = find_network("mobilenet_v2")
    assert row is not None
    assert row.weights is not None
    for width in (0.35, 1.0):
        assert (real_weights / row.weights.names(width, 224)[0]).is_file()


def test_the_weights_of_the_wanted_size_come_first() -> None:
    row = find_network("mobilenet_v2")
    assert row is not None
    assert row.weights is not None
    names = row.weights.names(1.4, 160)
    assert names[0] == "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.4_160_no_top.h5"
    assert len(set(names)) == len(row.weights.sizes)
    assert row.weights.names(1.4, 200)[0].endswith("_224_no_top.h5")


@pytest.mark.parametrize(
    ("network", "layer", "block"),
    [
        ("vgg16", "block3_conv1", ("Block {0}", "3")),
        ("mobilenet_v2", "Conv1", ("Stem", "")),
        ("mobilenet_v2", "bn_Conv1", ("Stem", "")),
        ("mobilenet_v2", "expanded_conv_project", ("Block 0", "")),
        ("mobilenet_v2", "block_16_expand", ("Block {0}", "16")),
        ("mobilenet_v2", "Conv_1_bn", ("Last convolution", "")),
        ("vgg16", "something_else", ("", "")),
    ],
)
def test_layers_are_sorted_into_blocks(network: str, layer: str, block: tuple[str, str]) -> None:
    row = find_network(network)
    assert row is not None
    assert row.block_of(layer) == block


def test_stage_and_block_come_from_the_name_where_it_says_so() -> None:
    row = find_network("resnet50")
    assert row is not None
    assert row.groups_of(["conv1_pad", "conv2_block1_1_conv", "conv5_block3_out"]) == [
        (("Stem", ""),),
        (("Stage {0}", "2"), ("Block {0}", "1")),
        (("Stage {0}", "5"), ("Block {0}", "3")),
    ]


def test_numbered_layers_go_with_the_block_that_is_closed_after_them() -> None:
    row = find_network("inception_v3")
    assert row is not None
    names = ["conv2d", "max_pooling2d_1", "conv2d_9", "mixed0", "activation_12", "mixed10"]
    assert [groups[-1] for groups in row.groups_of(names)] == [
        ("Stem", ""),
        ("Stem", ""),
        ("Inception module {0}", "0"),
        ("Inception module {0}", "0"),
        ("Inception module {0}", "10"),
        ("Inception module {0}", "10"),
    ]


def test_numbered_layers_without_an_end_go_with_the_layer_before_them() -> None:
    row = find_network("mobilenet_v3_small")
    assert row is not None
    names = ["conv", "activation", "expanded_conv_3_expand", "re_lu_4", "conv_1_bn", "activation_9"]
    assert [groups[-1] for groups in row.groups_of(names)] == [
        ("Stem", ""),
        ("Stem", ""),
        ("Block {0}", "3"),
        ("Block {0}", "3"),
        ("Last convolution", ""),
        ("Last convolution", ""),
    ]


def test_a_network_without_rules_has_no_groups() -> None:
    row = find_network("own_model")
    assert row is not None
    assert row.groups_of(["conv2d", "dense"]) == [(), ()]


@pytest.mark.parametrize("row", NETWORKS, ids=lambda row: row.key)
def test_what_was_published_is_plausible_and_has_a_source(row: NetworkRow) -> None:
    published = row.published
    if published is None:
        return
    assert published.source
    assert published.parameters > 10_000
    for share in (published.top_1, published.top_5):
        assert share is None or 0.5 < share < 1
    if row.weights is not None and published.megabytes is not None:
        # Four bytes a number, on the page in megabytes of 1,000 or 1,024.
        assert published.parameters * 4e-6 == pytest.approx(published.megabytes, rel=0.1, abs=9)


def test_a_width_and_a_server_have_their_own_spelling() -> None:
    mobilenet, nasnet = find_network("mobilenet"), find_network("nasnet_large")
    assert mobilenet is not None
    assert mobilenet.weights is not None
    assert mobilenet.weights.names(0.25, 160)[0] == "mobilenet_2_5_160_tf_no_top.h5"
    assert nasnet is not None
    assert nasnet.weights is not None
    (name,) = nasnet.weights.names(1.0, 331)
    assert name == "nasnet_large_no_top.h5"
    assert nasnet.weights.server_name(name) == "NASNet-large-no-top.h5"


def test_a_network_made_for_colours_refuses_grey() -> None:
    def kinds(base: str) -> list[str]:
        network = NetworkPlan(base=base, colours="grey", train_last=1)
        return [each.kind for each in problems_of(Project(network=network))]

    assert "colours_needed" in kinds("vgg16")
    assert "colours_needed" not in kinds("small_cnn")
    assert sees_grey(NetworkPlan(colours="grey"))
    assert not sees_grey(NetworkPlan())


def test_an_unknown_base_has_no_row() -> None:
    with pytest.raises(KeyError, match="lenet"):
        network_row(NetworkPlan(base="lenet"))


def test_choosing_a_base_forgets_ticks_and_keeps_the_head() -> None:
    before = NetworkPlan(
        base="mobilenet_v2",
        width=0.35,
        trained_layers=("a",),
        train_last=3,
        dense=(DenseLayer(units=64),),
    )
    row = find_network("vgg16")
    assert row is not None
    network, pictures = choose_base(before, PicturesPlan(size=160, seed=5), row)
    assert network == NetworkPlan(base="vgg16", dense=(DenseLayer(units=64),))
    assert pictures == PicturesPlan(size=224, seed=5)


def test_choosing_a_base_keeps_a_width_that_it_has() -> None:
    row = find_network("mobilenet_v2")
    assert row is not None
    network, _ = choose_base(NetworkPlan(base="mobilenet_v2", width=0.35), PicturesPlan(), row)
    assert network.width == 0.35


def test_a_base_from_scratch_is_trained_whole() -> None:
    trained = trained_layers(NetworkPlan(base="small_cnn"), FACTS)
    assert trained == {layer.name for layer in BASE + HEAD}


def test_a_pretrained_base_is_frozen_and_its_head_trained() -> None:
    trained = trained_layers(NetworkPlan(base="vgg16"), FACTS)
    assert trained == {"pooling", "output"}
    assert count_parameters(LAYERS, trained) == ParameterTotals(total=433, trainable=9)


@pytest.mark.parametrize(("count", "trainable"), [(1, 305), (2, 305), (3, 305), (4, 417), (9, 417)])
def test_the_last_layers_of_the_base_are_trained(count: int, trainable: int) -> None:
    trained = trained_layers(NetworkPlan(base="vgg16", train_last=count), FACTS)
    assert "bn1" not in trained
    totals = count_parameters(LAYERS, trained)
    assert (totals.trainable, totals.frozen) == (trainable, 433 - trainable)


def test_ticks_go_before_train_last_and_unknown_names_are_passed_over() -> None:
    plan = NetworkPlan(base="vgg16", train_last=4, trained_layers=("conv1", "gone", "rescale"))
    assert trained_layers(plan, FACTS) == {"conv1"}


def test_no_ticks_at_all_train_nothing() -> None:
    trained = trained_layers(NetworkPlan(base="small_cnn", trained_layers=()), FACTS)
    assert count_parameters(LAYERS, trained).trainable == 0


@given(ticks=st.sets(st.sampled_from([layer.name for layer in LAYERS])))
def test_trainable_and_frozen_make_the_total(ticks: set[str]) -> None:
    plan = NetworkPlan(base="vgg16", trained_layers=tuple(ticks), freeze_batch_norm=False)
    totals = count_parameters(LAYERS, trained_layers(plan, FACTS))
    assert totals.total == 433
    assert totals.trainable + totals.frozen == totals.total
    assert totals.trainable == sum(
        each.trainable_parameters for each in LAYERS if each.name in ticks
    )


def test_the_base_keeps_its_order() -> None:
    assert FACTS.base_layers == BASE
