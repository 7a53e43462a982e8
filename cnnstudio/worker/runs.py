"""From a plan to a run's folder for an engine to be pointed at, and what is done with it later."""

import os
import secrets
import shutil
import time
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from cnnstudio.project.checks import problems_of
from cnnstudio.project.pictures import Part
from cnnstudio.project.problems import Problem, ProblemError, errors_in
from cnnstudio.project.project import Project
from cnnstudio.project.project_folder import write_problem
from cnnstudio.project.run_folder import RunFolder, RunNotes
from cnnstudio.project.run_process import is_trained_now
from cnnstudio.project.stages import planned_epochs, stages_of

if TYPE_CHECKING:
    from cnnstudio.images.arrangement import Arrangement

MOST_NAME_LETTERS = 120

_REMOVED = ".removed"


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
        # Until the engine writes its own, this process answers for the run.
        update = {"state": "waiting"} if waiting else {"engine_process": os.getpid()}
        run.write_status(run.read_status().model_copy(update=update))
    except OSError as error:
        raise ProblemError(write_problem(error, runs)) from error
    return run


def mark_running(run: RunFolder) -> None:
    """Say on disk that ``run`` is being trained, by this process until the engine writes its own;
    how it ended before is forgotten, and what kills left half-written is removed.

    A run whose time was up goes on without a time limit: it would only end at once.

    Raises:
        ProblemError: if that cannot be written.
    """
    status, project = run.read_status(), run.read_project()
    update: dict[str, object] = {
        "state": "running",
        "engine_process": os.getpid(),
        "problem_kind": "",
        "problem_file": "",
        "problem_values": {},
        "ended_by": "plan",
    }
    if status.state == "waiting" or not (run.checkpoint.is_file() or run.read_history()):
        update["started"] = time.time()  # it begins now, and so does its time
    try:
        if status.ended_by == "time_limit":
            training = project.training.model_copy(update={"time_limit": ""})
            run.write_project(project.replacing(training=training))
        run.write_status(status.model_copy(update=update))
    except OSError as error:
        raise ProblemError(write_problem(error, run.path)) from error
    run.remove_leftovers()


def add_epochs(run: RunFolder, count: int) -> None:
    """Let ``run`` have ``count`` epochs more in its last stage, and go on.

    The usual stages are written out, so that they stay as they were. Where its time was up, the
    time limit is taken away: it would only end at once.

    Raises:
        ProblemError: ``run_is_trained``, or if its plan cannot be read or written.
    """
    if is_trained_now(run):
        raise ProblemError(Problem("run_is_trained", file=str(run.path)))
    project, status = run.read_project(), run.read_status()
    *before, last = stages_of(project)
    longer = last.model_copy(update={"added": last.added + count})
    update: dict[str, object] = {"stages": (*before, longer)}
    if status.ended_by == "time_limit":
        update["time_limit"] = ""
    training = project.training.model_copy(update=update)
    try:
        if status.state == "finished":
            # Before the plan: a kill between the two leaves a run to which they can be added again.
            run.write_status(status.model_copy(update={"state": "stopped", "ended_by": "plan"}))
        run.write_project(project.replacing(training=training))
    except OSError as error:
        raise ProblemError(write_problem(error, run.path)) from error


def take_up(run: RunFolder, added: int = 0) -> None:
    """Let ``run`` be one that is being trained again, with ``added`` epochs more. Where it cannot
    go on, nothing of it is changed.

    Raises:
        ProblemError: what stands in the way.
    """
    problem = why_not(run, added=added)
    if problem is not None:
        raise ProblemError(problem)
    if added:
        add_epochs(run, added)
    mark_running(run)


