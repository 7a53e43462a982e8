"""Variants that are made once: kept, found again, remade when anything changed, never half."""

import errno
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from cnnstudio.engine import variants as module
from cnnstudio.engine.parts import Part, Pixels
from cnnstudio.engine.variants import prepared_variants
from cnnstudio.project.augmentation import PRESETS, AugmentationPlan
from cnnstudio.project.places import cache_folder
from cnnstudio.project.problems import Problem, ProblemError

PLAN = PRESETS["strong"][1].model_copy(update={"mode": "prepared", "variants": 2})


def _part(count: int = 40, first: int = 0) -> Part:
    """Every second row of an array of noise."""
    pixels = np.random.default_rng(4).integers(0, 256, (2 * count, 12, 12, 3), dtype=np.uint8)
    pixels[0, 0, 0] = first
    rows = np.arange(0, 2 * count, 2)
    return Part(pixels, rows, rows % 2, tuple(map(str, rows)))


def _kept() -> list[Path]:
    return sorted((cache_folder() / "variants").glob("*"))


def test_the_pictures_come_first_and_then_their_copies() -> None:
    part = _part()
    made = prepared_variants(part, PLAN, 1)
    assert (made.shape, made.dtype) == ((3, 40, 12, 12, 3), np.uint8)
    assert isinstance(made, np.memmap)
    assert not made.flags.writeable
    np.testing.assert_array_equal(made[0], part.pixels[part.rows])
    for copy in made[1:]:
        apart = np.abs(copy.astype(int) - made[0]).mean(axis=(1, 2, 3))
        assert (apart > 1).all()
    assert not np.array_equal(made[1], made[2])
    assert [file.stat().st_size for file in _kept()] == [PLAN.prepared_bytes(40, 12) + 8]


def test_what_was_made_is_found_again() -> None:
    heard: list[tuple[int, int]] = []
    first = prepared_variants(_part(), PLAN, 1, lambda *done: heard.append(done))
    assert heard == [(16, 80), (32, 80), (40, 80), (56, 80), (72, 80), (80, 80)]
    again = prepared_variants(_part(), PLAN, 1, lambda *done: heard.append(done))
    assert len(heard) == 6
    np.testing.assert_array_equal(first, again)


def _changed(name: str) -> Pixels:
    match name:
        case "a picture":
            return prepared_variants(_part(first=1), PLAN, 1)
        case "which pictures":
            return prepared_variants(_part(39), PLAN, 1)
        case "the seed":
            return prepared_variants(_part(), PLAN, 2)
        case "a setting":
            return prepared_variants(_part(), PLAN.model_copy(update={"hue": 0.1}), 1)
        case "how many":
            return prepared_variants(_part(), PLAN.model_copy(update={"variants": 1}), 1)
        case _:
            raise ValueError(name)


@pytest.mark.parametrize(
    "name", ["a picture", "which pictures", "the seed", "a setting", "how many"]
)
def test_they_are_made_again_when_something_changed(name: str) -> None:
    prepared_variants(_part(), PLAN, 1)
    _changed(name)
    assert len(_kept()) == 2


def test_mixing_makes_no_other_variants() -> None:
    plain = prepared_variants(_part(), PLAN, 1)
    mixing = PLAN.model_copy(update={"mixup": 0.4, "cutmix": 0.4})
    np.testing.assert_array_equal(prepared_variants(_part(), mixing, 1), plain)
    assert len(_kept()) == 1


def test_made_anew_they_come_out_alike() -> None:
    first = np.array(prepared_variants(_part(), PLAN, 1))
    for file in _kept():
        file.unlink()
    np.testing.assert_array_equal(prepared_variants(_part(), PLAN, 1), first)


@pytest.mark.parametrize("damage", ["cut short", "another end"])
def test_a_damaged_file_is_made_again(damage: str) -> None:
    first = np.array(prepared_variants(_part(), PLAN, 1))
    (file,) = _kept()
    content = file.read_bytes()
    file.write_bytes(content[:-100] if damage == "cut short" else content[:-8] + bytes(8))
    np.testing.assert_array_equal(prepared_variants(_part(), PLAN, 1), first)


def test_a_stop_leaves_nothing_behind() -> None:
    done: list[int] = []
    with pytest.raises(InterruptedError):
        prepared_variants(
            _part(), PLAN, 1, lambda count, total: done.append(count), lambda: bool(done)
        )
    assert done == [16]
    assert _kept() == []


def _problem_of(error: OSError, monkeypatch: pytest.MonkeyPatch) -> Problem:
    def fail(*arguments: object) -> None:
        raise error

    monkeypatch.setattr(module, "make_room", fail)
    with pytest.raises(ProblemError) as caught:
        prepared_variants(_part(), PLAN, 1)
    assert caught.value.problem.is_known
    assert _kept() == []
    return caught.value.problem


def test_a_full_disk_is_told_with_the_room_that_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = _problem_of(OSError(errno.ENOSPC, "No space left"), monkeypatch)
    assert problem.kind == "variants_disk_full"
    assert "1 MB" in problem.message
    assert str(cache_folder()) in problem.message


def test_a_cache_that_cannot_be_written_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = _problem_of(OSError(errno.EACCES, "Permission denied"), monkeypatch)
    assert problem.kind == "variants_not_written"
    assert "Permission denied" in problem.message


_KILLED = """
import os, sys
sys.path.insert(0, {checkout!r})
from tests.engine.test_augment_variants import PLAN, _part
from cnnstudio.engine.variants import prepared_variants
prepared_variants(_part(), PLAN, 1, lambda done, total: os.kill(os.getpid(), 9))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kills with a signal")
def test_a_kill_leaves_nothing_that_is_taken_for_whole() -> None:
    script = _KILLED.format(checkout=str(Path(__file__).resolve().parents[2]))
    killed = subprocess.run([sys.executable, "-c", script], capture_output=True)
    assert killed.returncode == -9
    (leftover,) = _kept()
    assert leftover.name.startswith(".")
    began = time.monotonic()
    made = prepared_variants(_part(), PLAN, 1)
    np.testing.assert_array_equal(made[0], _part().take(0, 40))
    assert not leftover.exists(), f"left over since {time.monotonic() - began:.1f} s"
    assert os.listdir(cache_folder() / "variants") == [_kept()[0].name]  # noqa: PTH208


def test_nothing_but_the_plan_of_a_batch_decides_how_one_is_changed() -> None:
    off = AugmentationPlan(mode="prepared", variants=1, rotation=1e-3)
    made = prepared_variants(_part(), off, 1)
    np.testing.assert_allclose(made[1].astype(int), made[0], atol=1)
