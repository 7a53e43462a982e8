"""The network of a run, with the weights that it begins with."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import keras

from cnnstudio.engine.facts import describe
from cnnstudio.engine.model_file import ModelCard, load_model
from cnnstudio.engine.networks.auxiliary import TrainingModel, with_auxiliary
from cnnstudio.engine.networks.build import build
from cnnstudio.engine.networks.own_model import match_classes
from cnnstudio.engine.talk import Send, ShouldStop
from cnnstudio.engine.weights import obtain_weights
from cnnstudio.project.network import OWN_MODEL
from cnnstudio.project.network_facts import NetworkFacts
from cnnstudio.project.problems import ProblemError
from cnnstudio.project.project import Project
from cnnstudio.project.run_folder import RunFolder
from cnnstudio.protocol import Progress

_PUBLISHED = ("imagenet", "random")


@dataclass(frozen=True)
class RunNetwork:
    """``model`` is what is asked and kept, ``made`` what is trained: the same layers, with outputs
    beside where there are some. ``weights_file`` is None for a base that begins at random."""

    model: keras.Model
    made: TrainingModel
    facts: NetworkFacts
    card: ModelCard
    weights_file: Path | None

    @property
    def mark(self) -> str:
        """The same for networks that take each other's weights."""
        shapes = [[variable.name, list(variable.shape)] for variable in self.made.model.variables]
        text = json.dumps([self.model.name, self.card.classes, self.card.size, shapes])
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def network_of(
    run: RunFolder,
    project: Project,
    classes: tuple[str, ...],
    send: Send,
    should_stop: ShouldStop,
    download: bool = False,
    goes_on: bool = False,
) -> RunNetwork:
    """Build the plan's network; nothing is frozen.

    Where the run ``goes_on`` and the base's weights are gone, or came from a file of the person's
    own, which may be another one by now, those of its last model are taken: what was never trained
    is in there, too.

    Raises:
        ProblemError: why the network cannot be built, or its weights are not there.
        InterruptedError: when ``should_stop`` says so while weights are fetched.
    """
    plan = project.network
    weights_file = None
    has_last = goes_on and run.last_model.is_file()
    is_from_last = has_last and (plan.base == OWN_MODEL or plan.weights not in _PUBLISHED)
    try:
        if not is_from_last:
            weights_file = obtain_weights(
                plan,
                project.pictures.size,
                download_allowed=download,
                on_progress=lambda done, total: send(Progress("weights", done, total)),
                should_stop=should_stop,
            )
    except ProblemError as error:
        if not has_last:
            raise
        print(f"{error.problem.message} Its last model has them too.", flush=True)
        is_from_last = True
    keras.utils.clear_session()
    keras.utils.set_random_seed(project.training.seed)
    model = build(plan, project.pictures.size, len(classes), weights_file)
    if is_from_last:
        model.set_weights(load_model(run.last_model).model.get_weights())
    elif plan.base == OWN_MODEL and plan.keep_output:
        for problem in match_classes(model, plan, classes):
            print(problem.message, flush=True)
    facts = describe(model, plan, len(classes))
    card = ModelCard(
        classes=classes, size=project.pictures.size, fit=project.pictures.fit, output=facts.output
    )
    made = with_auxiliary(model, plan, len(classes))
    return RunNetwork(model, made, facts, card, weights_file)
