"""Which layers are trained: the same counting that the window does, applied to the model."""

import keras

from cnnstudio.project.checks import freezing_problems
from cnnstudio.project.network_facts import (
    NetworkFacts,
    ParameterTotals,
    count_parameters,
    trained_layers,
)
from cnnstudio.project.problems import ProblemError, errors_in
from cnnstudio.project.project import Project


def freeze(model: keras.Model, project: Project, facts: NetworkFacts) -> ParameterTotals:
    """Set every layer of ``model`` trained or frozen as the plan says, and count.

    A frozen batch normalisation uses and keeps its moving mean and variance: Keras runs it in
    inference mode as soon as it is not trainable.

    Raises:
        ProblemError: for ticks that do not fit the network, or where nothing would be trained.
    """
    for problem in errors_in(freezing_problems(project, facts)):
        raise ProblemError(problem)
    trained = trained_layers(project.network, facts)
    for layer in model.layers:
        layer.trainable = layer.name in trained
    return count_parameters(facts.layers, trained)
