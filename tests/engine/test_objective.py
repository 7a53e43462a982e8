"""Optimisers, losses, labels, penalties, averages and measures are Keras' own, put together right.

Each is compared with a hand computation, or with a plain ``compile`` of the same settings.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import pytest
import tensorflow as tf

from cnnstudio.engine.answers import Answers
from cnnstudio.engine.cutting import cut, frozen_part_of
from cnnstudio.engine.networks.auxiliary import TrainingModel
from cnnstudio.engine.objective import (
    ACCURACY,
    WATCHED_LOSS,
    add_penalties,
    averaged,
    class_weights,
    compile_model,
    extra_measures,
    loss_of,
    with_targets,
)
from cnnstudio.images.read import read_picture
from cnnstudio.project.augmentation import AugmentationPlan
from cnnstudio.project.epochs import best_of
from cnnstudio.project.listing import ListedPicture
from cnnstudio.project.losses import Output
from cnnstudio.project.network import OWN_MODEL, NetworkPlan
from cnnstudio.project.network_facts import NetworkFacts
from cnnstudio.project.problems import ProblemError
from cnnstudio.project.project import Project
from cnnstudio.project.training import TrainingPlan
from tests.engine.conftest import SIZE, MakeRun, train_run

SMALL = 1e-7
RATE = 0.1
LABELS = np.array([0, 2, 1, 2, 0, 2])
TWO_LABELS = np.array([0, 1, 1, 1, 0, 1])
INPUTS = np.random.default_rng(1).normal(size=(6, 4)).astype(np.float32)

Numbers = npt.NDArray[Any]


def planned(mixup: float = 0.0, **training: object) -> Project:
    return Project(
        augmentation=AugmentationPlan(mixup=mixup),
        training=TrainingPlan.model_validate(training),
    )


def facts_of(output: Output) -> NetworkFacts:
    return NetworkFacts((), 2 if output == "sigmoid" else 3, output)


def tiny(output: Output = "softmax", hidden: int = 5) -> keras.Model:
    """The same weights each time."""
    layers = keras.layers
    given = keras.Input((4,))
    seeded = keras.initializers.GlorotUniform
    numbers = layers.Dense(hidden, "tanh", kernel_initializer=seeded(1), name="hidden")(given)
    units = 1 if output == "sigmoid" else 3
    return keras.Model(
        given, layers.Dense(units, output, kernel_initializer=seeded(2), name="output")(numbers)
    )


def batches_of(
    labels: Numbers, project: Project, output: Output, counts: Sequence[int] = ()
) -> tf.data.Dataset:
    """One batch of the inputs, its labels as the loss wants them."""
    batches = tf.data.Dataset.from_tensor_slices((INPUTS[: len(labels)], labels)).batch(6)
    counts = counts or [1] * facts_of(output).num_classes
    return with_targets(batches, project, facts_of(output), counts)


def compiled(project: Project, output: Output = "softmax", **more: Any) -> keras.Model:
    """As a training has it; its steps run without being traced first."""
    model = more.get("model") or tiny(output)
    made = TrainingModel(model, more.get("loss_weights", (1.0,)))
    facts = facts_of(output)
    compile_model(made, project, facts, RATE, facts.num_classes)
    model.run_eagerly = True
    return model


def plain(optimizer: Any, loss: Any, output: Output = "softmax") -> keras.Model:
    model = tiny(output)
    model.compile(optimizer, loss, metrics=["accuracy"], jit_compile=False, run_eagerly=True)
    return model


def step(model: keras.Model, batches: tf.data.Dataset, times: int = 2) -> dict[str, float]:
    """What Keras tells of the last of several steps with the same batch."""
    batch = next(iter(batches))
    told: dict[str, float] = {}
    for _ in range(times):
        model.reset_metrics()
        told = model.train_on_batch(*batch, return_dict=True)
    return told


def targets_of(batches: tf.data.Dataset) -> Numbers:
    return np.asarray(next(iter(batches))[1])


def same_weights(model: keras.Model, other: keras.Model) -> None:
    for mine, its in zip(model.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, its)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"optimizer": "sgd", "momentum": 0}, keras.optimizers.SGD(RATE)),
        ({"optimizer": "sgd"}, keras.optimizers.SGD(RATE, 0.9)),
        (
            {"optimizer": "sgd", "momentum": 0.8, "nesterov": True},
            keras.optimizers.SGD(RATE, 0.8, nesterov=True),
        ),
        ({"optimizer": "adagrad"}, keras.optimizers.Adagrad(RATE)),
        ({"optimizer": "adadelta"}, keras.optimizers.Adadelta(RATE)),
        ({"optimizer": "rmsprop", "momentum": 0.5}, keras.optimizers.RMSprop(RATE)),
        ({"optimizer": "adam"}, keras.optimizers.Adam(RATE)),
        ({"weight_decay": 0.2}, keras.optimizers.Adam(RATE, weight_decay=0.2)),
        ({"optimizer": "adamw"}, keras.optimizers.AdamW(RATE)),
        (
            {"optimizer": "adamw", "weight_decay": 0.2},
            keras.optimizers.AdamW(RATE, weight_decay=0.2),
        ),
        ({"optimizer": "nadam"}, keras.optimizers.Nadam(RATE)),
        ({"optimizer": "lion"}, keras.optimizers.Lion(RATE)),
        (
            {"optimizer": "lion", "average_weights": 0.9},
            keras.optimizers.Lion(RATE, use_ema=True, ema_momentum=0.9),
        ),
    ],
)
def test_an_optimiser_steps_as_that_of_keras(settings: dict[str, object], expected: Any) -> None:
    project = planned(**settings)
    model = compiled(project)
    other = plain(
        type(expected).from_config(expected.get_config()), "sparse_categorical_crossentropy"
    )
    batches = batches_of(LABELS, project, "softmax")
    step(model, batches)
    step(other, batches)
    same_weights(model, other)
    settings_of = [each.optimizer.get_config() | {"name": ""} for each in (model, other)]
    assert settings_of[0] == settings_of[1]


def test_a_step_of_sgd_is_the_gradient_times_the_rate() -> None:
    project = planned(optimizer="sgd", momentum=0)
    model = compiled(project)
    hidden, hidden_bias, kernel, bias = model.get_weights()
    numbers = np.tanh(INPUTS @ hidden + hidden_bias)
    given = np.exp(numbers @ kernel + bias)
    given /= given.sum(axis=1, keepdims=True)
    # The gradient of softmax with cross-entropy: what is given less what should be.
    wrong = (given - np.eye(3)[LABELS]) / len(LABELS)
    step(model, batches_of(LABELS, project, "softmax"), times=1)
    np.testing.assert_allclose(model.get_weights()[2], kernel - RATE * numbers.T @ wrong, atol=1e-6)
    np.testing.assert_allclose(model.get_weights()[3], bias - RATE * wrong.sum(axis=0), atol=1e-6)


def test_the_rate_can_be_set_before_each_step() -> None:
    project = planned(optimizer="sgd", momentum=0)
    model = compiled(project)
    before = model.get_weights()
    model.optimizer.learning_rate.assign(0.0)
    step(model, batches_of(LABELS, project, "softmax"))
    for mine, its in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(mine, its)


def of_softmax(name: str, labels: Numbers, given: Numbers) -> Numbers:
    """The loss of each picture, by hand; ``labels`` as shares of the classes."""
    sure = np.clip(given, SMALL, 1 - SMALL)
    match name:
        case "mean_squared_error":
            return ((labels - given) ** 2).mean(axis=1)
        case "focal":
            return (-0.25 * labels * (1 - sure) ** 2 * np.log(sure)).sum(axis=1)
        case _:
            return (-labels * np.log(sure)).sum(axis=1)


def of_sigmoid(name: str, labels: Numbers, given: Numbers) -> Numbers:
    """The loss of each picture, by hand; ``labels`` (batch, 1)."""
    entropy = -labels * np.log(given) - (1 - labels) * np.log(1 - given)
    match name:
        case "mean_squared_error":
            return ((labels - given) ** 2).mean(axis=1)
        case "focal":
            right = labels * given + (1 - labels) * (1 - given)
            return ((1 - right) ** 2 * entropy).mean(axis=1)
        case _:
            return entropy.mean(axis=1)


@pytest.mark.parametrize(
    ("output", "loss", "smoothing"),
    [
        ("softmax", "automatic", 0.0),
        ("softmax", "automatic", 0.2),
        ("softmax", "sparse_categorical_crossentropy", 0.0),
        ("softmax", "categorical_crossentropy", 0.0),
        ("softmax", "categorical_crossentropy", 0.2),
        ("softmax", "mean_squared_error", 0.0),
        ("softmax", "focal", 0.0),
        ("softmax", "focal", 0.2),
        ("sigmoid", "automatic", 0.0),
        ("sigmoid", "binary_crossentropy", 0.2),
        ("sigmoid", "mean_squared_error", 0.0),
        ("sigmoid", "focal", 0.0),
        ("sigmoid", "focal", 0.2),
    ],
)
def test_a_loss_is_what_its_formula_says(output: Output, loss: str, smoothing: float) -> None:
    project = planned(loss=loss, label_smoothing=smoothing, optimizer="sgd", momentum=0)
    model = compiled(project, output)
    given = np.asarray(model(INPUTS), np.float64)
    if output == "sigmoid":
        classes, by_hand, labels = 2, of_sigmoid, TWO_LABELS[:, None].astype(float)
        probabilities = np.concatenate([1 - given, given], axis=1)
    else:
        classes, by_hand, labels = 3, of_softmax, np.eye(3)[LABELS]
        probabilities = given
    places = TWO_LABELS if output == "sigmoid" else LABELS
    told = step(model, batches_of(places, project, output), times=1)
    smoothed = labels * (1 - smoothing) + smoothing / classes
    assert told["loss"] == pytest.approx(by_hand(loss, smoothed, given).mean(), rel=1e-5)
    sharp = by_hand(loss, labels, given).mean()
    assert told[WATCHED_LOSS] == pytest.approx(sharp, rel=1e-5)
    assert loss_of(project, facts_of(output), probabilities, places) == pytest.approx(
        sharp, rel=1e-5
    )
    assert told[ACCURACY] == pytest.approx(np.mean(probabilities.argmax(axis=1) == places))


@pytest.mark.parametrize(
    ("output", "loss", "expected"),
    [
        ("softmax", "categorical_crossentropy", keras.losses.CategoricalCrossentropy),
        ("softmax", "focal", keras.losses.CategoricalFocalCrossentropy),
        ("softmax", "mean_squared_error", keras.losses.MeanSquaredError),
        ("sigmoid", "binary_crossentropy", keras.losses.BinaryCrossentropy),
        ("sigmoid", "focal", keras.losses.BinaryFocalCrossentropy),
        ("sigmoid", "mean_squared_error", keras.losses.MeanSquaredError),
    ],
)
def test_a_step_goes_by_the_gradients_of_the_loss_of_keras(
    output: Output, loss: str, expected: Any
) -> None:
    project = planned(loss=loss, optimizer="sgd", momentum=0)
    model, other = compiled(project, output), plain(keras.optimizers.SGD(RATE), expected(), output)
    places = TWO_LABELS if output == "sigmoid" else LABELS
    labels = TWO_LABELS[:, None] if output == "sigmoid" else np.eye(3)[LABELS]
    step(model, batches_of(places, project, output))
    step(other, tf.data.Dataset.from_tensors((INPUTS, labels.astype(np.float32))))
    same_weights(model, other)


def test_the_history_is_that_of_plain_keras() -> None:
    project = planned(optimizer="sgd", momentum=0.9, seed=3)
    model, other = tiny(), tiny()
    compile_model(TrainingModel(model, (1.0,)), project, facts_of("softmax"), RATE, 3)
    optimizer = keras.optimizers.SGD(RATE, 0.9)
    other.compile(
        optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"], jit_compile=False
    )
    batches = tf.data.Dataset.from_tensor_slices((INPUTS, LABELS)).batch(4)
    mine = model.fit(
        with_targets(batches, project, facts_of("softmax"), [2, 1, 3]), epochs=4, verbose=0
    )
    its = other.fit(batches, epochs=4, verbose=0)
    assert mine.history["loss"] == its.history["loss"]
    assert mine.history[ACCURACY] == its.history["accuracy"]
    assert mine.history[WATCHED_LOSS] == pytest.approx(its.history["loss"], rel=1e-5)
    same_weights(model, other)


def test_the_loss_that_is_told_takes_probabilities_as_validation_does() -> None:
    """Keras' own loss sees behind a softmax and can be of any size; probabilities cannot tell."""
    project = planned()
    model = compiled(project)
    model.get_layer("output").bias.assign([0.0, 0.0, 200.0])
    labels = np.zeros(6, np.int64)
    told = step(model, batches_of(labels, project, "softmax"), times=1)
    assert told["loss"] > 100
    sure = np.tile([0.0, 0.0, 1.0], (6, 1))
    expected = loss_of(project, facts_of("softmax"), sure, labels)
    assert expected == pytest.approx(-np.log(SMALL), rel=1e-3)
    assert told[WATCHED_LOSS] == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize(
    ("output", "settings", "labels", "expected"),
    [
        ("softmax", {}, [2, 0], [2, 0]),
        ("softmax", {"loss": "focal"}, [2, 0], [[0, 0, 1], [1, 0, 0]]),
        ("softmax", {"label_smoothing": 0.1}, [2, 0], [[0, 0, 1], [1, 0, 0]]),
        ("softmax", {"mixup": 0.2}, [[0.3, 0.7, 0.0]], [[0.3, 0.7, 0.0]]),
        ("sigmoid", {}, [1, 0], [[1], [0]]),
        ("sigmoid", {"loss": "mean_squared_error"}, [1, 0], [[1], [0]]),
        ("sigmoid", {"mixup": 0.2}, [0.3, 1.0], [[0.3], [1.0]]),
    ],
)
def test_labels_have_the_form_that_the_loss_wants(
    output: Output, settings: dict[str, Any], labels: list[Any], expected: list[Any]
) -> None:
    given = np.array(labels, np.int64 if isinstance(labels[0], int) else np.float32)
    targets = targets_of(batches_of(given, planned(**settings), output))
    np.testing.assert_array_equal(targets, np.array(expected, targets.dtype))


