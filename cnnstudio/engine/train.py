"""One training, from a run's folder to its end, whether it begins there or goes on."""

import os
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cnnstudio.engine.checkpoint import Checkpoint, read_checkpoint
from cnnstudio.engine.endings import (
    keep_in_time,
    keep_unfinished,
    seconds_to_ask,
    test_best,
    time_for_the_end,
)
from cnnstudio.engine.expense import PeakMemory, expense_of
from cnnstudio.engine.failures import problem_of
from cnnstudio.engine.gradients import gradients_forgotten
from cnnstudio.engine.log import printed_to
from cnnstudio.engine.parts import Validation, pictures_mark, prepare_parts
from cnnstudio.engine.reached import Reached
from cnnstudio.engine.run_network import network_of
from cnnstudio.engine.stage import (
    StageInHand,
    Training,
    end_stage,
    fit_stage,
    prepare_stage,
)
from cnnstudio.engine.talk import PausingWish, Send, ShouldStop, stop_if_wanted
from cnnstudio.engine.time_left import TimeLeft, stage_cost
from cnnstudio.engine.up_to_date import reached_by, stage_projects
from cnnstudio.engine.variants import Variants
from cnnstudio.engine.work_clock import WorkClock
from cnnstudio.project.checks import freezing_problems, problems_of
from cnnstudio.project.problems import Problem, ProblemError, errors_in
from cnnstudio.project.project import Project
from cnnstudio.project.run_folder import EndedBy, RunFolder, RunStatus
from cnnstudio.project.time_limit import deadline_of
from cnnstudio.protocol import Progress, Train, TrainingEnded, TrainingStarted

Outcome = Literal["finished", "stopped", "failed"]


def train(command: Train, send: Send, should_stop: ShouldStop) -> TrainingEnded:
    """Train what stands in the run's folder, keep everything there, and say how it ended.

    A run that was broken off goes on after its last whole epoch. Nothing is raised: whatever
    happens becomes the outcome, and the run's status says so too.
    """
    began = time.monotonic()
    run = RunFolder(Path(command.run_folder).absolute())
    progress = _Progress()
    outcome: Outcome = "finished"
    problem: Problem | None = None
    details = ""
    try:
        RunFolder.open(run.path)
        with printed_to(run.log), gradients_forgotten(), PeakMemory() as memory:
            progress.memory = memory
            outcome = _train(run, command.download, progress, send, should_stop)
        is_alone = isinstance(should_stop, PausingWish) and should_stop.is_left_alone
        if outcome == "stopped" and is_alone:
            progress.ended_by = "window_gone"
    except Exception as error:
        outcome, problem = "failed", problem_of(error, progress.batch_size)
        details = traceback.format_exc()
    paused = progress.clock.paused if progress.clock else 0.0
    seconds = progress.seconds_before + time.monotonic() - began - paused
    try:
        run.end(outcome, seconds, problem, progress.ended_by)
    except (OSError, ProblemError) as error:
        outcome, problem = "failed", problem or problem_of(error, progress.batch_size)
        details += traceback.format_exc()
    reached = progress.reached
    best = reached.checkpoint.best_facts if reached and reached.checkpoint else None
    return TrainingEnded(
        outcome=outcome,
        run_folder=str(run.path),
        epochs_done=reached.epochs_done if reached else 0,
        best_epoch=best.epoch if best else 0,
        validation_accuracy=best.validation_accuracy if best else progress.accuracy,
        seconds=seconds,
        problem=problem,
        details=details,
        ended_by=progress.ended_by,
    )


@dataclass
class _Progress:
    """How far a training has come, for the one who must answer for its end."""

    batch_size: int = 1
    memory: PeakMemory | None = None
    clock: WorkClock | None = None
    reached: Reached | None = None
    training: Training | None = None
    hand: StageInHand | None = None
    seconds_before: float = 0.0
    accuracy: float = 0.0
    ended_by: EndedBy = "plan"


def _train(
    run: RunFolder, download: bool, progress: _Progress, send: Send, should_stop: ShouldStop
) -> Outcome:
    """All steps of a training; what goes wrong is raised, and stands in the log too."""
    try:
        outcome: Outcome = "finished"
        try:
            _run_stages(run, download, progress, send, should_stop)
        except InterruptedError:
            if progress.clock is None or not progress.clock.is_over:
                outcome = "stopped"
        _end(progress, outcome)
        return outcome
    except Exception:
        traceback.print_exc()
        _keep_models(progress)
        raise


def _run_stages(
    run: RunFolder, download: bool, progress: _Progress, send: Send, should_stop: ShouldStop
) -> None:
    status, project = run.read_status(), run.read_project()
    progress.batch_size = project.training.batch_size
    checkpoint = read_checkpoint(run.checkpoint)
    if checkpoint is None and run.read_history():
        raise ProblemError(Problem("run_without_checkpoint", file=str(run.path)))
    spent = sum(facts.seconds for facts in checkpoint.history) if checkpoint else 0.0
    progress.seconds_before = max(spent, status.seconds) if checkpoint else 0.0
    _say_running(run, status)
    for problem in errors_in(problems_of(project, len(status.classes))):
        raise ProblemError(problem)
    # The time that a run may take does not pass while nobody works on it.
    began = time.time() - spent if checkpoint else status.started
    deadline = deadline_of(project.training.time_limit, began)
    progress.clock = clock = WorkClock(should_stop, deadline)
    training = _prepare(run, project, status.classes, checkpoint, download, progress, send, clock)
    progress.training = training
    _train_stages(training, progress, checkpoint)


