"""The keyboard and the view stay put when what was clicked goes away."""

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtWidgets import QApplication, QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from cnnstudio.ui.pages.images_page import ImagesPage
from cnnstudio.ui.studio import Studio
from tests.ui.conftest import WAIT_MS, MakeStudio, add_pictures


def page_of(studio: Studio) -> ImagesPage:
    page = studio.window.page("images")
    assert isinstance(page, ImagesPage)
    return page


def press(widget: QWidget, text: str) -> None:
    """Click the button of that name that is for all, which has the keyboard then."""
    found = [each for each in widget.findChildren(QPushButton) if each.text() == text]
    button = next(each for each in found if each.isVisible() and not each.accessibleName())
    button.setFocus()
    button.click()


def side_of(page: ImagesPage) -> QScrollArea:
    return page._side


@pytest.fixture
def many_faults(make_studio: MakeStudio, tmp_path: Path, qtbot: QtBot) -> Studio:
    """Two broken files of each of several kinds, and copies."""
    folder = tmp_path / "faults"
    for label, start in (("cat", 0), ("dog", 100)):
        (folder / label).mkdir(parents=True)
        for number in range(30):
            noise = Image.effect_noise((80, 60), 40 + start + number)
            noise.save(folder / label / f"{label} {number}.png")
        whole = (folder / label / f"{label} 1.png").read_bytes()
        (folder / label / "cut.png").write_bytes(whole[:2000])
        (folder / label / "empty.png").touch()
        (folder / label / "words.png").write_text("no picture")
        (folder / label / "copy.png").write_bytes(whole)
        (folder / label / "other.jpg").write_bytes((folder / label / f"{label} 2.png").read_bytes())
    studio = make_studio()
    studio.window.resize(1024, 700)
    add_pictures(studio, folder, qtbot)
    return studio


def test_remedy_hands_the_keyboard_to_the_next_finding_and_the_view_stays(
    many_faults: Studio, qtbot: QtBot
) -> None:
    page = page_of(many_faults)
    page.show_view("health")
    kinds = list(page.health.cards)
    assert len(kinds) >= 4
    bar = page.health.column.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0, timeout=WAIT_MS)
    QApplication.processEvents()
    first = page.health.cards[kinds[0]]
    assert first.finding is not None
    press(first, first.finding.remedies[0].sentence)
    after = page.health.cards[kinds[1]]
    qtbot.waitUntil(lambda: after.isAncestorOf(many_faults.window.focusWidget()), timeout=3000)
    assert bar.value() == 0
    many_faults.session.undo()
    QApplication.processEvents()
    assert after.isAncestorOf(many_faults.window.focusWidget())
    assert bar.value() == 0


def test_remedy_of_one_group_leaves_the_keyboard_in_its_finding(
    many_faults: Studio, qtbot: QtBot
) -> None:
    page = page_of(many_faults)
    page.show_view("health")
    card = page.health.cards["file_empty"]
    qtbot.waitUntil(card.isVisible, timeout=WAIT_MS)
    links = [
        each for each in card.findChildren(QPushButton) if "empty.png" in each.accessibleName()
    ]
    qtbot.waitUntil(links[0].isVisible, timeout=WAIT_MS)
    links[0].setFocus()
    links[0].click()
    qtbot.waitUntil(
        lambda: (
            card.isAncestorOf(many_faults.window.focusWidget())
            and many_faults.window.focusWidget() not in links
        ),
        timeout=WAIT_MS,
    )


def test_unpinning_leaves_the_split_in_view(many_faults: Studio, qtbot: QtBot) -> None:
    page = page_of(many_faults)
    picture = many_faults.pictures.scan.pictures[0].path  # type: ignore[union-attr]
    page.changes.pin([picture], "validation")
    qtbot.waitUntil(page.split.unpin_button.isVisible, timeout=WAIT_MS)
    page.split.unpin_button.setFocus()
    page.split.unpin_button.click()
    QApplication.processEvents()
    assert many_faults.window.focusWidget() is page.split.shuffle_button
    assert side_of(page).verticalScrollBar().value() == 0


def test_classes_from_names_leave_the_side_in_view(
    make_studio: MakeStudio, tmp_path: Path, qtbot: QtBot
) -> None:
    flat = tmp_path / "flat"
    flat.mkdir()
    for number in range(8):
        for label, color in (("cat", "red"), ("dog", "blue")):
            Image.new("RGB", (20 + number, 20), color).save(flat / f"{label}_{number}.png")
    sorted_ones = tmp_path / "sorted"
    for label in ("hen", "cow"):
        (sorted_ones / label).mkdir(parents=True)
        for number in range(6):
            Image.new("RGB", (20 + number, 20)).save(sorted_ones / label / f"{number}.png")
    studio = make_studio()
    studio.window.resize(1024, 700)
    add_pictures(studio, sorted_ones, qtbot)
    page = page_of(studio)
    page.add_folders([str(flat)])
    qtbot.waitUntil(lambda: bool(page.classes.open_offers()), timeout=WAIT_MS)
    page.refresh()
    QApplication.processEvents()
    press(page.classes, "Use these classes")
    qtbot.waitUntil(lambda: "cat" in page.classes.cards, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: not studio.pictures.is_busy, timeout=WAIT_MS)
    focused = studio.window.focusWidget()
    assert focused is not None
    assert page.classes.isAncestorOf(focused)
    assert side_of(page).verticalScrollBar().value() == 0
