"""The curves of a run: what is drawn, read off, zoomed, smoothed, compared and saved."""

import csv
import math
import xml.etree.ElementTree as ElementTree
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QImage, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from cnnstudio.project.epochs import EpochDetails, EpochFacts
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.curve_data import Look, joined, loss_range, pieces, smoothed
from cnnstudio.ui.widgets.curve_drawing import CurveDrawing
from cnnstudio.ui.widgets.curve_export import as_csv, save_curves
from cnnstudio.ui.widgets.curve_panel import CurveData, CurvePanel
from cnnstudio.ui.widgets.curve_plots import accuracy_plot, loss_plot, rate_plot
from cnnstudio.ui.widgets.curve_shapes import apart, calmest, clipped, dashed
from cnnstudio.ui.widgets.curve_ticks import (
    epoch_ticks,
    loss_ticks,
    percent_ticks,
    rate_ticks,
    rate_words,
)


def history(epochs: int, stage_2_after: int = 99, measured: bool = False) -> list[EpochFacts]:
    """Rising accuracy, falling loss; the rate is a hundredth in the second stage."""
    found = []
    for epoch in range(1, epochs + 1):
        share = 1 - 0.5 / epoch
        second = epoch > stage_2_after
        extra = share if measured else None
        found.append(
            EpochFacts(
                epoch=epoch,
                loss=1 / epoch,
                accuracy=share,
                validation_loss=1.2 / epoch,
                validation_accuracy=share - 0.05,
                seconds=2.0,
                stage=2 if second else 1,
                learning_rate=0.00001 if second else 0.001,
                top_k=extra,
                macro_f1=extra,
                auc=extra,
            )
        )
    return found


def details(epochs: int, accuracies: tuple[float | None, ...]) -> list[EpochDetails]:
    return [EpochDetails(epoch, accuracies) for epoch in range(1, epochs + 1)]


def two_stages(epochs: int = 10) -> CurveData:
    return CurveData(
        history(epochs, stage_2_after=6),
        [(number / 10, 2.0 / (1 + number), 0.5) for number in range(1, epochs * 10)],
        20,
        8,
        ((6, "fine-tuning"),),
        ("cat", "dog"),
        details(epochs, (0.9, 0.6)),
        name="Run 3",
    )


WHOLE = Look(0, 20)


class Asked:
    """Answers where to write."""

    def __init__(self, answer: Path | None = None) -> None:
        self.answer = answer
        self.suggested: list[Path] = []

    def __call__(self, parent: QWidget, title: str, suggested: Path, kinds: str) -> str:
        self.suggested.append(suggested)
        return str(self.answer) if self.answer is not None else ""


@pytest.fixture
def asked() -> Asked:
    return Asked()


@pytest.fixture
def panel(theme: Theme, qtbot: QtBot, asked: Asked) -> CurvePanel:
    made = CurvePanel(theme, asked)
    qtbot.addWidget(made)
    made.resize(732, 560)
    made.show()
    return made


def draw(panel: CurvePanel, curves: CurveData, qtbot: QtBot) -> None:
    panel.show(curves)
    qtbot.waitUntil(lambda: panel.view.is_drawn)


def words_of(curves: CurveData, look: Look, folder: Path) -> list[str]:
    """Everything that is written in the drawing."""
    file = folder / "curves.svg"
    save_curves(file, curves, look, (732, 500), QFont())
    return ["".join(each.itertext()).strip() for each in _elements(file, "text")]


def _elements(file: Path, name: str) -> list[ElementTree.Element]:
    return list(ElementTree.parse(file).iter(f"{{http://www.w3.org/2000/svg}}{name}"))


