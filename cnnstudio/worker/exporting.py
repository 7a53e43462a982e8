"""Handing a trained model over: write it, have a fresh process check it, give it its name."""

import contextlib
import os
import secrets
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cnnstudio.project.files import rename_over
from cnnstudio.project.places import cache_folder
from cnnstudio.project.problems import Problem, ProblemError
from cnnstudio.project.project_folder import write_problem
from cnnstudio.project.run_folder import RunFolder
from cnnstudio.protocol import (
    CheckExport,
    Command,
    Export,
    ExportChecked,
    Exported,
    News,
    WorkFailed,
)
from cnnstudio.worker.engine_keeper import EngineKeeper
from cnnstudio.worker.engine_process import EngineProcess

SUFFIX = ".keras"
LARGEST_DIFFERENCE = 1e-4
"""How far a probability of the loaded file may be from the trained model's."""

OnEvent = Callable[[News], None]
ShouldStop = Callable[[], bool]


@dataclass(frozen=True)
class ExportedModel:
    """A model file that was checked; ``difference`` is the largest one of a probability."""

    file: Path
    classes: tuple[str, ...]
    size: int
    difference: float
    megabytes: float


class ExportStoppedError(Exception):
    """The export was ended early; no file was left."""


def export_model(
    keeper: EngineKeeper,
    run: RunFolder,
    which: Literal["best", "last"],
    to: Path,
    on_event: OnEvent | None = None,
    should_stop: ShouldStop | None = None,
) -> ExportedModel:
    """Write the run's model to ``to`` (the ending ``.keras`` is added where it lacks).

    The file gets its name only after a fresh process loaded it with plain Keras and got the same
    probabilities from it; what was at ``to`` stays until then.

    Raises:
        ProblemError: if it cannot be exported or written, or answers differently.
        ExportStoppedError: if ``should_stop`` said so.
    """
    run.model(which)
    to = to.absolute()
    if to.suffix != SUFFIX:
        to = to.with_name(to.name + SUFFIX)
    if to.is_dir():
        raise ProblemError(write_problem(IsADirectoryError(21, os.strerror(21)), to))
    beside = to.with_name(f".{to.stem[:16]}.{secrets.token_hex(4)}{SUFFIX}")
    probe = cache_folder() / f"probe-{secrets.token_hex(8)}.npz"
    leftovers = [beside, probe]
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        # Both work at once: while one asks the trained model, the other loads what was written.
        with (
            _lent(keeper, keeper.take) as exporter,
            _lent(keeper, keeper.take_fresh) as checker,
            ThreadPoolExecutor(1, "check-export") as checking,
        ):
            has_failed = threading.Event()

            def stops_checking() -> bool:
                return has_failed.is_set() or (should_stop is not None and should_stop())

            command = CheckExport(str(beside), str(probe), waits=True)
            waiting = checking.submit(_ask, checker, command, None, stops_checking)
            try:
                exported = _ask(
                    exporter,
                    Export(str(run.path), which, str(beside), str(probe)),
                    on_event,
                    should_stop,
                )
            except BaseException:
                has_failed.set()
                raise
            assert isinstance(exported, Exported)
            checked = waiting.result()
            assert isinstance(checked, ExportChecked)
        if not checked.difference <= LARGEST_DIFFERENCE:
            values = {"difference": f"{checked.difference:.2g}"}
            raise ProblemError(Problem("export_differs", file=str(to), values=values))
        megabytes = beside.stat().st_size / 1e6
        rename_over(beside, to)
    except OSError as error:
        raise ProblemError(write_problem(error, to)) from error
    except ProblemError as error:
        raise ProblemError(_naming(error.problem, beside, to)) from error
    finally:
        for path in leftovers:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
    return ExportedModel(to, exported.classes, exported.size, checked.difference, megabytes)


@contextlib.contextmanager
def _lent(keeper: EngineKeeper, take: Callable[[], EngineProcess]) -> Iterator[EngineProcess]:
    engine = take()
    try:
        yield engine
    finally:
        keeper.give_back(engine)


def _ask(
    engine: EngineProcess,
    command: Command,
    on_event: OnEvent | None,
    should_stop: ShouldStop | None,
) -> Exported | ExportChecked:
    answer = engine.run(command, on_event, should_stop)
    if isinstance(answer, WorkFailed):
        raise ProblemError(answer.problem)
    if isinstance(answer, Exported | ExportChecked):
        return answer
    raise ExportStoppedError


def _naming(problem: Problem, beside: Path, to: Path) -> Problem:
    """``problem`` with the name the person chose in place of the temporary one."""
    if Path(problem.file).name != beside.name:
        return problem
    return Problem(problem.kind, problem.where, str(to), problem.values)
