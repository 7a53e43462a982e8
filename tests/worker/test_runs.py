"""A run begins with checked plans and pictures, or with a problem and nothing left behind."""

import errno
from pathlib import Path

import pytest
from PIL import Image

from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.picture_edits import PictureEdits
from cnnstudio.project.pictures import PicturesPlan
from cnnstudio.project.problems import ProblemError
from cnnstudio.project.project import Project
from cnnstudio.project.run_folder import RunFolder
from cnnstudio.worker.runs import begin_run, look_through


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
