"""Stages that do not fit are told by number, and what another network makes of stages."""

import pytest

from cnnstudio.project.changed_network import stages_after_change, with_network
from cnnstudio.project.checks import freezing_problems, problems_of
from cnnstudio.project.fields import apply_settings
from cnnstudio.project.freezing_advice import mended
from cnnstudio.project.network import OWN_LAYERS, OWN_MODEL, NetworkPlan
from cnnstudio.project.problems import ProblemError
from cnnstudio.project.project import Project
from cnnstudio.project.stage_checks import mended_stages
from cnnstudio.project.stages import Stage, stages_from_text, stages_text
from tests.project.test_freezing_advice import FACTS, with_stages

HEAD = Stage(trains="head")
MOBILE, VGG = NetworkPlan(base="mobilenet_v2"), NetworkPlan(base="vgg16")
SCRATCH = NetworkPlan()


@pytest.mark.parametrize(
    ("stage", "kind", "said", "after"),
    [
        (
            Stage(trains="own", layers=("conv3", "block9")),
            "stage_unknown_layer",
            "'block9'",
            Stage(trains="own", layers=("conv3",)),
        ),
        (
            Stage(trains="blocks", count=9),
            "stage_too_many_blocks",
            "9 blocks",
            Stage(trains="blocks", count=5),
        ),
        (
            Stage(trains="layers", count=6),
            "stage_too_many_layers",
            "6 layers",
            Stage(trains="layers", count=5),
        ),
    ],
)
def test_a_stage_that_does_not_fit_is_told_by_its_number_and_mended(
    stage: Stage, kind: str, said: str, after: Stage
) -> None:
    project = with_stages(HEAD, stage)
    (problem,) = freezing_problems(project, FACTS)
    assert (problem.kind, problem.where, problem.severity) == (kind, "training.stages", "error")
    assert "Stage 2" in problem.message
    assert said in problem.message
    better = mended(problem, project, FACTS)
    assert better is not None
    assert better.training.stages == (HEAD, after)
    assert freezing_problems(better, FACTS) == []


def test_a_stage_in_which_nothing_learns_is_taken_out_or_takes_the_usual_blocks() -> None:
    nothing = Stage(trains="own", layers=("head_pooling",))
    project = with_stages(HEAD, nothing)
    (problem,) = freezing_problems(project, FACTS)
    assert (problem.kind, problem.values) == ("stage_trains_nothing", {"stage": 2})
    better = mended(problem, project, FACTS)
    assert better is not None
    assert better.training.stages == (HEAD,)
    alone = with_stages(nothing)
    (problem,) = freezing_problems(alone, FACTS)
    better = mended(problem, alone, FACTS)
    assert better is not None
    assert better.training.stages == (Stage(trains="blocks"),)
    assert freezing_problems(better, FACTS) == []


def test_ticks_are_judged_only_where_a_stage_trains_what_is_ticked() -> None:
    wrong = MOBILE.model_copy(update={"trained_layers": ("gone",)})
    by_ticks = with_stages(HEAD, Stage()).replacing(network=wrong)
    kinds = [problem.kind for problem in freezing_problems(by_ticks, FACTS)]
    assert kinds == ["unknown_layer", "nothing_trained"]
    without = with_stages(HEAD, Stage(trains="all")).replacing(network=wrong)
    assert freezing_problems(without, FACTS) == []


STAGES = (
    Stage(trains="head", epochs=3),
    Stage(trains="own", layers=("Conv_1",), epochs=4, rate=0.1),
    Stage(trains="layers", count=30, epochs=5),
    Stage(trains="ticked", epochs=6, rate=0.01),
    Stage(trains="all", epochs=7, rate=0.001),
)


def test_another_pretrained_network_keeps_epochs_and_rates_but_no_names_and_counts() -> None:
    after = stages_after_change(STAGES, MOBILE, VGG)
    assert [stage.trains for stage in after] == ["head", "blocks", "blocks", "blocks", "all"]
    assert not any(stage.count or stage.layers for stage in after)
    for name in ("epochs", "rate"):
        assert [getattr(stage, name) for stage in after] == [
            getattr(stage, name) for stage in STAGES
        ]


