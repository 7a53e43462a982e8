"""The pictures of a run as they are trained on: three parts of one memory-mapped file."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from cnnstudio.engine.talk import Send, ShouldStop
from cnnstudio.images.archive_paths import home_of
from cnnstudio.images.store import PreparedPictures, prepare_pictures
from cnnstudio.project.listing import PictureList
from cnnstudio.project.pictures import Part as PartName
from cnnstudio.project.pictures import PicturesPlan
from cnnstudio.project.problems import Problem, ProblemError
from cnnstudio.protocol import PictureLeftOut, Progress

Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Part:
    """One part: ``rows`` of ``pixels`` (N, size, size, 3), RGB 0..255, with the class of each as
    its index and the file behind it. Nothing is copied until a batch is taken."""

    pixels: Pixels
    rows: npt.NDArray[np.int64]
    labels: npt.NDArray[np.int64]
    files: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.rows)

    def take(self, begin: int, count: int) -> Pixels:
        """``count`` pictures from ``begin`` on, in order."""
        return np.asarray(self.pixels[self.rows[begin : begin + count]])


@dataclass(frozen=True)
class Parts:
    """All three; ``test`` may be empty, the other two are not."""

    training: Part
    validation: Part
    test: Part


@dataclass(frozen=True)
class Validation:
    """Files of the validation pictures and the class of each as its index."""

    files: tuple[str, ...]
    labels: npt.NDArray[np.int64]


def prepare_parts(
    listing: PictureList, plan: PicturesPlan, send: Send, should_stop: ShouldStop
) -> Parts:
    """Read all pictures once; tell of those that cannot be read and leave them out.

    Raises:
        ProblemError: where too little is left to train on.
        InterruptedError: when ``should_stop`` says so.
    """
    prepared = prepare_pictures(
        [picture.path for picture in listing.pictures],
        plan.size,
        plan.fit,
        on_progress=lambda done, total: send(Progress("pictures", done, total)),
        should_stop=should_stop,
    )
    for _, problem in sorted(prepared.problems.items()):
        send(PictureLeftOut(problem))
    _check_none_vanished(prepared.problems)
    parts = Parts(*(_part(listing, prepared, name) for name in ("training", "validation", "test")))
    _check_enough_left(listing, parts)
    return parts


def pictures_mark(parts: Parts) -> str:
    """The same for the same pictures of the same classes in the same parts and order."""
    digest = hashlib.blake2b(digest_size=16)
    for part in (parts.training, parts.validation, parts.test):
        digest.update(f"{len(part)} {part.pixels.shape[1:]}\n".encode())
        for file, label in zip(part.files, part.labels, strict=True):
            digest.update(f"{label} {Path(file).name}\n".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def _part(listing: PictureList, prepared: PreparedPictures, name: PartName) -> Part:
    indices = listing.label_indices()
    rows = [
        row
        for row, picture in enumerate(listing.pictures)
        if picture.part == name and row not in prepared.problems
    ]
    return Part(
        pixels=prepared.pixels,
        rows=np.array(rows, dtype=np.int64),
        labels=np.array([indices[row] for row in rows], dtype=np.int64),
        files=tuple(listing.pictures[row].path for row in rows),
    )


def _check_none_vanished(problems: Mapping[int, Problem]) -> None:
    """A file may be gone, but where its folder or archive is gone too, a drive was unplugged."""
    for problem in problems.values():
        home = home_of(problem.file)
        if problem.kind == "file_missing" and not Path(home).exists():
            raise ProblemError(Problem("pictures_vanished", "pictures.folders", file=home))


def _check_enough_left(listing: PictureList, parts: Parts) -> None:
    if not len(parts.training) or not len(parts.validation):
        raise ProblemError(Problem("no_pictures_readable", "pictures.folders"))
    for index, name in enumerate(listing.classes):
        count = int((parts.training.labels == index).sum())
        if count == 0:
            values: dict[str, str | int | float] = {"name": name, "count": count, "needed": 2}
            raise ProblemError(Problem("class_too_small", "pictures.folders", values=values))
