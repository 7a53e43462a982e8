"""All runs of a project: compared, named, starred, noted, gone on with, and deleted."""

from PySide6.QtCore import QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from cnnstudio.project.plan_differences import plan_differences
from cnnstudio.project.problems import Problem, ProblemError
from cnnstudio.project.run_folder import RunFolder
from cnnstudio.project.run_process import is_trained_now
from cnnstudio.project.run_summary import RunSummary, summary_of
from cnnstudio.project.words import say
from cnnstudio.ui.dialogs.asking import Asking
from cnnstudio.ui.training_state import TrainingState
from cnnstudio.ui.widgets.basics import Card, button, label
from cnnstudio.ui.widgets.run_details import RunDetails
from cnnstudio.ui.widgets.runs_table import RunsTable, title_text
from cnnstudio.worker.runs import change_notes, why_not

FEW = 8
"""So many runs need no search."""

_READ_AT_ONCE = 10
_ROUND = 48
"""Pixels of the screen that are left free, for the window's frame."""


class RunsDialog(QDialog):
    """Steers ``training``. A note is kept as it is typed; everything else counts at once."""

    def __init__(
        self, training: TrainingState, asking: Asking, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._training = training
        self._asking = asking
        self._unread: list[RunFolder] = []
        self._wanted: RunFolder | None = training.live.run
        self.setWindowTitle(say("Runs"))
        room = self.screen().availableSize()
        self.resize(min(1080, room.width() - _ROUND), min(680, room.height() - _ROUND))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.setSpacing(14)
        head = QHBoxLayout()
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(label(say("Runs"), "title"))
        self.sentence = label("", "quiet", wrap=True)
        words.addWidget(self.sentence)
        head.addLayout(words, 1)
        self.search = QLineEdit()
        self.search.setPlaceholderText(say("Find a run"))
        self.search.setAccessibleName(say("Find a run"))
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(200)
        head.addWidget(self.search)
        layout.addLayout(head)
        self.table = RunsTable()
        self.details = RunDetails()
        self._card = Card(margins=1, spacing=0)
        self._card.body.addWidget(self.table)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self._card, 1)
        row.addWidget(self.details)
        layout.addLayout(row, 1)
        layout.addLayout(self._make_buttons())
        self._reader = QTimer(self)
        self._reader.setInterval(0)
        self._reader.timeout.connect(self._read_some)
        self._connect()
        self._refresh()
        self.table.setFocus()

    def _make_buttons(self) -> QHBoxLayout:
        self.rename_button = button(say("Rename"), self.table.rename)
        self.rename_button.setToolTip(say("Rename (F2)"))
        self.star_button = button(say("Star"), self._on_star_wanted)
        self.folder_button = button(say("Open folder"), self._on_folder_wanted)
        self.remove_button = button(say("Delete"), self._on_removal_wanted)
        self.of_one = (
            self.rename_button,
            self.star_button,
            self.folder_button,
            self.remove_button,
        )
        row = QHBoxLayout()
        row.setSpacing(8)
        for each in self.of_one:
            each.setAutoDefault(False)
            row.addWidget(each)
        row.addStretch(1)
        close = button(say("Close"), self.accept)
        close.setAutoDefault(False)
        row.addWidget(close)
        return row

    def done(self, result: int) -> None:
        """Leave; the note is kept."""
        self._reader.stop()
        self.details.keep_note()
        super().done(result)

    def _connect(self) -> None:
        self.search.textChanged.connect(self.table.look_for)
        self.table.chosen.connect(lambda *_: self._show_details())
        self.table.runs.renamed.connect(self._on_renamed)
        self.table.star_wanted.connect(lambda *_: self._on_star_wanted())
        self.table.shown.connect(self._on_show_wanted)
        self.table.removal_wanted.connect(self._on_removal_wanted)
        details = self.details
        details.note_changed.connect(self._on_note_changed)
        details.go_on_wanted.connect(self._on_go_on_wanted)
        details.begin_wanted.connect(self._on_begin_wanted)
        details.show_wanted.connect(self._on_show_wanted)
        training = self._training
        training.runs_changed.connect(self._refresh)
        training.queue_changed.connect(self._refresh)
        training.phase_changed.connect(self._on_phase_changed)
        training.epoch_ended.connect(self._on_epoch_ended)

    # Reading

    def _refresh(self) -> None:
        """Read all runs again, some at a time, so that hundreds stop nothing."""
        current = self.table.current
        if current is not None:
            self._wanted = current.run
        queue = self._training.queue
        self.table.runs.places = {run: place for place, run in enumerate(queue, 1)}
        self._unread = list(self._training.runs)
        self.table.runs.show([])
        self.search.setVisible(len(self._unread) > FEW)
        self.sentence.setText(
            say("Every training of this project. Each keeps its plan, its curves and its models.")
            if self._unread
            else say("Nothing was trained yet. Every training of this project will stand here.")
        )
        self._card.setVisible(bool(self._unread))
        self._read_some()
        self._reader.start()

    def _read_some(self) -> None:
        some, self._unread = self._unread[:_READ_AT_ONCE], self._unread[_READ_AT_ONCE:]
        found = []
        for run in some:
            try:
                found.append(summary_of(run, is_trained_now))
            except ProblemError:
                continue  # It was damaged or removed since it was listed.
        if found:
            self.table.runs.add(found)
        if self._wanted is not None and any(each.run == self._wanted for each in found):
            self.table.choose(self._wanted)
        elif self.table.current is None:
            self.table.choose(None)
        if not self._unread:
            self._reader.stop()
            self._show_details()

    def _read_again(self, run: RunFolder) -> None:
        try:
            self.table.runs.replace(summary_of(run, is_trained_now))
        except ProblemError:
            self._training.refresh_runs()
            return
        self._show_details()

    def _show_details(self) -> None:
        summary = self.table.current
        for each in self.of_one:
            each.setVisible(summary is not None)
        if summary is None:
            self.details.show_run(None, (), None, False, False)
            return
        place = self.table.runs.places.get(summary.run)
        is_starred = summary.notes.is_starred
        self.star_button.setText(say("Take the star away") if is_starred else say("Star"))
        self.remove_button.setText(say("Delete") if place is None else say("Remove from the queue"))
        self.remove_button.setEnabled(summary.state != "running")
        self.details.show_run(
            summary,
            self._changes_of(summary),
            place,
            why_not(summary.run, with_pictures=False) is None,
            self._training.is_busy,
        )

    def _changes_of(self, summary: RunSummary) -> tuple[str, ...]:
        """What differs from the plan of the run before."""
        summaries = sorted(self.table.runs.summaries, key=lambda each: each.run.path.name)
        place = summaries.index(summary)
        before = summaries[place - 1] if place else None
        if before is None or before.project is None or summary.project is None:
            return ()
        return tuple(plan_differences(before.project, summary.project))

    # Doing

    def _on_renamed(self, run: RunFolder, name: str) -> None:
        self._change(run, name=name)

    def _on_star_wanted(self) -> None:
        summary = self.table.current
        if summary is not None:
            self._change(summary.run, is_starred=not summary.notes.is_starred)

    def _on_note_changed(self, run: RunFolder, text: str) -> None:
        self._change(run, text=text)

    def _change(
        self,
        run: RunFolder,
        name: str | None = None,
        text: str | None = None,
        is_starred: bool | None = None,
    ) -> None:
        try:
            change_notes(run, name, text, is_starred)
        except ProblemError as error:
            self._tell(error.problem)
        self._read_again(run)

    def _on_go_on_wanted(self, added: int) -> None:
        summary = self.table.current
        if summary is None:
            return
        problem = self._training.continue_run(summary.run, added)
        if problem is not None:
            self._tell(problem)
            self._read_again(summary.run)
        else:
            self.accept()

    def _on_begin_wanted(self) -> None:
        summary, queue = self.table.current, self._training.queue
        if summary is None or summary.run not in queue:
            return
        queue.remove(summary.run)
        queue.insert(0, summary.run)
        self._training.start_queue()
        self.accept()

    def _on_show_wanted(self) -> None:
        summary = self.table.current
        if summary is None or self._training.is_busy or self.details.show_button.isHidden():
            return
        self._training.show_run(summary.run)
        self.accept()

    def _on_folder_wanted(self) -> None:
        summary = self.table.current
        if summary is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(summary.run.path)))

    def _on_removal_wanted(self) -> None:
        summary = self.table.current
        if summary is None or not self.remove_button.isEnabled():
            return
        if summary.run in self._training.queue:
            problem = self._training.unqueue(summary.run)
        elif self._is_sure(summary):
            problem = self._training.remove_run(summary.run)
        else:
            return
        if problem is not None:
            self._tell(problem)

    def _is_sure(self, summary: RunSummary) -> bool:
        title = say("Delete the run {name}?", name=title_text(summary))
        text = say("Its models, its curves and its results are removed and cannot be brought back.")
        choices = (say("Delete"), say("Keep it"))
        return self._asking.choice(self, title, text, choices, 1) == 0

    def _on_phase_changed(self, _phase: str) -> None:
        run = self._training.live.run
        if run is not None and self.table.runs.row_of(run) is not None:
            self._read_again(run)
        else:
            self._show_details()

    def _on_epoch_ended(self) -> None:
        run = self._training.live.run
        if run is not None:
            self._read_again(run)

    def _tell(self, problem: Problem) -> None:
        self._asking.tell(self, problem)
