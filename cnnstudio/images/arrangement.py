"""The pictures as the person wants them: edited classes, parts, findings and problems together.

Window and command line both take what they show, and what is trained on, from here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from cnnstudio.images.checking import CheckReport
from cnnstudio.images.class_problems import class_problems, count_problems
from cnnstudio.images.health import find_findings
from cnnstudio.images.scan import FoundPicture, Scan, errors_first, natural_key, scan_folders
from cnnstudio.images.split import SplitReport, split_pictures
from cnnstudio.project.findings import Finding
from cnnstudio.project.listing import PictureList
from cnnstudio.project.picture_edits import REMOVED, PictureEdits
from cnnstudio.project.pictures import Part, PicturesPlan
from cnnstudio.project.problems import Problem, ProblemError
from cnnstudio.project.project import Project


@dataclass(frozen=True)
class Arrangement:
    """What is known of the pictures after all changes of the person.

    ``scan`` holds the pictures in use under their classes, ``left_out`` those the person left out
    (not those of removed classes), ``classes`` all classes in order, also those without pictures
    yet. ``split`` is ``None`` where no training is possible; ``problems`` says why.
    """

    scan: Scan
    classes: tuple[str, ...]
    left_out: tuple[FoundPicture, ...]
    broken: tuple[Problem, ...]
    split: SplitReport | None
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]

    @property
    def listing(self) -> PictureList | None:
        """Every usable picture with its part, if there can be a training."""
        return self.split.listing if self.split is not None else None

    @cached_property
    def unreadable(self) -> frozenset[str]:
        """Full paths of the pictures in use that cannot be read."""
        return frozenset(problem.file for problem in self.broken)

    @cached_property
    def paths_by_class(self) -> dict[str, list[str]]:
        """Full paths of the usable pictures of every class."""
        found: dict[str, list[str]] = {name: [] for name in self.classes}
        for picture in self.usable():
            found[picture.label].append(picture.path)
        return found

    def usable(self) -> list[FoundPicture]:
        """The pictures in use that could be read."""
        return [each for each in self.scan.pictures if each.path not in self.unreadable]

    def counts(self) -> dict[str, int]:
        """Number of usable pictures by class."""
        return {name: len(paths) for name, paths in self.paths_by_class.items()}


def scan_pictures(project: Project) -> Scan:
    """List the pictures of a project's sources; none is opened."""
    plan = project.pictures
    return scan_folders(plan.folders, plan.labels_in_names, project.edits.added)


def arrange(
    scan: Scan,
    plan: PicturesPlan,
    edits: PictureEdits,
    report: CheckReport | None = None,
    before: Mapping[str, Part] | None = None,
) -> Arrangement:
    """Put everything together; ``report`` where the pictures were looked into already.

    ``before`` says which part each content (by digest) was in the last time.
    """
    edited, classes, left_out = _edited(scan, edits)
    facts = report.facts if report is not None else {}
    in_use = (facts.get(each.path) for each in edited.pictures)
    broken = tuple(each.problem for each in in_use if each is not None and each.problem is not None)
    usable = Arrangement(edited, classes, left_out, broken, None, (), ()).usable()
    problems = [*edited.problems, *_reading_problems(edited, broken)]
    problems += class_problems(edited, usable)
    if report is not None:
        problems += count_problems(edited, usable, edits.accepted)
    split = None
    try:
        unreadable = {problem.file for problem in broken}
        look_alikes = report.look_alikes if report is not None else None
        split = split_pictures(edited, plan, unreadable, look_alikes, edits.pinned, before)
        problems += split.problems
    except ProblemError as error:
        if error.problem.kind not in {each.kind for each in problems}:
            problems.append(error.problem)
    findings: tuple[Finding, ...] = ()
    if report is not None:
        listing = split.listing if split is not None else None
        findings = tuple(find_findings(_known(edited, report), report, listing, edits))
    return Arrangement(edited, classes, left_out, broken, split, findings, errors_first(problems))


def _edited(
    scan: Scan, edits: PictureEdits
) -> tuple[Scan, tuple[str, ...], tuple[FoundPicture, ...]]:
    """The pictures in use, all classes in order, and the pictures that were left out."""
    if edits == PictureEdits():
        return scan, scan.classes, ()
    in_use: list[FoundPicture] = []
    left_out: list[FoundPicture] = []
    not_used = frozenset(edits.left_out)
    for picture in scan.pictures:
        name = edits.class_for(picture.path, picture.label)
        if name == REMOVED:
            continue
        changed = picture if name == picture.label else replace(picture, label=name)
        (left_out if picture.path in not_used else in_use).append(changed)
    found = {picture.label for picture in (*in_use, *left_out)}
    later = sorted(found.difference(edits.classes), key=natural_key)
    order = tuple(name for name in edits.classes if name not in edits.removed)
    classes = (*order, *later)
    rank = {name: place for place, name in enumerate(classes)}
    in_use.sort(key=lambda each: rank[each.label])
    filled = {picture.label for picture in in_use}
    edited = replace(
        scan,
        classes=tuple(name for name in classes if name in filled),
        pictures=tuple(in_use),
    )
    return edited, classes, tuple(left_out)


def _known(scan: Scan, report: CheckReport) -> Scan:
    """The pictures that were looked into; some may have been added since."""
    if all(each.path in report.facts for each in scan.pictures):
        return scan
    known = tuple(each for each in scan.pictures if each.path in report.facts)
    return replace(scan, pictures=known)


def _reading_problems(scan: Scan, broken: tuple[Problem, ...]) -> list[Problem]:
    """The files that cannot be used, and whether that is because a drive went away."""
    problems: list[Problem] = []
    gone = [folder for folder in scan.folders if not Path(folder).exists()]
    if broken and gone:
        problems.append(Problem("pictures_vanished", "pictures.folders", gone[0]))
    elif broken and len(broken) == len(scan.pictures):
        problems.append(Problem("no_pictures_readable", "pictures.folders"))
    return [*problems, *broken]
