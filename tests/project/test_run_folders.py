"""A run on disk opens after a kill at any moment."""

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnstudio.project.epochs import EpochDetails, EpochFacts, WatchedAnswer
from cnnstudio.project.listing import ListedPicture, PictureList
from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.problems import Problem, ProblemError
from cnnstudio.project.project import Project
from cnnstudio.project.results import EvaluatedPicture, Evaluation
from cnnstudio.project.run_folder import RunFolder, RunStatus, list_runs

PICTURES = PictureList(
    ("고양이", "dog 🐶"),
    (
        ListedPicture("/data/a, b.jpg", "고양이", "training"),
        ListedPicture("/data/c.jpg", "dog 🐶", "validation"),
    ),
)


def epoch(number: int, loss: float = 0.5) -> EpochFacts:
    return EpochFacts(number, loss, 0.75, 0.625, 0.5, 1.25)


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    return RunFolder.create(tmp_path / "runs", Project(name="검은 고양이"), PICTURES)


def kind_of(caught: pytest.ExceptionInfo[ProblemError]) -> str:
    assert caught.value.problem.is_known
    return caught.value.problem.kind


def test_a_run_comes_back_as_it_was_made(run: RunFolder) -> None:
    found = RunFolder.open(run.path)
    assert found.read_project() == Project(name="검은 고양이")
    assert found.read_pictures() == PICTURES
    assert found.read_status().state == "running"
    assert found.read_status().classes == PICTURES.classes
    assert found.read_history() == []
    assert found.read_evaluation() is None


def test_two_runs_of_one_second_have_two_folders(tmp_path: Path) -> None:
    runs = [RunFolder.create(tmp_path, Project(), PICTURES) for _ in range(3)]
    assert len({run.path for run in runs}) == 3
    assert {run.path for run in list_runs(tmp_path)} == {run.path for run in runs}


@pytest.mark.parametrize("base", ["../../elsewhere", "a/b", "\0", "VGG-16", "고양이"])
def test_the_folders_name_is_safe_whatever_the_base_is_called(tmp_path: Path, base: str) -> None:
    project = Project(network=NetworkPlan(base=base))
    run = RunFolder.create(tmp_path, project, PICTURES)
    assert run.path.parent == tmp_path
    assert run.read_project() == project


@pytest.mark.parametrize("call", ["os.fsync", "os.replace"])
@pytest.mark.parametrize("writes_before", [0, 1, 2])
def test_a_full_disk_leaves_no_half_made_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, writes_before: int
) -> None:
    module, name = call.split(".")
    real, left = getattr(os, name), [None] * writes_before
    assert module == "os"

    def write_until_full(*arguments: object) -> None:
        if not left:
            raise OSError(errno.ENOSPC, "No space left on device")
        left.pop()
        real(*arguments)

    monkeypatch.setattr(call, write_until_full)
    with pytest.raises(OSError, match="No space"):
        RunFolder.create(tmp_path / "runs", Project(), PICTURES)
    assert list((tmp_path / "runs").iterdir()) == []


@pytest.mark.parametrize("name", ["nowhere", "a file", "x" * 300])
def test_what_is_no_run_is_said_to_be_none(tmp_path: Path, name: str) -> None:
    (tmp_path / "a file").write_text("")
    with pytest.raises(ProblemError) as caught:
        RunFolder.open(tmp_path / name)
    assert kind_of(caught) == "run_missing"


@pytest.mark.parametrize("content", [b"", b"[]", b'{"state": "sleeping"}', b"\xff" * 10])
def test_a_damaged_run_is_told_and_left_out_of_the_list(run: RunFolder, content: bytes) -> None:
    whole = RunFolder.create(run.path.parent, Project(), PICTURES)
    (run.path / "run.json").write_bytes(content)
    with pytest.raises(ProblemError) as caught:
        RunFolder.open(run.path)
    assert kind_of(caught) == "run_damaged"
    assert list_runs(run.path.parent) == [whole]


@pytest.mark.parametrize("content", [b"", b"[]", b'{"training": {"epochs": 0}}'])
def test_a_damaged_plan_is_told(run: RunFolder, content: bytes) -> None:
    (run.path / "plan.json").write_bytes(content)
    with pytest.raises(ProblemError) as caught:
        run.read_project()
    assert kind_of(caught) == "run_damaged"


