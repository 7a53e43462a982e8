"""From an empty window on: what pages show, and what clicks change."""

import errno
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSpinBox
from pytestqt.qtbot import QtBot

from cnnstudio.project.project import Project
from cnnstudio.project.project_folder import ProjectFolder
from cnnstudio.project.settings import load_settings
from cnnstudio.protocol import Train
from cnnstudio.ui.app import Program
from cnnstudio.ui.studio import STEPS, Studio
from tests.ui.conftest import WAIT_MS, MakeStudio, add_pictures
from tests.ui.fakes import FakeAsking, FakeKeeper, crashed, weights_missing


def test_every_step_has_a_page_that_opens_on_an_empty_project(studio: Studio) -> None:
    for key in STEPS:
        studio.window.show_page(key)
        assert studio.window.shown == key
        assert studio.window.page(key).title.text()


def test_empty_project_offers_samples_and_says_what_is_missing(studio: Studio) -> None:
    page = studio.window.page("images")
    assert page.samples_button.isEnabled()  # type: ignore[attr-defined]
    assert not page.next_button.isEnabled()  # type: ignore[attr-defined]
    train = studio.window.page("train")
    assert not train.start_button.isEnabled()  # type: ignore[attr-defined]
    assert "no pictures" in train.hint.text()


def test_chosen_folder_shows_classes_and_names_the_broken_file(
    make_studio: MakeStudio, picture_folder: Path, qtbot: QtBot
) -> None:
    asking = FakeAsking()
    asking.next_folder = str(picture_folder)
    studio = make_studio(asking=asking)
    page = studio.window.page("images")
    qtbot.mouseClick(page.choose_button, Qt.MouseButton.LeftButton)  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: studio.pictures.report is not None, timeout=WAIT_MS)
    assert page.sentence.text().startswith("12 pictures in 2 classes")
    assert [p.kind for p in studio.pictures.problems if p.file] == ["not_a_picture"]
    assert studio.pictures.listing is not None
    assert len(studio.pictures.listing.pictures) == 12


def test_folder_that_is_chosen_twice_is_taken_once(
    full_studio: Studio, picture_folder: Path, qtbot: QtBot
) -> None:
    add_pictures(full_studio, picture_folder, qtbot)
    assert full_studio.session.project.pictures.folders == (str(picture_folder),)


def test_removed_folder_leaves_the_project_and_comes_back_by_undo(
    full_studio: Studio, picture_folder: Path, qtbot: QtBot
) -> None:
    full_studio.session.change_chapter(
        "pictures", full_studio.session.project.pictures.model_copy(update={"folders": ()})
    )
    assert full_studio.pictures.listing is None
    qtbot.mouseClick(full_studio.window.top_bar.undo_button, Qt.MouseButton.LeftButton)
    assert full_studio.session.project.pictures.folders == (str(picture_folder),)
    qtbot.waitUntil(lambda: full_studio.pictures.listing is not None, timeout=WAIT_MS)


def test_changes_are_saved_without_a_click(studio: Studio, qtbot: QtBot) -> None:
    plan = studio.session.project.training.model_copy(update={"epochs": 7})
    studio.session.change_chapter("training", plan)
    assert studio.session.saving_state == "saving"
    qtbot.waitUntil(lambda: studio.session.saving_state == "saved", timeout=WAIT_MS)
    text = studio.session.folder.file.read_text(encoding="utf-8")
    assert '"epochs": 7' in text


