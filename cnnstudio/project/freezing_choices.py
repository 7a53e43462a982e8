"""What can be chosen at once about freezing: each choice is a new plan."""

from collections.abc import Iterable

from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.network_facts import (
    BATCH_NORM,
    LayerFacts,
    NetworkFacts,
    keeps_batch_norm,
    trained_layers,
)
from cnnstudio.project.network_table import network_row


def tick_exactly(plan: NetworkPlan, facts: NetworkFacts, names: Iterable[str]) -> NetworkPlan:
    """Train the layers called ``names`` and no other."""
    wanted = frozenset(names)
    ticks = tuple(layer.name for layer in facts.layers if layer.name in wanted)
    return plan.model_copy(
        update={"trained_layers": ticks, "train_last": 0, "train_last_blocks": 0}
    )


def freeze_all(plan: NetworkPlan, facts: NetworkFacts) -> NetworkPlan:
    """Only the head learns."""
    return train_last_layers(plan, facts, 0)


def train_all(plan: NetworkPlan, facts: NetworkFacts) -> NetworkPlan:
    """The whole base learns, and the head."""
    if network_row(plan).is_pretrained:
        return train_last_layers(plan, facts, len(facts.base_layers))
    return plan.model_copy(update={"trained_layers": None, "train_last": 0, "train_last_blocks": 0})


def train_last_layers(plan: NetworkPlan, facts: NetworkFacts, count: int) -> NetworkPlan:
    """The base's last ``count`` layers learn, and the head."""
    if network_row(plan).is_pretrained:
        return plan.model_copy(
            update={"trained_layers": None, "train_last": count, "train_last_blocks": 0}
        )
    base = facts.base_layers
    return _train_of_base(plan, facts, base[len(base) - count :])


def train_last_blocks(plan: NetworkPlan, facts: NetworkFacts, count: int) -> NetworkPlan:
    """The base's last ``count`` blocks learn, and the head."""
    if network_row(plan).is_pretrained:
        return plan.model_copy(
            update={"trained_layers": None, "train_last": 0, "train_last_blocks": count}
        )
    blocks = facts.base_blocks
    chosen = [layer for block in blocks[len(blocks) - count :] for layer in block]
    return _train_of_base(plan, facts, chosen)


def train_from_here_up(plan: NetworkPlan, facts: NetworkFacts, first: str) -> NetworkPlan:
    """The layer called ``first`` and all of the base behind it learn, what lies before it does
    not; the head stays as it is."""
    names = [layer.name for layer in facts.layers]
    behind = facts.layers[names.index(first) :]
    head = {layer.name for layer in facts.layers if layer.part == "head"}
    ticks = {layer.name for layer in _tickable(plan, behind) if layer.part == "base"}
    return tick_exactly(plan, facts, ticks | (head & trained_layers(plan, facts)))


def keep_batch_norm_frozen(plan: NetworkPlan, facts: NetworkFacts, kept: bool) -> NetworkPlan:
    """Whether batch normalisations of a pretrained base stay frozen.

    Where layers are ticked one by one, a normalisation that may learn again does so where the
    layer does whose output it takes.
    """
    changed = plan.model_copy(update={"freeze_batch_norm": kept})
    if kept or plan.trained_layers is None:
        return changed
    trained = trained_layers(plan, facts)
    follow = {
        layer.name
        for layer in facts.base_layers
        if layer.type == BATCH_NORM and trained.intersection(layer.inputs)
    }
    return tick_exactly(changed, facts, trained | follow)


def last_layers_trained(plan: NetworkPlan, facts: NetworkFacts) -> int:
    """How many of the base's last layers learn without a gap; batch normalisations that stay
    frozen are no gap."""
    if _counts_from_the_end(plan) and plan.train_last:
        return min(plan.train_last, len(facts.base_layers))
    trained = trained_layers(plan, facts)
    tickable = {layer.name for layer in _tickable(plan, facts.base_layers)}
    found = 0
    for count, layer in enumerate(reversed(facts.base_layers), start=1):
        if layer.name in trained:
            found = count
        elif layer.name in tickable:
            break
    return found


def last_blocks_trained(plan: NetworkPlan, facts: NetworkFacts) -> int:
    """How many of the base's last blocks learn whole, but for batch normalisations that stay
    frozen."""
    trained = trained_layers(plan, facts)
    count = 0
    for block in reversed(facts.base_blocks):
        names = {layer.name for layer in _tickable(plan, block)}
        if not names or not names <= trained:
            break
        count += 1
    return count


def has_batch_norm_to_keep(plan: NetworkPlan, facts: NetworkFacts) -> bool:
    """Whether it makes a difference if batch normalisations stay frozen."""
    kept = keeps_batch_norm(plan.model_copy(update={"freeze_batch_norm": True}))
    return kept and any(layer.type == BATCH_NORM for layer in facts.base_layers)


def _counts_from_the_end(plan: NetworkPlan) -> bool:
    return plan.trained_layers is None and network_row(plan).is_pretrained


def _train_of_base(
    plan: NetworkPlan, facts: NetworkFacts, base: Iterable[LayerFacts]
) -> NetworkPlan:
    head = [layer.name for layer in facts.layers if layer.part == "head"]
    return tick_exactly(plan, facts, [*(layer.name for layer in base), *head])


def _tickable(plan: NetworkPlan, layers: Iterable[LayerFacts]) -> list[LayerFacts]:
    """Those that a tick can reach."""
    kept = keeps_batch_norm(plan)
    return [
        layer
        for layer in layers
        if layer.part != "input"
        and not (kept and layer.part == "base" and layer.type == BATCH_NORM)
    ]
