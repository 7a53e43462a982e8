"""What a command shows: for people sentences, tables and bars; with ``--json`` a line an object."""

import contextlib
import io
import json
import os
import shlex
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, SpinnerColumn, TaskID, TextColumn
from rich.progress import Progress as RichProgress
from rich.table import Table
from rich.text import Text

from cnnstudio.project.amounts import duration as duration
from cnnstudio.project.problems import Problem
from cnnstudio.project.words import N_, say
from cnnstudio.protocol import Job, Progress

WIDTH_WHEN_PIPED = 120
SECONDS_BETWEEN_PROGRESS_LINES = 0.5

_JOBS: dict[Job, str] = {
    "pictures": N_("Preparing the pictures"),
    "variants": N_("Making variants of the pictures"),
    "weights": N_("Downloading the weights"),
    "weight_files": N_("Checking the files"),
    "network": N_("Preparing the network"),
    "answers": N_("Asking the model"),
    "features": N_("Frozen layers, once"),
    "rates": N_("Trying learning rates"),
    "machine": N_("Measuring this computer"),
}


class Output:
    """Where a command's sentences go. Results to stdout, what is wrong to stderr."""

    def __init__(self, as_json: bool) -> None:
        self.as_json = as_json
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                # A file's name may hold what the terminal has no letter for.
                stream.reconfigure(errors="backslashreplace")
        self.console = _console(stderr=False)
        self._errors = _console(stderr=True)

    def sentence(self, text: str, style: str = "") -> None:
        """A line for people."""
        if not self.as_json:
            self.console.print(Text(text, style), soft_wrap=True)

    def table(self, table: Table) -> None:
        """A table for people."""
        if self.as_json:
            return
        if self.console.is_terminal:
            self.console.print(table)
            return
        with self.console.capture() as captured:
            self.console.print(table)
        for line in captured.get().splitlines():
            print(line.rstrip())

    def event(self, name: str, **values: Any) -> None:
        """What happens meanwhile, for programs."""
        if self.as_json:
            self._line({"event": name} | values)

    def result(self, **values: Any) -> None:
        """What came out, for programs: the last line."""
        if self.as_json:
            self._line(values)

    def problem(self, problem: Problem) -> None:
        """One of the problems that were asked for."""
        if not self.as_json:
            self.console.print(_as_text(problem), soft_wrap=True)

    def warning(self, problem: Problem) -> None:
        """Something that is wrong but does not stand in the way."""
        self.event("problem", **as_values(problem))
        if not self.as_json:
            self._errors.print(_as_text(problem), soft_wrap=True)

    def failure(self, message: str, remedy: str, **values: Any) -> None:
        """Why the command could not be carried out; ``values`` is what came out all the same."""
        self._errors.print(Text(message, "bold red"), soft_wrap=True)
        if remedy:
            self._errors.print(Text(remedy), soft_wrap=True)
        self.result(**values, error=message, remedy=remedy)

    @contextlib.contextmanager
    def waiting(self, text: str) -> Iterator[None]:
        """Show on a terminal that something without a known length is going on."""
        if self.as_json or not self.console.is_terminal:
            yield
            return
        with self.console.status(Text(text)):
            yield

    def _line(self, values: dict[str, Any]) -> None:
        encoding = (sys.stdout.encoding or "").lower().replace("-", "")
        print(json.dumps(values, ensure_ascii=encoding != "utf8"), flush=True)


