"""'cnnstudio split': the three parts by class, look-alikes together, earlier parts kept."""

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from PIL import Image

from cnnstudio.cli.commands import main
from cnnstudio.project.kept_split import KeptSplit
from cnnstudio.project.picture_edits import PictureEdits
from cnnstudio.project.pictures import PicturesPlan
from cnnstudio.project.project import Project
from cnnstudio.project.project_folder import ProjectFolder

Run = Callable[..., tuple[int, Any, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Carries the command out; gives exit code, last JSON line and what stderr said."""

    def carry_out(*arguments: str | Path) -> tuple[int, Any, str]:
        code = main(["split", *(str(each) for each in arguments), "--json"])
        captured = capsys.readouterr()
        return code, json.loads(captured.out.splitlines()[-1]), captured.err

    return carry_out


def draw(folder: Path, count: int, begin: int = 0) -> None:
    """Put ``count`` different pictures into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(begin, begin + count):
        pixels = Random(f"{folder.name} {number}").randbytes(12 * 12 * 3)
        small = Image.frombytes("RGB", (12, 12), pixels)
        small.resize((96, 96), Image.Resampling.BICUBIC).save(folder / f"{number}.png")


def copied(folder: Path, numbers: range) -> None:
    for number in numbers:
        shutil.copy(folder / f"{number}.png", folder / f"copy of {number}.png")


@pytest.fixture
def pets(tmp_path: Path) -> Path:
    """Two classes of twenty pictures, of which six in 'cat' are copies."""
    folder = tmp_path / "pets"
    draw(folder / "cat", 14)
    copied(folder / "cat", range(6))
    draw(folder / "dog", 20)
    return folder


def parts_in(table: Path) -> dict[str, str]:
    with table.open(encoding="utf-8", newline="") as file:
        return {
            Path(row["path"]).name: row["part"]
            for row in csv.DictReader(file)
            if row["label"] == "cat"
        }


def test_people_read_the_parts_of_every_class_and_what_was_kept_together(
    pets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["split", str(pets), "--set", "pictures.test_share=0.2"]) == 0
    captured = capsys.readouterr()
    lines = captured.out.splitlines()
    assert lines[0].split() == ["Class", "Training", "Validation", "Test"]
    assert lines[1].split() == ["cat", "12", "4", "4"]
    assert lines[2].split() == ["dog", "12", "4", "4"]
    assert lines[3].split() == ["24", "8", "8"]
    assert "This split kept 6 groups of look-alikes together; a random one would have" in lines[4]
    assert captured.err == ""


def test_programs_read_the_same(pets: Path, run: Run) -> None:
    code, found, _ = run(pets, "--set", "pictures.validation_share=0.5")
    assert code == 0
    assert found["classes"]["dog"] == {"training": 10, "validation": 10, "test": 0}
    assert found["kept_together"] == 6
    assert 0 < found["torn_at_random"] <= 6
    assert (found["left_between"], found["stayed"], found["list"]) == ([], 0, None)


def test_copies_are_in_one_part_in_the_table(pets: Path, tmp_path: Path, run: Run) -> None:
    table = tmp_path / "한글 parts.csv"
    assert run(pets, "--to", table)[1]["list"] == str(table)
    parts = parts_in(table)
    assert len(parts) == 20
    assert all(parts[f"{number}.png"] == parts[f"copy of {number}.png"] for number in range(6))


def test_pictures_of_an_earlier_table_keep_their_parts_wherever_they_are_now(
    pets: Path, tmp_path: Path, run: Run
) -> None:
    first, last = tmp_path / "first.csv", tmp_path / "last.csv"
    run(pets, "--to", first)
    draw(pets / "cat", 30, begin=100)
    (pets / "cat" / "13.png").rename(pets / "cat" / "new name.png")
    moved = pets.rename(tmp_path / "Haustiere")
    code, found, _ = run(moved, "--after", first, "--to", last)
    assert (code, found["stayed"], found["problems"]) == (0, 40, [])
    before, now = parts_in(first), parts_in(last)
    before["new name.png"] = before.pop("13.png")
    assert now.items() > before.items()
    assert found["classes"]["cat"] == {"training": 40, "validation": 10, "test": 0}


def test_the_table_of_a_run_is_followed_by_the_content_of_its_files(
    pets: Path, tmp_path: Path, run: Run
) -> None:
    table = tmp_path / "pictures.csv"
    gone = pets / "cat" / "gone.png"
    table.write_text(
        f"path,label,part\n{pets / 'cat' / '0.png'},cat,test\n{gone},cat,test\n", encoding="utf-8"
    )
    _, found, _ = run(pets, "--after", table)
    assert found["classes"]["cat"]["test"] == 2  # and its copy
    assert found["stayed"] == 2
    assert [problem["kind"] for problem in found["problems"]] == ["earlier_pictures_gone"]


def test_a_kept_split_of_a_project_is_an_earlier_table_too(
    pets: Path, tmp_path: Path, run: Run
) -> None:
    table = tmp_path / "parts.csv"
    run(pets, "--to", table)
    with table.open(encoding="utf-8", newline="") as file:
        digests = [row["digest"] for row in csv.DictReader(file) if row["label"] == "dog"]
    KeptSplit(99, 0.3, 0.3, dict.fromkeys(digests[:7], "test")).save(tmp_path / "split.csv")
    _, found, _ = run(pets, "--after", tmp_path / "split.csv")
    assert found["classes"]["dog"]["test"] == 7


def test_a_project_is_split_with_its_changes_pins_and_earlier_parts(
    pets: Path, tmp_path: Path, run: Run
) -> None:
    paths = [str(pets / "dog" / f"{number}.png") for number in range(20)]
    edits = PictureEdits().leaving_out(paths[:2]).pinning(paths[2:5], "test")
    plan = PicturesPlan(folders=(str(pets),))
    folder = ProjectFolder.create(tmp_path / "project", Project(pictures=plan, edits=edits))
    folder.close()
    content = sorted(each.read_bytes() for each in folder.path.iterdir())
    _, found, _ = run(folder.path)
    assert found["classes"]["dog"]["test"] == 3
    assert sum(found["classes"]["dog"].values()) == 18
    assert sorted(each.read_bytes() for each in folder.path.iterdir()) == content

    run(folder.path, "--to", tmp_path / "parts.csv")
    with (tmp_path / "parts.csv").open(encoding="utf-8", newline="") as file:
        digests = {row["path"]: row["digest"] for row in csv.DictReader(file)}
    kept = KeptSplit.empty(plan)
    known = {digests[paths[6]]: "test", digests[paths[7]]: "test"}
    KeptSplit(kept.seed, kept.validation_share, 0.0, known).save(folder.split_file)  # type: ignore[arg-type]
    _, found, _ = run(folder.path)
    assert (found["classes"]["dog"]["test"], found["stayed"]) == (5, 2)
    _, found, _ = run(folder.path, "--set", "pictures.seed=5")
    assert (found["classes"]["dog"]["test"], found["stayed"]) == (3, 0)


def test_what_is_between_two_parts_is_named(
    pets: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], run: Run
) -> None:
    table = tmp_path / "parts.csv"
    rows = [("0.png", "training"), ("copy of 0.png", "test")]
    one = Image.open(pets / "cat" / "0.png")
    # Two files that look the same and were in different parts: only one can stay.
    one.save(pets / "cat" / "copy of 0.png", compress_level=1)
    lines = [f"{pets / 'cat' / name},cat,{part}" for name, part in rows]
    table.write_text("\n".join(["path,label,part", *lines]), encoding="utf-8")
    _, found, _ = run(pets, "--after", table)
    assert found["left_between"] == [str(pets / "cat" / "0.png")]
    assert main(["split", str(pets), "--after", str(table)]) == 0
    out = capsys.readouterr().out
    assert "Pictures that look like pictures of two parts: 1." in out
    assert str(pets / "cat" / "0.png") in out


@pytest.mark.parametrize(
    "content",
    ["", "path,label,part\n", "file,what\n1.png,cat\n", "path,label,part\n1.png,cat,exam\n", "\0"],
)
def test_an_earlier_table_that_is_none_is_refused(
    pets: Path, tmp_path: Path, run: Run, content: str
) -> None:
    table = tmp_path / "earlier.csv"
    table.write_text(content, encoding="utf-8")
    code, found, err = run(pets, "--after", table)
    assert code == 1
    assert "earlier.csv" in found["error"]
    assert found["remedy"]
    assert "Traceback" not in err
    assert run(pets, "--after", tmp_path / "gone.csv")[0] == 1


def test_the_table_is_never_written_among_the_pictures(
    pets: Path, tmp_path: Path, run: Run
) -> None:
    code, found, _ = run(pets, "--to", pets / "parts.csv")
    assert code == 1
    assert "parts.csv" in found["error"]
    assert not (pets / "parts.csv").exists()
    code, found, _ = run(pets, "--to", tmp_path / "gone" / "parts.csv")
    assert code == 1
    assert "cannot be written" in found["error"]


def test_a_list_that_was_the_source_is_not_overwritten(tmp_path: Path, run: Run) -> None:
    draw(tmp_path / "all", 10)
    table = tmp_path / "labels.csv"
    rows = [f"all/{number}.png,{'cat' if number % 2 else 'dog'}" for number in range(10)]
    table.write_text("\n".join(["file,label", *rows]), encoding="utf-8")
    assert run(table)[1]["classes"]["cat"]["training"] == 4
    content = table.read_bytes()
    assert run(table, "--to", table)[0] == 1
    assert table.read_bytes() == content


def test_what_cannot_be_split_says_why(pets: Path, tmp_path: Path, run: Run) -> None:
    shutil.rmtree(pets / "dog")
    code, found, _ = run(pets)
    assert code == 1
    assert "Only one class" in found["error"]
    assert run(tmp_path / "nowhere")[0] == 1


def test_the_parts_of_a_plain_folder_are_remembered(run: Run, pets: Path) -> None:
    _, first, _ = run(pets, "--set", "pictures.test_share=0.2")
    draw(pets / "cat", 30, begin=100)
    draw(pets / "dog", 11, begin=100)
    _, then, _ = run(pets, "--set", "pictures.test_share=0.2")
    assert {path: then["pictures"][path] for path in first["pictures"]} == first["pictures"]
    assert (first["stayed"], then["stayed"]) == (0, 40)
    assert not any(each.suffix == ".csv" for each in pets.rglob("*"))


def test_what_stands_on_both_sides_by_the_folders_themselves_is_named(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("cat", "dog"):
        draw(tmp_path / "train" / name, 20)
        draw(tmp_path / "test" / name, 4, begin=50)
    stolen = tmp_path / "test" / "cat" / "seen.png"
    shutil.copy(tmp_path / "train" / "cat" / "3.png", stolen)
    code, found, _ = run(tmp_path)
    assert code == 0
    (group,) = found["on_both_sides"]
    assert set(group) == {str(stolen), str(tmp_path / "train" / "cat" / "3.png")}
    assert main(["split", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert "1 group of look-alikes stands on both sides" in " ".join(out.split())
    assert "There are no look-alikes" not in out


def test_classes_in_the_file_names_are_split_when_that_is_asked_for(
    run: Run, tmp_path: Path
) -> None:
    draw(tmp_path / "made" / "cat", 10)
    draw(tmp_path / "made" / "dog", 10)
    flat = tmp_path / "flat"
    flat.mkdir()
    for file in (tmp_path / "made").rglob("*.png"):
        shutil.move(file, flat / f"{file.parent.name}.{file.name}")
    code, _, said = run(flat)
    assert code == 1
    assert "--labels-in-names" in said
    code, found, _ = run(flat, "--labels-in-names")
    assert code == 0
    assert {name: sum(parts.values()) for name, parts in found["classes"].items()} == {
        "cat": 10,
        "dog": 10,
    }


def test_programs_are_told_what_it_was_split_by_and_where_every_picture_is(
    run: Run, pets: Path
) -> None:
    _, found, _ = run(pets, "--set", "pictures.seed=7")
    assert (found["seed"], found["validation_share"], found["test_share"]) == (7, 0.2, 0.0)
    assert len(found["pictures"]) == 40
    assert len(found["look_alikes"]) == found["kept_together"] == 6
    for group in found["look_alikes"]:
        assert len({found["pictures"][path] for path in group}) == 1
