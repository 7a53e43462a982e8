"""Classes from a list of pictures: found in the folder or chosen; what does not fit is named."""

import os
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from list_files_made import cells, workbook, zipped
from picture_files import make_class

from cnnstudio.images.scan import Scan, scan_folders
from cnnstudio.project.problems import Problem


def flat(folder: Path, names: Iterable[str]) -> Path:
    """Files with a picture's name; a scan opens none."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")
    return folder


def scanned(*sources: Path) -> Scan:
    scan = scan_folders([str(source) for source in sources])
    for problem in scan.problems:
        assert problem.message
        assert problem.remedy
    return scan


def labels(scan: Scan) -> dict[str, str]:
    return {scan.relative_name(each.path): each.label for each in scan.pictures}


def only(scan: Scan, kind: str) -> Problem:
    found = [problem for problem in scan.problems if problem.kind == kind]
    assert len(found) == 1, [problem.kind for problem in scan.problems]
    return found[0]


NAMES = ["0001.jpg", "0002.jpg", "0003.jpg", "0004.jpg"]
EXPECTED = {"0001.jpg": "cat", "0002.jpg": "dog", "0003.jpg": "cat", "0004.jpg": "dog"}


@pytest.mark.parametrize(
    "text",
    [
        "file,label\n0001.jpg,cat\n0002.jpg,dog\n0003.jpg,cat\n0004.jpg,dog\n",
        "label;filename\ncat;0001.jpg\ndog;0002.jpg\ncat;0003.jpg\ndog;0004.jpg\n",
        "0001.jpg\tcat\n0002.jpg\tdog\n0003.jpg\tcat\n0004.jpg\tdog\n",
        "0001.jpg cat\n0002.jpg dog\n0003.jpg cat\n0004.jpg dog\n",
        "id,breed\n0001,cat\n0002,dog\n0003,cat\n0004,dog\n",
        "id,breed\n1,cat\n2,dog\n3,cat\n4,dog\n",
        "image,width,species\n0001.jpg,1,cat\n0002.jpg,2,dog\n0003.jpg,3,cat\n0004.jpg,4,dog\n",
        "파일,분류\n0001.jpg,cat\n0002.jpg,dog\n0003.jpg,cat\n0004.jpg,dog\n",
        "image,cat,dog\n0001,1,0\n0002,0,1\n0003,1.0,0.0\n0004,0,1\n",
        "path,class id,labels\nC:\\p\\0001.jpg,0,cat\np/0002.jpg,1,dog\n"
        "./0003.jpg,0,cat\n/home/me/0004.JPG,1,dog\n",
        '"Photo","Kind"\n"0001.jpg","cat"\n"0002.jpg","dog"\n"0003.jpg","cat"\n"0004.jpg","dog"\n',
        "what,which\n0001.jpg,cat\n0002.jpg,dog\n0003.jpg,cat\n0004.jpg,dog\n",
    ],
    ids=[
        *("plain", "order", "no heading", "spaces", "without suffix", "lost zeros", "more columns"),
        *("korean", "one-hot", "paths", "quotes", "unknown words"),
    ],
)
@pytest.mark.parametrize("is_chosen", [False, True])
def test_lists_of_all_kinds_say_the_classes(tmp_path: Path, text: str, is_chosen: bool) -> None:
    file = flat(tmp_path / "pets", NAMES) / "my list.csv"
    file.write_text(text, encoding="utf-8")
    scan = scanned(file if is_chosen else file.parent)
    assert labels(scan) == EXPECTED
    assert scan.problems == ()
    assert [each.kind for each in scan.sources] == ["list"]
    assert scan.sources[0].pictures == 4
    assert scan.sources[0].classes == scan.classes == ("cat", "dog")
    first = scan.pictures[0]
    assert first.path == str(tmp_path / "pets" / "0001.jpg")
    assert (first.bytes, first.modified_ns) == (1, Path(first.path).stat().st_mtime_ns)


def test_a_spreadsheet_is_a_list(tmp_path: Path) -> None:
    flat(tmp_path, NAMES)
    rows = [["label", "file"], *([label, name] for name, label in EXPECTED.items())]
    workbook(tmp_path / "list.xlsx", cells(rows))
    (tmp_path / "~$list.xlsx").write_bytes(b"open in Excel")
    assert labels(scanned(tmp_path)) == EXPECTED
    assert labels(scanned(tmp_path / "list.xlsx")) == EXPECTED


def test_pictures_may_lie_in_folders_beside_the_list(tmp_path: Path) -> None:
    flat(tmp_path, [f"images/{name}" for name in NAMES])
    rows = "".join(f"{Path(name).stem},{label}\n" for name, label in EXPECTED.items())
    (tmp_path / "train.csv").write_text("id,label\n" + rows)
    expected = {f"images/{name}": label for name, label in EXPECTED.items()}
    assert labels(scanned(tmp_path)) == expected
    assert labels(scanned(tmp_path / "train.csv")) == expected
    (tmp_path / "train.csv").rename(tmp_path / "images" / "train.csv")
    assert labels(scanned(tmp_path)) == expected


def test_a_list_may_say_the_parts(tmp_path: Path) -> None:
    flat(tmp_path, NAMES)
    text = "file,split,label\n0001.jpg,train,a\n0002.jpg,Train,b\n0003.jpg,val,a\n0004.jpg,TEST,b\n"
    (tmp_path / "list.csv").write_text(text)
    parts = [each.part for each in scanned(tmp_path).pictures]
    assert parts == ["training", "validation", "training", "test"]
    (tmp_path / "list.csv").write_text(text.replace("val", "elsewhere"))
    unknown = only(scanned(tmp_path), "list_parts_unknown")
    assert unknown.values == {"count": 1, "examples": "elsewhere"}
    (tmp_path / "list.csv").write_text(text.replace("val", "train").replace("TEST", "train"))
    assert not scanned(tmp_path).has_parts


def test_one_list_for_each_part(tmp_path: Path) -> None:
    flat(tmp_path, [f"train/{name}" for name in NAMES] + [f"test/{name}" for name in NAMES])
    for part in ("train", "test"):
        rows = "".join(f"{name},{label}\n" for name, label in EXPECTED.items())
        (tmp_path / f"{part}.csv").write_text("file,label\n" + rows)
    scan = scanned(tmp_path)
    assert scan.problems == ()
    assert {(scan.relative_name(each.path).split("/")[0], each.part) for each in scan.pictures} == {
        ("train", "training"),
        ("test", "test"),
    }
    for part in ("train", "test"):
        (tmp_path / f"{part}.csv").rename(tmp_path / part / "metadata.csv")
    assert scanned(tmp_path).pictures == scan.pictures


def test_chosen_lists_and_folders_are_parts_by_their_names(tmp_path: Path) -> None:
    for part in ("train", "test"):
        folder = flat(tmp_path / part, NAMES)
        rows = "".join(f"{name},{label}\n" for name, label in EXPECTED.items())
        (folder / "list.csv").write_text("file,label\n" + rows)
        rows = "".join(f"{part}/{name},{label}\n" for name, label in EXPECTED.items())
        (tmp_path / f"{part}.csv").write_text("file,label\n" + rows)
    folders = scanned(tmp_path / "train", tmp_path / "test")
    lists = scanned(tmp_path / "train.csv", tmp_path / "test.csv")
    for scan in (folders, lists):
        assert [each.part for each in scan.pictures].count("training") == 4
        assert [each.part for each in scan.pictures].count("test") == 4
    assert not scanned(tmp_path / "train.csv").has_parts


def test_kaggles_form_to_fill_in_is_no_list(tmp_path: Path) -> None:
    flat(tmp_path, [f"train/{number}.jpg" for number in range(6)])
    flat(tmp_path, [f"test/{number}.jpg" for number in range(6)])
    rows = "".join(f"{number},{'cat' if number % 2 else 'dog'}\n" for number in range(6))
    (tmp_path / "train.csv").write_text("id,label\n" + rows)
    (tmp_path / "sample_submission.csv").write_text("id,label\n" + rows)
    scan = scanned(tmp_path)
    assert scan.counts() == {"cat": 3, "dog": 3}
    assert {scan.relative_name(each.path).split("/")[0] for each in scan.pictures} == {"train"}
    assert only(scan, "list_files_unlisted").values["count"] == 6


def test_everything_that_does_not_fit_is_counted_and_named(tmp_path: Path) -> None:
    flat(tmp_path, [*(f"{number}.jpg" for number in range(12)), "a/x.jpg", "b/x.jpg"])
    good = "".join(f"{number}.jpg,{'cat' if number % 2 else 'dog'}\n" for number in range(8))
    bad = "gone.jpg,cat\nlost.jpg,dog\n8.jpg,\n7.jpg,dog\n1.jpg,cat\nx.jpg,cat\n,cat\n"
    (tmp_path / "list.csv").write_text("file,label\n" + good + bad)
    scan = scanned(tmp_path / "list.csv")
    assert scan.counts() == {"cat": 3, "dog": 4}
    missing = only(scan, "list_files_missing")
    assert missing.values == {"count": 3, "examples": "gone.jpg, lost.jpg, "}
    assert missing.file == str(tmp_path / "list.csv")
    assert only(scan, "list_labels_empty").values == {"count": 1, "examples": "8.jpg"}
    assert only(scan, "list_names_unclear").values == {"count": 1, "examples": "x.jpg"}
    assert only(scan, "list_files_unlisted").values["examples"] == "10.jpg, 11.jpg, 9.jpg"
    contradicted = only(scan, "list_labels_contradict")
    assert contradicted.values == {"count": 1, "examples": "7.jpg", "first": "cat", "second": "dog"}


def test_a_picture_of_several_classes_is_not_guessed(tmp_path: Path) -> None:
    flat(tmp_path, NAMES)
    text = "image,cat,dog\n0001,1,0\n0002,0,1\n0003,1,1\n0004,0,0\n"
    (tmp_path / "list.csv").write_text(text + "0001,1,0\n")
    scan = scanned(tmp_path)
    assert labels(scan) == {"0001.jpg": "cat", "0002.jpg": "dog"}
    assert only(scan, "list_labels_several").values == {"count": 1, "examples": "0003"}
    assert only(scan, "list_labels_empty").values == {"count": 1, "examples": "0004"}


def test_without_a_clear_class_the_columns_are_named(tmp_path: Path) -> None:
    flat(tmp_path, [f"{number}.jpg" for number in range(40)])
    rows = (f"{number}.jpg,{number % 3},{number % 5},{number}\n" for number in range(40))
    (tmp_path / "list.csv").write_text("file,here,there,when\n" + "".join(rows))
    for source in (tmp_path, tmp_path / "list.csv"):
        problem = only(scanned(source), "list_label_unclear")
        assert problem.values == {"columns": "file, here, there, when"}
        assert problem.severity == "error"


def test_a_table_in_the_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    flat(tmp_path, NAMES)
    (tmp_path / "labels.csv").touch()
    (tmp_path / "notes.txt").touch()
    scan = scanned(tmp_path)
    assert only(scan, "file_empty").file == str(tmp_path / "labels.csv")
    assert only(scan, "no_class_folders").severity == "error"


def test_captions_are_no_classes(tmp_path: Path) -> None:
    flat(tmp_path, [f"{number}.jpg" for number in range(40)])
    rows = (f"{number}.jpg,A picture of thing number {number}\n" for number in range(40))
    (tmp_path / "captions.csv").write_text("image,caption\n" + "".join(rows))
    assert only(scanned(tmp_path / "captions.csv"), "list_label_unclear")


def test_a_list_that_names_nothing_here_is_refused(tmp_path: Path) -> None:
    (tmp_path / "numbers.csv").write_text("a,b\n1,2\n3,4\n")
    (tmp_path / "gone.csv").write_text("file,label\na.jpg,cat\nb.jpg,dog\n")
    (tmp_path / "broken.xlsx").write_text("x")
    for name in ("numbers.csv", "gone.csv"):
        scan = scanned(tmp_path / name)
        assert only(scan, "list_no_pictures").severity == "error"
        assert scan.pictures == ()
    assert only(scanned(tmp_path / "broken.xlsx"), "list_unreadable").severity == "error"


def test_other_texts_and_tables_beside_the_pictures_do_not_matter(tmp_path: Path) -> None:
    flat(tmp_path, ["0.jpg", *NAMES])
    (tmp_path / "README.txt").write_text("These are my cats.\n\nAnd 1 dog, too.\n" * 5)
    (tmp_path / "data.csv").write_text("weight,age\n1,2\n2,2\n3,3\n4,3\n")
    (tmp_path / "noise.csv").write_bytes(bytes(range(256)) * 20)
    (tmp_path / "broken.xlsx").write_bytes(b"PK\3\4")
    for number in range(60):
        (tmp_path / f"box{number}.txt").write_text("0 0.5 0.5 0.1 0.1\n")
    assert [each.kind for each in scanned(tmp_path).problems] == ["no_class_folders"]


@pytest.mark.skipif(os.name == "nt", reason="needs named pipes")
def test_a_pipe_with_the_name_of_a_list_is_not_waited_for(tmp_path: Path) -> None:
    flat(tmp_path, NAMES)
    os.mkfifo(tmp_path / "list.csv")
    assert [each.kind for each in scanned(tmp_path).problems] == ["no_class_folders"]
    assert only(scanned(tmp_path / "list.csv"), "list_unreadable")


def test_class_folders_go_before_a_list(tmp_path: Path) -> None:
    flat(tmp_path, [f"cat/{number}.jpg" for number in range(4)])
    flat(tmp_path, [f"dog/{number}.jpg" for number in range(4, 8)])
    same = "".join(f"{number}.jpg,{'C' if number < 4 else 'D'}\n" for number in range(8))
    (tmp_path / "list.csv").write_text("file,label\n" + same)
    scan = scanned(tmp_path)
    assert scan.counts() == {"cat": 4, "dog": 4}
    assert scan.problems == ()
    other = "".join(f"{number}.jpg,{'in' if number % 2 else 'out'}\n" for number in range(8))
    (tmp_path / "list.csv").write_text("file,label\n" + other)
    scan = scanned(tmp_path)
    assert scan.counts() == {"cat": 4, "dog": 4}
    assert only(scan, "list_not_used").severity == "note"
    assert scanned(tmp_path / "list.csv").counts() == {"in": 4, "out": 4}


def test_a_list_leads_to_pictures_elsewhere_on_this_computer(tmp_path: Path) -> None:
    pictures = flat(tmp_path / "pictures", NAMES)
    lists = tmp_path / "lists"
    lists.mkdir()
    rows = [f"{pictures / name},{label}" for name, label in EXPECTED.items()]
    rows += [
        f"../pictures/{NAMES[0]},cat",
        "//server/share/a.jpg,cat",
        "\\\\server\\share\\a.jpg,cat",
    ]
    (lists / "list.csv").write_text("path,label\n" + "\n".join(rows))
    scan = scanned(lists / "list.csv")
    assert labels(scan) == EXPECTED
    assert only(scan, "list_files_missing").values["count"] == 2


def test_a_list_of_our_own_names_pictures_in_archives(tmp_path: Path) -> None:
    make_class(tmp_path / "all" / "cat", 2)
    make_class(tmp_path / "all" / "dog", 2)
    archive = zipped(tmp_path / "pets.zip", tmp_path / "all")
    scan = scanned(archive)
    rows = "".join(f"{each.path},{each.label},training\n" for each in scan.pictures)
    (tmp_path / "list.csv").write_text("path,label,part\n" + rows)
    again = scanned(tmp_path / "list.csv")
    assert [each.path for each in again.pictures] == [each.path for each in scan.pictures]
    assert again.counts() == {"cat": 2, "dog": 2}


def test_names_in_pieces_and_in_other_letters_are_found(tmp_path: Path) -> None:
    flat(tmp_path, ["한글 1.JPG", "한글 2.JPG", "ÄB.jpg"])
    text = "file,label\n한글 1.jpg,cat\n한글 2.jpg,dog\näb.JPG,dog\n"
    (tmp_path / "list.csv").write_text(text, encoding="utf-8")
    assert scanned(tmp_path).counts() == {"cat": 1, "dog": 2}


def test_the_list_and_its_folder_together_count_once(tmp_path: Path) -> None:
    flat(tmp_path, NAMES)
    (tmp_path / "other").mkdir()
    file = tmp_path / "other" / "list.csv"
    rows = "".join(f"../{name},{label}\n" for name, label in EXPECTED.items())
    file.write_text("file,label\n" + rows)
    scan = scanned(tmp_path, file)
    assert scan.counts() == {"cat": 2, "dog": 2}
    assert scan.problems == ()


@given(st.lists(st.tuples(st.text(max_size=12), st.text(max_size=12)), min_size=1, max_size=8))
def test_no_list_is_too_odd(tmp_path_factory: pytest.TempPathFactory, rows: list) -> None:
    folder = flat(tmp_path_factory.mktemp("odd"), NAMES)
    text = "\n".join(",".join(row) for row in [*rows, ("0001.jpg", "cat")])
    (folder / "list.csv").write_bytes(text.encode("utf-8", "surrogatepass"))
    for source in (folder, folder / "list.csv"):
        scan = scanned(source)
        assert all(os.path.exists(each.path) for each in scan.pictures)  # noqa: PTH110
        assert all(each.label for each in scan.pictures)
