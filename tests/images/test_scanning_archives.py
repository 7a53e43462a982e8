"""ZIP, IDX and NPZ files are sources of pictures; wrong and hostile ones are named."""

import gzip
import struct
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from list_files_made import zipped
from picture_files import make_class

from cnnstudio.images.archives import array_picture_path
from cnnstudio.images.read import read_picture
from cnnstudio.images.scan import Scan, scan_folders
from cnnstudio.project.picture_edits import AddedPicture
from cnnstudio.project.problems import Problem


def scanned(*sources: Path, by_names: bool = False) -> Scan:
    names = [str(source) for source in sources]
    scan = scan_folders(names, names if by_names else ())
    for problem in scan.problems:
        assert problem.message
        assert problem.remedy
    return scan


def only(scan: Scan, kind: str) -> Problem:
    found = [problem for problem in scan.problems if problem.kind == kind]
    assert len(found) == 1, [problem.kind for problem in scan.problems]
    return found[0]


def parts(scan: Scan) -> set[str | None]:
    return {each.part for each in scan.pictures}


# ZIP


@pytest.mark.parametrize("inside", ["", "pets/", "pets/pictures/"])
def test_folders_in_a_zip_are_the_classes(tmp_path: Path, inside: str) -> None:
    make_class(tmp_path / "all" / "cat", 3)
    make_class(tmp_path / "all" / "cat" / "more", 1)
    make_class(tmp_path / "all" / "dog", 2)
    archive = zipped(tmp_path / "pets.zip", tmp_path / "all", inside)
    scan = scanned(archive)
    assert scan.counts() == {"cat": 4, "dog": 2}
    assert scan.problems == ()
    assert scan.folders == (str(archive),)
    assert [(each.kind, each.pictures) for each in scan.sources] == [("zip", 6)]
    last = scan.pictures[-1]
    assert last.path == str(archive / inside / "dog" / "picture 2.png")
    assert last.bytes == (tmp_path / "all" / "dog" / "picture 2.png").stat().st_size
    assert last.modified_ns == archive.stat().st_mtime_ns
    assert scan.relative_name(last.path) == f"{inside}dog/picture 2.png"
    assert read_picture(last.path, 8, "crop").shape == (8, 8, 3)


def test_parts_lists_and_names_in_a_zip(tmp_path: Path) -> None:
    for part in ("train", "test"):
        for label in ("cat", "dog"):
            make_class(tmp_path / "parts" / part / label, 2)
    assert parts(scanned(zipped(tmp_path / "parts.zip", tmp_path / "parts", "x/"))) == {
        "training",
        "test",
    }
    make_class(tmp_path / "listed", 4)
    rows = "".join(f"picture {number}.png,{'cdcd'[number - 1]}\n" for number in range(1, 5))
    (tmp_path / "listed" / "list.csv").write_text("file,label\n" + rows)
    for inside in ("", "listed/"):
        listed = scanned(zipped(tmp_path / "listed.zip", tmp_path / "listed", inside))
        assert listed.counts() == {"c": 2, "d": 2}
    for number in range(1, 9):
        (tmp_path / "named").mkdir(exist_ok=True)
        (tmp_path / "named" / f"{'cat' if number % 2 else 'dog'}.{number}.jpg").write_bytes(b"x")
    archive = zipped(tmp_path / "named.zip", tmp_path / "named")
    named = scanned(archive)
    assert only(named, "classes_in_names").file == str(archive)
    assert [each.counts for each in named.offers] == [{"cat": 4, "dog": 4}]
    assert scanned(archive, by_names=True).counts() == {"cat": 4, "dog": 4}


def test_one_zip_for_each_class(tmp_path: Path) -> None:
    for label in ("cat", "dog"):
        make_class(tmp_path / label, 2)
        zipped(tmp_path / f"{label}.zip", tmp_path / label, f"{label}/")
    scan = scanned(tmp_path / "cat.zip", tmp_path / "dog.zip", tmp_path / "cat.zip")
    assert scan.counts() == {"cat": 2, "dog": 2}
    assert scan.problems == ()


