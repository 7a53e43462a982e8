"""A run on disk: a folder that opens after a kill at any moment.

=================  ==============================================================
``plan.json``      the project as it was when the run began
``pictures.csv``   which picture was in which part
``history.csv``    a line an epoch
``details.jsonl``  what each class and the watched pictures were given, a line an epoch
``checkpoint.npz`` everything that is needed to go on after the last whole epoch
``last.keras``     the model after the last epoch, ``best.keras`` after the best
``evaluation.json`` answers for the validation (or test) pictures
``run.json``       how it stands: running, or how it ended
``log.txt``        what the engine printed
``notes.json``     the name, notes and star that a person gave it
=================  ==============================================================
"""

import contextlib
import itertools
import shutil
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from cnnstudio.project.epochs import (
    EpochDetails,
    EpochFacts,
    append_line,
    details_line,
    history_heading,
    history_line,
    read_details,
    read_history,
    write_details,
    write_history,
)
from cnnstudio.project.files import is_file, read_json, write_json_atomically
from cnnstudio.project.listing import PictureList
from cnnstudio.project.network_table import find_network
from cnnstudio.project.problems import Problem, ProblemError
from cnnstudio.project.project import Project
from cnnstudio.project.results import Evaluation

RunState = Literal["waiting", "running", "finished", "stopped", "failed", "crashed"]
EndedBy = Literal["plan", "early_stopping", "time_limit", "window_gone"]


class RunExpense(BaseModel):
    """What a run took, and what had been predicted without corrections (0: not known).

    ``kind`` is the kind of work that an epoch was, see :data:`price.WorkKind`; bytes are the most
    that the engine took at once.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    network: str = ""
    kind: str = ""
    seconds_an_epoch: float = 0.0
    seconds_once: float = 0.0
    memory_bytes: int = 0
    predicted_seconds_an_epoch: float = 0.0
    predicted_seconds_once: float = 0.0
    predicted_memory_bytes: int = 0


class RunStatus(BaseModel):
    """How a run stands. ``problem_kind`` and ``problem_values`` make the sentence again.

    ``ended_by`` says why a run may have fewer epochs than planned; with 'window_gone' nobody
    stopped it, but the program that had begun it was gone. ``engine_process`` is the process that
    trains it, before that the one that will see to it.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    state: RunState = "running"
    classes: tuple[str, ...] = ()
    started: float = 0.0
    seconds: float = 0.0
    engine_process: int = 0
    problem_kind: str = ""
    problem_file: str = ""
    problem_values: dict[str, str | int | float] = {}
    ended_by: EndedBy = "plan"
    expense: RunExpense | None = None

    @property
    def problem(self) -> Problem | None:
        """Why the run ended early, if it did."""
        if not self.problem_kind:
            return None
        found = Problem(self.problem_kind, file=self.problem_file, values=self.problem_values)
        # Another version of the program may know other kinds and values.
        return found if found.is_known else Problem("unknown_ending", file=self.problem_file)


