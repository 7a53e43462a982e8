"""Pictures in a ZIP: listed and read in memory; nothing is unpacked to disk.

Of an archive only the table of what it holds is kept, never an open file, so that its owner can
move or delete it at any time.
"""

import bz2
import io
import lzma
import os
import struct
import threading
import zipfile
import zlib
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

from cnnstudio.images.archive_paths import Inside, refused
from cnnstudio.project.problems import Problem, ProblemError

BYTES_AT_MOST = 512 * 2**20
"""No file may take more memory than this while it is opened."""

_TABLE_BYTES_AT_MOST = 24 * 2**20  # of an archive's own table; some 200,000 pictures
_TABLES_KEPT = 6
_WAYS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
_LZMA_SETTINGS, _LEAST_DICTIONARY = 5, 4096
_ENCRYPTED, _NAMED_IN_UTF8 = 0x1, 0x800
_MACOS_FOLDER = "__macosx"

_State = tuple[int, int]


@dataclass(frozen=True)
class ZipMember:
    """A file in a ZIP; ``name`` has "/" between its parts, ``bytes`` are those when unpacked."""

    name: str
    bytes: int


class Packed(NamedTuple):
    """Where a member stands in its archive, and what it should become."""

    offset: int
    packed_bytes: int
    bytes: int
    check: int
    method: int
    flags: int


_tables: OrderedDict[str, tuple[_State, dict[str, Packed]]] = OrderedDict()
_lock = threading.Lock()


def zip_members(archive: str) -> list[ZipMember]:
    """The files in a ZIP, in its own order; without folders, hidden ones, and macOS's notes.

    Raises:
        ProblemError: file_missing, file_unreadable, archive_damaged, archive_too_large.
    """
    return [ZipMember(name, packed.bytes) for name, packed in table_of(archive).items()]


def open_zip_member(place: Inside) -> BinaryIO:
    """A file of a ZIP, unpacked in memory.

    Raises:
        ProblemError: as :func:`zip_members`, and file_missing, archive_encrypted, archive_method.
    """
    found = table_of(place.archive).get(place.member)
    if found is None:
        raise refused("file_missing", place.path)
    check_packing(found, place.path, _WAYS)
    if found.bytes > BYTES_AT_MOST or found.packed_bytes > BYTES_AT_MOST:
        raise too_large(place.path)
    try:
        with open(place.archive, "rb") as file:  # noqa: PTH123 (many thousand times)
            seek_content(file, found)
            raw = file.read(found.packed_bytes)
    except OSError as error:
        raise _unopened(error, place.path) from error
    except (struct.error, zipfile.BadZipFile) as error:
        raise refused("archive_damaged", place.path) from error
    return io.BytesIO(_unpacked(raw, found, place.path))


def table_of(archive: str) -> dict[str, Packed]:
    """All members by name; from memory, unless the archive changed."""
    try:
        facts = os.stat(archive)  # noqa: PTH116 (many thousand times)
    except (OSError, ValueError) as error:
        raise refused("file_missing", archive) from error
    state = (facts.st_size, facts.st_mtime_ns)
    with _lock:
        known = _tables.get(archive)
        if known is None or known[0] != state:
            known = state, _read_table(archive)
            _tables[archive] = known
        _tables.move_to_end(archive)
        while len(_tables) > _TABLES_KEPT:
            _tables.popitem(last=False)
    return known[1]


def check_packing(
    packed: Packed,
    path: str,
    ways: Collection[int] = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED),
) -> None:
    """Refuse what is locked, or not packed in one of the ``ways``."""
    if packed.flags & _ENCRYPTED:
        raise refused("archive_encrypted", path)
    if packed.method not in ways:
        raise refused("archive_method", path)


def seek_content(file: BinaryIO, packed: Packed) -> None:
    """Go to where the packed bytes begin, behind a head of its own that repeats the name."""
    file.seek(packed.offset)
    head = file.read(30)
    if head[:4] != b"PK\3\4":
        raise zipfile.BadZipFile
    name_length, extra_length = struct.unpack("<HH", head[26:30])
    file.seek(name_length + extra_length, os.SEEK_CUR)


def too_large(path: str) -> ProblemError:
    """The problem of a member that would not fit into the memory that one file may take."""
    return refused("archive_too_large", path, megabytes=BYTES_AT_MOST // 2**20)


def _unpacked(raw: bytes, packed: Packed, path: str) -> bytes:
    """The member's bytes: never more than it declares, however much is packed into it."""
    content = raw
    if packed.method != zipfile.ZIP_STORED:
        try:
            content = _first_bytes(raw, packed.bytes + 1, packed.method)
        except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError, struct.error) as error:
            raise refused("archive_damaged", path) from error
        except MemoryError as error:
            raise too_large(path) from error
        if len(content) > packed.bytes:
            raise too_large(path)
    if len(content) != packed.bytes or zlib.crc32(content) != packed.check:
        raise refused("archive_damaged", path)
    return content


