"""Writing so that a file is whole at any moment."""

import errno
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnstudio.project.files import (
    is_file,
    read_json,
    write_json_atomically,
    write_text_atomically,
    written_atomically,
)


def names_in(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def full_disk(*arguments: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_the_new_text_is_there_and_nothing_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    write_text_atomically(file, "old")
    write_text_atomically(file, "새것 🐶\n")
    assert file.read_bytes() == "새것 🐶\n".encode()
    assert names_in(tmp_path) == ["plan.json"]


@pytest.mark.parametrize("call", ["os.fsync", "os.replace"])
def test_a_full_disk_leaves_the_old_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    file = tmp_path / "plan.json"
    write_text_atomically(file, "old")
    monkeypatch.setattr(call, full_disk)
    with pytest.raises(OSError, match="No space"):
        write_text_atomically(file, "new")
    assert file.read_text() == "old"
    assert names_in(tmp_path) == ["plan.json"]


def test_a_failure_in_the_middle_leaves_the_old_text(tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    write_text_atomically(file, "old")

    def write_half_and_fail() -> None:
        with written_atomically(file) as beside:
            beside.write_text("ne")
            raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError, match="in the middle"):
        write_half_and_fail()
    assert file.read_text() == "old"
    assert names_in(tmp_path) == ["plan.json"]


def test_the_file_beside_keeps_the_ending(tmp_path: Path) -> None:
    with written_atomically(tmp_path / "best.keras") as beside:
        assert beside.suffix == ".keras"
        beside.write_bytes(b"model")
    assert (tmp_path / "best.keras").read_bytes() == b"model"


def test_a_name_as_long_as_allowed_can_be_written(tmp_path: Path) -> None:
    file = tmp_path / ("가" * 83 + ".keras")
    assert len(file.name.encode()) == 255
    write_text_atomically(file, "model")
    assert file.read_text() == "model"


def test_a_scanner_that_holds_the_file_for_a_moment_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "plan.json"
    replace, refusals = os.replace, [PermissionError(), PermissionError()]

    def replace_at_the_third_time(source: Path, target: Path) -> None:
        if refusals:
            raise refusals.pop()
        replace(source, target)

    monkeypatch.setattr("os.replace", replace_at_the_third_time)
    monkeypatch.setattr("cnnstudio.project.files._WAITS_FOR_SCANNERS", True)
    write_text_atomically(file, "new")
    assert file.read_text() == "new"


def test_a_refusal_elsewhere_is_told_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def refuse(source: Path, target: Path) -> None:
        asked.append(target)
        raise PermissionError

    monkeypatch.setattr("os.replace", refuse)
    monkeypatch.setattr("cnnstudio.project.files._WAITS_FOR_SCANNERS", False)
    with pytest.raises(PermissionError):
        write_text_atomically(tmp_path / "plan.json", "new")
    assert len(asked) == 1


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(content=json_values)
def test_json_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, content: object
) -> None:
    file = tmp_path_factory.mktemp("json") / "content.json"
    write_json_atomically(file, content)
    assert read_json(file) == content


def test_a_file_name_that_is_no_unicode_comes_back(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.jpg")
    write_json_atomically(tmp_path / "content.json", {"file": name})
    assert read_json(tmp_path / "content.json") == {"file": name}
    (tmp_path / "content.json").read_bytes().decode("utf-8")  # and the file itself is Unicode


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff\xfe", b"\0" * 4096, b"[" * 100_000, b"9" * 5000],
    ids=["empty", "cut off", "no unicode", "zeros", "too deep", "too long a number"],
)
def test_what_is_no_json_is_a_value_error(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "content.json").write_bytes(content)
    with pytest.raises(ValueError):
        read_json(tmp_path / "content.json")


def test_the_mark_that_windows_editors_put_first_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "content.json").write_bytes(b'\xef\xbb\xbf{"a": 1}')
    assert read_json(tmp_path / "content.json") == {"a": 1}


@pytest.mark.parametrize("path", ["", "\0", "x" * 5000])
def test_asking_for_an_impossible_file_is_answered_with_no(path: str) -> None:
    assert not is_file(path)
