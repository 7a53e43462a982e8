"""Classes in file names are offered where they are plain, and never taken without being asked."""

import hashlib
import uuid
from collections.abc import Iterable
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnstudio.images.name_labels import labels_of_names
from cnnstudio.images.scan import Scan, scan_folders

RANDOM = Random(1)


def flat(folder: Path, names: Iterable[str]) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")
    return folder


def numbered(pattern: str, classes: Iterable[object], each: int = 9) -> list[str]:
    return [pattern.format(name, number) for name in classes for number in range(1, each + 1)]


def md5(number: int) -> str:
    return hashlib.md5(str(number).encode()).hexdigest()


PETS = ("cat", "dog")


@pytest.mark.parametrize(
    ("names", "classes"),
    [
        (numbered("{}.{}.jpg", PETS), PETS),
        (numbered("{}_{:04}.png", PETS), PETS),
        (numbered("IMG-{} ({}).jpg", PETS), PETS),
        (numbered("{}{}.jpeg", PETS), PETS),
        (
            numbered("{0}.jpg", [f"{number:03} {pet}" for pet in PETS for number in range(3)], 1),
            PETS,
        ),
        (numbered("{}_{:05}.png", range(10)), tuple("0123456789")),
        ([f"{number:05}_{number % 3}.png" for number in range(60)], tuple("012")),
        (numbered("{} ({}).jpg", ("개", "고양이")), ("개", "고양이")),
        (numbered("{}_{}.jpg", ("Bengal", "great_pyrenees")), ("Bengal", "great_pyrenees")),
        (numbered("n0144076{}_{}.JPEG", range(2)), ("n01440760", "n01440761")),
        (numbered("pets_{}_{}.jpg", PETS), PETS),
        (numbered("{}_{}.jpg", "ABC"), tuple("ABC")),
        ([f"{pet}_{md5(number)}.jpg" for pet in PETS for number in range(9)], PETS),
        (
            [*numbered("cat {1}.jpg", "x"), *numbered("Cat {1} - Copy.jpg", "x", 5)]
            + ["dog 1"] * 3,
            PETS,
        ),
    ],
    ids=str,
)
def test_plain_names_say_their_class(names: list[str], classes: tuple[str, ...]) -> None:
    found = labels_of_names(names)
    assert tuple(found.counts) == classes
    assert found.are_plain
    assert found.unclear == 0
    assert len(found.labels) == len(names)


@pytest.mark.parametrize(
    "names",
    [
        numbered("IMG_{1:04}.JPG", "x", 90),
        [
            *numbered("DSC{1:05}.JPG", "x"),
            *numbered("DSCN{1:04}.JPG", "x"),
            *numbered("P{1:07}.JPG", "x"),
        ],
        [*numbered("IMG_{1:04}.JPG", "x"), *numbered("photo {1}.jpg", "x")],
        [f"2024{month:02}{day:02}_12300{day}.jpg" for month in range(1, 9) for day in range(1, 9)],
        [f"2024-{month:02}-{day:02}.jpg" for month in range(1, 9) for day in range(1, 9)],
        numbered("frame_{1:06}.png", "x", 90),
        numbered("video{}_frame_{:06}.png", (1, 2, 3)),
        numbered("100_{1:04}.JPG", "x") + numbered("101_{1:04}.JPG", "x"),
        [f"{md5(number)}.jpg" for number in range(500)],
        [f"{md5(number)[:8]}.jpg" for number in range(500)],
        [f"{uuid.UUID(int=RANDOM.getrandbits(128))}.jpg" for _ in range(500)],
        [f"IMG-2024010{day}-WA{number:04}.jpg" for day in range(1, 9) for number in range(9)],
        [
            f"Screenshot 2024-01-1{day} at 10.2{day} {half}.png"
            for day in range(9)
            for half in ("AM", "PM")
        ],
        [f"PXL_2024010{day}_12345678{day}.MP.jpg" for day in range(9)],
        [f"KakaoTalk_2024010{day}_{number:03}.jpg" for day in range(9) for number in range(9)],
        numbered("{}_{}.jpg", range(10), 9),
        numbered("{1}.jpg", "x", 90),
        numbered("cat.{1}.jpg", "x", 90),
        numbered(
            "{}_{}.jpg", [f"person{chr(97 + a)}{chr(97 + b)}" for a in range(9) for b in range(9)]
        ),
        [
            f"{RANDOM.randint(1, 90)}_{number % 2}_{RANDOM.randint(0, 4)}_2017{number}.jpg"
            for number in range(99)
        ],
        ["sunset at the beach.jpg", "my cat.jpg", "dinner.png", "us.jpg"] * 1,
        numbered("{}_{}.jpg", PETS, 2),
        [*numbered("{}_{}.jpg", PETS), *numbered("{1}.jpg", "x", 2)],
        [],
    ],
    ids=lambda names: names[0] if names else "none",
)
def test_names_that_cameras_and_programs_give_say_nothing(names: list[str]) -> None:
    assert not labels_of_names(names).are_plain


