"""The page of augmentation: presets, settings, the live preview, what it costs, hints."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from cnnstudio.project.augmentation import PRESETS, AugmentationPlan, effects
from cnnstudio.project.problems import Problem
from cnnstudio.project.settings import load_augmentation_presets, save_augmentation_presets
from cnnstudio.protocol import AugmentationShown, ShowAugmentation, WorkFailed
from cnnstudio.ui.pages.augment_page import AugmentPage
from cnnstudio.ui.step_looks import looks_of
from cnnstudio.ui.studio import Studio
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.basics import Notice
from cnnstudio.ui.widgets.picture_wall import PictureWall
from tests.ui.conftest import WAIT_MS, MakeStudio, add_pictures
from tests.ui.fakes import FakeKeeper

SIDE = 4


def _answer(command: ShowAugmentation) -> AugmentationShown:
    """Variants as bright as the rotation says; a mixture where pictures are mixed."""
    variant = bytes([round(command.augmentation.rotation) % 256]) * (SIDE * SIDE * 3)
    mixtures = (("cat", 0.7), ("dog", 0.3))
    return AugmentationShown(
        bytes(SIDE * SIDE * 3),
        (variant,) * command.count,
        SIDE,
        (mixtures,) * command.count if command.others and command.count else (),
        tuple((name, variant) for name in command.effects),
        SIDE,
        milliseconds=0.5,
    )


class AskedKeeper(FakeKeeper):
    """Its engine answers at once, and remembers what it was asked of augmentation."""

    def __init__(self, answer: Callable[[ShowAugmentation], object] = _answer) -> None:
        super().__init__()
        self.engine._answers[ShowAugmentation] = answer

    @property
    def asked(self) -> list[ShowAugmentation]:
        return [each for each in self.engine.asked if isinstance(each, ShowAugmentation)]

    @property
    def previews(self) -> list[ShowAugmentation]:
        return [each for each in self.asked if each.count]


@pytest.fixture
def keeper() -> AskedKeeper:
    return AskedKeeper()


@pytest.fixture
def studio(make_studio: MakeStudio, keeper: AskedKeeper) -> Studio:
    """A studio without pictures, on the page of augmentation."""
    made = make_studio(keeper=keeper)
    made.window.show_page("augment")
    return made


@pytest.fixture
def page(studio: Studio, qtbot: QtBot) -> AugmentPage:
    """The page, with the first preview on it."""
    shown = _page(studio)
    qtbot.waitUntil(lambda: shown.wall.has_images, timeout=WAIT_MS)
    return shown


@pytest.fixture
def full_page(page: AugmentPage, studio: Studio, picture_folder: Path, qtbot: QtBot) -> AugmentPage:
    """The page of a project that has pictures."""
    add_pictures(studio, picture_folder, qtbot)
    qtbot.waitUntil(lambda: page.preview.picture is not None, timeout=WAIT_MS)
    return page


def _page(studio: Studio) -> AugmentPage:
    page = studio.window.page("augment")
    assert isinstance(page, AugmentPage)
    return page


def _wait_for(page: AugmentPage, rotation: int, qtbot: QtBot) -> None:
    def is_shown() -> bool:
        return page.wall.images[1].pixelColor(0, 0).red() == rotation

    qtbot.waitUntil(is_shown, timeout=WAIT_MS)


def _notices(page: AugmentPage) -> list[Notice]:
    return [each for each in page.findChildren(Notice) if not each.isHidden()]


# The preview


def test_a_drawn_picture_stands_in_until_there_are_pictures(
    page: AugmentPage, keeper: AskedKeeper
) -> None:
    assert keeper.previews[0].file == ""
    assert len(page.wall.images) == 13
    assert not page.other_picture.isEnabled()
    assert page.another.isEnabled()
    assert "drawn" in page._words.text()


def test_the_newest_wish_is_asked_when_the_answer_comes(
    page: AugmentPage, keeper: AskedKeeper, qtbot: QtBot
) -> None:
    slider = page.settings.editors["rotation"]._slider
    assert slider is not None
    before = len(keeper.previews)
    for value in range(1, 41):
        slider.setValue(value)
    _wait_for(page, 200, qtbot)
    asked = [each.augmentation.rotation for each in keeper.previews[before:]]
    assert asked[-1] == 200
    assert len(asked) < 20  # what was passed over meanwhile is never asked


def test_dragging_is_one_step_to_undo(page: AugmentPage, studio: Studio) -> None:
    slider = page.settings.editors["rotation"]._slider
    assert slider is not None
    for value in (5, 10, 20):
        slider.setValue(value)
    assert page.plan.rotation == 100
    studio.session.undo()
    assert page.plan.is_off
    assert slider.value() == 0


def test_another_twelve_and_another_picture(
    full_page: AugmentPage, keeper: AskedKeeper, qtbot: QtBot
) -> None:
    first = keeper.previews[-1]
    full_page.another.click()
    qtbot.waitUntil(lambda: keeper.previews[-1].seed == first.seed + 1, timeout=WAIT_MS)
    files = {keeper.previews[-1].file}
    for _ in range(6):
        count = len(keeper.previews)
        full_page.other_picture.click()
        qtbot.wait(30)
        files |= {each.file for each in keeper.previews[count:]}
    assert len(files) > 2


def test_pictures_of_one_class_can_be_chosen(
    full_page: AugmentPage, keeper: AskedKeeper, qtbot: QtBot
) -> None:
    choice = full_page.class_choice
    assert [choice.itemText(each) for each in range(choice.count())] == [
        "Any class",
        "cat",
        "dog",
    ]
    choice.setCurrentIndex(2)
    qtbot.waitUntil(lambda: keeper.previews[-1].label == "dog", timeout=WAIT_MS)
    assert Path(keeper.previews[-1].file).parent.name == "dog"


def test_mixtures_are_told_on_the_tiles(
    full_page: AugmentPage, keeper: AskedKeeper, qtbot: QtBot
) -> None:
    full_page._on_edited(AugmentationPlan(mixup=0.4), "augmentation.mixup")
    qtbot.waitUntil(lambda: "70 % cat" in full_page.wall.captions, timeout=WAIT_MS)
    assert full_page.wall.captions[0] == "Original"
    assert "70 % cat · 30 % dog" in full_page.wall.accessibleDescription()
    assert len(keeper.previews[-1].others) == 6


def test_an_unreadable_picture_is_told(make_studio: MakeStudio, qtbot: QtBot) -> None:
    problem = Problem("file_missing", file="/gone/cat.png")
    studio = make_studio(keeper=AskedKeeper(lambda command: WorkFailed(problem)))
    studio.window.show_page("augment")
    page = _page(studio)
    qtbot.waitUntil(lambda: "cat.png" in page._words.text(), timeout=WAIT_MS)


def test_a_page_that_is_not_looked_at_asks_nothing(
    page: AugmentPage, studio: Studio, keeper: AskedKeeper, qtbot: QtBot
) -> None:
    studio.window.show_page("network")
    count = len(keeper.previews)
    studio.session.change_chapter("augmentation", AugmentationPlan(rotation=50))
    qtbot.wait(100)
    assert len(keeper.previews) == count
    studio.window.show_page("augment")
    _wait_for(page, 50, qtbot)


# Small pictures of effects


def test_settings_in_sight_get_pictures_of_their_effect(
    page: AugmentPage, keeper: AskedKeeper, qtbot: QtBot
) -> None:
    pictures = page.settings.pictures
    assert set(pictures) == set(effects())
    qtbot.waitUntil(lambda: pictures["vertical_flip"].has_image, timeout=WAIT_MS)
    assert not pictures["rand_augment"].has_image
    page.settings.open_more()
    qtbot.waitUntil(lambda: all(each.has_image for each in pictures.values()), timeout=WAIT_MS)
    asked = [name for each in keeper.asked for name in each.effects]
    assert sorted(asked) == sorted(effects())  # each once
    assert asked[-1] == "rand_augment"  # what takes long comes last


def test_other_gaps_are_filled_in_the_small_pictures_too(
    page: AugmentPage, keeper: AskedKeeper, qtbot: QtBot
) -> None:
    pictures = page.settings.pictures
    qtbot.waitUntil(lambda: pictures["vertical_flip"].has_image, timeout=WAIT_MS)
    page._on_edited(AugmentationPlan(fill_mode="wrap"), "augmentation.fill_mode")
    assert not pictures["rotation"].has_image
    qtbot.waitUntil(lambda: pictures["rotation"].has_image, timeout=WAIT_MS)


def test_a_resting_engine_leaves_icons(make_studio: MakeStudio, qtbot: QtBot) -> None:
    problem = Problem("engine_killed", values={"signal": "SIGKILL"})
    studio = make_studio(keeper=AskedKeeper(lambda command: WorkFailed(problem)))
    studio.window.show_page("augment")
    picture = _page(studio).settings.pictures["rotation"]
    shot = picture.grab().toImage()
    colours = {shot.pixelColor(x, y).rgb() for x in range(40) for y in range(40)}
    assert not picture.has_image
    assert len(colours) > 2


# Settings, presets


def test_presets_are_taken_and_marked(page: AugmentPage, studio: Studio) -> None:
    page._on_edited(AugmentationPlan(mode="prepared", variants=5), "augmentation.mode")
    page.presets["course"].click()
    assert page.plan == PRESETS["course"][1].model_copy(update={"mode": "prepared", "variants": 5})
    assert page.presets["course"].isChecked()
    page.presets["course"].click()
    assert page.presets["course"].isChecked()
    assert not page.presets["off"].isChecked()


def test_own_presets_are_saved_replaced_taken_and_removed(page: AugmentPage, qtbot: QtBot) -> None:
    bar = page.presets_bar
    assert bar.fill_menu() == ["Save these settings…"]
    page._on_edited(AugmentationPlan(hue=0.3), "augmentation.hue")
    bar._on_save_wanted()
    assert not bar.save_button.isEnabled()
    qtbot.keyClicks(bar.name, "My  colours & more")
    qtbot.keyClick(bar.name, Qt.Key.Key_Return)
    assert load_augmentation_presets() == {"My colours & more": AugmentationPlan(hue=0.3)}
    assert bar.own.text() == "My colours && more"
    page._on_edited(AugmentationPlan(hue=0.5), "augmentation.hue")
    assert bar.own.text() == "My presets"
    bar._on_save_wanted()
    bar.name.setText("My colours & more")
    assert bar.save_button.text() == "Replace"
    bar.save_button.click()
    page.presets["off"].click()
    bar.choose("My colours & more")
    assert page.plan.hue == 0.5
    assert "Remove" in bar.fill_menu()
    bar.remove("My colours & more")
    assert load_augmentation_presets() == {}
    assert page.plan.hue == 0.5


def test_an_own_preset_in_use_is_marked_and_named_in_the_rail(
    page: AugmentPage, studio: Studio
) -> None:
    plan = AugmentationPlan(hue=0.3)
    studio.session.change_chapter("augmentation", plan)
    assert not page.presets_bar.own.property("chosen")
    page.presets_bar.save("More colours")
    assert page.presets_bar.own.property("chosen")
    studio.session.change_chapter("augmentation", AugmentationPlan(hue=0.2))
    studio.session.change_chapter("augmentation", plan)
    looks = looks_of(studio.session.project, studio.pictures, studio.network, studio.training)
    assert looks["augment"].words == "More colours"


def test_the_wheel_gives_no_setting_the_keyboard(page: AugmentPage) -> None:
    policies = {each.control.focusPolicy() for each in page.settings.editors.values()}
    assert Qt.FocusPolicy.WheelFocus not in policies


def test_a_preset_of_another_window_is_in_the_menu(page: AugmentPage) -> None:
    save_augmentation_presets({"theirs": AugmentationPlan(zoom=0.2)})
    assert "theirs" in page.presets_bar.fill_menu()


def test_a_preset_that_cannot_be_written_is_told(
    page: AugmentPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    (tmp_path / "a file").write_text("")
    monkeypatch.setenv("CNNSTUDIO_CONFIG", str(tmp_path / "a file" / "config"))
    page.presets_bar.save("lost")
    qtbot.waitUntil(lambda: bool(_notices(page)), timeout=WAIT_MS)
    assert "could not be kept" in _notices(page)[0].accessibleName()
    assert "lost" not in page.presets_bar.fill_menu()


def test_more_settings_are_folded_away_and_counted(page: AugmentPage) -> None:
    settings = page.settings
    assert settings.editors["zoom"].isVisibleTo(page)
    assert not settings.editors["hue"].isVisibleTo(page)
    assert settings.more.text() == "More settings"
    page._on_edited(AugmentationPlan(hue=0.3, grey=0.5), "augmentation.hue")
    assert settings.more.text() == "More settings (2 on)"
    settings.more.click()
    assert settings.editors["hue"].isVisibleTo(page)
    settings.more.click()
    assert not settings.editors["hue"].isVisibleTo(page)


def test_a_project_that_may_only_be_looked_at_cannot_be_changed(
    page: AugmentPage, studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(studio.session.folder, "read_only", True)
    page.refresh()
    assert not page.settings.isEnabled()
    assert not page.presets_bar.isEnabled()
    assert page.another.isEnabled()


# What it costs


def test_the_cost_of_fresh_and_of_prepared_variants_is_told(
    full_page: AugmentPage, qtbot: QtBot
) -> None:
    cost = full_page.settings.cost
    assert "costs nothing" in cost.text()
    full_page._on_edited(AugmentationPlan(rotation=33), "augmentation.rotation")
    _wait_for(full_page, 33, qtbot)
    assert "0.5 ms a picture" in cost.text()
    plan = AugmentationPlan(rotation=33, mode="prepared", variants=9)
    full_page._on_edited(plan, "augmentation.mode")
    # Ten times nine or ten training pictures of 96 × 96 × 3 bytes.
    assert "Takes 3 MB of disk" in cost.text()
    assert "MixUp" not in cost.text()
    full_page._on_edited(plan.model_copy(update={"mixup": 0.2}), "augmentation.mixup")
    assert "stay fresh" in cost.text()


def test_the_number_of_variants_rests_while_they_are_fresh(page: AugmentPage) -> None:
    assert not page.settings.editors["variants"].isEnabled()
    page._on_edited(AugmentationPlan(mode="prepared"), "augmentation.mode")
    assert page.settings.editors["variants"].isEnabled()


# Hints


def test_a_hint_is_shown_and_its_remedy_can_be_undone(
    full_page: AugmentPage, studio: Studio, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: bool(_notices(full_page)), timeout=WAIT_MS)
    (notice,) = _notices(full_page)
    assert "augmentation is off" in notice.accessibleName()
    (remedy,) = notice.findChildren(type(full_page.another))
    remedy.click()
    assert full_page.presets["light"].isChecked()
    qtbot.waitUntil(lambda: not _notices(full_page), timeout=WAIT_MS)
    studio.session.undo()
    assert full_page.plan.is_off


def test_what_is_pushed_out_is_told_without_pictures_too(page: AugmentPage, qtbot: QtBot) -> None:
    page._on_edited(AugmentationPlan(width_shift=1, height_shift=1), "augmentation.width_shift")
    qtbot.waitUntil(lambda: bool(_notices(page)), timeout=WAIT_MS)
    assert "% of a picture stays in sight" in _notices(page)[0].accessibleName()


# The wall


@pytest.mark.parametrize("size", [(600, 500), (360, 200), (300, 640), (1400, 300)])
def test_all_tiles_fit_and_none_lies_over_another(theme: Theme, size: tuple[int, int]) -> None:
    wall = PictureWall(theme, 12)
    wall.resize(*size)
    tiles = wall.tiles()
    assert len(tiles) == 13
    assert tiles[0].width() > 2 * tiles[1].width()
    for number, tile in enumerate(tiles):
        assert wall.rect().toRectF().adjusted(-1, -1, 1, 1).contains(tile)
        assert not any(tile.intersects(other) for other in tiles[number + 1 :])


def test_the_page_fits_a_small_window(studio: Studio, page: AugmentPage, qtbot: QtBot) -> None:
    studio.window.resize(1024, 700)
    qtbot.waitUntil(lambda: studio.window.width() == 1024, timeout=WAIT_MS)
    assert page.minimumSizeHint().width() <= page.width()
    assert page.wall.tiles()[1].width() > 40
