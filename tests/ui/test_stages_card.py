"""The stages in the window: shown with their reasons, changed, moved by the keyboard, undone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QSpinBox
from pytestqt.qtbot import QtBot

from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.project import Project
from cnnstudio.project.stages import stages_of
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.stages_card import StagesCard
from tests.ui.conftest import WAIT_MS
from tests.ui.lone_train_page import LoneTrainPage


@pytest.fixture
def tuned(tmp_path: Path, qtbot: QtBot, theme: Theme) -> Iterator[LoneTrainPage]:
    """The page of a project with a pretrained base."""
    project = Project(name="P").replacing(network=NetworkPlan(base="mobilenet_v2"))
    made = LoneTrainPage(tmp_path / "project", theme, project)
    qtbot.waitUntil(lambda: made.network.facts is not None, timeout=WAIT_MS)
    yield made
    made.close()


def card_of(tuned: LoneTrainPage) -> StagesCard:
    """The card on the page."""
    return tuned.page.stages


def test_the_usual_stages_show_epochs_rate_and_why(tuned: LoneTrainPage) -> None:
    card = card_of(tuned)
    assert [row.title.text() for row in card.rows] == ["The head", "Head and top blocks"]
    assert card.rows[0].figures.text() == "20 epochs, learning rate 0.001"
    assert card.rows[1].figures.text() == "5 epochs, learning rate 0.00001"
    assert "random numbers" in card.rows[0].reason.text()
    assert "slowly" in card.rows[1].reason.text()
    assert card.total.text() == "25 epochs in all"
    assert card.usual_button.isHidden()


def test_a_network_from_scratch_has_one_small_stage(tuned: LoneTrainPage) -> None:
    tuned.session.change_chapter("network", NetworkPlan(base="small_cnn"))
    card = card_of(tuned)
    assert [row.title.text() for row in card.rows] == ["Everything"]
    assert card.total.isHidden()
    card.rows[0].set_open(True)
    assert not card.rows[0].remove.isEnabled()


def test_the_plain_epochs_and_those_of_the_first_stage_are_one_setting(
    tuned: LoneTrainPage,
) -> None:
    card = card_of(tuned)
    card.rows[0].set_open(True)
    epochs = card.rows[0].editors["epochs"].control
    assert isinstance(epochs, QSpinBox)
    epochs.setValue(7)
    assert tuned.session.project.training.epochs == 7
    assert tuned.session.project.training.stages == ()
    plain = tuned.page.settings.editors["training.epochs"]
    assert plain.control.value() == 7


def test_a_changed_share_of_the_rate_is_undone_in_one_step(tuned: LoneTrainPage) -> None:
    card = card_of(tuned)
    card.rows[1].set_open(True)
    rate = card.rows[1].editors["rate"].control
    assert isinstance(rate, QDoubleSpinBox)
    rate.setValue(0.5)
    assert stages_of(tuned.session.project)[1].rate == 0.5
    assert card.rows[1].figures.text() == "5 epochs, learning rate 0.0005"
    assert "may be lost" in card.rows[1].reason.text()
    assert not card.usual_button.isHidden()
    tuned.session.undo()
    assert tuned.session.project.training.stages == ()
    assert card.usual_button.isHidden()


def test_alt_and_arrows_move_a_stage_and_the_keyboard_goes_with_it(
    tuned: LoneTrainPage, qtbot: QtBot
) -> None:
    card = card_of(tuned)
    tuned.page.activateWindow()
    qtbot.waitUntil(tuned.page.isActiveWindow, timeout=WAIT_MS)
    card.rows[1].more.setFocus()
    qtbot.keyClick(card.rows[1].more, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert [stage.trains for stage in stages_of(tuned.session.project)] == ["blocks", "head"]
    assert tuned.page.focusWidget() is card.rows[0].more
    qtbot.keyClick(card.rows[0].more, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert [stage.trains for stage in stages_of(tuned.session.project)] == ["head", "blocks"]
    assert tuned.page.focusWidget() is card.rows[1].more


def test_stages_are_added_taken_out_and_usual_again(tuned: LoneTrainPage) -> None:
    card = card_of(tuned)
    card.add_button.click()
    assert len(card.rows) == 3
    assert card.rows[2].is_open
    card.rows[0].set_open(True)
    assert not card.rows[2].is_open  # one at a time
    card.rows[0].remove.click()
    assert [stage.trains for stage in stages_of(tuned.session.project)] == ["blocks", "all"]
    assert tuned.page.focusWidget() is card.rows[0].more
    card.usual_button.click()
    assert tuned.session.project.training.stages == ()
    assert len(card.rows) == 2


def test_an_own_choice_takes_the_ticks_of_the_network(tuned: LoneTrainPage) -> None:
    network = tuned.session.project.network
    ticked = network.model_copy(update={"trained_layers": ("block2_conv", "output")})
    tuned.session.change_chapter("network", ticked)
    card = card_of(tuned)
    card.rows[0].set_open(True)
    trains = card.rows[0].editors["trains"].control
    assert isinstance(trains, QComboBox)
    trains.setCurrentIndex(trains.findData("own"))
    assert stages_of(tuned.session.project)[0].layers == ("block2_conv", "output")
    assert card.rows[0].title.text() == "2 layers"
    fewer = ticked.model_copy(update={"trained_layers": ("output",)})
    tuned.session.change_chapter("network", fewer)
    card.rows[0].ticks.click()
    assert stages_of(tuned.session.project)[0].layers == ("output",)


def test_fields_of_stages_that_make_no_difference_are_out_of_sight(tuned: LoneTrainPage) -> None:
    card = card_of(tuned)
    editors = tuned.page.settings.editors
    assert not editors["training.fine_tuning"].isHidden()
    card.add_button.click()
    assert editors["training.fine_tuning"].isHidden()
    assert not editors["training.epochs"].isHidden()
    card.rows[0].set_open(True)
    card.rows[0].remove.click()  # the one that was as long as the setting says
    assert editors["training.epochs"].isHidden()
