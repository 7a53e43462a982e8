"""The split: by class, by seed, nothing lost or twice, and the same on every computer."""

import math
import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from picture_files import make_class

from cnnstudio.images.look_alikes import LookAlikes
from cnnstudio.images.scan import FoundPicture, Scan, scan_folders
from cnnstudio.images.split import SplitReport, split_pictures
from cnnstudio.project.listing import PictureList
from cnnstudio.project.pictures import Part, PicturesPlan
from cnnstudio.project.problems import ProblemError

NAMES = ("cat", "dog", "한글", "🐢")


def listed(
    counts: dict[str, int], folder: str = "/pictures", part: str | None = None
) -> list[FoundPicture]:
    return [
        FoundPicture(f"{folder}/{name}/{number}.jpg", name, part, 10, 1)
        for name, count in counts.items()
        for number in range(count)
    ]


def scan_of(pictures: list[FoundPicture], folder: str = "/pictures") -> Scan:
    classes = tuple(dict.fromkeys(picture.label for picture in pictures))
    return Scan((folder,), classes, tuple(pictures), (), ())


def listing_of(scan: Scan, plan: PicturesPlan, left_out: tuple[str, ...] = ()) -> PictureList:
    return split_pictures(scan, plan, left_out).listing


def parts_by_name(listing: PictureList, folder: str) -> dict[str, str]:
    return {picture.path.removeprefix(folder): picture.part for picture in listing.pictures}


plans = st.builds(
    PicturesPlan,
    validation_share=st.floats(0.05, 0.5),
    test_share=st.floats(0, 0.4),
    seed=st.integers(0, 2**31 - 1),
)
class_counts = st.lists(st.integers(2, 60), min_size=2, max_size=4).map(
    lambda counts: dict(zip(NAMES, counts, strict=False))
)


@given(class_counts, plans)
def test_nothing_is_lost_or_twice_and_every_class_is_in_both_parts(
    counts: dict[str, int], plan: PicturesPlan
) -> None:
    scan = scan_of(listed(counts))
    listing = listing_of(scan, plan)
    assert listing.classes == scan.classes
    assert sorted(each.path for each in listing.pictures) == sorted(
        each.path for each in scan.pictures
    )
    for name, count in counts.items():
        found = {part: of_class[name] for part, of_class in listing.counts().items()}
        assert sum(found.values()) == count
        assert found["training"] >= 1
        assert found["validation"] >= 1
        if plan.test_share == 0:
            assert found["test"] == 0
        elif count >= 3:
            assert found["test"] >= 1


@given(class_counts, plans)
def test_each_class_is_split_by_the_shares(counts: dict[str, int], plan: PicturesPlan) -> None:
    listing = listing_of(scan_of(listed(counts)), plan)
    for name, count in counts.items():
        found = {part: of_class[name] for part, of_class in listing.counts().items()}
        for part, share in (
            ("test", plan.test_share),
            ("validation", plan.validation_share),
        ):
            wanted = count * share
            at_least_one = 1 if share else 0
            if count >= 10:
                assert abs(found[part] - wanted) <= 0.5 or found[part] == at_least_one


@given(class_counts, plans, st.randoms())
def test_the_order_of_the_files_and_their_place_do_not_matter(
    counts: dict[str, int], plan: PicturesPlan, random: object
) -> None:
    here = listed(counts, "/home/me/pictures")
    there = listed(counts, "D:/data/elsewhere")
    random.shuffle(there)  # type: ignore[attr-defined]
    first = listing_of(scan_of(here, "/home/me/pictures"), plan)
    second = listing_of(scan_of(there, "D:/data/elsewhere"), plan)
    assert parts_by_name(first, "/home/me/pictures") == parts_by_name(second, "D:/data/elsewhere")


def test_another_seed_splits_otherwise() -> None:
    scan = scan_of(listed({"cat": 40, "dog": 40}))
    splits = {
        tuple(each.part for each in listing_of(scan, PicturesPlan(seed=seed)).pictures)
        for seed in range(6)
    }
    assert len(splits) == 6


def test_the_split_is_the_same_on_every_computer() -> None:
    listing = listing_of(scan_of(listed({"cat": 10, "dog": 10})), PicturesPlan(seed=7))
    watched = [each.path for each in listing.of_part("validation")]
    assert watched == [
        "/pictures/cat/5.jpg",
        "/pictures/cat/7.jpg",
        "/pictures/dog/1.jpg",
        "/pictures/dog/2.jpg",
    ]


