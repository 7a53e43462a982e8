"""A folder becomes classes and parts; what does not belong to it is ignored or named."""

import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from picture_files import GREEN, link, make_class, quarters, saved

from cnnstudio.images.class_problems import class_problems
from cnnstudio.images.scan import Scan, natural_key, scan_folders
from cnnstudio.project.problems import Problem


def kinds(scan: Scan) -> list[str]:
    return [problem.kind for problem in scan.problems]


def only(scan: Scan, kind: str) -> Problem:
    found = [problem for problem in scan.problems if problem.kind == kind]
    assert len(found) == 1, kinds(scan)
    assert found[0].message
    assert found[0].remedy
    return found[0]


def scanned(*folders: Path) -> Scan:
    return scan_folders([str(folder) for folder in folders])


def test_sub_folders_are_the_classes(tmp_path: Path) -> None:
    make_class(tmp_path / "dog", 3)
    make_class(tmp_path / "cat", 2)
    scan = scanned(tmp_path)
    assert scan.folders == (str(tmp_path),)
    assert scan.classes == ("cat", "dog")
    assert scan.counts() == {"cat": 2, "dog": 3}
    assert not scan.has_parts
    assert scan.problems == ()
    first = scan.pictures[0]
    assert first.path == str(tmp_path / "cat" / "picture 1.png")
    assert (first.label, first.part) == ("cat", None)
    assert first.bytes == Path(first.path).stat().st_size
    assert first.modified_ns == Path(first.path).stat().st_mtime_ns


def test_classes_and_files_are_in_natural_order(tmp_path: Path) -> None:
    for name in ("class 10", "class 2", "Class 1"):
        make_class(tmp_path / name, 11)
    scan = scanned(tmp_path)
    assert scan.classes == ("Class 1", "class 2", "class 10")
    names = [Path(each.path).stem for each in scan.pictures if each.label == "class 2"]
    assert names == [f"picture {number}" for number in range(1, 12)]


@given(st.lists(st.text(max_size=8), max_size=12))
def test_any_names_can_be_put_in_order(names: list[str]) -> None:
    ordered = sorted(names, key=natural_key)
    backwards = ordered[::-1]
    assert sorted(backwards, key=natural_key) == ordered


def test_nested_folders_belong_to_their_class(tmp_path: Path) -> None:
    make_class(tmp_path / "cat" / "2024" / "summer", 2)
    make_class(tmp_path / "cat", 1)
    make_class(tmp_path / "dog", 2)
    assert scanned(tmp_path).counts() == {"cat": 3, "dog": 2}


@pytest.mark.parametrize(
    "names", [("train", "val", "test"), ("Training", "VALIDATION", "Testing"), ("TRAIN", "valid")]
)
def test_folders_called_train_and_so_on_are_the_parts(
    tmp_path: Path, names: tuple[str, ...]
) -> None:
    for number, name in enumerate(names):
        for label in ("cat", "dog"):
            make_class(tmp_path / name / label, 3 + number)
    scan = scanned(tmp_path)
    assert scan.has_parts
    assert scan.classes == ("cat", "dog")
    for number, part in enumerate(("training", "validation", "test")[: len(names)]):
        assert sum(each.part == part for each in scan.pictures) == 2 * (3 + number)
    assert scan.problems == ()


def test_chosen_folders_called_train_and_test_are_the_parts(tmp_path: Path) -> None:
    for name in ("train", "test"):
        for label in ("cat", "dog"):
            make_class(tmp_path / name / label, 2)
    together = scanned(tmp_path / "train", tmp_path / "test")
    assert {each.part for each in together.pictures} == {"training", "test"}
    alone = scanned(tmp_path / "train")
    assert not alone.has_parts
    assert alone.counts() == {"cat": 2, "dog": 2}


