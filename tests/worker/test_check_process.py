"""Another process checks as this one would; it ends when told, and when nobody is left to tell."""

import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
from PIL import Image, ImageOps

from cnnstudio.images.checking import check_pictures
from cnnstudio.images.facts_store import FactsStore
from cnnstudio.images.scan import Scan, scan_folders
from cnnstudio.worker.check_process import CheckerGoneError, CheckProcess
from tests import fake_checkers


def photograph(seed: int) -> Image.Image:
    """Large and small shapes over each other."""
    chance = np.random.default_rng(seed)
    total = np.zeros((90, 120), np.float32)
    for cells in (3, 6, 12, 24):
        noise = chance.standard_normal((cells, cells)).astype(np.float32)
        total += np.asarray(Image.fromarray(noise).resize((120, 90), 3)) / cells**0.6
    total -= total.min()
    return Image.fromarray((total * (255 / total.max())).astype(np.uint8))


@pytest.fixture
def scan(tmp_path: Path) -> Scan:
    """Photographs, two of them the same, one mirrored, one broken; names of another alphabet."""
    for name in ("고양이", "dog"):
        folder = tmp_path / "pictures" / name
        folder.mkdir(parents=True)
        for number in range(3):
            photograph(zlib.crc32(name.encode()) + number).save(folder / f"{number}.png")
    dogs = tmp_path / "pictures" / "dog"
    (dogs / "copy.png").write_bytes((dogs / "0.png").read_bytes())
    with Image.open(dogs / "1.png") as image:
        ImageOps.mirror(image).save(dogs / "mirrored.png")
        image.resize((100, 75)).save(dogs / "smaller.png")
    (dogs / "broken.jpg").write_text("no picture")
    return scan_folders([str(tmp_path / "pictures")])


def is_gone(pid: int) -> bool:
    """Whether the process has ended; a dead one may still wait to be asked after."""
    try:
        return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def wait_until_gone(pid: int, seconds: float = 5.0) -> None:
    until = time.monotonic() + seconds
    while not is_gone(pid):
        assert time.monotonic() < until, "it lives on"
        time.sleep(0.02)


def count_known(scan: Scan) -> int:
    """How many of the pictures are known from an earlier check."""
    with FactsStore() as store:
        return sum(1 for _ in store.known(scan.pictures))


def test_the_answer_is_that_of_a_check_in_this_process(
    scan: Scan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[int, int]] = []
    report = CheckProcess(fake_checkers.in_small_pieces).check(
        scan, lambda *each: told.append(each)
    )
    monkeypatch.setenv("CNNSTUDIO_CACHE", str(tmp_path / "another cache"))
    expected = check_pictures(scan)
    assert report == expected
    assert list(report.facts) == list(expected.facts)
    assert len(report.look_alikes.same) == 1
    assert len(report.look_alikes.near) == 2
    assert len(report.look_alikes.mirrored) == 1
    assert [problem.kind for problem in report.broken] == ["not_a_picture"]
    assert told[-1] == (10, 10)


def test_what_the_process_saw_is_known_here(scan: Scan) -> None:
    CheckProcess().check(scan)
    assert count_known(scan) == len(scan.pictures)


def test_a_process_that_checked_is_gone(scan: Scan) -> None:
    process = CheckProcess()
    pids: list[Any] = []
    process.check(scan, lambda done, total: pids.append(process.pid))
    assert pids[-1] is not None
    wait_until_gone(pids[-1])
    assert process.pid is None


def test_cancelling_ends_the_process_at_once(scan: Scan) -> None:
    process = CheckProcess(fake_checkers.hanging)
    cancelled: list[tuple[int, float]] = []

    def cancel(done: int, total: int) -> None:
        assert process.pid is not None
        cancelled.append((process.pid, time.monotonic()))
        process.cancel()

    with pytest.raises(InterruptedError):
        process.check(scan, cancel)
    [(pid, when)] = cancelled
    assert time.monotonic() - when < 1
    wait_until_gone(pid)


def test_a_check_that_was_cancelled_before_never_starts(
    scan: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CheckProcess, "_start", lambda process: pytest.fail("started"))
    process = CheckProcess()
    process.cancel()
    with pytest.raises(InterruptedError):
        process.check(scan)


def test_a_cancelled_check_goes_on_from_where_it_was(scan: Scan) -> None:
    process = CheckProcess(fake_checkers.slow)
    with pytest.raises(InterruptedError):
        process.check(scan, lambda done, total: process.cancel())
    assert 0 < count_known(scan) < len(scan.pictures)
    assert len(CheckProcess().check(scan).facts) == len(scan.pictures)


@pytest.mark.parametrize("target", [fake_checkers.mortal, fake_checkers.forgetful])
def test_a_process_that_ends_too_early_is_told_of(
    scan: Scan, target: Callable[[Any], None]
) -> None:
    with pytest.raises(CheckerGoneError):
        CheckProcess(target).check(scan)


def test_a_process_that_cannot_be_started_is_told_of(
    scan: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(process: object) -> None:
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr("multiprocessing.context.SpawnProcess.start", refuse)
    with pytest.raises(CheckerGoneError):
        CheckProcess().check(scan)


def test_the_process_stands_back_behind_the_window(scan: Scan) -> None:
    process = CheckProcess(fake_checkers.hanging)
    priorities: list[Any] = []

    def ask(done: int, total: int) -> None:
        priorities.append(psutil.Process(process.pid).nice())
        process.cancel()

    with pytest.raises(InterruptedError):
        process.check(scan, ask)
    ours = psutil.Process().nice()
    if sys.platform == "win32":
        assert priorities == [psutil.BELOW_NORMAL_PRIORITY_CLASS]
    else:
        assert priorities == [min(19, ours + 10)]


def test_no_process_stays_when_the_window_is_killed(scan: Scan) -> None:
    script = (
        "import sys\n"
        "from cnnstudio.images.scan import scan_folders\n"
        "from cnnstudio.worker.check_process import CheckProcess\n"
        "from tests import fake_checkers\n"
        "process = CheckProcess(fake_checkers.hanging)\n"
        "process.check(scan_folders(sys.argv[1:]), lambda *_: print(process.pid, flush=True))\n"
    )
    window = subprocess.Popen(
        [sys.executable, "-c", script, *scan.folders],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert window.stdout is not None
    with window.stdout:
        pid = int(window.stdout.readline())
        assert not is_gone(pid)
        window.kill()
        window.wait()
    wait_until_gone(pid)


def test_the_child_loads_nothing_of_the_window_or_the_engine() -> None:
    question = (
        "import sys\n"
        "import cnnstudio.worker.check_process\n"
        "print(*sys.modules)\n"
        "import cnnstudio.images.checking\n"
        "print(*sys.modules)\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", question], capture_output=True, text=True, check=True
    )
    before, after = (
        {name.partition(".")[0] for name in line.split()} for line in answer.stdout.splitlines()
    )
    assert "numpy" not in before
    assert "numpy" in after
    assert not after & {"PySide6", "shiboken6", "tensorflow", "keras"}
