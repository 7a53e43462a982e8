"""The frozen part of a network computed once for every picture, and kept on disk.

Whatever lies before the first layer that learns gives the same numbers in every epoch, so it runs
once, and training goes on from what it gave. The numbers of a picture, float32, stand behind each
other in one row of bytes; a file's name follows from everything that its content follows from:
weights and layers of the frozen part, and the pictures themselves.
"""

import hashlib
import json
import math
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

from cnnstudio.engine.cutting import CutModel
from cnnstudio.engine.parts import Part, Parts, Pixels
from cnnstudio.engine.talk import ShouldStop, stop_if_wanted
from cnnstudio.images.kept_files import kept_file, make_room
from cnnstudio.images.mapped_pixels import mapped_pixels
from cnnstudio.project.frozen_part import BYTES_A_NUMBER, FOLDED_BYTES_AT_MOST, KEPT_BYTES_AT_MOST
from cnnstudio.project.places import cache_folder

FEATURES_VERSION = 1
"""To be raised whenever features would come out differently: what was kept is made again."""

_ENDING = ".features"
_TAIL = b"CNNFEA01"
_BATCH = 32

OnProgress = Callable[[int, int], None]
Features = tuple[npt.NDArray[np.float32], ...]


@dataclass(frozen=True)
class KeptFeatures:
    """What the frozen part gave for a part's pictures: ``rows`` are bytes (variants + 1, pictures,
    bytes), read-only and mapped; ``shapes`` are those of the tensors that a row holds."""

    rows: npt.NDArray[np.uint8]
    shapes: tuple[tuple[int, ...], ...]

    def __len__(self) -> int:
        return int(self.rows.shape[1])

    def take(self, turns: Any, places: Any) -> Features:
        """Of the pictures at ``places`` the variants ``turns``, a tensor (batch, …) each."""
        flat = np.ascontiguousarray(self.rows[turns, places]).view(np.float32)
        found, begin = [], 0
        for shape in self.shapes:
            end = begin + math.prod(shape)
            found.append(flat[:, begin:end].reshape(-1, *shape))
            begin = end
        return tuple(found)


@dataclass(frozen=True)
class PartFeatures:
    """The kept features of all parts; ``computed`` pictures were not there from before."""

    training: KeptFeatures
    validation: KeptFeatures
    test: KeptFeatures
    computed: int


def compute_features(
    cut: CutModel,
    parts: Parts,
    variants: Pixels | None,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
) -> PartFeatures:
    """Run the frozen half of ``cut`` for every picture of ``parts``, unless that was done before.

    Of training pictures, all ``variants`` (variants + 1, pictures, size, size, 3) where there are
    any. ``on_progress`` gets how many of how many pictures are done.

    Raises:
        OSError: where there is no room, or a file cannot be written or read.
        InterruptedError: once ``should_stop`` says so; nothing half is left behind.
    """
    should_stop = should_stop or _never
    sources = [
        _Source(parts.training, variants),
        _Source(parts.validation),
        _Source(parts.test),
    ]
    numbers = sum(math.prod(shape) for shape in cut.shapes)
    network = _network_digest(cut)
    folder = cache_folder() / "features"
    files = [folder / f"{_key(network, each, should_stop)}{_ENDING}" for each in sources]
    kept = [_open(f, each, numbers) for f, each in zip(files, sources, strict=True)]
    missing = [place for place, found in enumerate(kept) if found is None]
    total = sum(sources[place].count for place in missing)
    if missing:
        folder.mkdir(parents=True, exist_ok=True)
        make_room(folder, total * numbers * BYTES_A_NUMBER, KEPT_BYTES_AT_MOST)
        run = _as_graph(cut)
        done = 0
        for place in missing:

            def tell(count: int, before: int = done) -> None:
                stop_if_wanted(should_stop)
                if on_progress is not None:
                    on_progress(before + count, total)

            _write(files[place], sources[place], run, tell)
            done += sources[place].count
            kept[place] = _open(files[place], sources[place], numbers)
    opened = [KeptFeatures(_present(rows), cut.shapes) for rows in kept]
    return PartFeatures(opened[0], opened[1], opened[2], total)


def _never() -> bool:
    return False


def _present(rows: npt.NDArray[np.uint8] | None) -> npt.NDArray[np.uint8]:
    if rows is None:
        raise OSError("a file of features is not whole")
    return rows