def test_stage_border_stands_after_its_epoch_with_its_title_and_the_best_epoch_is_named(
    qapp: object, tmp_path: Path
) -> None:
    curves = two_stages()
    accuracy, loss = accuracy_plot(curves, WHOLE), loss_plot(curves, WHOLE)
    assert accuracy.borders == ((6.0, "2 · fine-tuning", "2"),)
    assert loss.borders == ((6.0, "", ""),)
    assert accuracy.best == (8.0, curves.history[7].validation_accuracy)
    assert loss.best == (8.0, curves.history[7].validation_loss)
    words = words_of(curves, WHOLE, tmp_path)
    assert words.count("2 · fine-tuning") == 1
    assert words.count("best") == 2
    assert "best" not in words_of(curves, Look(1, 5, is_zoomed=True), tmp_path)


def test_training_is_solid_and_validation_dashed_and_other_measures_have_lines_of_their_own() -> (
    None
):
    plot = accuracy_plot(CurveData(history(3, measured=True)), WHOLE)
    looks = {line.title: (line.color, line.style) for line in plot.lines if line.in_legend}
    assert looks["training"] == ("training", "solid")
    assert looks["validation"] == ("validation", "dash")
    assert set(looks) == {"training", "validation", "top-k accuracy", "macro F1", "AUC"}
    assert len(set(looks.values())) == 5
    unmeasured = accuracy_plot(CurveData(history(3)), WHOLE)
    assert [line.title for line in unmeasured.lines] == ["training", "validation"]


def test_an_empty_panel_says_what_will_be_seen_and_draws_no_axes(
    panel: CurvePanel, qtbot: QtBot, tmp_path: Path
) -> None:
    draw(panel, CurveData(epochs_planned=20), qtbot)
    words = " ".join(words_of(CurveData(epochs_planned=20), WHOLE, tmp_path))
    assert "two lines will rise" in words
    assert "%" not in words
    assert "two lines will rise" in panel.view.accessibleDescription()
    assert not panel.save_button.isEnabled()
    assert not panel.compare_button.isEnabled()
    draw(panel, CurveData(history(1), epochs_planned=20), qtbot)
    assert panel.save_button.isEnabled()


def test_smoothing_calms_the_line_and_keeps_the_raw_one_faint() -> None:
    jumpy = [(float(x), 0.5 + 0.2 * (x % 2)) for x in range(1, 40)]
    calm = smoothed(jumpy, 0.9)
    assert calm[0] == jumpy[0]
    assert max(y for _, y in calm[20:]) - min(y for _, y in calm[20:]) < 0.05
    holed = smoothed([(1.0, 0.5), (2.0, math.nan), (3.0, 0.5)], 0.5)
    assert math.isnan(holed[1][1])
    assert holed[2][1] == pytest.approx(0.5)

    curves = two_stages()
    raw = [(float(f.epoch), f.validation_accuracy) for f in curves.history]
    lines = accuracy_plot(curves, Look(0, 20, smoothing=0.8)).lines
    validation = [line for line in lines if line.title == "validation"]
    assert [line.points == raw for line in validation] == [True, False]
    assert validation[0].strength < validation[1].strength == 1
    assert [line.in_legend for line in validation] == [False, True]
    assert validation[1].points == smoothed(raw, 0.8)
    by_batch = [line for line in lines if line.title == "training by batch"]
    assert by_batch[0].strength < by_batch[1].strength < 1


def test_the_slider_smooths_what_is_shown(panel: CurvePanel, qtbot: QtBot) -> None:
    draw(panel, two_stages(), qtbot)
    before = panel.view.grab().toImage()
    panel.smoothing.setValue(80)
    qtbot.waitUntil(lambda: panel.view.is_drawn)
    assert panel.view.look.smoothing == pytest.approx(0.8)
    assert panel.view.grab().toImage() != before


