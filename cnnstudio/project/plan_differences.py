"""What one plan has that another has not, in words."""

from typing import Any

from cnnstudio.project.amounts import plain_number
from cnnstudio.project.dense_layers import dense_layers_text
from cnnstudio.project.fields import FieldFacts, all_fields
from cnnstudio.project.network_table import find_network
from cnnstudio.project.project import Project
from cnnstudio.project.stages import FINE_TUNING_RATE, Stage, stage_title, stages_of
from cnnstudio.project.words import say, say_count

_MOST_LETTERS = 60
_OF_THE_MODEL_FILE = "export"  # what is done with a model afterwards does not change the run
_COUNTED = ("network.layers", "network.trained_layers")


def plan_differences(before: Project, after: Project) -> list[str]:
    """A line for each setting that differs: its title, what it was, what it became."""
    found = []
    has_own_stages = bool(before.training.stages or after.training.stages)
    for facts in all_fields():
        if facts.chapter == _OF_THE_MODEL_FILE:
            continue
        if has_own_stages and facts.path in ("training.epochs", "training.fine_tuning"):
            continue  # The stages say it.
        old = getattr(before.chapter(facts.chapter), facts.name)
        new = getattr(after.chapter(facts.chapter), facts.name)
        if facts.path == "training.stages" and has_own_stages:
            old, new = stages_of(before), stages_of(after)
        if old == new:
            continue
        shown = (_words(facts, old), _words(facts, new))
        if shown[0] == shown[1]:
            found.append(say("{setting}: others", setting=say(facts.title)))
            continue
        found.append(
            say(
                "{setting}: {before} → {after}",
                setting=say(facts.title),
                before=shown[0],
                after=shown[1],
            )
        )
    if before.edits != after.edits:
        found.append(say("Single pictures or classes were changed."))
    return found


def stages_words(stages: tuple[Stage, ...]) -> str:
    """``stages`` in a line: what each trains, for how long, and at which share of the rate where
    that is not the usual one of fine-tuning."""
    return ", ".join(map(_stage_words, stages))


def _stage_words(stage: Stage) -> str:
    words = say_count(
        "{what} for {count} epoch",
        "{what} for {count} epochs",
        stage.epochs + stage.added,
        what=stage_title(stage),
    )
    if stage.rate == 1 or (stage.trains == "blocks" and stage.rate == FINE_TUNING_RATE):
        return words
    return say("{stage} at {rate} times the rate", stage=words, rate=plain_number(stage.rate))


def _words(facts: FieldFacts, value: Any) -> str:
    if facts.path == "network.base":
        row = find_network(value)
        return row.title if row is not None else str(value)
    if facts.path == "training.stages":
        return stages_words(value)
    if facts.path == "network.dense":
        return dense_layers_text(value) or say("none")
    if facts.path in _COUNTED and value:
        return say_count("{count} layer", "{count} layers", len(value))
    if value is None or value in ((), ""):
        return say("none")
    if isinstance(value, bool):
        return say("on") if value else say("off")
    if value in facts.choice_titles:
        return say(facts.choice_titles[value])
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, tuple):
        value = ", ".join(map(str, value))
    text = str(value)
    return text if len(text) <= _MOST_LETTERS else f"…{text[-_MOST_LETTERS:]}"
