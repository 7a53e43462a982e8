"""The frozen part of a network computed once for every picture, and kept on disk.

Whatever lies before the first layer that learns gives the same numbers in every epoch, so it runs
once, and training goes on from what it gave. The numbers of a picture stand behind each other in
one row of bytes; a file's name follows from everything that its content follows from: weights and
layers of the frozen part, and the pictures themselves, or what their variants are made from.
"""

import hashlib
import json
import math
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from cnnstudio.engine.cutting import CutModel
from cnnstudio.engine.folding import Run, as_graph
from cnnstudio.engine.parts import Part, Parts
from cnnstudio.engine.talk import ShouldStop, stop_if_wanted
from cnnstudio.engine.variants import Variants
from cnnstudio.images.kept_files import kept_file, make_room
from cnnstudio.images.mapped_pixels import mapped_pixels
from cnnstudio.images.threads import cores
from cnnstudio.project.frozen_part import KEPT_BYTES_AT_MOST, bytes_a_number
from cnnstudio.project.places import cache_folder

FEATURES_VERSION = 2
"""To be raised whenever features would come out differently: what was kept is made again."""

IN_MEMORY_BYTES = 256 * 10**6
"""Features of a part that are no more than this are read into memory before training."""

_ENDING = ".features"
_TAIL = b"CNNFEA02"
_BATCH = 16
_AT_ONCE = 4
"""Batches that are computed at the same time, at most: each needs memory of its own."""

OnProgress = Callable[[int, int], None]
Features = tuple[npt.NDArray[np.float32], ...]
NumberType = Literal["float16", "float32"]

_BYTES: dict[NumberType, int] = {"float16": 2, "float32": 4}


@dataclass(frozen=True)
class KeptFeatures:
    """What the frozen part gave for a part's pictures.

    ``rows`` are bytes (pictures, bytes) of the pictures as they are and then of each variant;
    ``shapes`` are those of the tensors that a row holds, in numbers of ``types`` each.
    """

    rows: tuple[npt.NDArray[np.uint8], ...]
    shapes: tuple[tuple[int, ...], ...]
    types: tuple[NumberType, ...]

    def __len__(self) -> int:
        return len(self.rows[0])

    def take(self, turns: Any, places: Any) -> Features:
        """Of the pictures at ``places`` the variants ``turns``, a tensor (batch, …) each."""
        numbers = sum(math.prod(shape) for shape in self.shapes)
        flat = np.empty((len(places), numbers), np.float32)
        turns = np.broadcast_to(turns, len(places))
        for turn in np.unique(turns):
            is_it = turns == turn
            found = np.ascontiguousarray(self.rows[turn][places[is_it]])
            flat[is_it] = found.view(self.types[turn])
        tensors, begin = [], 0
        for shape in self.shapes:
            end = begin + math.prod(shape)
            tensors.append(flat[:, begin:end].reshape(-1, *shape))
            begin = end
        return tuple(tensors)


@dataclass(frozen=True)
class PartFeatures:
    """The kept features of all parts; ``computed`` pictures were not there from before."""

    training: KeptFeatures
    validation: KeptFeatures
    test: KeptFeatures
    computed: int

    @property
    def kept(self) -> int:
        """Pictures whose features are there, each variant counted."""
        parts = (self.training, self.validation, self.test)
        return sum(len(each.rows) * len(each) for each in parts)


