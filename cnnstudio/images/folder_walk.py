"""Everything below a folder, listed once and quickly; nothing is opened."""

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from cnnstudio.images.archives import is_archive
from cnnstudio.images.list_files import LIST_SUFFIXES
from cnnstudio.images.read import PICTURE_SUFFIXES
from cnnstudio.project.problems import Problem

UNSUPPORTED_SUFFIXES = frozenset(
    {*(".jxl", ".svg", ".xcf", ".eps", ".ai", ".pdf", ".raw")}
    | {*(".cr2", ".cr3", ".nef", ".arw", ".dng", ".orf", ".rw2", ".raf", ".srw")}
)
"""Pictures that Pillow cannot read, or not safely."""

_IDX_SUFFIXES = frozenset({"", ".gz", ".idx3-ubyte", ".idx4-ubyte"})

_SYSTEM_NAMES = frozenset(
    {*("thumbs.db", "desktop.ini", "ehthumbs.db", "__macosx", "@eadir", "lost+found")}
    | {*("$recycle.bin", "system volume information", "icon\r")}
)


class WalkedPicture(NamedTuple):
    """A file with a picture's name; ``folders`` leads from the walked folder to it."""

    path: str
    folders: tuple[str, ...]
    bytes: int
    modified_ns: int


@dataclass(frozen=True)
class WalkedFile:
    """A file that may say something about the pictures."""

    path: str
    folders: tuple[str, ...]


@dataclass
class Walk:
    """What lies below one folder. ``folders`` are all below it, ``holds_files`` those with any.

    ``lists`` have the name of a list of pictures, ``arrays`` that of an array with some.
    """

    pictures: list[WalkedPicture] = field(default_factory=list)
    lists: list[WalkedFile] = field(default_factory=list)
    arrays: list[WalkedFile] = field(default_factory=list)
    unsupported: list[str] = field(default_factory=list)
    folders: set[tuple[str, ...]] = field(default_factory=set)
    holds_files: set[tuple[str, ...]] = field(default_factory=set)
    ignored: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def walk_folder(root: str) -> Walk:
    """List all below ``root``; links are followed, but no folder is entered twice.

    Real folders come before linked ones, so a link never takes a folder's pictures away from it.
    """
    walk = Walk()
    entered: set[tuple[int, int]] = set()
    real: list[tuple[str, tuple[str, ...]]] = [(root, ())]
    linked: list[tuple[str, tuple[str, ...]]] = []
    while real or linked:
        path, folders = real.pop() if real else linked.pop(0)
        try:
            facts = Path(path).stat()
            if (facts.st_dev, facts.st_ino) in entered:
                walk.ignored.append(path)
                continue
            entered.add((facts.st_dev, facts.st_ino))
            with os.scandir(path) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError:
            walk.problems.append(Problem("folder_unreadable", "pictures.folders", path))
            walk.holds_files.add(folders)
            continue
        for entry in found:
            if not _is_writable_name(entry.name):
                shown = os.fsencode(entry.path).decode("utf-8", "backslashreplace")
                walk.problems.append(Problem("name_unreadable", "pictures.folders", shown))
                walk.ignored.append(shown)
            elif _is_hidden(entry):
                walk.ignored.append(entry.path)
            elif _is_folder(entry):
                walk.folders.add((*folders, entry.name))
                target = linked if entry.is_symlink() else real
                target.append((entry.path, (*folders, entry.name)))
            else:
                walk.holds_files.add(folders)
                _add_file(walk, entry, folders)
    return walk


def add_other_file(walk: Walk, path: str, folders: tuple[str, ...], suffix: str) -> None:
    """Note a file that is no picture."""
    walk.ignored.append(path)
    if suffix in UNSUPPORTED_SUFFIXES:
        walk.unsupported.append(path)
    elif suffix in LIST_SUFFIXES:
        walk.lists.append(WalkedFile(path, folders))
    elif suffix == ".npz" or (suffix in _IDX_SUFFIXES and is_archive(path)):
        walk.arrays.append(WalkedFile(path, folders))


def _add_file(walk: Walk, entry: os.DirEntry[str], folders: tuple[str, ...]) -> None:
    suffix = os.path.splitext(entry.name)[1].lower()  # noqa: PTH122 (many thousand times)
    if suffix not in PICTURE_SUFFIXES:
        add_other_file(walk, entry.path, folders, suffix)
        return
    try:
        facts = entry.stat()
        size, modified = facts.st_size, facts.st_mtime_ns
    except OSError:  # a link to nowhere: the reader will say that it is missing
        size, modified = 0, 0
    walk.pictures.append(WalkedPicture(entry.path, folders, size, modified))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


def belongs_to_system(name: str) -> bool:
    """Whether a file or folder of this name is none of the person's own."""
    return name.startswith(".") or name.lower() in _SYSTEM_NAMES


def _is_hidden(entry: os.DirEntry[str]) -> bool:
    if belongs_to_system(entry.name):
        return True
    if os.name != "nt":
        return False
    attributes = getattr(entry.stat(follow_symlinks=False), "st_file_attributes", 0)
    return bool(attributes & getattr(stat, "FILE_ATTRIBUTE_HIDDEN", 2))


def _is_writable_name(name: str) -> bool:
    """Whether a name can be written down; one from a foreign system may hold stray bytes."""
    if name.isascii():
        return True
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
