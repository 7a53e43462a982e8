"""All pictures in the gallery: found, filtered, ordered, chosen, and what is wanted with them."""

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from cnnstudio.images.arrangement import arrange
from cnnstudio.images.checking import CheckReport
from cnnstudio.images.facts import PictureFacts
from cnnstudio.images.look_alikes import LookAlikes
from cnnstudio.images.scan import scan_folders
from cnnstudio.project.picture_edits import PictureEdits
from cnnstudio.project.pictures import PicturesPlan
from cnnstudio.project.problems import Problem
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.gallery import Gallery
from cnnstudio.ui.widgets.gallery_drag import mime_of, pictures_in
from cnnstudio.ui.widgets.gallery_filter import Choice, Shelf
from cnnstudio.ui.widgets.gallery_items import GalleryItem, LookAlikesOf, gallery_items
from cnnstudio.ui.widgets.gallery_layout import GAP, MARGIN, TileLayout
from cnnstudio.ui.widgets.gallery_model import GalleryModel
from cnnstudio.ui.widgets.gallery_tiles import TilePainter, TileState, readable_on
from cnnstudio.worker.thumbnail_loader import ThumbnailLoader

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
COLORS = {"cat": "#E69F00", "dog": "#56B4E9"}


def item(path: str, label: str = "cat", **facts: Any) -> GalleryItem:
    return GalleryItem(path, path.rpartition("/")[2], label, **facts)


def many(count: int) -> list[GalleryItem]:
    """Cats first, then as many dogs."""
    half = count // 2
    return [
        item(f"/p/{number:06d}.jpg", "cat" if number < half else "dog") for number in range(count)
    ]


@pytest.fixture
def loader(qapp: Any) -> Iterator[ThumbnailLoader]:
    made = ThumbnailLoader()
    yield made
    made.close()


@pytest.fixture
def gallery(qtbot: QtBot, loader: ThumbnailLoader, theme: Theme) -> Gallery:
    """An open gallery of 400 pictures that do not exist."""
    made = Gallery(loader, theme)
    qtbot.addWidget(made)
    made.resize(700, 500)
    made.show_items(many(400), COLORS)
    made.show()
    made.view.setFocus()
    return made


def names(gallery: Gallery) -> list[str]:
    return [each.name for each in gallery.shown_items]


def press(qtbot: QtBot, gallery: Gallery, key: Qt.Key, modifier: Any = None) -> None:
    qtbot.keyClick(gallery.view, key, modifier or Qt.KeyboardModifier.NoModifier)


def choose_first(gallery: Gallery) -> None:
    gallery.view.setCurrentIndex(gallery.view.pictures.index(0))


def rows(gallery: Gallery) -> list[int]:
    return sorted(index.row() for index in gallery.view.selectionModel().selectedIndexes())


# Values


@pytest.fixture
def two_classes(tmp_path: Path) -> Path:
    for name in ("cat", "dog"):
        (tmp_path / name).mkdir()
        for number in range(4):
            Image.new("RGB", (8, 8), (number, 0, 0)).save(tmp_path / name / f"{number}.png")
    return tmp_path


def test_items_tell_all_that_is_known(two_classes: Path) -> None:
    scan = scan_folders([str(two_classes)])
    cats, dogs = ([str(two_classes / name / f"{n}.png") for n in range(4)] for name in COLORS)
    facts = {path: PictureFacts(path, width=8, height=8) for path in (*cats, *dogs)}
    facts[cats[1]] = PictureFacts(cats[1], Problem("truncated", "", cats[1]))
    digests = {path: path for path in facts}
    alike = LookAlikes(near=((dogs[0], dogs[2]),), digests=digests)
    report = CheckReport(scan, facts, alike)
    edits = PictureEdits().pinning([dogs[1]], "validation").leaving_out([cats[2]])
    arrangement = arrange(scan, PicturesPlan(), edits, report)
    made = {each.path: each for each in gallery_items(arrangement, report, edits)}
    assert list(made) == [*cats, *dogs]  # what is left out stays at its place
    assert (made[dogs[1]].part, made[dogs[1]].pinned) == ("validation", True)
    assert "cut off" in made[cats[1]].problem
    assert made[cats[1]].part is None
    assert (made[cats[2]].left_out, made[cats[2]].part) == (True, None)
    assert [path for path, each in made.items() if each.in_group] == [dogs[0], dogs[2]]
    assert (made[cats[0]].width, made[cats[0]].name) == (8, "0.png")
    assert made[cats[0]].bytes == Path(cats[0]).stat().st_size