def compute_features(
    cut: CutModel,
    parts: Parts,
    variants: Variants | None,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
    is_short: bool = False,
) -> PartFeatures:
    """Run the frozen half of ``cut`` for every picture of ``parts``, unless that was done before.

    Of training pictures, all ``variants`` where there are any. With ``is_short``, all that is
    learned from is computed in numbers of 16 bits, and only that: what is watched and tested is
    what the model gives. ``on_progress`` gets how many of how many pictures are done.

    Raises:
        OSError: where there is no room, or a file cannot be written or read.
        InterruptedError: once ``should_stop`` says so; nothing half is left behind.
    """
    should_stop = should_stop or _never
    sources = [
        _Pictures(parts.training, is_short),
        _Pictures(parts.validation),
        _Pictures(parts.test),
    ]
    if variants is not None and len(variants) > 1:
        sources.append(_Changed(variants, is_short))
    network = _network_digest(cut)
    with ThreadPoolExecutor(len(sources), "digests") as looking:
        found = [looking.submit(_Kept.of, each, network, cut, should_stop) for each in sources]
        kept = [each.result() for each in found]
    missing = [each for each in kept if each.open() is None]
    total = sum(each.source.count for each in missing)
    if missing:
        numbers = kept[0].numbers
        missing[0].path.parent.mkdir(parents=True, exist_ok=True)
        needed = total * numbers * bytes_a_number(numbers)
        make_room(missing[0].path.parent, needed, KEPT_BYTES_AT_MOST)
        size = cut.whole.input_shape[1]
        done = 0
        # The second graph, where there are two, is made while the first one already runs.
        with ThreadPoolExecutor(1, "graphs") as making:
            kinds = dict.fromkeys(each.source.is_short for each in missing if each.source.count)
            runs = {kind: making.submit(as_graph, cut.frozen, size, kind) for kind in kinds}
            for each in missing:

                def tell(count: int, before: int = done) -> None:
                    stop_if_wanted(should_stop)
                    if on_progress is not None:
                        on_progress(before + count, total)

                if each.source.count:
                    each.write(runs[each.source.is_short].result(), tell)
                done += each.source.count
    training, validation, test, *changed = [_opened(each) for each in kept]
    rows = (*training[0], *(row for each in changed for row in each[0]))
    types = (training[1], *(each[1] for each in changed for _ in each[0]))
    return PartFeatures(
        KeptFeatures(rows, cut.shapes, types),
        KeptFeatures(validation[0], cut.shapes, (validation[1],)),
        KeptFeatures(test[0], cut.shapes, (test[1],)),
        total,
    )


def _never() -> bool:
    return False


class _Pictures:
    """The pictures of a part as they are."""

    def __init__(self, part: Part, is_short: bool = False) -> None:
        self._part = part
        self.is_short = is_short
        self.turns = 1
        self.pictures = len(part)

    @property
    def count(self) -> int:
        """How many rows there are."""
        return self.turns * self.pictures

    def update(self, digest: Any, should_stop: ShouldStop) -> None:
        """Let ``digest`` follow from everything that these pictures follow from."""
        digest.update(f"{self._part.pixels.shape[1:]} {self.is_short}\n".encode())
        for begin in range(0, self.pictures, _BATCH):
            stop_if_wanted(should_stop)
            digest.update(np.ascontiguousarray(self._part.take(begin, _BATCH)).data)

    def batches(self) -> tf.data.Dataset:
        """Batches of uint8 (batch, size, size, 3), in order."""
        shape = (None, *self._part.pixels.shape[1:])

        def take(begin: np.int64) -> npt.NDArray[np.uint8]:
            return self._part.take(int(begin), _BATCH)

        def load(begin: tf.Tensor) -> tf.Tensor:
            return tf.ensure_shape(tf.numpy_function(take, [begin], tf.uint8), shape)

        return tf.data.Dataset.range(0, self.pictures, _BATCH).map(load)


class _Changed(_Pictures):
    """Variants of the training pictures, without the pictures as they are."""

    def __init__(self, variants: Variants, is_short: bool) -> None:
        self._variants = variants
        self.is_short = is_short
        self.turns = len(variants) - 1
        self.pictures = variants.shape[1]

    def update(self, digest: Any, should_stop: ShouldStop) -> None:
        """By what they are made from, so that they need not be made where features are there."""
        digest.update(f"{self._variants.key} {self.is_short}\n".encode())

    def batches(self) -> tf.data.Dataset:
        """Batches of uint8 (batch, size, size, 3): one variant of all after the other."""
        return self._variants.batches()


def _network_digest(cut: CutModel) -> bytes:
    """From layers and weights of the frozen half, so that whatever they came from may change."""
    digest = hashlib.blake2b(digest_size=20)
    versions = f"{FEATURES_VERSION} {tf.__version__} {keras.__version__}"
    digest.update(f"{versions} {cut.shapes}\n".encode())
    config = cut.frozen.get_config()
    digest.update(json.dumps(config, sort_keys=True, default=str).encode())
    for variable in cut.frozen.variables:
        digest.update(np.ascontiguousarray(variable.numpy()).data)
    return digest.digest()


