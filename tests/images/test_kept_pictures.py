"""Pictures decoded once and kept: the same again at once, anew when something changed."""

import collections
import errno
import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from picture_files import GREEN, RED, make_class, quarters, saved

from cnnstudio.images import kept_files, mapped_pixels, store
from cnnstudio.images.archives import array_picture_path
from cnnstudio.images.read import read_picture
from cnnstudio.images.store import PreparedPictures, prepare_pictures
from cnnstudio.project.places import cache_folder
from cnnstudio.project.problems import ProblemError


class CountingReader:
    """Stands in for the reader and remembers what was read."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def __call__(self, path: str, size: int, fit: str) -> NDArray[np.uint8]:
        self.read.append(path)
        return read_picture(path, size, fit)


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> CountingReader:
    counting = CountingReader()
    monkeypatch.setattr(store, "read_picture", counting)
    return counting


@pytest.fixture
def paths(tmp_path: Path) -> list[str]:
    return [str(path) for path in make_class(tmp_path / "cat", 6)]


def kept() -> list[Path]:
    folder = cache_folder() / "pictures"
    return sorted(folder.iterdir()) if folder.is_dir() else []


def prepared(paths: list[str], size: int = 16) -> PreparedPictures:
    return prepare_pictures(paths, size, "crop")


def test_pixels_are_those_of_the_reader_in_the_order_asked_for(tmp_path: Path) -> None:
    paths = [
        str(saved(quarters(40 + number, 30), tmp_path / f"{number}.png")) for number in range(50)
    ]
    found = prepare_pictures(paths[::-1], 24, "pad")
    assert isinstance(found.pixels, np.memmap)
    assert found.pixels.shape == (50, 24, 24, 3)
    assert found.pixels.dtype == np.uint8
    assert found.problems == {}
    for row, path in enumerate(paths[::-1]):
        assert (found.pixels[row] == read_picture(path, 24, "pad")).all()


def test_pixels_cannot_be_changed(paths: list[str]) -> None:
    with pytest.raises(ValueError, match="read-only"):
        prepared(paths).pixels[0] = 1


def test_the_second_time_nothing_is_decoded(paths: list[str], reader: CountingReader) -> None:
    first = prepared(paths)
    assert sorted(reader.read) == sorted(paths)
    told: list[tuple[int, int]] = []
    second = prepare_pictures(paths, 16, "crop", lambda done, total: told.append((done, total)))
    assert len(reader.read) == 6
    assert told == [(6, 6)]
    assert (first.pixels == second.pixels).all()


def test_a_changed_file_is_noticed(paths: list[str], reader: CountingReader) -> None:
    prepared(paths)
    time_before = Path(paths[2]).stat().st_mtime_ns
    saved(quarters(12, 10), Path(paths[2]))
    os.utime(paths[2], ns=(time_before + 10**9, time_before + 10**9))
    assert (prepared(paths).pixels[2] == read_picture(paths[2], 16, "crop")).all()
    assert len(reader.read) == 12


@pytest.mark.parametrize("change", ["size", "fit", "order", "fewer", "reader"])
def test_what_else_changes_the_pixels_is_noticed(
    paths: list[str], reader: CountingReader, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    prepared(paths)
    match change:
        case "size":
            prepared(paths, 20)
        case "fit":
            prepare_pictures(paths, 16, "stretch")
        case "order":
            prepared(paths[::-1])
        case "fewer":
            prepared(paths[:5])
        case "reader":
            monkeypatch.setattr(store, "READER_VERSION", 10**6)
            prepared(paths)
    assert len(reader.read) > 6
    assert len(kept()) == 2


def test_broken_pictures_are_named_by_row_also_the_second_time(paths: list[str]) -> None:
    Path(paths[1]).write_text("text")
    Path(paths[4]).unlink()
    for _ in range(2):
        found = prepared(paths)
        assert {row: each.kind for row, each in found.problems.items()} == {
            1: "not_a_picture",
            4: "file_missing",
        }
        assert found.problems[1].file == paths[1]
        assert not found.pixels[1].any()
        assert found.pixels[0].any()


def test_a_missing_picture_that_comes_back_is_read(paths: list[str]) -> None:
    Path(paths[4]).rename(paths[4] + ".away")
    assert list(prepared(paths).problems) == [4]
    Path(paths[4] + ".away").rename(paths[4])
    assert prepared(paths).problems == {}


def test_no_pictures_are_no_rows() -> None:
    found = prepared([])
    assert found.pixels.shape == (0, 16, 16, 3)
    assert found.problems == {}


def test_names_of_all_kinds_work(tmp_path: Path) -> None:
    names = ("고양이 🐱.png", "a b.png", "é.png")
    paths = [str(saved(quarters(), tmp_path / "내 그림" / name)) for name in names]
    assert prepared(paths).problems == {}


def test_stopping_leaves_nothing_behind(paths: list[str]) -> None:
    asked = iter([False, False, False, True])
    with pytest.raises(InterruptedError):
        prepare_pictures(paths, 16, "crop", should_stop=lambda: next(asked))
    assert kept() == []
    assert prepared(paths).problems == {}


def test_progress_does_not_flood_and_ends_with_all(tmp_path: Path) -> None:
    paths = [str(path) for path in make_class(tmp_path / "cat", 200)]
    told: list[tuple[int, int]] = []
    prepare_pictures(paths, 16, "crop", lambda done, total: told.append((done, total)))
    assert told[-1] == (200, 200)
    assert len(told) < 100


_PREPARE_SLOWLY = """
import sys, time
from cnnstudio.images import store
from cnnstudio.images.read import read_picture
def slowly(path, size, fit):
    time.sleep(0.05)
    sys.stdout.write("read\\n")
    sys.stdout.flush()
    return read_picture(path, size, fit)
