"""Which picture is learned from, watched, and kept back: by class, by seed, the same every time.

Look-alikes stay on one side, and a picture whose part is known stays in it. In this order: the
part that folders give, the one it is pinned to, the one it was in before, the one that is drawn.
"""

import hashlib
import itertools
import os
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from cnnstudio.images.look_alikes import LookAlikes
from cnnstudio.images.scan import FoundPicture, Scan, as_label
from cnnstudio.images.split_draw import draw_parts, wanted_counts
from cnnstudio.images.split_groups import AlikeGroup, group_look_alikes
from cnnstudio.images.split_settled import KEPT_BACK_FIRST, Settled, Wishes, settle
from cnnstudio.project.listing import ListedPicture, PictureList
from cnnstudio.project.pictures import Part, PicturesPlan
from cnnstudio.project.problems import Problem, ProblemError


@dataclass(frozen=True)
class SplitReport:
    """The split, and what was done so that no look-alikes stand on both sides.

    ``kept_together`` groups of look-alikes are whole in one part; a random split with the same
    seed and shares would have put ``torn_at_random`` of them on both sides. ``left_between`` are
    paths of pictures that are like pictures of two parts and therefore in none.
    """

    listing: PictureList
    kept_together: int = 0
    torn_at_random: int = 0
    left_between: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def split_pictures(
    scan: Scan,
    plan: PicturesPlan,
    left_out: Collection[str] = (),
    look_alikes: LookAlikes | None = None,
    pinned: Mapping[str, Part] | None = None,
    before: Mapping[str, Part] | None = None,
) -> SplitReport:
    """Give every picture but those at the paths ``left_out`` its part.

    Parts given by folders are kept; without a validation folder, validation is split off the
    training pictures. Otherwise each class is split by the plan's shares and seed, as near to the
    shares as whole groups of look-alikes allow, with at least one picture for training and one
    for validation. A picture's place depends only on the seed, its class and its path below the
    chosen folder, and taking more for validation does not change what is kept back for the test.

    ``pinned`` fixes the part of the pictures at these paths, and of their look-alikes. ``before``
    says which part each content (by digest) was in the last time: it stays there. What is like
    pictures of two parts is in none.

    Raises:
        ProblemError: where no training is possible: no_folder, a folder's own problem,
            no_pictures_readable, one_class, class_too_small, part_missing_class,
            class_without_training, nothing_watched.
    """
    skipped = frozenset(left_out)
    usable = [picture for picture in scan.pictures if picture.path not in skipped]
    counts = Counter(picture.label for picture in usable)
    classes = tuple(name for name in scan.classes if counts[name])
    if len(classes) < 2:
        raise ProblemError(_why_too_few_classes(scan, classes))
    alike = look_alikes or LookAlikes()
    drawing = _Drawing(scan, plan, usable)
    drawing.check_enough(classes)
    groups = group_look_alikes(drawing.order, alike)
    wishes = drawing.wishes(alike, pinned or {}, before or {})
    settled = settle(drawing.order, groups, alike, wishes)
    drawn = drawing.draw(settled.singles, settled.units, settled.kept)
    parts = {**wishes.given, **settled.attached, **settled.kept, **drawn}
    placed = [each for each in usable if each.path in parts] if settled.between else usable
    listed = [ListedPicture(each.path, each.label, parts[each.path]) for each in placed]
    listing = PictureList(classes, tuple(listed))
    problems = _problems(listing, groups, pinned or {}, settled)
    kept = [group for group in groups if _is_kept_together(group, parts, wishes)]
    at_random = {**drawing.draw_singly(settled, wishes), **wishes.given} if kept else {}
    return SplitReport(
        listing,
        kept_together=len(kept),
        torn_at_random=sum(
            len({at_random[path] for path in group.members if path in parts}) > 1 for group in kept
        ),
        left_between=tuple(each.path for each in usable if each.path in settled.between),
        problems=tuple(problems),
    )


