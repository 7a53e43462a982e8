"""The network page: its parts work together, and every choice is one change that can be undone."""

from collections.abc import Callable
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from cnnstudio.project.network import OWN_LAYERS, OWN_MODEL, NetworkPlan
from cnnstudio.project.network_table import find_network, layers_of
from cnnstudio.project.project import Project
from cnnstudio.protocol import DescribeNetwork
from cnnstudio.ui.pages.network_page import BUILD, DRAWING, LAYERS, NetworkPage
from cnnstudio.ui.studio import Studio
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.basics import Notice
from tests.ui.conftest import WAIT_MS, MakeStudio
from tests.ui.fakes import FakeKeeper


@pytest.fixture
def page(studio: Studio, qtbot: QtBot) -> NetworkPage:
    """The page of an empty project, its network described."""
    return opened(studio, qtbot)


def opened(studio: Studio, qtbot: QtBot) -> NetworkPage:
    studio.window.show_page("network")
    found = studio.window.page("network")
    assert isinstance(found, NetworkPage)
    qtbot.waitUntil(lambda: studio.network.facts is not None, timeout=WAIT_MS)
    return found


def plan_of(studio: Studio) -> NetworkPlan:
    return studio.session.project.network


def test_the_gallery_opens_takes_a_network_and_closes(
    page: NetworkPage, studio: Studio, qtbot: QtBot
) -> None:
    qtbot.mouseClick(page.base_button, Qt.MouseButton.LeftButton)
    assert page.views.currentWidget() is page.gallery
    assert not page.next_button.isVisible()
    qtbot.keyClicks(page.gallery.search, "mobilenetv2")
    qtbot.mouseClick(page.gallery.details.use_button, Qt.MouseButton.LeftButton)
    assert page.views.currentWidget() is not page.gallery
    assert page.next_button.isVisible()
    assert plan_of(studio).base == "mobilenet_v2"
    assert studio.session.project.pictures.size == 224
    studio.session.undo()
    assert plan_of(studio).base == "small_cnn"
    assert page.base_button.text() == "Small CNN"


def test_back_leaves_everything_as_it_was(page: NetworkPage, studio: Studio) -> None:
    before = studio.session.project
    page.open_gallery()
    page.back_button.click()
    assert page.views.currentWidget() is not page.gallery
    assert studio.session.project is before


def test_a_classic_brings_its_own_head_and_leaves_it_behind(
    page: NetworkPage, studio: Studio
) -> None:
    page.choose_network("lenet5")
    assert [layer.units for layer in plan_of(studio).dense] == [84]
    assert plan_of(studio).pooling == "flatten"
    assert studio.session.project.pictures.size == 32
    page.choose_network("mobilenet_v2")
    assert plan_of(studio).dense == ()
    assert plan_of(studio).pooling == "average"


def test_a_variant_is_chosen_on_the_base_card(page: NetworkPage, studio: Studio) -> None:
    page.choose_network("lenet5")
    box = page.base_card.variant_choice
    assert box.isVisible()
    box.setCurrentIndex(1)
    box.activated.emit(1)
    row = find_network("lenet5")
    assert row is not None
    assert plan_of(studio).variant == row.variants[1].key
    assert plan_of(studio).dense == row.variants[1].head.dense
    studio.session.undo()
    assert plan_of(studio).variant == ""


def test_changing_the_layers_of_a_classic_makes_them_ones_own(
    page: NetworkPage, studio: Studio
) -> None:
    page.choose_network("lenet5")
    before = layers_of(plan_of(studio))
    page.view_choice.buttons[BUILD].click()
    page.editor.layers_changed.emit(before[:-1], None)
    plan = plan_of(studio)
    assert (plan.base, plan.layers, plan.colours) == (OWN_LAYERS, before[:-1], "grey")
    assert [layer.units for layer in plan.dense] == [84]
    assert page.editor.layers == before[:-1]
    studio.session.undo()
    assert plan_of(studio).base == "lenet5"
    assert page.editor.layers == before


