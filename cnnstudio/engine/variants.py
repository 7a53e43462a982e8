"""Variants of pictures that are made once and kept: one memory-mapped file of bytes.

What is computed with a frozen network can be computed once for each variant, and training with
them costs nothing for augmentation. The file is written under another name and renamed when all of
it is on disk; its name follows from everything that its content follows from.
"""

import errno
import hashlib
import os
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from cnnstudio.engine.augment_steps import make_augment
from cnnstudio.engine.parts import Part, Pixels
from cnnstudio.engine.talk import ShouldStop, stop_if_wanted
from cnnstudio.images.kept_files import kept_file, make_room
from cnnstudio.images.mapped_pixels import mapped_pixels
from cnnstudio.project.augmentation import AugmentationPlan
from cnnstudio.project.places import cache_folder
from cnnstudio.project.problems import Problem, ProblemError

VARIANTS_VERSION = 3
"""To be raised whenever variants would come out differently: what was kept is made again."""

KEPT_BYTES_AT_MOST = 20 * 10**9
"""Beyond this, the files that were not used for longest are removed."""

_ENDING = ".variants"
_TAIL = b"CNNVAR01"
_BATCH = 16
_MARKED_AT_ONCE = 512
_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}

OnProgress = Callable[[int, int], None]


def prepared_variants(
    part: Part,
    plan: AugmentationPlan,
    seed: int,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
) -> Pixels:
    """The pictures of ``part`` and ``plan.variants`` changed copies of each, computed only once.

    Returns a read-only memory-mapped array (variants + 1, pictures, size, size, 3) of RGB bytes:
    first the pictures as they are, in the order of the part, then one copy of all after the other.
    MixUp and CutMix are left out, as they mix within a batch. ``on_progress`` gets how many of how
    many copies are done.

    Raises:
        ProblemError: variants_disk_full, variants_not_written.
        InterruptedError: once ``should_stop`` says so; nothing is left behind.
    """
    return Variants(part, plan, seed, on_progress, should_stop).pixels


class Variants:
    """Variants that are made when they are first needed: on their way through frozen layers
    (:meth:`batches`), or all of them, kept in a file (:attr:`pixels`)."""

    def __init__(
        self,
        part: Part,
        plan: AugmentationPlan,
        seed: int,
        on_progress: OnProgress | None = None,
        should_stop: ShouldStop | None = None,
    ) -> None:
        """Arguments as of :func:`prepared_variants`."""
        self._part = part
        self._plan = plan
        self._seed = seed
        self._on_progress = on_progress
        self._should_stop = should_stop

    def __len__(self) -> int:
        """Variants of a picture, the picture as it is among them."""
        return self._plan.variants + 1

    @property
    def shape(self) -> tuple[int, ...]:
        """As of an array: (variants + 1, pictures, size, size, 3)."""
        return (len(self), len(self._part), *self._part.pixels.shape[1:])

    @cached_property
    def key(self) -> str:
        """The same for the same variants. Raises InterruptedError."""
        return _key(self._part, self._plan, self._seed, self._should_stop)

    def batches(self) -> tf.data.Dataset:
        """Batches of changed pictures (up to 16, size, size, 3), uint8: copy after copy, in order,
        without the pictures as they are."""
        return _changed(self._part, self._plan, self._seed)

    @cached_property
    def pixels(self) -> Pixels:
        """All of them; as :func:`prepared_variants`."""
        return _prepared(
            self.key,
            self.shape,
            self._part,
            self._plan,
            self._seed,
            self._on_progress,
            self._should_stop,
        )

    def __getitem__(self, index: Any) -> Any:
        """As of the array :attr:`pixels`."""
        return self.pixels[index]


def _prepared(
    key: str,
    shape: tuple[int, ...],
    part: Part,
    plan: AugmentationPlan,
    seed: int,
    on_progress: OnProgress | None,
    should_stop: ShouldStop | None,
) -> Pixels:
    length = int(np.prod(shape, dtype=np.int64))
    kept = Path(key + _ENDING)
    try:
        kept = cache_folder() / "variants" / kept
        found = _open_kept(kept, shape, length)
        if found is not None:
            return found
        kept.parent.mkdir(parents=True, exist_ok=True)
        make_room(kept.parent, length, KEPT_BYTES_AT_MOST)
        with kept_file(kept) as beside:
            _write(beside, part, plan, seed, on_progress, should_stop)
    except InterruptedError:
        raise
    except OSError as error:
        found = _open_kept(kept, shape, length)  # another process may have made it meanwhile
        if found is None:
            raise ProblemError(_problem(error, kept, length)) from error
        return found
    made = _open_kept(kept, shape, length)
    if made is None:
        raise ProblemError(_problem(OSError("incomplete"), kept, length))
    return made


