"""``cnnstudio`` opens a window where there is a display, else it says what it does instead."""

import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from cnnstudio import __main__ as door
from cnnstudio.cli import without_window
from cnnstudio.project.pictures import PicturesPlan
from cnnstudio.project.project import Project
from cnnstudio.project.project_folder import ProjectFolder


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Path | None, bool]]:
    """The windows that would have been opened."""
    windows: list[tuple[Path | None, bool]] = []
    fake = ModuleType("cnnstudio.ui.app")

    def run(project_path: Path | None, demo: bool) -> int:
        windows.append((project_path, demo))
        return 0

    fake.run = run  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "cnnstudio.ui.app", fake)
    monkeypatch.setattr(door, "why_no_display", lambda: "")
    return windows


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """The trainings that would have been run in the terminal."""
    trainings: list[tuple[Any, ...]] = []

    def train(*arguments: Any) -> int:
        trainings.append(arguments)
        return 0

    monkeypatch.setattr(without_window, "train", train)
    return trainings


@pytest.fixture
def no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    """A computer without a screen."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")


@pytest.mark.parametrize(
    ("arguments", "window"),
    [
        ([], (None, False)),
        (["--demo"], (None, True)),
        (["my project"], (Path("my project"), False)),
        (["my project", "--demo"], None),
    ],
)
def test_a_project_or_nothing_opens_the_window(
    arguments: list[str],
    window: tuple[Path | None, bool] | None,
    opened: list[tuple[Path | None, bool]],
) -> None:
    code = door.start(arguments)
    assert opened == ([window] if window else [])
    assert (code == 0) == bool(window)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["networks"], 0), (["--version"], 0), (["--help"], 0), (["trian"], 2), (["--demoo"], 2)],
)
def test_commands_and_misspelt_commands_open_no_window(
    arguments: list[str], code: int, opened: list[tuple[Path | None, bool]]
) -> None:
    assert door.start(arguments) == code
    assert opened == []


def test_a_folder_called_like_a_misspelt_command_is_a_project(
    opened: list[tuple[Path | None, bool]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "trains").mkdir()
    door.start(["trains"])
    assert opened == [(Path("trains"), False)]


@pytest.mark.usefixtures("no_display")
def test_without_a_display_it_says_so_and_what_can_be_done(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert door.start([]) == 1
    out = capsys.readouterr().out
    assert out.startswith("There is no display to open a window on.")
    assert "cnnstudio train " in out


@pytest.mark.usefixtures("no_display")
def test_without_a_display_the_demo_trains_on_samples_in_the_terminal(
    trained: list[tuple[Any, ...]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    samples = tmp_path / "samples"
    monkeypatch.setattr(without_window, "sample_pictures_folder", lambda on_progress: samples)
    assert door.start(["--demo"]) == 0
    project, runs, export_to, _, _ = trained[0]
    assert project.pictures.folders == (str(samples),)
    assert (runs, export_to) == (tmp_path / "cnnstudio-runs", tmp_path / "cats-and-dogs.keras")
    assert "in the terminal" in capsys.readouterr().out.splitlines()[0]


@pytest.mark.usefixtures("no_display")
def test_without_a_display_a_project_is_trained_in_the_terminal(
    trained: list[tuple[Any, ...]], tmp_path: Path
) -> None:
    plan = Project(pictures=PicturesPlan(folders=(str(tmp_path),)))
    ProjectFolder.create(tmp_path / "project", plan).close()
    assert door.start([str(tmp_path / "project")]) == 0
    project, runs, export_to, _, _ = trained[0]
    assert (project, runs, export_to) == (plan, tmp_path / "project" / "runs", None)


@pytest.mark.usefixtures("no_display")
def test_without_a_display_a_missing_project_is_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert door.start([str(tmp_path / "nothing")]) == 1
    assert "There is no project at" in capsys.readouterr().err


def test_a_library_that_cannot_be_loaded_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setitem(sys.modules, "PySide6.QtWidgets", None)
    assert "PySide6.QtWidgets" in door.why_no_display()


def test_the_door_itself_imports_nothing_heavy() -> None:
    code = (
        "import sys; import cnnstudio.__main__; "
        "print([name for name in ('typer', 'rich', 'PySide6', 'pydantic', 'numpy') "
        "if name in sys.modules])"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
