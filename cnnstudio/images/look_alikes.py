"""Pictures that are the same, or nearly: copies, other sizes of one photograph, bursts.

What counts as alike was chosen by looking at pictures. Copies of 800 photographs that were packed
harder, made smaller or brighter, turned a little, or cropped by a twentieth agree in their details
by a correlation of 0.83 or more once they lie on each other (99 of 100); the most alike of two
different photographs reach 0.65, of two drawings from one pattern 0.77.
"""

import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from cnnstudio.images.facts import LOOK_SIDE, PictureFacts
from cnnstudio.images.look_candidates import Candidates, find_candidates, numbers_of
from cnnstudio.images.look_comparing import compare_aligned, compare_in_place, details
from cnnstudio.images.threads import in_order

_PROMISING = 0.68
_ALIKE_DETAILS = 0.8
_ALIKE_WHOLE = 0.94
_DETAILS_IN_PLACE, _WHOLE_IN_PLACE = 0.87, 0.97

# Frames taken one after the other need less: few pairs of pictures are that.
_PROMISING_IN_A_ROW = 0.4
_ALIKE_DETAILS_BY_TIME, _ALIKE_DETAILS_BY_NAME = 0.65, 0.75
_ALIKE_WHOLE_IN_A_ROW = 0.9
_SECONDS_IN_A_ROW = 3.0
_SECONDS_OF_OTHER_MOMENTS = 60.0
_NUMBERS_IN_A_ROW = 2

# Two digits of 28 pixels can look the same and be two; so can two icons. There is nothing but the
# same picture in another file to be found among them. Of pages with next to nothing on them, not
# even that: they are alike only to the byte.
_SMALL_SIDE = 64
_PROMISING_SMALL = 0.985
_DIFFERENCE_SMALL = 2.5  # grey levels, on average
_FURTHEST_SMALL = 36.0
_LEAST_SPREAD = 4.0
_LEAST_DETAIL = 1.5
_LEAST_DETAILED_SHARE = 0.05

_COMPARED_AT_ONCE = 1024
_COMPARED_BY_A_THREAD = 128
_COMPARED_AT_MOST = 300_000
_LAST_NUMBER = re.compile(r"(\d+)(\D*)$")

Pair = tuple[str, str]
Looks = NDArray[np.uint8]
Rows = NDArray[np.int32]
_Alike = Callable[[NDArray[np.float32], NDArray[np.float32]], NDArray[np.bool_]]


@dataclass(frozen=True)
class LookAlikes:
    """Pairs of pictures (full paths, each pair once) that are alike.

    ``same`` are pairs with the same content to the byte, ``near`` look-alikes of another content,
    of which the ``mirrored`` ones are alike in a mirror. Not every such pair is in it, but enough
    to connect all that belongs together: what is alike as it lies is connected without mirrored
    pairs, which only join what these connected. ``digests`` are the contents' digests
    (hexadecimal) of all pictures that could be read.
    """

    same: tuple[Pair, ...] = ()
    near: tuple[Pair, ...] = ()
    mirrored: frozenset[Pair] = frozenset()
    digests: Mapping[str, str] = field(default_factory=dict)


def find_look_alikes(
    facts: Sequence[PictureFacts], should_stop: Callable[[], bool] | None = None
) -> LookAlikes:
    """What is alike among ``facts``; their order does not matter.

    Raises:
        InterruptedError: once ``should_stop`` answers yes.
    """
    looks = no_looks(len(facts))
    for row, each in enumerate(facts):
        keep_look(looks, row, each)
    return find_among(facts, looks, should_stop)


def no_looks(count: int) -> Looks:
    """Room for the looks of so many pictures, all black: one piece that is given back whole."""
    return np.zeros((count, LOOK_SIDE, LOOK_SIDE), np.uint8)


def keep_look(looks: Looks, row: int, facts: PictureFacts) -> None:
    """Put the look of one picture in its row."""
    if len(facts.look) == LOOK_SIDE * LOOK_SIDE:
        looks[row] = np.frombuffer(facts.look, np.uint8).reshape(LOOK_SIDE, LOOK_SIDE)


def find_among(
    facts: Sequence[PictureFacts], looks: Looks, should_stop: Callable[[], bool] | None = None
) -> LookAlikes:
    """As :func:`find_look_alikes`, with the looks in rows beside the facts.

    Raises:
        InterruptedError: once ``should_stop`` answers yes.
    """
    readable = sorted((each.path, row) for row, each in enumerate(facts) if each.digest)
    first_of: dict[bytes, int] = {}
    same = []
    for path, row in readable:
        first = first_of.setdefault(facts[row].digest, row)
        if first != row:
            same.append((facts[first].path, path))
    rows = np.array(list(first_of.values()), np.int32)
    near, mirrored = _near(facts, looks, rows, should_stop) if len(rows) > 1 else ([], [])
    digests = {path: facts[row].digest.hex() for path, row in readable}
    return LookAlikes(tuple(same), tuple(near), frozenset(mirrored), digests)


