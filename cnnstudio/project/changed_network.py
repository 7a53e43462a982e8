"""What another network does to the rest of the plan.

Ticks, names and counts of layers belong to one network. Whoever takes another one does it here, so
that no stage goes on speaking of layers that are gone.
"""

from collections.abc import Sequence

from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.network_table import find_network
from cnnstudio.project.pictures import PicturesPlan
from cnnstudio.project.project import Project
from cnnstudio.project.stages import Stage


def with_network(
    project: Project, network: NetworkPlan, pictures: PicturesPlan | None = None
) -> Project:
    """``project`` with ``network`` (and ``pictures``) in place of its own, and with stages that
    fit it. The learning rate stays: what a stage takes of it is the stage's own."""
    stages = stages_after_change(project.training.stages, project.network, network)
    training = project.training
    if stages != training.stages:
        training = training.model_copy(update={"stages": stages})
    return project.replacing(
        network=network, training=training, pictures=pictures or project.pictures
    )


def stages_after_change(
    stages: Sequence[Stage], before: NetworkPlan, after: NetworkPlan
) -> tuple[Stage, ...]:
    """``stages`` of the network ``before``, as they are for the one ``after``.

    With the same layers they are the same. Where one network begins with something learned and the
    other does not, or a model goes on with its own output, all are forgotten. Otherwise epochs and
    rates stay, but layers that were chosen by name, by number or by ticks become the top blocks:
    one in eight, as is usual.
    """
    if _layers(before) == _layers(after):
        return tuple(stages)
    knows = _knows(after)
    if knows != _knows(before) or after.keep_output:
        return ()
    return tuple(_fitting(stage, number, knows) for number, stage in enumerate(stages))


def _fitting(stage: Stage, number: int, knows: bool) -> Stage:
    match stage.trains:
        case "own":
            trains = "blocks" if knows else "all"
        case "layers" | "blocks":
            trains = "blocks"
        case "ticked" if knows and number:
            trains = "blocks"  # without ticks it would be the head again
        case _:
            return stage
    return stage.model_copy(update={"trains": trains, "count": 0, "layers": ()})


def _layers(network: NetworkPlan) -> tuple[object, ...]:
    """Different where networks have other layers."""
    return (network.base, network.variant, network.layers, network.model_file, network.keep_output)


def _knows(network: NetworkPlan) -> bool:
    row = find_network(network.base)
    return row is not None and row.is_pretrained and network.weights != "random"
