"""One stage of a training: frozen as it says, its frozen part run once, trained in one go."""

import gc
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import cast

import keras
import numpy as np
import tensorflow as tf

from cnnstudio.engine.answers import Answers
from cnnstudio.engine.computed_once import ComputedOnce, Straight, compute_once
from cnnstudio.engine.epoch_keeper import EpochKeeper, Marks, StagePlace
from cnnstudio.engine.freezing import freeze
from cnnstudio.engine.inputs import Labels, Order, feature_batches, training_batches
from cnnstudio.engine.networks.auxiliary import TrainingModel
from cnnstudio.engine.objective import add_penalties, compile_model, with_targets
from cnnstudio.engine.parts import Parts
from cnnstudio.engine.reached import Reached
from cnnstudio.engine.run_network import RunNetwork
from cnnstudio.engine.talk import Send
from cnnstudio.engine.time_left import TimeLeft
from cnnstudio.engine.up_to_date import layers_trained, project_of
from cnnstudio.engine.variants import Variants
from cnnstudio.engine.work_clock import WorkClock
from cnnstudio.project.frozen_part import WHY_NOT, WhyNot
from cnnstudio.project.problems import Problem, ProblemError
from cnnstudio.project.project import Project
from cnnstudio.project.run_folder import RunFolder
from cnnstudio.project.stages import Stage, stages_of
from cnnstudio.protocol import StageStarted


@dataclass
class Training:
    """Everything that the stages of one training have in common. ``pictures`` is the mark of its
    pictures, ``variants`` are made once they are needed."""

    run: RunFolder
    project: Project
    network: RunNetwork
    parts: Parts
    pictures: str
    reached: Reached
    clock: WorkClock
    time_left: TimeLeft
    send: Send
    variants: Variants | None = None

    @cached_property
    def stages(self) -> tuple[Stage, ...]:
        """All stages, every one with its epochs."""
        return stages_of(self.project)

    @cached_property
    def order(self) -> Order:
        """In which order the training pictures come."""
        plan = self.project.training
        labels = self.parts.training.labels
        return Order(labels, plan.batch_size, plan.seed, plan.balance == "sampling")

    @cached_property
    def answers(self) -> Answers:
        """How the whole network is asked."""
        return Answers(self.network.model)

    @property
    def class_counts(self) -> list[int]:
        """Training pictures of each class."""
        labels = self.parts.training.labels
        return [int(n) for n in np.bincount(labels, minlength=len(self.network.card.classes))]

    def place(self, number: int) -> StagePlace:
        """Where the stage ``number`` (from 0) stands now."""
        stage, kept = self.stages[number], self.reached.checkpoint
        done, before = 0, self.reached.epochs_done
        length = stage.epochs + stage.added
        if kept is not None and number < len(kept.skipped):
            length -= kept.skipped[number]
        if kept is not None and kept.stage == number:
            done, before = kept.stage_epochs, kept.epoch - kept.stage_epochs
        after = sum(each.epochs + each.added for each in self.stages[number + 1 :])
        return StagePlace(number, stage, length, done, before, after)


@dataclass(frozen=True)
class StageInHand:
    """A stage that is ready to be trained: ``model`` is what learns."""

    project: Project
    place: StagePlace
    once: ComputedOnce | Straight
    model: keras.Model
    batches: tf.data.Dataset
    keeper: EpochKeeper
    trained_parameters: int


def prepare_stage(training: Training, number: int) -> StageInHand:
    """Freeze, run the frozen part once where that is worth it, compile.

    Where the run goes on within the stage, everything is as it was after its last whole epoch.

    Raises:
        ProblemError: for ticks or a loss that do not fit the network, ``checkpoint_other_network``.
        InterruptedError: when the work is to end.
    """
    network, reached, plan = training.network, training.reached, training.project.training
    place = training.place(number)
    project = project_of(training.project, place.stage, network.facts)
    totals = freeze(network.model, project, network.facts)
    print(
        f"Stage {number + 1} of {len(training.stages)}, {project.network.base}: "
        f"{totals.total} parameters, {totals.trainable} trained; base's weights: "
        f"{network.weights_file or 'random'}",
        flush=True,
    )
    reached.thaw(layers_trained(network, project))
    once = _compute_once(training, number, project)
    made, batches = _batches(training, place, once)
    add_penalties(made.model, plan)
    highest = plan.learning_rate * place.stage.rate
    compile_model(made, project, network.facts, highest, len(network.card.classes))
    if place.done:
        _restore(made.model.optimizer, reached)
    targets = with_targets(batches, project, network.facts, training.class_counts)
    keeper = EpochKeeper(
        project=project,
        network=network,
        validation=training.parts.validation,
        place=place,
        answers=once.answers() if isinstance(once, ComputedOnce) else training.answers,
        reached=reached,
        marks=Marks(network.mark, training.pictures, _why_straight(once)),
        clock=training.clock,
        time_left=training.time_left,
        batches=training.order.batches,
        send=training.send,
    )
    trained = sum(int(w.shape.num_elements() or 0) for w in made.model.trainable_weights)
    batches = made.with_labels_for_all(targets)
    return StageInHand(project, place, once, made.model, batches, keeper, trained)