def test_features_of_several_tensors_pass_beside_their_labels() -> None:
    features = (INPUTS, INPUTS[:, :2])
    batches = tf.data.Dataset.from_tensor_slices((features, LABELS)).batch(6)
    project = planned(balance="weights", loss="focal")
    given, targets, weights = next(
        iter(with_targets(batches, project, facts_of("softmax"), [2, 1, 3]))
    )
    for mine, its in zip(given, features, strict=True):
        np.testing.assert_array_equal(mine, its)
    assert targets.shape == (6, 3)
    np.testing.assert_allclose(weights, np.array([1.0, 2 / 3, 2.0, 2 / 3, 1.0, 2 / 3]))


def test_every_class_has_the_same_weight_altogether() -> None:
    # 6 pictures / (3 classes × pictures of the class), as scikit-learn's 'balanced'.
    assert class_weights([2, 1, 3]) == pytest.approx([1.0, 2.0, 2 / 3])
    assert class_weights([5, 5]) == [1.0, 1.0]


def test_a_class_without_pictures_leaves_the_others_as_they_would_be() -> None:
    assert class_weights([2, 0, 6]) == pytest.approx([2.0, 1.0, 2 / 3])


@pytest.mark.parametrize("output", ["softmax", "sigmoid"])
def test_class_weights_weigh_the_loss_and_not_what_is_told(output: Output) -> None:
    project = planned(balance="weights")
    places = TWO_LABELS if output == "sigmoid" else LABELS
    counts = np.bincount(places)
    model = compiled(project, output)
    given = np.asarray(model(INPUTS), np.float64)
    given = np.concatenate([1 - given, given], axis=1) if output == "sigmoid" else given
    entropy = -np.log(given[np.arange(6), places])
    told = step(model, batches_of(places, project, output, list(counts)), times=1)
    weights = 6 / (len(counts) * counts[places])
    assert told["loss"] == pytest.approx((weights * entropy).mean(), rel=1e-5)
    assert told[WATCHED_LOSS] == pytest.approx(entropy.mean(), rel=1e-5)
    assert told[ACCURACY] == pytest.approx((given.argmax(axis=1) == places).mean())


