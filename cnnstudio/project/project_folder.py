"""A project on disk: one folder, opened for writing by one window at a time.

``project.cnnstudio`` holds all chapters, ``runs/`` one folder for each training. Picture folders
are kept as full paths and, beside them, as paths from the project folder, so that the project
opens after it was moved, with its pictures or without them.
"""

import contextlib
import json
import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from pydantic import ValidationError

from cnnstudio.project.files import write_text_atomically
from cnnstudio.project.problems import Problem, ProblemError
from cnnstudio.project.project import CHAPTERS, SCHEMA_VERSION, Project

FILE_NAME = "project.cnnstudio"
LOCK_NAME = ".lock"


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
    def runs(self) -> Path:
        """The folder of the runs; it may not exist yet."""
        return self.path / "runs"

    @classmethod
    def create(cls, path: Path, project: Project) -> "ProjectFolder":
        """Make a new project at ``path``, saved and locked.

        Raises:
            ProblemError: ``cannot_write``, or ``project_locked`` if one is open there.
        """
        path = path.absolute()
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ProblemError(write_problem(error, path)) from error
        lock, problem = _take_lock(path)
        if problem is not None:
            raise ProblemError(problem)
        folder = cls(path, project, _lock=lock)
        folder.save(project)
        return folder

    @classmethod
    def open(cls, path: Path) -> "ProjectFolder":
        """Open the project at ``path`` (its folder or its file), read-only where it must be.

        A damaged file is copied aside and what can be read of it is kept.

        Raises:
            ProblemError: ``project_missing`` or ``project_newer``.
        """
        path = path.absolute()
        path = path.parent if path.name == FILE_NAME else path
        file = path / FILE_NAME
        if not file.is_file():
            raise ProblemError(Problem("project_missing", file=str(path)))
        lock, problem = _take_lock(path)
        notices = [] if problem is None else [problem]
        try:
            project, damage = _read(file, may_copy=problem is None)
        except ProblemError:
            _let_go(lock)
            raise
        if damage is not None:
            notices.append(damage)
        return cls(path, project, tuple(notices), read_only=problem is not None, _lock=lock)

    def save(self, project: Project) -> None:
        """Write ``project``; the file holds either all of it or what it held before.

        Raises:
            ProblemError: ``disk_full`` or ``save_failed``.
        """
        if self.read_only:
            return
        try:
            write_text_atomically(self.file, _to_text(project, self.path))
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


def write_problem(error: OSError, path: Path) -> Problem:
    """What an error while writing to ``path`` means to a person."""
    import errno

    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Problem("disk_full", file=str(path))
    reason = error.strerror or type(error).__name__
    return Problem("cannot_write", file=str(path), values={"reason": reason})


def _take_lock(path: Path) -> tuple[FileLock | None, Problem | None]:
    """The lock on a folder, or the reason why it can only be read."""
    if not os.access(path, os.W_OK):
        return None, Problem("project_read_only", file=str(path))
    lock = FileLock(path / LOCK_NAME, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        return None, Problem("project_locked", file=str(path))
    except OSError:
        return None, Problem("project_read_only", file=str(path))
    return lock, None


def _let_go(lock: FileLock | None) -> None:
    if lock is not None:
        lock.release()
        with contextlib.suppress(OSError):
            Path(lock.lock_file).unlink(missing_ok=True)


def _read(file: Path, may_copy: bool) -> tuple[Project, Problem | None]:
    """The project in ``file``, and what was wrong with it."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        if not isinstance(content, dict):
            raise ValueError("not an object")
        version = int(content.get("schema_version", 0))
    except (OSError, ValueError, TypeError):
        return Project(name=file.parent.name), _damaged(file, may_copy)
    if version > SCHEMA_VERSION:
        copy = _copy_aside(file, "newer") if may_copy else file
        values: dict[str, str | int | float] = {"copy": str(copy)}
        raise ProblemError(Problem("project_newer", file=str(file.parent), values=values))
    _find_moved_folders(content, file.parent)
    kept: dict[str, Any] = {}
    damaged = version < 1
    for key in ("name", *CHAPTERS):
        try:
            kept[key] = getattr(Project.model_validate({key: content[key]}), key)
        except (KeyError, ValidationError):
            damaged = True
    kept.setdefault("name", file.parent.name)
    return Project().model_copy(update=kept), _damaged(file, may_copy) if damaged else None


def _damaged(file: Path, may_copy: bool) -> Problem:
    copy = _copy_aside(file, "damaged") if may_copy else file
    return Problem("project_damaged", file=str(file), values={"copy": str(copy)})


def _copy_aside(file: Path, why: str) -> Path:
    """Keep a copy of ``file``; one with the same content is not made twice."""
    for copy in file.parent.glob(f"{file.stem}.{why}-*{file.suffix}"):
        with contextlib.suppress(OSError):
            if copy.read_bytes() == file.read_bytes():
                return copy
    stamp = time.strftime("%Y%m%d-%H%M%S")
    copy = file.with_name(f"{file.stem}.{why}-{stamp}{file.suffix}")
    try:
        shutil.copy2(file, copy)
    except OSError:
        return file
    return copy


def _to_text(project: Project, folder: Path) -> str:
    content = {"schema_version": SCHEMA_VERSION} | project.model_dump(mode="json")
    content["relative_folders"] = {
        each: relative
        for each in project.pictures.folders
        if (relative := _relative(each, folder)) is not None
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def _relative(path: str, folder: Path) -> str | None:
    """``path`` from ``folder``; none from one Windows drive to another."""
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:
        return None


def _find_moved_folders(content: dict[str, Any], folder: Path) -> None:
    """Point picture folders to where they are now, seen from the project's present place."""
    relative = content.get("relative_folders")
    pictures = content.get("pictures")
    if not isinstance(relative, dict) or not isinstance(pictures, dict):
        return
    folders = pictures.get("folders")
    if not isinstance(folders, list):
        return
    pictures["folders"] = [_present_place(each, relative.get(each), folder) for each in folders]


def _present_place(saved: str, relative: Any, folder: Path) -> str:
    if isinstance(relative, str):
        moved = Path(os.path.normpath(folder / relative))
        if moved.is_dir():
            return str(moved)
    return saved
