"""What the health check found among the pictures, why it matters, and what one click can do.

Like a problem, a finding holds a kind and values; sentences are made where they are shown.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from cnnstudio.project.kinds.kind import Severity
from cnnstudio.project.picture_edits import PictureEdits
from cnnstudio.project.problems import Value
from cnnstudio.project.words import N_, say

RemedyKind = Literal["leave_out", "leave_out_copies", "move", "accept"]

Group = tuple[str, ...]


@dataclass(frozen=True)
class Remedy:
    """One thing to do about a finding. ``title`` is marked English; ``value`` a class."""

    kind: RemedyKind
    title: str
    value: str = ""


@dataclass(frozen=True)
class Finding:
    """One kind of thing that was found, with all pictures that it was found of.

    ``groups`` are pictures (full paths) that belong side by side; a single one where each is
    for itself; none where it is about classes. ``values`` go into the sentences.
    """

    kind: str
    groups: tuple[Group, ...] = ()
    values: Mapping[str, Value] = field(default_factory=dict)