def test_full_disk_is_said_and_saving_is_tried_again(
    studio: Studio, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", full)
        studio.session.change(studio.session.project.replacing(name="Other"))
        qtbot.waitUntil(lambda: studio.session.saving_state == "failed", timeout=WAIT_MS)
        assert "disk is full" in studio.window.top_bar.chip.toolTip().lower()
    qtbot.mouseClick(studio.window.top_bar.retry, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: studio.session.saving_state == "saved", timeout=WAIT_MS)
    assert '"name": "Other"' in studio.session.folder.file.read_text(encoding="utf-8")


def test_second_window_can_look_but_not_change(make_studio: MakeStudio, tmp_path: Path) -> None:
    first = make_studio()
    second = make_studio(folder=ProjectFolder.open(first.session.folder.path))
    assert second.session.saving_state == "read_only"
    second.session.change(second.session.project.replacing(name="Changed"))
    assert second.session.project.name == "P"
    assert not second.window.page("images").choose_button.isEnabled()  # type: ignore[attr-defined]
    assert "Read only" in second.window.top_bar.chip.text()


def test_tick_in_the_tree_changes_totals_and_plan_at_once(
    full_studio: Studio, qtbot: QtBot
) -> None:
    full_studio.window.show_page("network")
    page = full_studio.window.page("network")
    qtbot.waitUntil(lambda: full_studio.network.facts is not None, timeout=WAIT_MS)
    assert page.price_card.trainable.text() == "425"  # type: ignore[attr-defined]
    model = page.layers.tree.layers  # type: ignore[attr-defined]
    first_block = model.index(1, 0)
    assert model.setData(first_block, Qt.CheckState.Unchecked, Qt.ItemDataRole.CheckStateRole)
    assert page.price_card.trainable.text() == "305"  # type: ignore[attr-defined]
    assert full_studio.session.project.network.trained_layers == (
        "block2_conv",
        "pooling",
        "output",
    )
    full_studio.session.undo()
    assert page.price_card.trainable.text() == "425"  # type: ignore[attr-defined]


def test_frozen_everything_stands_in_the_way_of_training(full_studio: Studio, qtbot: QtBot) -> None:
    full_studio.window.show_page("network")
    qtbot.waitUntil(lambda: full_studio.network.facts is not None, timeout=WAIT_MS)
    plan = full_studio.session.project.network.model_copy(update={"trained_layers": ()})
    full_studio.session.change_chapter("network", plan)
    train = full_studio.window.page("train")
    assert not train.start_button.isEnabled()  # type: ignore[attr-defined]
    assert "No layer is trained" in train.hint.text()


def test_training_grows_curves_and_ends_with_results(full_studio: Studio, qtbot: QtBot) -> None:
    page = full_studio.window.page("train")
    full_studio.window.show_page("train")
    epochs = page.settings.editors["training.epochs"].control  # type: ignore[attr-defined]
    assert isinstance(epochs, QSpinBox)
    epochs.setValue(3)
    qtbot.mouseClick(page.start_button, Qt.MouseButton.LeftButton)  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: full_studio.training.phase == "ended", timeout=WAIT_MS)
    assert page.title.text() == "Finished"
    assert len(full_studio.training.live.history) == 3
    assert len(full_studio.training.live.batch_points) == 9
    qtbot.mouseClick(page.results_button, Qt.MouseButton.LeftButton)  # type: ignore[attr-defined]
    assert full_studio.window.shown == "results"
    assert full_studio.window.page("results").accuracy.text() == "50.0%"  # type: ignore[attr-defined]


def test_stop_button_rests_after_a_crash(
    make_studio: MakeStudio, picture_folder: Path, qtbot: QtBot
) -> None:
    studio = make_studio(keeper=FakeKeeper(train=crashed))
    add_pictures(studio, picture_folder, qtbot)
    studio.window.show_page("train")
    page = studio.window.page("train")
    page.start_button.click()  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: studio.training.phase == "ended", timeout=WAIT_MS)
    assert page.title.text() == "The training broke off"
    assert not page.stop_button.isVisible()  # type: ignore[attr-defined]
    assert page.start_button.isEnabled()  # type: ignore[attr-defined]