store.read_picture = slowly
store.prepare_pictures(sys.argv[1:], 16, "crop")
"""


def test_a_kill_halfway_leaves_nothing_that_is_taken_for_whole(tmp_path: Path) -> None:
    paths = [str(path) for path in make_class(tmp_path / "cat", 150)]
    child = subprocess.Popen(
        [sys.executable, "-c", _PREPARE_SLOWLY, *paths], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    for _ in range(20):
        assert child.stdout.readline() == "read\n"
    child.kill()
    child.wait()
    child.stdout.close()
    left = kept()
    assert left
    assert all(file.name.startswith(".") for file in left)
    found = prepared(paths)
    assert found.problems == {}
    assert all(row.any() for row in found.pixels)
    assert [file.name.startswith(".") for file in kept()] == [False]


@pytest.mark.parametrize("damage", ["cut", "longer", "tail", "empty"])
def test_a_damaged_file_is_made_again(
    paths: list[str], reader: CountingReader, damage: str
) -> None:
    expected = prepared(paths).pixels.copy()
    file = kept()[0]
    content = file.read_bytes()
    damaged = {
        "cut": content[:-5],
        "longer": content[:100] + content,
        "tail": content[:-8] + b"SOMETHIN",
        "empty": b"",
    }
    file.unlink()
    file.write_bytes(damaged[damage])
    assert (prepared(paths).pixels == expected).all()
    assert len(reader.read) == 12


def test_the_oldest_files_go_beyond_the_limit(
    paths: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    bytes_each = 6 * 16 * 16 * 3
    monkeypatch.setattr(store, "KEPT_BYTES_AT_MOST", int(bytes_each * 2.5))
    prepared(paths)
    first = kept()[0]
    os.utime(first, (1, 1))
    prepared(paths[::-1])
    second = next(file for file in kept() if file != first)
    os.utime(second, (2, 2))
    prepared(paths)  # used again, so it is no longer the oldest
    prepare_pictures(paths, 16, "pad")
    assert first in kept()
    assert second not in kept()
    assert len(kept()) == 2


def test_one_set_larger_than_the_limit_is_kept(
    paths: list[str], monkeypatch: pytest.MonkeyPatch, reader: CountingReader
) -> None:
    monkeypatch.setattr(store, "KEPT_BYTES_AT_MOST", 10)
    prepared(paths)
    prepared(paths)
    assert len(reader.read) == 6


def test_a_file_in_use_is_left_where_it_is(
    paths: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows does not let go of a file that is mapped."""
    prepared(paths)
    first = kept()[0]
    monkeypatch.setattr(store, "KEPT_BYTES_AT_MOST", 10)
    unlink = Path.unlink

    def guarded(self: Path, missing_ok: bool = False) -> None:
        if self == first:
            raise PermissionError(errno.EACCES, "in use")
        unlink(self, missing_ok)

    monkeypatch.setattr(Path, "unlink", guarded)
    assert prepare_pictures(paths, 16, "pad").problems == {}
    assert first in kept()


