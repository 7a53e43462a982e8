"""Refresh the catalogue of words: extract the sentences, update every language, compile.

    python packaging/translations.py

The template 'resources/translations/cnnstudio.pot' lists every sentence marked in the source;
each language's '.po' beside it holds the translations, its '.mo' what the program reads. Written
without dates and line numbers, so that a difference shows sentences and nothing else.
"""

import ast
import datetime
import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po, write_po

CHECKOUT = Path(__file__).resolve().parent.parent
TRANSLATIONS = CHECKOUT / "resources" / "translations"
TEMPLATE = TRANSLATIONS / "cnnstudio.pot"
LANGUAGES = ("ko",)
FORMS_BY_NAME = {"N_": 1, "say": 1, "say_count": 2}
"""The marks in the source, and how many forms of the sentence each is given."""


NO_DATE = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural_forms}\\n"

"""


def extracted(source: Path = CHECKOUT / "cnnstudio") -> Catalog:
    """Every marked sentence below ``source``.

    Read from the syntax tree: Babel's own reader passes over what stands inside an f-string.
    """
    catalogue = Catalog()
    for module in sorted(source.rglob("*.py")):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            forms = _marked_forms(node)
            if forms:
                catalogue.add(forms if len(forms) > 1 else forms[0])
    return catalogue


def _marked_forms(node: ast.AST) -> tuple[str, ...]:
    """The forms of the sentence that ``node`` marks; none where it marks none."""
    if not isinstance(node, ast.Call):
        return ()
    name = getattr(node.func, "id", getattr(node.func, "attr", ""))
    written = node.args[: FORMS_BY_NAME.get(name, 0)]
    forms = (each.value for each in written if isinstance(each, ast.Constant))
    return tuple(form for form in forms if isinstance(form, str) and form)


def translated(language: str) -> Catalog:
    """The translations of ``language`` as they stand; none yet where there is no file."""
    file = po_file(language)
    text = file.read_bytes() if file.is_file() else b""
    return read_po(io.BytesIO(text), locale=language)


def po_file(language: str) -> Path:
    """Where the translations of ``language`` are written."""
    return TRANSLATIONS / language / "LC_MESSAGES" / "cnnstudio.po"


def to_text(catalogue: Catalog) -> str:
    """The catalogue as a '.po' or '.pot' without anything that changes by itself."""
    for message in catalogue:
        # Babel takes "20 % of" for a placeholder of printf.
        message.flags -= {"python-format", "python-brace-format"}
    text = io.BytesIO()
    write_po(text, catalogue, no_location=True, omit_header=True, sort_output=True, width=99)
    header = ""
    if catalogue.locale is not None:
        forms = get_plural(catalogue.locale).plural_forms
        header = HEADER.format(language=catalogue.locale, plural_forms=forms)
    return header + text.getvalue().decode("utf-8").strip() + "\n"


def main() -> int:
    """Write template, translations and compiled translations; say what is still missing."""
    template = extracted()
    TRANSLATIONS.mkdir(parents=True, exist_ok=True)
    TEMPLATE.write_text(to_text(template), encoding="utf-8", newline="\n")
    print(f"{len(template)} sentences in {TEMPLATE.relative_to(CHECKOUT)}")
    for language in LANGUAGES:
        catalogue = translated(language)
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        file = po_file(language)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(to_text(catalogue), encoding="utf-8", newline="\n")
        catalogue.creation_date = catalogue.revision_date = NO_DATE
        with file.with_suffix(".mo").open("wb") as compiled:
            write_mo(compiled, catalogue)
        missing = [each for each in catalogue if each.id and not any(each.string or ())]
        print(f"{len(missing)} still to be translated in {file.relative_to(CHECKOUT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
