"""Every picture is really decoded; what is broken, too few or too many is named."""

import os
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from picture_files import make_class, packed, quarters, saved, smooth_noise
from PIL import Image

from cnnstudio.images import checking, kept_look_alikes
from cnnstudio.images.arrangement import Arrangement, arrange
from cnnstudio.images.checking import CheckReport, check_pictures, known_report
from cnnstudio.images.facts import LOOK_SIDE, PictureFacts, look_into
from cnnstudio.images.scan import scan_folders
from cnnstudio.project.picture_edits import PictureEdits
from cnnstudio.project.pictures import PicturesPlan


def arranged(report: CheckReport) -> Arrangement:
    return arrange(report.scan, PicturesPlan(), PictureEdits(), report)


def checked(folder: Path) -> Arrangement:
    return arranged(check_pictures(scan_folders([str(folder)])))


def kinds(arrangement: Arrangement) -> list[str]:
    return [problem.kind for problem in arrangement.problems]


def test_a_healthy_folder_has_no_problem(tmp_path: Path) -> None:
    make_class(tmp_path / "cat", 20)
    make_class(tmp_path / "dog", 25)
    report = checked(tmp_path)
    assert report.counts() == {"cat": 20, "dog": 25}
    assert report.broken == ()
    assert report.problems == ()


def test_planted_broken_files_are_named_and_not_counted(tmp_path: Path) -> None:
    make_class(tmp_path / "cat", 20)
    make_class(tmp_path / "dog", 20)
    whole = packed(smooth_noise(), "JPEG")
    planted = {
        "cut.jpg": (whole[: len(whole) // 2], "truncated"),
        "empty.png": (b"", "file_empty"),
        "text 글.jpg": (b"not a picture", "not_a_picture"),
        "wrong 🐶.png": (b"\x89PNG\r\n\x1a\n" + b"IEND" * 9, "damaged"),
    }
    for name, (content, _) in planted.items():
        (tmp_path / "cat" / name).write_bytes(content)
    report = checked(tmp_path)
    assert report.counts() == {"cat": 20, "dog": 20}
    named = {Path(problem.file).name: problem.kind for problem in report.broken}
    assert named == {name: kind for name, (_, kind) in planted.items()}
    for problem in report.broken:
        assert Path(problem.file).name in problem.message
        assert problem in report.problems


def test_the_messy_folder_names_each_of_its_broken_files(test_data: Path) -> None:
    report = checked(test_data / "messy")
    assert len(report.broken) == 14
    assert report.counts()["bombs_and_huge"] == 1
    assert report.counts()["exif_examples"] == 6
    assert "class_too_small" in kinds(report)


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (1, "class_too_small"),
        (2, "few_pictures"),
        (19, "few_pictures"),
        (20, None),
    ],
)
def test_a_small_class_is_named(tmp_path: Path, count: int, expected: str | None) -> None:
    make_class(tmp_path / "cat", count)
    make_class(tmp_path / "dog", 22)
    about_size = [problem for problem in checked(tmp_path).problems if problem.kind != "imbalance"]
    assert [problem.kind for problem in about_size] == ([expected] if expected else [])
    if expected:
        assert about_size[0].values["count"] == count
        assert about_size[0].severity == ("error" if count < 2 else "warning")


@pytest.mark.parametrize(("large", "ratio"), [(59, None), (60, "3"), (70, "3.5"), (220, "11")])
def test_unequal_classes_are_named_from_three_times_on(
    tmp_path: Path, large: int, ratio: str | None
) -> None:
    make_class(tmp_path / "cat", 20)
    make_class(tmp_path / "dog", large)
    report = checked(tmp_path)
    assert kinds(report) == ([] if ratio is None else ["imbalance"])
    if ratio:
        assert report.problems[0].values == {"large": "dog", "small": "cat", "ratio": ratio}


def test_a_class_with_only_broken_pictures_leaves_one_class(tmp_path: Path) -> None:
    make_class(tmp_path / "cat", 20)
    (tmp_path / "dog").mkdir()
    (tmp_path / "dog" / "a.jpg").write_text("text")
    report = checked(tmp_path)
    assert kinds(report) == ["one_class", "not_a_picture", "class_empty"]