def _say_running(run: RunFolder, status: RunStatus) -> None:
    update = {"state": "running", "problem_kind": "", "engine_process": os.getpid()}
    run.write_status(status.model_copy(update=update))


def _prepare(
    run: RunFolder,
    project: Project,
    classes: tuple[str, ...],
    checkpoint: Checkpoint | None,
    download: bool,
    progress: _Progress,
    send: Send,
    clock: WorkClock,
) -> Training:
    """Network and pictures; of a run that goes on, as after its last whole epoch."""
    goes_on = checkpoint is not None
    network = network_of(run, project, classes, send, clock.should_stop, download, goes_on)
    projects = stage_projects(project, network.facts)
    for each in projects:
        for problem in errors_in(freezing_problems(each, network.facts)):
            raise ProblemError(problem)
    progress.reached = reached = reached_by(run, project, network, clock, checkpoint)
    reached.write_history()
    parts = prepare_parts(run.read_pictures(), project.pictures, send, clock.should_stop)
    pictures = pictures_mark(parts)
    if checkpoint is not None and checkpoint.pictures != pictures:
        raise ProblemError(Problem("checkpoint_other_pictures", file=str(run.path)))
    reached.validation = Validation(parts.validation.files, parts.validation.labels)
    reached.write_models()
    stop_if_wanted(clock.should_stop)
    counts = len(parts.training), len(parts.validation), len(parts.test)
    costs = [stage_cost(each, network.facts, counts) for each in projects]
    return Training(
        run=run,
        project=project,
        network=network,
        parts=parts,
        pictures=pictures,
        reached=reached,
        clock=clock,
        time_left=TimeLeft(costs, counts[2] / counts[1]),
        send=send,
    )


def _train_stages(training: Training, progress: _Progress, checkpoint: Checkpoint | None) -> None:
    """All stages from the one on that comes next."""
    clock, send = training.clock, training.send
    if clock.is_limited and not training.reached.seconds_to_save:
        time_for_the_end(training)  # else it was measured when models were brought up to date
    training.variants = _variants(training)
    first = checkpoint.stage if checkpoint is not None else 0
    is_told = False
    for number in range(first, len(training.stages)):
        if not training.place(number).is_over:
            progress.hand = None  # what it kept in memory is let go before the next needs it
            progress.hand = hand = prepare_stage(training, number)
            if clock.is_limited:
                training.time_left.seconds_to_validate = seconds_to_ask(
                    training, hand.keeper.answers
                )
            if not is_told:
                send(_started(training, hand))
                is_told = True
            _fit_and_measure(training, hand, progress)
        if number + 1 < len(training.stages):
            end_stage(training)


def _started(training: Training, hand: StageInHand) -> TrainingStarted:
    place = hand.place
    return TrainingStarted(
        epochs=place.before + place.length + place.after,
        batches=training.order.batches,
        training_pictures=len(training.parts.training),
        validation_pictures=len(training.parts.validation),
        first_epoch=place.before + place.done + 1,
    )


def _variants(training: Training) -> Variants | None:
    """The variants of the training pictures, where the plan wants some prepared."""
    project = training.project
    if not project.augmentation.is_prepared:
        return None
    return Variants(
        training.parts.training,
        project.augmentation,
        project.training.seed,
        on_progress=lambda done, total: training.send(Progress("variants", done, total)),
        should_stop=training.clock.should_stop,
    )


def _fit_and_measure(training: Training, hand: StageInHand, progress: _Progress) -> None:
    """Train a stage; what the first one took is kept, to predict better."""
    try:
        fit_stage(training, hand)
    except InterruptedError:
        _keep_expense(training, hand, progress)
        raise
    _keep_expense(training, hand, progress)


def _keep_expense(training: Training, hand: StageInHand, progress: _Progress) -> None:
    memory, progress.memory = progress.memory, None
    if memory is None:
        return
    expense = expense_of(
        hand.project,
        training.network.facts,
        training.parts,
        hand.once,
        training.time_left.seconds_an_epoch,
        memory.bytes,
    )
    status = training.run.read_status()
    training.run.write_status(status.model_copy(update={"expense": expense}))


def _end(progress: _Progress, outcome: Outcome) -> None:
    """Bring the folder up to date, ask the best model, and say why it ended."""
    training, reached, hand = progress.training, progress.reached, progress.hand
    kept = reached.checkpoint if reached is not None else None
    is_in_time = progress.clock is not None and progress.clock.is_over
    if is_in_time:
        progress.ended_by = "time_limit"
    elif kept is not None and kept.ended_early and outcome == "finished":
        progress.ended_by = "early_stopping"
    if reached is not None and kept is not None:
        reached.write_models()
        if training is not None:
            test_best(training, hand, outcome == "stopped")
    elif is_in_time:
        if training is None:
            raise ProblemError(Problem("time_too_short", "training.time_limit"))
        progress.accuracy = keep_in_time(training, hand)
    elif training is not None:
        keep_unfinished(training, hand)


def _keep_models(progress: _Progress) -> None:
    """What was reached before something went wrong; where that fails too, the checkpoint is there
    to make it from."""
    if progress.reached is None:
        return
    try:
        progress.reached.write_models()
    except Exception:
        traceback.print_exc()