def groups_of(paths: Iterable[str], pairs: Iterable[Pair]) -> list[tuple[str, ...]]:
    """What ``pairs`` connect among ``paths``: groups of two or more, in the paths' order."""
    above: dict[str, str] = {path: path for path in paths}

    def top(path: str) -> str:
        while above[path] != path:
            above[path] = above[above[path]]
            path = above[path]
        return path

    for one, other in pairs:
        if one in above and other in above:
            above[top(one)] = top(other)
    groups: dict[str, list[str]] = {}
    for path in above:
        groups.setdefault(top(path), []).append(path)
    return [tuple(group) for group in groups.values() if len(group) > 1]


def _near(
    facts: Sequence[PictureFacts],
    looks: Looks,
    rows: Rows,
    should_stop: Callable[[], bool] | None,
) -> tuple[list[Pair], list[Pair]]:
    """Pairs among the ``rows``, and those of them that are mirrored."""
    spread, is_detailed = _contents(looks, rows)
    is_small = np.array([min(facts[row].width, facts[row].height) < _SMALL_SIDE for row in rows])
    is_open = is_detailed & (spread >= _LEAST_SPREAD)
    rows, is_small = rows[is_open], is_small[is_open]
    numbers = numbers_of(looks, rows)
    least = np.where(is_small, _PROMISING_SMALL, _PROMISING).astype(np.float32)
    candidates = find_candidates(numbers, least, should_stop)
    found = _Connected(looks, rows, should_stop)
    with_small = is_small[candidates.first] | is_small[candidates.second]
    is_alike = _alike(_ALIKE_DETAILS, _ALIKE_WHOLE)
    found.connect(_chosen(candidates, ~with_small & ~candidates.mirrored), is_alike)
    found.connect(_chosen(candidates, with_small & ~candidates.mirrored), _is_same_small)
    in_a_mirror = _chosen(candidates, ~with_small & candidates.mirrored)
    large = np.flatnonzero(~is_small)
    photographs = [facts[row] for row in rows[large]]
    for in_a_row, least_details in (
        (_by_time(photographs), _ALIKE_DETAILS_BY_TIME),
        (_by_name(photographs), _ALIKE_DETAILS_BY_NAME),
    ):
        one, other = large[np.array(in_a_row, np.intp).reshape(-1, 2)].astype(np.int32).T
        score = (numbers[one] * numbers[other]).sum(axis=1)
        candidates = Candidates(one, other, np.zeros(len(score), np.bool_), score)
        promising = _chosen(candidates, score >= _PROMISING_IN_A_ROW)
        found.connect(promising, _alike(least_details, _ALIKE_WHOLE_IN_A_ROW))
    found.connect(in_a_mirror, is_alike)
    paths = [facts[row].path for row in rows]
    near = [(paths[one], paths[other]) for one, other, _ in sorted(found.pairs)]
    mirrored = [(paths[one], paths[other]) for one, other, turned in found.pairs if turned]
    return near, mirrored


class _Connected:
    """Compares candidates, the best first, unless they are connected already."""

    def __init__(
        self, looks: Looks, rows: Rows, should_stop: Callable[[], bool] | None = None
    ) -> None:
        self.pairs: list[tuple[int, int, bool]] = []
        self._looks, self._rows = looks, rows
        self._group = np.arange(len(rows))
        self._should_stop = should_stop

    def connect(self, candidates: Candidates, alike: _Alike) -> None:
        """Add those pairs of the candidates that ``alike`` says yes to."""
        compared = 0
        for start in range(0, len(candidates.first), _COMPARED_AT_ONCE):
            one = candidates.first[start : start + _COMPARED_AT_ONCE]
            other = candidates.second[start : start + _COMPARED_AT_ONCE]
            mirrored = candidates.mirrored[start : start + _COMPARED_AT_ONCE]
            open_ones = np.flatnonzero(self._group[one] != self._group[other])
            compared += len(open_ones)
            pieces = [
                open_ones[place : place + _COMPARED_BY_A_THREAD]
                for place in range(0, len(open_ones), _COMPARED_BY_A_THREAD)
            ]

            def compare(
                piece: NDArray[np.intp],
                one: NDArray[np.int32] = one,
                other: NDArray[np.int32] = other,
                mirrored: NDArray[np.bool_] = mirrored,
            ) -> NDArray[np.bool_]:
                first = self._looks[self._rows[one[piece]]].astype(np.float32)
                turned = mirrored[piece]
                first[turned] = first[turned][:, :, ::-1]
                second = self._looks[self._rows[other[piece]]].astype(np.float32)
                return alike(first, second)

            answers = in_order(compare, pieces, should_stop=self._should_stop)
            for piece, answer in zip(pieces, answers, strict=True):
                for place in piece[answer]:
                    self._join(int(one[place]), int(other[place]), bool(mirrored[place]))
            if compared > _COMPARED_AT_MOST:
                return

    def _join(self, one: int, other: int, mirrored: bool) -> None:
        ours, theirs = self._group[one], self._group[other]
        if ours != theirs:
            self.pairs.append((one, other, mirrored))
            self._group[self._group == theirs] = ours


