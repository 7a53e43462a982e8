"""Drawing the parts: units that must stay whole are dealt out until every class has its shares.

A unit is a single picture or a group of look-alikes, given as its number of pictures by class.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from cnnstudio.project.pictures import Part, PicturesPlan

Unit = Mapping[str, int]
Counts = Mapping[Part, Counter[str]]

MOST_TRIED = 200
"""So many units of a class are combined in every way; of more, the first are taken as drawn."""


def draw_parts(units: Sequence[Unit], placed: Counts, wanted: Counts) -> list[Part]:
    """The part of each unit. ``units`` come in the drawn order, the earlier are preferred.

    ``placed`` counts the pictures that have a part already, by part and class, ``wanted`` those
    that ``test`` and ``validation`` are to have in the end. Each class comes as near to it as
    whole units allow, but keeps a unit for training, one for validation, and one for the test
    where that is wanted, in this order, as far as there are enough.
    """
    drawing = _Drawing(units, placed)
    drawing.deal("test", wanted["test"], kept_free=("training", "validation"))
    drawing.deal("validation", wanted["validation"], kept_free=("training",))
    return drawing.parts


def wanted_counts(counts: Mapping[str, int], plan: PicturesPlan, test_share: float) -> Counts:
    """How many of ``counts`` pictures of each class are to be in which part."""
    wanted: dict[Part, Counter[str]] = {
        "training": Counter(),
        "validation": Counter(),
        "test": Counter(),
    }
    for name, count in counts.items():
        test = _rounded(count * test_share)
        if test_share > 0:
            test = max(min(max(test, 1), count - 2), 0)
        validation = max(_rounded(count * plan.validation_share), 1)
        validation = max(min(validation, count - test - 1), 0)
        wanted["test"][name] = test
        wanted["validation"][name] = validation
        wanted["training"][name] = count - test - validation
    return wanted


class _Drawing:
    """Units in hand, part after part; what is not taken is for training."""

    def __init__(self, units: Sequence[Unit], placed: Counts) -> None:
        self.units = units
        self.placed = placed
        self.parts: list[Part] = ["training"] * len(units)
        self.free = list(range(len(units)))
        self.left = Counter(name for unit in units for name in unit)

    def deal(self, part: Part, wanted: Mapping[str, int], kept_free: Iterable[Part]) -> None:
        """Take free units into ``part`` until every class has what is wanted."""
        room = {name: count - self.placed[part][name] for name, count in wanted.items()}
        spare = {
            name: self.left[name] - sum(not self.placed[each][name] for each in kept_free)
            for name in room
        }
        taken = self._take_in_order(room, spare)
        if any(count > 0 for count in room.values()):
            by_class = self._units_by_class()
            for name in room:
                if room[name] > 0:
                    candidates = by_class.get(name, [])[-MOST_TRIED:]
                    self._take_nearest(candidates, taken, name, wanted[name], room, spare)
            for name in room:
                if 0 < room[name] == wanted[name]:
                    self._take_any(taken, name, room, spare)
        for index in taken:
            self.parts[index] = part
            self.left.subtract(self.units[index].keys())
        self.free = [index for index in self.free if index not in taken]

    def _take_in_order(self, room: dict[str, int], spare: dict[str, int]) -> set[int]:
        """Whatever comes next and fits."""
        taken: set[int] = set()
        open_classes = sum(count > 0 for count in room.values())
        for index in self.free:
            if not open_classes:
                break
            unit = self.units[index]
            for name, count in unit.items():
                if room[name] < count or spare[name] < 1:
                    break
            else:
                taken.add(index)
                for name, count in unit.items():
                    room[name] -= count
                    spare[name] -= 1
                    open_classes -= room[name] == 0
        return taken

    def _units_by_class(self) -> dict[str, list[int]]:
        """The free units, taken or not, that hold pictures of one class only."""
        found: dict[str, list[int]] = {}
        for index in self.free:
            unit = self.units[index]
            if len(unit) == 1:
                found.setdefault(next(iter(unit)), []).append(index)
        return found

    def _take_nearest(
        self,
        candidates: list[int],
        taken: set[int],
        name: str,
        wanted: int,
        room: dict[str, int],
        spare: dict[str, int],
    ) -> None:
        """Choose anew among some units of a class, so that it comes as near as can be."""
        if taken.issuperset(candidates):
            return
        given_back = taken.intersection(candidates)
        taken -= given_back
        room[name] += sum(self.units[index][name] for index in given_back)
        spare[name] += len(given_back)
        sizes = [self.units[index][name] for index in candidates]
        has_none = room[name] == wanted
        for index, is_in in zip(
            candidates, nearest_choice(sizes, room[name], int(has_none), spare[name]), strict=True
        ):
            if is_in:
                taken.add(index)
                room[name] -= self.units[index][name]
                spare[name] -= 1

    def _take_any(
        self, taken: set[int], name: str, room: dict[str, int], spare: dict[str, int]
    ) -> None:
        """The unit that fits least badly, for a class that has none: one shared by classes."""
        possible = [
            index
            for index in self.free
            if name in self.units[index]
            and index not in taken
            and all(spare[each] >= 1 for each in self.units[index])
        ]
        if not possible:
            return

        def excess(index: int) -> int:
            return sum(max(count - room[each], 0) for each, count in self.units[index].items())

        chosen = min(possible, key=excess)
        taken.add(chosen)
        for each, count in self.units[chosen].items():
            room[each] -= count
            spare[each] -= 1


def nearest_choice(sizes: Sequence[int], wanted: int, least: int, most: int) -> list[bool]:
    """Which of ``sizes`` to take so that their sum is as near to ``wanted`` as can be.

    At least ``least`` (0 or 1) and at most ``most`` are taken, none where ``most`` is less than
    one. Of equally near sums the smaller is taken, and of equal sums the one with earlier sizes.
    """
    most = min(most, len(sizes))
    if most < 1:
        return [False] * len(sizes)
    top = max(2 * wanted, min(sizes))
    # fewest[i, s]: how many of the sizes from i on are needed for the sum s.
    fewest = np.full((len(sizes) + 1, top + 1), len(sizes) + 1, dtype=np.int32)
    fewest[-1, 0] = 0
    for place in range(len(sizes) - 1, -1, -1):
        size = sizes[place]
        fewest[place] = fewest[place + 1]
        if size <= top:
            with_it = fewest[place + 1, : top + 1 - size] + 1
            np.minimum(fewest[place, size:], with_it, out=fewest[place, size:])
    sums = np.flatnonzero(fewest[0] <= most)
    sums = sums[sums >= least]
    rest = int(sums[np.argmin(np.abs(sums - wanted))])
    chosen = []
    for place, size in enumerate(sizes):
        is_in = size <= rest and bool(fewest[place + 1, rest - size] < most)
        chosen.append(is_in)
        if is_in:
            rest -= size
            most -= 1
    return chosen


def _rounded(number: float) -> int:
    """Halves are rounded up; Python's own rounding goes to the even neighbour."""
    return int(number + 0.5)