def test_a_class_called_train_is_a_class(tmp_path: Path) -> None:
    make_class(tmp_path / "train", 3)
    make_class(tmp_path / "bus", 3)
    assert scanned(tmp_path).counts() == {"bus": 3, "train": 3}
    make_class(tmp_path / "train" / "steam", 3)
    assert scanned(tmp_path).counts() == {"bus": 3, "train": 6}


def test_a_class_missing_from_a_part_is_named_with_the_folder(tmp_path: Path) -> None:
    for name, labels in {"train": "ab", "val": "a", "test": "b"}.items():
        for label in labels:
            make_class(tmp_path / name / label, 2)
    scan = scanned(tmp_path)
    assert scan.problems == ()
    missing, in_test = class_problems(scan, scan.pictures)
    assert missing.kind == "part_missing_class"
    assert missing.message == "The val folder has no pictures of b."
    assert missing.severity == "error"
    assert in_test.kind == "test_missing_class"
    assert in_test.message == "The test folder has no pictures of a."


def test_one_folder_around_all_classes_says_nothing(tmp_path: Path) -> None:
    for label in ("cat", "dog"):
        make_class(tmp_path / "pets" / "pets" / label, 2)
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "readme.txt").write_text("text")
    scan = scanned(tmp_path)
    assert scan.counts() == {"cat": 2, "dog": 2}
    assert scan.problems == ()
    (tmp_path / "birds").mkdir()
    waiting = scanned(tmp_path)
    assert waiting.counts() == {"pets": 4}
    assert only(waiting, "class_empty").values == {"name": "birds"}


def test_classes_of_several_folders_are_joined(tmp_path: Path) -> None:
    make_class(tmp_path / "mine" / "cat", 2)
    make_class(tmp_path / "yours" / "cat", 3)
    make_class(tmp_path / "yours" / "dog", 1)
    assert scanned(tmp_path / "mine", tmp_path / "yours").counts() == {"cat": 5, "dog": 1}


def test_a_folder_given_twice_is_taken_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_class(tmp_path / "all" / "cat", 2)
    make_class(tmp_path / "all" / "dog", 2)
    link(tmp_path / "link", tmp_path / "all")
    monkeypatch.chdir(tmp_path)
    again = [str(tmp_path / "all"), "all", f"{tmp_path}/all/", "all/../all", "link"]
    scan = scan_folders(again)
    assert scan.folders == (str(tmp_path / "all"),)
    assert scan.counts() == {"cat": 2, "dog": 2}


def test_names_of_all_kinds_work(tmp_path: Path) -> None:
    for name in ("고양이", "my dog", "🐢 turtle", "Ünïcödé", "a'b & c;"):
        make_class(tmp_path / "그림 폴더" / name, 2)
    scan = scanned(tmp_path / "그림 폴더")
    assert set(scan.classes) == {"고양이", "my dog", "🐢 turtle", "Ünïcödé", "a'b & c;"}
    assert all(Path(each.path).is_file() for each in scan.pictures)


def test_names_in_pieces_as_macos_writes_them_are_the_same_class(tmp_path: Path) -> None:
    make_class(tmp_path / "a" / unicodedata.normalize("NFC", "한글"), 2)
    make_class(tmp_path / "b" / unicodedata.normalize("NFD", "한글"), 3)
    scan = scanned(tmp_path / "a", tmp_path / "b")
    assert scan.counts() == {unicodedata.normalize("NFC", "한글"): 5}
    assert all(Path(each.path).is_file() for each in scan.pictures)


@pytest.mark.skipif(os.name == "nt" or os.uname().sysname == "Darwin", reason="needs stray bytes")
def test_a_name_of_stray_bytes_is_named_and_left_out(tmp_path: Path) -> None:
    make_class(tmp_path / "cat", 2)
    make_class(tmp_path / "dog", 2)
    stray = os.fsdecode(b"\xb0\xed\xbe\xe7.png")
    (tmp_path / "cat" / "picture 1.png").rename(tmp_path / "cat" / stray)
    scan = scanned(tmp_path)
    assert scan.counts() == {"cat": 1, "dog": 2}
    problem = only(scan, "name_unreadable")
    assert r"\xb0\xed\xbe\xe7.png" in problem.message
    problem.file.encode("utf-8")


