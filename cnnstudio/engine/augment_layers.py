"""Augmentation that Keras has no layer for, or none that treats each picture by itself.

They are used like Keras' own: ``get_random_transformation`` draws, ``transform_images`` applies.
Pictures are (batch, height, width, 3), float32, RGB 0 to 255.
"""

from typing import Any

import keras
import tensorflow as tf
from keras import ops

_FEWEST_BITS_LESS = 6
_TURNS_A_QUARTER = 4.0


class GivenSeed(keras.random.SeedGenerator):  # type: ignore[misc]
    """Random numbers that follow from one given tensor, and not from a variable.

    Keras' own generator counts in a variable, which runs ahead with whatever the pipeline reads
    in advance; the same training would not be the same twice.
    """

    def __init__(self) -> None:
        super().__init__(seed=0)
        self.begin(tf.constant(0, tf.int64), 0)

    def begin(self, given: tf.Tensor, stream: int) -> None:
        """From now on, follow from ``given`` (int64); each ``stream`` of it is another one."""
        self._given = given
        self._drawn = stream * 1000

    def next(self, ordered: bool = True) -> tf.Tensor:
        """The next seed: the given number, and how many were drawn before."""
        self._drawn += 1
        return tf.stack([self._given, tf.constant(self._drawn, tf.int64)])


class QuickFlip(keras.layers.RandomFlip):  # type: ignore[misc]
    """Keras' RandomFlip in one direction, a third of the time: whole pictures are chosen, where
    Keras chooses number by number."""

    def transform_images(self, images: Any, transformation: Any, training: bool = True) -> Any:
        """Of the same shape as before."""
        axis = 2 if self.mode == "horizontal" else 1
        flips = ops.reshape(transformation["flips"], (-1,))
        return tf.raw_ops.Select(condition=flips, x=tf.reverse(images, [axis]), y=images)


class RandomPlace(keras.layers.Layer):  # type: ignore[misc]
    """Cuts up to ``factor`` of each side away at a random place, and scales the rest up again.

    Keras' RandomCrop takes the same place in all pictures of a batch, and gives smaller ones.
    """

    factor: Any = 0.0

    def get_random_transformation(self, images: Any, training: bool, seed: Any) -> Any:
        """Left, top and side of what is kept, as parts of the side: (batch,) each."""
        count = ops.shape(images)[0]
        side = 1.0 - self.factor * keras.random.uniform((count,), seed=seed)
        left = (1.0 - side) * keras.random.uniform((count,), seed=seed)
        top = (1.0 - side) * keras.random.uniform((count,), seed=seed)
        return left, top, side

    def transform_images(self, images: Any, place: Any, training: bool) -> Any:
        """Of the same shape as before."""
        left, top, side = place
        height, width = (ops.cast(each, "float32") - 1.0 for each in ops.shape(images)[1:3])
        none = ops.zeros_like(side)
        matrix = [side, none, left * width, none, side, top * height, none, none]
        return ops.image.affine_transform(
            images, ops.stack(matrix, axis=1), fill_mode="nearest", data_format="channels_last"
        )


class RandomBlur(keras.layers.Layer):  # type: ignore[misc]
    """A Gaussian blur of up to ``factor`` of the side, of another strength for every picture.

    Keras' RandomGaussianBlur draws one strength for a whole batch, reaches one pixel far at most,
    and darkens the edges, because beyond them it takes black. Here a picture's edge goes on.
    """

    factor: Any = 0.0

    def get_random_transformation(self, images: Any, training: bool, seed: Any) -> Any:
        """The standard deviation of each picture's blur as a part of its side: (batch,)."""
        return self.factor * keras.random.uniform((ops.shape(images)[0],), seed=seed)

    def transform_images(self, images: Any, sigma: Any, training: bool) -> Any:
        """Each row, then each column, is made of weighted means of all the others."""
        height, width = ops.shape(images)[1:3]
        across = _blurring(width, sigma)
        down = _blurring(height, sigma)
        return ops.einsum("byz,bzxc,bwx->bywc", down, images, across)


def _blurring(side: Any, sigma: Any) -> Any:
    """Matrices (batch, side, side): how much of each place goes into each place."""
    places = ops.arange(side, dtype="float32")
    apart = places[None, :, None] - places[None, None, :]
    # A sharp picture has a sigma of 0: then only the place itself counts.
    pixels = ops.maximum(sigma * ops.cast(side, "float32"), 1e-3)[:, None, None]
    weights = ops.exp(-0.5 * ops.square(apart / pixels))
    return weights / ops.sum(weights, axis=2, keepdims=True)


class RandomNoise(keras.layers.Layer):  # type: ignore[misc]
    """Gaussian noise of up to ``factor`` of the full range, of another strength each picture.

    Keras' GaussianNoise is made for numbers about 1 and is equally strong everywhere.
    """

    factor: Any = 0.0

    def get_random_transformation(self, images: Any, training: bool, seed: Any) -> Any:
        """What is added: (batch, height, width, 3)."""
        shape = ops.shape(images)
        strength = 255.0 * self.factor * keras.random.uniform((shape[0], 1, 1, 1), seed=seed)
        return strength * keras.random.normal(shape, seed=seed)

    def transform_images(self, images: Any, noise: Any, training: bool) -> Any:
        """Within 0 to 255."""
        return ops.clip(images + noise, 0.0, 255.0)


