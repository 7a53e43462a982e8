"""Recording with a camera, from the button to the files; the test feeds the frames."""

import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from cnnstudio.project.problems import Problem
from cnnstudio.ui.dialogs import webcam_dialog
from cnnstudio.ui.dialogs.webcam_dialog import WebcamDialog
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.camera_preview import CameraPreview
from cnnstudio.ui.widgets.hold_button import HoldButton
from tests.fake_cameras import FakeCamera, frame
from tests.ui.fakes import FakeAsking

WAIT_MS = 10_000
LEFT = Qt.MouseButton.LeftButton


class Clock:
    """The time that the dialog goes by."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(webcam_dialog, "time", made)
    return made


@pytest.fixture
def camera(qapp: object) -> FakeCamera:
    return FakeCamera(("Eye", "Other"))


@pytest.fixture
def asking() -> FakeAsking:
    return FakeAsking()


MakeDialog = Callable[[], WebcamDialog]


@pytest.fixture
def make_dialog(
    camera: FakeCamera, asking: FakeAsking, theme: Theme, tmp_path: Path, qtbot: QtBot
) -> Iterator[MakeDialog]:
    """Makes dialogs; whichever way they end, they are ended."""
    made: list[WebcamDialog] = []

    def make() -> WebcamDialog:
        dialog = WebcamDialog(
            ["cat", "a/b"], "cat", tmp_path / "recorded", theme, camera, asking=asking
        )
        qtbot.addWidget(dialog)
        made.append(dialog)
        dialog.show()
        return dialog

    yield make
    for dialog in made:
        dialog._saver.close()


@pytest.fixture
def dialog(make_dialog: MakeDialog, clock: Clock, camera: FakeCamera, qtbot: QtBot) -> WebcamDialog:
    """A dialog whose camera gives pictures."""
    made = make_dialog()
    qtbot.waitUntil(lambda: camera.is_running, timeout=WAIT_MS)
    camera.feed()
    return made


def record(dialog: WebcamDialog, clock: Clock, seconds: float, color: str = "red") -> None:
    """Hold the button for so long, with a camera of 30 frames a second."""
    dialog.record_button.hold()
    for _ in range(round(seconds * 30)):
        dialog._camera.feed(frame(color))  # type: ignore[attr-defined]
        clock.now += 1 / 30
    dialog.record_button.release()


def finish(dialog: WebcamDialog, qtbot: QtBot) -> dict[str, list[str]]:
    with qtbot.waitSignal(dialog.accepted, timeout=WAIT_MS):
        dialog.done_button.click()
    return dialog.recorded


def files_in(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.rglob("*") if each.is_file())


def button_called(widget: QWidget, text: str) -> QPushButton:
    return next(each for each in widget.findChildren(QPushButton) if each.text() == text)


def words_in(widget: QWidget) -> str:
    return "\n".join(each.text() for each in widget.findChildren(QLabel) if each.isVisible())


# Recording


def test_holding_records_into_the_class_at_the_chosen_rate(
    dialog: WebcamDialog, clock: Clock, tmp_path: Path, qtbot: QtBot
) -> None:
    dialog.settings.rate.buttons[10].click()
    record(dialog, clock, 2)
    assert dialog.count.text() == "cat: 20 new pictures"
    assert len(dialog.strip.numbers()) == 20
    recorded = finish(dialog, qtbot)
    assert list(recorded) == ["cat"]
    assert len(recorded["cat"]) == 20
    assert {Path(file).parent for file in recorded["cat"]} == {tmp_path / "recorded" / "cat"}
    assert sorted(map(Path, recorded["cat"])) == sorted((tmp_path / "recorded" / "cat").iterdir())


def test_files_hold_what_the_camera_sees_not_the_mirror(
    dialog: WebcamDialog, clock: Clock, qtbot: QtBot
) -> None:
    assert dialog.settings.mirror.isChecked()
    record(dialog, clock, 0.1, "blue")
    with Image.open(finish(dialog, qtbot)["cat"][0]) as image:
        assert min(image.getpixel((1, 20))) > 200  # type: ignore[type-var]
        red, green, blue = image.getpixel((60, 20))  # type: ignore[misc]
        assert blue > 200 > max(red, green)
        assert 0x9003 in image.getexif().get_ifd(0x8769)


def test_nothing_is_recorded_before_and_after(
    dialog: WebcamDialog, clock: Clock, camera: FakeCamera
) -> None:
    for _ in range(30):
        camera.feed()
        clock.now += 1 / 30
    record(dialog, clock, 1)
    taken = dialog._bursts.count
    for _ in range(30):
        camera.feed()
        clock.now += 1 / 30
    assert (taken, dialog._bursts.count) == (5, 5)


def test_another_class_can_be_chosen_meanwhile(
    dialog: WebcamDialog, clock: Clock, tmp_path: Path, qtbot: QtBot
) -> None:
    record(dialog, clock, 1)
    dialog.settings.class_choice.setCurrentIndex(1)
    assert dialog.count.text() == "a/b: 0 new pictures"
    assert dialog.strip.numbers() == []
    record(dialog, clock, 2)
    assert dialog.count.text() == "a/b: 10 new pictures"
    assert dialog._total.text() == "15 pictures in all"
    recorded = finish(dialog, qtbot)
    assert {name: len(files) for name, files in recorded.items()} == {"cat": 5, "a/b": 10}
    folders = [each.name for each in (tmp_path / "recorded").iterdir()]
    assert len(folders) == 2
    assert all(Path(file).is_file() for files in recorded.values() for file in files)


def test_the_countdown_is_shown_and_nothing_is_taken_meanwhile(
    dialog: WebcamDialog, clock: Clock, camera: FakeCamera
) -> None:
    dialog.settings.countdown.buttons[3].click()
    dialog.record_button.hold()
    shown = []
    for _ in range(4):
        dialog._show_state()
        shown.append((dialog.preview._countdown, dialog.preview._is_recording))
        camera.feed()
        clock.now += 1
    assert shown == [(3, False), (2, False), (1, False), (0, True)]
    assert dialog._bursts.count == 1
    dialog.record_button.release()
    assert (dialog.preview._countdown, dialog.preview._is_recording) == (0, False)


def test_let_go_during_the_countdown_records_nothing(
    dialog: WebcamDialog, clock: Clock, tmp_path: Path
) -> None:
    dialog.settings.countdown.buttons[5].click()
    record(dialog, clock, 4)
    record(dialog, clock, 4)
    assert dialog._bursts.count == 0
    assert files_in(tmp_path) == []


def test_undo_takes_the_last_burst_back_with_its_files(
    dialog: WebcamDialog, clock: Clock, tmp_path: Path, qtbot: QtBot
) -> None:
    assert not dialog.undo_button.isEnabled()
    record(dialog, clock, 1)
    record(dialog, clock, 2)
    dialog.undo_button.click()
    assert dialog.count.text() == "cat: 5 new pictures"
    assert len(dialog.strip.numbers()) == 5
    qtbot.waitUntil(lambda: dialog._saver.is_idle, timeout=WAIT_MS)
    assert len(files_in(tmp_path)) == 5
    qtbot.keyClick(dialog, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert dialog._bursts.count == 0
    assert not dialog.undo_button.isEnabled()


def test_what_cannot_be_kept_up_with_is_skipped_and_said(
    dialog: WebcamDialog, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialog._saver, "_most_waiting_bytes", 0)
    record(dialog, clock, 1)
    assert dialog._bursts.count == 0
    assert "disk is slow" in dialog.note.text()


# The end


def test_cancelled_nothing_is_left(
    dialog: WebcamDialog, clock: Clock, camera: FakeCamera, asking: FakeAsking, tmp_path: Path
) -> None:
    record(dialog, clock, 2)
    dialog.cancel_button.click()
    assert asking.questions == ["Throw away 10 new pictures?"]
    assert dialog.result() == QDialog.DialogCode.Rejected
    assert list(tmp_path.iterdir()) == []
    assert dialog.recorded == {}
    assert not camera.is_running


def test_who_changes_their_mind_goes_on_recording(
    dialog: WebcamDialog, clock: Clock, asking: FakeAsking, qtbot: QtBot
) -> None:
    record(dialog, clock, 1)
    asking.next_choice = 1
    dialog.close()
    assert dialog.isVisible()
    record(dialog, clock, 1)
    assert len(finish(dialog, qtbot)["cat"]) == 10


def test_with_nothing_recorded_nobody_is_asked(
    dialog: WebcamDialog, asking: FakeAsking, camera: FakeCamera
) -> None:
    dialog.close()
    assert not dialog.isVisible()
    assert asking.questions == []
    assert not camera.is_running


def test_done_without_a_picture_is_an_empty_answer(dialog: WebcamDialog, qtbot: QtBot) -> None:
    assert finish(dialog, qtbot) == {}


# Mouse and keys


def test_the_mouse_may_leave_the_button(dialog: WebcamDialog, qtbot: QtBot) -> None:
    button = dialog.record_button
    qtbot.mousePress(button, LEFT)
    QTest.mouseMove(button, QPoint(5, -200))
    assert button.is_held
    qtbot.mouseRelease(button, LEFT, pos=QPoint(5, -200))
    assert not button.is_held
    assert not dialog._recorder.is_held


def test_the_right_button_records_nothing(dialog: WebcamDialog, qtbot: QtBot) -> None:
    qtbot.mousePress(dialog.record_button, Qt.MouseButton.RightButton)
    assert not dialog.record_button.is_held


def test_the_space_bar_records_as_long_as_it_is_held(dialog: WebcamDialog, qtbot: QtBot) -> None:
    for target in (dialog.record_button, dialog):
        qtbot.keyPress(target, Qt.Key.Key_Space)
        assert dialog._recorder.is_held
        qtbot.keyRelease(target, Qt.Key.Key_Space)
        assert not dialog._recorder.is_held


def test_escape_stops_the_recording_before_it_closes_anything(
    dialog: WebcamDialog, qtbot: QtBot
) -> None:
    qtbot.keyPress(dialog.record_button, Qt.Key.Key_Space)
    qtbot.keyClick(dialog.record_button, Qt.Key.Key_Escape)
    assert not dialog._recorder.is_held
    assert dialog.isVisible()
    qtbot.keyClick(dialog.record_button, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_a_button_that_is_hidden_or_switched_off_lets_go(theme: Theme, qtbot: QtBot) -> None:
    button = HoldButton("Hold", "Let go", theme)
    qtbot.addWidget(button)
    button.show()
    told: list[str] = []
    button.held.connect(lambda: told.append("held"))
    button.let_go.connect(lambda: told.append("let go"))
    button.hold()
    button.setEnabled(False)
    button.hold()
    button.setEnabled(True)
    button.hold()
    button.hide()
    assert told == ["held", "let go"] * 2


# What goes wrong


def test_a_camera_that_fails_says_why_and_can_be_tried_again(
    make_dialog: MakeDialog, camera: FakeCamera, qtbot: QtBot
) -> None:
    camera.problem = Problem("camera_missing")
    dialog = make_dialog()
    qtbot.waitUntil(lambda: "No camera was found." in words_in(dialog), timeout=WAIT_MS)
    assert not dialog.record_button.isEnabled()
    camera.problem = None
    button_called(dialog, "Try again").click()
    qtbot.waitUntil(lambda: camera.is_running, timeout=WAIT_MS)
    assert not dialog.record_button.isEnabled()
    camera.feed()
    assert dialog.record_button.isEnabled()
    assert "No camera was found." not in words_in(dialog)


def test_unplugged_while_recording_keeps_what_was_recorded(
    dialog: WebcamDialog, clock: Clock, camera: FakeCamera, qtbot: QtBot
) -> None:
    dialog.record_button.hold()
    camera.feed()
    camera.break_off(Problem("camera_lost", values={"name": "Eye"}))
    assert not dialog._recorder.is_held
    assert "Eye is gone" in words_in(dialog)
    assert len(finish(dialog, qtbot)["cat"]) == 1


def test_a_camera_that_is_plugged_in_is_taken_at_once(
    make_dialog: MakeDialog, camera: FakeCamera, qtbot: QtBot
) -> None:
    camera.problem = Problem("camera_missing")
    camera.all_names = []
    dialog = make_dialog()
    qtbot.waitUntil(lambda: "No camera was found." in words_in(dialog), timeout=WAIT_MS)
    camera.problem = None
    camera.all_names = ["New"]
    camera.names_changed.emit()
    qtbot.waitUntil(lambda: camera.opened == ["New"], timeout=WAIT_MS)


def test_another_camera_can_be_chosen_where_there_are_several(
    dialog: WebcamDialog, camera: FakeCamera, qtbot: QtBot
) -> None:
    choice = dialog.settings.camera_choice
    assert choice.isVisible()
    choice.setCurrentIndex(1)
    choice.activated.emit(1)
    qtbot.waitUntil(lambda: camera.opened == ["Eye", "Other"], timeout=WAIT_MS)
    camera.all_names = ["Other"]
    camera.names_changed.emit()
    assert not choice.isVisible()


def test_a_full_disk_stops_the_recording_once_and_keeps_the_rest(
    dialog: WebcamDialog,
    clock: Clock,
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def no_room(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    record(dialog, clock, 1)
    qtbot.waitUntil(lambda: dialog._bursts.all_are_saved, timeout=WAIT_MS)
    with monkeypatch.context() as full:
        full.setattr(os, "fsync", no_room)
        dialog.record_button.hold()
        dialog._camera.feed()  # type: ignore[attr-defined]
        qtbot.waitUntil(lambda: "The disk is full." in words_in(dialog), timeout=WAIT_MS)
        assert not dialog._recorder.is_held
        assert not dialog.record_button.isEnabled()
        assert dialog.count.text() == "cat: 5 new pictures"
        assert len(files_in(tmp_path)) == 5
    button_called(dialog, "Try again").click()
    assert dialog.record_button.isEnabled()
    record(dialog, clock, 1)
    assert len(finish(dialog, qtbot)["cat"]) == 10


def test_a_disk_that_fills_up_at_the_very_end_is_told(
    dialog: WebcamDialog, clock: Clock, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", no_room)
    record(dialog, clock, 1)
    dialog.accept()
    qtbot.waitUntil(lambda: "The disk is full." in words_in(dialog), timeout=WAIT_MS)
    assert dialog.isVisible()
    assert finish(dialog, qtbot) == {}


# What is shown


def test_the_preview_is_a_mirror_until_it_is_switched_off(theme: Theme, qtbot: QtBot) -> None:
    preview = CameraPreview(theme)
    qtbot.addWidget(preview)
    preview.resize(320, 240)
    preview.show_image(frame("blue"))

    def edges() -> tuple[str, str]:
        seen = preview.grab().toImage()
        return tuple(QColor(seen.pixel(x, 120)).name() for x in (10, 309))  # type: ignore[return-value]

    assert edges() == ("#0000ff", "#ffffff")
    preview.mirror(False)
    assert edges() == ("#ffffff", "#0000ff")


def test_everything_can_be_reached_by_keyboard_and_has_a_name(dialog: WebcamDialog) -> None:
    for widget in (
        dialog.record_button,
        dialog.settings.class_choice,
        dialog.settings.camera_choice,
        dialog.settings.mirror,
        *dialog.settings.rate.buttons.values(),
        *dialog.settings.countdown.buttons.values(),
    ):
        assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        assert widget.accessibleName() or widget.property("text")
    assert dialog.focusWidget() is dialog.record_button


def test_it_fits_a_small_screen(dialog: WebcamDialog) -> None:
    smallest = dialog.minimumSizeHint()
    assert smallest.width() <= 1024
    assert smallest.height() <= 680
