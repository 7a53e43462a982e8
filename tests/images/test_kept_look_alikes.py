"""Look-alikes of a set that is known are read; another set, or a damaged file, is compared."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cnnstudio.images import kept_look_alikes
from cnnstudio.images.facts import LOOK_SIDE, PictureFacts
from cnnstudio.images.kept_look_alikes import look_alikes_among
from cnnstudio.images.look_alikes import LookAlikes, keep_look, no_looks

FOLDER = os.sep + os.path.join("somewhere", "cats")  # noqa: PTH118


def facts_of(name: str, look: np.ndarray, digest: int) -> PictureFacts:
    path = FOLDER + os.sep + name
    packed = look.astype(np.uint8).tobytes()
    return PictureFacts(path, None, 200, 100, "JPEG", "RGB", 1, bytes([digest] * 16), packed)


@pytest.fixture
def facts() -> list[PictureFacts]:
    """Two that are the same, one a little brighter, one mirrored, one different, one broken."""
    chance = np.random.default_rng(1)
    one, other = chance.integers(20, 200, (2, LOOK_SIDE, LOOK_SIDE))
    return [
        facts_of("b.jpg", one, 1),
        facts_of("a.jpg", one, 1),
        facts_of("brighter.jpg", one + 10, 2),
        facts_of("mirrored.jpg", one[:, ::-1], 3),
        facts_of("other.jpg", other, 4),
        PictureFacts(FOLDER + os.sep + "broken.jpg"),
    ]


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many pictures were compared each time."""
    times: list[int] = []
    real = kept_look_alikes.find_among

    def find(facts: list[PictureFacts], *rest: object) -> LookAlikes:
        times.append(len(facts))
        return real(facts, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(kept_look_alikes, "find_among", find)
    monkeypatch.setattr(kept_look_alikes, "FEWEST_KEPT", 2)
    return times


def look_alikes(facts: list[PictureFacts]) -> LookAlikes:
    looks = no_looks(len(facts))
    for row, each in enumerate(facts):
        keep_look(looks, row, each)
    return look_alikes_among([replace(each, look=b"") for each in facts], looks)


def kept_files() -> list[Path]:
    return sorted(Path(os.environ["CNNSTUDIO_CACHE"], "look-alikes").iterdir())


def test_a_known_set_is_not_compared_again(facts: list[PictureFacts], compared: list[int]) -> None:
    first = look_alikes(facts)
    assert (len(first.same), len(first.near), len(first.mirrored)) == (1, 2, 1)
    assert look_alikes(facts) == first
    assert compared == [6]


def test_a_set_is_known_again_in_another_folder(
    facts: list[PictureFacts], compared: list[int]
) -> None:
    first = look_alikes(facts)
    moved = [replace(each, path=each.path.replace("somewhere", "elsewhere")) for each in facts]
    second = look_alikes(moved)
    assert compared == [6]
    assert [[path.replace("elsewhere", "somewhere") for path in pair] for pair in second.near] == [
        list(pair) for pair in first.near
    ]
    assert {path for pair in second.same for path in pair} <= {each.path for each in moved}
    assert set(second.digests) == {each.path for each in moved if each.digest}


@pytest.mark.parametrize(
    "change",
    [
        {"digest": b"another content!"},
        {"path": FOLDER + os.sep + "c.jpg"},
        {"taken": 1_700_000_000.0},
        {"width": 50},
        {"digest": b""},
    ],
)
def test_another_picture_makes_it_another_set(
    facts: list[PictureFacts], compared: list[int], change: dict[str, object]
) -> None:
    look_alikes(facts)
    facts[4] = replace(facts[4], **change)  # type: ignore[arg-type]
    look_alikes(facts)
    assert compared == [6, 6]


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: content[:-4],
        lambda content: content[:20] + bytes([content[20] ^ 1]) + content[21:],
    ],
    ids=["empty", "cut", "another bit"],
)
def test_what_is_damaged_is_compared_again_and_mended(
    facts: list[PictureFacts], compared: list[int], damage: Callable[[bytes], bytes]
) -> None:
    first = look_alikes(facts)
    [file] = kept_files()
    file.write_bytes(damage(file.read_bytes()))
    assert look_alikes(facts) == first
    assert look_alikes(facts) == first
    assert compared == [6, 6]


def test_what_another_version_found_is_not_taken(
    facts: list[PictureFacts], compared: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    look_alikes(facts)
    monkeypatch.setattr(kept_look_alikes, "_VERSION", "next")
    look_alikes(facts)
    assert compared == [6, 6]


def test_few_pictures_leave_nothing_behind(
    facts: list[PictureFacts], compared: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_look_alikes, "FEWEST_KEPT", 7)
    look_alikes(facts)
    assert not Path(os.environ["CNNSTUDIO_CACHE"], "look-alikes").exists()


def test_the_sets_not_used_for_longest_make_room(
    facts: list[PictureFacts], compared: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    look_alikes(facts)
    [first] = kept_files()
    os.utime(first, (1, 1))
    look_alikes(facts)
    assert first.stat().st_mtime > 1
    os.utime(first, (1, 1))
    monkeypatch.setattr(kept_look_alikes, "KEPT_BYTES_AT_MOST", first.stat().st_size + 10)
    look_alikes(facts[:5])
    look_alikes(facts[1:])
    assert first not in kept_files()
    assert len(kept_files()) == 1


def test_without_a_cache_it_only_takes_longer(
    facts: list[PictureFacts], compared: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> Path:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(kept_look_alikes, "cache_folder", refuse)
    assert look_alikes(facts) == look_alikes(facts)
    assert compared == [6, 6]


def test_a_set_without_a_readable_picture_has_no_look_alikes(compared: list[int]) -> None:
    broken = [PictureFacts(f"/{number}.jpg") for number in range(3)]
    assert look_alikes(broken) == look_alikes(broken) == LookAlikes()