def test_zips_without_pictures_and_broken_ones_are_named(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "texts.zip", "w") as archive:
        archive.writestr("readme.txt", "no pictures")
    assert only(scanned(tmp_path / "texts.zip"), "archive_empty").severity == "error"
    (tmp_path / "broken.zip").write_bytes(b"PK\5\6" + bytes(9))
    broken = scanned(tmp_path / "broken.zip")
    assert [each.kind for each in broken.problems] == ["nothing_usable", "archive_damaged"]
    assert only(scanned(tmp_path / "gone.zip"), "folder_missing")


def test_hostile_and_foreign_members_of_a_zip_are_left_out(tmp_path: Path) -> None:
    make_class(tmp_path / "all" / "cat", 2)
    make_class(tmp_path / "all" / "dog", 2)
    picture = (tmp_path / "all" / "cat" / "picture 1.png").read_bytes()
    archive = zipped(tmp_path / "pets.zip", tmp_path / "all")
    with zipfile.ZipFile(archive, "a") as opened:
        for name in ("../evil/1.png", "__MACOSX/cat/._1.png", "cat/Thumbs.db", ".git/x/1.png"):
            opened.writestr(name, picture)
    scan = scanned(archive)
    assert scan.counts() == {"cat": 2, "dog": 2}
    assert scan.problems == ()


def test_a_locked_zip_is_refused_at_once(tmp_path: Path) -> None:
    make_class(tmp_path / "all" / "cat", 2)
    archive = zipped(tmp_path / "pets.zip", tmp_path / "all")
    content = bytearray(archive.read_bytes())
    for mark, place in ((b"PK\1\2", 8), (b"PK\3\4", 6)):
        at = content.find(mark)
        while at >= 0:
            content[at + place] |= 1
            at = content.find(mark, at + 1)
    archive.write_bytes(content)
    locked = scanned(archive)
    assert only(locked, "archive_encrypted").file == str(archive)
    assert locked.pictures == ()


# IDX


def idx(values: np.ndarray, kind: int = 8) -> bytes:
    head = struct.pack(f">HBB{values.ndim}I", 0, kind, values.ndim, *values.shape)
    return head + values.tobytes()


def pictures(count: int) -> np.ndarray:
    return np.arange(count * 30, dtype=np.uint8).reshape(count, 6, 5)


def make_idx(folder: Path, front: str, labels: list[int], packed: bool = False) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    ending = ".gz" if packed else ""
    for name, content in {
        f"{front}images-idx3-ubyte{ending}": idx(pictures(len(labels))),
        f"{front}labels-idx1-ubyte{ending}": idx(np.array(labels, np.uint8)),
    }.items():
        (folder / name).write_bytes(gzip.compress(content) if packed else content)
    return folder / f"{front}images-idx3-ubyte{ending}"


@pytest.mark.parametrize("packed", [False, True])
def test_idx_files_of_a_folder_are_training_and_test(tmp_path: Path, packed: bool) -> None:
    train = make_idx(tmp_path, "train-", [1, 0, 1, 7], packed)
    make_idx(tmp_path, "t10k-", [0, 1], packed)
    (tmp_path / "readme.txt").write_text("text")
    scan = scanned(tmp_path)
    assert scan.counts() == {"0": 2, "1": 3, "7": 1}
    assert parts(scan) == {"training", "test"}
    assert scan.problems == ()
    assert [each.kind for each in scan.sources] == ["idx"]
    first = next(each for each in scan.pictures if each.part == "training")
    assert first.path == array_picture_path(str(train), "", 1)
    assert (first.label, first.bytes) == ("0", 30)
    assert first.modified_ns == train.stat().st_mtime_ns
    assert scan.relative_name(first.path) == f"{train.name}/00001"
    assert read_picture(first.path, 8, "stretch").shape == (8, 8, 3)


def test_one_idx_file_is_enough_and_then_no_part(tmp_path: Path) -> None:
    train = make_idx(tmp_path, "train-", [1, 0, 1, 7])
    test = make_idx(tmp_path, "t10k-", [1, 1])
    for chosen in (train, tmp_path / "train-labels-idx1-ubyte"):
        scan = scanned(chosen)
        assert scan.counts() == {"0": 1, "1": 2, "7": 1}
        assert parts(scan) == {None}
        assert scan.relative_name(scan.pictures[0].path) == f"{train.name}/00001"
    both = scanned(train, test)
    assert parts(both) == {"training", "test"}
    assert scanned(tmp_path, train).counts() == both.counts()


