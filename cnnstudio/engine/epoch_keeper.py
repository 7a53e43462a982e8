"""What happens at the end of each batch and each epoch: told, and kept on disk."""

import math
import os
import shutil
import time
from pathlib import Path
from statistics import median
from typing import Any

import keras
import numpy as np

from cnnstudio.engine.answers import Answers, Probabilities, evaluation_of, loss_of
from cnnstudio.engine.computed_once import ComputedOnce, KeptAnswers
from cnnstudio.engine.model_file import ModelCard, save_model
from cnnstudio.engine.networks.head import OUTPUT_NAME
from cnnstudio.engine.objective import WATCHED_LOSS
from cnnstudio.engine.parts import Part
from cnnstudio.engine.talk import Send, ShouldStop, stop_if_wanted
from cnnstudio.project.epochs import EpochFacts, is_better
from cnnstudio.project.files import written_atomically
from cnnstudio.project.problems import Problem, ProblemError
from cnnstudio.project.run_folder import RunFolder
from cnnstudio.project.training import TrainingPlan
from cnnstudio.protocol import BatchEnded, EpochEnded

_SECONDS_BETWEEN_BATCH_EVENTS = 0.1
_EPOCHS_FOR_TIME_LEFT = 3


class EpochKeeper(keras.callbacks.Callback):  # type: ignore[misc]
    """Watches one ``fit``. Raises InterruptedError out of it as soon as it should stop, and
    ProblemError (``loss_not_a_number``) when the loss is lost."""

    def __init__(
        self,
        run: RunFolder,
        plan: TrainingPlan,
        card: ModelCard,
        watched: Part,
        send: Send,
        should_stop: ShouldStop,
        once: ComputedOnce | None = None,
    ) -> None:
        super().__init__()
        self.best: EpochFacts | None = None
        self.epochs_done = 0
        self.batches_seen = 0
        self._run = run
        self._plan = plan
        self._card = card
        self._watched = watched
        self._send = send
        self._should_stop = should_stop
        self._once = once
        self._answers: Answers | KeptAnswers | None = None
        self._epoch = 0
        self._epoch_began = 0.0
        self._told = 0.0
        self._batches_told = 0
        self._batches_at_best = 0
        self._seconds: list[float] = []

    @property
    def answers(self) -> Answers | KeptAnswers:
        """How the model being trained is asked; made when first needed."""
        if self._answers is None:
            once = self._once
            self._answers = once.answers() if once is not None else Answers(self._network)
        return self._answers

    @property
    def _network(self) -> keras.Model:
        """The model being trained with its first output alone: what is asked and kept. Others
        are there only for the training. Of a model cut in two it is the whole."""
        if self._once is not None:
            return self._once.cut.whole
        return keras.Model(self.model.input, self.model.outputs[0], name=self.model.name)

    @property
    def is_at_best(self) -> bool:
        """Whether the model in memory is that of the best epoch."""
        return self.best is not None and self.batches_seen == self._batches_at_best

    @property
    def seconds_an_epoch(self) -> float:
        """What an epoch took with all that belongs to it; 0 where only the first is known, in
        which the graph is made."""
        return median(self._seconds[1:]) if len(self._seconds) > 1 else 0.0

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Keras counts from 0, we from 1."""
        self._epoch = epoch + 1
        self._epoch_began = time.monotonic()

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Tell the running means now and then; stop where that is wanted or needed."""
        self.batches_seen += 1
        loss, accuracy = _of_output(logs, WATCHED_LOSS), _of_output(logs, "accuracy")
        if not math.isfinite(float(logs["loss"])):
            raise ProblemError(self._loss_lost())
        now = time.monotonic()
        is_first = self.batches_seen == 1
        if is_first or now - self._told >= _SECONDS_BETWEEN_BATCH_EVENTS:
            # The first batch's time is that of making the graph and says nothing of speed.
            pictures = (self.batches_seen - self._batches_told) * self._plan.batch_size
            rate = 0.0 if is_first else pictures / (now - self._told)
            self._send(BatchEnded(self._epoch, batch + 1, loss, accuracy, rate))
            self._told, self._batches_told = now, self.batches_seen
        stop_if_wanted(self._should_stop)

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Ask the validation pictures; then models, history line and event, in this order."""
        probabilities = self.answers.of_part(
            self._watched, self._plan.batch_size, lambda done: stop_if_wanted(self._should_stop)
        )
        labels = self._watched.labels
        facts = EpochFacts(
            epoch=self._epoch,
            loss=_of_output(logs, WATCHED_LOSS),
            accuracy=_of_output(logs, "accuracy"),
            validation_loss=loss_of(probabilities, labels),
            validation_accuracy=float(np.mean(probabilities.argmax(axis=1) == labels)),
            seconds=time.monotonic() - self._epoch_began,
        )
        if not math.isfinite(facts.validation_loss):
            raise ProblemError(self._loss_lost())
        is_best = is_better(facts, self.best)
        self._keep(facts, probabilities, is_best)
        self._seconds.append(time.monotonic() - self._epoch_began)
        print(_line(facts, self._plan.epochs), flush=True)
        self._send(EpochEnded(facts, is_best, self._seconds_left()))
        self._told, self._batches_told = time.monotonic(), self.batches_seen

    def save_unfinished(self) -> None:
        """Keep the model as it is where not even one epoch came to its end."""
        if self.epochs_done == 0 and self.batches_seen:
            save_model(self._network, self._card, self._run.last_model)

    def _keep(self, facts: EpochFacts, probabilities: Probabilities, is_best: bool) -> None:
        save_model(self._network, self._card, self._run.last_model)
        if is_best:
            _give_second_name(self._run.last_model, self._run.best_model)
            watched = self._watched
            self._run.write_evaluation(
                evaluation_of(
                    self._card.classes,
                    "validation",
                    watched.files,
                    watched.labels,
                    probabilities,
                )
            )
        self._run.append_epoch(facts)
        self.epochs_done = facts.epoch
        if is_best:
            self.best = facts
            self._batches_at_best = self.batches_seen

    def _seconds_left(self) -> float:
        latest = self._seconds[-_EPOCHS_FOR_TIME_LEFT:]
        if len(self._seconds) > 1:
            latest = self._seconds[1:][-_EPOCHS_FOR_TIME_LEFT:]
        return sum(latest) / len(latest) * (self._plan.epochs - self.epochs_done)

    def _loss_lost(self) -> Problem:
        lower = f"{self._plan.learning_rate / 10:g}"
        values: dict[str, str | int | float] = {"epoch": self._epoch, "learning_rate": lower}
        return Problem("loss_not_a_number", "training.learning_rate", values=values)


def _of_output(logs: Any, name: str) -> float:
    """What Keras measured of the real output; it puts the output's name before where there are
    others."""
    return float(logs[name] if name in logs else logs[f"{OUTPUT_NAME}_{name}"])


def _give_second_name(path: Path, other: Path) -> None:
    """Let ``other`` be the same file as ``path``; a copy where the disk knows no second names.

    Both are only ever replaced as a whole, so one of them never changes with the other.
    """
    with written_atomically(other) as beside:
        try:
            os.link(path, beside)
        except OSError:
            shutil.copyfile(path, beside)


def _line(facts: EpochFacts, epochs: int) -> str:
    return (
        f"Epoch {facts.epoch}/{epochs} - {facts.seconds:.1f}s - loss: {facts.loss:.4f} - "
        f"accuracy: {facts.accuracy:.4f} - val_loss: {facts.validation_loss:.4f} - "
        f"val_accuracy: {facts.validation_accuracy:.4f}"
    )
