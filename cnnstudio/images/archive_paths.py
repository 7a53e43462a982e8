"""Pictures inside archives have a natural path that leads through the archive.

``/a/pets.zip/cat/1.jpg`` is a file in a ZIP, ``/a/mnist.npz/x_train/00017`` a row of an array, and
``/a/train-images-idx3-ubyte.gz/00017`` a row of an IDX file, as MNIST came in.
"""

import os
import re
from dataclasses import dataclass

from cnnstudio.project.problems import Problem, ProblemError

_IDX = r"[-.]idx[34]-ubyte(?:\.gz)?"
_ARCHIVE_NAME = re.compile(rf"(?:\.zip|\.npz|{_IDX})$", re.IGNORECASE)
_IDX_NAME = re.compile(rf"{_IDX}$", re.IGNORECASE)
_THROUGH_ARCHIVE = re.compile(
    rf"(?:\.zip|\.npz|{_IDX})(?=[{re.escape(os.sep + (os.altsep or ''))}])", re.IGNORECASE
)


@dataclass(frozen=True)
class Inside:
    """A place in an archive; ``member`` has "/" between its parts on every system."""

    archive: str
    member: str

    @property
    def path(self) -> str:
        """The natural path."""
        return f"{self.archive}{os.sep}{self.member.replace('/', os.sep)}"


def inside(path: str) -> Inside | None:
    """The place in an archive that ``path`` leads to.

    None for an ordinary path, for one through a folder that is called like an archive, and where
    the archive is not there.
    """
    for found in _THROUGH_ARCHIVE.finditer(path):
        archive = path[: found.end()]
        if os.path.isfile(archive):  # noqa: PTH113 (many thousand times)
            return Inside(archive, path[found.end() :].replace(os.sep, "/").strip("/"))
    return None


def is_archive(path: str) -> bool:
    """Whether ``path`` is a file with the name of an archive that pictures can be read from."""
    return bool(_ARCHIVE_NAME.search(path)) and os.path.isfile(path)  # noqa: PTH113


def is_zip(archive: str) -> bool:
    """Whether the name says that it holds files, and not arrays."""
    return archive.lower().endswith(".zip")


def is_idx(archive: str) -> bool:
    """Whether the name is that of an IDX file with pictures."""
    return bool(_IDX_NAME.search(archive))


def home_of(path: str) -> str:
    """The folder or archive that a picture lies in, whether it is there or not."""
    for found in _THROUGH_ARCHIVE.finditer(path):
        if not os.path.isdir(path[: found.end()]):  # noqa: PTH112
            return path[: found.end()]
    return os.path.dirname(path)  # noqa: PTH120


def file_state(path: str) -> tuple[int, int, bool] | None:
    """Bytes, time of change (ns), whether it may be read: by which a change is noticed.

    Of the archive for what lies inside of one; None if it is not there.
    """
    place = inside(path)
    file = place.archive if place else path
    try:
        facts = os.stat(file)  # noqa: PTH116 (many thousand times)
    except (OSError, ValueError):
        return None
    return facts.st_size, facts.st_mtime_ns, os.access(file, os.R_OK)


def refused(kind: str, path: str, **values: str | int | float) -> ProblemError:
    """The problem ``kind`` of the archive, or the picture in one, at ``path``."""
    return ProblemError(Problem(kind, "pictures", path, values))
