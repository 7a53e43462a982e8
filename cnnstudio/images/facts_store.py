"""The facts of pictures, remembered between starts in one SQLite file of the cache.

A picture is known again by its path, size and time of change. Whatever is wrong with the file only
costs time: a damaged one is made anew, one that cannot be written is done without. Two windows may
use it at the same time, and a kill leaves it whole (SQLite's write-ahead log sees to both).
"""

import contextlib
import json
import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from sys import intern
from types import TracebackType
from typing import Any

import PIL

from cnnstudio.images.facts import FACTS_VERSION, LOOK_SIDE, PictureFacts
from cnnstudio.images.found_pictures import FoundPicture
from cnnstudio.images.read import READER_VERSION
from cnnstudio.project.places import cache_folder
from cnnstudio.project.problems import Problem

PICTURES_AT_MOST = 400_000
"""Beyond this, the folders that were not looked at for longest are forgotten (1.4 KB a picture)."""

_VERSION = f"{FACTS_VERSION} {READER_VERSION} {LOOK_SIDE} {PIL.__version__}"
_SECONDS_TO_WAIT = 5.0
_DAY = 24 * 3600
_PASSING = {"file_missing", "file_unreadable", "pictures_vanished", "disk_full", "cannot_write"}
"""Problems that say nothing of the file's content: it is looked into again."""

_TABLES = """
CREATE TABLE IF NOT EXISTS folders(
    number INTEGER PRIMARY KEY, path BLOB UNIQUE NOT NULL, used INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS pictures(
    folder INTEGER NOT NULL, name BLOB NOT NULL, bytes INTEGER NOT NULL, modified INTEGER NOT NULL,
    version TEXT NOT NULL, problem TEXT, width INTEGER, height INTEGER, format TEXT, mode TEXT,
    frames INTEGER, digest BLOB, look BLOB, taken REAL,
    UNIQUE(folder, name));
CREATE INDEX IF NOT EXISTS pictures_in_order ON pictures(folder);
"""
# By this index the rows come as they lie in the file; by their names, they would be all over it.
_KNOWN = """
SELECT name, bytes, modified, problem, width, height, format, mode, frames, digest, look, taken
FROM pictures INDEXED BY pictures_in_order WHERE folder = ? AND version = ?
"""
_KEEP = "INSERT OR REPLACE INTO pictures VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