def test_what_belongs_to_the_system_is_ignored(tmp_path: Path) -> None:
    make_class(tmp_path / "cat", 2)
    make_class(tmp_path / "dog", 2)
    make_class(tmp_path / "__MACOSX" / "cat", 2)
    make_class(tmp_path / ".thumbnails", 2)
    saved(quarters(), tmp_path / "cat" / "._picture 1.png")
    for name in ("cat/Thumbs.db", "cat/.DS_Store", "LICENSE", "readme.txt", "docs/notes.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("text")
    scan = scanned(tmp_path)
    assert scan.counts() == {"cat": 2, "dog": 2}
    assert scan.problems == ()
    ignored = {Path(path).relative_to(tmp_path).as_posix() for path in scan.ignored}
    assert {"cat/Thumbs.db", "cat/.DS_Store", "LICENSE", "readme.txt", "docs"} <= ignored
    assert {"__MACOSX", ".thumbnails", "cat/._picture 1.png"} <= ignored


def test_a_file_with_a_pictures_name_is_taken_whatever_it_holds(tmp_path: Path) -> None:
    make_class(tmp_path / "cat", 2)
    make_class(tmp_path / "dog", 2)
    (tmp_path / "cat" / "LICENSE.JPG").write_text("text")
    link(tmp_path / "cat" / "broken link.png", tmp_path / "nowhere.png")
    assert scanned(tmp_path).counts() == {"cat": 4, "dog": 2}


def test_links_to_folders_are_followed_and_loops_do_not_hang(tmp_path: Path) -> None:
    make_class(tmp_path / "elsewhere" / "birds", 3)
    root = tmp_path / "all"
    make_class(root / "cat", 2)
    make_class(root / "dog", 2)
    link(root / "bird", tmp_path / "elsewhere" / "birds")
    link(root / "cat" / "up", root)
    link(root / "cat" / "self", root / "cat")
    link(root / "dog" / "again", root / "dog" / "again")
    scan = scanned(root)
    assert scan.counts() == {"bird": 3, "cat": 2, "dog": 2}


def test_without_any_folder_there_is_nothing_and_no_problem() -> None:
    scan = scan_folders([])
    assert (scan.classes, scan.pictures, scan.problems) == ((), (), ())


def test_a_missing_folder_a_file_and_an_empty_folder_are_named(tmp_path: Path) -> None:
    file = saved(quarters(), tmp_path / "a.png")
    (tmp_path / "empty").mkdir()
    missing = scanned(tmp_path / "gone")
    assert only(missing, "folder_missing").file == str(tmp_path / "gone")
    assert only(scanned(file), "not_a_folder").file == str(file)
    empty = scanned(tmp_path / "empty")
    assert kinds(empty) == ["folder_empty"]
    assert str(tmp_path / "empty") in empty.problems[0].message


def test_pictures_that_lie_flat_are_named(tmp_path: Path) -> None:
    make_class(tmp_path, 3)
    scan = scanned(tmp_path)
    assert kinds(scan) == ["no_class_folders"]
    assert scan.pictures == ()


def test_pictures_beside_the_classes_are_told_and_not_used(tmp_path: Path) -> None:
    make_class(tmp_path, 3)
    make_class(tmp_path / "cat", 2)
    make_class(tmp_path / "dog", 2)
    scan = scanned(tmp_path)
    assert scan.counts() == {"cat": 2, "dog": 2}
    assert only(scan, "loose_pictures").severity == "warning"
    assert str(tmp_path / "picture 1.png") in scan.ignored


def test_one_class_is_too_few(tmp_path: Path) -> None:
    make_class(tmp_path / "cat", 5)
    (tmp_path / "dog").mkdir()
    scan = scanned(tmp_path)
    assert scan.classes == ("cat",)
    assert only(scan, "class_empty").values == {"name": "dog"}
    assert [each.kind for each in class_problems(scan, scan.pictures)] == ["one_class"]
    assert "cat" in class_problems(scan, scan.pictures)[0].message


def test_pictures_that_pillow_cannot_read_are_counted(tmp_path: Path) -> None:
    make_class(tmp_path / "cat", 2)
    make_class(tmp_path / "dog", 2)
    for number in range(3):
        (tmp_path / "cat" / f"IMG_{number}.CR2").write_bytes(b"x")
    problem = only(scanned(tmp_path), "pictures_unsupported")
    assert problem.values == {"count": 3, "suffix": ".cr2"}
    assert "IMG_0.CR2" in problem.message


def test_a_folder_that_may_not_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_class(tmp_path / "cat", 2)
    make_class(tmp_path / "dog", 2)
    make_class(tmp_path / "secret", 2)
    scandir = os.scandir

    def guarded(path: str) -> object:
        if str(path).endswith("secret"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", guarded)
    scan = scanned(tmp_path)
    assert only(scan, "folder_unreadable").file == str(tmp_path / "secret")
    assert scan.counts() == {"cat": 2, "dog": 2}


def test_listing_opens_no_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_class(tmp_path / "cat", 2)
    make_class(tmp_path / "dog", 2)

    def refuse(*arguments: object, **options: object) -> None:
        raise AssertionError("a file was opened")

    monkeypatch.setattr(Path, "open", refuse)
    monkeypatch.setattr("builtins.open", refuse)
    assert scanned(tmp_path).counts() == {"cat": 2, "dog": 2}


def test_the_real_folders_are_two_parts(test_data: Path) -> None:
    scan = scanned(test_data / "catdog")
    assert scan.counts() == {"cat": 400, "dog": 400}
    assert {each.part for each in scan.pictures} == {"training", "test"}
    assert scan.problems == ()


def test_a_name_below_the_folder_is_the_same_wherever_it_stands(tmp_path: Path) -> None:
    make_class(tmp_path / "here" / "cat", 1, GREEN)
    make_class(tmp_path / "here" / "dog", 1, GREEN)
    before = scanned(tmp_path / "here")
    (tmp_path / "here").rename(tmp_path / "there")
    after = scanned(tmp_path / "there")
    assert [before.relative_name(each.path) for each in before.pictures] == [
        after.relative_name(each.path) for each in after.pictures
    ]
    assert before.relative_name(before.pictures[0].path) == "cat/picture 1.png"


def test_the_order_of_the_file_system_does_not_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("folders", "listed", "named"):
        for label in ("cat", "dog", "sheep"):
            for number in range(1, 12):
                path = tmp_path / name / f"{label}.{number}.jpg"
                if name == "folders":
                    path = tmp_path / name / label / f"{number}.jpg"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(b"x")
    rows = (f"cat.{number}.jpg,{'a' if number % 2 else 'b'}\n" for number in range(1, 12))
    (tmp_path / "listed" / "a.csv").write_text("file,label\n" + "".join(rows))
    (tmp_path / "listed" / "b.csv").write_text("file,label\ncat.1.jpg,c\ncat.2.jpg,d\n")
    sources = [str(tmp_path / name) for name in ("folders", "listed", "named")]
    before = scan_folders(sources, [sources[2]])
    assert [each.kind for each in before.sources] == ["folders", "list", "names"]
    scandir, listdir = os.scandir, os.listdir

    class Backwards:
        def __init__(self, path: str) -> None:
            with scandir(path) as entries:
                self.entries = sorted(entries, key=lambda each: each.name, reverse=True)

        def __enter__(self) -> list[os.DirEntry[str]]:
            return self.entries

        def __exit__(self, *_failed: object) -> None:
            return

    monkeypatch.setattr(os, "scandir", Backwards)
    monkeypatch.setattr(os, "listdir", lambda path: sorted(listdir(path), reverse=True))
    assert scan_folders(sources, [sources[2]]) == before