def _first_bytes(raw: bytes, at_most: int, method: int) -> bytes:
    """The first bytes of what is packed in ``raw``."""
    if method == zipfile.ZIP_DEFLATED:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(raw, at_most)
    if method == zipfile.ZIP_BZIP2:
        return bz2.BZ2Decompressor().decompress(raw, at_most)
    length = struct.unpack_from("<H", raw, 2)[0]  # behind two bytes that name a version
    if length != _LZMA_SETTINGS or len(raw) < 4 + length:
        raise ValueError
    code, dictionary = struct.unpack_from("<BI", raw, 4)
    rest, lc = divmod(code, 9)
    # More than is unpacked is never looked back at; a file may ask for 4 GB.
    settings = {
        "id": lzma.FILTER_LZMA1,
        "dict_size": max(_LEAST_DICTIONARY, min(dictionary, at_most)),
        "lc": lc,
        "lp": rest % 5,
        "pb": rest // 5,
    }
    unpacker = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[settings])
    return unpacker.decompress(memoryview(raw)[4 + length :], at_most)


def _read_table(archive: str) -> dict[str, Packed]:
    try:
        if _table_bytes(archive) > _TABLE_BYTES_AT_MOST:
            raise too_large(archive)
        with zipfile.ZipFile(archive) as opened:
            infos = opened.infolist()
    except OSError as error:
        raise _unopened(error, archive) from error
    except ProblemError:
        raise
    except Exception as error:  # zipfile raises whatever a damaged table makes of it
        raise refused("archive_damaged", archive) from error
    encoding = _encoding(infos)
    found = {}
    for info in infos:
        name = _name(info, encoding)
        if name is not None:
            found[name] = Packed(
                info.header_offset,
                info.compress_size,
                info.file_size,
                info.CRC,
                info.compress_type,
                info.flag_bits,
            )
    return found


def _table_bytes(archive: str) -> int:
    """How long the table says it is; all of it is read into memory."""
    with open(archive, "rb") as file:  # noqa: PTH123
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - 2**16 - 22 - 20))  # a comment, the end record, a 64-bit locator
        ending = file.read()
        end = ending.rfind(b"PK\5\6")
        if end < 0 or end + 22 > len(ending):
            raise zipfile.BadZipFile
        length = int.from_bytes(ending[end + 12 : end + 16], "little")
        locator = ending[max(0, end - 20) : end]
        if locator[:4] == b"PK\6\7":
            file.seek(int.from_bytes(locator[8:16], "little"))
            record = file.read(56)
            if record[:4] == b"PK\6\6":
                length = int.from_bytes(record[40:48], "little")
        return length


def _name(info: zipfile.ZipInfo, encoding: str) -> str | None:
    """The member's name; None for what is no file of the person's, or points out of the archive."""
    written = info.orig_filename
    if not info.flag_bits & _NAMED_IN_UTF8 and not written.isascii():
        written = written.encode("cp437").decode(encoding)
    written = written.partition("\0")[0].replace("\\", "/")
    parts = [part for part in written.split("/") if part not in ("", ".")]
    if written.endswith("/") or not parts or parts[0].lower() == _MACOS_FOLDER:
        return None
    if any(part.startswith(".") for part in parts):  # hidden ones, and ".."
        return None
    return "/".join(parts)


def _encoding(infos: list[zipfile.ZipInfo]) -> str:
    """How names are written that do not say so: as UTF-8, in Korean, or as the standard has it."""
    names = (each.orig_filename for each in infos if not each.flag_bits & _NAMED_IN_UTF8)
    written = "\n".join(name for name in names if not name.isascii()).encode("cp437")
    for encoding in ("utf-8", "cp949"):
        try:
            text = written.decode(encoding)
        except UnicodeDecodeError:
            continue
        foreign = [letter for letter in text if not letter.isascii()]
        if encoding == "utf-8" or _is_korean(foreign):
            return encoding
    return "cp437"


def _is_korean(letters: list[str]) -> bool:
    """Whether they are Hangul, most of it of the 2,350 common syllables: no chance hits."""
    pairs = [letter.encode("cp949") for letter in letters if "가" <= letter <= "힣"]
    common = sum(min(pair) >= 0xA1 for pair in pairs)
    return common * 10 >= len(letters) * 8


def _unopened(error: OSError, path: str) -> ProblemError:
    gone = isinstance(error, FileNotFoundError | NotADirectoryError)
    kind = "file_missing" if gone else "file_unreadable"
    return ProblemError(Problem(kind, "pictures", path))