@pytest.mark.parametrize(("answer", "trainings"), [(0, 1), (2, 1), (3, 0)])
def test_missing_weights_are_asked_about_and_never_replaced_silently(
    make_studio: MakeStudio, picture_folder: Path, qtbot: QtBot, answer: int, trainings: int
) -> None:
    asking, keeper = FakeAsking(), FakeKeeper(find_weights=weights_missing)
    asking.next_choice = answer
    studio = make_studio(asking=asking, keeper=keeper)
    add_pictures(studio, picture_folder, qtbot)
    studio.window.show_page("network")
    page = studio.window.page("network")
    page.choose_network("mobilenet_v2")  # type: ignore[attr-defined]
    assert studio.session.project.pictures.size == 224
    qtbot.waitUntil(lambda: studio.network.facts is not None, timeout=WAIT_MS)
    studio.start_training()
    qtbot.waitUntil(lambda: bool(asking.questions), timeout=WAIT_MS)
    assert "weights" in asking.questions[0]
    qtbot.waitUntil(lambda: studio.training.phase in ("ended", "ready"), timeout=WAIT_MS)
    asked = [command for command in keeper.engine.asked if isinstance(command, Train)]
    assert len(asked) == trainings
    wanted = "random" if answer == 2 else "imagenet"
    assert studio.session.project.network.weights == wanted


def test_closing_while_training_asks_once_and_can_be_taken_back(
    make_studio: MakeStudio, picture_folder: Path, qtbot: QtBot
) -> None:
    asking = FakeAsking()
    asking.next_choice = 1
    studio = make_studio(asking=asking)
    add_pictures(studio, picture_folder, qtbot)
    studio.training._worker = object()  # type: ignore[assignment]
    assert not studio.window.close()
    assert len(asking.questions) == 1
    studio.training._worker = None
    assert studio.window.close()


def test_try_it_shows_the_answer_for_a_dropped_picture(
    full_studio: Studio, picture_folder: Path, qtbot: QtBot
) -> None:
    full_studio.start_training()
    qtbot.waitUntil(lambda: full_studio.training.phase == "ended", timeout=WAIT_MS)
    full_studio.window.show_page("try")
    page = full_studio.window.page("try")
    page.ask_about([str(picture_folder / "cat" / "cat 0.png")])  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: bool(page.answer.text()), timeout=WAIT_MS)  # type: ignore[attr-defined]
    assert page.answer.text() == "cat"  # type: ignore[attr-defined]


def test_opened_project_shows_its_last_run(
    full_studio: Studio, make_studio: MakeStudio, qtbot: QtBot
) -> None:
    full_studio.start_training()
    qtbot.waitUntil(lambda: full_studio.training.phase == "ended", timeout=WAIT_MS)
    path = full_studio.session.folder.path
    full_studio.close_jobs()
    assert full_studio.session.close() is None
    again = make_studio(folder=ProjectFolder.open(path))
    assert again.training.phase == "ended"
    assert len(again.training.live.history) == Project().training.epochs
    again.window.show_page("results")
    assert again.window.page("results").accuracy.text() == "50.0%"  # type: ignore[attr-defined]


def test_untouched_new_project_leaves_no_folder_and_a_used_one_is_offered_again(
    tmp_path: Path, picture_folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CNNSTUDIO_PROJECTS", str(tmp_path / "projects"))
    for used in (True, False):
        program = Program(FakeAsking())
        assert program.open(None) is None
        assert program.studio is not None
        studio = program.studio
        qtbot.addWidget(studio.window)
        if used:
            add_pictures(studio, picture_folder, qtbot)
        assert studio.window.close()
        program.keeper.close()
    assert [path.name for path in (tmp_path / "projects").iterdir()] == ["My project"]
    assert [Path(path).name for path in load_settings().recent_projects] == ["My project"]
    program = Program(FakeAsking())
    assert program.open_last() is None
    assert program.studio is not None
    qtbot.addWidget(program.studio.window)
    assert program.studio.session.folder.path.name == "My project"
    assert program.studio.window.close()
    program.keeper.close()
