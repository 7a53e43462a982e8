"""Every picture is really decoded; what is broken, too few or too many is named."""

from pathlib import Path

import pytest
from picture_files import make_class, packed, saved, smooth_noise

from cnnstudio.images.scan import CheckReport, check_pictures, scan_folders


def checked(folder: Path) -> CheckReport:
    return check_pictures(scan_folders([str(folder)]))


def kinds(report: CheckReport) -> list[str]:
    return [problem.kind for problem in report.problems]


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
    report = check_pictures(scan)
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
