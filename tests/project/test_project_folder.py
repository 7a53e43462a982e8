"""A project on disk: nothing is lost, whatever happens to the file."""

import errno
import json
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnstudio.project.augmentation import AugmentationPlan
from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.picture_edits import PictureEdits
from cnnstudio.project.pictures import PicturesPlan
from cnnstudio.project.problems import ProblemError
from cnnstudio.project.project import SCHEMA_VERSION, Project
from cnnstudio.project.project_folder import FILE_NAME, ProjectFolder, write_problem
from cnnstudio.project.training import TrainingPlan

PROJECT = Project(
    name="고양이 🐱, Hunde & 'dogs'",
    pictures=PicturesPlan(folders=("/data/a, b", "/data/한글 🐶"), size=160, seed=5),
    augmentation=AugmentationPlan(rotation=20, horizontal_flip=True),
    network=NetworkPlan(base="mobilenet_v2", width=0.35, trained_layers=("Conv_1", "output")),
    training=TrainingPlan(epochs=3, learning_rate=1e-5),
)


def saved(path: Path, project: Project = PROJECT) -> Path:
    ProjectFolder.create(path, project).close()
    return path / FILE_NAME


def opened(path: Path) -> ProjectFolder:
    folder = ProjectFolder.open(path)
    folder.close()
    return folder


def kinds(folder: ProjectFolder) -> list[str]:
    assert all(each.is_known for each in folder.notices)
    return [each.kind for each in folder.notices]


def refused(caught: pytest.ExceptionInfo[ProblemError]) -> str:
    assert caught.value.problem.is_known
    return caught.value.problem.kind


def change(file: Path, **content: object) -> None:
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | content), "utf-8")


def copies(file: Path) -> list[Path]:
    return sorted(each for each in file.parent.glob("*.cnnstudio") if each != file)


# Round trip


def test_a_project_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    file = saved(tmp_path / "새 프로젝트 🐶, 1")
    folder = opened(file.parent)
    assert folder.project == PROJECT
    assert folder.notices == ()
    assert not folder.read_only


def test_a_project_opens_by_its_file_too(tmp_path: Path) -> None:
    assert opened(saved(tmp_path / "p")).path == tmp_path / "p"


def test_the_file_is_readable_by_people(tmp_path: Path) -> None:
    content = json.loads(saved(tmp_path).read_text("utf-8"))
    assert content["schema_version"] == SCHEMA_VERSION
    assert content["training"]["epochs"] == 3
    assert "한글" in (tmp_path / FILE_NAME).read_text("utf-8")


def test_every_save_replaces_the_one_before(tmp_path: Path) -> None:
    folder = ProjectFolder.create(tmp_path / "p", Project())
    for epochs in (1, 2, 3):
        plan = folder.project.training.model_copy(update={"epochs": epochs})
        folder.save(folder.project.replacing(training=plan))
    folder.close()
    assert opened(tmp_path / "p").project.training.epochs == 3
    assert sorted(each.name for each in folder.path.iterdir()) == [".lock", FILE_NAME]


names = st.text(max_size=20)


@given(
    folders=st.lists(names, max_size=3, unique=True),
    layers=st.none() | st.lists(names, max_size=3),
    name=names,
    rate=st.floats(0, 1, exclude_min=True),
)
def test_any_plan_comes_back(
    tmp_path_factory: pytest.TempPathFactory,
    folders: list[str],
    layers: list[str] | None,
    name: str,
    rate: float,
) -> None:
    project = Project(
        name=name,
        # Full paths, as the window and the commands give them.
        pictures=PicturesPlan(folders=tuple(f"/no such folder/{each}" for each in folders)),
        network=NetworkPlan(trained_layers=None if layers is None else tuple(layers)),
        training=TrainingPlan(learning_rate=rate),
    )
    path = tmp_path_factory.mktemp("project")
    saved(path, project)
    assert opened(path).project == project


