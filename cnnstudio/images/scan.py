"""Folders, lists, ZIPs and arrays become classes, parts and problems; no picture is opened."""

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from cnnstudio.images.archives import file_state, is_archive
from cnnstudio.images.array_sources import idx_source, npz_source, pictures_beside
from cnnstudio.images.folder_sources import sorted_folder
from cnnstudio.images.folder_walk import walk_folder
from cnnstudio.images.found_pictures import PART_NAMES, FoundPicture, as_label, natural_key
from cnnstudio.images.list_files import is_list
from cnnstudio.images.list_sources import list_source
from cnnstudio.images.name_labels import NameOffer
from cnnstudio.images.sources import SourceContent, SourceFacts, SourceKind
from cnnstudio.images.zip_source import zip_source
from cnnstudio.project.picture_edits import AddedPicture
from cnnstudio.project.pictures import Part
from cnnstudio.project.problems import Problem

__all__ = [
    "PART_NAMES",
    "FoundPicture",
    "NameOffer",
    "Scan",
    "SourceFacts",
    "SourceKind",
    "as_label",
    "count_by_class",
    "errors_first",
    "natural_key",
    "scan_folders",
]


@dataclass(frozen=True)
class Scan:
    """What the sources hold. ``classes`` are those with pictures, in natural order.

    ``folders`` are the chosen sources as full paths, ``sources`` what each of them is, and
    ``offers`` the classes that file names would give where there are no others.
    """

    folders: tuple[str, ...]
    classes: tuple[str, ...]
    pictures: tuple[FoundPicture, ...]
    ignored: tuple[str, ...]
    problems: tuple[Problem, ...]
    sources: tuple[SourceFacts, ...] = ()
    offers: tuple[NameOffer, ...] = ()

    @property
    def has_parts(self) -> bool:
        """Whether the folders say themselves what is for training."""
        return any(picture.part is not None for picture in self.pictures)

    def counts(self) -> dict[str, int]:
        """Number of pictures by class, before any was opened."""
        return count_by_class(self.classes, self.pictures)

    def relative_name(self, path: str) -> str:
        """``path`` from the chosen source on: the same wherever that source stands.

        For lists and single IDX files it is from their folder on; for single pictures, the name.
        """
        for front in self._fronts:
            if path.startswith(front):
                return as_label(path[len(front) :].replace(os.sep, "/"))
        return as_label(os.path.basename(path))  # noqa: PTH119

    @cached_property
    def _fronts(self) -> tuple[str, ...]:
        """What stands before the relative names of each source; those of lists go last."""
        in_folder = [folder for folder in self.folders if is_list(folder) or _is_idx(folder)]
        wholes = [folder for folder in self.folders if not _is_idx(folder)]
        above = [os.path.dirname(folder) for folder in in_folder]  # noqa: PTH120
        # A drive's own folder ends with a separator.
        return tuple(folder.rstrip(os.sep) + os.sep for folder in (*wholes, *above))


def scan_folders(
    folders: Sequence[str],
    labels_in_names: Sequence[str] = (),
    added: Sequence[AddedPicture] = (),
) -> Scan:
    """List the pictures of the sources; no picture is opened.

    A source is a folder (its sub-folders are the classes), a list of pictures, a ZIP, or arrays
    (IDX, NPZ). Chosen folders called train, test and so on are the parts. Classes of the same name
    are one class, and the same picture counts once. The pictures of the folders among
    ``labels_in_names`` have their classes in their names; those ``added`` have one of their own.
    """
    roots = _different_folders(folders)
    root_parts = _parts_of_roots(roots)
    by_names = {_full(folder) for folder in labels_in_names}
    contents: list[SourceContent] = []
    problems: list[Problem] = []
    for root in roots:
        read = _read_source(root, root_parts.get(root), root in by_names)
        if isinstance(read, Problem):
            problems.append(read)
        else:
            contents.append(read)
    found: dict[str, FoundPicture] = {}
    for content in contents:
        for picture in content.pictures:
            found.setdefault(picture.path, picture)
    single = _with_added(found, added)
    for content in contents:
        problems += [*content.problems, *content.loose_problems(found)]
    pictures = _without_single_parts(contents, found)
    classes = tuple(sorted({picture.label for picture in pictures}, key=natural_key))
    empty = {name for content in contents for name in content.empty_classes}
    problems += [
        Problem("class_empty", "pictures.folders", values={"name": name})
        for name in sorted(empty - set(classes), key=natural_key)
    ]
    facts = [content.facts for content in contents]
    scan = Scan(
        tuple(roots),
        classes,
        (),
        tuple(sorted({path for content in contents for path in content.ignored} - found.keys())),
        errors_first(problems),
        tuple(facts if single is None else [*facts, single]),
        tuple(content.offer for content in contents if content.offer is not None),
    )
    return replace(scan, pictures=_in_order(scan, pictures))


