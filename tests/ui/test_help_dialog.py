"""The help of a step tells what belongs to it."""

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from cnnstudio.images.read import PICTURE_RULES
from cnnstudio.ui.dialogs.help_dialog import TEXTS, HelpDialog


def words_of(step: str, qtbot: QtBot) -> set[str]:
    dialog = HelpDialog(step, "Title")
    qtbot.addWidget(dialog)
    return {each.text() for each in dialog.findChildren(QLabel)}


def test_help_for_images_tells_how_every_kind_is_read(qtbot: QtBot) -> None:
    words = words_of("images", qtbot)
    assert {part for rule in PICTURE_RULES for part in rule} <= words


def test_help_of_other_steps_tells_their_own_texts_only(qtbot: QtBot) -> None:
    words = words_of("augment", qtbot)
    assert {part for text in TEXTS["augment"] for part in text} <= words
    assert PICTURE_RULES[0][0] not in words