def test_only_broken_pictures_say_so_first(tmp_path: Path) -> None:
    for name in ("cat", "dog"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.jpg").write_text("text")
    assert kinds(checked(tmp_path))[0] == "no_pictures_readable"


def test_a_part_needs_two_pictures_where_validation_is_split_off(tmp_path: Path) -> None:
    for name, count in {"train": 1, "test": 30}.items():
        make_class(tmp_path / name / "cat", count)
        make_class(tmp_path / name / "dog", 30)
    report = checked(tmp_path)
    assert kinds(report)[0] == "class_too_small"
    assert report.problems[0].values == {"name": "cat", "count": 1, "needed": 2}


def test_a_folder_that_goes_away_is_told_once_for_all(tmp_path: Path) -> None:
    make_class(tmp_path / "all" / "cat", 3)
    make_class(tmp_path / "all" / "dog", 3)
    scan = scan_folders([str(tmp_path / "all")])
    (tmp_path / "all").rename(tmp_path / "unplugged")
    report = arranged(check_pictures(scan))
    assert report.problems[0].kind == "pictures_vanished"
    assert {problem.kind for problem in report.broken} == {"file_missing"}


def test_progress_ends_with_all_and_does_not_flood(tmp_path: Path) -> None:
    make_class(tmp_path / "cat", 40)
    make_class(tmp_path / "dog", 40)
    told: list[tuple[int, int]] = []
    check_pictures(scan_folders([str(tmp_path)]), lambda done, total: told.append((done, total)))
    assert told[-1] == (80, 80)
    assert told == sorted(told)
    assert len(told) < 40


def test_a_check_can_be_stopped(tmp_path: Path) -> None:
    make_class(tmp_path / "cat", 5)
    asked: list[bool] = []

    def stop_at_third() -> bool:
        asked.append(True)
        return len(asked) == 3

    with pytest.raises(InterruptedError):
        check_pictures(scan_folders([str(tmp_path)]), should_stop=stop_at_third)
    assert len(asked) == 3


def test_pictures_are_decoded_and_not_just_opened(tmp_path: Path) -> None:
    make_class(tmp_path / "cat", 2)
    path = saved(smooth_noise(), tmp_path / "cat" / "a.jpg")
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * 0.9)])
    report = checked(tmp_path)
    assert [problem.kind for problem in report.broken] == ["truncated"]


def test_the_facts_tell_what_the_file_says(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8769)[0x9003] = "2024:05:06 07:08:09"
    turned = saved(smooth_noise(300, 200), tmp_path / "turned.jpg", exif=exif)
    facts = look_into(str(turned))
    assert (facts.width, facts.height, facts.format, facts.mode) == (300, 200, "JPEG", "RGB")
    assert facts.taken == datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC).timestamp()
    assert len(facts.look) == LOOK_SIDE * LOOK_SIDE
    assert len(facts.digest) == 16
    still = [quarters(), quarters().rotate(90, expand=False)]
    saved(still[0], tmp_path / "film.gif", save_all=True, append_images=still[1:])
    assert look_into(str(tmp_path / "film.gif")).frames == 2


def test_the_look_is_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 3
    upright = saved(quarters(), tmp_path / "upright.png")
    turned = saved(quarters().rotate(180), tmp_path / "turned.png", exif=exif)
    assert look_into(str(turned)).look == look_into(str(upright)).look
    assert look_into(str(turned)).digest != look_into(str(upright)).digest


def test_pictures_in_archives_are_looked_into_as_well(tmp_path: Path) -> None:
    content = packed(smooth_noise(), "JPEG")
    with zipfile.ZipFile(tmp_path / "pets.zip", "w") as archive:
        for name in ("cat/1.jpg", "dog/1.jpg"):
            archive.writestr(name, content)
    (tmp_path / "loose.jpg").write_bytes(content)
    report = check_pictures(scan_folders([str(tmp_path / "pets.zip")]))
    loose = look_into(str(tmp_path / "loose.jpg"))
    assert {each.digest for each in report.facts.values()} == {loose.digest}
    assert len(report.look_alikes.same) == 1


