"""Training pictures as ``tf.data``, straight from the memory-mapped file."""

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from cnnstudio.engine.augment import make_augment
from cnnstudio.engine.parts import Part, Pixels
from cnnstudio.project.augmentation import AugmentationPlan

_BATCHES_AHEAD = 2


def training_batches(
    part: Part, batch_size: int, augmentation: AugmentationPlan, seed: int
) -> tf.data.Dataset:
    """Batches of (pictures float32 (batch, size, size, 3) RGB 0..255, labels int64 (batch,)).

    Every time through gives another order and other random moves; the same ``seed`` gives the
    same ones again.
    """
    shape = (None, *part.pixels.shape[1:])
    augment = make_augment(augmentation)

    def gather(rows: npt.NDArray[np.int64]) -> Pixels:
        return np.asarray(part.pixels[rows])

    @tf.autograph.experimental.do_not_convert  # type: ignore[untyped-decorator]
    def load(
        batch: tuple[tf.Tensor, tf.Tensor], batch_seed: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor]:
        rows, labels = batch
        pictures = tf.numpy_function(gather, [rows], tf.uint8)
        return augment(tf.ensure_shape(pictures, shape), batch_seed), labels

    order = tf.data.Dataset.from_tensor_slices((part.rows, part.labels))
    order = order.shuffle(len(part), seed=seed, reshuffle_each_iteration=True).batch(batch_size)
    seeds = tf.data.Dataset.random(seed=seed, rerandomize_each_iteration=True)
    batches = tf.data.Dataset.zip(order, seeds)
    return batches.map(load, num_parallel_calls=2).prefetch(_BATCHES_AHEAD)
