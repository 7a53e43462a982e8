"""How long a training will take from now on, over all its stages."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from cnnstudio.project.frozen_part import frozen_part, why_not_once
from cnnstudio.project.machine import load_machine
from cnnstudio.project.network_facts import NetworkFacts, trained_layers
from cnnstudio.project.network_table import network_row
from cnnstudio.project.price import FOLDED, Work, price_of, work_of
from cnnstudio.project.price_corrections import corrections_for, load_factors
from cnnstudio.project.project import Project

_EPOCHS_LOOKED_AT = 5
_BACK_TO_FORWARD = 2
"""A trained layer works back twice as long as forward: to its weights and to the layer before."""


@dataclass(frozen=True)
class StageCost:
    """What a stage's frozen part costs once, and then each of its ``epochs``, in multiply-adds;
    ``seconds`` are the same in seconds where this computer was measured."""

    once: float
    epoch: float
    epochs: int
    seconds: tuple[float, float] | None = None


def stage_cost(project: Project, facts: NetworkFacts, counts: Sequence[int]) -> StageCost:
    """The cost of a stage from its own ``project``; ``counts`` are the pictures of training,
    validation and test."""
    work = work_of(project, *counts)
    trained = trained_layers(project.network, facts)
    once, epoch = _multiply_adds(facts, trained, work)
    speed = load_machine()
    if speed is None:
        return StageCost(once, epoch, work.epochs)
    corrections = corrections_for(load_factors(), network_row(project.network).key)
    price = price_of(facts, trained, work, speed, corrections)
    return StageCost(once, epoch, work.epochs, (price.seconds_once, price.seconds_per_epoch))


def _multiply_adds(facts: NetworkFacts, trained: frozenset[str], work: Work) -> tuple[float, float]:
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
    return FOLDED * once * work.passes.kept, float(epoch)


class TimeLeft:
    """What epochs took so far, and from that what is still to come.

    ``costs`` are those of all stages; ``test_share`` is how many test pictures there are for each
    of validation.
    """

    def __init__(self, costs: Sequence[StageCost], test_share: float) -> None:
        self.seconds_to_validate = 0.0
        self.seconds_to_save = 0.0
        self._costs = costs
        self._test_share = test_share
        self._stage = 0
        self._took: list[float] = []
        self._seconds_a_multiply_add: float | None = None

    @property
    def seconds_an_epoch(self) -> float:
        """What an epoch of the stage took with all that belongs to it; 0 where only the first is
        known, in which the graph is made."""
        return median(self._took[1:]) if len(self._took) > 1 else 0.0

    def begin_stage(self, stage: int, seconds_once: float) -> None:
        """A stage (from 0) begins, whose frozen part took so long; 0 where it was there before."""
        self._stage, self._took = stage, []
        if seconds_once and self._costs[stage].once:
            self._seconds_a_multiply_add = seconds_once / self._costs[stage].once

    def epoch_took(self, seconds: float) -> None:
        """An epoch is whole, with all that belongs to it."""
        self._took.append(seconds)

    def seconds(self, epochs_left: int) -> float:
        """Seconds from now to the end, with so many epochs of the stage to go."""
        an_epoch = median((self._took[1:] or self._took)[-_EPOCHS_LOOKED_AT:])
        later = self._costs[self._stage + 1 :]
        # Making the graph, which every stage does anew.
        first = self._took[0] - an_epoch
        saving = self.seconds_to_save * (len(later) + (epochs_left > 0))
        found = an_epoch * epochs_left + saving + self._test_share * self.seconds_to_validate
        return found + sum(first + self._of_later(each, an_epoch) for each in later)

    def _of_later(self, cost: StageCost, an_epoch: float) -> float:
        if cost.seconds is not None:
            once, epoch = cost.seconds
            return once + epoch * cost.epochs
        now, rate = self._costs[self._stage], self._seconds_a_multiply_add
        if rate is None and not now.once and now.epoch:
            rate = an_epoch / now.epoch
        if rate is None:
            return an_epoch * cost.epochs
        # Over kept features, an epoch is mostly what goes with any epoch.
        more = rate * (cost.epoch - now.epoch)
        return rate * cost.once + max(0.0, an_epoch + more) * cost.epochs