def test_a_mixed_picture_has_the_weights_of_its_classes_by_their_shares() -> None:
    project = planned(mixup=0.2, balance="weights")
    shares = np.array([[0.25, 0.75, 0.0], [0.0, 0.0, 1.0]], np.float32)
    _, _, weights = next(iter(batches_of(shares, project, "softmax", [2, 1, 3])))
    np.testing.assert_allclose(weights, [0.25 * 1 + 0.75 * 2, 2 / 3], rtol=1e-6)
    second = np.array([0.25], np.float32)
    _, _, weights = next(iter(batches_of(second, project, "sigmoid", [1, 3])))
    np.testing.assert_allclose(weights, [0.75 * 2 + 0.25 * 2 / 3], rtol=1e-6)


def test_class_weights_hold_for_the_outputs_beside_too() -> None:
    project = planned(balance="weights", loss="categorical_crossentropy")
    one = tiny()
    beside = keras.layers.Dense(3, "softmax", name="beside")(one.get_layer("hidden").output)
    model = compiled(
        project,
        model=keras.Model(one.input, [one.output, beside]),
        loss_weights=(1.0, 0.3),
    )
    given = [np.asarray(each, np.float64) for each in model(INPUTS)]
    first, second = (-np.log(each[np.arange(6), LABELS]) for each in given)
    weights = 6 / (3 * np.bincount(LABELS)[LABELS])
    batches = batches_of(LABELS, project, "softmax", [2, 1, 3])
    told = step(model, TrainingModel(model, (1.0, 0.3)).with_labels_for_all(batches), times=1)
    expected = (weights * first).mean() + 0.3 * (weights * second).mean()
    assert told["loss"] == pytest.approx(expected, rel=1e-5)
    assert told[f"output_{WATCHED_LOSS}"] == pytest.approx(first.mean(), rel=1e-5)
    assert told[f"output_{ACCURACY}"] == pytest.approx((given[0].argmax(axis=1) == LABELS).mean())


