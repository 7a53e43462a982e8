"""How answers change: the newest ones, going back through the epochs, and what it says."""

from pathlib import Path

import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from cnnstudio.project.epochs import EpochDetails, WatchedAnswer
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.watched_card import WatchedCard
from cnnstudio.worker.thumbnail_loader import ThumbnailLoader
from tests.ui.conftest import WAIT_MS


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """Three pictures."""
    made = [tmp_path / f"{number}.png" for number in range(3)]
    for file in made:
        Image.new("RGB", (16, 16), "teal").save(file)
    return [str(file) for file in made]


@pytest.fixture
def card(qtbot: QtBot, theme: Theme) -> WatchedCard:
    """A card in a window."""
    made = WatchedCard(ThumbnailLoader(theme), theme)
    qtbot.addWidget(made)
    return made


def details(files: list[str], epochs: int) -> list[EpochDetails]:
    """Dogs that are taken for cats in the first epoch."""
    return [
        EpochDetails(
            epoch,
            watched=tuple(
                WatchedAnswer(file, "dog", "cat" if epoch == 1 else "dog", 0.5 + epoch / 20)
                for file in files
            ),
        )
        for epoch in range(1, epochs + 1)
    ]


def test_a_run_without_watched_pictures_shows_no_card(card: WatchedCard) -> None:
    card.show_details([EpochDetails(1)])
    assert card.isHidden()
    assert card.epoch == 0


def test_the_newest_answers_are_shown_until_one_goes_back(
    card: WatchedCard, files: list[str]
) -> None:
    card.show_details(details(files, 2))
    assert card.epoch == 2
    card.show_details(details(files, 3))
    assert card.epoch == 3
    card.slider.setValue(0)
    assert card.epoch == 1
    card.show_details(details(files, 4))
    assert card.epoch == 1
    card.slider.setValue(card.slider.maximum())
    card.show_details(details(files, 5))
    assert card.epoch == 5


def test_the_best_epoch_is_marked_on_the_slider(card: WatchedCard, files: list[str]) -> None:
    card.show_details(details(files, 9)[3:], best_epoch=6)
    assert card.slider.marked == 2
    assert card.slider.accessibleDescription() == "The dot marks the best epoch, 6."
    card.show()
    marked = card.slider.grab().toImage()
    card.show_details(details(files, 9)[3:], best_epoch=2)
    assert card.slider.marked is None
    assert card.slider.grab().toImage() != marked


def test_right_and_wrong_and_the_course_are_said_in_words(
    card: WatchedCard, files: list[str]
) -> None:
    card.show_details(details(files, 3))
    picture = card.pictures[0]
    assert picture.accessibleName() == "0.png: dog, which is right"
    assert "epoch 1: cat 55%\nepoch 2: dog 60%\nepoch 3: dog 65%" in picture.toolTip()
    card.slider.setValue(0)
    assert picture.accessibleName() == "0.png: cat, but it is dog"


def test_a_long_course_is_told_in_steps_with_first_and_last(
    card: WatchedCard, files: list[str]
) -> None:
    card.show_details(details(files, 8 * 14))
    lines = card.pictures[0].toolTip().splitlines()
    assert len(lines) <= 15
    assert lines[1].startswith("epoch 1:")
    assert lines[-1].startswith("epoch 112:")


def test_playing_goes_from_the_first_epoch_to_the_last_and_stops(
    card: WatchedCard, files: list[str], qtbot: QtBot
) -> None:
    card.show_details(details(files, 3))
    card.show()
    card.play_button.click()
    assert card.epoch == 1
    assert card.play_button.accessibleName() == "Stop"
    card._on_step()
    assert card.epoch == 2
    card._on_step()
    assert card.epoch == 3
    assert card.play_button.accessibleName() == "Play from the first epoch"


def test_the_pictures_are_read_and_right_ones_look_different(
    card: WatchedCard, files: list[str], qtbot: QtBot
) -> None:
    card.show_details(details(files, 2))
    card.resize(296, 240)
    card.show()
    qtbot.waitUntil(lambda: all(p._image is not None for p in card.pictures), timeout=WAIT_MS)
    right = card.pictures[0].grab().toImage()
    card.slider.setValue(0)
    assert card.pictures[0].grab().toImage() != right


def test_another_run_brings_other_pictures(card: WatchedCard, files: list[str]) -> None:
    card.show_details(details(files, 3))
    card.slider.setValue(0)
    card.show_details(details(files[:2], 2))
    assert card.epoch == 2
    assert [picture.isHidden() for picture in card.pictures] == [False, False, True]
