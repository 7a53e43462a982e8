"""What the engine tells once about a built network, and what the window counts from it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.network_table import network_row

LayerPart = Literal["input", "base", "head"]


@dataclass(frozen=True)
class LayerFacts:
    """One layer of the built network.

    ``output_shape`` is without the batch axis, e.g. ``(7, 7, 512)``. ``parameters`` counts all
    weights; ``trainable_parameters`` those that training can change when the layer is ticked (a
    batch normalisation's moving mean and variance are in the first only). ``block`` is the marked
    title of the block and ``block_value`` what fills its ``{0}``.
    """

    name: str
    type: str
    output_shape: tuple[int, ...]
    parameters: int
    trainable_parameters: int
    part: LayerPart
    block: str = ""
    block_value: str = ""


@dataclass(frozen=True)
class NetworkFacts:
    """All layers of a built network, from the input on."""

    layers: tuple[LayerFacts, ...]
    num_classes: int
    output: Literal["sigmoid", "softmax"]

    @property
    def base_layers(self) -> tuple[LayerFacts, ...]:
        """The base's own layers, in the network's order."""
        return tuple(layer for layer in self.layers if layer.part == "base")


@dataclass(frozen=True)
class ParameterTotals:
    """Parameters of a network under one choice of trained layers."""

    total: int
    trainable: int

    @property
    def frozen(self) -> int:
        """Parameters that training leaves as they are."""
        return self.total - self.trainable


def trained_layers(plan: NetworkPlan, layers: Iterable[LayerFacts]) -> frozenset[str]:
    """Names of the layers that are trained under ``plan``: by ticks, else by ``train_last``.

    A base from scratch knows nothing yet and is trained whole; the head is always trained unless
    ticks say otherwise; inputs and preprocessing never are.
    """
    listed = [layer for layer in layers if layer.part != "input"]
    if plan.trained_layers is not None:
        ticked = frozenset(plan.trained_layers)
        return frozenset(layer.name for layer in listed if layer.name in ticked)
    base = [layer.name for layer in listed if layer.part == "base"]
    if network_row(plan).is_pretrained:
        base = base[-plan.train_last :] if plan.train_last else []
    return frozenset(base) | {layer.name for layer in listed if layer.part == "head"}


def count_parameters(layers: Iterable[LayerFacts], trained: frozenset[str]) -> ParameterTotals:
    """Totals as Keras counts them for a model whose other layers have ``trainable = False``."""
    total = trainable = 0
    for layer in layers:
        total += layer.parameters
        if layer.name in trained:
            trainable += layer.trainable_parameters
    return ParameterTotals(total, trainable)
