"""Questions to the person, in one place so that a test can answer them."""

from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from cnnstudio.project.problems import Problem
from cnnstudio.project.words import say


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
