"""What each setting does to pictures, and that it follows from the seed."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from cnnstudio.engine.augment_layers import GivenSeed, QuickFlip, RandAugmentEach
from cnnstudio.engine.augment_steps import make_augment
from cnnstudio.project.augmentation import MIXING, PRESETS, AugmentationPlan, effects
from cnnstudio.project.fields import field_facts

MOVES = [name for name in effects() if name not in MIXING]
HALVES = ("horizontal_flip", "vertical_flip", "grey")
"""Settings that leave half of the pictures as they are and treat the others alike."""


def _pictures(count: int = 8, size: int = 24) -> np.ndarray:
    """The same picture several times: bright left and top, so that no move leaves it alike."""
    ramp = np.linspace(0, 255, size)
    red, green = np.meshgrid(ramp, ramp[::-1])
    picture = np.stack([red, green, np.full_like(red, 90)], axis=-1).astype(np.uint8)
    return np.repeat(picture[None], count, axis=0)


def _moved(seed: int = 5, pictures: np.ndarray | None = None, **settings: object) -> np.ndarray:
    augment = make_augment(AugmentationPlan.model_validate(settings))
    given = _pictures() if pictures is None else pictures
    return augment(tf.constant(given), tf.constant(seed, tf.int64)).numpy()


def _some_of(name: str) -> object:
    return {"rotation": 45, "grey": 0.5, "blur": 0.1}.get(
        name, True if field_facts(f"augmentation.{name}").type == "switch" else 0.3
    )


@pytest.mark.parametrize("name", MOVES)
def test_each_setting_changes_pictures_each_in_its_own_way(name: str) -> None:
    moved = _moved(**{name: 1 if name == "erasing" else _some_of(name)})
    original = _pictures().astype(np.float32)
    assert moved.shape == original.shape
    assert moved.dtype == np.float32
    assert moved.min() >= 0
    assert moved.max() <= 255
    different = {picture.tobytes() for picture in moved}
    # Of RandAugment's eleven, some leave such a picture alike.
    assert len(different) in ((2,) if name in HALVES else (6, 7, 8) if "rand" in name else (8,))
    assert not np.allclose(moved, original)


@pytest.mark.parametrize("name", MOVES)
def test_at_its_strongest_every_setting_keeps_the_range(name: str) -> None:
    high = field_facts(f"augmentation.{name}").high
    moved = _moved(**{name: True if high is None else high})
    assert np.isfinite(moved).all()
    assert moved.min() >= 0
    assert moved.max() <= 255


@pytest.mark.parametrize("name", [name for name in MOVES if name != "rand_augment"])
def test_a_hair_of_a_setting_is_a_hair_from_the_picture(name: str) -> None:
    """Each scale begins at the picture itself: the values' range is right, and so is the middle."""
    if name in (*HALVES, "erasing"):
        share = 1e-6 if name not in ("horizontal_flip", "vertical_flip") else False
        moved = _moved(**{name: share})
    else:
        moved = _moved(**{name: 1e-5})
    np.testing.assert_allclose(moved, _pictures(), atol=0.05)


@pytest.mark.parametrize("name", effects())
def test_at_zero_every_setting_leaves_exactly_the_picture(name: str) -> None:
    np.testing.assert_array_equal(_moved(**{name: 0}), _pictures().astype(np.float32))


def test_flips_mirror_the_right_way() -> None:
    original = _pictures(1)[0].astype(np.float32)
    across = {picture.tobytes() for picture in _moved(horizontal_flip=True)}
    assert across == {original.tobytes(), original[:, ::-1].tobytes()}
    upside = {picture.tobytes() for picture in _moved(vertical_flip=True)}
    assert upside == {original.tobytes(), original[::-1].tobytes()}


def test_shifts_go_the_right_way() -> None:
    wide = _moved(width_shift=0.3)
    # Green only changes from top to bottom, so a move to the side leaves it as it is.
    np.testing.assert_allclose(wide[..., 1], _pictures()[..., 1], atol=1e-3)
    assert not np.allclose(wide[..., 0], _pictures()[..., 0])
    high = _moved(height_shift=0.3)
    np.testing.assert_allclose(high[..., 0], _pictures()[..., 0], atol=1e-3)
    assert not np.allclose(high[..., 1], _pictures()[..., 1])


