"""Trainings that mix pictures, or take variants that were made once."""

import dataclasses

import numpy as np
import tensorflow as tf

from cnnstudio.engine.objective import _is_larger_half
from cnnstudio.project.epochs import EpochFacts
from cnnstudio.project.places import cache_folder
from cnnstudio.protocol import Progress, TrainingStarted
from tests.engine.conftest import Ear, MakeRun, train_run

MIXED = ("augmentation.mixup=0.4", "augmentation.cutmix=0.4")
PREPARED = ("augmentation.mode=prepared", "augmentation.rotation=20", "augmentation.variants=2")


def _history(make_run: MakeRun, *settings: str, **more: object) -> list[EpochFacts]:
    run = make_run(*settings, **more)
    ended = train_run(run)
    assert ended.outcome == "finished", ended.details
    return [dataclasses.replace(facts, seconds=0) for facts in run.read_history()]


def test_a_training_that_mixes_three_classes_follows_from_the_seed(make_run: MakeRun) -> None:
    settings = (*MIXED, "augmentation.rotation=20", "training.epochs=2")
    classes = ("blue", "green", "red")
    first = _history(make_run, *settings, classes=classes)
    assert first == _history(make_run, *settings, classes=classes)
    for facts in first:
        assert np.isfinite(facts.loss)
        assert 0 <= facts.accuracy <= 1


def test_mixing_with_a_sigmoid_learns_to_tell_colours_apart(make_run: MakeRun) -> None:
    history = _history(make_run, "augmentation.mixup=0.2", "training.epochs=12")
    assert max(facts.validation_accuracy for facts in history) > 0.9
    # Half of the mixtures are nearly pure; an accuracy that asks for pure labels stays near 0.
    assert history[-1].accuracy > 0.6


def test_an_answer_is_right_that_names_the_larger_share() -> None:
    labels = tf.constant([0.0, 1.0, 0.7, 0.7, 0.2])
    given = tf.constant([[0.1], [0.9], [0.6], [0.4], [0.3]])
    np.testing.assert_array_equal(_is_larger_half(labels, given), [1, 1, 1, 0, 1])


def test_variants_are_prepared_once_for_many_trainings(make_run: MakeRun) -> None:
    ears = Ear(), Ear()
    for ear in ears:
        run = make_run(*PREPARED, "training.epochs=1")
        ended = train_run(run, ear)
        assert ended.outcome == "finished", ended.details
    made = [
        [event for event in ear.events if event == Progress("variants", 36, 36)] for ear in ears
    ]
    assert [len(each) for each in made] == [1, 0]
    assert len(list((cache_folder() / "variants").iterdir())) == 1
    assert ears[1].of(TrainingStarted) == [TrainingStarted(1, 3, 18, 6)]


def test_a_training_with_prepared_variants_follows_from_the_seed(make_run: MakeRun) -> None:
    first = _history(make_run, *PREPARED, "training.epochs=2")
    assert first == _history(make_run, *PREPARED, "training.epochs=2")


def test_a_stop_while_variants_are_made_ends_the_training(make_run: MakeRun) -> None:
    run = make_run(*PREPARED)
    ear = Ear(lambda event: event == Progress("variants", 18, 36))
    ended = train_run(run, ear)
    assert (ended.outcome, ended.epochs_done) == ("stopped", 0)
    assert list((cache_folder() / "variants").iterdir()) == []
