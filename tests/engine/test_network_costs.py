"""What the gallery says of networks is what the engine counts today."""

import pytest

from cnnstudio.engine.facts import describe
from cnnstudio.engine.networks.build import build, without_weights
from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.network_costs import cost_of, network_cost
from cnnstudio.project.network_table import NETWORKS, find_network


def test_every_network_of_the_table_has_its_cost() -> None:
    made_by_people = {"own_layers", "own_model"}
    assert {row.key for row in NETWORKS if network_cost(row) is None} == made_by_people


@pytest.mark.parametrize("key", ["small_cnn", "mobilenet_v2", "vgg16", "resnet50", "lenet5"])
def test_the_kept_costs_are_what_is_counted(key: str) -> None:
    row = find_network(key)
    assert row is not None
    plan = NetworkPlan(base=key)
    with without_weights():
        facts = describe(build(plan, row.usual_size, 2, None), plan, 2)
    assert network_cost(row) == cost_of(facts)


def test_a_trained_network_takes_more_memory_than_a_frozen_one() -> None:
    row = find_network("vgg16")
    assert row is not None
    cost = network_cost(row)
    assert cost is not None
    assert cost.memory_bytes(16, is_frozen=False) > 1.5 * cost.memory_bytes(16, is_frozen=True)
    assert cost.memory_bytes(32, is_frozen=False) > cost.memory_bytes(16, is_frozen=False)
