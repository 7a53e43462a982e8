"""A ZIP as a source of pictures: the folders inside are listed as those on disk are."""

import os
from pathlib import PurePosixPath

from cnnstudio.images.archives import Inside, file_state, open_zip_member, zip_members
from cnnstudio.images.folder_sources import sorted_folder
from cnnstudio.images.folder_walk import (
    Walk,
    WalkedPicture,
    add_other_file,
    belongs_to_system,
)
from cnnstudio.images.read import PICTURE_SUFFIXES
from cnnstudio.images.sources import SourceContent
from cnnstudio.project.pictures import Part
from cnnstudio.project.problems import Problem, ProblemError


def zip_source(path: str, root_part: Part | None = None, by_names: bool = False) -> SourceContent:
    """The pictures in a ZIP with their classes, by the rules of folders."""
    try:
        walk = _walk_zip(path)
        _check_lock(path, walk)
    except ProblemError as error:
        problem = Problem(error.problem.kind, "pictures.folders", path, error.problem.values)
        return SourceContent(path, "zip", problems=[problem]).as_refused()
    content = sorted_folder(path, walk, root_part, by_names)
    content.kind = "zip"
    return content


def _walk_zip(path: str) -> Walk:
    state = file_state(path)
    modified = state[1] if state is not None else 0
    walk = Walk()
    members = sorted(zip_members(path), key=lambda member: member.name)
    for member in members:
        *folders, name = member.name.split("/")
        if any(belongs_to_system(each) for each in (*folders, name)):
            continue
        walk.folders.update(tuple(folders[:depth]) for depth in range(1, len(folders) + 1))
        walk.holds_files.add(tuple(folders))
        full = path + os.sep + member.name.replace("/", os.sep)
        suffix = PurePosixPath(name).suffix.lower()
        if suffix in PICTURE_SUFFIXES:
            picture = WalkedPicture(full, tuple(folders), member.bytes, modified)
            walk.pictures.append(picture)
        else:
            add_other_file(walk, full, tuple(folders), suffix)
    return walk


def _check_lock(path: str, walk: Walk) -> None:
    """Refuse a ZIP with a password at once, and not picture by picture.

    Raises:
        ProblemError: archive_encrypted.
    """
    if not walk.pictures:
        return
    try:
        inner = walk.pictures[0].path[len(path) + 1 :].replace(os.sep, "/")
        open_zip_member(Inside(path, inner)).close()
    except ProblemError as error:
        if error.problem.kind == "archive_encrypted":
            raise
