"""The first sheet of an Excel file as rows of text: only what its cells show was looked for.

An ``.xlsx`` file is a ZIP of XML (ECMA-376). It is read as a stream, so that a sheet of any size
takes bounded memory; formulas stay unread beside the values that they had when it was saved.
"""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import IO
from xml.parsers import expat

_PIECE = 64 * 1024
_COLUMNS_AT_MOST = 2_000
_TEXTS_AT_MOST = 4_000_000
_LETTERS_AT_MOST = 40_000  # Excel itself stops at 32,767 in a cell
_PARTS_AT_MOST = 10_000

_Attributes = dict[str, str]


class SpreadsheetError(Exception):
    """The file is no spreadsheet, or not one that can be read safely."""


def spreadsheet_rows(content: bytes, bytes_at_most: int) -> Iterator[tuple[str, ...]]:
    """The rows of the first sheet; whole numbers without a decimal point, cells left out empty.

    Raises:
        SpreadsheetError: while it is read; also where more than ``bytes_at_most`` come out of it.
    """
    try:
        if content.count(b"PK\1\2") > _PARTS_AT_MOST:
            raise SpreadsheetError("too many parts")
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            package = _Package(opened, bytes_at_most)
            texts = package.texts()
            yield from _SheetReader(texts).rows(package.pieces(package.first_sheet()))
    except SpreadsheetError:
        raise
    except (
        *(zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, OSError),
        *(KeyError, ValueError, IndexError, NotImplementedError, RuntimeError),
    ) as error:  # encrypted ones raise RuntimeError
        raise SpreadsheetError(str(error)) from error


class _Package:
    """The parts of the file, of which no more than so many bytes are read altogether."""

    def __init__(self, opened: zipfile.ZipFile, bytes_at_most: int) -> None:
        self._opened = opened
        self._left = bytes_at_most

    def pieces(self, name: str) -> Iterator[bytes]:
        """A part's bytes."""
        info = self._opened.getinfo(name)
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise SpreadsheetError("packed in an unusual way")
        with self._opened.open(info) as part:
            while piece := self._read(part):
                yield piece

    def _read(self, part: IO[bytes]) -> bytes:
        piece = part.read(_PIECE)
        self._left -= len(piece)
        if self._left < 0:
            raise SpreadsheetError("too large")
        return piece

    def first_sheet(self) -> str:
        """The part with the first sheet, as the workbook orders them."""
        sheets: list[str] = []
        targets: dict[str, str] = {}

        def on_sheet(name: str, attributes: _Attributes) -> None:
            if name == "sheet":
                sheets.extend(value for key, value in attributes.items() if key.endswith(":id"))

        def on_relation(name: str, attributes: _Attributes) -> None:
            if name == "Relationship":
                targets[attributes["Id"]] = attributes["Target"]

        _parse(self.pieces("xl/workbook.xml"), on_sheet)
        _parse(self.pieces("xl/_rels/workbook.xml.rels"), on_relation)
        return posixpath.normpath(posixpath.join("/xl", targets[sheets[0]])).lstrip("/")

    def texts(self) -> list[str]:
        """The texts that cells refer to by number."""
        if "xl/sharedStrings.xml" not in self._opened.namelist():
            return []
        reader = _TextsReader()
        _parse(self.pieces("xl/sharedStrings.xml"), reader.on_start, reader.on_end, reader.on_text)
        return reader.texts


class _TextsReader:
    def __init__(self) -> None:
        self.texts: list[str] = []
        self._text: list[str] = []
        self._is_text = False
        self._is_reading_aid = False  # how an Asian text is spoken; not part of it

    def on_start(self, name: str, attributes: _Attributes) -> None:
        if name == "si":
            self._text = []
        elif name == "rPh":
            self._is_reading_aid = True
        elif name == "t":
            self._is_text = not self._is_reading_aid

    def on_end(self, name: str) -> None:
        if name == "rPh":
            self._is_reading_aid = False
        elif name == "t":
            self._is_text = False
        elif name == "si":
            if len(self.texts) >= _TEXTS_AT_MOST:
                raise SpreadsheetError("too many texts")
            self.texts.append("".join(self._text))

    def on_text(self, text: str) -> None:
        if self._is_text:
            _append(self._text, text)