def conv_model(l2: float = 0.0) -> keras.Model:
    layers = keras.layers
    given = keras.Input((8, 8, 3))
    own = keras.regularizers.L2(l2) if l2 else None
    maps = layers.Conv2D(4, 3, kernel_regularizer=own, name="conv")(given)
    maps = layers.BatchNormalization(name="norm")(maps)
    maps = layers.SeparableConv2D(4, 3, name="separable")(maps)
    numbers = layers.GlobalAveragePooling2D(name="pool")(maps)
    return keras.Model(given, layers.Dense(3, "softmax", name="output")(numbers))


def price_of(model: keras.Model, *names: str, l1: float, l2: float) -> float:
    kernels = [
        np.asarray(weight, np.float64)
        for name in names
        for weight in model.get_layer(name).weights
        if weight.name.endswith("kernel")
    ]
    return sum(l1 * np.abs(each).sum() + l2 * (each**2).sum() for each in kernels)


def losses_of(model: keras.Model) -> float:
    return float(sum(model.losses))


def test_penalties_are_those_of_trained_kernels_alone() -> None:
    model = conv_model()
    model.get_layer("norm").set_weights([np.full(4, 3.0)] * 4)
    model.get_layer("conv").trainable = False
    add_penalties(model, TrainingPlan(l1=0.01, l2=0.02))
    expected = price_of(model, "separable", "output", l1=0.01, l2=0.02)
    assert losses_of(model) == pytest.approx(expected, rel=1e-5)
    model.get_layer("conv").trainable = True
    expected += price_of(model, "conv", l1=0.01, l2=0.02)
    assert losses_of(model) == pytest.approx(expected, rel=1e-5)