@given(st.lists(st.text(max_size=10), max_size=30))
def test_any_names_can_be_looked_at(names: list[str]) -> None:
    found = labels_of_names(names)
    assert len(found.labels) == len(names)
    assert sum(found.counts.values()) + found.unclear == len(names)
    backwards = labels_of_names(names[::-1])
    assert backwards.labels == found.labels[::-1]


# In a folder


def scanned(folder: Path, *, by_names: bool = False) -> Scan:
    return scan_folders([str(folder)], [f"{folder}/"] if by_names else [])


def test_names_are_offered_and_not_taken(tmp_path: Path) -> None:
    flat(tmp_path, [*numbered("{}.{}.jpg", PETS, 40), "readme.jpg"])
    scan = scanned(tmp_path)
    assert scan.pictures == ()
    assert [each.kind for each in scan.problems] == ["classes_in_names"]
    assert "file names" in scan.problems[0].remedy
    (offer,) = scan.offers
    assert offer.folder == str(tmp_path)
    assert offer.counts == {"cat": 40, "dog": 40}
    assert offer.unclear == 1
    assert offer.examples["cat"][0] == str(tmp_path / "cat.1.jpg")
    assert {len(paths) for paths in offer.examples.values()} == {4}


def test_the_offer_taken_gives_what_was_shown(tmp_path: Path) -> None:
    flat(tmp_path, [*numbered("{}.{}.jpg", PETS, 40), "readme.jpg", "me.jpg"])
    scan = scanned(tmp_path, by_names=True)
    assert scan.counts() == {"cat": 40, "dog": 40}
    assert scan.offers == ()
    assert [each.kind for each in scan.sources] == ["names"]
    (problem,) = scan.problems
    assert problem.kind == "names_unclear"
    assert problem.values == {"count": 2, "examples": "me.jpg, readme.jpg"}
    assert str(tmp_path / "me.jpg") in scan.ignored


def test_names_are_offered_for_one_folder_of_pictures_and_for_parts(tmp_path: Path) -> None:
    flat(tmp_path / "one" / "train", numbered("{}.{}.jpg", PETS))
    one = scanned(tmp_path / "one")
    assert [each.counts for each in one.offers] == [{"cat": 9, "dog": 9}]
    for part in ("train", "test"):
        flat(tmp_path / "two" / part, numbered("{}.{}.jpg", PETS))
    two = scanned(tmp_path / "two")
    assert [each.counts for each in two.offers] == [{"cat": 18, "dog": 18}]
    assert two.pictures == ()
    taken = scanned(tmp_path / "two", by_names=True)
    assert {each.part for each in taken.pictures} == {"training", "test"}


def test_class_folders_need_no_offer(tmp_path: Path) -> None:
    flat(tmp_path / "inside", numbered("{}.{}.jpg", PETS))
    flat(tmp_path / "outside", numbered("{}.{}.jpg", PETS))
    scan = scanned(tmp_path)
    assert scan.counts() == {"inside": 18, "outside": 18}
    assert scan.offers == ()


def test_the_real_photographs_say_their_class(test_data: Path) -> None:
    for label in PETS:
        names = [each.name for each in (test_data / "catdog" / "train" / label).iterdir()]
        assert labels_of_names(names).counts == {label: 300}
