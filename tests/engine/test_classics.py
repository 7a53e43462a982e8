"""The classics from scratch: parameters as published, sizes, blocks, and that they can be saved."""

from pathlib import Path

import keras
import numpy as np
import pytest

from cnnstudio.engine.facts import describe
from cnnstudio.engine.networks.auxiliary import with_auxiliary
from cnnstudio.engine.networks.build import build, without_weights
from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.network_facts import LayerFacts, NetworkFacts
from cnnstudio.project.network_row import NetworkRow
from cnnstudio.project.network_table import choose_base, find_network
from cnnstudio.project.networks.classics import CLASSICS
from cnnstudio.project.pictures import PicturesPlan
from cnnstudio.project.problems import ProblemError

IMAGENET = 1000
DIGITS = 10
SMALLEST_PICTURE = 16

VARIANTS = [(row.key, variant.key) for row in CLASSICS for variant in row.variants]


def row_of(key: str) -> NetworkRow:
    row = find_network(key)
    assert row is not None
    return row


def plan_of(key: str, variant: str = "") -> NetworkPlan:
    return choose_base(NetworkPlan(), PicturesPlan(), row_of(key), variant)[0]


def described(key: str, variant: str = "", classes: int = IMAGENET) -> NetworkFacts:
    plan = plan_of(key, variant)
    with without_weights():
        model = build(plan, row_of(key).usual_size, classes, None)
    return describe(model, plan, classes)


def total(layers: tuple[LayerFacts, ...]) -> int:
    """Without the means and variances that batch normalisation remembers: torchvision counts so,
    and where there is no batch normalisation, it makes no difference."""
    return sum(layer.trainable_parameters for layer in layers)


@pytest.mark.parametrize("key", [row.key for row in CLASSICS if row.published])
def test_the_parameters_are_those_published(key: str) -> None:
    published = row_of(key).published
    assert published is not None
    classes = DIGITS if key == "lenet5" else IMAGENET
    assert total(described(key, classes=classes).layers) == published.parameters


def test_lenet_has_the_papers_counts_where_it_is_built_as_the_paper() -> None:
    # LeCun et al. 1998, section II.B. There C3 sees only some maps of S2: 1,516 parameters; S2 and
    # S4 have 12 and 32 of their own; the output's 840 numbers are fixed. 60,000 in all.
    facts = described("lenet5", classes=DIGITS)
    counts = {layer.name: layer.parameters for layer in facts.layers if layer.parameters}
    assert counts == {
        "C1": 156,
        "C3": 1_516 + 900,
        "C5": 48_120,
        "head_dense1": 10_164,
        "output": 850,
    }
    assert 156 + 12 + 1_516 + 32 + 48_120 + 10_164 == 60_000
    shapes = [layer.output_shape for layer in facts.base_layers]
    assert shapes == [(28, 28, 6), (14, 14, 6), (10, 10, 16), (5, 5, 16), (1, 1, 120)]


