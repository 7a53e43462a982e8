"""Runs that are kept, in the terminal: a table, names, notes, stars, and their end."""

import os
import sys
import time
from pathlib import Path
from typing import Any

import typer

from cnnstudio.cli.output import Output, duration, percent, plain_table, quoted
from cnnstudio.cli.pictures import RUNS_NAME
from cnnstudio.project.files import is_file
from cnnstudio.project.problems import Problem, ProblemError
from cnnstudio.project.project_folder import FILE_NAME
from cnnstudio.project.run_folder import RunFolder, list_runs
from cnnstudio.project.run_process import is_trained_now
from cnnstudio.project.run_summary import RunSummary, summaries_of
from cnnstudio.project.words import say
from cnnstudio.worker.runs import can_go_on, change_notes, delete_run

STAR = "*"


def tell_runs(path: Path, output: Output) -> None:
    """List the runs at ``path``, or tell more of the one that it is.

    Raises:
        ProblemError: ``no_runs``, ``run_damaged``.
    """
    named = None if os.path.exists(path) else _of_name(path)  # noqa: PTH110 (may raise)
    if named is not None or is_file(path / "run.json"):
        run = named or RunFolder.open(path)
        runs = list_runs(run.path.parent)
        summary = next(each for each in summaries_of(runs, is_trained_now) if each.run == run)
        _tell_one(summary, output)
        return
    folder = _runs_folder(path)
    summaries = summaries_of(list_runs(folder), is_trained_now)
    if not summaries:
        output.sentence(say("There are no runs in {path} yet.", path=folder))
    else:
        _tell_table(folder, summaries, output)
    output.result(folder=str(folder.absolute()), runs=[_values(each) for each in summaries])


def run_at(path: Path) -> RunFolder:
    """The run at ``path``, or of that name among those that are listed here.

    Raises:
        ProblemError: ``run_missing``, ``run_damaged`` or ``run_name_not_one``.
    """
    named = None if is_file(path / "run.json") else _of_name(path)
    return named or RunFolder.open(path)


def _of_name(path: Path) -> RunFolder | None:
    """The run whose folder is called ``path``, else the one that a person called so.

    Raises:
        ProblemError: ``run_name_not_one`` where several have that name.
    """
    here = [run for runs in (Path(RUNS_NAME), Path("runs")) for run in list_runs(runs)]
    for run in here:
        if run.path.name == str(path):
            return run
    named = [run for run in here if run.read_notes().name == str(path)]
    if len(named) > 1:
        folders = ", ".join(run.path.name for run in named)
        values: dict[str, str | int | float] = {"name": str(path), "names": folders}
        raise ProblemError(Problem("run_name_not_one", values=values))
    return named[0] if named else None


def change(run: Path, output: Output, **what: Any) -> None:
    """Give the run a name, a note or a star, as :func:`change_notes` does.

    Raises:
        ProblemError: if there is no such run, or it cannot be written to.
    """
    opened = run_at(run)
    notes = change_notes(opened, **what)
    name = notes.name or opened.path.name
    output.sentence(say("Kept: {name}", name=f"{STAR} {name}" if notes.is_starred else name))
    if notes.text:
        output.sentence(notes.text)
    output.result(run=str(opened.path), name=notes.name, note=notes.text, starred=notes.is_starred)


def delete(run: Path, is_sure: bool, output: Output) -> int:
    """Delete the run once the person is sure; returns the exit code.

    Raises:
        ProblemError: if there is no such run, or it cannot be removed.
    """
    opened = run_at(run)
    name = opened.read_notes().name or opened.path.name
    if not is_sure and not _asks(name, output):
        message = say("The run was not deleted.")
        output.failure(message, say("With --yes it is deleted without asking."))
        return 1
    delete_run(opened)
    output.sentence(say("Deleted: {name}", name=name))
    output.result(deleted=str(opened.path))
    return 0


def _asks(name: str, output: Output) -> bool:
    if output.as_json or not sys.stdin.isatty():
        return False
    question = say("Delete the run {name} with its models and its history?", name=name)
    return typer.confirm(question)


def _runs_folder(path: Path) -> Path:
    """The folder that holds the runs meant by ``path``. Raises ProblemError (``no_runs``)."""
    if path.name == FILE_NAME:
        path = path.parent
    if is_file(path / FILE_NAME):
        return path / "runs"
    if list_runs(path):
        return path
    if os.path.isdir(path / RUNS_NAME):  # noqa: PTH112 (Path.is_dir may raise)
        return path / RUNS_NAME
    raise ProblemError(Problem("no_runs", file=str(path.absolute())))


def _tell_table(folder: Path, summaries: list[RunSummary], output: Output) -> None:
    output.sentence(say("Runs in {path}:", path=folder), "dim")
    titles = (say("Run"), say("Name"), say("Accuracy"), say("Epochs"), say("State"))
    table = plain_table("", *titles, right=(3, 4))
    table.columns[1].no_wrap = True  # to be copied in one piece
    for each in summaries:
        table.add_row(
            STAR if each.notes.is_starred else "",
            each.run.path.name,
            each.notes.name or "–",
            "–" if each.best_accuracy is None else percent(each.best_accuracy),
            each.epochs_words,
            each.state_words,
        )
    output.table(table)


def _tell_one(each: RunSummary, output: Output) -> None:
    output.sentence(f"{STAR} {each.title}" if each.notes.is_starred else each.title, "bold")
    table = plain_table("", "")
    table.show_header = False
    table.add_row(say("Folder"), str(each.run.path))
    table.add_row(say("Began"), each.when)
    table.add_row(say("Network"), each.network)
    table.add_row(say("Epochs"), each.epochs_words)
    table.add_row(say("State"), each.state_words)
    if each.best_accuracy is not None:
        best = say(
            "{accuracy} in epoch {epoch}",
            accuracy=percent(each.best_accuracy),
            epoch=each.best_epoch,
        )
        table.add_row(say("Best validation accuracy"), best)
        table.add_row(say("Time"), duration(each.seconds))
    output.table(table)
    if each.notes.text:
        output.sentence("\n" + each.notes.text)
    if each.differences:
        output.sentence("\n" + say("What differs from the run before:"))
        for line in each.differences:
            output.sentence(f"  {line}")
    if each.problem is not None:
        output.sentence("")
        output.problem(each.problem)
    command = f"cnnstudio continue {quoted(each.run.path)}"
    if can_go_on(each.run):
        output.sentence("\n" + say("Go on with: {command}", command=command))
    elif each.state == "finished":
        output.sentence("\n" + say("Add epochs with: {command} --epochs 10", command=command))
    output.result(**_values(each))


def _values(each: RunSummary) -> dict[str, Any]:
    return {
        "run": str(each.run.path),
        "name": each.notes.name,
        "note": each.notes.text,
        "starred": each.notes.is_starred,
        "began": time.strftime("%Y-%m-%dT%H:%M:%S%z", time.localtime(each.began)),
        "network": each.network,
        "state": each.state,
        "ended_by": each.ended_by,
        "epochs": each.epochs_done,
        "epochs_planned": each.epochs_planned,
        "best_epoch": each.best_epoch,
        "validation_accuracy": each.best_accuracy,
        "seconds": round(each.seconds, 2),
        "differences": list(each.differences),
    }
