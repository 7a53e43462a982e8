"""Training pictures as ``tf.data``, straight from the memory-mapped file.

Which pictures a batch holds, what moves them and which of their prepared variants is taken follows
from the seed and the number of the epoch alone: a run that goes on sees what it would have seen.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from cnnstudio.engine.augment_steps import make_augment, make_mix
from cnnstudio.engine.features import Features, KeptFeatures
from cnnstudio.engine.parts import Part, Pixels
from cnnstudio.engine.variants import Variants, turns
from cnnstudio.project.augmentation import AugmentationPlan

_BATCHES_AHEAD = 2
_ENDLESS = 2**62

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Labels:
    """What a network's output is to be compared with, where labels are mixed."""

    num_classes: int
    output: Literal["sigmoid", "softmax"]

    def of(self, rows: tf.Tensor) -> tf.Tensor:
        """For softmax the share of each class, (batch, classes); for sigmoid the share of the
        class of index 1, (batch,)."""
        return rows if self.output == "softmax" else rows[:, 1]


@dataclass(frozen=True)
class Order:
    """In which order pictures come, whose ``labels`` (pictures,) are given: another one each epoch.

    Every picture comes once an epoch. With ``is_balanced`` as many come of each class, together
    about as many as there are pictures: those of a rare class several times, those of a frequent
    one not in every epoch, but all of a class equally often in the long run.
    """

    labels: Rows
    batch_size: int
    seed: int
    is_balanced: bool = False

    @property
    def batches(self) -> int:
        """How many there are in an epoch."""
        count = len(self.labels)
        if self.is_balanced:
            classes = len(np.unique(self.labels))
            count = classes * -(-count // classes)
        return -(-count // self.batch_size)

    def of(self, epoch: int) -> tuple[Rows, Rows]:
        """Places of the pictures in ``epoch``, which counts from 1, and a seed for each batch."""
        random = np.random.default_rng((self.seed, epoch))
        places = self._drawn(epoch) if self.is_balanced else np.arange(len(self.labels))
        return random.permutation(places), random.integers(2**31, size=self.batches)

    def _drawn(self, epoch: int) -> Rows:
        """Each class is gone through again and again, each time in another order; every epoch takes
        the next few."""
        classes = np.unique(self.labels)
        wanted = -(-len(self.labels) // len(classes))
        drawn = []
        for number in classes:
            members = np.flatnonzero(self.labels == number)
            begin = (epoch - 1) * wanted
            first, last = begin // len(members), (begin + wanted - 1) // len(members)
            rounds = [
                np.random.default_rng((self.seed, int(number), each)).permutation(members)
                for each in range(first, last + 1)
            ]
            begin -= first * len(members)
            drawn.append(np.concatenate(rounds)[begin : begin + wanted])
        return np.concatenate(drawn)


def training_batches(
    part: Part,
    order: Order,
    augmentation: AugmentationPlan,
    labels: Labels | None = None,
    variants: Variants | Pixels | None = None,
    first_epoch: int = 1,
    epochs: int | None = None,
) -> tf.data.Dataset:
    """Batches of (pictures float32 (batch, size, size, 3) RGB 0..255, labels), in one go through
    all ``epochs`` from ``first_epoch`` on, without an end where that is None.

    Labels are int64 (batch,), or shares of classes as ``labels`` says where the plan mixes
    pictures. With ``variants``, (variants + 1, pictures, size, size, 3), each epoch takes the next
    one of every picture, and moves nothing itself; they are made now if they were not before.

    Raises:
        ProblemError, InterruptedError: as :func:`prepared_variants`.
    """
    if isinstance(variants, Variants):
        variants = variants.pixels
    shape = (None, *part.pixels.shape[1:])
    augment = make_augment(augmentation if variants is None else AugmentationPlan())
    mix = make_mix(augmentation) if augmentation.mixes else None
    pixels = _from_part(part) if variants is None else _from_variants(part, variants, order.seed)
    choose = _choosing(order)

    def gather(step: np.int64) -> tuple[Pixels, Rows, np.int64]:
        places, seed, turn = choose(int(step))
        return pixels(places, turn), part.labels[places], seed

    @tf.autograph.experimental.do_not_convert  # type: ignore[untyped-decorator]
    def load(step: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        given = tf.numpy_function(gather, [step], [tf.uint8, tf.int64, tf.int64])
        pictures, classes, seed = map(tf.ensure_shape, given, (shape, (None,), ()))
        pictures = augment(pictures, seed)
        if mix is None:
            return pictures, classes
        assert labels is not None
        shares = tf.one_hot(classes, labels.num_classes, dtype=tf.float32)
        pictures, shares = mix(pictures, shares, seed)
        return pictures, labels.of(shares)

    return (
        _steps(order, first_epoch, epochs).map(load, num_parallel_calls=2).prefetch(_BATCHES_AHEAD)
    )


def feature_batches(
    part: Part,
    features: KeptFeatures,
    order: Order,
    first_epoch: int = 1,
    epochs: int | None = None,
) -> tf.data.Dataset:
    """Batches of (kept features, labels int64 (batch,)) in the order of :func:`training_batches`.

    Features are a tuple of tensors (batch, …), a single one where there is only one. With
    variants, each epoch takes the next one of every picture.
    """
    shapes = [(None, *shape) for shape in features.shapes]
    first = turns(len(part), len(features.rows) - 1, order.seed)
    choose = _choosing(order)

    def gather(step: np.int64) -> tuple[Any, ...]:
        places, _, turn = choose(int(step))
        given: Features = features.take((first[places] + turn) % len(features.rows), places)
        return *given, part.labels[places]

    @tf.autograph.experimental.do_not_convert  # type: ignore[untyped-decorator]
    def load(step: tf.Tensor) -> tuple[Any, tf.Tensor]:
        types = [*[tf.float32] * len(shapes), tf.int64]
        *given, classes = tf.numpy_function(gather, [step], types)
        given = tuple(map(tf.ensure_shape, given, shapes))
        return given if len(given) > 1 else given[0], tf.ensure_shape(classes, (None,))

    return (
        _steps(order, first_epoch, epochs).map(load, num_parallel_calls=2).prefetch(_BATCHES_AHEAD)
    )


def _steps(order: Order, first_epoch: int, epochs: int | None) -> tf.data.Dataset:
    """Numbers of batches, counted through from the run's first on."""
    begin = (first_epoch - 1) * order.batches
    end = _ENDLESS if epochs is None else begin + epochs * order.batches
    return tf.data.Dataset.range(begin, end)


def _choosing(order: Order) -> Callable[[int], tuple[Rows, np.int64, int]]:
    """From the number of a batch to places of its pictures, its seed, and how many epochs were
    before."""
    # Two epochs are in hand at once while batches are loaded ahead.
    of_epoch = lru_cache(maxsize=2)(order.of)

    def choose(step: int) -> tuple[Rows, np.int64, int]:
        turn, batch = divmod(step, order.batches)
        places, seeds = of_epoch(turn + 1)
        begin = batch * order.batch_size
        return places[begin : begin + order.batch_size], seeds[batch], turn

    return choose


def _from_part(part: Part) -> Callable[[Rows, int], Pixels]:
    def gather(places: Rows, turn: int) -> Pixels:
        return np.asarray(part.pixels[part.rows[places]])

    return gather


def _from_variants(part: Part, variants: Pixels, seed: int) -> Callable[[Rows, int], Pixels]:
    """Of every picture the next variant at each turn; different pictures begin with others."""
    first = turns(len(part), len(variants) - 1, seed)

    def gather(places: Rows, turn: int) -> Pixels:
        return np.asarray(variants[(first[places] + turn) % len(variants), places])

    return gather
