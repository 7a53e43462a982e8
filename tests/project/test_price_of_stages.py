"""What a whole run costs: the sum of its stages, and what is computed once counted once."""

from dataclasses import replace

import pytest

from cnnstudio.project.augmentation import AugmentationPlan
from cnnstudio.project.price import price_of
from cnnstudio.project.price_of_stages import RunPrice, price_of_stages
from cnnstudio.project.project import Project
from cnnstudio.project.stages import Stage
from tests.project.test_price import HEAD, PLAIN, SPEED, WORK

HEAD_STAGE = Stage(trains="head", epochs=10)


def run_price(*stages: Stage, **work: object) -> RunPrice:
    project = Project()
    network = project.network.model_copy(update={"base": "mobilenet_v2"})
    training = project.training.model_copy(update={"stages": stages})
    project = project.replacing(network=network, training=training)
    return price_of_stages(project, PLAIN, replace(WORK, **work), SPEED)  # type: ignore[arg-type]


def test_a_run_of_one_stage_costs_what_its_ticks_do() -> None:
    run = run_price(HEAD_STAGE)
    price = price_of(PLAIN, HEAD, WORK, SPEED)
    assert run.prices == (price,)
    assert run.seconds_in_all == pytest.approx(price.seconds_once + 10 * price.seconds_per_epoch)


def test_the_same_frozen_layers_run_once_for_all_stages() -> None:
    twice = run_price(HEAD_STAGE, HEAD_STAGE.model_copy(update={"rate": 0.1}))
    once = run_price(HEAD_STAGE)
    price = once.prices[0]
    assert price.seconds_once > 0
    assert twice.seconds_in_all == pytest.approx(once.seconds_in_all + 10 * price.seconds_per_epoch)


def test_thawing_more_computes_other_layers_once() -> None:
    run = run_price(HEAD_STAGE, Stage(trains="blocks", count=2, epochs=4))
    first, second = run.prices
    assert second.computed_once
    assert second.frontier != first.frontier
    assert run.seconds[1] == pytest.approx(second.seconds_once + 4 * second.seconds_per_epoch)


def test_the_stage_that_needs_most_memory_says_whether_all_fit() -> None:
    first, second = run_price(HEAD_STAGE, Stage(trains="all", epochs=4), batch_size=64).prices
    assert second.memory_bytes > first.memory_bytes
    run = run_price(Stage(trains="all", epochs=4), HEAD_STAGE, batch_size=64)
    assert run.heaviest == run.prices[0]


def test_each_stage_is_priced_with_its_own_epochs_and_those_that_were_added() -> None:
    stage = Stage(trains="head", epochs=1, added=3)
    moving = AugmentationPlan(rotation=10)
    run = run_price(stage, Stage(trains="all", epochs=2), augmentation=moving)
    assert run.epochs == 6
    assert run.seconds == pytest.approx(
        (4 * run.prices[0].seconds_per_epoch, 2 * run.prices[1].seconds_per_epoch)
    )
