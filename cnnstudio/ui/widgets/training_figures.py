"""The figures beside the curves: validation accuracy and the time."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout

from cnnstudio.project.words import say, say_count
from cnnstudio.ui.live_run import LiveRun
from cnnstudio.ui.training_state import Phase
from cnnstudio.ui.widgets.basics import Card, button, label


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
        self._first = label("–", "figure")
        self._second_name = label("", "small")
        self._second = label("–", "figure")
        grid.addWidget(self._first_name, 0, 0)
        grid.addWidget(self._first, 1, 0)
        grid.addWidget(self._second_name, 0, 1)
        grid.addWidget(self._second, 1, 1)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 2)
        self.body.addLayout(grid)
        self._below = label("", "small", wrap=True)
        self.body.addWidget(self._below)
        self._log_button = button(say("Show the log"), self.log_wanted.emit, "link")
        self.body.addWidget(self._log_button)

    def show_run(self, live: LiveRun, phase: Phase) -> None:
        """Show how far a run has come, or how it ended."""
        self._log_button.setVisible(live.run is not None)
        best = next((f for f in live.history if f.epoch == live.best_epoch), None)
        if phase == "ended":
            self._first_name.setText(say("Best validation"))
            self._first.setText(f"{best.validation_accuracy:.1%}" if best else "–")
            self._second_name.setText(say("Took"))
            took = live.ended.seconds if live.ended else sum(f.seconds for f in live.history)
            self._second.setText(clock(took))
        else:
            self._first_name.setText(say("Validation"))
            last = live.history[-1].validation_accuracy if live.history else None
            self._first.setText(f"{last:.1%}" if last is not None else "–")
            self._second_name.setText(say("Left"))
            left = live.seconds_left
            self._second.setText(clock(left) if left is not None else "–")
        count = live.validation_pictures
        parts = []
        if best is not None:
            parts.append(
                say(
                    "best in epoch {epoch}: {accuracy:.1%}",
                    epoch=best.epoch,
                    accuracy=best.validation_accuracy,
                )
            )
        if count:
            parts.append(
                say_count("{count:,} validation picture", "{count:,} validation pictures", count)
            )
        self._below.setText(" · ".join(parts))
        self._below.setVisible(bool(parts))