def _why_too_few_classes(scan: Scan, classes: tuple[str, ...]) -> Problem:
    if not scan.folders and not scan.pictures:
        return Problem("no_folder", "pictures.folders")
    if classes:
        return Problem("one_class", "pictures.folders", values={"name": classes[0]})
    if scan.pictures:
        return Problem("no_pictures_readable", "pictures.folders")
    for problem in scan.problems:
        if problem.severity == "error":
            return problem
    return Problem("folder_empty", "pictures.folders", scan.folders[0])


class _Drawing:
    """Draws by class, seed and shares, as far as the folders do not say the parts.

    ``order`` are the paths in the order in which they are drawn.
    """

    def __init__(self, scan: Scan, plan: PicturesPlan, usable: Sequence[FoundPicture]) -> None:
        self._scan = scan
        self._plan = plan
        self._usable = usable
        given = {picture.part for picture in usable} - {None}
        self._test_share = 0.0 if given else plan.test_share
        self._has_validation = "validation" in given
        self._labels = {each.path: each.label for each in _in_drawn_order(scan, plan.seed, usable)}
        self.order = tuple(self._labels)
        self._ranks = {path: rank for rank, path in enumerate(self.order)}

    def check_enough(self, classes: Iterable[str]) -> None:
        """Whether there can be training and validation pictures of every class.

        Raises:
            ProblemError: class_too_small or part_missing_class.
        """
        learned = Counter(each.label for each in self._usable if each.part in (None, "training"))
        watched = {each.label for each in self._usable if each.part == "validation"}
        for name in classes:
            count = learned[name]
            if not count:
                raise ProblemError(_missing("training", name))
            if self._has_validation and name not in watched:
                raise ProblemError(_missing("validation", name))
            if not self._has_validation and count < 2:
                values: dict[str, str | int | float] = {"name": name, "count": count, "needed": 2}
                raise ProblemError(Problem("class_too_small", "pictures.folders", values=values))

    def wishes(
        self, alike: LookAlikes, pinned: Mapping[str, Part], before: Mapping[str, Part]
    ) -> Wishes:
        """What is wished for each picture before any is drawn."""
        given: dict[str, Part] = {}
        learned = set()
        for picture in self._usable:
            if picture.part == "training" and not self._has_validation:
                learned.add(picture.path)
            elif picture.part is not None:
                given[picture.path] = picture.part

        def possible(wished: dict[str, Part]) -> dict[str, Part]:
            for path in learned:
                if wished.get(path) == "test":
                    del wished[path]
            return wished

        digests = alike.digests.items() if before else ()
        return Wishes(
            given,
            frozenset(learned),
            possible({path: part for path, part in pinned.items() if path in self._labels}),
            possible({path: before[digest] for path, digest in digests if digest in before}),
        )

    def draw(
        self,
        singles: Sequence[str],
        units: Collection[tuple[str, ...]],
        kept: Mapping[str, Part],
    ) -> dict[str, Part]:
        """The part of each of the ``singles``, and of the pictures of each unit, which stay whole.

        The ``singles`` come in the drawn order. The ``kept`` have their part, and are counted.
        """
        paths = [*singles, *itertools.chain.from_iterable(units)]
        if self._has_validation:
            return dict.fromkeys(paths, "training")
        labels = self._labels
        # A unit is drawn by one of its pictures, the same one wherever the folder stands.
        whole = {self._first_of(unit): unit for unit in units}
        ordered = sorted((*singles, *whole), key=self._ranks.__getitem__) if whole else singles
        alone = {name: {name: 1} for name in self._scan.classes}
        counts: list[Mapping[str, int]] = [alone[labels[path]] for path in ordered]
        for place, path in enumerate(ordered if whole else ()):
            if path in whole:
                counts[place] = Counter(labels[each] for each in whole[path])
        placed = {name: Counter[str]() for name in KEPT_BACK_FIRST}
        for path, part in kept.items():
            placed[part][labels[path]] += 1
        total = Counter(map(labels.__getitem__, [*kept, *paths]))
        wanted = wanted_counts(total, self._plan, self._test_share)
        drawn = dict(zip(ordered, draw_parts(counts, placed, wanted), strict=True))
        for first, unit in whole.items():
            drawn.update(dict.fromkeys(unit, drawn[first]))
        return drawn

    def draw_singly(self, settled: Settled, wishes: Wishes) -> dict[str, Part]:
        """The parts of the same pictures if look-alikes were drawn like all others."""
        in_units = itertools.chain.from_iterable(settled.units)
        free = {*settled.attached, *settled.kept, *settled.singles, *in_units}
        pinned = {path: part for path, part in wishes.pinned.items() if path in free}
        singles = [path for path in self.order if path in free and path not in pinned]
        return self.draw(singles, (), pinned) | pinned

    def _first_of(self, unit: tuple[str, ...]) -> str:
        return min((self._scan.relative_name(path), path) for path in unit)[1]


