"""Whatever is wrong on the command line is one sentence with a remedy, and loses nothing."""

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from cnnstudio.cli.commands import main
from cnnstudio.cli.engine import StoppedError, stopping_on_interrupt
from cnnstudio.project.pictures import PicturesPlan
from cnnstudio.project.project import Project
from cnnstudio.project.project_folder import FILE_NAME, ProjectFolder


@pytest.fixture(autouse=True)
def no_engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """None of this needs an engine to be told; runs would go to a folder of the test."""

    def refuse(self: object) -> None:
        raise AssertionError("an engine was asked")

    monkeypatch.setattr("cnnstudio.worker.engine_process.EngineProcess.start", lambda self: None)
    monkeypatch.setattr("cnnstudio.worker.engine_process.EngineProcess.run", refuse)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, Any, str]]:
    """Carries a command out; gives exit code, last JSON line and what stderr said."""

    def carry_out(*arguments: str | Path) -> tuple[int, Any, str]:
        code = main([*(str(each) for each in arguments), "--json"])
        captured = capsys.readouterr()
        return code, json.loads(captured.out.splitlines()[-1]), captured.err

    return carry_out


Run = Callable[..., tuple[int, Any, str]]


def draw(folder: Path, count: int) -> None:
    folder.mkdir(parents=True)
    for number in range(count):
        Image.new("RGB", (40, 30), (number, 200, 100)).save(folder / f"{number}.png")


def empty(folder: Path) -> None:
    folder.mkdir()


def one_class(folder: Path) -> None:
    draw(folder / "cat", 5)


def one_picture(folder: Path) -> None:
    draw(folder / "cat", 5)
    draw(folder / "dog", 1)


def only_text(folder: Path) -> None:
    for name in ("cat", "dog"):
        (folder / name).mkdir(parents=True)
        for number in range(3):
            (folder / name / f"{number}.jpg").write_text("this is no picture")


def not_sorted(folder: Path) -> None:
    draw(folder, 5)


def absent(folder: Path) -> None:
    """Nothing is there."""


def a_file(folder: Path) -> None:
    folder.write_text("")


@pytest.mark.parametrize("command", ["check", "train"])
@pytest.mark.parametrize(
    ("make", "error", "remedy"),
    [
        (empty, "holds no pictures", "sub-folder"),
        (one_class, "Only one class was found: cat", "second class"),
        (one_picture, "The class dog has too few usable pictures: 1", "at least 2"),
        (only_text, "None of the pictures could be read", "another folder"),
        (not_sorted, "not sorted into sub-folders", "one sub-folder for each class"),
        (absent, "is not there", "choose the folder again"),
        (a_file, "is not a folder", "Choose a folder"),
    ],
)
def test_an_unfit_folder_is_told_with_its_remedy(
    command: str, make: Callable[[Path], None], error: str, remedy: str, tmp_path: Path, run: Run
) -> None:
    make(tmp_path / "pictures")
    before = sorted(tmp_path.rglob("*"))
    code, found, told = run(command, tmp_path / "pictures")
    assert code == 1
    assert error in found["error"]
    assert remedy in found["remedy"]
    assert found["error"] in told
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the administrator may read everything"
)
def test_a_folder_that_may_not_be_read_is_told(tmp_path: Path, run: Run) -> None:
    draw(tmp_path / "pictures" / "cat", 3)
    (tmp_path / "pictures").chmod(0)
    try:
        code, found, _ = run("check", tmp_path / "pictures")
    finally:
        (tmp_path / "pictures").chmod(0o755)
    assert code == 1
    assert "may not be read" in found["error"]


@pytest.mark.parametrize(
    ("assignment", "error", "remedy"),
    [
        ("training.epoch=3", "no setting 'training.epoch'", "training.epochs"),
        ("training.epochs=0", "training.epochs cannot be 0", "1 to 1000"),
        ("training.epochs=1001", "training.epochs cannot be 1001", "1 to 1000"),
        ("training.epochs=many", "training.epochs cannot be 'many'", "whole number"),
        ("network.pooling=flaten", "network.pooling cannot be 'flaten'", "nearest is 'flatten'"),
        ("network.base=vgg", "no network called 'vgg'", "'vgg16'"),
        ("network.width=0.4", "no width 0.4", "Choose one of"),
        ("network.weights=/no/such.h5", "/no/such.h5 is not there", "'imagenet'"),
        ("epochs", "'epochs' is not a setting with a value", "CHAPTER.FIELD=VALUE"),
    ],
)
def test_a_wrong_setting_names_field_limits_and_nearest_spelling(
    assignment: str, error: str, remedy: str, tmp_path: Path, run: Run
) -> None:
    draw(tmp_path / "pictures" / "cat", 3)
    draw(tmp_path / "pictures" / "dog", 3)
    code, found, _ = run("train", tmp_path / "pictures", "--set", assignment)
    assert code == 1
    assert error in found["error"]
    assert remedy in found["remedy"]


