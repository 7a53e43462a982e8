"""A project on disk: one folder, opened for writing by one window at a time.

``project.cnnstudio`` holds all chapters, ``runs/`` one folder for each training. Picture folders
are kept as full paths and, beside them, as paths from the project folder, so that the project
opens after it was moved, with its pictures or without them.
"""

import contextlib
import errno
import itertools
import os
import stat
import time
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import ValidationError

from cnnstudio.project.chapter import read_what_can_be
from cnnstudio.project.files import is_file, read_json, write_json_atomically, written_atomically
from cnnstudio.project.moved_pictures import find_moved_pictures, places_to_keep
from cnnstudio.project.picture_edits import PictureEdits
from cnnstudio.project.problems import Problem, ProblemError
from cnnstudio.project.project import CHAPTERS, MOST_NAME_LETTERS, SCHEMA_VERSION, Project

FILE_NAME = "project.cnnstudio"
LOCK_NAME = ".lock"
SPLIT_NAME = "split.csv"

# Some network drives know no locks. Better two windows there than none.
_NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP)


@dataclass
class ProjectFolder:
    """An opened project folder. ``notices`` say what was found while opening it."""

    path: Path
    project: Project
    notices: tuple[Problem, ...] = ()
    read_only: bool = False
    _lock: FileLock | None = None

    @property
    def file(self) -> Path:
        """The project file."""
        return self.path / FILE_NAME

    @property
    def own_pictures(self) -> Path:
        """Where pasted and recorded pictures are kept; it may not exist yet."""
        return self.path / "own pictures"

    @property
    def split_file(self) -> Path:
        """Which picture was in which part; it may not exist yet."""
        return self.path / SPLIT_NAME

    @property
    def runs(self) -> Path:
        """The folder of the runs; it may not exist yet."""
        return self.path / "runs"

    @classmethod
    def create(cls, path: Path, project: Project) -> "ProjectFolder":
        """Make a new project at ``path``, saved and locked.

        Raises:
            ProblemError: ``project_exists``, ``cannot_write``, ``disk_full``,
                ``project_read_only``.
        """
        path = path.absolute()
        if is_file(path / FILE_NAME):
            raise ProblemError(Problem("project_exists", file=str(path)))
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ProblemError(write_problem(error, path)) from error
        lock, problem = _take_lock(path)
        if problem is not None:
            raise ProblemError(problem)
        folder = cls(path, project, _lock=lock)
        try:
            folder.save(project)
        except ProblemError:
            folder.close()
            raise
        return folder

    @classmethod
    def open(cls, path: Path) -> "ProjectFolder":
        """Open the project at ``path`` (its folder or its file), read-only where it must be.

        A damaged file is copied aside and what can be read of it is kept; where there is no room
        for the copy, the project is opened read-only, so that the file stays.

        Raises:
            ProblemError: ``project_missing``, ``project_unreadable`` or ``project_newer``.
        """
        path = path.absolute()
        path = path.parent if path.name == FILE_NAME else path
        file = path / FILE_NAME
        _check_is_there(file)
        lock, problem = _take_lock(path)
        notices = [] if problem is None else [problem]
        try:
            project, damage = _read(file, may_copy=problem is None)
        except ProblemError:
            _let_go(lock)
            raise
        if damage is not None:
            notices.append(damage)
            if problem is None and damage.values["copy"] == str(file):
                _let_go(lock)
                lock, problem = None, Problem("project_read_only", file=str(path))
                notices.append(problem)
        return cls(path, project, tuple(notices), read_only=problem is not None, _lock=lock)

    def save(self, project: Project) -> None:
        """Write ``project``; the file holds either all of it or what it held before.

        Raises:
            ProblemError: ``disk_full`` or ``save_failed``.
        """
        if self.read_only:
            return
        try:
            content = {"schema_version": SCHEMA_VERSION} | project.model_dump(mode="json")
            write_json_atomically(self.file, content | places_to_keep(project, self.path))
        except OSError as error:
            problem = write_problem(error, self.file)
            if problem.kind != "disk_full":
                reason = error.strerror or type(error).__name__
                problem = Problem("save_failed", file=str(self.file), values={"reason": reason})
            raise ProblemError(problem) from error
        self.project = project

    def close(self) -> None:
        """Let other windows write here."""
        _let_go(self._lock)
        self._lock = None


