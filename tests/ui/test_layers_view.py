"""The freeze tree with its bar: each way to choose is one change of the plan."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.network_facts import trained_layers
from cnnstudio.project.project import Project
from cnnstudio.project.project_folder import ProjectFolder
from cnnstudio.ui.session import ProjectSession
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.layers_view import LayersView
from tests.sample_networks import PRETRAINED, pretrained_facts

FACTS = pretrained_facts()
CHECK = Qt.ItemDataRole.CheckStateRole
HEAD = {"head_pooling", "output"}


class Shown:
    """A view on a real session, as the page connects them."""

    def __init__(self, folder: Path, theme: Theme, base: str) -> None:
        project = Project(name="P", network=NetworkPlan(base=base))
        self.session = ProjectSession(ProjectFolder.create(folder, project))
        self.view = LayersView(theme)
        self.plans: list[NetworkPlan] = []
        self.view.plan_changed.connect(self._on_plan_changed)
        self.session.project_changed.connect(lambda *_: self.refresh())
        self.refresh()

    @property
    def plan(self) -> NetworkPlan:
        return self.session.project.network

    @property
    def trained(self) -> frozenset[str]:
        """What is trained, which the tree shows too."""
        found = trained_layers(self.plan, FACTS)
        assert self.view.tree.layers.trained == found
        return found

    def refresh(self) -> None:
        self.view.show_network(FACTS, self.plan, ("cat", "dog"), True)

    def _on_plan_changed(self, plan: NetworkPlan) -> None:
        self.plans.append(plan)
        self.session.change_chapter("network", plan)


@pytest.fixture(params=[PRETRAINED])
def shown(
    request: pytest.FixtureRequest, tmp_path: Path, theme: Theme, qtbot: QtBot
) -> Iterator[Shown]:
    made = Shown(tmp_path / "project", theme, request.param)
    qtbot.addWidget(made.view)
    made.view.resize(760, 600)
    made.view.setVisible(True)
    yield made
    made.session.close()


def _tick(shown: Shown, name: str) -> None:
    layers = shown.view.tree.layers
    index = layers.layer_index(name)
    on = layers.data(index, CHECK) == Qt.CheckState.Checked
    layers.setData(index, Qt.CheckState.Unchecked if on else Qt.CheckState.Checked, CHECK)


def test_a_tick_is_one_change_and_is_taken_back_by_undo(shown: Shown) -> None:
    assert shown.trained == HEAD
    _tick(shown, "block_4_conv")
    assert shown.trained == {"block_4_conv"} | HEAD
    _tick(shown, "output")
    assert len(shown.plans) == 2
    shown.session.undo()
    assert shown.trained == {"block_4_conv"} | HEAD
    shown.session.undo()
    assert shown.trained == HEAD
    shown.session.redo()
    assert shown.trained == {"block_4_conv"} | HEAD


def test_freezing_and_training_all_are_one_change_each(shown: Shown) -> None:
    shown.view.bar.train_all.click()
    assert len(shown.trained) == 5 * 2 + 2
    shown.view.bar.freeze_all.click()
    assert shown.trained == HEAD
    assert len(shown.plans) == 2
    shown.view.bar.freeze_all.click()
    assert len(shown.plans) == 2


@pytest.mark.parametrize("shown", [PRETRAINED, "small_cnn"], indirect=True)
def test_last_layers_and_blocks_are_trained_by_number(shown: Shown) -> None:
    bar = shown.view.bar
    bar.freeze_all.click()
    bar.count.setValue(3)
    assert {"block_4_conv", "block_4_relu"} <= shown.trained
    assert "block_3_conv" not in shown.trained
    changes = len(shown.plans)
    bar.units.setCurrentIndex(1)
    assert bar.count.value() == 1
    assert len(shown.plans) == changes
    bar.count.setValue(2)
    assert "block_3_conv" in shown.trained
    assert "block_2_conv" not in shown.trained
    assert bar.unit == "blocks"
    assert bar.count.value() == 2
    assert bar.count.maximum() == 5


def test_from_here_up_trains_the_selected_row_and_what_is_behind_it(shown: Shown) -> None:
    bar = shown.view.bar
    assert not bar.from_here_up.isEnabled()
    shown.view.show_layer("block_2_relu")
    bar.from_here_up.click()
    assert "block_2_relu" in shown.trained
    assert "block_4_conv" in shown.trained
    assert "block_2_conv" not in shown.trained
    shown.view.show_layer("output")
    assert not bar.from_here_up.isEnabled()


def test_normalisations_stay_frozen_until_they_may_learn(shown: Shown) -> None:
    bar = shown.view.bar
    shown.view.bar.train_all.click()
    assert bar.batch_norm.isVisible()
    assert bar.batch_norm.isChecked()
    assert "small batches" in bar.batch_norm.toolTip()
    assert "block_1_norm" not in shown.trained
    bar.batch_norm.click()
    assert "block_1_norm" in shown.trained
    shown.session.undo()
    assert bar.batch_norm.isChecked()
    assert "block_1_norm" not in shown.trained
    layers = shown.view.tree.layers
    assert layers.data(layers.layer_index("block_1_norm"), CHECK) is None


@pytest.mark.parametrize("shown", ["small_cnn"], indirect=True)
def test_a_base_from_scratch_has_no_normalisations_to_keep(shown: Shown) -> None:
    assert not shown.view.bar.batch_norm.isVisible()
    assert len(shown.trained) == 5 * 3 + 2


def test_the_menu_of_rows_does_the_same(shown: Shown) -> None:
    def act(text: str) -> None:
        menu = shown.view.make_menu()
        action = next(each for each in menu.actions() if each.text() == text)
        assert action.isEnabled()
        action.trigger()

    shown.view.show_layer("block_3_conv")
    act("Train")
    assert shown.trained == {"block_3_conv"} | HEAD
    act("Freeze")
    assert shown.trained == HEAD
    act("From here up")
    assert "block_4_relu" in shown.trained
    act("Freeze all")
    assert shown.trained == HEAD
    shown.view.show_layer("picture")
    names = ("Train", "Freeze", "From here up")
    inactive = [each.text() for each in shown.view.make_menu().actions() if not each.isEnabled()]
    assert set(names) <= set(inactive)


def test_search_says_how_many_and_enter_goes_on(shown: Shown, qtbot: QtBot) -> None:
    search, tree = shown.view.bar.search, shown.view.tree
    tree.collapseAll()
    qtbot.keyClicks(search, "_conv")
    assert search.found == "1 of 5"
    assert tree.current_node().title == "stem_conv"  # type: ignore[union-attr]
    qtbot.keyClick(search, Qt.Key.Key_Return)
    assert search.found == "2 of 5"
    assert tree.current_node().title == "block_1_conv"  # type: ignore[union-attr]
    qtbot.keyClick(search, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(search, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert search.found == "5 of 5"
    search.setText("batchnorm")
    assert search.found == "1 of 5"
    search.setText("no such layer")
    assert search.found == "none"
    qtbot.keyClick(search, Qt.Key.Key_Escape)
    assert (search.text(), search.found) == ("", "")


def test_the_row_with_the_keyboard_is_told_and_a_shown_layer_is_not(
    shown: Shown, qtbot: QtBot
) -> None:
    told: list[str] = []
    shown.view.layer_selected.connect(told.append)
    shown.view.show_layer("block_1_conv")
    assert told == []
    tree = shown.view.tree
    tree.setFocus()
    qtbot.keyClick(tree, Qt.Key.Key_Down)
    assert told == ["block_1_norm"]
    shown.refresh()
    assert told == ["block_1_norm"]


def test_nothing_can_be_chosen_where_the_project_is_only_looked_at(shown: Shown) -> None:
    shown.view.show_network(FACTS, shown.plan, (), False)
    shown.view.show_layer("block_1_conv")
    bar = shown.view.bar
    for control in (bar.freeze_all, bar.train_all, bar.from_here_up, bar.count, bar.batch_norm):
        assert not control.isEnabled()
    shown.view.tree.toggle_selected()
    assert shown.plans == []


def test_without_a_network_the_reason_is_said(shown: Shown) -> None:
    shown.view.show_nothing("Building the network…", True)
    words = [each for each in shown.view.findChildren(QLabel) if each.isVisible()]
    assert "Building the network…" in [each.text() for each in words]
    assert not shown.view.tree.isVisible()
    assert not shown.view.bar.freeze_all.isEnabled()
    shown.refresh()
    assert shown.view.tree.isVisible()
    assert shown.view.bar.freeze_all.isEnabled()


def test_the_bar_fits_a_narrow_window(shown: Shown) -> None:
    assert shown.view.minimumSizeHint().width() <= 470
