"""What is said of a choice of trained layers, what mends it, and silence where all is well."""

from dataclasses import replace

import pytest

from cnnstudio.project.dense_layers import DenseLayer
from cnnstudio.project.freezing_advice import advice, mended
from cnnstudio.project.network_facts import LayerFacts, NetworkFacts, trained_layers
from cnnstudio.project.price import Price
from cnnstudio.project.problems import Problem
from cnnstudio.project.project import Project
from cnnstudio.project.stages import FASTEST_THAWED, Stage, slow_share, stages_of

PRICE = Price(
    seconds_per_epoch=1.0,
    seconds_once=1.0,
    seconds_per_epoch_all_trained=2.0,
    memory_bytes=10**9,
    memory_there=8 * 10**9,
    batch_that_fits=16,
    computed_once=True,
    why_not="",
    frontier=(),
    layers_once=1,
    kept_bytes=1,
    kind="kept",
)


def conv(name: str, inputs: str) -> LayerFacts:
    return LayerFacts(name, "Conv2D", (4, 4, 8), 584, 584, "base", inputs=(inputs,))


def norm(name: str, inputs: str) -> LayerFacts:
    return LayerFacts(name, "BatchNormalization", (4, 4, 8), 32, 16, "base", inputs=(inputs,))


def facts_with(pooling: str = "GlobalAveragePooling2D", dense: int = 9) -> NetworkFacts:
    return NetworkFacts(
        (
            LayerFacts("picture", "InputLayer", (8, 8, 3), 0, 0, "input"),
            conv("conv1", "picture"),
            norm("norm1", "conv1"),
            conv("conv2", "norm1"),
            norm("norm2", "conv2"),
            conv("conv3", "norm2"),
            LayerFacts("head_pooling", pooling, (8,), 0, 0, "head", inputs=("conv3",)),
            LayerFacts("output", "Dense", (1,), dense, dense, "head", inputs=("head_pooling",)),
        ),
        2,
        "sigmoid",
    )


FACTS = facts_with()


def project_with(batch_size: int = 16, learning_rate: float = 0.001, **network: object) -> Project:
    project = Project()
    plan = {"base": "mobilenet_v2", **network}
    training = {"batch_size": batch_size, "learning_rate": learning_rate}
    return project.replacing(
        network=project.network.model_copy(update=plan),
        training=project.training.model_copy(update=training),
    )


def with_stages(*stages: Stage) -> Project:
    project = project_with()
    training = project.training.model_copy(update={"stages": stages})
    return project.replacing(training=training)


def said(project: Project, facts: NetworkFacts = FACTS, price: Price = PRICE) -> list[Problem]:
    found = advice(project, facts, trained_layers(project.network, facts), price)
    assert all(problem.is_known and problem.severity in ("warning", "note") for problem in found)
    return found


def kinds(project: Project, facts: NetworkFacts = FACTS) -> list[str]:
    return [problem.kind for problem in said(project, facts)]


def mend(project: Project, facts: NetworkFacts = FACTS, price: Price = PRICE) -> Project:
    """The project mended by its one problem; it is silent afterwards."""
    (problem,) = said(project, facts, price)
    better = mended(problem, project, facts)
    assert better is not None
    return better


@pytest.mark.parametrize(
    "project",
    [
        project_with(),
        project_with(train_last=1, learning_rate=1e-5),
        project_with(train_last=3, learning_rate=1e-5),
        project_with(train_last=5, learning_rate=1e-4),
        with_stages(Stage(trains="head"), Stage(trains="layers", count=3, rate=0.05)),
        project_with(train_last=5, learning_rate=1e-5, freeze_batch_norm=False, batch_size=32),
        project_with(train_last=5, learning_rate=0.01, weights="random"),
        project_with(base="small_cnn", learning_rate=0.01, batch_size=4),
    ],
)
def test_a_healthy_plan_is_met_with_silence(project: Project) -> None:
    assert said(project) == []
    assert advice(project, FACTS, trained_layers(project.network, FACTS), None) == []


def test_thawed_normalisations_in_small_batches_are_told_and_frozen_again() -> None:
    project = project_with(train_last=5, learning_rate=1e-5, freeze_batch_norm=False)
    (problem,) = said(project)
    assert problem.kind == "batch_norm_thawed"
    assert problem.values == {"count": 2, "batch_size": 16}
    better = mend(project)
    assert better.network.freeze_batch_norm
    assert said(better) == []


def test_a_high_rate_on_layers_that_know_much_is_told_and_made_two_stages() -> None:
    project = project_with(train_last=1)
    (problem,) = said(project)
    assert problem.kind == "rate_too_high"
    assert problem.values == {"count": 1, "rate": "0.001", "lower": "0.00001"}
    better = mend(project)
    assert better.training.learning_rate == project.training.learning_rate
    assert better.training.stages == (
        Stage(trains="head"),
        Stage(trains="ticked", epochs=5, rate=0.01),
    )
    assert [stage.epochs for stage in stages_of(better)] == [20, 5]
    assert said(better) == []


@pytest.mark.parametrize("rate", [0.029, 0.017, 0.01])
def test_two_stages_are_slow_enough_whatever_the_rate_was(rate: float) -> None:
    better = mend(project_with(train_last=1, learning_rate=rate))
    assert better.training.stages[1].rate * rate <= FASTEST_THAWED
    assert said(better) == []


