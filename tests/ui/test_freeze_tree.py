"""The freeze tree by itself: rows, ticks, keyboard, and what is read out."""

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from cnnstudio.project.network_facts import BATCH_NORM
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.freeze_tree import FreezeTree
from cnnstudio.ui.widgets.layer_tree_model import Column, LayerTreeModel
from tests.sample_networks import pretrained_facts

FACTS = pretrained_facts()
ALL = frozenset(layer.name for layer in FACTS.layers if layer.part != "input")
NORMS = frozenset(layer.name for layer in FACTS.layers if layer.type == BATCH_NORM)
CHECK = Qt.ItemDataRole.CheckStateRole
SPOKEN = Qt.ItemDataRole.AccessibleTextRole
ON, OFF, PARTLY = Qt.CheckState.Checked, Qt.CheckState.Unchecked, Qt.CheckState.PartiallyChecked


@pytest.fixture
def model(theme: Theme) -> LayerTreeModel:
    made = LayerTreeModel(theme)
    QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal)
    made.show_facts(FACTS, ALL, ("cat", "dog"))
    return made


@pytest.fixture
def tree(theme: Theme, qtbot: QtBot) -> FreezeTree:
    made = FreezeTree(theme)
    qtbot.addWidget(made)
    made.resize(760, 500)
    made.show_facts(FACTS, ALL, ("cat", "dog"))
    made.show()
    made.setFocus()
    return made


def _row(model: LayerTreeModel, *titles: str) -> QModelIndex:
    """The row reached by ``titles``, from the outermost in."""
    index = QModelIndex()
    for title in titles:
        found = [model.index(row, 0, index) for row in range(model.rowCount(index))]
        index = next(each for each in found if model.node(each).title == title)
    return index


def _titles(model: LayerTreeModel, parent: QModelIndex | None = None) -> list[str]:
    index = parent or QModelIndex()
    return [
        model.data(model.index(row, Column.NAME, index)) for row in range(model.rowCount(index))
    ]


def _current(tree: FreezeTree) -> str:
    node = tree.current_node()
    return node.title if node is not None else ""


def test_rows_are_stage_block_and_layer(model: LayerTreeModel) -> None:
    assert _titles(model) == ["Input", "Stem", "Blocks 1–2", "Blocks 3–4", "Your head"]
    stage = _row(model, "Blocks 1–2")
    assert _titles(model, stage) == ["Block 1", "Block 2"]
    assert _titles(model, _row(model, "Blocks 1–2", "Block 2")) == [
        "block_2_conv",
        "block_2_norm",
        "block_2_relu",
    ]


def test_a_row_tells_type_output_parameters_and_what_it_learns(model: LayerTreeModel) -> None:
    def texts(index: QModelIndex) -> list[str]:
        return [model.data(index.siblingAtColumn(column)) for column in Column][1:]

    assert texts(_row(model, "Stem")) == [
        "Stem",
        "3 layers",
        "32 × 32 × 4",
        "160",
        "edges and colours",
    ]
    layer = texts(_row(model, "Blocks 1–2", "Block 1", "block_1_conv"))
    assert layer == ["block_1_conv", "Conv2D 3 × 3", "16 × 16 × 4", "144", ""]
    assert texts(_row(model, "Your head"))[-1] == "cat or dog"


def test_blocks_and_stages_have_three_states(model: LayerTreeModel) -> None:
    stage, block = _row(model, "Blocks 1–2"), _row(model, "Blocks 1–2", "Block 1")
    assert model.data(stage, CHECK) == ON
    model.setData(_row(model, "Blocks 1–2", "Block 1", "block_1_conv"), OFF, CHECK)
    assert (model.data(block, CHECK), model.data(stage, CHECK)) == (PARTLY, PARTLY)
    model.setData(block, OFF, CHECK)
    assert (model.data(block, CHECK), model.data(stage, CHECK)) == (OFF, PARTLY)
    model.setData(stage, OFF, CHECK)
    assert model.data(stage, CHECK) == OFF
    assert model.trained == {
        name for name in ALL if not name.startswith("block_1") and not name.startswith("block_2")
    }
    model.setData(stage, ON, CHECK)
    assert model.trained == ALL


def test_inputs_carry_no_tick(model: LayerTreeModel) -> None:
    assert model.data(_row(model, "Input"), CHECK) is None
    assert not model.flags(_row(model, "Input")) & Qt.ItemFlag.ItemIsUserCheckable