def test_items_come_before_anything_was_looked_into(two_classes: Path) -> None:
    scan = scan_folders([str(two_classes)])
    edits = PictureEdits().leaving_out([scan.pictures[0].path])
    arrangement = arrange(scan, PicturesPlan(), edits)
    made = gallery_items(arrangement, None, edits)
    assert [each.label for each in made] == ["cat"] * 4 + ["dog"] * 4
    assert [each.name for each in made if each.left_out] == ["0.png"]
    assert {each.width for each in made} == {0}
    # No search for garbage goes through them, though there are searches again.
    assert gc.isenabled()
    assert not any(each is made for each in gc.get_objects())


def test_look_alikes_are_found_by_way_of_others() -> None:
    alike = LookAlikesOf(LookAlikes(same=(("a", "b"), ("a", "c")), near=(("c", "d"), ("x", "y"))))
    assert alike.find("b", 10) == ["a", "c", "d"]
    assert alike.find("b", 2) == ["a", "c"]
    assert alike.find("alone", 10) == []


# What is to be seen


SHELF = Shelf(
    [
        item("/p/Cat 10.jpg", part="training", bytes=5, modified_ns=3, width=2, height=2),
        item("/p/cat 2.jpg", part="validation", bytes=9, modified_ns=1, in_group=True),
        item("/p/rex.jpg", "dog", part="test", bytes=1, modified_ns=2, width=9, height=9),
        item("/p/torn.jpg", "dog", problem="It is cut off.", pinned=True),
        item("/p/\u1112\u1161\u11ab.jpg", "dog", left_out=True),
    ],
    ("cat", "dog", "bird"),
)


def found(**choice: Any) -> list[str]:
    return [each.path.removeprefix("/p/") for each in SHELF.select(Choice(**choice))]


@pytest.mark.parametrize(
    ("choice", "shown"),
    [
        ({"search": "CAT"}, ["Cat 10.jpg", "cat 2.jpg"]),
        ({"search": "dog rex"}, ["rex.jpg"]),
        ({"search": "한"}, ["\u1112\u1161\u11ab.jpg"]),
        ({"search": "nothing"}, []),
        ({"label": "cat"}, ["Cat 10.jpg", "cat 2.jpg"]),
        ({"label": "bird"}, []),
        ({"show": "training"}, ["Cat 10.jpg"]),
        ({"show": "validation"}, ["cat 2.jpg"]),
        ({"show": "test"}, ["rex.jpg"]),
        ({"show": "problem"}, ["torn.jpg"]),
        ({"show": "pinned"}, ["torn.jpg"]),
        ({"show": "left_out"}, ["\u1112\u1161\u11ab.jpg"]),
        ({"show": "look_alikes"}, ["cat 2.jpg"]),
        ({"show": "test", "label": "cat"}, []),
    ],
)
def test_choice_hides_what_does_not_fit(choice: dict[str, Any], shown: list[str]) -> None:
    assert found(**choice) == shown


@pytest.mark.parametrize(
    ("order", "first"),
    [
        ("class", ["Cat 10.jpg", "cat 2.jpg", "rex.jpg"]),
        ("name", ["cat 2.jpg", "Cat 10.jpg", "rex.jpg"]),
        ("date", ["Cat 10.jpg", "rex.jpg", "cat 2.jpg"]),
        ("bytes", ["cat 2.jpg", "Cat 10.jpg", "rex.jpg"]),
        ("pixels", ["rex.jpg", "Cat 10.jpg", "cat 2.jpg"]),
    ],
)
def test_pictures_are_ordered(order: str, first: list[str]) -> None:
    assert found(order=order)[:3] == first
    turned = found(order=order, is_reversed=True)
    assert [name for name in turned if name in first] == first[::-1]


def test_each_filter_says_how_many_it_would_show() -> None:
    assert SHELF.counts == {"cat": 2, "dog": 3, "bird": 0}
    for show, count in SHELF.shows.items():
        assert count == len(found(show=show)), show


# Places


