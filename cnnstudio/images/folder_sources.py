"""A folder's files, or a ZIP's, become classes and parts: by folders, by a list, or by names."""

from collections import Counter
from dataclasses import replace
from itertools import takewhile
from pathlib import PurePath

from cnnstudio.images.folder_walk import Walk, WalkedPicture
from cnnstudio.images.found_pictures import PART_NAMES, FoundPicture, as_label
from cnnstudio.images.list_sources import ListInFolder, list_in_folder, with_sensible_parts
from cnnstudio.images.name_labels import labels_of_names, offer_of
from cnnstudio.images.sources import SourceContent
from cnnstudio.project.pictures import Part
from cnnstudio.project.problems import Problem

_EXAMPLES = 3


def sorted_folder(
    root: str, walk: Walk, root_part: Part | None = None, by_names: bool = False
) -> SourceContent:
    """The pictures of a folder with their classes.

    Sub-folders are the classes, and what is nested in them belongs to them. Folders called train,
    val, test and the like one level above the classes are the parts, and one folder around all
    others says nothing. Where there are no classes in folders, a list that names the pictures
    says them; with ``by_names`` the file names do.
    """
    content = SourceContent(root, problems=list(walk.problems), ignored=list(walk.ignored))
    sorting = _Sorting(walk, root_part)
    content.problems += _unsupported(walk)
    if by_names:
        _sort_by_names(content, sorting)
    elif not _sort_by_list(content, sorting):
        sorting.sort_by_folders(content)
        if len({picture.label for picture in content.pictures}) < 2:
            paths = [each.path for each in walk.pictures]
            content.offer = offer_of(root, paths) if sorting.is_flat() else None
    content.ignored += content.loose
    return content


class _Sorting:
    """What the folders say: ``front`` lead to the first that says anything."""

    def __init__(self, walk: Walk, root_part: Part | None) -> None:
        self.walk = walk
        self._folders = {each.folders for each in walk.pictures} or {()}
        self.front = _folders_around_all(walk)
        self.root_part = root_part
        self.has_parts = root_part is None and _has_parts(walk.pictures, self.front)
        self.depth = self.front + (2 if self.has_parts else 1)

    def part_of(self, folders: tuple[str, ...]) -> Part | None:
        """The part that folders say."""
        if self.has_parts and len(folders) > self.front:
            return PART_NAMES.get(folders[self.front].lower())
        return self.root_part

    @property
    def list_depth(self) -> int:
        """How far down a list may lie: beside the pictures, or the folders of the parts."""
        first, last = min(self._folders), max(self._folders)  # whatever these two share, all do
        shared = takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False))
        return max(len(list(shared)), self.front + self.has_parts)

    def is_flat(self) -> bool:
        """Whether all pictures of a part lie side by side."""
        return len(self._folders) <= (3 if self.has_parts else 1)

    def classes(self) -> dict[str, str]:
        """The class by path, for those that folders give one."""
        return {
            each.path: as_label(each.folders[self.depth - 1])
            for each in self.walk.pictures
            if self._is_in_class(each)
        }

    def _is_in_class(self, picture: WalkedPicture) -> bool:
        is_deep = len(picture.folders) >= self.depth
        return is_deep and not (self.has_parts and self.part_of(picture.folders) is None)

    def _is_below_front(self, folders: tuple[str, ...]) -> bool:
        return (
            not self.front or folders[: self.front] == self.walk.pictures[0].folders[: self.front]
        )

    def sort_by_folders(self, content: SourceContent) -> None:
        """Give every picture the class of its folder."""
        content.kind = "parts" if self.has_parts else "folders"
        used: set[tuple[str, ...]] = set()
        for each in self.walk.pictures:
            if not self._is_in_class(each):
                content.loose.append(each.path)
                continue
            used.add(each.folders[: self.depth])
            label = as_label(each.folders[self.depth - 1])
            content.pictures.append(found(each, label, self.part_of(each.folders)))
        filled = {folders[: self.depth] for folders in self.walk.holds_files}
        unused = {
            folders
            for folders in self.walk.folders
            if len(folders) == self.depth and self._is_below_front(folders)
        } - used
        content.ignored += [str(PurePath(content.path, *folders)) for folders in unused]
        content.empty_classes = {as_label(folders[-1]) for folders in unused - filled}
        content.says_parts_alone = self.has_parts


def found(picture: WalkedPicture, label: str, part: Part | None) -> FoundPicture:
    """A walked picture with its class."""
    return FoundPicture(picture.path, label, part, picture.bytes, picture.modified_ns)


