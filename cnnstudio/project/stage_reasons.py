"""Why each stage of a run is there, in a sentence or two."""

from collections.abc import Sequence

from cnnstudio.project.network_facts import (
    BATCH_NORM,
    NetworkFacts,
    begins_pretrained,
    keeps_batch_norm,
    trained_layers,
)
from cnnstudio.project.project import Project
from cnnstudio.project.stages import Stage, network_in, stage_title
from cnnstudio.project.words import say

SLOW = 0.1
"""Up to this share of the rate, what a base knows is adjusted rather than overwritten."""


def title_in(stage: Stage, project: Project) -> str:
    """What ``stage`` trains in ``project``, in a few words; where nothing was ticked, what that
    comes to."""
    if stage.trains != "ticked" or _has_ticks(project):
        return stage_title(stage)
    return say("the head") if begins_pretrained(project.network) else say("everything")


def why(
    stage: Stage,
    number: int,
    stages: Sequence[Stage],
    project: Project,
    facts: NetworkFacts | None = None,
) -> str:
    """Why ``stage``, the ``number``-th of ``stages`` (from 1), is there.

    ``facts`` of the network, where they are known, tell of batch normalisation.
    """
    before = stages[number - 2] if number > 1 else None
    if before is not None and _trains_same(before, stage):
        return _again(stage, before)
    if not begins_pretrained(project.network):
        return _from_scratch(stage, before, project)
    if stage.trains == "head":
        if before is not None:
            return say("The base rests again, and the head gets used to what has changed in it.")
        if len(stages) == 1:
            return say("The head begins with random numbers and learns; the base stays as it is.")
        return say("The head begins with random numbers; while it learns, the base stays as it is.")
    if stage.trains == "ticked" and not _has_ticks(project):
        return say("The head begins with random numbers and learns; the base stays as it is.")
    words = _adapts(stage, before)
    if facts is not None and _keeps_means(stage, project, facts):
        return f"{words} {say('Batch normalisation keeps its means.')}"
    return words


def _adapts(stage: Stage, before: Stage | None) -> str:
    """What is said of a stage in which layers that know something learn."""
    if stage.trains == "ticked":
        return say("What you ticked in the network learns, and nothing else.")
    if stage.trains == "own":
        return say("The layers that you chose learn, and nothing else.")
    if before is None:
        return say(
            "The base learns from the first epoch on, while the head still knows nothing: much of "
            "what the base knows may be lost."
        )
    if stage.rate > SLOW:
        return say("Now the base adapts too, but so fast that much of what it knows may be lost.")
    if stage.trains == "all":
        return say(
            "Now the whole network adapts to your pictures, slowly, so that what it knows is not "
            "lost."
        )
    return say(
        "Now the top blocks adapt to your pictures, slowly, so that what they know is not lost."
    )


def _again(stage: Stage, before: Stage) -> str:
    if stage.rate < before.rate:
        return say("The same layers go on learning, in smaller steps that settle.")
    if stage.rate > before.rate:
        return say("The same layers go on learning, in larger steps.")
    return say("The same layers go on learning.")


def _from_scratch(stage: Stage, before: Stage | None, project: Project) -> str:
    """What is said where the base begins with random numbers."""
    if stage.trains == "all" or (stage.trains == "ticked" and not _has_ticks(project)):
        if before is not None:
            return say("Now everything learns together.")
        return say("The network begins with random numbers, so everything learns together.")
    if before is not None:
        return say("Now only some layers go on learning; the others keep what they have learned.")
    return say("Only some layers learn; the others keep the random numbers they begin with.")


def _trains_same(one: Stage, other: Stage) -> bool:
    return (one.trains, one.count, one.layers) == (other.trains, other.count, other.layers)


def _has_ticks(project: Project) -> bool:
    network = project.network
    is_counted = network.train_last > 0 or network.train_last_blocks > 0
    return network.trained_layers is not None or is_counted


def _keeps_means(stage: Stage, project: Project, facts: NetworkFacts) -> bool:
    """Whether there are batch normalisations among the layers that learn, kept frozen."""
    if not keeps_batch_norm(project.network):
        return False
    network = network_in(stage, project.network, facts)
    freely = network.model_copy(update={"freeze_batch_norm": False})
    learning = trained_layers(freely, facts)
    return any(each.type == BATCH_NORM and each.name in learning for each in facts.base_layers)
