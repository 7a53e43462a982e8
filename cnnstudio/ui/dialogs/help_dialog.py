"""Help: one short text for each step, and the words of the field."""

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from cnnstudio.project.words import say
from cnnstudio.ui.dialogs.help_texts import TEXTS
from cnnstudio.ui.widgets.basics import Column, label


class HelpDialog(QDialog):
    """Help for one step."""

    def __init__(self, step: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(say("Help"))
        self.resize(560, 560)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.setSpacing(12)
        layout.addWidget(label(title, "title"))
        column = Column(spacing=4)
        for heading, text in TEXTS[step]:
            column.body.addWidget(label(say(heading), "heading"))
            column.body.addWidget(label(say(text), wrap=True))
            column.body.addSpacing(12)
        if step == "images":
            _add_picture_rules(column)
        column.body.addStretch(1)
        layout.addWidget(column, 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)


def _add_picture_rules(column: Column) -> None:
    """What becomes of each kind of picture, as the reader itself declares it."""
    from cnnstudio.images.read import PICTURE_RULES  # NumPy: not at start-up

    column.body.addWidget(label(say("How pictures are read"), "heading"))
    for title, sentence in PICTURE_RULES:
        column.body.addSpacing(4)
        column.body.addWidget(label(say(title)))
        column.body.addWidget(label(say(sentence), "quiet", wrap=True))