def test_earlier_runs_are_laid_over_by_name_and_the_axis_makes_room_for_them(
    panel: CurvePanel, qtbot: QtBot, tmp_path: Path
) -> None:
    earlier = (("Monday", history(30)), ("Empty", ()), ("Monday", history(4)))
    curves = CurveData(history(5), epochs_planned=20, earlier=earlier, name="Now")
    draw(panel, curves, qtbot)
    names = [action.text() for action in panel.compare_menu.actions()]
    assert names == ["Monday", "Monday (2)"]
    assert panel.view.look.end == 20
    panel.compare_menu.actions()[0].trigger()
    qtbot.waitUntil(lambda: panel.view.is_drawn)
    assert panel.view.look.end == 30
    assert panel.compare_button.property("chosen") == "true"
    assert words_of(curves, panel.view.look, tmp_path).count("Monday") == 2
    line = accuracy_plot(curves, panel.view.look).lines[0]
    assert (line.title, line.color, len(line.points)) == ("Monday", "earlier", 30)
    panel.view.read_epoch(3)
    assert "Monday" in panel.view._box.text()
    panel.compare(frozenset())
    assert panel.view.look.end == 20


def test_a_run_that_is_gone_is_no_longer_laid_over(panel: CurvePanel, qtbot: QtBot) -> None:
    draw(panel, CurveData(history(5), earlier=(("Monday", history(30)),)), qtbot)
    panel.compare(frozenset(["Monday"]))
    draw(panel, CurveData(history(5), earlier=(("Tuesday", history(9)),)), qtbot)
    assert panel.view.look.overlaid == frozenset()


def test_classes_have_lines_the_worst_named_first_and_of_many_the_ten_worst(
    panel: CurvePanel, qtbot: QtBot, tmp_path: Path
) -> None:
    draw(panel, two_stages(), qtbot)
    panel.segments.buttons[1].click()
    plot = accuracy_plot(two_stages(), panel.view.look)
    assert [line.title for line in plot.lines] == ["cat", "dog"]  # The worst is drawn last.
    assert plot.lines[1].points[0] == (1.0, 0.6)
    assert {"cat", "dog"} <= set(words_of(two_stages(), panel.view.look, tmp_path))

    names = [f"class {number}" for number in range(25)]
    accuracies = tuple(number / 25 if number else None for number in range(25))
    many = CurveData(history(3), classes=names, details=details(3, accuracies))
    plot = accuracy_plot(many, Look(0, 3, by_class=True))
    assert [line.title for line in plot.lines] == [f"class {n}" for n in range(10, 0, -1)]
    assert plot.note == "the 10 worst of 25 classes"
    few = CurveData(history(3), classes=names[:20], details=details(3, accuracies[:20]))
    plot = accuracy_plot(few, Look(0, 3, by_class=True))
    assert len(plot.lines) == 19  # One has no validation picture.
    assert len({(line.color, line.style) for line in plot.lines}) == 19
    untold = accuracy_plot(CurveData(history(3)), Look(0, 3, by_class=True))
    assert not untold.lines
    assert "did not keep" in untold.empty


def test_values_are_read_off_by_keyboard_and_told_in_the_description(
    panel: CurvePanel, qtbot: QtBot
) -> None:
    draw(panel, two_stages(), qtbot)
    view = panel.view
    assert "Epoch 10:" in view.accessibleDescription()
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert view.epoch_read == 10
    qtbot.keyClick(view, Qt.Key.Key_Left)
    qtbot.keyClick(view, Qt.Key.Key_Left)
    assert view.epoch_read == 8
    described = view.accessibleDescription()
    for words in ("Epoch 8:", "93.8%", "88.8%", "0.125", "0.150", "best", "0.00001", "fine-tuning"):
        assert words in described
    assert view._box.isVisible()
    for words in ("Epoch 8", "88.8%", "0.150", "0.00001", "2: fine-tuning", "2.0 s"):
        assert words in view._box.text()
    qtbot.keyClick(view, Qt.Key.Key_Home)
    qtbot.keyClick(view, Qt.Key.Key_Left)
    assert view.epoch_read == 1
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert not view.epoch_read
    assert not view._box.isVisible()


def test_values_are_read_off_under_the_pointer_and_names_are_not_taken_for_markup(
    panel: CurvePanel, qtbot: QtBot
) -> None:
    facts = history(10, stage_2_after=6)
    draw(panel, CurveData(facts, (), 20, 8, ((6, "<b>all</b>"),)), qtbot)
    view = panel.view
    inner = view.drawn.painters[0]
    move(view, QPointF(inner.x(7.2), inner.inner.center().y()))
    assert view.epoch_read == 7
    assert "&lt;b&gt;all" in view._box.text()
    move(view, QPointF(inner.x(15), inner.inner.center().y()))
    assert view.epoch_read == 0  # It is not trained yet.