class RandAugmentEach(keras.layers.RandAugment):  # type: ignore[misc]
    """Keras' RandAugment with another choice for every picture, from the given seed.

    Keras' own draws two of its layers for a whole batch, from a generator of its own, and computes
    all eleven. Its layers are used here, each on the pictures that drew it. Only where a lower
    strength would change pictures more (posterize, solarize) the numbers are drawn here. Layers
    that know no strength, or are strong at any, are mixed with the picture as it was.
    """

    _MIXED = ("auto_contrast", "equalization", "solarization", "random_posterization")

    def __init__(self, fill_mode: str) -> None:
        super().__init__(value_range=(0, 255), num_ops=2, factor=0.5, seed=0)
        for layer in (self.random_shear, self.random_translation, self.random_rotation):
            layer.fill_mode = fill_mode
        self._seeds = [GivenSeed() for _ in self._AUGMENT_LAYERS]
        self._strength: Any = 0.5

    def set_strength(self, strength: Any) -> None:
        """Of all layers, from 0 to 1."""
        reach = (0.0, strength)
        self._strength = strength
        self.random_shear.x_factor = self.random_shear.y_factor = reach
        translation = self.random_translation
        translation.height_lower = translation.width_lower = -strength
        translation.height_upper = translation.width_upper = strength
        self.random_rotation.factor = (-strength / _TURNS_A_QUARTER, strength / _TURNS_A_QUARTER)
        self.random_brightness.factor = (-strength, strength)
        self.random_color_degeneration.factor = reach
        # Half is the picture as it was, 0 is blurred.
        self.random_sharpness.factor = (0.5 - strength / 2.0, 0.5 + strength / 2.0)
        self.random_contrast.factor = (strength, strength)

    def get_random_transformation(self, images: Any, training: bool, seed: Any) -> Any:
        """Which layers each picture drew, (2, batch), and a number that their seeds follow from."""
        shape = (self.num_ops, ops.shape(images)[0])
        choices = keras.random.randint(shape, 0, len(self._AUGMENT_LAYERS), seed=seed)
        return choices, keras.random.randint((), 0, 2**31 - 1, seed=seed)

    def transform_images(self, images: Any, drawn: Any, training: bool) -> Any:
        """Each picture through the layers that it drew, one after the other."""
        choices, given = drawn
        kinds = len(self._AUGMENT_LAYERS)

        def one_more(slot: tf.Tensor, images: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            everyone = tf.range(tf.shape(images)[0])
            places = tf.dynamic_partition(everyone, choices[slot], kinds)
            changed = []
            for kind, name in enumerate(self._AUGMENT_LAYERS):
                seeds = self._seeds[kind]
                seeds.begin(tf.cast(given, tf.int64) + tf.cast(slot, tf.int64), kind)
                changed.append(self._changed(name, tf.gather(images, places[kind]), seeds))
            together = tf.dynamic_stitch(places, changed)
            return slot + 1, tf.ensure_shape(together, images.shape)

        # A loop and not twice the same: the graph is half as large, and sooner begun with.
        _, images = tf.while_loop(
            lambda slot, images: slot < self.num_ops, one_more, (tf.constant(0), images)
        )
        return images

    def _changed(self, name: str, part: tf.Tensor, seeds: GivenSeed) -> tf.Tensor:
        """Some layers cannot do with no pictures at all."""

        def change() -> tf.Tensor:
            layer = getattr(self, name)
            moves = self._drawn_for(name, layer, part, seeds)
            if name == "equalization":
                # Keras counts the shades of all pictures together.
                changed = tf.map_fn(lambda each: layer.transform_images(each, moves), part)
            else:
                changed = layer.transform_images(part, moves, training=True)
            if name in self._MIXED:
                changed = part + self._strength * (tf.cast(changed, part.dtype) - part)
            return tf.ensure_shape(changed, part.shape)

        return tf.cond(tf.shape(part)[0] > 0, change, lambda: part)

    def _drawn_for(self, name: str, layer: Any, part: tf.Tensor, seeds: GivenSeed) -> Any:
        shape = (tf.shape(part)[0], 1, 1, 1)
        if name == "random_posterization":
            lost = _FEWEST_BITS_LESS * self._strength * keras.random.uniform(shape[:1], seed=seeds)
            return {"shift_factor": tf.cast(tf.round(lost), tf.uint8)}
        if name == "solarization":
            drawn = [255.0 * self._strength * keras.random.uniform(shape, seed=seeds) for _ in "ab"]
            return {"additions": drawn[0] / 2.0, "thresholds": 255.0 - drawn[1]}
        return layer.get_random_transformation(part, training=True, seed=seeds)
