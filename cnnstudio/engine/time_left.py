"""How long a training will take from now on, over all its stages."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from cnnstudio.project.frozen_part import frozen_part, why_not_once
from cnnstudio.project.machine import load_machine
from cnnstudio.project.network_facts import NetworkFacts, trained_layers
from cnnstudio.project.price import Work, price_of, work_of
from cnnstudio.project.project import Project

_EPOCHS_LOOKED_AT = 3
_BACK_TO_FORWARD = 2
"""A trained layer works back twice as long as forward: to its weights and to the layer before."""


@dataclass(frozen=True)
class StageCost:
    """What a stage's frozen part costs ``once`` and then each ``epoch``, in any unit."""

    once: float
    epoch: float
    epochs: int


def stage_cost(project: Project, facts: NetworkFacts, counts: Sequence[int]) -> StageCost:
    """The cost of a stage from its own ``project``; ``counts`` are the pictures of training,
    validation and test. In seconds where this computer was measured, else in multiply-adds."""
    work = work_of(project, *counts)
    trained = trained_layers(project.network, facts)
    speed = load_machine()
    if speed is None:
        return _in_multiply_adds(facts, trained, work)
    price = price_of(facts, trained, work, speed)
    return StageCost(price.seconds_once, price.seconds_per_epoch, work.epochs)


def _in_multiply_adds(facts: NetworkFacts, trained: frozenset[str], work: Work) -> StageCost:
    part = frozen_part(facts, trained)
    is_once = not why_not_once(facts, trained, work.augmentation, work.passes, part)
    once = forward = back = 0
    for layer in facts.layers:
        if is_once and layer.name in part.layers:
            once += layer.multiply_adds
            continue
        forward += layer.multiply_adds
        if layer.name not in part.layers:
            back += _BACK_TO_FORWARD * layer.multiply_adds
    epoch = work.training * (forward + back) + work.validation * forward
    return StageCost(once * work.passes.kept, epoch, work.epochs)


class TimeLeft:
    """What epochs took so far, and from that what is still to come.

    ``costs`` are those of all stages; ``test_share`` is how many test pictures there are for each
    of validation.
    """

    def __init__(self, costs: Sequence[StageCost], test_share: float) -> None:
        self.seconds_to_validate = 0.0
        self._costs = costs
        self._test_share = test_share
        self._took: list[float] = []

    @property
    def seconds_an_epoch(self) -> float:
        """What an epoch of the stage took with all that belongs to it; 0 where only the first is
        known, in which the graph is made."""
        return median(self._took[1:]) if len(self._took) > 1 else 0.0

    def begin_stage(self) -> None:
        """Another stage has other epochs."""
        self._took = []

    def epoch_took(self, seconds: float) -> None:
        """An epoch is whole, with all that belongs to it."""
        self._took.append(seconds)

    def seconds(self, stage: int, epochs_left: int) -> float:
        """Seconds from now to the end, in ``stage`` (from 0) with so many epochs to go."""
        latest = (self._took[1:] or self._took)[-_EPOCHS_LOOKED_AT:]
        an_epoch = sum(latest) / len(latest)
        unit = an_epoch / self._costs[stage].epoch if self._costs[stage].epoch else 0.0
        later = self._costs[stage + 1 :]
        found = an_epoch * epochs_left + self._test_share * self.seconds_to_validate
        return found + unit * sum(each.once + each.epoch * each.epochs for each in later)
