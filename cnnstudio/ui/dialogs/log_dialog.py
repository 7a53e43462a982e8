"""The log of a run, as the engine printed it."""

from pathlib import Path

from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QVBoxLayout, QWidget

from cnnstudio.project.words import say

MOST_BYTES = 400_000


class LogDialog(QDialog):
    """Shows the end of a log file."""

    def __init__(self, log: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(say("Log of the run"))
        self.resize(820, 520)
        layout = QVBoxLayout(self)
        text = QPlainTextEdit()
        text.setReadOnly(True)
        text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        text.setPlainText(_end_of(log))
        text.setAccessibleName(say("Log of the run"))
        layout.addWidget(text)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)
        bar = text.verticalScrollBar()
        bar.setValue(bar.maximum())


def _end_of(log: Path) -> str:
    try:
        data = log.read_bytes()[-MOST_BYTES:]
    except OSError:
        return say("There is no log.")
    return data.decode("utf-8", errors="replace")
