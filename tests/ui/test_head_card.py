"""The head's card: dense layers come, change and go, each as one change of the plan."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from cnnstudio.project.dense_layers import DenseLayer
from cnnstudio.project.head_cost import HeadCost
from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.project import Project
from cnnstudio.project.project_folder import ProjectFolder
from cnnstudio.ui.session import ProjectSession
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.head_card import MOST_DENSE_LAYERS, HeadCard


@pytest.fixture
def session(tmp_path: Path, qapp: object) -> Iterator[ProjectSession]:
    """A project with two dense layers."""
    dense = (DenseLayer(units=120, activation="tanh"), DenseLayer(units=84))
    project = Project(name="P", network=NetworkPlan(dense=dense))
    made = ProjectSession(ProjectFolder.create(tmp_path / "project", project))
    yield made
    made.close()


@pytest.fixture
def card(session: ProjectSession, theme: Theme, qtbot: QtBot) -> HeadCard:
    """The card of that project, always up to date."""
    made = HeadCard(session, theme)
    qtbot.addWidget(made)
    session.project_changed.connect(lambda *_: made.refresh(None))
    made.show()
    return made


def units(session: ProjectSession) -> list[int]:
    return [layer.units for layer in session.project.network.dense]


def test_the_card_shows_every_dense_layer(card: HeadCard) -> None:
    assert [row.units.value() for row in card.rows] == [120, 84]
    assert [row.activation.currentText() for row in card.rows] == ["tanh", "relu"]
    assert len({row.units.accessibleName() for row in card.rows}) == 2


def test_a_new_layer_is_half_as_wide_and_can_be_taken_back(
    card: HeadCard, session: ProjectSession, qtbot: QtBot
) -> None:
    qtbot.mouseClick(card.add_button, Qt.MouseButton.LeftButton)
    assert units(session) == [120, 84, 42]
    assert len(card.rows) == 3
    session.undo()
    assert units(session) == [120, 84]
    assert len(card.rows) == 2


def test_typing_changes_one_layer_and_undo_brings_it_back(
    card: HeadCard, session: ProjectSession
) -> None:
    card.rows[1].units.setValue(99)
    card.rows[0].batch_norm.setChecked(True)
    card.rows[0].dropout.setValue(0.5)
    card.rows[0].activation.setCurrentText("elu")
    first, second = session.project.network.dense
    assert first == DenseLayer(units=120, activation="elu", batch_norm=True, dropout=0.5)
    assert second == DenseLayer(units=99)
    while session.can_undo:
        session.undo()
    assert units(session) == [120, 84]
    assert card.rows[1].units.value() == 84


def test_a_layer_in_the_middle_can_be_removed(card: HeadCard, session: ProjectSession) -> None:
    card._remove(0)
    assert units(session) == [84]
    assert [row.units.value() for row in card.rows] == [84]


def test_there_is_a_most(card: HeadCard, session: ProjectSession) -> None:
    for _ in range(MOST_DENSE_LAYERS - 2):
        assert card.add_button.isEnabled()
        card.add_button.click()
    assert not card.add_button.isEnabled()


def test_what_flatten_costs_stands_there_in_numbers(card: HeadCard) -> None:
    card.refresh(HeadCost(25_088, 512, 25_692_161, 526_337))
    assert card.cost.isVisible()
    for number in ("25,088", "512", "25,692,161", "526,337"):
        assert number in card.cost.text()
    card.refresh(None)
    assert not card.cost.isVisible()
