"""Asking a model: pictures in, the probabilities of all classes out."""

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from cnnstudio.engine.parts import Part, Pixels
from cnnstudio.project.results import EvaluatedPicture, Evaluation

Probabilities = npt.NDArray[np.float64]


class Answers:
    """A model's answers, computed as one graph that is traced once."""

    def __init__(self, model: keras.Model) -> None:
        size = model.input_shape[1]
        signature = [tf.TensorSpec((None, size, size, 3), tf.uint8)]
        self._is_sigmoid = model.output_shape[-1] == 1

        @tf.function(input_signature=signature, autograph=False)  # type: ignore[untyped-decorator]
        def ask(pictures: tf.Tensor) -> Any:
            return model(tf.cast(pictures, tf.float32), training=False)

        self._ask = ask

    def of(self, pictures: Pixels) -> Probabilities:
        """Probabilities (batch, classes) of ``pictures`` (batch, size, size, 3), RGB 0..255.

        A sigmoid's one number is the probability of the class of index 1.
        """
        given = self._ask(pictures).numpy()
        return as_probabilities(given) if self._is_sigmoid else given.astype(np.float64)

    def of_part(
        self, part: Part, batch_size: int, after_batch: Callable[[int], None]
    ) -> Probabilities:
        """Probabilities (pictures, classes) of a whole part that is not empty.

        ``after_batch`` hears how many pictures are done; what it raises ends the asking.
        """
        found = []
        for begin in range(0, len(part), batch_size):
            found.append(self.of(part.take(begin, batch_size)))
            after_batch(min(begin + batch_size, len(part)))
        return np.concatenate(found)


def as_probabilities(sigmoid: npt.NDArray[np.float32]) -> Probabilities:
    """(batch, 1) of a sigmoid as (batch, 2): first class, second class."""
    second = sigmoid.astype(np.float64)
    return np.concatenate([1 - second, second], axis=1)


def evaluation_of(
    classes: tuple[str, ...],
    part: str,
    files: Sequence[str],
    labels: npt.NDArray[np.int64],
    probabilities: Probabilities,
) -> Evaluation:
    """The answers with the truth beside them, counted."""
    given = probabilities.argmax(axis=1)
    confusion = np.zeros((len(classes), len(classes)), dtype=int)
    np.add.at(confusion, (labels, given), 1)
    pictures = tuple(
        EvaluatedPicture(
            file=file,
            label=classes[label],
            predicted=classes[answer],
            probabilities=tuple(float(each) for each in row),
        )
        for file, label, answer, row in zip(files, labels, given, probabilities, strict=True)
    )
    rows = tuple(tuple(int(count) for count in row) for row in confusion)
    return Evaluation(classes=classes, part=part, confusion=rows, pictures=pictures)
