"""Folders are read, samples drawn and thumbnails loaded in the background."""

import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
from PIL import Image
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from cnnstudio.images.checking import CheckReport
from cnnstudio.project.pictures import PicturesPlan
from cnnstudio.project.problems import Problem
from cnnstudio.project.project import Project
from cnnstudio.worker import scan_job
from cnnstudio.worker.check_process import CheckProcess
from cnnstudio.worker.scan_job import SamplesJob, ScanJob
from cnnstudio.worker.thumbnail_loader import ThumbnailLoader
from tests import fake_checkers


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Two classes of five pictures each, and one that is broken."""
    for name in ("cat", "dog"):
        folder = tmp_path / "pictures" / name
        folder.mkdir(parents=True)
        for number in range(5):
            Image.new("RGB", (40, 30), (number, 200, 100)).save(folder / f"{number}.png")
    (tmp_path / "pictures" / "cat" / "broken.jpg").write_text("no picture")
    return tmp_path / "pictures"


@pytest.fixture
def loader(qapp: Any) -> Iterator[ThumbnailLoader]:
    """A loader that is closed afterwards."""
    loader = ThumbnailLoader()
    yield loader
    loader.close()


def project_with(folder: Path) -> Project:
    return Project(pictures=PicturesPlan(folders=(str(folder),)))


def finish(qtbot: QtBot, thread: QThread) -> None:
    with qtbot.waitSignal(thread.finished, timeout=20_000):
        thread.start()
    assert thread.wait(5_000)


def test_a_folder_is_listed_first_and_then_looked_through(qtbot: QtBot, pictures: Path) -> None:
    job = ScanJob(project_with(pictures))
    said: list[Any] = []
    job.scanned.connect(lambda scan: said.append(scan.counts()))
    job.progressed.connect(lambda done, total: said.append((done, total)))
    job.checked.connect(lambda report: said.append(report))
    finish(qtbot, job)
    assert said[0] == {"cat": 6, "dog": 5}
    assert said[-2] == (11, 11)
    report = said[-1]
    assert isinstance(report, CheckReport)
    assert [Path(problem.file).name for problem in report.broken] == ["broken.jpg"]


def test_a_cancelled_scan_says_nothing_more(qtbot: QtBot, pictures: Path) -> None:
    job = ScanJob(project_with(pictures))
    reports: list[Any] = []
    job.checked.connect(reports.append)
    job.failed.connect(reports.append)
    job.cancel()
    finish(qtbot, job)
    assert reports == []


def test_a_scan_that_fails_unforeseen_says_so(
    qtbot: QtBot, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object) -> None:
        raise RuntimeError("what a surprise")

    monkeypatch.setattr("cnnstudio.images.checking.check_pictures", fail)
    job = ScanJob(project_with(pictures))
    problems: list[Problem] = []
    job.failed.connect(problems.append)
    finish(qtbot, job)
    assert ["what a surprise" in problem.message for problem in problems] == [True]


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every set of pictures counts as many."""
    monkeypatch.setattr(scan_job, "FEW_PICTURES", 0)


def refuse(path: str) -> None:
    raise AssertionError(f"{path} was opened in the window's process")


