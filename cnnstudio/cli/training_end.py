"""What is said in the terminal once a training has ended: how, how well, and what now."""

from pathlib import Path

from cnnstudio.cli.boundary import STOPPED_CODE
from cnnstudio.cli.output import Output, duration, percent, quoted
from cnnstudio.project.explaining import explain, explanation_lines
from cnnstudio.project.problems import Problem, ProblemError
from cnnstudio.project.run_folder import RunFolder
from cnnstudio.project.words import say, say_count
from cnnstudio.protocol import TrainingEnded
from cnnstudio.worker.runs import can_go_on

_WOULD_END_AGAIN = ("out_of_memory", "out_of_memory_at_one", "loss_not_a_number")
"""Problems that a run would only meet again: their remedies ask for another plan."""


def tell_summary(ended: TrainingEnded, run: RunFolder, output: Output) -> None:
    """How it ended, how well, and what its curves show."""
    summary = [_ending(ended)]
    if ended.epochs_done:
        best = say(
            "Best validation accuracy: {accuracy} in epoch {epoch}.",
            accuracy=percent(ended.validation_accuracy),
            epoch=ended.best_epoch,
        )
        summary.append(best)
    evaluation = run.read_evaluation()
    if evaluation is not None and evaluation.part == "test":
        test = say("Test accuracy: {accuracy}.", accuracy=percent(evaluation.accuracy))
        summary.append(test)
    output.sentence("")
    output.sentence(" ".join(summary), "bold")
    _explain(ended, run, output)


def tell_result(
    ended: TrainingEnded,
    run: RunFolder,
    model: Path | None,
    problem: Problem | None,
    export_to: Path | None,
    output: Output,
) -> int:
    """Where the model is, what went wrong, and how the run goes on; returns the exit code."""
    would_end_again = ended.problem is not None and ended.problem.kind in _WOULD_END_AGAIN
    command = ""
    if not would_end_again and can_go_on(run):
        command = f"cnnstudio continue {quoted(run.path)}"
        if export_to is not None:
            command += f" --export {quoted(export_to.absolute())}"
    values = {
        "outcome": ended.outcome,
        "ended_by": ended.ended_by,
        "run": ended.run_folder,
        "model": None if model is None else str(model),
        "epochs": ended.epochs_done,
        "best_epoch": ended.best_epoch,
        "validation_accuracy": ended.validation_accuracy,
        "seconds": round(ended.seconds, 2),
        "go_on": command,
    }
    if model is not None:
        output.sentence(say("Model: {path}", path=model))
    if command:
        output.sentence(say("Go on with: {command}", command=command))
    if problem is not None:
        output.failure(problem.message, problem.remedy, **values)
        return 1
    if model is not None:
        output.sentence(say("Ask it with: cnnstudio predict MODEL PICTURE"))
    output.result(**values)
    return STOPPED_CODE if ended.outcome == "stopped" else 0


def _explain(ended: TrainingEnded, run: RunFolder, output: Output) -> None:
    try:
        project, listing = run.read_project(), run.read_pictures()
    except ProblemError:
        return
    counts = listing.counts()
    explanations = explain(
        run.read_history(),
        project,
        counts["training"].total(),
        counts["validation"].total(),
        ended.ended_by if ended.outcome == "finished" else "",
        ended.problem,
        [counts["training"][name] for name in listing.classes],
    )
    lines = explanation_lines(explanations)
    if lines:
        output.sentence("")
    for line in lines:
        output.sentence(line)
    for each in explanations:
        output.event(
            "explanation", kind=each.kind, epoch=each.epoch, seen=each.seen, means=each.means
        )


def _ending(ended: TrainingEnded) -> str:
    count, time = ended.epochs_done, duration(ended.seconds)
    if ended.outcome != "finished":
        return say_count(
            "Ended after {count} epoch, {time}. What was reached is kept.",
            "Ended after {count} epochs, {time}. What was reached is kept.",
            count,
            time=time,
        )
    match ended.ended_by:
        case "early_stopping":
            return say_count(
                "Ended early after {count} epoch in {time}: it no longer got better.",
                "Ended early after {count} epochs in {time}: it no longer got better.",
                count,
                time=time,
            )
        case "time_limit":
            return say_count(
                "The time is over: {count} epoch in {time}.",
                "The time is over: {count} epochs in {time}.",
                count,
                time=time,
            )
        case _:
            return say_count(
                "Finished {count} epoch in {time}.",
                "Finished {count} epochs in {time}.",
                count,
                time=time,
            )
