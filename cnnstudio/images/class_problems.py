"""Whether the classes are enough, large enough, and in every part."""

from collections.abc import Collection
from pathlib import Path

from cnnstudio.images.scan import PART_NAMES, FoundPicture, Scan, count_by_class
from cnnstudio.project.findings import key_of
from cnnstudio.project.problems import Problem

FEW_PICTURES = 20
LARGE_RATIO = 3.0


def class_problems(scan: Scan, pictures: Collection[FoundPicture]) -> list[Problem]:
    """Whether there are two classes or more, and each in every part."""
    labels = {picture.label for picture in pictures}
    if len(labels) == 1:
        values: dict[str, str | int | float] = {"name": next(iter(labels))}
        return [Problem("one_class", "pictures.folders", values=values)]
    found = []
    for part in ("training", "validation", "test"):
        of_part = [picture for picture in pictures if picture.part == part]
        if not of_part:
            continue
        present = {picture.label for picture in of_part}
        kind = "test_missing_class" if part == "test" else "part_missing_class"
        for name in scan.classes:
            if name in labels and name not in present:
                values = {"part": _part_folder(scan, of_part[0].path), "name": name}
                found.append(Problem(kind, "pictures.folders", values=values))
    return found


def _part_folder(scan: Scan, path: str) -> str:
    """The name, as it stands on disk, of the folder that makes ``path``'s part."""
    relative = scan.relative_name(path)
    top = relative.split("/")[0]
    if top.lower() in PART_NAMES:
        return top
    return Path(path[: len(path) - len(relative)]).name


def count_problems(
    scan: Scan, usable: list[FoundPicture], accepted: Collection[str] = ()
) -> list[Problem]:
    """Whether each class has enough pictures, and about as many as the others.

    ``accepted`` are keys of findings that the person said are all right.
    """
    counts = count_by_class(scan.classes, usable)
    split_off = not any(picture.part == "validation" for picture in usable)
    learned = [picture for picture in usable if picture.part in (None, "training")]
    needed = 2 if split_off else 1
    for_learning = count_by_class(scan.classes, learned)
    found = []
    for name, count in counts.items():
        values: dict[str, str | int | float] = {"name": name, "count": for_learning[name]}
        if count == 0:
            found.append(Problem("class_empty", "pictures.folders", values={"name": name}))
        elif for_learning[name] < needed:
            values["needed"] = needed
            found.append(Problem("class_too_small", "pictures.folders", values=values))
        elif for_learning[name] < FEW_PICTURES and _is_open("few_pictures", name, accepted):
            found.append(Problem("few_pictures", "pictures.folders", values=values))
    filled = {name: count for name, count in for_learning.items() if count}
    if len(filled) > 1:
        large, small = max(filled, key=filled.__getitem__), min(filled, key=filled.__getitem__)
        ratio = filled[large] / filled[small]
        if ratio >= LARGE_RATIO and _is_open("imbalance", large, accepted):
            shown = f"{ratio:.0f}" if ratio >= 10 else f"{ratio:.1f}".removesuffix(".0")
            values = {"large": large, "small": small, "ratio": shown}
            found.append(Problem("imbalance", "pictures.folders", values=values))
    return found


def _is_open(kind: str, name: str, accepted: Collection[str]) -> bool:
    return key_of(kind, (name,)) not in accepted
