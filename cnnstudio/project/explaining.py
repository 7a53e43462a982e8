"""Curves that explain themselves: from a run's history to what is seen, what it means, what helps.

A healthy run is met with silence. Whatever is found is found by going through the epochs in order
and looking only back, so that a further epoch changes a finding only where it gives cause to.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from cnnstudio.project import explaining_changes as changes
from cnnstudio.project.epochs import EpochFacts, best_of
from cnnstudio.project.explaining_curves import FIRST_JUDGED, Curves, before_it_broke
from cnnstudio.project.explaining_fit import forgetting, overfitting, validation_better
from cnnstudio.project.explaining_found import Found, percent
from cnnstudio.project.explaining_rate import not_learning, plateau, rate_too_high, rate_too_low
from cnnstudio.project.explaining_remedies import STOP, Remedy
from cnnstudio.project.explaining_words import (
    ADVICE,
    EXPLANATIONS,
    REASONS,
    Explanation,
    Kind,
)
from cnnstudio.project.guessing import guessing
from cnnstudio.project.intervals import wilson
from cnnstudio.project.layer_kinds import Dropout
from cnnstudio.project.network_table import find_network, layers_of
from cnnstudio.project.problems import Problem, Value
from cnnstudio.project.project import Project
from cnnstudio.project.stages import stages_of

__all__ = ["Explanation", "Remedy", "explain", "explanation_lines", "wilson"]

EndedBy = Literal["", "plan", "early_stopping", "time_limit", "window_gone"]

FEW_VALIDATION = changes.ENOUGH_VALIDATION
"""With fewer, nine right in ten may as well be eight: epochs can hardly be told apart."""

_EXPLAINS: dict[Kind, frozenset[Kind]] = {
    "not_a_number": frozenset(EXPLANATIONS) - {"not_a_number", "too_few_validation"},
    "forgetting": frozenset(EXPLANATIONS) - {"forgetting", "too_few_validation", "early_stopped"},
    "rate_too_high": frozenset(
        {"not_learning", "overfitting", "rate_too_low", "plateau", "validation_better"}
    ),
    "not_learning": frozenset({"overfitting", "rate_too_low", "plateau", "validation_better"}),
    "overfitting": frozenset({"rate_too_low", "plateau", "validation_better"}),
    "rate_too_low": frozenset({"plateau", "validation_better"}),
    "too_few_validation": frozenset({"validation_better"}),
}
"""What is not said beside a kind, because it follows from it."""


def explain(
    history: Sequence[EpochFacts],
    project: Project,
    training: int,
    validation: int,
    ended_by: EndedBy = "",
    problem: Problem | None = None,
    classes: Sequence[int] = (),
) -> tuple[Explanation, ...]:
    """What the ``history`` of a run shows, the most important first.

    ``project`` is the plan of the run, ``training`` and ``validation`` count pictures, ``classes``
    the training pictures of each class; without them nothing is said that needs to know what
    guessing gets. ``ended_by`` is what ended the run (empty while it goes on), ``problem`` why it
    failed, if it did.
    """
    run = _Run(tuple(history), project, training, validation, ended_by, problem)
    found = {"not_a_number": _not_a_number(run)}
    whole = before_it_broke(history)
    if whole and validation > 0:
        curves = Curves(whole, training, validation, guessing(project, classes))
        if len(whole) >= FIRST_JUDGED:
            found |= {
                "forgetting": forgetting(curves),
                "rate_too_high": rate_too_high(curves),
                "not_learning": not_learning(curves),
                "overfitting": overfitting(curves),
                "rate_too_low": rate_too_low(curves, stages_of(project)[0].epochs),
                "plateau": plateau(curves),
                "validation_better": validation_better(curves),
            }
        found["too_few_validation"] = _too_few(curves)
        found["early_stopped"] = _early_stopped(run)
    kinds = [kind for kind in EXPLANATIONS if found.get(kind) is not None]
    hidden = {each for kind in kinds for each in _EXPLAINS.get(kind, ())}
    explanations = []
    for kind in kinds:
        each = found[kind]
        if each is not None and kind not in hidden:
            explanations.append(_explanation(kind, each, run))
    return tuple(explanations)


def explanation_lines(explanations: Sequence[Explanation]) -> list[str]:
    """``explanations`` as lines for the terminal."""
    lines = []
    for each in explanations:
        lines += [each.title, f"  {each.seen} {each.means}"]
        lines += [f"  → {remedy.title}" for remedy in each.remedies if not remedy.stops]
    return lines


@dataclass(frozen=True)
class _Run:
    history: tuple[EpochFacts, ...]
    project: Project
    training: int
    validation: int
    ended_by: EndedBy
    problem: Problem | None

    def stage_at(self, place: int) -> int:
        """The stage (from 0) of a place in the history, one that the plan has."""
        stage = self.history[place].stage - 1 if place < len(self.history) else 0
        return min(max(0, stage), len(stages_of(self.project)) - 1)


def _not_a_number(run: _Run) -> Found | None:
    whole = len(before_it_broke(run.history))
    if whole < len(run.history):
        return Found(whole)
    problem = run.problem
    if problem is None or problem.kind != "loss_not_a_number":
        return None
    return Found(int(problem.values.get("epoch", whole + 1)) - 1)


def _too_few(curves: Curves) -> Found | None:
    best = best_of(curves.history)
    if best is None or curves.validation >= FEW_VALIDATION:
        return None
    low, high = wilson(best.validation_accuracy * curves.validation, curves.validation)
    values: dict[str, Value] = {
        "accuracy": percent(best.validation_accuracy),
        "count": curves.validation,
        "low": percent(low),
        "high": percent(high),
    }
    return Found(0, values)


def _early_stopped(run: _Run) -> Found | None:
    patience = run.project.training.early_stopping
    best = best_of(run.history)
    if run.ended_by != "early_stopping" or not patience or best is None:
        return None
    values: dict[str, Value] = {"epochs": patience, "accuracy": percent(best.validation_accuracy)}
    return Found(len(run.history) - 1, values)


def _explanation(kind: Kind, found: Found, run: _Run) -> Explanation:
    best = best_of(before_it_broke(run.history))
    values: dict[str, Value] = dict(found.values) | {"best": best.epoch if best is not None else 0}
    epoch = found.place + 1
    if found.place < len(run.history):
        epoch = run.history[found.place].epoch
    remedies = tuple(
        remedy
        for remedy in _remedies(kind, found, run)
        if remedy is not None and remedy.can_be_taken(run.project)
    )
    return Explanation(kind, epoch, values, remedies, _more(kind, run), found.sentence)


def _remedies(kind: Kind, found: Found, run: _Run) -> list[Remedy | None]:
    """Those that help against ``kind``, the best first; None stands for one that is used up."""
    project, stage = run.project, run.stage_at(found.place)
    match kind:
        case "not_a_number":
            usual = changes.usual_rate(project) if changes.is_fast(project) else None
            return [usual or changes.lower_rate(project, stage)]
        case "rate_too_high":
            return [STOP, changes.lower_rate(project, stage)]
        case "forgetting":
            return [
                STOP,
                changes.lower_rate(project, stage),
                changes.freeze_more(project, stage),
                changes.frozen_batch_norm(project),
            ]
        case "not_learning":
            down, up = changes.lower_rate(project), changes.higher_rate(project)
            up = changes.usual_rate(project) or up if changes.is_slow(project) else up
            rates = [down, up] if changes.is_fast(project) else [up, down]
            # A rate below the usual is not what keeps it from learning by being too high.
            rates = [up] if changes.is_slow(project) else rates
            return [*rates, changes.more_epochs(project, stage)]
        case "overfitting":
            return [
                STOP,
                changes.stronger_augmentation(project),
                changes.more_dropout(project) or changes.penalty(project),
                changes.early_stopping(project)
                or changes.fewer_epochs(project, stage, _best_in_stage(run, stage)),
            ]
        case "rate_too_low":
            rate = changes.usual_rate(project) if changes.is_slow(project) else None
            return [rate or changes.higher_rate(project), changes.more_epochs(project, stage)]
        case "plateau":
            is_last = stage == len(stages_of(project)) - 1
            shorter = None
            if not is_last:
                shorter = changes.fewer_epochs(project, stage, _length_until(run, found, stage))
            return [
                STOP,
                changes.thaw(project) or shorter,
                changes.plateau_schedule(project),
            ]
        case "too_few_validation":
            return [changes.more_validation(project, run.training, run.validation)]
        case "validation_better":
            return [changes.gentler_augmentation(project), changes.less_dropout(project)]
        case "early_stopped":
            return [changes.more_patience(project)]


def _best_in_stage(run: _Run, stage: int) -> int:
    """The number within its stage of the stage's best epoch."""
    there = [facts for facts in run.history if facts.stage == stage + 1]
    best = best_of(there)
    return there.index(best) + 1 if best is not None else 0


