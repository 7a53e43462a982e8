"""A stand-in for the state of the training: it has runs and notes what it is asked for."""

from types import SimpleNamespace

from PySide6.QtCore import QObject, Signal

from cnnstudio.project.problems import Problem, ProblemError
from cnnstudio.project.run_folder import RunFolder, list_runs
from cnnstudio.worker.runs import delete_run, waiting_runs


class FakeTraining(QObject):
    """Knows the runs of a folder; ``asked`` are the calls, ``problem`` is what they answer."""

    phase_changed = Signal(str)
    epoch_ended = Signal()
    runs_changed = Signal()
    queue_changed = Signal()

    def __init__(self, runs: list[RunFolder]) -> None:
        super().__init__()
        self.runs = runs
        self.queue = waiting_runs(runs)
        self.live = SimpleNamespace(run=None)
        self.is_busy = False
        self.asked: list[tuple[object, ...]] = []
        self.problem: Problem | None = None

    def continue_run(self, run: RunFolder, added: int = 0) -> Problem | None:
        self.asked.append(("continue", run, added))
        return self.problem

    def show_run(self, run: RunFolder) -> None:
        self.asked.append(("show", run))

    def start_queue(self) -> None:
        self.asked.append(("begin", self.queue.pop(0)))

    def unqueue(self, run: RunFolder) -> Problem | None:
        self.queue.remove(run)
        return self.remove_run(run)

    def remove_run(self, run: RunFolder) -> Problem | None:
        try:
            delete_run(run)
        except ProblemError as error:
            return error.problem
        self.refresh_runs()
        return None

    def refresh_runs(self) -> None:
        """Read the folder again."""
        if self.runs:
            self.runs = list_runs(self.runs[0].path.parent)
        self.runs_changed.emit()
