"""Both streams of the process in a run's log."""

import os
import sys
from pathlib import Path

import pytest

from cnnstudio.engine.log import printed_to


def test_python_and_c_code_print_into_the_log_and_back_again(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "log.txt"
    log.write_text("before\n")
    with printed_to(log):
        print("plain 한국어")
        print("to the other stream", file=sys.stderr)
        os.write(1, b"below Python\n")
        os.write(2, b"errors below Python\n")
    print("afterwards")
    assert log.read_text(encoding="utf-8").splitlines() == [
        "before",
        "plain 한국어",
        "to the other stream",
        "below Python",
        "errors below Python",
    ]
    assert capfd.readouterr().out == "afterwards\n"


def test_an_error_inside_gives_the_streams_back(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(KeyError), printed_to(tmp_path / "log.txt"):
        raise KeyError
    os.write(1, b"here")
    assert capfd.readouterr().out == "here"


def test_a_log_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError), printed_to(tmp_path / "absent" / "log.txt"):
        pass
