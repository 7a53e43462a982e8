"""What the layers of a network learn to see, in one phrase.

What is told is what Zeiler and Fergus saw in a network trained on ImageNet (2014, "Visualizing and
Understanding Convolutional Networks", arXiv:1311.2901, figure 2): edges and colours in its first
layer, corners in the second, textures and patterns in the third, parts that are typical of a class
in the fourth, whole objects in the fifth. Other networks have more layers; how far one stands
along that way is estimated here from two things that both run from 0 to 1: how many convolutions
come before it, and how often the picture was halved on the way.
"""

import math
from collections.abc import Iterable, Mapping

from cnnstudio.project.network_facts import LayerFacts, NetworkFacts
from cnnstudio.project.words import N_, say, say_count

PHRASES = (
    N_("edges and colours"),
    N_("corners and textures"),
    N_("patterns"),
    N_("parts: ears, eyes, wheels"),
    N_("whole objects"),
)
"""From the first layers to the last."""

_MAP_AXES = 3

# Sides that are not divisible by two are rounded: 299 pixels become 8, not 9.3.
_ABOUT = 0.4


def levels(facts: NetworkFacts) -> Mapping[str, int]:
    """The place in :data:`PHRASES` of each layer of the base, by name.

    A layer without a kernel has that of the convolution before it. Empty for a base without
    convolutions: what a dense layer or an LSTM learns is no picture.
    """
    base = facts.base_layers
    looking = [layer for layer in base if _looks(layer)]
    if not looking:
        return {}
    sides = {layer.name: layer.output_shape[0] for layer in facts.layers if _is_map(layer)}
    whole = next(iter(sides.values()))
    halvings = [math.log2(max(1.0, whole / _side_seen(layer, sides))) for layer in looking]
    most = max(*halvings, 1.0)
    found: dict[str, int] = {}
    level, number = 0, 0
    for layer in base:
        if _looks(layer):
            depth = (number + 0.5) / len(looking)
            share = (depth + halvings[number] / most) / 2
            # Whole objects are seen where the maps are smallest: there a window spans them. And
            # the second convolution of all sees no more than the second of theirs.
            reachable = len(PHRASES) - (1 if halvings[number] >= most - _ABOUT else 2)
            level = min(int(share * len(PHRASES)), reachable, number)
            number += 1
        found[layer.name] = level
    return found


def phrases_where_they_change(
    rows: Iterable[tuple[LayerFacts, ...]], known: Mapping[str, int], said: int = -1
) -> list[str]:
    """A marked phrase for each of ``rows`` (stages or blocks, each with its layers), empty where
    it would say again what a row before said; ``said`` is the place of what was said last. The
    first row always finds edges: its layers look at the pixels themselves."""
    found: list[str] = []
    for layers in rows:
        level = 0 if said < 0 else level_of(layers, known)
        is_new = level > said and level_of(layers, known) >= 0
        found.append(PHRASES[level] if is_new else "")
        said = level if is_new else said
    return found


def level_of(layers: tuple[LayerFacts, ...], known: Mapping[str, int]) -> int:
    """The place in :data:`PHRASES` that the last of ``layers`` reaches; -1 where none sees."""
    return max((known[layer.name] for layer in layers if layer.name in known), default=-1)


def head_phrase(class_names: tuple[str, ...], num_classes: int) -> str:
    """What the head tells apart, in the chosen language: 'cat or dog'."""
    match class_names:
        case (first, second):
            return say("{first} or {second}", first=first, second=second)
        case (first, second, third):
            return say("{first}, {second} or {third}", first=first, second=second, third=third)
        case _:
            count = len(class_names) or num_classes
            return say_count("which of {count} class", "which of {count} classes", count)


def _is_map(layer: LayerFacts) -> bool:
    return len(layer.output_shape) == _MAP_AXES


def _looks(layer: LayerFacts) -> bool:
    """Whether it is a convolution that looks at more than the mean of its maps."""
    shape = layer.output_shape
    return "Conv" in layer.type and _is_map(layer) and max(shape[0], shape[1]) > 1


def _side_seen(layer: LayerFacts, sides: Mapping[str, int]) -> int:
    """The side of the maps that ``layer`` looks at."""
    seen = [sides[name] for name in layer.inputs if name in sides]
    return max(1, *(seen or [layer.output_shape[0]]))
