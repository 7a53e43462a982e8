"""What a training costs on this computer: seconds an epoch, memory, and what runs only once.

Pure arithmetic over a network's facts, quick enough to be done at every tick of the freeze tree.
Forward, every layer costs its multiply-adds; back, once for the way to its input and once for its
weights, from the first layer on that is trained. Corrections come from what earlier trainings
took.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from cnnstudio.project.augmentation import AugmentationPlan
from cnnstudio.project.frozen_part import (
    BYTES_A_NUMBER,
    FOLDED_BYTES_AT_MOST,
    FrozenPart,
    Pass,
    WhyNot,
    frozen_part,
    kept_bytes,
    why_not_once,
)
from cnnstudio.project.layer_work import LayerWork, layer_work
from cnnstudio.project.machine import MachineSpeed
from cnnstudio.project.network_facts import NetworkFacts
from cnnstudio.project.project import Project

WorkKind = Literal["kept", "forward", "backward", "once", "memory"]
"""What is corrected by itself: an epoch over kept features, one that is mostly forward or mostly
back, running frozen layers once, and memory."""

FOLDED = 0.6
"""How long a frozen layer takes with its variables folded into constants, to as it is."""

MEMORY_SHARE = 0.85
"""Of the computer's memory; the rest is for the system and the window."""

SAVING_SHARE = 0.05
"""Of the time of epochs, at most, for writing models between them."""

_TRACED_AGAIN = 0.3
_BATCHES_AN_EPOCH = 80
"""An epoch's beginning and end, with its files, takes as long as so many empty batches."""

_FOLDING_BYTES = 11
_BATCH_ONCE = 32
_NUMBERS_A_WEIGHT_TRAINED = 4
"""The weight, its gradient, and the two averages that Adam keeps of it."""

_MOVES = ("rotation", "width_shift", "height_shift", "shear", "zoom", "crop", "rand_augment")


@dataclass(frozen=True)
class Work:
    """What is trained on: pictures of each part, their ``size``, and the plan's numbers."""

    training: int
    validation: int
    size: int
    batch_size: int
    epochs: int
    augmentation: AugmentationPlan = field(default_factory=AugmentationPlan)
    test: int = 0

    @property
    def passes(self) -> Pass:
        """How often pictures go through the network."""
        plan = self.augmentation
        return Pass(
            training=self.training,
            validation=self.validation,
            test=self.test,
            epochs=self.epochs,
            variants=plan.variants if plan.is_prepared else 0,
        )


@dataclass(frozen=True)
class Corrections:
    """By how much predictions were wrong before: factors of a network by kind of work, and of all
    networks together, where it was not trained yet."""

    own: Mapping[WorkKind, float] = field(default_factory=dict)
    others: Mapping[WorkKind, float] = field(default_factory=dict)

    def of(self, kind: WorkKind) -> float:
        """The factor for ``kind``; from the nearest kind of work where it was never done.

        What was learned from other work counts half (its square root): one slow run must not make
        every other prediction as wrong.
        """
        for known in (self.own, self.others):
            if kind in known:
                return known[kind]
            if kind != "memory":
                near = [known[other] for other in _NEAREST[kind] if other in known]
                if near:
                    return math.sqrt(near[0])
        return 1.0


_NEAREST: dict[WorkKind, tuple[WorkKind, ...]] = {
    "kept": ("backward", "forward"),
    "forward": ("backward", "kept"),
    "backward": ("kept", "forward"),
    "once": ("forward", "backward"),
}


@dataclass(frozen=True)
class Price:
    """What a training costs.

    ``seconds_once`` is what running the frozen layers once takes, 0 where they run in every epoch,
    for the reason ``why_not``. ``layers_once`` counts the base's layers that run once,
    ``frontier`` names those at their end, ``kept_bytes`` is what they leave on the disk.
    ``kind`` is that of an epoch, for corrections. ``memory_there`` is what the computer has for
    it; where that is less, ``batch_that_fits`` is a batch size for which it is enough (0: none).
    """

    seconds_per_epoch: float
    seconds_once: float
    seconds_per_epoch_all_trained: float
    memory_bytes: int
    memory_there: int
    batch_that_fits: int
    computed_once: bool
    why_not: WhyNot
    frontier: tuple[str, ...]
    layers_once: int
    kept_bytes: int
    kind: WorkKind


def work_of(project: Project, training: int, validation: int, test: int = 0) -> Work:
    """The work of a project with so many pictures in each part."""
    return Work(
        training=training,
        validation=validation,
        test=test,
        size=project.pictures.size,
        batch_size=project.training.batch_size,
        epochs=project.training.epochs,
        augmentation=project.augmentation,
    )