def test_what_was_pointed_at_is_read_off_no_more_when_the_pointer_has_left(
    panel: CurvePanel, qtbot: QtBot
) -> None:
    draw(panel, two_stages(), qtbot)
    view = panel.view
    inner = view.drawn.painters[0]
    view.setFocus()
    move(view, QPointF(inner.x(7), inner.inner.center().y()))
    assert view.epoch_read == 7
    QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))
    assert view.epoch_read == 0
    assert not view._box.isVisible()
    qtbot.keyClick(view, Qt.Key.Key_Right)
    QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))
    assert view.epoch_read == 10


def test_epochs_that_are_not_trained_yet_cannot_be_zoomed_into_by_dragging(
    panel: CurvePanel, qtbot: QtBot
) -> None:
    draw(panel, two_stages(), qtbot)
    view, left = panel.view, Qt.MouseButton.LeftButton
    plot = view.drawn.painters[0]
    y = plot.inner.center().y()
    QTest.mousePress(view, left, pos=QPointF(plot.x(12), y).toPoint())
    move(view, QPointF(plot.x(18), y), pressed=True)
    QTest.mouseRelease(view, left, pos=QPointF(plot.x(18), y).toPoint())
    assert (view.look.begin, view.look.end) == (0, 20)


def move(view: QWidget, place: QPointF, pressed: bool = False) -> None:
    button = Qt.MouseButton.LeftButton if pressed else Qt.MouseButton.NoButton
    there = view.mapToGlobal(place)
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        place,
        there,
        Qt.MouseButton.NoButton,
        button,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(view, event)


def test_a_zoom_stays_while_epochs_come_and_goes_with_show_all_or_another_run(
    panel: CurvePanel, qtbot: QtBot
) -> None:
    draw(panel, two_stages(6), qtbot)
    view = panel.view
    view.zoom(4, 5)
    seen = (view.look.begin, view.look.end)
    assert seen == pytest.approx((3.75, 8.75))  # Epoch 5 stays where it stood.
    assert view.all_button.isVisible()
    draw(panel, two_stages(9), qtbot)
    assert (view.look.begin, view.look.end) == seen
    assert {plot.borders[0][0] for plot in view.drawn.plots} == {6.0}
    view.all_button.click()
    assert (view.look.begin, view.look.end) == (0, 20)
    assert not view.all_button.isVisible()
    view.see(2, 4)
    draw(panel, CurveData(history(2), epochs_planned=12, name="Another"), qtbot)
    assert (view.look.begin, view.look.end) == (0, 12)


def test_dragging_marks_what_is_then_seen_moves_it_and_a_double_click_shows_all(
    panel: CurvePanel, qtbot: QtBot
) -> None:
    draw(panel, two_stages(), qtbot)
    view, left = panel.view, Qt.MouseButton.LeftButton
    plot = view.drawn.painters[1]
    y = plot.inner.center().y()
    QTest.mousePress(view, left, pos=QPointF(plot.x(4), y).toPoint())
    move(view, QPointF(plot.x(8), y), pressed=True)
    QTest.mouseRelease(view, left, pos=QPointF(plot.x(8), y).toPoint())
    assert (view.look.begin, view.look.end) == pytest.approx((4, 8), abs=0.1)
    QTest.mousePress(view, left, pos=QPointF(plot.x(10), y).toPoint())
    move(view, QPointF(plot.x(5), y), pressed=True)  # A quarter of the width, to the left.
    QTest.mouseRelease(view, left, pos=QPointF(plot.x(5), y).toPoint())
    assert (view.look.begin, view.look.end) == pytest.approx((5, 9), abs=0.1)
    QTest.mouseDClick(view, left, pos=QPointF(plot.x(5), y).toPoint())
    assert (view.look.begin, view.look.end) == (0, 20)


