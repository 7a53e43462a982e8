"""A training in the terminal ends with one result, whatever becomes of the engine."""

import csv
import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from cnnstudio.cli import pictures as pictures_at
from cnnstudio.cli.answers import picture_files, to_csv, write_table
from cnnstudio.cli.commands import main
from cnnstudio.cli.training_display import TrainingDisplay
from cnnstudio.project.results import Prediction
from tests import fake_engines
from tests.conftest import UseEngine


@pytest.fixture
def pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Two classes of five pictures each; the command is given in an empty folder."""
    for name in ("cat", "dog"):
        folder = tmp_path / "pictures" / name
        folder.mkdir(parents=True)
        for number in range(5):
            Image.new("RGB", (40, 30), (number, 200, 100)).save(folder / f"{number}.png")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    before = sorted((tmp_path / "pictures").rglob("*"))
    yield tmp_path / "pictures"
    assert sorted((tmp_path / "pictures").rglob("*")) == before


def events(text: str) -> list[Any]:
    return [json.loads(line) for line in text.splitlines()]


def test_a_finished_training_tells_its_epochs_and_its_result(
    use_engine: UseEngine, pictures: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    use_engine(fake_engines.diligent)
    assert main(["train", str(pictures), "--json"]) == 0
    told = events(capsys.readouterr().out)
    epochs = [each for each in told if each.get("event") == "epoch"]
    assert [(each["epoch"], each["best"]) for each in epochs] == [(1, True), (2, False)]
    result = told[-1]
    assert set(result) == {
        *("outcome", "ended_by", "run", "model", "epochs", "best_epoch"),
        *("validation_accuracy", "seconds", "go_on"),
    }
    assert (result["outcome"], result["validation_accuracy"]) == ("finished", 0.75)
    assert Path(result["run"]).parent == Path.cwd() / "cnnstudio-runs"


def test_for_people_an_epoch_is_a_line_of_a_table(
    use_engine: UseEngine, pictures: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    use_engine(fake_engines.diligent)
    assert main(["train", str(pictures)]) == 0
    out = capsys.readouterr().out
    lines = out.splitlines()
    heading = next(place for place, line in enumerate(lines) if line.split()[:1] == ["Epoch"])
    assert lines[heading + 1].split()[:4] == ["1/2", "0.7000", "50.0", "%"]
    assert lines[heading].index("Loss") + 4 == lines[heading + 1].index("0.7000") + 6
    assert "75.0 % in epoch 1" in out
    assert "\x1b" not in out


def test_runs_go_where_they_are_wanted(
    use_engine: UseEngine, pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    use_engine(fake_engines.diligent)
    assert main(["train", str(pictures), "--runs", str(tmp_path / "r"), "--json"]) == 0
    assert Path(events(capsys.readouterr().out)[-1]["run"]).parent == tmp_path / "r"
    assert list(Path.cwd().iterdir()) == []


def test_runs_never_go_into_the_pictures_even_from_inside(
    pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures_at, "documents_folder", lambda: tmp_path / "documents")
    monkeypatch.chdir(pictures)
    assert pictures_at.usual_runs_folder([str(pictures)]).is_relative_to(tmp_path / "documents")


def test_an_interrupt_stops_the_training_and_keeps_what_was_reached(
    use_engine: UseEngine,
    pictures: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    use_engine(fake_engines.patient)
    begin = TrainingDisplay._begin

    def interrupt(self: Any, event: Any) -> None:
        begin(self, event)
        os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(TrainingDisplay, "_begin", interrupt)
    assert main(["train", str(pictures), "--json"]) == 130
    result = events(capsys.readouterr().out)[-1]
    assert (result["outcome"], result["validation_accuracy"]) == ("stopped", 0.75)


def test_a_killed_engine_is_a_sentence_and_the_run_stays(
    use_engine: UseEngine, pictures: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    use_engine(fake_engines.killed)
    assert main(["train", str(pictures), "--json"]) == 1
    captured = capsys.readouterr()
    result = events(captured.out)[-1]
    assert result["outcome"] == "crashed"
    assert "ended from outside" in result["error"]
    assert result["error"] in captured.err
    assert (Path(result["run"]) / "history.csv").is_file()


def test_a_failed_training_tells_why(
    use_engine: UseEngine, pictures: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    use_engine(fake_engines.failing)
    assert main(["train", str(pictures), "--json"]) == 1
    result = events(capsys.readouterr().out)[-1]
    assert (result["outcome"], result["error"]) == ("failed", "The disk is full.")


def test_a_pattern_names_the_pictures_that_fit(pictures: Path) -> None:
    found = picture_files(str(pictures / "cat" / "*.png"))
    assert [Path(each).name for each in found] == [f"{number}.png" for number in range(5)]


def test_a_table_program_finds_no_formula_in_the_csv() -> None:
    predictions = (Prediction("=cmd|' /C calc'!A0.png", "+dog", (0.25, 0.75)),)
    rows = list(csv.reader(to_csv(("@cat", "+dog"), predictions).splitlines()))
    assert rows == [
        ["file", "label", "'@cat", "'+dog"],
        ["'=cmd|' /C calc'!A0.png", "'+dog", "0.250000", "0.750000"],
    ]


@pytest.mark.skipif(os.name == "nt", reason="needs a named pipe")
def test_a_pipe_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_table(pipe, "file,label\n")
    assert os.read(reader, 100) == b"file,label\n"
    assert pipe.is_fifo()
    os.close(reader)