@given(st.floats(0.05, 0.5), st.floats(0.05, 0.5))
def test_watching_more_pictures_does_not_change_the_test(first: float, second: float) -> None:
    scan = scan_of(listed({"cat": 30, "dog": 50}))
    kept = [
        listing_of(scan, PicturesPlan(validation_share=share, test_share=0.2)).of_part("test")
        for share in (first, second)
    ]
    assert kept[0] == kept[1]


def test_a_new_picture_moves_few_others() -> None:
    counts = {"cat": 200, "dog": 200}
    before = listing_of(scan_of(listed(counts)), PicturesPlan())
    after = listing_of(scan_of(listed(counts | {"cat": 201})), PicturesPlan())
    old, new = parts_by_name(before, ""), parts_by_name(after, "")
    assert sum(old[path] != new[path] for path in old) <= 2


def test_left_out_pictures_are_in_no_part() -> None:
    scan = scan_of(listed({"cat": 5, "dog": 5}))
    broken = {"/pictures/cat/1.jpg", "/pictures/dog/4.jpg"}
    listing = listing_of(scan, PicturesPlan(), tuple(broken))
    assert len(listing.pictures) == 8
    assert not broken & {each.path for each in listing.pictures}


def test_a_class_whose_pictures_are_all_left_out_is_no_class() -> None:
    scan = scan_of(listed({"cat": 5, "dog": 5, "한글": 2}))
    listing = listing_of(scan, PicturesPlan(), ("/pictures/한글/0.jpg", "/pictures/한글/1.jpg"))
    assert listing.classes == ("cat", "dog")


def test_given_parts_are_kept() -> None:
    pictures = [
        *listed({"cat": 4, "dog": 4}, "/pictures/train", "training"),
        *listed({"cat": 2, "dog": 2}, "/pictures/val", "validation"),
        *listed({"cat": 3, "dog": 3}, "/pictures/test", "test"),
    ]
    listing = listing_of(scan_of(pictures), PicturesPlan(test_share=0.4))
    assert {each.path: each.part for each in listing.pictures} == {
        each.path: each.part for each in pictures
    }


def test_validation_is_split_off_training_where_there_is_no_such_folder() -> None:
    pictures = [
        *listed({"cat": 10, "dog": 20}, "/pictures/train", "training"),
        *listed({"cat": 3, "dog": 3}, "/pictures/test", "test"),
    ]
    listing = listing_of(scan_of(pictures), PicturesPlan(validation_share=0.2))
    counts = listing.counts()
    assert counts["training"] == {"cat": 8, "dog": 16}
    assert counts["validation"] == {"cat": 2, "dog": 4}
    assert counts["test"] == {"cat": 3, "dog": 3}


def test_no_test_part_is_invented_where_parts_are_given() -> None:
    pictures = [
        *listed({"cat": 10, "dog": 10}, "/pictures/train", "training"),
        *listed({"cat": 2, "dog": 2}, "/pictures/val", "validation"),
    ]
    listing = listing_of(scan_of(pictures), PicturesPlan(test_share=0.4))
    assert listing.of_part("test") == ()


def refusal(scan: Scan, left_out: tuple[str, ...] = ()) -> str:
    with pytest.raises(ProblemError) as raised:
        split_pictures(scan, PicturesPlan(), left_out)
    assert raised.value.problem.message
    return raised.value.problem.kind


def test_what_makes_training_impossible_is_named(tmp_path: Path) -> None:
    assert refusal(Scan((), (), (), (), ())) == "no_folder"
    assert refusal(scan_of(listed({"cat": 5}))) == "one_class"
    assert refusal(scan_of(listed({"cat": 5, "dog": 1}))) == "class_too_small"
    everything = tuple(each.path for each in listed({"cat": 2, "dog": 2}))
    assert refusal(scan_of(listed({"cat": 2, "dog": 2})), everything) == "no_pictures_readable"
    assert refusal(scan_folders([str(tmp_path)])) == "folder_empty"
    assert refusal(scan_folders([str(tmp_path / "gone")])) == "folder_missing"
    make_class(tmp_path, 2)
    assert refusal(scan_folders([str(tmp_path)])) == "no_class_folders"


