"""The large view: going through pictures, what is known of each, and what is wanted."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from PIL import Image
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from cnnstudio.images.checking import CheckReport
from cnnstudio.images.facts import PictureFacts
from cnnstudio.images.look_alikes import LookAlikes
from cnnstudio.images.scan import scan_folders
from cnnstudio.project.pictures import PicturesPlan
from cnnstudio.ui.dialogs.picture_dialog import PictureDialog
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.gallery_actions import show_in_folder
from cnnstudio.ui.widgets.gallery_items import GalleryItem
from cnnstudio.ui.widgets.picture_facts import facts_of
from cnnstudio.ui.widgets.picture_view import PictureView
from cnnstudio.worker.picture_opener import Look, PictureOpener
from cnnstudio.worker.thumbnail_loader import ThumbnailLoader

WAIT_MS = 10_000
MakeDialog = Callable[..., PictureDialog]


@pytest.fixture
def pictures(tmp_path: Path) -> list[GalleryItem]:
    """Four pictures of two classes, each 60 × 20: red, green, blue, white."""
    made = []
    for number, color in enumerate(("red", "lime", "blue", "white")):
        path = tmp_path / f"{number}.png"
        Image.new("RGB", (60, 20), color).save(path)
        label = "cat" if number < 2 else "dog"
        facts = path.stat()
        made.append(
            GalleryItem(str(path), path.name, label, "training", bytes=facts.st_size, width=60)
        )
    return made


@pytest.fixture
def make_dialog(qtbot: QtBot, theme: Theme, pictures: list[GalleryItem]) -> Iterator[MakeDialog]:
    loader = ThumbnailLoader()
    made: list[PictureDialog] = []

    def make(place: int = 0, **options: Any) -> PictureDialog:
        items = options.pop("items", pictures)
        path = items[place].path
        dialog = PictureDialog(items, path, loader, theme, classes=("cat", "dog"), **options)
        qtbot.addWidget(dialog)
        dialog.show()
        qtbot.waitUntil(dialog.isActiveWindow)  # Only then its keys are heard.
        made.append(dialog)
        return dialog

    yield make
    for dialog in made:
        dialog.close()
    loader.close()


def color_shown(dialog: PictureDialog) -> str:
    image = dialog.view.image
    if image is None:
        return ""
    return image.pixelColor(image.width() // 2, image.height() // 2).name()


def test_arrow_keys_go_through_the_pictures(
    qtbot: QtBot, make_dialog: MakeDialog, pictures: list[GalleryItem]
) -> None:
    dialog = make_dialog()
    qtbot.waitUntil(lambda: color_shown(dialog) == "#ff0000", timeout=WAIT_MS)
    qtbot.keyClick(dialog, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: color_shown(dialog) == "#00ff00", timeout=WAIT_MS)
    assert dialog.windowTitle() == "1.png"
    qtbot.keyClick(dialog, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: color_shown(dialog) == "#ffffff", timeout=WAIT_MS)
    assert not dialog._next.isEnabled()
    qtbot.keyClick(dialog, Qt.Key.Key_Right)
    assert dialog.item == pictures[3]
    qtbot.mouseClick(dialog._previous, Qt.MouseButton.LeftButton)
    assert dialog.item == pictures[2]
    qtbot.keyClick(dialog, Qt.Key.Key_Home)
    assert dialog.item == pictures[0]
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_what_the_network_sees_is_the_square_of_the_plan(
    qtbot: QtBot, make_dialog: MakeDialog
) -> None:
    dialog = make_dialog(plan=PicturesPlan(size=32, fit="pad"))
    qtbot.mouseClick(dialog.network_button, Qt.MouseButton.LeftButton)
    image = dialog.view.image
    qtbot.waitUntil(
        lambda: dialog.view.image is not None and dialog.view.image.width() == 32,
        timeout=WAIT_MS,
    )
    image = dialog.view.image
    assert image is not None
    assert image.height() == 32
    assert image.pixelColor(16, 2).name() == "#ffffff"  # the border
    assert image.pixelColor(16, 16).name() == "#ff0000"
    qtbot.mouseClick(dialog.picture_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.view.image.width() == 60, timeout=WAIT_MS)  # type: ignore[union-attr]


def test_a_broken_picture_says_why(
    qtbot: QtBot, make_dialog: MakeDialog, tmp_path: Path, pictures: list[GalleryItem]
) -> None:
    path = tmp_path / "torn.jpg"
    path.write_text("no picture")
    broken = GalleryItem(str(path), path.name, "cat", problem="torn.jpg is not a picture.")
    dialog = make_dialog(items=[broken, *pictures])
    qtbot.waitUntil(lambda: "is not a picture" in dialog.view.words, timeout=WAIT_MS)
    said = [each.text() for each in dialog.facts.findChildren(QLabel)]
    assert "torn.jpg is not a picture." in said
    dialog.go_to(1)
    qtbot.waitUntil(lambda: color_shown(dialog) == "#ff0000", timeout=WAIT_MS)


def test_facts_are_those_that_are_known(pictures: list[GalleryItem]) -> None:
    plain = dict(facts_of(pictures[0], None))
    assert plain["Class"] == "cat"
    assert plain["Part"] == "Training"
    assert "Size" not in plain
    assert "Format" not in plain
    path = pictures[0].path
    facts = PictureFacts(path, width=60, height=20, format="PNG")
    report = CheckReport(scan_folders([]), {path: facts})
    known = dict(facts_of(pictures[0]._replace(pinned=True), report))
    assert (known["Size"], known["Format"]) == ("60 × 20 pixels", "PNG")
    assert known["Part"] == "Training, pinned"


def test_leaving_out_is_wanted_and_shown_at_once(
    qtbot: QtBot, make_dialog: MakeDialog, pictures: list[GalleryItem]
) -> None:
    dialog = make_dialog(1)
    path = pictures[1].path
    with qtbot.waitSignal(dialog.leaving_out_wanted) as caught:
        qtbot.mouseClick(dialog.leave_button, Qt.MouseButton.LeftButton)
    assert caught.args == [[path]]
    assert dialog.leave_button.text() == "Take back"
    with qtbot.waitSignal(dialog.taking_back_wanted) as caught:
        qtbot.keyClick(dialog, Qt.Key.Key_Delete)
    assert caught.args == [[path]]
    assert dialog.leave_button.text() == "Leave out"


def test_class_and_part_are_wanted_by_choosing(
    qtbot: QtBot, make_dialog: MakeDialog, pictures: list[GalleryItem]
) -> None:
    dialog = make_dialog(0)
    path = pictures[0].path
    assert dialog.class_choice.currentText() == "cat"
    with qtbot.waitSignal(dialog.moving_wanted) as moved:
        dialog.class_choice.activated.emit(1)
    assert moved.args == [[path], "dog"]
    assert dialog.class_choice.currentText() == "dog"
    with qtbot.waitSignal(dialog.moving_to_new_class_wanted) as new:
        dialog.class_choice.activated.emit(2)
    assert new.args == [[path]]
    assert dialog.class_choice.currentText() == "dog"
    with qtbot.waitSignal(dialog.pinning_wanted) as pinned:
        dialog.part_choice.activated.emit(3)
    assert pinned.args == [[path], "test"]
    assert dialog.part_choice.currentText() == "Pinned: Test"
    with qtbot.waitSignal(dialog.pinning_wanted) as unpinned:
        dialog.part_choice.activated.emit(0)
    assert unpinned.args == [[path], None]


def test_a_read_only_project_is_only_looked_at(qtbot: QtBot, make_dialog: MakeDialog) -> None:
    dialog = make_dialog(may_change=False)
    with qtbot.assertNotEmitted(dialog.leaving_out_wanted):
        qtbot.keyClick(dialog, Qt.Key.Key_Delete)
    assert not dialog.class_choice.isEnabled()
    assert dialog.leave_button.toolTip() == "The project is read-only."


def test_look_alikes_are_tiles_to_click(
    qtbot: QtBot, make_dialog: MakeDialog, pictures: list[GalleryItem]
) -> None:
    one, _, third, fourth = (each.path for each in pictures)
    report = CheckReport(scan_folders([]), {}, LookAlikes(near=((one, fourth), (one, third))))
    dialog = make_dialog(items=pictures[:2], all_items=pictures, report=report)
    assert dialog.alike._paths == (fourth, third)
    dialog.alike.picture_clicked.emit(fourth)
    assert dialog.item == pictures[3]
    assert dialog._position.text() == "2 of 3"
    dialog.go_to(2)
    assert dialog.item == pictures[1]
    assert not dialog.alike.isVisible()


def test_the_picture_stays_when_what_is_gone_through_changes(
    make_dialog: MakeDialog, pictures: list[GalleryItem]
) -> None:
    dialog = make_dialog(2)
    dialog.show_items(pictures[1:], ("cat", "dog"))
    assert (dialog.item, dialog._position.text()) == (pictures[2], "2 of 3")
    without = [pictures[0], pictures[1]]
    dialog.show_items(without, ("cat", "dog"), pictures)
    assert dialog.item == pictures[2]
    dialog.show_items(without, ("cat", "dog"))
    assert dialog.item == pictures[1]
    dialog.show_items([], ())
    assert not dialog.isVisible()
    assert dialog.item == pictures[1]


def test_a_picture_in_a_zip_is_shown_large(
    qtbot: QtBot, make_dialog: MakeDialog, tmp_path: Path, pictures: list[GalleryItem]
) -> None:
    archive = tmp_path / "pets.zip"
    with ZipFile(archive, "w") as file:
        file.write(pictures[2].path, "dog/2.png")
    path = f"{archive}/dog/2.png"
    dialog = make_dialog(items=[GalleryItem(path, "2.png", "dog")])
    qtbot.waitUntil(lambda: color_shown(dialog) == "#0000ff", timeout=WAIT_MS)


def test_show_in_folder_shows_the_archive_of_a_picture_inside(
    tmp_path: Path, pictures: list[GalleryItem], monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = tmp_path / "inner" / "pets.zip"
    archive.parent.mkdir()
    with ZipFile(archive, "w") as file:
        file.write(pictures[2].path, "dog/2.png")
    opened: list[str] = []

    def open_url(url: QUrl) -> bool:
        opened.append(url.toLocalFile())
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    assert show_in_folder(f"{archive}/dog/2.png")
    assert show_in_folder(pictures[0].path)
    assert opened == [str(archive.parent), str(tmp_path)]


def test_a_picture_is_never_larger_than_its_room(qtbot: QtBot, theme: Theme) -> None:
    from PySide6.QtGui import QImage

    view = PictureView(theme)
    qtbot.addWidget(view)
    view.resize(300, 200)
    large = QImage(1000, 1000, QImage.Format.Format_RGB32)
    large.fill(0)
    fitted = view._fitted(large)
    assert fitted.width() == fitted.height() <= 200 * view.devicePixelRatioF()
    small = QImage(10, 5, QImage.Format.Format_RGB32)
    view.show_image(small)
    assert view._fitted(small).width() == 40  # not more than four times
    view.show_image(small, with_pixels=True)
    assert view._fitted(small).width() > 40


def test_neighbours_are_opened_beforehand(
    qtbot: QtBot, pictures: list[GalleryItem], monkeypatch: pytest.MonkeyPatch
) -> None:
    opener = PictureOpener()
    looks = [Look(each.path, 100) for each in pictures]
    told: list[Look] = []
    opener.opened.connect(lambda look, image: told.append(look))
    opener.open(looks[0], looks[1:3])
    qtbot.waitUntil(lambda: set(looks[:3]) <= set(opener._kept), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: told == looks[:1], timeout=WAIT_MS)

    def fail(*arguments: object) -> None:
        raise AssertionError("read again")

    monkeypatch.setattr("cnnstudio.images.read.open_upright", fail)
    opener.open(looks[1])
    qtbot.waitUntil(lambda: told == looks[:2], timeout=WAIT_MS)
    opener.close()
    opener.open(looks[3])  # closed: nothing happens
    assert looks[3] not in opener._kept
