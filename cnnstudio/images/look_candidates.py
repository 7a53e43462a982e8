"""Which of very many small pictures are worth comparing in pairs.

Every picture becomes 63 numbers: the lowest frequencies (cosine transform) of its local contrasts,
so that neither brightness nor a caption counts much; the scalar product of two says roughly how
alike they are. Up to some thousand pictures every pair is looked at. More are sorted into leaves
of alike ones, several times over along different random directions (random projection trees:
Dasgupta and Freund, 2008), and pairs are looked at within each leaf; so the work grows little
faster than the number of pictures, whatever they show.

A mirrored picture has the same numbers but for the signs of those that are odd from left to right.
Half of the trees therefore turn each picture so that one of these is positive.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from cnnstudio.images.look_comparing import Floats, blurred, halved
from cnnstudio.images.threads import in_order

_FREQUENCIES = 10
_NUMBERS = 63
_ALL_PAIRS_UP_TO = 6000
_ROWS_AT_ONCE = 1000
_LEAF = 256
_PIECES = 4
_LEAVES_AT_ONCE = 32
_PAIRS_WAITING = 1_000_000
_TREES = 16
_MOST_FOR_EACH = 24
_LEAST_CONTRAST = 2.0  # grey levels
_SURROUNDINGS = 12  # a mean of three, so many times

Rows = NDArray[np.int32]


@dataclass(frozen=True)
class Candidates:
    """Pairs of rows (the smaller one first), the most promising first.

    ``mirrored`` says of which pairs one must be mirrored to be like the other. Each pair is there
    once, or twice if it is promising both ways.
    """

    first: Rows
    second: Rows
    mirrored: NDArray[np.bool_]
    score: Floats


def numbers_of(looks: NDArray[np.uint8], rows: Rows) -> Floats:
    """Shape (pictures, 32, 32) becomes (rows, 63) for some of them, each of length 1."""
    cosines = _cosines(looks.shape[1] // 2)
    order, weights, _ = _frequencies()

    def of_some(start: int) -> Floats:
        small = halved(looks[rows[start : start + _ROWS_AT_ONCE]].astype(np.float32))
        table = cosines @ _local_contrasts(small) @ cosines.T
        numbers = table.reshape(len(small), -1)[:, order] * weights
        length = np.sqrt((numbers * numbers).sum(axis=1, keepdims=True))
        return np.asarray(numbers / (length + 1e-6))

    found = np.empty((len(rows), _NUMBERS), np.float32)
    starts = range(0, len(rows), _ROWS_AT_ONCE)
    for start, numbers in zip(starts, in_order(of_some, starts), strict=True):
        found[start : start + len(numbers)] = numbers
    return found


def find_candidates(
    numbers: Floats, least: Floats, should_stop: Callable[[], bool] | None = None
) -> Candidates:
    """Pairs whose scalar product is what both ask for at ``least``; of many for one, a choice.

    The choice holds the best ones and some of all others, so that what hangs together is still
    connected by pairs. The answer depends on the order of the rows only among equals.

    Raises:
        InterruptedError: once ``should_stop`` answers yes.
    """
    is_few = len(numbers) <= _ALL_PAIRS_UP_TO

    def find(part: int) -> list[_Found]:
        return list((_in_rows if is_few else _in_tree)(numbers, least, part))

    parts = range(0, len(numbers), _ROWS_AT_ONCE) if is_few else range(_TREES)
    found = _Pairs(len(numbers))
    for answer in in_order(find, parts, None, should_stop):
        found.add(answer)
    return found.as_candidates()


_Found = tuple[Rows, Rows, NDArray[np.bool_], Floats]
"""Pairs as they come, some of them several times: rows, whether one is mirrored, and the score."""


def _in_rows(numbers: Floats, least: Floats, start: int) -> Iterator[_Found]:
    """Pairs of the rows from ``start`` on with all later ones."""
    ours = numbers[start : start + _ROWS_AT_ONCE]
    least_of_ours, least_of_theirs = least[None, start : start + len(ours)], least[None, start:]
    for turned in (False, True):
        theirs = numbers[start:]
        if turned:
            theirs = theirs * _frequencies()[2]
        products = (ours @ theirs.T)[None]
        first, second, score = _chosen_pairs(products, least_of_ours, least_of_theirs)
        is_turned = np.full(len(score), turned)
        yield _as_rows(first[1] + start), _as_rows(second + start), is_turned, score


def _in_tree(numbers: Floats, least: Floats, tree: int) -> Iterator[_Found]:
    """Pairs within the leaves of one tree."""
    mirror = _frequencies()[2]
    turned = np.zeros(len(numbers), np.bool_)
    placed = numbers
    if tree % 2:
        odd = np.flatnonzero(mirror < 0)
        turned = numbers[:, odd[tree // 2 % 4]] < 0
        placed = numbers.copy()
        placed[turned] *= mirror
    leaves = _leaves(placed, np.random.default_rng(tree))
    for start in range(0, len(leaves), _LEAVES_AT_ONCE):
        rows = leaves[start : start + _LEAVES_AT_ONCE]
        members = placed[rows] * (rows >= 0)[:, :, None]
        first, second, score = _chosen_pairs(_products(members), least[rows], least[rows])
        one, other = rows[first[0], first[1]], rows[first[0], second]
        yield one, other, turned[one] != turned[other], score


def _products(members: Floats) -> Floats:
    """Of all pairs within each leaf, in pieces so small that a matrix library starts no threads.

    There are threads already, one for each tree; more of them would only wait for each other.
    """
    leaves, size, numbers = members.shape
    pieces = members.reshape(leaves, _PIECES, size // _PIECES, numbers)
    products = pieces[:, :, None] @ pieces[:, None].transpose(0, 1, 2, 4, 3)
    return products.transpose(0, 1, 3, 2, 4).reshape(leaves, size, size)


def _leaves(placed: Floats, random: np.random.Generator) -> Rows:
    """Rows of alike pictures, shape (leaves, size); −1 where a leaf is not full.

    Low frequencies count more in the directions: they change less when a picture is cropped.
    """
    count = len(placed)
    depth = int(np.ceil(np.log2(count / _LEAF)))
    size = -(-count // (2**depth * _PIECES)) * _PIECES
    rows = np.full(size * 2**depth, -1, np.int32)
    rows[:count] = np.arange(count, dtype=np.int32)
    spread = np.sqrt(np.einsum("ij,ij->j", placed, placed)) / _frequencies()[1] ** 2
    directions = random.standard_normal((depth, placed.shape[1])) * spread
    along = directions.astype(np.float32) @ placed.T
    for level in range(depth):
        nodes = rows.reshape(2**level, -1)
        place = np.where(nodes >= 0, along[level, nodes], np.float32(np.inf))
        half = nodes.shape[1] // 2
        rows = np.take_along_axis(nodes, np.argpartition(place, half - 1, axis=1), axis=1)
    return rows.reshape(2**depth, size)


def _chosen_pairs(
    scores: Floats, least_of_rows: Floats, least_of_columns: Floats
) -> tuple[tuple[NDArray[np.intp], NDArray[np.intp]], NDArray[np.intp], Floats]:
    """Where ``scores`` (blocks, rows, columns) is large enough, above each block's diagonal.

    Answers (block, row), column and score.
    """
    _, rows, columns = scores.shape
    large = (scores >= least_of_rows[:, :, None]) & (scores >= least_of_columns[:, None])
    large &= np.arange(columns) > np.arange(rows)[:, None]
    counts = large.sum(axis=2)
    for block, row in np.argwhere(counts > _MOST_FOR_EACH):
        of_row = np.flatnonzero(large[block, row])
        ranked = of_row[np.argsort(-scores[block, row, of_row], kind="stable")]
        best = _MOST_FOR_EACH // 2
        others = np.linspace(best, len(ranked) - 1, _MOST_FOR_EACH - best).astype(np.intp)
        large[block, row] = False
        large[block, row, np.concatenate([ranked[:best], ranked[others]])] = True
    blocks, first, second = np.nonzero(large)
    return (blocks, first), second, scores[blocks, first, second]


def _as_rows(places: NDArray[np.intp]) -> Rows:
    return places.astype(np.int32)


class _Pairs:
    """Pairs among ``count`` rows, kept as one number each; those that came twice only once."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._codes = np.zeros(0, np.int64)
        self._scores = np.zeros(0, np.float32)
        self._waiting: list[tuple[NDArray[np.int64], Floats]] = []

    def add(self, found: list[_Found]) -> None:
        for one, other, mirrored, score in found:
            first, second = np.minimum(one, other), np.maximum(one, other)
            codes = (first.astype(np.int64) * self._count + second) * 2 + mirrored
            self._waiting.append((codes, score))
        if sum(len(codes) for codes, _ in self._waiting) > _PAIRS_WAITING:
            self._merge()

    def as_candidates(self) -> Candidates:
        """The pairs with the best score first."""
        self._merge()
        chosen = np.lexsort((self._codes, -self._scores))
        pairs, mirrored = np.divmod(self._codes[chosen], 2)
        first, second = np.divmod(pairs, max(1, self._count))
        turned = mirrored.astype(np.bool_)
        return Candidates(
            first.astype(np.int32), second.astype(np.int32), turned, self._scores[chosen]
        )

    def _merge(self) -> None:
        codes = np.concatenate([self._codes, *(codes for codes, _ in self._waiting)])
        scores = np.concatenate([self._scores, *(scores for _, scores in self._waiting)])
        self._waiting.clear()
        self._codes, kept = np.unique(codes, return_index=True)
        self._scores = scores[kept]


