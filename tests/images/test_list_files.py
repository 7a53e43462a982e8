"""Lists are read however they were written; hostile ones are refused."""

import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from list_files_made import cells, workbook

from cnnstudio.images import list_files
from cnnstudio.images.list_files import encoding_of, read_rows, text_rows
from cnnstudio.project.problems import ProblemError

ROWS = [("file", "label"), ("1.jpg", "고양이"), ("2.jpg", "강아지")]


def rows_of(path: Path, content: str | bytes, encoding: str = "utf-8") -> list[tuple[str, ...]]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return read_rows(str(path))


def kind_of(path: Path) -> str:
    with pytest.raises(ProblemError) as raised:
        read_rows(str(path))
    assert raised.value.problem.file == str(path)
    assert raised.value.problem.message
    assert raised.value.problem.remedy
    return raised.value.problem.kind


# Text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp949"])
def test_korean_is_read_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    text = "file,label\r\n1.jpg,고양이\r\n2.jpg,강아지\r\n"
    assert rows_of(tmp_path / "a.csv", text, encoding) == ROWS


def test_western_windows_is_not_taken_for_korean() -> None:
    for text in ("Größe,Käfer,Ärger", "café,naïve,señor", "Forêt,Être,Çà et là"):
        assert encoding_of(text.encode("cp1252")) == "cp1252"
        assert list(text_rows(text.encode("cp1252"))) == [tuple(text.split(","))]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", " "])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_ends_of_lines_are_found_out(delimiter: str, end: str) -> None:
    text = end.join(delimiter.join(row) for row in ROWS) + end
    assert [row for row in text_rows(text.encode()) if row] == ROWS


def test_quotes_hold_delimiters_and_lines() -> None:
    text = 'file;label\n"a;b.jpg";"a ""cat"""\n"c.jpg";"two\nlines"\n'
    assert list(text_rows(text.encode())) == [
        ("file", "label"),
        ("a;b.jpg", 'a "cat"'),
        ("c.jpg", "two\nlines"),
    ]


def test_commas_in_names_do_not_make_columns() -> None:
    text = "file\tlabel\ncat, black.jpg\tcat\ndog.jpg\tdog, brown\n"
    assert list(text_rows(text.encode()))[1:] == [
        ("cat, black.jpg", "cat"),
        ("dog.jpg", "dog, brown"),
    ]


def test_a_path_with_spaces_stands_before_the_last_space() -> None:
    text = "my pictures/a 1.jpg 0\nb.jpg 1\n"
    assert list(text_rows(text.encode())) == [("my pictures/a 1.jpg", "0"), ("b.jpg", "1")]


def test_a_formula_is_a_text(tmp_path: Path) -> None:
    text = "file,label\n1.jpg,=cmd|'/c calc'!A1\n2.jpg,@SUM(1)\n"
    assert rows_of(tmp_path / "a.csv", text)[1][1] == "=cmd|'/c calc'!A1"


def test_empty_rows_and_space_around_cells_are_left_out(tmp_path: Path) -> None:
    assert rows_of(tmp_path / "a.csv", "file, label \n\n , \n 1.jpg ,cat\n") == [
        ("file", "label"),
        ("1.jpg", "cat"),
    ]


@given(st.binary(max_size=300))
def test_any_bytes_are_rows_or_refused(content: bytes) -> None:
    try:
        rows = list(text_rows(content))
    except list_files.csv.Error:
        return
    assert all(isinstance(cell, str) for row in rows for cell in row)


def test_only_the_beginning_is_read_where_that_is_enough(tmp_path: Path) -> None:
    lines = "".join(f"{number}.jpg,cat\n" for number in range(100_000))
    (tmp_path / "a.csv").write_text("file,label\n" + lines)
    assert len(read_rows(str(tmp_path / "a.csv"), 300)) == 300
    assert len(read_rows(str(tmp_path / "a.csv"))) == 100_001


