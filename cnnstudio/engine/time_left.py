"""How long a training will take from now on, over all its stages."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from cnnstudio.project.machine import MachineSpeed, load_machine
from cnnstudio.project.network_facts import NetworkFacts, trained_layers
from cnnstudio.project.network_table import network_row
from cnnstudio.project.price import price_of, work_of
from cnnstudio.project.price_corrections import corrections_for, load_factors
from cnnstudio.project.project import Project

_EPOCHS_LOOKED_AT = 5

_TYPICAL = MachineSpeed(
    mark="two cores of an AMD EPYC",
    window_forward=54e9,
    window_backward=41e9,
    point_forward=38e9,
    point_backward=29e9,
    depthwise_forward=6.5e9,
    depthwise_backward=7.5e9,
    dense_forward=22e9,
    dense_backward=6.7e9,
    numbers_forward=6.5e9,
    numbers_backward=1.2e9,
    updated=3.4e8,
    augmented=6.6e6,
    seconds_a_layer=2.8e-5,
    seconds_a_layer_back=2.2e-4,
    seconds_a_batch=1.1e-3,
    seconds_a_layer_made=0.15,
    saved=2.2e8,
    seconds_a_layer_saved=3.2e-3,
    memory=25 * 10**9,
    engine=7 * 10**8,
    cores=2,
)
"""Of a computer that was not measured, only what stages cost beside each other is taken from it."""


@dataclass(frozen=True)
class StageCost:
    """What a stage's frozen part costs once, and then each of its ``epochs``: in seconds of this
    computer where ``is_measured``, else of a typical one."""

    once: float
    epoch: float
    epochs: int
    is_measured: bool = False


def stage_cost(project: Project, facts: NetworkFacts, counts: Sequence[int]) -> StageCost:
    """The cost of a stage from its own ``project``; ``counts`` are the pictures of training,
    validation and test."""
    work = work_of(project, *counts)
    trained = trained_layers(project.network, facts)
    speed = load_machine()
    corrections = None
    if speed is not None:
        corrections = corrections_for(load_factors(), network_row(project.network).key)
    price = price_of(facts, trained, work, speed or _TYPICAL, corrections)
    return StageCost(price.seconds_once, price.seconds_per_epoch, work.epochs, speed is not None)


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
        self._slower = 1.0

    @property
    def seconds_an_epoch(self) -> float:
        """What an epoch of the stage took with all that belongs to it; 0 where only the first is
        known, in which the graph is made."""
        return median(self._took[1:]) if len(self._took) > 1 else 0.0

    def begin_stage(self, stage: int, seconds_once: float) -> None:
        """A stage (from 0) begins, whose frozen part took so long; 0 where it was there before."""
        self._stage, self._took = stage, []
        if seconds_once and self._costs[stage].once:
            self._slower = seconds_once / self._costs[stage].once

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
        now, slower = self._costs[self._stage], self._slower
        if cost.is_measured:
            slower = 1.0
        elif not now.once and now.epoch:
            slower = an_epoch / now.epoch  # over kept features, an epoch says little of others
        return slower * (cost.once + cost.epoch * cost.epochs)
