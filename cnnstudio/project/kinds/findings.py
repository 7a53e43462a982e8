"""What the health check can find, the worst first, in sentences."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from cnnstudio.project.kinds.kind import Severity
from cnnstudio.project.words import N_, say_count

RemedyKind = Literal["leave_out", "leave_out_copies", "move", "accept"]


@dataclass(frozen=True)
class FindingKind:
    """``title`` is the sentence for so many pictures, groups or classes; ``why`` marked English.

    ``copies`` is what the remedy is called that leaves out all but the best of a group.
    """

    title: Callable[[int], str]
    why: str
    severity: Severity
    remedies: tuple[RemedyKind, ...]
    copies: str = N_("Leave out all but the best")


_BROKEN: tuple[RemedyKind, ...] = ("leave_out",)
_ODD: tuple[RemedyKind, ...] = ("leave_out", "accept")
_TWO_CLASSES: tuple[RemedyKind, ...] = ("move", "leave_out", "accept")
_COPIES: tuple[RemedyKind, ...] = ("leave_out_copies", "accept")

_SEEN_BEFORE = N_("Leave out those that are learned from")

_NOT_USED = N_("Not used. A new copy from the same place may be whole.")

FINDING_KINDS: dict[str, FindingKind] = {
    "copies_two_classes": FindingKind(
        lambda count: say_count(
            "{count} picture stands in two classes",
            "{count} pictures stand in two classes",
            count,
        ),
        N_("The same picture cannot be both: one class is wrong, and the model learns to doubt."),
        "warning",
        _TWO_CLASSES,
    ),
    "copies_two_parts": FindingKind(
        lambda count: say_count(
            "{count} picture is learned from and tested with",
            "{count} pictures are learned from and tested with",
            count,
        ),
        N_(
            "The model has seen it before, so being right about it proves nothing: the accuracy "
            "would be a lie."
        ),
        "warning",
        _COPIES,
        _SEEN_BEFORE,
    ),
    "look_alikes_two_classes": FindingKind(
        lambda count: say_count(
            "{count} group of look-alikes stands in different classes",
            "{count} groups of look-alikes stand in different classes",
            count,
        ),
        N_("Pictures that are nearly the same should have one class; one may be in the wrong one."),
        "warning",
        _TWO_CLASSES,
    ),
    "look_alikes_two_parts": FindingKind(
        lambda count: say_count(
            "{count} group of look-alikes is learned from and tested with",
            "{count} groups of look-alikes are learned from and tested with",
            count,
        ),
        N_(
            "The model has seen nearly the same picture before, so being right about it proves "
            "little: the accuracy would be too good."
        ),
        "warning",
        _COPIES,
        _SEEN_BEFORE,
    ),
    "file_missing": FindingKind(
        lambda count: say_count(
            "{count} picture is not there any more",
            "{count} pictures are not there any more",
            count,
        ),
        N_("Not used. If a drive is missing, connect it and check again."),
        "warning",
        _BROKEN,
    ),
    "file_unreadable": FindingKind(
        lambda count: say_count(
            "{count} picture may not be read", "{count} pictures may not be read", count
        ),
        N_("Not used until you give yourself permission to read."),
        "warning",
        _BROKEN,
    ),
    "file_empty": FindingKind(
        lambda count: say_count("{count} file is empty", "{count} files are empty", count),
        _NOT_USED,
        "warning",
        _BROKEN,
    ),
    "not_a_picture": FindingKind(
        lambda count: say_count(
            "{count} file is not a picture, although its name says so",
            "{count} files are not pictures, although their names say so",
            count,
        ),
        N_("Not used. Perhaps another file with a wrong name, or a download that failed."),
        "warning",
        _BROKEN,
    ),
    "truncated": FindingKind(
        lambda count: say_count(
            "{count} picture is cut off", "{count} pictures are cut off", count
        ),
        _NOT_USED,
        "warning",
        _BROKEN,
    ),
    "damaged": FindingKind(
        lambda count: say_count(
            "{count} picture is damaged", "{count} pictures are damaged", count
        ),
        _NOT_USED,
        "warning",
        _BROKEN,
    ),
    "archive_damaged": FindingKind(
        lambda count: say_count(
            "{count} picture is damaged inside its archive",
            "{count} pictures are damaged inside their archive",
            count,
        ),
        N_("Not used. The archive, downloaded or copied again, may be whole."),
        "warning",
        _BROKEN,
    ),
    "too_large": FindingKind(
        lambda count: say_count(
            "{count} picture is too large to open safely",
            "{count} pictures are too large to open safely",
            count,
        ),
        N_("Not used: opening could fill the whole memory. Save in a smaller size to use it."),
        "warning",
        _BROKEN,
    ),
    "unreadable": FindingKind(
        lambda count: say_count(
            "{count} picture cannot be read", "{count} pictures cannot be read", count
        ),
        N_("Not used. Save again as JPEG or PNG to use it."),
        "warning",
        _BROKEN,
    ),
    "few_pictures": FindingKind(
        lambda count: say_count(
            "{count} class has few pictures", "{count} classes have few pictures", count
        ),
        N_("{names}. It works, but fifty or more a class give an answer you can trust."),
        "warning",
        ("accept",),
    ),
    "imbalance": FindingKind(
        lambda count: say_count(
            "{count} class has far more pictures than another",
            "{count} classes have far more pictures than another",
            count,
        ),
        N_(
            "{large} has {ratio} times as many pictures as {small}, so the model will lean towards "
            "{large}. More pictures of {small} help most."
        ),
        "warning",
        ("leave_out", "accept"),
    ),
    "copies": FindingKind(
        lambda count: say_count(
            "{count} picture is there more than once",
            "{count} pictures are there more than once",
            count,
        ),
        N_("A copy teaches nothing new and counts double. The split keeps copies on one side."),
        "note",
        _COPIES,
    ),
    "look_alikes": FindingKind(
        lambda count: say_count(
            "{count} group of look-alikes", "{count} groups of look-alikes", count
        ),
        N_(
            "Other sizes of one photograph, or shots in a row, teach little that is new. The split "
            "keeps them on one side, so the accuracy stays honest."
        ),
        "note",
        _COPIES,
    ),
    "tiny": FindingKind(
        lambda count: say_count(
            "{count} picture is tiny beside the others",
            "{count} pictures are tiny beside the others",
            count,
        ),
        N_("Made as large as the others, there is little more to see than patches of colour."),
        "note",
        _ODD,
    ),
    "extreme_aspect": FindingKind(
        lambda count: say_count(
            "{count} picture is very long and narrow",
            "{count} pictures are very long and narrow",
            count,
        ),
        N_(
            "One side is more than four times the other: made square, most of it is cut away, or "
            "squeezed."
        ),
        "note",
        _ODD,
    ),
    "animated": FindingKind(
        lambda count: say_count(
            "{count} picture has several frames", "{count} pictures have several frames", count
        ),
        N_("Only the first frame is used, which may be empty, or not show the class."),
        "note",
        _ODD,
    ),
    "wrong_extension": FindingKind(
        lambda count: say_count(
            "{count} picture has the name of another format",
            "{count} pictures have the names of other formats",
            count,
        ),
        N_("A PNG that is called .jpg, for example. It is used; other programs may refuse it."),
        "note",
        _ODD,
    ),
}

ORDER = {kind: place for place, kind in enumerate(FINDING_KINDS)}


def finding_kind(kind: str) -> FindingKind:
    """What is said of ``kind``; of any other problem of a file that it cannot be read."""
    return FINDING_KINDS.get(kind, FINDING_KINDS["unreadable"])


def rank(kind: str) -> int:
    """The worst kind has the smallest."""
    return ORDER.get(kind, ORDER["unreadable"])
