"""What is measured of the answers for the validation beside loss and accuracy."""

import keras
import numpy as np
import pytest

from cnnstudio.engine.objective import extra_measures
from cnnstudio.project.training import TrainingPlan

ANSWERS = np.array(
    [
        [0.5, 0.4, 0.1],
        [0.2, 0.7, 0.1],
        [0.3, 0.4, 0.3],
        [0.1, 0.5, 0.4],
        [0.2, 0.2, 0.6],
    ]
)
TRUTH = np.array([0, 1, 0, 2, 2])


def test_nothing_more_is_measured_unless_asked_for() -> None:
    found = extra_measures(TrainingPlan(), ANSWERS, TRUTH)
    assert found == {"top_k": None, "macro_f1": None, "auc": None}


@pytest.mark.parametrize(("count", "expected"), [(1, 0.6), (2, 1.0), (7, 1.0)])
def test_top_k_is_how_often_the_right_class_is_among_the_first(count: int, expected: float) -> None:
    found = extra_measures(TrainingPlan(top_k=count), ANSWERS, TRUTH)
    assert found["top_k"] == pytest.approx(expected)


def test_macro_f1_is_the_mean_of_the_classes() -> None:
    # Answers 0 1 1 1 2 for 0 1 0 2 2: precisions 1, 1/3, 1; recalls 1/2, 1, 1/2.
    expected = np.mean([2 / 3, 1 / 2, 2 / 3])
    found = extra_measures(TrainingPlan(macro_f1=True), ANSWERS, TRUTH)
    assert found["macro_f1"] == pytest.approx(expected)


def test_a_class_that_is_neither_there_nor_answered_does_not_lower_macro_f1() -> None:
    wider = np.concatenate([ANSWERS, np.zeros((5, 1))], axis=1)
    narrow = extra_measures(TrainingPlan(macro_f1=True), ANSWERS, TRUTH)
    assert extra_measures(TrainingPlan(macro_f1=True), wider, TRUTH) == narrow


def test_auc_counts_pairs_in_the_right_order() -> None:
    # Of (class, other) pairs in the right order, a tie counting half: class 0: 6 of 6; class 1:
    # 4 of 4; class 2: 2 rows 0.4, 0.6 above 0.1, 0.1, 0.3: 6 of 6.
    assert extra_measures(TrainingPlan(auc=True), ANSWERS, TRUTH)["auc"] == 1.0
    truth = np.array([1, 1, 0, 2, 2])
    # Class 0: 0.3 above 0.2 0.1 0.2, not 0.5: 3 of 4. Class 1: 0.4 0.7 beside 0.4 0.5 0.2:
    # (0.5 + 0 + 1) + 3 = 4.5 of 6. Class 2: all 6.
    found = extra_measures(TrainingPlan(auc=True), ANSWERS, truth)
    assert found["auc"] == pytest.approx(np.mean([3 / 4, 4.5 / 6, 1.0]))


def test_auc_of_two_classes_is_that_of_either() -> None:
    second = np.array([0.1, 0.4, 0.35, 0.8])
    answers = np.stack([1 - second, second], axis=1)
    found = extra_measures(TrainingPlan(auc=True), answers, np.array([0, 0, 1, 1]))
    assert found["auc"] == pytest.approx(0.75)


def test_auc_is_not_told_where_a_class_is_absent() -> None:
    found = extra_measures(TrainingPlan(auc=True), ANSWERS, np.array([0, 1, 0, 1, 1]))
    assert found["auc"] is None


def test_the_exact_auc_is_what_keras_comes_near_to() -> None:
    rng = np.random.default_rng(4)
    labels = rng.integers(0, 2, 300)
    second = np.clip(rng.normal(0.4 + 0.2 * labels, 0.2), 0.01, 0.99)
    answers = np.stack([1 - second, second], axis=1)
    measure = keras.metrics.AUC(num_thresholds=2000)
    measure.update_state(labels, second)
    found = extra_measures(TrainingPlan(auc=True), answers, labels)["auc"]
    assert found == pytest.approx(float(measure.result()), abs=2e-3)
