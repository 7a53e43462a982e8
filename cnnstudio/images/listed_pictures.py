"""Pictures whose classes stand in a list: rows and files are matched, and what is left is named."""

import os
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath, PurePosixPath

from cnnstudio.images.archives import file_state, inside
from cnnstudio.images.folder_walk import WalkedPicture
from cnnstudio.images.found_pictures import PART_NAMES, FoundPicture, as_label
from cnnstudio.images.list_columns import PART_WORDS, Columns, cell
from cnnstudio.images.list_files import Row
from cnnstudio.images.read import PICTURE_SUFFIXES
from cnnstudio.project.pictures import Part
from cnnstudio.project.problems import Problem

_EXAMPLES = 3
_LONGEST_NUMBER = 18
_WORDS = re.compile(r"[^\W_\d]+|t10k")


class PictureFinder:
    """Finds the picture that a list means by a name, among those below a folder.

    A name may be a path from the list's folder or from any folder above or below it, with either
    slash, with or without its suffix, and a number that lost its leading zeros on the way.
    """

    def __init__(self, pictures: Sequence[WalkedPicture]) -> None:
        self._by_path: dict[str, list[WalkedPicture]] = defaultdict(list)
        self._by_name: dict[str, list[WalkedPicture]] = defaultdict(list)
        self._by_number: dict[int, list[WalkedPicture]] = defaultdict(list)
        for each in pictures:
            name = _folded(os.path.basename(each.path))  # noqa: PTH119 (many thousand times)
            front = _folded("".join(f"{folder}/" for folder in each.folders))
            stem = name.rpartition(".")[0]
            for found in {name, stem}:
                self._by_path[front + found].append(each)
                self._by_name[found].append(each)
            if stem.isdecimal() and len(stem) < _LONGEST_NUMBER:
                self._by_number[int(stem)].append(each)

    def find(
        self, name: str, near: tuple[str, ...] = (), part: Part | None = None
    ) -> list[WalkedPicture]:
        """The pictures that are meant: one; none where it is not there; several if unclear.

        ``near`` leads to the list's own folder, ``part`` is the one that the list is for.
        """
        wanted = _folded(name.replace("\\", "/"))
        names = [each for each in wanted.split("/") if each not in ("", ".", "..")]
        if not names:
            return []
        found = self._by_own_path(names, _folded("".join(f"{each}/" for each in near)))
        found = found or self._by_name.get(names[-1], [])
        if not found and len(names) == 1 and _is_number(names[0]):
            found = self._by_number.get(int(names[0]), [])
        return _nearest(found, name, near, part) if len(found) > 1 else found

    def _by_own_path(self, names: list[str], near: str) -> list[WalkedPicture]:
        for front in dict.fromkeys((near, "")):
            for start in range(len(names)):
                if found := self._by_path.get(front + "/".join(names[start:])):
                    return found
        return []


def _nearest(
    found: list[WalkedPicture], name: str, near: tuple[str, ...], part: Part | None
) -> list[WalkedPicture]:
    """Of several, those written just so; of these, those beside the list or in its part."""
    written = as_label(PurePosixPath(name.replace("\\", "/")).name)
    exact = [each for each in found if as_label(PurePath(each.path).name) == written]
    found = exact or found
    beside = [each for each in found if near and each.folders == near]
    in_part = [
        each
        for each in found
        if part and any(PART_NAMES.get(folder.lower()) == part for folder in each.folders)
    ]
    return beside or in_part or found


