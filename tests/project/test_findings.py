"""A finding says what it is, why it matters and what to do; a remedy is a value that is undone."""

from string import Formatter
from typing import get_args

import pytest

from cnnstudio.project.findings import Finding, Remedy, key_of, remedied, worst_first
from cnnstudio.project.kinds.findings import FINDING_KINDS, RemedyKind
from cnnstudio.project.picture_edits import PictureEdits

VALUES = {"names": "cat", "large": "dog", "small": "cat", "ratio": "4"}
EDITS = PictureEdits()
CONTRADICTION = Finding(
    "copies_two_classes",
    (("/cat/1", "/dog/1"), ("/cat/2", "/dog/2", "/bird/2")),
    labels={"/cat/1": "cat", "/dog/1": "dog", "/cat/2": "cat", "/dog/2": "dog", "/bird/2": "bird"},
)


def remedy(finding: Finding, kind: RemedyKind, value: str = "") -> Remedy:
    return next(each for each in finding.remedies if (each.kind, each.value) == (kind, value))


@pytest.mark.parametrize("kind", FINDING_KINDS)
@pytest.mark.parametrize("count", [1, 3])
def test_every_kind_speaks_in_whole_sentences(kind: str, count: int) -> None:
    groups = tuple((f"/{number}/a", f"/{number}/b") for number in range(count))
    labels = {path: path[-1] for group in groups for path in group}
    finding = Finding(kind, groups, VALUES, labels=labels)
    assert finding.title
    assert str(count) in finding.title
    assert finding.why.endswith(".")
    for text in (finding.title, finding.why):
        assert not list(filter(None, (name for _, name, _, _ in Formatter().parse(text))))
    assert finding.remedies
    assert {each.kind for each in finding.remedies} <= set(get_args(RemedyKind))
    assert all(each.sentence for each in finding.remedies)


def test_an_unknown_problem_of_a_file_is_one_that_cannot_be_read() -> None:
    finding = Finding("archive_encrypted", (("/a",),))
    assert finding.title == "1 picture cannot be read"
    assert [each.kind for each in finding.remedies] == ["leave_out"]


def test_the_worst_comes_first() -> None:
    kinds = ("animated", "truncated", "copies_two_classes", "archive_damaged", "imbalance")
    assert [each.kind for each in worst_first(Finding(kind) for kind in kinds)] == [
        *("copies_two_classes", "truncated", "archive_damaged", "imbalance", "animated")
    ]


def test_leaving_out_takes_all_pictures_of_the_chosen_groups() -> None:
    finding = Finding("tiny", (("/a",), ("/b",)))
    leave_out = remedy(finding, "leave_out")
    assert remedied(EDITS, finding, leave_out).left_out == ("/a", "/b")
    assert remedied(EDITS, finding, leave_out, [("/b",)]).left_out == ("/b",)


def test_all_but_the_best_are_left_out() -> None:
    finding = Finding(
        "copies", (("/a", "/b", "/c"), ("/d", "/e")), spare=frozenset(["/b", "/c", "/e"])
    )
    chosen = remedy(finding, "leave_out_copies")
    assert remedied(EDITS, finding, chosen).left_out == ("/b", "/c", "/e")
    assert remedied(EDITS, finding, chosen, finding.groups[1:]).left_out == ("/e",)


def test_a_group_gets_the_class_that_was_chosen() -> None:
    group = CONTRADICTION.groups[0]
    assert [each.value for each in CONTRADICTION.remedies_for(group)] == ["cat", "dog", "", ""]
    chosen = remedy(CONTRADICTION, "move", "dog")
    assert remedied(EDITS, CONTRADICTION, chosen, [group]).moved == {"/cat/1": "dog"}


def test_a_class_is_given_only_to_groups_that_have_it() -> None:
    chosen = remedy(CONTRADICTION, "move", "bird")
    moved = remedied(EDITS, CONTRADICTION, chosen).moved
    assert moved == {"/cat/2": "bird", "/dog/2": "bird"}


def test_many_classes_are_offered_only_for_a_single_group() -> None:
    groups = tuple((f"/{name}/1", f"/{name}x/1") for name in "abc")
    labels = {path: path.split("/")[1] for group in groups for path in group}
    finding = Finding("copies_two_classes", groups, labels=labels)
    assert [each.kind for each in finding.remedies] == ["leave_out", "accept"]
    assert [each.value for each in finding.remedies_for(groups[0])][:2] == ["a", "ax"]


def test_what_is_all_right_is_remembered_by_its_pictures_in_any_order() -> None:
    chosen = remedy(CONTRADICTION, "accept")
    edits = remedied(EDITS, CONTRADICTION, chosen, CONTRADICTION.groups[:1])
    assert edits.accepted == (key_of("copies_two_classes", ("/dog/1", "/cat/1")),)
    assert remedied(edits, CONTRADICTION, chosen).accepted == CONTRADICTION.keys()
    assert key_of("copies", ("/a", "/b")) != key_of("copies", ("/a",))
    assert key_of("copies", ("/a", "/b")) != key_of("look_alikes", ("/a", "/b"))


def test_what_is_about_classes_is_remembered_by_their_names() -> None:
    finding = Finding("imbalance", (("/dog/1", "/dog/2"),), VALUES, classes=("dog",))
    edits = remedied(EDITS, finding, remedy(finding, "accept"))
    assert edits.accepted == (key_of("imbalance", ("dog",)),)
    too_many = remedy(finding, "leave_out", "dog")
    assert too_many.sentence == "Leave out what is too many of dog"
    assert remedied(EDITS, finding, too_many).left_out == ("/dog/1", "/dog/2")


def test_a_remedy_changes_nothing_but_what_it_names() -> None:
    before = PictureEdits(left_out=("/z",), moved={"/y": "cat"}, accepted=("k",))
    finding = Finding("copies", (("/a", "/b"),), spare=frozenset({"/b"}))
    after = remedied(before, finding, remedy(finding, "leave_out_copies"))
    assert after == before.model_copy(update={"left_out": ("/z", "/b")})
    assert before.left_out == ("/z",)


def test_what_is_damaged_inside_an_archive_is_not_to_be_saved_again() -> None:
    damaged = Finding("archive_damaged", (("a.zip/1.png",), ("a.zip/2.png",)))
    assert damaged.title == "2 pictures are damaged inside their archive"
    assert "Saved again" not in damaged.why


def test_look_alikes_may_stand_in_more_than_two_classes() -> None:
    found = Finding("look_alikes_two_classes", (("a.png", "b.png", "c.png"),))
    assert found.title == "1 group of look-alikes stands in different classes"
