"""The pictures whose part is settled before any is drawn: by folders, pins and the time before."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from cnnstudio.images.look_alikes import LookAlikes
from cnnstudio.images.split_groups import AlikeGroup
from cnnstudio.project.pictures import Part

KEPT_BACK_FIRST: tuple[Part, ...] = ("test", "validation", "training")
"""Of two parts that are wished for, the one that is kept back further is taken."""


@dataclass(frozen=True)
class Wishes:
    """What is wished for which picture (by full path), each without what outranks it.

    ``given`` by folders, ``pinned`` by the person, ``known`` from the time before (also of
    pictures that are not in use). Those in ``learned`` are given for training, of which
    validation is split off: they cannot be in the test.
    """

    given: Mapping[str, Part]
    learned: frozenset[str]
    pinned: Mapping[str, Part]
    known: Mapping[str, Part]

    def by_path(self) -> Mapping[str, Part]:
        """The part of each picture by itself; those without are to be drawn."""
        return {**self.known, **self.pinned, **self.given}


@dataclass
class Settled:
    """``attached`` are in the part of the given pictures that they are like, ``kept`` are where
    they are pinned or were before, ``between`` in no part. ``singles`` are to be drawn, and so are
    ``units``, each as a whole. ``contradicting`` are groups that are pinned to several parts."""

    attached: dict[str, Part] = field(default_factory=dict)
    kept: dict[str, Part] = field(default_factory=dict)
    between: set[str] = field(default_factory=set)
    singles: list[str] = field(default_factory=list)
    units: list[tuple[str, ...]] = field(default_factory=list)
    contradicting: list[tuple[str, ...]] = field(default_factory=list)


def settle(
    used: Sequence[str],
    groups: Sequence[AlikeGroup],
    look_alikes: LookAlikes,
    wishes: Wishes,
) -> Settled:
    """Settle what need not be drawn of the ``used`` pictures."""
    settled = Settled()
    wished = wishes.by_path()
    open_paths = dict.fromkeys(path for path in used if path not in wishes.given)
    for group in groups:
        parts = {wished.get(path) for path in group.members}
        if len(parts) > 1 or (group.unused and None in parts):
            _settle_group(group, look_alikes, wishes, settled)
            for path in group.members:
                open_paths.pop(path, None)
        elif None in parts:
            settled.units.append(group.members)
            for path in group.members:
                del open_paths[path]
    for path in open_paths:
        part = wished.get(path)
        if part is None:
            settled.singles.append(path)
        else:
            settled.kept[path] = part
    return settled


def _settle_group(
    group: AlikeGroup, look_alikes: LookAlikes, wishes: Wishes, settled: Settled
) -> None:
    members = _attach(group, wishes, settled)
    if not members:
        return
    possible = set(KEPT_BACK_FIRST) - ({"test"} if wishes.learned.intersection(members) else set())
    pinned = _wished(members, wishes.pinned, possible)
    known = _wished(members, wishes.known, possible)
    anchored = {**known, **pinned}
    if known and len(set(anchored.values())) > 1:
        cores = group.cores(anchored, look_alikes)
    else:
        cores = [members]
    parts = {part for core in cores for part in _settle_core(core, pinned, known, settled)}
    if not parts:
        # Whoever takes back a picture that was left out finds it on the side of its look-alikes.
        parts = set(_wished(group.unused, wishes.known, possible).values())
        if len(parts) != 1:
            settled.units.append(tuple(members))
            return
    for path in members:
        if path in settled.kept or path in settled.between:
            continue
        if len(parts) == 1:
            settled.kept[path] = next(iter(parts))
        else:
            settled.between.add(path)


def _attach(group: AlikeGroup, wishes: Wishes, settled: Settled) -> list[str]:
    """Put pictures without a given part to those with one; returns whose part is still open."""
    given = {wishes.given[path] for path in group.members if path in wishes.given}
    rest = [path for path in group.members if path not in wishes.given]
    if not given:
        return rest
    learned = [path for path in rest if path in wishes.learned]
    for path in rest:
        if path in wishes.learned:
            continue
        if learned or len(given) > 1:
            settled.between.add(path)
        else:
            settled.attached[path] = next(iter(given))
    return learned


def _settle_core(
    core: Sequence[str],
    pinned: Mapping[str, Part],
    known: Mapping[str, Part],
    settled: Settled,
) -> set[Part]:
    """Settle pictures that must not be parted; returns the parts that they were wished in."""
    pins = {pinned[path] for path in core if path in pinned}
    if len(pins) > 1:
        settled.contradicting.append(tuple(core))
    if pins:
        part = _kept_back_most(pins)
        settled.kept.update(dict.fromkeys(core, part))
        return {part}
    parts = Counter(known[path] for path in core if path in known)
    # If there are several, they were not yet seen to be alike. None moves: the fewest are left out.
    most = max(parts.values(), default=0)
    for path in core:
        if path in known:
            part = _kept_back_most(each for each, count in parts.items() if count == most)
            if known[path] == part:
                settled.kept[path] = part
            else:
                settled.between.add(path)
    return set(parts)


def _wished(
    paths: Iterable[str], wishes: Mapping[str, Part], possible: set[Part]
) -> dict[str, Part]:
    return {path: wishes[path] for path in paths if wishes.get(path) in possible}


def _kept_back_most(parts: Iterable[Part]) -> Part:
    return min(parts, key=KEPT_BACK_FIRST.index)
