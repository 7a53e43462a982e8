"""Which picture is learned from, watched, and kept back: by class, by seed, the same every time."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from cnnstudio.images.look_alikes import LookAlikes
from cnnstudio.images.scan import FoundPicture, Scan
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
    training pictures. Otherwise each class is split by the plan's shares and seed, with at least
    one picture for training and one for validation. A picture's place depends only on the seed,
    its class and its path below the chosen folder, and taking more for validation does not change
    what is kept back for the test.

    Raises:
        ProblemError: where no training is possible: no_folder, a folder's own problem,
            no_pictures_readable, one_class, class_too_small, part_missing_class.
    """
    skipped = frozenset(left_out)
    usable = [picture for picture in scan.pictures if picture.path not in skipped]
    by_class: dict[str, list[FoundPicture]] = {name: [] for name in scan.classes}
    for picture in usable:
        by_class[picture.label].append(picture)
    filled = {name: pictures for name, pictures in by_class.items() if pictures}
    if len(filled) < 2:
        raise ProblemError(_why_too_few_classes(scan, filled))
    given = {picture.part for picture in usable} - {None}
    parts: dict[str, Part] = {}
    for name, pictures in filled.items():
        if given:
            parts |= _given_parts(scan, plan, name, pictures, "validation" in given)
        else:
            parts |= _drawn_parts(scan, plan, name, pictures, plan.test_share)
    listed = (ListedPicture(each.path, each.label, parts[each.path]) for each in usable)
    return SplitReport(PictureList(tuple(filled), tuple(listed)))


def _why_too_few_classes(scan: Scan, filled: dict[str, list[FoundPicture]]) -> Problem:
    if not scan.folders:
        return Problem("no_folder", "pictures.folders")
    if filled:
        return Problem("one_class", "pictures.folders", values={"name": next(iter(filled))})
    if scan.pictures:
        return Problem("no_pictures_readable", "pictures.folders")
    for problem in scan.problems:
        if problem.severity == "error":
            return problem
    return Problem("folder_empty", "pictures.folders", scan.folders[0])


def _given_parts(
    scan: Scan,
    plan: PicturesPlan,
    name: str,
    pictures: list[FoundPicture],
    has_validation: bool,
) -> dict[str, Part]:
    parts: dict[str, Part] = {each.path: each.part for each in pictures if each.part is not None}
    learned = [each for each in pictures if each.part in (None, "training")]
    if not learned:
        raise ProblemError(_missing("training", name))
    if not has_validation:
        return parts | _drawn_parts(scan, plan, name, learned, test_share=0)
    if "validation" not in parts.values():
        raise ProblemError(_missing("validation", name))
    return parts | {each.path: "training" for each in learned}


def _missing(part: Part, name: str) -> Problem:
    values: dict[str, str | int | float] = {"part": part, "name": name}
    return Problem("part_missing_class", "pictures.folders", values=values)


def _drawn_parts(
    scan: Scan, plan: PicturesPlan, name: str, pictures: list[FoundPicture], test_share: float
) -> dict[str, Part]:
    count = len(pictures)
    if count < 2:
        values: dict[str, str | int | float] = {"name": name, "count": count, "needed": 2}
        raise ProblemError(Problem("class_too_small", "pictures.folders", values=values))

    def place(picture: FoundPicture) -> tuple[str, int, str]:
        text = f"{plan.seed}\0{name}\0{scan.relative_name(picture.path)}"
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        return digest, picture.bytes, picture.path  # the same name in two folders is rare

    test = _rounded(count * test_share)
    if test_share > 0:
        test = min(max(test, 1), count - 2)
    validation = min(max(_rounded(count * plan.validation_share), 1), count - test - 1)
    parts: dict[str, Part] = {}
    for index, picture in enumerate(sorted(pictures, key=place)):
        kept_back = index < test
        watched = index < test + validation
        parts[picture.path] = "test" if kept_back else "validation" if watched else "training"
    return parts


def _rounded(number: float) -> int:
    """Halves are rounded up; Python's own rounding goes to the even neighbour."""
    return int(number + 0.5)
