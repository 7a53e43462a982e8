"""How the training stands or ended, and what can be done now: notices with their remedies."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from cnnstudio.project.amounts import plain_number
from cnnstudio.project.problems import Problem
from cnnstudio.project.run_folder import RunFolder
from cnnstudio.project.words import say, say_count
from cnnstudio.protocol import TrainingEnded
from cnnstudio.ui.dialogs.asking import Asking
from cnnstudio.ui.session import ProjectSession
from cnnstudio.ui.training_state import TrainingState
from cnnstudio.ui.widgets.basics import Notice, button, label
from cnnstudio.ui.widgets.field_form import CalmSpinBox
from cnnstudio.ui.widgets.kept_focus import focus_kept
from cnnstudio.ui.widgets.problem_notice import Actions, problem_notice
from cnnstudio.worker.runs import why_not

MOST_LEFT_OUT = 3
ADDED_EPOCHS = 5
_MOST_ADDED = 1000


class TrainingOutcome(QWidget):
    """``export_wanted`` asks for the page where the model is taken away."""

    export_wanted = Signal()

    def __init__(
        self,
        session: ProjectSession,
        training: TrainingState,
        asking: Asking,
        start_training: Callable[[], object],
    ) -> None:
        super().__init__()
        self._session = session
        self._training = training
        self._asking = asking
        self._start_training = start_training
        self._shown: object = None
        self.going_on: RunFolder | None = None
        """The run that broke off and can go on as it is: then that is the page's main button."""
        self._notices = QVBoxLayout(self)
        self._notices.setContentsMargins(0, 0, 0, 0)
        self._notices.setSpacing(8)
        self.added = CalmSpinBox()
        self.add_epochs = _AddEpochs(self.added, self._on_add_epochs)
        self._notices.addWidget(self.add_epochs)

    def refresh(self) -> None:
        """Show it as it is now; what is in sight already stays where it is."""
        training = self._training
        live = training.live
        ended = live.ended if training.phase == "ended" else None
        note = live.stage.note if live.stage is not None else None
        read_only = self._session.folder.read_only
        shown = (ended, live.run, note, len(live.left_out), read_only, training.latest_run)
        if shown == self._shown:
            return
        self._shown = shown
        self.going_on = None
        with focus_kept(self):
            while self._notices.count() > 1:
                item = self._notices.takeAt(0)
                if item is not None and (widget := item.widget()) is not None:
                    widget.hide()
                    widget.deleteLater()
            made: list[QWidget] = []
            if ended is not None:
                made.append(self._outcome(ended, live.run))
            if note is not None:
                made.append(problem_notice(note))
            made += [problem_notice(problem) for problem in live.left_out[:MOST_LEFT_OUT]]
            more = len(live.left_out) - MOST_LEFT_OUT
            if more > 0:
                words = say_count(
                    "{count} more picture was left out", "{count} more pictures were left out", more
                )
                made.append(label(words, "small"))
            for place, widget in enumerate(made):
                self._notices.insertWidget(place, widget)
            is_whole = ended is not None and ended.outcome == "finished" and not ended.problem
            self.add_epochs.setVisible(is_whole and not read_only)
        self.setVisible(bool(made))

    def _outcome(self, ended: TrainingEnded, run: RunFolder | None) -> Notice:
        go_on: Actions = ()
        mends = self._mends(ended.problem) if ended.problem is not None else ()
        # Its pictures are looked for when it is to go on: many would keep the window waiting.
        may_go_on = run is not None and why_not(run, with_pictures=False) is None
        if run is not None and may_go_on and not self._session.folder.read_only:
            if ended.outcome == "finished" or mends:
                go_on = ((go_on_words(ended), partial(self._go_on, run)),)
            else:
                self.going_on = run
        if ended.problem is not None:
            details: Actions = ()
            if ended.details:
                details = ((say("Copy details"), partial(self._asking.copy, ended.details)),)
            return problem_notice(ended.problem, mends + go_on + details)
        saved = say_count(
            "{count} epoch is whole and saved.",
            "{count} epochs are whole and saved.",
            ended.epochs_done,
        )
        if ended.outcome == "stopped" and ended.ended_by == "window_gone":
            epoch = min(ended.epochs_done + 1, self._training.live.epochs_planned)
            title = say("The program was closed in epoch {epoch}", epoch=epoch)
            return Notice("note", title, saved)
        if ended.outcome == "stopped":
            text = say("The models and the history up to here are in the run's folder.")
            return Notice("note", say("You stopped it"), text)
        if ended.outcome != "finished":
            return Notice("warning", say("It was broken off"), saved)
        text = say("Look at the results, or take it away as a file.")
        title = say("The model is ready")
        if ended.ended_by == "time_limit":
            title = say("The time was up; the model is ready")
            missing = self._training.live.stages_not_begun
            if missing:
                text = say_count(
                    "There was no time for {count} planned stage: it was never begun.",
                    "There was no time for {count} planned stages: none was begun.",
                    missing,
                )
        elif ended.ended_by == "early_stopping":
            title = say("It got no better, so it ended early; the model is ready")
        export = (say("Export the model"), self.export_wanted.emit)
        return Notice("good", title, text, (export, *go_on))

    def _mends(self, problem: Problem) -> Actions:
        """What mends ``problem`` with one click."""
        update: dict[str, object] = {}
        if problem.kind == "out_of_memory" and problem.values.get("batch_size"):
            size = int(problem.values["batch_size"])
            update = {"batch_size": size}
            words = say("Train with batches of {size}", size=size)
        elif problem.kind == "loss_not_a_number" and problem.values.get("learning_rate"):
            rate = float(problem.values["learning_rate"])
            update = {"learning_rate": rate}
            words = say("Train at the rate {rate}", rate=plain_number(rate))
        if not update or self._session.folder.read_only:
            return ()
        return ((words, partial(self._train_with, update)),)

    def _train_with(self, update: dict[str, object]) -> None:
        """Change the plan, which can be undone, and begin a new run."""
        plan = self._session.project.training.model_copy(update=update)
        self._session.change_chapter("training", plan)
        self._start_training()

    def go_on(self) -> None:
        """Let the run that broke off go on."""
        if self.going_on is not None:
            self._go_on(self.going_on)

    def _go_on(self, run: RunFolder) -> None:
        self._tell(self._training.continue_run(run))

    def _on_add_epochs(self) -> None:
        run = self._training.live.run
        if run is not None:
            self._tell(self._training.continue_run(run, self.added.value()))

    def _tell(self, problem: Problem | None) -> None:
        if problem is not None:
            self._asking.tell(self.window(), problem)


def go_on_words(ended: TrainingEnded) -> str:
    """What the button says that lets a run go on."""
    return say("Go on with epoch {epoch}", epoch=ended.epochs_done + 1)


class _AddEpochs(QFrame):
    """How many epochs more, and the button that adds them."""

    def __init__(self, count: CalmSpinBox, add: Callable[[], object]) -> None:
        super().__init__()
        self.setProperty("role", "card")
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 14, 8)
        row.setSpacing(10)
        words = label(say("Train longer"), wrap=True)
        row.addWidget(words, 1)
        count.setRange(1, _MOST_ADDED)
        count.setValue(ADDED_EPOCHS)
        count.setFixedWidth(68)
        count.setAlignment(Qt.AlignmentFlag.AlignRight)
        count.setAccessibleName(say("How many epochs are added"))
        words.setBuddy(count)
        row.addWidget(count)
        self.button = button(say("Add epochs"), add, "link")
        row.addWidget(self.button)
