"""What the curves of a run are drawn from: plain values, and what is reckoned from them."""

import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from cnnstudio.project.epochs import EpochDetails, EpochFacts

Point = tuple[float, float]
"""Place in epochs (1.0 is the end of the first), value."""
BatchPoint = tuple[float, float, float]
"""Place in epochs, loss, accuracy."""

OUTLIER = 20
"""A loss so many times the middle one runs out of the picture instead of flattening it."""
BATCH_OUTLIER = 3
"""The same for losses by batch, of which the very first ones are often huge."""

MOST_GAP = 0.4
"""In epochs. Points by batch that stand farther apart say too little to be joined by a line."""
_FEWEST_JOINED = 3

_LOWEST_SHARES = (0.95, 0.9, 0.8, 0.6, 0.5, 0.4, 0.2)
"""Where the axis of a share may begin."""


@dataclass(frozen=True)
class CurveData:
    """Everything that the curves show of a run.

    ``name`` is the run's, for files and for telling runs apart. ``borders`` say after which epoch
    another stage began, and its title (after 0: the first). ``classes`` are in the order of
    ``details``; ``colors`` are theirs as ``#RRGGBB``, or empty. ``earlier`` are runs that can be
    laid over. Lists may grow after they were handed over: what is drawn is what is in them by then.
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

    @property
    def comparable(self) -> list[tuple[str, Sequence[EpochFacts]]]:
        """The earlier runs that have epochs; a name that comes again has a number."""
        seen: Counter[str] = Counter()
        found = []
        for name, history in self.earlier:
            if history:
                seen[name] += 1
                found.append((f"{name} ({seen[name]})" if seen[name] > 1 else name, history))
        return found

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing of the run itself yet."""
        return not self.history and not self.batch_points


NOISE_SHARE = 0.006
"""Of what is seen: over so much to both sides, a few pixels, points by batch are drawn as means."""


@dataclass(frozen=True)
class Look:
    """How the curves are looked at: from which place in epochs to which, how much smoothed (0:
    not, below 1), which earlier runs are laid over, and whether classes are told apart."""

    begin: float = 0.0
    end: float = 1.0
    smoothing: float = 0.0
    overlaid: frozenset[str] = frozenset()
    by_class: bool = False
    is_zoomed: bool = False

    @property
    def noise_width(self) -> float:
        """Over how many epochs, to both sides, points by batch are drawn as their mean."""
        return NOISE_SHARE * (self.end - self.begin)


def extent(curves: CurveData, overlaid: frozenset[str]) -> float:
    """How many epochs the whole of the curves needs."""
    ends = [float(curves.epochs_planned), 1.0]
    ends += [history[-1].epoch for _, history in laid_over(curves, overlaid)]
    if curves.history:
        ends.append(curves.history[-1].epoch)
    return max(ends)


def last_place(curves: CurveData, overlaid: frozenset[str]) -> float:
    """Up to where there is something to see."""
    histories = [curves.history, *(history for _, history in laid_over(curves, overlaid))]
    ends = [float(history[-1].epoch) for history in histories if history]
    return max([*ends, *(place for place, *_ in curves.batch_points)], default=0.0)


def laid_over(
    curves: CurveData, overlaid: frozenset[str]
) -> list[tuple[str, Sequence[EpochFacts]]]:
    """The earlier runs that are shown."""
    return [(name, history) for name, history in curves.comparable if name in overlaid]


def smoothed(points: Iterable[Point], share: float) -> list[Point]:
    """An exponential mean that keeps ``share`` of what was before at every point.

    Divided by the sum of its weights, as Adam's moments are (Kingma and Ba, 2015, section 3), so
    that it does not begin at nothing. What is not a number stays so and does not spoil the rest.
    """
    mean, weight = 0.0, 0.0
    found = []
    for x, y in points:
        if math.isfinite(y):
            mean = share * mean + (1 - share) * y
            weight = share * weight + (1 - share)
            y = mean / weight
        found.append((x, y))
    return found