def test_the_editor_begins_with_a_classic_or_with_nothing(
    page: NetworkPage, studio: Studio
) -> None:
    page.choose_network("lenet5")
    page.view_choice.buttons[BUILD].click()
    page.choose_network("mobilenet_v2")
    assert page.shown.currentWidget() is page.layers
    page.view_choice.buttons[BUILD].click()
    assert page.editor.layers == ()
    page.editor.start_wanted.emit("alexnet", "")
    row = find_network("alexnet")
    assert row is not None
    assert plan_of(studio).layers == row.variants[0].layers
    assert studio.session.project.pictures.size == row.usual_size
    studio.session.undo()
    assert plan_of(studio).base == "mobilenet_v2"


def test_own_layers_from_the_gallery_lead_to_the_editor(page: NetworkPage, studio: Studio) -> None:
    page.choose_network(OWN_LAYERS)
    assert page.shown.currentWidget() is page.editor
    assert plan_of(studio).base == OWN_LAYERS
    assert page.editor.layers == ()


def test_an_own_model_shows_its_card_and_asks_for_a_file(page: NetworkPage, studio: Studio) -> None:
    assert not page.own_model_card.isVisible()
    page.choose_network(OWN_MODEL)
    assert page.own_model_card.isVisible()
    words = [notice.accessibleName() for notice in page.findChildren(Notice)]
    assert any("No model file is chosen" in each for each in words)


def test_a_layer_of_the_drawing_leads_to_its_row(page: NetworkPage, qtbot: QtBot) -> None:
    page.view_choice.buttons[DRAWING].click()
    assert page.shown.currentWidget() is page.drawing
    assert page.drawing.drawing is not None
    page.drawing.layer_chosen.emit("block2_conv")
    assert page.shown.currentWidget() is page.layers
    assert page.view_choice.value == LAYERS
    index = page.layers.tree.currentIndex().siblingAtColumn(1)
    assert "block2_conv" in index.data()


def test_advice_stands_beside_the_tree_and_is_followed_by_one_click(
    make_studio: MakeStudio, qtbot: QtBot
) -> None:
    network = NetworkPlan(base="mobilenet_v2", train_last=2)
    studio = make_studio(Project(name="P", network=network))
    page = opened(studio, qtbot)
    found = {each.accessibleName(): each for each in page.findChildren(Notice)}
    name = next(name for name in found if "at a rate of 0.001" in name)
    link(found[name]).click()
    trains = [stage.trains for stage in studio.session.project.training.stages]
    assert trains == ["head", "ticked"]
    assert not [problem for problem in page._told if problem.kind == "rate_too_high"]
    studio.session.undo()
    assert studio.session.project.training.stages == ()


def link(notice: Notice) -> Any:
    (found,) = notice.findChildren(QPushButton)
    return found


def test_a_network_that_was_described_once_is_there_at_once(
    make_studio: MakeStudio, qtbot: QtBot, tmp_path_factory: Callable[..., Any]
) -> None:
    first = FakeKeeper()
    opened(make_studio(keeper=first), qtbot)
    assert [type(each) for each in first.engine.asked].count(DescribeNetwork) == 1
    second = FakeKeeper()
    studio = make_studio(keeper=second, folder=other_folder(tmp_path_factory))
    opened(studio, qtbot)
    assert DescribeNetwork not in [type(each) for each in second.engine.asked]


def other_folder(tmp_path_factory: Any) -> Any:
    from cnnstudio.project.project_folder import ProjectFolder

    return ProjectFolder.create(tmp_path_factory.mktemp("other") / "project", Project(name="Q"))


def test_a_project_that_can_only_be_looked_at_changes_nothing(
    make_studio: MakeStudio, qtbot: QtBot
) -> None:
    first = make_studio()
    from cnnstudio.project.project_folder import ProjectFolder

    second = make_studio(folder=ProjectFolder.open(first.session.folder.path))
    page = opened(second, qtbot)
    for part in (page.base_button, page.head_card, page.base_card):
        assert not part.isEnabled()
    page.layers.freeze_all()
    page.editor.layers_changed.emit((), None)
    assert second.session.project == first.session.project


def test_another_look_finds_nothing_of_a_window_that_is_gone(
    theme: Theme, qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    painted: list[int] = []
    button = QPushButton()
    theme.follow(button, lambda: painted.append(button.width()))
    theme.changed.emit()
    assert len(painted) == 2
    shiboken6.delete(button)
    theme.changed.emit()
    assert len(painted) == 2
    assert capsys.readouterr().err == ""
