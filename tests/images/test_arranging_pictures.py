"""Scan, changes, parts, findings and problems come together in one arrangement."""

from pathlib import Path

import pytest
from PIL import Image

from cnnstudio.images.arrangement import Arrangement, arrange, scan_pictures
from cnnstudio.images.checking import check_pictures
from cnnstudio.project.picture_edits import PictureEdits
from cnnstudio.project.pictures import PicturesPlan
from cnnstudio.project.project import Project

NONE = PictureEdits()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Eight quite different pictures of each of three classes."""
    for shift, name in enumerate(("cat", "dog", "fox")):
        (tmp_path / "p" / name).mkdir(parents=True)
        for number in range(8):
            noise = Image.effect_noise((48, 40), 60 + 5 * number)
            color = Image.new("RGB", (48, 40), (30 * number, 80 * shift, 90))
            Image.blend(noise.convert("RGB"), color, 0.3).save(
                tmp_path / "p" / name / f"{number}.png"
            )
    return tmp_path / "p"


def arranged(folder: Path, edits: PictureEdits, is_checked: bool = True) -> Arrangement:
    project = Project(pictures=PicturesPlan(folders=(str(folder),)), edits=edits)
    scan = scan_pictures(project)
    report = check_pictures(scan) if is_checked else None
    return arrange(scan, project.pictures, edits, report)


def kinds(arrangement: Arrangement) -> set[str]:
    return {problem.kind for problem in arrangement.problems}


def test_without_changes_it_is_as_the_folders_say(folder: Path) -> None:
    found = arranged(folder, NONE)
    assert found.counts() == {"cat": 8, "dog": 8, "fox": 8}
    assert found.listing is not None
    assert found.listing.classes == ("cat", "dog", "fox")


def test_a_renamed_and_a_merged_class_are_trained_on_under_their_new_names(folder: Path) -> None:
    labels = ("cat", "dog", "fox")
    edits = NONE.renaming_class("fox", "dog", labels).renaming_class("cat", "Katze", labels)
    found = arranged(folder, edits)
    assert found.counts() == {"dog": 16, "Katze": 8}
    assert found.listing is not None
    assert found.listing.counts()["training"].total() == len(found.listing.of_part("training"))


def test_the_chosen_order_is_that_of_the_models_outputs(folder: Path) -> None:
    found = arranged(folder, NONE.ordering(("fox", "cat", "dog")))
    assert found.listing is not None
    assert found.listing.classes == ("fox", "cat", "dog")


def test_a_removed_class_is_not_trained_on(folder: Path) -> None:
    found = arranged(folder, NONE.removing_class("fox"))
    assert found.classes == ("cat", "dog")
    assert found.listing is not None
    assert {each.label for each in found.listing.pictures} == {"cat", "dog"}


def test_with_one_class_left_it_says_why_there_is_no_training(folder: Path) -> None:
    found = arranged(folder, NONE.removing_class("fox").removing_class("dog"))
    assert found.listing is None
    assert "one_class" in kinds(found)


def test_left_out_and_moved_pictures_are_where_they_were_put(folder: Path) -> None:
    first, second = str(folder / "cat" / "0.png"), str(folder / "cat" / "1.png")
    found = arranged(folder, NONE.leaving_out([first]).moving([second], "dog"))
    assert found.counts() == {"cat": 6, "dog": 9, "fox": 8}
    assert [each.path for each in found.left_out] == [first]
    assert found.listing is not None
    labels = {each.path: each.label for each in found.listing.pictures}
    assert first not in labels
    assert labels[second] == "dog"


def test_added_pictures_make_a_class_of_their_own(folder: Path, tmp_path: Path) -> None:
    paths = []
    for number in range(4):
        paths.append(str(tmp_path / f"{number}.png"))
        Image.effect_noise((40, 40), 90 - number).save(paths[-1])
    found = arranged(folder, NONE.adding(paths, "owl"))
    assert found.counts() == {"owl": 4, "cat": 8, "dog": 8, "fox": 8}
    assert found.listing is not None


def test_a_class_without_pictures_yet_is_shown_and_not_trained_on(folder: Path) -> None:
    found = arranged(folder, NONE.adding_class("owl"))
    assert found.counts()["owl"] == 0
    assert found.listing is not None
    assert "owl" not in found.listing.classes


def test_broken_pictures_are_named_and_left_out(folder: Path) -> None:
    (folder / "cat" / "bad.jpg").write_text("no picture")
    found = arranged(folder, NONE)
    assert found.unreadable == {str(folder / "cat" / "bad.jpg")}
    assert found.counts()["cat"] == 8
    assert "not_a_picture" in kinds(found)


def test_a_broken_picture_that_was_left_out_is_no_problem_any_more(folder: Path) -> None:
    (folder / "cat" / "bad.jpg").write_text("no picture")
    found = arranged(folder, NONE.leaving_out([str(folder / "cat" / "bad.jpg")]))
    assert "not_a_picture" not in kinds(found)


def test_before_the_check_there_is_a_split_already(folder: Path) -> None:
    found = arranged(folder, NONE, is_checked=False)
    assert found.listing is not None
    assert found.findings == ()


def test_a_folder_that_went_away_is_named_once(folder: Path) -> None:
    project = Project(pictures=PicturesPlan(folders=(str(folder),)))
    scan = scan_pictures(project)
    for file in folder.rglob("*.png"):
        file.unlink()
    for each in folder.iterdir():
        each.rmdir()
    folder.rmdir()
    found = arrange(scan, project.pictures, NONE, check_pictures(scan))
    assert "pictures_vanished" in kinds(found)
    assert found.listing is None
