"""The small network that a first try begins with, as a list of layers."""

from cnnstudio.project.layer_kinds import (
    ActivationLayer,
    BatchNormalization,
    Conv2D,
    Dropout,
    MaxPooling2D,
)
from cnnstudio.project.layer_list import AnyLayer, LayerList
from cnnstudio.project.network_row import BlockRule, NetworkRow, Variant
from cnnstudio.project.words import N_

_CHANNELS = (16, 32, 64, 96, 128)

# Of the maps that say what is seen, some are left out at each step; those that say where edges
# are, before block 3, are not.
_FIRST_DROPOUT_BLOCK = 3
_DROPOUT = 0.1

# Moving averages must have settled after the few dozen steps that a short training has.
_NORM_MOMENTUM = 0.9


def _layers() -> LayerList:
    """Five blocks, each halving the side.

    The normalisation comes last in a block: there it costs a quarter of what it costs before the
    pooling, and the curves of a short training run smoother (both measured on the sample
    pictures).
    """
    found: list[AnyLayer] = []
    for number, channels in enumerate(_CHANNELS, start=1):
        block = f"block{number}"
        found += [
            Conv2D(
                name=f"{block}_conv",
                filters=channels,
                activation="linear",
                initialiser="he_normal",
            ),
            ActivationLayer(name=f"{block}_relu"),
            MaxPooling2D(name=f"{block}_pool", padding="same"),
            BatchNormalization(name=f"{block}_norm", momentum=_NORM_MOMENTUM),
        ]
        if number >= _FIRST_DROPOUT_BLOCK:
            found.append(Dropout(name=f"{block}_dropout", rate=_DROPOUT, whole_maps=True))
    return tuple(found)


SMALL_CNN = NetworkRow(
    key="small_cnn",
    title="Small CNN",
    family=N_("Classics"),
    sentence=N_(
        "Learns from nothing but your pictures. Quick, and enough for simple shapes, digits "
        "and drawings."
    ),
    built_from="layers",
    usual_size=96,
    smallest_size=16,
    blocks=(BlockRule(r"block(\d+)_", N_("Block {0}")),),
    variants=(Variant("usual", N_("Usual"), N_("Five blocks, each halving the side."), _layers()),),
)