def test_the_wheel_zooms_about_the_pointer_in_all_plots_and_sideways_it_moves(
    panel: CurvePanel, qtbot: QtBot
) -> None:
    draw(panel, two_stages(), qtbot)
    view = panel.view
    before = view.drawn.painters[1]
    place = QPointF(before.x(5), before.inner.center().y())
    wheel(view, place, 0, 240)
    qtbot.waitUntil(lambda: view.is_drawn)
    assert view.look.end - view.look.begin == pytest.approx(20 / 1.25**2)
    assert [plot.x(5) for plot in view.drawn.painters] == pytest.approx([place.x()] * 3, abs=1)
    begin = view.look.begin
    wheel(view, place, -120, 0)
    assert view.look.begin > begin
    wheel(view, place, 0, -2400)
    assert (view.look.begin, view.look.end) == (0, 20)


def wheel(view: QWidget, place: QPointF, right: int, down: int) -> None:
    event = QWheelEvent(
        place,
        view.mapToGlobal(place),
        QPoint(),
        QPoint(right, down),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view, event)


def test_the_keyboard_zooms_and_what_is_read_off_stays_in_sight(
    panel: CurvePanel, qtbot: QtBot
) -> None:
    draw(panel, two_stages(), qtbot)
    view = panel.view
    view.see(0, 3)
    qtbot.keyClick(view, Qt.Key.Key_End)
    assert view.look.begin <= 10 <= view.look.end
    span = view.look.end - view.look.begin
    qtbot.keyClick(view, Qt.Key.Key_Plus)
    assert view.look.end - view.look.begin < span
    for _ in range(20):
        qtbot.keyClick(view, Qt.Key.Key_Plus)
    assert view.look.end - view.look.begin >= 1
    qtbot.keyClick(view, Qt.Key.Key_0)
    assert (view.look.begin, view.look.end) == (0, 20)


