"""A run on disk: a folder that opens after a kill at any moment.

=================  ==============================================================
``plan.json``      the project as it was when the run began
``pictures.csv``   which picture was in which part
``history.csv``    a line an epoch
``last.keras``     the model after the last epoch, ``best.keras`` after the best
``evaluation.json`` answers for the validation (or test) pictures
``run.json``       how it stands: running, or how it ended
``log.txt``        what the engine printed
=================  ==============================================================
"""

import csv
import os
import time
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from cnnstudio.project.files import write_text_atomically
from cnnstudio.project.listing import PictureList
from cnnstudio.project.problems import Problem, ProblemError
from cnnstudio.project.project import Project
from cnnstudio.project.results import Evaluation

RunState = Literal["running", "finished", "stopped", "failed", "crashed"]


@dataclass(frozen=True)
class EpochFacts:
    """One line of the history. Accuracies 0 to 1; ``epoch`` counts from 1."""

    epoch: int
    loss: float
    accuracy: float
    validation_loss: float
    validation_accuracy: float
    seconds: float


class RunStatus(BaseModel):
    """How a run stands. ``problem_kind`` and ``problem_values`` make the sentence again."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    state: RunState = "running"
    classes: tuple[str, ...] = ()
    started: float = 0.0
    seconds: float = 0.0
    engine_process: int = 0
    problem_kind: str = ""
    problem_file: str = ""
    problem_values: dict[str, str | int | float] = {}

    @property
    def problem(self) -> Problem | None:
        """Why the run ended early, if it did."""
        if not self.problem_kind:
            return None
        return Problem(self.problem_kind, file=self.problem_file, values=self.problem_values)


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
        stem = f"{time.strftime('%Y-%m-%d_%H-%M-%S')}_{project.network.base}"
        for attempt in range(1, 1000):
            path = runs / (stem if attempt == 1 else f"{stem}_{attempt}")
            try:
                path.mkdir()
                break
            except FileExistsError:
                continue
        run = cls(path.absolute())
        write_text_atomically(path / "plan.json", project.model_dump_json(indent=1))
        pictures.save(path / "pictures.csv")
        run.write_status(RunStatus(classes=pictures.classes, started=time.time()))
        return run

    @classmethod
    def open(cls, path: Path) -> "RunFolder":
        """The run at ``path``, checked to be one.

        Raises:
            ProblemError: ``run_missing`` or ``run_damaged``.
        """
        run = cls(path.absolute())
        if not (path / "run.json").is_file():
            raise ProblemError(Problem("run_missing", file=str(path)))
        run.read_status()
        return run

    def read_project(self) -> Project:
        """The plan that the run was made with. Raises ProblemError (``run_damaged``)."""
        try:
            return Project.model_validate_json((self.path / "plan.json").read_bytes())
        except (OSError, ValidationError) as error:
            raise ProblemError(Problem("run_damaged", file=str(self.path))) from error

    def read_pictures(self) -> PictureList:
        """The pictures of the run. Raises ProblemError (``run_damaged``)."""
        try:
            return PictureList.load(self.path / "pictures.csv", self.read_status().classes)
        except (OSError, ValueError, KeyError) as error:
            raise ProblemError(Problem("run_damaged", file=str(self.path))) from error

    def read_status(self) -> RunStatus:
        """How the run stands. Raises ProblemError (``run_damaged``)."""
        try:
            return RunStatus.model_validate_json((self.path / "run.json").read_bytes())
        except (OSError, ValidationError) as error:
            raise ProblemError(Problem("run_damaged", file=str(self.path))) from error

    def write_status(self, status: RunStatus) -> None:
        """Keep ``status``. Raises OSError."""
        write_text_atomically(self.path / "run.json", status.model_dump_json(indent=1))

    def end(self, state: RunState, seconds: float, problem: Problem | None = None) -> None:
        """Write how the run ended. Raises OSError, ProblemError."""
        status = self.read_status().model_copy(update={"state": state, "seconds": seconds})
        if problem is not None:
            status = status.model_copy(
                update={
                    "problem_kind": problem.kind,
                    "problem_file": problem.file,
                    "problem_values": dict(problem.values),
                }
            )
        self.write_status(status)

    def append_epoch(self, facts: EpochFacts) -> None:
        """Add a line to the history, on disk before this returns. Raises OSError."""
        names = [each.name for each in fields(EpochFacts)]
        is_new = not self.history_file.exists()
        with self.history_file.open("a", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, names, lineterminator="\n")
            if is_new:
                writer.writeheader()
            writer.writerow(asdict(facts))
            file.flush()
            os.fsync(file.fileno())

    def read_history(self) -> list[EpochFacts]:
        """All whole lines of the history; a last line cut off by a kill is passed over."""
        try:
            text = self.history_file.read_text(encoding="utf-8")
        except OSError:
            return []
        whole = text[: text.rfind("\n") + 1]
        found = []
        for row in csv.DictReader(whole.splitlines()):
            try:
                values = {key: float(value) for key, value in row.items()}
                found.append(EpochFacts(**values | {"epoch": int(values["epoch"])}))  # type: ignore[arg-type]
            except (TypeError, ValueError, KeyError):
                break
        return found

    def write_evaluation(self, evaluation: Evaluation) -> None:
        """Keep what the model answered. Raises OSError."""
        write_text_atomically(self.path / "evaluation.json", evaluation.model_dump_json())

    def read_evaluation(self) -> Evaluation | None:
        """What the model answered, if it was asked."""
        try:
            return Evaluation.model_validate_json((self.path / "evaluation.json").read_bytes())
        except (OSError, ValidationError):
            return None


def list_runs(runs: Path) -> list[RunFolder]:
    """All runs below ``runs`` that can be opened, the newest first."""
    if not runs.is_dir():
        return []
    found = []
    for path in sorted(runs.iterdir(), reverse=True):
        try:
            found.append(RunFolder.open(path))
        except ProblemError:
            continue
    return found