def price_of(
    facts: NetworkFacts,
    trained: frozenset[str],
    work: Work,
    speed: MachineSpeed,
    corrections: Corrections | None = None,
) -> Price:
    """What training the layers named ``trained`` costs."""
    corrections = corrections or Corrections()
    part = frozen_part(facts, trained)
    why_not = why_not_once(facts, trained, work.augmentation, work.passes, part)
    is_once = not why_not
    costs = [layer_work(layer, speed, work.batch_size) for layer in facts.layers]
    sums = _through(facts, costs, trained, part if is_once else None)
    every = frozenset(layer.name for layer in facts.layers if layer.part != "input")
    epoch = _epoch(facts, sums, trained, work, speed, is_once)
    whole = _epoch(facts, _through(facts, costs, every, None), every, work, speed, False)
    kind = _kind(sums, is_once)
    once = kept = 0.0
    if is_once:
        passes = work.passes
        inside = [layer for layer in facts.layers if layer.name in part.layers]
        weights = BYTES_A_NUMBER * sum(layer.parameters for layer in inside)
        once = (FOLDED if weights <= FOLDED_BYTES_AT_MOST else 1.0) * sums.once * passes.kept
        once += _TRACED_AGAIN * speed.seconds_a_layer_made * len(inside)
        kept = kept_bytes(facts, part, passes)
    folded = part if is_once else None
    there = int(MEMORY_SHARE * speed.memory)

    def memory(batch_size: int) -> int:
        smaller = replace(work, batch_size=batch_size)
        return int(_memory(facts, trained, folded, smaller, speed) * corrections.of("memory"))

    return Price(
        seconds_per_epoch=epoch * corrections.of(kind),
        seconds_once=once * corrections.of("once"),
        seconds_per_epoch_all_trained=whole * corrections.of("backward"),
        memory_bytes=memory(work.batch_size),
        memory_there=there,
        batch_that_fits=_halved(work.batch_size, lambda size: memory(size) <= there),
        computed_once=is_once,
        why_not=why_not,
        frontier=part.frontier,
        layers_once=_count_inside(facts, folded),
        kept_bytes=int(kept),
        kind=kind,
    )


def _halved(batch_size: int, fits: Callable[[int], bool]) -> int:
    """The batch size, halved until it ``fits``; 0 where not even single pictures do."""
    while batch_size and not fits(batch_size):
        batch_size //= 2
    return batch_size


def _count_inside(facts: NetworkFacts, part: FrozenPart | None) -> int:
    if part is None:
        return 0
    return sum(1 for layer in facts.base_layers if layer.name in part.layers)


@dataclass(frozen=True)
class _Sums:
    """Seconds of one picture: through the part that runs ``once``, ``forward`` and ``back``."""

    once: float
    forward: float
    back: float


def _through(
    facts: NetworkFacts, costs: list[LayerWork], trained: frozenset[str], part: FrozenPart | None
) -> _Sums:
    once = forward = back = 0.0
    learning: set[str] = set()
    for layer, cost in zip(facts.layers, costs, strict=True):
        if part is not None and layer.name in part.layers:
            once += cost.forward
            continue
        forward += cost.forward
        is_trained = layer.name in trained and layer.trainable_parameters > 0
        gives_back = any(name in learning for name in layer.inputs)
        if is_trained:
            back += cost.to_weights
            # A trained normalisation costs the same whether anything before it learns or not.
            if gives_back or layer.type == "BatchNormalization":
                back += cost.to_input
        elif gives_back:
            back += cost.back_frozen
        if is_trained or gives_back:
            learning.add(layer.name)
    return _Sums(once, forward, back)


def _kind(sums: _Sums, is_once: bool) -> WorkKind:
    if is_once:
        return "kept"
    return "backward" if sums.back > sums.forward / 2 else "forward"


def _epoch(
    facts: NetworkFacts,
    sums: _Sums,
    trained: frozenset[str],
    work: Work,
    speed: MachineSpeed,
    is_once: bool,
) -> float:
    """Seconds of one epoch: training, watching, and now and then writing the models."""
    batches = math.ceil(work.training / work.batch_size)
    weights = _trained_weights(facts, trained)
    seconds = work.training * (sums.forward + sums.back) + work.validation * sums.forward
    seconds += (batches + _BATCHES_AN_EPOCH) * speed.seconds_a_batch
    seconds += batches * weights / speed.updated
    if not is_once:
        seconds += work.training * _augmenting(work) / speed.augmented
    with_weights = sum(1 for layer in facts.layers if layer.parameters)
    total = sum(layer.parameters for layer in facts.layers)
    saving = with_weights * speed.seconds_a_layer_saved + total * BYTES_A_NUMBER / speed.saved
    return seconds + min(saving, SAVING_SHARE * seconds)


def _augmenting(work: Work) -> float:
    """Pixels of one picture that are moved anew in each epoch."""
    plan = work.augmentation
    if plan.is_off or plan.is_prepared or not any(getattr(plan, name) for name in _MOVES):
        return 0.0
    return float(work.size * work.size)


def _memory(
    facts: NetworkFacts,
    trained: frozenset[str],
    part: FrozenPart | None,
    work: Work,
    speed: MachineSpeed,
) -> float:
    """Bytes: TensorFlow itself, weights with what goes with them, and outputs that are kept for
    the way back, or as long as the next layer needs them."""
    total = sum(layer.parameters for layer in facts.layers)
    weights = total + (_NUMBERS_A_WEIGHT_TRAINED - 1) * _trained_weights(facts, trained)
    learning: set[str] = set()
    kept = widest = widest_once = folding = 0
    for layer in facts.layers:
        numbers = math.prod(layer.output_shape)
        if part is not None and layer.name in part.layers:
            widest_once = max(widest_once, numbers)
            folding += layer.parameters
            continue
        widest = max(widest, numbers)
        is_trained = layer.name in trained and layer.trainable_parameters > 0
        if is_trained or any(name in learning for name in layer.inputs):
            learning.add(layer.name)
            kept += numbers
    if BYTES_A_NUMBER * folding > FOLDED_BYTES_AT_MOST:
        folding = 0
    # Between two layers there is room for one's input, its output, and what it computes with.
    training = kept * work.batch_size + 3 * widest * work.batch_size
    before = 3 * widest_once * _BATCH_ONCE + _FOLDING_BYTES * folding
    return speed.engine + BYTES_A_NUMBER * (weights + max(training, before))


def _trained_weights(facts: NetworkFacts, trained: frozenset[str]) -> int:
    return sum(layer.trainable_parameters for layer in facts.layers if layer.name in trained)