def test_the_same_idx_file_packed_and_unpacked_counts_once(tmp_path: Path) -> None:
    make_idx(tmp_path, "train-", [1, 0], packed=True)
    make_idx(tmp_path, "train-", [1, 0])
    scan = scanned(tmp_path)
    assert len(scan.pictures) == 2
    assert ".gz" not in scan.pictures[0].path


def test_numbers_get_their_names_from_a_file_beside(tmp_path: Path) -> None:
    make_idx(tmp_path / "a", "train-", [1, 0])
    (tmp_path / "a" / "labels.txt").write_text("T-shirt\nTrouser\nCoat\n")
    assert scanned(tmp_path / "a").classes == ("T-shirt", "Trouser")
    make_idx(tmp_path / "b", "emnist-balanced-train-", [1, 0])
    make_idx(tmp_path / "b", "emnist-balanced-test-", [0])
    (tmp_path / "b" / "emnist-balanced-mapping.txt").write_text("0 48\n1 65\n")
    named = scanned(tmp_path / "b")
    assert named.classes == ("0", "A")
    assert parts(named) == {"training", "test"}
    (tmp_path / "a" / "labels.txt").write_text("T-shirt\n")
    assert scanned(tmp_path / "a").classes == ("0", "1")


def test_several_sets_in_a_folder_are_not_mixed(tmp_path: Path) -> None:
    make_idx(tmp_path, "emnist-letters-train-", [1, 2])
    digits = make_idx(tmp_path, "emnist-digits-train-", [0, 1])
    assert "emnist-digits" in only(scanned(tmp_path), "array_several_sets").message
    assert scanned(digits).classes == ("0", "1")


def broken_idx(folder: Path, name: str, content: bytes) -> Scan:
    make_idx(folder, "train-", [1, 0])
    (folder / name).write_bytes(content)
    return scanned(folder)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("train-labels-idx1-ubyte", idx(np.zeros(3, np.uint8)), "array_lengths_differ"),
        ("train-labels-idx1-ubyte", idx(np.zeros(2, np.uint8))[:-1], "archive_damaged"),
        ("train-labels-idx1-ubyte", b"", "archive_damaged"),
        ("train-labels-idx1-ubyte", b"\x1f\x8b" + bytes(50), "archive_damaged"),
        ("train-labels-idx1-ubyte", b"GIF89a..........", "array_labels_unknown"),
        (
            "train-labels-idx1-ubyte",
            struct.pack(">HBBI", 0, 8, 1, 2**32 - 1),
            "array_labels_unknown",
        ),
        ("train-images-idx3-ubyte", b"hello, no numbers", "archive_damaged"),
        ("train-images-idx3-ubyte", idx(np.zeros((2, 9), np.uint8)), "array_not_pictures"),
        ("train-images-idx3-ubyte", idx(np.zeros((2, 0, 9), np.uint8)), "array_not_pictures"),
        (
            "train-images-idx3-ubyte",
            struct.pack(">HBB3I", 0, 8, 3, 2**32 - 1, 9, 9),
            "array_not_pictures",
        ),
    ],
)
def test_wrong_pairs_of_idx_files_name_the_file(
    tmp_path: Path, name: str, content: bytes, kind: str
) -> None:
    scan = broken_idx(tmp_path, name, content)
    assert only(scan, kind).file.startswith(str(tmp_path / "train-"))
    assert scan.problems[0].severity == "error"
    assert scan.pictures == ()


def test_missing_labels_are_named(tmp_path: Path) -> None:
    make_idx(tmp_path, "train-", [1, 0])
    make_idx(tmp_path, "t10k-", [1, 0])
    (tmp_path / "t10k-labels-idx1-ubyte").unlink()
    scan = scanned(tmp_path)
    assert "t10k-images-idx3-ubyte" in only(scan, "array_labels_missing").message
    assert scan.counts() == {"0": 1, "1": 1}


# NPZ


def saved(path: Path, **arrays: Any) -> Path:
    np.savez(path, **arrays)
    return path


