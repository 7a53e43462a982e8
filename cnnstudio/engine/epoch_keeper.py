"""What happens at the end of each batch and each epoch of a stage: told, and kept on disk."""

import math
from dataclasses import dataclass, replace
from typing import Any

import keras
import numpy as np

from cnnstudio.engine.answers import Answers, Probabilities
from cnnstudio.engine.checkpoint import Checkpoint
from cnnstudio.engine.computed_once import KeptAnswers
from cnnstudio.engine.networks.head import OUTPUT_NAME
from cnnstudio.engine.objective import ACCURACY, WATCHED_LOSS, averaged, extra_measures, loss_of
from cnnstudio.engine.parts import Part
from cnnstudio.engine.reached import Reached
from cnnstudio.engine.run_network import RunNetwork
from cnnstudio.engine.talk import Send, stop_if_wanted
from cnnstudio.engine.time_left import TimeLeft
from cnnstudio.engine.watched import details_of, watched_places
from cnnstudio.engine.work_clock import WorkClock
from cnnstudio.project.amounts import plain_number
from cnnstudio.project.epochs import EpochFacts, is_better
from cnnstudio.project.problems import Problem, ProblemError
from cnnstudio.project.project import Project
from cnnstudio.project.rates import PlateauState, rate_at
from cnnstudio.project.stages import Stage
from cnnstudio.protocol import BatchEnded, EpochEnded

_SECONDS_BETWEEN_BATCH_EVENTS = 0.1
_MARGIN_SECONDS = 0.3


@dataclass(frozen=True)
class StagePlace:
    """A stage within its run. ``number`` counts from 0; ``length`` is how many epochs it has,
    ``done`` of which are; ``before`` and ``after`` are the epochs of the stages around it."""

    number: int
    stage: Stage
    length: int
    done: int
    before: int
    after: int

    @property
    def is_over(self) -> bool:
        """Whether it has no epochs left."""
        return self.done >= self.length


@dataclass(frozen=True)
class Marks:
    """What a checkpoint is compared with when the run goes on, and how the stage computes."""

    network: str
    pictures: str
    straight: str


