"""A run as a list of stages, each with its epochs, its rate and what it trains.

A plan without stages of its own has the usual ones: over a pretrained base the head is trained
first, then the base's top blocks with it at a hundredth of the rate; everything else is one stage.
"""

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from pydantic import Field

from cnnstudio.project.chapter import Chapter
from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.problems import Problem, ProblemError
from cnnstudio.project.words import N_, say, say_count

if TYPE_CHECKING:
    from cnnstudio.project.network_facts import NetworkFacts
    from cnnstudio.project.project import Project

Trains = Literal["ticked", "head", "blocks", "layers", "all", "own"]

FINE_TUNING_RATE = 0.01
"""Of the learning rate: a hundredth, so that what the base knows is only adjusted."""

FASTEST_THAWED = 1e-4
"""Above this learning rate, layers that know much already forget it within an epoch."""

TOP_SHARE = 8
"""Fine-tuning thaws one block in so many, at least one, unless a count is given."""


_WHERE = "training.stages"
_NEAR = 0.5


class Stage(Chapter):
    """One stage of a run."""

    trains: Trains = Field(
        "ticked",
        title=N_("Trains"),
        description=N_("Which layers learn in this stage."),
        json_schema_extra={
            "titles": {
                "ticked": N_("What is ticked in the network"),
                "head": N_("The head only"),
                "blocks": N_("Head and last blocks"),
                "layers": N_("Head and last layers"),
                "all": N_("Everything"),
                "own": N_("Own choice"),
            }
        },
    )
    count: int = Field(
        0,
        ge=0,
        le=5000,
        title=N_("How many"),
        description=N_("How many of the base's last blocks or layers; 0 takes one block in eight."),
    )
    layers: tuple[str, ...] = Field(
        (),
        title=N_("Layers"),
        description=N_("The layers that learn, by name, where the choice is one's own."),
    )
    epochs: int = Field(
        0,
        ge=0,
        le=1000,
        title=N_("Epochs"),
        description=N_("How long this stage is; 0 takes as many as the training says."),
    )
    rate: float = Field(
        1.0,
        gt=0,
        le=100,
        title=N_("Share of the rate"),
        description=N_("By what the learning rate is multiplied in this stage."),
    )
    added: int = Field(
        0,
        ge=0,
        le=10000,
        title=N_("Added epochs"),
        description=N_("Epochs that were added later; they go on at the rate that was reached."),
    )


def stages_of(project: "Project") -> tuple[Stage, ...]:
    """The stages of ``project``, every one with its epochs; there is always one."""
    from cnnstudio.project.network_table import find_network

    plan, network = project.training, project.network
    if plan.stages:
        return tuple(
            stage if stage.epochs else stage.model_copy(update={"epochs": plan.epochs})
            for stage in plan.stages
        )
    row = find_network(network.base)
    is_ticked = network.trained_layers is not None or network.train_last > 0
    is_ticked = is_ticked or network.train_last_blocks > 0
    knows = row is not None and row.is_pretrained and network.weights != "random"
    if not knows or is_ticked or network.keep_output or not plan.fine_tuning:
        return (Stage(epochs=plan.epochs),)
    return (
        Stage(trains="head", epochs=plan.epochs),
        Stage(trains="blocks", epochs=plan.fine_tuning, rate=FINE_TUNING_RATE),
    )


def slow_share(learning_rate: float) -> float:
    """Of ``learning_rate`` for a stage that trains what knows much already: a hundredth, or less
    where that is still too fast."""
    if learning_rate * FINE_TUNING_RATE <= FASTEST_THAWED:
        return FINE_TUNING_RATE
    # Rounded to two digits, never above what is slow enough.
    return float(f"{0.95 * FASTEST_THAWED / learning_rate:.2g}")


def planned_epochs(project: "Project") -> int:
    """Epochs of all stages together."""
    return sum(stage.epochs + stage.added for stage in stages_of(project))


@dataclass(frozen=True)
class Place:
    """Where an epoch stands: ``stage`` from 0, ``epoch`` within it from 1."""

    stage: int
    epoch: int


def place_of(stages: tuple[Stage, ...], epoch: int) -> Place:
    """Where the run's ``epoch`` (from 1) stands if no stage ends early; past the end, the last."""
    begin = 0
    for number, stage in enumerate(stages):
        length = stage.epochs + stage.added
        if epoch <= begin + length:
            return Place(number, epoch - begin)
        begin += length
    return Place(len(stages) - 1, stages[-1].epochs + stages[-1].added)


