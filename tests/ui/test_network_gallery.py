"""The gallery of networks: found by name and by filter, chosen by mouse and by keyboard."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from cnnstudio.project.network_row import NetworkRow
from cnnstudio.project.network_table import NETWORKS
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.network_cards import CardFacts, count_words, figures_of
from cnnstudio.ui.widgets.network_gallery import NetworkGallery


def facts(row: NetworkRow) -> CardFacts:
    """On this PC there are the weights of MobileNetV2 alone, and VGG19 is too large."""
    has_weights = row.key == "mobilenet_v2" if row.weights is not None else None
    return CardFacts(fits=row.key != "vgg19", has_weights=has_weights)


@pytest.fixture
def gallery(theme: Theme, qtbot: QtBot) -> NetworkGallery:
    """Opened at VGG16, which is in use."""
    made = NetworkGallery(theme, facts)
    qtbot.addWidget(made)
    made.resize(1000, 600)
    made.show()
    made.open_at("vgg16")
    return made


def shown(gallery: NetworkGallery) -> list[str]:
    keys = []
    for number in range(gallery.cards.rowCount()):
        row = gallery.cards.row_at(gallery.cards.index(number))
        assert row is not None
        keys.append(row.key)
    return keys


def test_all_networks_are_shown_and_the_one_in_use_is_in_focus(gallery: NetworkGallery) -> None:
    assert shown(gallery) == [row.key for row in NETWORKS]
    assert gallery.details.title.text() == "VGG16"
    index = gallery.view.currentIndex()
    spoken = gallery.cards.data(index, Qt.ItemDataRole.AccessibleTextRole)
    assert "in use" in spoken
    assert "weights not here yet" in spoken


def test_search_finds_by_name_and_says_when_there_is_none(
    gallery: NetworkGallery, qtbot: QtBot
) -> None:
    qtbot.keyClicks(gallery.search, "densenet121")
    assert shown(gallery)[0] == "densenet121"
    assert "vgg16" not in shown(gallery)
    assert gallery.details.title.text() == "DenseNet121"
    gallery.search.setText("no such thing")
    assert shown(gallery) == []
    assert not gallery.details.use_button.isVisible()
    gallery.search.clear()
    assert gallery.details.use_button.isVisible()


def test_kinds_and_filters_leave_what_they_say(gallery: NetworkGallery) -> None:
    gallery.kind_buttons["layers"].click()
    assert set(shown(gallery)) == {row.key for row in NETWORKS if row.built_from == "layers"}
    gallery.kind_buttons["own"].click()
    assert shown(gallery) == ["own_layers", "own_model"]
    gallery.kind_buttons["application"].click()
    assert "vgg19" in shown(gallery)
    gallery.filter_buttons["fits"].click()
    assert "vgg19" not in shown(gallery)
    gallery.filter_buttons["small"].click()
    assert "mobilenet_v2" in shown(gallery)
    assert "vgg16" not in shown(gallery)


def test_opening_again_forgets_the_filters(gallery: NetworkGallery) -> None:
    gallery.kind_buttons["own"].click()
    gallery.filter_buttons["small"].setChecked(True)
    gallery.open_at("vgg16")
    assert shown(gallery) == [row.key for row in NETWORKS]


def test_the_button_takes_the_network_with_its_variant(
    gallery: NetworkGallery, qtbot: QtBot
) -> None:
    row = next(row for row in NETWORKS if len(row.variants) > 1)
    gallery.open_at(row.key)
    gallery.details.variant_box.setCurrentIndex(1)
    with qtbot.waitSignal(gallery.chosen) as taken:
        qtbot.mouseClick(gallery.details.use_button, Qt.MouseButton.LeftButton)
    assert taken.args == [row.key, row.variants[1].key]


def test_arrows_and_enter_take_a_network(gallery: NetworkGallery, qtbot: QtBot) -> None:
    gallery.open_at(NETWORKS[0].key)
    qtbot.keyClick(gallery.view, Qt.Key.Key_Right)
    with qtbot.waitSignal(gallery.chosen) as taken:
        qtbot.keyClick(gallery.view, Qt.Key.Key_Return)
    assert taken.args == [NETWORKS[1].key, ""]


@pytest.mark.parametrize(
    ("count", "words"),
    [(812, "812"), (61_706, "61,706"), (3_538_984, "3.5 million"), (138_357_544, "138 million")],
)
def test_parameters_are_said_shortly(count: int, words: str) -> None:
    assert count_words(count) == words


def test_a_card_tells_parameters_file_and_accuracy() -> None:
    row = next(row for row in NETWORKS if row.key == "mobilenet_v2")
    assert figures_of(row) == "3.5 million · 14 MB · 71.3%"


def test_cards_fill_the_width_in_whole_columns(gallery: NetworkGallery) -> None:
    width = gallery.view.viewport().width()
    columns = width // gallery.view.gridSize().width()
    assert columns == width // 216
    tops = {gallery.view.visualRect(gallery.cards.index(n)).top() for n in range(columns)}
    assert len(tops) == 1
