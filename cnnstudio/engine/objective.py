"""What a training makes smaller, by which rule, and what it measures: Keras' own of each."""

from typing import Any, Literal

import keras

from cnnstudio.engine.networks.auxiliary import TrainingModel
from cnnstudio.project.network_facts import NetworkFacts
from cnnstudio.project.project import Project


def compile_model(made: TrainingModel, project: Project, facts: NetworkFacts) -> None:
    """Make it ready for ``fit``.

    Loss and accuracy of its real output are told as ``cross_entropy`` and ``accuracy``: Keras' own
    ``loss`` also holds the price of large weights and the losses of outputs beside it.
    """
    loss, accuracy = _loss_and_accuracy(facts.output, project.augmentation.mixes)
    beside = len(made.loss_weights) - 1
    metrics = [accuracy, keras.metrics.MeanMetricWrapper(loss(reduction=None), "cross_entropy")]
    made.model.compile(
        optimizer=keras.optimizers.Adam(project.training.learning_rate),
        loss=[loss() for _ in made.loss_weights],
        loss_weights=list(made.loss_weights),
        metrics=[metrics, *[[]] * beside],
        jit_compile=False,
    )
    # With its variables made now, the training step is traced once and not twice.
    made.model.optimizer.build(made.model.trainable_variables)


def _loss_and_accuracy(
    output: Literal["sigmoid", "softmax"], is_mixed: bool
) -> tuple[type[keras.losses.Loss], keras.metrics.Metric]:
    """Mixed labels are shares of classes; an answer is right that names the largest share."""
    losses, metrics = keras.losses, keras.metrics
    if output == "sigmoid":
        accuracy = metrics.MeanMetricWrapper(_is_larger_half, name="accuracy")
        return losses.BinaryCrossentropy, accuracy
    if is_mixed:
        return losses.CategoricalCrossentropy, metrics.CategoricalAccuracy(name="accuracy")
    accuracy = metrics.SparseCategoricalAccuracy(name="accuracy")
    return losses.SparseCategoricalCrossentropy, accuracy


def _is_larger_half(labels: Any, given: Any) -> Any:
    """1 for each picture whose answer is on the same side of one half as its label; (batch,)."""
    given = keras.ops.reshape(given, (-1,))
    labels = keras.ops.cast(keras.ops.reshape(labels, (-1,)), given.dtype)
    return keras.ops.cast(keras.ops.equal(labels > 0.5, given > 0.5), "float32")
