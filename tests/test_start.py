"""The two commands of the README: what they say where they cannot work, and what they pass on."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

FILE = Path(__file__).resolve().parent.parent / "packaging" / "start.py"


@pytest.fixture
def start(tmp_path: Path) -> ModuleType:
    """The script as a module, in a checkout of its own."""
    spec = importlib.util.spec_from_file_location("start", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.CHECKOUT = tmp_path
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "cnnstudio"\n')
    return module


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    """An empty virtual environment without pip."""
    folder = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    return folder


def python_of(environment: Path) -> str:
    return str(environment / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python"))


@pytest.mark.parametrize("version", [(2, 7), (3, 6), (3, 10), (3, 14)])
def test_a_wrong_python_is_told_which_ones_are_right(
    start: ModuleType, version: tuple[int, int]
) -> None:
    told = start.why_unfit(version, 64, "Linux", "x86_64")
    assert f"this is Python {version[0]}.{version[1]}" in told
    assert "3.11, 3.12 or 3.13" in told
    assert "python3.12 packaging/start.py" in told
    assert "py -3.12 packaging\\start.py" in start.why_unfit(version, 64, "Windows", "AMD64")


@pytest.mark.parametrize("version", [(3, 11), (3, 12, 1, "final", 0), (3, 13)])
@pytest.mark.parametrize(
    ("system", "machine"), [("Linux", "x86_64"), ("Darwin", "arm64"), ("Windows", "AMD64")]
)
def test_a_right_python_is_fit(
    start: ModuleType, version: tuple[int, ...], system: str, machine: str
) -> None:
    assert start.why_unfit(version, 64, system, machine) == ""


def test_a_python_of_32_bits_or_for_intel_macs_is_told_why(start: ModuleType) -> None:
    assert "64-bit" in start.why_unfit((3, 12), 32, "Windows", "x86")
    assert "Apple silicon" in start.why_unfit((3, 12), 64, "Darwin", "x86_64")


def test_the_file_can_be_read_by_old_pythons() -> None:
    compile(FILE.read_text(encoding="utf-8"), str(FILE), "exec", dont_inherit=True)
    import ast

    ast.parse(FILE.read_text(encoding="utf-8"), feature_version=(3, 6))


def test_a_missing_module_names_the_package_that_brings_it(
    start: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(start.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(start.CannotStartError, match=r"sudo apt install python3\.\d+-venv"):
        start.make_environment(tmp_path / ".venv")
    assert not (tmp_path / ".venv").exists()


def test_an_environment_that_cannot_be_made_is_told_with_the_reason(
    start: ModuleType, tmp_path: Path
) -> None:
    (tmp_path / "a file").write_text("")
    with pytest.raises(start.CannotStartError, match="could not be made"):
        start.make_environment(tmp_path / "a file" / ".venv")


def test_a_broken_python_is_not_fit(start: ModuleType, tmp_path: Path) -> None:
    assert start.is_fit(Path(sys.executable))
    assert not start.is_fit(tmp_path / "nowhere")
    (tmp_path / "no program").write_text("")
    assert not start.is_fit(tmp_path / "no program")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Failed to establish a new connection: [Errno -2] Name or service not known", "internet"),
        ("[Errno 11001] getaddrinfo failed", "internet"),
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("error: metadata-generation-failed", "pip says why"),
    ],
)
def test_a_failed_installation_says_what_to_do_and_what_pip_said(
    start: ModuleType, line: str, told: str
) -> None:
    sentence = start.why_not_installed(["Collecting tensorflow", line])
    assert told in sentence
    assert line in sentence


def test_without_pip_this_is_said(
    start: ModuleType, environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(start.subprocess, "call", lambda *command, **options: 1)
    with pytest.raises(start.CannotStartError, match="There is no pip"):
        start.install(python_of(environment), with_tests=False)


@pytest.fixture
def installations(start: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was installed, by a pip that only notes it."""
    done: list[str] = []

    def note(command: list[str]) -> tuple[int, list[str]]:
        done.append(command[-1])
        return 0, []

    monkeypatch.setattr(start, "run_showing_progress", note)
    monkeypatch.setattr(start, "is_importable", lambda python, *names: True)
    return done


def test_what_is_installed_and_unchanged_is_not_installed_again(
    start: ModuleType, environment: Path, installations: list[str]
) -> None:
    python = python_of(environment)
    start.install(python, with_tests=True)
    start.install(python, with_tests=True)
    start.install(python, with_tests=False)
    assert installations == [".[test]"]


