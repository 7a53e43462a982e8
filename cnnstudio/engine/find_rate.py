"""Looking for a learning rate by a range test: each step is made at a higher one.

Source: Smith 2015, "Cyclical Learning Rates for Training Neural Networks", arXiv:1506.01186,
section 3.3. What is suggested is a tenth of the rate at which the loss was lowest: there it is
about to run away, and a training stays at its rate far longer than a single step.
"""

import math
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean, pstdev
from typing import Any

import keras
import tensorflow as tf

from cnnstudio.engine.computed_once import ComputedOnce, compute_once
from cnnstudio.engine.failures import problem_of
from cnnstudio.engine.freezing import freeze
from cnnstudio.engine.gradients import gradients_forgotten
from cnnstudio.engine.inputs import Labels, Order, feature_batches, training_batches
from cnnstudio.engine.networks.auxiliary import TrainingModel
from cnnstudio.engine.objective import add_penalties, compile_model, with_targets
from cnnstudio.engine.parts import prepare_parts
from cnnstudio.engine.run_network import network_of
from cnnstudio.engine.talk import Send, ShouldStop, stop_if_wanted
from cnnstudio.engine.up_to_date import project_of
from cnnstudio.engine.variants import Variants
from cnnstudio.project.checks import problems_of
from cnnstudio.project.problems import ProblemError, errors_in
from cnnstudio.project.run_folder import RunFolder
from cnnstudio.project.stages import stages_of
from cnnstudio.protocol import FindRate, Progress, RateFound, RateTried, WorkFailed

LOWEST_RATE = 1e-6
HIGHEST_RATE = 1.0
MOST_STEPS = 100
FEWEST_STEPS = 60
TIMES_THROUGH = 3
"""Rather than going through the pictures more often, fewer rates are tried."""

RUN_AWAY = 4.0
"""The test ends where the smoothed loss is so many times the lowest one."""

SHARE_OF_LOWEST = 0.1
_SMOOTHED_SHARE = 0.1
"""Losses are smoothed over about this share of all steps, so the lowest one is seen late by that
share of the rates at most, whatever their number."""
_SMALLEST_FALL = 0.02


