"""Hand-written stand-ins for cameras, and for what QtMultimedia offers of them."""

from types import SimpleNamespace
from typing import Any

from PySide6.QtCore import QByteArray, QObject, Qt, Signal
from PySide6.QtGui import QColor, QImage

from cnnstudio.project.problems import Problem, ProblemError
from cnnstudio.worker.camera import Camera


def frame(color: str = "red", width: int = 64, height: int = 48) -> QImage:
    """A frame of one colour, with a white left edge: so one sees whether it is mirrored."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(color))
    for x in range(width // 8):
        for y in range(height):
            image.setPixelColor(x, y, QColor("white"))
    return image


class FakeCamera(Camera):
    """Gives the frames that the test feeds; ``problem`` stands in its way while it is set."""

    def __init__(self, names: tuple[str, ...] = ("Camera",), silence_ms: int = 60_000) -> None:
        super().__init__(silence_ms=silence_ms)
        self.all_names = list(names)
        self.problem: Problem | None = None
        self.opened: list[str] = []
        self.closed = 0

    def names(self) -> list[str]:
        return self.all_names

    def feed(self, image: QImage | None = None) -> None:
        """A frame comes."""
        self._take(frame() if image is None else image)

    def break_off(self, problem: Problem) -> None:
        """The camera is no longer there."""
        self._fail(problem)

    def _open(self, name: str, most_a_second: float) -> None:
        if self.problem is not None:
            raise ProblemError(self.problem)
        self.opened.append(name)
        self._opened(name or self.all_names[0])

    def _close(self) -> None:
        self.closed += 1


class FakeFrame:
    """A frame as QtMultimedia has it."""

    def __init__(self, image: QImage | None = None) -> None:
        self._image = frame() if image is None else image

    def isValid(self) -> bool:
        return True

    def toImage(self) -> QImage:
        return self._image


class FakeDevice:
    """A camera as Qt lists it."""

    def __init__(self, name: str, device: str, is_default: bool = False) -> None:
        self._facts = (name, device, is_default)

    def description(self) -> str:
        return self._facts[0]

    def id(self) -> QByteArray:
        return QByteArray(self._facts[1].encode())

    def isDefault(self) -> bool:
        return self._facts[2]

    def videoFormats(self) -> list[Any]:
        return []


class FakeMultimedia:
    """In place of the module QtMultimedia; ``goes_on`` says whether a camera can be started."""

    def __init__(self, *devices: FakeDevice) -> None:
        self.devices = list(devices)
        self.goes_on = True
        self.error_at_start = ""
        self.cameras: list[Any] = []
        self.sinks: list[Any] = []
        self.watchers: list[Any] = []
        fake = self

        class Devices(QObject):
            videoInputsChanged = Signal()  # noqa: N815 (Qt's own name)

            def __init__(self, parent: QObject | None = None) -> None:
                super().__init__(parent)
                fake.watchers.append(self)

            @staticmethod
            def videoInputs() -> list[FakeDevice]:
                return fake.devices

        class OneCamera(QObject):
            errorOccurred = Signal(object, str)  # noqa: N815

            def __init__(self, device: FakeDevice) -> None:
                super().__init__()
                self.device = device
                self.is_active = False
                fake.cameras.append(self)

            def start(self) -> None:
                self.is_active = fake.goes_on
                if fake.error_at_start:
                    self.errorOccurred.emit(1, fake.error_at_start)

            def stop(self) -> None:
                self.is_active = False

            def isActive(self) -> bool:
                return self.is_active

        class Sink(QObject):
            videoFrameChanged = Signal(object)  # noqa: N815

            def __init__(self) -> None:
                super().__init__()
                fake.sinks.append(self)

        class Session(QObject):
            def setCamera(self, camera: object) -> None:
                """Nothing to join."""

            def setVideoSink(self, sink: object) -> None:
                """Nothing to join."""

        self.QMediaDevices = Devices
        self.QCamera = OneCamera
        self.QVideoSink = Sink
        self.QMediaCaptureSession = Session

    def unplug(self, device: FakeDevice) -> None:
        """Take a camera out."""
        self.devices.remove(device)
        for watcher in self.watchers:
            watcher.videoInputsChanged.emit()


class FakeApplication(QObject):
    """Asks the person whether cameras may be used, as macOS does."""

    aboutToQuit = Signal()  # noqa: N815

    def __init__(self, status: Qt.PermissionStatus, answer: Qt.PermissionStatus) -> None:
        super().__init__()
        self.status = status
        self._answer = answer
        self._waiting: list[Any] = []

    def checkPermission(self, permission: object) -> Qt.PermissionStatus:
        return self.status

    def requestPermission(self, permission: object, context: QObject, answered: Any) -> None:
        self._waiting.append(answered)

    def answer(self) -> None:
        """The person answers."""
        self.status = self._answer
        for each in self._waiting:
            each(SimpleNamespace())
