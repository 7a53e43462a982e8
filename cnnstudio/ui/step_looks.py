"""How each step of the path stands, in a few words, for the rail."""

from cnnstudio.project.augmentation import PRESETS, preset_of
from cnnstudio.project.network_table import find_network
from cnnstudio.project.problems import errors_in
from cnnstudio.project.project import Project
from cnnstudio.project.settings import load_augmentation_presets
from cnnstudio.project.words import say, say_count
from cnnstudio.ui.network_state import NetworkState
from cnnstudio.ui.pictures_state import PicturesState
from cnnstudio.ui.training_state import TrainingState
from cnnstudio.ui.widgets.problem_notice import short_words
from cnnstudio.ui.widgets.rail import StepLook, StepState


def looks_of(
    project: Project, pictures: PicturesState, network: NetworkState, training: TrainingState
) -> dict[str, StepLook]:
    """The look of every step by its key."""
    has_pictures = pictures.listing is not None
    chosen: StepState = "done" if has_pictures else "open"
    preset = preset_of(project.augmentation)
    augment = say(PRESETS[preset][0]) if preset else _own_preset(project)
    later = StepLook("open", "" if training.latest_run else say("train first"))
    evaluation = training.evaluation()
    results = StepLook("done", f"{evaluation.accuracy:.1%}") if evaluation else later
    return {
        "images": _images_look(project, pictures),
        "augment": StepLook(chosen, augment),
        "network": _network_look(project, network, chosen),
        "train": train_look(training, has_pictures),
        "results": results,
        "try": later,
        "export": later,
    }


def _own_preset(project: Project) -> str:
    """What the person called these settings, if they did."""
    plan = project.augmentation
    own = load_augmentation_presets()
    return next((name for name in own if plan.taking(own[name]) == plan), say("Own settings"))


def train_look(training: TrainingState, has_pictures: bool) -> StepLook:
    """How far the training is."""
    live = training.live
    if training.is_busy:
        epoch = min(len(live.history) + 1, live.epochs_planned)
        words = say("epoch {epoch} of {epochs}", epoch=epoch, epochs=live.epochs_planned)
        if training.phase == "paused":
            words = say("paused in epoch {epoch}", epoch=epoch)
        return StepLook("open", words)
    if training.phase == "ended":
        if live.run is None or not live.history:
            return StepLook("missing", say("broke off"))
        count = len(live.history)
        return StepLook("done", say_count("{count} epoch", "{count} epochs", count))
    return StepLook("open", "" if has_pictures else say("needs pictures"))


def _images_look(project: Project, pictures: PicturesState) -> StepLook:
    if not project.pictures.folders and not project.edits.added:
        return StepLook("open", say("choose pictures"))
    if pictures.listing is not None:
        count = len(pictures.listing.pictures)
        return StepLook("done", say_count("{count:,} picture", "{count:,} pictures", count))
    errors = errors_in(pictures.problems)
    if errors:
        return StepLook("missing", short_words(errors[0]))
    return StepLook("open", say("Looking…"))


def _network_look(project: Project, network: NetworkState, chosen: StepState) -> StepLook:
    wrong = errors_in(network.problems)
    if wrong:
        return StepLook("missing", short_words(wrong[0]))
    row = find_network(project.network.base)
    return StepLook(chosen, row.title if row is not None else "")
