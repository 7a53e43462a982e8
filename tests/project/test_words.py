"""The catalogue of words."""

import gettext
import io

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from cnnstudio.project import words

ENVIRONMENT = ("CNNSTUDIO_LANGUAGE", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


@pytest.fixture(autouse=True)
def catalogue_restored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "_catalogue", words._catalogue)


@pytest.fixture
def no_language(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def speak(monkeypatch: pytest.MonkeyPatch, *sentences: tuple[object, object]) -> None:
    catalogue = Catalog(locale="ko")
    for english, korean in sentences:
        catalogue.add(english, korean)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    monkeypatch.setattr(words, "_catalogue", gettext.GNUTranslations(compiled))


def test_a_marked_sentence_is_unchanged() -> None:
    assert words.N_("A {thing}") == "A {thing}"


def test_values_are_filled_in() -> None:
    assert words.say("{count} of {total}", count=1, total=2) == "1 of 2"


def test_a_value_with_braces_is_not_read_as_a_placeholder() -> None:
    assert words.say("{name}", name="{0} {x}") == "{0} {x}"


def test_a_sentence_without_values_keeps_its_braces() -> None:
    assert words.say("Block {0}") == "Block {0}"


def test_the_empty_sentence_stays_empty() -> None:
    # gettext would give the catalogue's heading for it.
    words.use_language("ko")
    assert words.say("") == ""


def test_a_value_may_be_called_message() -> None:
    assert words.say("{message}!", message="Hello") == "Hello!"


def test_values_are_filled_in_after_translation(monkeypatch: pytest.MonkeyPatch) -> None:
    speak(monkeypatch, ("{a} before {b}", "{b} 다음 {a}"))
    assert words.say("{a} before {b}", a=1, b=2) == "2 다음 1"


def test_what_is_not_translated_stays_english(monkeypatch: pytest.MonkeyPatch) -> None:
    speak(monkeypatch, ("Open", "열기"))
    assert (words.say("Open"), words.say("Close")) == ("열기", "Close")


@pytest.mark.parametrize(
    ("count", "sentence"), [(0, "0 epochs"), (1, "1 epoch"), (2000, "2000 epochs")]
)
def test_the_form_fits_the_count(count: int, sentence: str) -> None:
    words.use_language("en")
    assert words.say_count("{count} epoch", "{count} epochs", count) == sentence


def test_a_language_with_one_form_uses_it(monkeypatch: pytest.MonkeyPatch) -> None:
    speak(monkeypatch, (("{count} epoch", "{count} epochs"), ("{count}회",)))
    assert words.say_count("{count} epoch", "{count} epochs", 1) == "1회"
    assert words.say_count("{count} epoch", "{count} epochs", 3) == "3회"


@pytest.mark.parametrize(
    ("name", "value", "language"),
    [
        ("CNNSTUDIO_LANGUAGE", "ko", "ko"),
        ("LANGUAGE", "ko:en", "ko"),
        ("LC_ALL", "ko_KR.UTF-8", "ko"),
        ("LC_MESSAGES", "ko_KR", "ko"),
        ("LANG", "ko_KR.eucKR", "ko"),
        ("LANG", "C.UTF-8", "en"),
        ("LANG", "fr_FR.UTF-8", "en"),
    ],
)
def test_the_computers_language_is_found(
    no_language: pytest.MonkeyPatch, name: str, value: str, language: str
) -> None:
    no_language.setenv(name, value)
    assert words.system_language() == language


def test_the_programs_own_variable_comes_first(no_language: pytest.MonkeyPatch) -> None:
    no_language.setenv("LANG", "ko_KR.UTF-8")
    no_language.setenv("CNNSTUDIO_LANGUAGE", "en")
    assert words.system_language() == "en"


def test_an_unknown_locale_is_english(no_language: pytest.MonkeyPatch) -> None:
    def broken() -> tuple[str, str]:
        raise ValueError("unknown locale: UTF-8")

    no_language.setattr("locale.getlocale", broken)
    assert words.system_language() == "en"


def test_an_unknown_language_falls_back_to_english() -> None:
    words.use_language("xx")
    assert words.say("Open") == "Open"
