"""A folder of pictures becomes classes, parts and problems: first by listing, then by decoding."""

import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cnnstudio.images.folder_walk import Walk, WalkedPicture, walk_folder
from cnnstudio.project.pictures import Part
from cnnstudio.project.problems import Problem

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
        return count_by_class(self.classes, self.pictures)

    def relative_name(self, path: str) -> str:
        """``path`` from the chosen folder on: the same wherever that folder stands."""
        for folder in self.folders:
            above = folder.rstrip(os.sep)  # a drive's own folder ends so
            if path.startswith(above + os.sep):
                return as_label(path[len(above) + 1 :].replace(os.sep, "/"))
        return as_label(path)


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
    return Scan(tuple(roots), classes, found, tuple(sorted(ignored)), errors_first(problems))


def count_by_class(classes: Iterable[str], pictures: Iterable[FoundPicture]) -> dict[str, int]:
    counted = Counter(picture.label for picture in pictures)
    return {name: counted[name] for name in classes}


def errors_first(problems: list[Problem]) -> tuple[Problem, ...]:
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
