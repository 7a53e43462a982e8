"""Choices about stages, and why each is there."""

from cnnstudio.project import stage_choices as choices
from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.project import Project
from cnnstudio.project.stage_reasons import why
from cnnstudio.project.stages import Stage, stages_of
from tests.ui.fakes import FACTS


def pretrained(**training: object) -> Project:
    """Over a base that knows something."""
    project = Project().replacing(network=NetworkPlan(base="mobilenet_v2"))
    return project.replacing(training=project.training.model_copy(update=training))


def scratch() -> Project:
    """A network that begins with random numbers."""
    return Project().replacing(network=NetworkPlan(base="small_cnn"))


def test_epochs_of_the_usual_stages_are_the_plain_settings() -> None:
    project = choices.with_epochs(choices.with_epochs(pretrained(), 0, 7), 1, 3)
    assert choices.has_usual_stages(project)
    assert (project.training.epochs, project.training.fine_tuning) == (7, 3)
    assert [stage.epochs for stage in stages_of(project)] == [7, 3]


def test_a_changed_usual_stage_makes_a_list_whose_first_still_follows_the_epochs() -> None:
    project = pretrained(epochs=9)
    slower = stages_of(project)[1].model_copy(update={"rate": 0.05})
    project = choices.with_stage(project, 1, slower)
    assert [(s.trains, s.rate) for s in stages_of(project)] == [("head", 1.0), ("blocks", 0.05)]
    assert choices.follows_epochs(project, 0)
    assert not choices.follows_epochs(project, 1)
    more = project.replacing(training=project.training.model_copy(update={"epochs": 12}))
    assert [stage.epochs for stage in stages_of(more)] == [12, 5]
    assert choices.with_epochs(project, 0, 4).training.epochs == 4
    assert not choices.can_fine_tune(project)


def test_the_second_usual_stage_goes_and_comes_back_without_a_list_of_ones_own() -> None:
    project = choices.without(pretrained(), 1)
    assert len(stages_of(project)) == 1
    assert choices.has_usual_stages(project)
    assert choices.with_one_more(project) == pretrained()


def test_stages_are_moved_and_not_past_the_ends() -> None:
    project = pretrained()
    assert choices.moved(project, 0, -1) == project
    assert choices.moved(project, 1, 1) == project
    changed = choices.moved(project, 1, -1)
    assert [stage.trains for stage in stages_of(changed)] == ["blocks", "head"]
    assert choices.usual_again(changed) == project


def test_the_last_stage_cannot_be_taken_out_and_there_are_not_endlessly_many() -> None:
    project = scratch()
    assert choices.without(project, 0) == project
    for _ in range(20):
        project = choices.with_one_more(project)
    assert len(stages_of(project)) == choices.MOST_STAGES
    assert [stage.rate for stage in stages_of(project)][:3] == [1.0, 0.1, 0.01]


def test_each_further_stage_over_a_base_that_knows_trains_more() -> None:
    project = choices.with_one_more(pretrained())
    assert [stage.trains for stage in stages_of(project)] == ["head", "blocks", "all"]
    assert stages_of(project)[2].rate == stages_of(project)[1].rate


def test_own_layers_are_those_that_are_ticked_now() -> None:
    project = pretrained()
    ticked = project.network.model_copy(update={"trained_layers": ("block2_conv", "output")})
    project = choices.with_ticks(project.replacing(network=ticked), 0, FACTS)
    assert stages_of(project)[0].trains == "own"
    assert stages_of(project)[0].layers == ("block2_conv", "output")


def test_last_layers_begin_with_a_count() -> None:
    project = choices.with_stage(pretrained(), 1, Stage(trains="layers", epochs=5))
    assert stages_of(project)[1].count > 0


def test_the_usual_stages_say_why_they_are_there() -> None:
    project = pretrained()
    stages = stages_of(project)
    first, second = (why(s, n, stages, project) for n, s in enumerate(stages, start=1))
    assert "head begins with random numbers" in first
    assert "slowly" in second
    assert "Batch" not in second


def test_batch_normalisation_is_named_only_where_some_would_learn() -> None:
    project = pretrained()
    head = Stage(trains="head", epochs=2)
    stages = (head, Stage(trains="all", epochs=2, rate=0.01))
    assert "Batch normalisation" in why(stages[1], 2, stages, project, FACTS)
    stages = (head, Stage(trains="blocks", count=1, epochs=2, rate=0.01))
    assert "Batch normalisation" not in why(stages[1], 2, stages, project, FACTS)


def test_what_endangers_the_base_is_said() -> None:
    project = pretrained()
    fast = (Stage(trains="head", epochs=1), Stage(trains="blocks", epochs=1))
    assert "may be lost" in why(fast[1], 2, fast, project)
    at_once = (Stage(trains="all", epochs=1, rate=0.01),)
    assert "may be lost" in why(at_once[0], 1, at_once, project)


def test_a_network_from_scratch_learns_together_and_smaller_steps_settle() -> None:
    project = choices.with_one_more(scratch())
    first, second = stages_of(project)
    assert "everything learns together" in why(first, 1, (first, second), project)
    assert "smaller steps" in why(second, 2, (first, second), project)
