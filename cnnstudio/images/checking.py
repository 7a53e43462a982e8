"""Looking into every picture: which can be used, and what is known of each."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from statistics import median_low

from cnnstudio.images.archives import inside
from cnnstudio.images.facts import PictureFacts, look_into
from cnnstudio.images.facts_store import FactsStore
from cnnstudio.images.found_pictures import FoundPicture
from cnnstudio.images.look_alikes import LookAlikes, find_among, keep_look, no_looks
from cnnstudio.images.remarks import remarks_on
from cnnstudio.images.scan import Scan
from cnnstudio.images.threads import in_order
from cnnstudio.project.problems import Problem

_KEPT_AT_ONCE = 500


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
) -> CheckReport:
    """Look into every picture that is not known from an earlier time, and find look-alikes.

    What was looked into is remembered on the way, so a check that was stopped goes on from there.
    The last report of progress comes when all is done.

    Raises:
        InterruptedError: once ``should_stop`` answers yes.
    """
    total = len(scan.pictures)
    rows = {each.path: row for row, each in enumerate(scan.pictures)}
    looks = no_looks(total)
    facts: dict[str, PictureFacts] = {}

    def note(found: PictureFacts) -> None:
        keep_look(looks, rows[found.path], found)
        facts[found.path] = replace(found, look=b"")

    with FactsStore() as store:
        for found in store.known(scan.pictures):
            note(found)
        _look_into_the_rest(scan, facts, note, store, on_progress, should_stop)
    if should_stop is not None and should_stop():
        raise InterruptedError
    in_order_of_scan = {each.path: facts[each.path] for each in scan.pictures}
    look_alikes = find_among(list(in_order_of_scan.values()), looks, should_stop)
    if on_progress:
        on_progress(total, total)
    return CheckReport(scan, in_order_of_scan, look_alikes)


def _look_into_the_rest(
    scan: Scan,
    facts: Mapping[str, PictureFacts],
    note: Callable[[PictureFacts], None],
    store: FactsStore,
    on_progress: Callable[[int, int], None] | None,
    should_stop: Callable[[], bool] | None,
) -> None:
    """``note`` the facts of the pictures that are not among ``facts``, and remember them."""
    total = len(scan.pictures)
    unknown = [each for each in scan.pictures if each.path not in facts]
    known = total - len(unknown)

    def tell(done: int, of_unknown: int) -> None:
        if on_progress and known + done < total:
            on_progress(known + done, total)

    if known:
        tell(0, len(unknown))
    waiting: dict[FoundPicture, PictureFacts] = {}
    try:
        answers = in_order(_looked_into, unknown, tell, should_stop)
        for picture, (answer, is_certain) in zip(unknown, answers, strict=True):
            note(answer)
            if is_certain:
                waiting[picture] = answer
            if len(waiting) >= _KEPT_AT_ONCE:
                store.keep(waiting)
                waiting.clear()
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