def _in_drawn_order(scan: Scan, seed: int, usable: Sequence[FoundPicture]) -> list[FoundPicture]:
    """The pictures by the digest of seed, class and path below the chosen folder."""
    folders: dict[str, str] = {}
    digests = []
    for picture in usable:
        path = picture.path
        begin = path.rfind(os.sep) + 1
        folder, name = path[:begin], path[begin:]
        if folder not in folders:
            folders[folder] = scan.relative_name(f"{folder}-").removesuffix("-")
        name = name if name.isascii() else as_label(name)
        text = f"{seed}\0{picture.label}\0{folders[folder]}{name}"
        digests.append(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest())
    places = range(len(usable))
    if len(set(digests)) == len(digests):
        ordered = sorted(places, key=digests.__getitem__)
    else:  # The same name in two folders
        ordered = sorted(
            places, key=lambda each: (digests[each], usable[each].bytes, usable[each].path)
        )
    return [usable[place] for place in ordered]


def _missing(part: Part, name: str) -> Problem:
    values: dict[str, str | int | float] = {"part": part, "name": name}
    return Problem("part_missing_class", "pictures.folders", values=values)


def _is_kept_together(group: AlikeGroup, parts: Mapping[str, Part], wishes: Wishes) -> bool:
    """Whether two look-alikes or more are on one side, and not only because folders say so."""
    placed = [path for path in group.members if path in parts]
    if len(placed) < 2 or wishes.given.keys() >= set(placed):
        return False
    return len({parts[path] for path in placed}) == 1


def _problems(
    listing: PictureList,
    groups: Iterable[AlikeGroup],
    pinned: Mapping[str, Part],
    settled: Settled,
) -> list[Problem]:
    """What is to be said of the split.

    Raises:
        ProblemError: class_without_training or nothing_watched.
    """
    counts = listing.counts()
    for name in listing.classes:
        if not counts["training"][name]:
            values: dict[str, str | int | float] = {"name": name}
            raise ProblemError(Problem("class_without_training", "pictures.folders", values=values))
    if not counts["validation"]:
        raise ProblemError(Problem("nothing_watched", "pictures.folders"))
    found = []
    for name in listing.classes:
        if not counts["validation"][name]:
            of_class = {each.path for each in listing.pictures if each.label == name}
            is_alike = any(of_class.issubset(group.members) for group in groups)
            kind = "all_alike" if is_alike else "class_not_watched"
            found.append(Problem(kind, "pictures.folders", values={"name": name}))
    in_contradiction = {path for core in settled.contradicting for path in core}
    overruled = [
        each.path
        for each in listing.pictures
        if pinned.get(each.path, each.part) != each.part and each.path not in in_contradiction
    ]
    for kind, paths in (
        ("pins_contradict", settled.contradicting),
        ("pins_overruled", overruled),
        ("left_between", settled.between),
    ):
        if paths:
            found.append(Problem(kind, "pictures.folders", values={"count": len(paths)}))
    return found
