"""What should be said of a plan's learning rate before anything is computed, and the mend."""

from cnnstudio.project.amounts import plain_number
from cnnstudio.project.explaining_changes import USUAL_RATES
from cnnstudio.project.network_facts import NetworkFacts, begins_pretrained, trained_layers
from cnnstudio.project.problems import Problem, Value
from cnnstudio.project.project import Project
from cnnstudio.project.stages import FASTEST_THAWED, Stage, network_in, slow_share, stages_of

FAR_ABOVE = 30
"""So many times the optimiser's usual rate, hardly any training gets anywhere."""

_WHERE = "training.stages"
_SLOW_EPOCHS = 5


def rate_advice(project: Project, facts: NetworkFacts, trained: frozenset[str]) -> Problem | None:
    """Of the learning rate, else of the first stage that is too fast. The usual stages never are.

    ``trained`` are the layers that are ticked.
    """
    rate, usual = project.training.learning_rate, USUAL_RATES[project.training.optimizer]
    if rate >= FAR_ABOVE * usual:
        shown: dict[str, Value] = {
            "rate": plain_number(rate),
            "times": round(rate / usual),
            "usual": plain_number(usual),
        }
        return Problem("rate_far_above", _WHERE, values=shown)
    for number, stage in enumerate(stages_of(project), 1):
        thawed = _thawed_too_fast(stage, project, facts, trained)
        if not thawed:
            continue
        share = slow_share(rate)
        values: dict[str, Value] = {
            "count": thawed,
            "rate": plain_number(rate * stage.rate),
            "lower": plain_number(rate * share),
        }
        if number == 1:
            return Problem("rate_too_high", _WHERE, values=values)
        values |= {"stage": number, "share": plain_number(share)}
        return Problem("stage_rate_too_high", _WHERE, values=values)
    return None


def mended_rate(problem: Problem, project: Project, facts: NetworkFacts) -> Project | None:
    """``project`` with the remedy of ``problem`` applied; None for problems of other kinds."""
    if problem.kind in ("rate_too_high", "stage_rate_too_high"):
        return _slowed_down(project, facts)
    if problem.kind == "rate_far_above":
        usual = USUAL_RATES[project.training.optimizer]
        training = project.training.model_copy(update={"learning_rate": usual})
        return project.replacing(training=training)
    return None


def _thawed_too_fast(
    stage: Stage, project: Project, facts: NetworkFacts, trained: frozenset[str]
) -> int:
    """How many layers of a pretrained base are trained too fast in ``stage``; ``trained`` are those
    that are ticked."""
    is_slow = project.training.learning_rate * stage.rate <= FASTEST_THAWED
    if is_slow or not begins_pretrained(project.network):
        return 0
    if stage.trains != "ticked":
        trained = trained_layers(network_in(stage, project.network, facts), facts)
    return sum(
        layer.name in trained and layer.trainable_parameters > 0 for layer in facts.base_layers
    )


def _slowed_down(project: Project, facts: NetworkFacts) -> Project:
    """Every stage that is too fast slowed down; if it is the first one, the head is trained before
    it for as long as it was to take. The learning rate itself stays: it is the head's, and that of
    whatever network is chosen next."""
    training = project.training
    ticked = trained_layers(project.network, facts)
    stages: list[Stage] = []
    for stage in training.stages or stages_of(project):
        if not _thawed_too_fast(stage, project, facts, ticked):
            stages.append(stage)
            continue
        slow = stage.model_copy(update={"rate": slow_share(training.learning_rate)})
        if not stages and any(e.part == "head" and e.trainable_parameters for e in facts.layers):
            stages.append(Stage(trains="head", rate=stage.rate, epochs=_own_epochs(stage, project)))
            slow = slow.model_copy(update={"epochs": training.fine_tuning or _SLOW_EPOCHS})
        stages.append(slow)
    return project.replacing(training=training.model_copy(update={"stages": tuple(stages)}))


def _own_epochs(stage: Stage, project: Project) -> int:
    """0 where the stage is as long as the training says, so that it goes on following that."""
    return 0 if stage.epochs == project.training.epochs else stage.epochs