@pytest.mark.usefixtures("many")
def test_many_pictures_are_looked_into_by_another_process(
    qtbot: QtBot, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cnnstudio.images.checking.look_into", refuse)
    job = ScanJob(project_with(pictures))
    said: list[Any] = []
    job.progressed.connect(lambda done, total: said.append((done, total)))
    job.checked.connect(said.append)
    job.failed.connect(said.append)
    finish(qtbot, job)
    assert said[-2] == (11, 11)
    assert [Path(problem.file).name for problem in said[-1].broken] == ["broken.jpg"]


@pytest.mark.usefixtures("many")
def test_known_pictures_need_no_other_process(
    qtbot: QtBot, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cnnstudio.images.kept_look_alikes.FEWEST_KEPT", 0)
    reports: list[Any] = []
    for _ in range(2):
        job = ScanJob(project_with(pictures))
        job.checked.connect(reports.append)
        monkeypatch.setattr(scan_job, "FEW_PICTURES", 0 if reports else 300)
        finish(qtbot, job)
        monkeypatch.setattr("cnnstudio.images.checking.look_into", refuse)
        monkeypatch.setattr(CheckProcess, "check", refuse)
    first, second = reports
    assert first == second


@pytest.mark.usefixtures("many")
def test_what_a_process_that_died_left_is_looked_into_here(
    qtbot: QtBot, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan_job, "CheckProcess", partial(CheckProcess, fake_checkers.mortal))
    job = ScanJob(project_with(pictures))
    said: list[Any] = []
    job.checked.connect(said.append)
    job.failed.connect(said.append)
    finish(qtbot, job)
    [report] = said
    assert len(report.facts) == 11


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("target", [fake_checkers.hanging, fake_checkers.deaf])
def test_a_cancelled_check_holds_nobody_up(
    qtbot: QtBot, pictures: Path, monkeypatch: pytest.MonkeyPatch, target: Any
) -> None:
    monkeypatch.setattr(scan_job, "CheckProcess", partial(CheckProcess, target))
    job = ScanJob(project_with(pictures))
    said: list[Any] = []
    job.checked.connect(said.append)
    job.failed.connect(said.append)
    job.start()
    qtbot.waitUntil(lambda: job._process.pid is not None, timeout=10_000)
    pid = job._process.pid
    assert pid is not None
    job.cancel()
    assert job.wait(1_000)
    assert said == []
    assert not psutil.pid_exists(pid)


def test_samples_are_drawn_and_their_folder_is_told(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def draw(on_progress: Any) -> Path:
        on_progress(1, 1)
        return tmp_path

    monkeypatch.setattr("cnnstudio.images.samples.sample_pictures_folder", draw)
    job = SamplesJob()
    said: list[Any] = []
    job.progressed.connect(lambda done, total: said.append((done, total)))
    job.ended.connect(said.append)
    finish(qtbot, job)
    assert said == [(1, 1), tmp_path]


def test_samples_that_find_no_room_end_with_a_problem(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(on_progress: object) -> Path:
        raise OSError(28, "No space left on device", "/somewhere/cat-001.jpg")

    monkeypatch.setattr("cnnstudio.images.samples.sample_pictures_folder", full)
    job = SamplesJob()
    said: list[Any] = []
    job.ended.connect(said.append)
    finish(qtbot, job)
    assert [problem.kind for problem in said] == ["disk_full"]


def test_a_thumbnail_is_loaded_within_its_square(
    qtbot: QtBot, loader: ThumbnailLoader, pictures: Path
) -> None:
    path = str(pictures / "dog" / "3.png")
    with qtbot.waitSignal(loader.loaded, timeout=10_000) as caught:
        loader.request(path, 24)
    told, image = caught.args
    assert told == path
    assert max(image.width(), image.height()) == 24
    assert image.pixelColor(image.width() // 2, image.height() // 2).green() == 200


def test_a_kept_thumbnail_is_told_again_but_not_at_once(
    qtbot: QtBot, loader: ThumbnailLoader, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = str(pictures / "dog" / "3.png")
    with qtbot.waitSignal(loader.loaded, timeout=10_000):
        loader.request(path, 24)

    def fail(*arguments: object) -> None:
        raise AssertionError("read again")

    monkeypatch.setattr("cnnstudio.images.thumbnails.thumbnail", fail)
    told: list[str] = []
    loader.loaded.connect(lambda path, image: told.append(path))
    loader.request(path, 24)
    assert told == []
    qtbot.waitUntil(lambda: told == [path], timeout=10_000)


def test_a_broken_picture_has_no_thumbnail(
    qtbot: QtBot, loader: ThumbnailLoader, pictures: Path
) -> None:
    path = str(pictures / "cat" / "broken.jpg")
    with qtbot.waitSignal(loader.failed, timeout=10_000) as caught:
        loader.request(path, 24)
    assert caught.args == [path]


class SlowThumbnails:
    """Stands in for reading: holds every picture up until the gate is opened."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.served: list[str] = []

    def read(self, path: str, side: int) -> Any:
        self.gate.wait(10)
        self.served.append(path)
        return np.zeros((side, side, 3), dtype=np.uint8)


@pytest.fixture
def slow(
    qtbot: QtBot, loader: ThumbnailLoader, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SlowThumbnails]:
    """One thread, which is busy with the picture called 'first'."""
    made = SlowThumbnails()
    monkeypatch.setattr("cnnstudio.images.thumbnails.thumbnail", made.read)
    monkeypatch.setattr(loader, "_threads", 1)
    loader.request("first", 8)
    qtbot.waitUntil(lambda: not loader._waiting, timeout=10_000)
    yield made
    made.gate.set()


def test_the_newest_request_is_served_first_and_forgotten_ones_not_at_all(
    qtbot: QtBot, loader: ThumbnailLoader, slow: SlowThumbnails
) -> None:
    loader.request("forgotten", 8)
    loader.forget()
    for path in ("old", "middle", "new"):
        loader.request(path, 8)
    slow.gate.set()
    qtbot.waitUntil(lambda: len(slow.served) == 4, timeout=10_000)
    assert slow.served == ["first", "new", "middle", "old"]


def test_only_what_was_named_in_this_size_is_forgotten(
    qtbot: QtBot, loader: ThumbnailLoader, slow: SlowThumbnails
) -> None:
    forgotten: list[str] = []
    loader.forgotten.connect(forgotten.append)
    for path in ("a", "b"):
        loader.request(path, 8)
    loader.forget(["a"], 16)
    assert forgotten == []
    loader.forget(["a", "first"], 8)
    assert forgotten == ["a"]
    slow.gate.set()
    qtbot.waitUntil(lambda: len(slow.served) == 2, timeout=10_000)
    assert slow.served == ["first", "b"]


def test_the_oldest_of_too_many_requests_is_pushed_out_and_told(
    qtbot: QtBot,
    loader: ThumbnailLoader,
    slow: SlowThumbnails,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("cnnstudio.worker.thumbnail_loader.WAITING_AT_MOST", 2)
    forgotten: list[str] = []
    loader.forgotten.connect(forgotten.append)
    for path in ("a", "b", "c"):
        loader.request(path, 8)
    assert forgotten == ["a"]
    slow.gate.set()
    qtbot.waitUntil(lambda: len(slow.served) == 3, timeout=10_000)
    assert slow.served == ["first", "c", "b"]


def test_memory_for_thumbnails_is_bounded_by_bytes(
    qtbot: QtBot, loader: ThumbnailLoader, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = 24 * 24 * 4
    monkeypatch.setattr("cnnstudio.worker.thumbnail_loader.KEPT_BYTES", 2 * one)
    paths = [str(pictures / "dog" / f"{number}.png") for number in range(3)]
    for path in paths:
        with qtbot.waitSignal(loader.loaded, timeout=10_000):
            loader.request(path, 24)
    assert loader.kept(paths[0], 24) is None
    assert all(loader.kept(path, 24) is not None for path in paths[1:])


def test_every_size_is_made_from_the_same_few_on_disk(
    qtbot: QtBot, loader: ThumbnailLoader, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def read(path: str, side: int) -> Any:
        asked.append(side)
        return np.full((side, side, 3), (250, 0, 0), dtype=np.uint8)

    monkeypatch.setattr("cnnstudio.images.thumbnails.thumbnail", read)
    path = str(pictures / "dog" / "3.png")
    for side in (40, 100, 200):
        with qtbot.waitSignal(loader.loaded, timeout=10_000) as caught:
            loader.request(path, side)
        assert caught.args[1].width() == side
        assert caught.args[1].pixelColor(3, 3).red() == 250
    assert asked == [128, 128, 256]


def test_a_closed_loader_takes_no_more_requests(loader: ThumbnailLoader) -> None:
    loader.close()
    loader.request("late", 8)
    assert not loader._waiting