def test_a_crop_shows_a_part_of_the_picture_and_nothing_else() -> None:
    many = _moved(crop=0.5, pictures=_pictures(64))
    reds = many[..., 0]
    # Across, red goes steadily from left to right: a narrower part of it is less steep.
    slopes = (reds[:, 0, -1] - reds[:, 0, 0]) / 255
    assert slopes.min() == pytest.approx(0.5, abs=0.05)
    assert slopes.max() == pytest.approx(1, abs=0.05)
    assert np.all(np.diff(reds, axis=2) > 0)


def test_brightness_and_contrast_go_both_ways() -> None:
    grey = np.full((64, 8, 8, 3), 128, np.uint8)
    bright = _moved(brightness=0.2, pictures=grey)[:, 0, 0, 0]
    assert bright.min() == pytest.approx(128 - 51, abs=5)
    assert bright.max() == pytest.approx(128 + 51, abs=5)
    grey[:, :4] = 100
    apart = np.ptp(_moved(contrast=0.5, pictures=grey), axis=(1, 2, 3)) / 28
    assert apart.min() == pytest.approx(0.5, abs=0.1)
    assert apart.max() == pytest.approx(1.5, abs=0.1)


def test_saturation_reaches_grey_and_full_colour() -> None:
    pink = np.full((128, 4, 4, 3), (200, 100, 100), np.uint8)
    faded = _moved(saturation=1, pictures=pink)[:, 0, 0]
    # The strongest of the three stays: it is what brightness is measured by.
    np.testing.assert_allclose(faded[:, 0], 200, atol=0.1)
    assert faded[:, 1].max() > 190
    assert faded[:, 1].min() < 10


def test_hue_turns_colours_both_ways_up_to_their_opposites() -> None:
    red = np.full((128, 4, 4, 3), (255, 0, 0), np.uint8)
    turned = _moved(hue=1, pictures=red)[:, 0, 0]
    assert (turned[:, 1] > turned[:, 2] + 50).any()
    assert (turned[:, 2] > turned[:, 1] + 50).any()
    assert turned[:, 0].min() < 10
    a_little = _moved(hue=0.1, pictures=red)[:, 0, 0]
    assert a_little[:, 0].min() > 250
    assert a_little[:, 1:].max() == pytest.approx(0.3 * 255, abs=15)


def test_grey_takes_the_colours_of_its_share() -> None:
    moved = _moved(grey=0.3, pictures=_pictures(400))
    is_grey = np.ptp(moved, axis=3).max(axis=(1, 2)) < 0.01
    assert is_grey.mean() == pytest.approx(0.3, abs=0.07)


def test_blur_keeps_the_edges_bright_and_evens_out_the_rest() -> None:
    white = np.full((8, 24, 24, 3), 255, np.uint8)
    np.testing.assert_allclose(_moved(blur=0.1, pictures=white), 255, atol=0.01)
    stripes = white.copy()
    stripes[:, ::2] = 0
    spread = _moved(blur=0.1, pictures=stripes).std(axis=(1, 2, 3))
    assert len({round(float(each), 3) for each in spread}) == 8
    assert spread.min() < 30


def test_erasing_covers_a_patch_in_its_share() -> None:
    white = np.full((200, 24, 24, 3), 255, np.uint8)
    covered = (_moved(erasing=0.5, pictures=white) != 255).any(axis=3).mean(axis=(1, 2))
    assert (covered > 0).mean() == pytest.approx(0.5, abs=0.1)
    assert 0.2 < covered.max() < 0.4


@pytest.mark.parametrize("mode", ["nearest", "reflect", "wrap"])
def test_what_comes_into_a_white_picture_is_white(mode: str) -> None:
    white = np.full((8, 24, 24, 3), 255, np.uint8)
    plan = PRESETS["course"][1].model_dump() | {"fill_mode": mode}
    np.testing.assert_allclose(_moved(1, white, **plan), 255, atol=0.01)


def test_black_fills_the_gaps_where_that_is_wanted() -> None:
    white = np.full((8, 24, 24, 3), 255, np.uint8)
    moved = _moved(1, white, rotation=45, fill_mode="constant")
    assert moved.min() == 0


