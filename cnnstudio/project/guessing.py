"""What somebody gets who looks at no picture and answers with the classes' shares every time."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from cnnstudio.project.project import Project

_FOCAL_WEIGHT = 0.25
"""Keras' own of its focal losses; the weight is only in the one for softmax."""


@dataclass(frozen=True)
class Guessing:
    """``accuracy`` of naming the largest class, ``loss`` of answering with the shares, and
    ``blind`` that of giving all classes the same, as an untrained network does."""

    accuracy: float
    loss: float
    blind: float


def guessing(project: Project, classes: Sequence[int]) -> Guessing | None:
    """For ``classes`` with so many training pictures each; None for fewer than two classes.

    With the shares p of K classes, a cross-entropy is their entropy, -Σ p ln p, a mean squared
    error Σ p (1 - p) / K, a focal loss Σ p (1 - p)² (-ln p), times 0.25 for softmax. The history's
    losses are those of plain labels, also where training smooths them.
    """
    total = sum(classes)
    shares = [count / total for count in classes if count]
    if len(shares) < 2:
        return None
    even = [1 / len(shares)] * len(shares)
    return Guessing(max(shares), _loss(project, shares), _loss(project, even))


def _loss(project: Project, shares: list[float]) -> float:
    match project.training.loss:
        case "mean_squared_error":
            return sum(share * (1 - share) for share in shares) / len(shares)
        case "focal":
            is_softmax = project.network.resolved_output(len(shares)) == "softmax"
            sums = [-share * (1 - share) * (1 - share) * math.log(share) for share in shares]
            return sum(sums) * (_FOCAL_WEIGHT if is_softmax else 1.0)
        case _:
            return -sum(share * math.log(share) for share in shares)