@dataclass(frozen=True)
class _Source:
    """Pictures in the order in which their features stand: one variant of all after the other."""

    part: Part
    variants: Pixels | None = None

    @property
    def turns(self) -> int:
        return 1 if self.variants is None else len(self.variants)

    @property
    def count(self) -> int:
        return self.turns * len(self.part)

    def batches(self) -> Iterator[Pixels]:
        """Batches of up to 32 pictures, (batch, size, size, 3)."""
        for turn in range(self.turns):
            for begin in range(0, len(self.part), _BATCH):
                if self.variants is None:
                    yield self.part.take(begin, _BATCH)
                else:
                    yield np.asarray(self.variants[turn, begin : begin + _BATCH])


def _network_digest(cut: CutModel) -> bytes:
    """From layers and weights of the frozen half, so that whatever they came from may change."""
    digest = hashlib.blake2b(digest_size=20)
    digest.update(f"{FEATURES_VERSION} {tf.__version__} {cut.shapes}\n".encode())
    config = cut.frozen.get_config()
    digest.update(json.dumps(config, sort_keys=True, default=str).encode())
    for variable in cut.frozen.variables:
        digest.update(np.ascontiguousarray(variable.numpy()).data)
    return digest.digest()


def _key(network: bytes, source: _Source, should_stop: ShouldStop) -> str:
    digest = hashlib.blake2b(network, digest_size=20)
    digest.update(f"{source.turns} {len(source.part)} {source.part.pixels.shape[1:]}\n".encode())
    for batch in source.batches():
        stop_if_wanted(should_stop)
        digest.update(np.ascontiguousarray(batch).data)
    return digest.hexdigest()


def _as_graph(cut: CutModel) -> Callable[[tf.Tensor], tf.Tensor]:
    """The frozen half as one function: pictures uint8 (batch, size, size, 3) in, rows of numbers
    float32 (batch, numbers) out. Its variables are folded into constants, which makes it 1.4 to
    1.7 times as fast, and takes memory: large ones are left as they are."""
    size = cut.whole.input_shape[1]
    signature = [tf.TensorSpec((None, size, size, 3), tf.uint8)]

    @tf.function(input_signature=signature, autograph=False)  # type: ignore[untyped-decorator]
    def run(pictures: tf.Tensor) -> tf.Tensor:
        given = cut.frozen(tf.cast(pictures, tf.float32), training=False)
        tensors = given if isinstance(given, list | tuple) else [given]
        count = tf.shape(pictures)[0]
        return tf.concat([tf.reshape(each, (count, -1)) for each in tensors], axis=1)

    if sum(BYTES_A_NUMBER * math.prod(each.shape) for each in cut.frozen.variables) > (
        FOLDED_BYTES_AT_MOST
    ):
        return run  # type: ignore[no-any-return]
    try:
        folded = convert_variables_to_constants_v2(run.get_concrete_function())
    except Exception as error:  # what cannot be folded runs as it is
        print(f"The frozen layers are not folded: {error}", flush=True)
        return run  # type: ignore[no-any-return]
    return lambda pictures: folded(pictures)[0]


def _write(
    path: Path, source: _Source, run: Callable[[tf.Tensor], tf.Tensor], tell: Callable[[int], None]
) -> None:
    """Written, not mapped: on a full disk writing fails, a mapped file would end the program."""
    done = 0
    with kept_file(path) as beside, beside.open("wb", buffering=2**20) as file:
        for batch in source.batches():
            file.write(np.ascontiguousarray(run(tf.constant(batch)).numpy()).data)
            done += len(batch)
            tell(done)
        file.write(_TAIL)


def _open(path: Path, source: _Source, numbers: int) -> npt.NDArray[np.uint8] | None:
    """The rows that stand in the file, or None if there is no whole one."""
    shape = (source.turns, len(source.part), numbers * BYTES_A_NUMBER)
    if not math.prod(shape):
        return np.zeros(shape, np.uint8)
    try:
        with path.open("rb") as file:
            end = file.seek(-len(_TAIL), os.SEEK_END)
            if end != math.prod(shape) or file.read() != _TAIL:
                return None
        rows: npt.NDArray[np.uint8] = mapped_pixels(path, shape)
        os.utime(path)  # used now, so it is not the next to be removed
    except (OSError, ValueError):
        return None
    return rows