class PicturesByPath:
    """Finds pictures by their path alone, from the list's folder on, anywhere on this computer.

    Every folder is listed once, which also tells how names are really written.
    """

    def __init__(self, base: str) -> None:
        self._base = base
        self._names: dict[str, dict[str, list[str]]] = {}

    def find(self, name: str) -> list[WalkedPicture]:
        """The picture at a path, or none. Never on another computer: asking may cost a password."""
        if name.startswith(("//", "\\\\")) or "\0" in name:
            return []
        if os.sep == "/" and not name.startswith("/"):
            name = name.replace("\\", "/")
        path = os.path.normpath(os.path.join(self._base, name))  # noqa: PTH118
        suffix = os.path.splitext(path)[1].lower()  # noqa: PTH122 (many thousand times)
        if suffix in PICTURE_SUFFIXES and (written := self._written(path)) is not None:
            try:
                facts = os.stat(written)  # noqa: PTH116
            except OSError:
                return []
            return [WalkedPicture(written, (), facts.st_size, facts.st_mtime_ns)]
        place = inside(path)
        if place is None or not (suffix in PICTURE_SUFFIXES or _ends_with_number(path)):
            return []
        state = file_state(path)
        return [] if state is None else [WalkedPicture(path, (), 0, state[1])]

    def _written(self, path: str) -> str | None:
        """The path with its file's name as it stands on the disk."""
        folder, name = os.path.split(path)
        if folder not in self._names:
            names: dict[str, list[str]] = defaultdict(list)
            try:
                for each in os.listdir(folder):  # noqa: PTH208
                    names[_folded(each)].append(each)
            except (OSError, ValueError):
                pass
            self._names[folder] = names
        known = self._names[folder].get(_folded(name), [])
        exact = name if name in known else known[0] if len(known) == 1 else None
        return None if exact is None else os.path.join(folder, exact)  # noqa: PTH118


@dataclass
class ListedPictures:
    """What a list says of pictures that are there."""

    path: str
    pictures: dict[str, FoundPicture] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    without_label: list[str] = field(default_factory=list)
    several_labels: list[str] = field(default_factory=list)
    unclear_names: list[str] = field(default_factory=list)
    unknown_parts: Counter[str] = field(default_factory=Counter)
    contradicted: dict[str, tuple[str, str]] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)

    def problems(self) -> list[Problem]:
        """Every row that could not be used, counted by its reason."""
        found = [
            self._problem("list_files_missing", self.missing),
            self._problem("list_labels_empty", self.without_label),
            self._problem("list_labels_several", self.several_labels),
            self._problem("list_names_unclear", self.unclear_names),
            self._problem("list_parts_unknown", list(self.unknown_parts.elements())),
        ]
        if self.contradicted:
            shown = [os.path.basename(path) for path in self.contradicted]  # noqa: PTH119
            first, second = next(iter(self.contradicted.values()))
            found.append(self._problem("list_labels_contradict", shown, first=first, second=second))
        return [problem for problem in found if problem is not None]

    def _problem(self, kind: str, names: Sequence[str], **more: str) -> Problem | None:
        if not names:
            return None
        values: dict[str, str | int | float] = {
            "count": len(names),
            "examples": ", ".join(list(dict.fromkeys(names))[:_EXAMPLES]),
        }
        return Problem(kind, "pictures.folders", self.path, values | more)


def listed_pictures(
    path: str,
    rows: Iterable[Row],
    columns: Columns,
    find: Callable[[str], list[WalkedPicture]],
) -> ListedPictures:
    """The pictures of a list, each under the class that its rows agree on."""
    listed = ListedPictures(path)
    for row in rows:
        name = cell(row, columns.file)
        found = find(name) if name else []
        if len(found) != 1:
            (listed.unclear_names if found else listed.missing).append(name)
            continue
        picture = found[0]
        listed.named.add(picture.path)
        label, says_several = columns.label_in(row)
        label = " ".join(as_label(label).split())
        if not label:
            (listed.several_labels if says_several else listed.without_label).append(name)
            continue
        part = columns.part_in(row)
        if columns.part is not None and part is None:
            listed.unknown_parts[cell(row, columns.part)] += 1
        new = FoundPicture(picture.path, label, part, picture.bytes, picture.modified_ns)
        known = listed.pictures.setdefault(picture.path, new)
        if known.label != label:
            listed.contradicted.setdefault(picture.path, (known.label, label))
    for contradicted in listed.contradicted:
        del listed.pictures[contradicted]
    return listed


def part_said_by(name: str) -> Part | None:
    """The part that a file's own name says, as ``train.csv`` and ``t10k-labels`` do."""
    said = {PART_WORDS[word] for word in _WORDS.findall(name.casefold()) if word in PART_WORDS}
    return next(iter(said)) if len(said) == 1 else None


def _is_number(name: str) -> bool:
    return name.isdecimal() and len(name) < _LONGEST_NUMBER


def _ends_with_number(path: str) -> bool:
    return os.path.basename(path).isdecimal()  # noqa: PTH119


def _folded(name: str) -> str:
    return as_label(name).casefold()