class _SheetReader:
    """Turns the elements of a sheet into rows."""

    def __init__(self, texts: list[str]) -> None:
        self._texts = texts
        self._rows: list[tuple[str, ...]] = []
        self._cells: list[str] = []
        self._column = 0
        self._kind = "n"
        self._value: list[str] = []
        self._is_value = False

    def rows(self, pieces: Iterator[bytes]) -> Iterator[tuple[str, ...]]:
        """The rows, as soon as they have been read."""
        parser = _parser(self._on_start, self._on_end, self._on_text)
        for piece in pieces:
            parser.Parse(piece, False)
            yield from self._rows
            self._rows = []
        parser.Parse(b"", True)
        yield from self._rows

    def _on_start(self, name: str, attributes: _Attributes) -> None:
        if name == "row":
            self._cells = []
        elif name == "c":
            place = attributes.get("r", "")
            self._column = _column(place) if place else len(self._cells)
            self._kind = attributes.get("t", "n")
            self._value = []
        elif name in ("v", "t"):
            self._is_value = True

    def _on_end(self, name: str) -> None:
        if name in ("v", "t"):
            self._is_value = False
        elif name == "c":
            if self._column >= _COLUMNS_AT_MOST:
                raise SpreadsheetError("too many columns")
            self._cells += [""] * (self._column + 1 - len(self._cells))
            self._cells[self._column] = self._shown()
        elif name == "row":
            self._rows.append(tuple(self._cells))

    def _on_text(self, text: str) -> None:
        if self._is_value:
            _append(self._value, text)

    def _shown(self) -> str:
        value = "".join(self._value).strip()
        if self._kind == "s":
            number = int(value)
            if number < 0:
                raise SpreadsheetError("a text before the first")
            return self._texts[number].strip()
        if self._kind == "e":  # '#N/A' and the like
            return ""
        if self._kind == "b":
            return "TRUE" if value == "1" else "FALSE"
        return _number(value) if self._kind == "n" else value


def _append(pieces: list[str], text: str) -> None:
    if len(text) + sum(map(len, pieces)) > _LETTERS_AT_MOST:
        raise SpreadsheetError("too long a text")
    pieces.append(text)


def _number(value: str) -> str:
    """3.0 is shown as 3; what is no whole number stays as it is written."""
    try:
        number = float(value)
    except ValueError:
        return value
    return str(int(number)) if abs(number) < 1e15 and number == int(number) else value


def _column(place: str) -> int:
    """0 for 'A7', 26 for 'AA7'."""
    column = 0
    for letter in place.upper():
        if not "A" <= letter <= "Z":
            break
        column = column * 26 + ord(letter) - ord("A") + 1
        if column > _COLUMNS_AT_MOST:
            raise SpreadsheetError("too many columns")
    return column - 1


def _parser(
    on_start: Callable[[str, _Attributes], None],
    on_end: Callable[[str], None] | None = None,
    on_text: Callable[[str], None] | None = None,
) -> expat.XMLParserType:
    """A parser that knows elements by their name without the namespace, and refuses entities."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, attributes: on_start(
        name.rpartition(":")[2], attributes
    )
    if on_end is not None:
        parser.EndElementHandler = lambda name: on_end(name.rpartition(":")[2])
    if on_text is not None:
        parser.CharacterDataHandler = on_text
    parser.StartDoctypeDeclHandler = _on_doctype
    return parser


def _on_doctype(*_said: object) -> None:
    raise SpreadsheetError("a document type, which no spreadsheet has")


def _parse(
    pieces: Iterator[bytes],
    on_start: Callable[[str, _Attributes], None],
    on_end: Callable[[str], None] | None = None,
    on_text: Callable[[str], None] | None = None,
) -> None:
    parser = _parser(on_start, on_end, on_text)
    for piece in pieces:
        parser.Parse(piece, False)
    parser.Parse(b"", True)
