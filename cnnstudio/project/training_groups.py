"""The settings of the training in groups, which of them count with the others, and in short."""

from collections.abc import Mapping
from dataclasses import dataclass

from cnnstudio.project.fields import field_facts
from cnnstudio.project.project import Project
from cnnstudio.project.training import TrainingPlan
from cnnstudio.project.words import N_, say


@dataclass(frozen=True)
class SettingsGroup:
    """Settings that belong together; ``title`` is marked, ``fields`` are the plan's."""

    title: str
    fields: tuple[str, ...]


GROUPS: Mapping[str, SettingsGroup] = {
    "optimizer": SettingsGroup(N_("Optimiser"), ("optimizer", "momentum", "nesterov")),
    "loss": SettingsGroup(N_("Loss"), ("loss", "label_smoothing")),
    "schedule": SettingsGroup(
        N_("Rate over time"),
        ("schedule", "step_epochs", "decay", "epoch_decay", "warm_up", "plateau_patience"),
    ),
    "overfitting": SettingsGroup(
        N_("Against overfitting"), ("weight_decay", "l1", "l2", "average_weights", "balance")
    ),
    "time": SettingsGroup(N_("Time limit"), ("time_limit",)),
    "measures": SettingsGroup(N_("Measures"), ("top_k", "macro_f1", "auc")),
    "seed": SettingsGroup(N_("Seed"), ("seed",)),
}
"""Everything that stands behind 'More'; early stopping is among the plain settings."""

_ONLY_WITH: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "momentum": ("optimizer", ("sgd",)),
    "nesterov": ("optimizer", ("sgd",)),
    "step_epochs": ("schedule", ("step",)),
    "decay": ("schedule", ("step", "plateau")),
    "epoch_decay": ("schedule", ("exponential",)),
    "warm_up": ("schedule", ("cosine",)),
    "plateau_patience": ("schedule", ("plateau",)),
}


def counts(name: str, plan: TrainingPlan) -> bool:
    """Whether the setting ``name`` makes a difference with the others as they are."""
    if name == "label_smoothing":
        return plan.loss != "mean_squared_error" or plan.label_smoothing > 0
    if name not in _ONLY_WITH:
        return True
    other, values = _ONLY_WITH[name]
    return getattr(plan, other) in values


def changed_settings(plan: TrainingPlan) -> tuple[str, ...]:
    """The settings behind 'More' that count and are not as they are at first."""
    usual = TrainingPlan()
    names = [name for group in GROUPS.values() for name in group.fields]
    return tuple(n for n in names if counts(n, plan) and getattr(plan, n) != getattr(usual, n))


def in_short(key: str, project: Project) -> str:
    """What is chosen in the group ``key``, in a few words."""
    plan = project.training
    match key:
        case "optimizer" | "loss" | "schedule":
            facts = field_facts(f"training.{key}")
            return say(facts.choice_titles[getattr(plan, key)])
        case "time":
            text = plan.time_limit.strip()
            if not text:
                return say("None")
            if ":" in text:
                return say("until {time}", time=text)
            return say("{minutes} min", minutes=text.split()[0])
        case "measures":
            return ", ".join((say("Accuracy"), *_titles_of("measures", plan)))
        case "seed":
            return str(plan.seed)
        case _:
            return ", ".join(_titles_of(key, plan)) or say("Nothing")


def _titles_of(key: str, plan: TrainingPlan) -> list[str]:
    """The titles of those settings of a group that are on."""
    on = changed_settings(plan)
    names = [name for name in GROUPS[key].fields if name in on]
    return [say(field_facts(f"training.{name}").title) for name in names]