def test_a_folder_whose_name_is_no_unicode_comes_back(tmp_path: Path) -> None:
    folder = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9")
    project = Project(pictures=PicturesPlan(folders=(folder,)))
    saved(tmp_path / "p", project)
    assert opened(tmp_path / "p").project == project


def test_a_project_is_never_made_over_another(tmp_path: Path) -> None:
    before = saved(tmp_path).read_bytes()
    with pytest.raises(ProblemError) as caught:
        ProjectFolder.create(tmp_path, Project())
    assert refused(caught) == "project_exists"
    assert (tmp_path / FILE_NAME).read_bytes() == before


def test_where_there_is_no_project_this_is_said(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nowhere", tmp_path / FILE_NAME, tmp_path / ("x" * 300)):
        with pytest.raises(ProblemError) as caught:
            ProjectFolder.open(path)
        assert refused(caught) == "project_missing"


def test_a_project_cannot_be_made_where_a_file_stands(tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("")
    with pytest.raises(ProblemError) as caught:
        ProjectFolder.create(tmp_path / "a file" / "p", Project())
    assert refused(caught) == "cannot_write"


# Moved


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / "work" / "그림, 1"
    folder.mkdir(parents=True)
    return folder


def with_folder(folder: Path) -> Project:
    return Project(pictures=PicturesPlan(folders=(str(folder),)))


def test_moved_together_the_pictures_are_found_at_their_new_place(
    tmp_path: Path, pictures: Path
) -> None:
    saved(tmp_path / "work" / "p", with_folder(pictures))
    shutil.move(tmp_path / "work", tmp_path / "elsewhere")
    project = opened(tmp_path / "elsewhere" / "p").project
    assert project.pictures.folders == (str(tmp_path / "elsewhere" / pictures.name),)


def test_moved_alone_the_pictures_stay_where_they_are(tmp_path: Path, pictures: Path) -> None:
    saved(tmp_path / "work" / "p", with_folder(pictures))
    shutil.move(tmp_path / "work" / "p", tmp_path / "p")
    assert opened(tmp_path / "p").project == with_folder(pictures)


def test_pictures_inside_the_project_move_with_it(tmp_path: Path) -> None:
    inside = tmp_path / "p" / "pictures"
    inside.mkdir(parents=True)
    saved(tmp_path / "p", with_folder(inside))
    shutil.copytree(tmp_path / "p", tmp_path / "copy")
    project = opened(tmp_path / "copy").project
    assert project.pictures.folders == (str(tmp_path / "copy" / "pictures"),)


def test_pictures_that_are_away_keep_their_place(tmp_path: Path, pictures: Path) -> None:
    saved(tmp_path / "work" / "p", with_folder(pictures))
    pictures.rmdir()
    assert opened(tmp_path / "work" / "p").project == with_folder(pictures)


def test_pictures_on_another_drive_have_no_relative_place(
    tmp_path: Path, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def other_drive(path: str, start: Path) -> str:
        raise ValueError("path is on mount 'E:', start on mount 'C:'")

    monkeypatch.setattr("os.path.relpath", other_drive)
    saved(tmp_path / "p", with_folder(pictures))
    assert opened(tmp_path / "p").project == with_folder(pictures)


# Damaged


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\0" * 4096,
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b'{"schema_version": Infinity}',
        b'{"schema_version": NaN, "name": 3}',
        b'{"schema_version": ' + b"9" * 5000 + b"}",
        b'{"schema_version": [1], "pictures": [], "relative_folders": 3}',
        b'{"schema_version": 1, "pictures": {"folders": [[1]]}, "relative_folders": {}}',
    ],
)
def test_a_damaged_file_opens_as_new_and_is_kept_aside(tmp_path: Path, content: bytes) -> None:
    file = saved(tmp_path / "my project")
    file.write_bytes(content)
    folder = opened(file.parent)
    assert kinds(folder) == ["project_damaged"]
    assert folder.project == Project(name="my project")
    (copy,) = copies(file)
    assert copy.read_bytes() == content
    assert str(copy) in folder.notices[0].remedy


def test_a_file_cut_off_anywhere_is_kept_aside_and_never_a_crash(tmp_path: Path) -> None:
    file = saved(tmp_path / "p")
    whole = file.read_bytes()
    for length in range(0, len(whole) - 2, 97):
        file.write_bytes(whole[:length])
        assert kinds(opened(file.parent)) == ["project_damaged"]
        assert whole[:length] in {copy.read_bytes() for copy in copies(file)}


@pytest.mark.parametrize(
    ("chapter", "content"),
    [
        ("pictures", None),
        ("augmentation", {"rotation": float("nan")}),
        ("network", "vgg16"),
        ("training", {"epochs": [3]}),
        ("export", {"model": "worst"}),
    ],
)
def test_one_damaged_chapter_costs_only_itself(
    tmp_path: Path, chapter: str, content: object
) -> None:
    file = saved(tmp_path / "p")
    change(file, **{chapter: content})
    folder = opened(tmp_path / "p")
    assert kinds(folder) == ["project_damaged"]
    assert folder.project == PROJECT.replacing(**{chapter: Project().chapter(chapter)})


def test_one_damaged_field_costs_only_itself(tmp_path: Path) -> None:
    file = saved(tmp_path / "p")
    change(file, training={"epochs": 10**30, "batch_size": 8, "seed": "x", "speed": 3})
    folder = opened(tmp_path / "p")
    assert kinds(folder) == ["project_damaged"]
    assert folder.project.training == TrainingPlan(batch_size=8)
    assert folder.project.pictures == PROJECT.pictures


@pytest.mark.parametrize("missing", ["name", "network", "schema_version"])
def test_what_is_missing_is_as_new(tmp_path: Path, missing: str) -> None:
    file = saved(tmp_path / "p")
    content = json.loads(file.read_text("utf-8"))
    del content[missing]
    file.write_text(json.dumps(content))
    folder = opened(tmp_path / "p")
    assert kinds(folder) == ["project_damaged"]
    assert folder.project.training == PROJECT.training


def test_a_project_in_a_folder_with_a_very_long_name_opens_though_damaged(tmp_path: Path) -> None:
    file = saved(tmp_path / ("n" * 250))
    file.write_text("")
    assert opened(file.parent).project.name == "n" * 200


def test_the_same_damage_is_kept_once_and_another_besides(tmp_path: Path) -> None:
    file = saved(tmp_path)
    for content in ("{", "{", "[", "{"):
        file.write_text(content)
        opened(tmp_path)
    assert sorted(copy.read_text() for copy in copies(file)) == ["[", "{"]


def test_after_saving_a_damaged_project_opens_without_complaint(tmp_path: Path) -> None:
    file = saved(tmp_path)
    file.write_text("{")
    folder = ProjectFolder.open(tmp_path)
    folder.save(PROJECT)
    folder.close()
    assert opened(tmp_path).notices == ()
    assert [copy.read_text() for copy in copies(file)] == ["{"]


def test_without_room_for_the_copy_the_damaged_file_is_not_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = saved(tmp_path)
    file.write_text("{")

    def full_disk(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full_disk)
        folder = ProjectFolder.open(tmp_path)
    assert kinds(folder) == ["project_damaged", "project_read_only"]
    assert folder.read_only
    folder.save(PROJECT)
    assert file.read_text() == "{"
    assert copies(file) == []
    opened(tmp_path)  # and the lock was let go


def test_a_file_that_cannot_be_read_now_is_not_called_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = saved(tmp_path).read_bytes()

    def unplugged(path: Path, *arguments: object, **named: object) -> str:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_text", unplugged)
        with pytest.raises(ProblemError) as caught:
            ProjectFolder.open(tmp_path)
    assert refused(caught) == "project_unreadable"
    assert (tmp_path / FILE_NAME).read_bytes() == before
    assert not opened(tmp_path).read_only


def test_a_file_saved_by_a_windows_editor_opens(tmp_path: Path) -> None:
    file = saved(tmp_path)
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    folder = opened(tmp_path)
    assert folder.notices == ()
    assert folder.project == PROJECT


# Newer


@pytest.mark.parametrize("version", [SCHEMA_VERSION + 1, 10**100])
def test_a_newer_project_is_refused_untouched_with_a_copy(tmp_path: Path, version: int) -> None:
    file = saved(tmp_path)
    change(file, schema_version=version, network={"base": "of tomorrow"})
    before = file.read_bytes()
    for _ in range(2):
        with pytest.raises(ProblemError) as caught:
            ProjectFolder.open(tmp_path)
        assert refused(caught) == "project_newer"
    (copy,) = copies(file)
    assert copy.read_bytes() == file.read_bytes() == before
    assert str(copy) in caught.value.problem.remedy


# Full disk


@pytest.mark.parametrize("call", ["os.fsync", "os.replace"])
def test_a_full_disk_keeps_what_was_saved_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    folder = ProjectFolder.create(tmp_path, PROJECT)
    before = folder.file.read_bytes()

    def full(*arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(call, full)
        with pytest.raises(ProblemError) as caught:
            folder.save(Project())
    assert refused(caught) == "disk_full"
    assert folder.file.read_bytes() == before
    assert folder.project == PROJECT
    assert sorted(each.name for each in tmp_path.iterdir()) == [".lock", FILE_NAME]
    folder.save(Project())
    folder.close()
    assert opened(tmp_path).project == Project()


def test_a_full_disk_at_the_first_save_leaves_no_project_and_no_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*arguments: object) -> None:
        raise OSError(errno.EDQUOT, "Disk quota exceeded")

    with monkeypatch.context() as patch:
        patch.setattr("os.replace", full)
        with pytest.raises(ProblemError) as caught:
            ProjectFolder.create(tmp_path, PROJECT)
    assert refused(caught) == "disk_full"
    saved(tmp_path)


def test_a_drive_that_went_away_is_told_with_the_reason(tmp_path: Path) -> None:
    folder = ProjectFolder.create(tmp_path / "p", PROJECT)
    shutil.rmtree(tmp_path / "p")
    with pytest.raises(ProblemError) as caught:
        folder.save(Project())
    assert refused(caught) == "save_failed"
    assert "No such file" in caught.value.problem.message


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (OSError(errno.ENOSPC, "full"), "disk_full"),
        (PermissionError(errno.EACCES, "denied"), "cannot_write"),
        (OSError(), "cannot_write"),
    ],
)
def test_an_error_while_writing_makes_a_sentence(error: OSError, kind: str) -> None:
    problem = write_problem(error, Path("/a/b.keras"))
    assert problem.kind == kind
    assert problem.is_known


def test_changes_to_pictures_are_kept_and_move_with_the_project(tmp_path: Path) -> None:
    own = tmp_path / "p" / "own pictures" / "cat" / "1.jpg"
    own.parent.mkdir(parents=True)
    own.write_bytes(b"1")
    edits = PictureEdits().adding([str(own)], "cat").pinning([str(own)], "test")
    edits = edits.leaving_out([str(own)]).moving([str(own)], "dog")
    folder = ProjectFolder.create(tmp_path / "p", Project(edits=edits))
    folder.close()
    (tmp_path / "p").rename(tmp_path / "elsewhere")
    moved = ProjectFolder.open(tmp_path / "elsewhere")
    now = str(tmp_path / "elsewhere" / "own pictures" / "cat" / "1.jpg")
    assert moved.project.edits.added[0].path == now
    assert moved.project.edits.left_out == (now,)
    assert (moved.project.edits.pinned, moved.project.edits.moved) == (
        {now: "test"},
        {now: "dog"},
    )
    assert moved.notices == ()
    moved.close()
