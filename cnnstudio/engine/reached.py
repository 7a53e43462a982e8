"""What a run has reached, in memory and on disk.

After each epoch the checkpoint is written, which is small where little is trained; the models,
which are always whole, only as often as that costs little time, and when a stage or the training
ends. Whatever is missing on disk can be made from the checkpoint.
"""

import contextlib
import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np

from cnnstudio.engine.answers import evaluation_of
from cnnstudio.engine.checkpoint import Checkpoint, Values, write_checkpoint
from cnnstudio.engine.model_file import epoch_in, save_model
from cnnstudio.engine.parts import Validation
from cnnstudio.engine.run_network import RunNetwork
from cnnstudio.engine.work_clock import WorkClock
from cnnstudio.project.files import written_atomically
from cnnstudio.project.price import SAVING_SHARE
from cnnstudio.project.run_folder import RunFolder

_SAVING_SHARE = SAVING_SHARE


class Reached:
    """The state of a run after its last whole epoch, and the models that belong to it.

    ``validation`` are the pictures that the checkpoint's answers are for.
    """

    def __init__(
        self,
        run: RunFolder,
        network: RunNetwork,
        clock: WorkClock,
        checkpoint: Checkpoint | None = None,
    ) -> None:
        self.checkpoint = checkpoint
        self.seconds_to_save = 0.0
        """What writing a model took the last time."""
        self.validation = Validation((), np.zeros(0, np.int64))
        self._run = run
        self._network = network
        self._clock = clock
        self._variables = list(network.made.model.variables)
        weights = {id(variable) for variable in network.made.model.weights}
        self._states = [k for k, each in enumerate(self._variables) if id(each) not in weights]
        self._trained: set[int] = set()
        self._held: Values | None = None
        self._files = (epoch_in(run.last_model), epoch_in(run.best_model))
        self._saved_at = clock.now()

    @property
    def trained(self) -> frozenset[int]:
        """Places of all variables that may have changed."""
        return frozenset(self._trained)

    @property
    def epochs_done(self) -> int:
        """How many epochs of the run are whole."""
        return self.checkpoint.epoch if self.checkpoint else 0

    # Values of variables

    def thaw(self, layers: Iterable[keras.Layer]) -> None:
        """From now on, the weights of ``layers`` may change too, and belong to what is kept."""
        places = {id(variable): place for place, variable in enumerate(self._variables)}
        found = {places[id(weight)] for layer in layers for weight in layer.weights}
        new = self._take(found - self._trained)
        self._trained |= found
        if self.checkpoint is None or not new:
            return
        kept = self.checkpoint
        missing = {place: value for place, value in new.items() if place not in kept.weights}
        # As they are now, so they were in all epochs before.
        grown = {id(each): {**each, **missing} for each in (kept.weights, kept.last, kept.best)}
        self.checkpoint = replace(
            kept,
            weights=grown[id(kept.weights)],
            last=grown[id(kept.last)],
            best=grown[id(kept.best)],
        )
        self._held = None

    def weights(self) -> Values:
        """The values that everything trained has now."""
        return self._take(self._trained)

    def states(self) -> Values:
        """What layers will draw their next random numbers from."""
        return self._take(self._states)

    def moved(self) -> None:
        """Say that the model is being trained on."""
        self._held = None

    def hold(self, values: Values) -> None:
        """Let the model in memory have ``values``."""
        if self._held is not values:
            self._assign(values)
            self._held = values

    def go_back(self) -> None:
        """Let the model in memory be as after the last whole epoch, to be trained on."""
        if self.checkpoint is not None:
            self._assign(self.checkpoint.states)
            self.hold(self.checkpoint.weights)

    def _take(self, places: Iterable[int]) -> Values:
        return {place: self._variables[place].numpy() for place in sorted(places)}

    def _assign(self, values: Values) -> None:
        for place, value in values.items():
            self._variables[place].assign(value)

    @contextlib.contextmanager
    def _holding(self, values: Values) -> Iterator[None]:
        """Within the block the model has ``values``, afterwards what it had before."""
        if self._held is values:
            yield
            return
        own, held = self.weights(), self._held
        self.hold(values)
        try:
            yield
        finally:
            self._assign(own)
            self._held = held

    # On disk

    def keep(self, checkpoint: Checkpoint, is_end: bool) -> None:
        """Keep a whole epoch, after which the model in memory is as ``checkpoint.weights``.

        ``is_end`` says that a stage ends with it.

        Raises:
            OSError: if it cannot be written.
        """
        write_checkpoint(self._run.checkpoint, checkpoint)
        self.checkpoint = checkpoint
        self._held = checkpoint.weights
        self._run.append_epoch(checkpoint.history[-1], checkpoint.details[-1])
        rested = self._clock.now() - self._saved_at
        if is_end or checkpoint.epoch == 1 or self.seconds_to_save < _SAVING_SHARE * rested:
            self.write_models()

    def write_history(self) -> None:
        """History and details anew, from the checkpoint. Raises OSError."""
        if self.checkpoint is not None:
            self._run.rewrite_epochs(self.checkpoint.history, self.checkpoint.details)

    def write_models(self) -> None:
        """The models of the last and the best epoch, and the best one's answers, where those on
        disk are of other epochs. Raises OSError."""
        kept = self.checkpoint
        if kept is None or self._files == (kept.epoch, kept.best_epoch):
            return
        began = self._clock.now()
        run = self._run
        last, best = self._files
        if last != kept.epoch:
            self._save(run.last_model, kept.last, kept.epoch)
        if best != kept.best_epoch:
            # The answers first: where they are, but the model is not, both are written again.
            self._write_answers(kept)
            if kept.best_epoch == kept.epoch:
                give_second_name(run.last_model, run.best_model)
            else:
                self._save(run.best_model, kept.best, kept.best_epoch)
        self._files = (kept.epoch, kept.best_epoch)
        self._saved_at = self._clock.now()
        self.seconds_to_save = self._saved_at - began

    def _save(self, path: Path, values: Values, epoch: int) -> None:
        with self._holding(values):
            save_model(self._network.model, replace(self._network.card, epoch=epoch), path)

    def _write_answers(self, kept: Checkpoint) -> None:
        shown = self.validation
        if len(shown.files) != len(kept.answers):
            return  # some could not be read, and nobody knows here which
        classes = self._network.card.classes
        answers = evaluation_of(classes, "validation", shown.files, shown.labels, kept.answers)
        self._run.write_evaluation(answers.model_copy(update={"epoch": kept.best_epoch}))


def give_second_name(path: Path, other: Path) -> None:
    """Let ``other`` be the same file as ``path``; a copy where the disk knows no second names.

    Both are only ever replaced as a whole, so one of them never changes with the other.
    """
    with written_atomically(other) as beside:
        try:
            os.link(path, beside)
        except OSError:
            shutil.copyfile(path, beside)
