"""The seven settings: what they do to pictures, and that they follow from the seed."""

from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from cnnstudio.engine.augment import make_augment, show_augmentation
from cnnstudio.images.read import read_picture
from cnnstudio.project.augmentation import PRESETS, AugmentationPlan
from cnnstudio.project.pictures import PicturesPlan
from cnnstudio.project.problems import ProblemError
from cnnstudio.protocol import ShowAugmentation


def _pictures(count: int = 8, size: int = 24) -> np.ndarray:
    """The same picture several times: bright left and top, so that no move leaves it alike."""
    ramp = np.linspace(0, 255, size)
    red, green = np.meshgrid(ramp, ramp[::-1])
    picture = np.stack([red, green, np.zeros_like(red)], axis=-1).astype(np.uint8)
    return np.repeat(picture[None], count, axis=0)


def _moved(seed: int = 5, **settings: float) -> np.ndarray:
    augment = make_augment(AugmentationPlan.model_validate(settings))
    return augment(tf.constant(_pictures()), tf.constant(seed, tf.int64)).numpy()


@pytest.mark.parametrize("name", list(AugmentationPlan.model_fields))
def test_each_setting_moves_pictures_each_in_its_own_way(name: str) -> None:
    switch = AugmentationPlan.model_fields[name].annotation is bool
    moved = _moved(**{name: True if switch else 45 if name == "rotation" else 0.3})
    original = _pictures().astype(np.float32)
    assert moved.shape == original.shape
    assert moved.dtype == np.float32
    assert moved.min() >= 0
    assert moved.max() <= 255
    different = {picture.tobytes() for picture in moved}
    assert len(different) == (2 if switch else 8)
    assert not np.allclose(moved, original)


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


def test_what_comes_into_the_picture_is_its_edge() -> None:
    white = np.full((8, 24, 24, 3), 255, np.uint8)
    augment = make_augment(PRESETS["course"][1])
    moved = augment(tf.constant(white), tf.constant(1)).numpy()
    np.testing.assert_allclose(moved, 255, atol=0.01)


def test_the_same_seed_moves_alike_and_another_does_not() -> None:
    settings = PRESETS["strong"][1].model_dump()
    np.testing.assert_array_equal(_moved(1, **settings), _moved(1, **settings))
    assert not np.allclose(_moved(1, **settings), _moved(2, **settings))


def test_without_settings_nothing_moves() -> None:
    np.testing.assert_array_equal(_moved(), _pictures().astype(np.float32))


def _command(file: str, plan: AugmentationPlan) -> ShowAugmentation:
    return ShowAugmentation(file, PicturesPlan(size=32, fit="pad"), plan, count=3, seed=2)


def test_the_preview_shows_variants_of_the_picture(pictures: Path) -> None:
    file = str(next((pictures / "red").iterdir()))
    shown = show_augmentation(_command(file, PRESETS["light"][1]))
    original = read_picture(file, 32, "pad")
    assert shown.size == 32
    assert shown.original == original.tobytes()
    assert len(set(shown.variants) - {shown.original}) == 3
    assert {len(variant) for variant in shown.variants} == {32 * 32 * 3}
    off = show_augmentation(_command(file, AugmentationPlan()))
    assert set(off.variants) == {shown.original}


def test_the_preview_of_a_broken_picture_says_so(tmp_path: Path) -> None:
    (tmp_path / "text.jpg").write_text("no picture")
    with pytest.raises(ProblemError) as caught:
        show_augmentation(_command(str(tmp_path / "text.jpg"), AugmentationPlan()))
    assert caught.value.problem.kind == "not_a_picture"