@dataclass(frozen=True)
class _Kept:
    """The file with the features of ``source``, of ``numbers`` for each picture."""

    path: Path
    source: _Pictures
    numbers: int

    @classmethod
    def of(
        cls, source: _Pictures, network: bytes, cut: CutModel, should_stop: ShouldStop
    ) -> "_Kept":
        digest = hashlib.blake2b(network, digest_size=20)
        digest.update(f"{source.turns} {source.pictures}\n".encode())
        source.update(digest, should_stop)
        path = cache_folder() / "features" / f"{digest.hexdigest()}{_ENDING}"
        return cls(path, source, sum(math.prod(shape) for shape in cut.shapes))

    def write(self, run: Run, tell: Callable[[int], None]) -> None:
        """Run the frozen half and keep what it gives. Numbers too large for 16 bits are kept with
        32.

        Raises:
            OSError: if it cannot be written.
        """
        kind = _usual_type(self.numbers)
        try:
            self._write(run, kind, tell)
        except _TooLargeError:
            self._write(run, "float32", tell)

    def _write(self, run: Run, kind: NumberType, tell: Callable[[int], None]) -> None:
        """Written, not mapped: on a full disk that fails, and a mapped file ends the program."""
        done = 0
        with kept_file(self.path) as beside, beside.open("wb", buffering=2**20) as file:
            for rows in _computed(self.source.batches(), run, kind):
                if kind == "float16" and not np.isfinite(rows).all():
                    raise _TooLargeError
                file.write(np.ascontiguousarray(rows).data)
                done += len(rows)
                tell(done)
            file.write(_TAIL)

    def open(self) -> tuple[tuple[npt.NDArray[np.uint8], ...], NumberType] | None:
        """The rows that stand in the file, of the first variant and then the others, or None if
        there is no whole one."""
        pictures, turns = self.source.pictures, self.source.turns
        usual = _usual_type(self.numbers)
        if not pictures:
            return (np.zeros((0, self.numbers * _BYTES[usual]), np.uint8),) * turns, usual
        try:
            with self.path.open("rb") as file:
                end = file.seek(-len(_TAIL), os.SEEK_END)
                if file.read() != _TAIL:
                    return None
            rows = self.source.count * self.numbers
            kind = next((kind for kind, each in _BYTES.items() if end == rows * each), None)
            if kind is None:
                return None
            shape = (turns, pictures, self.numbers * _BYTES[kind])
            found: Any = mapped_pixels(self.path, shape)
            os.utime(self.path)  # used now, so it is not the next to be removed
        except (OSError, ValueError):
            return None
        if found.nbytes <= IN_MEMORY_BYTES:
            found = np.array(found)
        return tuple(found), kind


class _TooLargeError(Exception):
    """A number does not fit into 16 bits."""


def _usual_type(numbers: int) -> NumberType:
    return "float16" if bytes_a_number(numbers) == _BYTES["float16"] else "float32"


def _opened(kept: _Kept) -> tuple[tuple[npt.NDArray[np.uint8], ...], NumberType]:
    found = kept.open()
    if found is None:
        raise OSError("a file of features is not whole")
    return found


def _computed(
    batches: tf.data.Dataset, run: Run, kind: NumberType
) -> Iterator[npt.NDArray[np.floating[Any]]]:
    """What ``run`` gives for each of ``batches``, in their order; several are computed at a time,
    and the next ones are made meanwhile."""

    @tf.autograph.experimental.do_not_convert  # type: ignore[untyped-decorator]
    def compute(pictures: tf.Tensor) -> tf.Tensor:
        return tf.cast(run(pictures), kind)

    at_once = min(cores(), _AT_ONCE)
    rows = batches.prefetch(at_once).map(compute, num_parallel_calls=at_once, deterministic=True)
    iterator = rows.prefetch(at_once).as_numpy_iterator()
    try:
        yield from iterator
    finally:
        # To end an iterator takes some seconds of waiting, for which nobody else has to wait.
        left = [iterator]
        del iterator
        threading.Thread(target=left.clear, name="end-iterator", daemon=True).start()