def test_a_penalty_shrinks_the_weights_as_the_layers_own_would() -> None:
    project = planned(optimizer="sgd", momentum=0, l2=0.3)
    model = tiny()
    add_penalties(model, project.training)
    told = step(compiled(project, model=model), batches_of(LABELS, project, "softmax"))
    layers = keras.layers
    given = keras.Input((4,))
    numbers = layers.Dense(5, "tanh", kernel_regularizer=keras.regularizers.L2(0.3))(given)
    output = layers.Dense(3, "softmax", kernel_regularizer=keras.regularizers.L2(0.3))(numbers)
    other = keras.Model(given, output)
    other.set_weights(tiny().get_weights())
    other.compile(keras.optimizers.SGD(RATE), "sparse_categorical_crossentropy", run_eagerly=True)
    its = step(other, batches_of(LABELS, project, "softmax"))
    for mine, others in zip(model.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_allclose(mine, others, atol=1e-6)
    assert told["loss"] == pytest.approx(float(its["loss"]), rel=1e-5)
    assert told[WATCHED_LOSS] < told["loss"] - 0.1


def test_what_a_layer_demands_itself_stays_beside_the_plan() -> None:
    model = conv_model(l2=0.5)
    own = price_of(model, "conv", l1=0, l2=0.5)
    for _ in range(2):  # as at the beginning of every stage
        add_penalties(model, TrainingPlan(l1=0.01))
        added = price_of(model, "conv", "separable", "output", l1=0.01, l2=0)
        assert losses_of(model) == pytest.approx(own + added, rel=1e-5)
    add_penalties(model, TrainingPlan())
    assert losses_of(model) == pytest.approx(own, rel=1e-5)


def test_penalties_count_in_the_trained_half_of_a_cut_model() -> None:
    model = conv_model()
    for name in ("conv", "norm"):
        model.get_layer(name).trainable = False
    rest = cut(model, frozen_part_of(model)).rest
    add_penalties(rest, TrainingPlan(l2=0.02))
    expected = price_of(model, "separable", "output", l1=0, l2=0.02)
    assert losses_of(rest) == pytest.approx(expected, rel=1e-5)
    assert losses_of(model) == pytest.approx(expected, rel=1e-5)


def test_a_models_file_knows_nothing_of_penalties(tmp_path: Path) -> None:
    model = conv_model()
    settings = model.get_config()
    add_penalties(model, TrainingPlan(l1=0.01, l2=0.02))
    assert model.get_config() == settings
    model.save(tmp_path / "model.keras")
    opened = keras.saving.load_model(tmp_path / "model.keras", safe_mode=True)
    assert opened.losses == []
    same_weights(model, opened)


def test_averages_are_swapped_in_and_back_exactly() -> None:
    project = planned(optimizer="sgd", momentum=0, average_weights=0.75)
    model = compiled(project)
    batches = batches_of(LABELS, project, "softmax")
    seen = []
    for _ in range(3):
        step(model, batches, times=1)
        seen.append(model.get_weights())
    with averaged(model):
        inside = model.get_weights()
    same = [np.array_equal(a, b) for a, b in zip(model.get_weights(), seen[-1], strict=True)]
    assert all(same)
    for place, average in enumerate(inside):
        # It begins with the weights after the first step.
        expected = seen[0][place]
        for weights in seen[1:]:
            expected = 0.75 * expected + 0.25 * weights[place]
        np.testing.assert_allclose(average, expected, atol=1e-6)
        assert not np.array_equal(average, seen[-1][place])


def test_averages_are_swapped_back_when_something_fails_inside() -> None:
    project = planned(average_weights=0.5)
    model = compiled(project)
    step(model, batches_of(LABELS, project, "softmax"))
    before = model.get_weights()
    with pytest.raises(InterruptedError), averaged(model):
        raise InterruptedError
    for mine, its in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(mine, its)


@pytest.mark.parametrize(("average", "steps"), [(0.0, 2), (0.9, 0)])
def test_without_averages_a_model_stays_as_it_is(average: float, steps: int) -> None:
    project = planned(average_weights=average)
    model = compiled(project)
    step(model, batches_of(LABELS, project, "softmax"), steps)
    before = model.get_weights()
    with averaged(model):
        for mine, its in zip(model.get_weights(), before, strict=True):
            np.testing.assert_array_equal(mine, its)


@pytest.mark.parametrize(
    "optimizer", ["sgd", "adagrad", "adadelta", "rmsprop", "adam", "adamw", "nadam", "lion"]
)
def test_weights_and_the_optimisers_variables_are_all_that_is_needed_to_go_on(
    optimizer: str,
) -> None:
    project = planned(optimizer=optimizer, average_weights=0.9)
    batches = batches_of(LABELS, project, "softmax")
    model, other = compiled(project), compiled(project)
    step(model, batches)
    for mine, its in zip(other.optimizer.variables, model.optimizer.variables, strict=True):
        mine.assign(its)
    other.set_weights(model.get_weights())
    step(model, batches)
    step(other, batches)
    same_weights(model, other)
    with averaged(model), averaged(other):
        same_weights(model, other)


def test_a_loss_that_does_not_fit_an_own_models_output_is_refused() -> None:
    project = planned(loss="binary_crossentropy").replacing(
        network=NetworkPlan(base=OWN_MODEL, keep_output=True)
    )
    with pytest.raises(ProblemError) as raised:
        compiled(project)
    assert raised.value.problem.kind == "loss_needs_sigmoid"


def test_a_run_with_all_of_it_keeps_what_its_history_says(
    make_run: MakeRun, pictures: Path
) -> None:
    greens = [
        ListedPicture(str(file), "red", "training")
        for file in sorted((pictures / "green").iterdir())[:3]
    ]
    run = make_run(
        *("training.loss=focal", "training.label_smoothing=0.1", "training.balance=weights"),
        *("training.l2=0.01", "training.average_weights=0.5", "training.optimizer=nadam"),
        *("training.top_k=2", "training.macro_f1=yes", "training.auc=yes"),
        classes=("blue", "green", "red"),
        more=greens,
    )
    ended = train_run(run)
    assert ended.outcome == "finished", ended.details
    best = best_of(run.read_history())
    evaluation = run.read_evaluation()
    assert best is not None
    assert evaluation is not None
    given = np.array([each.probabilities for each in evaluation.pictures])
    labels = np.array([evaluation.classes.index(each.label) for each in evaluation.pictures])
    by_hand = of_softmax("focal", np.eye(3)[labels], given).mean()
    assert best.validation_loss == pytest.approx(by_hand, rel=1e-4)
    plan = TrainingPlan(top_k=2, macro_f1=True, auc=True)
    for name, value in extra_measures(plan, given, labels).items():
        assert getattr(best, name) == pytest.approx(value), name
    model = keras.saving.load_model(run.best_model, safe_mode=True)
    assert model.losses == []
    fit = run.read_project().pictures.fit
    squares = [read_picture(each.file, SIZE, fit) for each in evaluation.pictures]
    answers = Answers(model).of(np.stack(squares))
    np.testing.assert_allclose(answers, given, atol=1e-5)


@pytest.mark.parametrize("output", ["softmax", "sigmoid"])
@pytest.mark.parametrize("loss", ["automatic", "mean_squared_error", "focal"])
def test_answers_that_are_no_numbers_have_a_loss_that_is_none(output: Output, loss: str) -> None:
    answers = np.full((4, facts_of(output).num_classes), np.nan)
    found = loss_of(planned(loss=loss), facts_of(output), answers, np.zeros(4, np.int64))
    assert np.isnan(found)
