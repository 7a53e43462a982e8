"""Cameras: pictures of one, as they come.

What is the same for every camera is in :class:`Camera`; :class:`DeviceCamera` is the one of this
computer. QtMultimedia is imported only when a camera is asked for.
"""

import math
import os
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from PySide6.QtCore import QCameraPermission, QCoreApplication, QObject, Qt, QThread, QTimer, Signal
from PySide6.QtGui import QImage

from cnnstudio.project.problems import Problem, ProblemError
from cnnstudio.project.recording import Recorder

MOST_A_SECOND = 30.0
SILENCE_MS = 5_000

_WANTED_PIXELS = 1280 * 720
_SMOOTH_RATE = 24
_MOST_ON_THE_WAY = 2


class Camera(QObject):
    """A camera that is started and stopped.

    After :meth:`start` comes ``started`` with the first frame, and ``frame_came`` with every one,
    as the camera sees it (not mirrored); or ``failed`` with a Problem, once, and then nothing
    until it is started again. A camera that gives no frame for a while fails too.
    """

    started = Signal()
    frame_came = Signal(QImage)
    failed = Signal(object)
    names_changed = Signal()

    def __init__(self, parent: QObject | None = None, silence_ms: int = SILENCE_MS) -> None:
        super().__init__(parent)
        self._name = ""
        self._is_wanted = False
        self._had_frame = False
        self._silence = QTimer(self)
        self._silence.setSingleShot(True)
        self._silence.setInterval(silence_ms)
        self._silence.timeout.connect(self._on_silence)

    @property
    def is_running(self) -> bool:
        """Whether it was started, and neither stopped nor failed since."""
        return self._is_wanted

    @property
    def gives_pictures(self) -> bool:
        """Whether it runs and its first frame came."""
        return self._had_frame

    def names(self) -> list[str]:
        """The cameras there are, the system's favourite first; may be none."""
        raise NotImplementedError

    def start(self, name: str = "", most_a_second: float = MOST_A_SECOND) -> None:
        """Start the camera called ``name``, or the first; frames above the rate are left out."""
        self.stop()
        self._name = name
        self._is_wanted = True
        try:
            self._open(name, most_a_second)
        except ProblemError as error:
            self._fail(error.problem)

    def stop(self) -> None:
        """Give the camera back to the system. Nothing happens if it is not running."""
        self._silence.stop()
        self._had_frame = False
        if self._is_wanted:
            self._is_wanted = False
            self._close()

    def _open(self, name: str, most_a_second: float) -> None:
        """Begin; call :meth:`_opened` when it is done. Raises ProblemError."""
        raise NotImplementedError

    def _close(self) -> None:
        """End what was begun, however far it came."""
        raise NotImplementedError

    def _opened(self, name: str) -> None:
        """The camera called ``name`` runs: frames must come now."""
        self._name = name
        self._silence.start()

    def _take(self, image: QImage) -> None:
        """A frame came."""
        if not self._is_wanted:
            return
        self._silence.start()
        if not self._had_frame:
            self._had_frame = True
            self.started.emit()
        self.frame_came.emit(image)

    def _fail(self, problem: Problem) -> None:
        """It is over."""
        if self._is_wanted:
            self.stop()
            self.failed.emit(problem)

    def _on_silence(self) -> None:
        self._fail(Problem("camera_silent", values={"name": self._name}))


