"""Pictures in ZIP, NPZ and IDX files: found, named, opened; damaged and hostile ones refused."""

import contextlib
import gzip
import io
import os
import struct
import zipfile
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from picture_files import packed, quarters

from cnnstudio.images import archives, array_files, kept_files, zip_files
from cnnstudio.images.archives import Inside, inside, zip_members
from cnnstudio.project.places import cache_folder
from cnnstudio.project.problems import ProblemError


def zipped(path: Path, members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> str:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return str(path)


def named_without_saying_how(path: Path, names: list[bytes]) -> str:
    """A ZIP such as old programs make: names in the system's own encoding, without a flag."""
    stand_ins = [f"{number:0{len(name)}d}" for number, name in enumerate(names)]
    zipped(path, dict.fromkeys(stand_ins, b"x"))
    content = path.read_bytes()
    for stand_in, name in zip(stand_ins, names, strict=True):
        assert len(stand_in) == len(name)
        content = content.replace(stand_in.encode(), name)
    path.write_bytes(content)
    return str(path)


def idx(values: np.ndarray, kind: int = 8) -> bytes:
    head = struct.pack(f">HBB{values.ndim}I", 0, kind, values.ndim, *values.shape)
    return head + values.tobytes()


def kind_of(work: Any, *arguments: Any) -> str:
    with pytest.raises(ProblemError) as raised:
        work(*arguments)
    problem = raised.value.problem
    assert problem.message
    assert problem.remedy
    return problem.kind


def digits(count: int = 7) -> np.ndarray:
    return np.arange(count * 6 * 5, dtype=np.uint8).reshape(count, 6, 5)


# Names


def test_a_path_through_an_archive_is_told_from_others(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "내 pets.ZIP", {"cat/1.jpg": b"x"})
    assert inside(f"{archive}{os.sep}cat{os.sep}1.jpg") == Inside(archive, "cat/1.jpg")
    assert inside(archive) is None
    assert inside(str(tmp_path / "cat" / "1.jpg")) is None
    assert inside(str(tmp_path / "gone.zip" / "1.jpg")) is None
    (tmp_path / "folder.zip" / "cat").mkdir(parents=True)
    assert inside(str(tmp_path / "folder.zip" / "cat" / "1.jpg")) is None


def test_an_archive_in_a_folder_called_like_one_is_found(tmp_path: Path) -> None:
    (tmp_path / "all.zip").mkdir()
    archive = zipped(tmp_path / "all.zip" / "a.zip", {"1.jpg": b"x"})
    place = inside(f"{archive}{os.sep}1.jpg")
    assert place == Inside(archive, "1.jpg")
    assert place.path == f"{archive}{os.sep}1.jpg"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.zip", True),
        ("a.NPZ", True),
        ("train-images-idx3-ubyte", True),
        ("train-images-idx3-ubyte.gz", True),
        ("t10k-images.idx3-ubyte", True),
        ("train-labels-idx1-ubyte.gz", False),
        ("a.zip.jpg", False),
        ("a.gz", False),
    ],
)
def test_an_archive_is_known_by_its_name(tmp_path: Path, name: str, expected: bool) -> None:
    path = tmp_path / name
    assert not archives.is_archive(str(path))
    path.touch()
    assert archives.is_archive(str(path)) is expected


def test_a_folder_is_no_archive(tmp_path: Path) -> None:
    (tmp_path / "a.zip").mkdir()
    assert not archives.is_archive(str(tmp_path / "a.zip"))