def test_a_rate_far_above_the_usual_is_told_before_all_else_and_taken_back() -> None:
    project = project_with(train_last=1, learning_rate=0.03)
    (problem,) = said(project)
    assert problem.kind == "rate_far_above"
    assert problem.values == {"rate": "0.03", "times": 30, "usual": "0.001"}
    assert mend(project).training.learning_rate == 0.001


def test_a_later_stage_that_is_too_fast_is_told_by_its_number_and_only_its_share_is_lowered() -> (
    None
):
    head, fast = Stage(trains="head", epochs=3), Stage(trains="layers", count=1, epochs=4)
    project = with_stages(head, fast)
    training = project.training.model_copy(update={"learning_rate": 0.02})
    project = project.replacing(training=training)
    (problem,) = said(project)
    assert problem.kind == "stage_rate_too_high"
    assert problem.values["stage"] == 2
    better = mend(project)
    assert better.training.stages == (head, fast.model_copy(update={"rate": slow_share(0.02)}))
    assert said(better) == []


def test_stages_of_ones_own_are_judged_and_only_those_that_are_too_fast_are_changed() -> None:
    slow = Stage(trains="layers", count=1, epochs=3, rate=0.05)
    fast = Stage(trains="layers", count=3, epochs=4)
    project = with_stages(Stage(trains="head", epochs=2), slow, fast)
    (problem,) = said(project)
    assert problem.values["count"] == 2
    better = mend(project)
    changed = fast.model_copy(update={"rate": 0.01})
    assert better.training.stages == (Stage(trains="head", epochs=2), slow, changed)
    assert said(better) == []


def test_everything_at_once_from_the_first_epoch_gets_a_stage_of_the_head_before_it() -> None:
    better = mend(with_stages(Stage(trains="all", epochs=7)))
    assert better.training.stages == (
        Stage(trains="head", epochs=7),
        Stage(trains="all", epochs=5, rate=0.01),
    )


def test_a_head_without_parameters_gets_no_stage_of_its_own() -> None:
    bare = replace(FACTS.layers[-1], trainable_parameters=0)
    facts = NetworkFacts((*FACTS.layers[:-1], bare), 2, "sigmoid")
    better = mend(project_with(train_last=1), facts)
    assert [stage.trains for stage in better.training.stages] == ["ticked"]


def test_frozen_layers_above_trained_ones_are_named_and_trained_too() -> None:
    ticked = ("conv1", "output")
    project = project_with(trained_layers=ticked, learning_rate=1e-5)
    (problem,) = said(project)
    assert problem.kind == "hole_in_the_middle"
    assert problem.values == {"count": 2, "names": "conv2, conv3"}
    better = mend(project)
    assert better.network.trained_layers == ("conv1", "conv2", "conv3", "output")
    assert said(better) == []


def test_normalisations_that_stay_frozen_are_no_hole() -> None:
    ticked = ("conv1", "conv2", "conv3", "output")
    assert kinds(project_with(trained_layers=ticked, learning_rate=1e-5)) == []


def test_a_frozen_branch_beside_a_trained_one_is_no_hole() -> None:
    """As in a residual network: what is not above a trained layer may stay frozen."""
    beside = replace(FACTS.layers[5], inputs=("conv1",))
    facts = NetworkFacts((*FACTS.layers[:5], beside, *FACTS.layers[6:]), 2, "sigmoid")
    project = project_with(trained_layers=("conv2", "output"), learning_rate=1e-5)
    assert kinds(project, facts) == []
    assert kinds(project) == ["hole_in_the_middle"]


def test_a_flatten_that_outweighs_the_base_is_told_with_numbers_and_pooled() -> None:
    facts = facts_with("Flatten", 4 * 4 * 8 * 64 + 64 + 65)
    dense = (DenseLayer(units=64),)
    project = project_with(pooling="flatten", dense=dense)
    (problem,) = said(project, facts)
    assert problem.kind == "flatten_outweighs"
    assert problem.values == {"flatten": "8,321", "pooled": "641", "base": "1,816"}
    better = mend(project, facts)
    assert better.network.pooling == "average"
    assert said(better, FACTS) == []


def test_a_small_flatten_is_met_with_silence() -> None:
    assert kinds(project_with(pooling="flatten"), facts_with("Flatten", 129)) == []


def test_memory_that_is_not_there_is_told_with_the_batch_size_that_fits() -> None:
    project = project_with(batch_size=64)
    short = replace(PRICE, memory_bytes=12 * 10**9, batch_that_fits=32)
    (problem,) = said(project, price=short)
    assert problem.kind == "memory_short"
    assert problem.values == {"needed": "12.0", "there": "8.0", "batch_size": 32}
    assert mend(project, price=short).training.batch_size == 32
    (problem,) = said(project, price=replace(short, batch_that_fits=0))
    assert problem.kind == "memory_never_enough"
    assert mended(problem, project, FACTS) is None


def test_what_others_say_is_not_mended_here() -> None:
    assert mended(Problem("nothing_trained"), project_with(), FACTS) is None
