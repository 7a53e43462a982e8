"""The commands that need no engine: what they print for people and for programs."""

import json
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from cnnstudio import __version__
from cnnstudio.cli.commands import main
from cnnstudio.cli.names import COMMANDS
from cnnstudio.images.read import PICTURE_SUFFIXES
from cnnstudio.project.fields import all_fields


def last_object(text: str) -> Any:
    """What the last line of ``text`` says; every line before it must be an object as well."""
    return [json.loads(line) for line in text.splitlines()][-1]


def draw(folder: Path, count: int, suffix: str = ".png") -> Path:
    """Put ``count`` small pictures into ``folder``, no two of any folder the same."""
    folder.mkdir(parents=True)
    shade = zlib.crc32(str(folder).encode())
    for number in range(count):
        colour = (number, shade % 256, shade // 256 % 256)
        Image.new("RGB", (40, 30), colour).save(folder / f"{number}{suffix}")
    return folder


def test_the_settings_name_every_field_with_its_limits(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["settings"]) == 0
    out = capsys.readouterr().out
    for facts in all_fields():
        assert facts.path in out
    row = next(line for line in out.splitlines() if line.startswith("training.learning_rate"))
    assert "0.001" in row
    assert "more than 0 to 1" in row
    assert "\x1b" not in out


def test_the_settings_as_json_are_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["settings", "--json"]) == 0
    found = {each["name"]: each for each in last_object(capsys.readouterr().out)["settings"]}
    epochs = found["training.epochs"]
    assert (epochs["default"], epochs["low"], epochs["high"]) == (20, 1, 1000)
    assert found["network.pooling"]["choices"] == ["average", "max", "flatten"]


def test_the_networks_are_listed_with_their_widths(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["networks", "--json"]) == 0
    found = {each["name"]: each for each in last_object(capsys.readouterr().out)["networks"]}
    assert 0.35 in found["mobilenet_v2"]["widths"]
    assert main(["networks"]) == 0
    assert "vgg16" in capsys.readouterr().out


def test_version_and_help_name_the_program_and_its_commands(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"CNN Studio {__version__}\n"
    assert main(["--help"]) == 0
    out = capsys.readouterr().out
    for name in COMMANDS:
        assert name in out


def test_the_help_speaks_the_chosen_language(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cnnstudio.cli.commands.say", lambda message, **values: message.upper())
    assert main(["check", "--help"]) == 0
    assert "SHOW CLASSES AND COUNTS" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["settings"], ["networks"], ["check", "."], ["train", "."]])
def test_commands_without_an_engine_import_neither_tensorflow_nor_qt(
    arguments: list[str], tmp_path: Path
) -> None:
    code = (
        "import sys; from cnnstudio.cli.commands import main; main(sys.argv[1:]); "
        "print([name for name in sys.modules if name.split('.')[0] in "
        "('tensorflow', 'keras', 'PySide6')])"
    )
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_good_folder_is_checked_with_its_counts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    draw(tmp_path / "고양이 cats", 21)
    draw(tmp_path / "dogs 🐶", 20)
    assert main(["check", str(tmp_path), "--json"]) == 0
    found = last_object(capsys.readouterr().out)
    assert found["classes"] == {"dogs 🐶": 20, "고양이 cats": 21}
    assert found["problems"] == found["findings"] == []
    assert main(["check", str(tmp_path)]) == 0
    captured = capsys.readouterr()
    assert "고양이 cats" in captured.out
    assert "Ready" in captured.out
    assert captured.err == ""


def test_a_check_shows_the_parts_of_a_sorted_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for part, count in (("train", 20), ("test", 3)):
        for name in ("cat", "dog"):
            draw(tmp_path / part / name, count)
    assert main(["check", str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["Class", "Usable", "pictures", "Training", "Validation", "Test"]
    assert lines[1].split() == ["cat", "23", "16", "4", "3"]


def test_broken_files_are_named_and_do_not_stand_in_the_way(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    draw(tmp_path / "cat", 20)
    (tmp_path / "cat" / "notes [draft].jpg").write_text("no picture")
    draw(tmp_path / "dog", 20)
    assert main(["check", str(tmp_path), "--json"]) == 0
    found = last_object(capsys.readouterr().out)
    assert found["classes"] == {"cat": 20, "dog": 20}
    assert [set(each) for each in found["problems"]] == [{"file", "kind", "message", "remedy"}]
    assert found["problems"][0]["file"] == str(tmp_path / "cat" / "notes [draft].jpg")
    assert main(["check", str(tmp_path)]) == 0
    assert str(tmp_path / "cat" / "notes [draft].jpg") in capsys.readouterr().out


def test_every_messy_file_is_named_or_counted(
    test_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["check", str(test_data / "messy"), "--json"])
    found = last_object(capsys.readouterr().out)
    every = (test_data / "messy").glob("*/*")
    files = [path for path in every if path.is_file() and path.suffix.lower() in PICTURE_SUFFIXES]
    named = {each["file"] for each in found["problems"] if each["file"]}
    assert sum(found["classes"].values()) + len(named) == len(files)
    assert all(each["message"] and each["remedy"] for each in found["problems"])


def test_samples_are_drawn_where_they_are_wanted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "my samples"
    assert main(["samples", str(folder), "--per-class", "2", "--json"]) == 0
    assert last_object(capsys.readouterr().out) == {
        "folder": str(folder),
        "classes": {"cat": 2, "dog": 2},
    }
    assert len(list(folder.glob("*/*.jpg"))) == 4


def test_samples_that_cannot_be_written_are_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert main(["samples", str(tmp_path / "file"), "--json"]) == 1
    captured = capsys.readouterr()
    found = last_object(captured.out)
    assert "cannot be written" in found["error"]
    assert found["remedy"] in captured.err
