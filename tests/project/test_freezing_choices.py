"""What is chosen at once about freezing."""

import pytest

from cnnstudio.project import freezing_choices as choices
from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.network_facts import BATCH_NORM, LayerFacts, NetworkFacts, trained_layers
from tests.sample_networks import PRETRAINED, pretrained_facts

FACTS = pretrained_facts()
PLAN = NetworkPlan(base=PRETRAINED)
HEAD = {"head_pooling", "output"}
SCRATCH = NetworkPlan(base="small_cnn")


def test_freezing_all_leaves_the_head() -> None:
    for plan in (PLAN.model_copy(update={"train_last": 3}), SCRATCH):
        assert trained_layers(choices.freeze_all(plan, FACTS), FACTS) == HEAD


def test_training_all_leaves_out_normalisations_that_stay_frozen() -> None:
    base = {layer.name for layer in FACTS.base_layers}
    norms = {layer.name for layer in FACTS.base_layers if layer.type == BATCH_NORM}
    assert trained_layers(choices.train_all(PLAN, FACTS), FACTS) == base - norms | HEAD
    frozen = choices.freeze_all(SCRATCH, FACTS)
    assert trained_layers(choices.train_all(frozen, FACTS), FACTS) == base | HEAD


@pytest.mark.parametrize("plan", [PLAN, SCRATCH])
def test_last_blocks_are_trained_and_counted(plan: NetworkPlan) -> None:
    chosen = choices.train_last_blocks(plan, FACTS, 2)
    trained = trained_layers(chosen, FACTS)
    assert {"block_3_conv", "block_4_relu", "output"} <= trained
    assert "block_2_relu" not in trained
    assert choices.last_blocks_trained(chosen, FACTS) == 2
    assert choices.last_layers_trained(chosen, FACTS) == 6


@pytest.mark.parametrize("plan", [PLAN, SCRATCH])
@pytest.mark.parametrize("count", [0, 1, 2, 4, 15])
def test_last_layers_are_counted_as_they_were_chosen(plan: NetworkPlan, count: int) -> None:
    chosen = choices.train_last_layers(plan, FACTS, count)
    assert choices.last_layers_trained(chosen, FACTS) == count


def test_one_choice_takes_the_place_of_the_other() -> None:
    layers = choices.train_last_layers(PLAN, FACTS, 4)
    blocks = choices.train_last_blocks(layers, FACTS, 1)
    assert (blocks.train_last, blocks.train_last_blocks) == (0, 1)
    ticks = choices.tick_exactly(blocks, FACTS, {"output"})
    assert (ticks.train_last_blocks, ticks.trained_layers) == (0, ("output",))
    assert choices.train_last_layers(ticks, FACTS, 4) == layers


def test_from_here_up_leaves_the_head_as_it_is() -> None:
    plan = choices.tick_exactly(PLAN, FACTS, {"stem_conv", "head_pooling"})
    chosen = choices.train_from_here_up(plan, FACTS, "block_4_norm")
    assert chosen.trained_layers == ("block_4_relu", "head_pooling")
    scratch = choices.train_from_here_up(SCRATCH, FACTS, "block_4_norm")
    assert trained_layers(scratch, FACTS) == {"block_4_norm", "block_4_relu"} | HEAD


def test_a_normalisation_that_may_learn_again_follows_its_convolution() -> None:
    plan = choices.tick_exactly(PLAN, FACTS, {"block_1_conv", "output"})
    freed = choices.keep_batch_norm_frozen(plan, FACTS, False)
    assert freed.trained_layers == ("block_1_conv", "block_1_norm", "output")
    again = choices.keep_batch_norm_frozen(freed, FACTS, True)
    assert trained_layers(again, FACTS) == {"block_1_conv", "output"}


def test_keeping_normalisations_is_a_question_of_what_was_learned() -> None:
    assert choices.has_batch_norm_to_keep(PLAN, FACTS)
    assert choices.has_batch_norm_to_keep(
        PLAN.model_copy(update={"freeze_batch_norm": False}), FACTS
    )
    assert not choices.has_batch_norm_to_keep(SCRATCH, FACTS)
    random = PLAN.model_copy(update={"weights": "random"})
    assert not choices.has_batch_norm_to_keep(random, FACTS)
    plain = NetworkFacts(
        (LayerFacts("conv", "Conv2D", (4, 4, 1), 9, 9, "base"), FACTS.layers[-1]), 2, "sigmoid"
    )
    assert not choices.has_batch_norm_to_keep(PLAN, plain)
