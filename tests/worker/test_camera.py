"""Cameras give frames, or say why not; only the last tests need QtMultimedia."""

import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QObject, Qt, QThread
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from cnnstudio.project.problems import Problem
from cnnstudio.worker import camera as camera_module
from cnnstudio.worker.camera import Camera, DeviceCamera, FrameConverter, best_format
from tests.fake_cameras import (
    FakeApplication,
    FakeCamera,
    FakeDevice,
    FakeFrame,
    FakeMultimedia,
    frame,
)

WAIT_MS = 10_000


class Heard(QObject):
    """What a camera said, and the thread in which it was heard."""

    def __init__(self, camera: Camera) -> None:
        super().__init__()
        self.said: list[str] = []
        self.problems: list[Problem] = []
        self.threads: set[int] = set()
        camera.started.connect(lambda: self.said.append("started"))
        camera.frame_came.connect(self._on_frame)
        camera.failed.connect(self._on_failed)

    def _on_frame(self, image: QImage) -> None:
        assert not image.isNull()
        self.said.append("frame")
        self.threads.add(threading.get_ident())

    def _on_failed(self, problem: Problem) -> None:
        assert problem.is_known
        self.said.append("failed")
        self.problems.append(problem)

    @property
    def kinds(self) -> list[str]:
        return [problem.kind for problem in self.problems]


# Every camera


def test_a_camera_has_started_when_its_first_frame_comes(qapp: object) -> None:
    camera = FakeCamera()
    heard = Heard(camera)
    camera.start()
    assert (heard.said, camera.is_running, camera.gives_pictures) == ([], True, False)
    camera.feed()
    camera.feed()
    assert heard.said == ["started", "frame", "frame"]
    assert camera.gives_pictures


def test_a_stopped_camera_gives_no_frame_and_is_closed_once(qapp: object) -> None:
    camera = FakeCamera()
    heard = Heard(camera)
    camera.start()
    camera.stop()
    camera.stop()
    camera.feed()
    assert heard.said == []
    assert camera.closed == 1
    assert not camera.gives_pictures


def test_what_stands_in_the_way_is_told_once_and_it_can_be_tried_again(qapp: object) -> None:
    camera = FakeCamera()
    heard = Heard(camera)
    camera.problem = Problem("camera_missing")
    camera.start()
    assert (heard.kinds, camera.is_running) == (["camera_missing"], False)
    camera.problem = None
    camera.start()
    camera.feed()
    assert heard.said == ["failed", "started", "frame"]


def test_a_camera_that_gives_no_frame_says_so(qtbot: QtBot) -> None:
    camera = FakeCamera(("Eye",), silence_ms=30)
    heard = Heard(camera)
    with qtbot.waitSignal(camera.failed, timeout=WAIT_MS):
        camera.start()
    assert heard.kinds == ["camera_silent"]
    assert heard.problems[0].message == "Eye is on but gives no picture."


def test_a_camera_whose_frames_cease_says_so(qtbot: QtBot) -> None:
    camera = FakeCamera(silence_ms=30)
    heard = Heard(camera)
    with qtbot.waitSignal(camera.failed, timeout=WAIT_MS):
        camera.start()
        camera.feed()
    assert heard.said == ["started", "frame", "failed"]


def test_five_seconds_of_silence_are_too_much() -> None:
    assert camera_module.SILENCE_MS == 5_000


# The computer's own


@pytest.fixture
def eye() -> FakeDevice:
    return FakeDevice("Eye", "/dev/video0", is_default=True)


@pytest.fixture
def multimedia(monkeypatch: pytest.MonkeyPatch, eye: FakeDevice) -> FakeMultimedia:
    fake = FakeMultimedia(FakeDevice("Other", "/dev/video2"), eye)
    monkeypatch.setattr(camera_module, "_multimedia", lambda: fake)
    return fake


@pytest.fixture
def device_camera(qapp: object, multimedia: FakeMultimedia) -> Iterator[DeviceCamera]:
    made = DeviceCamera()
    yield made
    made.stop()


@pytest.fixture
def heard(device_camera: DeviceCamera) -> Heard:
    return Heard(device_camera)


def test_the_systems_favourite_is_the_first(
    device_camera: DeviceCamera, multimedia: FakeMultimedia
) -> None:
    assert device_camera.names() == ["Eye", "Other"]
    device_camera.start()
    assert multimedia.cameras[0].device.description() == "Eye"


def test_cameras_of_the_same_name_are_told_apart(
    device_camera: DeviceCamera, multimedia: FakeMultimedia
) -> None:
    multimedia.devices = [FakeDevice("Eye", f"/dev/video{number}") for number in range(3)]
    assert device_camera.names() == ["Eye", "Eye (2)", "Eye (3)"]
    device_camera.start("Eye (3)")
    assert multimedia.cameras[0].device is multimedia.devices[2]


