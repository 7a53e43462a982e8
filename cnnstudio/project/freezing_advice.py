"""What should be said of a choice of trained layers before anything is computed, and the mend.

Nothing of this stands in the way of a training. A healthy plan is met with silence.
"""

from collections.abc import Iterable

from cnnstudio.project.head_cost import head_cost
from cnnstudio.project.network_facts import (
    BATCH_NORM,
    LayerFacts,
    NetworkFacts,
    begins_pretrained,
    trained_layers,
)
from cnnstudio.project.price import Price
from cnnstudio.project.problems import Problem, Value
from cnnstudio.project.project import Project
from cnnstudio.project.rate_advice import mended_rate, rate_advice
from cnnstudio.project.stage_checks import mended_stages

SMALL_BATCH = 32
"""With fewer pictures, a batch's own mean and variance say little of all pictures."""

_MOST_NAMES = 3


def advice(
    project: Project, facts: NetworkFacts, trained: frozenset[str], price: Price | None = None
) -> list[Problem]:
    """What should be said, the most important first; ``price`` where it is known."""
    found = [
        _memory(price, project),
        _hole(facts, trained),
        _batch_norm(project, facts, trained),
        rate_advice(project, facts, trained),
        _flatten(project, facts),
    ]
    return [problem for problem in found if problem is not None]


def mended(problem: Problem, project: Project, facts: NetworkFacts) -> Project | None:
    """``project`` with the remedy of ``problem`` applied; None where there is nothing to apply."""
    network, training = project.network, project.training
    trained = trained_layers(network, facts)
    match problem.kind:
        case "batch_norm_thawed":
            if begins_pretrained(network):
                return project.replacing(
                    network=network.model_copy(update={"freeze_batch_norm": True})
                )
            return None
        case "rate_too_high" | "stage_rate_too_high" | "rate_far_above":
            return mended_rate(problem, project, facts)
        case "hole_in_the_middle":
            filled = trained | {layer.name for layer in _above_trained(facts, trained)}
            names = tuple(layer.name for layer in facts.layers if layer.name in filled)
            return project.replacing(network=network.model_copy(update={"trained_layers": names}))
        case "flatten_outweighs":
            return project.replacing(network=network.model_copy(update={"pooling": "average"}))
        case "memory_short":
            smaller = {"batch_size": int(problem.values["batch_size"])}
            return project.replacing(training=training.model_copy(update=smaller))
        case _:
            return mended_stages(problem, project, facts)


def _memory(price: Price | None, project: Project) -> Problem | None:
    if price is None or price.memory_bytes <= price.memory_there:
        return None
    values: dict[str, Value] = {
        "needed": f"{price.memory_bytes / 1e9:.1f}",
        "there": f"{price.memory_there / 1e9:.1f}",
        "batch_size": price.batch_that_fits,
    }
    if not price.batch_that_fits:
        return Problem("memory_never_enough", "training.batch_size", values=values)
    return Problem("memory_short", "training.batch_size", values=values)


def _hole(facts: NetworkFacts, trained: frozenset[str]) -> Problem | None:
    above = _above_trained(facts, trained)
    if not above:
        return None
    names = ", ".join(layer.name for layer in above[:_MOST_NAMES])
    values: dict[str, Value] = {"count": len(above), "names": names}
    return Problem("hole_in_the_middle", "network.trained_layers", values=values)


def _above_trained(facts: NetworkFacts, trained: frozenset[str]) -> list[LayerFacts]:
    """Frozen layers with weights whose input hangs on trained layers of the base.

    Normalisations are left out: that they stay frozen is good practice.
    """
    learning: set[str] = set()
    found = []
    for layer in facts.layers:
        hangs = any(name in learning for name in layer.inputs)
        learns = layer.name in trained and layer.trainable_parameters > 0
        if learns or hangs:
            learning.add(layer.name)
        can_learn = layer.trainable_parameters > 0 and not layer.type.endswith("Normalization")
        if hangs and not learns and can_learn:
            found.append(layer)
    return found


def _batch_norm(project: Project, facts: NetworkFacts, trained: frozenset[str]) -> Problem | None:
    """A base from scratch has to learn its means and variances, whatever the batches are."""
    if project.training.batch_size >= SMALL_BATCH or not begins_pretrained(project.network):
        return None
    thawed = _count(
        layer for layer in facts.base_layers if layer.type == BATCH_NORM and layer.name in trained
    )
    if not thawed:
        return None
    values: dict[str, Value] = {"count": thawed, "batch_size": project.training.batch_size}
    return Problem("batch_norm_thawed", "network.freeze_batch_norm", values=values)


def _flatten(project: Project, facts: NetworkFacts) -> Problem | None:
    base = sum(layer.parameters for layer in facts.base_layers)
    cost = head_cost(project.network, facts)
    flattens = any(layer.type == "Flatten" and layer.part == "head" for layer in facts.layers)
    if cost is None or not flattens or not begins_pretrained(project.network):
        return None
    if cost.flat_parameters <= base:
        return None
    values: dict[str, Value] = {
        "flatten": f"{cost.flat_parameters:,}",
        "pooled": f"{cost.pooled_parameters:,}",
        "base": f"{base:,}",
    }
    return Problem("flatten_outweighs", "network.pooling", values=values)


def _count(layers: Iterable[LayerFacts]) -> int:
    return sum(1 for _ in layers)
