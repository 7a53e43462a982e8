"""From the plan of augmentation to a function of pictures and a seed.

Training, prepared variants and the window's preview all use :func:`make_augment` and
:func:`make_mix`, so what is shown is what is trained on. Every step is one graph that is traced
once for all strengths and plans: a slider can be dragged without making graphs anew.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import keras
import tensorflow as tf
from keras import layers

from cnnstudio.engine.augment_layers import (
    GivenSeed,
    QuickFlip,
    RandAugmentEach,
    RandomBlur,
    RandomNoise,
    RandomPlace,
)
from cnnstudio.project.augmentation import AugmentationPlan, FillMode

Augment = Callable[[tf.Tensor, tf.Tensor], tf.Tensor]
Mix = Callable[..., tuple[tf.Tensor, tf.Tensor]]

_PATCH_RGB = (124, 116, 104)  # the mean colour of ImageNet: a patch says nothing
_PATCH_SIDES = (0.02, 0.33)
_NUMBER = tf.TensorSpec((), tf.int64)


def _set(**strengths: Callable[..., Any]) -> Callable[..., None]:
    """Sets attributes of a layer from the settings' values."""

    def adjust(layer: Any, *values: Any) -> None:
        for name, of in strengths.items():
            setattr(layer, name, of(*values))

    return adjust


@dataclass(frozen=True)
class _Step:
    """One layer, the settings that it obeys, and how they become its strength."""

    settings: tuple[str, ...]
    make: Callable[[FillMode], Any]
    adjust: Callable[..., None] = lambda layer, *values: None
    needs_size: bool = False
    """Whether Keras' layer must know the pictures' size when its graph is made."""


_STEPS = (
    _Step(
        ("rotation",),
        lambda fill: layers.RandomRotation(1.0, fill_mode=fill, seed=0),
        _set(factor=lambda degrees: (-degrees / 360.0, degrees / 360.0)),
    ),
    _Step(
        ("width_shift", "height_shift"),
        lambda fill: layers.RandomTranslation(1.0, 1.0, fill_mode=fill, seed=0),
        _set(
            width_lower=lambda width, height: -width,
            width_upper=lambda width, height: width,
            height_lower=lambda width, height: -height,
            height_upper=lambda width, height: height,
        ),
    ),
    _Step(
        ("shear",),
        lambda fill: layers.RandomShear(x_factor=1.0, fill_mode=fill, seed=0),
        _set(x_factor=lambda part: (-part, part)),
    ),
    _Step(
        ("zoom",),
        lambda fill: layers.RandomZoom(0.9, fill_mode=fill, seed=0),
        _set(height_lower=lambda part: -part, height_upper=lambda part: part),
    ),
    _Step(("horizontal_flip",), lambda fill: QuickFlip("horizontal", seed=0)),
    _Step(("vertical_flip",), lambda fill: QuickFlip("vertical", seed=0)),
    _Step(("crop",), lambda fill: RandomPlace(), _set(factor=lambda part: part)),
    _Step(("rand_augment",), RandAugmentEach, lambda layer, part: layer.set_strength(part)),
    _Step(
        ("brightness",),
        lambda fill: layers.RandomBrightness(1.0, seed=0),
        _set(factor=lambda part: (-part, part)),
    ),
    _Step(
        # Of one number, Keras takes 0 for the lower side: pictures would only gain contrast.
        ("contrast",),
        lambda fill: layers.RandomContrast((1.0, 1.0), seed=0),
        _set(factor=lambda part: (part, part)),
    ),
    _Step(
        # The range is that of the saturation itself, which is clipped to it: 0 to 1 whatever the
        # pictures' range is. A factor of 0.5 is the picture.
        ("saturation",),
        lambda fill: layers.RandomSaturation((0.0, 1.0), value_range=(0, 1), seed=0),
        _set(factor=lambda part: (0.5 - part / 2.0, 0.5 + part / 2.0)),
    ),
    _Step(
        ("hue",),
        lambda fill: layers.RandomHue(1.0, seed=0),
        _set(factor=lambda part: (0.0, part)),
    ),
    _Step(
        ("grey",),
        lambda fill: layers.RandomGrayscale(1.0, seed=0),
        _set(factor=lambda share: share),
    ),
    _Step(("blur",), lambda fill: RandomBlur(), _set(factor=lambda part: part)),
    _Step(("noise",), lambda fill: RandomNoise(), _set(factor=lambda part: part)),
    _Step(
        ("erasing",),
        lambda fill: layers.RandomErasing(
            (1.0, 1.0), scale=_PATCH_SIDES, fill_value=_PATCH_RGB, seed=0
        ),
        _set(factor=lambda share: (share, share)),
        needs_size=True,
    ),
)


