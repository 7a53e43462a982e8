"""What a layer looks like in a drawing: its kind, and the few letters that it bears."""

from cnnstudio.project.drawing.values import Kind, Sign
from cnnstudio.project.network_facts import LayerFacts
from cnnstudio.project.words import N_, say

_NORMS = ("Normalization",)
_POOLS = ("Pooling",)
_CONVOLUTIONS = ("Conv",)
_DENSE = frozenset({"Dense", "LSTM", "GRU", "SimpleRNN"})
_ACTIVATIONS = frozenset(
    {"Activation", "ReLU", "LeakyReLU", "PReLU", "ELU", "Softmax", "SELU", "GELU"}
)
_SIGNS: dict[str, Sign] = {
    "Add": "add",
    "Multiply": "multiply",
    "Concatenate": "stack",
}
_LETTERS = {
    "Conv2D": N_("Conv"),
    "DepthwiseConv2D": N_("Depthwise"),
    "SeparableConv2D": N_("Separable"),
    "MaxPooling2D": N_("Max pool"),
    "AveragePooling2D": N_("Mean pool"),
    "GlobalAveragePooling2D": N_("Global mean"),
    "GlobalMaxPooling2D": N_("Global max"),
    "Dense": N_("Dense"),
    "Flatten": N_("Flatten"),
    "ZeroPadding2D": N_("Pad"),
    "Cropping2D": N_("Crop"),
    "Dropout": N_("Drop"),
    "SpatialDropout2D": N_("Drop"),
    "InputLayer": N_("Picture"),
}
_SHORT = {
    "BatchNormalization": "BN",
    "LayerNormalization": "LN",
    "LocalResponseNormalization": "LRN",
    "LSTM": "LSTM",
    "ReLU": "ReLU",
    "Activation": "Act",
}
_TAKES_ONE = "Sequential"
_CHIP_LETTERS = 9


def kind_of(layer: LayerFacts) -> Kind:
    """Which of the few looks the layer has."""
    kind: Kind = "other"
    if layer.type == "InputLayer":
        kind = "input"
    elif layer.type in _SIGNS and len(layer.inputs) != 1:
        kind = "merge"
    elif any(part in layer.type for part in _NORMS):
        kind = "norm"
    elif any(part in layer.type for part in _POOLS):
        kind = "pool"
    elif any(part in layer.type for part in _CONVOLUTIONS):
        kind = "conv"
    elif layer.type in _DENSE:
        kind = "dense"
    elif layer.type in _ACTIVATIONS:
        kind = "activation"
    elif len(layer.inputs) > 1 and layer.type != _TAKES_ONE:
        kind = "merge"
    return kind


def sign_of(layer: LayerFacts) -> Sign:
    """The sign of a layer where ways come together."""
    return _SIGNS.get(layer.type, "other") if kind_of(layer) == "merge" else ""


def letters_of(layer: LayerFacts) -> str:
    """The word that the layer bears, with the size of its kernel where that is known."""
    if layer.type == "Activation" and layer.detail:
        return layer.detail.split(",")[0]
    if layer.type in _SHORT:
        return _SHORT[layer.type]
    word = say(_LETTERS[layer.type]) if layer.type in _LETTERS else layer.type
    parts = layer.detail.split(", ")
    size = ", ".join(part for part in parts if "×" in part or part.startswith("/"))
    return f"{word} {size}" if size else word


def chip_letters_of(layer: LayerFacts) -> str:
    """The same for the smallest boxes."""
    letters = letters_of(layer)
    return letters if len(letters) <= _CHIP_LETTERS else f"{letters[: _CHIP_LETTERS - 1]}…"
