"""Whether the frozen part of a training is computed once, and how training goes on from there."""

import errno
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from cnnstudio.engine.answers import Probabilities, as_probabilities
from cnnstudio.engine.cutting import CannotCutError, CutModel, cut, frozen_part_of
from cnnstudio.engine.features import KeptFeatures, PartFeatures, compute_features
from cnnstudio.engine.folding import computes_short
from cnnstudio.engine.networks.auxiliary import TrainingModel
from cnnstudio.engine.parts import Part, Parts
from cnnstudio.engine.talk import Send, ShouldStop
from cnnstudio.engine.variants import Variants
from cnnstudio.project.frozen_part import (
    COMPUTED_SHORT_FROM,
    KEPT_BYTES_AT_MOST,
    FrozenPart,
    Pass,
    WhyNot,
    bytes_a_number,
    why_not_once,
)
from cnnstudio.project.network_facts import NetworkFacts
from cnnstudio.project.places import cache_folder
from cnnstudio.project.problems import Problem
from cnnstudio.project.project import Project
from cnnstudio.protocol import Progress

_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}

_NUMBERS_ASKED = 500_000
"""Features of so many numbers are asked at once: small ones would take longer to hand over."""


class KeptAnswers:
    """What a model answers, asked with kept features in place of pictures."""

    def __init__(self, cut: CutModel, known: list[tuple[Part, KeptFeatures]]) -> None:
        self._known = known
        self._is_sigmoid = cut.rest.output_shape[-1] == 1
        self._at_once = _NUMBERS_ASKED // sum(math.prod(shape) for shape in cut.shapes)
        signature = [tf.TensorSpec((None, *shape), tf.float32) for shape in cut.shapes]

        @tf.function(input_signature=signature, autograph=False)  # type: ignore[untyped-decorator]
        def ask(*given: tf.Tensor) -> Any:
            return cut.rest(list(given) if len(given) > 1 else given[0], training=False)

        self._ask = ask

    def of_part(
        self, part: Part, batch_size: int, after_batch: Callable[[int], None]
    ) -> Probabilities:
        """As :meth:`Answers.of_part`, for a part whose features are kept: of each picture as it
        is, which is its first variant."""
        features = next(kept for known, kept in self._known if known is part)
        found = []
        at_once = max(batch_size, self._at_once)
        for begin in range(0, len(part), at_once):
            end = min(begin + at_once, len(part))
            given = self._ask(*features.take(0, np.arange(begin, end))).numpy()
            found.append(as_probabilities(given) if self._is_sigmoid else given.astype(np.float64))
            after_batch(end)
        return np.concatenate(found)


@dataclass(frozen=True)
class ComputedOnce:
    """A model cut behind its frozen part, and what that part gave for every picture.

    ``layers`` is how many of the base's layers ran once, ``seconds`` what that took.
    """

    cut: CutModel
    parts: Parts
    features: PartFeatures
    layers: int
    seconds: float

    @property
    def is_all_new(self) -> bool:
        """Whether nothing was there from an earlier training."""
        return self.features.computed == self.features.kept

    def answers(self) -> KeptAnswers:
        """How the model is asked."""
        known = [
            (self.parts.validation, self.features.validation),
            (self.parts.test, self.features.test),
        ]
        return KeptAnswers(self.cut, known)


@dataclass(frozen=True)
class Straight:
    """The whole network runs in every epoch, for the reason ``why_not``; ``problem`` where that
    was not meant to be."""

    why_not: WhyNot
    problem: Problem | None = None


def compute_once(
    model: TrainingModel,
    facts: NetworkFacts,
    project: Project,
    parts: Parts,
    variants: Variants | None,
    send: Send,
    should_stop: ShouldStop,
) -> ComputedOnce | Straight:
    """Run the frozen part of ``model`` for every picture where that is worth it.

    Nothing that fails on the way is raised: training works without.

    Raises:
        InterruptedError: once ``should_stop`` says so.
    """
    if len(model.loss_weights) > 1:
        return Straight("side_outputs")
    passes = Pass(
        training=len(parts.training),
        validation=len(parts.validation),
        test=len(parts.test),
        epochs=project.training.epochs,
        variants=0 if variants is None else len(variants) - 1,
    )
    began = time.monotonic()
    try:
        part = frozen_part_of(model.model)
        why_not = why_not_once(facts, frozenset(), project.augmentation, passes, part)
        if why_not:
            return Straight(why_not)
        halves = cut(model.model, part)
        numbers = sum(math.prod(shape) for shape in halves.shapes)
        if bytes_a_number(numbers) * numbers * passes.kept > KEPT_BYTES_AT_MOST:
            return Straight("too_large")
        features = compute_features(
            halves,
            parts,
            variants,
            on_progress=lambda done, total: send(Progress("features", done, total)),
            should_stop=should_stop,
            is_short=computes_short() and _varied(facts, part, passes) >= COMPUTED_SHORT_FROM,
        )
    except CannotCutError:
        return Straight("not_kept")
    except InterruptedError:
        raise
    except OSError as error:
        return Straight("not_kept", _problem(error))
    layers = sum(1 for layer in facts.base_layers if layer.name in part.layers)
    return ComputedOnce(halves, parts, features, layers, time.monotonic() - began)


def _varied(facts: NetworkFacts, part: FrozenPart, passes: Pass) -> int:
    """Multiply-adds that prepared variants take in the frozen layers; without any, what is learned
    from is what the model gives, to the last bit but rounding."""
    inside = sum(layer.multiply_adds for layer in facts.layers if layer.name in part.layers)
    return passes.variants * passes.training * inside


def _problem(error: OSError) -> Problem:
    folder = str(Path(cache_folder()) / "features")
    if error.errno in _FULL:
        return Problem("features_disk_full", "network", folder)
    values: dict[str, str | int | float] = {"reason": error.strerror or str(error)}
    return Problem("features_not_kept", "network", folder, values)