def test_tiles_fill_their_rows_and_are_found_again() -> None:
    layout = TileLayout(count=23, width=500, wanted_side=100, caption=20)
    used = layout.columns * (layout.side + GAP) - GAP + 2 * MARGIN
    assert 500 - layout.columns < used <= 500
    for number in range(23):
        middle = layout.place(number).center()
        assert layout.number_at(middle.x(), middle.y()) == number
    beyond = layout.place(23).center()
    assert layout.number_at(beyond.x(), beyond.y()) is None
    assert layout.number_at(0, 0) is None
    assert layout.place(22).bottom() < layout.height


def test_a_rubber_band_touches_the_tiles_that_it_covers() -> None:
    layout = TileLayout(count=12, width=2 * MARGIN + 5 * 100 + 4 * GAP, wanted_side=100)
    assert layout.columns == 5
    band = QRect(layout.place(1).center(), layout.place(8).center())
    assert layout.numbers_in(band) == [range(1, 4), range(6, 9)]
    everything = QRect(0, 0, 2000, 2000)
    assert layout.numbers_in(everything) == [range(12)]
    below = QRect(0, 5000, 10, 10)
    assert layout.numbers_in(below) == []


def test_the_model_is_sound(qtbot: QtBot) -> None:
    model = GalleryModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.show_items(many(3))
    said = model.data(model.index(0), Qt.ItemDataRole.AccessibleTextRole)
    assert said == "000000.jpg\ncat"
    model.show_items([item("/p/a.jpg", part="test", left_out=True, problem="Torn.")])
    said = str(model.data(model.index(0), Qt.ItemDataRole.AccessibleTextRole))
    assert said.split("\n") == ["a.jpg", "cat", "Test", "Left out", "Torn."]


def test_rows_become_as_few_ranges_as_can_be(qtbot: QtBot) -> None:
    model = GalleryModel()
    model.show_items(many(20))
    selection = model.selection_of([1, 2, 3, 7, 9, 10])
    ranges = [(selection.at(i).top(), selection.at(i).bottom()) for i in range(selection.count())]
    assert ranges == [(1, 3), (7, 7), (9, 10)]


# By keyboard and mouse


def test_arrows_pages_and_ends_move_through_the_tiles(qtbot: QtBot, gallery: Gallery) -> None:
    columns = gallery.view._layout.columns
    press(qtbot, gallery, Qt.Key.Key_Right)
    press(qtbot, gallery, Qt.Key.Key_Home)
    assert rows(gallery) == [0]
    press(qtbot, gallery, Qt.Key.Key_Right)
    press(qtbot, gallery, Qt.Key.Key_Down)
    assert rows(gallery) == [1 + columns]
    press(qtbot, gallery, Qt.Key.Key_PageDown)
    page = gallery.view.viewport().height() // gallery.view._layout.pitch
    assert rows(gallery) == [1 + columns + page * columns]
    press(qtbot, gallery, Qt.Key.Key_End)
    assert rows(gallery) == [399]
    bar = gallery.view.verticalScrollBar()
    assert bar.value() == bar.maximum() > 0
    press(qtbot, gallery, Qt.Key.Key_PageUp)
    press(qtbot, gallery, Qt.Key.Key_Home)
    assert (rows(gallery), bar.value()) == ([0], 0)


def test_shift_and_ctrl_choose_several(qtbot: QtBot, gallery: Gallery) -> None:
    press(qtbot, gallery, Qt.Key.Key_Home)
    press(qtbot, gallery, Qt.Key.Key_Down, SHIFT)
    columns = gallery.view._layout.columns
    assert rows(gallery) == list(range(columns + 1))
    press(qtbot, gallery, Qt.Key.Key_A, CTRL)
    assert gallery.view.selected_count() == 400
    assert len(gallery.selected_paths()) == 400


def test_clicks_choose_and_shift_clicks_extend(qtbot: QtBot, gallery: Gallery) -> None:
    viewport, layout = gallery.view.viewport(), gallery.view._layout
    left = Qt.MouseButton.LeftButton
    qtbot.mouseClick(viewport, left, pos=layout.place(1).center())
    qtbot.mouseClick(viewport, left, SHIFT, pos=layout.place(layout.columns + 2).center())
    assert rows(gallery) == list(range(1, layout.columns + 3))
    qtbot.mouseClick(viewport, left, CTRL, pos=layout.place(2).center())
    assert rows(gallery) == [1, *range(3, layout.columns + 3)]
    assert gallery._chosen.text() == f"{layout.columns + 1} chosen"