def colours(count: int) -> np.ndarray:
    return np.zeros((count, 6, 5, 3), np.uint8)


@pytest.mark.parametrize(
    "names",
    [
        ("x_train", "y_train", "x_val", "y_val", "x_test", "y_test"),
        ("train_images", "train_labels", "val_images", "val_labels", "test_images", "test_labels"),
        ("X_train", "Y_train", "X_valid", "Y_valid", "X_test", "Y_test"),
        ("trainX", "trainY", "devX", "devY", "testX", "testY"),
        ("xtrain", "ytrain", "xval", "yval", "xtest", "ytest"),
    ],
)
def test_npz_arrays_are_paired_by_their_names(tmp_path: Path, names: tuple[str, ...]) -> None:
    labels = np.array([0, 1, 1])
    arrays = {name: colours(3) if place % 2 == 0 else labels for place, name in enumerate(names)}
    scan = scanned(saved(tmp_path / "a.npz", **arrays))
    assert scan.problems == ()
    assert scan.counts() == {"0": 3, "1": 6}
    assert parts(scan) == {"training", "validation", "test"}
    assert [each.kind for each in scan.sources] == ["npz"]
    first = scan.pictures[0]
    assert scan.relative_name(first.path).endswith("/00000")
    assert first.bytes == 90
    assert read_picture(first.path, 8, "pad").shape == (8, 8, 3)


@pytest.mark.parametrize(
    ("labels", "classes"),
    [
        (np.array([[2], [0], [1], [2]]), ("0", "1", "2")),
        (np.eye(3)[[2, 0, 1, 2]], ("0", "1", "2")),
        (np.eye(3, dtype=bool)[[2, 0, 1, 2]], ("0", "1", "2")),
        (np.array([2.0, 0.0, 1.0, 2.0], np.float32), ("0", "1", "2")),
        (np.array(["dog", "ant", "cat", "dog"]), ("ant", "cat", "dog")),
        (np.array([b"dog", b"ant", b"cat", b"dog"]), ("ant", "cat", "dog")),
        (np.array([-1, 1, 1, -1]), ("1", "-1")),
    ],
    ids=["column", "one-hot", "one-hot bool", "floats", "words", "bytes", "negative"],
)
@pytest.mark.parametrize("names", [("images", "labels"), ("X", "y"), ("arr_0", "arr_1")])
def test_labels_of_all_shapes(
    tmp_path: Path, labels: np.ndarray, classes: tuple[str, ...], names: tuple[str, str]
) -> None:
    scan = scanned(saved(tmp_path / "a.npz", **{names[0]: colours(4), names[1]: labels}))
    assert scan.classes == classes
    assert parts(scan) == {None}
    assert scan.counts()[classes[-1]] == 2


def test_names_of_the_classes_may_be_inside(tmp_path: Path) -> None:
    names = np.array(["ant", "bee"])
    scan = scanned(saved(tmp_path / "a.npz", x=colours(2), y=np.array([1, 0]), class_names=names))
    assert scan.classes == ("ant", "bee")


@pytest.mark.parametrize(
    ("arrays", "kind"),
    [
        ({"x": colours(3), "y": np.arange(2)}, "array_lengths_differ"),
        ({"x": colours(3)}, "array_labels_not_inside"),
        ({"x_train": colours(3), "y_test": np.arange(3)}, "array_labels_not_inside"),
        ({"x": np.zeros((3, 784)), "y": np.arange(3)}, "array_not_pictures"),
        ({"weights": colours(3)}, "array_names_unknown"),
        ({}, "array_names_unknown"),
        ({"x": colours(3), "y": np.array([0.5, 1.5, 2.0])}, "array_labels_unknown"),
        ({"x": colours(3), "y": np.array([np.nan, np.inf, 0])}, "array_labels_unknown"),
        ({"x": colours(3), "y": np.ones((3, 4))}, "array_labels_unknown"),
        ({"x": colours(3), "y": np.zeros((3, 2, 2))}, "array_labels_unknown"),
        ({"x": colours(3), "y": np.array(5)}, "array_labels_unknown"),
        ({"x": colours(3), "y": np.array([{}, 1, "a"], object)}, "array_objects"),
        ({"x": np.array([{}, 1, "a"], object), "y": np.arange(3)}, "array_objects"),
    ],
)
def test_wrong_npz_arrays_name_the_file(
    tmp_path: Path, arrays: dict[str, np.ndarray], kind: str
) -> None:
    path = saved(tmp_path / "a.npz", **arrays)
    scan = scanned(path)
    assert only(scan, kind).file == str(path)
    assert "a.npz" in only(scan, kind).message
    assert scan.problems[0].severity == "error"