def test_a_part_without_one_of_the_classes_is_named() -> None:
    training = listed({"cat": 4, "dog": 4}, "/pictures/train", "training")
    validation = listed({"cat": 4}, "/pictures/val", "validation")
    assert refusal(scan_of([*training, *validation])) == "part_missing_class"
    only_watched = listed({"cat": 4, "dog": 4, "🐢": 2}, "/pictures/val", "validation")
    assert refusal(scan_of([*training, *only_watched])) == "part_missing_class"


# Look-alikes


CAT, DOG = "/pictures/cat/{}.jpg", "/pictures/dog/{}.jpg"


def alike(
    *groups: Iterable[str], scan: Scan | None = None, same: Iterable[tuple[str, str]] = ()
) -> LookAlikes:
    """Each group as a chain of pairs; every picture has a content of its own."""
    near = tuple(pair for group in groups for pair in pairwise(group))
    digests = {each.path: f"content of {each.path}" for each in scan.pictures} if scan else {}
    return LookAlikes(same=tuple(same), near=near, digests=digests)


def cats(*numbers: int) -> list[str]:
    return [CAT.format(number) for number in numbers]


def dogs(*numbers: int) -> list[str]:
    return [DOG.format(number) for number in numbers]


def parts_of(report: SplitReport) -> dict[str, Part]:
    return {picture.path: picture.part for picture in report.listing.pictures}


def known_as(parts: Mapping[str, Part]) -> dict[str, Part]:
    return {f"content of {path}": part for path, part in parts.items()}


def kinds(report: SplitReport) -> list[str]:
    return [problem.kind for problem in report.problems]


def test_a_random_split_with_the_same_seed_would_have_torn_these_groups() -> None:
    scan = scan_of(listed({"cat": 20, "dog": 20}))
    plan = PicturesPlan(seed=7, validation_share=0.25)
    at_random = {each.path: each.part for each in listing_of(scan, plan).pictures}
    groups = [cats(each, each + 1) for each in range(0, 20, 2)]
    report = split_pictures(scan, plan, look_alikes=alike(*groups))
    torn = sum(at_random[one] != at_random[other] for one, other in groups)
    assert torn > 0
    assert (report.kept_together, report.torn_at_random) == (10, torn)
    assert report.listing.counts()["validation"] == {"cat": 4, "dog": 5}  # 5 are no pairs


def test_without_look_alikes_nothing_is_kept_together() -> None:
    report = split_pictures(scan_of(listed({"cat": 20, "dog": 20})), PicturesPlan())
    assert (report.kept_together, report.torn_at_random, report.problems) == (0, 0, ())


def test_copies_of_a_picture_that_was_left_out_are_copies_of_each_other() -> None:
    pictures = listed({"cat": 12, "dog": 12})
    original, *copies = cats(0, *range(1, 9))
    same = [(original, copy) for copy in copies]
    report = split_pictures(scan_of(pictures), PicturesPlan(), [original], alike(same=same))
    assert len({parts_of(report)[copy] for copy in copies}) == 1
    assert report.kept_together == 1


def test_look_alikes_of_different_classes_stay_on_one_side_too() -> None:
    pictures = scan_of(listed({"cat": 12, "dog": 12}))
    for seed in range(12):
        plan = PicturesPlan(seed=seed, validation_share=0.5)
        report = split_pictures(pictures, plan, look_alikes=alike([*cats(1, 2), *dogs(3, 4)]))
        assert len({parts_of(report)[path] for path in [*cats(1, 2), *dogs(3, 4)]}) == 1
        assert report.listing.counts()["validation"] == {"cat": 6, "dog": 6}


def test_one_burst_of_a_whole_class_is_for_training_and_is_told() -> None:
    scan = scan_of(listed({"cat": 30, "dog": 10}))
    report = split_pictures(scan, PicturesPlan(), look_alikes=alike(cats(*range(30))))
    assert report.listing.counts()["training"] == {"cat": 30, "dog": 8}
    assert report.listing.counts()["validation"] == {"dog": 2}
    assert kinds(report) == ["all_alike"]
    assert "cat" in report.problems[0].message


