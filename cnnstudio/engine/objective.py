"""What a training makes smaller, by which rule, and what it measures: Keras' own of each."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from cnnstudio.engine.answers import Probabilities
from cnnstudio.engine.networks.auxiliary import TrainingModel
from cnnstudio.project.losses import ResolvedLoss, loss_problems, resolved_loss
from cnnstudio.project.network_facts import NetworkFacts
from cnnstudio.project.problems import ProblemError, errors_in
from cnnstudio.project.project import Project
from cnnstudio.project.training import TrainingPlan

ClassLabels = npt.NDArray[np.int64]

WATCHED_LOSS = "watched_loss"
"""The name under which Keras tells the loss that curves are drawn of."""

ACCURACY = "accuracy"
"""The name under which Keras tells the accuracy of the real output."""


def compile_model(
    made: TrainingModel, project: Project, facts: NetworkFacts, rate: float, num_classes: int
) -> None:
    """Make it ready for ``fit`` with batches from :func:`with_targets`.

    The learning rate is a variable: ``model.optimizer.learning_rate.assign(…)`` holds from the
    next step on. Everything that the optimiser remembers stands in ``model.optimizer.variables``,
    made by the time this returns: step count, rate, its own moments, moving averages of weights.

    Of the real output :data:`ACCURACY` and :data:`WATCHED_LOSS` are told. The latter is the chosen
    loss as :func:`loss_of` has it for the validation: without label smoothing, penalties, class
    weights and outputs beside the real one, all of which are in Keras' own ``loss``.

    Raises:
        ProblemError: where the loss does not fit the output of a model of one's own.
    """
    for problem in errors_in(loss_problems(project, num_classes, facts.output)):
        raise ProblemError(problem)
    plan = project.training
    loss = _resolved(project, facts)
    beside = len(made.loss_weights) - 1
    watched = keras.metrics.MeanMetricWrapper(_watched(loss, facts.output), WATCHED_LOSS)
    made.model.compile(
        optimizer=_optimizer(plan, rate),
        loss=[_loss(loss, facts.output, plan.label_smoothing) for _ in made.loss_weights],
        loss_weights=list(made.loss_weights),
        metrics=[[_accuracy(loss, facts.output), watched], *[[]] * beside],
        jit_compile=False,
    )
    # With its variables made now, the training step is traced once and not twice.
    made.model.optimizer.build(made.model.trainable_variables)


def with_targets(
    batches: tf.data.Dataset, project: Project, facts: NetworkFacts, counts: Sequence[int]
) -> tf.data.Dataset:
    """``batches`` of (given, labels) as the loss wants them, before ``with_labels_for_all``.

    Labels are classes, int64 (batch,), or where pictures are mixed shares: (batch, classes) for
    softmax, the share of the class of index 1 (batch,) for sigmoid. They become classes (batch,)
    for the sparse loss, otherwise float32 (batch, 1) for sigmoid, (batch, classes) for softmax.
    With class weights there is a third part, the weight of each picture, float32 (batch,); a mixed
    one has the weights of its classes by their shares. ``counts`` are the training pictures of each
    class.
    """
    loss = _resolved(project, facts)
    num_classes = len(counts)
    weights = None
    if project.training.balance == "weights":
        weights = tf.constant(class_weights(counts), tf.float32)

    @tf.autograph.experimental.do_not_convert  # type: ignore[untyped-decorator]
    def load(given: Any, labels: tf.Tensor) -> tuple[Any, ...]:
        shares = _shares(labels, facts.output, num_classes)
        if loss.loss == "sparse_categorical_crossentropy":
            targets = labels
        else:
            targets = shares if facts.output == "softmax" else shares[:, 1:]
        if weights is None:
            return given, targets
        return given, targets, tf.linalg.matvec(shares, weights)

    if weights is None and loss.loss == "sparse_categorical_crossentropy":
        return batches
    return batches.map(load)


def class_weights(counts: Sequence[int]) -> list[float]:
    """A weight for each class, pictures / (classes × pictures of the class): all classes together
    count the same, and all pictures together as much as without. Classes without a picture have 1
    and are not counted.

    Source: King and Zeng 2001, "Logistic Regression in Rare Events Data"; as class_weight
    'balanced' in scikit-learn.
    """
    there = sum(1 for count in counts if count)
    pictures = sum(counts)
    return [pictures / (there * count) if count else 1.0 for count in counts]


def loss_of(
    project: Project, facts: NetworkFacts, probabilities: Probabilities, labels: ClassLabels
) -> float:
    """The mean of the chosen loss over pictures, the same measure as :data:`WATCHED_LOSS`.

    ``probabilities`` (pictures, classes), with two columns for a sigmoid; ``labels`` (pictures,).
    """
    loss = _resolved(project, facts)
    given = probabilities.astype(np.float32)
    if loss.loss == "sparse_categorical_crossentropy":
        targets: Any = labels
    else:
        targets = np.eye(probabilities.shape[1], dtype=np.float32)[labels]
        if facts.output == "sigmoid":
            targets = targets[:, 1:]
    if facts.output == "sigmoid":
        given = given[:, 1:]
    values = _watched(loss, facts.output)(targets, given)
    return float(np.asarray(values, np.float64).mean())


@contextlib.contextmanager
def averaged(model: keras.Model) -> Iterator[None]:
    """Within the block, the compiled ``model`` has the moving averages of its trained weights;
    afterwards exactly what it had. Without averages, or before the first step, it is as it is.

    At the end of ``fit`` Keras itself leaves the averages in the model; an exception out of a
    callback passes that by.
    """
    optimizer = model.optimizer
    if not optimizer.use_ema or int(optimizer.iterations) == 0:
        yield
        return
    variables = model.trainable_variables
    own = [np.copy(variable.numpy()) for variable in variables]
    optimizer.finalize_variable_values(variables)
    try:
        yield
    finally:
        for variable, value in zip(variables, own, strict=True):
            variable.assign(value)


class _Penalty:
    """The plan's L1 and L2 on a kernel, beside what its layer demands itself."""

    def __init__(self, plan: TrainingPlan, own: Callable[[Any], Any] | None) -> None:
        self.own = own
        self._added = keras.regularizers.L1L2(plan.l1, plan.l2)

    def __call__(self, kernel: Any) -> Any:
        added = self._added(kernel)
        return added if self.own is None else self.own(kernel) + added


