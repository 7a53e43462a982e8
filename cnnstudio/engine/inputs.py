"""Training pictures as ``tf.data``, straight from the memory-mapped file."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from cnnstudio.engine.augment_steps import make_augment, make_mix
from cnnstudio.engine.features import Features, KeptFeatures
from cnnstudio.engine.parts import Part, Pixels
from cnnstudio.engine.variants import turns
from cnnstudio.project.augmentation import AugmentationPlan

_BATCHES_AHEAD = 2

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


def training_batches(
    part: Part,
    batch_size: int,
    augmentation: AugmentationPlan,
    seed: int,
    labels: Labels | None = None,
    variants: Pixels | None = None,
) -> tf.data.Dataset:
    """Batches of (pictures float32 (batch, size, size, 3) RGB 0..255, labels).

    Labels are int64 (batch,), or shares of classes as ``labels`` says where the plan mixes
    pictures. Every time through gives another order and other random moves; the same ``seed`` gives
    the same ones again. With ``variants``, (variants + 1, pictures, size, size, 3), each time
    through takes the next one of every picture, and moves nothing itself.
    """
    shape = (None, *part.pixels.shape[1:])
    augment = make_augment(augmentation if variants is None else AugmentationPlan())
    mix = make_mix(augmentation) if augmentation.mixes else None
    gather = _from_part(part) if variants is None else _from_variants(part, variants, seed)

    @tf.autograph.experimental.do_not_convert  # type: ignore[untyped-decorator]
    def load(
        batch: tuple[tf.Tensor, tf.Tensor], batch_seed: tf.Tensor, turn: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor]:
        places, classes = batch
        pictures = tf.numpy_function(gather, [places, turn], tf.uint8)
        pictures = augment(tf.ensure_shape(pictures, shape), batch_seed)
        if mix is None:
            return pictures, classes
        assert labels is not None
        shares = tf.one_hot(classes, labels.num_classes, dtype=tf.float32)
        pictures, shares = mix(pictures, shares, batch_seed)
        return pictures, labels.of(shares)

    return _in_turn(part, batch_size, seed).map(load, num_parallel_calls=2).prefetch(_BATCHES_AHEAD)


def feature_batches(
    part: Part, features: KeptFeatures, batch_size: int, seed: int
) -> tf.data.Dataset:
    """Batches of (kept features, labels int64 (batch,)) in the order of :func:`training_batches`.

    Features are a tuple of tensors (batch, …), a single one where there is only one. With
    variants, each time through takes the next one of every picture.
    """
    shapes = [(None, *shape) for shape in features.shapes]
    first = turns(len(part), len(features.rows) - 1, seed)

    def gather(places: Rows, turn: np.int64) -> Features:
        return features.take((first[places] + turn) % len(features.rows), places)

    @tf.autograph.experimental.do_not_convert  # type: ignore[untyped-decorator]
    def load(
        batch: tuple[tf.Tensor, tf.Tensor], batch_seed: tf.Tensor, turn: tf.Tensor
    ) -> tuple[Any, tf.Tensor]:
        places, classes = batch
        given = tf.numpy_function(gather, [places, turn], [tf.float32] * len(shapes))
        given = tuple(map(tf.ensure_shape, given, shapes))
        return given if len(given) > 1 else given[0], classes

    return _in_turn(part, batch_size, seed).map(load, num_parallel_calls=2).prefetch(_BATCHES_AHEAD)


def _in_turn(part: Part, batch_size: int, seed: int) -> tf.data.Dataset:
    """Batches of ((places in the part, labels), seed of the batch, how often it was gone through),
    in another order each time through."""
    order = tf.data.Dataset.from_tensor_slices((np.arange(len(part)), part.labels))
    order = order.shuffle(len(part), seed=seed, reshuffle_each_iteration=True).batch(batch_size)
    seeds = tf.data.Dataset.random(seed=seed, rerandomize_each_iteration=True)
    return tf.data.Dataset.zip(order, seeds, _times_through())


def _times_through() -> tf.data.Dataset:
    """A number that is the same all the way through, and one higher the next time."""
    numbers = itertools.count()

    def begin(_: tf.Tensor) -> tf.Tensor:
        number = tf.numpy_function(lambda: np.int64(next(numbers)), [], tf.int64)
        return tf.ensure_shape(number, ())

    once = tf.data.Dataset.range(1).map(begin)
    always = once.flat_map(lambda number: tf.data.Dataset.from_tensors(number).repeat())
    return always.apply(tf.data.experimental.assert_cardinality(tf.data.INFINITE_CARDINALITY))


def _from_part(part: Part) -> Callable[[Rows, np.int64], Pixels]:
    def gather(places: Rows, turn: np.int64) -> Pixels:
        return np.asarray(part.pixels[part.rows[places]])

    return gather


def _from_variants(part: Part, variants: Pixels, seed: int) -> Callable[[Rows, np.int64], Pixels]:
    """Of every picture the next variant at each turn; different pictures begin with others."""
    first = turns(len(part), len(variants) - 1, seed)

    def gather(places: Rows, turn: np.int64) -> Pixels:
        return np.asarray(variants[(first[places] + turn) % len(variants), places])

    return gather