def test_of_two_bursts_the_smaller_one_is_watched() -> None:
    scan = scan_of(listed({"cat": 30, "dog": 10}))
    groups = cats(*range(21)), cats(*range(21, 30))
    counts = split_pictures(scan, PicturesPlan(), look_alikes=alike(*groups)).listing.counts()
    assert (counts["training"]["cat"], counts["validation"]["cat"]) == (21, 9)


def test_where_every_class_is_one_burst_nothing_can_be_watched() -> None:
    scan = scan_of(listed({"cat": 5, "dog": 5}))
    groups = cats(*range(5)), dogs(*range(5))
    with pytest.raises(ProblemError) as raised:
        split_pictures(scan, PicturesPlan(), look_alikes=alike(*groups))
    assert raised.value.problem.kind == "nothing_watched"


# Pins


def test_a_pinned_picture_takes_its_look_alikes_along() -> None:
    scan = scan_of(listed({"cat": 10, "dog": 10}))
    pins: dict[str, Part] = {CAT.format(3): "test"}
    report = split_pictures(scan, PicturesPlan(), (), alike(cats(1, 2, 3)), pins)
    assert report.listing.counts()["test"] == {"cat": 3}
    assert [each.path for each in report.listing.of_part("test")] == cats(1, 2, 3)
    assert report.problems == ()


def test_pinned_pictures_count_for_their_part() -> None:
    scan = scan_of(listed({"cat": 10, "dog": 10}))
    pins: dict[str, Part] = dict.fromkeys(cats(4, 5), "validation")
    listing = split_pictures(scan, PicturesPlan(), pinned=pins).listing
    assert [each.path for each in listing.of_part("validation")][:2] == cats(4, 5)
    assert listing.counts()["validation"] == {"cat": 2, "dog": 2}


def test_contradicting_pins_keep_back_as_far_as_one_of_them_says() -> None:
    scan = scan_of(listed({"cat": 10, "dog": 10}))
    pins: dict[str, Part] = {
        CAT.format(1): "training",
        CAT.format(2): "test",
        DOG.format(1): "training",
        DOG.format(2): "validation",
    }
    report = split_pictures(scan, PicturesPlan(), (), alike(cats(1, 2, 3), dogs(1, 2, 3)), pins)
    parts = parts_of(report)
    assert {parts[path] for path in cats(1, 2, 3)} == {"test"}
    assert {parts[path] for path in dogs(1, 2, 3)} == {"validation"}
    assert kinds(report) == ["pins_contradict"]
    assert report.problems[0].values == {"count": 2}


def test_a_pin_of_a_picture_that_is_not_there_does_nothing() -> None:
    scan = scan_of(listed({"cat": 10, "dog": 10}))
    plan = PicturesPlan()
    pins: dict[str, Part] = {CAT.format(99): "test"}
    assert split_pictures(scan, plan, pinned=pins) == split_pictures(scan, plan)


def test_a_class_with_all_its_pictures_pinned_away_cannot_be_learned() -> None:
    scan = scan_of(listed({"cat": 3, "dog": 10}))
    pins: dict[str, Part] = dict.fromkeys(cats(0, 1, 2), "validation")
    with pytest.raises(ProblemError) as raised:
        split_pictures(scan, PicturesPlan(), pinned=pins)
    assert raised.value.problem.kind == "class_without_training"
    assert "cat" in raised.value.problem.message


def test_a_class_pinned_to_training_is_told_not_to_be_watched() -> None:
    scan = scan_of(listed({"cat": 3, "dog": 10}))
    pins: dict[str, Part] = dict.fromkeys(cats(0, 1, 2), "training")
    report = split_pictures(scan, PicturesPlan(), pinned=pins)
    assert kinds(report) == ["class_not_watched"]


# The time before


def test_a_known_picture_stays_however_many_are_added_or_taken_away() -> None:
    plan = PicturesPlan(test_share=0.1)
    scan = scan_of(listed({"cat": 40, "dog": 40}))
    first = split_pictures(scan, plan, look_alikes=alike(scan=scan))
    before = known_as(parts_of(first))
    more = scan_of(listed({"cat": 90, "dog": 41}))
    last = split_pictures(more, plan, cats(*range(10)), alike(scan=more), {}, before)
    assert parts_of(last).items() >= {
        (path, part) for path, part in parts_of(first).items() if path not in cats(*range(10))
    }
    assert last.listing.counts()["validation"]["cat"] == 16
    assert last.listing.counts()["test"]["cat"] == 8