def test_stages_stay_as_they_are_where_the_layers_do() -> None:
    slower = MOBILE.model_copy(update={"trained_layers": ("Conv_1",), "dropout": 0.1})
    assert stages_after_change(STAGES, MOBILE, slower) == STAGES


@pytest.mark.parametrize(("before", "after"), [(MOBILE, SCRATCH), (SCRATCH, MOBILE)])
def test_stages_of_what_knows_something_are_forgotten_by_what_does_not_and_back(
    before: NetworkPlan, after: NetworkPlan
) -> None:
    assert stages_after_change(STAGES, before, after) == ()


def test_own_names_of_a_network_from_scratch_become_everything() -> None:
    stages = (Stage(trains="own", layers=("conv1",)), Stage(trains="blocks", count=3, rate=0.1))
    own = NetworkPlan(base=OWN_LAYERS)
    assert stages_after_change(stages, SCRATCH, own) == (
        Stage(trains="all"),
        Stage(trains="blocks", rate=0.1),
    )


def test_a_model_that_goes_on_with_its_own_output_has_one_stage() -> None:
    before = NetworkPlan(base=OWN_MODEL, model_file="a.keras")
    after = before.model_copy(update={"keep_output": True})
    assert stages_after_change(STAGES, before, after) == ()


def test_the_learning_rate_is_nobody_elses_business_when_the_network_changes() -> None:
    training = Project().training.model_copy(update={"learning_rate": 0.02, "stages": STAGES})
    project = Project().replacing(network=MOBILE, training=training)
    changed = with_network(project, VGG)
    assert changed.training.learning_rate == 0.02
    assert changed.pictures == project.pictures


def test_the_command_line_forgets_them_too_but_not_those_it_is_given() -> None:
    text = "training.stages=head:3,own=Conv_1:4:0.01"
    project = apply_settings(Project(), ["network.base=mobilenet_v2", text])
    changed = apply_settings(project, ["network.base=vgg16"])
    assert [stage.trains for stage in changed.training.stages] == ["head", "blocks"]
    given = apply_settings(project, ["training.stages=own=block5_conv3:4", "network.base=vgg16"])
    assert given.training.stages == stages_from_text("own=block5_conv3:4")


def test_how_many_last_layers_learn_must_be_said() -> None:
    assert stages_from_text("layers=3:5") == (Stage(trains="layers", count=3, epochs=5),)
    with pytest.raises(ValueError, match="layers:5"):
        stages_from_text("layers:5")


def test_a_stage_that_keeps_random_layers_frozen_is_warned_of_and_made_to_train_everything() -> (
    None
):
    project = apply_settings(Project(), ["network.base=small_cnn", "training.stages=head:3"])
    (problem,) = problems_of(project)
    assert (problem.kind, problem.severity) == ("stage_frozen_random", "warning")
    better = mended_stages(problem, project, FACTS)
    assert better is not None
    assert better.training.stages == (Stage(trains="all", epochs=3),)
    assert problems_of(better) == []


def test_a_misspelled_stage_is_answered_with_how_it_is_written_and_the_nearest_spelling() -> None:
    with pytest.raises(ProblemError) as met:
        apply_settings(Project(), ["training.stages=haed:3, blokcs=1:10:0.01"])
    assert "WHAT:EPOCHS:SHARE OF THE RATE" in met.value.problem.remedy
    assert "training.stages=head:3,blocks=1:10:0.01." in met.value.problem.remedy
    with pytest.raises(ProblemError) as met:
        apply_settings(Project(), ["network.dense=128:rleu:dropuot=0.5"])
    assert "network.dense=128:relu:dropout=0.5." in met.value.problem.remedy


def test_a_stage_of_no_epochs_is_refused_and_one_without_a_number_is_as_long_as_the_training() -> (
    None
):
    with pytest.raises(ProblemError) as met:
        apply_settings(Project(), ["training.stages=head:0"])
    assert met.value.problem.kind == "stage_without_epochs"
    stages = stages_from_text("head, all::0.1")
    assert stages == (Stage(trains="head"), Stage(trains="all", rate=0.1))
    assert stages_from_text(stages_text(stages)) == stages