def _sort_by_names(content: SourceContent, sorting: _Sorting) -> None:
    content.kind = "names"
    pictures = sorting.walk.pictures
    said = labels_of_names([PurePath(each.path).name for each in pictures])
    unclear = []
    for each, label in zip(pictures, said.labels, strict=True):
        if label is None:
            unclear.append(each.path)
        else:
            content.pictures.append(found(each, label, sorting.part_of(each.folders)))
    if unclear:
        values: dict[str, str | int | float] = {
            "count": len(unclear),
            "examples": ", ".join(PurePath(path).name for path in unclear[:_EXAMPLES]),
        }
        problem = Problem("names_unclear", "pictures.folders", content.path, values)
        content.problems.append(problem)
        content.ignored += unclear


def _sort_by_list(content: SourceContent, sorting: _Sorting) -> bool:
    """Take the classes from a list in the folder, where folders say none; whether there is one."""
    if not sorting.walk.lists:
        return False
    by_folder = sorting.classes()
    folders_say = len(set(by_folder.values())) > 1
    listed = list_in_folder(sorting.walk, sorting.list_depth)
    if isinstance(listed, Problem):
        content.problems += [] if folders_say else [listed]
    if not isinstance(listed, ListInFolder):
        return False
    if folders_say:
        if 2 * len(listed.labels) >= len(by_folder) and not _agree(by_folder, listed.labels):
            content.problems.append(Problem("list_not_used", "pictures.folders", listed.path))
        return False
    content.kind = "list"
    content.problems += listed.problems
    content.ignored += listed.unlisted
    part_of = {each.path: sorting.part_of(each.folders) for each in sorting.walk.pictures}
    content.pictures += [
        replace(each, part=each.part or part_of[each.path])
        for each in with_sensible_parts(listed.pictures)
    ]
    return True


def _agree(by_folder: dict[str, str], by_list: dict[str, str]) -> bool:
    """Whether list and folders tell the same classes apart, whatever they call them."""
    pairs = Counter(
        (by_folder[path], label) for path, label in by_list.items() if path in by_folder
    )
    for place in (0, 1):
        most: Counter[str] = Counter()
        for pair, count in pairs.items():
            most[pair[place]] = max(most[pair[place]], count)
        if most.total() < 0.95 * pairs.total():
            return False
    return True


def _folders_around_all(walk: Walk) -> int:
    """How many folders stand around all others, each alone in the one above.

    Such are what programs that unpack archives make. A folder that holds pictures itself, is
    called like a part, or has an empty one beside it that waits for pictures, says something.
    """
    if not walk.pictures:
        return 0
    first = walk.pictures[0].folders
    shallow = min(len(each.folders) for each in walk.pictures)
    front = 0
    while front + 1 < shallow and first[front].lower() not in PART_NAMES:
        is_alone = all(each.folders[front] == first[front] for each in walk.pictures)
        if not is_alone or _has_empty_folders(walk, first[:front]):
            return front
        front += 1
    below = {each.folders[front] for each in walk.pictures if len(each.folders) > front}
    return front if len(below) > 1 or front == 0 or _is_part(below) else front - 1


def _has_empty_folders(walk: Walk, above: tuple[str, ...]) -> bool:
    depth = len(above) + 1
    filled = {folders[:depth] for folders in walk.holds_files}
    beside = {each for each in walk.folders if len(each) == depth and each[:-1] == above}
    return not beside <= filled


def _is_part(names: set[str]) -> bool:
    return all(name.lower() in PART_NAMES for name in names)


def _has_parts(pictures: list[WalkedPicture], front: int) -> bool:
    """Whether the top folders are parts and not classes that happen to be called so.

    A folder of trains called 'train' beside 'bus' is a class: there is no second part.
    """
    tops = {each.folders[front] for each in pictures if len(each.folders) > front}
    nested = {each.folders[front] for each in pictures if len(each.folders) > front + 1}
    kinds = {part for top in nested if (part := PART_NAMES.get(top.lower()))}
    others = {top for top in tops if top.lower() not in PART_NAMES}
    if "training" in kinds and (len(kinds) > 1 or not others):
        return True
    # Folders of pictures without classes: a list or the names may say them.
    flat = {PART_NAMES.get(top.lower()) for top in tops}
    return not nested and not others and "training" in flat and len(flat) > 1


def _unsupported(walk: Walk) -> list[Problem]:
    by_suffix: dict[str, list[str]] = {}
    for path in sorted(walk.unsupported):
        by_suffix.setdefault(PurePath(path).suffix.lower(), []).append(path)
    return [
        Problem(
            "pictures_unsupported",
            "pictures.folders",
            paths[0],
            {"count": len(paths), "suffix": suffix},
        )
        for suffix, paths in by_suffix.items()
    ]
