"""The drawn cats and dogs: the same every time, all different, told apart by shape only."""

import hashlib
from pathlib import Path
from random import Random

import numpy as np
import pytest

from cnnstudio.images import samples
from cnnstudio.images.checking import check_pictures
from cnnstudio.images.drawing.portrait import SIDE, draw_portrait
from cnnstudio.images.samples import draw_samples, sample_pictures_folder
from cnnstudio.images.scan import scan_folders
from cnnstudio.project.places import cache_folder


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*.jpg"))
    }


def test_samples_are_a_folder_to_train_on(tmp_path: Path) -> None:
    draw_samples(tmp_path, per_class=20)
    report = check_pictures(scan_folders([str(tmp_path)]))
    assert report.scan.counts() == {"cat": 20, "dog": 20}
    assert report.broken == ()
    assert report.look_alikes.same == report.look_alikes.near == ()
    assert (tmp_path / "cat" / "cat-001.jpg").is_file()
    assert (tmp_path / "dog" / "dog-020.jpg").is_file()


def test_the_same_seed_draws_the_same_and_another_seed_others(tmp_path: Path) -> None:
    for name, seed in (("first", 1), ("second", 1), ("third", 2)):
        draw_samples(tmp_path / name, per_class=3, seed=seed)
    first, second, third = (digests(tmp_path / name) for name in ("first", "second", "third"))
    assert first == second
    assert not set(first.values()) & set(third.values())
    assert len(set(first.values())) == 6


def test_more_pictures_do_not_change_the_first_ones(tmp_path: Path) -> None:
    draw_samples(tmp_path / "few", per_class=2)
    draw_samples(tmp_path / "more", per_class=4)
    assert digests(tmp_path / "few").items() <= digests(tmp_path / "more").items()


def test_a_picture_is_drawn_to_its_border_and_in_colour() -> None:
    for species in ("cat", "dog"):
        for seed in range(12):
            pixels = np.asarray(draw_portrait(species, Random(seed)))
            assert pixels.shape == (SIDE, SIDE, 3)
            for border in (pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]):
                assert border.max() > 20
            assert len(np.unique(pixels.reshape(-1, 3), axis=0)) > 500


def test_cats_and_dogs_are_not_told_apart_by_colour() -> None:
    """The mean colours of forty cats and forty dogs are as good as the same."""
    means = {
        species: np.array(
            [
                np.asarray(draw_portrait(species, Random(f"{species} {seed}"))).mean(axis=(0, 1))
                for seed in range(40)
            ]
        )
        for species in ("cat", "dog")
    }
    between = np.abs(means["cat"].mean(axis=0) - means["dog"].mean(axis=0))
    within = np.concatenate([means["cat"], means["dog"]]).std(axis=0)
    assert (between < 0.6 * within).all()


def test_the_folder_is_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[Path] = []

    def draw_few(folder: Path, on_progress: object = None) -> None:
        drawn.append(folder)
        draw_samples(folder, per_class=2)

    monkeypatch.setattr(samples, "draw_samples", draw_few)
    folder = sample_pictures_folder()
    assert folder == cache_folder() / "sample-pictures"
    assert sample_pictures_folder() == folder
    assert drawn == [folder]


def test_a_drawing_broken_off_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[Path] = []

    def break_off(folder: Path, on_progress: object = None) -> None:
        drawn.append(folder)
        if len(drawn) == 1:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(samples, "draw_samples", break_off)
    folder = cache_folder() / "sample-pictures"
    folder.mkdir()
    with pytest.raises(OSError, match="space"):
        sample_pictures_folder()
    sample_pictures_folder()
    sample_pictures_folder()
    assert len(drawn) == 2


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    draw_samples(tmp_path, 6, on_progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (12, 12)
