"""Install CNN Studio from this checkout and start it, with nothing but Python at hand.

    python packaging/start.py               the window with the demo
    python packaging/start.py run ...       the program, with arguments of your own
    python packaging/start.py test ...      all tests; further arguments go to pytest
    python packaging/start.py install       only install, with what the tests need

Inside a virtual environment it installs there, otherwise into '.venv' in this folder, which it
makes. What is installed already and unchanged is not installed again.

The file is read by old Pythons too, to tell them so: nothing newer than Python 3.6 in it.
"""

import contextlib
import ctypes
import hashlib
import importlib.util
import json
import os
import platform
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
OLDEST, NEWEST = (3, 11), (3, 13)
STAMP_NAME = "cnnstudio-installed.json"
STILL_WORKING_SECONDS = 20

# What Qt loads from the system, and the Debian package that brings it.
QT_NEEDS = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
}
QT_NEEDS_FOR_X11 = {
    "libpulse.so.0": "libpulse0",  # the webcam
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}

# All tests are run by two processes; chosen ones by one, which begins sooner.
TWO_AT_A_TIME = ["-n", "2", "--dist", "worksteal"]

NO_NETWORK_SIGNS = (
    "Failed to establish a new connection",
    "NewConnectionError",
    "NameResolutionError",
    "ConnectTimeoutError",
    "Temporary failure in name resolution",
    "getaddrinfo failed",
    "nodename nor servname",
    "Network is unreachable",
    "ProxyError",
    "Read timed out",
)


class CannotStartError(Exception):
    """Its text says what is wrong and what to do."""


def main(arguments: list) -> int:
    """Install what is missing and run the command; the exit code is the program's own."""
    command, rest = (arguments[0], arguments[1:]) if arguments else ("demo", [])
    if command in ("-h", "--help"):
        print(__doc__.strip())
        return 0
    if command not in ("demo", "run", "test", "install"):
        print(f"There is no command '{command}'. There are: run, test, install.", file=sys.stderr)
        return 2
    try:
        python = environment_python()
        install(python, with_tests=command in ("test", "install"))
    except CannotStartError as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    warn_of_missing_libraries(command)
    if command == "demo":
        return run([python, "-m", "cnnstudio", "--demo"])
    if command == "run":
        return run([python, "-m", "cnnstudio", *rest])
    if command == "test":
        options = [*options_without_qt(python), *(rest or TWO_AT_A_TIME)]
        return run([python, "-m", "pytest", *options], CHECKOUT)
    return 0


def why_unfit(version: tuple, bits: int, system: str, machine: str) -> str:
    """Why this Python cannot run the program, with the remedy; empty if it can."""
    if not OLDEST <= tuple(version[:2]) <= NEWEST:
        return (
            "CNN Studio needs Python 3.11, 3.12 or 3.13; this is Python {}.{}.\n"
            "Install one of those and start this file with it, for example: {}".format(
                version[0],
                version[1],
                "py -3.12 packaging\\start.py"
                if system == "Windows"
                else "python3.12 packaging/start.py",
            )
        )
    if bits < 64:
        return "CNN Studio needs a 64-bit Python; this one has 32 bits. Install the 64-bit one."
    if system == "Darwin" and machine == "x86_64":
        return (
            "This Python is made for Intel processors; on macOS, TensorFlow is made for Apple "
            "silicon only.\nOn a Mac with Apple silicon, install a Python made for it."
        )
    return ""


def environment_python() -> str:
    """The Python of the virtual environment in use, or of '.venv', which is made if need be."""
    problem = why_unfit(
        sys.version_info, 64 if sys.maxsize > 2**32 else 32, platform.system(), platform.machine()
    )
    if sys.prefix != sys.base_prefix:
        if problem:
            raise CannotStartError(problem)
        return sys.executable
    folder = CHECKOUT / ".venv"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if is_fit(python):
        return str(python)
    if problem:
        raise CannotStartError(problem)
    make_environment(folder)
    return str(python)


def is_fit(python: Path) -> bool:
    """Whether there is a Python at ``python`` that runs and is of the right version."""
    question = "import sys; sys.exit(not ({!r} <= sys.version_info[:2] <= {!r}))"
    try:
        return subprocess.call([str(python), "-c", question.format(OLDEST, NEWEST)]) == 0
    except OSError:
        return False


def make_environment(folder: Path) -> None:
    """Make a virtual environment in ``folder``; one that no longer works is made again."""
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    lacking = [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]
    if lacking:
        raise CannotStartError(
            f"This Python has no module '{lacking[0]}', so it cannot make a virtual environment.\n"
            f"On Debian and Ubuntu: sudo apt install python{version}-venv   (or python3-venv)"
        )
    print(f"Making a virtual environment in {folder}", flush=True)
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    if made.returncode:
        raise CannotStartError(
            f"The virtual environment could not be made:\n{made.stdout.strip()}\n"
            "Move this folder to a place where you may write, and start again."
        )