def test_the_state_of_what_lies_inside_is_that_of_the_archive(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", {"1.jpg": b"x"})
    state = archives.file_state(f"{archive}{os.sep}1.jpg")
    assert state == archives.file_state(archive)
    assert state is not None
    assert state[0] == Path(archive).stat().st_size
    assert archives.file_state(str(tmp_path / "gone.zip" / "1.jpg")) is None
    assert archives.file_state("a\0b") is None


def test_the_home_of_a_picture_is_its_folder_or_its_archive(tmp_path: Path) -> None:
    gone = str(tmp_path / "gone.zip")
    assert archives.home_of(f"{gone}{os.sep}cat{os.sep}1.jpg") == gone
    assert archives.home_of(str(tmp_path / "cat" / "1.jpg")) == str(tmp_path / "cat")
    (tmp_path / "real.zip" / "cat").mkdir(parents=True)
    home = tmp_path / "real.zip" / "cat"
    assert archives.home_of(str(home / "1.jpg")) == str(home)


# ZIP


def test_files_of_a_zip_are_listed_without_what_systems_put_there(tmp_path: Path) -> None:
    members = ["cat/1.jpg", "cat/", "__MACOSX/cat/._1.jpg", ".hidden/2.jpg", "dog/.DS_Store"]
    more = ["../../outside.jpg", "/root/3.jpg", "win\\4.jpg", "강아지/🐶.png"]
    archive = zipped(tmp_path / "a.zip", dict.fromkeys([*members, *more], b"123"))
    found = {each.name: each.bytes for each in zip_members(archive)}
    assert found == {"cat/1.jpg": 3, "root/3.jpg": 3, "win/4.jpg": 3, "강아지/🐶.png": 3}
    for name in found:
        assert archives.open_zip_member(Inside(archive, name)).read() == b"123"


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_member_comes_out_as_it_went_in(tmp_path: Path, method: int) -> None:
    content = packed(quarters(), "PNG") * 30
    archive = zipped(tmp_path / "a.zip", {"a.png": content, "empty.png": b""}, method)
    assert archives.open_zip_member(Inside(archive, "a.png")).read() == content
    assert archives.open_zip_member(Inside(archive, "empty.png")).read() == b""


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (
            ["고양이/사진 1.jpg".encode("cp949"), "똠방각하.png".encode("cp949")],
            "고양이/사진 1.jpg",
        ),
        (["강아지/é.jpg".encode()], "강아지/é.jpg"),
        (["café/été.jpg".encode("cp437")], "café/été.jpg"),
        (["Müll/Straße.jpg".encode("cp437")], "Müll/Straße.jpg"),
    ],
)
def test_names_are_read_as_they_were_meant(
    tmp_path: Path, written: list[bytes], expected: str
) -> None:
    archive = named_without_saying_how(tmp_path / "a.zip", written)
    assert zip_members(archive)[0].name == expected
    assert archives.open_zip_member(Inside(archive, expected)).read() == b"x"