Usage = collections.namedtuple("Usage", "total used free")


def test_a_full_disk_is_told_before_anything_is_decoded(
    paths: list[str], monkeypatch: pytest.MonkeyPatch, reader: CountingReader
) -> None:
    monkeypatch.setattr(kept_files.shutil, "disk_usage", lambda folder: Usage(100, 95, 5))
    with pytest.raises(ProblemError) as raised:
        prepared(paths)
    assert raised.value.problem.kind == "disk_full"
    assert reader.read == []


@pytest.mark.parametrize(
    ("number", "kind"), [(errno.ENOSPC, "disk_full"), (errno.EROFS, "cannot_write")]
)
def test_a_disk_that_fails_while_writing_is_told(
    paths: list[str], monkeypatch: pytest.MonkeyPatch, number: int, kind: str
) -> None:
    def fail(file: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(kept_files.os, "fsync", fail)
    with pytest.raises(ProblemError) as raised:
        prepared(paths)
    assert raised.value.problem.kind == kind
    assert raised.value.problem.message
    assert kept() == []


def test_a_folder_that_vanishes_midway_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [str(path) for path in make_class(tmp_path / "usb" / "cat", 60)]
    read = 0

    def unplug_at_tenth(path: str, size: int, fit: str) -> NDArray[np.uint8]:
        nonlocal read
        read += 1
        if read == 10:
            (tmp_path / "usb").rename(tmp_path / "unplugged")
        return read_picture(path, size, fit)

    monkeypatch.setattr(store, "read_picture", unplug_at_tenth)
    with pytest.raises(ProblemError) as raised:
        prepared(paths)
    problem = raised.value.problem
    assert problem.kind == "pictures_vanished"
    assert str(tmp_path / "usb" / "cat") in problem.message
    assert kept() == []


def test_very_many_missing_pictures_are_a_folder_gone(tmp_path: Path) -> None:
    paths = [str(path) for path in make_class(tmp_path / "cat", 60)]
    for path in paths[30:]:
        Path(path).unlink()
    with pytest.raises(ProblemError) as raised:
        prepared(paths)
    assert raised.value.problem.kind == "pictures_vanished"


def test_two_at_once_both_get_their_pictures(paths: list[str]) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: prepared(paths), range(4)))
    assert all((each.pixels == found[0].pixels).all() for each in found)
    assert len(kept()) == 1


def test_a_leftover_of_a_living_process_is_kept_for_a_day(tmp_path: Path) -> None:
    living = tmp_path / f".{os.getpid()}.aa.pictures"
    dead = tmp_path / ".999999999.bb.pictures"
    old = tmp_path / f".{os.getpid()}.cc.pictures"
    for file in (living, dead, old):
        file.write_bytes(b"x")
    yesterday = time.time() - 90_000
    os.utime(old, (yesterday, yesterday))
    kept_files.make_room(tmp_path, 10, 1000)
    assert list(tmp_path.iterdir()) == [living]


