"""What the curves show, what it means, and what helps with one click."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from cnnstudio.project.explaining import Explanation, Remedy, explain
from cnnstudio.project.words import say
from cnnstudio.ui.live_run import LiveRun
from cnnstudio.ui.run_view import RunCounts
from cnnstudio.ui.session import ProjectSession
from cnnstudio.ui.training_state import TrainingState
from cnnstudio.ui.widgets.done_line import DoneLine
from cnnstudio.ui.widgets.explanation_boxes import ExplanationBoxes
from cnnstudio.ui.widgets.kept_focus import take_focus


class ExplanationCard(QWidget):
    """A box for each finding, the most important first; nothing where all is well.

    A remedy changes the plan of the next training; the one in hand stays as it is.
    """

    def __init__(self, session: ProjectSession, training: TrainingState) -> None:
        super().__init__()
        self._session = session
        self._training = training
        self._found: tuple[Explanation, ...] = ()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.boxes = ExplanationBoxes(self._take, training.stop)
        column.addWidget(self.boxes)
        session.project_changed.connect(lambda *_: self._keep_focus())  # before the line hears it
        self.done = DoneLine(session)
        self.done.hide()
        column.addWidget(self.done)
        session.project_changed.connect(lambda *_: self._refresh())
        self.hide()

    @property
    def found(self) -> tuple[Explanation, ...]:
        """What is explained."""
        return self._found

    def show_run(self, live: LiveRun, counts: RunCounts) -> None:
        """Explain the curves of ``live``."""
        ended = live.ended if self._training.phase == "ended" else None
        self._found = ()
        if live.project is not None:
            self._found = explain(
                live.history,
                live.project,
                counts.training,
                counts.validation,
                ended.ended_by if ended is not None else "",
                ended.problem if ended is not None else None,
                counts.classes,
            )
        self._refresh()

    def _refresh(self) -> None:
        """Show what is explained as the plan and the training are now."""
        project = None if self._session.folder.read_only else self._session.project
        is_running = self._training.phase in ("training", "paused")
        self.boxes.show_explanations(self._found, is_running, project)
        self.setVisible(bool(self._found))
        if not self.done.undo_button.isVisibleTo(self.done):
            self.done.hide()

    def _keep_focus(self) -> None:
        """The keyboard stays here when the way back is gone."""
        if self.window().focusWidget() is self.done.undo_button:
            take_focus(self, 0)

    def _take(self, remedy: Remedy) -> None:
        self._session.change(remedy.apply(self._session.project))
        self.done.show_done(say("Changed for the next training."))
        self.done.show()
