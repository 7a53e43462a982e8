"""Curves that explain themselves: from a run's history to what is seen, what it means, what helps.

A healthy run is met with silence. Whatever is found is found by going through the epochs in order
and looking only back, so that a further epoch changes a finding only where it gives cause to.
"""

from collections.abc import Sequence
from typing import Literal

from cnnstudio.project.epochs import EpochFacts
from cnnstudio.project.explaining_remedies import Remedy
from cnnstudio.project.explaining_words import Explanation
from cnnstudio.project.intervals import wilson
from cnnstudio.project.problems import Problem
from cnnstudio.project.project import Project

__all__ = ["Explanation", "Remedy", "explain", "explanation_lines", "wilson"]

EndedBy = Literal["", "plan", "early_stopping", "time_limit"]


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
    the training pictures of each class where they are known. ``ended_by`` is what ended the run
    (empty while it goes on), ``problem`` why it failed, if it did.
    """
    return ()


def explanation_lines(explanations: Sequence[Explanation]) -> list[str]:
    """``explanations`` as lines for the terminal."""
    lines = []
    for each in explanations:
        lines += [each.title, f"  {each.seen} {each.means}"]
        lines += [f"  → {remedy.title}" for remedy in each.remedies if not remedy.stops]
    return lines
