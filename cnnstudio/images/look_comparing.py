"""Whether two small grey pictures show the same photograph: laid over each other, then compared.

One of the two is moved, stretched and turned a little until it lies on the other as well as it can
(Lucas and Kanade's method: Baker and Matthews, 2004, "Lucas-Kanade 20 Years On"; an affine map,
first coarse, then fine). What then counts is the detail: the correlation of what a blurred copy
lacks. Two photographs of different cats on a sofa are alike when blurred; their details are not.

As they lie, they are compared without the few pixels that differ most, where a caption may stand.
Once moved, all pixels count: two drawings of one pose, in other colours, would be alike otherwise.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_ROUNDS = 3
_FURTHEST_MOVE = 0.3  # in halves of the side: 15 % of the whole
_LEFT_ASIDE = 0.08
_BORDERS, _COVERED = 2, 0.2
_LEAST_OVERLAP = 0.7
_CLIPPED_AT = 1.5  # in standard deviations: a caption must not pull the whole picture
_DAMPING = 0.02


@dataclass(frozen=True)
class Likeness:
    """For each pair: the correlation of the pictures, and that of their details (−1 to 1)."""

    whole: Floats
    detail: Floats


def compare_in_place(first: Floats, second: Floats) -> Likeness:
    """Compare pictures of shape (pairs, side, side) as they lie, but for the pixels left aside."""
    difference = np.abs(_standardised(first) - _standardised(second))
    flat = difference.reshape(len(first), -1)
    kept = round(flat.shape[1] * (1 - _LEFT_ASIDE))
    limit = np.partition(flat, kept, axis=1)[:, kept]
    # Details depend on what is around them: the border of a caption is left aside as well.
    covered = blurred((difference > limit[:, None, None]).astype(np.float32), _BORDERS)
    return _likeness(first, second, (covered < _COVERED).astype(np.float32))


def compare_aligned(first: Floats, second: Floats) -> Likeness:
    """Compare after ``first`` was laid over ``second``; shape (pairs, side, side) each."""
    move = np.zeros((len(first), 6), np.float32)
    for is_coarse in (True, False):
        from_here = blurred(first), blurred(second)
        if is_coarse:
            from_here = halved(from_here[0]), halved(from_here[1])
        move = _aligning_move(*from_here, move)
    moved, inside = _moved(first, move)
    found = _likeness(moved, second, inside)
    overlap = inside.mean(axis=(1, 2))
    too_little = overlap < _LEAST_OVERLAP
    found.whole[too_little] = found.detail[too_little] = 0
    return found


def blurred(pictures: Floats, times: int = 1) -> Floats:
    """Each pixel averaged with its neighbours (1 2 1 both ways); the border repeats itself."""
    mean = _mean_of_neighbours(pictures.shape[1], times)
    return np.asarray(mean @ pictures @ mean.T)


@cache
def _mean_of_neighbours(side: int, times: int) -> Floats:
    """Multiplied from the left, it averages the rows of a picture ``times`` times."""
    once = np.zeros((side, side))
    for row in range(side):
        for place, weight in ((row - 1, 0.25), (row, 0.5), (row + 1, 0.25)):
            once[row, min(max(place, 0), side - 1)] += weight
    return np.linalg.matrix_power(once, times).astype(np.float32)


def details(pictures: Floats) -> Floats:
    """What a blurred copy lacks."""
    return pictures - blurred(pictures, 3)


def halved(pictures: Floats) -> Floats:
    """Half as wide and high, by averages of four pixels."""
    rows = pictures[:, ::2] + pictures[:, 1::2]
    return np.asarray((rows[:, :, ::2] + rows[:, :, 1::2]) / 4)


def _grid(side: int) -> tuple[Floats, Floats]:
    """Row and column of every pixel, from −1 to 1 between the borders."""
    places = (np.arange(side, dtype=np.float32) - (side - 1) / 2) / (side / 2)
    rows, columns = np.meshgrid(places, places, indexing="ij")
    return rows, columns


def _aligning_move(first: Floats, second: Floats, move: Floats) -> Floats:
    """``move`` made better: three numbers for the rows and three for the columns of each pair."""
    count, side, _ = first.shape
    first, second = _standardised(first), _standardised(second)
    rows, columns = _grid(side)
    slope_down = np.gradient(second, axis=1) * (side / 2)
    slope_right = np.gradient(second, axis=2) * (side / 2)
    slopes = np.stack(
        [
            *(slope_down, slope_down * rows, slope_down * columns),
            *(slope_right, slope_right * rows, slope_right * columns),
        ],
        axis=1,
    ).reshape(count, 6, side * side)
    normal = slopes @ slopes.transpose(0, 2, 1)
    diagonal = np.arange(6)
    strongest = normal[:, diagonal, diagonal].max(axis=1, keepdims=True)
    normal[:, diagonal, diagonal] += _DAMPING * strongest + 1e-3
    solver = np.linalg.inv(normal)
    for _ in range(_ROUNDS):
        moved, inside = _moved(first, move)
        missing = (second - _standardised(moved, inside)) * inside
        missing = missing.clip(-_CLIPPED_AT, _CLIPPED_AT).reshape(count, side * side, 1)
        step = (solver @ (slopes @ missing))[:, :, 0]
        move = (move + step).clip(-_FURTHEST_MOVE, _FURTHEST_MOVE).astype(np.float32)
    return move


def _standardised(pictures: Floats, inside: Floats | None = None) -> Floats:
    """Mean 0 and standard deviation 1, of the pixels ``inside``."""
    weights = np.ones(pictures.shape, np.float32) if inside is None else inside
    total = weights.sum(axis=(1, 2), keepdims=True) + 1e-6
    even = pictures - (pictures * weights).sum(axis=(1, 2), keepdims=True) / total
    spread = np.sqrt((even * even * weights).sum(axis=(1, 2), keepdims=True) / total)
    return np.asarray(even / (spread + 1e-3))


def _moved(pictures: Floats, move: Floats) -> tuple[Floats, Floats]:
    """The pictures as seen from where ``move`` leads, and 1 where that is inside of them."""
    count, side, _ = pictures.shape
    rows, columns = _grid(side)
    to_pixel, middle = side / 2, (side - 1) / 2
    across = [move[:, place, None, None] for place in range(6)]
    y = (rows + across[0] + across[1] * rows + across[2] * columns) * to_pixel + middle
    x = (columns + across[3] + across[4] * rows + across[5] * columns) * to_pixel + middle
    inside = (y > -0.5) & (y < side - 0.5) & (x > -0.5) & (x < side - 0.5)
    y, x = y.clip(0, side - 1.001), x.clip(0, side - 1.001)
    top, left = y.astype(np.int32), x.astype(np.int32)
    down, right = y - top, x - left
    start = (np.arange(count, dtype=np.int32) * (side * side))[:, None, None]
    corner = start + top * side + left
    flat = pictures.ravel()
    upper = flat[corner] * (1 - right) + flat[corner + 1] * right
    lower = flat[corner + side] * (1 - right) + flat[corner + side + 1] * right
    seen = upper * (1 - down) + lower * down
    return seen.astype(np.float32), inside.astype(np.float32)


def _likeness(first: Floats, second: Floats, weights: Floats) -> Likeness:
    fine = details(first), details(second)
    return Likeness(_correlation(first, second, weights), _correlation(*fine, weights))


def _correlation(first: Floats, second: Floats, weights: Floats) -> Floats:
    total = weights.sum(axis=(1, 2), keepdims=True) + 1e-6
    one = first - (first * weights).sum(axis=(1, 2), keepdims=True) / total
    other = second - (second * weights).sum(axis=(1, 2), keepdims=True) / total
    together = (one * other * weights).sum(axis=(1, 2))
    apart = (one * one * weights).sum(axis=(1, 2)) * (other * other * weights).sum(axis=(1, 2))
    return np.asarray(together / np.sqrt(apart + 1e-6), dtype=np.float32)
