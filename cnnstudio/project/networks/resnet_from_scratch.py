"""ResNets of 2015, with shortcuts around their blocks, beginning with random numbers."""

from typing import Literal

from cnnstudio.project.layer_blocks import ResidualBlock
from cnnstudio.project.layer_kinds import ActivationLayer, BatchNormalization, Conv2D, MaxPooling2D
from cnnstudio.project.layer_list import AnyLayer, LayerList
from cnnstudio.project.network_row import BlockRule, Head, NetworkRow, Published, Variant
from cnnstudio.project.words import N_

_FILTERS = (64, 128, 256, 512)
_FIRST_STAGE = 2
"""Stages are counted as in the paper, where the first convolution is the first."""

_NORM_MOMENTUM = 0.9


def _layers(
    blocks: tuple[int, ...], form: Literal["basic", "bottleneck"], strides_first: bool
) -> LayerList:
    """The columns of the paper's table 1; He initialisation throughout (section 3.4)."""
    found: list[AnyLayer] = [
        Conv2D(
            name="conv1",
            filters=64,
            kernel=7,
            strides=2,
            activation="linear",
            use_bias=False,
            initialiser="he_normal",
        ),
        BatchNormalization(name="norm1", momentum=_NORM_MOMENTUM),
        ActivationLayer(name="relu1"),
        MaxPooling2D(name="pool1", size=3, strides=2, padding="same"),
    ]
    for stage, (filters, count) in enumerate(zip(_FILTERS, blocks, strict=True), _FIRST_STAGE):
        for block in range(1, count + 1):
            found.append(
                ResidualBlock(
                    name=f"stage{stage}_block{block}",
                    filters=filters,
                    strides=2 if block == 1 and stage > _FIRST_STAGE else 1,
                    form=form,
                    strides_first=strides_first,
                )
            )
    return tuple(found)


def _variants(blocks: tuple[int, ...], form: Literal["basic", "bottleneck"]) -> tuple[Variant, ...]:
    """Only bottlenecks are built differently today."""
    head = Head("average", (), 0.0)
    paper = Variant(
        "paper",
        N_("As in 2015"),
        N_("Four stages of residual blocks, He initialisation, no dropout."),
        _layers(blocks, form, strides_first=form == "bottleneck"),
        head,
    )
    if form == "basic":
        return (paper,)
    today = Variant(
        "today",
        N_("As today"),
        N_(
            "The 3 × 3 of a block halves the maps, not the 1 × 1 before it: a little more accurate."
        ),
        _layers(blocks, form, strides_first=False),
        head,
    )
    return (paper, today)


def _row(
    depth: int,
    sentence: str,
    blocks: tuple[int, ...],
    form: Literal["basic", "bottleneck"],
    parameters: int,
    pretrained_too: bool,
) -> NetworkRow:
    """``pretrained_too``: keras.applications has one of this depth, which has the plain name."""
    return NetworkRow(
        key=f"resnet{depth}_from_scratch" if pretrained_too else f"resnet{depth}",
        title=f"ResNet{depth} from scratch" if pretrained_too else f"ResNet{depth}",
        family=N_("Classics"),
        sentence=sentence,
        built_from="layers",
        usual_size=224,
        smallest_size=16,
        blocks=(
            BlockRule(r"(?:conv|norm|relu|pool)1", N_("Stem")),
            BlockRule(r"stage(?P<stage>\d)_block(\d+)_", N_("Block {0}"), stage=N_("Stage {0}")),
        ),
        variants=_variants(blocks, form),
        published=Published(
            parameters,
            f"torchvision's resnet{depth}; remembered means and variances are not counted",
        ),
        source="He, Zhang, Ren, Sun 2015, arXiv:1512.03385",
        year=2015,
    )


RESNETS = (
    _row(
        18,
        N_("The smallest of the networks with shortcuts: a good first try from scratch."),
        (2, 2, 2, 2),
        "basic",
        11_689_512,
        pretrained_too=False,
    ),
    _row(
        34,
        N_("As ResNet18, with twice the layers: shortcuts let even the first of them learn."),
        (3, 4, 6, 3),
        "basic",
        21_797_672,
        pretrained_too=False,
    ),
    _row(
        50,
        N_("ResNet50 before it has seen a picture. The pretrained one needs far fewer pictures."),
        (3, 4, 6, 3),
        "bottleneck",
        25_557_032,
        pretrained_too=True,
    ),
    _row(
        101,
        N_("ResNet101 before it has seen a picture: very slow without a graphics card."),
        (3, 4, 23, 3),
        "bottleneck",
        44_549_160,
        pretrained_too=True,
    ),
    _row(
        152,
        N_("ResNet152 before it has seen a picture: the deepest of its paper, and the slowest."),
        (3, 8, 36, 3),
        "bottleneck",
        60_192_808,
        pretrained_too=True,
    ),
)
