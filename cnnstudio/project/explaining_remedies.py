"""What changes the plan with one click after a finding in the curves.

A remedy holds the values as they are afterwards, so taking it twice is taking it once, and whether
a plan has it already can be seen by the plan.
"""

from dataclasses import dataclass

from cnnstudio.project.checks import problems_of
from cnnstudio.project.problems import Value, errors_in
from cnnstudio.project.project import Project
from cnnstudio.project.words import N_, say

TITLES: dict[str, str] = {
    "stop": N_("Stop here"),
    "stronger_augmentation": N_("Stronger augmentation: {preset}"),
    "first_augmentation": N_("Switch augmentation on: {preset}"),
    "gentler_augmentation": N_("Weaker augmentation: {preset}"),
    "more_dropout": N_("More dropout: {dropout}"),
    "less_dropout": N_("Less dropout: {dropout}"),
    "early_stopping": N_("Early stopping after {count} epochs"),
    "more_patience": N_("Wait {count} epochs next time"),
    "l2": N_("L2 penalty {weight}"),
    "fewer_epochs": N_("Only {count} epochs"),
    "more_epochs": N_("More epochs: {count}"),
    "rate_up": N_("Learning rate × 3: {rate}"),
    "rate_down": N_("Learning rate ÷ 10: {rate}"),
    "usual_rate": N_("The usual learning rate: {rate}"),
    "stage_rate_down": N_("This stage's rate ÷ 10: {rate}"),
    "stage_rate_slow": N_("Slow this stage down: {rate}"),
    "plateau_schedule": N_("Lower the rate on a plateau"),
    "thaw": N_("Train the top blocks too"),
    "freeze_more": N_("Thaw fewer blocks"),
    "freeze_batch_norm": N_("Keep batch normalisation frozen"),
    "more_validation": N_("Keep {share} for validation"),
}
"""Marked titles; ``{preset}`` is marked itself."""


@dataclass(frozen=True)
class Change:
    """A field of a chapter, and its value afterwards."""

    chapter: str
    field: str
    value: object


@dataclass(frozen=True)
class Remedy:
    """One way to do better; ``stops`` ends the run that is going on instead of changing plans."""

    kind: str
    changes: tuple[Change, ...] = ()
    values: tuple[tuple[str, Value], ...] = ()
    stops: bool = False

    @property
    def title(self) -> str:
        """What a button says, in the chosen language."""
        shown = {
            name: say(str(value)) if name == "preset" else value for name, value in self.values
        }
        return say(TITLES[self.kind], **shown)

    def apply(self, project: Project) -> Project:
        """``project`` with the change; as it is where it has it, or would become wrong by it."""
        changed = project
        for each in self.changes:
            chapter = changed.chapter(each.chapter)
            chapter = chapter.model_copy(update={each.field: each.value})
            changed = changed.replacing(**{each.chapter: chapter})
        before = {problem.kind for problem in errors_in(problems_of(project))}
        after = {problem.kind for problem in errors_in(problems_of(changed))}
        return changed if after <= before else project

    def is_taken(self, project: Project) -> bool:
        """Whether ``project`` has the change already."""
        return bool(self.changes) and all(
            getattr(project.chapter(each.chapter), each.field) == each.value
            for each in self.changes
        )

    def can_be_taken(self, project: Project) -> bool:
        """Whether it would change ``project``, or stops the run."""
        return self.stops or self.apply(project) != project


STOP = Remedy("stop", stops=True)
