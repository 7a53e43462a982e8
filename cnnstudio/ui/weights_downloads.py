"""The downloads of weights: one after another, also while no dialog shows them."""

from collections.abc import Iterable
from typing import Literal

from PySide6.QtCore import QObject, Signal

from cnnstudio.project.network_table import find_network
from cnnstudio.project.problems import Problem
from cnnstudio.project.project import Project
from cnnstudio.project.settings import Settings
from cnnstudio.project.weights_places import OfferedWeights, downloads_folder, size_of_part
from cnnstudio.project.words import say
from cnnstudio.protocol import (
    CheckWeights,
    ClosingEvent,
    FetchWeights,
    Progress,
    WeightsChecked,
    WorkFailed,
)
from cnnstudio.ui.one_question import OneQuestion
from cnnstudio.worker.engine_keeper import EngineKeeper

Key = tuple[str, float]
Phase = Literal["", "waiting", "running"]


class WeightsDownloads(QObject):
    """Fetches what is wished for and looks into files; what was stopped can be gone on with."""

    changed = Signal()
    """Something waits, runs, went on or ended."""
    ended = Signal()
    """A download ended in whatever way: more of it is here than before."""
    failed = Signal(object)
    """The :class:`Problem` of a download, or of looking into files."""
    checked = Signal(object)
    """What was found in the files: a tuple of :class:`CheckedFile`."""

    def __init__(self, keeper: EngineKeeper, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._question = OneQuestion(keeper, self)
        self._question.progressed.connect(self._on_progressed)
        self._question.answered.connect(self._on_answered)
        self._waiting: list[OfferedWeights] = []
        self._running: OfferedWeights | None = None
        self._files_wanted: tuple[str, ...] = ()
        self.is_checking = False
        self.progress: Progress | None = None
        self.problems: dict[Key, Problem] = {}
        """Why the last download of each did not succeed."""

    @property
    def is_fetching(self) -> bool:
        """Whether a download runs or waits."""
        return self._running is not None or bool(self._waiting)

    def phase(self, key: Key) -> Phase:
        """How it stands with the download of ``key``."""
        if self._running is not None and self._running.key == key:
            return "running"
        return "waiting" if any(each.key == key for each in self._waiting) else ""

    def fetch(self, wanted: Iterable[OfferedWeights]) -> None:
        """Fetch all of ``wanted``, one after another, after what waits already."""
        for each in wanted:
            if not self.phase(each.key):
                self.problems.pop(each.key, None)
                self._waiting.append(each)
        self._go_on()

    def cancel(self, key: Key) -> None:
        """End one download; what has arrived is kept."""
        self._waiting = [each for each in self._waiting if each.key != key]
        if self._running is not None and self._running.key == key:
            self._question.cancel()
        self.changed.emit()

    def check(self, files: Iterable[str]) -> None:
        """Look into ``files`` as soon as no download runs; ``checked`` tells what was found."""
        self._files_wanted = tuple(files)
        self._go_on()

    def cancel_check(self) -> None:
        """Look into no further files."""
        self._files_wanted = ()
        if self.is_checking:
            self._question.cancel()
        self.changed.emit()

    def close(self) -> None:
        """End all; what has arrived is kept."""
        self._waiting.clear()
        self._files_wanted = ()
        self._running = None
        self.is_checking = False
        self._question.close()

    def _go_on(self) -> None:
        if not self._question.is_busy:
            self.progress = None
            if self._files_wanted:
                self.is_checking = True
                self._question.ask(CheckWeights(self._files_wanted))
                self._files_wanted = ()
            elif self._waiting:
                self._running = self._waiting.pop(0)
                row = self._running.row
                self._question.ask(FetchWeights(row.key, self._running.width, row.usual_size))
        self.changed.emit()

    def _on_progressed(self, progress: Progress) -> None:
        self.progress = progress
        self.changed.emit()

    def _on_answered(self, event: ClosingEvent) -> None:
        ended, self._running = self._running, None
        self.is_checking = False
        if isinstance(event, WorkFailed):
            if ended is not None:
                self.problems[ended.key] = event.problem
            self.failed.emit(event.problem)
        elif isinstance(event, WeightsChecked):
            self.checked.emit(event.files)
        if ended is not None:
            self.ended.emit()
        self._go_on()


def download_words(problem: Problem, project: Project, settings: Settings) -> str:
    """What the button says that fetches the weights whose lack is the ``problem``."""
    row = find_network(project.network.base)
    if row is None or row.weights is None:
        return say("Download")
    offered = OfferedWeights(row, row.weights, project.network.width)
    name = offered.names(project.pictures.size)[0]
    arrived = size_of_part(downloads_folder(settings) / name)
    if arrived:
        return say("Go on downloading ({megabytes:.1f} MB are here)", megabytes=arrived / 1e6)
    if problem.kind != "weights_missing":
        return say("Try again")
    if not offered.megabytes:
        return say("Download")
    return say("Download ({megabytes:.0f} MB)", megabytes=offered.megabytes)
