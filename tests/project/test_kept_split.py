"""What is remembered of a split: by content, whole or not at all, and nothing is forgotten."""

import time
from hashlib import blake2b
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnstudio.project.kept_split import KeptSplit
from cnnstudio.project.listing import ListedPicture, PictureList
from cnnstudio.project.pictures import Part, PicturesPlan

PLAN = PicturesPlan(seed=3, validation_share=0.15, test_share=0.1)
PARTS: tuple[Part, ...] = ("training", "validation", "test")


def digest(number: int) -> str:
    return blake2b(str(number).encode(), digest_size=16).hexdigest()


def listing(*rows: tuple[str, Part]) -> PictureList:
    return PictureList(("cat",), tuple(ListedPicture(path, "cat", part) for path, part in rows))


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    kept = KeptSplit.empty(PLAN).after(
        listing(("/한글/1.jpg", "test"), ("/2.jpg", "training")),
        {"/한글/1.jpg": digest(1), "/2.jpg": digest(2)},
    )
    kept.save(tmp_path / "split.csv")
    loaded = KeptSplit.load(tmp_path / "split.csv")
    assert loaded == kept
    assert loaded is not None
    assert loaded.parts == {digest(1): "test", digest(2): "training"}


@given(
    st.floats(0.05, 0.5),
    st.floats(0, 0.4),
    st.integers(0, 2**31 - 1),
)
def test_it_is_of_the_very_plan_it_was_made_by(
    tmp_path_factory: pytest.TempPathFactory, validation: float, test: float, seed: int
) -> None:
    plan = PicturesPlan(validation_share=validation, test_share=test, seed=seed)
    path = tmp_path_factory.mktemp("kept") / "split.csv"
    KeptSplit.empty(plan).save(path)
    loaded = KeptSplit.load(path)
    assert loaded is not None
    assert loaded.is_of(plan)


@pytest.mark.parametrize("changed", [{"seed": 4}, {"validation_share": 0.2}, {"test_share": 0.0}])
def test_another_seed_or_share_is_another_split(changed: dict[str, float]) -> None:
    kept = KeptSplit.empty(PLAN).after(listing(("/1.jpg", "test")), {"/1.jpg": digest(1)})
    assert kept.is_of(PLAN)
    assert kept.is_of(PLAN.model_copy(update={"size": 224}))
    assert not kept.is_of(PLAN.model_copy(update=changed))


def test_new_pictures_are_added_and_known_ones_neither_changed_nor_forgotten() -> None:
    first = KeptSplit.empty(PLAN).after(
        listing(("/1.jpg", "training"), ("/2.jpg", "validation")),
        {"/1.jpg": digest(1), "/2.jpg": digest(2)},
    )
    second = first.after(
        listing(("/1.jpg", "test"), ("/3.jpg", "validation")),
        {"/1.jpg": digest(1), "/3.jpg": digest(3)},
    )
    assert second.parts == {digest(1): "training", digest(2): "validation", digest(3): "validation"}


def test_pictures_without_a_digest_are_not_remembered() -> None:
    kept = KeptSplit.empty(PLAN)
    assert kept.after(listing(("/1.jpg", "test")), {}) is kept


WHOLE = (
    "seed,3\nvalidation_share,0.15\ntest_share,0.1\npictures,2\ndigest,part\naa,test\nbb,training\n"
)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (WHOLE, ""),
        ("bb,training\n", ""),
        ("aa,test", "aa,exam"),
        ("aa,test", "aa"),
        ("seed,3", "seed,three"),
        ("seed,3\n", ""),
        ("digest,part\n", ""),
        ("0.15", "a lot"),
        ("bb,training\n", "bb,train"),
        ("aa,test", "\0\0\0"),
    ],
)
def test_a_damaged_file_is_as_good_as_none(tmp_path: Path, old: str, new: str) -> None:
    path = tmp_path / "split.csv"
    path.write_text(WHOLE, encoding="utf-8")
    assert KeptSplit.load(path) is not None
    assert old in WHOLE
    path.write_text(WHOLE.replace(old, new), encoding="utf-8")
    assert KeptSplit.load(path) is None


def test_neither_bytes_nor_folders_nor_nothing_are_a_kept_split(tmp_path: Path) -> None:
    path = tmp_path / "split.csv"
    assert KeptSplit.load(path) is None
    path.write_bytes(b"\xff\xfe\x00seed")
    assert KeptSplit.load(path) is None
    assert KeptSplit.load(tmp_path) is None


def test_a_failed_save_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "split.csv"
    KeptSplit.empty(PLAN).save(path)

    def refuse(source: object, target: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", refuse)
    with pytest.raises(OSError):
        KeptSplit(PLAN.seed, PLAN.validation_share, PLAN.test_share, {"aa": "test"}).save(path)
    assert KeptSplit.load(path) == KeptSplit.empty(PLAN)
    assert [each.name for each in tmp_path.iterdir()] == ["split.csv"]


def test_a_hundred_thousand_pictures_are_read_in_half_a_second(tmp_path: Path) -> None:
    parts = {digest(number): PARTS[number % 3] for number in range(100_000)}
    KeptSplit(1, 0.2, 0.1, parts).save(tmp_path / "split.csv")
    began = time.perf_counter()
    loaded = KeptSplit.load(tmp_path / "split.csv")
    seconds = time.perf_counter() - began
    assert loaded is not None
    assert len(loaded.parts) == 100_000
    assert seconds < 0.5