def test_the_same_numbers_in_an_array_are_copies(tmp_path: Path) -> None:
    pictures = np.random.default_rng(1).integers(0, 255, (4, 28, 28), dtype=np.uint8)
    pictures[3] = pictures[0]
    np.savez(tmp_path / "few.npz", x_train=pictures, y_train=np.array([0, 1, 0, 1]))
    report = check_pictures(scan_folders([str(tmp_path / "few.npz")]))
    assert report.broken == ()
    [(one, other)] = report.look_alikes.same
    assert {Path(one).name, Path(other).name} == {"00000", "00003"}


def test_a_second_check_opens_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_class(tmp_path / "cat", 3)
    (tmp_path / "cat" / "text.jpg").write_text("text")
    saved(smooth_noise(), tmp_path / "cat" / "photo.jpg")
    scan = scan_folders([str(tmp_path)])
    first = check_pictures(scan)

    def refuse(path: str) -> PictureFacts:
        raise AssertionError(f"{path} was opened again")

    monkeypatch.setattr(checking, "look_into", refuse)
    told: list[tuple[int, int]] = []
    second = check_pictures(scan, lambda done, total: told.append((done, total)))
    assert second == first
    assert told[-1] == (5, 5)


def test_a_report_is_known_once_all_of_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_look_alikes, "FEWEST_KEPT", 2)
    make_class(tmp_path / "cat", 3)
    scan = scan_folders([str(tmp_path)])
    assert known_report(scan) is None
    report = check_pictures(scan)
    assert known_report(scan) == report
    with pytest.raises(InterruptedError):
        known_report(scan, lambda: True)
    make_class(tmp_path / "dog", 1)
    assert known_report(scan_folders([str(tmp_path)])) is None


def test_a_changed_file_is_looked_into_again(tmp_path: Path) -> None:
    path = saved(smooth_noise(), tmp_path / "cat" / "a.jpg")
    assert not check_pictures(scan_folders([str(tmp_path)])).broken
    path.write_text("no picture any more")
    broken = check_pictures(scan_folders([str(tmp_path)])).broken
    assert [problem.kind for problem in broken] == ["not_a_picture"]


def test_a_file_that_changes_meanwhile_is_not_remembered_as_it_was(tmp_path: Path) -> None:
    path = saved(smooth_noise(), tmp_path / "cat" / "a.jpg")
    scan = scan_folders([str(tmp_path)])
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert [problem.kind for problem in check_pictures(scan).broken] == ["truncated"]
    path.write_bytes(whole)
    picture = scan.pictures[0]
    os.utime(path, ns=(picture.modified_ns, picture.modified_ns))
    assert not check_pictures(scan_folders([str(tmp_path)])).broken


def test_a_drive_that_was_away_is_asked_again(tmp_path: Path) -> None:
    make_class(tmp_path / "all" / "cat", 3)
    scan = scan_folders([str(tmp_path / "all")])
    (tmp_path / "all").rename(tmp_path / "unplugged")
    assert len(check_pictures(scan).broken) == 3
    (tmp_path / "unplugged").rename(tmp_path / "all")
    assert check_pictures(scan).broken == ()


def test_a_stopped_check_goes_on_from_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_class(tmp_path / "cat", 40)
    scan = scan_folders([str(tmp_path)])
    opened: list[str] = []

    def look(path: str) -> PictureFacts:
        opened.append(path)
        return look_into(path)

    monkeypatch.setattr(checking, "look_into", look)
    asked: list[bool] = []

    def stop_after_thirty() -> bool:
        asked.append(True)
        return len(asked) > 30

    with pytest.raises(InterruptedError):
        check_pictures(scan, should_stop=stop_after_thirty)
    opened.clear()
    assert check_pictures(scan).broken == ()
    assert 0 < len(opened) <= 10


def test_a_check_without_a_cache_only_costs_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_class(tmp_path / "cat", 3)

    def refuse() -> Path:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("cnnstudio.images.facts_store.cache_folder", refuse)
    report = check_pictures(scan_folders([str(tmp_path)]))
    assert report.broken == ()
    assert len(report.facts) == 3
