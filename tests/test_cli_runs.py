"""Runs in the terminal: listed, named, starred, noted, deleted, and gone on with."""

import json
import os
import shlex
import signal
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from cnnstudio.cli.commands import main
from cnnstudio.cli.training_display import TrainingDisplay
from cnnstudio.project.epochs import EpochFacts
from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.pictures import PicturesPlan
from cnnstudio.project.project import Project
from cnnstudio.project.project_folder import ProjectFolder
from cnnstudio.project.run_folder import RunFolder, list_runs
from cnnstudio.project.training import TrainingPlan
from cnnstudio.worker.runs import begin_run, change_notes
from tests import fake_engines
from tests.conftest import UseEngine


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project with two classes of four pictures each; commands are given beside them."""
    for name in ("cat", "dog"):
        folder = tmp_path / "pictures" / name
        folder.mkdir(parents=True)
        for number in range(4):
            Image.new("RGB", (40, 30), (number, 200, 100)).save(folder / f"{number}.png")
    monkeypatch.chdir(tmp_path)
    return Project(
        pictures=PicturesPlan(folders=(str(tmp_path / "pictures"),)),
        network=NetworkPlan(base="small_cnn"),
        training=TrainingPlan(epochs=2),
    )


@pytest.fixture
def stopped(project: Project, tmp_path: Path) -> RunFolder:
    """A run of two epochs that was stopped after the first."""
    run = begin_run(project, tmp_path / "cnnstudio-runs")
    run.append_epoch(EpochFacts(1, 0.5, 0.75, 0.625, 0.8, 1.25))
    run.checkpoint.write_bytes(b"")
    run.end("stopped", 1.0)
    return run


def last_object(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def test_runs_are_listed_the_newest_first_and_starred_ones_are_marked(
    stopped: RunFolder, project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    change_notes(stopped, name="The first [one]", is_starred=True)
    other = project.replacing(training=TrainingPlan(epochs=2, optimizer="sgd"))
    second = begin_run(other, stopped.path.parent, waiting=True)
    assert main(["runs"]) == 0
    first, heading, newest, oldest = capsys.readouterr().out.splitlines()
    assert first == "Runs in cnnstudio-runs:"
    assert heading.split() == ["Run", "Name", "Accuracy", "Epochs", "State"]
    assert not newest.startswith("*")
    assert "waiting" in newest
    assert "0 of 2" in newest
    assert oldest.startswith("*")
    assert "The first [one]" in oldest
    assert "80.0 %" in oldest
    assert "1 of 2" in oldest
    assert stopped.path.name in oldest.split()
    assert main(["runs", "--json"]) == 0
    found = last_object(capsys)["runs"]
    assert [each["run"] for each in found] == [str(second.path), str(stopped.path)]
    assert found[0]["differences"] == ["Optimiser: Adam → SGD"]
    assert (found[0]["state"], found[0]["validation_accuracy"]) == ("waiting", None)
    assert (found[1]["starred"], found[1]["validation_accuracy"]) == (True, 0.8)


def test_a_project_its_file_and_a_folder_of_runs_name_the_same_runs(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = ProjectFolder.create(tmp_path / "my project", project)
    folder.close()
    assert main(["runs", str(folder.path)]) == 0
    assert "no runs" in capsys.readouterr().out
    run = begin_run(project, folder.runs)
    for path in (folder.path, folder.file, folder.runs):
        assert main(["runs", str(path), "--json"]) == 0
        assert [each["run"] for each in last_object(capsys)["runs"]] == [str(run.path)]


def test_a_place_without_runs_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["runs", str(tmp_path / "nowhere"), "--json"]) == 1
    assert "nowhere" in last_object(capsys)["error"]


def test_of_a_single_run_more_is_told(
    stopped: RunFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    change_notes(stopped, text="Dogs are still hard.")
    assert main(["runs", str(stopped.path)]) == 0
    out = capsys.readouterr().out
    assert "Dogs are still hard." in out
    assert "80.0 % in epoch 1" in out
    assert f"cnnstudio continue {stopped.path}" in out


def test_a_run_is_named_noted_and_starred(
    stopped: RunFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    run = str(stopped.path)
    assert main(["runs", "rename", run, "Baseline"]) == 0
    assert main(["runs", "note", run, "Before augmentation"]) == 0
    assert main(["runs", "star", run, "--json"]) == 0
    assert last_object(capsys) == {
        "run": run,
        "name": "Baseline",
        "note": "Before augmentation",
        "starred": True,
    }
    assert main(["runs", "star", run, "--off"]) == 0
    assert stopped.read_notes().is_starred is False


def test_a_run_is_known_by_the_name_in_the_list(stopped: RunFolder) -> None:
    assert main(["runs", "star", stopped.path.name]) == 0
    assert stopped.read_notes().is_starred


def test_a_run_is_deleted_only_when_that_is_sure(
    stopped: RunFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["runs", "delete", str(stopped.path)]) == 1
    assert "--yes" in capsys.readouterr().err
    assert stopped.path.is_dir()
    assert main(["runs", "delete", str(stopped.path), "--yes", "--json"]) == 0
    assert last_object(capsys) == {"deleted": str(stopped.path)}
    assert list(stopped.path.parent.iterdir()) == []


def test_what_is_no_run_is_neither_named_nor_deleted(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in (["rename", "pictures", "x"], ["delete", "pictures", "--yes"]):
        assert main(["runs", *command, "--json"]) == 1
        assert "no run" in last_object(capsys)["error"]
    assert len(list((tmp_path / "pictures").rglob("*.png"))) == 8


def test_a_stopped_run_goes_on(
    stopped: RunFolder, use_engine: UseEngine, capsys: pytest.CaptureFixture[str]
) -> None:
    use_engine(fake_engines.diligent)
    assert main(["continue", str(stopped.path), "--json"]) == 0
    result = last_object(capsys)
    assert (result["outcome"], result["run"]) == ("finished", str(stopped.path))
    assert result["go_on"] == ""
    assert list_runs(stopped.path.parent) == [stopped]


def test_a_finished_run_goes_on_only_with_more_epochs(
    stopped: RunFolder, use_engine: UseEngine, capsys: pytest.CaptureFixture[str]
) -> None:
    use_engine(fake_engines.diligent)
    stopped.end("finished", 1.0)
    assert main(["continue", str(stopped.path), "--json"]) == 1
    assert "all its epochs" in last_object(capsys)["error"]
    assert main(["continue", str(stopped.path), "--epochs", "3", "--json"]) == 0
    (stage,) = stopped.read_project().training.stages
    assert (stage.epochs, stage.added) == (2, 3)


def test_a_run_whose_time_was_up_goes_on_without_a_limit(
    project: Project, tmp_path: Path, use_engine: UseEngine, capsys: pytest.CaptureFixture[str]
) -> None:
    use_engine(fake_engines.diligent)
    limited = project.replacing(training=TrainingPlan(epochs=2, time_limit="15"))
    run = begin_run(limited, tmp_path / "cnnstudio-runs")
    run.end("finished", 900.0, ended_by="time_limit")
    assert main(["continue", str(run.path)]) == 0
    out = capsys.readouterr().out
    assert "without a time limit" in out
    assert "Done by" not in out


def test_with_a_time_limit_it_is_told_when_all_is_done(
    project: Project, use_engine: UseEngine, capsys: pytest.CaptureFixture[str]
) -> None:
    use_engine(fake_engines.diligent)
    assert main(["train", "pictures", "--set", "training.time_limit=15"]) == 0
    assert "Done by" in capsys.readouterr().out


def test_a_run_whose_pictures_are_gone_does_not_go_on(
    stopped: RunFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "pictures" / "cat" / "1.png").unlink()
    assert main(["continue", str(stopped.path), "--json"]) == 1
    assert "1.png" in last_object(capsys)["error"]
    assert stopped.read_status().state == "stopped"


def test_after_a_stop_the_command_that_goes_on_is_told_and_works(
    project: Project,
    use_engine: UseEngine,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    use_engine(fake_engines.patient)
    begin = TrainingDisplay._begin

    def interrupt(self: Any, event: Any) -> None:
        begin(self, event)
        os.kill(os.getpid(), signal.SIGINT)

    with monkeypatch.context() as patch:
        patch.setattr(TrainingDisplay, "_begin", interrupt)
        arguments = ["train", "pictures", "--runs", "my runs", "--set", "network.base=small_cnn"]
        assert main(arguments) == 130
    (run,) = list_runs(Path("my runs"))
    run.checkpoint.write_bytes(b"")
    assert main(["runs", str(run.path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    command = next(line for line in lines if "cnnstudio continue" in line).partition(": ")[2]
    program, *words = shlex.split(command)
    assert program == "cnnstudio"
    use_engine(fake_engines.diligent)
    assert main([*words, "--json"]) == 0
    assert last_object(capsys)["run"] == str(run.path)


def test_each_stage_is_told_with_its_reason_and_its_rate(
    project: Project, use_engine: UseEngine, capsys: pytest.CaptureFixture[str]
) -> None:
    use_engine(fake_engines.in_stages)
    settings = [
        "network.base=small_cnn",
        "training.stages=all:1,all:1:0.5",
        "training.top_k=1",
        "training.auc=true",
        "training.schedule=cosine",
    ]
    assignments = [part for each in settings for part in ("--set", each)]
    assert main(["train", "pictures", *assignments]) == 0
    lines = capsys.readouterr().out.splitlines()
    first, second = (place for place, line in enumerate(lines) if line.startswith("Stage "))
    assert lines[first] == "Stage 1 of 2: everything."
    assert "everything learns together" in lines[first + 1]
    assert "Learning rate 0.001, over time: Cosine with warm-up." in lines[first + 1]
    assert "Learning rate 0.0005" in lines[second + 1]
    heading = next(line for line in lines if line.split()[:1] == ["Epoch"])
    assert heading.split()[-6:] == ["accuracy", "Top", "1", "AUC", "Rate", "Time"]
    row = next(line for line in lines if line.split()[:1] == ["1/2"])
    assert row.split()[5:13] == ["75.0", "%", "62.5", "%", "0.812", "0.0003", "1.0", "s"]


def test_for_programs_an_epoch_has_what_was_measured_and_no_more(
    project: Project, use_engine: UseEngine, capsys: pytest.CaptureFixture[str]
) -> None:
    use_engine(fake_engines.in_stages)
    assert main(["train", "pictures", "--set", "training.stages=all:1,all:1", "--json"]) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    epochs = [each for each in told if each.get("event") == "epoch"]
    assert [(each["stage"], each["top_k"], each["auc"]) for each in epochs] == [
        (1, 0.625, 0.8125),
        (2, 0.625, 0.8125),
    ]
    assert all("macro_f1" not in each for each in epochs)
    stages = [each for each in told if each.get("event") == "stage"]
    assert [(each["stage"], each["title"]) for each in stages] == [
        (1, "everything"),
        (2, "everything"),
    ]
    assert told[-1]["ended_by"] == "early_stopping"


def test_an_early_end_is_told_as_such(
    project: Project, use_engine: UseEngine, capsys: pytest.CaptureFixture[str]
) -> None:
    use_engine(fake_engines.in_stages)
    assert main(["train", "pictures", "--set", "training.stages=all:1,all:1"]) == 0
    assert "Ended early after 2 epochs" in capsys.readouterr().out


SETTINGS = {
    "optimizer": "sgd",
    "momentum": "0.5",
    "nesterov": "true",
    "loss": "focal",
    "label_smoothing": "0.1",
    "schedule": "plateau",
    "plateau_patience": "2",
    "early_stopping": "4",
    "balance": "sampling",
    "average_weights": "0.99",
    "weight_decay": "0.01",
    "l2": "0.001",
    "top_k": "1",
    "macro_f1": "true",
    "time_limit": "11:40",
    "seed": "7",
}


def test_every_setting_of_a_training_can_be_given(
    project: Project, tmp_path: Path, use_engine: UseEngine
) -> None:
    use_engine(fake_engines.diligent)
    given = [f"training.{name}={text}" for name, text in SETTINGS.items()]
    arguments = [part for each in given for part in ("--set", each)]
    assert main(["train", "pictures", *arguments, "--json"]) == 0
    (run,) = list_runs(tmp_path / "cnnstudio-runs")
    plan = run.read_project().training
    assert {name: str(getattr(plan, name)).lower() for name in SETTINGS} == SETTINGS
    assert not [name for name in SETTINGS if getattr(plan, name) == getattr(TrainingPlan(), name)]


def test_the_name_in_the_table_means_the_run_unless_several_have_it(
    project: Project, stopped: RunFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    change_notes(stopped, name="first one")
    assert main(["runs", "first one", "--json"]) == 0
    assert last_object(capsys)["run"] == str(stopped.path)
    assert main(["runs", "star", "first one", "--json"]) == 0
    assert last_object(capsys)["starred"]
    other = begin_run(project, stopped.path.parent)
    change_notes(other, name="first one")
    assert main(["runs", "star", "first one", "--json"]) == 1
    found = last_object(capsys)
    assert found["error"] == "Several runs are called 'first one'."
    assert other.path.name in found["remedy"]


def test_going_on_with_a_finished_run_names_the_option_that_adds_epochs(
    stopped: RunFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    stopped.end("finished", 1.0)
    assert main(["continue", str(stopped.path), "--json"]) == 1
    assert "--epochs 10" in last_object(capsys)["remedy"]
