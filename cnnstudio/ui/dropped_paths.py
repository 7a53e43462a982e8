"""What was dropped or chosen: sources by themselves, and loose picture files."""

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

_LABELS_OF_ARRAYS = re.compile(r"[-.]idx1-ubyte(?:\.gz)?$", re.IGNORECASE)


@dataclass(frozen=True)
class DroppedPaths:
    """``sources`` are folders, archives and lists, ``others`` what is of no use here."""

    sources: tuple[str, ...]
    pictures: tuple[str, ...]
    others: tuple[str, ...] = ()


def sorted_paths(paths: Iterable[str]) -> DroppedPaths:
    """Tell sources from pictures by their names.

    Label files of arrays are found beside the arrays, and pictures beside a list are in the list.
    Pictures of kinds that cannot be read are pictures, too: the check says what to do with them.
    """
    from cnnstudio.images.archive_paths import is_archive  # not at start-up
    from cnnstudio.images.folder_walk import UNSUPPORTED_SUFFIXES
    from cnnstudio.images.formats import PICTURE_SUFFIXES
    from cnnstudio.images.list_files import LIST_SUFFIXES

    of_pictures = PICTURE_SUFFIXES | UNSUPPORTED_SUFFIXES
    others: list[str] = []
    sources: list[str] = []
    pictures: list[str] = []
    listed: set[str] = set()
    for path in map(os.path.normpath, paths):
        suffix = Path(path).suffix.lower()
        is_list = suffix in LIST_SUFFIXES
        if is_list:
            listed.add(str(Path(path).parent))
        if is_list or Path(path).is_dir() or is_archive(path):
            sources.append(path)
        elif suffix in of_pictures:
            pictures.append(path)
        elif not _LABELS_OF_ARRAYS.search(path):
            others.append(path)
    loose = (path for path in pictures if str(Path(path).parent) not in listed)
    return DroppedPaths(tuple(sources), tuple(loose), tuple(others))


def suggested_class(pictures: Sequence[str], classes: Sequence[str]) -> str:
    """The class called like the folder that the pictures are in, else the first, else new."""
    parents = {Path(path).parent.name for path in pictures}
    name = parents.pop() if len(parents) == 1 else ""
    for each in classes:
        if each.casefold() == name.casefold():
            return each
    return classes[0] if classes else name
