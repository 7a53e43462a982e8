"""Which part each picture was in the last time: adding pictures never moves the others.

Pictures are known by their content (its digest), so that renamed and moved files keep their part.
The file is a table of two columns: what was split by, the number of pictures, and a line for each.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast, get_args

from cnnstudio.project.files import write_text_atomically
from cnnstudio.project.listing import PictureList
from cnnstudio.project.pictures import Part, PicturesPlan

_PARTS = frozenset(get_args(Part))
_HEADING = "digest,part"


@dataclass(frozen=True)
class KeptSplit:
    """The part of each content (by digest, hexadecimal), and what it was split by."""

    seed: int
    validation_share: float
    test_share: float
    parts: Mapping[str, Part] = field(default_factory=dict)

    @classmethod
    def empty(cls, plan: PicturesPlan) -> "KeptSplit":
        """Nothing is known yet of a split by ``plan``."""
        return cls(plan.seed, plan.validation_share, plan.test_share)

    def is_of(self, plan: PicturesPlan) -> bool:
        """Whether it was split by this seed and these shares; otherwise all is drawn anew."""
        return replace(self, parts={}) == KeptSplit.empty(plan)

    def after(self, listing: PictureList, digests: Mapping[str, str]) -> "KeptSplit":
        """With the pictures of ``listing`` that are new; nothing known is changed or forgotten.

        ``digests`` are those of the pictures at their full paths; one without a digest is passed
        over, as it could not be known again.
        """
        new: dict[str, Part] = {}
        for picture in listing.pictures:
            digest = digests.get(picture.path)
            if digest and digest not in self.parts:
                new.setdefault(digest, picture.part)
        return replace(self, parts={**self.parts, **new}) if new else self

    def save(self, path: Path) -> None:
        """Write so that ``path`` holds either all of it or what it held before. Raises OSError."""
        lines = [
            f"seed,{self.seed}",
            f"validation_share,{self.validation_share!r}",
            f"test_share,{self.test_share!r}",
            f"pictures,{len(self.parts)}",
            _HEADING,
            *(f"{digest},{part}" for digest, part in self.parts.items()),
        ]
        write_text_atomically(path, "\n".join(lines) + "\n")

    @classmethod
    def load(cls, path: Path) -> "KeptSplit | None":
        """What :meth:`save` wrote; none where there is no such file, or it is damaged."""
        try:
            lines = iter(path.read_text(encoding="utf-8-sig").splitlines())
            kept = cls(
                int(_value(lines, "seed")),
                float(_value(lines, "validation_share")),
                float(_value(lines, "test_share")),
            )
            count = int(_value(lines, "pictures"))
            if next(lines, "") != _HEADING:
                return None
            parts = dict(_pair(line) for line in lines)
        except (OSError, ValueError):
            return None
        if len(parts) != count or not _PARTS.issuperset(parts.values()):
            return None
        return replace(kept, parts=cast(dict[str, Part], parts))


def _value(lines: Iterator[str], name: str) -> str:
    found, value = _pair(next(lines, ""))
    if found != name:
        raise ValueError(f"{name} expected, found {found}")
    return value


def _pair(line: str) -> tuple[str, str]:
    first, _, second = line.partition(",")
    return first, second
