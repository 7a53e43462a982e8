"""Which remedy fits a plan: each gives the change it would make, or nothing where none is left."""

from cnnstudio.project.augmentation import PRESETS, preset_of
from cnnstudio.project.explaining_remedies import Change, Remedy
from cnnstudio.project.network_facts import begins_pretrained
from cnnstudio.project.network_table import find_network
from cnnstudio.project.project import Project
from cnnstudio.project.stages import (
    FASTEST_THAWED,
    FINE_TUNING_RATE,
    Stage,
    slow_share,
    stages_of,
)
from cnnstudio.project.training import Optimizer

USUAL_RATES: dict[Optimizer, float] = {
    "adam": 0.001,
    "adamw": 0.001,
    "nadam": 0.001,
    "rmsprop": 0.001,
    "sgd": 0.01,
    "lion": 0.0001,
    "adagrad": 0.01,
    "adadelta": 1.0,
}
"""Keras' own defaults for the first five; of Lion a tenth of Adam's (Chen et al. 2023,
arXiv:2302.06675, section 5), of Adagrad 0.01 (Duchi et al. 2011 leave it open; it was Keras' own
until Keras 2.3), of Adadelta 1.0 (Zeiler 2012, arXiv:1212.5701, has no rate)."""

FINE_TUNING_EPOCHS = 5
FIRST_PATIENCE = 5
MOST_EPOCHS = 1000
MOST_DROPOUT = 0.5
MOST_L2 = 0.01
LEAST_RATE, LARGEST_RATE = 1e-8, 1.0
ENOUGH_VALIDATION = 50
MOST_VALIDATION, MOST_KEPT_BACK = 0.4, 0.6
_STEPS = ("off", "light", "strong")
_DOWN = {"course": "strong", "strong": "light", "light": "off"}


def stronger_augmentation(project: Project) -> Remedy | None:
    """The next stronger preset; 'course' is not offered: it turns pictures upside down."""
    key = preset_of(project.augmentation)
    if key not in _STEPS[:-1]:
        return None
    kind = "first_augmentation" if key == "off" else "stronger_augmentation"
    return _preset(project, kind, _STEPS[_STEPS.index(key) + 1])


def gentler_augmentation(project: Project) -> Remedy | None:
    """The next weaker preset."""
    key = preset_of(project.augmentation)
    if key not in _DOWN:
        return None
    return _preset(project, "gentler_augmentation", _DOWN[key])


def _preset(project: Project, kind: str, key: str) -> Remedy:
    title, preset = PRESETS[key]
    taken = project.augmentation.taking(preset)
    changes = tuple(
        Change("augmentation", name, getattr(taken, name)) for name in type(taken).model_fields
    )
    return Remedy(kind, changes, (("preset", title),))


def more_dropout(project: Project) -> Remedy | None:
    """Two tenths more before the output, to one half at most."""
    now = project.network.dropout
    if now >= MOST_DROPOUT or project.network.keep_output:
        return None
    return _dropout("more_dropout", min(MOST_DROPOUT, round(now + 0.2, 2)))


def less_dropout(project: Project) -> Remedy | None:
    """Half of it."""
    now = project.network.dropout
    if now < 0.1 or project.network.keep_output:
        return None
    return _dropout("less_dropout", round(now / 2, 2))


def _dropout(kind: str, dropout: float) -> Remedy:
    changes = (Change("network", "dropout", dropout),)
    return Remedy(kind, changes, (("dropout", f"{dropout:g}"),))


def early_stopping(project: Project) -> Remedy | None:
    """Where it is off."""
    if project.training.early_stopping:
        return None
    return _patience("early_stopping", FIRST_PATIENCE)


def more_patience(project: Project) -> Remedy | None:
    """Twice as many epochs."""
    now = project.training.early_stopping
    if not now or 2 * now > MOST_EPOCHS:
        return None
    return _patience("more_patience", 2 * now)


def _patience(kind: str, count: int) -> Remedy:
    return Remedy(kind, (Change("training", "early_stopping", count),), (("count", count),))


def penalty(project: Project) -> Remedy | None:
    """L2: a little, or ten times as much."""
    weight = project.training.l2 * 10 or 0.0001
    if weight > MOST_L2 * 1.001:
        return None
    weight = _rounded(weight)
    return Remedy("l2", (Change("training", "l2", weight),), (("weight", plain_rate(weight)),))


def fewer_epochs(project: Project, stage: int, count: int) -> Remedy | None:
    """``count`` for the stage (from 0) where that is fewer."""
    if not 0 < count < stages_of(project)[stage].epochs:
        return None
    return _epochs("fewer_epochs", project, stage, count)


def more_epochs(project: Project, stage: int) -> Remedy | None:
    """Twice as many for the stage."""
    count = min(MOST_EPOCHS, 2 * stages_of(project)[stage].epochs)
    return _epochs("more_epochs", project, stage, count)


def _epochs(kind: str, project: Project, stage: int, count: int) -> Remedy:
    if project.training.stages:
        change = _stage_change(project, stage, epochs=count)
    else:
        change = Change("training", "fine_tuning" if stage else "epochs", count)
    return Remedy(kind, (change,), (("count", count),))