def install(python: str, with_tests: bool) -> None:
    """Install this checkout into the environment of ``python``, unless that is done already."""
    stamp = Path(python).parent.parent / STAMP_NAME
    wanted = {
        "checkout": str(CHECKOUT),
        "pyproject": hashlib.sha256((CHECKOUT / "pyproject.toml").read_bytes()).hexdigest(),
        "tests": with_tests,
    }
    with contextlib.suppress(OSError, ValueError):
        present = json.loads(stamp.read_text(encoding="utf-8"))
        is_enough = present in (wanted, dict(wanted, tests=True))
        if is_enough and is_importable(python, "cnnstudio", "tensorflow", "PySide6"):
            return
    if not is_importable(python, "pip"):
        ensured = subprocess.call([python, "-m", "ensurepip"], stdout=subprocess.DEVNULL)
        if ensured != 0:
            raise CannotStartError(
                f"There is no pip in {stamp.parent}, and it could not be put there.\n"
                "Make a new virtual environment, or leave it and start again: one is made then."
            )
    print(f"Installing CNN Studio into {stamp.parent}", flush=True)
    print("The first time this takes some minutes: TensorFlow is large.", flush=True)
    started = time.monotonic()
    target = ".[test]" if with_tests else "."
    pip = [python, "-m", "pip", "--disable-pip-version-check", "--no-input"]
    code, output = run_showing_progress([*pip, "install", "--progress-bar", "off", "-e", target])
    if code:
        raise CannotStartError(why_not_installed(output))
    with contextlib.suppress(OSError):
        stamp.write_text(json.dumps(wanted), encoding="utf-8")
    print(f"Installed in {time.monotonic() - started:.0f} s.", flush=True)


def is_importable(python: str, *names: str) -> bool:
    """Whether the modules can be found (not whether they load) by ``python``."""
    question = "import importlib.util as i, sys; sys.exit(None in map(i.find_spec, sys.argv[1:]))"
    # Not from the checkout: the package would be found beside pyproject.toml, installed or not.
    return subprocess.call([python, "-c", question, *names], cwd=str(Path(python).parent)) == 0


def run_showing_progress(command: list) -> tuple:
    """Run ``command`` in the checkout, telling what it does; its exit code and its output."""
    child = subprocess.Popen(
        command,
        cwd=str(CHECKOUT),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env=dict(os.environ, PIP_USER="0"),
    )
    lines = []
    reader = threading.Thread(target=lines.extend, args=(child.stdout,), daemon=True)
    reader.start()
    is_terminal = sys.stdout.isatty()
    started = told = time.monotonic()
    try:
        while reader.is_alive():
            reader.join(0.5)
            now = time.monotonic()
            if not is_terminal and now - told < STILL_WORKING_SECONDS:
                continue
            told = now
            text = "  {:4.0f} s  {}".format(now - started, lines[-1].strip() if lines else "")
            print("\r" + text[:76].ljust(76) if is_terminal else text[:100], end="", flush=True)
            if not is_terminal:
                print(flush=True)
        child.wait()
        child.stdout.close()
    except KeyboardInterrupt:
        child.terminate()
        child.wait()
        raise CannotStartError("Stopped. Start again to go on with the installation.") from None
    if is_terminal:
        print("\r" + " " * 76 + "\r", end="", flush=True)
    return child.returncode, [line.rstrip() for line in lines]


def why_not_installed(lines: list) -> str:
    """What pip's output means to a person."""
    text = "\n".join(lines)
    told = "\n".join("  " + line for line in lines[-12:])
    if any(sign in text for sign in NO_NETWORK_SIGNS):
        return (
            f"{told}\n\nThe packages could not be fetched: there is no connection to the internet."
            "\nConnect (or set the proxy that your network wants) and start again."
        )
    if "No space left on device" in text or "Errno 28" in text:
        return f"{told}\n\nThe disk is full. About 3 GB are needed; make room and start again."
    return f"{told}\n\nThe installation failed; pip says why above."


def warn_of_missing_libraries(command: str) -> None:
    """On Linux, name the system libraries that Qt will miss, and the packages that bring them."""
    if not sys.platform.startswith("linux"):
        return
    needs = dict(QT_NEEDS)
    if command in ("demo", "run") and os.environ.get("DISPLAY"):
        needs.update(QT_NEEDS_FOR_X11)
    missing = {name: package for name, package in needs.items() if not is_loadable(name)}
    if missing:
        print(
            "Qt will miss system libraries: {}.\nOn Debian and Ubuntu: sudo apt install {}".format(
                ", ".join(missing), " ".join(missing.values())
            ),
            file=sys.stderr,
            flush=True,
        )


def is_loadable(library: str) -> bool:
    """Whether the system finds ``library``."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def options_without_qt(python: str) -> list:
    """Options with which pytest runs where Qt cannot be loaded; none where it can.

    There pytest-qt would end the whole run; without it, 'tests/conftest.py' skips the tests of
    the window and says so.
    """
    tried = subprocess.run(
        [python, "-c", "import PySide6.QtTest, PySide6.QtWidgets"],
        cwd=str(CHECKOUT),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
    )
    if tried.returncode == 0:
        return []
    reason = (tried.stderr.strip().splitlines() or ["no reason given"])[-1]
    print(f"Qt cannot be loaded here ({reason}): the tests of the window are skipped.", flush=True)
    return ["-p", "no:pytest-qt"]


def run(command: list, folder: Path = None) -> int:  # noqa: RUF013 (for old Pythons)
    """Run ``command`` to its end; Ctrl+C is left to it."""
    child = subprocess.Popen(command, cwd=None if folder is None else str(folder))
    while True:
        try:
            code = child.wait()
        except KeyboardInterrupt:
            continue
        # A child ended by a signal has a negative code; shells say 128 + signal.
        return 128 - code if code < 0 else code


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
