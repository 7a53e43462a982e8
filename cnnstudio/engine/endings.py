"""How a training ends: the best model is asked, whatever time is left for that."""

import contextlib
import tempfile
import time
from pathlib import Path

import numpy as np

from cnnstudio.engine.answers import Answers, Probabilities, evaluation_of
from cnnstudio.engine.computed_once import KeptAnswers
from cnnstudio.engine.model_file import save_model
from cnnstudio.engine.objective import averaged
from cnnstudio.engine.reached import give_second_name
from cnnstudio.engine.stage import StageInHand, Training
from cnnstudio.engine.talk import stop_if_wanted
from cnnstudio.protocol import Progress

_TEST_SECONDS_AFTER_STOP = 2.0
_MARGIN_SECONDS = 0.2
_BATCHES_MEASURED = 2


class _EnoughError(Exception):
    """As much was measured as is needed."""


def time_for_the_end(training: Training) -> None:
    """Measure what is still to be done when the time is up, and reserve it."""
    clock = training.clock
    began = clock.now()
    with tempfile.TemporaryDirectory() as folder:
        save_model(training.network.model, training.network.card, Path(folder, "model.keras"))
    training.reached.seconds_to_save = clock.now() - began
    seconds = seconds_to_ask(training, training.answers)
    training.time_left.seconds_to_validate = seconds
    clock.reserve = seconds + training.reached.seconds_to_save + _MARGIN_SECONDS


def seconds_to_ask(training: Training, answers: Answers | KeptAnswers) -> float:
    """What asking all validation pictures takes, from the second batch on."""
    part, batch_size = training.parts.validation, training.project.training.batch_size
    told = [(0, training.clock.now())]

    def after_batch(done: int) -> None:
        told.append((done, training.clock.now()))
        if len(told) > _BATCHES_MEASURED:
            raise _EnoughError

    with contextlib.suppress(_EnoughError):
        answers.of_part(part, batch_size, after_batch)
    (before, began), (done, ended) = told[-2:]
    return (ended - began) / (done - before) * len(part)


def test_best(training: Training, hand: StageInHand | None, is_stopped: bool) -> None:
    """Ask the best model the test part. Where there is none, and where no time is left for it,
    the answers for the validation part stand that were written with the best epoch."""
    part, clock = training.parts.test, training.clock
    kept = training.reached.checkpoint
    if kept is None or not len(part):
        return
    deadline = time.monotonic() + _TEST_SECONDS_AFTER_STOP

    def is_enough() -> bool:
        if clock.is_over:
            return clock.seconds_left() < _MARGIN_SECONDS
        return time.monotonic() > deadline if is_stopped else clock.should_stop()

    training.reached.hold(kept.best)
    best = kept.best_facts
    answers: Answers | KeptAnswers = training.answers
    # What another stage kept may come from frozen layers that were trained since.
    if hand is not None and best is not None and best.stage == hand.place.number + 1:
        answers = hand.keeper.answers
    clock.reserve = _MARGIN_SECONDS

    def after_batch(done: int) -> None:
        training.send(Progress("answers", done, len(part)))
        stop_if_wanted(is_enough)

    try:
        batch_size = training.project.training.batch_size
        probabilities = answers.of_part(part, batch_size, after_batch)
    except InterruptedError:
        print("No time left for the test part.", flush=True)
        return
    classes = training.network.card.classes
    evaluation = evaluation_of(classes, "test", part.files, part.labels, probabilities)
    training.run.write_evaluation(evaluation.model_copy(update={"epoch": kept.best_epoch}))


def keep_unfinished(training: Training, hand: StageInHand | None) -> None:
    """Keep the model as it is where not even one epoch came to its end."""
    if hand is not None and hand.keeper.batches_seen:
        with averaged(hand.model):
            save_model(training.network.model, training.network.card, training.run.last_model)


def keep_in_time(training: Training, hand: StageInHand | None) -> float:
    """Keep the model as it is when the time is up before one epoch came to its end, and ask as many
    validation pictures as there is time for. Returns the accuracy on those."""
    run, network, part = training.run, training.network, training.parts.validation
    with averaged(hand.model) if hand is not None else contextlib.nullcontext():
        save_model(network.model, network.card, run.last_model)
        give_second_name(run.last_model, run.best_model)
        probabilities = _answers_in_time(training, hand)
    count = len(probabilities)
    if not count:
        return 0.0
    evaluation = evaluation_of(
        network.card.classes, "validation", part.files[:count], part.labels[:count], probabilities
    )
    run.write_evaluation(evaluation)
    return evaluation.accuracy


def _answers_in_time(training: Training, hand: StageInHand | None) -> Probabilities:
    """The answers for the first validation pictures, (pictures, classes)."""
    part, batch_size = training.parts.validation, training.project.training.batch_size
    if hand is not None and isinstance(hand.keeper.answers, KeptAnswers):
        return hand.keeper.answers.of_part(part, batch_size, lambda done: None)
    found = [np.zeros((0, len(training.network.card.classes)))]
    for begin in range(0, len(part), batch_size):
        if begin and training.clock.seconds_left() < _MARGIN_SECONDS:
            break
        found.append(training.answers.of(part.take(begin, batch_size)))
    return np.concatenate(found)
