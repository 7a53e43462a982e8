"""What Flatten costs beside pooling, in numbers and parameters."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from cnnstudio.project.dense_layers import DenseLayer
from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.network_facts import NetworkFacts


@dataclass(frozen=True)
class HeadCost:
    """Numbers that a head is given, and its parameters in all, by how maps become numbers."""

    flat_numbers: int
    pooled_numbers: int
    flat_parameters: int
    pooled_parameters: int


def head_cost(plan: NetworkPlan, facts: NetworkFacts) -> HeadCost | None:
    """For the head of ``plan`` after the base of ``facts``; none where there are no maps."""
    base = facts.base_layers
    shape = base[-1].output_shape if base else ()
    if len(shape) != 3 or plan.keep_output:
        return None
    outputs = 1 if facts.output == "sigmoid" else facts.num_classes
    flat, pooled = math.prod(shape), shape[-1]
    return HeadCost(
        flat_numbers=flat,
        pooled_numbers=pooled,
        flat_parameters=head_parameters(flat, plan.dense, outputs),
        pooled_parameters=head_parameters(pooled, plan.dense, outputs),
    )


def head_parameters(numbers: int, dense: Sequence[DenseLayer], outputs: int) -> int:
    """All weights of dense layers and output: (inputs + 1) × units each, and four for each unit
    that is normalised (scale, offset, moving mean, moving variance)."""
    total = 0
    for layer in dense:
        total += (numbers + 1) * layer.units + (4 * layer.units if layer.batch_norm else 0)
        numbers = layer.units
    return total + (numbers + 1) * outputs
