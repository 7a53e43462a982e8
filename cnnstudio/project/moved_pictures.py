"""Pictures are kept by full paths and, beside them, by paths from the project's folder.

So a project opens after it was moved, with its pictures or without them.
"""

import os
from pathlib import Path
from typing import Any

from cnnstudio.project.project import Project


def places_to_keep(project: Project, folder: Path) -> dict[str, Any]:
    """What stands in the project file beside the plan: the places, seen from ``folder``."""
    places = [
        *project.pictures.folders,
        *sorted({os.path.dirname(each.path) for each in project.edits.added}),  # noqa: PTH120
    ]
    seen = {place: _relative(place, folder) for place in places}
    return {"relative_folders": {place: path for place, path in seen.items() if path is not None}}


def find_moved_pictures(content: dict[str, Any], folder: Path) -> None:
    """Point the places in a project file's ``content`` to where they are now."""
    relative = content.get("relative_folders")
    if not isinstance(relative, dict):
        return
    moved = {}
    for place, path in relative.items():
        if isinstance(path, str):
            present = os.path.normpath(folder / path)
            if present != place and os.path.exists(present):  # noqa: PTH110 (never raises)
                moved[place] = present
    pictures, edits = content.get("pictures"), content.get("edits")
    if isinstance(pictures, dict):
        for name in ("folders", "labels_in_names"):
            if isinstance(pictures.get(name), list):
                pictures[name] = [_present(each, moved) for each in pictures[name]]
    if isinstance(edits, dict):
        _find_moved_edits(edits, moved)


def _find_moved_edits(edits: dict[str, Any], moved: dict[str, str]) -> None:
    for name in ("moved", "pinned"):
        if isinstance(edits.get(name), dict):
            edits[name] = {_present(path, moved): value for path, value in edits[name].items()}
    if isinstance(edits.get("left_out"), list):
        edits["left_out"] = [_present(path, moved) for path in edits["left_out"]]
    for each in edits["added"] if isinstance(edits.get("added"), list) else ():
        if isinstance(each, dict):
            each["path"] = _present(each.get("path"), moved)


def _present(path: Any, moved: dict[str, str]) -> Any:
    """``path`` as it is now, if it is one of the ``moved`` places or lies in one."""
    if isinstance(path, str):
        for place, present in moved.items():
            if path == place or path.startswith(place.rstrip(os.sep) + os.sep):
                return present + path[len(place) :]
    return path


def _relative(path: str, folder: Path) -> str | None:
    """``path`` from ``folder``; none from one Windows drive to another."""
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:
        return None
