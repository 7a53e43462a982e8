"""From a plan to a run's folder that an engine can be pointed at."""

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from cnnstudio.project.checks import problems_of
from cnnstudio.project.pictures import Part
from cnnstudio.project.problems import Problem, ProblemError, errors_in
from cnnstudio.project.project import Project
from cnnstudio.project.project_folder import write_problem
from cnnstudio.project.run_folder import RunFolder

if TYPE_CHECKING:
    from cnnstudio.images.arrangement import Arrangement


def begin_run(project: Project, runs: Path, arrangement: "Arrangement | None" = None) -> RunFolder:
    """Check plan and pictures, and make the folder of a new run below ``runs``.

    Without an ``arrangement`` of the project's pictures, they are looked through here.

    Raises:
        ProblemError: the first problem that stands in the way.
    """
    if not project.pictures.folders and not project.edits.added:
        raise ProblemError(Problem("no_folder", "pictures.folders"))
    require_outside(runs, project.pictures.folders)
    if arrangement is None:
        arrangement = look_through(project)
    listing = arrangement.listing
    num_classes = len(listing.classes) if listing is not None else None
    wrong = [*errors_in(arrangement.problems), *errors_in(problems_of(project, num_classes))]
    if wrong:
        raise ProblemError(wrong[0])
    assert listing is not None, "an arrangement without a listing has an error"
    try:
        return RunFolder.create(runs, project, listing)
    except OSError as error:
        raise ProblemError(write_problem(error, runs)) from error


def look_through(
    project: Project,
    before: Mapping[str, Part] | None = None,
    on_progress: Callable[[int, int], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> "Arrangement":
    """Find a project's pictures, look into each one, and arrange them.

    ``before`` says which part each content (by digest) was in the last time.

    Raises:
        InterruptedError: once ``should_stop`` answers yes.
    """
    from cnnstudio.images.arrangement import arrange, scan_pictures  # NumPy: not at start-up
    from cnnstudio.images.checking import check_pictures

    report = check_pictures(scan_pictures(project), on_progress, should_stop)
    return arrange(report.scan, project.pictures, project.edits, report, before)


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
