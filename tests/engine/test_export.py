"""Handing a model over, and the check of what was handed over."""

import json
import shutil
import zipfile
from pathlib import Path
from typing import Literal

import keras
import numpy as np
import pytest

from cnnstudio.engine.export import check_export, export
from cnnstudio.engine.model_file import ModelCard, save_model
from cnnstudio.engine.networks.build import build
from cnnstudio.project.listing import PictureList
from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.problems import ProblemError
from cnnstudio.project.project import Project
from cnnstudio.project.run_folder import RunFolder
from cnnstudio.protocol import CheckExport, Export, Exported


def _export(run: RunFolder, to: Path, which: Literal["best", "last"] = "best") -> Exported:
    return export(Export(str(run.path), which, str(to)))


def test_an_exported_model_answers_as_the_trained_one(trained: RunFolder, tmp_path: Path) -> None:
    exported = _export(trained, tmp_path / "cats 🐈.keras")
    assert exported.file == str(tmp_path / "cats 🐈.keras")
    assert (exported.classes, exported.size) == (("blue", "red"), 16)
    checked = check_export(CheckExport(exported.file, exported.probe))
    assert checked.pictures == 6
    assert checked.difference < 1e-5
    with zipfile.ZipFile(exported.file) as archive:
        assert json.loads(archive.read("class_names.json"))["classes"] == ["blue", "red"]
    with np.load(exported.probe) as probe:
        direct = keras.saving.load_model(exported.file)(probe["pictures"].astype(np.float32))
        np.testing.assert_allclose(
            np.asarray(direct)[:, 0], probe["probabilities"][:, 1], atol=1e-5
        )
    assert list(tmp_path.iterdir()) == [Path(exported.file)]


def test_the_check_finds_a_model_that_answers_differently(
    trained: RunFolder, tmp_path: Path
) -> None:
    exported = _export(trained, tmp_path / "model.keras")
    other = build(NetworkPlan(), 16, 2, None)
    save_model(other, ModelCard(("blue", "red"), 16, "crop", "sigmoid"), Path(exported.file))
    assert check_export(CheckExport(exported.file, exported.probe)).difference > 0.01


def test_a_model_that_got_better_meanwhile_is_not_taken_for_the_exported_one(
    trained: RunFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = RunFolder(shutil.copytree(trained.path, tmp_path / "run"))
    copy = shutil.copyfile

    def copied_in_time(source: Path, to: Path) -> None:
        copy(source, to)
        other = build(NetworkPlan(), 16, 2, None)
        save_model(other, ModelCard(("blue", "red"), 16, "crop", "sigmoid", epoch=6), source)

    monkeypatch.setattr(shutil, "copyfile", copied_in_time)
    exported = _export(run, tmp_path / "model.keras")
    assert check_export(CheckExport(exported.file, exported.probe)).difference < 1e-5


def test_the_check_finds_a_damaged_file(trained: RunFolder, tmp_path: Path) -> None:
    exported = _export(trained, tmp_path / "model.keras")
    Path(exported.file).write_bytes(Path(exported.file).read_bytes()[:5000])
    with pytest.raises(ProblemError) as caught:
        check_export(CheckExport(exported.file, exported.probe))
    assert caught.value.problem.kind == "model_damaged"


def test_the_check_waits_for_files_that_are_on_their_way(
    trained: RunFolder, tmp_path: Path
) -> None:
    exported = _export(trained, tmp_path / "model.keras")
    late = tmp_path / "late.npz"
    looks: list[bool] = []

    def appears_later() -> bool:
        if len(looks) == 2:
            Path(exported.probe).rename(late)
        looks.append(True)
        return False

    command = CheckExport(exported.file, str(late), waits=True)
    assert check_export(command, appears_later).difference < 1e-5
    assert len(looks) == 3


def test_a_check_that_waits_in_vain_can_be_stopped(tmp_path: Path) -> None:
    command = CheckExport(str(tmp_path / "model.keras"), str(tmp_path / "probe.npz"), waits=True)
    with pytest.raises(InterruptedError):
        check_export(command, lambda: True)


def test_a_model_of_three_classes_is_checked_too(tmp_path: Path) -> None:
    classes = ("a", "b", "c")
    run = RunFolder.create(tmp_path / "runs", Project(), PictureList(classes, ()))
    model = build(NetworkPlan(), 16, 3, None)
    save_model(model, ModelCard(classes, 16, "crop", "softmax"), run.last_model)
    # Its pictures are gone, so that noise has to do.
    exported = _export(run, tmp_path / "model.keras")
    checked = check_export(CheckExport(exported.file, exported.probe))
    assert (checked.pictures, exported.classes) == (8, classes)
    assert checked.difference < 1e-5


def test_a_run_without_a_model_is_told(tmp_path: Path) -> None:
    run = RunFolder.create(tmp_path / "runs", Project(), PictureList(("a", "b"), ()))
    with pytest.raises(ProblemError) as caught:
        _export(run, tmp_path / "model.keras")
    assert caught.value.problem.kind == "run_without_model"


def test_a_place_that_cannot_be_written_is_told(trained: RunFolder, tmp_path: Path) -> None:
    to = tmp_path / "absent" / "model.keras"
    with pytest.raises(ProblemError) as caught:
        _export(trained, to)
    assert (caught.value.problem.kind, caught.value.problem.file) == ("cannot_write", str(to))
