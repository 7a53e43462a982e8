"""The split: numbers while a slider is dragged, and what is kept together."""

from pathlib import Path

import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from cnnstudio.ui.pages.images_page import ImagesPage
from cnnstudio.ui.studio import Studio
from cnnstudio.ui.widgets.split_card import SplitCard, expected_parts
from tests.ui.conftest import WAIT_MS, MakeStudio, add_pictures


def split_of(studio: Studio) -> SplitCard:
    page = studio.window.page("images")
    assert isinstance(page, ImagesPage)
    return page.split


@pytest.fixture
def varied_folder(tmp_path: Path) -> Path:
    """Two classes of twenty pictures of noise: none is like another."""
    for label in ("cat", "dog"):
        (tmp_path / "varied" / label).mkdir(parents=True)
        for number in range(20):
            noise = Image.effect_noise((64, 48 + number), 90 + number)
            noise.save(tmp_path / "varied" / label / f"{number}.png")
    return tmp_path / "varied"


@pytest.fixture
def varied_studio(make_studio: MakeStudio, varied_folder: Path, qtbot: QtBot) -> Studio:
    studio = make_studio()
    add_pictures(studio, varied_folder, qtbot)
    return studio


def test_dragging_shows_the_numbers_of_each_class_at_once_and_is_one_step(
    varied_studio: Studio, qtbot: QtBot
) -> None:
    card = split_of(varied_studio)
    slider = card.sliders["validation_share"].slider
    slider.setSliderDown(True)
    before = varied_studio.session.project
    for place in (25, 30, 40):
        slider.setValue(place)
        slider.sliderMoved.emit(place)
    assert varied_studio.session.project == before
    expected = [(row.name, row.counts) for row in card.table.rows]
    assert expected == [("All", (24, 16, 0)), ("cat", (12, 8, 0)), ("dog", (12, 8, 0))]
    qtbot.waitUntil(
        lambda: varied_studio.session.project.pictures.validation_share == 0.4, timeout=WAIT_MS
    )
    slider.setValue(30)
    slider.setSliderDown(False)
    assert varied_studio.session.project.pictures.validation_share == 0.3
    assert [row.counts for row in card.table.rows] == [(28, 12, 0), (14, 6, 0), (14, 6, 0)]
    varied_studio.session.undo()
    assert varied_studio.session.project == before


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5, 20, 333])
@pytest.mark.parametrize(("validation", "test"), [(0.05, 0.0), (0.2, 0.0), (0.5, 0.4), (0.2, 0.1)])
def test_expected_numbers_leave_something_to_learn_from(
    count: int, validation: float, test: float
) -> None:
    parts = expected_parts(count, validation, test)
    assert sum(parts) == count
    assert min(parts) >= 0
    if count >= 2:
        assert parts[0] >= 1
        assert parts[1] >= 1


@pytest.mark.parametrize(("validation", "test"), [(0.2, 0.0), (0.35, 0.2), (0.05, 0.4)])
def test_what_was_expected_is_what_the_split_gives(
    varied_studio: Studio, validation: float, test: float
) -> None:
    plan = varied_studio.session.project.pictures
    shares = {"validation_share": validation, "test_share": test}
    varied_studio.session.change_chapter("pictures", plan.model_copy(update=shares))
    assert varied_studio.pictures.listing is not None
    counts = varied_studio.pictures.listing.counts()
    real = (counts["training"]["cat"], counts["validation"]["cat"], counts["test"]["cat"])
    assert real == expected_parts(20, validation, test)


def test_shuffling_draws_another_split(varied_studio: Studio) -> None:
    before = varied_studio.pictures.listing
    split_of(varied_studio).shuffle_button.click()
    assert varied_studio.session.project.pictures.seed == 2
    assert varied_studio.pictures.listing != before


def test_pinned_pictures_are_counted_and_let_go(varied_studio: Studio, varied_folder: Path) -> None:
    card = split_of(varied_studio)
    assert card._pinned.isHidden()
    page = varied_studio.window.page("images")
    assert isinstance(page, ImagesPage)
    page.changes.pin([str(varied_folder / "cat" / "1.png")], "validation")
    assert not card._pinned.isHidden()
    assert card._pinned_words.text() == "1 picture is pinned."
    card.unpin_button.click()
    assert varied_studio.session.project.edits.pinned == {}


def test_groups_that_were_kept_together_are_told(
    make_studio: MakeStudio, varied_folder: Path, qtbot: QtBot
) -> None:
    for number in range(6):
        original = varied_folder / "cat" / f"{number}.png"
        (varied_folder / "cat" / f"copy {number}.png").write_bytes(original.read_bytes())
    studio = make_studio()
    add_pictures(studio, varied_folder, qtbot)
    words = split_of(studio)._kept_words.text()
    assert words.startswith("This split kept 6 groups of look-alikes together; a random one")


def test_parts_of_folders_leave_nothing_to_choose_for_the_test(
    make_studio: MakeStudio, tmp_path: Path, qtbot: QtBot
) -> None:
    for part in ("train", "test"):
        for label, color in (("cat", "red"), ("dog", "blue")):
            (tmp_path / "parts" / part / label).mkdir(parents=True)
            for number in range(5):
                image = Image.new("RGB", (30 + number, 20), color)
                image.save(tmp_path / "parts" / part / label / f"{part} {number}.png")
    studio = make_studio()
    add_pictures(studio, tmp_path / "parts", qtbot)
    card = split_of(studio)
    assert card.sliders["test_share"].isHidden()
    assert not card.sliders["validation_share"].isHidden()
    assert not card._given_words.isHidden()
    slider = card.sliders["validation_share"].slider
    slider.setSliderDown(True)
    slider.setValue(40)
    assert [row.counts for row in card.table.rows] == [(6, 4, 10), (3, 2, 5), (3, 2, 5)]
    slider.setSliderDown(False)
