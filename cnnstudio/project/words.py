"""The one catalogue of words: gettext for window, commands and problems alike.

Where a sentence is declared away from the place that shows it, it is marked with :func:`N_` and
becomes a sentence of the chosen language only in :func:`say`. Values are filled in after
translation, with ``str.format``, so no text is built by gluing words together.
"""

import gettext
import locale
import os
from typing import Any

from cnnstudio.project.places import resources_folder

DOMAIN = "cnnstudio"
LANGUAGES = {"en": "English", "ko": "한국어"}

_catalogue: gettext.NullTranslations = gettext.NullTranslations()


def N_(message: str) -> str:  # noqa: N802 (gettext's customary name)
    """Mark ``message`` for the catalogue and return it unchanged."""
    return message


def system_language() -> str:
    """The two-letter code of the language this computer speaks, ``en`` where it is unknown."""
    for name in ("CNNSTUDIO_LANGUAGE", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if chosen := os.environ.get(name):
            break
    else:
        try:
            chosen = locale.getlocale()[0] or "en"
        except ValueError:
            chosen = "en"
    code = chosen[:2].lower()
    return code if code in LANGUAGES else "en"


def use_language(code: str | None = None) -> None:
    """Speak ``code`` (``en``, ``ko``) from now on; without one, the computer's own language."""
    global _catalogue
    _catalogue = gettext.translation(
        DOMAIN,
        localedir=resources_folder() / "translations",
        languages=[code or system_language()],
        fallback=True,
    )


def say(message: str, /, **values: Any) -> str:
    """``message`` in the chosen language, its ``{names}`` filled from ``values``."""
    text = _catalogue.gettext(message) if message else ""
    return text.format(**values) if values else text


def say_count(singular: str, plural: str, count: int, /, **values: Any) -> str:
    """The form of the sentence that fits ``count``, with ``{count}`` filled in."""
    return _catalogue.ngettext(singular, plural, count).format(count=count, **values)
