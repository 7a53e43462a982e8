"""Batches for training: whole, shuffled by seed, fresh in every epoch."""

from pathlib import Path

import numpy as np
import pytest

from cnnstudio.engine.inputs import Labels, Order, training_batches
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


def _batches(  # type: ignore[no-untyped-def]
    part: Part, batch_size: int, plan: AugmentationPlan, seed: int, epoch: int, *more, **others
):
    """The batches of one epoch."""
    order = Order(part.labels, batch_size, seed)
    return training_batches(part, order, plan, *more, first_epoch=epoch, epochs=1, **others)


def test_every_picture_comes_once_an_epoch_with_its_label(tmp_path: Path) -> None:
    part = _part(tmp_path)
    batches = _batches(part, 4, OFF, 1, 1)
    assert len(batches) == Order(part.labels, 4, 1).batches == 3
    sizes, shown, labels = _epoch(batches)
    assert sizes == [4, 4, 3]
    assert sorted(shown) == part.rows.tolist()
    assert labels == [int(each) % 3 for each in shown]


def test_every_epoch_has_another_order_and_the_seed_decides_which(tmp_path: Path) -> None:
    part = _part(tmp_path)
    first, second = (_epoch(_batches(part, 4, OFF, 1, epoch))[1] for epoch in (1, 2))
    assert first != second
    assert _epoch(_batches(part, 4, OFF, 2, 1))[1] != first


def test_an_epoch_is_the_same_whether_it_comes_alone_or_after_others(tmp_path: Path) -> None:
    part = _part(tmp_path)
    plan = PRESETS["strong"][1]
    endless = iter(training_batches(part, Order(part.labels, 4, 3), plan))
    through = [next(endless) for _ in range(9)]
    for epoch in (3, 1, 2):
        alone = list(_batches(part, 4, plan, 3, epoch))
        for mine, theirs in zip(through[3 * epoch - 3 : 3 * epoch], alone, strict=True):
            np.testing.assert_array_equal(mine[0], theirs[0])
            np.testing.assert_array_equal(mine[1], theirs[1])


def test_random_moves_follow_from_the_seed_and_are_fresh_every_epoch(tmp_path: Path) -> None:
    rows = np.arange(8)
    noise = np.random.default_rng(0).integers(0, 256, (8, 8, 8, 3), dtype=np.uint8)
    noise[:] = noise[:1]  # all alike, so that only the moves can differ
    part = Part(noise, rows, rows, tuple("abcdefgh"))

    def moved(epoch: int) -> np.ndarray:
        batches = _batches(part, 4, PRESETS["strong"][1], 3, epoch)
        return np.concatenate([pictures for pictures, _ in batches])

    first, second = moved(1), moved(2)
    assert not np.allclose(first, second)
    assert not np.allclose(first[:4], first[4:])
    np.testing.assert_array_equal(moved(1), first)


# Balanced sampling


def test_balanced_sampling_draws_as_many_of_each_class_and_all_of_them_in_turn() -> None:
    labels = np.array([0] * 12 + [1] * 3 + [2] * 6)
    order = Order(labels, 4, seed=1, is_balanced=True)
    assert order.batches == 6
    epochs = [order.of(epoch) for epoch in range(1, 13)]
    for places, seeds in epochs:
        assert np.bincount(labels[places]).tolist() == [7, 7, 7]
        assert len(seeds) == 6
    # 84 of each class: 7 times each of twelve, 28 times each of three, 14 times each of six.
    times = np.bincount(np.concatenate([places for places, _ in epochs]))
    assert times.tolist() == [7] * 12 + [28] * 3 + [14] * 6
    assert epochs[0][0].tolist() != epochs[1][0].tolist()
    np.testing.assert_array_equal(order.of(5)[0], epochs[4][0])


@pytest.mark.parametrize("name", ["rand_augment", "noise", "erasing", "crop", "hue"])
def test_every_kind_of_change_follows_from_the_seed_alone(tmp_path: Path, name: str) -> None:
    part = _part(tmp_path)
    plan = AugmentationPlan.model_validate({name: 0.5})

    def epochs() -> list[np.ndarray]:
        found = [_batches(part, 4, plan, 3, epoch) for epoch in (1, 2)]
        return [np.concatenate([pictures for pictures, _ in batches]) for batches in found]

    for mine, theirs in zip(epochs(), epochs(), strict=True):
        np.testing.assert_array_equal(mine, theirs)


# Mixing


