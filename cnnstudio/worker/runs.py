"""From a plan to a run's folder that an engine can be pointed at."""

import shutil
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from cnnstudio.project.checks import problems_of
from cnnstudio.project.pictures import Part
from cnnstudio.project.problems import Problem, ProblemError, errors_in
from cnnstudio.project.project import Project
from cnnstudio.project.project_folder import write_problem
from cnnstudio.project.run_folder import RunFolder, RunStatus
from cnnstudio.project.stages import planned_epochs, stages_of

if TYPE_CHECKING:
    from cnnstudio.images.arrangement import Arrangement


def begin_run(
    project: Project,
    runs: Path,
    arrangement: "Arrangement | None" = None,
    waiting: bool = False,
) -> RunFolder:
    """Check plan and pictures, and make the folder of a new run below ``runs``.

    Without an ``arrangement`` of the project's pictures, they are looked through here. A
    ``waiting`` run stands in the queue.

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
        run = RunFolder.create(runs, project, listing)
        if waiting:
            run.write_status(run.read_status().model_copy(update={"state": "waiting"}))
    except OSError as error:
        raise ProblemError(write_problem(error, runs)) from error
    return run


def add_epochs(run: RunFolder, count: int) -> None:
    """Let ``run`` have ``count`` epochs more, in its last stage.

    Raises:
        ProblemError: if its plan cannot be read or written.
    """
    project = run.read_project()
    *before, last = stages_of(project)
    longer = last.model_copy(update={"added": last.added + count})
    training = project.training.model_copy(update={"stages": (*before, longer)})
    try:
        run.write_project(project.replacing(training=training))
    except OSError as error:
        raise ProblemError(write_problem(error, run.path)) from error


def why_not(run: RunFolder) -> Problem | None:
    """What stands in the way of going on with ``run``; nothing if it can go on."""
    try:
        project, status = run.read_project(), run.read_status()
    except ProblemError as error:
        return error.problem
    if is_trained_now(status):
        return Problem("run_is_trained", file=str(run.path))
    done = len(run.read_history())
    if status.state == "finished" and done >= planned_epochs(project):
        return Problem("run_is_done", file=str(run.path))
    return None


def can_go_on(run: RunFolder) -> bool:
    """Whether ``run`` has more to learn and nothing stands in the way."""
    return why_not(run) is None


def is_trained_now(status: RunStatus) -> bool:
    """Whether an engine, of this program or another, is at work on the run."""
    return status.state == "running" and bool(status.engine_process) and _is_engine(status)


def _is_engine(status: RunStatus) -> bool:
    """Whether the process that was noted still is the engine that began the run: numbers of
    processes are given again."""
    import psutil

    try:
        process = psutil.Process(status.engine_process)
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


def delete_run(run: RunFolder) -> None:
    """Remove ``run`` with all that it made. First it loses its name, so that a run that is only
    half removed is not taken for one.

    Raises:
        ProblemError: ``run_is_trained``, or if it cannot be removed.
    """
    try:
        is_busy = is_trained_now(run.read_status())
    except ProblemError:
        is_busy = False  # a damaged run can be removed too
    if is_busy:
        raise ProblemError(Problem("run_is_trained", file=str(run.path)))
    hidden = run.path.with_name(f".{run.path.name}.removed")
    try:
        run.path.rename(hidden)
        shutil.rmtree(hidden)
    except OSError as error:
        raise ProblemError(write_problem(error, run.path)) from error


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
