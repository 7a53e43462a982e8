"""Widgets by themselves."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QImage
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from cnnstudio.project.amounts import plain_number
from cnnstudio.project.fields import all_fields, field_facts
from cnnstudio.project.project import Project
from cnnstudio.project.results import EvaluatedPicture, Evaluation
from cnnstudio.ui.class_colors import class_colors
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.basics import clear_layout
from cnnstudio.ui.widgets.check_progress import CheckProgress
from cnnstudio.ui.widgets.confusion_matrix import ConfusionMatrix
from cnnstudio.ui.widgets.drop_area import ClassDrop
from cnnstudio.ui.widgets.field_form import CalmDoubleSpinBox, FieldEditor, FieldForm
from cnnstudio.ui.widgets.flow_layout import FlowLayout
from cnnstudio.ui.widgets.gallery_drag import mime_of
from cnnstudio.ui.widgets.name_field import NameField
from cnnstudio.ui.widgets.split_table import SplitRow, SplitTable
from cnnstudio.ui.widgets.thumbnail_grid import TILE, ThumbnailGrid
from cnnstudio.worker.thumbnail_loader import ThumbnailLoader


def test_form_keeps_the_limits_of_every_number(qtbot: QtBot) -> None:
    numbers = [f for f in all_fields() if f.type in ("whole", "number")]
    project = Project()
    form = FieldForm([f.path for f in numbers], lambda: project, lambda *_: None)
    qtbot.addWidget(form)
    for facts in numbers:
        control = form.editors[facts.path].control
        assert isinstance(control, QAbstractSpinBox)
        assert control.property("maximum") == pytest.approx(facts.high)
        lowest = 1e-6 if facts.low_open else facts.low
        assert control.property("minimum") == pytest.approx(lowest)


def test_typed_percent_becomes_a_share(qtbot: QtBot) -> None:
    changed: list[Project] = []
    project = Project()
    form = FieldForm(
        ["pictures.validation_share"], lambda: project, lambda new, _: changed.append(new)
    )
    qtbot.addWidget(form)
    control = form.editors["pictures.validation_share"].control
    control.clear()  # type: ignore[attr-defined]
    qtbot.keyClicks(control, "35")
    qtbot.keyClick(control, Qt.Key.Key_Return)
    assert changed[-1].pictures.validation_share == pytest.approx(0.35)


def test_slider_and_box_show_the_same_value(qtbot: QtBot) -> None:
    holder = [Project()]

    def change(new: Project, _: str) -> None:
        holder[0] = new

    form = FieldForm(["augmentation.rotation"], lambda: holder[0], change, with_sliders=True)
    qtbot.addWidget(form)
    editor = form.editors["augmentation.rotation"]
    assert editor._slider is not None
    editor._slider.setValue(6)
    assert holder[0].augmentation.rotation == 30
    assert editor.control.property("value") == 30


def test_matrix_says_which_cell_was_clicked(theme: Theme, qtbot: QtBot) -> None:
    pictures = tuple(
        EvaluatedPicture(file=str(i), label="a", predicted="b", probabilities=(0.2, 0.8))
        for i in range(3)
    )
    evaluation = Evaluation(
        classes=("a", "b"), part="test", confusion=((0, 3), (0, 0)), pictures=pictures
    )
    matrix = ConfusionMatrix(theme)
    qtbot.addWidget(matrix)
    matrix.resize(400, 300)
    matrix.show()
    matrix.show_evaluation(evaluation)
    with qtbot.waitSignal(matrix.cell_chosen) as chosen:
        place = matrix._cell(0, 1).center().toPoint()
        qtbot.mouseClick(matrix, Qt.MouseButton.LeftButton, pos=place)
    assert chosen.args == [0, 1]
    assert "a taken for b: 3" in matrix.accessibleDescription()


def test_flowing_row_goes_on_in_the_next_line_where_there_is_no_room(qtbot: QtBot) -> None:
    whole = QWidget()
    qtbot.addWidget(whole)
    layout = FlowLayout(whole, across=10, down=5)
    boxes = [QWidget() for _ in range(3)]
    for box in boxes:
        box.setFixedSize(40, 20)
        layout.addWidget(box)
    assert layout.heightForWidth(140) == 20
    assert layout.heightForWidth(100) == 45
    assert layout.heightForWidth(50) == 70
    whole.resize(100, 100)
    whole.show()
    assert [box.pos().toTuple() for box in boxes] == [(0, 0), (50, 0), (0, 25)]
    boxes[0].hide()
    assert layout.heightForWidth(100) == 20
    clear_layout(layout)
    assert layout.heightForWidth(100) == 0


def test_split_table_adds_the_classes_up_and_speaks_its_numbers(theme: Theme, qtbot: QtBot) -> None:
    table = SplitTable(theme)
    qtbot.addWidget(table)
    table.resize(260, 100)
    table.show_rows([SplitRow("cat", (8, 2, 0)), SplitRow("dog", (16, 3, 1))])
    assert table.rows[0].counts == (24, 5, 1)
    spoken = table.accessibleDescription().splitlines()
    assert spoken[2] == "dog: 16 training, 3 validation, 1 test"
    few = table.height()
    table.show_rows([SplitRow(f"class {number}", (8, 2, 0)) for number in range(500)])
    assert table.height() < 3 * few
    table.show()
    table.grab()


def test_name_is_tidied_and_told_once(qtbot: QtBot) -> None:
    field = NameField("cat", "Name")
    qtbot.addWidget(field)
    field.show()
    told: list[str] = []
    field.renamed.connect(told.append)
    field.edit()
    line = field.findChild(QLineEdit)
    assert line is not None
    line.setText(" big\ncat ")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    line.editingFinished.emit()
    assert told == ["big cat"]


def test_drop_on_a_class_tells_files_from_pictures_of_the_project(qtbot: QtBot) -> None:
    area = ClassDrop()
    qtbot.addWidget(area)
    files: list[list[str]] = []
    pictures: list[list[str]] = []
    area.files_dropped.connect(files.append)
    area.pictures_dropped.connect(pictures.append)
    from_elsewhere = QMimeData()
    from_elsewhere.setUrls([QUrl.fromLocalFile("/p/1.png"), QUrl("https://example.org/2.png")])
    for data in (from_elsewhere, mime_of(["/p/cat/한글 1.png", "/p/cat/2.png"]), QMimeData()):
        area.dropEvent(
            QDropEvent(
                QPointF(1, 1),
                Qt.DropAction.CopyAction,
                data,
                Qt.MouseButton.LeftButton,
                Qt.KeyboardModifier.NoModifier,
            )
        )
    assert files == [["/p/1.png"]]
    assert pictures == [["/p/cat/한글 1.png", "/p/cat/2.png"]]


def test_every_class_has_a_colour_and_a_chosen_one_wins() -> None:
    classes = [f"class {number}" for number in range(20)]
    colors = class_colors(classes, {"class 3": "#123456"})
    assert list(colors) == classes
    assert colors["class 3"] == "#123456"
    assert len(set(list(colors.values())[:8])) == 8


def test_long_check_says_how_long_still() -> None:
    progress = CheckProgress()
    assert progress.words(0, 1000, now=0.0) == "Checking: 0 of 1,000 pictures"
    assert progress.words(20, 1000, now=2.0) == "Checking: 20 of 1,000 pictures"
    assert progress.words(100, 1000, now=10.0).endswith("1:30 left")
    assert progress.words(950, 1000, now=95.0) == "Checking: 950 of 1,000 pictures"
    assert progress.words(1000, 1000, now=99.0) == "Comparing the pictures…"
    assert progress.words(10, 1000, now=200.0) == "Checking: 10 of 1,000 pictures"
    assert progress.words(110, 1000, now=210.0).endswith("1:29 left")


@pytest.mark.parametrize("chosen", [0, 1, 3])
def test_list_that_drops_down_shows_all_of_its_rows(
    theme: Theme, qtbot: QtBot, chosen: int
) -> None:
    box = QComboBox()
    box.addItems(["By class", "By name", "By size", "By resolution"])
    box.setCurrentIndex(chosen)
    qtbot.addWidget(box)
    box.show()
    box.showPopup()
    view = box.view()
    qtbot.waitUntil(view.isVisible)
    areas = [view.visualRect(box.model().index(row, 0)) for row in range(4)]
    assert all(view.viewport().rect().contains(area) for area in areas)
    inside = view.viewport().grab().toImage()
    corner = areas[chosen].topRight() + QPoint(-12, 6)
    assert inside.pixelColor(corner) == theme.color("accent_soft")
    box.hidePopup()


def test_captions_keep_a_line_each_however_long_the_name_is(
    theme: Theme, qtbot: QtBot, tmp_path: Path
) -> None:
    loader = ThumbnailLoader()
    grid = ThumbnailGrid(loader, theme)
    qtbot.addWidget(grid)
    grid.resize(TILE, 200)

    def drawn_below(caption: str) -> QImage:
        grid.show_pictures([str(tmp_path / "1.png")], [caption])
        image = grid.grab().toImage()
        line = (grid._caption_height - 6) // 2
        return image.copy(0, TILE + 2 + line, TILE, line)

    try:
        short = drawn_below("1.png\ndog · Training")
        assert drawn_below("half size wrong and longer.png\ndog · Training") == short
        assert drawn_below("1.png\ndog · Test") != short
    finally:
        loader.close()


@pytest.mark.parametrize(
    ("rate", "words"), [(0.00001, "0.00001"), (0.001, "0.001"), (1.0, "1"), (0.25, "0.25")]
)
def test_a_small_number_is_shown_as_the_advice_writes_it(
    rate: float, words: str, theme: Theme, qtbot: QtBot
) -> None:
    editor = FieldEditor(field_facts("training.learning_rate"), lambda value: None)
    qtbot.addWidget(editor)
    editor.show_value(rate)
    assert isinstance(editor.control, CalmDoubleSpinBox)
    assert editor.control.text() == words == plain_number(rate)