def _alike(least_details: float, least_whole: float) -> _Alike:
    def judge(first: NDArray[np.float32], second: NDArray[np.float32]) -> NDArray[np.bool_]:
        lying = compare_in_place(first, second)
        alike = (lying.detail >= _DETAILS_IN_PLACE) & (lying.whole >= _WHOLE_IN_PLACE)
        open_ones = np.flatnonzero(~alike)
        if len(open_ones):
            laid = compare_aligned(first[open_ones], second[open_ones])
            alike[open_ones] = (laid.detail >= least_details) & (laid.whole >= least_whole)
        return alike

    return judge


def _is_same_small(first: NDArray[np.float32], second: NDArray[np.float32]) -> NDArray[np.bool_]:
    difference = np.abs(first - second)
    mean, furthest = difference.mean(axis=(1, 2)), difference.max(axis=(1, 2))
    return np.asarray((mean <= _DIFFERENCE_SMALL) & (furthest <= _FURTHEST_SMALL))


def _contents(looks: Looks, rows: Rows) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """How far the grey levels spread, and whether there is detail in more than a corner."""
    spread = np.empty(len(rows), np.float32)
    is_detailed = np.empty(len(rows), np.bool_)

    def look_at(start: int) -> None:
        here = slice(start, start + _COMPARED_AT_ONCE)
        some = looks[rows[here]].astype(np.float32)
        spread[here] = some.std(axis=(1, 2))
        power = details(some) ** 2
        mean = power.mean(axis=(1, 2))
        share = mean**2 / ((power**2).mean(axis=(1, 2)) + 1e-6)  # 1 if all pixels have as much
        is_detailed[here] = (mean >= _LEAST_DETAIL**2) & (share >= _LEAST_DETAILED_SHARE)

    for _ in in_order(look_at, range(0, len(rows), _COMPARED_AT_ONCE)):
        pass
    return spread, is_detailed


def _by_time(facts: list[PictureFacts]) -> list[tuple[int, int]]:
    """Rows of pictures that were taken one right after the other."""
    in_order_of_time = sorted((each.taken, row) for row, each in enumerate(facts) if each.taken)
    return sorted(
        (min(one, other), max(one, other))
        for (earlier, one), (later, other) in pairwise(in_order_of_time)
        if later - earlier <= _SECONDS_IN_A_ROW
    )


def _by_name(facts: list[PictureFacts]) -> list[tuple[int, int]]:
    """Rows of pictures whose names are numbered in a row, unless their times say otherwise."""
    numbered = []
    for row, each in enumerate(facts):
        stem = os.path.splitext(each.path)[0]  # noqa: PTH122 (many thousand times)
        number = _LAST_NUMBER.search(stem)
        if number is not None and os.sep not in number[2]:
            numbered.append((stem[: number.start()], number[2], int(number[1][-18:]), row))
    numbered.sort()
    pairs = []
    for one, other in pairwise(numbered):
        first, second = facts[one[3]], facts[other[3]]
        is_next = one[:2] == other[:2] and other[2] - one[2] <= _NUMBERS_IN_A_ROW
        apart = abs(first.taken - second.taken) if first.taken and second.taken else 0.0
        if is_next and apart <= _SECONDS_OF_OTHER_MOMENTS:
            pairs.append((min(one[3], other[3]), max(one[3], other[3])))
    return sorted(pairs)


def _chosen(candidates: Candidates, chosen: NDArray[np.bool_]) -> Candidates:
    return Candidates(
        candidates.first[chosen],
        candidates.second[chosen],
        candidates.mirrored[chosen],
        candidates.score[chosen],
    )
