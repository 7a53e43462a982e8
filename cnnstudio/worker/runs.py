"""From a plan to a run's folder that an engine can be pointed at."""

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from cnnstudio.project.checks import problems_of
from cnnstudio.project.problems import Problem, ProblemError, errors_in
from cnnstudio.project.project import Project
from cnnstudio.project.project_folder import write_problem
from cnnstudio.project.run_folder import RunFolder

if TYPE_CHECKING:
    from cnnstudio.images.scan import Scan


def begin_run(
    project: Project, runs: Path, scan: "Scan | None" = None, left_out: Collection[str] = ()
) -> RunFolder:
    """Check plan and pictures, split them, and make the folder of a new run below ``runs``.

    ``scan`` is that of the plan's folders where it was made already, ``left_out`` the paths of
    pictures that are not to be used.

    Raises:
        ProblemError: the first problem that stands in the way.
    """
    from cnnstudio.images.scan import scan_folders  # NumPy: not when the window starts
    from cnnstudio.images.split import split_pictures

    if not project.pictures.folders:
        raise ProblemError(Problem("no_folder", "pictures.folders"))
    require_outside(runs, project.pictures.folders)
    if scan is None:
        scan = scan_folders(project.pictures.folders)
    wrong = [*errors_in(scan.problems), *errors_in(problems_of(project, len(scan.classes)))]
    if wrong:
        raise ProblemError(wrong[0])
    pictures = split_pictures(scan, project.pictures, left_out)
    try:
        return RunFolder.create(runs, project, pictures)
    except OSError as error:
        raise ProblemError(write_problem(error, runs)) from error


def require_outside(runs: Path, folders: Collection[str]) -> None:
    """Picture folders are never written to.

    Raises:
        ProblemError: ``runs_in_pictures``.
    """
    if (folder := folder_around(runs, folders)) is not None:
        values: dict[str, str | int | float] = {"folder": folder}
        raise ProblemError(Problem("runs_in_pictures", file=str(runs), values=values))


def folder_around(path: Path, folders: Collection[str]) -> str | None:
    """The one of ``folders`` that ``path`` lies in, if any."""
    place = path.resolve()
    return next((each for each in folders if place.is_relative_to(Path(each).resolve())), None)
