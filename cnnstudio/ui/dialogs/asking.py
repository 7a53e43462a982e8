"""Questions to the person, in one place so that a test can answer them."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QMessageBox,
    QVBoxLayout,
    QWidget,
)

from cnnstudio.project.problems import Problem
from cnnstudio.project.words import say
from cnnstudio.ui.widgets.basics import label


class Asking:
    """Asks with the system's own dialogs."""

    def folder(self, parent: QWidget, title: str, start: str = "") -> str:
        """A folder, or empty when the person changed their mind."""
        return QFileDialog.getExistingDirectory(parent, title, start)

    def pictures(self, parent: QWidget) -> list[str]:
        """Picture files, or none."""
        kinds = "*.jpg *.jpeg *.png *.gif *.bmp *.webp *.tif *.tiff *.ico *.ppm *.avif *.jp2"
        files, _ = QFileDialog.getOpenFileNames(
            parent,
            say("Choose pictures"),
            "",
            f"{say('Pictures')} ({kinds} {kinds.upper()});;{say('All files')} (*)",
        )
        return files

    def files(self, parent: QWidget, title: str, kinds: Sequence[tuple[str, str]]) -> list[str]:
        """Files, or none. ``kinds`` are titles with their patterns (``*.zip *.npz``)."""
        filters = [f"{kind} ({patterns} {patterns.upper()})" for kind, patterns in kinds]
        everything = f"{say('All files')} (*)"
        files, _ = QFileDialog.getOpenFileNames(
            parent, title, "", ";;".join([*filters, everything])
        )
        return files

    def class_name(
        self, parent: QWidget, title: str, names: Sequence[str], suggested: str = ""
    ) -> str:
        """One of ``names`` or a new one, or empty when the person changed their mind."""
        dialog = QDialog(parent)
        dialog.setWindowTitle(title)
        dialog.setMinimumWidth(380)
        layout = QVBoxLayout(dialog)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        layout.addWidget(label(title, "heading", wrap=True))
        layout.addWidget(label(say("Choose a class, or type the name of a new one."), "quiet"))
        box = QComboBox()
        box.setEditable(True)
        box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        completer = box.completer()
        if completer is not None:  # In the line itself, it would take Enter for its own.
            completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        box.setAccessibleName(say("Class"))
        box.addItems(list(names))
        box.setEditText(suggested or (names[0] if names else ""))
        layout.addWidget(box)
        buttons = QDialogButtonBox()
        take = buttons.addButton(say("Take this class"), QDialogButtonBox.ButtonRole.AcceptRole)
        take.setProperty("role", "main")
        take.setDefault(True)
        buttons.addButton(say("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(dialog.accept)
        buttons.rejected.connect(dialog.reject)
        box.editTextChanged.connect(lambda text: take.setEnabled(bool(text.strip())))
        take.setEnabled(bool(box.currentText().strip()))
        layout.addSpacing(8)
        layout.addWidget(buttons)
        line = box.lineEdit()
        if line is not None:
            line.selectAll()
        box.setFocus()
        taken = dialog.exec() == QDialog.DialogCode.Accepted
        dialog.deleteLater()
        return tidy_name(box.currentText()) if taken else ""

    def weights_file(self, parent: QWidget) -> str:
        """A weights file, or empty."""
        file, _ = QFileDialog.getOpenFileName(
            parent, say("Choose a weights file"), "", f"{say('Keras weights')} (*.h5)"
        )
        return file

    def file_to_write(self, parent: QWidget, title: str, suggested: Path, kind: str) -> str:
        """Where to write a file called like ``suggested``, or empty."""
        file, _ = QFileDialog.getSaveFileName(parent, title, str(suggested), kind)
        return file

    def choice(
        self, parent: QWidget, title: str, text: str, choices: tuple[str, ...], default: int
    ) -> int:
        """Which of ``choices`` was taken; the last one when the window was closed."""
        box = QMessageBox(parent)
        box.setIcon(QMessageBox.Icon.NoIcon)
        box.setWindowTitle(title)
        box.setText(title)
        box.setInformativeText(text)
        last = QMessageBox.ButtonRole.RejectRole
        buttons = [
            box.addButton(
                choice, last if index == len(choices) - 1 else QMessageBox.ButtonRole.AcceptRole
            )
            for index, choice in enumerate(choices)
        ]
        box.setDefaultButton(buttons[default])
        box.setEscapeButton(buttons[-1])
        box.exec()
        clicked = box.clickedButton()
        return next((i for i, each in enumerate(buttons) if each is clicked), len(choices) - 1)

    def tell(self, parent: QWidget, problem: Problem, details: str = "") -> None:
        """Say what is wrong and what to do; ``details`` can be copied."""
        choices = (say("Copy details"), say("Close")) if details else (say("Close"),)
        if self.choice(parent, problem.message, problem.remedy, choices, len(choices) - 1) == 0:
            self.copy(details)

    def copy(self, text: str) -> None:
        """Put ``text`` on the clipboard."""
        if text:
            QGuiApplication.clipboard().setText(text)


def tidy_name(text: str) -> str:
    """A name as it was typed, without white space around it or line breaks in it."""
    return " ".join(text.split())
