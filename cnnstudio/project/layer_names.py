"""Names of the layers of a list: unique, lasting, and such that Keras takes them."""

import re
from collections.abc import Collection
from typing import TYPE_CHECKING

from cnnstudio.project.layer_kinds import Layer
from cnnstudio.project.layer_list import AnyLayer, LayerList

if TYPE_CHECKING:
    from cnnstudio.project.network_row import NetworkRow

RESERVED_NAMES = frozenset({"picture", "output", "rescaling", "rescaling_1", "normalization"})
RESERVED_BEGINNINGS = ("preprocessing_", "head_")
_RESERVED_ENDING = "_prestem_normalization"
"""Names of the parts before and behind a base, as the engine and Keras give them."""

LONGEST = 80

# TensorFlow's graphs take no other characters.
_USABLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")

_BEGINNINGS = {
    "conv2d": "conv",
    "separable_conv2d": "separable",
    "depthwise_conv2d": "depthwise",
    "max_pooling2d": "max_pool",
    "average_pooling2d": "average_pool",
    "batch_normalization": "norm",
    "local_response_normalization": "response_norm",
    "global_average_pooling2d": "global_average",
    "global_max_pooling2d": "global_max",
    "residual_block": "residual",
    "inception_module": "inception",
    "auxiliary_classifier": "auxiliary",
}

_INSIDE = {
    "residual_block": (
        "conv1 norm1 relu1 conv2 norm2 relu2 conv3 norm3 conv_shortcut norm_shortcut add relu"
    ),
    "inception_module": ("reduce3x3 reduce5x5 pool conv1x1 conv3x3 conv5x5 pool_conv concat"),
    "auxiliary_classifier": "pool conv flatten dense dropout output",
    "local_response_normalization": "squares rows neighbours sums scaled offset factors",
    "lstm": "rows",
}
"""Endings of the names of what stands inside a block, as the engine gives them."""


def names_of(layer: Layer) -> frozenset[str]:
    """The layer's own name, and those of what the engine may put inside it."""
    inside = _INSIDE.get(str(getattr(layer, "kind", "")), "").split()
    return frozenset({layer.name, *(f"{layer.name}_{ending}" for ending in inside)})


def is_usable(name: str) -> bool:
    """Whether Keras and TensorFlow take ``name``."""
    return len(name) <= LONGEST and _USABLE.fullmatch(name) is not None


def is_reserved(name: str) -> bool:
    """Whether ``name`` belongs to a part of the network outside the list."""
    is_part = name.startswith(RESERVED_BEGINNINGS) or name.endswith(_RESERVED_ENDING)
    return is_part or name in RESERVED_NAMES


def new_name(layer: Layer, taken: Collection[str]) -> str:
    """A name for ``layer`` that is not ``taken``: ``conv_3`` where the highest is ``conv_2``.

    Numbers of removed layers are given again only at the end, so a name never changes its meaning
    in the middle of a list.
    """
    kind = str(getattr(layer, "kind", "layer"))
    beginning = f"{_BEGINNINGS.get(kind, kind)}_"
    numbers = [
        int(name.removeprefix(beginning))
        for name in taken
        if name.startswith(beginning) and name.removeprefix(beginning).isdecimal()
    ]
    return f"{beginning}{max(numbers, default=0) + 1}"


def with_own_name(layer: AnyLayer, taken: Collection[str]) -> AnyLayer:
    """``layer`` itself where its name is its own and usable, else one with a new name."""
    name = layer.name
    if is_usable(name) and not is_reserved(name) and name not in taken:
        return layer
    return layer.model_copy(update={"name": new_name(layer, taken)})


def with_own_names(layers: LayerList) -> LayerList:
    """``layers`` with every name unique and usable; names that are so already stay."""
    taken = {layer.name for layer in layers}
    seen: set[str] = set()
    found: list[AnyLayer] = []
    for layer in layers:
        made = layer
        if layer.name in seen or with_own_name(layer, ()) is not layer:
            made = with_own_name(layer, taken)
        taken.add(made.name)
        seen.add(made.name)
        found.append(made)
    return tuple(found)


def own_layers_from(row: "NetworkRow", variant: str = "") -> LayerList:
    """The layers of a network of the table, to be changed; none where it has no such list."""
    found = row.variant(variant)
    return with_own_names(found.layers) if found is not None else ()