def test_rand_augment_draws_other_changes_for_every_picture() -> None:
    rng = np.random.default_rng(1)
    noisy = np.repeat(rng.integers(0, 256, (1, 24, 24, 3), dtype=np.uint8), 64, axis=0)
    moved = _moved(rand_augment=0.5, pictures=noisy)
    assert len({picture.tobytes() for picture in moved}) > 50
    one = _moved(rand_augment=0.5, pictures=noisy[:1])
    assert np.isfinite(one).all()


def test_rand_augment_changes_pictures_by_its_strength() -> None:
    rng = np.random.default_rng(1)
    smooth = tf.image.resize(rng.integers(40, 200, (64, 5, 5, 3)), (32, 32), "bicubic").numpy()
    pictures = smooth.clip(0, 255).astype(np.uint8)
    means, most = [], []
    for strength in (0.01, 0.05, 0.2, 0.5):
        moved = [_moved(seed, pictures, rand_augment=strength) for seed in range(4)]
        changed = np.abs(np.concatenate(moved) - np.tile(pictures, (4, 1, 1, 1)))
        means.append(changed.mean())
        most.append(changed.mean(axis=(1, 2, 3)).max())
    assert means == sorted(means)
    assert means[0] < 2
    assert most[0] < 6
    assert means[1] < 8
    assert most[1] < 30
    assert means[3] > 15


def test_each_of_rand_augments_changes_fades_with_the_strength() -> None:
    rng = np.random.default_rng(1)
    noisy = tf.constant(rng.integers(60, 200, (32, 24, 24, 3)), tf.float32)
    layer, seeds = RandAugmentEach("reflect"), GivenSeed()
    for place, name in enumerate(layer._AUGMENT_LAYERS):
        changed = []
        for strength in (0.001, 0.5):
            layer.set_strength(tf.constant(strength))
            seeds.begin(tf.constant(3, tf.int64), place)
            moved = layer._changed(name, noisy, seeds)
            changed.append(float(tf.reduce_mean(tf.abs(moved - noisy))))
        assert changed[0] < 1.5, name
        assert changed[0] < changed[1] / 4, name


@pytest.mark.parametrize("name", [*MOVES, "all"])
def test_the_same_seed_changes_alike_and_another_does_not(name: str) -> None:
    chosen = {each: _some_of(each) for each in (MOVES if name == "all" else [name])}
    first = _moved(1, _pictures(16), **chosen)
    np.testing.assert_array_equal(first, _moved(1, _pictures(16), **chosen))
    assert not np.allclose(first, _moved(2, _pictures(16), **chosen))


@pytest.mark.parametrize("name", ["all", "rand_augment"])
def test_a_pipeline_gives_what_the_preview_shows(name: str) -> None:
    chosen = {each: _some_of(each) for each in (MOVES if name == "all" else [name])}
    augment = make_augment(AugmentationPlan.model_validate(chosen))
    pictures, seed = tf.constant(_pictures(16)), tf.constant(7, tf.int64)
    batches = tf.data.Dataset.from_tensors((pictures, seed)).map(augment)
    (in_pipeline,) = (each.numpy() for each in batches)
    np.testing.assert_allclose(in_pipeline, augment(pictures, seed).numpy(), atol=0.01)


def test_turning_a_setting_on_leaves_what_the_others_draw() -> None:
    turned = _moved(rotation=30)
    brighter = _moved(rotation=30, brightness=1e-5)
    np.testing.assert_allclose(brighter, turned, atol=0.01)


@pytest.mark.parametrize("direction", ["horizontal", "vertical"])
def test_pictures_are_mirrored_as_by_keras(direction: str) -> None:
    pictures = tf.cast(_pictures(16), tf.float32)
    drawn = {"flips": tf.reshape(tf.constant([True, False] * 8)[: len(pictures)], (-1, 1, 1, 1))}
    ours = QuickFlip(direction).transform_images(pictures, drawn)
    theirs = keras.layers.RandomFlip(direction).transform_images(pictures, drawn)
    np.testing.assert_array_equal(ours, theirs)
    assert not np.array_equal(ours, pictures)