def add_penalties(model: keras.Model, plan: TrainingPlan) -> None:
    """Let the sizes of kernels count in the loss as ``plan`` says, those of frozen layers only
    once they are trained. Biases and normalisations are left out. To be called before compiling;
    called again, the new plan holds.

    The penalty stands at the variables and not at the layers: the layers' settings, and with them
    what is written to a model's file, stay as they are.
    """
    for variable in model.weights:
        if not variable.name.endswith("kernel"):
            continue
        own = variable.regularizer
        own = own.own if isinstance(own, _Penalty) else own
        variable.regularizer = _Penalty(plan, own) if plan.l1 or plan.l2 else own


def extra_measures(
    plan: TrainingPlan, probabilities: Probabilities, labels: ClassLabels
) -> dict[str, float | None]:
    """``top_k``, ``macro_f1`` and ``auc`` of the answers, 0 to 1: None where the plan does not ask
    for it, or (AUC) where a class is not there."""
    found: dict[str, float | None] = {"top_k": None, "macro_f1": None, "auc": None}
    if plan.top_k:
        found["top_k"] = _top_k(plan.top_k, probabilities, labels)
    if plan.macro_f1:
        found["macro_f1"] = _macro_f1(probabilities, labels)
    if plan.auc:
        found["auc"] = _auc(probabilities, labels)
    return found


def _resolved(project: Project, facts: NetworkFacts) -> ResolvedLoss:
    return resolved_loss(project, facts.num_classes, facts.output)


def _optimizer(plan: TrainingPlan, rate: float) -> keras.optimizers.Optimizer:
    """Keras' optimiser with the plan's settings and otherwise its own."""
    kinds = keras.optimizers
    given: dict[str, Any] = {"learning_rate": rate}
    if plan.weight_decay:
        given["weight_decay"] = plan.weight_decay
    if plan.average_weights:
        given |= {"use_ema": True, "ema_momentum": plan.average_weights}
    match plan.optimizer:
        case "sgd":
            return kinds.SGD(momentum=plan.momentum, nesterov=plan.nesterov, **given)
        case "rmsprop":
            return kinds.RMSprop(**given)
        case "adam":
            return kinds.Adam(**given)
        case "adamw":
            return kinds.AdamW(**given)
        case "nadam":
            return kinds.Nadam(**given)
        case "lion":
            return kinds.Lion(**given)
        case "adagrad":
            return kinds.Adagrad(**given)
        case "adadelta":
            return kinds.Adadelta(**given)


