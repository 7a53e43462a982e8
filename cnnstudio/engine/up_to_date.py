"""Models of a run that broke off are made from its checkpoint where that is newer."""

import os
from dataclasses import replace

import keras
import numpy as np

from cnnstudio.engine.checkpoint import Checkpoint, epochs_in, read_checkpoint
from cnnstudio.engine.model_file import epoch_in
from cnnstudio.engine.parts import Validation
from cnnstudio.engine.reached import Reached
from cnnstudio.engine.run_network import RunNetwork, network_of
from cnnstudio.engine.work_clock import WorkClock
from cnnstudio.project.network_facts import NetworkFacts, trained_layers
from cnnstudio.project.problems import Problem, ProblemError
from cnnstudio.project.project import Project
from cnnstudio.project.run_folder import RunFolder
from cnnstudio.project.run_process import is_trained_now
from cnnstudio.project.stages import Stage, network_in, stages_of


def bring_up_to_date(run: RunFolder) -> None:
    """Write the models of ``run`` anew where its checkpoint is newer than they are. A run that is
    being trained at the moment is left alone.

    Where that cannot be done, the models that are there can still be used.

    Raises:
        ProblemError: where there are none: ``checkpoint_damaged``, or why its network cannot be
            built; OSError: if they cannot be written.
    """
    try:
        there = (epoch_in(run.last_model), epoch_in(run.best_model))
        if epochs_in(run.checkpoint) in (None, there) or _is_trained_elsewhere(run):
            return
        _write_models(run)
    except (ProblemError, OSError) as error:
        if not run.last_model.is_file() and not run.best_model.is_file():
            raise
        print(f"The models stay as they are: {error}", flush=True)


def _write_models(run: RunFolder) -> None:
    checkpoint = read_checkpoint(run.checkpoint)
    project, classes = run.read_project(), run.read_status().classes
    network = network_of(run, project, classes, _tell_nobody, _never, goes_on=True)
    reached = reached_by(run, project, network, WorkClock(_never), checkpoint)
    reached.write_history()  # a kill may have come before the last epoch's line
    reached.write_models()


def reached_by(
    run: RunFolder,
    project: Project,
    network: RunNetwork,
    clock: WorkClock,
    checkpoint: Checkpoint | None,
) -> Reached:
    """What ``run`` has reached; ``network`` is then as after its last whole epoch.

    Raises:
        ProblemError: ``checkpoint_other_network``.
    """
    reached = Reached(run, network, clock, checkpoint)
    reached.validation = _listed_validation(run)
    if checkpoint is None:
        return reached
    projects = stage_projects(project, network.facts)
    if checkpoint.network != network.mark or checkpoint.stage >= len(projects):
        raise ProblemError(Problem("checkpoint_other_network", file=str(run.path)))
    for each in projects[: checkpoint.stage + 1]:
        reached.thaw(layers_trained(network, each))
    if reached.trained != checkpoint.weights.keys():
        raise ProblemError(Problem("checkpoint_other_network", file=str(run.path)))
    reached.go_back()
    stage = stages_of(project)[checkpoint.stage]
    if stage.epochs + stage.added > checkpoint.stage_length:
        # More epochs than there were: stopping early counts anew.
        reached.checkpoint = replace(checkpoint, waited=0, ended_early=False)
    return reached


def stage_projects(project: Project, facts: NetworkFacts) -> list[Project]:
    """The project as it is within each of its stages."""
    return [project_of(project, stage, facts) for stage in stages_of(project)]


def project_of(project: Project, stage: Stage, facts: NetworkFacts) -> Project:
    """The project as it is within ``stage``: its ticks, its epochs."""
    training = project.training.model_copy(update={"epochs": stage.epochs + stage.added})
    return project.replacing(network=network_in(stage, project.network, facts), training=training)


def layers_trained(network: RunNetwork, project: Project) -> list[keras.Layer]:
    """The layers that learn in the stage of ``project``; outputs beside the real one always do."""
    names = trained_layers(project.network, network.facts)
    own = {layer.name for layer in network.model.layers}
    layers = network.made.model.layers
    return [layer for layer in layers if layer.name in names or layer.name not in own]


def _listed_validation(run: RunFolder) -> Validation:
    """The validation pictures as they are listed, readable or not."""
    listing = run.read_pictures()
    indices = listing.label_indices()
    chosen = [k for k, picture in enumerate(listing.pictures) if picture.part == "validation"]
    files = tuple(listing.pictures[k].path for k in chosen)
    return Validation(files, np.array([indices[k] for k in chosen], dtype=np.int64))


def _is_trained_elsewhere(run: RunFolder) -> bool:
    return is_trained_now(run) and run.read_status().engine_process != os.getpid()


def _tell_nobody(event: object) -> None:
    pass


def _never() -> bool:
    return False
