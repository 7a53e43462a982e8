"""Lists of pictures as plain rows: CSV, TSV, text and spreadsheets, however they were written.

Encoding and delimiter are found out. Cells are text and nothing else: no formula is calculated,
no macro run, and sizes are bounded.
"""

import csv
import io
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import PurePath

from cnnstudio.images.archives import inside, open_zip_member
from cnnstudio.images.spreadsheets import SpreadsheetError, spreadsheet_rows
from cnnstudio.project.problems import Problem, ProblemError

TEXT_LIST_SUFFIXES = frozenset({".csv", ".tsv", ".tab", ".txt"})
SPREADSHEET_SUFFIXES = frozenset({".xlsx", ".xlsm"})
LIST_SUFFIXES = TEXT_LIST_SUFFIXES | SPREADSHEET_SUFFIXES

BYTES_AT_MOST = 64 * 2**20
_UNPACKED_AT_MOST = 8 * BYTES_AT_MOST
ROWS_AT_MOST = 1_500_000
COLUMNS_AT_MOST = 2_000

_SAMPLE_ROWS = 200
_DELIMITERS = ("\t", ";", ",", "|")

Row = tuple[str, ...]


def read_rows(path: str, at_most: int = ROWS_AT_MOST) -> list[Row]:
    """The rows of a list (also one in a ZIP) that hold anything; cells without space around them.

    Only the first ``at_most`` are read; with the default, more are too many.

    Raises:
        ProblemError: file_missing, file_unreadable, file_empty, list_unreadable, list_too_large,
            and those of archives.
    """
    content = _content(path, at_most)
    rows = _rows(path, content)
    try:
        found = [row for row in islice(rows, at_most + 1) if any(row)]
    except (csv.Error, SpreadsheetError, UnicodeError) as error:
        raise _refused("list_unreadable", path) from error
    if len(found) > ROWS_AT_MOST:
        raise _refused("list_too_large", path)
    if not found:
        raise _refused("file_empty", path)
    return found[:at_most]


def is_list(path: str) -> bool:
    """Whether the name is that of a list."""
    return PurePath(path).suffix.lower() in LIST_SUFFIXES


def _rows(path: str, content: bytes) -> Iterator[Row]:
    if PurePath(path).suffix.lower() in SPREADSHEET_SUFFIXES:
        return spreadsheet_rows(content, _UNPACKED_AT_MOST)
    return text_rows(content)


def _content(path: str, at_most: int) -> bytes:
    """The file's bytes; of a text of which only some rows are wanted, only the beginning."""
    is_text = PurePath(path).suffix.lower() in TEXT_LIST_SUFFIXES
    wanted = BYTES_AT_MOST + 1
    if is_text and at_most < ROWS_AT_MOST:
        wanted = 2**18
    place = inside(path)
    try:
        if place is not None:
            with open_zip_member(place) as member:
                content = member.read(wanted)
        elif os.path.exists(path) and not os.path.isfile(path):  # noqa: PTH110, PTH113
            raise _refused("list_unreadable", path)  # a pipe would be waited for
        else:
            with open(path, "rb") as file:  # noqa: PTH123
                content = file.read(wanted)
    except OSError as error:
        gone = isinstance(error, FileNotFoundError | NotADirectoryError)
        raise _refused("file_missing" if gone else "file_unreadable", path) from error
    if len(content) > BYTES_AT_MOST:
        raise _refused("list_too_large", path)
    if is_text and len(content) == wanted:  # not half a row, and not half a character
        content = content[: max(content.rfind(b"\n"), content.rfind(b"\r")) + 1]
    return content


def _refused(kind: str, path: str) -> ProblemError:
    values: dict[str, str | int | float] = {"megabytes": BYTES_AT_MOST // 2**20}
    return ProblemError(Problem(kind, "pictures.folders", path, values))


# Text


def text_rows(content: bytes) -> Iterator[Row]:
    """The rows of a text, with its encoding and delimiter found out."""
    encoding = encoding_of(content)
    # With newline="", the CSV reader itself sees the ends of lines, also CR alone.
    text = io.TextIOWrapper(io.BytesIO(content), encoding, "replace", newline="")
    lines = (line.removeprefix("\ufeff") for line in text)
    first = list(islice(lines, 2 * _SAMPLE_ROWS))
    delimiter = _delimiter(first)
    if delimiter is None:
        return _spaced_rows(first, lines)
    return _stripped(csv.reader(chain(first, lines), delimiter=delimiter))


def encoding_of(content: bytes) -> str:
    """How a text is written: UTF-8, UTF-16, Korean (cp949), or as western Windows does."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    head = content[:4096]
    if head.count(0) * 4 >= len(head) > 0:  # every other byte of a Latin text in UTF-16
        return "utf-16-le" if head[1::2].count(0) >= head[::2].count(0) else "utf-16-be"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return "utf-8"
    try:
        foreign = [letter for letter in content.decode("cp949") if not letter.isascii()]
    except UnicodeDecodeError:
        return "cp1252"
    return "cp949" if _is_korean(foreign) else "cp1252"


def _is_korean(letters: list[str]) -> bool:
    """Whether they are nearly all of the 2,350 common syllables; chance hits are not."""
    common = sum(_is_common_syllable(letter) for letter in letters)
    return common * 10 >= len(letters) * 8


def _is_common_syllable(letter: str) -> bool:
    try:
        letter.encode("euc_kr")
    except UnicodeEncodeError:
        return False
    return "가" <= letter <= "힣"


def _delimiter(first: list[str]) -> str | None:
    """What stands between the cells; ``None`` for white space.

    It is the one with which most rows have as many cells as the first.
    """
    lines = [line for line in first if line.strip()]
    best, most = None, 0.8
    for delimiter in _DELIMITERS:
        try:
            rows = list(csv.reader(lines, delimiter=delimiter))
        except csv.Error:
            continue
        counted = Counter(len(row) for row in rows if row)
        if not counted or len(rows[0]) < 2:
            continue
        share = counted[len(rows[0])] / counted.total()
        if share >= 0.8 and (best is None or share > most):
            best, most = delimiter, share
    return best


def _spaced_rows(first: list[str], others: Iterable[str]) -> Iterator[Row]:
    """Rows of cells with spaces between; a path may hold spaces, what follows it may not."""
    lengths = {len(line.split()) for line in first if line.strip()}
    for line in chain(first, others):
        if len(line) > csv.field_size_limit():
            raise csv.Error("too long a line")
        cells = line.split() if len(lengths) == 1 else line.rsplit(None, 1)
        yield tuple(cell.strip().strip('"') for cell in cells)


def _stripped(rows: Iterable[list[str]]) -> Iterator[Row]:
    for row in rows:
        if len(row) > COLUMNS_AT_MOST:
            raise csv.Error("too many cells")
        yield tuple([cell.strip() for cell in row])
