"""Looking into every picture: which can be used, and what is known of each."""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from statistics import median_low

from cnnstudio.images.archives import inside
from cnnstudio.images.breaths import with_breaths
from cnnstudio.images.facts import PictureFacts, look_into
from cnnstudio.images.facts_store import FactsStore
from cnnstudio.images.found_pictures import FoundPicture
from cnnstudio.images.kept_look_alikes import kept_look_alikes, look_alikes_among
from cnnstudio.images.look_alikes import LookAlikes, keep_look, no_looks
from cnnstudio.images.remarks import remarks_on
from cnnstudio.images.scan import Scan
from cnnstudio.images.threads import in_order
from cnnstudio.project.problems import Problem

_KEPT_AT_ONCE = 500
_SECONDS_BETWEEN_KEEPING = 1.0  # a kill loses no more


@dataclass(frozen=True)
class CheckReport:
    """What looking into every picture showed; nothing in it depends on what the person changes.

    The facts are without ``look``, which is large and was only for finding look-alikes.
    """

    scan: Scan
    facts: Mapping[str, PictureFacts] = field(default_factory=dict)
    look_alikes: LookAlikes = field(default_factory=LookAlikes)

    @property
    def broken(self) -> tuple[Problem, ...]:
        """Why pictures cannot be used, in the scan's order."""
        found = (self.facts[each.path].problem for each in self.scan.pictures)
        return tuple(problem for problem in found if problem is not None)

    @cached_property
    def typical_side(self) -> int:
        """The shorter side, in pixels, of most pictures that can be read (0: there are none)."""
        readable = (each for each in self.facts.values() if each.problem is None)
        sides = [min(each.width, each.height) for each in readable]
        return median_low(sides) if sides else 0

    @cached_property
    def remarks(self) -> Mapping[str, Sequence[str]]:
        """Kinds of findings about single pictures, and the full paths of these."""
        return remarks_on(self.facts[each.path] for each in self.scan.pictures)


def check_pictures(
    scan: Scan,
    on_progress: Callable[[int, int], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    threads: int | None = None,
) -> CheckReport:
    """Look into every picture that is not known from an earlier time, and find look-alikes.

    What was looked into is remembered on the way, so a check that was stopped goes on from there.
    The last report of progress, of all pictures, comes when what is left is to compare them.
    ``threads`` is how many look into pictures at the same time, if it matters.

    Raises:
        InterruptedError: once ``should_stop`` answers yes.
    """
    facts, look_alikes = look_into_all(
        scan.pictures, None, on_progress, should_stop, threads=threads
    )
    return CheckReport(scan, {each.path: each for each in facts}, look_alikes)


def look_into_all(
    pictures: Sequence[FoundPicture],
    on_found: Callable[[int, PictureFacts], None] | None = None,
    on_progress: Callable[[int, int], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    threads: int | None = None,
) -> tuple[list[PictureFacts], LookAlikes]:
    """What :func:`check_pictures` does: the facts in the pictures' order, and the look-alikes.

    ``on_found`` gets the row and the facts of each picture as soon as they are known.

    Raises:
        InterruptedError: once ``should_stop`` answers yes.
    """
    rows = {each.path: row for row, each in enumerate(pictures)}
    looks = no_looks(len(pictures))
    facts: dict[str, PictureFacts] = {}

    def note(found: PictureFacts) -> None:
        row = rows[found.path]
        keep_look(looks, row, found)
        facts[found.path] = without_look = replace(found, look=b"")
        if on_found:
            on_found(row, without_look)

    with FactsStore() as store:
        for found in store.known(pictures):
            note(found)
        _look_into_the_rest(pictures, facts, note, store, on_progress, should_stop, threads)
    if should_stop is not None and should_stop():
        raise InterruptedError
    if on_progress:
        on_progress(len(pictures), len(pictures))
    in_order_of_pictures = [facts[each.path] for each in pictures]
    return in_order_of_pictures, look_alikes_among(in_order_of_pictures, looks, should_stop)


def known_report(scan: Scan, should_stop: Callable[[], bool] | None = None) -> CheckReport | None:
    """What :func:`check_pictures` would answer if all is known from an earlier time, else None.

    Meant for the window's process: other threads never wait long.

    Raises:
        InterruptedError: once ``should_stop`` answers yes.
    """
    known: dict[str, PictureFacts] = {}
    with FactsStore() as store:
        for found in with_breaths(store.known(scan.pictures)):
            known[found.path] = replace(found, look=b"")
            if should_stop is not None and should_stop():
                raise InterruptedError
    if len(known) < len(scan.pictures):
        return None
    facts = {each.path: known[each.path] for each in with_breaths(scan.pictures)}
    look_alikes = kept_look_alikes(list(facts.values()))
    return None if look_alikes is None else CheckReport(scan, facts, look_alikes)


def _look_into_the_rest(
    pictures: Sequence[FoundPicture],
    facts: Mapping[str, PictureFacts],
    note: Callable[[PictureFacts], None],
    store: FactsStore,
    on_progress: Callable[[int, int], None] | None,
    should_stop: Callable[[], bool] | None,
    threads: int | None,
) -> None:
    """``note`` the facts of the pictures that are not among ``facts``, and remember them."""
    total = len(pictures)
    unknown = [each for each in pictures if each.path not in facts]
    known = total - len(unknown)

    def tell(done: int, of_unknown: int) -> None:
        if on_progress and known + done < total:
            on_progress(known + done, total)

    if known:
        tell(0, len(unknown))
    waiting: dict[FoundPicture, PictureFacts] = {}
    kept_at = time.monotonic()
    try:
        answers = in_order(_looked_into, unknown, tell, should_stop, threads)
        for picture, (answer, is_certain) in zip(unknown, answers, strict=True):
            note(answer)
            if is_certain:
                waiting[picture] = answer
            now = time.monotonic()
            if len(waiting) >= _KEPT_AT_ONCE or now - kept_at >= _SECONDS_BETWEEN_KEEPING:
                store.keep(waiting)
                waiting.clear()
                kept_at = now
    finally:
        store.keep(waiting)


def _looked_into(picture: FoundPicture) -> tuple[PictureFacts, bool]:
    """The facts, and whether they are certainly those of the file that the scan found."""
    facts = look_into(picture.path)
    place = inside(picture.path)
    try:
        now = os.stat(place.archive if place else picture.path)  # noqa: PTH116 (many thousand times)
    except (OSError, ValueError):
        return facts, False
    is_as_found = now.st_mtime_ns == picture.modified_ns
    return facts, is_as_found and (place is not None or now.st_size == picture.bytes)
