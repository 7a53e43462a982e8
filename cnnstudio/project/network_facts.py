"""What the engine tells once about a built network, and what the window counts from it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.network_row import Group as Group
from cnnstudio.project.network_table import network_row
from cnnstudio.project.problems import Problem

LayerPart = Literal["input", "base", "head"]

BATCH_NORM = "BatchNormalization"


@dataclass(frozen=True)
class LayerFacts:
    """One layer of the built network.

    ``output_shape`` is without the batch axis, e.g. ``(7, 7, 512)``. ``parameters`` counts all
    weights; ``trainable_parameters`` those that training can change when the layer is ticked (a
    batch normalisation's moving mean and variance are in the first only). ``groups`` are what it
    stands in, the outermost first: stage, block. ``inputs`` names the layers whose output it takes.
    ``multiply_adds`` is what one picture costs forward: multiplications (with their addition) in
    convolutions and matrices, in poolings and sums every number that is looked at, otherwise one
    for each number that comes out. ``detail`` says what its name does not: ``3 × 3, /2, relu``.
    """

    name: str
    type: str
    output_shape: tuple[int, ...]
    parameters: int
    trainable_parameters: int
    part: LayerPart
    groups: tuple[Group, ...] = ()
    inputs: tuple[str, ...] = ()
    multiply_adds: int = 0
    detail: str = ""


@dataclass(frozen=True)
class NetworkFacts:
    """All layers of a built network, from the input on.

    ``notes`` are what was found on the way and should be said, such as a guess that was made
    about a model file.
    """

    layers: tuple[LayerFacts, ...]
    num_classes: int
    output: Literal["sigmoid", "softmax"]
    notes: tuple[Problem, ...] = ()

    @property
    def base_layers(self) -> tuple[LayerFacts, ...]:
        """The base's own layers, in the network's order."""
        return tuple(layer for layer in self.layers if layer.part == "base")

    @property
    def base_blocks(self) -> tuple[tuple[LayerFacts, ...], ...]:
        """The base's layers by block, in the network's order: neighbours with equal groups."""
        found: list[list[LayerFacts]] = []
        for layer in self.base_layers:
            if found and layer.groups and found[-1][-1].groups == layer.groups:
                found[-1].append(layer)
            else:
                found.append([layer])
        return tuple(tuple(block) for block in found)


@dataclass(frozen=True)
class ParameterTotals:
    """Parameters of a network under one choice of trained layers."""

    total: int
    trainable: int

    @property
    def frozen(self) -> int:
        """Parameters that training leaves as they are."""
        return self.total - self.trainable


def begins_pretrained(plan: NetworkPlan) -> bool:
    """Whether the plan's base begins with something learned, not with random numbers."""
    return network_row(plan).is_pretrained and plan.weights != "random"


def keeps_batch_norm(plan: NetworkPlan) -> bool:
    """Whether the base's batch normalisations stay frozen whatever is ticked."""
    return plan.freeze_batch_norm and begins_pretrained(plan)


def trained_layers(plan: NetworkPlan, facts: NetworkFacts) -> frozenset[str]:
    """Names of the layers that are trained under ``plan``: by ticks, else by 'train last'.

    A base from scratch knows nothing yet and is trained whole; the head is always trained unless
    ticks say otherwise; inputs and preprocessing never are. Batch normalisations of a pretrained
    base are left out where the plan keeps them frozen.
    """
    listed = [layer for layer in facts.layers if layer.part != "input"]
    if plan.trained_layers is not None:
        ticked = frozenset(plan.trained_layers)
        chosen = [layer for layer in listed if layer.name in ticked]
    else:
        base = list(facts.base_layers)
        if network_row(plan).is_pretrained:
            base = base[-plan.train_last :] if plan.train_last else []
            if plan.train_last_blocks:
                blocks = facts.base_blocks[-plan.train_last_blocks :]
                base = [layer for block in blocks for layer in block]
        chosen = base + [layer for layer in listed if layer.part == "head"]
    if keeps_batch_norm(plan):
        chosen = [each for each in chosen if each.type != BATCH_NORM or each.part != "base"]
    return frozenset(layer.name for layer in chosen)


def count_parameters(layers: Iterable[LayerFacts], trained: frozenset[str]) -> ParameterTotals:
    """Totals as Keras counts them for a model whose other layers have ``trainable = False``."""
    total = trainable = 0
    for layer in layers:
        total += layer.parameters
        if layer.name in trained:
            trainable += layer.trainable_parameters
    return ParameterTotals(total, trainable)
