"""One training, from a run's folder to its end."""

import os
import time
import traceback
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import keras
import tensorflow as tf

from cnnstudio.engine.answers import Answers, evaluation_of
from cnnstudio.engine.computed_once import ComputedOnce, Straight, compute_once
from cnnstudio.engine.epoch_keeper import EpochKeeper
from cnnstudio.engine.expense import PeakMemory, expense_of
from cnnstudio.engine.facts import describe
from cnnstudio.engine.failures import problem_of
from cnnstudio.engine.freezing import freeze
from cnnstudio.engine.gradients import gradients_forgotten
from cnnstudio.engine.inputs import Labels, feature_batches, training_batches
from cnnstudio.engine.log import printed_to
from cnnstudio.engine.model_file import ModelCard, load_model
from cnnstudio.engine.networks.auxiliary import TrainingModel, with_auxiliary
from cnnstudio.engine.networks.build import build
from cnnstudio.engine.networks.own_model import match_classes
from cnnstudio.engine.objective import compile_model
from cnnstudio.engine.parts import Parts, Pixels, prepare_parts
from cnnstudio.engine.talk import Send, ShouldStop, stop_if_wanted
from cnnstudio.engine.variants import prepared_variants
from cnnstudio.engine.weights import obtain_weights
from cnnstudio.project.checks import problems_of
from cnnstudio.project.network import OWN_MODEL
from cnnstudio.project.network_facts import NetworkFacts
from cnnstudio.project.problems import Problem, ProblemError, errors_in
from cnnstudio.project.project import Project
from cnnstudio.project.run_folder import RunFolder
from cnnstudio.protocol import (
    Progress,
    StageStarted,
    Train,
    TrainingEnded,
    TrainingStarted,
)

_TEST_SECONDS_AFTER_STOP = 2.0


def train(command: Train, send: Send, should_stop: ShouldStop) -> TrainingEnded:
    """Train what stands in the run's folder, keep everything there, and say how it ended.

    Nothing is raised: whatever happens becomes the outcome, and the run's status says so too.
    """
    began = time.monotonic()
    run = RunFolder(Path(command.run_folder).absolute())
    progress = _Progress()
    outcome: Literal["finished", "stopped", "failed"] = "finished"
    problem: Problem | None = None
    details = ""
    try:
        RunFolder.open(run.path)
        with printed_to(run.log), gradients_forgotten(), PeakMemory() as memory:
            progress.memory = memory
            outcome = _train(run, command.download, progress, send, should_stop)
    except Exception as error:
        outcome, problem = "failed", problem_of(error, progress.batch_size)
        details = traceback.format_exc()
    seconds = time.monotonic() - began
    try:
        run.end(outcome, seconds, problem)
    except (OSError, ProblemError) as error:
        outcome, problem = "failed", problem or problem_of(error, progress.batch_size)
        details += traceback.format_exc()
    keeper = progress.keeper
    best = keeper.best if keeper else None
    return TrainingEnded(
        outcome=outcome,
        run_folder=str(run.path),
        epochs_done=keeper.epochs_done if keeper else 0,
        best_epoch=best.epoch if best else 0,
        validation_accuracy=best.validation_accuracy if best else 0.0,
        seconds=seconds,
        problem=problem,
        details=details,
    )


@dataclass
class _Progress:
    """How far a training has come, for the one who must answer for its end."""

    batch_size: int = 1
    memory: PeakMemory | None = None
    keeper: EpochKeeper | None = None


def _train(
    run: RunFolder, download: bool, progress: _Progress, send: Send, should_stop: ShouldStop
) -> Literal["finished", "stopped"]:
    """All steps of a training; what goes wrong is raised, and stands in the log too."""
    try:
        status = run.read_status()
        run.write_status(status.model_copy(update={"engine_process": os.getpid()}))
        project = run.read_project()
        progress.batch_size = project.training.batch_size
        classes = status.classes
        for problem in errors_in(problems_of(project, len(classes))):
            raise ProblemError(problem)
        weights_file = obtain_weights(
            project.network,
            project.pictures.size,
            download_allowed=download,
            on_progress=lambda done, total: send(Progress("weights", done, total)),
            should_stop=should_stop,
        )
        model, facts = _frozen(project, len(classes), weights_file)
        if project.network.base == OWN_MODEL and project.network.keep_output:
            for problem in match_classes(model.model, project.network, classes):
                print(problem.message, flush=True)
        parts = prepare_parts(run.read_pictures(), project.pictures, send, should_stop)
        card = ModelCard(
            classes=classes,
            size=project.pictures.size,
            fit=project.pictures.fit,
            output=facts.output,
        )
        stop_if_wanted(should_stop)
        variants = _variants(project, parts, send, should_stop)
        once = compute_once(model, facts, project, parts, variants, send, should_stop)
        labels = Labels(len(classes), card.output)
        if isinstance(once, ComputedOnce):
            model = TrainingModel(once.cut.rest, (1.0,))
            batches = feature_batches(
                parts.training,
                once.features.training,
                project.training.batch_size,
                project.training.seed,
            )
        else:
            batches = model.with_labels_for_all(_batches(project, parts, labels, variants))
        compile_model(model, project, facts, project.training.learning_rate, len(classes))
        computed = once if isinstance(once, ComputedOnce) else None
        keeper = EpochKeeper(
            run, project.training, card, parts.validation, send, should_stop, computed
        )
        progress.keeper = keeper
        trained = sum(int(w.shape.num_elements() or 0) for w in model.model.trainable_weights)
        _tell_start(project, parts, len(batches), once, trained, send)
        outcome = _fit(model.model, project, batches, keeper)
        _keep_expense(run, project, facts, parts, once, progress)
        _test(
            run,
            keeper,
            card,
            parts,
            project.training.batch_size,
            outcome,
            send,
            should_stop,
            computed,
        )
        return outcome
    except InterruptedError:
        return "stopped"
    except Exception:
        traceback.print_exc()
        raise


