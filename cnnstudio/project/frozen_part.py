"""What lies before everything that learns: the part of a network that is computed only once.

Whatever hangs on nothing but the picture and frozen layers gives the same numbers in every epoch.
The window, the price and the engine all ask here which layers those are, and whether keeping their
numbers is worth it.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from cnnstudio.project.amounts import rough_duration
from cnnstudio.project.augmentation import AugmentationPlan
from cnnstudio.project.network_facts import BATCH_NORM, LayerFacts, NetworkFacts
from cnnstudio.project.words import N_, say, say_count

BYTES_A_NUMBER = 4

SHORT_FROM_NUMBERS = 16_384
"""From so many numbers a picture on, features are kept with 16 bits each; fewer take little room.

Measured on 40 photographs: probabilities of MobileNetV2 at 224 px, cut before block 6 or 16, and of
VGG16 at 160 px, cut before block 5, differ by 0.00006 at most from those with 32 bits."""

COMPUTED_SHORT_FROM = 2 * 10**11
"""From so many multiply-adds of prepared variants on, what is learned from goes through frozen
convolutions in numbers of 16 bits, where the processor has them: twice as fast.

Measured with MobileNetV2 at 224 px on 600 photographs: a picture's features differ by 9 % from
those of 32 bits, by 34 % from those of the same picture mirrored; heads trained on them were right
about as many of 200 other photographs (98.0 %). Below this it would save less than a second."""

KEPT_BYTES_AT_MOST = 20 * 10**9
"""What kept features may take on the disk; more than that is not kept."""

RANDOM_TYPES = frozenset(
    {
        "ActivityRegularization",
        "AlphaDropout",
        "AugMix",
        "AutoContrast",
        "CutMix",
        "Dropout",
        "Equalization",
        "GaussianDropout",
        "GaussianNoise",
        "MixUp",
        "RandAugment",
        "SpatialDropout1D",
        "SpatialDropout2D",
        "SpatialDropout3D",
        "StochasticDepth",
        "GRU",
        "LSTM",
        "SimpleRNN",
    }
)
"""Types of layers that are different at each step of a training, or may be (recurrent ones leave
numbers out, too), and those that add to the loss by themselves."""

FOLDED_BYTES_AT_MOST = 150 * 10**6
"""Weights of a frozen part are folded into its graph up to so many bytes: while that is done, it
takes about eleven times as much memory."""

_LEAST_SHARE = 0.05

WhyNot = Literal[
    "",
    "fresh_augmentation",
    "first_layer_trained",
    "little_work",
    "few_epochs",
    "side_outputs",
    "too_large",
    "not_kept",
]

WHY_NOT: dict[WhyNot, str] = {
    "fresh_augmentation": N_(
        "Pictures change anew in every epoch, so frozen layers run each time. With variants "
        "prepared once they run only once."
    ),
    "first_layer_trained": N_("The first layers are trained, so everything runs in every epoch."),
    "little_work": N_("The frozen layers at the beginning are quick; they run in every epoch."),
    "few_epochs": N_("With so few epochs, computing frozen layers once would save nothing."),
    "side_outputs": N_("A network with side outputs runs whole in every epoch."),
    "too_large": N_("What frozen layers give is too much to keep, so they run in every epoch."),
    "not_kept": N_("What frozen layers give could not be kept, so they run in every epoch."),
}
"""Why frozen layers run in every epoch, as a sentence."""


def once_words(layers: int, seconds: float, why_not: WhyNot) -> str:
    """What a training that begins says of its frozen layers; nothing where none are of use."""
    if layers:
        return say_count(
            "{count} frozen layer has run once ({time}) and rests now.",
            "{count} frozen layers have run once ({time}) and rest now.",
            layers,
            time=rough_duration(seconds),
        )
    if why_not in ("", "first_layer_trained"):
        return ""
    return say(WHY_NOT[why_not])


@dataclass(frozen=True)
class Step:
    """A layer (or operation) by name; ``ends`` if its output differs from epoch to epoch."""

    name: str
    inputs: tuple[str, ...]
    ends: bool


@dataclass(frozen=True)
class FrozenPart:
    """Names of all layers that are computed from frozen layers and the picture alone, and of
    those at its end (``frontier``), whose output the other layers take."""

    layers: frozenset[str]
    frontier: tuple[str, ...]


@dataclass(frozen=True)
class Pass:
    """How often pictures go through the network: ``training`` and ``validation`` pictures,
    ``variants`` that were prepared of each training picture (0: none), ``epochs``."""

    training: int
    validation: int
    epochs: int
    variants: int = 0
    test: int = 0

    @property
    def kept(self) -> int:
        """Pictures whose features are kept."""
        return (self.variants + 1) * self.training + self.validation + self.test


def part_before(steps: Iterable[Step]) -> FrozenPart:
    """The frozen part of ``steps``, each of which comes after its inputs."""
    inside: set[str] = set()
    wanted: dict[str, None] = {}
    order = list(steps)
    for step in order:
        if not step.ends and all(name in inside for name in step.inputs):
            inside.add(step.name)
        else:
            wanted |= dict.fromkeys(name for name in step.inputs if name in inside)
    return FrozenPart(frozenset(inside), tuple(wanted))


def frozen_part(facts: NetworkFacts, trained: frozenset[str]) -> FrozenPart:
    """The frozen part of a described network, where the layers named ``trained`` learn."""
    return part_before(
        Step(
            layer.name,
            layer.inputs,
            layer.type in RANDOM_TYPES
            or layer.type.startswith("Random")
            or (layer.name in trained and _learns(layer)),
        )
        for layer in facts.layers
    )


def why_not_once(
    facts: NetworkFacts,
    trained: frozenset[str],
    augmentation: AugmentationPlan,
    passes: Pass,
    part: FrozenPart | None = None,
) -> WhyNot:
    """Why the frozen part runs in every epoch; nothing ('') where it is computed only once."""
    part = part or frozen_part(facts, trained)
    inside = [layer for layer in facts.layers if layer.name in part.layers]
    if not any(layer.parameters for layer in inside):
        return "first_layer_trained"
    if augmentation.mixes or not (augmentation.is_off or augmentation.is_prepared):
        return "fresh_augmentation"
    whole = sum(layer.multiply_adds for layer in facts.layers)
    if sum(layer.multiply_adds for layer in inside) < _LEAST_SHARE * whole:
        return "little_work"
    through = passes.epochs * (passes.training + passes.validation)
    if passes.epochs < 2 or passes.kept - passes.test >= through:
        return "few_epochs"
    if kept_bytes(facts, part, passes) > KEPT_BYTES_AT_MOST:
        return "too_large"
    return ""


def bytes_a_number(numbers: int) -> int:
    """How large a number of features is on the disk, where a picture has so many."""
    return BYTES_A_NUMBER // 2 if numbers >= SHORT_FROM_NUMBERS else BYTES_A_NUMBER


def kept_bytes(facts: NetworkFacts, part: FrozenPart, passes: Pass) -> int:
    """What the features of all pictures take on the disk."""
    ends = set(part.frontier)
    numbers = sum(math.prod(layer.output_shape) for layer in facts.layers if layer.name in ends)
    return bytes_a_number(numbers) * numbers * passes.kept


def _learns(layer: LayerFacts) -> bool:
    """Whether it changes when it is trained; a batch normalisation goes by its batch, even where
    it has nothing to learn."""
    return layer.trainable_parameters > 0 or layer.type == BATCH_NORM
