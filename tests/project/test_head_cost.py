"""What Flatten costs beside pooling, against counts known from the courses."""

from cnnstudio.project.dense_layers import DenseLayer
from cnnstudio.project.head_cost import HeadCost, head_cost, head_parameters
from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.network_facts import LayerFacts, NetworkFacts

VGG16_END = NetworkFacts(
    layers=(LayerFacts("block5_pool", "MaxPooling2D", (7, 7, 512), 0, 0, "base"),),
    num_classes=2,
    output="sigmoid",
)


def test_vgg16_with_flatten_and_1024_units_costs_what_keras_counts() -> None:
    plan = NetworkPlan(base="vgg16", dense=(DenseLayer(units=1024),))
    assert head_cost(plan, VGG16_END) == HeadCost(
        flat_numbers=25_088,
        pooled_numbers=512,
        flat_parameters=25_692_161,
        pooled_parameters=526_337,
    )


def test_a_normalised_layer_has_four_numbers_more_for_each_unit() -> None:
    layers = (DenseLayer(units=10, batch_norm=True),)
    assert head_parameters(5, layers, 3) == 6 * 10 + 40 + 11 * 3


def test_a_base_that_ends_in_a_list_has_nothing_to_flatten() -> None:
    dense = LayerFacts("dense", "Dense", (64,), 9, 9, "base")
    facts = NetworkFacts((dense,), 2, "sigmoid")
    assert head_cost(NetworkPlan(), facts) is None
    assert head_cost(NetworkPlan(), NetworkFacts((), 2, "sigmoid")) is None
