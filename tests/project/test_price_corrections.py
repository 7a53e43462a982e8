"""Predictions learn from what runs took, for each network and kind of work."""

from pathlib import Path

import pytest

from cnnstudio.project import price_corrections
from cnnstudio.project.listing import ListedPicture, PictureList
from cnnstudio.project.places import settings_folder
from cnnstudio.project.price_corrections import (
    corrections_for,
    learn_from,
    learned,
    load_factors,
)
from cnnstudio.project.project import Project
from cnnstudio.project.run_folder import RunExpense, RunFolder

EXPENSE = RunExpense(
    network="vgg16",
    kind="backward",
    seconds_an_epoch=6.0,
    predicted_seconds_an_epoch=3.0,
    memory_bytes=3 * 10**9,
    predicted_memory_bytes=2 * 10**9,
)


def run_with(folder: Path, expense: RunExpense | None) -> RunFolder:
    listing = PictureList(("a", "b"), (ListedPicture("a.png", "a", "training"),))
    run = RunFolder.create(folder, Project(), listing)
    run.write_status(run.read_status().model_copy(update={"expense": expense}))
    run.end("finished", 1.0)
    return run


def test_the_first_run_corrects_in_full(tmp_path: Path) -> None:
    assert learn_from(run_with(tmp_path, EXPENSE))
    corrections = corrections_for(load_factors(), "vgg16")
    assert corrections.of("backward") == pytest.approx(2.0)
    assert corrections.of("memory") == pytest.approx(1.5)
    assert corrections_for(load_factors(), "resnet50").of("backward") == pytest.approx(2.0)


def test_a_later_run_weighs_more_than_what_was_known() -> None:
    factors = learned(learned({}, EXPENSE), EXPENSE.model_copy(update={"seconds_an_epoch": 3.0}))
    assert 1.0 < factors["vgg16"]["backward"] < 1.5


def test_kinds_of_work_and_networks_are_kept_apart() -> None:
    once = EXPENSE.model_copy(
        update={"kind": "kept", "seconds_once": 1.0, "predicted_seconds_once": 4.0}
    )
    other = EXPENSE.model_copy(update={"network": "resnet50", "seconds_an_epoch": 3.0})
    factors = learned(learned(learned({}, EXPENSE), once), other)
    assert factors["vgg16"]["once"] == pytest.approx(0.25)
    assert factors["vgg16"]["backward"] == factors["vgg16"]["kept"] == pytest.approx(2.0)
    assert factors["resnet50"]["backward"] == pytest.approx(1.0)
    third = corrections_for(factors, "mobilenet_v2")
    assert third.of("backward") == pytest.approx(2.0**0.5)


def test_nothing_is_learned_from_what_was_not_predicted_or_not_seen(tmp_path: Path) -> None:
    for expense in (
        None,
        RunExpense(),
        EXPENSE.model_copy(update={"predicted_seconds_an_epoch": 0.0, "predicted_memory_bytes": 0}),
    ):
        assert not learn_from(run_with(tmp_path, expense))
    assert load_factors() == {}
    assert not learn_from(RunFolder(tmp_path / "nowhere"))


def test_a_computer_that_slept_does_not_spoil_everything() -> None:
    slept = EXPENSE.model_copy(update={"seconds_an_epoch": 1e6})
    assert learned({}, slept)["vgg16"]["backward"] == 50.0


@pytest.mark.parametrize("content", ["", "[]", '{"factors": []}', "no json"])
def test_a_damaged_file_is_as_good_as_none(content: str, tmp_path: Path) -> None:
    learn_from(run_with(tmp_path, EXPENSE))
    (settings_folder() / "price.json").write_text(content)
    assert load_factors() == {}


def test_another_measurement_begins_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    learn_from(run_with(tmp_path, EXPENSE))
    monkeypatch.setattr(price_corrections, "machine_mark", lambda: "another computer")
    assert load_factors() == {}