def test_a_picture_has_two_points_for_each_and_a_drawing_is_whole(
    panel: CurvePanel, qtbot: QtBot, asked: Asked, tmp_path: Path
) -> None:
    draw(panel, two_stages(), qtbot)
    asked.answer = tmp_path / "mine"
    panel.save_actions[".png"].trigger()
    picture = QImage(str(tmp_path / "mine.png"))
    assert picture.width() == 2 * panel.view.width()
    assert len({picture.pixel(x, picture.height() // 3) for x in range(picture.width())}) > 5
    assert asked.suggested[0].name == "Run-3.png"
    assert panel.said.isVisible()
    assert "mine.png" in panel.said.toolTip()
    panel.save_actions[".svg"].trigger()
    assert len(_elements(tmp_path / "mine.svg", "polyline")) > 10
    asked.answer = None
    panel.said.hide()
    panel.save_actions[".csv"].trigger()
    assert not panel.said.isVisible()


def test_a_drawing_has_no_line_outside_its_plot(qapp: object, tmp_path: Path) -> None:
    curves = CurveData((), [(0.1, 900.0, 0.5)] + [(n / 10, 1.0, 0.5) for n in range(2, 20)])
    save_curves(tmp_path / "a.svg", curves, Look(0, 2), (732, 500), QFont())
    for line in _elements(tmp_path / "a.svg", "polyline"):
        for point in line.attrib["points"].split():
            assert 0 <= float(point.split(",")[1]) <= 500


def test_the_table_has_what_is_shown_and_no_cell_that_runs() -> None:
    earlier = (("=cmd()", history(3)),)
    names, shares = ("@evil", "dog"), details(4, (0.5, None))
    curves = CurveData(history(4), (), 9, 4, (), names, shares, earlier, "Übung")
    alone = list(csv.reader(as_csv(curves, Look(0, 9)).splitlines()))
    assert alone[0][:3] == ["epoch", "loss", "accuracy"]
    assert len(alone) == 5
    look = Look(0, 9, overlaid=frozenset(["=cmd()"]), by_class=True)
    rows = list(csv.reader(as_csv(curves, look).splitlines()))
    assert rows[0][0] == "run"
    assert rows[0][-2:] == ["validation accuracy of @evil", "validation accuracy of dog"]
    assert [row[0] for row in rows[1:]] == ["Übung"] * 4 + ["'=cmd()"] * 3
    assert rows[1][-2:] == ["0.5", ""]
    assert rows[5][-2:] == ["", ""]
    assert float(rows[2][2]) == 0.5


def test_the_table_says_that_it_is_utf_8(qapp: object, tmp_path: Path) -> None:
    look = Look(0, 9, overlaid=frozenset(["고양이"]))
    curves = CurveData(history(2), earlier=(("고양이", history(2)),))
    save_curves(tmp_path / "a.csv", curves, look, (400, 300), QFont())
    content = (tmp_path / "a.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert "고양이" in content.decode("utf-8-sig")


def test_where_it_cannot_be_saved_the_card_says_why(
    panel: CurvePanel, qtbot: QtBot, tmp_path: Path
) -> None:
    draw(panel, two_stages(), qtbot)
    assert not panel.save(tmp_path / "nowhere" / "curves.png")
    assert panel.said.isVisible()
    assert panel.said.property("tone") == "error"


def test_huge_losses_of_the_first_batches_do_not_flatten_the_rest() -> None:
    batches = [500.0, 90.0, *[1.0] * 100]
    low, high = loss_range([0.9, 0.7], batches)
    assert low == 0
    assert 1 <= high <= 4
    assert loss_range([0.5, 0.6, 5.0], [])[1] >= 5  # A loss that explodes is seen …
    assert loss_range([0.5, 0.6, 1e9], [])[1] < 20  # … but does not hide the others.
    assert loss_range([math.nan], [math.inf]) == (0.0, 1.0)


def test_a_loss_that_is_no_number_breaks_the_line_and_is_named(
    panel: CurvePanel, qtbot: QtBot
) -> None:
    broken = [(1.0, 0.5), (2.0, math.nan), (3.0, 0.4), (4.0, 0.3)]
    assert pieces(broken, 0, 4, 100) == [[(1.0, 0.5)], [(3.0, 0.4), (4.0, 0.3)]]
    facts = history(3)
    facts[1] = EpochFacts(2, math.nan, 0.5, math.nan, 0.5, 1.0)
    draw(panel, CurveData(facts), qtbot)
    panel.view.read_epoch(2)
    assert "not a number" in panel.view.accessibleDescription()


def test_points_by_batch_are_joined_only_where_they_stand_close() -> None:
    dense = [(0.1, 0.5), (0.2, 0.6), (0.3, 0.7)]
    later = [(5.1, 0.8), (5.2, 0.8), (5.5, 0.9)]
    found = pieces(joined([*dense, (2.7, 0.1), (3.9, 0.1), *later]), 0, 9, 100)
    assert [[x for x, _ in piece] for piece in found] == [[0.1, 0.2, 0.3], [5.1, 5.2, 5.5]]
    assert [y for _, y in found[0]] == pytest.approx([0.5, 0.6, 0.7])
    assert joined([(1.5, 0.5), (7.0, 0.9), (36.0, 0.9)]) == []
    assert [y for _, y in joined(dense, 0.15)] == pytest.approx([0.55, 0.6, 0.65])
    lost = joined([*dense, (0.4, math.nan), *((x + 0.5, y) for x, y in dense)], 0.15)
    assert [math.isnan(y) for _, y in lost] == [False] * 3 + [True] + [False] * 3
    fast = CurveData(history(9), [(x + 0.5, 0.5, 0.5) for x in range(9)])
    assert "training by batch" not in [line.title for line in accuracy_plot(fast, WHOLE).lines]


def test_stages_are_numbered_and_of_little_room_only_the_number_is_left(
    qapp: object, tmp_path: Path
) -> None:
    borders = ((0, "the head"), (17, "everything that there is"))
    curves = CurveData(history(18, stage_2_after=17), epochs_planned=18, borders=borders)
    words = words_of(curves, Look(0, 18), tmp_path)
    assert words.count("1 · the head") == 1
    assert words.count("2") == 2  # The stage, and an epoch.
    assert "2 · everything that there is" not in words


def test_the_best_is_named_where_no_line_runs() -> None:
    boxes = [QRectF(0, 0, 10, 10), QRectF(20, 0, 10, 10), QRectF(40, 0, 10, 10)]
    assert calmest(boxes, [[(-5, 5), (25, 5)]]) == boxes[2]
    assert calmest(boxes, []) == boxes[0]


def test_of_many_points_the_peaks_are_kept_and_those_outside_left_away() -> None:
    points = [(number / 100, 0.5) for number in range(1, 4001)]
    points[1234] = (points[1234][0], 0.9)
    points[3210] = (points[3210][0], 0.1)
    (whole,) = pieces(points, 0, 40, 300)
    assert len(whole) <= 2 * 302
    assert {max(y for _, y in whole), min(y for _, y in whole)} == {0.9, 0.1}
    assert whole == sorted(whole)
    (part,) = pieces(points, 10, 11, 300)
    assert len(part) <= 104
    assert part[0][0] < 10 < part[1][0] + 0.02


@pytest.mark.parametrize("epochs", [1, 3, 7, 14, 20, 33, 100, 999])
def test_epochs_below_are_whole_few_and_in_even_steps(epochs: int) -> None:
    ticks = epoch_ticks(0, epochs, 10)
    assert 2 <= len(ticks) <= 11
    assert len({after[0] - before[0] for before, after in pairwise(ticks)}) == 1
    assert all(words == str(int(value)) for value, words in ticks)
    zoomed = epoch_ticks(20.1, 25.2, 3)
    assert [words for _, words in zoomed] == ["22", "24"]


def test_axes_have_few_marks_with_whole_words() -> None:
    assert [words for _, words in percent_ticks(0.5, 1, 5)] == ["50%", "75%", "100%"]
    assert [words for _, words in percent_ticks(0.95, 1, 3)] == ["95%", "100%"]
    assert [words for _, words in percent_ticks(0.4, 1, 3)] == ["40%", "70%", "100%"]
    assert [words for _, words in percent_ticks(0.62, 1, 3)] == ["80%", "100%"]
    assert [words for _, words in loss_ticks(0, 1.2, 5)] == ["0.0", "0.5", "1.0"]
    assert [words for _, words in loss_ticks(0, 12, 4)] == ["0", "5", "10"]
    assert [words for _, words in rate_ticks(0.00001, 0.001)] == ["0.00001", "0.001"]
    assert len(rate_ticks(0.001, 0.001)) == 1
    short = rate_ticks(0.000024, 0.0024, lambda words: len(words) <= 6)
    assert [words for _, words in short] == ["2.4e-5", "0.0024"]
    assert [rate_words(rate) for rate in (0.00025, 0.1, 1.0, 3e-7)] == [
        "0.00025",
        "0.1",
        "1",
        "3e-7",
    ]


def test_the_rate_steps_at_a_border_and_has_a_scale_of_tens_where_it_spans_more_than_one() -> None:
    plot = rate_plot(two_stages(), WHOLE)
    assert plot.is_logarithmic
    assert plot.share(0.0001) == pytest.approx(0.5)
    points = list(plot.lines[0].points)
    assert (6.0, 0.001) in points
    assert points[points.index((6.0, 0.001)) + 1] == (6.0, 0.00001)
    assert not rate_plot(CurveData(history(4)), WHOLE).is_logarithmic


def test_a_run_that_kept_no_rates_has_two_plots(panel: CurvePanel, qtbot: QtBot) -> None:
    old = [EpochFacts(epoch, 1.0, 0.5, 1.0, 0.5, 1.0) for epoch in range(1, 4)]
    draw(panel, CurveData(old, name="old"), qtbot)
    assert len(panel.view.drawn.pictures) == 2
    draw(panel, CurveData(history(3), name="new"), qtbot)
    assert len(panel.view.drawn.pictures) == 3


def test_plots_stand_in_line_and_all_fit_into_a_small_window(
    panel: CurvePanel, qtbot: QtBot
) -> None:
    panel.resize(480, 400)
    draw(panel, two_stages(), qtbot)
    assert panel.width() == 480
    plots = panel.view.drawn.painters
    assert len({(plot.inner.left(), plot.inner.right()) for plot in plots}) == 1
    assert all(plot.inner.height() >= 20 for plot in plots)
    assert plots[0].inner.height() > 60
    assert plots[1].inner.height() > 50
    assert plots[2].inner.bottom() < panel.view.height() - 14


def test_the_slider_has_a_sign_where_there_is_no_room_for_its_name(
    panel: CurvePanel, qtbot: QtBot
) -> None:
    assert panel._smoothing_words.isVisible()
    assert not panel._smoothing_icon.isVisible()
    panel.resize(panel._roomy_width() - 1, 500)
    qtbot.waitUntil(panel._smoothing_icon.isVisible)
    assert not panel._smoothing_words.isVisible()
    assert not panel._smoothing_icon.pixmap().isNull()


def test_a_drawing_is_made_in_small_parts(theme: Theme) -> None:
    curves = CurveData(
        history(1000), [(n / 4, 1.0 + n % 3, 0.5 + 0.1 * (n % 3)) for n in range(1, 4001)]
    )
    area = QRectF(0, 0, 700, 500)
    drawing = CurveDrawing(curves, Look(0, 1000), area, QFont(), theme, 1.0)
    parts = 1
    while not drawing.go_on(0.0001):
        parts += 1
    assert parts > 15
    assert len(drawing.pictures) == 3


def test_two_hundred_updates_in_both_looks_end_with_the_last_values(
    panel: CurvePanel, theme: Theme, qtbot: QtBot
) -> None:
    facts: list[EpochFacts] = []
    for each in history(200):
        facts.append(each)
        panel.show(CurveData(facts, epochs_planned=200))
        if len(facts) % 20 == 0:
            qtbot.wait(1)
    qtbot.waitUntil(lambda: panel.view.is_drawn)
    light = panel.view.grab().toImage().pixelColor(2, 2)
    theme.choose("dark")
    qtbot.waitUntil(lambda: panel.view.is_drawn)
    assert panel.view.grab().toImage().pixelColor(2, 2) != light
    assert len(panel.view.drawn.plots[0].lines[-1].points) == 200


def test_what_came_while_the_panel_was_hidden_is_drawn_when_it_is_seen(
    panel: CurvePanel, qtbot: QtBot
) -> None:
    draw(panel, two_stages(3), qtbot)
    panel.hide()
    panel.show(two_stages(9))
    qtbot.wait(60)
    assert not panel.view.is_drawn
    panel.show()
    qtbot.waitUntil(lambda: panel.view.is_drawn)
    assert panel.view.drawn.plots[0].lines[-1].points[-1][0] == 9


def test_names_at_the_ends_are_moved_apart_as_little_as_goes() -> None:
    assert apart([10, 11, 50], 12, 0, 100) == [10, 22, 50]
    assert apart([95, 96], 12, 0, 100) == [88, 100]


def test_lines_are_cut_at_the_edge_and_by_their_dashes() -> None:
    area = QRectF(0, 0, 10, 10)
    assert clipped([(0, -10), (10, 10)], area) == [[(5, 0), (10, 10)]]
    assert clipped([(-5, -5), (-1, 20)], area) == []
    assert clipped([(1, 1), (2, 2), (3, 1)], area) == [[(1, 1), (2, 2), (3, 1)]]
    on = dashed([(0, 0), (6, 0), (20, 0)], [4, 2])
    assert [(line.x1(), line.x2()) for line in on] == [(0, 4), (6, 10), (12, 16), (18, 20)]
    assert len(dashed([(0, 0), (1, 1), (2, 0)], [])) == 2
