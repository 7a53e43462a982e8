"""The door: a window, or a command.

Spawned engines import this module again under another name, so it stays light: nothing of Qt,
Typer or TensorFlow at its top.
"""

import multiprocessing
import os
import sys
from pathlib import Path


def main() -> int:
    """What ``cnnstudio`` does; returns the exit code."""
    multiprocessing.freeze_support()
    return start(sys.argv[1:])


def start(arguments: list[str]) -> int:
    """Open the window for ``cnnstudio [PROJECT] [--demo]``, else carry out the command."""
    demo = "--demo" in arguments
    rest = [each for each in arguments if each != "--demo"]
    if len(rest) > 1 or (rest and (demo or not _is_for_window(rest[0]))):
        from cnnstudio.cli.commands import main as carry_out

        return carry_out(arguments)
    project = Path(rest[0]) if rest else None
    why_no_window = why_no_display()
    if why_no_window:
        return _without_window(project, demo, why_no_window)
    from cnnstudio.ui.app import run

    return run(project, demo)


def why_no_display() -> str:
    """Why no window can be opened here, as a sentence; empty where one can."""
    from cnnstudio.project.settings import load_settings
    from cnnstudio.project.words import say, use_language

    use_language(load_settings().language or None)
    chosen = os.environ.get("QT_QPA_PLATFORM")
    is_linux = sys.platform.startswith("linux")
    has_display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if is_linux and not has_display and not chosen:
        return say("There is no display to open a window on.")
    try:
        import PySide6.QtWidgets  # noqa: F401 (whether it loads is the question)
    except ImportError as error:
        return say("The window's library cannot be loaded ({reason}).", reason=error)
    if is_linux and not chosen and not os.environ.get("WAYLAND_DISPLAY"):
        return _why_no_x11()
    return ""


def _why_no_x11() -> str:
    """Qt ends the whole program where its X11 plugin lacks this library, so we ask before."""
    import ctypes

    from cnnstudio.project.words import say

    name = "libxcb-cursor.so.0"
    try:
        ctypes.CDLL(name)
    except OSError:
        return say(
            "The window needs {library}, which is missing; on Debian and Ubuntu {command} "
            "brings it.",
            library=name,
            command="'sudo apt install libxcb-cursor0'",
        )
    return ""


def _is_for_window(argument: str) -> bool:
    """Whether ``argument`` is a project rather than a command, an option or a misspelling."""
    if argument.startswith("-"):
        return False
    from cnnstudio.cli.names import COMMANDS

    if argument in COMMANDS:
        return False
    import difflib

    return Path(argument).exists() or not difflib.get_close_matches(argument, COMMANDS, 1, 0.7)


def _without_window(project: Path | None, demo: bool, why: str) -> int:
    from cnnstudio.cli import without_window

    if demo:
        return without_window.run_demo(why)
    if project is not None:
        return without_window.train_project(project, why)
    return without_window.tell_commands(why)


if __name__ == "__main__":
    sys.exit(main())