def test_a_folder_of_npz_files_is_one_source(tmp_path: Path) -> None:
    for part in ("train", "test"):
        saved(tmp_path / f"{part}.npz", x=colours(2), y=np.array([0, 1]))
    scan = scanned(tmp_path)
    assert parts(scan) == {"training", "test"}
    assert scan.counts() == {"0": 2, "1": 2}
    saved(tmp_path / "other.npz", x=colours(2), y=np.array([0, 1]))
    assert only(scanned(tmp_path), "array_several_sets")


def test_broken_npz_files_are_named(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.npz", x=colours(2), y=np.arange(2))
    path.write_bytes(path.read_bytes()[:200])
    assert only(scanned(path), "archive_damaged").file == str(path)


# Together


def test_sources_of_all_kinds_in_one_project(tmp_path: Path) -> None:
    make_class(tmp_path / "folder" / "1", 2)
    make_class(tmp_path / "zip" / "cat", 2)
    archive = zipped(tmp_path / "pets.zip", tmp_path / "zip", "cat/")
    digits = make_idx(tmp_path / "idx", "train-", [1, 0])
    arrays = saved(tmp_path / "a.npz", x=colours(2), y=np.array(["cat", "1"]))
    listed = make_class(tmp_path / "listed", 2)
    (tmp_path / "listed" / "list.csv").write_text(f"{listed[0].name};cat\n{listed[1].name};dog\n")
    sources = [tmp_path / "folder", archive, digits, arrays, tmp_path / "listed" / "list.csv"]
    scan = scanned(*sources)
    assert scan.counts() == {"0": 1, "1": 4, "cat": 4, "dog": 1}
    assert [each.kind for each in scan.sources] == ["folders", "zip", "idx", "npz", "list"]
    assert scanned(*sources).pictures == scan.pictures


def test_added_pictures_have_their_own_class_and_count_once(tmp_path: Path) -> None:
    cats = make_class(tmp_path / "all" / "cat", 3)
    make_class(tmp_path / "all" / "dog", 2)
    (alone,) = make_class(tmp_path / "alone", 1)
    added = [
        AddedPicture(path=str(cats[0]), label="dog"),
        AddedPicture(path=str(alone), label="bird"),
        AddedPicture(path=str(tmp_path / "gone.png"), label="bird"),
    ]
    scan = scan_folders([str(tmp_path / "all")], added=added)
    assert scan.counts() == {"bird": 2, "cat": 2, "dog": 3}
    assert scan.relative_name(str(alone)) == "picture 1.png"
    gone = next(each for each in scan.pictures if each.path.endswith("gone.png"))
    assert (gone.bytes, gone.modified_ns) == (0, 0)
    assert (scan.sources[-1].kind, scan.sources[-1].pictures) == ("files", 3)
    only_added = scan_folders([], added=added)
    assert only_added.counts() == {"bird": 2, "dog": 1}
    assert only_added.problems == ()


def test_fashion_mnist_opens_as_it_was_downloaded(test_data: Path) -> None:
    scan = scanned(test_data / "fashion_mnist")
    assert scan.problems == ()
    assert scan.classes == tuple("0123456789")
    assert set(scan.counts().values()) == {7000}
    counted = [each.part for each in scan.pictures]
    assert (counted.count("training"), counted.count("test")) == (60_000, 10_000)


@pytest.mark.parametrize("name", ["mnist", "mnist/mnist.npz"])
def test_mnist_opens_as_keras_has_it(test_data: Path, name: str) -> None:
    scan = scanned(test_data / name)
    assert scan.problems == ()
    assert scan.classes == tuple("0123456789")
    assert scan.counts()["1"] == 7877
    counted = [each.part for each in scan.pictures]
    assert (counted.count("training"), counted.count("test")) == (60_000, 10_000)
