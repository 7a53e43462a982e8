"""Beside the table of runs: all of the one in hand, its note, and how it goes on."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit

from cnnstudio.project.amounts import duration
from cnnstudio.project.run_folder import RunFolder
from cnnstudio.project.run_summary import RunSummary
from cnnstudio.project.words import say, say_count
from cnnstudio.ui.widgets.basics import Card, Column, button, label
from cnnstudio.ui.widgets.field_form import CalmSpinBox
from cnnstudio.ui.widgets.runs_table import share_text, title_text

WIDTH = 320
SAVE_AFTER_MS = 400
"""After so long without a key the note is on disk."""

_FIRST_ADDED = 10
_ADDED_WIDTH = 88


class RunDetails(Card):
    """Tells of a run. Buttons only say what is wanted; the note says when it is to be kept."""

    note_changed = Signal(object, str)
    """The run, and its note as it stands."""
    go_on_wanted = Signal(int)
    """How many epochs more."""
    begin_wanted = Signal()
    """It is to wait no longer."""
    show_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(spacing=8)
        self.setFixedWidth(WIDTH)
        self._run: RunFolder | None = None
        self._kept = ""
        column = Column(spacing=8)
        self.body.addWidget(column, 1)
        body = column.body
        self.title = label("", "heading", wrap=True)
        self.facts = label("", "small", wrap=True)
        self.accuracy = label("", "figure")
        self.best = label("", "small", wrap=True)
        self.problem = label("", "small", wrap=True)
        for each in (self.title, self.facts, self.accuracy, self.best, self.problem):
            body.addWidget(each)
        self.note_label = label(say("Note"))
        body.addWidget(self.note_label)
        self.note = QPlainTextEdit()
        self.note.setPlaceholderText(say("What you tried, and what came out"))
        self.note.setAccessibleName(say("Note"))
        self.note.setTabChangesFocus(True)
        self.note.setFixedHeight(84)
        self.note_label.setBuddy(self.note)
        body.addWidget(self.note)
        self.changes_label = label(say("Changed since the run before"))
        self.changes = label("", "small", wrap=True)
        body.addWidget(self.changes_label)
        body.addWidget(self.changes)
        body.addStretch(1)
        self._make_buttons()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SAVE_AFTER_MS)
        self._timer.timeout.connect(self.keep_note)
        self.note.textChanged.connect(self._timer.start)

    def _make_buttons(self) -> None:
        self.reason = label("", "small", wrap=True)
        self.body.addWidget(self.reason)
        self.begin = button(say("Begin now"), self.begin_wanted.emit, "main")
        self.body.addWidget(self.begin)
        self.go_on = button(say("Go on"), lambda: self.go_on_wanted.emit(0), "main")
        self.body.addWidget(self.go_on)
        adding = QHBoxLayout()
        adding.setSpacing(8)
        self.added = CalmSpinBox()
        self.added.setRange(1, 1000)
        self.added.setValue(_FIRST_ADDED)
        self.added.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.added.setMaximumWidth(_ADDED_WIDTH)
        self.added.setAccessibleName(say("Epochs to add"))
        self.add = button(
            say("Add epochs and go on"), lambda: self.go_on_wanted.emit(self.added.value())
        )
        adding.addWidget(self.added)
        adding.addWidget(self.add, 1)
        self.body.addLayout(adding)
        self.show_button = button(say("Show on the curves"), self.show_wanted.emit)
        self.show_button.setToolTip(say("Show on the curves (Enter)"))
        self.body.addWidget(self.show_button)

    def show_run(
        self,
        summary: RunSummary | None,
        changes: tuple[str, ...],
        place: int | None,
        can_go_on: bool,
        is_busy: bool,
    ) -> None:
        """Show ``summary``, or nothing. ``place`` is that in the queue; while ``is_busy``, a
        training is in hand and no other can begin or be shown."""
        if summary is None or summary.run != self._run:
            self.keep_note()
        self.setVisible(summary is not None)
        if summary is None:
            self._run = None
            return
        if summary.run != self._run:
            self._run = summary.run
            self._kept = summary.notes.text
            self.note.setPlainText(self._kept)
            self._timer.stop()
        self.title.setText(title_text(summary))
        self._show_facts(summary, place)
        self.changes_label.setVisible(bool(changes))
        self.changes.setVisible(bool(changes))
        self.changes.setText("\n".join(changes))
        self._show_buttons(summary, place, can_go_on, is_busy)

    def keep_note(self) -> None:
        """Say what the note is, if it is another than was kept."""
        self._timer.stop()
        text = self.note.toPlainText()
        if self._run is not None and text != self._kept:
            self._kept = text
            self.note_changed.emit(self._run, text)

    def _show_facts(self, summary: RunSummary, place: int | None) -> None:
        facts = [summary.network]
        if place is not None:
            facts.append(say("Waits for its turn as number {place}.", place=place))
        else:
            facts.append(
                say(
                    "{state}, epochs: {epochs}",
                    state=summary.state_words,
                    epochs=summary.epochs_words,
                )
            )
        if summary.epochs_done:
            facts.append(say("It took {time}.", time=duration(summary.seconds)))
        self.facts.setText("\n".join(facts))
        has_best = summary.best_accuracy is not None
        self.accuracy.setVisible(has_best)
        self.best.setVisible(has_best)
        self.accuracy.setText(share_text(summary.best_accuracy))
        self.best.setText(
            say("Best validation accuracy, in epoch {epoch}", epoch=summary.best_epoch)
        )
        problem = summary.problem
        self.problem.setVisible(problem is not None)
        self.problem.setText(f"{problem.message} {problem.remedy}" if problem is not None else "")

    def _show_buttons(
        self, summary: RunSummary, place: int | None, can_go_on: bool, is_busy: bool
    ) -> None:
        is_trained, waits = summary.state == "running", place is not None
        self.reason.setVisible(is_busy and not waits)
        self.begin.setVisible(waits)
        self.begin.setEnabled(not is_busy)
        self.reason.setText(
            say("This run is being trained at the moment.")
            if is_trained
            else say("A training is in hand; others can go on or be shown when it is done.")
        )
        self.go_on.setVisible(can_go_on and not waits)
        self.go_on.setEnabled(not is_busy)
        left = summary.epochs_planned - summary.epochs_done
        self.go_on.setText(
            say_count("Go on for {count} epoch", "Go on for {count} epochs", left)
            if summary.epochs_done
            else say("Begin again")
        )
        can_add = bool(summary.epochs_done) and not waits and summary.project is not None
        for each in (self.added, self.add):
            each.setVisible(can_add)
            each.setEnabled(not is_busy)
        self.show_button.setVisible(not waits)
        self.show_button.setEnabled(not is_busy)
