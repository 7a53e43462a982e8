"""'check' on the command line: classes, sources, offers, findings and remedies."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from cnnstudio.cli.commands import main
from cnnstudio.project.findings import key_of
from cnnstudio.project.picture_edits import PictureEdits
from cnnstudio.project.pictures import PicturesPlan
from cnnstudio.project.project import Project
from cnnstudio.project.project_folder import ProjectFolder


def draw(folder: Path, names: list[str], seed: int) -> None:
    """Pictures that are unlike each other, as photographs are."""
    folder.mkdir(parents=True, exist_ok=True)
    chance = np.random.default_rng(seed)
    for name in names:
        small = chance.integers(0, 255, (16, 24, 3), dtype=np.uint8)
        Image.fromarray(small).resize((120, 80)).save(folder / name, quality=90)


@pytest.fixture
def pets(tmp_path: Path) -> Path:
    """Two classes with nothing wrong."""
    for seed, name in enumerate(("cat", "dog")):
        draw(tmp_path / "pets" / name, [f"p{number:02}.jpg" for number in range(22)], seed)
    return tmp_path / "pets"


def checked(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, Any]:
    code = main(["check", *map(str, arguments), "--json"])
    return code, json.loads(capsys.readouterr().out.splitlines()[-1])


def said(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> str:
    main(["check", *map(str, arguments)])
    return capsys.readouterr().out


def test_where_nothing_is_wrong_it_says_so(pets: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = said(capsys, pets)
    assert "All is well." in out
    assert out.rstrip().endswith("Ready to be trained on.")
    code, found = checked(capsys, pets)
    assert code == 0
    assert (found["findings"], found["problems"], found["offers"]) == ([], [], [])
    assert found["classes"] == {"cat": 22, "dog": 22}
    assert sum(found["parts"]["validation"].values()) == 8
    [source] = found["sources"]
    assert (source["path"], source["kind"], source["pictures"]) == (str(pets), "folders", 44)


def test_findings_are_told_with_files_and_remedies(
    pets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = (pets / "cat" / "p01.jpg").read_bytes()
    (pets / "dog" / "stray.jpg").write_bytes(content)
    (pets / "cat" / "cut.jpg").write_bytes(content[:900])
    out = said(capsys, pets)
    assert "1 picture stands in two classes" in out
    for name in ("cat/p01.jpg", "dog/stray.jpg", "cat/cut.jpg"):
        assert out.count(str(pets / name)) == 1, name
    assert "→ All are cat" in out
    assert "→ Leave out" in out
    code, found = checked(capsys, pets)
    assert code == 0
    assert [each["kind"] for each in found["findings"]] == ["copies_two_classes", "truncated"]
    first = found["findings"][0]
    assert first["groups"] == [[str(pets / "cat" / "p01.jpg"), str(pets / "dog" / "stray.jpg")]]
    assert [(each["kind"], each["class"]) for each in first["remedies"]] == [
        *(("move", "cat"), ("move", "dog"), ("leave_out", ""), ("accept", ""))
    ]
    assert all(each["title"] for each in first["remedies"])
    assert [each["kind"] for each in found["problems"]] == ["truncated"]


def test_long_lists_are_shortened_for_people_only(
    pets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(30):
        (pets / "cat" / f"text {number}.jpg").write_text("text")
    out = said(capsys, pets)
    assert out.count("text ") == 10
    assert "and 20 more" in out
    _, found = checked(capsys, pets)
    assert len(found["findings"][0]["groups"]) == 30


def test_a_list_and_a_zip_are_checked_as_well(
    pets: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = ["file,label", *(f"{path},{path.parent.name}" for path in sorted(pets.rglob("*.jpg")))]
    (tmp_path / "list.csv").write_text("\n".join(lines))
    code, found = checked(capsys, tmp_path / "list.csv")
    assert (code, found["classes"]) == (0, {"cat": 22, "dog": 22})
    assert found["sources"][0]["kind"] == "list"
    assert "a list of pictures" in said(capsys, tmp_path / "list.csv")


def test_classes_in_file_names_are_offered_and_taken_when_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for seed, name in enumerate(("cat", "dog")):
        draw(tmp_path / "flat", [f"{name}.{number}.jpg" for number in range(22)], seed)
    code, found = checked(capsys, tmp_path / "flat")
    assert code == 1
    assert found["offers"][0]["classes"] == {"cat": 22, "dog": 22}
    assert "--labels-in-names" in said(capsys, tmp_path / "flat")
    code, found = checked(capsys, tmp_path / "flat", "--labels-in-names")
    assert (code, found["classes"]) == (0, {"cat": 22, "dog": 22})


def test_a_project_is_checked_as_the_person_changed_it(
    pets: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = (pets / "cat" / "p01.jpg").read_bytes()
    again = pets / "cat" / "again.jpg"
    again.write_bytes(content)
    stray = pets / "dog" / "p02.jpg"
    key = key_of("copies", (str(pets / "cat" / "p01.jpg"), str(again)))
    edits = PictureEdits(left_out=(str(stray),), accepted=(key,))
    project = Project(pictures=PicturesPlan(folders=(str(pets),)), edits=edits)
    ProjectFolder.create(tmp_path / "project", project).close()
    code, found = checked(capsys, tmp_path / "project")
    assert code == 0
    assert found["classes"] == {"cat": 23, "dog": 21}
    assert found["left_out"] == [str(stray)]
    assert found["findings"] == []
    _, found = checked(capsys, pets)
    assert [each["kind"] for each in found["findings"]] == ["copies"]


def test_a_folder_that_is_not_there_is_an_error_with_a_remedy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, found = checked(capsys, tmp_path / "nowhere")
    assert code == 1
    assert "is not there" in found["error"]
    assert found["classes"] == {}
