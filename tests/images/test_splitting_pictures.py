"""The split: by class, by seed, nothing lost or twice, and the same on every computer."""

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from picture_files import make_class

from cnnstudio.images.scan import FoundPicture, Scan, scan_folders
from cnnstudio.images.split import split_pictures
from cnnstudio.project.listing import PictureList
from cnnstudio.project.pictures import PicturesPlan
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


def test_real_folders_are_split_within_their_parts(test_data: Path) -> None:
    scan = scan_folders([str(test_data / "catdog")])
    counts = listing_of(scan, PicturesPlan(validation_share=0.25)).counts()
    assert counts["training"] == {"cat": 225, "dog": 225}
    assert counts["validation"] == {"cat": 75, "dog": 75}
    assert counts["test"] == {"cat": 100, "dog": 100}
    assert math.isclose(sum(counts["validation"].values()) / 600, 0.25)