def network_in(stage: Stage, network: NetworkPlan, facts: "NetworkFacts") -> NetworkPlan:
    """``network`` with the ticks that ``stage`` has: what then asks for its trained layers, its
    price or its frozen part gets those of the stage."""
    if stage.trains == "ticked":
        return network
    head = [layer.name for layer in facts.layers if layer.part == "head"]
    base = facts.base_layers
    match stage.trains:
        case "blocks":
            blocks = facts.base_blocks
            count = stage.count or max(1, round(len(blocks) / TOP_SHARE))
            names = [layer.name for block in blocks[-count:] for layer in block]
        case "layers":
            names = [layer.name for layer in base[-stage.count :]] if stage.count else []
        case "all":
            names = [layer.name for layer in base]
        case "own":
            names, head = list(stage.layers), []
        case _:
            names = []
    return network.without_freezing().model_copy(
        update={
            "trained_layers": (*names, *head),
            "freeze_batch_norm": network.freeze_batch_norm,
        }
    )


def stage_title(stage: Stage) -> str:
    """What the stage trains, in a few words."""
    match stage.trains:
        case "head":
            return say("the head")
        case "blocks" if stage.count:
            return say_count(
                "head and {count} last block", "head and {count} last blocks", stage.count
            )
        case "blocks":
            return say("head and top blocks")
        case "layers":
            return say_count(
                "head and {count} last layer", "head and {count} last layers", stage.count
            )
        case "all":
            return say("everything")
        case "own":
            return say_count("{count} layer", "{count} layers", len(stage.layers))
        case _:
            return say("what is ticked")


def stages_from_text(text: str) -> tuple[Stage, ...]:
    """What ``text`` such as ``head:20, blocks=2:10:0.01`` says: what is trained, epochs, share of
    the rate; ``own=conv5|conv6:5``; nothing or 'automatic': the usual stages.

    A stage without a number of epochs is as long as the training says.

    Raises:
        ValueError: if it says nothing of the kind, or a number is out of its limits.
        ProblemError: ``stage_without_epochs``.
    """
    found = []
    for part in text.split(","):
        what, *numbers = (piece.strip() for piece in part.split(":"))
        if numbers and numbers[0].isdigit() and not int(numbers[0]):
            raise ProblemError(
                Problem("stage_without_epochs", _WHERE, values={"stage": part.strip()})
            )
        if what.lower() in ("", "automatic") and not numbers:
            continue
        name, _, value = what.partition("=")
        name = name.strip().lower()
        if name not in get_args(Trains) or len(numbers) > 2:
            raise ValueError(part)
        if name == "layers" and not value:
            raise ValueError(part)  # how many? There is no usual number of layers
        chosen: dict[str, object] = {"trains": name}
        if name == "own":
            chosen["layers"] = tuple(each.strip() for each in value.split("|") if each.strip())
        elif value:
            chosen["count"] = value
        named = zip(("epochs", "rate"), numbers, strict=False)
        chosen |= {field: number for field, number in named if number}
        found.append(Stage.model_validate(chosen))
    return tuple(found)


def stages_text(stages: tuple[Stage, ...]) -> str:
    """``stages`` as :func:`stages_from_text` reads them."""
    parts = []
    for stage in stages:
        part = str(stage.trains)
        if stage.trains == "own":
            part += "=" + "|".join(stage.layers)
        elif stage.count:
            part += f"={stage.count}"
        parts.append(f"{part}:{stage.epochs or ''}:{stage.rate:g}")
    return ",".join(parts)


def nearest_stages_text(text: str) -> str:
    """``text`` with every word for what is trained spelled as the nearest one that there is; empty
    where that is no list of stages either."""
    parts = []
    for part in text.split(","):
        what, *numbers = (piece.strip() for piece in part.split(":"))
        name, equals, value = (piece.strip() for piece in what.partition("="))
        near = difflib.get_close_matches(name.lower(), get_args(Trains), 1, _NEAR)
        parts.append(":".join((f"{near[0] if near else name}{equals}{value}", *numbers)))
    nearest = ",".join(parts)
    try:
        return nearest if stages_from_text(nearest) else ""
    except (ValueError, ProblemError):
        return ""
