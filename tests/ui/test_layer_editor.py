"""The editor for a list of layers."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import (
    QAbstractItemModel,
    QCoreApplication,
    QEvent,
    QMimeData,
    QModelIndex,
    QPoint,
    QPointF,
    QRect,
    Qt,
)
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QAbstractSpinBox, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from cnnstudio.project.fields import facts_of_model
from cnnstudio.project.layer_edits import insert_layer, new_layer, remove_layers
from cnnstudio.project.layer_kinds import (
    AveragePooling2D,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    Layer,
    MaxPooling2D,
)
from cnnstudio.project.layer_list import LAYER_KINDS, LayerList
from cnnstudio.project.project import Project
from cnnstudio.project.undo import PlanHistory
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.layer_editor import BESIDE_FROM, LayerEditor
from cnnstudio.ui.widgets.layer_editor_looks import GROUPS, ICONS, settings_words
from cnnstudio.ui.widgets.layer_editor_model import LayerListModel
from cnnstudio.ui.widgets.layer_editor_start import CLASSICS

DIGIT = (28, 28, 1)
ALT = Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier

LENET: LayerList = (
    Conv2D(name="conv_1", filters=6, kernel=5, activation="tanh"),
    AveragePooling2D(name="pool_1"),
    Conv2D(name="conv_2", filters=16, kernel=5, padding="valid", activation="tanh"),
    AveragePooling2D(name="pool_2"),
    Flatten(name="flatten"),
    Dense(name="dense_1", units=120),
)
WITHOUT_FLATTEN = (*LENET[:4], *LENET[5:])


class Owner:
    """Stands in for the page: keeps the plan, and shows the list again after every change."""

    def __init__(self, editor: LayerEditor, layers: LayerList) -> None:
        self.editor = editor
        self.history = PlanHistory(Project())
        self.keys: list[str | None] = []
        self.history.present = self._with(layers)
        editor.layers_changed.connect(self._on_changed)
        self.show()

    @property
    def layers(self) -> LayerList:
        return self.history.present.network.layers

    def undo(self) -> None:
        self.history.undo()
        self.show()

    def show(self) -> None:
        self.editor.show_layers(self.layers, DIGIT, allow_changes=True)

    def _with(self, layers: LayerList) -> Project:
        project = self.history.present
        return project.replacing(network=project.network.model_copy(update={"layers": layers}))

    def _on_changed(self, layers: LayerList, merging: str | None) -> None:
        self.keys.append(merging)
        self.history.change(self._with(layers), merging)
        self.show()


@pytest.fixture
def editor(theme: Theme, qtbot: QtBot) -> Iterator[LayerEditor]:
    made = LayerEditor(theme)
    QAbstractItemModelTester(made.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    qtbot.addWidget(made)
    made.resize(560, 480)
    made.show()
    yield made
    # Editors that wait to be deleted would all be given every look that is applied meanwhile.
    made.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def owner(editor: LayerEditor) -> Owner:
    return Owner(editor, LENET)


def names(layers: LayerList) -> list[str]:
    return [layer.name for layer in layers]


def outputs(editor: LayerEditor) -> list[tuple[int, ...] | None]:
    return [shape.output_shape for shape in editor.shapes]


def choose(editor: LayerEditor, *places: int) -> None:
    editor.view.choose(list(places), places[-1])
    editor.view.setFocus()


def insert(editor: LayerEditor, kind: type[Layer]) -> None:
    menu = editor.bar.insert_button.menu()
    next(each for each in menu.actions() if each.data() is kind).trigger()


def kind_menu(editor: LayerEditor, title: str) -> QMenu:
    return next(each for each in editor.bar.findChildren(QMenu) if each.title() == title)


# The list


def test_every_kind_has_an_icon_and_a_place_in_the_menu() -> None:
    assert set(ICONS) == set(LAYER_KINDS)
    assert len(set(ICONS.values())) == len(LAYER_KINDS)
    in_menu = [kind for group in GROUPS for kind in group]
    assert sorted(each.__name__ for each in in_menu) == sorted(e.__name__ for e in LAYER_KINDS)


def test_settings_are_written_as_in_drawings() -> None:
    assert settings_words(Conv2D(strides=2)) == "32 × 3 × 3, /2, same, relu"
    assert settings_words(MaxPooling2D()) == "2 × 2, /2, valid"
    assert settings_words(Dense(units=4096, activation="linear")) == "4,096"
    assert settings_words(Dropout(rate=0.25)) == "25%"


def test_rows_are_spoken_with_what_comes_out(owner: Owner) -> None:
    model = owner.editor.model
    spoken = model.data(model.index(0), Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == (
        "conv_1, Convolution: 6 × 5 × 5, same, tanh. Gives 28 × 28 × 6, has 156 parameters."
    )


def test_the_totals_are_those_of_the_list_and_with_the_head(editor: LayerEditor) -> None:
    editor.show_layers(LENET, DIGIT, allow_changes=True, head_parameters=1210)
    assert "6 layers for 28 × 28 × 1: 50,692 parameters" in editor.totals.text()
    assert "51,902" in editor.totals.text()


def test_two_hundred_layers_are_painted(editor: LayerEditor) -> None:
    layers: LayerList = ()
    for _ in range(200):
        layers = insert_layer(layers, len(layers), Conv2D(filters=8))
    editor.show_layers(layers, DIGIT, allow_changes=True)
    editor.view.choose([199], 199)
    editor.view.scrollTo(editor.view.currentIndex())
    assert not editor.grab().isNull()
    assert editor.view.visualRect(editor.model.index(199)).bottom() <= editor.view.height()


# Inserting, removing, copying


def test_a_layer_is_inserted_behind_the_chosen_one_under_a_name_of_its_own(owner: Owner) -> None:
    choose(owner.editor, 0)
    insert(owner.editor, Conv2D)
    assert names(owner.layers)[:3] == ["conv_1", "conv_3", "pool_1"]
    assert owner.editor.current == 1
    assert owner.editor.form.name.text() == "conv_3"


def test_a_layer_is_inserted_before_the_chosen_one(owner: Owner) -> None:
    choose(owner.editor, 0)
    menu = kind_menu(owner.editor, "Insert before")
    next(each for each in menu.actions() if each.data() is Dropout).trigger()
    assert names(owner.layers)[:2] == ["dropout_1", "conv_1"]


def test_delete_takes_all_chosen_layers_and_undo_brings_them_back(
    owner: Owner, qtbot: QtBot
) -> None:
    choose(owner.editor, 1, 3)
    qtbot.keyClick(owner.editor.view, Qt.Key.Key_Delete)
    assert names(owner.layers) == ["conv_1", "conv_2", "flatten", "dense_1"]
    assert owner.editor.view.chosen == [1]
    owner.undo()
    assert owner.editor.layers == LENET
    assert outputs(owner.editor)[-1] == (120,)


def test_the_last_layer_can_go_too_and_the_empty_list_stays(owner: Owner, qtbot: QtBot) -> None:
    choose(owner.editor, *range(6))
    qtbot.keyClick(owner.editor.view, Qt.Key.Key_Delete)
    assert owner.layers == ()
    assert not owner.editor.start.isVisible()
    assert not owner.editor.form.isVisible()
    insert(owner.editor, Flatten)
    assert names(owner.layers) == ["flatten_1"]


def test_control_d_copies_the_chosen_layers_behind_them(owner: Owner, qtbot: QtBot) -> None:
    choose(owner.editor, 0, 1)
    qtbot.keyClick(owner.editor.view, Qt.Key.Key_D, CONTROL)
    assert names(owner.layers)[:4] == ["conv_1", "pool_1", "conv_3", "average_pool_1"]
    assert owner.editor.view.chosen == [2, 3]


# Moving


def test_alt_and_arrows_move_the_chosen_layers(owner: Owner, qtbot: QtBot) -> None:
    choose(owner.editor, 1)
    qtbot.keyClick(owner.editor.view, Qt.Key.Key_Down, ALT)
    assert names(owner.layers)[:3] == ["conv_1", "conv_2", "pool_1"]
    qtbot.keyClick(owner.editor.view, Qt.Key.Key_Down, ALT)
    assert names(owner.layers)[3] == "pool_1"
    assert owner.editor.view.chosen == [3]
    qtbot.keyClick(owner.editor.view, Qt.Key.Key_Up, ALT)
    assert names(owner.layers)[2] == "pool_1"


def test_shift_and_arrows_choose_several_and_they_move_together(owner: Owner, qtbot: QtBot) -> None:
    choose(owner.editor, 2)
    qtbot.keyClick(owner.editor.view, Qt.Key.Key_Down, SHIFT)
    qtbot.keyClick(owner.editor.view, Qt.Key.Key_Up, ALT)
    assert names(owner.layers)[:4] == ["conv_1", "conv_2", "pool_2", "pool_1"]
    assert owner.editor.view.chosen == [1, 2]


def test_a_row_that_the_model_is_told_to_move_goes_there(owner: Owner) -> None:
    model = owner.editor.model
    assert model.moveRows(QModelIndex(), 4, 1, QModelIndex(), 0)
    assert names(owner.layers)[0] == "flatten"


def dropped(editor: LayerEditor, mime: QMimeData, point: QPoint) -> QDropEvent:
    event = QDropEvent(
        QPointF(point),
        Qt.DropAction.MoveAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    editor.view.dropEvent(event)
    return event


def test_dragged_layers_land_where_they_are_dropped_in_one_step(owner: Owner) -> None:
    model, view = owner.editor.model, owner.editor.view
    mime = model.mimeData([model.index(2), model.index(1)])
    row: QRect = view.visualRect(model.index(0))
    event = dropped(owner.editor, mime, row.topLeft() + QPoint(50, 3))
    assert names(owner.layers)[:3] == ["pool_1", "conv_2", "conv_1"]
    assert view.chosen == [0, 1]
    # Qt removes the rows itself after a move.
    assert event.dropAction() == Qt.DropAction.IgnoreAction
    assert len(owner.keys) == 1


def test_in_the_lower_half_of_a_row_is_behind_it_and_below_all_is_the_end(owner: Owner) -> None:
    model, view = owner.editor.model, owner.editor.view
    row = view.visualRect(model.index(1))
    assert view.drop_place(row.bottomLeft() - QPoint(0, 3)) == 2
    owner.editor.resize(560, 900)
    assert view.drop_place(QPoint(50, view.viewport().height() - 2)) == 6


def test_what_is_dragged_from_elsewhere_is_not_taken(owner: Owner) -> None:
    mime = QMimeData()
    mime.setText("0")
    dropped(owner.editor, mime, QPoint(50, 3))
    assert owner.keys == []


# Settings


def test_what_is_typed_changes_all_shapes_at_once(owner: Owner, qtbot: QtBot) -> None:
    choose(owner.editor, 2)
    box = owner.editor.form.editors["filters"].control
    assert isinstance(box, QAbstractSpinBox)
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, "3")
    assert outputs(owner.editor)[2] == (10, 10, 3)
    qtbot.keyClicks(box, "2")
    assert outputs(owner.editor)[2:5] == [(10, 10, 32), (5, 5, 32), (800,)]
    assert "(5 × 5 × 6 + 1) × 32 = 4,832" in owner.editor.form.formulas.text()
    assert box.hasFocus()


def test_typing_in_one_field_is_one_step_to_undo(owner: Owner, qtbot: QtBot) -> None:
    choose(owner.editor, 2)
    box = owner.editor.form.editors["filters"].control
    assert isinstance(box, QAbstractSpinBox)
    box.selectAll()
    qtbot.keyClicks(box, "32")
    assert owner.keys == ["network.layers.conv_2.filters"] * 2
    owner.undo()
    assert owner.layers == LENET


def test_every_setting_of_every_kind_has_its_control(owner: Owner) -> None:
    for kind in LAYER_KINDS:
        insert(owner.editor, kind)
        wanted = {each.name for each in facts_of_model(kind, "layer")} - {"name", "kind"}
        assert set(owner.editor.form.editors) == wanted


def test_settings_that_are_seldom_needed_open_on_demand(owner: Owner) -> None:
    choose(owner.editor, 0)
    form = owner.editor.form
    assert not form.editors["initialiser"].isVisible()
    form.more.click()
    assert form.editors["initialiser"].isVisible()
    assert not form.editors["constant"].isVisible()
    form.editors["initialiser"].control.setCurrentText("constant")  # type: ignore[attr-defined]
    assert form.editors["constant"].isVisible()


def test_f2_renames(owner: Owner, qtbot: QtBot) -> None:
    choose(owner.editor, 0)
    qtbot.keyClick(owner.editor.view, Qt.Key.Key_F2)
    qtbot.keyClicks(owner.editor.form.name, "edges")
    qtbot.keyClick(owner.editor.form.name, Qt.Key.Key_Return)
    assert names(owner.layers)[0] == "edges"
    assert owner.editor.current == 0


@pytest.mark.parametrize("name", ["pool_1", "head_dense1", "a/b"])
def test_a_name_that_cannot_be_is_told_and_not_taken(owner: Owner, qtbot: QtBot, name: str) -> None:
    choose(owner.editor, 0)
    qtbot.keyClick(owner.editor.view, Qt.Key.Key_F2)
    qtbot.keyClicks(owner.editor.form.name, name)
    assert name in owner.editor.form.name_wrong.text()
    assert owner.editor.form.name_wrong.isVisible()
    qtbot.keyClick(owner.editor.form.name, Qt.Key.Key_Return)
    assert owner.layers == LENET


def test_enter_goes_to_the_settings(owner: Owner, qtbot: QtBot) -> None:
    choose(owner.editor, 0)
    qtbot.keyClick(owner.editor.view, Qt.Key.Key_Return)
    assert owner.editor.form.editors["filters"].control.hasFocus()


# What does not fit


def test_a_layer_that_does_not_fit_is_marked_with_reason_and_remedy(editor: LayerEditor) -> None:
    owner = Owner(editor, WITHOUT_FLATTEN)
    model = editor.model
    height = editor.view.sizeHintForIndex(model.index(4)).height()
    assert height > editor.view.sizeHintForIndex(model.index(3)).height()
    spoken = model.data(model.index(4), Qt.ItemDataRole.AccessibleTextRole)
    assert "takes a list of numbers" in spoken
    assert outputs(editor)[3] == (5, 5, 16)
    assert "Not all of them fit yet" in editor.totals.text()
    owner.editor.view.choose([4], 4)
    assert not editor.grab().isNull()


def test_a_click_on_the_remedy_in_the_row_mends_the_list(editor: LayerEditor, qtbot: QtBot) -> None:
    owner = Owner(editor, WITHOUT_FLATTEN)
    editor.resize(560, 900)
    index = editor.model.index(4)
    row = editor.model.row_at(index)
    assert row is not None
    area = editor.view.visualRect(index)
    link = editor.view.rows.links(row, area, editor.view.font())[0]
    qtbot.mouseClick(editor.view.viewport(), Qt.MouseButton.LeftButton, pos=link.center())
    assert names(owner.layers)[4:] == ["flatten_1", "dense_1"]
    assert outputs(editor)[-1] == (120,)


def test_the_remedy_can_be_reached_by_keyboard(editor: LayerEditor, qtbot: QtBot) -> None:
    owner = Owner(editor, WITHOUT_FLATTEN)
    choose(editor, 4)
    offered = [
        each for each in editor.form.findChildren(QPushButton) if each.text() == "Insert Flatten"
    ]
    assert len(offered) == 1
    offered[0].setFocus()
    qtbot.keyClick(offered[0], Qt.Key.Key_Space)
    assert names(owner.layers)[4] == "flatten_1"


def test_layers_behind_one_that_does_not_fit_wait(editor: LayerEditor) -> None:
    Owner(editor, (Dense(name="dense"), Conv2D(name="conv")))
    spoken = editor.model.data(editor.model.index(1), Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.endswith("Waits for a layer above that does not fit.")


# Beginning


def test_without_layers_one_is_shown_where_to_begin(editor: LayerEditor, qtbot: QtBot) -> None:
    Owner(editor, ())
    assert editor.start.isVisible()
    assert set(editor.start.cards) == {row.key for row in CLASSICS}
    single = next(row for row in CLASSICS if len(row.variants) == 1)
    with qtbot.waitSignal(editor.start_wanted) as wanted:
        editor.start.cards[single.key].click()
    assert wanted.args == [single.key, ""]


def test_one_can_begin_with_nothing(editor: LayerEditor) -> None:
    owner = Owner(editor, ())
    editor.start.nothing.click()
    assert not editor.start.isVisible()
    insert(editor, Conv2D)
    assert names(owner.layers) == ["conv_1"]


def test_the_menu_of_classics_asks_for_the_variant_that_was_chosen(
    owner: Owner, qtbot: QtBot
) -> None:
    row = next(each for each in CLASSICS if len(each.variants) > 1)
    entries = owner.editor.bar.classics_button.menu().actions()
    inner = next(each for each in entries if each.text() == row.title).menu()
    assert isinstance(inner, QMenu)
    with qtbot.waitSignal(owner.editor.start_wanted) as wanted:
        inner.actions()[1].trigger()
    assert wanted.args == [row.key, row.variants[1].key]


# Only to be looked at


def test_where_nothing_may_be_changed_nothing_is(editor: LayerEditor, qtbot: QtBot) -> None:
    told: list[object] = []
    editor.layers_changed.connect(lambda *given: told.append(given))
    editor.show_layers(WITHOUT_FLATTEN, DIGIT, allow_changes=False)
    choose(editor, 4)
    for key in (Qt.Key.Key_Delete, Qt.Key.Key_F2):
        qtbot.keyClick(editor.view, key)
    qtbot.keyClick(editor.view, Qt.Key.Key_D, CONTROL)
    qtbot.keyClick(editor.view, Qt.Key.Key_Up, ALT)
    editor.take_remedy(4, 0)
    assert told == []
    assert not editor.bar.insert_button.isEnabled()
    assert not editor.form.editors["units"].isEnabled()
    assert not editor.model.flags(editor.model.index(0)) & Qt.ItemFlag.ItemIsDragEnabled


def test_an_empty_list_that_may_not_be_changed_offers_no_beginning(editor: LayerEditor) -> None:
    editor.show_layers((), DIGIT, allow_changes=False)
    assert not editor.start.isVisible()


# How it is laid out


def test_settings_stand_below_the_list_and_beside_it_where_there_is_room(
    owner: Owner, qtbot: QtBot
) -> None:
    editor = owner.editor
    assert editor.form.geometry().top() > editor.view.geometry().top()
    editor.resize(BESIDE_FROM + 20, 480)
    qtbot.waitUntil(lambda: editor.form.x() > editor.view.width())
    qtbot.waitUntil(lambda: editor.form.editors["filters"].help.isVisible())


def test_other_rows_keep_their_place_when_one_changes(editor: LayerEditor) -> None:
    model: QAbstractItemModel = editor.model
    assert isinstance(model, LayerListModel)
    editor.show_layers(LENET, DIGIT, allow_changes=True)
    resets: list[bool] = []
    model.modelReset.connect(lambda: resets.append(True))
    kept = [model.index(place) for place in (0, 5)]
    removed: list[tuple[int, int]] = []
    model.rowsRemoved.connect(lambda _, first, last: removed.append((first, last)))
    editor.show_layers(remove_layers(LENET, [2, 3]), DIGIT, allow_changes=True)
    assert removed == [(2, 3)]
    assert resets == []
    assert kept[0].isValid()


def test_new_layers_of_every_kind_can_be_painted_light_and_dark(owner: Owner, theme: Theme) -> None:
    layers: LayerList = ()
    for kind in LAYER_KINDS:
        layers = insert_layer(layers, len(layers), new_layer(kind))
    owner.editor.show_layers(layers, DIGIT, allow_changes=True)
    light = owner.editor.grab().toImage()
    theme.choose("dark")
    assert owner.editor.grab().toImage() != light
    theme.choose("light")