class RunNotes(BaseModel):
    """What a person wrote about a run."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: str = ""
    text: str = ""
    is_starred: bool = False


@dataclass(frozen=True)
class RunFolder:
    """The folder of one run."""

    path: Path

    @property
    def last_model(self) -> Path:
        """The model after the last epoch."""
        return self.path / "last.keras"

    @property
    def best_model(self) -> Path:
        """The model after the epoch with the best validation accuracy."""
        return self.path / "best.keras"

    @property
    def log(self) -> Path:
        """What the engine printed, both streams."""
        return self.path / "log.txt"

    @property
    def history_file(self) -> Path:
        """The history as CSV."""
        return self.path / "history.csv"

    @property
    def details_file(self) -> Path:
        """What each class and the watched pictures were given, by epoch."""
        return self.path / "details.jsonl"

    @property
    def checkpoint(self) -> Path:
        """What is needed to go on after the last whole epoch."""
        return self.path / "checkpoint.npz"

    def model(self, which: Literal["best", "last"]) -> Path:
        """The wanted model, or the other one where only that exists.

        Raises:
            ProblemError: ``run_without_model``.
        """
        order = [self.best_model, self.last_model]
        for path in order if which == "best" else reversed(order):
            if path.is_file():
                return path
        raise ProblemError(Problem("run_without_model", file=str(self.path)))

    @classmethod
    def create(cls, runs: Path, project: Project, pictures: PictureList) -> "RunFolder":
        """Make a new run folder below ``runs``.

        Raises:
            OSError: if it cannot be written.
        """
        runs.mkdir(parents=True, exist_ok=True)
        row = find_network(project.network.base)
        stem = f"{time.strftime('%Y-%m-%d_%H-%M-%S')}_{row.key if row else 'network'}"
        path = _new_folder(runs.absolute(), stem)
        run = cls(path)
        try:
            run.write_project(project)
            pictures.save(path / "pictures.csv")
            run.write_status(RunStatus(classes=pictures.classes, started=time.time()))
        except OSError:
            shutil.rmtree(path, ignore_errors=True)
            raise
        return run

    @classmethod
    def open(cls, path: Path) -> "RunFolder":
        """The run at ``path``, checked to be one.

        Raises:
            ProblemError: ``run_missing`` or ``run_damaged``.
        """
        run = cls(path.absolute())
        if not is_file(path / "run.json"):
            raise ProblemError(Problem("run_missing", file=str(path)))
        run.read_status()
        return run

    def remove_leftovers(self) -> None:
        """Remove what kills left half-written. For whoever is about to train the run, alone."""
        for path in self.path.glob(".*"):
            with contextlib.suppress(OSError):
                path.unlink()

    def read_project(self) -> Project:
        """The plan that the run was made with. Raises ProblemError (``run_damaged``)."""
        try:
            return Project.model_validate(read_json(self.path / "plan.json"))
        except (OSError, ValueError) as error:
            raise ProblemError(Problem("run_damaged", file=str(self.path))) from error

    def write_project(self, project: Project) -> None:
        """Keep a changed plan, such as one with more epochs. Raises OSError."""
        write_json_atomically(self.path / "plan.json", project.model_dump(mode="json"))

    def read_pictures(self) -> PictureList:
        """The pictures of the run. Raises ProblemError (``run_damaged``)."""
        try:
            return PictureList.load(self.path / "pictures.csv", self.read_status().classes)
        except (OSError, ValueError) as error:
            raise ProblemError(Problem("run_damaged", file=str(self.path))) from error

    def read_status(self) -> RunStatus:
        """How the run stands. Raises ProblemError (``run_damaged``)."""
        try:
            return RunStatus.model_validate(read_json(self.path / "run.json"))
        except (OSError, ValueError) as error:
            raise ProblemError(Problem("run_damaged", file=str(self.path))) from error

    def write_status(self, status: RunStatus) -> None:
        """Keep ``status``. Raises OSError."""
        write_json_atomically(self.path / "run.json", status.model_dump(mode="json"))

    def end(
        self,
        state: RunState,
        seconds: float,
        problem: Problem | None = None,
        ended_by: EndedBy = "plan",
    ) -> None:
        """Write how the run ended. Raises OSError, ProblemError."""
        update = {"state": state, "seconds": seconds, "ended_by": ended_by}
        status = self.read_status().model_copy(update=update)
        if problem is not None:
            status = status.model_copy(
                update={
                    "problem_kind": problem.kind,
                    "problem_file": problem.file,
                    "problem_values": dict(problem.values),
                }
            )
        self.write_status(status)

    def append_epoch(self, facts: EpochFacts, details: EpochDetails | None = None) -> None:
        """Add a line to the history, on disk before this returns. Raises OSError."""
        if details is not None:
            append_line(self.details_file, details_line(details))
        append_line(self.history_file, history_line(facts), history_heading())

    def rewrite_epochs(
        self, history: Iterable[EpochFacts], details: Iterable[EpochDetails]
    ) -> None:
        """History and details anew. Raises OSError."""
        write_details(self.details_file, details)
        write_history(self.history_file, history)

    def read_history(self) -> list[EpochFacts]:
        """All whole lines of the history; a last line cut off by a kill is passed over."""
        return read_history(self.history_file)

    def read_details(self) -> list[EpochDetails]:
        """What is known of each class and the watched pictures, by epoch."""
        return read_details(self.details_file)

    def read_notes(self) -> RunNotes:
        """What a person wrote about the run; nothing where that cannot be read."""
        try:
            return RunNotes.model_validate(read_json(self.path / "notes.json"))
        except (OSError, ValueError):
            return RunNotes()

    def write_notes(self, notes: RunNotes) -> None:
        """Keep ``notes``. A file of its own: the engine writes the status. Raises OSError."""
        write_json_atomically(self.path / "notes.json", notes.model_dump(mode="json"))

    def write_evaluation(self, evaluation: Evaluation) -> None:
        """Keep what the model answered. Raises OSError."""
        write_json_atomically(self.path / "evaluation.json", evaluation.model_dump(mode="json"))

    def read_evaluation(self) -> Evaluation | None:
        """What the model answered, if it was asked."""
        try:
            return Evaluation.model_validate(read_json(self.path / "evaluation.json"))
        except (OSError, ValueError):
            return None


def _new_folder(runs: Path, stem: str) -> Path:
    """A folder made below ``runs``, called ``stem`` or so. Raises OSError."""
    for attempt in itertools.count(1):
        path = runs / (stem if attempt == 1 else f"{stem}_{attempt}")
        try:
            path.mkdir()
            break
        except FileExistsError:
            continue
    return path


def list_runs(runs: Path) -> list[RunFolder]:
    """All runs below ``runs`` that can be opened, the newest first. Hidden ones are on their way
    out."""
    try:
        paths = sorted((p for p in runs.iterdir() if not p.name.startswith(".")), reverse=True)
    except OSError:
        return []
    found = []
    for path in paths:
        try:
            found.append(RunFolder.open(path))
        except ProblemError:
            continue
    return found
