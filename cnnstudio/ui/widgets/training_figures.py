"""The figures beside the curves: validation accuracy with its interval, the time, and the rest."""

import math
import time

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QSizePolicy

from cnnstudio.project.amounts import rough_duration
from cnnstudio.project.epochs import EpochFacts
from cnnstudio.project.intervals import wilson
from cnnstudio.project.time_limit import moment_words
from cnnstudio.project.words import say, say_count
from cnnstudio.ui.live_run import LiveRun
from cnnstudio.ui.training_state import Phase
from cnnstudio.ui.widgets.basics import Card, button, label, set_property

NOT_KNOWN = "–"
"""What stands in the place of a figure that comes later."""


def clock(seconds: float) -> str:
    """A duration as people read it: ``0:26``, ``1:02:03``."""
    whole = max(0, round(seconds))
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


class TrainingFigures(Card):
    """Validation and time left while training, the best and the time taken afterwards."""

    log_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        self._first_name = label("", "small")
        self.first = label(NOT_KNOWN, "figure")
        self._second_name = label("", "small")
        self.second = label(NOT_KNOWN, "figure")
        grid.addWidget(self._first_name, 0, 0)
        grid.addWidget(self.first, 1, 0)
        grid.addWidget(self._second_name, 0, 1)
        grid.addWidget(self.second, 1, 1)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 2)
        self.body.addLayout(grid)
        self.interval = label("", "small", wrap=True)
        self.interval.setToolTip(
            say(
                "With other pictures of the same kind the accuracy would lie in between, 95 times "
                "in 100 (Wilson's interval)."
            )
        )
        self.body.addWidget(self.interval)
        self._line = QFrame()
        set_property(self._line, "role", "line")
        self.body.addWidget(self._line)
        self._rows = QGridLayout()
        self._rows.setVerticalSpacing(4)
        self._rows.setColumnStretch(0, 1)
        self.body.addLayout(self._rows)
        self._labels: list[tuple[QLabel, QLabel]] = []
        self._log_button = button(say("Show the log"), self.log_wanted.emit, "link")
        self._log_button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.body.addWidget(self._log_button)

    def show_run(self, live: LiveRun, phase: Phase, validation_pictures: int) -> None:
        """Show how far a run has come, or how it ended."""
        self._log_button.setVisible(live.run is not None)
        best = next((f for f in live.history if f.epoch == live.best_epoch), None)
        last = live.history[-1] if live.history else None
        shown = best if phase == "ended" else last
        if phase == "ended":
            self._first_name.setText(say("Best validation"))
            self._second_name.setText(say("Took"))
            took = live.ended.seconds if live.ended else sum(f.seconds for f in live.history)
            self.second.setText(clock(took))
        else:
            self._first_name.setText(say("Validation"))
            self._second_name.setText(say("Left"))
            left = _seconds_left(live)
            self.second.setText(clock(left) if left is not None else NOT_KNOWN)
        self.first.setText(f"{shown.validation_accuracy:.1%}" if shown is not None else NOT_KNOWN)
        self._show_interval(shown, validation_pictures)
        self.interval.setVisible(phase != "ended" or bool(self.interval.text()))
        self._show_rows(_rows_of(live, phase, shown, best))

    def _show_interval(self, shown: EpochFacts | None, count: int) -> None:
        if shown is None or not count:
            self.interval.setText("")
            return
        low, high = wilson(shown.validation_accuracy * count, count)
        words = say_count(
            "{low} to {high}%, {count:,} picture",
            "{low} to {high}%, {count:,} pictures",
            count,
            low=f"{100 * low:.0f}",
            high=f"{100 * high:.0f}",
        )
        self.interval.setText(words)

    def _show_rows(self, rows: list[tuple[str, str]]) -> None:
        while len(self._labels) < len(rows):
            name, value = label("", "small"), label("", "small")
            value.setAlignment(Qt.AlignmentFlag.AlignRight)
            place = len(self._labels)
            self._rows.addWidget(name, place, 0)
            self._rows.addWidget(value, place, 1)
            self._labels.append((name, value))
        for number, (name, value) in enumerate(self._labels):
            is_used = number < len(rows)
            name.setVisible(is_used)
            value.setVisible(is_used)
            if is_used:
                name.setText(rows[number][0])
                value.setText(rows[number][1])
        self._line.setVisible(bool(rows))


def _seconds_left(live: LiveRun) -> float | None:
    """Predicted, but no more than there is until the time is up."""
    until = live.deadline - time.time() if live.deadline is not None else math.inf
    return min(live.seconds_left, until) if live.seconds_left is not None else None


def _rows_of(
    live: LiveRun, phase: Phase, shown: EpochFacts | None, best: EpochFacts | None
) -> list[tuple[str, str]]:
    """The smaller figures, each with its name. While it is trained, none of them comes or goes."""
    rows = []
    is_running = phase != "ended"
    if shown is not None:
        name = say("Training")
        if not is_running:
            name = say("Training, epoch {epoch}", epoch=shown.epoch)
        rows.append((name, f"{shown.accuracy:.1%}"))
        if shown.top_k is not None:
            rows.append((say("Top-k accuracy"), f"{shown.top_k:.1%}"))
        if shown.macro_f1 is not None:
            rows.append((say("Macro F1"), f"{shown.macro_f1:.3f}"))
        if shown.auc is not None:
            rows.append((say("AUC"), f"{shown.auc:.3f}"))
    elif is_running:
        rows.append((say("Training"), NOT_KNOWN))
    if is_running:
        words = NOT_KNOWN
        if best is not None:
            words = say(
                "{accuracy}, epoch {epoch}",
                accuracy=f"{best.validation_accuracy:.1%}",
                epoch=best.epoch,
            )
        rows.append((say("Best validation"), words))
    if is_running and live.deadline is not None:
        moment = moment_words(live.deadline, time.time())
        rows.append((say("Time limit"), say("done by {moment}", moment=moment)))
    if shown is not None:
        seconds = sum(facts.seconds for facts in live.history) / len(live.history)
        rows.append((say("An epoch takes"), rough_duration(seconds)))
    elif is_running:
        rows.append((say("An epoch takes"), NOT_KNOWN))
    if live.stage is not None and live.stage.seconds_once:
        rows.append((say("Frozen layers, once"), rough_duration(live.stage.seconds_once)))
    return rows
