"""What each network of the table costs at its usual size, known without building it.

Counted once with the engine by ``packaging/network_costs.py`` and kept in
``resources/networks/costs.json``; a test compares it with what the engine counts today.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from cnnstudio.project.network_facts import LayerFacts, NetworkFacts
from cnnstudio.project.network_row import NetworkRow
from cnnstudio.project.places import resources_folder

BYTES_A_NUMBER = 4
NUMBERS_A_WEIGHT = 4
"""The weight itself, its gradient, and the two averages that Adam keeps of it."""

ENGINE_BYTES = 600 * 10**6
"""What TensorFlow takes before anything is computed (measured: 0.5 to 0.65 GB)."""


@dataclass(frozen=True)
class NetworkCost:
    """A base at its usual size: ``multiply_adds`` and ``numbers`` (that come out of all layers)
    for one picture; ``stages`` are (side, channels) of its maps from the first to the last."""

    layers: int
    parameters: int
    multiply_adds: int
    numbers: int
    stages: tuple[tuple[int, int], ...]

    def memory_bytes(self, batch_size: int, is_frozen: bool) -> int:
        """What a training takes, roughly: weights and, where they are trained, what goes with
        them; the outputs of all layers are kept for the way back, or one after the other."""
        weights = self.parameters * (1 if is_frozen else NUMBERS_A_WEIGHT)
        outputs = self.numbers * batch_size / (8 if is_frozen else 1)
        return ENGINE_BYTES + int(BYTES_A_NUMBER * (weights + outputs))


def cost_of(facts: NetworkFacts) -> NetworkCost:
    """The cost of a described network's base."""
    base = facts.base_layers
    return NetworkCost(
        layers=len(base),
        parameters=sum(layer.parameters for layer in base),
        multiply_adds=sum(layer.multiply_adds for layer in base),
        numbers=sum(_numbers(layer) for layer in base),
        stages=_stages(base),
    )


def network_cost(row: NetworkRow) -> NetworkCost | None:
    """The cost of ``row`` (its first variant, its usual width); none for what a person makes."""
    return _costs().get(row.key)


@cache
def _costs() -> Mapping[str, NetworkCost]:
    path = resources_folder() / "networks" / "costs.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    return {
        key: NetworkCost(**(values | {"stages": tuple(map(tuple, values["stages"]))}))
        for key, values in content.items()
    }


def _numbers(layer: LayerFacts) -> int:
    product = 1
    for side in layer.output_shape:
        product *= side
    return product


def _stages(base: tuple[LayerFacts, ...]) -> tuple[tuple[int, int], ...]:
    """For each size of the maps, the most channels that they have there."""
    found: dict[int, int] = {}
    for layer in base:
        shape = layer.output_shape
        if len(shape) == 3:
            found[shape[0]] = max(found.get(shape[0], 0), shape[2])
        elif len(shape) == 1:
            found[1] = max(found.get(1, 0), shape[0])
    return tuple(sorted(found.items(), reverse=True))
