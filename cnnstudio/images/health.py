"""From what is known of the pictures to findings: what is wrong, why it matters, what to do."""

import hashlib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from cnnstudio.images.checking import CheckReport
from cnnstudio.images.class_problems import FEW_PICTURES, LARGE_RATIO, count_problems
from cnnstudio.images.found_pictures import FoundPicture
from cnnstudio.images.look_alikes import Pair, groups_of
from cnnstudio.images.scan import Scan
from cnnstudio.project.findings import Finding, Group, key_of, worst_first
from cnnstudio.project.listing import PictureList
from cnnstudio.project.picture_edits import PictureEdits
from cnnstudio.project.pictures import Part
from cnnstudio.project.problems import Value

_WORTH: dict[Part | None, int] = {"test": 3, "validation": 2, "training": 1, None: 0}
"""Of look-alikes in several parts, the one that most depends on being new is kept."""


def find_findings(
    scan: Scan, report: CheckReport, listing: PictureList | None, edits: PictureEdits
) -> list[Finding]:
    """What the health page shows, the worst first; what was accepted is not among it.

    ``scan`` is the edited one (labels as shown, left-out pictures not in it).
    """
    accepted = frozenset(edits.accepted)
    found = []
    for finding in (*_of_single_pictures(scan, report), *_of_look_alikes(scan, report, listing)):
        groups = tuple(
            group for group in finding.groups if key_of(finding.kind, group) not in accepted
        )
        if groups:
            found.append(replace(finding, groups=groups))
    return worst_first([*found, *_of_classes(scan, report, accepted)])


def _of_single_pictures(scan: Scan, report: CheckReport) -> list[Finding]:
    remarks = report.remarks
    remarkable = {path for paths in remarks.values() for path in paths}
    in_use = {each.path for each in scan.pictures if each.path in remarkable}
    found = []
    for kind, paths in remarks.items():
        groups = tuple((path,) for path in paths if path in in_use)
        if groups:
            found.append(Finding(kind, groups))
    return found


# Look-alikes


@dataclass(frozen=True)
class _Member:
    """A picture in use that has look-alikes."""

    path: str
    label: str
    part: Part | None
    quality: tuple[int, int]
    place: int

    @property
    def order(self) -> tuple[int, int, int, int]:
        """The best one first."""
        return -_WORTH[self.part], -self.quality[0], -self.quality[1], self.place


def _of_look_alikes(scan: Scan, report: CheckReport, listing: PictureList | None) -> list[Finding]:
    alikes = report.look_alikes
    if not alikes.same and not alikes.near:
        return []
    by_content = _members(scan, report, listing)
    gathered = _Gathered()
    for members in by_content.values():
        gathered.add("copies", members)
    best = {content: members[0] for content, members in by_content.items()}
    digests = alikes.digests
    near = [(digests[one], digests[other]) for one, other in alikes.near]
    upright = [pair not in alikes.mirrored for pair in alikes.near]
    told: set[str] = set()
    for group in groups_of(
        *_contents(pair for pair, is_up in zip(near, upright, strict=True) if is_up)
    ):
        members = _known(best, group)
        if len({each.label for each in members}) > 1:
            gathered.add("look_alikes", members)
            told.update(group)
    for group in groups_of(*_contents(near)):
        members = _known(best, group)
        rest = _known(best, (content for content in group if content not in told))
        if rest and len({each.part for each in members} - {None}) > 1:
            # Known from the training, whatever it is called there, and also in a mirror.
            gathered.add("look_alikes_two_parts", members)
            continue
        # What is alike only in a mirror may well be two classes: signs that point left and right.
        by_label: dict[str, list[_Member]] = {}
        for member in rest:
            by_label.setdefault(member.label, []).append(member)
        for members in by_label.values():
            gathered.add("look_alikes", members)
    return gathered.findings()


def _contents(pairs: Iterable[Pair]) -> tuple[list[str], list[Pair]]:
    """Everything that is in one of the pairs, and the pairs."""
    listed = list(pairs)
    return list(dict.fromkeys(each for pair in listed for each in pair)), listed


def _known(best: Mapping[str, _Member], contents: Iterable[str]) -> list[_Member]:
    """The pictures in use with these contents, the best first."""
    found = (best[content] for content in contents if content in best)
    return sorted(found, key=lambda each: each.order)