class FactsStore:
    """Opened for one check and closed after it; used by one thread."""

    def __init__(self, file: Path | None = None) -> None:
        self._numbers: dict[str, int] = {}
        self._connection: sqlite3.Connection | None = None
        with contextlib.suppress(OSError, sqlite3.Error):
            self._file = file if file is not None else cache_folder() / "picture-facts.sqlite"
            self._connection = self._opened()

    def __enter__(self) -> "FactsStore":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def known(self, pictures: Sequence[FoundPicture]) -> Iterator[PictureFacts]:
        """The facts of those of ``pictures`` that did not change since they were kept.

        One after the other, because all looks together are large.
        """
        by_folder: dict[str, list[FoundPicture]] = {}
        for picture in pictures:
            by_folder.setdefault(os.path.dirname(picture.path), []).append(picture)  # noqa: PTH120
        try:
            for folder, inside in by_folder.items():
                in_folder = {_encoded(os.path.basename(each.path)): each for each in inside}  # noqa: PTH119
                for name, size, modified, *row in self._rows_of(folder):
                    named = in_folder.get(name)
                    if named and (size, modified) == (named.bytes, named.modified_ns):
                        yield _facts_of(named.path, row)
        except sqlite3.Error as error:
            self._give_up(error)
        except (ValueError, TypeError, KeyError):  # a damaged row that SQLite could not notice
            self._make_anew()

    def keep(self, facts: Mapping[FoundPicture, PictureFacts]) -> None:
        """Remember the facts of pictures, unless they may be others the next time."""
        rows = []
        try:
            for picture, known in facts.items():
                if known.problem is None or known.problem.kind not in _PASSING:
                    folder, name = os.path.split(picture.path)
                    rows.append(_row(self._number_of(folder), name, picture, known))
            if self._connection is not None and rows:
                with self._connection:
                    self._connection.executemany(_KEEP, rows)
        except sqlite3.Error as error:
            self._give_up(error)

    def close(self) -> None:
        """Forget what is too much, and let go of the file."""
        if self._connection is None:
            return
        with contextlib.suppress(sqlite3.Error):
            self._make_room()
        with contextlib.suppress(sqlite3.Error):
            self._connection.close()
        self._connection = None

    def _opened(self) -> sqlite3.Connection:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        try:
            return _connect(self._file)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            self._remove()
            return _connect(self._file)

    def _rows_of(self, folder: str) -> Iterable[tuple[Any, ...]]:
        if self._connection is None:
            return ()
        answer = self._connection.execute(
            "SELECT number, used FROM folders WHERE path = ?", (_encoded(folder),)
        ).fetchone()
        if answer is None:
            return ()
        number, used = answer
        self._numbers[folder] = number
        if used != _today():
            with contextlib.suppress(sqlite3.OperationalError), self._connection:
                self._connection.execute(
                    "UPDATE folders SET used = ? WHERE number = ?", (_today(), number)
                )
        return self._connection.execute(_KNOWN, (number, _VERSION))

    def _number_of(self, folder: str) -> int:
        """The number that stands for ``folder`` in the file."""
        if self._connection is None:
            return 0
        if folder not in self._numbers:
            path = _encoded(folder)
            with self._connection:
                self._connection.execute(
                    "INSERT INTO folders(path, used) VALUES (?, ?) "
                    "ON CONFLICT(path) DO UPDATE SET used = excluded.used",
                    (path, _today()),
                )
            question = "SELECT number FROM folders WHERE path = ?"
            self._numbers[folder] = self._connection.execute(question, (path,)).fetchone()[0]
        return self._numbers[folder]

    def _make_room(self) -> None:
        """Remove whole folders, those that were not used for longest first."""
        if self._connection is None:
            return
        counts = self._connection.execute(
            "SELECT folders.number, (SELECT COUNT(*) FROM pictures WHERE folder = number) "
            "FROM folders ORDER BY used, number"
        ).fetchall()
        total = sum(count for _, count in counts)
        for number, count in counts:
            if total <= PICTURES_AT_MOST:
                return
            with self._connection:
                self._connection.execute("DELETE FROM pictures WHERE folder = ?", (number,))
                self._connection.execute("DELETE FROM folders WHERE number = ?", (number,))
            total -= count

    def _give_up(self, error: sqlite3.Error) -> None:
        """A damaged file is made anew; one that is locked or full is done without this time."""
        is_damaged = not isinstance(error, sqlite3.OperationalError)
        if isinstance(error, sqlite3.DatabaseError) and is_damaged:
            self._make_anew()
        else:
            self._let_go()

    def _make_anew(self) -> None:
        self._let_go()
        with contextlib.suppress(OSError, sqlite3.Error):
            self._remove()
            self._connection = _connect(self._file)

    def _let_go(self) -> None:
        self._numbers.clear()
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.close()
        self._connection = None

    def _remove(self) -> None:
        for ending in ("-wal", "-shm", ""):
            self._file.with_name(self._file.name + ending).unlink(missing_ok=True)


def _connect(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, timeout=_SECONDS_TO_WAIT, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.executescript(_TABLES)
        connection.execute(_KNOWN, (0, "")).fetchone()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _encoded(text: str) -> bytes:
    """Names of other systems may hold stray bytes, which SQLite takes for no text."""
    return text.encode("utf-8", "surrogatepass")


def _today() -> int:
    return int(time.time()) // _DAY


def _row(folder: int, name: str, picture: FoundPicture, facts: PictureFacts) -> tuple[object, ...]:
    problem = facts.problem
    told = None
    if problem is not None:
        told = json.dumps([problem.kind, problem.where, dict(problem.values)])
    return (
        *(folder, _encoded(name), picture.bytes, picture.modified_ns, _VERSION, told),
        *(facts.width, facts.height, facts.format, facts.mode, facts.frames),
        *(facts.digest, facts.look, facts.taken),
    )


def _facts_of(path: str, row: list[Any]) -> PictureFacts:
    told, width, height, kind_of_file, mode, *rest = row
    problem = None
    if told is not None:
        kind, where, values = json.loads(told)
        problem = Problem(kind, where, path, values)
        if not problem.is_known:
            raise ValueError(f"Unknown problem {kind}")
    return PictureFacts(path, problem, width, height, intern(kind_of_file), intern(mode), *rest)