def _length_until(run: _Run, found: Found, stage: int) -> int:
    """Epochs of the stage up to the place."""
    return sum(facts.stage == stage + 1 for facts in run.history[: found.place + 1])


def _more(kind: Kind, run: _Run) -> tuple[str, ...]:
    match kind:
        case "overfitting":
            return (ADVICE["more_pictures"],)
        case "too_few_validation":
            return (ADVICE["more_pictures_tell"],)
        case "not_learning":
            return (ADVICE["check_labels"],)
        case "plateau":
            return (ADVICE["larger_network"],)
        case "validation_better":
            return _reasons(run.project)
        case _:
            return ()


def _reasons(project: Project) -> tuple[str, ...]:
    """What is on in the plan that makes training look worse than it is, the strongest first."""
    augmentation = project.augmentation
    holds = {
        "augmentation": not augmentation.alone().is_off,
        "mixing": augmentation.mixes,
        "dropout": _drops_out(project),
        "average": project.training.average_weights > 0,
    }
    found = [REASONS[name] for name, is_on in holds.items() if is_on]
    return (*found, REASONS["mean"]) if found else (REASONS["luck"], REASONS["mean"])


def _drops_out(project: Project) -> bool:
    network = project.network
    row = find_network(network.base)
    layers = layers_of(network) if row is not None and "layers" in row.built_from else ()
    in_head = not network.keep_output and (
        network.dropout > 0 or any(each.dropout for each in network.dense)
    )
    return in_head or any(isinstance(each, Dropout) and each.rate > 0 for each in layers)
