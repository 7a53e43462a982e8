"""Look-alikes as groups: who must be on the same side as whom, through others as well."""

from collections.abc import Collection, Iterable, Sequence, Set
from dataclasses import dataclass

from cnnstudio.images.look_alikes import LookAlikes

Pair = tuple[str, str]


@dataclass(frozen=True)
class AlikeGroup:
    """Pictures (full paths) that are alike, each one like another of them.

    ``members`` are in use, in the order they were asked for; ``unused`` were left out, but tie
    the others together: two copies of a third picture are copies of each other.
    """

    members: tuple[str, ...]
    unused: tuple[str, ...]
    pairs: tuple[Pair, ...]

    def cores(self, anchored: Collection[str], look_alikes: LookAlikes) -> list[list[str]]:
        """The ``anchored`` members as groups of those that are alike without the other members."""
        content = look_alikes.digests
        sets = _Sets()
        contents = {content.get(path, path) for path in anchored}
        for first, second in self.pairs:
            pair = content.get(first, first), content.get(second, second)
            if contents.issuperset(pair):
                sets.join(*pair)
        found: dict[str, list[str]] = {}
        for path in self.members:
            if path in anchored:
                found.setdefault(sets.first_of(content.get(path, path)), []).append(path)
        return list(found.values())


def group_look_alikes(used: Sequence[str], look_alikes: LookAlikes) -> list[AlikeGroup]:
    """The groups of look-alikes of which at least one path is ``used``."""
    pairs = [*look_alikes.same, *look_alikes.near]
    if not pairs:
        return []
    sets = _Sets()
    for first, second in pairs:
        sets.join(first, second)
    names = sets.names()
    members = _by_set(sets, [path for path in used if path in names])
    unused = _by_set(sets, names - set(used))
    pairs_of: dict[str, list[Pair]] = {}
    for pair in pairs:
        pairs_of.setdefault(sets.first_of(pair[0]), []).append(pair)
    return [
        AlikeGroup(tuple(paths), tuple(unused.get(first, ())), tuple(pairs_of[first]))
        for first, paths in members.items()
    ]


def _by_set(sets: "_Sets", paths: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in paths:
        found.setdefault(sets.first_of(path), []).append(path)
    return found


class _Sets:
    """Sets that grow together (union-find): whatever was joined has the same first member."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def names(self) -> Set[str]:
        """Whatever was joined with another."""
        return self._above.keys()

    def join(self, one: str, other: str) -> None:
        """Put the sets of both together."""
        first, second = self.first_of(one), self.first_of(other)
        # The smaller name stays on top, so that the order of joining does not matter.
        self._above[max(first, second)] = min(first, second)

    def first_of(self, name: str) -> str:
        """The smallest name of its set; the name itself where it was joined with no other."""
        above = self._above
        top = name
        while (higher := above.setdefault(top, top)) != top:
            top = higher
        while (higher := above[name]) != top:
            above[name], name = top, higher
        return top