def test_without_the_time_before_they_would_move() -> None:
    plan = PicturesPlan(test_share=0.1)
    first = parts_of(split_pictures(scan_of(listed({"cat": 40, "dog": 40})), plan))
    last = parts_of(split_pictures(scan_of(listed({"cat": 90, "dog": 41})), plan))
    assert any(last[path] != part for path, part in first.items())


def test_a_new_picture_goes_to_the_old_ones_that_it_is_like() -> None:
    scan = scan_of(listed({"cat": 20, "dog": 20}))
    for part in get_args(Part):
        before = known_as({CAT.format(1): part})
        report = split_pictures(
            scan, PicturesPlan(), (), alike(cats(1, 2, 3), scan=scan), {}, before
        )
        assert {parts_of(report)[path] for path in cats(1, 2, 3)} == {part}


def test_a_renamed_picture_is_known_by_its_content() -> None:
    scan = scan_of(listed({"cat": 20, "dog": 20}))
    looks = LookAlikes(digests={CAT.format(7): "content of an old name"})
    report = split_pictures(scan, PicturesPlan(), (), looks, {}, {"content of an old name": "test"})
    assert [each.path for each in report.listing.of_part("test")] == cats(7)


def test_a_new_picture_between_two_parts_is_in_none() -> None:
    scan = scan_of(listed({"cat": 20, "dog": 20}))
    before = known_as({CAT.format(1): "training", CAT.format(3): "test"})
    report = split_pictures(scan, PicturesPlan(), (), alike(cats(1, 2, 3), scan=scan), {}, before)
    parts = parts_of(report)
    assert (parts[CAT.format(1)], parts[CAT.format(3)]) == ("training", "test")
    assert report.left_between == (CAT.format(2),)
    assert CAT.format(2) not in parts
    assert kinds(report) == ["left_between"]
    assert report.problems[0].severity == "note"
    assert (report.kept_together, report.torn_at_random) == (0, 0)


def test_known_pictures_that_turn_out_alike_do_not_leak_and_do_not_move() -> None:
    scan = scan_of(listed({"cat": 20, "dog": 20}))
    before = known_as(
        {CAT.format(1): "training", CAT.format(2): "training", CAT.format(3): "validation"}
    )
    report = split_pictures(scan, PicturesPlan(), (), alike(cats(1, 2, 3), scan=scan), {}, before)
    assert report.left_between == (CAT.format(3),)
    assert {parts_of(report)[path] for path in cats(1, 2)} == {"training"}


def test_a_pin_outranks_the_time_before() -> None:
    scan = scan_of(listed({"cat": 20, "dog": 20}))
    before = known_as(dict.fromkeys(cats(1, 2), "training"))
    pins: dict[str, Part] = {CAT.format(2): "test"}
    report = split_pictures(scan, PicturesPlan(), (), alike(cats(1, 2), scan=scan), pins, before)
    assert {parts_of(report)[path] for path in cats(1, 2)} == {"test"}


def test_a_pin_reaches_known_pictures_only_through_those_that_are_known_or_pinned() -> None:
    scan = scan_of(listed({"cat": 20, "dog": 20}))
    before = known_as({CAT.format(1): "training"})
    pins: dict[str, Part] = {CAT.format(3): "test"}
    report = split_pictures(scan, PicturesPlan(), (), alike(cats(1, 2, 3), scan=scan), pins, before)
    parts = parts_of(report)
    assert (parts[CAT.format(1)], parts[CAT.format(3)]) == ("training", "test")
    assert report.left_between == (CAT.format(2),)


def test_what_is_like_a_known_picture_that_was_left_out_waits_on_its_side() -> None:
    scan = scan_of(listed({"cat": 20, "dog": 20}))
    for part in get_args(Part):
        before = known_as({CAT.format(1): part})
        looks = alike(cats(1, 2), scan=scan)
        report = split_pictures(scan, PicturesPlan(), cats(1), looks, {}, before)
        assert parts_of(report)[CAT.format(2)] == part


# Parts that folders give, and look-alikes


