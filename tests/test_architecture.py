"""The plan of the house holds: imports, sizes, words."""

import ast
import gettext
import runpy
import subprocess
import sys
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

CHECKOUT = Path(__file__).resolve().parent.parent
PACKAGE = CHECKOUT / "cnnstudio"
MODULES = sorted(PACKAGE.rglob("*.py"))
TRANSLATIONS = CHECKOUT / "resources" / "translations"
MOST_LINES = 400
DRAWERS = {"util", "utils", "helper", "helpers", "common", "misc"}
LATE = ("tensorflow", "keras", "typer", "rich")


def module_name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def imported_by(statement: str) -> set[str]:
    """Top-level names in ``sys.modules`` of a fresh process after ``statement``."""
    question = f"{statement}\nimport sys\nprint(*sys.modules)"
    answer = subprocess.run(
        [sys.executable, "-c", question], capture_output=True, text=True, check=True
    )
    return {name.partition(".")[0] for name in answer.stdout.split()}


# Imports


def test_import_contracts_hold() -> None:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as l; l()"]
    checked = subprocess.run(
        [*command, "--no-cache"], cwd=CHECKOUT, capture_output=True, text=True, encoding="utf-8"
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_door_imports_nothing_heavy() -> None:
    assert not imported_by("import cnnstudio.__main__") & {*LATE, "numpy", "PySide6"}


@pytest.mark.parametrize("room", ["project", "images", "protocol"])
def test_rooms_below_the_bridge_import_no_qt(room: str) -> None:
    files = [each for each in MODULES if module_name(each).startswith(room)]
    names = [".".join(each.relative_to(CHECKOUT).with_suffix("").parts) for each in files]
    statement = "\n".join(f"import {name.removesuffix('.__init__')}" for name in names)
    assert not imported_by(statement) & {"PySide6", "shiboken6", *LATE[:2]}


def test_nothing_outside_the_engine_names_tensorflow() -> None:
    found = []
    for module in MODULES:
        if module_name(module).startswith("engine/"):
            continue
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
            if any(name.partition(".")[0] in ("tensorflow", "keras") for name in names):
                found.append(f"{module_name(module)}:{getattr(node, 'lineno', 0)}")
    assert found == []


# Sizes and names


@pytest.mark.parametrize("module", MODULES, ids=module_name)
def test_no_module_is_too_long(module: Path) -> None:
    assert len(module.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


def test_there_are_no_drawers() -> None:
    names = {part for module in MODULES for part in module.relative_to(PACKAGE).parts}
    assert not {name.removesuffix(".py") for name in names} & DRAWERS


@pytest.mark.parametrize("module", MODULES, ids=module_name)
def test_every_module_says_what_it_is_for(module: Path) -> None:
    assert ast.get_docstring(ast.parse(module.read_text(encoding="utf-8")))


# Words


@pytest.fixture(scope="module")
def translations() -> dict[str, Any]:
    return runpy.run_path(str(CHECKOUT / "packaging" / "translations.py"))


def messages(catalogue: Catalog) -> set[str | tuple[str, ...]]:
    return {message.id for message in catalogue if message.id}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def is_translated(message: Message) -> bool:
    return any(message.string) if isinstance(message.string, tuple) else bool(message.string)


def read_catalogue(file: Path) -> Catalog:
    with file.open("rb") as content:
        return read_po(content)


def test_every_sentence_of_the_source_is_in_the_template(translations: dict[str, Any]) -> None:
    in_source = messages(translations["extracted"]())
    in_template = messages(read_catalogue(TRANSLATIONS / "cnnstudio.pot"))
    remedy = "Run: python packaging/translations.py"
    assert sorted(map(str, in_source - in_template)) == [], remedy
    assert sorted(map(str, in_template - in_source)) == [], remedy


def test_every_language_has_the_sentences_of_the_template(translations: dict[str, Any]) -> None:
    in_template = messages(read_catalogue(TRANSLATIONS / "cnnstudio.pot"))
    for language in translations["LANGUAGES"]:
        assert messages(translations["translated"](language)) == in_template


def test_what_the_program_reads_is_what_was_translated(translations: dict[str, Any]) -> None:
    for language in translations["LANGUAGES"]:
        with translations["po_file"](language).with_suffix(".mo").open("rb") as file:
            compiled = gettext.GNUTranslations(file)
        for message in translations["translated"](language):
            if not message.id or not is_translated(message):
                continue
            if isinstance(message.id, tuple):
                assert compiled.ngettext(*message.id, 1) == message.string[0]
            else:
                assert compiled.gettext(message.id) == message.string


def test_translations_keep_the_placeholders(translations: dict[str, Any]) -> None:
    for language in translations["LANGUAGES"]:
        for message in translations["translated"](language):
            texts = message.string if isinstance(message.string, tuple) else (message.string,)
            ids = message.id if isinstance(message.id, tuple) else (message.id,)
            for text in filter(None, texts if message.id else ()):
                assert placeholders(text) <= set().union(*map(placeholders, ids)), message.id


def test_sentences_are_marked_only_where_they_are_written_out() -> None:
    """``say`` of something put together at run time could never be translated."""
    found = []
    for module in MODULES:
        tree = ast.parse(module.read_text(encoding="utf-8"))
        for call in ast.walk(tree):
            name = getattr(getattr(call, "func", None), "id", "")
            if isinstance(call, ast.Call) and name in ("say", "N_", "say_count"):
                glued = (ast.JoinedStr, ast.BinOp)
                if any(isinstance(argument, glued) for argument in call.args[:2]):
                    found.append(f"{module_name(module)}:{call.lineno}")
    assert found == []