def test_what_is_too_large_empty_or_gone_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty.csv").write_text("\n , \n")
    (tmp_path / "long.csv").write_text("a,b\n" * 50)
    (tmp_path / "wide.csv").write_text("," * 3000)
    (tmp_path / "cell.csv").write_text("a,b\n" + "x" * 200_000 + ",b")
    assert kind_of(tmp_path / "empty.csv") == "file_empty"
    assert kind_of(tmp_path / "gone.csv") == "file_missing"
    assert kind_of(tmp_path / "wide.csv") == "list_unreadable"
    assert kind_of(tmp_path / "cell.csv") == "list_unreadable"
    monkeypatch.setattr(list_files, "ROWS_AT_MOST", 49)
    with pytest.raises(ProblemError, match="list_too_large"):
        read_rows(str(tmp_path / "long.csv"), 49)
    monkeypatch.setattr(list_files, "BYTES_AT_MOST", 100)
    assert kind_of(tmp_path / "long.csv") == "list_too_large"


# Spreadsheets


def test_the_first_sheet_of_a_spreadsheet_is_read(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", cells([list(row) for row in ROWS]))
    assert read_rows(str(path)) == ROWS


def test_all_kinds_of_cells_become_text(tmp_path: Path) -> None:
    texts = (
        "<si><t>cat</t></si><si><r><t>two </t></r><r><t>pieces</t></r></si>"
        "<si><t>漢</t><rPh><t>かん</t></rPh></si>"
    )
    row = (
        '<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"><v>2</v></c>'
        '<c><v>12.0</v></c><c><v>0.25</v></c><c t="b"><v>1</v></c><c t="e"><v>#N/A</v></c>'
        '<c t="str"><f>WEBSERVICE("http://example.org")</f><v>dog</v></c>'
        '<c r="K1"><f>1+1</f></c></row>'
    )
    path = workbook(tmp_path / "a.xlsx", row, texts)
    assert read_rows(str(path)) == [
        ("cat", "two pieces", "漢", "12", "0.25", "TRUE", "", "dog", "", "", "")
    ]


def test_a_cell_may_be_left_out(tmp_path: Path) -> None:
    row = '<row r="1"><c r="B1" t="inlineStr"><is><t>b</t></is></c></row>'
    assert read_rows(str(workbook(tmp_path / "a.xlsx", row))) == [("", "b")]


HOSTILE_HEAD = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("rows", "head"),
    [
        (cells([["a.jpg", "b"]]), HOSTILE_HEAD),
        ("<row><c t='s'><v>7</v></c></row>", ""),
        ("<row><c t='s'><v>-1</v></c></row>", ""),
        ("<row><c r='XFD1'><v>1</v></c></row>", ""),
        ("<row><c r='ZZZZZZZZZZZZZZ1'><v>1</v></c></row>", ""),
        (f"<row><c><v>{'1' * 50_000}</v></c></row>", ""),
        ("<row><c>", ""),
    ],
    ids=["entities", "no text", "before the first", "far right", "farther", "long", "cut off"],
)
def test_hostile_spreadsheets_are_refused(tmp_path: Path, rows: str, head: str) -> None:
    path = workbook(tmp_path / "a.xlsx", rows, "<si><t>only</t></si>", head)
    assert kind_of(path) == "list_unreadable"


def test_a_spreadsheet_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = workbook(tmp_path / "a.xlsx", cells([["a.jpg", "b"]]) + " " * 3_000_000)
    assert path.stat().st_size < 10_000
    assert len(read_rows(str(path))) == 1
    monkeypatch.setattr(list_files, "_UNPACKED_AT_MOST", 2_000_000)
    assert kind_of(path) == "list_unreadable"


def test_what_only_has_the_name_of_a_spreadsheet_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.xlsx").write_text("file,label\n")
    with zipfile.ZipFile(tmp_path / "other.xlsx", "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    for name in ("text.xlsx", "other.xlsx"):
        assert kind_of(tmp_path / name) == "list_unreadable"