def _coloured(count: int = 12) -> Part:
    """Black pictures of class 0, white ones of class 1: the brightness is the share of class 1."""
    labels = np.arange(count) % 2
    pixels = np.zeros((count, 8, 8, 3), np.uint8)
    pixels[labels == 1] = 255
    return Part(pixels, np.arange(count), labels, tuple(str(row) for row in range(count)))


@pytest.mark.parametrize("settings", [{"mixup": 1}, {"cutmix": 1}, {"mixup": 0.5, "cutmix": 0.5}])
def test_labels_are_mixed_as_the_pictures_are(settings: dict[str, float]) -> None:
    plan = AugmentationPlan.model_validate(settings)
    mixed = 0
    for epoch in range(1, 9):
        for pictures, labels in _batches(_coloured(), 6, plan, 1, epoch, Labels(3, "softmax")):
            shares = labels.numpy()
            assert (shares.shape, shares.dtype) == ((6, 3), np.float32)
            np.testing.assert_allclose(shares.sum(axis=1), 1, atol=1e-5)
            np.testing.assert_array_equal(shares[:, 2], 0)
            brightness = pictures.numpy().mean(axis=(1, 2, 3)) / 255
            np.testing.assert_allclose(shares[:, 1], brightness, atol=1e-4)
            mixed += int(((shares[:, 1] > 0.1) & (shares[:, 1] < 0.9)).sum())
    assert mixed > 10


def test_a_sigmoid_gets_the_share_of_the_second_class() -> None:
    plan = AugmentationPlan(mixup=1)
    for pictures, labels in _batches(_coloured(), 5, plan, 1, 1, Labels(2, "sigmoid")):
        assert labels.dtype == np.float32
        brightness = pictures.numpy()[:, 0, 0, 0] / 255
        np.testing.assert_allclose(labels.numpy(), brightness, atol=1e-4)


def test_mixing_follows_from_the_seed_and_never_gives_what_is_no_number() -> None:
    plan = AugmentationPlan(mixup=0.05, cutmix=0.05, rotation=20)

    def epoch(seed: int) -> list[np.ndarray]:
        found = [_batches(_coloured(40), 1, plan, seed, n, Labels(2, "softmax")) for n in (1, 2, 3)]
        return [labels.numpy() for batches in found for _, labels in batches]

    first = epoch(1)
    np.testing.assert_array_equal(first, epoch(1))
    assert np.isfinite(first).all()


# Prepared variants


def _numbered(part: Part, copies: int) -> np.ndarray:
    """Variants whose brightness says which one of which picture it is: 20 × copy + picture."""
    numbers = 20 * np.arange(copies + 1)[:, None] + np.arange(len(part))
    return np.broadcast_to(numbers[..., None, None, None], (copies + 1, len(part), 8, 8, 3)).astype(
        np.uint8
    )


def _turns_taken(part: Part, variants: np.ndarray, epochs: int, seed: int) -> np.ndarray:
    """Which variant of each picture was taken in each epoch: (epochs, pictures)."""
    taken = np.full((epochs, len(part)), -1)
    for epoch in range(epochs):
        plan = AugmentationPlan(rotation=90)
        batches = _batches(part, 4, plan, seed, epoch + 1, variants=variants)
        for number in _epoch(batches)[1]:
            copy, picture = divmod(int(number), 20)
            taken[epoch, picture] = copy
    assert taken.min() >= 0  # every picture came, and came as it was prepared
    return taken


def test_each_epoch_takes_the_next_variant_of_every_picture(tmp_path: Path) -> None:
    part = _part(tmp_path)
    variants = _numbered(part, copies=3)
    taken = _turns_taken(part, variants, 8, seed=1)
    np.testing.assert_array_equal((taken[1:] - taken[:-1]) % 4, 1)
    assert len(set(taken[0])) > 1  # different pictures begin with different variants
    np.testing.assert_array_equal(taken, _turns_taken(part, variants, 8, seed=1))
    assert (taken != _turns_taken(part, variants, 8, seed=2)).any()


def test_prepared_variants_are_mixed_freshly(tmp_path: Path) -> None:
    part = _coloured()
    variants = np.broadcast_to(part.pixels, (3, *part.pixels.shape))
    plan = AugmentationPlan(mode="prepared", rotation=30, mixup=1)
    found = [_batches(part, 6, plan, 1, epoch, Labels(2, "softmax"), variants) for epoch in (1, 2)]
    first, second = ([labels.numpy() for _, labels in batches] for batches in found)
    assert not np.allclose(first, second)