def _members(
    scan: Scan, report: CheckReport, listing: PictureList | None
) -> dict[str, list[_Member]]:
    """The pictures in use that have look-alikes, by content, the best first."""
    alikes = report.look_alikes
    involved = {path for pair in (*alikes.same, *alikes.near) for path in pair}
    part_of: dict[str, Part] = {}
    for listed in listing.pictures if listing is not None else ():
        if listed.path in involved:
            part_of[listed.path] = listed.part
    found: dict[str, list[_Member]] = {}
    for place, each in enumerate(scan.pictures):
        if each.path in involved:
            facts = report.facts[each.path]
            quality = facts.width * facts.height, each.bytes
            part = part_of.get(each.path, each.part)
            member = _Member(each.path, each.label, part, quality, place)
            found.setdefault(alikes.digests[each.path], []).append(member)
    for members in found.values():
        members.sort(key=lambda each: each.order)
    return found


class _Gathered:
    """Groups of alike pictures, by what is wrong with them."""

    def __init__(self) -> None:
        self._groups: dict[str, list[tuple[int, Group]]] = {}
        self._spare: dict[str, set[str]] = {}
        self._labels: dict[str, dict[str, str]] = {}

    def add(self, kind: str, members: list[_Member]) -> None:
        """One group of ``copies`` or ``look_alikes``, the best picture first.

        Of two classes or two parts, unless ``kind`` says already which of these counts.
        """
        if len(members) < 2:
            return
        best = members[0]
        spare = [each.path for each in members[1:]]
        is_of_parts = kind == "look_alikes_two_parts"
        if not is_of_parts and len({each.label for each in members}) > 1:
            kind = f"{kind}_two_classes"
            labels = {each.path: each.label for each in members}
            self._labels.setdefault(kind, {}).update(labels)
            spare = []
        elif is_of_parts or len({each.part for each in members} - {None}) > 1:
            kind = f"{kind.removesuffix('_two_parts')}_two_parts"
            spare = [each.path for each in members if each.part != best.part]
        group = tuple(each.path for each in members)
        self._groups.setdefault(kind, []).append((min(each.place for each in members), group))
        self._spare.setdefault(kind, set()).update(spare)

    def findings(self) -> list[Finding]:
        """One for each kind, its groups in the scan's order."""
        return [
            Finding(
                kind,
                tuple(group for _, group in sorted(groups)),
                spare=frozenset(self._spare[kind]),
                labels=self._labels.get(kind, {}),
            )
            for kind, groups in self._groups.items()
        ]


# Classes


def _of_classes(scan: Scan, report: CheckReport, accepted: frozenset[str]) -> list[Finding]:
    usable = [each for each in scan.pictures if report.facts[each.path].problem is None]
    found = []
    problems = count_problems(scan, usable, accepted)
    few = tuple(str(each.values["name"]) for each in problems if each.kind == "few_pictures")
    if few:
        found.append(Finding("few_pictures", values={"names": ", ".join(few)}, classes=few))
    for problem in problems:
        if problem.kind == "imbalance":
            found.append(_imbalance(scan, usable, dict(problem.values)))
    return found


def _imbalance(scan: Scan, usable: list[FoundPicture], values: dict[str, Value]) -> Finding:
    """With a choice of what to leave out, unless so little would be left that it helps nobody."""
    learned: dict[str, list[str]] = {name: [] for name in scan.classes}
    for picture in usable:
        if picture.part in (None, "training"):
            learned[picture.label].append(picture.path)
    smallest = min(len(paths) for paths in learned.values() if paths)
    large = [name for name in scan.classes if len(learned[name]) >= LARGE_RATIO * smallest]
    surplus: list[str] = []
    if smallest >= FEW_PICTURES:
        most = math.ceil(LARGE_RATIO * smallest) - 1
        for name in large:
            # By chance, but the same ones every time: neighbours are often shots in a row.
            surplus += sorted(learned[name], key=_chance)[most:]
    groups = (tuple(surplus),) if surplus else ()
    return Finding("imbalance", groups, values, classes=tuple(large))


def _chance(path: str) -> bytes:
    return hashlib.sha256(path.encode("utf-8", "surrogatepass")).digest()
