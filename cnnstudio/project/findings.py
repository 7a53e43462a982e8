"""What the health check found among the pictures, why it matters, and what one click can do.

Like a problem, a finding holds a kind and values; sentences are made where they are shown. A
remedy changes nothing but :class:`PictureEdits`, so it can be undone.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import assert_never

from cnnstudio.project.kinds.findings import RemedyKind, finding_kind, rank
from cnnstudio.project.kinds.kind import Severity
from cnnstudio.project.picture_edits import PictureEdits
from cnnstudio.project.problems import Value
from cnnstudio.project.words import N_, say

Group = tuple[str, ...]

_TWO_PARTS = ("copies_two_parts", "look_alikes_two_parts")
MOST_CLASSES_OFFERED = 4
"""For several groups at once, no more than so many classes are offered as the right one."""


@dataclass(frozen=True)
class Remedy:
    """One thing to do about a finding. ``title`` is marked English with ``{name}``: ``value``."""

    kind: RemedyKind
    title: str
    value: str = ""

    @property
    def sentence(self) -> str:
        """What it does, in the chosen language."""
        return say(self.title, name=self.value)


@dataclass(frozen=True)
class Finding:
    """One kind of thing that was found, with all pictures that it was found of.

    ``groups`` are pictures (full paths) that belong side by side, the best one first; a single one
    where each is for itself. ``spare`` are those that 'all but the best' leaves out, ``labels``
    the classes of the pictures where these contradict each other. ``classes`` are names where it
    is about classes and not about pictures. ``values`` go into the sentences.
    """

    kind: str
    groups: tuple[Group, ...] = ()
    values: Mapping[str, Value] = field(default_factory=dict)
    spare: frozenset[str] = frozenset()
    labels: Mapping[str, str] = field(default_factory=dict)
    classes: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """How many pictures, groups or classes it is about."""
        return len(self.classes or self.groups)

    @property
    def title(self) -> str:
        """What was found and how often, in the chosen language."""
        return finding_kind(self.kind).title(self.count)

    @property
    def why(self) -> str:
        """Why it matters, as a sentence in the chosen language."""
        return say(finding_kind(self.kind).why, **self.values)

    @property
    def severity(self) -> Severity:
        """How bad it is."""
        return finding_kind(self.kind).severity

    @property
    def remedies(self) -> tuple[Remedy, ...]:
        """What can be done about all groups at once."""
        return self._remedies(self.groups)

    def remedies_for(self, group: Group) -> tuple[Remedy, ...]:
        """What can be done about one of the groups."""
        return self._remedies((group,))

    def keys(self) -> tuple[str, ...]:
        """By which it is known again at the next start: one for each group or class."""
        if self.classes:
            return tuple(key_of(self.kind, (name,)) for name in self.classes)
        return tuple(key_of(self.kind, group) for group in self.groups)

    def _remedies(self, groups: Sequence[Group]) -> tuple[Remedy, ...]:
        kind = finding_kind(self.kind)
        found: list[Remedy] = []
        for remedy in kind.remedies:
            match remedy:
                case "leave_out" if self.classes:
                    if groups:
                        name = ", ".join(self.classes)
                        found.append(
                            Remedy(remedy, N_("Leave out what is too many of {name}"), name)
                        )
                case "leave_out":
                    title = N_("Leave out all of them") if len(groups) > 1 else N_("Leave out")
                    found.append(Remedy(remedy, title))
                case "leave_out_copies":
                    found.append(Remedy(remedy, kind.copies))
                case "move":
                    names = list(
                        dict.fromkeys(self.labels[path] for each in groups for path in each)
                    )
                    if len(groups) == 1 or len(names) <= MOST_CLASSES_OFFERED:
                        found += [Remedy(remedy, N_("All are {name}"), name) for name in names]
                case "accept":
                    found.append(Remedy(remedy, N_("It is all right")))
                case _:
                    assert_never(remedy)
        return tuple(found)


def key_of(kind: str, group: Iterable[str]) -> str:
    """By which a group (or the name of a class) of this kind is known again."""
    text = "\0".join(sorted(group)).encode("utf-8", "surrogatepass")
    return f"{kind}-{hashlib.sha256(text).hexdigest()[:24]}"


def groups_on_both_sides(findings: Iterable[Finding]) -> list[Group]:
    """Look-alikes that the source itself puts into several parts."""
    return [group for each in findings if each.kind in _TWO_PARTS for group in each.groups]


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """In the order in which they are shown."""
    return sorted(findings, key=lambda each: (rank(each.kind), each.kind))


def remedied(
    edits: PictureEdits, finding: Finding, remedy: Remedy, groups: Sequence[Group] | None = None
) -> PictureEdits:
    """The changes with ``remedy`` carried out for ``groups`` of the finding (all of them)."""
    chosen = finding.groups if groups is None else tuple(groups)
    match remedy.kind:
        case "leave_out":
            return edits.leaving_out(path for group in chosen for path in group)
        case "leave_out_copies":
            return edits.leaving_out(
                path for group in chosen for path in group if path in finding.spare
            )
        case "move":
            wrong = [
                path
                for group in chosen
                if remedy.value in {finding.labels[path] for path in group}
                for path in group
                if finding.labels[path] != remedy.value
            ]
            return edits.moving(wrong, remedy.value)
        case "accept":
            keys = finding.keys()
            if groups is not None and not finding.classes:
                keys = tuple(key_of(finding.kind, group) for group in chosen)
            return edits.accepting(keys)
        case _:
            assert_never(remedy.kind)
