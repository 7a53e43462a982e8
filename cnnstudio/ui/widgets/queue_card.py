"""The runs that wait for their turn."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from cnnstudio.project.problems import Problem, ProblemError
from cnnstudio.project.run_folder import RunFolder
from cnnstudio.project.words import say
from cnnstudio.ui.training_state import TrainingState
from cnnstudio.ui.widgets.basics import Card, button, clear_layout, label
from cnnstudio.ui.widgets.kept_focus import focus_kept, focus_place
from cnnstudio.ui.widgets.train_words import plan_words


class QueueCard(Card):
    """A line for each; hidden where nothing waits. ``left`` says that the keyboard was here."""

    left = Signal()

    def __init__(self, training: TrainingState, tell: Callable[[Problem], object]) -> None:
        super().__init__(say("Waiting"))
        self._training = training
        self._tell = tell
        self._list = QVBoxLayout()
        self._list.setSpacing(8)
        self.body.addLayout(self._list)
        self.begin_button = button(say("Begin now"), training.start_queue, "link")
        self.body.addWidget(self.begin_button)
        training.queue_changed.connect(self.refresh)
        training.phase_changed.connect(lambda *_: self.refresh())
        self._shown: list[RunFolder] = []
        self.refresh()

    def refresh(self) -> None:
        """Show the queue as it is now."""
        queue = self._training.queue
        if not queue and focus_place(self) is not None:
            self.left.emit()
        self.begin_button.setVisible(not self._training.is_busy)
        if self._shown != queue:
            self._shown = list(queue)
            with focus_kept(self):
                self._make_lines()
        self.setVisible(bool(queue))

    def _make_lines(self) -> None:
        clear_layout(self._list)
        for run in self._shown:
            line = QHBoxLayout()
            line.setSpacing(12)
            words = _words_of(run)
            line.addWidget(label(words, "small", wrap=True), 1)
            out = button(say("Take out"), partial(self._take_out, run), "link")
            out.setAccessibleName(say("Take out: {run}", run=words))
            line.addWidget(out)
            self._list.addLayout(line)

    def _take_out(self, run: RunFolder) -> None:
        problem = self._training.unqueue(run)
        if problem is not None:
            self._tell(problem)


def _words_of(run: RunFolder) -> str:
    try:
        return run.read_notes().name or plan_words(run.read_project())
    except ProblemError:
        return run.path.name