def _key(part: Part, plan: AugmentationPlan, seed: int, should_stop: ShouldStop | None) -> str:
    """From the pixels themselves, so that whatever they came from may change or not."""
    alone = plan.alone().model_dump_json(exclude={"mode"})
    facts = f"{VARIANTS_VERSION} {seed} {part.pixels.shape[1:]} {len(part)} {alone}\n"
    digest = hashlib.blake2b(facts.encode(), digest_size=20)
    for begin in range(0, len(part), _MARKED_AT_ONCE):
        stop_if_wanted(should_stop or _never)
        digest.update(np.ascontiguousarray(part.take(begin, _MARKED_AT_ONCE)).data)
    return digest.hexdigest()


def _never() -> bool:
    return False


def _write(
    beside: Path,
    part: Part,
    plan: AugmentationPlan,
    seed: int,
    on_progress: OnProgress | None,
    should_stop: ShouldStop | None,
) -> None:
    """Written, not mapped: on a full disk writing fails, a mapped file would end the program."""
    total = plan.variants * len(part)
    done = 0
    with beside.open("wb", buffering=2**20) as file:
        for begin in range(0, len(part), _BATCH):
            stop_if_wanted(should_stop or _never)
            file.write(np.ascontiguousarray(part.take(begin, _BATCH)).data)
        for batch in _changed(part, plan, seed).as_numpy_iterator():
            stop_if_wanted(should_stop or _never)
            file.write(batch)
            done += len(batch)
            if on_progress is not None:
                on_progress(done, total)
        file.write(_TAIL)


def _changed(part: Part, plan: AugmentationPlan, seed: int) -> tf.data.Dataset:
    """Batches of changed pictures (up to 16, size, size, 3), uint8: copy after copy, in order."""
    augment = make_augment(plan.alone())
    shape = (None, *part.pixels.shape[1:])
    begins = np.arange(0, len(part), _BATCH, dtype=np.int64)
    seeds = np.random.default_rng(seed).integers(2**31, size=(plan.variants, len(begins)))

    def take(begin: np.int64) -> Pixels:
        return part.take(int(begin), _BATCH)

    @tf.autograph.experimental.do_not_convert  # type: ignore[untyped-decorator]
    def change(begin: tf.Tensor, batch_seed: tf.Tensor) -> tf.Tensor:
        pictures = tf.ensure_shape(tf.numpy_function(take, [begin], tf.uint8), shape)
        return as_bytes(augment(pictures, batch_seed))

    every = (np.tile(begins, plan.variants), seeds.ravel())
    batches = tf.data.Dataset.from_tensor_slices(every)
    return batches.map(change, num_parallel_calls=2, deterministic=True).prefetch(2)


def as_bytes(pictures: tf.Tensor) -> tf.Tensor:
    """Pictures float32 0..255 as uint8, to the nearest."""
    return tf.saturate_cast(tf.round(pictures), tf.uint8)


def turns(count: int, variants: int, seed: int) -> npt.NDArray[np.int64]:
    """Which of ``variants`` + 1 each of ``count`` pictures begins with; (count,)."""
    return np.random.default_rng(seed).integers(variants + 1, size=count)


def _open_kept(kept: Path, shape: tuple[int, ...], length: int) -> Pixels | None:
    """What stands in the file, or None if there is no whole one."""
    try:
        with kept.open("rb") as file:
            end = file.seek(-len(_TAIL), os.SEEK_END)
            if end != length or file.read() != _TAIL:
                return None
        pixels: Pixels = mapped_pixels(kept, shape)
        os.utime(kept)  # used now, so it is not the next to be removed
    except (OSError, ValueError):
        return None
    return pixels


def _problem(error: OSError, kept: Path, length: int) -> Problem:
    where, folder = "augmentation.variants", str(kept.parent)
    if error.errno in _FULL:
        values: dict[str, str | int | float] = {"megabytes": -(-length // 10**6)}
        return Problem("variants_disk_full", where, folder, values)
    values = {"reason": error.strerror or str(error)}
    return Problem("variants_not_written", where, folder, values)
