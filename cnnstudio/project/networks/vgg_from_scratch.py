"""VGG16 without ImageNet's weights: the same layers, beginning with random numbers."""

from cnnstudio.project.dense_layers import DenseLayer
from cnnstudio.project.layer_kinds import Conv2D, Initialiser, MaxPooling2D
from cnnstudio.project.layer_list import AnyLayer, LayerList
from cnnstudio.project.network_row import BlockRule, Head, NetworkRow, Published, Variant
from cnnstudio.project.words import N_

_BLOCKS = ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3))
"""Filters and number of convolutions (table 1, column D)."""


def _layers(initialiser: Initialiser) -> LayerList:
    found: list[AnyLayer] = []
    for block, (filters, count) in enumerate(_BLOCKS, start=1):
        for number in range(1, count + 1):
            name = f"block{block}_conv{number}"
            found.append(Conv2D(name=name, filters=filters, initialiser=initialiser))
        found.append(MaxPooling2D(name=f"block{block}_pool"))
    return tuple(found)


_HEAD = Head(
    "flatten", (DenseLayer(units=4096, dropout=0.5), DenseLayer(units=4096, dropout=0.5)), 0.0
)

VGG16_FROM_SCRATCH = NetworkRow(
    key="vgg16_from_scratch",
    title="VGG16 from scratch",
    family=N_("Classics"),
    sentence=N_(
        "VGG16 before it has seen a picture: 138 million parameters. Needs very many pictures and "
        "patience."
    ),
    built_from="layers",
    usual_size=224,
    smallest_size=32,
    blocks=(BlockRule(r"block(\d+)_", N_("Block {0}")),),
    variants=(
        Variant(
            "he",
            N_("He initialisation"),
            N_("Begins as is usual since 2015: all of its 16 layers learn from the first step."),
            _layers("he_normal"),
            _HEAD,
        ),
        Variant(
            "glorot",
            N_("Glorot initialisation"),
            N_("Begins as the last version of the paper proposes."),
            _layers("glorot_uniform"),
            _HEAD,
        ),
    ),
    published=Published(138_357_544, "Keras' VGG16 with top; the paper has 138 million (table 2)"),
    source="Simonyan, Zisserman 2014, arXiv:1409.1556",
    year=2014,
)
