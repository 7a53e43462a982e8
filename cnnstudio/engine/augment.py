"""The seven classic settings as Keras' own layers, with random numbers by seed.

Training and the window's preview use the same function, so what is shown is what is trained on.
"""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from cnnstudio.images.read import read_picture
from cnnstudio.project.augmentation import AugmentationPlan
from cnnstudio.protocol import AugmentationShown, ShowAugmentation

Augment = Callable[[tf.Tensor, tf.Tensor], tf.Tensor]


class _GivenSeed(keras.random.SeedGenerator):  # type: ignore[misc]
    """Random numbers that follow from one given tensor, and not from a variable.

    Keras' own generator counts in a variable, which runs ahead with whatever the pipeline reads
    in advance; the same training would not be the same twice.
    """

    def __init__(self) -> None:
        super().__init__(seed=0)
        self.begin(tf.constant(0, tf.int64))

    def begin(self, given: tf.Tensor) -> None:
        """From now on, follow from ``given`` (int64)."""
        self._given = given
        self._drawn = 0

    def next(self, ordered: bool = True) -> tf.Tensor:
        """The next seed: the given number, and how many were drawn before."""
        self._drawn += 1
        return tf.stack([self._given, tf.constant(self._drawn, tf.int64)])


def make_augment(plan: AugmentationPlan) -> Augment:
    """A function of (pictures, seed) that moves every picture of a batch in its own way.

    Pictures are (batch, size, size, 3) of any number type, RGB 0..255, and come back as float32 of
    the same shape and range; ``seed`` is one whole number (int64). Works inside ``tf.data``.
    """
    layers = _layers(plan)
    seeds = _GivenSeed()

    def augment(pictures: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
        pictures = tf.cast(pictures, tf.float32)
        seeds.begin(tf.cast(seed, tf.int64))
        for layer in layers:
            moves = layer.get_random_transformation(pictures, training=True, seed=seeds)
            pictures = layer.transform_images(pictures, moves, training=True)
        return pictures

    undecorated: Augment = tf.autograph.experimental.do_not_convert(augment)
    return undecorated


def _layers(plan: AugmentationPlan) -> list[Any]:
    layers = keras.layers
    nearest: dict[str, Any] = {"fill_mode": "nearest", "seed": 0}
    found: list[Any] = []
    if plan.rotation:
        found.append(layers.RandomRotation(plan.rotation / 360, **nearest))
    if plan.width_shift or plan.height_shift:
        found.append(layers.RandomTranslation(plan.height_shift, plan.width_shift, **nearest))
    if plan.shear:
        found.append(layers.RandomShear(x_factor=plan.shear, **nearest))
    if plan.zoom:
        found.append(layers.RandomZoom(plan.zoom, **nearest))
    if plan.horizontal_flip:
        found.append(layers.RandomFlip("horizontal", seed=0))
    if plan.vertical_flip:
        found.append(layers.RandomFlip("vertical", seed=0))
    return found


def show_augmentation(command: ShowAugmentation) -> AugmentationShown:
    """Variants of one picture, made as training makes them.

    Raises:
        ProblemError: if the picture cannot be read.
    """
    plan = command.pictures
    original = read_picture(command.file, plan.size, plan.fit)
    pictures = np.repeat(original[None], command.count, axis=0)
    moved = make_augment(command.augmentation)(tf.constant(pictures), tf.constant(command.seed))
    variants = np.rint(moved.numpy()).clip(0, 255).astype(np.uint8)
    return AugmentationShown(
        original.tobytes(), tuple(variant.tobytes() for variant in variants), plan.size
    )
