"""What a run tells of each epoch, and the two files that keep it.

``history.csv`` has a line of numbers an epoch, for spreadsheets too; ``details.jsonl`` what each
class and a few watched pictures were given.
"""

import csv
import io
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from cnnstudio.project.files import written_atomically


@dataclass(frozen=True)
class EpochFacts:
    """One line of the history. Accuracies 0 to 1; ``epoch`` and ``stage`` count from 1.

    ``learning_rate`` is that of the epoch's last step; what was not measured is None.
    """

    epoch: int
    loss: float
    accuracy: float
    validation_loss: float
    validation_accuracy: float
    seconds: float
    stage: int = 1
    learning_rate: float = 0.0
    top_k: float | None = None
    macro_f1: float | None = None
    auc: float | None = None


@dataclass(frozen=True)
class WatchedAnswer:
    """What a validation picture was taken for, with what probability."""

    file: str
    label: str
    answer: str
    probability: float


@dataclass(frozen=True)
class EpochDetails:
    """More of one epoch: validation accuracy of each class in the run's order (None where it has
    no validation picture), and the answers for the watched pictures."""

    epoch: int
    class_accuracies: tuple[float | None, ...] = ()
    watched: tuple[WatchedAnswer, ...] = ()


_COLUMNS = tuple(each.name for each in fields(EpochFacts))
_WHOLE = ("epoch", "stage")
_LATER = {each.name: each.default for each in fields(EpochFacts) if each.name in _COLUMNS[6:]}


def is_better(facts: EpochFacts, best: EpochFacts | None) -> bool:
    """By validation accuracy; where that is equal, by validation loss."""
    if best is None:
        return True
    return (facts.validation_accuracy, -facts.validation_loss) > (
        best.validation_accuracy,
        -best.validation_loss,
    )


def best_of(history: Iterable[EpochFacts]) -> EpochFacts | None:
    """The best epoch of ``history``, the first of equal ones."""
    best = None
    for facts in history:
        best = facts if is_better(facts, best) else best
    return best


def append_line(path: Path, line: str, heading: str = "") -> None:
    """Add ``line`` to the file, on disk before this returns. A line that a kill cut off before is
    taken away; a new file begins with ``heading``.

    Raises:
        OSError: if it cannot be written.
    """
    with path.open("ab+") as file:
        file.seek(0)
        whole = _whole_lines(file.read())
        file.truncate(len(whole))
        text = line if whole or not heading else f"{heading}\n{line}"
        file.write(_encoded(f"{text}\n"))
        file.flush()
        os.fsync(file.fileno())


def history_heading() -> str:
    """The first line of ``history.csv``."""
    return ",".join(_COLUMNS)


def history_line(facts: EpochFacts) -> str:
    """One line of ``history.csv``; what was not measured is empty."""
    text = io.StringIO()
    row = {name: "" if value is None else value for name, value in asdict(facts).items()}
    csv.DictWriter(text, _COLUMNS, lineterminator="").writerow(row)
    return text.getvalue()


def details_line(details: EpochDetails) -> str:
    """One line of ``details.jsonl``."""
    return json.dumps(asdict(details), ensure_ascii=False)


def write_history(path: Path, history: Iterable[EpochFacts]) -> None:
    """The whole history anew, at once. Raises OSError."""
    lines = [history_heading(), *map(history_line, history)]
    with written_atomically(path) as beside:
        beside.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def write_details(path: Path, details: Iterable[EpochDetails]) -> None:
    """All details anew, at once. Raises OSError."""
    with written_atomically(path) as beside:
        beside.write_bytes(_encoded("".join(f"{details_line(each)}\n" for each in details)))


def read_history(path: Path) -> list[EpochFacts]:
    """All whole lines of a history; a last line cut off by a kill is passed over."""
    found = []
    names: list[str] = list(_COLUMNS)
    for line in _lines(path):
        parts = line.split(",")
        if parts[0] == "epoch":
            names = parts
            continue
        try:
            found.append(_facts(dict(zip(names, parts, strict=False))))
        except (KeyError, TypeError, ValueError):
            continue  # a line that a failing disk spoiled
    return found


def read_details(path: Path) -> list[EpochDetails]:
    """All whole lines of the details; what cannot be read is passed over."""
    found = []
    for line in _lines(path):
        try:
            content = json.loads(line)
            watched = tuple(WatchedAnswer(**each) for each in content["watched"])
            shares = tuple(content["class_accuracies"])
            found.append(EpochDetails(int(content["epoch"]), shares, watched))
        except (KeyError, TypeError, ValueError):
            continue
    return found


def _encoded(text: str) -> bytes:
    """In JSON, the backslash form of a name that is no Unicode is read as what it was."""
    return text.encode("utf-8", "backslashreplace")


def _facts(cells: dict[str, str]) -> EpochFacts:
    values: dict[str, Any] = {}
    for name in _COLUMNS:
        text = cells.get(name, "") if name in _LATER else cells[name]
        if text == "":
            values[name] = _LATER[name]
        else:
            values[name] = int(text) if name in _WHOLE else float(text)
    return EpochFacts(**values)


def _lines(path: Path) -> list[str]:
    try:
        content = path.read_bytes()
    except OSError:
        return []
    # Not all that Unicode calls the end of a line: names of files may hold such letters.
    text = _whole_lines(content).decode("utf-8", "replace")
    return [line.removesuffix("\r") for line in text.split("\n")[:-1]]


def _whole_lines(content: bytes) -> bytes:
    """``content`` without a last line that has no end."""
    return content[: content.rfind(b"\n") + 1]
