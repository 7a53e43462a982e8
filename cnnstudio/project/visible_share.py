"""How much of a picture stays in sight when it is moved at random.

The moves are those of the engine's layers, done to a grid of points instead of pixels: what leaves
the picture in one move does not come back in the next. No random numbers of the training are used;
the few hundred combinations of moves are spread evenly, so the figure is the same every time.
"""

import math
from functools import lru_cache

from cnnstudio.project.augmentation import AugmentationPlan

_MOVES = 256
_POINTS_A_SIDE = 7
_PRIMES = (2, 3, 5, 7, 11, 13, 17, 19)

_Points = list[tuple[float, float]]


def visible_share(plan: AugmentationPlan) -> float:
    """The expected share of a picture's area that is still in sight, from 0 to 1."""
    return _visible_share(
        plan.rotation, plan.width_shift, plan.height_shift, plan.shear, plan.zoom, plan.crop
    )


@lru_cache(maxsize=256)
def _visible_share(
    rotation: float, width: float, height: float, shear: float, zoom: float, crop: float
) -> float:
    if not (rotation or width or height or shear or zoom or crop):
        return 1.0
    side = [(number + 0.5) / _POINTS_A_SIDE for number in range(_POINTS_A_SIDE)]
    everything = [(x, y) for x in side for y in side]
    seen = 0
    for number in range(1, _MOVES + 1):
        lots = [_spread(number, prime) for prime in _PRIMES]
        either = [2 * lot - 1 for lot in lots]
        points = everything
        if rotation:
            points = _turned(points, math.radians(rotation * either[0]))
        if width or height:
            right, down = width * either[1], height * either[2]
            points = _inside([(x + right, y + down) for x, y in points])
        if shear:
            slant = shear * either[3]
            points = _inside([(x - slant * y, y) for x, y in points])
        if zoom:
            scale = 1 + zoom * either[4]
            points = _inside(
                [(0.5 + (x - 0.5) / scale, 0.5 + (y - 0.5) / scale) for x, y in points]
            )
        if crop:
            kept = 1 - crop * lots[5]
            left, top = (1 - kept) * lots[6], (1 - kept) * lots[7]
            points = _inside([((x - left) / kept, (y - top) / kept) for x, y in points])
        seen += len(points)
    return seen / (_MOVES * len(everything))


def _turned(points: _Points, angle: float) -> _Points:
    sine, cosine = math.sin(angle), math.cos(angle)
    return _inside(
        [
            (
                0.5 + cosine * (x - 0.5) + sine * (y - 0.5),
                0.5 - sine * (x - 0.5) + cosine * (y - 0.5),
            )
            for x, y in points
        ]
    )


def _inside(points: _Points) -> _Points:
    return [(x, y) for x, y in points if 0 <= x <= 1 and 0 <= y <= 1]


def _spread(number: int, base: int) -> float:
    """The Halton sequence: numbers from 0 to 1 that lie evenly even when there are few.

    Source: J. H. Halton, Algorithm 247, Communications of the ACM 7 (1964).
    """
    share, place = 0.0, 1.0
    while number:
        place /= base
        number, digit = divmod(number, base)
        share += place * digit
    return share
