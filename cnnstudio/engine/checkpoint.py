"""What a run needs to go on after its last whole epoch, in one file.

The file is an ``.npz`` archive that is replaced as a whole: NumPy opens it, and the archive's own
checksums tell whether all of it is as it was written. It is the single truth about a run: history,
details, models and answers can be made again from it.
"""

import io
import json
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from cnnstudio.project.epochs import EpochDetails, EpochFacts, WatchedAnswer
from cnnstudio.project.files import written_atomically
from cnnstudio.project.problems import Problem, ProblemError
from cnnstudio.project.rates import PlateauState

CHECKPOINT_VERSION = 1

_FACTS = "facts"
_VALUES = ("weights", "last", "best", "stage_best", "states")
_ARRAYS = ("optimizer", "answers")
_OLDEST_DATE = (1980, 1, 1, 0, 0, 0)
_LONGEST_HEAD = 512

Array = npt.NDArray[Any]
Values = Mapping[int, Array]
"""Values of variables, by their place among the network's."""


@dataclass(frozen=True)
class Checkpoint:
    """Where a run stands after its last whole epoch.

    ``network`` and ``pictures`` are marks of what it was trained with. ``stage`` counts from 0;
    ``stage_epochs`` of it are done, and ``stage_length`` were planned. ``skipped`` says of each
    stage so far how many epochs it did not need. ``straight`` says why the whole network runs in
    every epoch of the stage, nothing where frozen layers ran once.

    ``weights`` are those of all layers that are or were trained; ``last`` the same as they were
    asked and kept (with a moving average, that), ``best`` those of the best epoch, ``stage_best``
    those of the stage's best. ``states`` are what layers draw random numbers from. ``answers`` are
    the best epoch's for validation, (pictures, classes).
    """

    network: str
    pictures: str
    epoch: int
    stage: int
    stage_epochs: int
    stage_length: int
    skipped: tuple[int, ...]
    straight: str
    best_epoch: int
    stage_best_epoch: int
    waited: int
    ended_early: bool
    plateau: PlateauState
    history: tuple[EpochFacts, ...]
    details: tuple[EpochDetails, ...]
    weights: Values
    last: Values
    best: Values
    stage_best: Values
    states: Values
    optimizer: tuple[Array, ...]
    answers: Array = field(default_factory=lambda: np.zeros((0, 0)))

    def facts_of(self, epoch: int) -> EpochFacts | None:
        """The line of the history for ``epoch``."""
        return next((facts for facts in self.history if facts.epoch == epoch), None)

    @property
    def best_facts(self) -> EpochFacts | None:
        """The line of the history for the best epoch."""
        return self.facts_of(self.best_epoch)


def write_checkpoint(path: Path, checkpoint: Checkpoint) -> None:
    """Keep ``checkpoint``, on disk before this returns. Values that are the same stand there once.

    Raises:
        OSError: if it cannot be written; ``path`` then holds what it held before.
    """
    facts: dict[str, Any] = {"version": CHECKPOINT_VERSION}
    for each in fields(checkpoint):
        value = getattr(checkpoint, each.name)
        if each.name in ("history", "details"):
            facts[each.name] = [asdict(line) for line in value]
        elif each.name == "plateau":
            # JSON knows no infinite numbers; before the first epoch there is no best loss.
            facts["plateau"] = asdict(value) if value != PlateauState() else {}
        elif each.name not in (*_VALUES, *_ARRAYS):
            facts[each.name] = value
    members: dict[str, list[Array]] = {}
    written: dict[int, str] = {}
    layout: dict[str, Any] = {}
    for name in (*_VALUES, *_ARRAYS):
        value = getattr(checkpoint, name)
        if id(value) in written:
            layout[name] = written[id(value)]
            continue
        written[id(value)] = name
        arrays = [value] if name == "answers" else value
        places = list(value) if isinstance(value, Mapping) else list(range(len(arrays)))
        found = [np.asarray(arrays[place], order="C") for place in places]
        layout[name] = [
            [place, array.dtype.str, list(array.shape)]
            for place, array in zip(places, found, strict=True)
        ]
        members[name] = found
    facts["layout"] = layout
    text = json.dumps(facts, ensure_ascii=False, allow_nan=False).encode("utf-8", "surrogateescape")
    members[_FACTS] = [np.frombuffer(text, np.uint8)]
    with written_atomically(path) as beside, zipfile.ZipFile(beside, "w") as archive:
        for name, found in members.items():
            _write_member(archive, name, found)


