"""Lists as sources of pictures: one that was chosen, or one that lies among the pictures."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import PurePath

from cnnstudio.images.folder_walk import Walk, WalkedFile, WalkedPicture, walk_folder
from cnnstudio.images.found_pictures import PART_NAMES, FoundPicture, natural_key
from cnnstudio.images.list_columns import UnclearColumnsError, choose_columns
from cnnstudio.images.list_files import Row, read_rows
from cnnstudio.images.listed_pictures import (
    ListedPictures,
    PictureFinder,
    PicturesByPath,
    listed_pictures,
    part_said_by,
)
from cnnstudio.images.read import PICTURE_SUFFIXES
from cnnstudio.images.sources import SourceContent
from cnnstudio.project.pictures import Part
from cnnstudio.project.problems import Problem, ProblemError

_SAMPLE_ROWS = 300
_LISTS_AT_MOST = 40
_EXAMPLES = 3

Find = Callable[[str], list[WalkedPicture]]


@dataclass
class ListInFolder:
    """What a list, or one list a part, says of the pictures of a folder."""

    path: str
    pictures: list[FoundPicture]
    unlisted: list[str]
    problems: list[Problem]

    @property
    def labels(self) -> dict[str, str]:
        """The class by path."""
        return {picture.path: picture.label for picture in self.pictures}


def list_source(path: str) -> SourceContent:
    """The pictures that the list at ``path`` names, wherever they are on this computer."""
    content = SourceContent(path, "list")
    base = os.path.dirname(path)  # noqa: PTH120
    try:
        rows = read_rows(path)
        by_path = PicturesByPath(base)
        listed = _read(path, rows, by_path.find)
        if listed is None or listed.missing:  # perhaps in a folder below
            walk = walk_folder(base)
            finder = PictureFinder(walk.pictures)
            listed = _read(path, rows, lambda name: _found_either(name, finder, by_path))
    except ProblemError as error:
        content.problems.append(error.problem)
        return content
    except UnclearColumnsError as error:
        content.problems.append(_unclear(path, error))
        return content
    if listed is None or not listed.named:
        content.problems.append(Problem("list_no_pictures", "pictures.folders", path))
        return content
    part = part_said_by(PurePath(path).stem)  # counts where other sources say others
    content.pictures += [
        replace(each, part=each.part or part)
        for each in with_sensible_parts(list(listed.pictures.values()))
    ]
    content.problems += listed.problems()
    unlisted = _files_beside(listed)
    content.problems += _unlisted_problem(path, unlisted)
    content.ignored += unlisted
    return content


def _found_either(name: str, finder: PictureFinder, by_path: PicturesByPath) -> list[WalkedPicture]:
    return by_path.find(name) or finder.find(name)


def _read(path: str, rows: Sequence[Row], find: Find) -> ListedPictures | None:
    """What the rows say; ``None`` if they name no pictures."""
    columns = choose_columns(rows, lambda name: bool(find(name)))
    if columns is None:
        return None
    wanted = rows if columns.heading is None else rows[1:]
    return listed_pictures(path, wanted, columns, find)


def _files_beside(listed: ListedPictures) -> list[str]:
    """Pictures in the folders of those in the list that it does not name."""
    found = []
    for folder in sorted({os.path.dirname(path) for path in listed.named}):  # noqa: PTH120
        try:
            names = sorted(os.listdir(folder))  # noqa: PTH208
        except OSError:  # inside an archive, or gone
            continue
        for name in names:
            path = os.path.join(folder, name)  # noqa: PTH118
            is_picture = os.path.splitext(name)[1].lower() in PICTURE_SUFFIXES  # noqa: PTH122
            if is_picture and not name.startswith(".") and path not in listed.named:
                found.append(path)
    return found


def list_in_folder(walk: Walk, depth: int) -> ListInFolder | Problem | None:
    """The list that says the classes of the pictures of a folder, if there is one.

    It lies no deeper than ``depth`` folders down, and names half of the pictures, or half of its
    rows name some. Lists of a part each (``train.csv`` and ``test.csv``, or one in each folder)
    are taken together. A problem tells why the only list there is cannot be used.
    """
    taken, problem = _recognised(walk, depth)
    if not taken:
        return problem
    pictures: dict[str, FoundPicture] = {}
    named: set[str] = set()
    problems: list[Problem] = []
    for each in taken:
        named |= each.listed.named
        problems += each.listed.problems()
        for picture in each.listed.pictures.values():
            known = replace(picture, part=picture.part or each.part)
            pictures.setdefault(picture.path, known)
    unlisted = [each.path for each in walk.pictures if each.path not in named]
    first = taken[0].listed.path
    problems += _unlisted_problem(first, unlisted)
    return ListInFolder(first, list(pictures.values()), unlisted, problems)


@dataclass(frozen=True)
class _Recognised:
    """A list in a folder, and the part that it is for."""

    listed: ListedPictures
    folders: tuple[str, ...]
    part: Part | None


def _recognised(walk: Walk, depth: int) -> tuple[list[_Recognised], Problem | None]:
    """The lists to take."""
    problem = None
    found: list[_Recognised] = []
    candidates = _candidates(walk, depth) if walk.pictures else []
    finder = PictureFinder(walk.pictures if candidates else [])
    for file in candidates:
        part = part_said_by(PurePath(file.path).stem)
        try:
            listed = _read_candidate(file, partial(finder.find, near=file.folders, part=part))
        except ProblemError as error:
            if problem is None and _is_empty_table(error.problem):
                problem = error.problem
            continue
        except UnclearColumnsError as error:
            problem = problem or _unclear(file.path, error)
            continue
        if listed is not None and _is_about(listed, len(walk.pictures)):
            found.append(_Recognised(listed, file.folders, part))
    return _to_take(found), problem


def _to_take(found: list[_Recognised]) -> list[_Recognised]:
    """Those of a part each, or the one that says most."""
    parts = {each.part for each in found} - {None}
    if "training" in parts and len(parts) > 1:
        return [each for each in found if each.part is not None]
    in_part = {each.folders: each for each in reversed(found) if _is_in_part(each)}
    if len(in_part) > 1:
        return [in_part[folders] for folders in sorted(in_part)]
    return [max(found, key=lambda each: len(each.listed.pictures))] if found else []


def _is_in_part(each: _Recognised) -> bool:
    return bool(each.folders) and each.folders[-1].lower() in PART_NAMES


def _candidates(walk: Walk, depth: int) -> list[WalkedFile]:
    """The files that may be a list of these pictures: tables first, then texts."""
    near = [
        file
        for file in walk.lists
        if len(file.folders) <= depth and not _says_nothing(PurePath(file.path).name.lower())
    ]
    near.sort(key=lambda each: (each.path.lower().endswith(".txt"), natural_key(each.path)))
    return near[:_LISTS_AT_MOST]


def _is_empty_table(problem: Problem) -> bool:
    """Whether somebody will look in vain for its classes; an empty text may be anything."""
    is_table = PurePath(problem.file).suffix.lower() != ".txt"
    return is_table and problem.kind == "file_empty"


def _says_nothing(name: str) -> bool:
    """Whether it is made to be filled in (Kaggle's), or is Excel's mark of an open file."""
    return "submission" in name or name.startswith("~$")


def _read_candidate(file: WalkedFile, find: Find) -> ListedPictures | None:
    """What a file in the folder says, if it is a list; only its beginning is read if not."""
    first = read_rows(file.path, _SAMPLE_ROWS)
    try:
        columns = choose_columns(first, lambda name: bool(find(name)))
    except UnclearColumnsError as error:
        if not error.known.is_a_list(first):
            return None
        raise
    if columns is None or not columns.is_a_list(first):
        return None
    sample = listed_pictures(file.path, first[1:], columns, find)
    if not sample.named:
        return None
    return _read(file.path, read_rows(file.path), find)


def _is_about(listed: ListedPictures, pictures: int) -> bool:
    """Whether a list is one of these pictures, and not of others of which some are here."""
    named = len(listed.named)
    repeats = len({each.label for each in listed.pictures.values()}) <= max(10, named // 2)
    return repeats and (2 * named >= pictures or named >= len(listed.missing))


def with_sensible_parts(pictures: list[FoundPicture]) -> list[FoundPicture]:
    """Parts only where there is something to learn from and something else."""
    parts = {picture.part for picture in pictures} - {None}
    if "training" in parts and len(parts) > 1:
        return pictures
    return [replace(each, part=None) if each.part is not None else each for each in pictures]


def _unclear(path: str, error: UnclearColumnsError) -> Problem:
    values: dict[str, str | int | float] = {"columns": ", ".join(error.columns)}
    return Problem("list_label_unclear", "pictures.folders", path, values)


def _unlisted_problem(path: str, unlisted: list[str]) -> list[Problem]:
    if not unlisted:
        return []
    values: dict[str, str | int | float] = {
        "count": len(unlisted),
        "examples": ", ".join(PurePath(each).name for each in unlisted[:_EXAMPLES]),
    }
    return [Problem("list_files_unlisted", "pictures.folders", path, values)]