def _frozen(
    project: Project, num_classes: int, weights_file: Path | None
) -> tuple[TrainingModel, NetworkFacts]:
    """The plan's network, weights in it, frozen as the plan says."""
    plan = project.training
    keras.utils.clear_session()
    keras.utils.set_random_seed(plan.seed)
    model = build(project.network, project.pictures.size, num_classes, weights_file)
    facts = describe(model, project.network, num_classes)
    totals = freeze(model, project, facts)
    print(
        f"{project.network.base}: {totals.total} parameters, {totals.trainable} trained; "
        f"base's weights: {weights_file or 'random'}",
        flush=True,
    )
    return with_auxiliary(model, project.network, num_classes), facts


def _variants(project: Project, parts: Parts, send: Send, should_stop: ShouldStop) -> Pixels | None:
    """The prepared variants of the training pictures, where the plan wants some."""
    if not project.augmentation.is_prepared:
        return None
    return prepared_variants(
        parts.training,
        project.augmentation,
        project.training.seed,
        on_progress=lambda done, total: send(Progress("variants", done, total)),
        should_stop=should_stop,
    )


def _batches(
    project: Project, parts: Parts, labels: Labels, variants: Pixels | None
) -> tf.data.Dataset:
    """The training pictures as the plan of augmentation says."""
    plan = project.training
    return training_batches(
        parts.training, plan.batch_size, project.augmentation, plan.seed, labels, variants
    )


def _tell_start(
    project: Project,
    parts: Parts,
    batches: int,
    once: ComputedOnce | Straight,
    trained: int,
    send: Send,
) -> None:
    """Say what is trained on, and whether the frozen part was computed once."""
    send(
        TrainingStarted(
            epochs=project.training.epochs,
            batches=batches,
            training_pictures=len(parts.training),
            validation_pictures=len(parts.validation),
        )
    )
    started = StageStarted(stage=1, stages=1, epoch=1, trained_parameters=trained)
    if isinstance(once, ComputedOnce):
        print(
            f"{once.layers} frozen layers ran once for every picture ({once.seconds:.1f} s); "
            f"trained on from {', '.join(once.cut.part.frontier)}",
            flush=True,
        )
        started = replace(started, computed_once=once.layers, seconds_once=once.seconds)
    else:
        print(f"The whole network runs in every epoch: {once.why_not}", flush=True)
        started = replace(started, why_not_once=once.why_not, note=once.problem)
    send(started)


def _fit(
    model: keras.Model, project: Project, batches: tf.data.Dataset, keeper: EpochKeeper
) -> Literal["finished", "stopped"]:
    plan = project.training
    try:
        model.fit(batches, epochs=plan.epochs, shuffle=False, verbose=0, callbacks=[keeper])
    except InterruptedError:
        keeper.save_unfinished()
        return "stopped"
    return "finished"


def _keep_expense(
    run: RunFolder,
    project: Project,
    facts: NetworkFacts,
    parts: Parts,
    once: ComputedOnce | Straight,
    progress: _Progress,
) -> None:
    keeper, memory = progress.keeper, progress.memory
    if keeper is None or memory is None:
        return
    expense = expense_of(project, facts, parts, once, keeper.seconds_an_epoch, memory.bytes)
    run.write_status(run.read_status().model_copy(update={"expense": expense}))


def _test(
    run: RunFolder,
    keeper: EpochKeeper,
    card: ModelCard,
    parts: Parts,
    batch_size: int,
    outcome: Literal["finished", "stopped"],
    send: Send,
    should_stop: ShouldStop,
    once: ComputedOnce | None,
) -> None:
    """Ask the best model the test part. Where there is none, and where a stop leaves no time for
    it, the answers for the validation part stand that were written with the best epoch."""
    part = parts.test
    if keeper.best is None or not len(part):
        return
    deadline = time.monotonic() + _TEST_SECONDS_AFTER_STOP
    is_hurried = outcome == "stopped"

    def after_batch(done: int) -> None:
        send(Progress("answers", done, len(part)))
        stop_if_wanted((lambda: time.monotonic() > deadline) if is_hurried else should_stop)

    answers = keeper.answers
    if not keeper.is_at_best:
        best = load_model(run.best_model).model
        answers = once.answers_of(best) if once is not None else Answers(best)
    try:
        probabilities = answers.of_part(part, batch_size, after_batch)
    except InterruptedError:
        print("No time left for the test part.", flush=True)
        return
    run.write_evaluation(
        evaluation_of(card.classes, "test", part.files, part.labels, probabilities)
    )