class Bars:
    """One bar for each job, as the engine tells it; off the screen when all is done."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._tasks: dict[str, TaskID] = {}
        self._told: dict[str, float] = {}
        self.rich = RichProgress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TextColumn("{task.fields[count]}", markup=False),
            TextColumn("{task.fields[note]}", markup=False),
            console=output.console,
            transient=True,
            disable=output.as_json or not output.console.is_terminal,
            redirect_stderr=sys.stderr.isatty(),
        )

    def __enter__(self) -> "Bars":
        self.rich.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.rich.stop()

    def waiting(self, is_ready: bool) -> None:
        """There is nothing to measure yet: the engine starts, or gets its work ready."""
        title = say("Getting ready") if is_ready else say("Starting the engine")
        self.step(title, None, None, "waiting")

    def show(self, progress: Progress) -> None:
        """How far a job of the engine is."""
        self.remove("waiting")
        total = progress.total or None
        if progress.job == "weights":
            note = _megabytes(progress.done, progress.total)
            self.step(say(_JOBS["weights"]), progress.done, total, "weights", note)
        else:
            self.step(say(_JOBS[progress.job]), progress.done, total, progress.job)
        self._tell(progress.job, progress.done, progress.total)

    def looked_through(self, done: int, total: int) -> None:
        """How far the check of the pictures is."""
        self.step(say("Looking through the pictures"), done, total, "check")
        self._tell("check", done, total)

    def drawn(self, done: int, total: int) -> None:
        """How far the drawing of the sample pictures is."""
        self.step(say("Drawing the sample pictures"), done, total, "samples")
        self._tell("samples", done, total)

    def step(
        self, title: str, done: int | None, total: int | None, job: str, note: str = ""
    ) -> None:
        """Move the bar of ``job``; without ``done`` and ``total`` it just goes to and fro."""
        count = "" if done is None or not total or note else f"{done}/{total}"
        values: dict[str, Any] = {"description": title, "completed": done or 0, "total": total}
        if job in self._tasks:
            self.rich.update(self._tasks[job], count=count, note=note, **values)
        else:
            self._tasks[job] = self.rich.add_task(**values, count=count, note=note)

    def remove(self, job: str) -> None:
        """Take the bar of ``job`` off the screen."""
        task = self._tasks.pop(job, None)
        if task is not None:
            self.rich.remove_task(task)

    def _tell(self, job: str, done: int, total: int) -> None:
        if done == total:
            self.remove(job)
        now = time.monotonic()
        if done < total and now - self._told.get(job, 0.0) < SECONDS_BETWEEN_PROGRESS_LINES:
            return
        self._told[job] = now
        self._output.event("progress", job=job, done=done, total=total)


def as_values(problem: Problem) -> dict[str, str]:
    """A problem for programs."""
    return {
        "file": problem.file,
        "kind": problem.kind,
        "message": problem.message,
        "remedy": problem.remedy,
    }


def plain_table(*columns: str, right: tuple[int, ...] = ()) -> Table:
    """A table without lines; the columns numbered in ``right`` hold numbers."""
    table = Table(box=None, pad_edge=False, header_style="bold", show_edge=False)
    for place, title in enumerate(columns):
        table.add_column(
            Text(title), justify="right" if place in right else "left", overflow="fold"
        )
    return table


def percent(share: float) -> str:
    """``0.975`` as people read it."""
    return f"{share * 100:.1f} %"


def quoted(path: Path) -> str:
    """``path`` as it is typed on the command line of this system."""
    if os.name == "nt":
        return f'"{path}"' if " " in str(path) else str(path)
    return shlex.quote(str(path))


def _as_text(problem: Problem) -> Text:
    style = {"error": "bold red", "warning": "yellow", "note": "cyan"}[problem.severity]
    text = Text(problem.message, style)
    text.append(f" {problem.remedy}", "default not bold")
    if problem.file and problem.file not in problem.message:
        text.append(f"\n  {problem.file}", "dim")
    return text


def _megabytes(done: int, total: int) -> str:
    if not total:
        return say("{done} MB", done=f"{done / 1e6:.1f}")
    return say("{done} of {total} MB", done=f"{done / 1e6:.1f}", total=f"{total / 1e6:.1f}")


def _console(stderr: bool) -> Console:
    console = Console(stderr=stderr, highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console = Console(
            stderr=stderr, highlight=False, markup=False, emoji=False, width=WIDTH_WHEN_PIPED
        )
    return console
