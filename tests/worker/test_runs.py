"""A run begins with checked plans and pictures, or with a problem and nothing left behind."""

import errno
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from cnnstudio.project.epochs import EpochFacts
from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.picture_edits import PictureEdits
from cnnstudio.project.pictures import PicturesPlan
from cnnstudio.project.problems import Problem, ProblemError
from cnnstudio.project.project import Project
from cnnstudio.project.run_folder import RunFolder, RunNotes, list_runs
from cnnstudio.project.run_process import is_trained_now
from cnnstudio.project.stages import planned_epochs
from cnnstudio.project.training import TrainingPlan
from cnnstudio.worker.runs import (
    add_epochs,
    begin_run,
    can_go_on,
    change_notes,
    changed_picture,
    delete_run,
    look_through,
    mark_running,
    take_up,
    waiting_runs,
    why_not,
)


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Two classes of five pictures each."""
    for name in ("cat", "dog"):
        folder = tmp_path / "pictures" / name
        folder.mkdir(parents=True)
        for number in range(5):
            Image.effect_noise((40, 30), 50 + number).save(folder / f"{number}.png")
    return tmp_path / "pictures"


def project_with(folder: Path) -> Project:
    return Project(pictures=PicturesPlan(folders=(str(folder),)))


def kind_of_failure(project: Project, runs: Path) -> str:
    with pytest.raises(ProblemError) as caught:
        begin_run(project, runs)
    assert not runs.exists()
    return caught.value.problem.kind


def test_a_run_holds_plan_and_split_pictures(pictures: Path, tmp_path: Path) -> None:
    project = project_with(pictures)
    run = begin_run(project, tmp_path / "runs")
    assert RunFolder.open(run.path).read_project() == project
    listed = run.read_pictures()
    assert listed.classes == ("cat", "dog")
    assert len(listed.pictures) == 10
    assert {each.label for each in listed.of_part("validation")} == {"cat", "dog"}


def test_pictures_that_are_left_out_are_not_in_the_run(pictures: Path, tmp_path: Path) -> None:
    left_out = str(pictures / "cat" / "0.png")
    project = project_with(pictures).replacing(edits=PictureEdits().leaving_out([left_out]))
    run = begin_run(project, tmp_path / "runs", look_through(project))
    paths = [each.path for each in run.read_pictures().pictures]
    assert len(paths) == 9
    assert left_out not in paths


def test_what_stands_in_the_way_is_raised_and_no_run_is_begun(
    pictures: Path, tmp_path: Path
) -> None:
    runs = tmp_path / "runs"
    project = project_with(pictures)
    assert kind_of_failure(Project(), runs) == "no_folder"
    assert kind_of_failure(project_with(tmp_path / "nowhere"), runs) == "folder_missing"
    assert kind_of_failure(project, pictures / "runs") == "runs_in_pictures"
    unknown = project.replacing(network=NetworkPlan(base="nonsense"))
    assert kind_of_failure(unknown, runs) == "unknown_network"


def test_a_full_disk_is_told_as_such(
    pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("cnnstudio.project.run_folder.write_json_atomically", full)
    with pytest.raises(ProblemError) as caught:
        begin_run(project_with(pictures), tmp_path / "runs")
    assert caught.value.problem.kind == "disk_full"


FACTS = EpochFacts(1, 0.5, 0.75, 0.625, 0.5, 1.25)


@pytest.fixture
def run(pictures: Path, tmp_path: Path) -> RunFolder:
    """A run of three epochs that was stopped after the first."""
    project = project_with(pictures).replacing(training=TrainingPlan(epochs=3))
    made = begin_run(project, tmp_path / "runs")
    made.append_epoch(FACTS)
    made.checkpoint.write_bytes(b"")
    made.end("stopped", 1.0)
    return made


def killed(*arguments: object, **more: object) -> None:
    raise KeyboardInterrupt


def why(run: RunFolder) -> str:
    problem = why_not(run)
    assert problem is None or problem.is_known
    assert can_go_on(run) == (problem is None)
    return problem.kind if problem is not None else ""


def test_a_waiting_run_stands_in_the_queue_and_the_one_that_waits_longest_is_first(
    pictures: Path, tmp_path: Path
) -> None:
    project = project_with(pictures)
    waiting = [begin_run(project, tmp_path / "runs", waiting=True) for _ in range(3)]
    for run, started in zip(waiting, (30.0, 10.0, 20.0), strict=True):
        run.write_status(run.read_status().model_copy(update={"started": started}))
    begin_run(project, tmp_path / "runs")
    found = waiting_runs(list_runs(tmp_path / "runs"))
    assert [each.read_status().started for each in found] == [10.0, 20.0, 30.0]
    assert all(can_go_on(each) and not is_trained_now(each) for each in found)


def test_a_run_that_begins_belongs_to_this_process_until_the_engine_is_known(
    pictures: Path, tmp_path: Path
) -> None:
    run = begin_run(project_with(pictures), tmp_path / "runs")
    assert is_trained_now(run)
    assert why(run) == "run_is_trained"
    with pytest.raises(ProblemError):
        delete_run(run)
    with pytest.raises(ProblemError):
        add_epochs(run, 1)
    run.end("crashed", 1.0)
    assert not is_trained_now(run)


def test_an_engine_that_is_gone_trains_no_run(run: RunFolder) -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    mark_running(run)
    run.write_status(run.read_status().model_copy(update={"engine_process": child.pid}))
    assert is_trained_now(run)
    # Longer ago than any clock may be wrong: then the number was given to another process.
    before = time.time() - 3600
    os.utime(run.path / "run.json", (before, before))
    assert not is_trained_now(run)
    os.utime(run.path / "run.json")
    child.communicate()
    assert not is_trained_now(run)
    assert why(run) == ""


def test_a_stopped_run_can_go_on_and_a_finished_one_needs_more_epochs(run: RunFolder) -> None:
    assert why(run) == ""
    run.end("finished", 1.0, ended_by="early_stopping")
    assert why(run) == "run_is_done"
    run.end("finished", 1.0, ended_by="time_limit")
    assert why(run) == ""
    for epoch in (2, 3):
        run.append_epoch(replace(FACTS, epoch=epoch))
    run.end("finished", 1.0)
    assert why(run) == "run_is_done"
    add_epochs(run, 2)
    assert why(run) == ""
    assert run.read_status().state == "stopped"
    assert planned_epochs(run.read_project()) == 5


def test_added_epochs_stand_in_the_last_stage_and_the_usual_stages_are_written_out(
    run: RunFolder,
) -> None:
    network = NetworkPlan(base="vgg16")
    plan = TrainingPlan(epochs=3, fine_tuning=2)
    run.write_project(run.read_project().replacing(network=network, training=plan))
    add_epochs(run, 4)
    add_epochs(run, 1)
    head, blocks = run.read_project().training.stages
    assert (head.trains, head.epochs, head.added) == ("head", 3, 0)
    assert (blocks.trains, blocks.epochs, blocks.added) == ("blocks", 2, 5)


def test_a_kill_while_epochs_are_added_leaves_a_run_that_they_can_be_added_to(
    run: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    run.end("finished", 1.0)
    before = run.read_project()
    with monkeypatch.context() as patch:
        patch.setattr(RunFolder, "write_project", killed)
        with pytest.raises(KeyboardInterrupt):
            add_epochs(run, 2)
    assert RunFolder.open(run.path).read_project() == before
    add_epochs(run, 2)
    assert planned_epochs(run.read_project()) == 5


def test_without_a_checkpoint_only_a_run_without_epochs_begins_again(run: RunFolder) -> None:
    run.checkpoint.unlink()
    assert why(run) == "run_without_checkpoint"
    run.history_file.unlink()
    assert why(run) == ""


def test_a_run_that_lost_its_loss_would_only_lose_it_again(run: RunFolder) -> None:
    values: dict[str, str | int | float] = {"epoch": 2, "learning_rate": "0.0001"}
    run.end("failed", 1.0, Problem("loss_not_a_number", values=values))
    assert why(run) == "run_lost_its_loss"


def test_a_picture_that_is_gone_stands_in_the_way_and_is_named(
    run: RunFolder, pictures: Path
) -> None:
    (pictures / "dog" / "3.png").unlink()
    problem = why_not(run)
    assert problem is not None
    assert (problem.kind, problem.file) == ("run_picture_gone", str(pictures / "dog" / "3.png"))
    assert "3.png" in problem.message
    assert str(pictures / "dog") in problem.message


def test_a_picture_that_was_changed_is_told_and_does_not_stand_in_the_way(
    run: RunFolder, pictures: Path
) -> None:
    assert changed_picture(run) is None
    later = run.read_status().started + 10
    os.utime(pictures / "cat" / "2.png", (later, later))
    problem = changed_picture(run)
    assert problem is not None
    assert (problem.file, problem.severity) == (str(pictures / "cat" / "2.png"), "warning")
    assert "2.png" in problem.message
    assert why(run) == ""


def test_a_run_that_goes_on_forgets_how_it_ended(run: RunFolder) -> None:
    run.end("failed", 1.0, Problem("disk_full"))
    mark_running(run)
    status = run.read_status()
    assert (status.state, status.problem, status.engine_process) == ("running", None, os.getpid())


def test_a_run_whose_time_was_up_goes_on_without_a_limit(run: RunFolder) -> None:
    plan = TrainingPlan(epochs=3, time_limit="15", seed=7)
    run.write_project(run.read_project().replacing(training=plan))
    mark_running(run)
    assert run.read_project().training == plan
    run.end("finished", 900.0, ended_by="time_limit")
    mark_running(run)
    assert run.read_project().training == plan.model_copy(update={"time_limit": ""})


def test_epochs_added_to_a_run_whose_time_was_up_are_not_cut_off_by_it(run: RunFolder) -> None:
    plan = TrainingPlan(epochs=3, time_limit="15")
    run.write_project(run.read_project().replacing(training=plan))
    run.end("finished", 900.0, ended_by="time_limit")
    take_up(run, 2)
    assert run.read_project().training.time_limit == ""
    assert planned_epochs(run.read_project()) == 5


def test_a_run_that_begins_again_has_all_its_time(run: RunFolder) -> None:
    long_ago = run.read_status().started - 3600
    run.write_status(run.read_status().model_copy(update={"started": long_ago}))
    mark_running(run)
    assert run.read_status().started == long_ago
    run.end("crashed", 1.0)
    run.history_file.unlink()
    run.checkpoint.unlink()
    mark_running(run)
    assert run.read_status().started > long_ago + 3000


def test_what_kills_left_half_written_is_gone_when_a_run_goes_on(run: RunFolder) -> None:
    (run.path / ".last.0a1b2c3d.keras").write_bytes(b"half a model")
    before = sorted(path.name for path in run.path.iterdir() if not path.name.startswith("."))
    mark_running(run)
    assert sorted(path.name for path in run.path.iterdir()) == before


def test_epochs_are_added_only_where_the_run_can_go_on(run: RunFolder, pictures: Path) -> None:
    run.end("finished", 1.0)
    before = run.read_project()
    hidden = pictures.with_name("unplugged")
    pictures.rename(hidden)
    with pytest.raises(ProblemError) as caught:
        take_up(run, 2)
    assert caught.value.problem.kind == "run_picture_gone"
    assert (run.read_project(), run.read_status().state) == (before, "finished")
    hidden.rename(pictures)
    with pytest.raises(ProblemError):
        take_up(run)
    take_up(run, 2)
    assert planned_epochs(run.read_project()) == 5
    assert run.read_status().state == "running"


def test_a_deleted_run_is_gone_with_all_it_made(run: RunFolder) -> None:
    other = RunFolder.create(run.path.parent, Project(), run.read_pictures())
    delete_run(run)
    assert [path.name for path in run.path.parent.iterdir()] == [other.path.name]


def test_a_kill_while_a_run_is_deleted_leaves_no_half_run(
    run: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = RunFolder.create(run.path.parent, Project(), run.read_pictures())
    with monkeypatch.context() as patch:
        patch.setattr("shutil.rmtree", killed)
        with pytest.raises(KeyboardInterrupt):
            delete_run(run)
    assert list_runs(run.path.parent) == [other]
    assert len(list(run.path.parent.iterdir())) == 2
    other.end("stopped", 1.0)
    delete_run(other)
    assert list(run.path.parent.iterdir()) == []


def test_name_note_and_star_are_kept_one_by_one(run: RunFolder) -> None:
    change_notes(run, name="  the \n first  one ")
    change_notes(run, text="Good on dogs.\n")
    notes = change_notes(run, is_starred=True)
    assert (
        notes
        == run.read_notes()
        == RunNotes(name="the first one", text="Good on dogs.", is_starred=True)
    )
    change_notes(run, name="", is_starred=False)
    assert run.read_notes() == RunNotes(text="Good on dogs.")


def test_a_note_on_a_full_disk_is_told_as_such(
    run: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("cnnstudio.project.run_folder.write_json_atomically", full)
    with pytest.raises(ProblemError) as caught:
        change_notes(run, name="x")
    assert caught.value.problem.kind == "disk_full"
