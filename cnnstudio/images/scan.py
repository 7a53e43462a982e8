"""A folder of pictures becomes classes, parts and problems: first by listing, then by decoding."""

import os
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cnnstudio.images.folder_walk import Walk, WalkedPicture, walk_folder
from cnnstudio.images.read import read_picture
from cnnstudio.images.threads import in_order
from cnnstudio.project.pictures import Part
from cnnstudio.project.problems import Problem, ProblemError

PART_NAMES: dict[str, Part] = {
    "train": "training",
    "training": "training",
    "val": "validation",
    "valid": "validation",
    "validation": "validation",
    "test": "test",
    "testing": "test",
}
"""Folders of these names one level above the classes are the parts (lower case)."""

FEW_PICTURES = 20
LARGE_RATIO = 3.0
_CHECK_SIZE = 64


@dataclass(frozen=True)
class FoundPicture:
    """A file with a picture's name; ``part`` where the folders say it."""

    path: str
    label: str
    part: Part | None
    bytes: int
    modified_ns: int


@dataclass(frozen=True)
class Scan:
    """What the folders hold. ``classes`` are those with pictures, in natural order."""

    folders: tuple[str, ...]
    classes: tuple[str, ...]
    pictures: tuple[FoundPicture, ...]
    ignored: tuple[str, ...]
    problems: tuple[Problem, ...]

    @property
    def has_parts(self) -> bool:
        """Whether the folders say themselves what is for training."""
        return any(picture.part is not None for picture in self.pictures)

    def counts(self) -> dict[str, int]:
        """Number of pictures by class, before any was opened."""
        return _counts(self.classes, self.pictures)

    def relative_name(self, path: str) -> str:
        """``path`` from the chosen folder on: the same wherever that folder stands."""
        for folder in self.folders:
            above = folder.rstrip(os.sep)  # a drive's own folder ends so
            if path.startswith(above + os.sep):
                return as_label(path[len(above) + 1 :].replace(os.sep, "/"))
        return as_label(path)


@dataclass(frozen=True)
class CheckReport:
    """What decoding every picture showed. ``problems`` holds the scan's and the broken ones too."""

    scan: Scan
    broken: tuple[Problem, ...]
    problems: tuple[Problem, ...]

    def counts(self) -> dict[str, int]:
        """Number of usable pictures by class."""
        return _counts(self.scan.classes, self.usable())

    def usable(self) -> list[FoundPicture]:
        """The pictures that could be read."""
        broken = {problem.file for problem in self.broken}
        return [picture for picture in self.scan.pictures if picture.path not in broken]


def as_label(name: str) -> str:
    """A folder's name as class name: macOS writes '한글' in pieces, others in one."""
    return unicodedata.normalize("NFC", name)


def natural_key(name: str) -> tuple[list[tuple[int, int, str]], str]:
    """Sorts 'class 2' before 'class 10', and large and small letters together."""
    pieces = re.findall(r"[0-9]+|[^0-9]+", name.casefold())
    return [
        (0, int(each), "") if each[0] in "0123456789" else (1, 0, each) for each in pieces
    ], name


def scan_folders(folders: Sequence[str]) -> Scan:
    """List the pictures of the folders; no picture is opened.

    Sub-folders are the classes, and what is nested in them belongs to them. Folders called train,
    val, test and the like one level above the classes are the parts, as are chosen folders of
    these names. Classes of the same name are one class.
    """
    roots = _different_folders(folders)
    root_parts = _parts_of_roots(roots)
    pictures: dict[str, FoundPicture] = {}
    ignored: list[str] = []
    problems: list[Problem] = []
    empty: set[str] = set()
    for root in roots:
        refused = _refused_root(root)
        if refused is not None:
            problems.append(refused)
            continue
        walk = walk_folder(root)
        sorted_in = _Sorted(walk, root_parts.get(root))
        for picture in sorted_in.pictures:
            pictures.setdefault(picture.path, picture)
        ignored += walk.ignored + sorted_in.unused_folders(root)
        ignored += [each.path for each in sorted_in.loose]
        problems += [*walk.problems, *sorted_in.problems(root)]
        empty |= sorted_in.empty_classes
    found = tuple(pictures.values())
    classes = tuple(sorted({picture.label for picture in found}, key=natural_key))
    problems += [
        Problem("class_empty", "pictures.folders", values={"name": name})
        for name in sorted(empty - set(classes), key=natural_key)
    ]
    scan = Scan(tuple(roots), classes, found, (), ())
    rank = {name: place for place, name in enumerate(classes)}
    found = tuple(
        sorted(
            found,
            key=lambda each: (rank[each.label], natural_key(scan.relative_name(each.path))),
        )
    )
    problems += _class_problems(scan, found)
    return Scan(tuple(roots), classes, found, tuple(sorted(ignored)), _errors_first(problems))