def test_a_band_drawn_from_a_gap_chooses_tiles(qtbot: QtBot, gallery: Gallery) -> None:
    viewport, layout = gallery.view.viewport(), gallery.view._layout
    start = layout.place(0).topLeft() - QPoint(4, 4)
    end = layout.place(layout.columns + 1).center()
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(viewport, (start + end) / 2)
    qtbot.mouseMove(viewport, end)
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=end)
    assert rows(gallery) == [0, 1, layout.columns, layout.columns + 1]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_enter_and_space_open_the_large_view(qtbot: QtBot, gallery: Gallery, key: Qt.Key) -> None:
    press(qtbot, gallery, Qt.Key.Key_Home)
    press(qtbot, gallery, Qt.Key.Key_Right)
    with qtbot.waitSignal(gallery.opened) as caught:
        press(qtbot, gallery, key)
    assert caught.args == ["/p/000001.jpg"]


def test_typed_letters_go_into_the_search(qtbot: QtBot, gallery: Gallery) -> None:
    qtbot.keyClicks(gallery.view, "d")
    qtbot.waitUntil(lambda: len(gallery.shown_items) == 200)
    assert gallery.tools.search.text() == "d"
    assert {each.label for each in gallery.shown_items} == {"dog"}
    qtbot.keyClick(gallery.tools.search, Qt.Key.Key_Down)
    assert gallery.view.current_path() == "/p/000200.jpg"
    qtbot.keyClick(gallery.tools.search, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: len(gallery.shown_items) == 400)


# What is wanted


def test_delete_wants_only_leaving_out(qtbot: QtBot, gallery: Gallery) -> None:
    choose_first(gallery)
    with qtbot.waitSignal(gallery.leaving_out_wanted) as caught:
        gallery._leave_out()
    assert caught.args == [["/p/000000.jpg"]]
    gallery.show_items([item("/p/000000.jpg", left_out=True)], COLORS)
    with qtbot.assertNotEmitted(gallery.leaving_out_wanted):
        gallery._leave_out()
    assert not gallery._leave.isVisible()
    with qtbot.waitSignal(gallery.taking_back_wanted) as caught:
        qtbot.mouseClick(gallery._take, Qt.MouseButton.LeftButton)
    assert caught.args == [["/p/000000.jpg"]]


def entries(menu: QMenu) -> dict[str, Any]:
    return {action.text(): action for action in menu.actions() if action.text()}


def test_the_menu_moves_pins_and_makes_classes(qtbot: QtBot, gallery: Gallery) -> None:
    gallery.show_items(many(4), COLORS, ("cat", "dog", "salt & pepper"))
    choose_first(gallery)
    menu = gallery.make_menu()
    move = entries(entries(menu)["Move to"].menu())
    assert list(move) == ["dog", "salt && pepper", "New class…"]
    with qtbot.waitSignal(gallery.moving_wanted) as moved:
        move["salt && pepper"].trigger()
    assert moved.args == [["/p/000000.jpg"], "salt & pepper"]
    with qtbot.waitSignal(gallery.moving_to_new_class_wanted) as made:
        move["New class…"].trigger()
    assert made.args == [["/p/000000.jpg"]]
    pin = entries(entries(menu)["Pin to"].menu())
    with qtbot.waitSignal(gallery.pinning_wanted) as pinned:
        pin["Test"].trigger()
    assert pinned.args == [["/p/000000.jpg"], "test"]
    with qtbot.waitSignal(gallery.pinning_wanted) as unpinned:
        pin["Not pinned"].trigger()
    assert unpinned.args == [["/p/000000.jpg"], None]


def test_a_read_only_project_is_only_looked_at(qtbot: QtBot, gallery: Gallery) -> None:
    gallery.allow_changes(False)
    choose_first(gallery)
    with qtbot.assertNotEmitted(gallery.leaving_out_wanted):
        gallery._leave_out()
    menu = entries(gallery.make_menu())
    assert [text for text, each in menu.items() if each.isEnabled()] == [
        "Show large",
        "Show in folder",
    ]
    assert not gallery._move.isEnabled()


