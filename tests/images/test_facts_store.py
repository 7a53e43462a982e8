"""What was learned of pictures is remembered, in a file that may be lost at any time."""

import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cnnstudio.images import facts_store
from cnnstudio.images.facts import PictureFacts
from cnnstudio.images.facts_store import FactsStore
from cnnstudio.images.found_pictures import FoundPicture
from cnnstudio.project.problems import Problem


def found(path: str, size: int = 10, modified: int = 20) -> FoundPicture:
    return FoundPicture(path, "cat", None, size, modified)


def facts_of(path: str, problem: Problem | None = None) -> PictureFacts:
    return PictureFacts(path, problem, 40, 30, "JPEG", "RGB", 2, b"d" * 16, b"l" * 9, 1.5)


def keep(file: Path, *pictures: FoundPicture) -> None:
    with FactsStore(file) as store:
        store.keep({each: facts_of(each.path) for each in pictures})


def known(file: Path, *pictures: FoundPicture) -> dict[str, PictureFacts]:
    with FactsStore(file) as store:
        return {each.path: each for each in store.known(pictures)}


def test_what_was_kept_is_known_again(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "facts.sqlite"
    pictures = [found("/a/고양이 🐱.jpg"), found("/a/b/1.jpg"), found("/a/x.zip/cat/\udcff.jpg")]
    keep(file, *pictures)
    assert known(file, *pictures) == {each.path: facts_of(each.path) for each in pictures}


def test_another_size_time_or_place_is_not_known(tmp_path: Path) -> None:
    file = tmp_path / "facts.sqlite"
    keep(file, found("/a/1.jpg"))
    assert known(file, found("/a/1.jpg", size=11)) == {}
    assert known(file, found("/a/1.jpg", modified=21)) == {}
    assert known(file, found("/b/1.jpg")) == {}


def test_the_problem_of_a_file_is_kept_and_that_of_a_drive_is_not(tmp_path: Path) -> None:
    file = tmp_path / "facts.sqlite"
    broken = Problem("too_large", "pictures", "/a/1.jpg", {"width": 9, "height": 8})
    away = Problem("file_missing", "pictures", "/a/2.jpg")
    pictures = [found("/a/1.jpg"), found("/a/2.jpg")]
    with FactsStore(file) as store:
        problems = (broken, away)
        store.keep(
            {each: facts_of(each.path, why) for each, why in zip(pictures, problems, strict=True)}
        )
    assert known(file, *pictures) == {"/a/1.jpg": facts_of("/a/1.jpg", broken)}


def test_facts_of_another_version_are_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "facts.sqlite"
    keep(file, found("/a/1.jpg"))
    monkeypatch.setattr(facts_store, "_VERSION", "another")
    assert known(file, found("/a/1.jpg")) == {}
    keep(file, found("/a/1.jpg"))
    assert list(known(file, found("/a/1.jpg"))) == ["/a/1.jpg"]


@pytest.mark.parametrize("content", [b"this is no database", b"SQLite format 3\0" + bytes(5000)])
def test_a_damaged_file_is_made_anew(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "facts.sqlite"
    file.write_bytes(content)
    keep(file, found("/a/1.jpg"))
    assert list(known(file, found("/a/1.jpg"))) == ["/a/1.jpg"]


def test_a_file_damaged_in_its_middle_does_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "facts.sqlite"
    pictures = [found(f"/a/{number}.jpg") for number in range(500)]
    keep(file, *pictures)
    content = bytearray(file.read_bytes())
    content[4096:] = bytes(byte ^ 0x5A for byte in content[4096:])
    file.write_bytes(content)
    known(file, *pictures)
    keep(file, *pictures)
    assert len(known(file, *pictures)) == 500


def test_a_row_with_nonsense_in_it_is_forgotten(tmp_path: Path) -> None:
    file = tmp_path / "facts.sqlite"
    keep(file, found("/a/1.jpg"))
    for nonsense in ("{half", '["no_such_kind", "", {}]'):
        keep(file, found("/a/1.jpg"))
        connection = sqlite3.connect(file)
        with connection:
            connection.execute("UPDATE pictures SET problem = ?", (nonsense,))
        connection.close()
        assert known(file, found("/a/1.jpg")) == {}


def test_a_place_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    keep(tmp_path / "file" / "facts.sqlite", found("/a/1.jpg"))
    assert known(tmp_path / "file" / "facts.sqlite", found("/a/1.jpg")) == {}


def test_a_locked_file_is_read_and_written_by_nobody_for_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facts_store, "_SECONDS_TO_WAIT", 0.05)
    file = tmp_path / "facts.sqlite"
    keep(file, found("/a/1.jpg"))
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        keep(file, found("/a/2.jpg"))
        known(file, found("/a/1.jpg"))
    finally:
        other.execute("ROLLBACK")
        other.close()
    assert list(known(file, found("/a/1.jpg"), found("/a/2.jpg"))) == ["/a/1.jpg"]


def test_two_windows_may_keep_at_the_same_time(tmp_path: Path) -> None:
    file = tmp_path / "facts.sqlite"

    def keep_many(window: int) -> None:
        for number in range(20):
            keep(file, found(f"/{window}/{number}.jpg"))

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(keep_many, range(2)))
    every = [found(f"/{window}/{number}.jpg") for window in range(2) for number in range(20)]
    assert len(known(file, *every)) == 40


def test_what_was_not_looked_at_for_longest_is_forgotten_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facts_store, "PICTURES_AT_MOST", 4)
    file = tmp_path / "facts.sqlite"
    days = iter(range(100, 200))
    for folder in ("old", "middle", "new"):
        day = next(days)
        monkeypatch.setattr(facts_store, "_today", lambda day=day: day)
        if folder == "new":
            known(file, found("/old/0.jpg"))  # used again, so it is no longer the oldest
        keep(file, *(found(f"/{folder}/{number}.jpg") for number in range(2)))
    every = [found(f"/{folder}/0.jpg") for folder in ("old", "middle", "new")]
    assert list(known(file, *every)) == ["/old/0.jpg", "/new/0.jpg"]


def test_very_many_are_known_quickly(tmp_path: Path) -> None:
    file = tmp_path / "facts.sqlite"
    pictures = [found(f"/a/{number % 7}/{number}.jpg") for number in range(20_000)]
    keep(file, *pictures)
    began = time.process_time()
    assert len(known(file, *pictures)) == 20_000
    assert time.process_time() - began < 1.0
