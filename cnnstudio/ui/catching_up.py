"""Runs whose engine was killed: another engine writes what the first one could not."""

from PySide6.QtCore import QObject, QTimer, Signal

from cnnstudio.project.run_folder import RunFolder
from cnnstudio.project.run_lag import is_to_be_brought_up_to_date
from cnnstudio.protocol import BringUpToDate
from cnnstudio.ui.one_question import OneQuestion
from cnnstudio.worker.engine_keeper import EngineKeeper


class CatchingUp(QObject):
    """Brings one run at a time up to date, in the background."""

    done = Signal(object)
    """The run: its models and answers are as new as they can be."""

    def __init__(self, keeper: EngineKeeper, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.run: RunFolder | None = None
        """The one in hand."""
        self._question = OneQuestion(keeper, self)
        self._question.answered.connect(self._on_answered)

    def see_to(self, run: RunFolder) -> bool:
        """Bring ``run`` up to date where it needs that; whether it does."""
        if self._question.is_busy or not is_to_be_brought_up_to_date(run):
            return False
        self.run = run
        # Once the window is there: an engine takes its time to start.
        QTimer.singleShot(0, self, self._begin)
        return True

    def cancel(self) -> None:
        """End it: the run in hand is trained on, which does the same."""
        self.run = None
        self._question.cancel()

    def close(self) -> None:
        """End it and wait for that."""
        self.run = None
        self._question.close()

    def _begin(self) -> None:
        if self.run is not None:
            self._question.ask(BringUpToDate(str(self.run.path)))

    def _on_answered(self) -> None:
        run, self.run = self.run, None
        if run is not None:
            self.done.emit(run)