def test_colours_arrive_as_they_are(tmp_path: Path) -> None:
    paths = [*make_class(tmp_path / "a", 1, RED), *make_class(tmp_path / "b", 1, GREEN)]
    pixels = prepared([str(path) for path in paths]).pixels
    assert tuple(pixels[0, 8, 8]) == RED
    assert tuple(pixels[1, 8, 8]) == GREEN


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
def test_a_disk_that_fails_halfway_is_told(
    paths: list[str], monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """What is written goes to disk in pieces; only the first of them fails here."""
    monkeypatch.setattr(store, "_BYTES_FLUSHED_AT_ONCE", 1)
    flush, tried = os.fsync, []

    def fail_once(file: int) -> None:
        tried.append(file)
        if len(tried) == 1:
            raise OSError(number, os.strerror(number))
        flush(file)

    monkeypatch.setattr(kept_files.os, "fsync", fail_once)
    with pytest.raises(ProblemError) as raised:
        prepared(paths)
    assert raised.value.problem.kind in ("disk_full", "cannot_write")
    assert kept() == []


def test_pictures_of_archives_are_kept_and_known_again(
    tmp_path: Path, reader: CountingReader
) -> None:
    np.savez(tmp_path / "a.npz", x=np.arange(600, dtype=np.uint8).reshape(6, 10, 10))
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for path in make_class(tmp_path / "cat", 3):
            archive.write(path, f"cat/{path.name}")
    inside = [array_picture_path(str(tmp_path / "a.npz"), "x", number) for number in range(6)]
    inside += [str(tmp_path / "a.zip" / "cat" / f"picture {number}.png") for number in (1, 2, 3)]
    for _ in range(2):
        found = prepared(inside)
        assert found.problems == {}
        assert tuple(found.pixels[8, 8, 8]) == RED
    assert len(reader.read) == 9
    with zipfile.ZipFile(tmp_path / "a.zip", "a") as archive:
        archive.writestr("more.txt", b"x")
    prepared(inside)
    assert len(reader.read) == 18


def test_a_picture_gone_from_its_zip_is_left_out(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(make_class(tmp_path / "cat", 1)[0], "cat/1.png")
    paths = [str(tmp_path / "a.zip" / "cat" / name) for name in ("1.png", "2.png")]
    assert {row: each.kind for row, each in prepared(paths).problems.items()} == {1: "file_missing"}


def test_a_zip_that_vanishes_midway_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for path in make_class(tmp_path / "cat", 30):
            archive.write(path, f"cat/{path.name}")
    paths = [str(tmp_path / "a.zip" / "cat" / f"picture {number}.png") for number in range(1, 31)]
    read: list[str] = []

    def delete_at_tenth(path: str, size: int, fit: str) -> NDArray[np.uint8]:
        read.append(path)
        if len(read) == 10:
            (tmp_path / "a.zip").unlink()
        return read_picture(path, size, fit)

    monkeypatch.setattr(store, "read_picture", delete_at_tenth)
    with pytest.raises(ProblemError) as raised:
        prepared(paths)
    assert raised.value.problem.kind == "pictures_vanished"
    assert raised.value.problem.file == str(tmp_path / "a.zip")


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs the system's count")
def test_pixels_that_were_looked_at_leave_memory_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def in_memory() -> int:
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("RssFile")) * 1024

    file = tmp_path / "pixels"
    file.write_bytes(b"\1" * 64 * 2**20)
    monkeypatch.setattr(mapped_pixels, "_BYTES_KEPT", 8 * 2**20)
    pixels = mapped_pixels.mapped_pixels(file, (1024, 256, 256))
    before = in_memory()
    assert sum(int(pixels[begin : begin + 8].sum()) for begin in range(0, 1024, 8)) == 64 * 2**20
    assert in_memory() - before < 24 * 2**20
    rows = pixels[np.arange(0, 1024, 7)]
    assert type(rows) is np.ndarray
    assert (rows == 1).all()
