"""What the curves of a run are drawn from: plain values, and what is reckoned from them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from cnnstudio.project.epochs import EpochDetails, EpochFacts

BatchPoint = tuple[float, float, float]
"""Place in epochs (1.0 is the end of the first), loss, accuracy."""


@dataclass(frozen=True)
class CurveData:
    """Everything that the curves show of a run.

    ``name`` is the run's, for files and for telling runs apart. ``borders`` are the stages as
    ``(first epoch, title)``, epochs from 1. ``classes`` are in the order of ``details``;
    ``colors`` are theirs as ``#RRGGBB``, or empty. ``earlier`` are runs that can be laid over.
    Lists may grow after they were handed over: what is drawn is what is in them by then.
    """

    history: Sequence[EpochFacts] = ()
    batch_points: Collection[BatchPoint] = ()
    epochs_planned: int = 0
    best_epoch: int = 0
    borders: Sequence[tuple[int, str]] = ()
    classes: Sequence[str] = ()
    details: Sequence[EpochDetails] = ()
    earlier: Sequence[tuple[str, Sequence[EpochFacts]]] = ()
    name: str = ""
    colors: Sequence[str] = ()
