"""Pictures of the window's own are written in the background, whole or not at all."""

import errno
import os
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from cnnstudio.project.problems import Problem
from cnnstudio.worker import picture_saver
from cnnstudio.worker.picture_saver import PictureSaver

WAIT_MS = 10_000
MOMENT = datetime(2026, 3, 4, 5, 6, 7, 89_000)


def picture(color: str = "red", width: int = 33, height: int = 20) -> QImage:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(color))
    return image


class Heard:
    """What a saver said."""

    def __init__(self, saver: PictureSaver) -> None:
        self.saved: dict[int, str] = {}
        self.failed: list[Problem] = []
        saver.saved.connect(self.saved.__setitem__)
        saver.failed.connect(self.failed.append)


@pytest.fixture
def saver(qapp: object) -> Iterator[PictureSaver]:
    made = PictureSaver()
    yield made
    made.close()


@pytest.fixture
def heard(saver: PictureSaver) -> Heard:
    return Heard(saver)


@pytest.fixture
def hold(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Nothing is written until the returned function is called."""
    may_write = threading.Event()
    write = picture_saver._write

    def wait_and_write(*arguments: object) -> Path:
        assert may_write.wait(10)
        return write(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(picture_saver, "_write", wait_and_write)
    yield may_write.set
    may_write.set()


def wait_until_idle(saver: PictureSaver, qtbot: QtBot) -> None:
    """Until all is done and told."""
    qtbot.waitUntil(lambda: saver.is_idle, timeout=WAIT_MS)
    QCoreApplication.sendPostedEvents()


def names_in(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def test_a_picture_is_a_jpeg_that_tells_when_it_was_taken(
    saver: PictureSaver, heard: Heard, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "new" / "cat" / "1.jpg"
    number = saver.save(picture(), path, MOMENT)
    wait_until_idle(saver, qtbot)
    assert heard.saved == {number: str(path)}
    with Image.open(path) as image:
        assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (33, 20))
        red, green, blue = image.getpixel((5, 5))  # type: ignore[misc]
        assert red > 250
        assert max(green, blue) < 5
        taken = image.getexif().get_ifd(0x8769)
        assert taken[0x9003] == "2026:03:04 05:06:07"
        assert taken[0x9291] == "089"
        finest = [1] * 64
        assert image.quantization[0] != finest  # type: ignore[attr-defined]
        assert max(image.quantization[0]) <= 12  # type: ignore[attr-defined]
    assert names_in(path.parent) == ["1.jpg"]


def test_a_png_keeps_what_is_transparent(
    saver: PictureSaver, heard: Heard, tmp_path: Path, qtbot: QtBot
) -> None:
    image = QImage(5, 3, QImage.Format.Format_ARGB32)
    image.fill(QColor(10, 20, 30, 40))
    saver.save(image, tmp_path / "pasted.png")
    wait_until_idle(saver, qtbot)
    with Image.open(tmp_path / "pasted.png") as written:
        assert written.mode == "RGBA"
        assert written.getpixel((4, 2)) == (10, 20, 30, 40)


def test_what_was_there_before_is_not_written_over(
    saver: PictureSaver, heard: Heard, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "1.jpg"
    path.write_text("mine")
    numbers = [saver.save(picture(), path) for _ in range(2)]
    wait_until_idle(saver, qtbot)
    assert path.read_text() == "mine"
    assert [Path(heard.saved[each]).name for each in numbers] == ["1 (2).jpg", "1 (3).jpg"]


def test_removed_pictures_are_gone_written_or_not_and_so_are_their_folders(
    saver: PictureSaver, heard: Heard, tmp_path: Path, qtbot: QtBot, hold: Callable[[], None]
) -> None:
    numbers = [saver.save(picture(), tmp_path / "new" / "cat" / f"{i}.jpg") for i in range(3)]
    saver.remove(numbers)
    hold()
    wait_until_idle(saver, qtbot)
    assert names_in(tmp_path) == []
    assert heard.failed == []


def test_only_the_removed_ones_are_gone(
    saver: PictureSaver, heard: Heard, tmp_path: Path, qtbot: QtBot
) -> None:
    kept = saver.save(picture(), tmp_path / "cat" / "kept.jpg")
    gone = saver.save(picture(), tmp_path / "cat" / "gone.jpg")
    wait_until_idle(saver, qtbot)
    saver.remove([gone])
    wait_until_idle(saver, qtbot)
    assert names_in(tmp_path / "cat") == ["kept.jpg"]
    assert kept in heard.saved


def test_a_folder_that_was_there_stays(
    saver: PictureSaver, tmp_path: Path, qtbot: QtBot, heard: Heard
) -> None:
    (tmp_path / "cat").mkdir()
    saver.remove([saver.save(picture(), tmp_path / "cat" / "1.jpg")])
    wait_until_idle(saver, qtbot)
    assert names_in(tmp_path) == ["cat"]


def test_a_full_disk_is_told_once_and_leaves_nothing_half_written(
    saver: PictureSaver,
    heard: Heard,
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def no_room(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as full:
        full.setattr(os, "fsync", no_room)
        for number in range(4):
            saver.save(picture(), tmp_path / f"{number}.jpg")
        wait_until_idle(saver, qtbot)
    assert [problem.kind for problem in heard.failed] == ["disk_full"]
    assert names_in(tmp_path) == []
    saver.save(picture(), tmp_path / "still not.jpg")
    wait_until_idle(saver, qtbot)
    assert names_in(tmp_path) == []
    saver.go_on()
    saver.save(picture(), tmp_path / "again.jpg")
    wait_until_idle(saver, qtbot)
    assert names_in(tmp_path) == ["again.jpg"]
    assert len(heard.failed) == 1


def test_a_place_that_cannot_be_written_to_is_named(
    saver: PictureSaver, heard: Heard, tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "file").write_text("")
    saver.save(picture(), tmp_path / "file" / "1.jpg")
    wait_until_idle(saver, qtbot)
    assert [problem.kind for problem in heard.failed] == ["cannot_write"]
    assert "file" in heard.failed[0].message


def test_a_slow_disk_does_not_fill_the_memory(
    tmp_path: Path, qtbot: QtBot, hold: Callable[[], None]
) -> None:
    small = PictureSaver(most_waiting_bytes=2 * picture().sizeInBytes())
    numbers = [small.save(picture(), tmp_path / f"{number}.jpg") for number in range(4)]
    assert [bool(number) for number in numbers] == [True, True, False, False]
    assert not small.is_idle
    hold()
    qtbot.waitUntil(lambda: small.is_idle, timeout=WAIT_MS)
    assert small.save(picture(), tmp_path / "later.jpg")
    small.close()
    assert names_in(tmp_path) == ["0.jpg", "1.jpg", "later.jpg"]


def test_being_idle_is_told(saver: PictureSaver, tmp_path: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(saver.became_idle, timeout=WAIT_MS):
        saver.save(picture(), tmp_path / "1.jpg")
    assert names_in(tmp_path) == ["1.jpg"]


def test_closing_writes_what_is_waiting_and_nothing_after(
    tmp_path: Path, qapp: object, hold: Callable[[], None]
) -> None:
    made = PictureSaver()
    for number in range(3):
        made.save(picture(), tmp_path / f"{number}.jpg")
    hold()
    made.close()
    assert made.save(picture(), tmp_path / "late.jpg") == 0
    assert names_in(tmp_path) == ["0.jpg", "1.jpg", "2.jpg"]
