"""Classes that stand in file names: ``cat.12.jpg`` is a cat, ``3_00012.png`` a three.

They are only ever offered, so this may be wrong now and then, but it must not make classes of
what cameras and programs call their files: ``IMG_0001``, ``20240101_123000``, ``frame_000123``.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from cnnstudio.images.found_pictures import as_label, natural_key

MOST_CLASSES = 50
FEWEST_PICTURES = 3
UNCLEAR_AT_MOST = 0.05

_LONGEST_NUMBER_OF_A_CLASS = 2
_TOKENS = re.compile(r"[^\W_]+")
_WORD = re.compile(r"[^\W\d_]+")
_WORD_AND_NUMBER = re.compile(r"([^\W\d_]{2,})\d+")
_HASH = re.compile(r"(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{5,}")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_SAYS_NOTHING = frozenset(
    # what cameras, telephones and programs begin their names with
    {*("img", "image", "images", "dsc", "dscn", "dscf", "dcim", "pict", "pic", "picture", "photo")}
    | {*("photos", "foto", "bild", "screenshot", "screen", "shot", "scan", "capture", "snapshot")}
    | {*("frame", "frames", "video", "vid", "mov", "movie", "clip", "pxl", "gopr", "mvimg", "wp")}
    | {*("wa", "whatsapp", "signal", "file", "untitled", "unnamed", "download", "sample", "no")}
    | {
        *(
            "number",
            "edited",
            "crop",
            "cropped",
            "resized",
            "burst",
            "cover",
            "hdr",
            "pano",
            "raw",
            "mp",
        )
    }
    | {*("copy", "copie", "kopie", "kopia", "copia", "사진", "이미지", "그림", "복사본", "사본")}
    | {*("스크린샷", "캡처", "화면", "동영상", "프레임", "kakaotalk")}
    # times of day and of the year
    | {*("am", "pm", "at", "오전", "오후", "mon", "tue", "wed", "thu", "fri", "sat", "sun", "utc")}
    | {*("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")}
)


@dataclass(frozen=True)
class NameOffer:
    """What the file names of a folder would make of its pictures, if the person wants that.

    ``examples`` are the paths of the first pictures of each class; ``unclear`` pictures, whose
    names say nothing, would not be used.
    """

    folder: str
    counts: dict[str, int]
    examples: dict[str, tuple[str, ...]]
    unclear: int


@dataclass(frozen=True)
class NameLabels:
    """The class that each name says, in the order of the names; ``None`` where it says none."""

    labels: tuple[str | None, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Number of names by class, in natural order."""
        counted = Counter(label for label in self.labels if label is not None)
        return {label: counted[label] for label in sorted(counted, key=natural_key)}

    @property
    def unclear(self) -> int:
        """How many names say no class."""
        return self.labels.count(None)

    @property
    def are_plain(self) -> bool:
        """Whether the names say classes so plainly that they should be offered."""
        return 2 <= len(self.counts) <= MOST_CLASSES and self.unclear <= UNCLEAR_AT_MOST * len(
            self.labels
        )


def labels_of_names(names: Sequence[str]) -> NameLabels:
    """The classes that file names say; a class of fewer than three names is none.

    What all names have in front (``pets_cat_1``, ``pets_dog_1``) does not belong to the class.
    Names of two numbers say their class by the shorter one, if that repeats.
    """
    tokens = [_tokens(name) for name in names]
    said = [_words(each) for each in tokens]
    if not any(said):
        return NameLabels(_often_enough(_repeating_numbers(tokens)))
    front = _shared_front({words for words in said if words})
    return NameLabels(_often_enough(_joined(words[front:]) for words in said))


def offer_of(folder: str, paths: Sequence[str], examples: int = 4) -> NameOffer | None:
    """What the names of these pictures offer, or ``None`` if they do not plainly say classes."""
    found = labels_of_names([PurePath(path).name for path in paths])
    if not found.are_plain:
        return None
    first: dict[str, list[str]] = defaultdict(list)
    for path, label in zip(paths, found.labels, strict=True):
        if label is not None and len(first[label]) < examples:
            first[label].append(path)
    counts = found.counts
    return NameOffer(
        folder, counts, {label: tuple(first[label]) for label in counts}, found.unclear
    )


def _tokens(name: str) -> list[str]:
    stem, dot, suffix = as_label(name).rpartition(".")
    whole = stem if dot and suffix.isalnum() else name
    return _TOKENS.findall(_UUID.sub(" ", whole))


def _words(tokens: list[str]) -> tuple[str, ...]:
    """The tokens that may be a class: words, and words with a number as part of a name."""
    ends_with_number = bool(tokens) and tokens[-1].isdigit()
    words = []
    for token in tokens:
        small = token.casefold()
        if _WORD.fullmatch(token):
            word = token
        elif _HASH.fullmatch(small) and not _WORD_AND_NUMBER.fullmatch(small):
            continue
        elif counted := _WORD_AND_NUMBER.fullmatch(token):
            word = counted[1]
            if ends_with_number and word.casefold() not in _SAYS_NOTHING:
                word = token  # 'class2_0001': the counting number is another one
        elif ends_with_number and re.fullmatch(r"[^\W\d_]\d+", token):
            word = token  # 'n01440764_10026'
        else:
            continue
        if word.casefold() not in _SAYS_NOTHING:
            words.append(word)
    return tuple(words)


def _shared_front(said: Iterable[tuple[str, ...]]) -> int:
    """How many words all names begin with; at least one is left to each."""
    different = [[word.casefold() for word in words] for words in said]
    front = 0
    while all(len(words) > front + 1 for words in different):
        if len({words[front] for words in different}) > 1:
            break
        front += 1
    return front


def _joined(words: tuple[str, ...]) -> str | None:
    return "_".join(words) or None


def _repeating_numbers(tokens: list[list[str]]) -> Iterable[str | None]:
    """The class of names that are two numbers: the one that repeats, and is the shorter one."""
    numbers: list[list[str]] = []
    for each in tokens:
        words = [token for token in each if token.casefold() not in _SAYS_NOTHING]
        is_two = len(words) == 2 and all(word.isdigit() and word.isascii() for word in words)
        numbers.append(words if is_two else [])
    pairs = [pair for pair in numbers if pair]
    widths = [max((len(pair[place]) for pair in pairs), default=0) for place in (0, 1)]
    place = 0 if widths[0] <= widths[1] else 1
    counted = Counter(pair[place] for pair in pairs)
    is_class = (
        widths[0] != widths[1]
        and widths[place] <= _LONGEST_NUMBER_OF_A_CLASS
        and len(counted) * FEWEST_PICTURES <= len(pairs)
    )
    return (pair[place] if pair and is_class else None for pair in numbers)


def _often_enough(labels: Iterable[str | None]) -> tuple[str | None, ...]:
    """The labels as they are mostly written; those of too few pictures are none."""
    said = list(labels)
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for label in said:
        if label is not None:
            spellings[label.casefold()][label] += 1
    shown = {
        small: min(written, key=lambda each: (-written[each], each))
        for small, written in spellings.items()
        if written.total() >= FEWEST_PICTURES
    }
    return tuple(None if label is None else shown.get(label.casefold()) for label in said)