@pytest.mark.parametrize("content", [b"", b"path,label,part\n/a.jpg,horse,test\n", b"\0\0"])
def test_a_damaged_list_of_pictures_is_told(run: RunFolder, content: bytes) -> None:
    (run.path / "pictures.csv").write_bytes(content)
    with pytest.raises(ProblemError) as caught:
        run.read_pictures()
    assert kind_of(caught) == "run_damaged"


def test_where_there_are_no_runs_the_list_is_empty(tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("")
    assert list_runs(tmp_path / "nowhere") == []
    assert list_runs(tmp_path / "a file") == []


def test_the_newest_run_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    for stamp in ("2026-01-02_03-04-05", "2026-01-02_03-04-06", "2027-01-01_00-00-00"):
        monkeypatch.setattr("time.strftime", lambda form, stamp=stamp: stamp)
        made.append(RunFolder.create(tmp_path, Project(), PICTURES))
    assert list_runs(tmp_path) == made[::-1]


# History


def test_every_epoch_is_a_line(run: RunFolder) -> None:
    run.append_epoch(epoch(1))
    run.append_epoch(epoch(2, loss=float("inf")))
    assert run.history_file.read_text() == (
        "epoch,loss,accuracy,validation_loss,validation_accuracy,seconds,"
        "stage,learning_rate,top_k,macro_f1,auc\n"
        "1,0.5,0.75,0.625,0.5,1.25,1,0.0,,,\n"
        "2,inf,0.75,0.625,0.5,1.25,1,0.0,,,\n"
    )
    assert run.read_history() == [epoch(1), epoch(2, loss=float("inf"))]


def test_a_loss_that_is_no_number_is_kept(run: RunFolder) -> None:
    run.append_epoch(epoch(1, loss=float("nan")))
    (found,) = run.read_history()
    assert found.loss != found.loss
    assert found.validation_accuracy == 0.5


@given(cut=st.integers(0, 500))
def test_wherever_a_kill_cuts_the_history_whole_lines_stay_and_more_can_follow(
    tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    run = RunFolder(tmp_path_factory.mktemp("run"))
    before = [epoch(number) for number in range(1, 8)]
    for facts in before:
        run.append_epoch(facts)
    whole = run.history_file.read_bytes()
    run.history_file.write_bytes(whole[:cut])
    lines = whole[:cut].count(b"\n")
    kept = before[: max(0, lines - 1)]
    assert run.read_history() == kept
    run.append_epoch(epoch(99))
    assert run.read_history() == [*kept, epoch(99)]
    assert run.history_file.read_text().startswith("epoch,loss,")


@pytest.mark.parametrize(
    "spoiled",
    [b"\0" * 40, b"\xff\xfe\n", b"2,0.5\n", b"2,a,b,c,d,e\n", b"inf,1,1,1,1,1\n", b"\0" * 200_000],
)
def test_a_spoiled_line_costs_only_itself(run: RunFolder, spoiled: bytes) -> None:
    run.append_epoch(epoch(1))
    with run.history_file.open("ab") as file:
        file.write(spoiled)
    assert run.read_history() == [epoch(1)]
    run.append_epoch(epoch(3))
    assert run.read_history() == [epoch(1), epoch(3)]


WRITE_UNTIL_KILLED = """
import itertools, sys
from pathlib import Path
from cnnstudio.project.epochs import EpochFacts
from cnnstudio.project.run_folder import RunFolder

run = RunFolder.open(Path(sys.argv[1]))
for number in itertools.count(1):
    run.append_epoch(EpochFacts(number, 0.5, 0.75, 0.625, 0.5, 1.25))
    run.write_status(run.read_status().model_copy(update={"seconds": float(number)}))
    print(number, flush=True)
"""


@pytest.mark.parametrize("epochs", [1, 2, 5, 9, 14])
def test_a_killed_run_opens_with_every_epoch_that_was_told(run: RunFolder, epochs: int) -> None:
    command = [sys.executable, "-c", WRITE_UNTIL_KILLED, str(run.path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        told = [int(child.stdout.readline()) for _ in range(epochs)][-1]
        child.kill()
    assert child.returncode == (-signal.SIGKILL if os.name == "posix" else 1)
    found = RunFolder.open(run.path)
    history = found.read_history()
    assert [each.epoch for each in history] == list(range(1, len(history) + 1))
    assert len(history) >= told
    assert len(history) - 1 <= found.read_status().seconds <= len(history)


# How it stands


def test_how_it_ended_is_kept_with_the_reason(run: RunFolder) -> None:
    problem = Problem("out_of_memory", file="/a/b", values={"batch_size": 16})
    run.end("failed", 12.5, problem)
    status = run.read_status()
    assert (status.state, status.seconds, status.classes) == ("failed", 12.5, PICTURES.classes)
    assert status.problem == problem
    assert "16" in status.problem.remedy


def test_a_run_that_ended_well_has_no_reason(run: RunFolder) -> None:
    run.end("finished", 1.0)
    assert run.read_status().problem is None


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 10**400, "\udce9"])
def test_any_value_of_a_reason_is_kept(run: RunFolder, value: str | int | float) -> None:
    run.end("failed", 1.0, Problem("engine_failed", values={"reason": value}))
    problem = RunFolder.open(run.path).read_status().problem
    assert problem is not None
    assert problem.is_known
    assert str(problem.values["reason"]) == str(value)


@pytest.mark.parametrize(
    "status",
    [
        RunStatus(problem_kind="a_kind_of_next_year"),
        RunStatus(problem_kind="out_of_memory", problem_values={"size_of_batch": 8}),
    ],
)
def test_a_reason_of_another_version_still_makes_a_sentence(status: RunStatus) -> None:
    assert status.problem is not None
    assert "another version" in status.problem.message


def test_a_status_of_a_newer_version_opens(run: RunFolder) -> None:
    (run.path / "run.json").write_text('{"state": "stopped", "mood": "good"}')
    assert RunFolder.open(run.path).read_status().state == "stopped"


# Models and answers


def test_the_wanted_model_is_taken_and_the_other_one_in_its_place(run: RunFolder) -> None:
    with pytest.raises(ProblemError) as caught:
        run.model("best")
    assert kind_of(caught) == "run_without_model"
    run.last_model.write_bytes(b"")
    assert run.model("best") == run.last_model
    run.best_model.write_bytes(b"")
    assert run.model("best") == run.best_model
    assert run.model("last") == run.last_model


def test_answers_come_back_even_where_they_are_no_numbers(run: RunFolder) -> None:
    picture = EvaluatedPicture(
        file="/data/caf\udce9 🐱.jpg",
        label="고양이",
        predicted="고양이",
        probabilities=(float("inf"), 0.0),
    )
    evaluation = Evaluation(
        classes=PICTURES.classes, part="test", confusion=((1, 0), (0, 0)), pictures=(picture,)
    )
    run.write_evaluation(evaluation)
    assert run.read_evaluation() == evaluation


def test_damaged_answers_are_as_none(run: RunFolder) -> None:
    (run.path / "evaluation.json").write_text('{"classes": 3}')
    assert run.read_evaluation() is None


def test_a_watched_picture_of_any_name_is_kept(run: RunFolder) -> None:
    names = [os.fsdecode(b"/data/caf\xe9.jpg"), "/data/고양이 🐱.jpg", "/a\nb\u2028c.jpg"]
    watched = tuple(WatchedAnswer(name, "cat", "dog", 0.5) for name in names)
    details, facts = EpochDetails(1, (0.5, None), watched), EpochFacts(1, 0.5, 0.7, 0.6, 0.5, 1.2)
    run.append_epoch(facts, details)
    assert run.read_details() == [details]
    run.rewrite_epochs([facts], [details])
    assert run.read_details() == [details]


@pytest.mark.parametrize("name", [os.fsdecode(b"caf\xe9"), "고양이 🐱", "a\nb"])
def test_a_class_of_any_name_can_be_trained(tmp_path: Path, name: str) -> None:
    pictures = PictureList((name,), (ListedPicture(f"/data/{name}/1.jpg", name, "training"),))
    run = RunFolder.create(tmp_path, Project(), pictures)
    assert RunFolder.open(run.path).read_pictures() == pictures
