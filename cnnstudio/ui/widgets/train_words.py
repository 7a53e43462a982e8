"""What the Train page says in each of its states."""

import time

from cnnstudio.project.amounts import plain_number, rough_duration
from cnnstudio.project.frozen_part import once_words
from cnnstudio.project.network_table import find_network
from cnnstudio.project.plan_differences import plan_differences
from cnnstudio.project.project import Project
from cnnstudio.project.run_summary import network_title
from cnnstudio.project.stage_reasons import title_in
from cnnstudio.project.stages import planned_epochs, stage_title
from cnnstudio.project.time_limit import deadline_of_run, moment_words
from cnnstudio.project.words import N_, say, say_count
from cnnstudio.ui.live_run import LiveRun
from cnnstudio.ui.training_state import Phase

JOBS = {
    "pictures": N_("Reading pictures: {done:,} of {total:,}"),
    "variants": N_("Making variants of the pictures: {done:,} of {total:,}"),
    "weights": N_("Downloading weights: {done_mb:.1f} of {total_mb:.1f} MB"),
    "weight_files": N_("Checking the files: {done:,} of {total:,}"),
    "network": N_("Building the network…"),
    "answers": N_("Asking the best model: {done:,} of {total:,} pictures"),
    "features": N_("Frozen layers run once: {done:,} of {total:,} pictures"),
    "machine": N_("Measuring how fast this computer is…"),
    "rates": N_("Trying learning rates: {done:,} of {total:,}"),
}

_ENDED = {
    "finished": N_("Finished"),
    "stopped": N_("Stopped, and kept"),
    "failed": N_("The training could not go on"),
    "crashed": N_("The training broke off"),
}


def title_of(phase: Phase, live: LiveRun) -> str:
    """The page's title."""
    epoch = min(len(live.history) + 1, live.epochs_planned)
    match phase:
        case "preparing":
            return say("Getting ready")
        case "training":
            words = say("Training · epoch {epoch} of {epochs}")
            return words.format(epoch=epoch, epochs=live.epochs_planned)
        case "paused":
            words = say("Paused · epoch {epoch} of {epochs}")
            return words.format(epoch=epoch, epochs=live.epochs_planned)
        case "stopping":
            return say("Stopping")
        case "ended":
            return say(_ENDED[live.ended.outcome]) if live.ended is not None else say("Waiting")
        case _:
            return say("Train")


def sentence_of(phase: Phase, live: LiveRun, plan: Project, has_model: bool) -> str:
    """The sentence below the title. ``has_model``: the run that ended left one."""
    if live.progress is not None and phase in ("preparing", "training"):
        return progress_words(live)
    match phase:
        case "preparing":
            return say("The engine is starting…")
        case "training":
            return stage_words(live) or plan_words(live.project or plan)
        case "paused":
            return say("Nothing is lost. It goes on where it is.")
        case "stopping":
            return say("What was reached is being kept…")
        case "ended":
            return _ended_words(live, has_model)
        case _:
            return say("The network looks at your pictures, again and again.")


def progress_words(live: LiveRun) -> str:
    """What is being done before, between and after epochs."""
    assert live.progress is not None
    progress = live.progress
    return say(JOBS[progress.job]).format(
        done=progress.done,
        total=progress.total,
        done_mb=progress.done / 1e6,
        total_mb=progress.total / 1e6,
    )


def stage_words(live: LiveRun) -> str:
    """Which of several stages is being trained; nothing where there is one."""
    began = live.stage
    if began is None or began.stages < 2 or began.stage > len(live.stages):
        return ""
    stage = live.stages[began.stage - 1]
    return say(
        "Stage {stage} of {stages}: {title}",
        stage=began.stage,
        stages=began.stages,
        title=title_in(stage, live.project) if live.project else stage_title(stage),
    )


def note_of(phase: Phase, live: LiveRun) -> str:
    """What has run once, or why everything runs in every epoch."""
    began = live.stage
    if began is None or phase not in ("training", "paused"):
        return ""
    return once_words(began.computed_once, began.seconds_once, began.why_not_once)


def running_hint(live: LiveRun) -> str:
    """What is said at the bottom of the page while it trains."""
    parts = []
    if live.training_pictures:
        count = live.training_pictures
        parts.append(say_count("{count:,} picture", "{count:,} pictures", count))
    if live.pictures_per_second:
        speed = live.pictures_per_second
        parts.append(say("{count:,.0f} pictures a second", count=speed))
    if live.history:
        parts.append(say("everything up to epoch {epoch} is saved", epoch=len(live.history)))
    return " · ".join(parts)


def plan_words(project: Project) -> str:
    """The plan in one line."""
    row = find_network(project.network.base)
    epochs = say_count("{count} epoch", "{count} epochs", planned_epochs(project))
    return say(
        "{network} · {epochs} · batches of {batch_size} · learning rate {learning_rate}",
        network=row.title if row is not None else project.network.base,
        epochs=epochs,
        batch_size=project.training.batch_size,
        learning_rate=plain_number(project.training.learning_rate),
    )


def plan_hint(project: Project, shown: Project | None, seconds: float | None) -> str:
    """The next plan in one line, with what it takes here where that is known (``seconds``).

    ``shown`` is the plan of the run on the curves: where the next one is another, that is said.
    """
    words = plan_words(project)
    if shown is not None and plan_differences(shown, project):
        words = say("Next: {plan}", plan=words)
    now = time.time()
    deadline = deadline_of_run(project.training.time_limit, now, 0.0, now)
    if deadline is not None and (seconds is None or now + seconds > deadline):
        moment = moment_words(deadline, now)
        return say("{plan} · done by {moment}, the time limit", plan=words, moment=moment)
    if seconds is None:
        return words
    return say("{plan} · about {time}", plan=words, time=rough_duration(seconds))


def run_sentence(name: str, live: LiveRun, words: str) -> str:
    """Whose curves are shown, and how that run ended in ``words``."""
    if live.project is None:
        return say("{run} · {words}", run=name, words=words)
    network = network_title(live.project)
    return say("{network} · {run} · {words}", network=network, run=name, words=words)


def _ended_words(live: LiveRun, has_model: bool) -> str:
    if live.ended is None:
        return say("This run has not begun yet.")
    done = len(live.history)
    if done:
        return say_count(
            "{count} epoch done; the model of epoch {best} is the best.",
            "{count} epochs done; the model of epoch {best} is the best.",
            done,
            best=live.best_epoch,
        )
    if has_model:
        return say("Stopped within the first epoch; a first model was kept.")
    return say("No epoch was finished.")
