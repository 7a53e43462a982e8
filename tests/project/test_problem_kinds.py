"""Every kind of problem makes two whole sentences, wherever in the program it is raised."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

import pytest

import cnnstudio
from cnnstudio.project.problems import KINDS, Problem, ProblemError, errors_in

PACKAGE = Path(cnnstudio.__file__).parent


def placeholders(kind: str) -> set[str]:
    sentences = KINDS[kind].message, KINDS[kind].remedy
    return {name for each in sentences for _, name, _, _ in Formatter().parse(each) if name}


@dataclass(frozen=True)
class Raised:
    """A ``Problem("kind", ...)`` in the source. ``given`` are the names that its sentences can
    use, none where they cannot be read off."""

    place: str
    kind: str
    given: frozenset[str] | None


def raised_in(file: Path) -> Iterator[Raised]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call) or getattr(call.func, "id", "") != "Problem":
            continue
        named = {each.arg: each.value for each in call.keywords if each.arg}
        kind = call.args[0] if call.args else named.get("kind")
        if isinstance(kind, ast.Constant):
            values = call.args[3] if len(call.args) > 3 else named.get("values", ast.Dict([], []))
            names = keys_of(values, tree, call.lineno)
            if names is not None and (len(call.args) > 2 or "file" in named):
                names |= {"file", "path"}
            yield Raised(f"{file.relative_to(PACKAGE)}:{call.lineno}", kind.value, names)


def keys_of(values: ast.expr, tree: ast.Module, line: int) -> frozenset[str] | None:
    """The keys of a dictionary that is written out, there or the last time before ``line``."""
    if isinstance(values, ast.Name):
        changed = [
            each
            for each in ast.walk(tree)
            if isinstance(each, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Subscript)
            and each.lineno < line
            and values.id in names_changed(each)
        ]
        last = max(changed, key=lambda each: each.lineno, default=None)
        if isinstance(last, ast.Assign | ast.AnnAssign) and last.value is not None:
            values = last.value
    if not isinstance(values, ast.Dict):
        return None
    keys = [each.value for each in values.keys if isinstance(each, ast.Constant)]
    return frozenset(keys) if len(keys) == len(values.keys) else None


def names_changed(part: ast.AST) -> set[str]:
    match part:
        case ast.Assign(targets=targets):
            found = targets
        case ast.AnnAssign(target=target) | ast.AugAssign(target=target):
            found = [target]
        case ast.Subscript(value=value, ctx=ast.Store()):
            found = [value]
        case _:
            found = []
    return {each.id for each in found if isinstance(each, ast.Name)}


RAISED = [each for file in sorted(PACKAGE.rglob("*.py")) for each in raised_in(file)]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_makes_two_sentences(kind: str) -> None:
    values = dict.fromkeys(placeholders(kind) - {"file", "path"}, "VALUE")
    problem = Problem(kind, file="/pictures/고양이 🐱/a, b.jpg", values=values)
    for sentence in (problem.message, problem.remedy):
        assert sentence.endswith((".", ")"))
        assert "{" not in sentence
    assert problem.message != problem.remedy


@pytest.mark.parametrize("raised", RAISED, ids=lambda each: f"{each.place} {each.kind}")
def test_what_is_raised_is_in_the_table_with_its_values(raised: Raised) -> None:
    assert raised.kind in KINDS
    if raised.given is not None:
        assert placeholders(raised.kind) <= raised.given


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_needed(kind: str) -> None:
    tables = PACKAGE / "project" / "kinds"
    elsewhere = (each for each in PACKAGE.rglob("*.py") if each.parent != tables)
    assert any(f'"{kind}"' in each.read_text(encoding="utf-8") for each in elsewhere)


def test_the_source_was_searched() -> None:
    read_off = {each.kind for each in RAISED if each.given is not None}
    assert {"unknown_network", "project_missing", "run_damaged"} <= read_off


def test_a_sentence_names_the_file_by_its_name_and_the_folder_by_its_path() -> None:
    assert Problem("file_empty", file="/a/b/c d.jpg").message == "c d.jpg is empty: 0 bytes."
    assert Problem("not_a_folder", file="/a/b").message == "/a/b is not a folder."


def test_a_file_name_that_is_no_unicode_can_be_shown() -> None:
    message = Problem("file_empty", file="/a/caf\udce9.jpg").message
    assert message.encode("utf-8") == b"caf?.jpg is empty: 0 bytes."


def test_braces_in_a_name_are_shown_as_they_are() -> None:
    assert Problem("file_empty", file="/a/{x}{0}.jpg").message.startswith("{x}{0}.jpg is")


def test_a_problem_without_its_values_is_not_known() -> None:
    assert not Problem("unknown_width").is_known
    assert not Problem("no_such_kind").is_known
    assert Problem("no_folder").is_known


def test_only_errors_stand_in_the_way() -> None:
    error, warning = Problem("no_folder"), Problem("file_empty", file="a")
    assert errors_in([warning, error]) == [error]


def test_the_carrier_names_the_kind() -> None:
    assert str(ProblemError(Problem("disk_full"))) == "disk_full"
