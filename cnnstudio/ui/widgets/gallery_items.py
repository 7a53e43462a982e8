"""What the gallery knows of each picture: plain values, made from everything that is known."""

import os
from bisect import bisect_right
from collections.abc import Iterable
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from cnnstudio.project.picture_edits import PictureEdits
from cnnstudio.project.pictures import Part
from cnnstudio.worker.garbage import no_garbage_search

if TYPE_CHECKING:
    from cnnstudio.images.arrangement import Arrangement
    from cnnstudio.images.checking import CheckReport
    from cnnstudio.images.look_alikes import LookAlikes
    from cnnstudio.images.scan import FoundPicture


class GalleryItem(NamedTuple):
    """One picture. ``problem`` is a sentence, or empty; sizes are 0 as long as they are unknown.

    A tuple and no dataclass: a hundred thousand of them are made at every change.
    """

    path: str
    name: str
    label: str
    part: Part | None = None
    problem: str = ""
    left_out: bool = False
    pinned: bool = False
    bytes: int = 0
    modified_ns: int = 0
    width: int = 0
    height: int = 0
    in_group: bool = False


class PictureSize(NamedTuple):
    """What stands in for the facts of a picture that was not looked into yet."""

    width: int
    height: int


def gallery_items(
    arrangement: "Arrangement", report: "CheckReport | None", edits: PictureEdits
) -> list[GalleryItem]:
    """All pictures of the classes, class after class; those left out stay at their place."""
    with no_garbage_search():
        return _made(arrangement, report, edits)


def _made(
    arrangement: "Arrangement", report: "CheckReport | None", edits: PictureEdits
) -> list[GalleryItem]:
    found = _in_order(arrangement, report)
    paths = [each.path for each in found]
    listing = arrangement.listing
    parts = {each.path: each.part for each in listing.pictures} if listing is not None else {}
    left_out = {each.path for each in arrangement.left_out}
    alike: frozenset[str] = frozenset()
    widths = heights = [0] * len(paths)
    problems = {each.file: each.message for each in arrangement.broken}
    if report is not None:
        alike = pictures_in_groups(report.look_alikes)
        unknown = PictureSize(0, 0)
        known = [report.facts.get(path, unknown) for path in paths]
        widths = [each.width for each in known]
        heights = [each.height for each in known]
        for picture in arrangement.left_out:
            facts = report.facts.get(picture.path)
            if facts is not None and facts.problem is not None:
                problems[picture.path] = facts.problem.message
    columns = zip(
        paths,
        map(picture_name, paths),
        [each.label for each in found],
        map(parts.get, paths),
        [problems.get(path, "") for path in paths],
        map(left_out.__contains__, paths),
        map(edits.pinned.__contains__, paths),
        [each.bytes for each in found],
        [each.modified_ns for each in found],
        widths,
        heights,
        map(alike.__contains__, paths),
        strict=True,
    )
    return list(map(partial(tuple.__new__, GalleryItem), columns))


def picture_name(path: str) -> str:
    """The file's name; inside archives a slash divides, whatever the system uses."""
    if os.sep != "/":
        path = path.replace(os.sep, "/")
    return path[path.rfind("/") + 1 :]


def pictures_in_groups(look_alikes: "LookAlikes") -> frozenset[str]:
    """All pictures that have look-alikes."""
    return frozenset(chain.from_iterable(chain(look_alikes.same, look_alikes.near)))


class LookAlikesOf:
    """Answers which pictures look like a given one, also by way of others between."""

    def __init__(self, look_alikes: "LookAlikes | None") -> None:
        self._beside: dict[str, list[str]] = {}
        if look_alikes is not None:
            for one, other in chain(look_alikes.same, look_alikes.near):
                self._beside.setdefault(one, []).append(other)
                self._beside.setdefault(other, []).append(one)

    def find(self, path: str, at_most: int) -> list[str]:
        """The nearest look-alikes first, without the picture itself."""
        found = {path: None}
        upcoming = [path]
        while upcoming and len(found) <= at_most:
            upcoming = [
                each
                for one in upcoming
                for each in dict.fromkeys(self._beside.get(one, ()))
                if each not in found and found.setdefault(each) is None
            ]
        return list(found)[1 : at_most + 1]


def counts_by_class(items: Iterable[GalleryItem], classes: Iterable[str]) -> dict[str, int]:
    """How many pictures each class has; classes without a picture have 0."""
    counts = dict.fromkeys(classes, 0)
    for item in items:
        counts[item.label] = counts.get(item.label, 0) + 1
    return counts


def _in_order(arrangement: "Arrangement", report: "CheckReport | None") -> "list[FoundPicture]":
    used = arrangement.scan.pictures
    if not arrangement.left_out:
        return list(used)
    rank = {name: place for place, name in enumerate(arrangement.classes)}
    scanned = report.scan.pictures if report is not None else ()
    place = {each.path: number for number, each in enumerate(scanned)}

    def position(each: "FoundPicture") -> int:
        return rank[each.label] * (len(place) + 1) + place.get(each.path, len(place))

    ordered: list[FoundPicture] = []
    done = 0
    for each in sorted(arrangement.left_out, key=position):
        here = bisect_right(used, position(each), lo=done, key=position)
        ordered += used[done:here]
        ordered.append(each)
        done = here
    return [*ordered, *used[done:]]
