"""The Images page: classes that are changed where they stand, and every way in."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from cnnstudio.project.project_folder import ProjectFolder
from cnnstudio.ui.dropped_paths import sorted_paths, suggested_class
from cnnstudio.ui.pages.images_page import ImagesPage
from cnnstudio.ui.studio import Studio
from cnnstudio.ui.widgets.class_card import ClassCard
from cnnstudio.ui.widgets.gallery_drag import mime_of
from tests.ui.conftest import WAIT_MS, MakeStudio, add_pictures
from tests.ui.fakes import FakeAsking


def page_of(studio: Studio) -> ImagesPage:
    page = studio.window.page("images")
    assert isinstance(page, ImagesPage)
    return page


def card_of(studio: Studio, name: str) -> ClassCard:
    return page_of(studio).classes.cards[name]


def asking_of(studio: Studio) -> FakeAsking:
    asking = page_of(studio)._asking
    assert isinstance(asking, FakeAsking)
    return asking


def counts_of(studio: Studio) -> dict[str, int]:
    arrangement = studio.pictures.arrangement
    return arrangement.counts() if arrangement is not None else {}


def drop(
    widget: QWidget, *, files: list[Path] | None = None, tiles: list[str] | None = None
) -> None:
    """Drop files from elsewhere, or pictures of the project."""
    data = mime_of(tiles) if tiles is not None else QMimeData()
    if files is not None:
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in files])
    event = QDropEvent(
        QPointF(5, 5),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    widget.dropEvent(event)


def words_in(widget: QWidget) -> str:
    texts = [each.text() for each in widget.findChildren(QLabel) if each.isVisibleTo(widget)]
    return "\n".join(texts)


def link(widget: QWidget, text: str) -> QPushButton:
    return next(each for each in widget.findChildren(QPushButton) if each.text() == text)


def buttons_in(widget: QWidget) -> list[str]:
    return [each.text() for each in widget.findChildren(QPushButton) if each.isVisibleTo(widget)]


def type_name(card: ClassCard, text: str, qtbot: QtBot) -> None:
    line = card.title.findChild(QLineEdit)
    assert line is not None
    line.setText(text)
    qtbot.keyClick(line, Qt.Key.Key_Return)


@pytest.fixture
def loose(tmp_path: Path) -> list[Path]:
    """Three green pictures that are in no source."""
    folder = tmp_path / "Bird"
    folder.mkdir()
    paths = [folder / f"{number}.png" for number in range(3)]
    for path in paths:
        Image.new("RGB", (20, 20), "green").save(path)
    return paths


# Classes


def test_class_is_renamed_where_it_stands_and_back_by_undo(
    full_studio: Studio, qtbot: QtBot
) -> None:
    card = card_of(full_studio, "cat")
    qtbot.mouseDClick(card.title, Qt.MouseButton.LeftButton)
    assert card.title.is_editing
    type_name(card, "  Big \t cat ", qtbot)
    assert list(page_of(full_studio).classes.cards) == ["Big cat", "dog"]
    assert full_studio.pictures.listing is not None
    assert full_studio.pictures.listing.classes == ("Big cat", "dog")
    assert page_of(full_studio).done_line.words.text() == "cat is called Big cat now."
    page_of(full_studio).done_line.undo_button.click()
    assert list(page_of(full_studio).classes.cards) == ["cat", "dog"]
    assert page_of(full_studio).done_line.undo_button.isHidden()


def test_escape_and_an_empty_name_keep_the_name(full_studio: Studio, qtbot: QtBot) -> None:
    card = card_of(full_studio, "cat")
    line = card.title.findChild(QLineEdit)
    assert line is not None
    card.title.edit()
    line.setText("other")
    qtbot.keyClick(line, Qt.Key.Key_Escape)
    assert not card.title.is_editing
    card.title.edit()
    type_name(card, "   ", qtbot)
    assert full_studio.session.project.edits.class_of == {}


@pytest.mark.parametrize(("answer", "classes"), [(0, ["dog"]), (1, ["cat", "dog"])])
def test_name_of_another_class_asks_once_whether_both_become_one(
    full_studio: Studio, qtbot: QtBot, answer: int, classes: list[str]
) -> None:
    asking_of(full_studio).next_choice = answer
    card = card_of(full_studio, "cat")
    card.title.edit()
    type_name(card, "dog", qtbot)
    assert len(asking_of(full_studio).questions) == 1
    assert list(page_of(full_studio).classes.cards) == classes
    assert sum(counts_of(full_studio).values()) == 12


@pytest.mark.parametrize(("answer", "count"), [(0, 12), (1, 6)])
def test_name_of_a_removed_class_asks_before_its_pictures_come_back(
    full_studio: Studio, qtbot: QtBot, answer: int, count: int
) -> None:
    page_of(full_studio).changes.remove_class("cat")
    asking_of(full_studio).next_choice = answer
    card = card_of(full_studio, "dog")
    card.title.edit()
    type_name(card, "cat", qtbot)
    questions = asking_of(full_studio).questions
    assert questions == ["There is a removed class cat. Make both one class?"]
    assert sum(counts_of(full_studio).values()) == count


def test_name_of_a_removed_class_that_had_no_pictures_is_free(
    full_studio: Studio, qtbot: QtBot
) -> None:
    changes = page_of(full_studio).changes
    changes.add_class("bird")
    changes.remove_class("bird")
    card = card_of(full_studio, "dog")
    card.title.edit()
    type_name(card, "bird", qtbot)
    assert asking_of(full_studio).questions == []
    assert counts_of(full_studio) == {"cat": 6, "bird": 6}


def test_class_that_comes_back_with_what_is_put_into_it_is_told(
    full_studio: Studio, picture_folder: Path
) -> None:
    page = page_of(full_studio)
    page.changes.remove_class("cat")
    page.changes.move([str(picture_folder / "dog" / "dog 0.png")], "cat")
    assert counts_of(full_studio) == {"dog": 5, "cat": 7}
    words = "cat is a class again, with the pictures it had."
    assert page.done_line.words.text() == words
    page.done_line.undo_button.click()
    assert counts_of(full_studio) == {"dog": 6}


def test_order_of_the_cards_is_the_order_of_the_outputs(full_studio: Studio) -> None:
    page_of(full_studio).changes.shift_class("dog", -1)
    assert list(page_of(full_studio).classes.cards) == ["dog", "cat"]
    assert full_studio.pictures.listing is not None
    assert full_studio.pictures.listing.classes == ("dog", "cat")
    page_of(full_studio).changes.shift_class("dog", -1)
    assert list(page_of(full_studio).classes.cards) == ["dog", "cat"]


def test_menu_offers_what_can_be_done_and_nothing_else(full_studio: Studio) -> None:
    card = card_of(full_studio, "cat")
    card._fill_menu()
    actions = {action.text().split("\t")[0]: action for action in card.menu.actions()}
    assert not actions["Move up"].isEnabled()
    assert actions["Move down"].isEnabled()
    merging = actions["Merge into"].menu()
    assert [action.text() for action in merging.actions()] == ["dog"]
    merging.actions()[0].trigger()
    assert list(page_of(full_studio).classes.cards) == ["dog"]


def test_chosen_colour_stays_with_a_renamed_class(full_studio: Studio) -> None:
    card = card_of(full_studio, "cat")
    card._fill_color_menu(card.color_button.menu())
    card.color_button.menu().actions()[2].trigger()
    page_of(full_studio).changes.rename_class("cat", "lynx")
    assert full_studio.session.project.edits.colors == {"lynx": "#D55E00", "dog": "#CC79A7"}
    assert card_of(full_studio, "lynx")._color == "#D55E00"


def test_colouring_is_told_and_can_be_taken_back(full_studio: Studio) -> None:
    page = page_of(full_studio)
    page.changes.color_class("cat", "#D55E00")
    assert page.done_line.words.text() == "cat has another colour now."
    assert page.changes.colors == {"cat": "#D55E00", "dog": "#CC79A7"}
    before = full_studio.session.project
    page.changes.color_class("cat", "#D55E00")
    assert full_studio.session.project is before
    page.done_line.undo_button.click()
    assert page.changes.colors == {"cat": "#009E73", "dog": "#CC79A7"}


def test_class_keeps_its_colour_whatever_becomes_of_the_others(
    full_studio: Studio, loose: list[Path]
) -> None:
    changes = page_of(full_studio).changes
    green, pink = changes.colors["cat"], changes.colors["dog"]
    changes.shift_class("cat", 1)
    assert changes.colors == {"dog": pink, "cat": green}
    assert card_of(full_studio, "cat")._color == green
    changes.remove_class("dog")
    assert changes.colors == {"cat": green}
    changes.add_class("bird")
    assert changes.colors["bird"] not in (green, pink)
    changes.take_class_back("dog")
    assert changes.colors["dog"] == pink
    changes.rename_class("cat", "dog")
    assert changes.colors["dog"] == pink


def test_colour_menu_ticks_the_colour_that_the_class_has(full_studio: Studio) -> None:
    card = card_of(full_studio, "dog")
    card._fill_color_menu(card.color_button.menu())
    actions = card.color_button.menu().actions()
    assert [action.text() for action in actions if action.isChecked()] == ["Pink"]
    darkest = {}
    for action in actions:
        image = action.icon().pixmap(14, 14).toImage()
        row = [image.pixelColor(x, image.height() // 2) for x in range(3, image.width() - 3)]
        darkest[action.text()] = min(color.lightness() for color in row)
    # The tick is black on pink; a dot without one is of one colour.
    assert darkest["Pink"] < 20
    assert darkest["Blue"] == QColor("#0072B2").lightness()


def test_removed_class_is_listed_and_can_be_taken_back(full_studio: Studio, qtbot: QtBot) -> None:
    page = page_of(full_studio)
    page.changes.remove_class("cat")
    assert list(page.classes.cards) == ["dog"]
    qtbot.waitUntil(lambda: "Removed: cat" in words_in(page.classes), timeout=WAIT_MS)
    assert full_studio.pictures.listing is None
    link(page.classes, "Take back").click()
    assert list(page.classes.cards) == ["cat", "dog"]
    assert "Removed: cat" not in words_in(page.classes)


def test_new_class_can_be_named_at_once_and_stays_though_it_is_empty(
    full_studio: Studio, qtbot: QtBot
) -> None:
    page = page_of(full_studio)
    page.classes.new_button.click()
    qtbot.waitUntil(lambda: card_of(full_studio, "Class 3").title.is_editing, timeout=WAIT_MS)
    type_name(card_of(full_studio, "Class 3"), "bird", qtbot)
    assert list(page.classes.cards) == ["cat", "dog", "bird"]
    assert "No pictures yet" in words_in(card_of(full_studio, "bird"))
    assert full_studio.pictures.listing is not None
    assert full_studio.pictures.listing.classes == ("cat", "dog")


def test_empty_project_can_begin_with_a_class(studio: Studio) -> None:
    page = page_of(studio)
    assert "ZIP" in words_in(page.first)
    page.first.class_button.click()
    assert list(page.classes.cards) == ["Class 1"]
    assert page.classes.isVisible()


def test_only_so_many_cards_are_made(full_studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cnnstudio.ui.widgets.classes_view.MOST_CLASS_CARDS", 1)
    page = page_of(full_studio)
    page.refresh()
    assert list(page.classes.cards) == ["cat"]
    assert "and 1 more class" in words_in(page.classes)


def test_key_renames_the_class_whose_card_was_clicked(full_studio: Studio, qtbot: QtBot) -> None:
    page = page_of(full_studio)
    page.changes.add_class("bird")
    qtbot.waitUntil(full_studio.window.isActiveWindow, timeout=WAIT_MS)
    for name in ("dog", "bird"):
        card = card_of(full_studio, name)
        qtbot.waitUntil(card.isVisible, timeout=WAIT_MS)
        qtbot.mouseClick(card.count, Qt.MouseButton.LeftButton)
        assert page.classes.focused_class() == name
        qtbot.keyClick(card, Qt.Key.Key_F2)
        assert card.title.is_editing
        qtbot.keyClick(card.title.findChild(QLineEdit), Qt.Key.Key_Escape)


def test_pictures_that_are_still_looked_for_are_not_said_to_be_none(
    full_studio: Studio, qtbot: QtBot
) -> None:
    page = page_of(full_studio)
    page.changes.shift_class("dog", -1)
    full_studio.pictures.refresh()
    assert full_studio.pictures.arrangement is None
    assert list(page.classes.cards) == ["dog", "cat"]
    assert card_of(full_studio, "cat").count.text() == "Looking for pictures…"
    assert "No pictures yet" not in words_in(page.classes)
    assert page.view_buttons["pictures"].text() == "All pictures"
    assert page.sentence.text() == "Looking for pictures…"
    qtbot.waitUntil(lambda: full_studio.pictures.arrangement is not None, timeout=WAIT_MS)
    assert "6 pictures" in card_of(full_studio, "dog").count.text()
    assert page.view_buttons["pictures"].text() == "All pictures (13)"


# Single pictures


def test_files_dropped_on_a_card_go_into_its_class_and_stay_where_they_are(
    full_studio: Studio, loose: list[Path], qtbot: QtBot
) -> None:
    before = [path.read_bytes() for path in loose]
    drop(card_of(full_studio, "cat"), files=loose)
    qtbot.waitUntil(lambda: counts_of(full_studio) == {"cat": 9, "dog": 6}, timeout=WAIT_MS)
    assert [path.read_bytes() for path in loose] == before
    assert "9 pictures" in card_of(full_studio, "cat").count.text()
    full_studio.session.undo()
    qtbot.waitUntil(lambda: counts_of(full_studio) == {"cat": 6, "dog": 6}, timeout=WAIT_MS)


def test_tiles_dropped_on_a_card_move_into_its_class(
    full_studio: Studio, picture_folder: Path
) -> None:
    tiles = [str(picture_folder / "dog" / f"dog {number}.png") for number in (0, 1)]
    drop(card_of(full_studio, "cat"), tiles=tiles)
    assert counts_of(full_studio) == {"cat": 8, "dog": 4}
    assert list(page_of(full_studio).classes.cards) == ["cat", "dog"]
    assert page_of(full_studio).done_line.words.text() == "Moved 2 pictures to cat."


def test_pictures_dropped_on_the_page_ask_for_their_class(
    full_studio: Studio, loose: list[Path], qtbot: QtBot
) -> None:
    asking = asking_of(full_studio)
    drop(page_of(full_studio), files=loose)
    assert asking.questions == ["Which class are these pictures of?"]
    assert full_studio.session.project.edits.added == ()
    asking.next_class = "bird"
    drop(page_of(full_studio), files=loose)
    qtbot.waitUntil(lambda: counts_of(full_studio).get("bird") == 3, timeout=WAIT_MS)
    assert list(page_of(full_studio).classes.cards) == ["cat", "dog", "bird"]


def test_folder_dropped_anywhere_is_a_source(
    full_studio: Studio, tmp_path: Path, picture_folder: Path
) -> None:
    other = tmp_path / "other"
    shutil.copytree(picture_folder, other)
    drop(card_of(full_studio, "cat"), files=[other])
    folders = full_studio.session.project.pictures.folders
    assert folders == (str(picture_folder), str(other))


def test_chosen_files_are_sources_or_pictures_by_their_kind(
    full_studio: Studio, tmp_path: Path, loose: list[Path]
) -> None:
    packed = shutil.make_archive(str(tmp_path / "pets"), "zip", loose[0].parent)
    asking = asking_of(full_studio)
    asking.next_files = [packed, str(loose[0])]
    asking.next_class = "dog"
    page_of(full_studio).classes.files_button.click()
    assert full_studio.session.project.pictures.folders[1:] == (packed,)
    assert [each.path for each in full_studio.session.project.edits.added] == [str(loose[0])]


def test_files_for_a_class_are_chosen_from_its_card(full_studio: Studio, loose: list[Path]) -> None:
    asking_of(full_studio).next_pictures = [str(path) for path in loose]
    card_of(full_studio, "dog").add_button.click()
    assert {each.label for each in full_studio.session.project.edits.added} == {"dog"}
    assert len(full_studio.session.project.edits.added) == 3


def test_picture_on_the_clipboard_is_kept_in_the_project(full_studio: Studio, qtbot: QtBot) -> None:
    image = QImage(12, 10, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.magenta)
    QGuiApplication.clipboard().setImage(image)
    asking_of(full_studio).next_class = "cat"
    page_of(full_studio).own.paste()
    qtbot.waitUntil(lambda: counts_of(full_studio).get("cat") == 7, timeout=WAIT_MS)
    (added,) = full_studio.session.project.edits.added
    assert Path(added.path).parent == full_studio.session.folder.own_pictures / "cat"
    with Image.open(added.path) as kept:
        assert kept.convert("RGB").getpixel((5, 5)) == (255, 0, 255)


def test_files_on_the_clipboard_are_taken_into_the_class_of_the_card(
    full_studio: Studio, loose: list[Path]
) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(loose[0]))])
    QGuiApplication.clipboard().setMimeData(data)
    card_of(full_studio, "dog").pasting_wanted.emit()
    assert [each.label for each in full_studio.session.project.edits.added] == ["dog"]
    assert asking_of(full_studio).questions == []


def test_text_on_the_clipboard_is_no_picture(full_studio: Studio) -> None:
    QGuiApplication.clipboard().setText("words")
    page_of(full_studio).own.paste()
    assert [each.kind for each in asking_of(full_studio).told] == ["clipboard_without_picture"]


def test_recordings_go_into_the_classes_they_were_recorded_for(
    full_studio: Studio, loose: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[tuple[str, ...], str, Path]] = []

    def record(
        parent: QWidget, classes: tuple[str, ...], chosen: str, folder: Path
    ) -> dict[str, list[str]]:
        asked.append((classes, chosen, folder))
        return {"dog": [str(loose[0])], "bird": [str(loose[1]), str(loose[2])]}

    monkeypatch.setattr(page_of(full_studio).own, "_record", record)
    card_of(full_studio, "dog").webcam_button.click()
    own = full_studio.session.folder.own_pictures
    assert asked == [(("cat", "dog"), "dog", own)]
    labels = [each.label for each in full_studio.session.project.edits.added]
    assert labels == ["dog", "bird", "bird"]
    full_studio.session.undo()
    assert full_studio.session.project.edits.added == ()


# Sources


def test_names_that_say_the_class_are_offered_with_a_preview(
    make_studio: MakeStudio, tmp_path: Path, qtbot: QtBot
) -> None:
    flat = tmp_path / "flat"
    flat.mkdir()
    for number in range(8):
        for name, color in (("cat", "red"), ("dog", "blue")):
            Image.new("RGB", (20 + number, 20), color).save(flat / f"{name}.{number}.png")
    studio = make_studio()
    add_pictures(studio, flat, qtbot)
    page = page_of(studio)
    offer = "They would give: cat 8, dog 8."
    qtbot.waitUntil(lambda: offer in words_in(page.first), timeout=WAIT_MS)
    link(page.first, "Not now").click()
    assert "They would give" not in words_in(page.first)
    page.classes._passed_over.clear()
    page.refresh()
    link(page.first, "Use these classes").click()
    assert studio.session.project.pictures.labels_in_names == (str(flat),)
    qtbot.waitUntil(lambda: counts_of(studio) == {"cat": 8, "dog": 8}, timeout=WAIT_MS)
    kind = "File names say the classes"
    qtbot.waitUntil(lambda: kind in words_in(page.sources), timeout=WAIT_MS)
    link(page.sources, "Not from names").click()
    assert studio.session.project.pictures.labels_in_names == ()


def test_sources_say_what_they_hold_and_can_be_taken_out(
    full_studio: Studio, loose: list[Path], qtbot: QtBot
) -> None:
    page = page_of(full_studio)
    page.changes.add_pictures({"cat": [str(path) for path in loose]})
    qtbot.waitUntil(lambda: counts_of(full_studio).get("cat") == 9, timeout=WAIT_MS)
    # With the one that cannot be read.
    qtbot.waitUntil(lambda: "13 pictures" in words_in(page.sources), timeout=WAIT_MS)
    assert "Added one by one" in words_in(page.sources)
    page.changes.remove_added()
    qtbot.waitUntil(lambda: counts_of(full_studio).get("cat") == 6, timeout=WAIT_MS)
    assert "Added one by one" not in words_in(page.sources)


def test_what_was_dropped_is_told_apart_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    for name in ("a.zip", "list.CSV", "train-images-idx3-ubyte.gz"):
        (tmp_path / name).touch()
    paths = [
        *("folder", "a.zip", "list.CSV", "beside-the-list.png"),
        *("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", "folder/1.png"),
        *("folder/2.SVG", "folder/MANIFEST.md"),
    ]
    found = sorted_paths(str(tmp_path / each) for each in paths)
    names = [Path(each).name for each in found.sources]
    assert names == ["folder", "a.zip", "list.CSV", "train-images-idx3-ubyte.gz"]
    assert [Path(each).name for each in found.pictures] == ["1.png", "2.SVG"]
    assert [Path(each).name for each in found.others] == ["MANIFEST.md"]


def test_files_that_are_no_pictures_are_passed_over_and_told(
    full_studio: Studio, loose: list[Path]
) -> None:
    page, asking = page_of(full_studio), asking_of(full_studio)
    words = loose[0].with_name("MANIFEST.md")
    words.write_text("words")
    drop(page, files=[words])
    assert [each.kind for each in asking.told] == ["neither_picture_nor_source"]
    assert "MANIFEST.md" in asking.told[0].message
    assert asking.questions == []
    asking.next_class = "bird"
    drop(page, files=[loose[0], words])
    assert asking.questions == ["Which class is this picture of?"]
    assert [each.path for each in full_studio.session.project.edits.added] == [str(loose[0])]
    told = "Added the pictures; 1 file is none and was passed over."
    assert page.done_line.words.text() == told


def test_folder_that_came_back_is_found_by_looking_again(
    make_studio: MakeStudio, picture_folder: Path, qtbot: QtBot
) -> None:
    studio = make_studio()
    gone = picture_folder.with_name("elsewhere")
    picture_folder.rename(gone)
    page = page_of(studio)
    page.add_folders([str(picture_folder)])
    qtbot.waitUntil(lambda: "Look again" in buttons_in(page.first), timeout=WAIT_MS)
    assert "Forget what was chosen" in buttons_in(page.first)
    gone.rename(picture_folder)
    link(page.first, "Look again").click()
    qtbot.waitUntil(lambda: counts_of(studio) == {"cat": 6, "dog": 6}, timeout=WAIT_MS)
    assert list(page.classes.cards) == ["cat", "dog"]


@pytest.mark.parametrize(
    ("pictures", "classes", "suggested"),
    [
        (["/p/Cat/1.png"], ["dog", "cat"], "cat"),
        (["/p/bird/1.png"], [], "bird"),
        (["/p/bird/1.png"], ["dog"], "dog"),
        (["/p/cat/1.png", "/p/dog/1.png"], [], ""),
    ],
)
def test_folder_of_loose_pictures_suggests_their_class(
    pictures: list[str], classes: list[str], suggested: str
) -> None:
    assert suggested_class(pictures, classes) == suggested


# The page


def test_pictures_left_out_in_the_gallery_come_back_by_undo(
    full_studio: Studio, picture_folder: Path
) -> None:
    page = page_of(full_studio)
    page.view_buttons["pictures"].click()
    assert page.gallery_view.gallery is not None
    assert len(page.gallery_view.gallery.shown_items) == 13
    path = str(picture_folder / "cat" / "cat 0.png")
    page.gallery_view.gallery.leaving_out_wanted.emit([path])
    assert counts_of(full_studio) == {"cat": 5, "dog": 6}
    assert [item.path for item in page.gallery_view.gallery.shown_items if item.left_out] == [path]
    page.done_line.undo_button.click()
    assert counts_of(full_studio) == {"cat": 6, "dog": 6}


def test_large_view_shows_what_became_of_the_picture_at_once(
    full_studio: Studio, picture_folder: Path, qtbot: QtBot
) -> None:
    page = page_of(full_studio)
    page.show_view("pictures")
    page.gallery_view.open_picture(str(picture_folder / "cat" / "cat 0.png"))
    dialog = page.gallery_view.dialog
    assert dialog is not None
    qtbot.waitUntil(dialog.isActiveWindow, timeout=WAIT_MS)
    place = dialog.part_choice.findText("Pinned: Validation")
    dialog.part_choice.setCurrentIndex(place)
    dialog.part_choice.activated.emit(place)
    assert dialog.part_choice.currentText() == "Pinned: Validation"
    qtbot.keyClick(dialog, Qt.Key.Key_Delete)
    assert dialog.item.left_out
    assert dialog.leave_button.text() == "Take back"
    edits = full_studio.session.project.edits
    back = Qt.KeyboardModifier.ControlModifier
    qtbot.keyClick(dialog, Qt.Key.Key_Z, back)
    assert dialog.leave_button.text() == "Leave out"
    assert dialog.part_choice.currentText() == "Pinned: Validation"
    qtbot.keyClick(dialog, Qt.Key.Key_Z, back)
    assert dialog.part_choice.currentText() == "Part as the split says"
    again = back | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(dialog, Qt.Key.Key_Z, again)
    qtbot.keyClick(dialog, Qt.Key.Key_Z, again)
    assert full_studio.session.project.edits == edits
    assert dialog.item.left_out
    dialog.accept()


def test_key_goes_to_the_search_wherever_the_keyboard_is(full_studio: Studio, qtbot: QtBot) -> None:
    page = page_of(full_studio)
    qtbot.waitUntil(full_studio.window.isActiveWindow, timeout=WAIT_MS)
    page.view_buttons["pictures"].setFocus()
    page.view_buttons["pictures"].click()
    gallery = page.gallery_view.gallery
    assert gallery is not None
    qtbot.waitUntil(gallery.isVisible, timeout=WAIT_MS)
    qtbot.keyClick(page.view_buttons["pictures"], Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert gallery.tools.search.hasFocus()


def test_tiles_dropped_on_the_list_of_classes_beside_the_gallery_move(
    full_studio: Studio, picture_folder: Path
) -> None:
    page = page_of(full_studio)
    page.show_view("pictures")
    page.shelf.pictures_dropped.emit("dog", [str(picture_folder / "cat" / "cat 0.png")])
    assert counts_of(full_studio) == {"cat": 5, "dog": 7}


def test_all_pictures_of_a_class_are_shown_from_its_card(full_studio: Studio) -> None:
    page = page_of(full_studio)
    card_of(full_studio, "dog").showing_all_wanted.emit()
    assert page.shown_view == "pictures"
    assert page.gallery_view.gallery is not None
    assert {item.label for item in page.gallery_view.gallery.shown_items} == {"dog"}


def test_read_only_project_says_why_nothing_can_be_changed(
    full_studio: Studio, make_studio: MakeStudio, loose: list[Path], qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: full_studio.session.saving_state == "saved", timeout=WAIT_MS)
    second = make_studio(folder=ProjectFolder.open(full_studio.session.folder.path))
    qtbot.waitUntil(lambda: second.pictures.report is not None, timeout=WAIT_MS)
    page = page_of(second)
    card = card_of(second, "cat")
    for each in (card.add_button, card.webcam_button, page.classes.new_button):
        assert not each.isEnabled()
        assert each.toolTip() == "The project is read-only."
    card.title.edit()
    assert not card.title.is_editing
    assert not card.acceptDrops()
    drop(page, files=loose)
    assert second.session.project == full_studio.session.project
    card._fill_menu()
    enabled = [action.text() for action in card.menu.actions() if action.isEnabled()]
    assert [text for text in enabled if text] == ["Show all pictures"]


def test_page_that_nobody_sees_waits_until_it_is_shown(full_studio: Studio) -> None:
    page = page_of(full_studio)
    full_studio.window.show_page("augment")
    page.changes.rename_class("cat", "lynx")
    assert "cat" in page.classes.cards
    full_studio.window.show_page("images")
    assert list(page.classes.cards) == ["lynx", "dog"]


def test_three_fits_are_shown_on_a_picture_as_training_reads_it(
    full_studio: Studio, qtbot: QtBot
) -> None:
    tiles = page_of(full_studio).size_card.tiles
    qtbot.waitUntil(
        lambda: all(tile._image is not None for tile in tiles.values()), timeout=WAIT_MS
    )
    assert tiles["pad"]._image.width() == 96
    tiles["stretch"].click()
    assert full_studio.session.project.pictures.fit == "stretch"
    assert "from −1 to 1" in words_in(page_of(full_studio).size_card)


def test_small_pictures_are_not_enlarged_without_saying_so(full_studio: Studio) -> None:
    card = page_of(full_studio).size_card
    assert (card.better_size, card.take_button.text()) == (20, "Take 20 px")
    card.take_button.click()
    assert full_studio.session.project.pictures.size == 20
    assert card.take_button.isHidden()
    full_studio.session.undo()
    assert not card.take_button.isHidden()


def test_a_pretrained_base_keeps_its_size_whatever_the_pictures(full_studio: Studio) -> None:
    project = full_studio.session.project
    network = project.network.model_copy(update={"base": "mobilenet_v2"})
    full_studio.session.change(project.replacing(network=network))
    assert page_of(full_studio).size_card.better_size is None


def test_every_button_has_a_name_that_is_spoken(full_studio: Studio) -> None:
    from PySide6.QtWidgets import QAbstractButton

    page = page_of(full_studio)
    reach: Callable[[QWidget], list[QAbstractButton]] = lambda w: w.findChildren(QAbstractButton)  # noqa: E731
    nameless = [each for each in reach(page) if not (each.text() or each.accessibleName())]
    assert nameless == []


def test_a_class_renamed_while_pictures_are_looked_for_takes_them_along(
    full_studio: Studio, qtbot: QtBot
) -> None:
    page = page_of(full_studio)
    page.changes.rename_class("cat", "Katze")
    full_studio.pictures.refresh()
    assert full_studio.pictures.scan is None
    page.changes.rename_class("Katze", "lynx")
    page.changes.rename_class("dog", "wolf")
    qtbot.waitUntil(lambda: full_studio.pictures.report is not None, timeout=WAIT_MS)
    assert full_studio.pictures.arrangement is not None
    assert full_studio.pictures.arrangement.counts() == {"lynx": 6, "wolf": 6}