def test_frames_come_in_the_windows_thread(
    device_camera: DeviceCamera, multimedia: FakeMultimedia, heard: Heard, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(device_camera.frame_came, timeout=WAIT_MS):
        device_camera.start("Other")
        multimedia.sinks[0].videoFrameChanged.emit(FakeFrame())
    assert heard.said == ["started", "frame"]
    assert heard.threads == {threading.get_ident()}


def test_frames_of_a_camera_that_was_left_are_not_those_of_the_next(
    device_camera: DeviceCamera, multimedia: FakeMultimedia, heard: Heard, qtbot: QtBot
) -> None:
    device_camera.start("Eye")
    before = device_camera._session
    device_camera.start("Other")
    device_camera._on_converted(before, frame())
    assert heard.said == []


def test_no_camera_at_all(
    device_camera: DeviceCamera,
    multimedia: FakeMultimedia,
    heard: Heard,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(camera_module, "_is_a_device_locked", lambda: False)
    multimedia.devices = []
    device_camera.start()
    assert heard.kinds == ["camera_missing"]
    assert device_camera.names() == []


def test_a_camera_that_linux_keeps_from_this_person(
    device_camera: DeviceCamera,
    multimedia: FakeMultimedia,
    heard: Heard,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(camera_module, "_is_a_device_locked", lambda: True)
    multimedia.devices = []
    device_camera.start()
    assert heard.kinds == ["camera_forbidden"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asked on Linux only")
@pytest.mark.parametrize("allowed", [True, False])
def test_a_locked_device_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, allowed: bool
) -> None:
    assert not camera_module._is_a_device_locked(tmp_path)
    (tmp_path / "video0").touch()
    monkeypatch.setattr(os, "access", lambda *_: allowed)
    assert camera_module._is_a_device_locked(tmp_path) is not allowed


def test_a_camera_that_another_program_has(
    device_camera: DeviceCamera, multimedia: FakeMultimedia, heard: Heard
) -> None:
    multimedia.error_at_start = "Camera is in use"
    device_camera.start()
    assert heard.kinds == ["camera_in_use"]
    assert "Eye" in heard.problems[0].message


def test_a_camera_that_stays_off_without_a_word(
    device_camera: DeviceCamera, multimedia: FakeMultimedia, heard: Heard
) -> None:
    multimedia.goes_on = False
    device_camera.start()
    assert heard.kinds == ["camera_in_use"]
    assert not device_camera.is_running


def test_a_camera_that_the_system_denies(
    device_camera: DeviceCamera, multimedia: FakeMultimedia, heard: Heard
) -> None:
    multimedia.error_at_start = "Access is denied."
    device_camera.start()
    assert heard.kinds == ["camera_forbidden"]


def test_an_unplugged_camera(
    device_camera: DeviceCamera, multimedia: FakeMultimedia, heard: Heard, eye: FakeDevice
) -> None:
    changes: list[None] = []
    device_camera.names_changed.connect(lambda: changes.append(None))
    device_camera.start("Eye")
    multimedia.unplug(eye)
    assert heard.kinds == ["camera_lost"]
    assert len(changes) == 1
    assert device_camera.names() == ["Other"]


def test_another_camera_may_be_unplugged(
    device_camera: DeviceCamera, multimedia: FakeMultimedia, heard: Heard
) -> None:
    device_camera.start("Eye")
    multimedia.unplug(multimedia.devices[0])
    assert heard.kinds == []
    assert device_camera.is_running


def test_an_error_after_the_first_frame_means_that_it_is_gone(
    device_camera: DeviceCamera, multimedia: FakeMultimedia, heard: Heard, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(device_camera.started, timeout=WAIT_MS):
        device_camera.start()
        multimedia.sinks[0].videoFrameChanged.emit(FakeFrame())
    multimedia.cameras[0].errorOccurred.emit(1, "The device is not ready")
    assert heard.kinds == ["camera_lost"]


Status = Qt.PermissionStatus


@pytest.mark.parametrize(
    ("status", "answer", "kinds"),
    [
        (Status.Undetermined, Status.Granted, []),
        (Status.Undetermined, Status.Denied, ["camera_forbidden"]),
        (Status.Denied, Status.Denied, ["camera_forbidden"]),
    ],
)
def test_the_person_is_asked_and_may_say_no(
    multimedia: FakeMultimedia,
    monkeypatch: pytest.MonkeyPatch,
    status: Status,
    answer: Status,
    kinds: list[str],
) -> None:
    application = FakeApplication(status, answer)
    stand_in = SimpleNamespace(instance=lambda: application)
    monkeypatch.setattr(camera_module, "QCoreApplication", stand_in)
    camera = DeviceCamera()
    heard = Heard(camera)
    camera.start()
    assert not multimedia.cameras
    application.answer()
    assert heard.kinds == kinds
    assert camera.is_running is (not kinds)
    camera.stop()


def test_an_answer_that_comes_after_the_camera_was_stopped_starts_nothing(
    multimedia: FakeMultimedia, monkeypatch: pytest.MonkeyPatch
) -> None:
    application = FakeApplication(Status.Undetermined, Status.Granted)
    stand_in = SimpleNamespace(instance=lambda: application)
    monkeypatch.setattr(camera_module, "QCoreApplication", stand_in)
    camera = DeviceCamera()
    camera.start()
    camera.stop()
    application.answer()
    assert not multimedia.cameras


def test_without_qtmultimedia_a_sentence_says_so(
    qapp: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "PySide6.QtMultimedia", None)
    monkeypatch.delattr("PySide6.QtMultimedia", raising=False)
    camera = DeviceCamera()
    heard = Heard(camera)
    assert camera.names() == []
    camera.start()
    assert heard.kinds == ["camera_support_missing"]
    assert "libpulse0" in heard.problems[0].remedy
    assert not camera.is_running


# Frames become pictures


class Pictures(QObject):
    """Takes what a converter gives, if it shall."""

    def __init__(self, converter: FrameConverter, takes: bool = True) -> None:
        super().__init__()
        self.images: list[QImage] = []
        self._converter = converter
        self._takes = takes
        converter.converted.connect(self._on_converted)

    def _on_converted(self, _: int, image: QImage) -> None:
        self.images.append(image)
        if self._takes:
            self._converter.image_was_taken()


def test_of_frames_that_come_at_once_only_the_newest_is_converted(qtbot: QtBot) -> None:
    converter = FrameConverter(1, 1000)
    pictures = Pictures(converter)
    for color in ("red", "green", "blue"):
        converter.take(FakeFrame(frame(color)))
    qtbot.waitUntil(lambda: bool(pictures.images), timeout=WAIT_MS)
    assert [each.pixelColor(60, 40).name() for each in pictures.images] == ["#0000ff"]


def test_frames_above_the_rate_are_not_converted(
    qapp: QCoreApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100.0
    monkeypatch.setattr(camera_module.time, "monotonic", lambda: now)
    converter = FrameConverter(1, 10)
    pictures = Pictures(converter)
    for number in range(60):  # Two seconds of a camera with 30 frames a second.
        now = 100 + number / 30
        converter.take(FakeFrame())
        qapp.processEvents()
    assert len(pictures.images) == 20


def test_a_busy_window_is_not_flooded(qapp: object) -> None:
    converter = FrameConverter(1, 1000)
    pictures = Pictures(converter, takes=False)
    for _ in range(10):
        converter._newest = FakeFrame()
        converter._convert()
    assert len(pictures.images) == 2
    converter.image_was_taken()
    converter._newest = FakeFrame()
    converter._convert()
    assert len(pictures.images) == 3


def test_a_frame_that_cannot_be_converted_is_left_out(qapp: object) -> None:
    converter = FrameConverter(1, 1000)
    pictures = Pictures(converter)
    for image in (QImage(), QImage(), QImage(), frame()):
        converter._newest = FakeFrame(image)
        converter._convert()
    assert len(pictures.images) == 1


@pytest.mark.parametrize(
    ("choices", "best"),
    [
        ([(640, 480, 30.0), (1280, 720, 30.0), (1920, 1080, 30.0)], 1),
        ([(1280, 720, 10.0), (640, 480, 30.0), (1920, 1080, 5.0)], 1),
        ([(160, 120, 30.0), (1920, 1080, 30.0)], 1),
        ([(640, 480, 15.0), (1280, 720, 7.5)], 0),
        ([(1280, 720, 60.0), (1280, 720, 30.0)], 0),
        ([(0, 0, 0.0)], 0),
    ],
)
def test_a_fluent_format_near_to_720_lines_is_taken(
    choices: list[tuple[int, int, float]], best: int
) -> None:
    assert best_format(choices) == best


# With QtMultimedia itself


@pytest.fixture
def real_multimedia() -> Any:
    try:
        from PySide6 import QtMultimedia
    except ImportError as error:
        pytest.skip(f"QtMultimedia cannot be loaded: {error}")
    return QtMultimedia


def test_real_frames_are_converted_in_the_other_thread(
    real_multimedia: Any, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    thread = QThread()
    thread.start()
    converter = FrameConverter(1, 30)
    converter.moveToThread(thread)
    pictures = Pictures(converter)
    converted_in: list[int] = []
    convert = FrameConverter._convert

    def note_and_convert(self: FrameConverter) -> None:
        converted_in.append(threading.get_ident())
        convert(self)

    monkeypatch.setattr(FrameConverter, "_convert", note_and_convert)
    sink = real_multimedia.QVideoSink()
    sink.videoFrameChanged.connect(converter.take)
    sink.setVideoFrame(real_multimedia.QVideoFrame(frame("blue")))
    qtbot.waitUntil(lambda: bool(pictures.images), timeout=WAIT_MS)
    thread.quit()
    assert thread.wait(WAIT_MS)
    assert threading.get_ident() not in converted_in
    assert pictures.images[0].size() == frame().size()
    assert pictures.images[0].pixelColor(60, 40).blue() > 250
    assert pictures.images[0].pixelColor(1, 1).red() > 250


def test_the_real_cameras_can_be_asked_for(real_multimedia: Any, qapp: object) -> None:
    camera = DeviceCamera()
    heard = Heard(camera)
    if camera.names():
        pytest.skip("this computer has a camera, which a test does not switch on")
    camera.start()
    assert heard.kinds[0] in ("camera_missing", "camera_forbidden")