def test_dragged_pictures_are_paths_a_line() -> None:
    paths = ["/p/ü 1.jpg", "/p/\udcff.jpg"]
    mime = mime_of(paths)
    assert mime.hasFormat("application/x-cnnstudio-pictures")
    assert pictures_in(mime) == paths


# What stays


def test_place_and_choice_survive_a_refresh(qtbot: QtBot, gallery: Gallery) -> None:
    bar = gallery.view.verticalScrollBar()
    press(qtbot, gallery, Qt.Key.Key_End)
    bar.setValue(bar.maximum() // 2)
    top = gallery.view._on_screen().start
    seen, before = gallery.shown_items[top].path, bar.value()
    gallery.show_items(many(400), COLORS)
    assert (bar.value(), gallery.selected_paths()) == (before, ["/p/000399.jpg"])
    columns = gallery.view._layout.columns
    gallery.show_items(many(400)[columns:], COLORS)  # the first row is gone
    assert gallery.shown_items[gallery.view._on_screen().start].path == seen
    assert gallery.view.current_path() == "/p/000399.jpg"


def test_the_first_tile_stays_at_the_top_while_the_size_changes(gallery: Gallery) -> None:
    bar = gallery.view.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    first = gallery.view._on_screen().start
    for side in (200, 70, 128):
        gallery.tools.slider.setValue(side)
        assert first in gallery.view._on_screen()


def test_another_choice_begins_at_the_top_and_keeps_what_is_chosen(
    qtbot: QtBot, gallery: Gallery
) -> None:
    press(qtbot, gallery, Qt.Key.Key_End)
    gallery.choose(Choice(label="dog"))
    assert gallery.view.verticalScrollBar().value() == 0
    assert gallery.selected_paths() == ["/p/000399.jpg"]
    assert gallery.tools.count.text() == "200 of 400"
    gallery.go_to("/p/000003.jpg")
    assert gallery.view.current_path() == "/p/000003.jpg"
    assert gallery.tools.count.text() == "400 pictures"


def test_a_class_that_is_gone_is_no_longer_chosen(gallery: Gallery) -> None:
    gallery.choose(Choice(label="dog"))
    gallery.show_items(many(400)[:200], COLORS)
    assert gallery.choice.label is None
    assert len(gallery.shown_items) == 200


def test_no_fit_says_so_and_shows_all_again(qtbot: QtBot, gallery: Gallery) -> None:
    gallery.choose(Choice(search="nothing"))
    assert gallery._rest_words.text() == "No picture fits."
    qtbot.mouseClick(gallery._show_all, Qt.MouseButton.LeftButton)
    assert len(gallery.shown_items) == 400
    gallery.show_items([], COLORS)
    assert gallery._rest_words.text() == "There are no pictures yet."
    assert not gallery._show_all.isVisible()


# Thumbnails


class CountingLoader(ThumbnailLoader):
    """Answers nothing; remembers what is still asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.open: dict[str, int] = {}

    def request(self, path: str, side: int) -> None:
        self.open.pop(path, None)
        self.open[path] = side

    def forget(self, paths: Any = None, side: int = 0) -> None:
        for path in list(self.open) if paths is None else paths:
            if paths is None or self.open.get(path) == side:
                self.open.pop(path, None)


@pytest.fixture
def counted(qtbot: QtBot, theme: Theme) -> Iterator[tuple[Gallery, CountingLoader]]:
    loader = CountingLoader()
    gallery = Gallery(loader, theme)
    qtbot.addWidget(gallery)
    gallery.resize(700, 500)
    gallery.show_items(many(10_000), COLORS)
    gallery.show()
    qtbot.waitUntil(lambda: bool(loader.open))
    yield gallery, loader
    loader.close()


def test_only_what_is_near_the_screen_is_asked_for(
    qtbot: QtBot, counted: tuple[Gallery, CountingLoader]
) -> None:
    gallery, loader = counted
    shown = len(gallery.view._on_screen())
    qtbot.waitUntil(lambda: len(loader.open) == 2 * shown)
    assert list(loader.open)[-1] == "/p/000000.jpg"  # asked last, served first
    bar = gallery.view.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    first = gallery.shown_items[gallery.view._on_screen().start].path
    qtbot.waitUntil(lambda: first in loader.open)
    assert "/p/000000.jpg" not in loader.open
    qtbot.waitUntil(lambda: len(loader.open) == 3 * len(gallery.view._on_screen()))
    gallery.hide()
    assert loader.open == {}


def test_what_arrives_is_painted_and_what_fails_is_asked_for_once(
    qtbot: QtBot, counted: tuple[Gallery, CountingLoader]
) -> None:
    gallery, loader = counted
    side = gallery.view._pixels
    red = QImage(side, side, QImage.Format.Format_RGB32)
    red.fill(QColor("red"))
    loader.loaded.emit("/p/000000.jpg", red)
    loader.failed.emit("/p/000001.jpg")
    middle = gallery.view._layout.place(0).center()
    qtbot.waitUntil(
        lambda: gallery.view.viewport().grab().toImage().pixelColor(middle) == QColor("red")
    )
    loader.open.clear()
    gallery.view._ask_around()
    assert "/p/000001.jpg" not in loader.open
    assert gallery.view._images.has_failed("/p/000001.jpg")


def test_real_pictures_are_loaded_and_shown(
    qtbot: QtBot, gallery: Gallery, two_classes: Path
) -> None:
    path = two_classes / "blue.png"
    Image.new("RGB", (300, 200), "blue").save(path)
    gallery.show_items([item(str(path))], {})
    middle = gallery.view._layout.place(0).center()

    def is_blue() -> bool:
        color = gallery.view.viewport().grab().toImage().pixelColor(middle)
        return color.blue() > 240 and color.red() < 15

    qtbot.waitUntil(is_blue, timeout=10_000)


@pytest.mark.parametrize("look", ["light", "dark"])
def test_every_sign_leaves_its_mark_on_a_tile(qtbot: QtBot, look: Any) -> None:
    theme = Theme(look)
    theme.apply()
    tiles = TilePainter(theme, Gallery.font(gallery_of(qtbot, theme)), 1.0)
    plain = painted(tiles, item("/p/a.jpg"))
    signs: list[dict[str, Any]] = [
        {"part": "training"},
        {"part": "validation"},
        {"part": "test"},
        {"problem": "Torn."},
        {"left_out": True},
        {"pinned": True},
        {"in_group": True},
    ]
    dragged = [tiles.drag_picture(plain, count).toImage() for count in (1, 2)]
    assert dragged[0] != dragged[1]
    seen = [plain, *(painted(tiles, item("/p/a.jpg", **facts)) for facts in signs)]
    seen += [
        painted(tiles, item("/p/a.jpg"), TileState(is_selected=True)),
        painted(tiles, item("/p/a.jpg"), TileState(is_current=True)),
        painted(tiles, item("/p/a.jpg"), TileState(is_under_mouse=True)),
    ]
    assert all(one != other for place, one in enumerate(seen) for other in seen[:place])


def gallery_of(qtbot: QtBot, theme: Theme) -> Gallery:
    loader = CountingLoader()
    made = Gallery(loader, theme)
    qtbot.addWidget(made)
    loader.close()
    return made


def painted(tiles: TilePainter, shown: GalleryItem, state: TileState | None = None) -> QImage:
    from PySide6.QtGui import QPainter

    ground = QImage(120, 140, QImage.Format.Format_RGB32)
    ground.fill(tiles.background)
    picture = QImage(100, 100, QImage.Format.Format_RGB32)
    picture.fill(QColor("#808080"))
    painter = QPainter(ground)
    tiles.paint(painter, QRect(10, 10, 100, 100), shown, picture, state or TileState())
    painter.end()
    return ground


def test_letters_on_every_part_can_be_read(theme: Theme) -> None:
    for look in ("light", "dark"):
        theme.choose(look)  # type: ignore[arg-type]
        for part in ("training", "validation", "test"):
            color = theme.color(part)
            assert contrast(color, readable_on(color)) >= 4.5


def contrast(one: QColor, other: QColor) -> float:
    def lightness(color: QColor) -> float:
        values = [
            value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
            for value in (color.redF(), color.greenF(), color.blueF())
        ]
        return 0.2126 * values[0] + 0.7152 * values[1] + 0.0722 * values[2]

    lighter, darker = sorted((lightness(one), lightness(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)