def fit_stage(training: Training, hand: StageInHand) -> None:
    """Train the stage to its end.

    Raises:
        InterruptedError: when the work is to end before.
        ProblemError: ``loss_not_a_number``.
    """
    place = hand.place
    _tell_start(training, hand)
    once = hand.once
    seconds_once = 0.0
    if isinstance(once, ComputedOnce) and once.is_all_new:
        seconds_once = once.seconds
    training.time_left.begin_stage(place.number, seconds_once)
    hand.model.fit(
        hand.batches,
        initial_epoch=place.before + place.done,
        epochs=place.before + place.length,
        steps_per_epoch=training.order.batches,
        shuffle=False,
        verbose=0,
        callbacks=[hand.keeper],
    )


def end_stage(training: Training) -> None:
    """Let the network be as the next stage begins with it: as at the stage's best epoch where
    stages end early, else as after its last. What the stage kept in memory is let go."""
    kept = training.reached.checkpoint
    if kept is not None:
        is_early = training.project.training.early_stopping > 0
        training.reached.hold(kept.stage_best if is_early else kept.last)
    gc.collect()


def _compute_once(training: Training, number: int, project: Project) -> ComputedOnce | Straight:
    """As the stage did before, where the run goes on within it."""
    kept = training.reached.checkpoint
    if kept is not None and kept.stage == number and kept.straight:
        return Straight(cast(WhyNot, kept.straight))
    return compute_once(
        training.network.made,
        training.network.facts,
        project,
        training.parts,
        training.variants,
        training.send,
        training.clock.should_stop,
    )


def _why_straight(once: ComputedOnce | Straight) -> str:
    return once.why_not if isinstance(once, Straight) else ""


def _batches(
    training: Training, place: StagePlace, once: ComputedOnce | Straight
) -> tuple[TrainingModel, tf.data.Dataset]:
    """What learns, and the batches for it from the next epoch on."""
    network, part = training.network, training.parts.training
    first = place.before + place.done + 1
    if isinstance(once, ComputedOnce):
        made = TrainingModel(once.cut.rest, (1.0,))
        return made, feature_batches(part, once.features.training, training.order, first)
    return network.made, training_batches(
        part,
        training.order,
        training.project.augmentation,
        Labels(len(network.card.classes), network.card.output),
        training.variants,
        first,
    )


def _restore(optimizer: keras.Optimizer, reached: Reached) -> None:
    kept = reached.checkpoint
    values: Sequence[np.ndarray] = kept.optimizer if kept is not None else ()
    variables = optimizer.variables
    if [tuple(each.shape) for each in variables] != [each.shape for each in values]:
        raise ProblemError(Problem("checkpoint_other_network"))
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)


def _tell_start(training: Training, hand: StageInHand) -> None:
    """Say what is trained, and whether the frozen part was computed once."""
    once, place = hand.once, hand.place
    started = StageStarted(
        stage=place.number + 1,
        stages=len(training.stages),
        epoch=place.before + place.done + 1,
        trained_parameters=hand.trained_parameters,
    )
    if isinstance(once, ComputedOnce):
        print(
            f"{once.layers} frozen layers ran once for every picture ({once.seconds:.1f} s); "
            f"trained on from {', '.join(once.cut.part.frontier)}",
            flush=True,
        )
        started = replace(started, computed_once=once.layers, seconds_once=once.seconds)
    else:
        print(WHY_NOT.get(once.why_not, "The whole network runs in every epoch."), flush=True)
        started = replace(started, why_not_once=once.why_not, note=once.problem)
    training.send(started)