class DeviceCamera(Camera):
    """The cameras of this computer, through QtMultimedia."""

    def __init__(self, parent: QObject | None = None, silence_ms: int = SILENCE_MS) -> None:
        super().__init__(parent, silence_ms)
        self._devices: Any = None
        self._device: Any = None
        self._parts: list[QObject] = []
        self._thread: QThread | None = None
        self._converter: FrameConverter | None = None
        self._session = 0
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.stop)

    def names(self) -> list[str]:
        try:
            return list(self._named_devices())
        except ProblemError:  # Told by 'failed' once it shall start.
            return []

    def _open(self, name: str, most_a_second: float) -> None:
        _multimedia()
        self._session += 1
        session = self._session

        def on_answered(*_: object) -> None:
            if session == self._session and self._is_wanted:
                self._on_permission(name, most_a_second)

        application = QCoreApplication.instance()
        assert application is not None
        permission = QCameraPermission()
        if application.checkPermission(permission) == Qt.PermissionStatus.Undetermined:
            application.requestPermission(permission, self, on_answered)
        else:
            self._begin(name, most_a_second)

    def _on_permission(self, name: str, most_a_second: float) -> None:
        """The person answered the system's question whether the camera may be used."""
        try:
            self._begin(name, most_a_second)
        except ProblemError as error:
            self._fail(error.problem)

    def _begin(self, name: str, most_a_second: float) -> None:
        application = QCoreApplication.instance()
        assert application is not None
        if application.checkPermission(QCameraPermission()) != Qt.PermissionStatus.Granted:
            raise ProblemError(Problem("camera_forbidden"))
        multimedia = _multimedia()
        devices = self._named_devices()
        if not devices:
            kind = "camera_forbidden" if _is_a_device_locked() else "camera_missing"
            raise ProblemError(Problem(kind))
        if name not in devices:
            name = next(iter(devices))
        self._device = devices[name]
        self._thread = QThread()
        self._thread.start()
        self._converter = FrameConverter(self._session, most_a_second)
        self._converter.moveToThread(self._thread)
        self._converter.converted.connect(self._on_converted)
        camera = multimedia.QCamera(self._device)
        sink = multimedia.QVideoSink()
        capture = multimedia.QMediaCaptureSession()
        self._parts = [capture, sink, camera]
        formats = self._device.videoFormats()
        if formats:
            camera.setCameraFormat(formats[best_format([_facts_of(each) for each in formats])])
        camera.errorOccurred.connect(self._on_error)
        sink.videoFrameChanged.connect(self._converter.take)
        capture.setCamera(camera)
        capture.setVideoSink(sink)
        self._opened(name)
        camera.start()
        # On Windows, a camera that another program has stays off without a word.
        if self._is_wanted and not camera.isActive():
            self._fail(Problem("camera_in_use", values={"name": name}))

    def _close(self) -> None:
        self._session += 1
        if self._parts:
            capture, sink, camera = self._parts
            self._parts = []
            camera.blockSignals(True)
            sink.blockSignals(True)
            camera.stop()  # type: ignore[attr-defined]
            capture.setCamera(None)  # type: ignore[attr-defined]
            for part in (capture, sink, camera):
                part.deleteLater()
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.quit()
            thread.wait()
        self._converter = None

    def _named_devices(self) -> dict[str, Any]:
        """What Qt knows of each camera, by a name that no other one has."""
        multimedia = _multimedia()
        if self._devices is None:
            self._devices = multimedia.QMediaDevices(self)
            self._devices.videoInputsChanged.connect(self._on_devices_changed)
        found = sorted(
            multimedia.QMediaDevices.videoInputs(), key=lambda each: not each.isDefault()
        )
        named: dict[str, Any] = {}
        for device in found:
            name = device.description()
            count = 2
            while name in named:
                name = f"{device.description()} ({count})"
                count += 1
            named[name] = device
        return named

    def _on_converted(self, session: int, image: QImage) -> None:
        if session == self._session and self._converter is not None:
            self._converter.image_was_taken()
            self._take(image)

    def _on_devices_changed(self) -> None:
        if self._parts:
            there = {bytes(each.id().data()) for each in self._named_devices().values()}
            if bytes(self._device.id().data()) not in there:
                self._fail(Problem("camera_lost", values={"name": self._name}))
        self.names_changed.emit()

    def _on_error(self, _: object, words: str) -> None:
        """Qt has one kind of error, and English words; most often the camera is taken."""
        if any(word in words.casefold() for word in ("denied", "permission", "authori")):
            self._fail(Problem("camera_forbidden"))
        elif self._had_frame:
            self._fail(Problem("camera_lost", values={"name": self._name}))
        else:
            self._fail(Problem("camera_in_use", values={"name": self._name}))


class FrameConverter(QObject):
    """Makes pictures of a camera's frames, in a thread of its own.

    Of frames that come faster than they are converted, or than the window takes the pictures, only
    the newest is kept: nothing piles up.
    """

    converted = Signal(int, QImage)

    def __init__(self, session: int, most_a_second: float) -> None:
        super().__init__()
        self._session = session
        self._gate = Recorder(most_a_second)
        self._gate.hold(time.monotonic())
        self._newest: Any = None
        self._room = threading.Semaphore(_MOST_ON_THE_WAY)

    def take(self, frame: Any) -> None:
        """A frame (QVideoFrame) came."""
        if not frame.isValid() or not self._gate.frame(time.monotonic()):
            return
        is_waiting = self._newest is not None
        self._newest = frame
        if not is_waiting:  # Those that came meanwhile are seen to first.
            QTimer.singleShot(0, self, self._convert)

    def image_was_taken(self) -> None:
        """The window took one of the pictures; called in the window's thread."""
        self._room.release()

    def _convert(self) -> None:
        frame, self._newest = self._newest, None
        if not self._room.acquire(blocking=False):
            return
        image = frame.toImage()
        if image.isNull():
            self._room.release()
        else:
            self.converted.emit(self._session, image)


def best_format(choices: Sequence[tuple[int, int, float]]) -> int:
    """Which of a camera's formats (width, height, frames a second) to take.

    A fluent one, near to 1280 × 720: networks see far less, and larger frames only cost time.
    """

    def badness(index: int) -> tuple[float, float]:
        width, height, rate = choices[index]
        size = abs(math.log(max(1, width * height) / _WANTED_PIXELS))
        return max(0.0, _SMOOTH_RATE - rate), size

    return min(range(len(choices)), key=badness)


def _facts_of(camera_format: Any) -> tuple[int, int, float]:
    size = camera_format.resolution()
    return size.width(), size.height(), camera_format.maxFrameRate()


def _multimedia() -> ModuleType:
    """QtMultimedia. Raises ProblemError if it, or a library that it needs, is not there."""
    try:
        from PySide6 import QtMultimedia
    except ImportError as error:
        reason = str(error).strip().rstrip(".")
        problem = Problem("camera_support_missing", values={"reason": reason})
        raise ProblemError(problem) from error
    return QtMultimedia


def _is_a_device_locked(folder: Path = Path("/dev")) -> bool:
    """Whether Linux has a camera that this person may not open: Qt does not list it then."""
    if not sys.platform.startswith("linux"):
        return False
    return any(not os.access(each, os.R_OK | os.W_OK) for each in folder.glob("video*"))