def _stage_change(project: Project, stage: int, **update: object) -> Change:
    stages = list(stages_of(project))
    stages[stage] = stages[stage].model_copy(update=update)
    return Change("training", "stages", tuple(stages))


def lower_rate(project: Project, stage: int = 0) -> Remedy | None:
    """A tenth: of the learning rate, or of a later stage's share of it; less where that would
    still be too fast for what a pretrained base knows."""
    learning_rate = project.training.learning_rate
    if not stage:
        return _rate("rate_down", learning_rate / 10)
    kind, share = "stage_rate_down", _rounded(stages_of(project)[stage].rate / 10)
    is_fast = share * learning_rate > FASTEST_THAWED
    if is_fast and begins_pretrained(project.network):
        kind, share = "stage_rate_slow", slow_share(learning_rate)
    rate = share * learning_rate
    if rate < LEAST_RATE:
        return None
    change = _stage_change(project, stage, rate=share)
    return Remedy(kind, (change,), (("rate", plain_rate(_rounded(rate))),))


def higher_rate(project: Project) -> Remedy | None:
    """Three times the learning rate."""
    return _rate("rate_up", project.training.learning_rate * 3)


def usual_rate(project: Project) -> Remedy | None:
    """The optimiser's usual rate, where the plan's is far below or above it."""
    usual, now = USUAL_RATES[project.training.optimizer], project.training.learning_rate
    if usual / 10 < now < usual * 10:
        return None
    return _rate("usual_rate", usual)


def is_fast(project: Project) -> bool:
    """Whether the rate is above what is usual for its optimiser."""
    return project.training.learning_rate > 1.5 * USUAL_RATES[project.training.optimizer]


def is_slow(project: Project) -> bool:
    """Whether the rate is below what is usual for its optimiser."""
    return project.training.learning_rate < USUAL_RATES[project.training.optimizer] / 1.5


def _rate(kind: str, rate: float) -> Remedy | None:
    rate = _rounded(rate)
    if not LEAST_RATE <= rate <= LARGEST_RATE:
        return None
    change = Change("training", "learning_rate", rate)
    return Remedy(kind, (change,), (("rate", plain_rate(rate)),))


def plateau_schedule(project: Project) -> Remedy | None:
    """Where the rate is constant."""
    if project.training.schedule != "constant":
        return None
    return Remedy("plateau_schedule", (Change("training", "schedule", "plateau"),))


def thaw(project: Project) -> Remedy | None:
    """A further stage with the top blocks, where a pretrained base stays frozen all along."""
    network = project.network
    row = find_network(network.base)
    if row is None or not begins_pretrained(network) or network.keep_output:
        return None
    stages = stages_of(project)
    ticked = network.trained_layers is not None or network.train_last or network.train_last_blocks
    if ticked or any(stage.trains not in ("ticked", "head") for stage in stages):
        return None
    if not project.training.stages:
        return Remedy("thaw", (Change("training", "fine_tuning", FINE_TUNING_EPOCHS),))
    further = Stage(trains="blocks", epochs=FINE_TUNING_EPOCHS, rate=FINE_TUNING_RATE)
    return Remedy("thaw", (Change("training", "stages", (*stages, further)),))


def freeze_more(project: Project, stage: int) -> Remedy | None:
    """Half of the blocks or layers, where the stage says how many; the top ones instead of all."""
    now = stages_of(project)[stage]
    if now.trains == "all":
        change = _stage_change(project, stage, trains="blocks", count=0)
    elif now.trains in ("blocks", "layers") and now.count > 1:
        change = _stage_change(project, stage, count=now.count // 2)
    else:
        return None
    return Remedy("freeze_more", (change,))


def frozen_batch_norm(project: Project) -> Remedy | None:
    """Where a pretrained base's batch normalisations learn."""
    network = project.network
    if network.freeze_batch_norm or find_network(network.base) is None:
        return None
    if not begins_pretrained(network):
        return None
    return Remedy("freeze_batch_norm", (Change("network", "freeze_batch_norm", True),))


def more_validation(project: Project, training: int, validation: int) -> Remedy | None:
    """A larger share, where the share decides at all: folders may have given the parts."""
    plan = project.pictures
    expected = plan.validation_share / (1 - plan.test_share)
    if not validation or abs(validation / (training + validation) - expected) > 0.05:
        return None
    wanted = plan.validation_share * ENOUGH_VALIDATION / validation
    most = min(MOST_VALIDATION, MOST_KEPT_BACK - plan.test_share)
    # In steps of a twentieth, as its slider has them.
    share = round(min(most, -(-wanted // 0.05) * 0.05), 2)
    if share < plan.validation_share + 0.05:
        return None
    change = Change("pictures", "validation_share", share)
    return Remedy("more_validation", (change,), (("share", f"{share:.0%}"),))


def plain_rate(rate: float) -> str:
    """``0.00001``, not ``1e-05``."""
    return f"{rate:.10f}".rstrip("0").rstrip(".")


def _rounded(number: float) -> float:
    """Without the last digits that dividing leaves."""
    return float(f"{number:.2g}")
