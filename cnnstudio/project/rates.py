"""The planned learning rate at every moment of a run, and what a plateau makes of it.

Within a stage epochs count from 0, fractions lie within an epoch. Epochs that were added later
keep the rate that the stage's last planned epoch had at its middle: what a schedule says at the
very end may be nothing at all.
"""

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cnnstudio.project.stages import Stage, stages_of
from cnnstudio.project.training import TrainingPlan

if TYPE_CHECKING:
    from cnnstudio.project.project import Project

PLATEAU_MARGIN = 1e-4
"""By so much a validation loss must be lower to be better, as in Keras' ReduceLROnPlateau."""

_POINTS_AN_EPOCH = 8
_POINTS_A_STAGE = 240


def rate_at(plan: TrainingPlan, stage: Stage, epoch: float) -> float:
    """The planned rate at ``epoch`` within ``stage``, whose length is ``stage.epochs``.

    'On plateau' counts as constant here: :class:`PlateauState` knows the rest. The cosine is
    that of Loshchilov and Hutter, 'SGDR', 2016, arXiv:1608.03983, with one period and an end at 0,
    after a warm-up that grows in a straight line; the warm-up takes half of the stage at most.
    """
    highest = plan.learning_rate * stage.rate
    length = max(stage.epochs, 1)
    if epoch >= length and stage.added:
        epoch = length - 0.5
    match plan.schedule:
        case "step":
            return highest * float(plan.decay ** math.floor(epoch / plan.step_epochs))
        case "exponential":
            return highest * float(plan.epoch_decay**epoch)
        case "cosine":
            warm_up = warm_up_of(plan, length)
            if epoch < warm_up:
                return highest * epoch / warm_up
            done = min((epoch - warm_up) / (length - warm_up), 1.0)
            return highest * (1 + math.cos(math.pi * done)) / 2
        case _:
            return highest


def warm_up_of(plan: TrainingPlan, epochs: int) -> float:
    """Epochs in which the rate grows, in a stage of ``epochs``."""
    return min(float(plan.warm_up), epochs / 2)


@dataclass(frozen=True)
class PlateauState:
    """What 'on plateau' has seen of a stage; a new stage begins with a new one.

    The rule is that of Keras' ``ReduceLROnPlateau``: after so many epochs without a validation
    loss that is lower by :data:`PLATEAU_MARGIN`, the rate is multiplied by ``decay`` and the
    waiting begins anew. The planned rate times ``factor`` is the rate.
    """

    best: float = math.inf
    waited: int = 0
    factor: float = 1.0

    def after(self, validation_loss: float, plan: TrainingPlan) -> "PlateauState":
        """The state after one more epoch; unchanged where the plan has another schedule."""
        if plan.schedule != "plateau":
            return self
        if validation_loss < self.best - PLATEAU_MARGIN:
            return replace(self, best=validation_loss, waited=0)
        if self.waited + 1 < plan.plateau_patience:
            return replace(self, waited=self.waited + 1)
        return replace(self, waited=0, factor=self.factor * plan.decay)


def planned_curve(project: "Project") -> list[tuple[float, float]]:
    """Points ``(epoch, rate)`` of all stages for drawing, 0 being the run's beginning. Where the
    rate jumps there are two at the same epoch."""
    plan = project.training
    points = []
    begin = 0
    for stage in stages_of(project):
        for epoch, rate in _curve_of(plan, stage):
            points.append((begin + epoch, rate))
        begin += stage.epochs + stage.added
    return points


def _curve_of(plan: TrainingPlan, stage: Stage) -> list[tuple[float, float]]:
    length = stage.epochs
    points: list[tuple[float, float]] = []
    # Without added epochs, the stage's end is still a part of its schedule.
    planned = stage.model_copy(update={"added": 0})
    if plan.schedule == "step":
        for begin in range(0, length, plan.step_epochs):
            rate = rate_at(plan, planned, begin)
            points += [(begin, rate), (min(begin + plan.step_epochs, length), rate)]
    elif plan.schedule in ("exponential", "cosine"):
        count = min(_POINTS_AN_EPOCH * length, _POINTS_A_STAGE)
        epochs = {length * index / count for index in range(count + 1)}
        if plan.schedule == "cosine":
            epochs.add(warm_up_of(plan, length))
        points = [(epoch, rate_at(plan, planned, epoch)) for epoch in sorted(epochs)]
    else:
        points = [(0, rate_at(plan, planned, 0)), (length, rate_at(plan, planned, length))]
    if stage.added:
        rate = rate_at(plan, stage, length)
        points += [(length, rate), (length + stage.added, rate)]
    return points
