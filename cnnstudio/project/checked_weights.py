"""What was found in a weights file that was looked into."""

from dataclasses import dataclass
from typing import Literal

from cnnstudio.project.problems import Problem

Checksum = Literal["right", "wrong", "not_published"]


@dataclass(frozen=True)
class CheckedFile:
    """A weights file that was looked into.

    ``size`` in bytes. ``network`` is the key of the row whose file has this name (empty: none),
    ``width`` and ``title`` belong to it. ``problem`` is a note for a name that nobody asks for.
    """

    path: str
    size: int
    network: str
    title: str
    width: float
    checksum: Checksum
    problem: Problem | None = None

    @property
    def is_right(self) -> bool:
        """Whether nothing stands in the way of using it."""
        return self.problem is None or self.problem.severity != "error"
