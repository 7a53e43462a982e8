"""The preview: what the window is shown is what training makes."""

import os
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from cnnstudio.engine.augment import EFFECT_SIZE, show_augmentation
from cnnstudio.engine.augment_steps import make_augment
from cnnstudio.images.read import read_picture
from cnnstudio.project.augmentation import PRESETS, AugmentationPlan, effects
from cnnstudio.project.pictures import PicturesPlan
from cnnstudio.project.problems import ProblemError
from cnnstudio.protocol import ShowAugmentation

PLAN = PicturesPlan(size=32, fit="pad")


def _command(file: str, plan: AugmentationPlan, **more: object) -> ShowAugmentation:
    return ShowAugmentation(file, PLAN, plan, **{"count": 3, "seed": 2} | more)  # type: ignore[arg-type]


def test_the_preview_shows_what_training_makes_of_the_picture(pictures: Path) -> None:
    file = str(next((pictures / "red").iterdir()))
    plan = PRESETS["light"][1]
    shown = show_augmentation(_command(file, plan))
    original = read_picture(file, 32, "pad")
    assert shown.size == 32
    assert shown.original == original.tobytes()
    batch = tf.constant(np.repeat(original[None], 3, axis=0))
    made = make_augment(plan)(batch, tf.constant(2, tf.int64)).numpy()
    for variant, moved in zip(shown.variants, made, strict=True):
        pixels = np.frombuffer(variant, np.uint8).reshape(32, 32, 3)
        np.testing.assert_allclose(pixels, moved, atol=0.51)
    assert shown.milliseconds > 0
    assert shown.mixtures == ()
    off = show_augmentation(_command(file, AugmentationPlan()))
    assert set(off.variants) == {shown.original}


def test_mixtures_are_shown_and_told(pictures: Path) -> None:
    red, blue = (str(next((pictures / name).iterdir())) for name in ("red", "blue"))
    command = _command(
        red, AugmentationPlan(mixup=1), count=12, label="red", others=((blue, "blue"),)
    )
    shown = show_augmentation(command)
    assert len(shown.mixtures) == len(shown.variants) == 12
    plain, other = (read_picture(file, 32, "pad").astype(float) for file in (red, blue))
    for variant, mixture in zip(shown.variants, shown.mixtures, strict=True):
        shares = {"red": 0.0, "blue": 0.0} | dict(mixture)
        assert sum(shares.values()) == pytest.approx(1, abs=0.01)
        assert mixture[0][1] == max(shares.values())
        pixels = np.frombuffer(variant, np.uint8).reshape(32, 32, 3)
        expected = shares["red"] * plain + shares["blue"] * other
        np.testing.assert_allclose(pixels, expected, atol=3)
    assert len({mixture[0][1] for mixture in shown.mixtures}) > 6


def test_others_that_cannot_be_read_are_done_without(pictures: Path, tmp_path: Path) -> None:
    red = str(next((pictures / "red").iterdir()))
    others = ((str(tmp_path / "gone.png"), "blue"),)
    shown = show_augmentation(_command(red, AugmentationPlan(cutmix=1), label="red", others=others))
    assert len(shown.variants) == 3


def test_without_pictures_a_drawn_one_stands_in() -> None:
    shown = show_augmentation(_command("", PRESETS["strong"][1]))
    pixels = np.frombuffer(shown.original, np.uint8)
    assert len(pixels) == 32 * 32 * 3
    assert pixels.std() > 20
    assert len({shown.original, *shown.variants}) == 4


@pytest.mark.parametrize("name", effects())
def test_every_setting_has_a_picture_of_its_own_effect(pictures: Path, name: str) -> None:
    file = "" if name == "mixup" else str(next((pictures / "red").iterdir()))
    shown = show_augmentation(_command(file, PRESETS["off"][1], count=0, effects=(name,)))
    ((told, effect),) = shown.effects
    assert (told, shown.effect_size, shown.variants) == (name, EFFECT_SIZE, ())
    pixels = np.frombuffer(effect, np.uint8).reshape(EFFECT_SIZE, EFFECT_SIZE, 3).astype(float)
    plain = show_augmentation(
        ShowAugmentation(file, PicturesPlan(size=EFFECT_SIZE, fit="pad"), PRESETS["off"][1], 0, 1)
    )
    original = np.frombuffer(plain.original, np.uint8).reshape(pixels.shape)
    assert np.abs(pixels - original).mean() > 2


def test_a_picture_that_changed_on_disk_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "one.png"
    for number, colour in enumerate(("red", "blue")):
        Image.new("RGB", (32, 32), colour).save(file)
        os.utime(file, ns=(number, number))
        shown = show_augmentation(_command(str(file), AugmentationPlan()))
        assert shown.original == read_picture(file, 32, "pad").tobytes()


def test_the_preview_of_a_broken_picture_says_so(tmp_path: Path) -> None:
    (tmp_path / "text.jpg").write_text("no picture")
    with pytest.raises(ProblemError) as caught:
        show_augmentation(_command(str(tmp_path / "text.jpg"), AugmentationPlan()))
    assert caught.value.problem.kind == "not_a_picture"