def test_what_the_tests_need_is_installed_when_they_are_wanted(
    start: ModuleType, environment: Path, installations: list[str]
) -> None:
    python = python_of(environment)
    start.install(python, with_tests=False)
    start.install(python, with_tests=True)
    assert installations == [".", ".[test]"]


def test_other_dependencies_or_another_place_are_installed_again(
    start: ModuleType, tmp_path: Path, environment: Path, installations: list[str]
) -> None:
    python = python_of(environment)
    start.install(python, with_tests=False)
    with (tmp_path / "pyproject.toml").open("a") as file:
        file.write('dependencies = ["numpy"]\n')
    start.install(python, with_tests=False)
    stamp = environment / start.STAMP_NAME
    stamp.write_text(json.dumps(json.loads(stamp.read_text()) | {"checkout": "/moved"}))
    start.install(python, with_tests=False)
    stamp.write_text("{")
    start.install(python, with_tests=False)
    assert len(installations) == 4


def test_a_failed_installation_is_tried_again(
    start: ModuleType, environment: Path, installations: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    python = python_of(environment)
    with monkeypatch.context() as patch:
        patch.setattr(start, "run_showing_progress", lambda command: (1, ["no"]))
        with pytest.raises(start.CannotStartError):
            start.install(python, with_tests=False)
    start.install(python, with_tests=False)
    assert installations == ["."]


@pytest.mark.parametrize("code", [0, 1, 5])
def test_the_exit_code_is_passed_through(start: ModuleType, code: int) -> None:
    assert start.run([sys.executable, "-c", f"raise SystemExit({code})"]) == code


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_child_ended_by_a_signal_is_told_as_shells_do(start: ModuleType) -> None:
    command = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    assert start.run([sys.executable, "-c", command]) == 128 + 9


@pytest.mark.parametrize(
    ("arguments", "command"),
    [
        ([], ["-m", "cnnstudio", "--demo"]),
        (["run"], ["-m", "cnnstudio"]),
        (["run", "my project"], ["-m", "cnnstudio", "my project"]),
        (["test"], ["-m", "pytest", "-n", "2", "--dist", "worksteal"]),
        (["test", "-k", "a b"], ["-m", "pytest", "-k", "a b"]),
    ],
)
def test_further_arguments_are_passed_on(
    start: ModuleType, monkeypatch: pytest.MonkeyPatch, arguments: list[str], command: list[str]
) -> None:
    ran: list[list[str]] = []

    def note(command: list[str], folder: Path | None = None) -> int:
        ran.append(command)
        return 7

    monkeypatch.setattr(start, "environment_python", lambda: "python")
    monkeypatch.setattr(start, "install", lambda python, with_tests: None)
    monkeypatch.setattr(start, "options_without_qt", lambda python: [])
    monkeypatch.setattr(start, "run", note)
    assert start.main(arguments) == 7
    assert ran == [["python", *command]]


def test_an_unknown_command_is_told(start: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert start.main(["tset"]) == 2
    assert "no command 'tset'" in capsys.readouterr().err


def test_what_cannot_start_ends_with_a_sentence(
    start: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse() -> str:
        raise start.CannotStartError("Install another Python.")

    monkeypatch.setattr(start, "environment_python", refuse)
    assert start.main([]) == 1
    assert capsys.readouterr().err.strip() == "Install another Python."


def test_where_qt_cannot_be_loaded_pytest_runs_without_its_plugin(
    start: ModuleType, environment: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert start.options_without_qt(python_of(environment)) == ["-p", "no:pytest-qt"]
    assert "No module named 'PySide6'" in capsys.readouterr().out


def test_missing_system_libraries_name_the_packages_that_bring_them(
    start: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(start.sys, "platform", "linux")
    monkeypatch.setattr(start, "is_loadable", lambda name: name != "libEGL.so.1")
    start.warn_of_missing_libraries("test")
    told = capsys.readouterr().err
    assert "libEGL.so.1" in told
    assert "sudo apt install libegl1\n" in told
    monkeypatch.setattr(start, "is_loadable", lambda name: True)
    start.warn_of_missing_libraries("demo")
    assert capsys.readouterr().err == ""


def test_the_output_of_a_long_command_is_kept(start: ModuleType) -> None:
    code, lines = start.run_showing_progress(
        [sys.executable, "-c", "print('one'); print('둘'); raise SystemExit(3)"]
    )
    assert (code, lines[0], len(lines)) == (3, "one", 2)