@dataclass
class RangeTest:
    """The losses of ``steps`` single steps, each at a higher rate, and what they say.

    Losses are smoothed by an exponential mean, freed of its bias towards 0 at the beginning as in
    Kingma and Ba 2014, arXiv:1412.6980, section 3.
    """

    steps: int
    points: list[tuple[float, float]] = field(default_factory=list)
    _losses: list[float] = field(default_factory=list)
    _mean: float = 0.0

    def add(self, rate: float, loss: float) -> bool:
        """Take in the loss of the step at ``rate``; say whether it makes sense to go on."""
        if not math.isfinite(loss):
            return False
        self._losses.append(loss)
        memory = max(0.0, 1 - 1 / (_SMOOTHED_SHARE * self.steps))
        self._mean = memory * self._mean + (1 - memory) * loss
        smoothed = self._mean / (1 - memory ** len(self._losses))
        self.points.append((rate, smoothed))
        return smoothed <= RUN_AWAY * min(loss for _, loss in self.points)

    @property
    def suggested(self) -> float:
        """A tenth of the rate at the lowest smoothed loss, to two digits; 0 where the loss did not
        go down by more than it wavered while the rate was still too low to matter."""
        quiet = self._losses[: max(2, self.steps // 10)]
        if len(quiet) < 2:
            return 0.0
        rate, lowest = min(self.points, key=lambda point: point[1])
        fall = max(pstdev(quiet), _SMALLEST_FALL * fmean(quiet))
        if lowest > fmean(quiet) - fall:
            return 0.0
        return float(f"{SHARE_OF_LOWEST * rate:.2g}")


def find_rate(command: FindRate, send: Send, should_stop: ShouldStop) -> RateFound | WorkFailed:
    """Try rates on the network and pictures of the run, whose folder is only read.

    Raises:
        InterruptedError: once ``should_stop`` says so.
        ProblemError: if the run cannot be read.
    """
    run = RunFolder.open(Path(command.run_folder))
    batch_size = run.read_project().training.batch_size
    try:
        with gradients_forgotten():
            return _find(run, command.download, send, should_stop)
    except InterruptedError:
        raise
    except Exception as error:
        traceback.print_exc()
        return WorkFailed(problem_of(error, batch_size), traceback.format_exc())


def _find(run: RunFolder, download: bool, send: Send, should_stop: ShouldStop) -> RateFound:
    made, batches, order, share = _first_stage(run, download, send, should_stop)
    steps = min(MOST_STEPS, max(FEWEST_STEPS, TIMES_THROUGH * order.batches))
    trying = _Trying(steps, share, send, should_stop)
    made.model.fit(
        batches,
        steps_per_epoch=steps,
        shuffle=False,
        verbose=0,
        callbacks=[trying],
    )
    return RateFound(tuple(trying.test.points), trying.test.suggested)


def _first_stage(
    run: RunFolder, download: bool, send: Send, should_stop: ShouldStop
) -> tuple[TrainingModel, tf.data.Dataset, Order, float]:
    """What the run's first stage trains, compiled, with batches without an end, their
    order, and the stage's share of the rate."""
    whole, classes = run.read_project(), run.read_status().classes
    for problem in errors_in(problems_of(whole, len(classes))):
        raise ProblemError(problem)
    network = network_of(run, whole, classes, send, should_stop, download)
    facts, stage = network.facts, stages_of(whole)[0]
    project = project_of(whole, stage, facts)
    freeze(network.model, project, facts)
    parts = prepare_parts(run.read_pictures(), project.pictures, send, should_stop)
    stop_if_wanted(should_stop)
    plan, part = project.training, parts.training
    variants = None
    if project.augmentation.is_prepared:
        variants = Variants(
            part,
            project.augmentation,
            plan.seed,
            on_progress=lambda done, total: send(Progress("variants", done, total)),
            should_stop=should_stop,
        )
    once = compute_once(network.made, facts, project, parts, variants, send, should_stop)
    order = Order(part.labels, plan.batch_size, plan.seed, plan.balance == "sampling")
    if isinstance(once, ComputedOnce):
        made = TrainingModel(once.cut.rest, (1.0,))
        batches = feature_batches(part, once.features.training, order)
    else:
        made, labels = network.made, Labels(len(classes), facts.output)
        batches = training_batches(part, order, project.augmentation, labels, variants)
    add_penalties(made.model, plan)
    compile_model(made, project, facts, LOWEST_RATE * stage.rate, len(classes))
    counts = [int((part.labels == index).sum()) for index in range(len(classes))]
    targets = with_targets(batches, project, facts, counts)
    return made, made.with_labels_for_all(targets), order, stage.rate


class _Trying(keras.callbacks.Callback):  # type: ignore[misc]
    """Makes each step of a ``fit`` at the next rate and ends it where there is no more to see."""

    def __init__(self, steps: int, share: float, send: Send, should_stop: ShouldStop) -> None:
        super().__init__()
        self.test = RangeTest(steps)
        self._steps = steps
        self._share = share
        self._send = send
        self._should_stop = should_stop

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        """Without what was measured before, Keras tells the loss of this step alone."""
        self.model.reset_metrics()
        self.model.optimizer.learning_rate.assign(self._rate(batch) * self._share)

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Tell, and end it early where that is wanted or the loss runs away."""
        rate = self._rate(batch)
        is_going_on = self.test.add(rate, float(logs["loss"]))
        if self.test.points and self.test.points[-1][0] == rate:
            self._send(RateTried(*self.test.points[-1]))
        self._send(Progress("rates", batch + 1, self._steps))
        stop_if_wanted(self._should_stop)
        if not is_going_on:
            self.model.stop_training = True

    def _rate(self, step: int) -> float:
        """From the lowest to the highest, by the same factor at each step."""
        power = step / (self._steps - 1)
        return float(LOWEST_RATE * (HIGHEST_RATE / LOWEST_RATE) ** power)
