"""The thread that looks which weight files are here: a shared folder may take its time."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, QThread, Signal

from cnnstudio.project.settings import Settings
from cnnstudio.project.weights_places import (
    FolderFacts,
    WeightsState,
    facts_of_folders,
    states_of_weights,
)
from cnnstudio.worker.unexpected import problem_of


@dataclass(frozen=True)
class WeightsOverview:
    """All offered weights and all folders, as they stand."""

    states: tuple[WeightsState, ...]
    folders: tuple[FolderFacts, ...]


class WeightsListJob(QThread):
    """Lists once; ``ended`` carries the :class:`WeightsOverview`, or the problem."""

    ended = Signal(object)

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings

    def run(self) -> None:
        """List (Qt calls this in the new thread)."""
        try:
            states = states_of_weights(self._settings)
            self.ended.emit(WeightsOverview(states, facts_of_folders(self._settings)))
        except Exception as error:  # The answer comes whatever happens.
            self.ended.emit(problem_of(error))
