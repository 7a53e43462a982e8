"""The drawing in the window: clicks, keys, zoom, what is frozen, and the files it is saved to."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from cnnstudio.project.drawing.values import Box
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets import network_drawing_file
from cnnstudio.ui.widgets.network_drawing import NetworkDrawing
from cnnstudio.ui.widgets.network_drawing_canvas import NetworkDrawingCanvas
from cnnstudio.ui.widgets.network_drawing_view import View
from tests.project.drawn_networks import branching, layer, network, residual
from tests.ui.fakes import FakeAsking

HEAD = frozenset({"output_dense"})


@pytest.fixture
def asking() -> FakeAsking:
    return FakeAsking()


@pytest.fixture
def drawing(qtbot: QtBot, theme: Theme, asking: FakeAsking) -> NetworkDrawing:
    """A residual network, its head trained, 900 × 560 pixels large."""
    made = NetworkDrawing(theme, asking)
    qtbot.addWidget(made)
    made.resize(900, 560)
    made.show()
    made.show_network(residual(), HEAD, "Small ResNet")
    QApplication.processEvents()
    return made


def box_of(drawing: NetworkDrawing, name: str) -> Box:
    assert drawing.drawing is not None
    return next(box for box in drawing.drawing.boxes if name in box.layers)


def pixel(canvas: NetworkDrawingCanvas, x: float, y: float) -> QPoint:
    """Where a place of the drawing is on the canvas."""
    left, top = canvas.view.at(0, 0)
    return QPointF((x - left) * canvas.zoom, (y - top) * canvas.zoom).toPoint()


def click(qtbot: QtBot, canvas: NetworkDrawingCanvas, place: tuple[float, float]) -> None:
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=pixel(canvas, *place))


def key(qtbot: QtBot, drawing: NetworkDrawing, *keys: Qt.Key) -> None:
    for each in keys:
        qtbot.keyClick(drawing.canvas, each)


def test_a_click_on_a_block_names_its_first_layer(drawing: NetworkDrawing, qtbot: QtBot) -> None:
    with qtbot.waitSignal(drawing.layer_chosen) as chosen:
        click(qtbot, drawing.canvas, box_of(drawing, "b_conv1").middle)
    assert chosen.args == ["b_conv1"]


def test_a_click_on_a_layer_names_it(drawing: NetworkDrawing, qtbot: QtBot) -> None:
    qtbot.mouseClick(drawing.levels.buttons[1], Qt.MouseButton.LeftButton)
    drawing.show_layer("b_conv2")
    with qtbot.waitSignal(drawing.layer_chosen) as chosen:
        click(qtbot, drawing.canvas, box_of(drawing, "b_conv2").middle)
    assert chosen.args == ["b_conv2"]


def test_a_click_beside_everything_chooses_nothing(drawing: NetworkDrawing, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(drawing.layer_chosen):
        qtbot.mouseClick(drawing.canvas, Qt.MouseButton.LeftButton, pos=QPoint(3, 3))


def test_a_blocks_name_opens_it_and_its_title_closes_it(
    drawing: NetworkDrawing, qtbot: QtBot
) -> None:
    closed = drawing.drawing
    cell = box_of(drawing, "b_conv1").cell
    assert cell is not None
    with qtbot.assertNotEmitted(drawing.layer_chosen):
        click(qtbot, drawing.canvas, cell.middle)
    assert drawing.drawing is not None
    (frame,) = drawing.drawing.frames
    assert frame.layers == ("b_conv1", "b_conv2", "b_add")
    click(qtbot, drawing.canvas, (frame.x + 40, frame.y + 12))
    assert drawing.drawing == closed


def test_keys_move_from_box_to_box_choose_and_open(drawing: NetworkDrawing, qtbot: QtBot) -> None:
    canvas = drawing.canvas
    canvas.setFocus()
    key(qtbot, drawing, Qt.Key.Key_Home, Qt.Key.Key_Right, Qt.Key.Key_Right)
    focused = canvas.focused_box
    assert focused is not None
    assert focused.title == "Block 2"
    assert canvas.accessibleDescription().startswith("Block 2: 3 layers, 32 × 32 × 16")
    assert canvas.accessibleDescription().endswith("frozen")
    with qtbot.waitSignal(drawing.layer_chosen) as chosen:
        key(qtbot, drawing, Qt.Key.Key_Return)
    assert chosen.args == ["b_conv1"]
    key(qtbot, drawing, Qt.Key.Key_Space)
    assert drawing.opened == {2}
    assert canvas.focused_box is not None
    assert canvas.focused_box.layers == ("b_conv1",)
    key(qtbot, drawing, Qt.Key.Key_Space)
    assert not drawing.opened
    key(qtbot, drawing, Qt.Key.Key_End, Qt.Key.Key_Right)
    assert canvas.focused_box.layers == ("output_dense",)
    key(qtbot, drawing, Qt.Key.Key_Left)
    assert canvas.focused_box.layers == ("head_mean",)


def test_tab_leads_from_the_buttons_into_the_drawing(drawing: NetworkDrawing, qtbot: QtBot) -> None:
    drawing.save_button.setFocus()
    qtbot.keyClick(drawing.save_button, Qt.Key.Key_Tab)
    assert drawing.canvas.hasFocus()


def test_a_layer_with_a_name_like_html_is_told_as_it_is(
    drawing: NetworkDrawing, qtbot: QtBot
) -> None:
    drawing.show_network(network(layer("<h1>_in", (8, 8, 3), part="input")), HEAD)
    drawing.choose_level("layers")
    canvas = drawing.canvas
    place = pixel(canvas, *box_of(drawing, "<h1>_in").middle)
    QApplication.sendEvent(
        canvas, QHelpEvent(QEvent.Type.ToolTip, place, canvas.mapToGlobal(place))
    )
    assert "&lt;h1&gt;_in" in QToolTip.text()


def test_the_focus_is_seen(drawing: NetworkDrawing, qtbot: QtBot, theme: Theme) -> None:
    canvas = drawing.canvas
    drawing.save_button.setFocus()
    without = canvas.grab().toImage()
    canvas.setFocus()
    qtbot.waitUntil(canvas.hasFocus)
    assert canvas.grab().toImage() != without


def test_plus_minus_and_nought_enlarge_shrink_and_show_all(
    drawing: NetworkDrawing, qtbot: QtBot
) -> None:
    canvas = drawing.canvas
    whole = canvas.zoom
    key(qtbot, drawing, Qt.Key.Key_Plus, Qt.Key.Key_Plus)
    assert canvas.zoom == pytest.approx(whole * 1.25**2)
    assert drawing.zoom_words.text() == f"{canvas.zoom:.0%}"
    assert not canvas.is_fitted
    key(qtbot, drawing, Qt.Key.Key_Minus)
    assert canvas.zoom == pytest.approx(whole * 1.25)
    key(qtbot, drawing, Qt.Key.Key_0)
    assert canvas.zoom == pytest.approx(whole)
    qtbot.mouseClick(drawing.larger, Qt.MouseButton.LeftButton)
    assert canvas.zoom > whole
    qtbot.mouseClick(drawing.fit, Qt.MouseButton.LeftButton)
    assert canvas.is_fitted


def wheel(canvas: NetworkDrawingCanvas, place: QPoint, turned: int, with_control: bool) -> bool:
    modifiers = Qt.KeyboardModifier.ControlModifier if with_control else Qt.KeyboardModifier(0)
    event = QWheelEvent(
        QPointF(place),
        QPointF(canvas.mapToGlobal(place)),
        QPoint(),
        QPoint(0, turned),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas, event)
    return event.isAccepted()


def test_the_wheel_with_control_enlarges_what_is_below_it(drawing: NetworkDrawing) -> None:
    canvas = drawing.canvas
    wheel(canvas, QPoint(450, 200), 480, with_control=True)
    before = canvas.view.at(500, 210)
    wheel(canvas, QPoint(500, 210), 120, with_control=True)
    assert canvas.view.at(500, 210) == pytest.approx(before)


def test_the_wheel_alone_moves_what_is_too_large_and_else_leaves_it_to_the_page(
    drawing: NetworkDrawing,
) -> None:
    canvas = drawing.canvas
    assert not wheel(canvas, QPoint(100, 100), -120, with_control=False)
    canvas.zoom_by(3)
    before = canvas.view.y
    assert wheel(canvas, QPoint(100, 100), -120, with_control=False)
    assert canvas.view.y > before


def test_dragging_moves_the_drawing_and_chooses_nothing(
    drawing: NetworkDrawing, qtbot: QtBot
) -> None:
    canvas = drawing.canvas
    canvas.zoom_by(3)
    before = canvas.view
    start = pixel(canvas, *canvas.view.seen.middle)
    with qtbot.assertNotEmitted(drawing.layer_chosen):
        qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
        qtbot.mouseMove(canvas, start + QPoint(-40, -20))
        qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=start + QPoint(-40, -20))
    assert canvas.view.x == pytest.approx(before.x + 40 / canvas.zoom)
    assert canvas.view.y == pytest.approx(before.y + 20 / canvas.zoom)


def test_arrows_with_shift_move_the_drawing(drawing: NetworkDrawing, qtbot: QtBot) -> None:
    canvas = drawing.canvas
    canvas.zoom_by(3)
    before, focused = canvas.view, canvas.focused_box
    qtbot.keyClick(canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(canvas, Qt.Key.Key_Down)
    assert canvas.view.x > before.x
    assert canvas.view.y > before.y
    assert canvas.focused_box == focused


def test_the_box_with_the_focus_comes_into_sight(drawing: NetworkDrawing, qtbot: QtBot) -> None:
    canvas = drawing.canvas
    canvas.zoom_by(10)
    for name in ("in", "output_dense", "a_conv1"):
        drawing.show_layer(name)
        box = box_of(drawing, name)
        assert canvas.view.seen.holds(box.x, box.y)


def test_a_view_never_leaves_the_drawing_and_puts_a_small_one_in_the_middle() -> None:
    view = View(whole=(1000, 100), width=500, height=500)
    assert (view.panned(-50, 0).x, view.panned(5000, 0).x) == (0, 500)
    assert view.panned(0, 70).y == -200
    assert view.fitted().zoom == 0.5
    assert view.zoomed(1000, 0, 0).zoom == 4.0
    assert view.with_lines(0.7).zoom == 0.7


def test_ticks_change_what_is_marked_as_frozen(drawing: NetworkDrawing) -> None:
    canvas = drawing.canvas
    frozen = canvas.grab().toImage()
    assert [canvas.state(number) for number in range(5)] == [
        "plain",
        "frozen",
        "frozen",
        "plain",
        "trained",
    ]
    before = drawing.drawing
    drawing.show_trained(HEAD | {"b_conv1", "b_conv2"})
    assert drawing.drawing is before  # Nothing is laid out anew.
    assert canvas.state(1) == "frozen"
    assert canvas.state(2) == "trained"
    drawing.show_trained(HEAD | {"b_conv1"})
    assert canvas.state(2) == "partly"
    drawing.show_trained(HEAD)
    assert canvas.grab().toImage() == frozen


def test_the_mouse_is_told_everything_in_words(drawing: NetworkDrawing) -> None:
    words = drawing.canvas.words_of(box_of(drawing, "a_conv1"))
    first, second = words.split("\n")
    assert first == "Block 1: 5 layers, 32 × 32 × 16, 40 parameters, frozen"
    assert second == "Click its name below to open it."
    drawing.choose_level("layers")
    words = drawing.canvas.words_of(box_of(drawing, "a_bn"))
    assert words == "a_bn: BatchNormalization, 32 × 32 × 16, 10 parameters, frozen"


def test_what_is_too_large_to_be_read_at_once_goes_on_below(
    drawing: NetworkDrawing, qtbot: QtBot
) -> None:
    layers = [layer("in", (64, 64, 3), part="input")]
    for number in range(80):
        layers.append(layer(f"l{number}_conv", (64, 64, 16), layers[-1].name))
    drawing.show_network(network(*layers), HEAD)
    drawing.choose_level("layers")
    canvas = drawing.canvas
    assert canvas.zoom >= 0.64
    assert canvas.view.seen.bottom < canvas.view.whole[1]
    key(qtbot, drawing, Qt.Key.Key_0)
    assert canvas.is_fitted
    assert canvas.view.seen.height >= canvas.view.whole[1]


def test_other_colours_are_taken_at_once(drawing: NetworkDrawing, theme: Theme) -> None:
    light = drawing.canvas.grab().toImage()
    theme.choose("dark")
    dark = drawing.canvas.grab().toImage()
    assert dark.pixelColor(10, 10) == theme.color("surface")
    assert dark != light


def test_an_svg_has_the_whole_network_in_the_light_look(
    drawing: NetworkDrawing, asking: FakeAsking, theme: Theme, tmp_path: Path, qtbot: QtBot
) -> None:
    theme.choose("dark")
    drawing.canvas.zoom_by(5)
    asking.next_file = str(tmp_path / "net.svg")
    qtbot.mouseClick(drawing.save_button, Qt.MouseButton.LeftButton)
    text = (tmp_path / "net.svg").read_text(encoding="utf-8")
    root = ElementTree.fromstring(text)
    assert root.findtext("{http://www.w3.org/2000/svg}title") == "Small ResNet"
    assert 'fill="#FFFFFF"' in text
    assert text.count("<g>") == 5
    assert not asking.told


def test_a_png_has_twice_the_points_and_a_white_ground(
    drawing: NetworkDrawing, tmp_path: Path
) -> None:
    assert drawing.save(tmp_path / "net.png")
    picture = QImage(str(tmp_path / "net.png"))
    assert picture.pixelColor(2, 2).name() == "#ffffff"
    assert picture.width() >= 2 * 560
    colors = {picture.pixelColor(x, picture.height() // 3).name() for x in range(picture.width())}
    assert len(colors) > 5


def test_a_png_is_not_larger_than_programs_can_open(
    drawing: NetworkDrawing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network_drawing_file, "MOST_PIXELS", 300)
    assert drawing.save(tmp_path / "net.png")
    picture = QImage(str(tmp_path / "net.png"))
    assert max(picture.width(), picture.height()) == 300


def test_a_name_without_ending_becomes_an_svg_and_replaces_nothing_unasked(
    drawing: NetworkDrawing, asking: FakeAsking, tmp_path: Path
) -> None:
    asking.next_file = str(tmp_path / "net")
    drawing.ask_and_save()
    assert (tmp_path / "net.svg").exists()
    (tmp_path / "net.svg").write_text("mine")
    asking.next_choice = 1
    drawing.ask_and_save()
    assert (tmp_path / "net.svg").read_text() == "mine"
    asking.next_choice = 0
    drawing.ask_and_save()
    assert (tmp_path / "net.svg").read_text() != "mine"


@pytest.mark.parametrize("name", ["net.svg", "net.png"])
def test_a_place_that_cannot_be_written_to_is_named(
    drawing: NetworkDrawing, asking: FakeAsking, tmp_path: Path, name: str
) -> None:
    assert not drawing.save(tmp_path / "missing" / name)
    (problem,) = asking.told
    assert problem.kind == "cannot_write"
    assert name in problem.message


def test_without_a_network_nothing_is_asked_and_nothing_breaks(
    qtbot: QtBot, theme: Theme, asking: FakeAsking, tmp_path: Path
) -> None:
    empty = NetworkDrawing(theme, asking)
    qtbot.addWidget(empty)
    empty.show()
    asking.next_file = str(tmp_path / "net.svg")
    empty.ask_and_save()
    key(qtbot, empty, Qt.Key.Key_Right, Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_0)
    qtbot.mouseClick(empty.canvas, Qt.MouseButton.LeftButton)
    assert not list(tmp_path.iterdir())
    assert empty.drawing is None


def test_another_network_closes_what_was_opened(drawing: NetworkDrawing, qtbot: QtBot) -> None:
    drawing.canvas.setFocus()
    key(qtbot, drawing, Qt.Key.Key_Right, Qt.Key.Key_Space)
    assert drawing.opened
    drawing.show_network(branching(), HEAD)
    assert not drawing.opened
