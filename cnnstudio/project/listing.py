"""Which picture is in which part: what was trained on, as plain rows."""

import csv
import io
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import cast, get_args

from cnnstudio.project.files import write_text_atomically
from cnnstudio.project.pictures import Part

_COLUMNS = ("path", "label", "part")


@dataclass(frozen=True)
class ListedPicture:
    """One picture: full path, class name, and the part it is in."""

    path: str
    label: str
    part: Part


@dataclass(frozen=True)
class PictureList:
    """Every picture of a run. ``classes`` in the order of the model's outputs."""

    classes: tuple[str, ...]
    pictures: tuple[ListedPicture, ...]

    def of_part(self, part: Part) -> tuple[ListedPicture, ...]:
        """The pictures of one part, in order."""
        return tuple(picture for picture in self.pictures if picture.part == part)

    def counts(self) -> dict[Part, Counter[str]]:
        """Number of pictures by part and class; not to be changed."""
        return self._counts

    @cached_property
    def _counts(self) -> dict[Part, Counter[str]]:
        found: dict[Part, Counter[str]] = {
            "training": Counter(),
            "validation": Counter(),
            "test": Counter(),
        }
        for picture in self.pictures:
            found[picture.part][picture.label] += 1
        return found

    def label_indices(self) -> list[int]:
        """The class of each picture as its place in ``classes``."""
        place = {name: index for index, name in enumerate(self.classes)}
        return [place[picture.label] for picture in self.pictures]

    def save(self, path: Path) -> None:
        """Write as CSV with the columns path, label, part."""
        text = io.StringIO()
        # With this end of line, a carriage return in a name is put into quotes.
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(_COLUMNS)
        writer.writerows((each.path, each.label, each.part) for each in self.pictures)
        write_text_atomically(path, text.getvalue())

    @classmethod
    def load(cls, path: Path, classes: tuple[str, ...]) -> "PictureList":
        """Read what :meth:`save` wrote.

        Raises:
            OSError: if there is no such file; ValueError: if it is something else.
        """
        try:
            with path.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
                heading, *rows = csv.reader(file)
                if tuple(heading) != _COLUMNS:
                    raise ValueError(f"Unknown columns {heading}")
                pictures = tuple(
                    ListedPicture(name, label, _part(part)) for name, label, part in rows
                )
        except csv.Error as error:
            raise ValueError(f"Not a list of pictures: {path}") from error
        if strangers := {each.label for each in pictures} - set(classes):
            raise ValueError(f"Unknown classes {sorted(strangers)}")
        return cls(classes, pictures)


def _part(text: str) -> Part:
    for part in get_args(Part):
        if part == text:
            return cast(Part, text)
    raise ValueError(f"Unknown part {text!r}")
