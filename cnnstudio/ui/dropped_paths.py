"""What was dropped or chosen: sources by themselves, and loose picture files."""

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

LIST_SUFFIXES = frozenset({".csv", ".tsv", ".txt", ".xlsx"})
_LABELS_OF_ARRAYS = re.compile(r"[-.]idx1-ubyte(?:\.gz)?$", re.IGNORECASE)


@dataclass(frozen=True)
class DroppedPaths:
    """``sources`` are folders, archives and lists, ``pictures`` everything else."""

    sources: tuple[str, ...]
    pictures: tuple[str, ...]


def sorted_paths(paths: Iterable[str]) -> DroppedPaths:
    """Tell sources from pictures by their names.

    Label files of arrays are found beside the arrays, and pictures beside a list are in the list.
    """
    from cnnstudio.images.archive_paths import is_archive  # not at start-up

    sources: list[str] = []
    pictures: list[str] = []
    listed: set[str] = set()
    for path in map(os.path.normpath, paths):
        is_list = Path(path).suffix.lower() in LIST_SUFFIXES
        if is_list:
            listed.add(str(Path(path).parent))
        if is_list or Path(path).is_dir() or is_archive(path):
            sources.append(path)
        elif not _LABELS_OF_ARRAYS.search(path):
            pictures.append(path)
    loose = (path for path in pictures if str(Path(path).parent) not in listed)
    return DroppedPaths(tuple(sources), tuple(loose))


def suggested_class(pictures: Sequence[str], classes: Sequence[str]) -> str:
    """The class called like the folder that the pictures are in, else the first, else new."""
    parents = {Path(path).parent.name for path in pictures}
    name = parents.pop() if len(parents) == 1 else ""
    for each in classes:
        if each.casefold() == name.casefold():
            return each
    return classes[0] if classes else name
