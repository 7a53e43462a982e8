"""What one kind of problem says."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True)
class ProblemKind:
    """The sentences of one kind of problem; ``{file}`` is the file's name, others are values."""

    message: str
    remedy: str
    severity: Severity = "error"
