"""What can be chosen about the stages of a run: each choice is a new project.

As long as the plan has no stages of its own, the usual ones are changed by the plain settings they
come from; only what those cannot say makes a list of one's own.
"""

from collections.abc import Sequence

from cnnstudio.project.network_facts import NetworkFacts, begins_pretrained, trained_layers
from cnnstudio.project.project import Project
from cnnstudio.project.stages import FINE_TUNING_RATE, Stage, stages_of

MOST_STAGES = 12
ADDED_EPOCHS = 5
_SLOWER = 0.1
_LAYERS_AT_FIRST = 10


def has_usual_stages(project: Project) -> bool:
    """Whether the stages are those that the plain settings give."""
    return not project.training.stages


def can_fine_tune(project: Project) -> bool:
    """Whether 'epochs of fine-tuning' makes a difference: the usual stages of a base that knows
    something, where nothing is chosen one by one."""
    if not has_usual_stages(project):
        return False
    on = project.training.model_copy(update={"fine_tuning": 1})
    return len(stages_of(project.replacing(training=on))) == 2


def follows_epochs(project: Project, number: int) -> bool:
    """Whether stage ``number`` (from 0) is as long as the setting 'epochs' says."""
    stages = project.training.stages
    return number == 0 if not stages else not stages[number].epochs


def any_follows_epochs(project: Project) -> bool:
    """Whether the setting 'epochs' makes a difference."""
    return any(follows_epochs(project, number) for number in range(len(stages_of(project))))


def with_epochs(project: Project, number: int, epochs: int) -> Project:
    """Stage ``number`` (from 0) as long as ``epochs``."""
    training = project.training
    if has_usual_stages(project) and number < 2:
        name = "epochs" if number == 0 else "fine_tuning"
        return project.replacing(training=training.model_copy(update={name: epochs}))
    followers = sum(not stage.epochs for stage in training.stages)
    if follows_epochs(project, number) and followers == 1:
        return project.replacing(training=training.model_copy(update={"epochs": epochs}))
    return with_stage(
        project, number, stages_of(project)[number].model_copy(update={"epochs": epochs})
    )


def with_stage(project: Project, number: int, stage: Stage) -> Project:
    """``stage`` in the place of number ``number`` (from 0)."""
    stages = _own(project)
    if stage.trains == "layers" and not stage.count:
        stage = stage.model_copy(update={"count": _LAYERS_AT_FIRST})
    if stage.epochs == stages_of(project)[number].epochs and not stages[number].epochs:
        stage = stage.model_copy(update={"epochs": 0})  # it goes on following the setting
    stages[number] = stage
    return _with(project, stages)


def with_ticks(project: Project, number: int, facts: NetworkFacts) -> Project:
    """Stage ``number`` (from 0) trains what is ticked in the network now."""
    ticked = trained_layers(project.network, facts)
    names = tuple(layer.name for layer in facts.layers if layer.name in ticked)
    stage = _own(project)[number].model_copy(update={"trains": "own", "layers": names, "count": 0})
    stages = _own(project)
    stages[number] = stage
    return _with(project, stages)


def with_one_more(project: Project) -> Project:
    """One more stage at the end, which trains more than the last one, or the same slower."""
    training = project.training
    if can_fine_tune(project) and not training.fine_tuning:
        usual = type(training).model_fields["fine_tuning"].default
        return project.replacing(training=training.model_copy(update={"fine_tuning": usual}))
    stages = _own(project)
    if len(stages) >= MOST_STAGES:
        return project
    last = stages[-1]
    knows = begins_pretrained(project.network)
    new = {"epochs": ADDED_EPOCHS, "added": 0}
    if last.trains == "head" and knows:
        stage = Stage(trains="blocks", rate=FINE_TUNING_RATE, epochs=ADDED_EPOCHS)
    elif last.trains in ("blocks", "layers") and knows:
        stage = last.model_copy(update={**new, "trains": "all", "count": 0})
    else:
        stage = last.model_copy(update={**new, "rate": float(f"{last.rate * _SLOWER:.3g}")})
    return _with(project, [*stages, stage])


def without(project: Project, number: int) -> Project:
    """Stage ``number`` (from 0) taken out; the last one stays."""
    if len(stages_of(project)) < 2:
        return project
    if has_usual_stages(project) and number == 1:
        off = project.training.model_copy(update={"fine_tuning": 0})
        return project.replacing(training=off)
    stages = _own(project)
    del stages[number]
    return _with(project, stages)


def moved(project: Project, number: int, by: int) -> Project:
    """Stage ``number`` (from 0) ``by`` places further on; the same project past an end."""
    stages = _own(project)
    to = number + by
    if not 0 <= to < len(stages):
        return project
    stages.insert(to, stages.pop(number))
    return _with(project, stages)


def usual_again(project: Project) -> Project:
    """The stages that the plain settings give."""
    return _with(project, ())


def _own(project: Project) -> list[Stage]:
    """The stages as a list of one's own that says the same."""
    if project.training.stages:
        return list(project.training.stages)
    first, *others = stages_of(project)
    return [first.model_copy(update={"epochs": 0}), *others]


def _with(project: Project, stages: Sequence[Stage]) -> Project:
    return project.replacing(training=project.training.model_copy(update={"stages": tuple(stages)}))
