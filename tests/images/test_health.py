"""What is planted in a folder is found, with the pictures side by side, and one click mends it."""

from collections.abc import Collection
from pathlib import Path

import numpy as np
import pytest
from picture_files import make_class, packed, quarters, saved, smooth_noise
from PIL import Image

from cnnstudio.images.arrangement import Arrangement, arrange
from cnnstudio.images.checking import CheckReport, check_pictures
from cnnstudio.images.facts import LOOK_SIDE, PictureFacts
from cnnstudio.images.found_pictures import FoundPicture
from cnnstudio.images.look_alikes import LookAlikes
from cnnstudio.images.scan import Scan, scan_folders
from cnnstudio.project.findings import Finding, Remedy, remedied
from cnnstudio.project.kinds.findings import RemedyKind
from cnnstudio.project.picture_edits import PictureEdits
from cnnstudio.project.pictures import Part, PicturesPlan

NO_EDITS = PictureEdits()


class Studio:
    """A folder of pictures, what was found in it, and what the person changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.report = check_pictures(scan_folders([str(folder)]))
        self.edits = NO_EDITS

    @property
    def arrangement(self) -> Arrangement:
        return arrange(self.report.scan, PicturesPlan(), self.edits, self.report)

    @property
    def kinds(self) -> list[str]:
        return [each.kind for each in self.arrangement.findings]

    def finding(self, kind: str) -> Finding:
        return next(each for each in self.arrangement.findings if each.kind == kind)

    def names(self, kind: str) -> list[tuple[str, ...]]:
        """The groups, by paths below the folder."""
        groups = self.finding(kind).groups
        return [tuple(Path(p).relative_to(self.folder).as_posix() for p in each) for each in groups]

    def click(self, kind: str, remedy: RemedyKind, value: str = "") -> None:
        finding = self.finding(kind)
        chosen = next(
            each for each in finding.remedies if (each.kind, each.value) == (remedy, value)
        )
        self.edits = remedied(self.edits, finding, chosen)


def photographs(folder: Path, count: int, seed: int) -> None:
    for number in range(count):
        saved(smooth_noise(200, 150, seed + number), folder / f"p{number:02}.jpg", quality=90)


@pytest.fixture
def pets(tmp_path: Path) -> Path:
    """Cats and dogs, nothing wrong with them."""
    photographs(tmp_path / "cat", 22, 100)
    photographs(tmp_path / "dog", 22, 200)
    return tmp_path


def test_where_nothing_is_wrong_nothing_is_found(pets: Path) -> None:
    assert Studio(pets).arrangement.findings == ()
    assert Studio(pets).arrangement.problems == ()


def test_broken_files_are_found_by_kind_and_left_out(pets: Path) -> None:
    whole = packed(smooth_noise(), "JPEG")
    (pets / "cat" / "cut.jpg").write_bytes(whole[: len(whole) // 2])
    (pets / "cat" / "cut too.jpg").write_bytes(whole[: len(whole) // 3])
    (pets / "dog" / "empty.png").write_bytes(b"")
    (pets / "dog" / "text.jpg").write_text("text")
    studio = Studio(pets)
    assert studio.kinds == ["file_empty", "not_a_picture", "truncated"]
    assert sorted(studio.names("truncated")) == [("cat/cut too.jpg",), ("cat/cut.jpg",)]
    assert studio.finding("truncated").title == "2 pictures are cut off"
    for kind in studio.kinds:
        studio.click(kind, "leave_out")
    assert studio.arrangement.findings == ()
    assert studio.arrangement.problems == ()
    assert (pets / "cat" / "cut.jpg").exists()


def test_the_same_picture_in_two_classes_gets_one(pets: Path) -> None:
    content = (pets / "cat" / "p03.jpg").read_bytes()
    (pets / "dog" / "stray.jpg").write_bytes(content)
    studio = Studio(pets)
    assert studio.kinds == ["copies_two_classes"]
    assert studio.names("copies_two_classes") == [("cat/p03.jpg", "dog/stray.jpg")]
    studio.click("copies_two_classes", "move", "cat")
    assert studio.arrangement.counts() == {"cat": 23, "dog": 22}
    assert studio.kinds == ["copies"]
    studio.click("copies", "leave_out_copies")
    assert studio.arrangement.findings == ()
    assert studio.arrangement.counts() == {"cat": 22, "dog": 22}


def test_nearly_the_same_picture_in_two_classes_is_a_contradiction(pets: Path) -> None:
    small = smooth_noise(200, 150, 103).resize((120, 90))
    saved(small, pets / "dog" / "stray.jpg", quality=60)
    studio = Studio(pets)
    assert studio.kinds == ["look_alikes_two_classes"]
    assert studio.names("look_alikes_two_classes") == [("cat/p03.jpg", "dog/stray.jpg")]
    studio.click("look_alikes_two_classes", "leave_out")
    assert studio.arrangement.counts() == {"cat": 21, "dog": 22}
    assert studio.arrangement.findings == ()


def test_of_copies_and_look_alikes_the_largest_is_kept(pets: Path) -> None:
    (pets / "cat" / "again.jpg").write_bytes((pets / "cat" / "p05.jpg").read_bytes())
    saved(smooth_noise(200, 150, 108).resize((400, 300)), pets / "cat" / "p90 large.jpg")
    studio = Studio(pets)
    assert studio.kinds == ["copies", "look_alikes"]
    assert studio.names("copies") == [("cat/again.jpg", "cat/p05.jpg")]
    assert studio.names("look_alikes") == [("cat/p90 large.jpg", "cat/p08.jpg")]
    studio.click("copies", "leave_out_copies")
    studio.click("look_alikes", "leave_out_copies")
    assert {Path(path).name for path in studio.edits.left_out} == {"p05.jpg", "p08.jpg"}
    assert studio.arrangement.findings == ()


def test_what_is_learned_from_must_not_be_tested_with(tmp_path: Path) -> None:
    for part, seed in (("train", 100), ("test", 500)):
        photographs(tmp_path / part / "cat", 22, seed)
        photographs(tmp_path / part / "dog", 22, seed + 50)
    (tmp_path / "test" / "cat" / "known.jpg").write_bytes(
        (tmp_path / "train" / "cat" / "p01.jpg").read_bytes()
    )
    saved(smooth_noise(200, 150, 152), tmp_path / "test" / "dog" / "packed.jpg", quality=30)
    studio = Studio(tmp_path)
    assert studio.kinds == ["copies_two_parts", "look_alikes_two_parts"]
    assert studio.names("copies_two_parts") == [("test/cat/known.jpg", "train/cat/p01.jpg")]
    assert studio.names("look_alikes_two_parts") == [("test/dog/packed.jpg", "train/dog/p02.jpg")]
    for kind in studio.kinds:
        studio.click(kind, "leave_out_copies")
    left = {Path(path).relative_to(tmp_path).as_posix() for path in studio.edits.left_out}
    assert left == {"train/cat/p01.jpg", "train/dog/p02.jpg"}
    assert studio.arrangement.findings == ()


def test_copies_that_the_split_keeps_together_are_no_leak(pets: Path) -> None:
    for number in range(6):
        content = (pets / "cat" / f"p{number:02}.jpg").read_bytes()
        (pets / "cat" / f"again {number}.jpg").write_bytes(content)
    assert Studio(pets).kinds == ["copies"]


def test_what_is_said_to_be_all_right_stays_so_at_the_next_start(pets: Path) -> None:
    content = (pets / "cat" / "p03.jpg").read_bytes()
    (pets / "cat" / "again.jpg").write_bytes(content)
    studio = Studio(pets)
    studio.click("copies", "accept")
    assert studio.arrangement.findings == ()
    assert studio.edits.left_out == ()
    later = Studio(pets)
    later.edits = studio.edits
    assert later.arrangement.findings == ()
    (pets / "cat" / "and again.jpg").write_bytes(content)
    later = Studio(pets)
    later.edits = studio.edits
    assert later.kinds == ["copies"]


def test_odd_pictures_are_found(pets: Path) -> None:
    saved(smooth_noise(20, 24, 1), pets / "cat" / "icon.png")
    saved(smooth_noise(900, 200, 2), pets / "cat" / "panorama.jpg")
    frames = [smooth_noise(100, 80, seed) for seed in (3, 4)]
    saved(frames[0], pets / "dog" / "film.gif", save_all=True, append_images=frames[1:])
    (pets / "dog" / "misnamed.jpg").write_bytes(packed(smooth_noise(100, 90, 5), "PNG"))
    studio = Studio(pets)
    assert studio.kinds == ["tiny", "extreme_aspect", "animated", "wrong_extension"]
    expected = ["cat/icon.png", "cat/panorama.jpg", "dog/film.gif", "dog/misnamed.jpg"]
    assert [studio.names(kind) for kind in studio.kinds] == [[(name,)] for name in expected]
    assert studio.arrangement.counts() == {"cat": 24, "dog": 24}


def test_small_pictures_among_small_ones_are_not_tiny(tmp_path: Path) -> None:
    for name, seed in (("0", 1), ("1", 100)):
        for number in range(20):
            picture = smooth_noise(28, 28, seed + number)
            saved(picture, tmp_path / name / f"{number}.png")
    assert Studio(tmp_path).kinds == []


def test_the_usual_other_endings_of_a_format_are_right(pets: Path) -> None:
    for suffix, kind in (("jpeg", "JPEG"), ("jfif", "JPEG"), ("tif", "TIFF"), ("dib", "BMP")):
        (pets / "cat" / f"a.{suffix}").write_bytes(
            packed(smooth_noise(100, 90, len(suffix + kind)), kind)
        )
    assert "wrong_extension" not in Studio(pets).kinds


def test_few_pictures_can_be_all_right(tmp_path: Path) -> None:
    make_class(tmp_path / "cat", 5)
    make_class(tmp_path / "dog", 6)
    studio = Studio(tmp_path)
    assert studio.kinds == ["few_pictures"]
    assert studio.finding("few_pictures").why.startswith("cat, dog.")
    studio.click("few_pictures", "accept")
    assert studio.arrangement.findings == ()
    assert studio.arrangement.problems == ()


def test_a_class_that_is_too_large_can_be_made_smaller(tmp_path: Path) -> None:
    make_class(tmp_path / "cat", 20)
    make_class(tmp_path / "dog", 90)
    studio = Studio(tmp_path)
    assert studio.kinds == ["imbalance"]
    assert "dog has 4.5 times as many pictures as cat" in studio.finding("imbalance").why
    studio.click("imbalance", "leave_out", "dog")
    assert studio.arrangement.counts() == {"cat": 20, "dog": 59}
    assert studio.arrangement.findings == ()


def test_too_few_are_not_made_fewer(tmp_path: Path) -> None:
    make_class(tmp_path / "cat", 4)
    make_class(tmp_path / "dog", 90)
    finding = Studio(tmp_path).finding("imbalance")
    assert [each.kind for each in finding.remedies] == ["accept"]


# Look-alikes as they might come


def told(
    paths: list[str],
    alikes: LookAlikes,
    edits: PictureEdits = NO_EDITS,
    tests: Collection[str] = (),
) -> list[Finding]:
    """What is found of twenty-two of each class, with such look-alikes among them.

    If some are ``tests``, all others are for training.
    """

    def part_of(path: str) -> Part | None:
        if not tests:
            return None
        return "test" if path in tests else "training"

    pictures = tuple(FoundPicture(path, path.split("/")[1], part_of(path), 9, 9) for path in paths)
    scan = Scan((), tuple(sorted({each.label for each in pictures})), pictures, (), ())
    look = bytes(LOOK_SIDE)
    facts = {p: PictureFacts(p, None, 90, 90, "JPEG", "RGB", 1, b"d", look) for p in paths}
    report = CheckReport(scan, facts, alikes)
    return list(arrange(scan, PicturesPlan(), edits, report).findings)


def many(*extra: str) -> list[str]:
    usual = [f"/{name}/{number:02}.jpg" for name in ("left", "right") for number in range(22)]
    return sorted({*usual, *extra})


def digests(paths: list[str]) -> dict[str, str]:
    return {path: path for path in paths}


def test_mirrored_pictures_of_two_classes_do_not_contradict_each_other() -> None:
    paths = many()
    pair = ("/left/01.jpg", "/right/01.jpg")
    alikes = LookAlikes((), (pair,), frozenset({pair}), digests(paths))
    assert told(paths, alikes) == []
    upright = LookAlikes((), (pair,), frozenset(), digests(paths))
    assert [each.kind for each in told(paths, upright)] == ["look_alikes_two_classes"]
    same = ("/left/01.jpg", "/left/02.jpg")
    within = LookAlikes((), (same,), frozenset({same}), digests(paths))
    assert [each.groups for each in told(paths, within)] == [(same,)]


def test_a_mirrored_copy_in_another_part_is_told_whatever_its_class() -> None:
    paths = many()
    pair = ("/left/01.jpg", "/right/01.jpg")
    alikes = LookAlikes((), (pair,), frozenset({pair}), digests(paths))
    leaks = [each for each in told(paths, alikes, tests=pair[1:]) if each.groups]
    assert [(each.kind, each.groups, each.spare) for each in leaks] == [
        ("look_alikes_two_parts", (pair[::-1],), {pair[0]})
    ]


def test_a_wrong_class_does_not_hide_a_mirrored_copy_in_another_part() -> None:
    paths = many()
    pairs = (("/left/01.jpg", "/right/01.jpg"), ("/left/01.jpg", "/left/02.jpg"))
    alikes = LookAlikes((), pairs, frozenset(pairs[1:]), digests(paths))
    found = {each.kind: each.groups for each in told(paths, alikes, tests=("/left/02.jpg",))}
    assert found["look_alikes_two_classes"] == (pairs[0],)
    assert found["look_alikes_two_parts"] == (("/left/02.jpg", "/left/01.jpg", "/right/01.jpg"),)
    assert "look_alikes_two_parts" not in {each.kind for each in told(paths, alikes)}


def test_what_hangs_together_over_a_picture_that_was_left_out_stays_together() -> None:
    paths = many()
    pairs = (("/left/01.jpg", "/left/02.jpg"), ("/left/02.jpg", "/left/03.jpg"))
    alikes = LookAlikes((), pairs, frozenset(), digests(paths))
    edits = PictureEdits(left_out=("/left/02.jpg",))
    [finding] = told(paths, alikes, edits)
    assert finding.groups == (("/left/01.jpg", "/left/03.jpg"),)


def test_a_copy_stands_in_for_the_one_that_was_left_out() -> None:
    paths = many()
    same = (("/left/01.jpg", "/left/02.jpg"),)
    near = (("/left/01.jpg", "/left/05.jpg"),)
    contents = digests(paths) | {"/left/02.jpg": "/left/01.jpg"}
    alikes = LookAlikes(same, near, frozenset(), contents)
    edits = PictureEdits(left_out=("/left/01.jpg",))
    [finding] = told(paths, alikes, edits)
    assert finding.kind == "look_alikes"
    assert finding.groups == (("/left/02.jpg", "/left/05.jpg"),)


def test_every_messy_file_is_used_or_named_with_its_reason(test_data: Path) -> None:
    studio = Studio(test_data / "messy")
    arrangement = studio.arrangement
    listed = {each.path for each in studio.report.scan.pictures}
    suffixes = (".jpg", ".png", ".gif", ".bmp", ".tif", ".tiff", ".ppm", ".ico", ".webp")
    every = {
        str(path) for path in (test_data / "messy").glob("*/*") if path.suffix.lower() in suffixes
    }
    assert listed == every
    assert len(every) == 52
    used = {each.path for each in arrangement.usable()}
    named = {
        path
        for finding in arrangement.findings
        if finding.severity == "warning" and all(len(group) == 1 for group in finding.groups)
        for group in finding.groups
        for path in group
    }
    assert used | named == every
    assert not used & named
    for problem in arrangement.broken:
        assert problem.message
        assert problem.remedy


def test_an_array_of_digits_raises_no_alarm(tmp_path: Path) -> None:
    chance = np.random.default_rng(1)
    labels = np.repeat(np.arange(2), 30)
    pictures = np.zeros((60, 28, 28), np.uint8)
    for row, label in enumerate(labels):
        image = quarters(28, 28).convert("L") if label else Image.new("L", (28, 28), 0)
        noise = chance.integers(0, 60, (28, 28))
        pictures[row] = (np.asarray(image) * 0.7 + noise).astype(np.uint8)
    np.savez(tmp_path / "digits.npz", x_train=pictures, y_train=labels)
    report = check_pictures(scan_folders([str(tmp_path / "digits.npz")]))
    arrangement = arrange(report.scan, PicturesPlan(), NO_EDITS, report)
    assert arrangement.findings == ()


def test_a_remedy_of_one_group_leaves_the_others(pets: Path) -> None:
    for name in ("p01", "p02"):
        (pets / "cat" / f"{name} again.jpg").write_bytes(
            (pets / "cat" / f"{name}.jpg").read_bytes()
        )
    studio = Studio(pets)
    finding = studio.finding("copies")
    best = Remedy("leave_out_copies", "")
    studio.edits = remedied(studio.edits, finding, best, finding.groups[:1])
    assert studio.names("copies") == [
        tuple(Path(path).relative_to(pets).as_posix() for path in finding.groups[1])
    ]
