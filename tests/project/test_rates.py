"""The planned rate: the same numbers as Keras' schedules, and a curve for drawing."""

import math

import keras
import pytest

from cnnstudio.project.project import Project
from cnnstudio.project.rates import PlateauState, planned_curve, rate_at
from cnnstudio.project.stages import Stage
from cnnstudio.project.training import TrainingPlan

MOMENTS = (0.0, 0.25, 1.0, 1.5, 2.0, 5.5, 9.0, 9.99)
STEPS_AN_EPOCH = 100


def plan_with(**chosen: object) -> TrainingPlan:
    return TrainingPlan().model_copy(update=chosen)


def project_with(*stages: Stage, **chosen: object) -> Project:
    return Project().replacing(training=plan_with(stages=stages, **chosen))


def test_steps_halve_the_rate_every_five_epochs_unless_told_otherwise() -> None:
    plan, stage = plan_with(schedule="step", learning_rate=0.08), Stage(epochs=20)
    rates = [rate_at(plan, stage, epoch) for epoch in (0, 4.99, 5, 9, 10, 19.5)]
    assert rates == [0.08, 0.08, 0.04, 0.04, 0.02, 0.01]


@pytest.mark.parametrize("warm_up", [0, 1, 2])
def test_cosine_with_warm_up_is_that_of_keras(warm_up: int) -> None:
    plan, stage = plan_with(schedule="cosine", warm_up=warm_up), Stage(epochs=10, rate=0.5)
    keras_own = keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=0.0 if warm_up else 0.0005,
        decay_steps=(10 - warm_up) * STEPS_AN_EPOCH,
        warmup_target=0.0005 if warm_up else None,
        warmup_steps=warm_up * STEPS_AN_EPOCH,
    )
    for moment in MOMENTS:
        theirs = float(keras_own(moment * STEPS_AN_EPOCH))
        assert rate_at(plan, stage, moment) == pytest.approx(theirs, abs=1e-9)


def test_exponential_is_that_of_keras() -> None:
    plan, stage = plan_with(schedule="exponential", epoch_decay=0.8), Stage(epochs=10)
    keras_own = keras.optimizers.schedules.ExponentialDecay(0.001, STEPS_AN_EPOCH, 0.8)
    for moment in MOMENTS:
        theirs = float(keras_own(moment * STEPS_AN_EPOCH))
        assert rate_at(plan, stage, moment) == pytest.approx(theirs, rel=1e-5)


def test_a_stage_of_one_epoch_still_reaches_the_full_rate_after_its_warm_up() -> None:
    plan, stage = plan_with(schedule="cosine", warm_up=5), Stage(epochs=1)
    assert rate_at(plan, stage, 0.5) == pytest.approx(0.001)


def test_added_epochs_go_on_at_the_rate_of_the_last_planned_one_and_never_at_none() -> None:
    for schedule in ("constant", "step", "exponential", "cosine", "plateau"):
        plan = plan_with(schedule=schedule)
        stage = Stage(epochs=10, added=5)
        last = rate_at(plan, stage, 9.5)
        assert last > 0
        assert [rate_at(plan, stage, epoch) for epoch in (10, 12.5, 15)] == [last] * 3


class Model:
    """What Keras' callback asks of a model."""

    def __init__(self, rate: float) -> None:
        self.optimizer = keras.optimizers.SGD(rate)


def test_a_plateau_lowers_the_rate_in_the_same_epochs_as_keras_does() -> None:
    losses = [1.0, 0.9, 0.95, 0.89995, 0.91, 0.5, 0.5, 0.49999, 0.6, 0.7, 0.7, 0.7, 0.2]
    plan = plan_with(schedule="plateau", plateau_patience=2, decay=0.5)
    callback = keras.callbacks.ReduceLROnPlateau(factor=0.5, patience=2)
    callback.set_model(Model(1.0))
    callback.monitor_op = keras.ops.less
    callback.min_delta = -1e-4
    callback.on_train_begin()
    state, ours, theirs = PlateauState(), [], []
    for epoch, loss in enumerate(losses):
        callback.on_epoch_end(epoch, {"val_loss": loss})
        state = state.after(loss, plan)
        theirs.append(float(callback.model.optimizer.learning_rate))
        ours.append(state.factor)
    assert ours == theirs
    assert ours[-1] < 1


def test_other_schedules_know_no_plateau() -> None:
    state = PlateauState()
    for _ in range(10):
        state = state.after(1.0, plan_with())
    assert state == PlateauState()


def test_the_curve_runs_over_all_stages_with_their_shares_of_the_rate() -> None:
    project = project_with(
        Stage(trains="head", epochs=3), Stage(trains="blocks", epochs=2, rate=0.01)
    )
    assert planned_curve(project) == [(0, 0.001), (3, 0.001), (3, 0.00001), (5, 0.00001)]


def test_the_curve_shows_steps_as_steps_and_added_epochs_as_level() -> None:
    project = project_with(Stage(epochs=7, added=2), schedule="step", learning_rate=0.5)
    assert planned_curve(project) == [
        (0, 0.5), (5, 0.5), (5, 0.25), (7, 0.25), (7, 0.25), (9, 0.25)
    ]  # fmt: skip


@pytest.mark.parametrize("schedule", ["exponential", "cosine"])
def test_a_smooth_curve_goes_on_in_time_and_ends_where_the_stages_do(schedule: str) -> None:
    project = project_with(Stage(epochs=500), Stage(epochs=2), schedule=schedule, warm_up=3)
    curve = planned_curve(project)
    epochs = [epoch for epoch, _ in curve]
    assert epochs == sorted(epochs)
    assert epochs[-1] == 502
    assert len(curve) < 300
    assert max(rate for _, rate in curve) == pytest.approx(0.001)
    assert all(math.isfinite(rate) and rate >= 0 for _, rate in curve)


def test_the_usual_stages_of_a_pretrained_base_are_two_levels() -> None:
    project = Project()
    network = project.network.model_copy(update={"base": "mobilenet_v2"})
    rates = [rate for _, rate in planned_curve(project.replacing(network=network))]
    assert rates == pytest.approx([0.001, 0.001, 0.00001, 0.00001])
