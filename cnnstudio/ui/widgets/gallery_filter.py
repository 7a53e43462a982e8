"""Which pictures of the gallery are shown, and in which order: pure, and quick for very many."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from cnnstudio.project.words import N_
from cnnstudio.ui.widgets.gallery_items import GalleryItem, counts_by_class

Show = Literal[
    "all", "training", "validation", "test", "problem", "left_out", "pinned", "look_alikes"
]
Order = Literal["class", "name", "date", "bytes", "pixels"]

SHOW_TITLES: dict[Show, str] = {
    "all": N_("All pictures"),
    "training": N_("Training"),
    "validation": N_("Validation"),
    "test": N_("Test"),
    "problem": N_("With a problem"),
    "left_out": N_("Left out"),
    "pinned": N_("Pinned to a part"),
    "look_alikes": N_("Look-alikes"),
}

ORDER_TITLES: dict[Order, str] = {
    "class": N_("By class"),
    "name": N_("By name"),
    "date": N_("By date"),
    "bytes": N_("By file size"),
    "pixels": N_("By resolution"),
}

_DIGITS = re.compile(r"[0-9]+")
_LONGEST_NUMBER = 12


@dataclass(frozen=True)
class Choice:
    """What is to be seen. ``label`` is a class, or ``None`` for all of them."""

    search: str = ""
    label: str | None = None
    show: Show = "all"
    order: Order = "class"
    is_reversed: bool = False


class Shelf:
    """All pictures, and what is worked out of them once and needed at every choice."""

    def __init__(self, items: Sequence[GalleryItem], classes: Sequence[str]) -> None:
        self.items = items
        self.classes = tuple(classes)

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many pictures each class has."""
        return counts_by_class(self.items, self.classes)

    @cached_property
    def shows(self) -> dict[Show, int]:
        """How many pictures each filter would show."""
        items = self.items
        parts = Counter([item.part for item in items])
        return {
            "all": len(items),
            "training": parts["training"],
            "validation": parts["validation"],
            "test": parts["test"],
            "problem": sum([bool(item.problem) for item in items]),
            "left_out": sum([item.left_out for item in items]),
            "pinned": sum([item.pinned for item in items]),
            "look_alikes": sum([item.in_group for item in items]),
        }

    @cached_property
    def _texts(self) -> dict[str, str]:
        """What is searched in, by path: the file's name and the class."""
        labels = {name: folded(name) for name in self.counts}
        return {item.path: f"{folded(item.name)}\n{labels[item.label]}" for item in self.items}

    @cached_property
    def _name_keys(self) -> dict[str, str]:
        return {item.path: name_key(item.name) for item in self.items}

    def select(self, choice: Choice) -> list[GalleryItem]:
        """The pictures that fit, in the wanted order."""
        items: Sequence[GalleryItem] = self.items
        if choice.label is not None:
            items = [item for item in items if item.label == choice.label]
        if choice.show != "all":
            fits = _FITS[choice.show]
            items = [item for item in items if fits(item)]
        for word in folded(choice.search).split():
            texts = self._texts
            items = [item for item in items if word in texts[item.path]]
        return self._ordered(items, choice)

    def _ordered(self, items: Sequence[GalleryItem], choice: Choice) -> list[GalleryItem]:
        key: Callable[[GalleryItem], Any]
        match choice.order:
            case "class":
                found = list(items)
                if choice.is_reversed:
                    found.reverse()
                return found
            case "name":
                keys = self._name_keys
                return sorted(items, key=lambda item: keys[item.path], reverse=choice.is_reversed)
            case "date":
                key = _modified
            case "bytes":
                key = _bytes
            case "pixels":
                key = _pixels
        # The newest, the largest first: that is what people look for.
        return sorted(items, key=key, reverse=not choice.is_reversed)


def folded(text: str) -> str:
    """``text`` as it is compared in a search: macOS writes '한글' in pieces, others in one."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return text.casefold()


def name_key(name: str) -> str:
    """Sorts 'cat 2' before 'cat 10', and large and small letters together."""
    return _DIGITS.sub(_padded, folded(name))


def _padded(number: re.Match[str]) -> str:
    return number.group().rjust(_LONGEST_NUMBER, "0")


def _modified(item: GalleryItem) -> int:
    return item.modified_ns


def _bytes(item: GalleryItem) -> int:
    return item.bytes


def _pixels(item: GalleryItem) -> int:
    return item.width * item.height


_FITS: dict[Show, Callable[[GalleryItem], bool]] = {
    "training": lambda item: item.part == "training",
    "validation": lambda item: item.part == "validation",
    "test": lambda item: item.part == "test",
    "problem": lambda item: bool(item.problem),
    "left_out": lambda item: item.left_out,
    "pinned": lambda item: item.pinned,
    "look_alikes": lambda item: item.in_group,
}
