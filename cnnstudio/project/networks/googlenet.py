"""GoogLeNet, made of inception modules, which won ImageNet in 2014."""

from cnnstudio.project.layer_blocks import AuxiliaryClassifier, InceptionModule
from cnnstudio.project.layer_kinds import Conv2D, LocalResponseNormalization, MaxPooling2D
from cnnstudio.project.layer_list import AnyLayer, LayerList
from cnnstudio.project.network_row import BlockRule, Head, NetworkRow, Published, Variant
from cnnstudio.project.words import N_

_MODULES = {
    "3a": (64, 96, 128, 16, 32, 32),
    "3b": (128, 128, 192, 32, 96, 64),
    "4a": (192, 96, 208, 16, 48, 64),
    "4b": (160, 112, 224, 24, 64, 64),
    "4c": (128, 128, 256, 24, 64, 64),
    "4d": (112, 144, 288, 32, 64, 64),
    "4e": (256, 160, 320, 32, 128, 128),
    "5a": (256, 160, 320, 32, 128, 128),
    "5b": (384, 192, 384, 48, 128, 128),
}
"""Maps of each module (table 1): 1 × 1; before 3 × 3; 3 × 3; before 5 × 5; 5 × 5; after pooling."""

_POOLED_AFTER = ("3b", "4e")
_AUXILIARY_AFTER = ("4a", "4d")

_DROPOUT = 0.4


def _pooling(name: str) -> MaxPooling2D:
    return MaxPooling2D(name=name, size=3, strides=2, padding="same")


def _normalisation(name: str) -> LocalResponseNormalization:
    """The paper names no numbers: those of the model that Caffe's makers trained, which divide
    the scale by the number of neighbours."""
    return LocalResponseNormalization(name=name, neighbours=5, offset=1.0, scale=1e-4 / 5)


def _layers(has_auxiliary: bool) -> LayerList:
    found: list[AnyLayer] = [
        Conv2D(name="conv1", filters=64, kernel=7, strides=2),
        _pooling("pool1"),
        _normalisation("norm1"),
        Conv2D(name="conv2_reduce", filters=64, kernel=1),
        Conv2D(name="conv2", filters=192),
        _normalisation("norm2"),
        _pooling("pool2"),
    ]
    for place, counts in _MODULES.items():
        one, before_three, three, before_five, five, pooled = counts
        found.append(
            InceptionModule(
                name=f"inception_{place}",
                filters_1x1=one,
                reduce_3x3=before_three,
                filters_3x3=three,
                reduce_5x5=before_five,
                filters_5x5=five,
                filters_pool=pooled,
            )
        )
        if has_auxiliary and place in _AUXILIARY_AFTER:
            found.append(AuxiliaryClassifier(name=f"auxiliary_{place}", loss_weight=0.3))
        if place in _POOLED_AFTER:
            found.append(_pooling(f"pool_{place}"))
    return tuple(found)


_HEAD = Head("average", (), _DROPOUT)

GOOGLENET = NetworkRow(
    key="googlenet",
    title="GoogLeNet",
    family=N_("Classics"),
    sentence=N_(
        "Won ImageNet in 2014 with a ninth of AlexNet's parameters: looks at four scales side by "
        "side."
    ),
    built_from="layers",
    usual_size=224,
    smallest_size=16,
    blocks=(
        BlockRule(r"(?:conv|pool|norm)\d", N_("Stem")),
        BlockRule(
            r"(?:inception|auxiliary|pool)_((?P<stage>\d)[a-e])",
            N_("Inception {0}"),
            stage=N_("Stage {0}"),
        ),
    ),
    variants=(
        Variant(
            "paper",
            N_("With auxiliary classifiers"),
            N_("Two more outputs half-way help the early layers while training, as in the paper."),
            _layers(has_auxiliary=True),
            _HEAD,
        ),
        Variant(
            "without_auxiliary",
            N_("Without auxiliary classifiers"),
            N_("The real output alone: trains a little quicker."),
            _layers(has_auxiliary=False),
            _HEAD,
        ),
    ),
    published=Published(
        6_998_552,
        "Caffe's GoogLeNet without auxiliary classifiers; the paper's table 1 adds up to about "
        "7 million",
    ),
    source="Szegedy and others 2014, arXiv:1409.4842",
    year=2014,
)
