"""Joins that are no layers: a network may add two outputs with a plain ``+``.

What it says of itself then is that a convolution takes several outputs. Here the places where they
come together are put in, so that the ways past a block are seen. What is done there, whether they
are added or something else, is not known.
"""

from collections.abc import Sequence
from dataclasses import replace

from cnnstudio.project.drawing.layer_signs import kind_of
from cnnstudio.project.network_facts import LayerFacts


def with_unnamed_joins(
    layers: Sequence[LayerFacts],
) -> tuple[list[LayerFacts], dict[str, str]]:
    """``layers`` with joins, which have no type; and the layer that each join follows.

    Of several outputs the last one is joined to the sum of the others, which in a network with
    ways past its blocks is what went into the block before.
    """
    place = {layer.name: number for number, layer in enumerate(layers)}
    joins: dict[frozenset[str], LayerFacts] = {}
    following: dict[str, list[LayerFacts]] = {}
    changed: dict[str, LayerFacts] = {}

    def joined(names: frozenset[str]) -> str:
        ordered = sorted(names, key=place.__getitem__)
        before = ordered[0]
        for number, name in enumerate(ordered[1:], start=2):
            together = frozenset(ordered[:number])
            if together not in joins:
                last = layers[place[name]]
                joins[together] = replace(
                    last,
                    name=f"{name}\n{len(following.get(name, ())) + 1}",
                    type="",
                    parameters=0,
                    trainable_parameters=0,
                    inputs=(before, name),
                    detail="",
                )
                following.setdefault(name, []).append(joins[together])
            before = joins[together].name
        return before

    for layer in layers:
        names = frozenset(name for name in layer.inputs if name in place)
        if len(names) > 1 and kind_of(layer) != "merge":
            changed[layer.name] = replace(layer, inputs=(joined(names),))
    found: list[LayerFacts] = []
    for layer in layers:
        found += [changed.get(layer.name, layer), *following.get(layer.name, ())]
    return found, {join.name: name for name, each in following.items() for join in each}
