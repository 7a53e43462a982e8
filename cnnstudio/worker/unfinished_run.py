"""Completes the folder of a run whose engine could not do so itself."""

from pathlib import Path
from typing import Literal

from cnnstudio.project.epochs import best_of
from cnnstudio.project.problems import Problem, ProblemError
from cnnstudio.project.project_folder import write_problem
from cnnstudio.project.run_folder import RunFolder
from cnnstudio.project.training import TrainingPlan
from cnnstudio.protocol import TrainingEnded


def end_run(
    run_folder: str,
    outcome: Literal["stopped", "failed", "crashed"],
    seconds: float,
    problem: Problem | None = None,
    details: str = "",
) -> TrainingEnded:
    """Write into the run's folder how it ended, and tell what its history says was reached.

    Where even that cannot be written, the answer says so. An engine that was ended after it had
    written its own ending, and before it could tell, has finished all the same.
    """
    run = RunFolder(Path(run_folder))
    history = run.read_history()
    best = best_of(history)
    try:
        status = run.read_status()
        if status.state == "finished":
            return TrainingEnded(
                outcome="finished",
                run_folder=run_folder,
                epochs_done=len(history),
                best_epoch=best.epoch if best else 0,
                validation_accuracy=best.validation_accuracy if best else 0.0,
                seconds=status.seconds,
                ended_by=status.ended_by,
            )
        run.end(outcome, seconds, problem)
    except OSError as error:
        unwritten = write_problem(error, run.path)
        details = f"{details}\n{unwritten.message}".strip()
        problem = problem or unwritten
    except ProblemError as error:
        details = f"{details}\n{error.problem.message}".strip()
        problem = problem or error.problem
    return TrainingEnded(
        outcome=outcome,
        run_folder=run_folder,
        epochs_done=len(history),
        best_epoch=best.epoch if best else 0,
        validation_accuracy=best.validation_accuracy if best else 0.0,
        seconds=seconds,
        problem=problem,
        details=details,
    )


def training_plan(run_folder: str) -> TrainingPlan:
    """The run's training plan; the usual one where it cannot be read any more."""
    try:
        return RunFolder(Path(run_folder)).read_project().training
    except ProblemError:
        return TrainingPlan()
