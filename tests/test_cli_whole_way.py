"""The commands with a real engine: from drawn samples to a model file that answers."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cnnstudio.cli.commands import main
from cnnstudio.worker.engine_keeper import EngineKeeper


@pytest.fixture(scope="module")
def keeper() -> Iterator[EngineKeeper]:
    """One real engine for all commands of this file: starting it takes seconds."""
    real = EngineKeeper()
    yield real
    real.close()


class _Borrowed:
    """A keeper that leaves the closing to its owner."""

    def __init__(self, keeper: EngineKeeper) -> None:
        self.warm_up = keeper.warm_up
        self.take = keeper.take
        self.take_fresh = keeper.take_fresh
        self.give_back = keeper.give_back

    def close(self) -> None:
        """The owner does."""


@pytest.fixture(autouse=True)
def one_engine(keeper: EngineKeeper, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands given in this process ask the one engine."""
    monkeypatch.setattr("cnnstudio.cli.engine.EngineKeeper", lambda: _Borrowed(keeper))


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Any]]:
    """A folder with samples and a model trained on them by the program itself; what it said."""
    folder = tmp_path_factory.mktemp("whole way")
    places = {"CNNSTUDIO_CACHE": str(folder / "cache"), "CNNSTUDIO_CONFIG": str(folder / "config")}

    def cnnstudio(*arguments: str) -> str:
        command = [sys.executable, "-m", "cnnstudio", *arguments, "--json"]
        environment = os.environ | places | {"PYTHONIOENCODING": "utf-8"}
        done = subprocess.run(
            command, capture_output=True, encoding="utf-8", cwd=folder, env=environment, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    cnnstudio("samples", "samples", "--per-class", "12")
    (folder / "samples" / "cat" / "broken.jpg").write_bytes(b"")
    settings = ["pictures.size=32", "training.epochs=2", "training.batch_size=8"]
    assignments = [part for each in settings for part in ("--set", each)]
    out = cnnstudio("train", "samples", *assignments, "--export", "고양이와 개 🐶.keras")
    return folder, [json.loads(line) for line in out.splitlines()]


def model_of(folder: Path) -> str:
    return str(folder / "고양이와 개 🐶.keras")


def last_object(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def test_a_training_ends_with_a_checked_model_file(trained: tuple[Path, list[Any]]) -> None:
    folder, told = trained
    assert [each["epoch"] for each in told if each.get("event") == "epoch"] == [1, 2]
    broken = [each["file"] for each in told if each.get("kind") == "file_empty"]
    assert broken == [str(folder / "samples" / "cat" / "broken.jpg")]
    exported = next(each for each in told if each.get("event") == "exported")
    assert exported["difference"] < 1e-4
    result = told[-1]
    assert (result["outcome"], result["model"]) == ("finished", model_of(folder))
    run = Path(result["run"])
    assert run.parent == folder / "cnnstudio-runs"
    assert "Epoch 2/2" in (run / "log.txt").read_text(encoding="utf-8")
    assert not list(folder.glob(".*.keras"))


def test_the_model_is_evaluated(
    trained: tuple[Path, list[Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, _ = trained
    assert main(["evaluate", model_of(folder), str(folder / "samples"), "--json"]) == 0
    found = last_object(capsys)
    assert set(found) == {"accuracy", "count", "classes", "confusion"}
    assert (found["count"], found["classes"]) == (24, ["cat", "dog"])
    assert [sum(row) for row in found["confusion"]] == [12, 12]
    right = found["confusion"][0][0] + found["confusion"][1][1]
    assert found["accuracy"] == pytest.approx(right / 24)


def test_the_model_answers_for_pictures_and_folders(
    trained: tuple[Path, list[Any]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, _ = trained
    one = folder / "samples" / "dog" / "dog-001.jpg"
    table = tmp_path / "answers.csv"
    paths = [str(folder / "samples" / "cat"), str(one)]
    assert main(["predict", model_of(folder), *paths, "--csv", str(table), "--json"]) == 0
    predictions = last_object(capsys)["predictions"]
    assert len(predictions) == 13
    assert predictions[-1]["file"] == str(one)
    for each in predictions:
        assert set(each) == {"file", "label", "probabilities"}
        assert sum(each["probabilities"].values()) == pytest.approx(1, abs=1e-5)
        assert each["label"] == max(each["probabilities"], key=each["probabilities"].__getitem__)
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["file"] for row in rows] == [each["file"] for each in predictions]
    assert float(rows[0]["cat"]) == pytest.approx(predictions[0]["probabilities"]["cat"], abs=1e-5)


def test_what_cannot_be_read_is_named_beside_the_answers(
    trained: tuple[Path, list[Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, _ = trained
    broken = folder / "samples" / "cat" / "broken.jpg"
    other = folder / "samples" / "cat" / "cat-001.jpg"
    assert main(["predict", model_of(folder), str(broken), str(other)]) == 0
    captured = capsys.readouterr()
    assert "cat-001.jpg" in captured.out
    assert "broken.jpg is empty" in captured.err
    assert main(["predict", model_of(folder), str(broken), "--json"]) == 1
    assert "broken.jpg is empty" in last_object(capsys)["error"]


def test_a_run_is_exported_again(
    trained: tuple[Path, list[Any]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, told = trained
    to = tmp_path / "again.keras"
    assert main(["export", told[-1]["run"], "--to", str(to), "--json"]) == 0
    found = last_object(capsys)
    assert (found["file"], found["classes"], found["size"]) == (str(to), ["cat", "dog"], 32)
    assert [each.name for each in tmp_path.iterdir()] == ["again.keras"]


def test_a_file_that_is_no_model_is_told(
    trained: tuple[Path, list[Any]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, _ = trained
    (tmp_path / "no.keras").write_text("no model")
    assert main(["evaluate", str(tmp_path / "no.keras"), str(folder / "samples"), "--json"]) == 1
    assert "no.keras is not a model" in last_object(capsys)["error"]


def test_classes_that_the_model_does_not_know_are_told(
    trained: tuple[Path, list[Any]], test_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, _ = trained
    assert main(["evaluate", model_of(folder), str(test_data / "messy"), "--json"]) == 1
    assert "It knows: cat, dog" in last_object(capsys)["error"]


def test_the_layers_of_vgg16_are_counted_as_keras_counts_them(
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings = ["--set", "network.pooling=flatten", "--set", "network.dense=1024"]
    assert main(["layers", "VGG16", *settings, "--json"]) == 0
    found = last_object(capsys)
    assert {key: found[key] for key in ("base", "total", "trainable")} == {
        "base": 14_714_688,
        "total": 40_406_849,
        "trainable": 25_692_161,
    }
    settings += ["--set", "network.train_last=4"]
    assert main(["layers", "VGG16", *settings, "--json"]) == 0
    found = last_object(capsys)
    trained = [
        each["name"] for each in found["layers"] if each["trained"] and each["part"] == "base"
    ]
    assert trained == ["block5_conv1", "block5_conv2", "block5_conv3", "block5_pool"]
    assert found["trainable"] == 25_692_161 + 3 * 2_359_808
    keys = {"name", "type", "output_shape", "parameters", "trained"}
    assert all(keys <= set(each) for each in found["layers"])


def test_more_layers_than_there_are_cannot_be_trained(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["layers", "vgg16", "--set", "network.train_last=99", "--json"]) == 1
    assert "99 cannot be trained" in last_object(capsys)["error"]


def test_weights_that_are_damaged_are_told(
    trained: tuple[Path, list[Any]],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder, _ = trained
    weights = tmp_path / "weights.h5"
    weights.write_text("no weights")
    settings = ["--set", "network.base=VGG16", "--set", f"network.weights={weights}"]
    runs = tmp_path / "runs"
    command = ["train", str(folder / "samples"), *settings, "--set", "pictures.size=32"]
    assert main([*command, "--runs", str(runs), "--json"]) == 1
    assert "weights.h5 is no weights file" in last_object(capsys)["error"]
