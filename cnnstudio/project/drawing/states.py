"""What of a network learns and what stays, as the drawing marks it."""

from collections.abc import Iterable, Mapping

from cnnstudio.project.drawing.values import State
from cnnstudio.project.network_facts import BATCH_NORM, LayerFacts


def state_of(
    names: Iterable[str], layers: Mapping[str, LayerFacts], trained: frozenset[str]
) -> State:
    """The state of a box with the layers ``names``.

    Layers without weights do not count. Batch normalisations usually stay frozen in a block that
    is trained; they count only where there is nothing else.
    """
    weighted = [layers[name] for name in names if layers[name].trainable_parameters]
    weighted = [layer for layer in weighted if layer.part != "input"]
    counted = [layer for layer in weighted if layer.type != BATCH_NORM] or weighted
    if not counted:
        return "plain"
    learning = sum(layer.name in trained for layer in counted)
    if learning == 0:
        return "frozen"
    return "trained" if learning == len(counted) else "partly"
