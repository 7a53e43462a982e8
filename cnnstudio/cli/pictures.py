"""What a command is about: a project or a source of pictures, and the memory of its split."""

import contextlib
import hashlib
import os
from collections.abc import Collection
from pathlib import Path

from cnnstudio.cli.output import Output
from cnnstudio.project.fields import apply_settings
from cnnstudio.project.files import is_file
from cnnstudio.project.kept_split import KeptSplit
from cnnstudio.project.pictures import PicturesPlan
from cnnstudio.project.places import documents_folder, settings_folder
from cnnstudio.project.project import Project
from cnnstudio.project.project_folder import FILE_NAME, SPLIT_NAME, ProjectFolder
from cnnstudio.worker.runs import folder_around

RUNS_NAME = "cnnstudio-runs"


def project_at(
    path: Path, assignments: list[str], output: Output, labels_in_names: bool = False
) -> tuple[Project, Path]:
    """What stands at ``path``, a project or a source of pictures, and where its runs go.

    With ``labels_in_names``, the classes are taken from the file names.

    Raises:
        ProblemError: if the project cannot be opened or an assignment is wrong.
    """
    if path.name == FILE_NAME or is_file(path / FILE_NAME):
        folder = ProjectFolder.open(path)
        folder.close()
        for notice in folder.notices:
            # That another window has it open does not matter: a run is a folder of its own.
            if notice.kind not in ("project_locked", "project_read_only"):
                output.warning(notice)
        project, runs = folder.project, folder.runs
        return _with_labels(apply_settings(project, assignments), labels_in_names), runs
    project = Project(pictures=PicturesPlan(folders=(str(path.absolute()),)))
    project = _with_labels(apply_settings(project, assignments), labels_in_names)
    return project, usual_runs_folder(project.pictures.folders)


def usual_runs_folder(picture_folders: Collection[str]) -> Path:
    """Where runs without a project go: here, unless that is inside the pictures or locked."""
    here = Path.cwd() / RUNS_NAME
    if folder_around(here, picture_folders) is None and os.access(Path.cwd(), os.W_OK):
        return here
    return documents_folder() / RUNS_NAME


def split_file_at(path: Path) -> Path:
    """Where it is remembered which picture of ``path`` was in which part.

    That is the project's own file, or, as nothing is written to folders of pictures, one among
    the program's settings.
    """
    folder = path.parent if path.name == FILE_NAME else path
    if is_file(folder / FILE_NAME):
        return folder / SPLIT_NAME
    name = hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:32]
    return settings_folder() / "splits" / f"{name}.csv"


def remembered_split(split_file: Path, plan: PicturesPlan) -> KeptSplit:
    """The split of the last time, or an empty one where it was by another seed or other shares."""
    kept = KeptSplit.load(split_file)
    return kept if kept is not None and kept.is_of(plan) else KeptSplit.empty(plan)


def remember_split(split_file: Path, kept: KeptSplit) -> None:
    """Keep it for the next time; without a place for it, the same pictures are split the same."""
    with contextlib.suppress(OSError):
        split_file.parent.mkdir(parents=True, exist_ok=True)
        kept.save(split_file)


def _with_labels(project: Project, labels_in_names: bool) -> Project:
    if not labels_in_names:
        return project
    plan = project.pictures.model_copy(update={"labels_in_names": project.pictures.folders})
    return project.replacing(pictures=plan)