def check_pictures(
    scan: Scan,
    on_progress: Callable[[int, int], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> CheckReport:
    """Decode every picture and say which are broken and whether the classes are large enough.

    Raises:
        InterruptedError: once ``should_stop`` answers yes.
    """
    paths = [picture.path for picture in scan.pictures]
    answers = list(in_order(_broken, paths, on_progress, should_stop))
    broken = tuple(answer for answer in answers if answer is not None)
    gone = [folder for folder in scan.folders if not Path(folder).is_dir()]
    problems = list(scan.problems)
    if broken and gone:
        problems.append(Problem("pictures_vanished", "pictures.folders", gone[0]))
    elif broken and len(broken) == len(paths):
        problems.append(Problem("no_pictures_readable", "pictures.folders"))
    problems += broken
    usable = CheckReport(scan, broken, ()).usable()
    added = [*_class_problems(scan, usable), *_count_problems(scan, usable)]
    problems += [problem for problem in added if problem not in problems]
    return CheckReport(scan, broken, _errors_first(problems))


def _broken(path: str) -> Problem | None:
    try:
        read_picture(path, _CHECK_SIZE, "stretch")
    except ProblemError as error:
        return error.problem
    return None


def _counts(classes: Iterable[str], pictures: Iterable[FoundPicture]) -> dict[str, int]:
    counted = Counter(picture.label for picture in pictures)
    return {name: counted[name] for name in classes}


def _errors_first(problems: list[Problem]) -> tuple[Problem, ...]:
    order = {"error": 0, "warning": 1, "note": 2}
    return tuple(sorted(problems, key=lambda problem: order[problem.severity]))


def _different_folders(folders: Sequence[str]) -> list[str]:
    """The folders as full paths, each once however it is written."""
    different: dict[str, str] = {}
    for folder in folders:
        full = os.path.abspath(Path(folder).expanduser())  # noqa: PTH100 (links stay links)
        different.setdefault(os.path.normcase(os.path.realpath(full)), full)
    return list(different.values())


def _parts_of_roots(roots: list[str]) -> dict[str, Part]:
    """The parts of chosen folders that are called train, test and so on; one alone is no part."""
    named = {root: PART_NAMES.get(Path(root).name.lower()) for root in roots}
    parts = {root: part for root, part in named.items() if part is not None}
    kinds = set(parts.values())
    return parts if "training" in kinds and len(kinds) > 1 else {}


def _refused_root(root: str) -> Problem | None:
    kind = None
    try:
        if not Path(root).exists():
            kind = "folder_missing"
        elif not Path(root).is_dir():
            kind = "not_a_folder"
    except OSError:
        kind = "folder_unreadable"
    return Problem(kind, "pictures.folders", root) if kind else None


class _Sorted:
    """The files of one folder, sorted into classes and parts."""

    def __init__(self, walk: Walk, root_part: Part | None) -> None:
        self.walk = walk
        self.depth = 2 if root_part is None and _has_parts(walk.pictures) else 1
        self.pictures: list[FoundPicture] = []
        self.loose: list[WalkedPicture] = []
        self.used: set[tuple[str, ...]] = set()
        for each in walk.pictures:
            part = root_part
            if self.depth == 2 and each.folders:
                part = PART_NAMES.get(each.folders[0].lower())
            if len(each.folders) < self.depth or (self.depth == 2 and part is None):
                self.loose.append(each)
                continue
            label = as_label(each.folders[self.depth - 1])
            self.used.add(each.folders[: self.depth])
            self.pictures.append(FoundPicture(each.path, label, part, each.bytes, each.modified_ns))
        filled = {folders[: self.depth] for folders in walk.holds_files}
        self.unused = {
            folders for folders in walk.folders if len(folders) == self.depth
        } - self.used
        self.empty_classes = {as_label(folders[-1]) for folders in self.unused - filled}

    def unused_folders(self, root: str) -> list[str]:
        """Folders where a class could be, but without any picture."""
        return [str(Path(root, *folders)) for folders in self.unused]

    def problems(self, root: str) -> list[Problem]:
        """What is wrong with this folder, whatever the others hold."""
        found = []
        if not self.pictures and not self.walk.problems:
            kind = "no_class_folders" if self.loose else "folder_empty"
            found.append(Problem(kind, "pictures.folders", root))
        elif self.loose:
            values: dict[str, str | int | float] = {"count": len(self.loose)}
            found.append(Problem("loose_pictures", "pictures.folders", root, values))
        by_suffix: dict[str, list[str]] = {}
        for path in sorted(self.walk.unsupported):
            by_suffix.setdefault(Path(path).suffix.lower(), []).append(path)
        for suffix, paths in by_suffix.items():
            values = {"count": len(paths), "suffix": suffix}
            found.append(Problem("pictures_unsupported", "pictures.folders", paths[0], values))
        return found


def _has_parts(pictures: list[WalkedPicture]) -> bool:
    """Whether the top folders are parts and not classes that happen to be called so.

    A folder of trains called 'train' beside 'bus' is a class: there is no second part.
    """
    tops = {each.folders[0] for each in pictures if len(each.folders) > 1}
    kinds = {part for top in tops if (part := PART_NAMES.get(top.lower()))}
    others = {
        each.folders[0]
        for each in pictures
        if each.folders and each.folders[0].lower() not in PART_NAMES
    }
    return "training" in kinds and (len(kinds) > 1 or not others)


def _class_problems(scan: Scan, pictures: Collection[FoundPicture]) -> list[Problem]:
    """Whether there are two classes or more, and each in every part."""
    labels = {picture.label for picture in pictures}
    if len(labels) == 1:
        values: dict[str, str | int | float] = {"name": next(iter(labels))}
        return [Problem("one_class", "pictures.folders", values=values)]
    found = []
    for part in ("training", "validation", "test"):
        of_part = [picture for picture in pictures if picture.part == part]
        if not of_part:
            continue
        present = {picture.label for picture in of_part}
        kind = "test_missing_class" if part == "test" else "part_missing_class"
        for name in scan.classes:
            if name in labels and name not in present:
                values = {"part": _part_folder(scan, of_part[0].path), "name": name}
                found.append(Problem(kind, "pictures.folders", values=values))
    return found


def _part_folder(scan: Scan, path: str) -> str:
    """The name, as it stands on disk, of the folder that makes ``path``'s part."""
    relative = scan.relative_name(path)
    top = relative.split("/")[0]
    if top.lower() in PART_NAMES:
        return top
    return Path(path[: len(path) - len(relative)]).name


def _count_problems(scan: Scan, usable: list[FoundPicture]) -> list[Problem]:
    """Whether each class has enough pictures, and about as many as the others."""
    counts = _counts(scan.classes, usable)
    split_off = not any(picture.part == "validation" for picture in usable)
    learned = [picture for picture in usable if picture.part in (None, "training")]
    needed = 2 if split_off else 1
    for_learning = _counts(scan.classes, learned)
    found = []
    for name, count in counts.items():
        values: dict[str, str | int | float] = {"name": name, "count": for_learning[name]}
        if count == 0:
            found.append(Problem("class_empty", "pictures.folders", values={"name": name}))
        elif for_learning[name] < needed:
            values["needed"] = needed
            found.append(Problem("class_too_small", "pictures.folders", values=values))
        elif for_learning[name] < FEW_PICTURES:
            found.append(Problem("few_pictures", "pictures.folders", values=values))
    filled = {name: count for name, count in for_learning.items() if count}
    if len(filled) > 1:
        large, small = max(filled, key=filled.__getitem__), min(filled, key=filled.__getitem__)
        ratio = filled[large] / filled[small]
        if ratio >= LARGE_RATIO:
            shown = f"{ratio:.0f}" if ratio >= 10 else f"{ratio:.1f}".removesuffix(".0")
            values = {"large": large, "small": small, "ratio": shown}
            found.append(Problem("imbalance", "pictures.folders", values=values))
    return found