def _loss(
    loss: ResolvedLoss, output: str, smoothing: float = 0.0, reduction: Any = "sum_over_batch_size"
) -> keras.losses.Loss:
    """Keras' loss; ``reduction`` None gives one number for each picture."""
    kinds = keras.losses
    match loss.loss:
        case "sparse_categorical_crossentropy":
            return kinds.SparseCategoricalCrossentropy(reduction=reduction)
        case "mean_squared_error":
            return kinds.MeanSquaredError(reduction=reduction)
        case "categorical_crossentropy":
            kind = kinds.CategoricalCrossentropy
        case "focal" if output == "softmax":
            kind = kinds.CategoricalFocalCrossentropy
        case "focal":
            kind = kinds.BinaryFocalCrossentropy
        case _:
            kind = kinds.BinaryCrossentropy
    return kind(label_smoothing=smoothing, reduction=reduction)


def _watched(loss: ResolvedLoss, output: str) -> Callable[[Any, Any], Any]:
    """The loss of each picture from its probabilities, (batch,).

    While training, Keras would look behind the probabilities of the output's softmax or sigmoid,
    which validation cannot; asked for a copy, it takes them as they are.
    """
    values = _loss(loss, output, reduction=None)

    def of(labels: Any, given: Any) -> Any:
        return values(labels, keras.ops.copy(given))

    return of


def _accuracy(loss: ResolvedLoss, output: str) -> keras.metrics.Metric:
    """Mixed labels are shares of classes; an answer is right that names the largest share."""
    metrics = keras.metrics
    if output == "sigmoid":
        return metrics.MeanMetricWrapper(_is_larger_half, name=ACCURACY)
    if loss.loss == "sparse_categorical_crossentropy":
        return metrics.SparseCategoricalAccuracy(name=ACCURACY)
    return metrics.CategoricalAccuracy(name=ACCURACY)


def _is_larger_half(labels: Any, given: Any) -> Any:
    """1 for each picture whose answer is on the same side of one half as its label; (batch,)."""
    given = keras.ops.reshape(given, (-1,))
    labels = keras.ops.cast(keras.ops.reshape(labels, (-1,)), given.dtype)
    return keras.ops.cast(keras.ops.equal(labels > 0.5, given > 0.5), "float32")


def _shares(labels: tf.Tensor, output: str, num_classes: int) -> tf.Tensor:
    """(batch, classes) float32 of the labels that :func:`with_targets` takes."""
    if labels.dtype.is_integer:
        return tf.one_hot(labels, num_classes, dtype=tf.float32)
    return labels if output == "softmax" else tf.stack([1 - labels, labels], axis=1)


def _top_k(count: int, probabilities: Probabilities, labels: ClassLabels) -> float:
    """How often the right class is among the ``count`` that were given most."""
    of_pictures = keras.metrics.sparse_top_k_categorical_accuracy
    return float(np.mean(of_pictures(labels, probabilities.astype(np.float32), k=count)))


def _macro_f1(probabilities: Probabilities, labels: ClassLabels) -> float:
    """The mean of F1 over all classes that there are pictures of, or that were answered."""
    classes = probabilities.shape[1]
    measure = keras.metrics.F1Score()
    measure.update_state(np.eye(classes)[labels], probabilities)
    there = np.union1d(labels, probabilities.argmax(axis=1))
    return float(np.asarray(measure.result())[there].mean())


def _auc(probabilities: Probabilities, labels: ClassLabels) -> float | None:
    """The mean over all classes of the area under the ROC curve of one class against the others:
    how often a picture of the class is given more of it than another picture.

    Source: Hanley and McNeil 1982, "The Meaning and Use of the Area under a ROC Curve".
    """
    areas = []
    for number, given in enumerate(probabilities.T):
        is_class = labels == number
        inside, outside = int(is_class.sum()), int((~is_class).sum())
        if not inside or not outside:
            return None
        _, place, times = np.unique(given, return_inverse=True, return_counts=True)
        # Of equal numbers each has the mean of their ranks, from 1.
        ranks = (np.cumsum(times) - (times - 1) / 2)[place]
        areas.append((ranks[is_class].sum() - inside * (inside + 1) / 2) / (inside * outside))
    return float(np.mean(areas))