def test_alexnet_differs_from_the_papers_60_million_only_by_the_halves() -> None:
    # On two graphics cards, conv2, conv4 and conv5 see half of the maps before them.
    facts = described("alexnet")
    weights = {
        layer.name: layer.parameters - layer.output_shape[-1]
        for layer in facts.base_layers
        if layer.parameters
    }
    halves = sum(weights[name] // 2 for name in ("conv2", "conv4", "conv5"))
    assert total(facts.layers) - halves == 60_965_224
    assert total(described("alexnet", "without_normalisation").layers) == total(facts.layers)
    # torchvision's alexnet, after Krizhevsky 2014, arXiv:1404.5997
    assert total(described("alexnet", "today").layers) == 61_100_840


def test_googlenet_has_about_the_papers_counts_module_by_module() -> None:
    # Table 1 of arXiv:1409.4842, weights without biases in thousands of 1,024. Not all of it is
    # what its own numbers of maps make: 4c would be 497, 5a 1018.
    published = {
        "3a": 159,
        "3b": 380,
        "4a": 364,
        "4b": 437,
        "4c": 463,
        "4d": 580,
        "4e": 840,
        "5a": 1072,
        "5b": 1388,
    }
    facts = described("googlenet")
    weights = {
        layer.name: (layer.parameters - layer.output_shape[-1]) / 1024
        for layer in facts.layers
        if layer.parameters
    }
    counted = {
        place: sum(
            count for name, count in weights.items() if name.startswith(f"inception_{place}")
        )
        for place in published
    }
    assert counted == pytest.approx(published, rel=0.08)
    assert counted["3a"] == pytest.approx(159, abs=1)
    assert sum(counted.values()) == pytest.approx(sum(published.values()), rel=0.01)
    assert weights["conv2_reduce"] + weights["conv2"] == 112
    assert weights["output"] == 1000


def test_googlenet_in_training_has_the_count_with_auxiliary_classifiers() -> None:
    plan = plan_of("googlenet")
    with without_weights():
        model = build(plan, 224, IMAGENET, None)
        trained = with_auxiliary(model, plan, IMAGENET)
    assert trained.model.count_params() == 13_378_280
    assert model.count_params() == total(described("googlenet", "without_auxiliary").layers)


@pytest.mark.parametrize(("key", "depth"), [("resnet18", 18), ("resnet50_from_scratch", 50)])
def test_a_resnet_is_as_deep_as_its_name_says(key: str, depth: int) -> None:
    facts = described(key)
    deep = [
        layer
        for layer in facts.layers
        if layer.type in ("Conv2D", "Dense") and not layer.name.endswith("_shortcut")
    ]
    assert len(deep) == depth
    assert facts.base_layers[-1].output_shape == (7, 7, 512 if depth == 18 else 2048)


def test_a_resnet_of_today_has_the_parameters_of_the_paper_and_more_to_multiply() -> None:
    paper, today = (described("resnet50_from_scratch", each) for each in ("paper", "today"))
    assert total(paper.layers) == total(today.layers)
    costs = [sum(each.multiply_adds for each in facts.layers) / 1e9 for facts in (paper, today)]
    # The paper's table 1 says 3.8; torchvision names 4.09 for its own. Additions and poolings,
    # which are counted here, are small beside them.
    assert costs == pytest.approx([3.8, 4.1], abs=0.1)


def test_resnet50_and_kerass_own_differ_by_the_biases_of_its_convolutions() -> None:
    # Keras' count with top, from its documentation of applications.
    facts = described("resnet50_from_scratch")
    maps = sum(layer.output_shape[-1] for layer in facts.base_layers if layer.type == "Conv2D")
    assert sum(layer.parameters for layer in facts.layers) + maps == 25_636_712


@pytest.mark.parametrize(
    ("variant", "parameters"),
    [
        # 3 x 3 convolutions with bias: (9 in + 1) out; 28, 14, 7, 3 px; dense 128; output 10
        ("plain", 320 + 18_496 + 73_856 + (3 * 3 * 128 + 1) * 128 + 129 * 10),
        # without bias, and two numbers for each map
        ("batch_norm", 288 + 64 + 18_432 + 128 + 73_728 + 256 + 147_584 + 1_290),
        # the third block: two convolutions, a shortcut of 1 x 1, three normalisations
        (
            "residual",
            288 + 64 + 18_432 + 128 + 73_728 + 147_456 + 8_192 + 3 * 256 + 147_584 + 1_290,
        ),
    ],
)
def test_the_networks_for_digits_have_the_counts_of_their_layers(
    variant: str, parameters: int
) -> None:
    assert total(described("mnist_cnn", variant, DIGITS).layers) == parameters


def test_the_other_networks_of_courses_have_the_counts_of_their_layers() -> None:
    dense = (3 * 3 * 32 + 1) * 64 + 65 * 32 + 33 * 16 + 17 * 10
    assert (
        total(described("fashion_mnist_cnn", "", DIGITS).layers)
        == 320 + 33 * 0 + 18_496 + 18_464 + dense
    )
    assert total(described("mlp", "", DIGITS).layers) == 785 * 512 + 513 * 256 + 257 * 10
    assert total(described("lstm_rows", "", DIGITS).layers) == 4 * 128 * (28 + 128 + 1) + 1_290


@pytest.mark.parametrize(("key", "variant"), VARIANTS)
def test_every_layer_of_a_classic_stands_in_a_block(key: str, variant: str) -> None:
    facts = described(key, variant)
    assert facts.base_layers
    assert not [layer.name for layer in facts.base_layers if not layer.groups]


def test_blocks_are_called_as_the_papers_call_them() -> None:
    def of(key: str, layer: str) -> tuple[tuple[str, str], ...]:
        return next(each.groups for each in described(key).layers if each.name == layer)

    assert of("lenet5", "C3") == (("{0}", "C3"),)
    assert of("googlenet", "inception_4d_conv5x5") == (
        ("Stage {0}", "4"),
        ("Inception {0}", "4d"),
    )
    assert of("googlenet", "auxiliary_4d")[-1] == ("Inception {0}", "4d")
    assert of("resnet34", "stage3_block4_norm2") == (("Stage {0}", "3"), ("Block {0}", "4"))
    assert of("resnet34", "pool1") == (("Stem", ""),)
    assert of("vgg16_from_scratch", "block5_conv3")[-1] == ("Block {0}", "5")


@pytest.mark.parametrize("key", [row.key for row in CLASSICS])
def test_the_smallest_size_is_the_smallest_that_every_variant_takes(key: str) -> None:
    row = row_of(key)
    for variant in row.variants:
        with without_weights():
            build(plan_of(key, variant.key), row.smallest_size, 3, None)
    if row.smallest_size == SMALLEST_PICTURE:
        return
    refused = 0
    for variant in row.variants:
        try:
            with without_weights():
                build(plan_of(key, variant.key), row.smallest_size - 1, 3, None)
        except ProblemError:
            refused += 1
    assert refused


@pytest.mark.parametrize(
    ("key", "variant", "size"),
    [
        ("lenet5", "paper", 32),
        ("alexnet", "paper", 67),
        ("googlenet", "paper", 32),
        ("resnet18", "paper", 32),
        ("mnist_cnn", "residual", 28),
        ("lstm_rows", "", 28),
    ],
)
def test_a_saved_classic_loads_with_plain_keras(
    key: str, variant: str, size: int, tmp_path: Path
) -> None:
    plan = plan_of(key, variant).model_copy(update={"dense": ()})
    model = build(plan, size, 3, None)
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras", safe_mode=True)
    pictures = np.random.default_rng(3).uniform(0, 255, (2, size, size, 3)).astype(np.float32)
    given = np.asarray(model(pictures))
    np.testing.assert_allclose(again(pictures), given, atol=1e-6)
    assert given.shape == (2, 3)


def test_the_he_choice_of_vgg16_begins_with_larger_weights() -> None:
    spread = {}
    for variant in ("he", "glorot"):
        plan = plan_of("vgg16_from_scratch", variant).model_copy(update={"dense": ()})
        kernel = build(plan, 32, 2, None).get_layer("block3_conv1").get_weights()[0]
        spread[variant] = float(kernel.std())
    fan_in, fan_out = 9 * 128, 9 * 256
    assert spread["he"] == pytest.approx((2 / fan_in) ** 0.5, rel=0.05)
    assert spread["glorot"] == pytest.approx((2 / (fan_in + fan_out)) ** 0.5, rel=0.05)