def _write_member(archive: zipfile.ZipFile, name: str, arrays: Iterable[Array]) -> None:
    """One array of bytes, as NumPy writes it, without holding a second copy of all of them."""
    found = list(arrays)
    head = io.BytesIO()
    shape = (sum(array.nbytes for array in found),)
    np.lib.format.write_array_header_1_0(
        head, {"descr": "|u1", "fortran_order": False, "shape": shape}
    )
    entry = zipfile.ZipInfo(f"{name}.npy", _OLDEST_DATE)
    with archive.open(entry, "w", force_zip64=True) as member:
        member.write(head.getvalue())
        for array in found:
            if array.nbytes:
                member.write(array.reshape(-1).view(np.uint8).data)


def read_checkpoint(path: Path) -> Checkpoint | None:
    """What stands in ``path``, None if there is no such file.

    Raises:
        ProblemError: ``checkpoint_damaged``, where not all of it is as it was written, or another
            version of the program wrote it.
    """
    found: Checkpoint | None = _opened(path, _whole)
    return found


def epochs_in(path: Path) -> tuple[int, int] | None:
    """Only the last and the best epoch, which is quick; None if there is no such file.

    Raises:
        ProblemError: ``checkpoint_damaged``.
    """
    found: tuple[int, int] | None = _opened(path, _epochs)
    return found


def _opened(path: Path, read: Callable[[zipfile.ZipFile], Any]) -> Any:
    try:
        with path.open("rb") as file, zipfile.ZipFile(file) as archive:
            return read(archive)
    except FileNotFoundError:
        return None
    except (
        OSError,
        EOFError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        RecursionError,
        NotImplementedError,
        zipfile.BadZipFile,
        zlib.error,
    ) as error:
        raise ProblemError(Problem("checkpoint_damaged", file=str(path))) from error


def _facts(archive: zipfile.ZipFile) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(
        bytes(_member(archive, _FACTS)).decode("utf-8", "surrogateescape")
    )
    if facts.pop("version") != CHECKPOINT_VERSION:
        raise ValueError("another version")
    return facts


def _epochs(archive: zipfile.ZipFile) -> tuple[int, int]:
    facts = _facts(archive)
    return int(facts["epoch"]), int(facts["best_epoch"])


def _whole(archive: zipfile.ZipFile) -> Checkpoint:
    facts = _facts(archive)
    layout = facts.pop("layout")
    found: dict[str, Any] = {}
    for name in (*_VALUES, *_ARRAYS):
        places = layout[name]
        if isinstance(places, str):
            found[name] = found[places]
            continue
        arrays = dict(_arrays(_member(archive, name), places))
        match name:
            case "optimizer":
                found[name] = tuple(arrays.values())
            case "answers":
                found[name] = arrays[0]
            case _:
                found[name] = arrays
    facts["plateau"] = PlateauState(**facts["plateau"])
    facts["skipped"] = tuple(facts["skipped"])
    facts["history"] = tuple(EpochFacts(**line) for line in facts["history"])
    facts["details"] = tuple(map(_details, facts["details"]))
    return Checkpoint(**facts, **found)


def _member(archive: zipfile.ZipFile, name: str) -> Array:
    """The bytes of an array; the archive compares their checksum before any is looked at."""
    content = archive.read(f"{name}.npy")
    head = io.BytesIO(content[:_LONGEST_HEAD])
    np.lib.format.read_magic(head)
    (length,), _, _ = np.lib.format.read_array_header_1_0(head)
    found = np.frombuffer(content, np.uint8, offset=head.tell())
    if len(found) != length:
        raise ValueError("another length than its head says")
    return found


def _details(line: dict[str, Any]) -> EpochDetails:
    watched = tuple(WatchedAnswer(**each) for each in line["watched"])
    return EpochDetails(line["epoch"], tuple(line["class_accuracies"]), watched)


def _arrays(content: Array, places: list[Any]) -> Iterator[tuple[int, Array]]:
    begin = 0
    for place, kind, shape in places:
        dtype = np.dtype(kind)
        end = begin + dtype.itemsize * int(np.prod(shape, dtype=np.int64))
        # A copy, as what begins at an odd byte would be slow.
        yield int(place), content[begin:end].copy().view(dtype).reshape(shape)
        begin = end
    if begin != len(content):
        raise ValueError("more bytes than arrays")