def _local_contrasts(pictures: Floats) -> Floats:
    """Each pixel compared with its surroundings, measured by how much these differ anyway."""
    contrast = pictures - blurred(pictures, _SURROUNDINGS)
    power = contrast * contrast
    around = np.sqrt(blurred(power, _SURROUNDINGS))
    everywhere = np.sqrt(power.mean(axis=(1, 2), keepdims=True))
    return np.asarray(contrast / (around + 0.5 * everywhere + _LEAST_CONTRAST))


def _cosines(side: int) -> Floats:
    """Row k: the cosine of frequency k at every place, of length 1."""
    places, frequencies = np.arange(side) + 0.5, np.arange(_FREQUENCIES)
    waves = np.cos(np.pi * frequencies[:, None] * places / side)
    waves /= np.sqrt((waves * waves).sum(axis=1, keepdims=True))
    return waves.astype(np.float32)


@cache
def _frequencies() -> tuple[NDArray[np.intp], Floats, Floats]:
    """Which numbers of the table are used, their weights, and −1 for those that mirroring turns."""
    down, right = np.mgrid[:_FREQUENCIES, :_FREQUENCIES]
    height = np.sqrt(down**2 + right**2).ravel()
    order = np.argsort(height, kind="stable")[1 : _NUMBERS + 1]
    weights = np.sqrt(height[order]).astype(np.float32)
    mirror = np.where(right.ravel()[order] % 2, -1, 1).astype(np.float32)
    return order, weights, mirror
