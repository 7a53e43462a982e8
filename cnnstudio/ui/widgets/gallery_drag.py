"""Pictures of the project on their way from one widget to another."""

from collections.abc import Sequence

from PySide6.QtCore import QMimeData

PICTURES_MIME = "application/x-cnnstudio-pictures"
"""Full paths, one a line, in UTF-8."""


def mime_of(paths: Sequence[str]) -> QMimeData:
    """What a drag of these pictures carries."""
    mime = QMimeData()
    mime.setData(PICTURES_MIME, "\n".join(paths).encode("utf-8", "surrogateescape"))
    return mime


def pictures_in(mime: QMimeData) -> list[str]:
    """The paths that :func:`mime_of` put in; none if it is something else."""
    if not mime.hasFormat(PICTURES_MIME):
        return []
    text = bytes(mime.data(PICTURES_MIME).data()).decode("utf-8", "surrogateescape")
    return [path for path in text.split("\n") if path]
