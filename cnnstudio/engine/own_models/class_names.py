"""What the outputs of a model file are called: in the file, or in a list beside it."""

import json
import re
from pathlib import Path

from cnnstudio.engine.own_models.container import Container

LABELS = "labels.txt"
METADATA = "metadata.json"

_MOST_BYTES = 1024**2
_NUMBERED = re.compile(r"(\d+)\s+(\S.*)")


def class_names(container: Container) -> tuple[str, ...]:
    """The names in the order of the outputs, empty where nobody says.

    CNN Studio keeps them in the file, Teachable Machine beside it: in ``labels.txt`` (``0 cat``),
    or in the ``metadata.json`` of its files for web pages.
    """
    if container.class_names is not None:
        return _listed(container.class_names, "classes")
    folder = container.path.parent
    return _labels(_content(folder / LABELS)) or _listed(_content(folder / METADATA), "labels")


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            found = file.read(_MOST_BYTES + 1)
    except OSError:
        return b""
    return found if len(found) <= _MOST_BYTES else b""


def _labels(content: bytes) -> tuple[str, ...]:
    """A name a line; the numbers before them are taken away where all lines have theirs."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ()
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    numbered = [_NUMBERED.fullmatch(line) for line in lines]
    names = [
        found.group(2).strip()
        for number, found in enumerate(numbered)
        if found is not None and int(found.group(1)) == number
    ]
    return _different(names if len(names) == len(lines) else lines)


def _listed(content: bytes, key: str) -> tuple[str, ...]:
    try:
        found = json.loads(content)[key]
    except (ValueError, KeyError, TypeError, RecursionError):
        return ()
    return _different([str(name) for name in found]) if isinstance(found, list) else ()


def _different(names: list[str]) -> tuple[str, ...]:
    return tuple(names) if len(set(names)) == len(names) else ()