def make_augment(plan: AugmentationPlan) -> Augment:
    """A function of (pictures, seed) that changes every picture of a batch in its own way.

    Pictures are (batch, size, size, 3) of any number type, RGB 0..255, and come back as float32 of
    the same shape and range; ``seed`` is one whole number (int64). Works inside ``tf.data``. What
    a setting draws from a seed does not depend on the other settings.
    """
    chosen = [
        (place, step, [float(getattr(plan, name)) for name in step.settings])
        for place, step in enumerate(_STEPS)
        if any(getattr(plan, name) for name in step.settings)
    ]

    def augment(pictures: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
        shape = pictures.shape
        pictures = tf.cast(pictures, tf.float32)
        seed = tf.cast(seed, tf.int64)
        for place, step, strengths in chosen:
            graph = _graph_of(place, plan.fill_mode, shape[1] if step.needs_size else None)
            pictures = graph(pictures, seed, tf.constant(strengths))
        if chosen:
            pictures = tf.clip_by_value(pictures, 0.0, 255.0)  # colours round up a little
        return tf.ensure_shape(pictures, shape)

    undecorated: Augment = tf.autograph.experimental.do_not_convert(augment)
    return undecorated


@cache
def _graph_of(place: int, fill_mode: FillMode, size: int | None) -> Callable[..., tf.Tensor]:
    """One step as a graph of (pictures, seed, strengths), for any size of pictures if ``None``."""
    step = _STEPS[place]
    layer = step.make(fill_mode)
    seeds = GivenSeed()
    signature = [_pictures(size), _NUMBER, tf.TensorSpec((len(step.settings),), tf.float32)]

    def change(pictures: tf.Tensor, seed: tf.Tensor, strengths: tf.Tensor) -> tf.Tensor:
        seeds.begin(seed, place + 1)
        step.adjust(layer, *tf.unstack(strengths))
        moves = layer.get_random_transformation(pictures, training=True, seed=seeds)
        return layer.transform_images(pictures, moves, training=True)

    return _traced(change, signature)


def make_mix(plan: AugmentationPlan) -> Mix:
    """A function of (pictures, labels, seed) that mixes both within the batch.

    ``pictures`` as :func:`make_augment` gives them, ``labels`` (batch, classes) float32, each row
    adding up to 1. With both MixUp and CutMix on, every picture gets one of them. ``partners``
    (batch,) says which picture each is mixed with, by place; without it that follows from the seed.
    """
    settings = tf.constant([plan.mixup, plan.cutmix], tf.float32)

    def mix(
        pictures: tf.Tensor,
        labels: tf.Tensor,
        seed: tf.Tensor,
        partners: tf.Tensor | None = None,
    ) -> tuple[tf.Tensor, tf.Tensor]:
        if partners is None:
            partners = tf.zeros((0,), tf.int64)
        graph = _mixing_graph(bool(plan.mixup), bool(plan.cutmix), pictures.shape[1])
        mixed = graph(pictures, labels, tf.cast(seed, tf.int64), settings, partners)
        return tf.ensure_shape(mixed[0], pictures.shape), tf.ensure_shape(mixed[1], labels.shape)

    undecorated: Mix = tf.autograph.experimental.do_not_convert(mix)
    return undecorated


@cache
def _mixing_graph(has_mixup: bool, has_cutmix: bool, size: int) -> Callable[..., Any]:
    mixup, cutmix = layers.MixUp(seed=0), layers.CutMix(1.0, seed=0)
    seeds = GivenSeed()
    signature = [
        _pictures(size),
        tf.TensorSpec((None, None), tf.float32),
        _NUMBER,
        tf.TensorSpec((2,), tf.float32),
        tf.TensorSpec((None,), tf.int64),
    ]

    def mixed_by(layer: Any, pictures: Any, labels: Any, partners: Any) -> tuple[Any, Any]:
        drawn = layer.get_random_transformation(pictures, training=True, seed=seeds)
        order = tf.cast(drawn["permutation_order"], tf.int64)
        drawn["permutation_order"] = tf.cond(tf.size(partners) > 0, lambda: partners, lambda: order)
        if layer is cutmix:
            # The share of pixels that are really taken: whole ones, not up to the box's edge.
            taken = tf.cast(drawn["batch_masks"][..., 0], tf.float32)
            drawn["mix_weight"] = 1.0 - tf.reduce_mean(taken, axis=(1, 2))
        return (
            layer.transform_images(pictures, drawn, training=True),
            layer.transform_labels(labels, drawn, training=True),
        )

    def mix(
        pictures: tf.Tensor, labels: tf.Tensor, seed: tf.Tensor, strengths: Any, partners: Any
    ) -> tuple[Any, Any]:
        seeds.begin(seed, len(_STEPS) + 1)
        mixup.alpha = strengths[0]
        cutmix.factor = (strengths[1], strengths[1])
        if not has_cutmix:
            return mixed_by(mixup, pictures, labels, partners)
        if not has_mixup:
            return mixed_by(cutmix, pictures, labels, partners)
        count = tf.shape(pictures)[0]
        is_first = keras.random.uniform((count, 1), seed=seeds) < 0.5
        first = mixed_by(mixup, pictures, labels, partners)
        second = mixed_by(cutmix, pictures, labels, partners)
        return (
            tf.where(is_first[:, None, None], first[0], second[0]),
            tf.where(is_first, first[1], second[1]),
        )

    return _traced(mix, signature)


def _pictures(size: int | None) -> tf.TensorSpec:
    return tf.TensorSpec((None, size, size, 3), tf.float32)


def _traced(function: Callable[..., Any], signature: list[tf.TensorSpec]) -> Callable[..., Any]:
    graph: Callable[..., Any] = tf.function(function, input_signature=signature, autograph=False)
    return graph
