"""Thumbnails: square, kept, made again when the picture or the kept file changed."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from picture_files import GREEN, RED, quarters, saved
from PIL import Image

from cnnstudio.images import kept_files, thumbnails
from cnnstudio.images.read import read_picture
from cnnstudio.images.thumbnails import thumbnail
from cnnstudio.project.places import cache_folder
from cnnstudio.project.problems import ProblemError


def kept() -> list[Path]:
    return [file for file in (cache_folder() / "thumbnails").rglob("*") if file.is_file()]


def test_a_thumbnail_is_a_square_from_the_middle(tmp_path: Path) -> None:
    image = Image.new("RGB", (300, 100), RED)
    image.paste(GREEN, (90, 0, 210, 100))
    path = str(saved(image, tmp_path / "고양이 🐱.png"))
    for _ in range(2):
        pixels = thumbnail(path, 48)
        assert pixels.shape == (48, 48, 3)
        assert pixels.dtype == np.uint8
        assert np.abs(pixels.astype(int) - GREEN).max() <= 6
    assert len(kept()) == 1


def test_the_second_time_the_picture_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = str(saved(quarters(), tmp_path / "a.png"))
    first = thumbnail(path, 32)

    def refuse(*arguments: object) -> None:
        raise AssertionError("the picture was read again")

    monkeypatch.setattr(thumbnails, "read_picture", refuse)
    assert np.abs(thumbnail(path, 32).astype(int) - first).mean() < 4


def test_a_changed_picture_gets_a_new_thumbnail(tmp_path: Path) -> None:
    path = saved(Image.new("RGB", (20, 20), RED), tmp_path / "a.png")
    thumbnail(str(path), 20)
    saved(Image.new("RGB", (20, 20), GREEN), path)
    os.utime(path, (1, 1))
    assert np.abs(thumbnail(str(path), 20).astype(int) - GREEN).max() <= 6


def test_a_torn_thumbnail_is_made_again(tmp_path: Path) -> None:
    path = str(saved(quarters(), tmp_path / "a.png"))
    expected = thumbnail(path, 32)
    for content in (b"", b"\xff\xd8\xff", kept()[0].read_bytes()[:-200]):
        kept()[0].write_bytes(content)
        assert np.abs(thumbnail(path, 32).astype(int) - expected).mean() < 4


def test_a_broken_picture_says_what_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_text("text")
    with pytest.raises(ProblemError) as raised:
        thumbnail(str(path), 32)
    assert raised.value.problem.kind == "not_a_picture"
    assert kept() == []


def test_many_threads_may_ask_for_the_same(tmp_path: Path) -> None:
    path = str(saved(quarters(), tmp_path / "a.png"))
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: thumbnail(path, 32), range(40)))
    expected = read_picture(path, 32, "crop").astype(int)
    assert all(np.abs(each - expected).mean() < 4 for each in found)
    assert len(kept()) == 1


def test_a_folder_that_cannot_be_written_to_only_makes_it_slower(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = str(saved(quarters(), tmp_path / "a.png"))

    def refuse(*arguments: object, **options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(kept_files.os, "replace", refuse)
    assert thumbnail(path, 32).shape == (32, 32, 3)
    assert kept() == []