def test_read_only_tree_takes_no_ticks(model: LayerTreeModel) -> None:
    model.allow_changes(False)
    assert not model.flags(_row(model, "Stem")) & Qt.ItemFlag.ItemIsUserCheckable
    model.tick([_row(model, "Stem")], False)
    assert model.trained == ALL


def test_kept_normalisations_take_no_tick_and_say_why(model: LayerTreeModel) -> None:
    model.keep_batch_norm(True, ALL - NORMS)
    norm = _row(model, "Stem", "stem_norm")
    assert model.data(norm, CHECK) is None
    assert not model.flags(norm) & Qt.ItemFlag.ItemIsUserCheckable
    assert "small batches" in model.data(
        norm.siblingAtColumn(Column.NAME), Qt.ItemDataRole.ToolTipRole
    )
    assert model.data(norm, SPOKEN) == "stem_norm, Stem, frozen, 16 parameters"
    block = _row(model, "Blocks 1–2", "Block 1")
    assert model.data(block, CHECK) == ON
    model.setData(block, OFF, CHECK)
    model.setData(block, ON, CHECK)
    assert model.trained == ALL - NORMS
    model.keep_batch_norm(False, ALL - NORMS)
    assert model.data(norm, CHECK) == OFF
    assert model.data(block, CHECK) == PARTLY


def test_rows_are_read_out_with_state_and_parameters(model: LayerTreeModel) -> None:
    model.show_trained(ALL - {"block_2_conv"})
    said = [
        model.data(_row(model, *titles), SPOKEN)
        for titles in (
            ("Input",),
            ("Stem",),
            ("Blocks 1–2",),
            ("Blocks 1–2", "Block 1"),
            ("Blocks 1–2", "Block 2", "block_2_conv"),
        )
    ]
    assert said == [
        "Input, 0 parameters",
        "Stem, trained, 160 parameters",
        "Blocks 1–2, partly trained, 320 parameters",
        "Block 1, Blocks 1–2, trained, 160 parameters",
        "block_2_conv, Block 2, frozen, 144 parameters",
    ]


def test_a_tick_among_a_thousand_layers_tells_of_its_own_rows_only(theme: Theme) -> None:
    model = LayerTreeModel(theme)
    facts = pretrained_facts((60, 90, 120, 64))
    assert len(facts.layers) > 1000
    everything = frozenset(layer.name for layer in facts.layers if layer.part != "input")
    model.show_facts(facts, everything)
    told: list[int] = []
    model.dataChanged.connect(lambda first, last, *_: told.append(last.row() - first.row() + 1))
    model.setData(model.layer_index("block_200_conv"), OFF, CHECK)
    assert told == [1, 1, 1]
    told.clear()
    model.show_trained(everything)
    assert told == [1, 1, 1]
    told.clear()
    model.show_trained(everything)
    assert told == []
    model.show_trained(frozenset())
    assert sum(told) <= len(facts.layers) + 60 + 90 + 120 + 64 + 7


def test_layers_of_a_branch_between_those_of_a_block_leave_it_whole(theme: Theme) -> None:
    facts = pretrained_facts((2,))
    layers = list(facts.layers)
    layers[6], layers[8] = layers[8], layers[6]
    mixed = type(facts)(tuple(layers), 2, "sigmoid")
    model = LayerTreeModel(theme)
    model.show_facts(mixed, frozenset())
    assert _titles(model, _row(model, "Blocks 1–2")) == ["Block 1", "Block 2"]