def test_a_wrong_setting_of_a_listed_network_is_told_too(run: Run) -> None:
    code, found, _ = run("layers", "VGG61")
    assert code == 1
    assert "vgg16" in found["remedy"]
    code, found, _ = run("layers", "VGG16", "--set", "pictures.size=16")
    assert code == 1
    assert "32 px" in found["remedy"]
    code, found, _ = run("layers", "VGG16", "--set", "network.output=sigmoid", "--classes", "3")
    assert code == 1
    assert "softmax" in found["remedy"]


def test_runs_are_never_kept_inside_the_pictures(tmp_path: Path, run: Run) -> None:
    pictures = tmp_path / "pictures"
    draw(pictures / "cat", 3)
    draw(pictures / "dog", 3)
    code, found, _ = run("train", pictures, "--runs", pictures / "runs")
    assert code == 1
    assert "inside the picture folder" in found["error"]
    assert not (pictures / "runs").exists()


def test_a_project_without_pictures_is_told(tmp_path: Path, run: Run) -> None:
    ProjectFolder.create(tmp_path / "project", Project()).close()
    code, found, _ = run("train", tmp_path / "project")
    assert code == 1
    assert found["error"] == "There are no pictures yet."


def test_a_project_whose_pictures_went_away_is_told(tmp_path: Path, run: Run) -> None:
    plan = Project(pictures=PicturesPlan(folders=(str(tmp_path / "gone"),)))
    ProjectFolder.create(tmp_path / "project", plan).close()
    code, found, _ = run("train", tmp_path / "project" / FILE_NAME)
    assert code == 1
    assert str(tmp_path / "gone") in found["error"]


def test_a_damaged_project_is_kept_aside(tmp_path: Path, run: Run) -> None:
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / FILE_NAME).write_text("{half")
    code, _, _ = run("train", tmp_path / "project")
    assert code == 1
    copies = list((tmp_path / "project").glob("project.damaged-*"))
    assert [copy.read_text() for copy in copies] == ["{half"]


def test_a_project_of_a_newer_version_is_not_touched(tmp_path: Path, run: Run) -> None:
    (tmp_path / "project").mkdir()
    text = json.dumps({"schema_version": 99})
    (tmp_path / "project" / FILE_NAME).write_text(text)
    code, found, _ = run("train", tmp_path / "project")
    assert code == 1
    assert "newer version" in found["error"]
    assert (tmp_path / "project" / FILE_NAME).read_text() == text


def test_a_model_that_is_not_there_is_told(tmp_path: Path, run: Run) -> None:
    for command in ("predict", "evaluate"):
        code, found, _ = run(command, tmp_path / "no.keras", tmp_path)
        assert code == 1
        assert found["error"] == f"There is no model at {tmp_path / 'no.keras'}."


def test_a_path_without_pictures_is_told(tmp_path: Path, run: Run) -> None:
    (tmp_path / "model.keras").write_text("")
    code, found, _ = run("predict", tmp_path / "model.keras", tmp_path / "here")
    assert code == 1
    assert "No picture was found" in found["error"]


def test_a_run_that_is_not_there_is_told(tmp_path: Path, run: Run) -> None:
    code, found, _ = run("export", tmp_path / "no run", "--to", tmp_path / "model.keras")
    assert code == 1
    assert "no run" in found["error"]


@pytest.mark.parametrize(
    "arguments",
    [["train"], ["trian", "x"], ["export", "run"], ["layers", "VGG16", "--classes", "1"]],
)
def test_a_wrong_command_line_says_where_its_help_is(arguments: list[str], run: Run) -> None:
    code, found, told = run(*arguments)
    assert code == 2
    assert "--help" in found["remedy"]
    assert found["error"] in told


def test_an_error_that_nobody_foresaw_is_a_sentence_with_a_log(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(output: object) -> None:
        raise RuntimeError("what a surprise")

    monkeypatch.setattr("cnnstudio.cli.tables.tell_settings", fail)
    code, found, _ = run("settings")
    assert code == 1
    assert "what a surprise" in found["error"]
    log = Path(found["remedy"].split(" in ")[-1].rstrip("."))
    assert "Traceback" in log.read_text(encoding="utf-8")


def test_the_first_interrupt_asks_and_the_second_one_interrupts() -> None:
    answers = []

    def work() -> None:
        with stopping_on_interrupt() as should_stop:
            answers.append(should_stop())
            signal.raise_signal(signal.SIGINT)
            answers.append(should_stop())
            signal.raise_signal(signal.SIGINT)
            answers.append(False)

    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(StoppedError):
        work()
    assert answers == [False, True]
    assert signal.getsignal(signal.SIGINT) is before
