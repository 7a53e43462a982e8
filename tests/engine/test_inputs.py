"""Batches for training: whole, shuffled by seed, fresh in every epoch."""

from pathlib import Path

import numpy as np

from cnnstudio.engine.inputs import training_batches
from cnnstudio.engine.parts import Part
from cnnstudio.project.augmentation import PRESETS, AugmentationPlan

OFF = AugmentationPlan()


def _part(tmp_path: Path, count: int = 11) -> Part:
    """Every second row of a memory-mapped file; a picture's brightness is its row's number."""
    file = np.lib.format.open_memmap(
        tmp_path / "pixels.npy", mode="w+", dtype=np.uint8, shape=(2 * count, 8, 8, 3)
    )
    file[:] = np.arange(2 * count, dtype=np.uint8)[:, None, None, None]
    rows = np.arange(0, 2 * count, 2)
    return Part(file, rows, rows % 3, tuple(str(row) for row in rows))


def _epoch(batches) -> tuple[list[int], list[int], list[int]]:  # type: ignore[no-untyped-def]
    """Sizes of the batches, brightness of the pictures, labels."""
    found = [(np.asarray(pictures), np.asarray(labels)) for pictures, labels in batches]
    assert {pictures.dtype for pictures, _ in found} == {np.dtype(np.float32)}
    shown = np.concatenate([pictures for pictures, _ in found])
    labels = np.concatenate([labels for _, labels in found])
    return [len(labels) for _, labels in found], shown[:, 0, 0, 0].tolist(), labels.tolist()


def test_every_picture_comes_once_an_epoch_with_its_label(tmp_path: Path) -> None:
    part = _part(tmp_path)
    batches = training_batches(part, 4, OFF, seed=1)
    assert len(batches) == 3
    sizes, shown, labels = _epoch(batches)
    assert sizes == [4, 4, 3]
    assert sorted(shown) == part.rows.tolist()
    assert labels == [int(each) % 3 for each in shown]


def test_every_epoch_has_another_order_and_the_seed_decides_which(tmp_path: Path) -> None:
    part = _part(tmp_path)
    batches = training_batches(part, 4, OFF, seed=1)
    first, second = _epoch(batches)[1], _epoch(batches)[1]
    assert first != second
    again = training_batches(part, 4, OFF, seed=1)
    assert [_epoch(again)[1], _epoch(again)[1]] == [first, second]
    assert _epoch(training_batches(part, 4, OFF, seed=2))[1] != first


def _moved(part: Part, seed: int, epochs: int) -> list[np.ndarray]:
    batches = training_batches(part, 4, PRESETS["strong"][1], seed)
    return [np.concatenate([pictures for pictures, _ in batches]) for _ in range(epochs)]


def test_random_moves_follow_from_the_seed_and_are_fresh_every_epoch(tmp_path: Path) -> None:
    rows = np.arange(8)
    noise = np.random.default_rng(0).integers(0, 256, (8, 8, 8, 3), dtype=np.uint8)
    noise[:] = noise[:1]  # all alike, so that only the moves can differ
    part = Part(noise, rows, rows, tuple("abcdefgh"))
    first, second = _moved(part, 3, 2)
    assert not np.allclose(first, second)
    assert not np.allclose(first[:4], first[4:])
    for mine, theirs in zip(_moved(part, 3, 2), (first, second), strict=True):
        np.testing.assert_array_equal(mine, theirs)


def test_an_epoch_that_was_broken_off_does_not_change_the_next(tmp_path: Path) -> None:
    """Keras looks at one batch before it begins; how much was read ahead then is chance."""
    part = _part(tmp_path)
    one = training_batches(part, 2, PRESETS["strong"][1], seed=3)
    next(iter(one))
    other = training_batches(part, 2, PRESETS["strong"][1], seed=3)
    for _ in other:
        pass
    for (mine, _), (theirs, _) in zip(one, other, strict=True):
        np.testing.assert_array_equal(mine, theirs)