class EpochKeeper(keras.callbacks.Callback):  # type: ignore[misc]
    """Watches the ``fit`` of one stage. Raises InterruptedError out of it as soon as it should
    stop, and ProblemError (``loss_not_a_number``) when the loss is lost."""

    def __init__(
        self,
        project: Project,
        network: RunNetwork,
        validation: Part,
        place: StagePlace,
        answers: Answers | KeptAnswers,
        reached: Reached,
        marks: Marks,
        clock: WorkClock,
        time_left: TimeLeft,
        batches: int,
        send: Send,
    ) -> None:
        super().__init__()
        self.answers = answers
        self.batches_seen = 0
        self._project = project
        self._plan = project.training
        self._network = network
        self._validation = validation
        self._watched = watched_places(validation)
        self._place = place
        self._reached = reached
        self._marks = marks
        self._clock = clock
        self._time_left = time_left
        self._batches = batches
        self._send = send
        self._epoch = place.before + place.done
        self._epoch_began = 0.0
        self._batch_began = 0.0
        self._slowest_batch = 0.0
        self._told = 0.0
        self._batches_told = 0
        self._set_rate = -1.0
        kept = reached.checkpoint
        is_same_stage = kept is not None and kept.stage == place.number
        self._plateau = kept.plateau if kept and is_same_stage else PlateauState()

    # Keras counts epochs and batches from 0, we count them from 1.

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Begin to count the epoch's time."""
        self._epoch = epoch + 1
        self._epoch_began = self._clock.now()
        self._reserve(self._time_left.seconds_to_validate)

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        """Set the rate of the step that comes."""
        self._batch_began = self._clock.now()
        rate = self._rate(batch)
        optimizer = self.model.optimizer
        if self._set_rate != rate:
            optimizer.learning_rate.assign(rate)
            self._set_rate = rate
        self._reached.moved()

    def _rate(self, batch: int) -> float:
        # In the middle of its step: a warm-up begins at nothing, and one step may be all there is.
        within = self._epoch - self._place.before - 1 + (batch + 0.5) / self._batches
        return rate_at(self._plan, self._place.stage, within) * self._plateau.factor

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Tell the running means now and then; stop where that is wanted or needed."""
        self.batches_seen += 1
        loss, accuracy = _of_output(logs, WATCHED_LOSS), _of_output(logs, ACCURACY)
        if not math.isfinite(float(logs["loss"])):
            raise ProblemError(self._loss_lost())
        now = self._clock.now()
        is_first = self.batches_seen == 1
        if not is_first and now - self._batch_began > self._slowest_batch:
            self._slowest_batch = now - self._batch_began
            self._reserve(self._time_left.seconds_to_validate)
        if is_first or now - self._told >= _SECONDS_BETWEEN_BATCH_EVENTS:
            # The first batch's time is that of making the graph and says nothing of speed.
            pictures = (self.batches_seen - self._batches_told) * self._plan.batch_size
            rate = 0.0 if is_first else pictures / (now - self._told)
            self._send(BatchEnded(self._epoch, batch + 1, loss, accuracy, rate))
            self._told, self._batches_told = now, self.batches_seen
        stop_if_wanted(self._clock.should_stop)

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Ask the validation pictures; then checkpoint, history line and event, in this order."""
        self._reserve(0.0)
        began = self._clock.now()
        weights = self._reached.weights()
        last = weights
        with averaged(self.model):
            probabilities = self.answers.of_part(
                self._validation,
                self._plan.batch_size,
                lambda done: stop_if_wanted(self._clock.should_stop),
            )
            if self.model.optimizer.use_ema:
                last = self._reached.weights()
        self._time_left.seconds_to_validate = self._clock.now() - began
        labels = self._validation.labels
        facts = EpochFacts(
            epoch=self._epoch,
            loss=_of_output(logs, WATCHED_LOSS),
            accuracy=_of_output(logs, ACCURACY),
            validation_loss=loss_of(self._project, self._network.facts, probabilities, labels),
            validation_accuracy=float(np.mean(probabilities.argmax(axis=1) == labels)),
            seconds=self._clock.now() - self._epoch_began,
            stage=self._place.number + 1,
            learning_rate=self._rate(self._batches - 1),
            **extra_measures(self._plan, probabilities, labels),
        )
        if not math.isfinite(facts.validation_loss):
            raise ProblemError(self._loss_lost())
        self._plateau = self._plateau.after(facts.validation_loss, self._plan)
        kept = self._checkpoint(facts, probabilities, weights, last)
        self._place = replace(self._place, done=kept.stage_epochs)
        if kept.ended_early:
            self._place = replace(self._place, length=kept.stage_epochs)
            self.model.stop_training = True
        self._reached.keep(kept, is_end=self._place.is_over)
        self._time_left.epoch_took(self._clock.now() - self._epoch_began)
        self._time_left.seconds_to_save = self._reached.seconds_to_save
        left = self._time_left.seconds(self._place.length - self._place.done)
        place = self._place
        print(_line(facts, place.before + place.length + place.after), flush=True)
        is_best = kept.best_epoch == facts.epoch
        self._send(EpochEnded(facts, is_best, left, kept.details[-1]))
        self._told, self._batches_told = self._clock.now(), self.batches_seen

    def _checkpoint(
        self, facts: EpochFacts, probabilities: Probabilities, weights: Any, last: Any
    ) -> Checkpoint:
        before, place, plan = self._reached.checkpoint, self._place, self._plan
        is_best = before is None or is_better(facts, before.best_facts)
        same = before if before is not None and before.stage == place.number else None
        stage_best = same.stage_best_epoch if same is not None else 0
        is_stage_best = same is None or is_better(facts, same.facts_of(stage_best))
        waited = 0 if is_stage_best or same is None else same.waited + 1
        done = place.done + 1
        planned = place.stage.epochs + place.stage.added
        ended_early = 0 < plan.early_stopping <= waited and done < place.length
        skipped = before.skipped if before is not None else ()
        skipped = (*skipped, *[0] * (place.number + 1 - len(skipped)))
        if ended_early:
            skipped = (*skipped[: place.number], planned - done)
        details = details_of(
            facts.epoch,
            self._validation,
            self._network.card.classes,
            probabilities,
            self._watched,
        )
        return Checkpoint(
            network=self._marks.network,
            pictures=self._marks.pictures,
            straight=self._marks.straight,
            epoch=facts.epoch,
            stage=place.number,
            stage_epochs=done,
            stage_length=planned,
            skipped=skipped,
            best_epoch=facts.epoch if before is None or is_best else before.best_epoch,
            stage_best_epoch=facts.epoch
            if same is None or is_stage_best
            else same.stage_best_epoch,
            waited=waited,
            ended_early=ended_early,
            plateau=self._plateau,
            history=(*(before.history if before else ()), facts),
            details=(*(before.details if before else ()), details),
            weights=weights,
            last=last,
            best=last if before is None or is_best else before.best,
            stage_best=last if same is None or is_stage_best else same.stage_best,
            states=self._reached.states(),
            optimizer=tuple(each.numpy() for each in self.model.optimizer.variables),
            answers=probabilities if before is None or is_best else before.answers,
        )

    def _reserve(self, validation: float) -> None:
        """Seconds that must be left for what comes after the batch in hand."""
        self._clock.reserve = (
            validation + self._reached.seconds_to_save + self._slowest_batch + _MARGIN_SECONDS
        )

    def _loss_lost(self) -> Problem:
        lower = plain_number(self._plan.learning_rate / 10)
        values: dict[str, str | int | float] = {"epoch": self._epoch, "learning_rate": lower}
        return Problem("loss_not_a_number", "training.learning_rate", values=values)


def _of_output(logs: Any, name: str) -> float:
    """What Keras measured of the real output; it puts the output's name before where there are
    others."""
    return float(logs[name] if name in logs else logs[f"{OUTPUT_NAME}_{name}"])


def _line(facts: EpochFacts, epochs: int) -> str:
    return (
        f"Epoch {facts.epoch}/{epochs} - {facts.seconds:.1f}s - loss: {facts.loss:.4f} - "
        f"accuracy: {facts.accuracy:.4f} - val_loss: {facts.validation_loss:.4f} - "
        f"val_accuracy: {facts.validation_accuracy:.4f} - rate: {facts.learning_rate:.3g}"
    )
