"""What is known of a picture before it is opened, and how names are put in order."""

import re
import unicodedata
from dataclasses import dataclass

from cnnstudio.project.pictures import Part

PART_NAMES: dict[str, Part] = {
    "train": "training",
    "training": "training",
    "val": "validation",
    "valid": "validation",
    "validation": "validation",
    "test": "test",
    "testing": "test",
}
"""Folders of these names one level above the classes are the parts (lower case)."""

_NUMBERS = re.compile(r"([0-9]{1,18})")


@dataclass(frozen=True, slots=True)
class FoundPicture:
    """A file with a picture's name; ``part`` where the folders say it.

    ``bytes`` are the picture's own, ``modified_ns`` is that of the archive it lies in, if any.
    """

    path: str
    label: str
    part: Part | None
    bytes: int
    modified_ns: int


def as_label(name: str) -> str:
    """A folder's name as class name: macOS writes '한글' in pieces, others in one."""
    return name if name.isascii() else unicodedata.normalize("NFC", name)


def natural_key(name: str) -> tuple[tuple[str | int, ...], str]:
    """Sorts 'class 2' before 'class 10', and large and small letters together."""
    pieces: list[str | int] = list(_NUMBERS.split(name.casefold()))
    pieces[1::2] = map(int, pieces[1::2])
    return tuple(pieces), name
