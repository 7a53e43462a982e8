"""What the curves show, what it means, and what helps with one click."""

from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from cnnstudio.project.explaining import Explanation, Remedy, explain
from cnnstudio.project.words import say
from cnnstudio.ui.live_run import LiveRun
from cnnstudio.ui.run_view import RunCounts
from cnnstudio.ui.session import ProjectSession
from cnnstudio.ui.training_state import TrainingState
from cnnstudio.ui.widgets.basics import Notice, clear_layout
from cnnstudio.ui.widgets.done_line import DoneLine
from cnnstudio.ui.widgets.kept_focus import focus_kept
from cnnstudio.ui.widgets.problem_notice import Actions

MOST = 3


class ExplanationCard(QWidget):
    """A box for each finding, the most important first; nothing where all is well.

    A remedy changes the plan of the next training; the one in hand stays as it is.
    """

    def __init__(self, session: ProjectSession, training: TrainingState) -> None:
        super().__init__()
        self._session = session
        self._training = training
        self._found: tuple[Explanation, ...] = ()
        self._shown: object = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self._notices = QVBoxLayout()
        self._notices.setSpacing(8)
        column.addLayout(self._notices)
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
        if live.project is not None and live.history:
            self._found = explain(
                live.history,
                live.project,
                counts.training,
                counts.validation,
                ended.ended_by if ended is not None else "",
                ended.problem if ended is not None else None,
                counts.classes,
            )[:MOST]
        self._refresh()

    def _refresh(self) -> None:
        """Make the boxes anew where they say or offer something else than before."""
        offered = [
            (each, tuple(remedy for remedy in each.remedies if self._is_offered(remedy)))
            for each in self._found
        ]
        self.setVisible(bool(offered))
        if offered == self._shown:
            return
        self._shown = offered
        with focus_kept(self):
            clear_layout(self._notices)
            for each, remedies in offered:
                actions: Actions = tuple(
                    (remedy.title, partial(self._take, remedy)) for remedy in remedies
                )
                text = f"{each.seen} {each.means}"
                self._notices.addWidget(Notice(each.tone, each.title, text, actions))
        if not self.done.undo_button.isVisibleTo(self.done):
            self.done.hide()

    def _is_offered(self, remedy: Remedy) -> bool:
        """Whether it can be taken now."""
        if remedy.stops:
            return self._training.phase in ("training", "paused")
        return not self._session.folder.read_only and remedy.can_be_taken(self._session.project)

    def _take(self, remedy: Remedy) -> None:
        if remedy.stops:
            self._training.stop()
            return
        self._session.change(remedy.apply(self._session.project))
        self.done.show_done(say("Changed for the next training."))
        self.done.show()
