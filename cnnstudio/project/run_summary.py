"""Runs as a list shows them: each in a line, and what its plan had that the one before had not."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cnnstudio.project.epochs import best_of
from cnnstudio.project.network_table import find_network
from cnnstudio.project.plan_differences import plan_differences
from cnnstudio.project.problems import Problem, ProblemError
from cnnstudio.project.project import Project
from cnnstudio.project.run_folder import EndedBy, RunFolder, RunNotes, RunState
from cnnstudio.project.stages import planned_epochs
from cnnstudio.project.words import N_, say

STATE_TITLES: dict[RunState, str] = {
    "waiting": N_("waiting"),
    "running": N_("training"),
    "finished": N_("finished"),
    "stopped": N_("stopped"),
    "failed": N_("failed"),
    "crashed": N_("broken off"),
}
ENDED_TITLES: dict[EndedBy, str] = {
    "plan": N_("finished"),
    "early_stopping": N_("finished early"),
    "time_limit": N_("out of time"),
    "window_gone": N_("program closed"),
}


@dataclass(frozen=True)
class RunSummary:
    """One run. ``began`` in seconds since 1970; ``best_epoch`` is 0 and ``best_accuracy`` None
    where no epoch was whole; ``seconds`` is what it took in all, also between and after epochs;
    ``differences`` are sentences on what its plan changed."""

    run: RunFolder
    began: float
    network: str
    state: RunState
    ended_by: EndedBy
    epochs_done: int
    epochs_planned: int
    best_epoch: int
    best_accuracy: float | None
    seconds: float
    notes: RunNotes
    problem: Problem | None = None
    project: Project | None = None
    differences: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The name that a person gave it, else when it began."""
        return self.notes.name or self.when

    @property
    def when(self) -> str:
        """When it began, by this computer's clock."""
        return time.strftime("%Y-%m-%d %H:%M", time.localtime(self.began))

    @property
    def state_words(self) -> str:
        """How it stands, in a word or two."""
        if self.state == "finished" or self.ended_by == "window_gone":
            return say(ENDED_TITLES[self.ended_by])
        return say(STATE_TITLES[self.state])

    @property
    def epochs_words(self) -> str:
        """Epochs done, of those planned where they are not all done."""
        if self.epochs_done == self.epochs_planned:
            return str(self.epochs_done)
        return say("{done} of {planned}", done=self.epochs_done, planned=self.epochs_planned)


def summary_of(run: RunFolder, is_trained: Callable[[RunFolder], bool]) -> RunSummary:
    """What is to be told of ``run``; ``is_trained`` says whether an engine is at work on it.

    Raises:
        ProblemError: ``run_damaged``.
    """
    status = run.read_status()
    history = run.read_history()
    best = best_of(history)
    try:
        project = run.read_project()
    except ProblemError:
        project = None
    planned = planned_epochs(project) if project is not None else 0
    is_broken_off = status.state == "running" and not is_trained(run)
    return RunSummary(
        run=run,
        began=status.started,
        network=network_title(project),
        state="crashed" if is_broken_off else status.state,
        ended_by=status.ended_by,
        epochs_done=len(history),
        epochs_planned=max(planned, len(history)),
        best_epoch=best.epoch if best is not None else 0,
        best_accuracy=best.validation_accuracy if best is not None else None,
        seconds=max(status.seconds, sum(facts.seconds for facts in history)),
        notes=run.read_notes(),
        problem=status.problem,
        project=project,
    )


def summaries_of(
    runs: Sequence[RunFolder], is_trained: Callable[[RunFolder], bool]
) -> list[RunSummary]:
    """All of ``runs`` (which begin with the newest), each compared with the one before it; those
    that cannot be read are passed over."""
    found: list[RunSummary] = []
    for run in runs:
        try:
            found.append(summary_of(run, is_trained))
        except ProblemError:
            continue
    before: list[RunSummary | None] = [*found[1:], None]
    return [
        replace(each, differences=_differences(older, each))
        for each, older in zip(found, before, strict=False)
    ]


def run_to_show(runs: Sequence[RunFolder]) -> RunFolder | None:
    """Of ``runs`` (which begin with the newest) the one that finished an epoch last; where none
    did, the newest with a model."""
    with_model = [run for run in runs if run.best_model.is_file() or run.last_model.is_file()]
    latest = sorted(with_model, key=_last_epoch_written, reverse=True)
    whole = (run for run in latest if run.read_history())
    return next(whole, with_model[0] if with_model else None)


def _last_epoch_written(run: RunFolder) -> float:
    """When, in seconds since 1970; 0 where no epoch was."""
    try:
        return run.history_file.stat().st_mtime
    except OSError:
        return 0.0


def _differences(before: RunSummary | None, after: RunSummary) -> tuple[str, ...]:
    if before is None or before.project is None or after.project is None:
        return ()
    return tuple(plan_differences(before.project, after.project))


def network_title(project: Project | None) -> str:
    """The network of a plan, with its file where it is a model of one's own."""
    if project is None:
        return ""
    row = find_network(project.network.base)
    if row is None:
        return project.network.base
    file = project.network.model_file
    return f"{row.title}: {Path(file).name}" if file else row.title