def remove_if_empty(path: Path) -> bool:
    """Remove a closed project folder that holds nothing but its file; say whether it is gone."""
    others = [each.name for each in path.iterdir() if each.name not in (FILE_NAME, LOCK_NAME)]
    if others:
        return False
    with contextlib.suppress(OSError):
        for name in (FILE_NAME, LOCK_NAME):
            (path / name).unlink(missing_ok=True)
        path.rmdir()
    return not path.exists()


def write_problem(error: OSError, path: Path) -> Problem:
    """What an error while writing to ``path`` means to a person."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Problem("disk_full", file=str(path))
    reason = error.strerror or type(error).__name__
    return Problem("cannot_write", file=str(path), values={"reason": reason})


def _take_lock(path: Path) -> tuple[FileLock | None, Problem | None]:
    """The lock on a folder, or the reason why it can only be read."""
    if not os.access(path, os.W_OK):
        return None, Problem("project_read_only", file=str(path))
    # Written by everyone who may write to the folder; opened and closed by different threads.
    lock = FileLock(path / LOCK_NAME, timeout=0, mode=0o666, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        return None, Problem("project_locked", file=str(path))
    except NotImplementedError:
        return None, None
    except OSError as error:
        if error.errno in _NO_LOCKS:
            return None, None
        return None, Problem("project_read_only", file=str(path))
    return lock, None


def _let_go(lock: FileLock | None) -> None:
    # The file stays: between letting go and deleting it, another window could take it and a
    # third one make a new file, and both would hold "the" lock.
    if lock is not None:
        lock.release()


def _check_is_there(file: Path) -> None:
    try:
        is_there = stat.S_ISREG(file.stat().st_mode)
    except PermissionError as error:
        raise ProblemError(_unreadable(file, error)) from error
    except (OSError, ValueError):
        is_there = False
    if not is_there:
        raise ProblemError(Problem("project_missing", file=str(file.parent)))


def _unreadable(file: Path, error: OSError) -> Problem:
    values = {"reason": error.strerror or type(error).__name__}
    return Problem("project_unreadable", file=str(file.parent), values=values)


def _read(file: Path, may_copy: bool) -> tuple[Project, Problem | None]:
    """The project in ``file``, and what was wrong with it."""
    project = Project(name=_usual_name(file.parent))
    try:
        content = read_json(file)
    except OSError as error:
        # It may be whole, so it is not called damaged, and nothing is written in its place.
        raise ProblemError(_unreadable(file, error)) from error
    except ValueError:
        return project, _damaged(file, may_copy)
    if not isinstance(content, dict):
        return project, _damaged(file, may_copy)
    version = content.get("schema_version")
    if isinstance(version, int) and version > SCHEMA_VERSION:
        copy = _copy_aside(file, "newer") if may_copy else file
        values: dict[str, str | int | float] = {"copy": str(copy)}
        raise ProblemError(Problem("project_newer", file=str(file.parent), values=values))
    find_moved_pictures(content, file.parent)
    is_whole = version == SCHEMA_VERSION
    for name in CHAPTERS:
        chapter, is_right = read_what_can_be(type(project.chapter(name)), content.get(name))
        project = project.replacing(**{name: chapter})
        is_whole = is_whole and is_right
    edits, is_right = read_what_can_be(PictureEdits, content.get("edits", {}))
    project = project.replacing(edits=edits)
    is_whole = is_whole and is_right
    try:
        project = project.replacing(name=Project.model_validate({"name": content["name"]}).name)
    except (KeyError, ValidationError):
        is_whole = False
    return project, None if is_whole else _damaged(file, may_copy)


def _usual_name(folder: Path) -> str:
    """A project's name where none is known."""
    return folder.name[:MOST_NAME_LETTERS]


def _damaged(file: Path, may_copy: bool) -> Problem:
    copy = _copy_aside(file, "damaged") if may_copy else file
    return Problem("project_damaged", file=str(file), values={"copy": str(copy)})


def _copy_aside(file: Path, why: str) -> Path:
    """Keep a copy of ``file`` and say where; ``file`` itself where that fails.

    One with the same content is not made twice.
    """
    stamp = time.strftime("%Y%m%d-%H%M%S")
    try:
        content = file.read_bytes()
        for copy in file.parent.glob(f"{file.stem}.{why}-*{file.suffix}"):
            if is_file(copy) and copy.read_bytes() == content:
                return copy
        copy = file.with_name(f"{file.stem}.{why}-{stamp}{file.suffix}")
        for number in itertools.count(2):
            if not copy.exists():
                break
            copy = file.with_name(f"{file.stem}.{why}-{stamp}-{number}{file.suffix}")
        with written_atomically(copy) as beside:
            beside.write_bytes(content)
    except OSError:
        return file
    return copy
