"""What the window shows of augmentation: variants of one picture, made as training makes them."""

import os
import time
from collections.abc import Sequence
from functools import lru_cache, partial
from random import Random

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from cnnstudio.engine.augment_steps import make_augment, make_mix
from cnnstudio.engine.parts import Pixels
from cnnstudio.engine.variants import as_bytes
from cnnstudio.images.drawing.body import Species
from cnnstudio.images.drawing.portrait import draw_portrait
from cnnstudio.images.read import read_picture
from cnnstudio.project.augmentation import AugmentationPlan, effects
from cnnstudio.project.pictures import Fit
from cnnstudio.project.problems import ProblemError
from cnnstudio.protocol import AugmentationShown, ShowAugmentation

EFFECT_SIZE = 96
_EFFECT_TRIES = 8
"""Of so many, the one that differs most from the picture shows what a setting does."""

_SHARE_NOT_TOLD = 0.005

_made: set[tuple[object, ...]] = set()

Mixture = tuple[tuple[str, float], ...]
_Labelled = tuple[Pixels, str]


def show_augmentation(command: ShowAugmentation) -> AugmentationShown:
    """Variants of one picture, and small pictures of single settings' effects.

    Raises:
        ProblemError: if the picture cannot be read.
    """
    plan, augmentation = command.pictures, command.augmentation
    original = _picture(command.file, plan.size, plan.fit)
    others = _others(command, plan.size) if augmentation.mixes and command.count else []
    make = partial(
        _variants, original, command.label, others, augmentation, command.count, command.seed
    )
    if _is_new(augmentation, plan.size, command.count):
        make()  # makes the graphs, which is not to be counted
    began = time.perf_counter()
    variants, shares = make()
    seconds = time.perf_counter() - began
    return AugmentationShown(
        original=original.tobytes(),
        variants=tuple(variant.tobytes() for variant in variants),
        size=plan.size,
        mixtures=shares,
        effects=tuple((name, _effect(command, name)) for name in command.effects),
        effect_size=EFFECT_SIZE if command.effects else 0,
        milliseconds=1000 * seconds / max(1, command.count + len(others)),
    )


def _is_new(plan: AugmentationPlan, size: int, count: int) -> bool:
    """Whether these settings were never on together before, whatever their strengths."""
    on = tuple(name for name in effects() if getattr(plan, name))
    key = (on, plan.fill_mode, size, count > 0)
    is_new = key not in _made
    _made.add(key)
    return is_new


def _variants(
    original: Pixels,
    label: str,
    others: Sequence[_Labelled],
    plan: AugmentationPlan,
    count: int,
    seed: int,
) -> tuple[Pixels, tuple[Mixture, ...]]:
    """``count`` variants (count, size, size, 3), and what is mixed in each of them.

    They are one batch, in which the other pictures stand behind them; every variant is mixed with
    one of those.
    """
    if not count:
        return np.zeros((0, *original.shape), np.uint8), ()
    batch = np.stack([*[original] * count, *(picture for picture, _ in others)])
    batch_seed = tf.constant(seed, tf.int64)
    moved = make_augment(plan)(tf.constant(batch), batch_seed)
    if not others:
        return as_bytes(moved).numpy(), ()
    names = [label] * count + [name for _, name in others]
    classes = list(dict.fromkeys(names))
    labels = tf.one_hot([classes.index(name) for name in names], len(classes), dtype=tf.float32)
    partners = np.arange(len(batch))
    partners[:count] = count + partners[:count] % len(others)
    mixed, shares = make_mix(plan)(moved, labels, batch_seed, tf.constant(partners, tf.int64))
    told = tuple(_mixture(classes, row) for row in shares.numpy()[:count])
    return as_bytes(mixed[:count]).numpy(), told


def _mixture(classes: Sequence[str], shares: npt.NDArray[np.float32]) -> Mixture:
    found = [
        (name, float(share))
        for name, share in zip(classes, shares, strict=True)
        if share > _SHARE_NOT_TOLD
    ]
    return tuple(sorted(found, key=lambda each: -each[1]))


def _effect(command: ShowAugmentation, name: str) -> bytes:
    """The picture with one setting alone, near its strong end."""
    original = _picture(command.file, EFFECT_SIZE, command.pictures.fit)
    plan = command.augmentation.only(name)
    found = _others(command, EFFECT_SIZE)[:1] if plan.mixes else []
    others = [(picture, "another") for picture, _ in found]
    variants, mixtures = _variants(original, "", others, plan, _EFFECT_TRIES, 1)
    apart = np.abs(variants.astype(np.int16) - original).mean(axis=(1, 2, 3))
    if mixtures:
        # Not the one with the most of the other picture, but the one with most of both.
        apart = -np.array([mixture[0][1] for mixture in mixtures])
    clearest: bytes = variants[int(apart.argmax())].tobytes()
    return clearest


def _others(command: ShowAugmentation, size: int) -> list[_Labelled]:
    """The pictures to be mixed with, without those that cannot be read; else a drawn one."""
    found = []
    for file, label in command.others:
        try:
            found.append((_picture(file, size, command.pictures.fit), label))
        except ProblemError:
            continue
    return found or [(_drawn("dog", size), "")]


def _picture(file: str, size: int, fit: Fit) -> Pixels:
    if not file:
        return _drawn("cat", size)
    try:
        facts = os.stat(file)  # noqa: PTH116 (the name may be that of a picture within a file)
        mark = (facts.st_mtime_ns, facts.st_size)
    except (OSError, ValueError):
        return read_picture(file, size, fit)
    return _read(file, size, fit, mark)


@lru_cache(maxsize=64)
def _read(file: str, size: int, fit: Fit, mark: tuple[int, int]) -> Pixels:
    """Kept while a slider is dragged; ``mark`` changes with the file."""
    return read_picture(file, size, fit)


@lru_cache(maxsize=8)
def _drawn(species: Species, size: int) -> Pixels:
    """A drawn picture, as long as there are none to choose from."""
    return np.array(draw_portrait(species, Random(3)).resize((size, size)))