def with_parts(*more: FoundPicture) -> Scan:
    return scan_of(
        [
            *listed({"cat": 10, "dog": 10}, "/pictures/train", "training"),
            *listed({"cat": 4, "dog": 4}, "/pictures/test", "test"),
            *more,
        ]
    )


def test_look_alikes_in_given_parts_stay_where_they_are() -> None:
    across = "/pictures/train/cat/1.jpg", "/pictures/test/cat/1.jpg"
    report = split_pictures(with_parts(), PicturesPlan(), look_alikes=alike(across))
    assert parts_of(report)[across[0]] in ("training", "validation")
    assert parts_of(report)[across[1]] == "test"
    assert (report.kept_together, report.left_between) == (0, ())


def test_validation_is_split_off_given_training_pictures_by_whole_groups() -> None:
    groups = [
        [f"/pictures/train/cat/{each}.jpg" for each in (3 * of, 3 * of + 1, 3 * of + 2)]
        for of in range(3)
    ]
    report = split_pictures(with_parts(), PicturesPlan(), look_alikes=alike(*groups))
    assert all(len({parts_of(report)[path] for path in group}) == 1 for group in groups)
    assert report.kept_together == 3


def test_an_added_picture_goes_to_the_given_ones_that_it_is_like() -> None:
    added = [FoundPicture(f"/own/{each}.jpg", "cat", None, 10, 1) for each in (1, 2, 3)]
    pairs = (
        ("/own/1.jpg", "/pictures/test/cat/1.jpg"),
        ("/own/2.jpg", "/pictures/test/cat/2.jpg"),
        ("/own/2.jpg", "/pictures/train/cat/2.jpg"),
    )
    report = split_pictures(with_parts(*added), PicturesPlan(), look_alikes=alike(*pairs))
    assert parts_of(report)["/own/1.jpg"] == "test"
    assert report.left_between == ("/own/2.jpg",)
    assert parts_of(report)["/own/3.jpg"] in ("training", "validation")
    assert report.kept_together == 1


def test_folders_outrank_pins_and_say_so() -> None:
    pins: dict[str, Part] = {
        "/pictures/train/cat/1.jpg": "test",
        "/pictures/train/cat/2.jpg": "validation",
        "/pictures/test/dog/1.jpg": "training",
    }
    report = split_pictures(with_parts(), PicturesPlan(), pinned=pins)
    parts = parts_of(report)
    assert parts["/pictures/train/cat/1.jpg"] != "test"
    assert parts["/pictures/train/cat/2.jpg"] == "validation"
    assert parts["/pictures/test/dog/1.jpg"] == "test"
    assert kinds(report) == ["pins_overruled"]
    assert report.problems[0].values == {"count": 2}


def test_the_same_name_and_size_in_two_folders_is_drawn_in_one_way() -> None:
    pictures = [
        *listed({"cat": 8, "dog": 8}, "/a"),
        *listed({"cat": 8, "dog": 8}, "/b"),
    ]
    forwards, backwards = (
        replace(scan_of(each), folders=("/a", "/b"), classes=("cat", "dog"))
        for each in (pictures, pictures[::-1])
    )
    plan = PicturesPlan(validation_share=0.5, test_share=0.2)
    assert parts_of(split_pictures(forwards, plan)) == parts_of(split_pictures(backwards, plan))


def test_a_hundred_thousand_pictures_are_split_while_one_waits() -> None:
    scan = scan_of(listed({"cat": 50_000, "dog": 50_000}))
    looks = alike(*(cats(each, each + 1, each + 2) for each in range(0, 30_000, 3)), scan=scan)
    began = time.process_time()
    report = split_pictures(scan, PicturesPlan(test_share=0.1), look_alikes=looks)
    assert time.process_time() - began < 5  # about one, on a computer with other work
    assert report.kept_together == 10_000
    assert report.listing.counts()["test"] == {"cat": 5000, "dog": 5000}


def test_real_folders_are_split_within_their_parts(test_data: Path) -> None:
    scan = scan_folders([str(test_data / "catdog")])
    counts = listing_of(scan, PicturesPlan(validation_share=0.25)).counts()
    assert counts["training"] == {"cat": 225, "dog": 225}
    assert counts["validation"] == {"cat": 75, "dog": 75}
    assert counts["test"] == {"cat": 100, "dog": 100}
    assert math.isclose(sum(counts["validation"].values()) / 600, 0.25)
