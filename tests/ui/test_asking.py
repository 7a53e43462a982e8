"""Dialogs that ask: the real ones, answered by the keyboard."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from cnnstudio.ui.dialogs.asking import Asking
from cnnstudio.ui.theme import Theme


def test_the_suggested_class_is_taken_by_one_press(theme: Theme, qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.show()
    presses = []

    def press() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QDialog):
            presses.append(dialog)
            line = dialog.focusWidget()
            assert line is not None
            QTest.keyClick(line, Qt.Key.Key_Return)
            QTimer.singleShot(300, dialog, dialog.reject)

    QTimer.singleShot(100, parent, press)
    assert Asking().class_name(parent, "Which class?", ("cat", "dog"), "bird") == "bird"
    assert len(presses) == 1
