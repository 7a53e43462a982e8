"""A run's curves made ready for judging: smoothed looking back only, with what chance alone does.

Nothing here looks ahead: what stands at an epoch is the same whatever comes after it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise
from statistics import median

from cnnstudio.project.epochs import EpochFacts
from cnnstudio.project.guessing import Guessing

SPAN = 3
"""Epochs of the moving median."""

FIRST_JUDGED = 3
"""From this epoch on something is said of the shape of the curves."""


def before_it_broke(history: Sequence[EpochFacts]) -> tuple[EpochFacts, ...]:
    """The epochs up to the first whose losses are no numbers."""
    kept = []
    for facts in history:
        if not (math.isfinite(facts.loss) and math.isfinite(facts.validation_loss)):
            break
        kept.append(facts)
    return tuple(kept)


@dataclass(frozen=True)
class Curves:
    """``history`` of at least one epoch with finite losses; pictures counted; ``guessing`` where
    it is known."""

    history: tuple[EpochFacts, ...]
    training: int
    validation: int
    guessing: Guessing | None = None

    def __len__(self) -> int:
        return len(self.history)

    @cached_property
    def loss(self) -> list[float]:
        """Training loss by epoch."""
        return [facts.loss for facts in self.history]

    @cached_property
    def validation_loss(self) -> list[float]:
        """Validation loss by epoch."""
        return [facts.validation_loss for facts in self.history]

    @cached_property
    def accuracy(self) -> list[float]:
        """Training accuracy, smoothed."""
        return moving_median([facts.accuracy for facts in self.history])

    @cached_property
    def validation_accuracy(self) -> list[float]:
        """Validation accuracy, smoothed."""
        return moving_median([facts.validation_accuracy for facts in self.history])

    @cached_property
    def smooth_loss(self) -> list[float]:
        """Training loss, smoothed."""
        return moving_median(self.loss)

    @cached_property
    def smooth_validation_loss(self) -> list[float]:
        """Validation loss, smoothed."""
        return moving_median(self.validation_loss)

    @cached_property
    def lowest_loss(self) -> list[float]:
        """The lowest training loss up to each epoch."""
        return list(accumulate(self.loss, min))

    @cached_property
    def best_accuracy(self) -> list[float]:
        """The best smoothed training accuracy up to each epoch."""
        return list(accumulate(self.accuracy, max))

    @cached_property
    def falls(self) -> list[float]:
        """Of the steps up to each epoch, the share at which validation loss fell."""
        steps = [after < before for before, after in pairwise(self.validation_loss)]
        return [0.0, *(count / place for place, count in enumerate(accumulate(steps), 1))]

    @cached_property
    def first_of_stage(self) -> list[int]:
        """For each epoch, the place of the first epoch of its stage."""
        found: list[int] = []
        for place, facts in enumerate(self.history):
            same = place > 0 and self.history[place - 1].stage == facts.stage
            found.append(found[-1] if same else place)
        return found

    @property
    def chance_accuracy(self) -> float | None:
        """What guessing gets right."""
        return self.guessing.accuracy if self.guessing is not None else None

    @property
    def chance_loss(self) -> float | None:
        """The loss of guessing."""
        return self.guessing.loss if self.guessing is not None else None

    def error_of(self, accuracy: float, count: int) -> float:
        """The standard error of an ``accuracy`` on ``count`` pictures.

        Four pictures are added, half of them right (Agresti and Coull 1998, "Approximate is better
        than 'exact' for interval estimation of binomial proportions"): it is never nothing.
        """
        share = (accuracy * count + 2) / (count + 4)
        return math.sqrt(share * (1 - share) / (count + 4))

    def validation_error(self, place: int) -> float:
        """The standard error of the validation accuracy at ``place``."""
        return self.error_of(self.validation_accuracy[place], self.validation)

    def training_error(self, place: int) -> float:
        """The standard error of the training accuracy at ``place``."""
        return self.error_of(self.accuracy[place], self.training)

    def loss_error(self, level: float) -> float:
        """About the standard error of a training loss: pictures' losses scatter by one and a half
        times their mean in the trainings that were recorded."""
        return 1.5 * level / math.sqrt(max(1, self.training))

    def jitter(self, place: int) -> float:
        """How far the validation loss jumps from epoch to epoch beside its trend, up to ``place``:
        the median of its second differences, as a standard deviation."""
        values = self.validation_loss[max(0, place - 11) : place + 1]
        bends = [
            abs(a - 2 * b + c) for a, b, c in zip(values, values[1:], values[2:], strict=False)
        ]
        # A second difference of independent values has √6 times their spread; the median of its
        # size is 0.6745 of that.
        return median(bends) / (0.6745 * math.sqrt(6)) if bends else 0.0


def moving_median(values: Sequence[float], span: int = SPAN) -> list[float]:
    """At each place the median of the last ``span`` values up to it."""
    return [median(values[max(0, place - span + 1) : place + 1]) for place in range(len(values))]
