"""A quiet line that says what was changed, with the way back."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from cnnstudio.project.project import Project
from cnnstudio.project.words import say
from cnnstudio.ui.session import ProjectSession
from cnnstudio.ui.widgets.basics import button, label


class DoneLine(QWidget):
    """Shows the last change until the next one; otherwise ``usual`` words."""

    def __init__(self, session: ProjectSession) -> None:
        super().__init__()
        self._session = session
        self._after: Project | None = None
        self._usual = ""
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        self.words = label("", "quiet")
        row.addWidget(self.words)
        self.undo_button = button(say("Undo"), self._undo, "link")
        self.undo_button.hide()
        row.addWidget(self.undo_button)
        row.addStretch(1)
        session.project_changed.connect(self._on_project_changed)

    def show_usual(self, words: str) -> None:
        """What stands here while there is nothing to take back."""
        self._usual = words
        if self._after is None:
            self.words.setText(words)

    def show_done(self, words: str) -> None:
        """Say what the change that was just made did."""
        self._after = self._session.project
        self.words.setText(words)
        self.undo_button.setVisible(self._session.can_undo)

    def _undo(self) -> None:
        if self._session.project is self._after:
            self._session.undo()

    def _on_project_changed(self, old: Project, new: Project) -> None:
        if self._after is not None and new is not self._after:
            self._after = None
            self.undo_button.hide()
            self.words.setText(self._usual)