def test_space_ticks_all_selected_rows_in_one_change(tree: FreezeTree, qtbot: QtBot) -> None:
    changes: list[frozenset[str]] = []
    tree.layers.ticks_changed.connect(changes.append)
    tree.go_to(tree.layers.node(_row(tree.layers, "Blocks 1–2", "Block 1")))
    qtbot.keyClick(tree, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(tree, Qt.Key.Key_Space)
    gone = {name for name in ALL if name.startswith(("block_1", "block_2"))}
    assert len(changes) == 1
    assert changes[0] == tree.layers.trained
    assert {"block_1_conv", "block_1_norm"} <= ALL - changes[0] <= gone
    qtbot.keyClick(tree, Qt.Key.Key_Space)
    assert changes[1] == ALL


def test_everything_is_ticked_by_keyboard_alone(tree: FreezeTree, qtbot: QtBot) -> None:
    qtbot.keyClick(tree, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(tree, Qt.Key.Key_Space)
    assert tree.layers.trained == frozenset()


def test_right_and_left_open_and_close(tree: FreezeTree, qtbot: QtBot) -> None:
    stage = _row(tree.layers, "Blocks 3–4")
    tree.collapseAll()
    tree.go_to(tree.layers.node(stage))
    qtbot.keyClick(tree, Qt.Key.Key_Right)
    assert tree.isExpanded(stage)
    qtbot.keyClick(tree, Qt.Key.Key_Down)
    assert _current(tree) == "Block 3"
    qtbot.keyClick(tree, Qt.Key.Key_Left)
    assert _current(tree) == "Blocks 3–4"
    qtbot.keyClick(tree, Qt.Key.Key_Left)
    assert not tree.isExpanded(stage)


def test_typing_goes_to_the_layer_of_that_name_in_a_closed_block(
    tree: FreezeTree, qtbot: QtBot
) -> None:
    tree.collapseAll()
    qtbot.keyClicks(tree, "block_3_n")
    assert _current(tree) == "block_3_norm"
    assert tree.isExpanded(_row(tree.layers, "Blocks 3–4", "Block 3"))


def test_a_click_on_the_box_ticks(tree: FreezeTree, qtbot: QtBot) -> None:
    row = _row(tree.layers, "Stem")
    place = tree.visualRect(row)
    qtbot.mouseClick(
        tree.viewport(),
        Qt.MouseButton.LeftButton,
        pos=place.topLeft() + QPoint(place.width() // 2, place.height() // 2),
    )
    assert tree.layers.data(row, CHECK) == OFF


def test_what_was_open_stays_open_in_a_network_of_the_same_kind(tree: FreezeTree) -> None:
    tree.collapseAll()
    tree.show_layer("block_3_conv")
    tree.show_facts(pretrained_facts((2, 2, 1)), frozenset())
    assert _current(tree) == "block_3_conv"
    assert tree.isExpanded(_row(tree.layers, "Blocks 3–4"))
    assert not tree.isExpanded(_row(tree.layers, "Blocks 1–2"))


def test_a_large_network_shows_its_stages_and_the_head_opened(theme: Theme, qtbot: QtBot) -> None:
    tree = FreezeTree(theme)
    qtbot.addWidget(tree)
    tree.show_facts(pretrained_facts((20, 20)), frozenset())
    opened = {title for title in _titles(tree.layers) if tree.isExpanded(_row(tree.layers, title))}
    assert opened == {"Your head"}


def test_a_narrow_tree_leaves_columns_out_and_cuts_none(tree: FreezeTree) -> None:
    def shown(width: int) -> set[Column]:
        tree.resize(width, 500)
        columns = {column for column in Column if not tree.isColumnHidden(column)}
        assert sum(tree.columnWidth(column) for column in columns) <= tree.viewport().width()
        assert tree.columnWidth(Column.NAME) > 150
        return columns

    everything = set(Column)
    narrow = everything - {Column.TYPE, Column.LEARNS}
    assert shown(1100) == everything
    assert shown(760) == everything - {Column.TYPE}
    assert shown(470) == narrow
    layer = _row(tree.layers, "Stem", "stem_conv")
    told = tree.layers.data(layer.siblingAtColumn(Column.NAME), Qt.ItemDataRole.ToolTipRole)
    assert "Conv2D 3 × 3" in told


def test_types_stand_where_nothing_is_learned_in_a_tree_of_middle_width(tree: FreezeTree) -> None:
    tree.resize(760, 500)
    layer = _row(tree.layers, "Stem", "stem_conv").siblingAtColumn(Column.LEARNS)
    stage = _row(tree.layers, "Stem").siblingAtColumn(Column.LEARNS)
    assert tree.layers.data(layer) == "Conv2D 3 × 3"
    assert tree.layers.data(stage) == "edges and colours"
    tree.resize(1100, 500)
    assert tree.layers.data(layer) == ""


@pytest.mark.parametrize("look", ["light", "dark"])
def test_frozen_rows_are_icy_over_their_whole_width(
    tree: FreezeTree, theme: Theme, look: str
) -> None:
    theme.choose(look)  # type: ignore[arg-type]
    tree.clearFocus()
    tree.clearSelection()
    stem = _row(tree.layers, "Stem")
    tree.layers.show_trained(ALL - {"stem_conv", "stem_norm", "stem_relu"})
    image = tree.viewport().grab().toImage()
    place = tree.visualRect(stem)
    scale = image.devicePixelRatio()
    for across in (2, tree.viewport().width() - 4):
        color = image.pixelColor(round(across * scale), round((place.top() + 4) * scale))
        assert color == theme.color("frozen_soft")
    below = round((place.center().y() + 4 * place.height()) * scale)
    assert image.pixelColor(2, below) == theme.color("surface")