def count_by_class(classes: Iterable[str], pictures: Iterable[FoundPicture]) -> dict[str, int]:
    """Number of pictures of each class."""
    counted = Counter(picture.label for picture in pictures)
    return {name: counted[name] for name in classes}


def errors_first(problems: list[Problem]) -> tuple[Problem, ...]:
    """The problems, with what stands in the way at the front."""
    order = {"error": 0, "warning": 1, "note": 2}
    return tuple(sorted(problems, key=lambda problem: order[problem.severity]))


def _full(folder: str) -> str:
    return os.path.abspath(Path(folder).expanduser())  # noqa: PTH100 (links stay links)


def _different_folders(folders: Sequence[str]) -> list[str]:
    """The folders as full paths, each once however it is written."""
    different: dict[str, str] = {}
    for folder in folders:
        full = _full(folder)
        different.setdefault(os.path.normcase(os.path.realpath(full)), full)
    return list(different.values())


def _parts_of_roots(roots: list[str]) -> dict[str, Part]:
    """The parts of what is called train, test and so on; one alone is no part."""
    named = {root: PART_NAMES.get(Path(root).name.lower().removesuffix(".zip")) for root in roots}
    parts = {root: part for root, part in named.items() if part is not None}
    kinds = set(parts.values())
    return parts if "training" in kinds and len(kinds) > 1 else {}


def _read_source(root: str, part: Part | None, by_names: bool) -> SourceContent | Problem:
    """What is at ``root``, by what it is."""
    try:
        if not Path(root).exists():
            return Problem("folder_missing", "pictures.folders", root)
        if Path(root).is_dir():
            return _read_folder(root, part, by_names)
        content = _read_file(root, part, by_names)
    except OSError:
        return Problem("folder_unreadable", "pictures.folders", root)
    return content or Problem("not_a_folder", "pictures.folders", root)


def _read_folder(root: str, part: Part | None, by_names: bool) -> SourceContent:
    walk = walk_folder(root)
    if not walk.pictures and walk.arrays:
        paths = [each.path for each in walk.arrays]
        idx = [path for path in paths if _is_idx(path)]
        content = idx_source(root, idx) if idx else npz_source(root, paths)
        content.problems += walk.problems
        content.ignored += [path for path in walk.ignored if path not in paths]
        return content.as_refused()
    return sorted_folder(root, walk, part, by_names)


def _read_file(root: str, part: Part | None, by_names: bool) -> SourceContent | None:
    lower = root.lower()
    if lower.endswith(".zip"):
        return zip_source(root, part, by_names)
    if lower.endswith(".npz"):
        return npz_source(root, [root]).as_refused()
    pictures = root if is_archive(root) else pictures_beside(root)
    if pictures is not None:
        return idx_source(root, [pictures]).as_refused()
    return list_source(root).as_refused() if is_list(root) else None


def _is_idx(path: str) -> bool:
    return path.lower().removesuffix(".gz").endswith("-ubyte")


def _with_added(
    found: dict[str, FoundPicture], added: Sequence[AddedPicture]
) -> SourceFacts | None:
    """Put single pictures in; one that is in a source too has the label that was chosen for it."""
    for each in added:
        known = found.get(each.path) or found.get(os.path.abspath(each.path))  # noqa: PTH100
        if known is not None:
            found[known.path] = replace(known, label=each.label)
            continue
        # One that is not there is listed as well: reading it says so.
        size, modified, _ = file_state(each.path) or (0, 0, False)
        found[each.path] = FoundPicture(each.path, each.label, None, size, modified)
    if not added:
        return None
    labels = sorted({each.label for each in added}, key=natural_key)
    return SourceFacts("", "files", len({each.path for each in added}), tuple(labels))


def _without_single_parts(
    contents: list[SourceContent], found: dict[str, FoundPicture]
) -> list[FoundPicture]:
    """The pictures; where arrays or lists say a part alone (only 'train'), it is none."""
    pictures = list(found.values())
    parts = {picture.part for picture in pictures} - {None}
    if ("training" in parts and len(parts) > 1) or any(each.says_parts_alone for each in contents):
        return pictures
    return [replace(each, part=None) if each.part is not None else each for each in pictures]


def _in_order(scan: Scan, pictures: list[FoundPicture]) -> tuple[FoundPicture, ...]:
    """By class, then by name, and never by how a disk happens to list them."""
    rank = {name: place for place, name in enumerate(scan.classes)}
    return tuple(
        sorted(
            pictures,
            key=lambda each: (
                rank[each.label],
                natural_key(scan.relative_name(each.path)),
                each.path,
            ),
        )
    )