def test_what_is_not_in_the_zip_is_missing(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", {"1.jpg": b"x"})
    assert kind_of(archives.open_zip_member, Inside(archive, "2.jpg")) == "file_missing"
    gone = str(tmp_path / "gone.zip")
    assert kind_of(archives.open_zip_member, Inside(gone, "2.jpg")) == "file_missing"
    assert kind_of(zip_members, gone) == "file_missing"


def test_a_changed_zip_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    archive = zipped(path, {"1.jpg": b"first"})
    assert archives.open_zip_member(Inside(archive, "1.jpg")).read() == b"first"
    zipped(path, {"0.jpg": b"x", "1.jpg": b"second, longer"})
    assert archives.open_zip_member(Inside(archive, "1.jpg")).read() == b"second, longer"


def test_a_zip_can_be_deleted_at_any_time(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", {"1.jpg": b"x"})
    content = archives.open_zip_member(Inside(archive, "1.jpg"))
    if os.name == "posix" and Path("/proc/self/fd").is_dir():
        held = [
            str(each.readlink()) for each in Path("/proc/self/fd").iterdir() if each.is_symlink()
        ]
        assert archive not in held
    Path(archive).unlink()
    assert content.read() == b"x"


def test_a_locked_zip_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    archive = zipped(path, {"1.jpg": b"secret"})
    content = bytearray(path.read_bytes())
    place = content.index(b"PK\1\2")
    content[place + 8] |= 1
    path.write_bytes(content)
    assert kind_of(archives.open_zip_member, Inside(archive, "1.jpg")) == "archive_encrypted"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_ways_of_packing_are_read_within_what_is_declared(
    tmp_path: Path, method: int
) -> None:
    content = np.random.default_rng(1).integers(0, 9, 300_000, np.uint8).tobytes()
    path = tmp_path / "a.zip"
    archive = zipped(path, {"1.jpg": content}, method)
    assert archives.open_zip_member(Inside(archive, "1.jpg")).read() == content
    whole = path.read_bytes()
    place = whole.index(b"PK\1\2")
    for said, kind in ((1000, "archive_too_large"), (300_001, "archive_damaged")):
        path.write_bytes(whole[: place + 24] + struct.pack("<I", said) + whole[place + 28 :])
        os.utime(path, ns=(said, said))
        assert kind_of(archives.open_zip_member, Inside(archive, "1.jpg")) == kind
    path.write_bytes(whole[:500] + bytes(20) + whole[520:])
    assert kind_of(archives.open_zip_member, Inside(archive, "1.jpg")) == "archive_damaged"


def test_a_dictionary_larger_than_the_content_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    archive = zipped(path, {"1.jpg": b"x" * 1000}, zipfile.ZIP_LZMA)
    content = bytearray(path.read_bytes())
    place = 30 + len("1.jpg") + 4 + 1
    content[place : place + 4] = struct.pack("<I", 2**32 - 1)
    path.write_bytes(content)
    assert archives.open_zip_member(Inside(archive, "1.jpg")).read() == b"x" * 1000


def test_a_way_of_packing_that_is_not_known_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    archive = zipped(path, {"1.jpg": b"x" * 1000})
    content = bytearray(path.read_bytes())
    place = content.index(b"PK\1\2")
    content[place + 10 : place + 12] = struct.pack("<H", 93)
    path.write_bytes(content)
    assert kind_of(archives.open_zip_member, Inside(archive, "1.jpg")) == "archive_method"


def test_a_member_that_says_it_is_huge_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    archive = zipped(path, {"1.jpg": bytes(10**6)})
    content = bytearray(path.read_bytes())
    place = content.index(b"PK\1\2")
    content[place + 24 : place + 28] = struct.pack("<I", 2**32 - 2)
    path.write_bytes(content)
    assert kind_of(archives.open_zip_member, Inside(archive, "1.jpg")) == "archive_too_large"


def test_a_member_larger_than_it_says_is_not_unpacked_further(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    archive = zipped(path, {"1.jpg": bytes(50 * 10**6)})
    content = bytearray(path.read_bytes())
    place = content.index(b"PK\1\2")
    content[place + 24 : place + 28] = struct.pack("<I", 1000)
    path.write_bytes(content)
    assert kind_of(archives.open_zip_member, Inside(archive, "1.jpg")) == "archive_too_large"


def test_a_table_that_would_fill_the_memory_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = zipped(tmp_path / "a.zip", {f"{number}.jpg": b"x" for number in range(100)})
    monkeypatch.setattr(zip_files, "_TABLE_BYTES_AT_MOST", 1000)
    assert kind_of(zip_members, archive) == "archive_too_large"


def test_a_zip_cut_off_or_scrambled_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    members = {f"{number}.png": packed(quarters(), "PNG") for number in range(5)}
    archive = zipped(path, members)
    whole = path.read_bytes()
    for share in (0.0, 0.3, 0.9, 0.99):
        path.write_bytes(whole[: int(len(whole) * share)])
        assert kind_of(zip_members, archive) == "archive_damaged", share
    scrambled = bytearray(whole)
    for place in range(40, len(whole) // 2, 7):
        scrambled[place] ^= 0x55
    path.write_bytes(scrambled)
    assert kind_of(archives.open_zip_member, Inside(archive, "1.png")) == "archive_damaged"


@pytest.mark.parametrize("seed", range(40))
def test_a_zip_with_wrong_bytes_is_read_or_named(tmp_path: Path, seed: int) -> None:
    path = tmp_path / "a.zip"
    archive = zipped(path, {f"{number}.txt": b"content " * 50 for number in range(4)})
    chance = np.random.default_rng(seed)
    content = np.frombuffer(path.read_bytes(), np.uint8).copy()
    content[chance.integers(0, len(content), 12)] = chance.integers(0, 256, 12)
    path.write_bytes(content.tobytes())
    with contextlib.suppress(ProblemError):
        for member in zip_members(archive):
            with contextlib.suppress(ProblemError):
                read = archives.open_zip_member(Inside(archive, member.name)).read()
                assert read == b"content " * 50


def test_many_threads_read_one_zip(tmp_path: Path) -> None:
    members = {f"{number}.bin": os.urandom(2000) + bytes(2000) for number in range(60)}
    archive = zipped(tmp_path / "a.zip", members)
    with ThreadPoolExecutor(8) as pool:
        read = pool.map(
            lambda name: archives.open_zip_member(Inside(archive, name)).read(), list(members) * 5
        )
        assert list(read) == list(members.values()) * 5


# Arrays


def test_arrays_of_an_npz_are_listed_and_mapped(tmp_path: Path) -> None:
    path = tmp_path / "mnist.npz"
    labels = np.array(["cat", "dog"])
    np.savez_compressed(path, x_train=digits(), y_train=np.arange(7), names=labels)
    archive = str(path)
    found = archives.arrays_in(archive)
    assert {name: (each.shape, each.pictures) for name, each in found.items()} == {
        "x_train": ((7, 6, 5), 7),
        "y_train": ((7,), 0),
        "names": ((2,), 0),
    }
    mapped = archives.open_array(archive, "x_train")
    assert isinstance(mapped, np.memmap)
    assert (mapped == digits()).all()
    assert archives.open_array(archive, "names").tolist() == ["cat", "dog"]
    with pytest.raises(ValueError, match="read-only"):
        mapped[0] = 1


@pytest.mark.parametrize(
    "values",
    [
        np.zeros((0, 28, 28), np.uint8),
        np.array(5.5),
        np.asfortranarray(np.arange(24, dtype=">i4").reshape(2, 3, 4)),
        np.array([1 + 2j]),
        np.array([True, False]),
        np.zeros(3, [("a", "<i4"), ("b", "<f8")]),
        np.full((2, 3, 3), np.nan, np.float16),
    ],
    ids=lambda values: f"{values.dtype} {values.shape}",
)
def test_any_plain_array_comes_back_as_it_was(tmp_path: Path, values: np.ndarray) -> None:
    for save in (np.savez, np.savez_compressed):
        save(tmp_path / f"{save.__name__}.npz", values=values)
        found = archives.open_array(str(tmp_path / f"{save.__name__}.npz"), "values")
        assert found.shape == values.shape
        assert found.dtype == values.dtype
        assert found.tobytes() == values.tobytes()


@pytest.mark.parametrize("name", ["train-images-idx3-ubyte", "train-images-idx3-ubyte.gz"])
def test_an_idx_file_is_mapped(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    content = idx(digits())
    path.write_bytes(gzip.compress(content) if name.endswith("gz") else content)
    assert archives.arrays_in(str(path))[""].shape == (7, 6, 5)
    assert (archives.open_array(str(path), "") == digits()).all()


def test_labels_and_other_types_of_idx_files_are_read(tmp_path: Path) -> None:
    labels = tmp_path / "train-labels-idx1-ubyte.gz"
    labels.write_bytes(gzip.compress(idx(np.arange(9, dtype=np.uint8))))
    assert archives.open_array(str(labels), "").tolist() == list(range(9))
    numbers = tmp_path / "a-idx3-ubyte"
    values = np.linspace(-1, 1, 24).astype(">f4").reshape(2, 3, 4)
    numbers.write_bytes(idx(values, 13))
    assert (archives.open_array(str(numbers), "") == values).all()


def test_the_real_ones_are_read(test_data: Path) -> None:
    mnist = str(test_data / "mnist" / "mnist.npz")
    assert archives.arrays_in(mnist)["x_train"].shape == (60000, 28, 28)
    assert archives.open_array(mnist, "y_train")[:5].tolist() == [5, 0, 4, 1, 9]
    fashion = str(test_data / "fashion_mnist" / "t10k-images-idx3-ubyte.gz")
    assert archives.arrays_in(fashion)[""].pictures == 10000
    assert archives.open_array(fashion, "").shape == (10000, 28, 28)


@pytest.mark.parametrize(
    ("shape", "dtype", "expected"),
    [
        ((9, 28, 28), "u1", 9),
        ((9, 28, 28, 1), "u1", 9),
        ((9, 28, 28, 3), "f4", 9),
        ((9, 3, 28, 28), "u2", 9),
        ((9, 28, 28, 7), "u1", 0),
        ((9, 784), "u1", 0),
        ((9,), "i8", 0),
        ((9, 28, 28), "U3", 0),
        ((9, 0, 28), "u1", 0),
    ],
)
def test_arrays_that_look_like_pictures_are_told(
    shape: tuple[int, ...], dtype: str, expected: int
) -> None:
    assert archives.ArrayShape(shape, dtype).pictures == expected


def test_paths_of_pictures_in_arrays_sort_as_they_stand(tmp_path: Path) -> None:
    archive = str(tmp_path / "a.npz")
    assert archives.array_picture_path(archive, "x", 17) == os.path.join(archive, "x", "00017")  # noqa: PTH118
    assert archives.array_picture_path(archive, "", 123456).endswith(f"a.npz{os.sep}123456")


sprung: list[str] = []


def spring(said: str) -> str:
    sprung.append(said)
    return said


class Trap:
    """What a pickle would run when it is opened."""

    def __reduce__(self) -> tuple[Any, ...]:
        return spring, ("sprung",)


def test_objects_are_never_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    np.savez(path, objects=np.array([Trap()], dtype=object), x=digits())
    assert archives.arrays_in(str(path))["objects"].dtype == "|O"
    assert kind_of(archives.open_array, str(path), "objects") == "array_objects"
    assert (archives.open_array(str(path), "x") == digits()).all()
    assert sprung == []


def npy_head(text: str) -> bytes:
    return b"\x93NUMPY\1\0" + struct.pack("<H", len(text)) + text.encode()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no array at all",
        npy_head("{'descr': '|u1', 'fortran_order': False, 'shape': (1000000, 1000)}") + b"x" * 9,
        npy_head("{'descr': '|u1', 'fortran_order': False, 'shape': (-1, 5)}"),
        npy_head("{'descr': '|u1', 'fortran_order': False, 'shape': 7}"),
        npy_head("{'descr': 'nonsense', 'fortran_order': False, 'shape': (1,)}x"),
        npy_head("__import__('os').abort()"),
        npy_head("(" * 5000),
        b"\x93NUMPY\2\0" + struct.pack("<I", 2**31),
    ],
)
def test_a_damaged_array_is_named(tmp_path: Path, content: bytes) -> None:
    archive = zipped(tmp_path / "a.npz", {"x.npy": content})
    assert kind_of(archives.arrays_in, archive) == "archive_damaged"
    assert kind_of(archives.open_array, archive, "x") == "archive_damaged"


@pytest.mark.parametrize("name", ["a-idx3-ubyte", "a-idx3-ubyte.gz"])
def test_a_damaged_idx_file_is_named(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    whole = idx(np.random.default_rng(1).integers(0, 256, (5000, 6, 5), dtype=np.uint8))
    contents = [b"", b"\0\0", b"text of no kind", whole[:50_000], struct.pack(">HBB", 0, 8, 255)]
    if name.endswith("gz"):
        contents = [b"", *(gzip.compress(each) for each in contents)]
        right = gzip.compress(whole)
        contents += [right[:2000], right[:-8] + bytes(8), b"\x1f\x8b" + bytes(50)]
    for content in contents:
        path.write_bytes(content)
        assert kind_of(archives.open_array, str(path), "") == "archive_damaged"
    left = list((cache_folder() / "arrays").glob("*"))
    assert left == []


def test_an_array_with_a_wrong_check_sum_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    np.savez(path, x=digits())
    content = bytearray(path.read_bytes())
    content[content.index(digits().tobytes()) + 40] ^= 1
    path.write_bytes(content)
    assert kind_of(archives.open_array, str(path), "x") == "archive_damaged"


def test_an_array_too_large_to_unpack_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a-idx3-ubyte.gz"
    head = struct.pack(">HBB3I", 0, 8, 3, 10**6, 1000, 1000)
    path.write_bytes(gzip.compress(head + bytes(10**6)))
    assert kind_of(archives.open_array, str(path), "") == "archive_too_large"


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.npz"
    np.savez(path, x=digits())

    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(kept_files.os, "fsync", full)
    assert kind_of(archives.open_array, str(path), "x") == "disk_full"
    assert list((cache_folder() / "arrays").iterdir()) == []


def test_the_unpacked_copy_is_kept_and_made_anew_after_a_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.npz"
    np.savez(path, x=digits())
    archives.open_array(str(path), "x")
    array_files._mapped.clear()
    with monkeypatch.context() as patch:
        patch.setattr(array_files, "_unpack", None)
        assert (archives.open_array(str(path), "x") == digits()).all()
    np.savez(path, x=digits(9), more=digits(2))
    assert archives.open_array(str(path), "x").shape == (9, 6, 5)


def test_a_torn_copy_is_made_again(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    np.savez(path, x=digits())
    archives.open_array(str(path), "x")
    kept = next((cache_folder() / "arrays").iterdir())
    for content in (b"", kept.read_bytes()[:-3], bytes(500)):
        array_files._mapped.clear()
        kept.unlink()
        kept.write_bytes(content)
        assert (archives.open_array(str(path), "x") == digits()).all()


def test_an_archive_that_is_gone_is_missing(tmp_path: Path) -> None:
    for name in ("a.npz", "a-idx3-ubyte"):
        assert kind_of(archives.arrays_in, str(tmp_path / name)) == "file_missing"
        assert kind_of(archives.open_array, str(tmp_path / name), "x") == "file_missing"
    np.savez(tmp_path / "a.npz", x=digits())
    assert kind_of(archives.open_array, str(tmp_path / "a.npz"), "y") == "file_missing"


def test_many_threads_unpack_an_array_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.npz"
    np.savez(path, x=digits())
    unpack, unpacked = array_files._unpack, []

    def counting(*arguments: Any) -> None:
        unpacked.append(arguments)
        unpack(*arguments)

    monkeypatch.setattr(array_files, "_unpack", counting)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: archives.open_array(str(path), "x").sum(), range(30)))
    assert set(found) == {digits().sum()}
    assert len(unpacked) == 1


def test_the_range_of_an_array_is_that_of_its_finite_numbers(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    values = np.zeros((3, 4, 4), np.float32)
    values[1, 2, 3], values[2, 0, 0], values[0, 0, 0] = 7.5, -2, np.inf
    np.savez(path, x=values, empty=np.zeros((0, 3, 3)))
    found = array_files.mapped_array(str(path), "x")
    assert (found.low, found.high) == (-2, 7.5)
    assert array_files.mapped_array(str(path), "empty").high == 0


def test_a_zip_bomb_called_npz_takes_no_memory(tmp_path: Path) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    raw = packer.compress(bytes(10**7)) + packer.flush()
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.npy", bytes(10**7))
    assert len(raw) < 20_000
    path = tmp_path / "a.npz"
    path.write_bytes(stream.getvalue())
    assert kind_of(archives.arrays_in, str(path)) == "archive_damaged"
