"""The Korean words are complete, and can be filled with values."""

import re
from collections import Counter
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

CATALOGUE = (
    Path(__file__).resolve().parent.parent / "resources/translations/ko/LC_MESSAGES/cnnstudio.po"
)
ANY_NUMBER = 1234
PARTICLE_AFTER_VALUE = re.compile(
    r"\}['\")]?(을|를|은|는|이|가|과|와|로|으로|이라|라)(?=[\s.,:]|$)"
)
OTHER_STYLE = re.compile(r"(니다|십시오|한다|된다|는다)(?=[\s.,…)]|$)")


class AnyNumber(dict[str, int]):
    """A value for every name."""

    def __missing__(self, name: str) -> int:
        return ANY_NUMBER


@pytest.fixture(scope="module")
def korean() -> Catalog:
    with CATALOGUE.open("rb") as content:
        return read_po(content, locale="ko")


def sentences(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def forms(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (text or "",) if isinstance(text, str) or text is None else tuple(text)


def placeholders(text: str) -> Counter[tuple[str, str, str]]:
    """Every ``{name!conversion:spec}`` with how often it stands there."""
    return Counter(
        (name, spec or "", conversion or "")
        for _, name, spec, conversion in Formatter().parse(text)
        if name is not None
    )


def test_every_sentence_is_translated(korean: Catalog) -> None:
    assert [
        m.id for m in sentences(korean) if not all(form.strip() for form in forms(m.string))
    ] == []


def test_no_translation_is_a_guess(korean: Catalog) -> None:
    assert [m.id for m in sentences(korean) if m.fuzzy] == []


def test_korean_has_one_form_for_every_count(korean: Catalog) -> None:
    assert korean.num_plurals == 1
    assert [m.id for m in sentences(korean) if len(forms(m.string)) != 1] == []


def test_the_placeholders_are_those_of_the_english_sentence(korean: Catalog) -> None:
    differing = [
        (english, translation)
        for message in sentences(korean)
        for english in forms(message.id)
        for translation in forms(message.string)
        if placeholders(english) != placeholders(translation)
    ]
    assert differing == []


def test_every_translation_can_be_filled(korean: Catalog) -> None:
    for message in sentences(korean):
        for form in forms(message.string):
            shown = Formatter().vformat(form, (ANY_NUMBER,), AnyNumber())
            assert not set("{}") & set(shown), form


def test_the_lines_are_as_many_as_the_layout_expects(korean: Catalog) -> None:
    differing = [
        message.id
        for message in sentences(korean)
        if {form.count("\n") for form in forms(message.id)}
        != {form.count("\n") for form in forms(message.string)}
    ]
    assert differing == []


def test_no_particle_depends_on_the_value_before_it(korean: Catalog) -> None:
    """'{file}을' is wrong for every other name: such sentences are put differently."""
    found = [
        form
        for message in sentences(korean)
        for form in forms(message.string)
        if PARTICLE_AFTER_VALUE.search(form)
    ]
    assert found == []


def test_all_sentences_speak_in_one_style(korean: Catalog) -> None:
    found = [
        form
        for message in sentences(korean)
        for form in forms(message.string)
        if OTHER_STYLE.search(form)
    ]
    assert found == []
