"""What the Train page shows of a run besides its curves' values, read once for each run."""

from dataclasses import dataclass

from cnnstudio.project.epochs import EpochFacts
from cnnstudio.project.problems import ProblemError
from cnnstudio.project.project import Project
from cnnstudio.project.run_folder import RunFolder
from cnnstudio.project.run_summary import summary_of
from cnnstudio.ui.class_colors import class_colors
from cnnstudio.ui.training_state import TrainingState
from cnnstudio.ui.widgets.curve_data import CurveData
from cnnstudio.ui.widgets.runs_table import moment_text, name_apart

MOST_EARLIER = 8


@dataclass(frozen=True)
class RunCounts:
    """Pictures of a run; ``classes`` are those to train on in the order of the run's classes."""

    training: int = 0
    validation: int = 0
    classes: tuple[int, ...] = ()


class RunView:
    """Of the run that is on the curves, whichever that is."""

    def __init__(self, training: TrainingState) -> None:
        self._training = training
        self._run: RunFolder | None = None
        self._counts: RunCounts | None = None
        self._classes: tuple[str, ...] = ()
        self._name: str | None = None
        self._earlier: tuple[tuple[str, tuple[EpochFacts, ...]], ...] | None = None

    def forget_runs(self) -> None:
        """Told that runs came, went or have other names."""
        self._earlier = None
        self._name = None

    def name(self) -> str:
        """What the run is called, else when it began; nothing where there is none."""
        self._look()
        run = self._training.live.run
        if self._name is None and run is not None:
            self._name = run.read_notes().name or moment_text(_began(run))
        return self._name or ""

    def counts(self) -> RunCounts:
        """How many pictures the run has."""
        self._look()
        live = self._training.live
        if self._counts is None:
            self._counts = _counts_of(live.run, self._classes)
        if live.validation_pictures:  # as the engine counts: without those that it left out
            classes = self._counts.classes
            return RunCounts(live.training_pictures, live.validation_pictures, classes)
        return self._counts

    def curves(self, project: Project) -> CurveData:
        """What the curves are drawn from; ``project`` knows the classes' colours."""
        self._look()
        live = self._training.live
        if self._earlier is None:
            others = [run for run in self._training.runs if run != live.run]
            self._earlier = tuple(_named_histories(others))
        colors = class_colors(self._classes, project.edits.colors)
        return CurveData(
            history=live.history,
            batch_points=live.batch_points,
            epochs_planned=live.epochs_planned,
            best_epoch=live.best_epoch,
            borders=live.borders,
            classes=self._classes,
            details=live.details,
            earlier=self._earlier,
            name=live.run.path.name if live.run is not None else "",
            colors=[colors[name] for name in self._classes],
        )

    def _look(self) -> None:
        """Read anew where another run is on the curves."""
        run = self._training.live.run
        if run == self._run:
            return
        self._run, self._counts, self._earlier, self._classes = run, None, None, ()
        self._name = None
        if run is not None:
            try:
                self._classes = run.read_status().classes
            except ProblemError:
                return


def _began(run: RunFolder) -> float:
    try:
        return run.read_status().started
    except ProblemError:
        return 0.0


def _counts_of(run: RunFolder | None, classes: tuple[str, ...]) -> RunCounts:
    if run is None:
        return RunCounts()
    try:
        listing = run.read_pictures()
    except ProblemError:
        return RunCounts()
    counts = listing.counts()
    training, validation = counts["training"], counts["validation"]
    found = tuple(training[name] for name in classes)
    return RunCounts(training.total(), validation.total(), found)


def _named_histories(runs: list[RunFolder]) -> list[tuple[str, tuple[EpochFacts, ...]]]:
    """The newest of ``runs`` that have a history, by name."""
    found = []
    for run in runs:
        history = tuple(run.read_history())
        if history:
            try:
                found.append((name_apart(summary_of(run, lambda _: True)), history))
            except ProblemError:
                continue
        if len(found) >= MOST_EARLIER:
            break
    return found