def joined(points: Iterable[Point], width: float = 0.0) -> list[Point]:
    """Points by batch as a line that is broken, by what is not a number, where they stand too far
    apart; of where they are too few for a line, nothing is left.

    Each is the mean of those at most ``width`` (in epochs) before and after it: what would stand
    in a few pixels above each other is only noise.
    """
    run: list[Point] = []
    runs = [run]
    for point in points:
        is_number = math.isfinite(point[1])
        if run and not (is_number and 0 <= point[0] - run[-1][0] <= MOST_GAP):
            run = []
            runs.append(run)
        if is_number:
            run.append(point)
    found: list[Point] = []
    for run in runs:
        if len(run) >= _FEWEST_JOINED:
            found += [((found[-1][0] + run[0][0]) / 2, math.nan)] if found else []
            found += _calmed(run, width)
    return found


def _calmed(points: list[Point], width: float) -> list[Point]:
    sums = [0.0, *accumulate(y for _, y in points)]
    found = []
    first = after = 0
    for x, _ in points:
        while points[first][0] < x - width:
            first += 1
        while after < len(points) and points[after][0] <= x + width:
            after += 1
        found.append((x, (sums[after] - sums[first]) / (after - first)))
    return found


def pieces(points: Sequence[Point], begin: float, end: float, columns: int) -> list[list[Point]]:
    """The parts of a line to be drawn from ``begin`` to ``end`` on so many pixel columns.

    A line is broken where a value is not a number. Of more points than can be told apart, the
    lowest and the highest of each column are left, so that no peak gets lost.
    """
    first = max(0, bisect_left(points, (begin, -math.inf)) - 1)
    last = bisect_right(points, (end, math.inf)) + 1
    found: list[list[Point]] = [[]]
    for point in points[first:last]:
        if math.isfinite(point[1]):
            found[-1].append(point)
        elif found[-1]:
            found.append([])
    return [_thinned(piece, begin, end, columns) for piece in found if piece]


def _thinned(points: list[Point], begin: float, end: float, columns: int) -> list[Point]:
    if len(points) <= 2 * columns:
        return points
    width = max(1e-9, end - begin) / max(1, columns)
    kept = [points[0]]
    column, lowest, highest = math.floor(points[0][0] / width), points[0], points[0]
    for point in points:
        here = math.floor(point[0] / width)
        if here != column:
            kept += sorted({lowest, highest})
            column, lowest, highest = here, point, point
        elif point[1] < lowest[1]:
            lowest = point
        elif point[1] > highest[1]:
            highest = point
    return [*kept, *sorted({lowest, highest, points[-1]})]


def percent_range(values: Iterable[float], look: Look) -> tuple[float, float]:
    """Which part of 0 to 1 holds ``values``: up to 1, and all of it only where it is needed."""
    finite = [value for value in values if math.isfinite(value)]
    if not look.is_zoomed:
        lowest = min(finite, default=0.0) - 0.01
        return next((share for share in _LOWEST_SHARES if share <= lowest), 0.0), 1.0
    low = max(0.0, math.floor((min(finite, default=0.0) - 0.005) * 50) / 50)
    high = min(1.0, math.ceil((max(finite, default=1.0) + 0.005) * 50) / 50)
    return (low, high) if high - low >= 0.04 else (max(0.0, high - 0.04), high)


def loss_range(epochs: Iterable[float], batches: Iterable[float]) -> tuple[float, float]:
    """From 0 to what holds the losses, but for what would flatten all others."""
    by_epoch = [value for value in epochs if math.isfinite(value)]
    by_batch = [value for value in batches if math.isfinite(value)]
    if not by_epoch and not by_batch:
        return 0.0, 1.0
    highest = max(_usual(by_epoch, OUTLIER), _usual(by_batch, BATCH_OUTLIER)) * 1.05
    highest = max(highest, 1e-6)
    step = 10.0 ** math.floor(math.log10(highest))
    return 0.0, math.ceil(highest / step * 5) / 5 * step


def _usual(values: list[float], times: int) -> float:
    """The highest value, at most so many times the middle one."""
    if not values:
        return 0.0
    return min(max(values), times * sorted(values)[len(values) // 2])