def why_not(run: RunFolder, with_pictures: bool = True, added: int = 0) -> Problem | None:
    """What stands in the way of going on with ``run``, with ``added`` epochs more; nothing if it
    can go on.

    A run that ended before its first epoch was whole begins again from there; one that broke off
    after its last epoch still asks its best model. Without
    ``with_pictures`` they are not looked for: of many on a slow drive that takes its time.
    """
    try:
        project, status = run.read_project(), run.read_status()
        if is_trained_now(run):
            return Problem("run_is_trained", file=str(run.path))
        done = len(run.read_history())
        is_short = status.ended_by == "time_limit" and done < planned_epochs(project)
        if status.state == "finished" and not is_short and not added:
            return Problem("run_is_done", file=str(run.path))
        if done and not run.checkpoint.is_file():
            return Problem("run_without_checkpoint", file=str(run.path))
        if status.problem_kind == "loss_not_a_number":
            return Problem("run_lost_its_loss", file=str(run.path))
        return _gone_picture(run) if with_pictures else None
    except ProblemError as error:
        return error.problem


def can_go_on(run: RunFolder) -> bool:
    """Whether ``run`` has more to learn and nothing stands in the way."""
    return why_not(run) is None


def changed_picture(run: RunFolder) -> Problem | None:
    """A warning that names a picture which was changed after ``run`` began, if there is one.

    Raises:
        ProblemError: ``run_damaged``.
    """
    from cnnstudio.images.archive_paths import file_state

    began = run.read_status().started * 1e9
    for picture in run.read_pictures().pictures:
        state = file_state(picture.path)
        if state is not None and state[1] > began:
            return Problem("run_picture_changed", "pictures.folders", picture.path)
    return None


def waiting_runs(runs: Collection[RunFolder]) -> list[RunFolder]:
    """Those of ``runs`` that wait for their turn, the one that waits longest first."""
    found = []
    for run in runs:
        try:
            status = run.read_status()
        except ProblemError:
            continue
        if status.state == "waiting":
            found.append((status.started, run.path.name, run))
    return [run for _, _, run in sorted(found, key=lambda each: each[:2])]


def change_notes(
    run: RunFolder,
    name: str | None = None,
    text: str | None = None,
    is_starred: bool | None = None,
) -> RunNotes:
    """Give ``run`` a name, a note or a star; what is None stays. An empty name takes it away.

    Raises:
        ProblemError: if it cannot be written.
    """
    given = {
        "name": None if name is None else " ".join(name.split())[:MOST_NAME_LETTERS],
        "text": None if text is None else text.strip(),
        "is_starred": is_starred,
    }
    update = {field: value for field, value in given.items() if value is not None}
    notes = run.read_notes().model_copy(update=update)
    try:
        run.write_notes(notes)
    except OSError as error:
        raise ProblemError(write_problem(error, run.path)) from error
    return notes


def delete_run(run: RunFolder) -> None:
    """Remove ``run`` with all that it made.

    First it gets a hidden name, so that one that is only half removed is not taken for a run;
    what was left over that way before is removed too.

    Raises:
        ProblemError: ``run_is_trained``, or if it cannot be removed.
    """
    if is_trained_now(run):
        raise ProblemError(Problem("run_is_trained", file=str(run.path)))
    hidden = run.path.with_name(f".{secrets.token_hex(8)}{_REMOVED}")
    try:
        run.path.rename(hidden)
    except OSError as error:
        raise ProblemError(write_problem(error, run.path)) from error
    for leftover in run.path.parent.glob(f".*{_REMOVED}"):
        shutil.rmtree(leftover, ignore_errors=True)


def _gone_picture(run: RunFolder) -> Problem | None:
    """The problem that names a picture of ``run`` which is gone, if there is one. Raises
    ProblemError (``run_damaged``)."""
    from cnnstudio.images.archive_paths import file_state, home_of

    for picture in run.read_pictures().pictures:
        if file_state(picture.path) is None:
            values: dict[str, str | int | float] = {"folder": home_of(picture.path)}
            where = "pictures.folders"
            return Problem("run_picture_gone", where, picture.path, values)
    return None


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
