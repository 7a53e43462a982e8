"""Which column of a list names the pictures, which says their class, and which their part.

People and programs write such lists in many ways: with words above the columns or without, in any
order, with file names, paths or numbers, with one column for the class or one for each class.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from cnnstudio.images.found_pictures import PART_NAMES
from cnnstudio.images.list_files import Row
from cnnstudio.images.read import PICTURE_SUFFIXES
from cnnstudio.project.pictures import Part

PART_WORDS: dict[str, Part] = {
    **PART_NAMES,
    **dict.fromkeys(("tr", "학습", "훈련"), "training"),
    **dict.fromkeys(("dev", "eval", "evaluation", "검증"), "validation"),
    **dict.fromkeys(("holdout", "t10k", "시험", "테스트"), "test"),
}
"""What lists and arrays call the parts (lower case)."""

_FILE_WORDS = (
    *("file", "filename", "filepath", "filepaths", "files", "path", "imagepath", "imgpath"),
    *("image", "images", "imagefile", "imagefilename", "imagename", "imageid", "img", "imgname"),
    *(
        "picture",
        "pictures",
        "photo",
        "bild",
        "파일",
        "파일명",
        "파일이름",
        "이미지",
        "사진",
        "경로",
    ),
)
_WEAK_FILE_WORDS = ("id", "name", "key", "번호", "이름", "아이디")
_LABEL_WORDS = (
    *("label", "labels", "classname", "labelname", "class", "classes", "category", "categories"),
    *("categoryname", "target", "targets", "species", "breed", "diagnosis", "dx", "type", "y"),
    *("klasse", "분류", "라벨", "레이블", "클래스", "종류", "정답", "categoryid"),
    *("classid", "classindex", "labelid", "labelindex", "targetid"),
)
"""The first of them that stands above a column is the one: names go before their numbers."""
_PART_WORDS_ABOVE = ("split", "part", "subset", "set", "dataset", "usage", "fold", "구분", "분할")

_SAMPLE = 300
_LONGEST_LABEL = 100
_SHOWN = 12
_PLAIN = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Columns:
    """The places of the columns; ``one_of`` are those of a class each, that hold 0 or 1."""

    heading: Row | None
    file: int
    label: int | None
    part: int | None
    one_of: tuple[int, ...] = ()

    def is_a_list(self, rows: Sequence[Row]) -> bool:
        """Whether pictures are clearly named; a column of numbers needs a word above it."""
        word = "" if self.heading is None else _plain(cell(self.heading, self.file))
        if word in _FILE_WORDS or word in _WEAK_FILE_WORDS:
            return True
        named = rows if self.heading is None else rows[1:]
        return any(letter.isalpha() for row in named for letter in cell(row, self.file))

    def label_in(self, row: Row) -> tuple[str, bool]:
        """The class that a row says, and whether it says several; empty if it says none."""
        if self.label is not None:
            return cell(row, self.label), False
        said = [place for place in self.one_of if _is_one(cell(row, place))]
        if len(said) != 1 or self.heading is None:
            return "", len(said) > 1
        return self.heading[said[0]], False

    def part_in(self, row: Row) -> Part | None:
        """The part that a row says."""
        return None if self.part is None else PART_WORDS.get(cell(row, self.part).casefold())


class UnclearColumnsError(Exception):
    """The list names pictures, but what says their class is not clear.

    ``columns`` are to be shown, ``known`` is what was found out.
    """

    def __init__(self, columns: Sequence[str], known: Columns) -> None:
        super().__init__(", ".join(columns))
        self.columns = tuple(columns)
        self.known = known


def cell(row: Row, place: int) -> str:
    """A cell of a row, which may be shorter than others."""
    return row[place] if place < len(row) else ""


def choose_columns(rows: Sequence[Row], is_there: Callable[[str], bool]) -> Columns | None:
    """The columns of a list, by the words above them and by what is in them.

    ``is_there`` tells whether a name is that of a picture. ``None`` if no column names pictures.

    Raises:
        UnclearColumnsError: if pictures are named, but no column is clearly their class.
    """
    first, sample = rows[0], rows[1 : _SAMPLE + 1]
    width = max(len(row) for row in rows[: _SAMPLE + 1])
    words = [_plain(cell(first, place)) for place in range(width)]
    file = _file_column(words, sample or rows[:1], is_there)
    if file is None:
        return None
    heading = None if is_there(cell(first, file)) or _is_picture(cell(first, file)) else first
    if heading is None:
        words = [""] * width
        sample = rows[:_SAMPLE]
    part = _part_column(words, sample, file)
    others = [place for place in range(width) if place not in (file, part)]
    label = _label_column(words, sample, others)
    if label is not None:
        return Columns(heading, file, label, part)
    if heading is not None and (one_of := _one_of(heading, sample, others)):
        return Columns(heading, file, None, part, one_of)
    known = Columns(heading, file, None, part)
    raise UnclearColumnsError([name for name in first if name][:_SHOWN], known)


def _file_column(
    words: list[str], sample: Sequence[Row], is_there: Callable[[str], bool]
) -> int | None:
    """The column whose names are those of pictures; else the one that is called so."""
    ranked = []
    for place, word in enumerate(words):
        values = [value for row in sample if (value := cell(row, place))]
        if not values:
            continue
        found = sum(map(is_there, values)) / len(values)
        named = sum(map(_is_picture, values)) / len(values)
        if found < 0.2 and named < 0.5 and not (word in _FILE_WORDS and len(words) > 1):
            continue
        strength = 2 * (word in _FILE_WORDS) + (word in _WEAK_FILE_WORDS)
        ranked.append(
            (found >= 0.2, named >= 0.5, strength, len(set(values)), -place)
            if word not in _LABEL_WORDS or named >= 0.5
            else (found >= 0.2, False, -1, len(set(values)), -place)
        )
    return -max(ranked)[-1] if ranked else None


def _part_column(words: list[str], sample: Sequence[Row], file: int) -> int | None:
    for place, word in enumerate(words):
        values = [cell(row, place).casefold() for row in sample]
        said = [value for value in values if value in PART_WORDS]
        if place == file or 2 * len(said) < len(values):
            continue
        if word in _PART_WORDS_ABOVE or (len(said) == len(values) and len(words) > 2):
            return place
    return None


def _label_column(words: list[str], sample: Sequence[Row], others: list[int]) -> int | None:
    for word in _LABEL_WORDS:
        for place in others:
            if words[place] == word:
                return place
    if len(others) == 1:
        return others[0] if _repeats(sample, others[0], at_most=0.8) else None
    repeating = [place for place in others if _repeats(sample, place, at_most=0.5)]
    return repeating[0] if len(repeating) == 1 else None


def _repeats(sample: Sequence[Row], place: int, at_most: float) -> bool:
    """Whether the cells may be classes: short, and few different ones."""
    values = [cell(row, place) for row in sample]
    different = {value for value in values if value}
    if len(values) >= 10 and len(different) > at_most * len(values):
        return False
    return bool(different) and max(map(len, different)) <= _LONGEST_LABEL


def _one_of(heading: Row, sample: Sequence[Row], others: list[int]) -> tuple[int, ...]:
    """The columns of a class each: two or more that hold 0 or 1, mostly one 1 in a row."""
    places = tuple(
        place
        for place in others
        if cell(heading, place)
        and all(_is_one(value) or _is_zero(value) for value in (cell(row, place) for row in sample))
    )
    if len(places) < 2:
        return ()
    single = sum(sum(_is_one(cell(row, place)) for place in places) == 1 for row in sample)
    return places if 2 * single > len(sample) else ()


def _is_one(value: str) -> bool:
    return value.casefold() in ("1", "1.0", "true")


def _is_zero(value: str) -> bool:
    return value.casefold() in ("0", "0.0", "false", "")


def _is_picture(value: str) -> bool:
    return PurePath(value.replace("\\", "/")).suffix.lower() in PICTURE_SUFFIXES


def _plain(word: str) -> str:
    return _PLAIN.sub("", word).casefold()
