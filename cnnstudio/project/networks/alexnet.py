"""AlexNet, which won ImageNet in 2012 and began what followed."""

from cnnstudio.project.dense_layers import DenseLayer
from cnnstudio.project.layer_kinds import Conv2D, LocalResponseNormalization, MaxPooling2D, Padding
from cnnstudio.project.layer_list import AnyLayer, LayerList
from cnnstudio.project.network_row import BlockRule, Head, NetworkRow, Published, Variant
from cnnstudio.project.words import N_

_FILTERS_2012 = (96, 256, 384, 384, 256)
_FILTERS_2014 = (64, 192, 384, 256, 256)

_NORMALISED = (1, 2)
_POOLED = (1, 2, 5)


def _layers(filters: tuple[int, ...], first: Padding, has_normalisation: bool) -> LayerList:
    """Five convolutions; relu, then normalisation, then overlapping pooling (section 3)."""
    found: list[AnyLayer] = []
    for number, count in enumerate(filters, start=1):
        kernel, strides, padding = {1: (11, 4, first), 2: (5, 1, "same")}.get(
            number, (3, 1, "same")
        )
        found.append(
            Conv2D(
                name=f"conv{number}",
                filters=count,
                kernel=kernel,
                strides=strides,
                padding=padding,
            )
        )
        if has_normalisation and number in _NORMALISED:
            found.append(LocalResponseNormalization(name=f"norm{number}"))
        if number in _POOLED:
            found.append(MaxPooling2D(name=f"pool{number}", size=3, strides=2))
    return tuple(found)


_HEAD = Head(
    "flatten", (DenseLayer(units=4096, dropout=0.5), DenseLayer(units=4096, dropout=0.5)), 0.0
)

ALEXNET = NetworkRow(
    key="alexnet",
    title="AlexNet",
    family=N_("Classics"),
    sentence=N_(
        "Won ImageNet in 2012 and began what followed. Nearly all of its parameters are in two "
        "dense layers."
    ),
    built_from="layers",
    usual_size=227,
    smallest_size=67,
    blocks=(BlockRule(r"(?:conv|norm|pool)(\d)", N_("Block {0}")),),
    variants=(
        Variant(
            "paper",
            N_("As in 2012"),
            N_("With local response normalisation; not halved for two graphics cards."),
            _layers(_FILTERS_2012, "valid", has_normalisation=True),
            _HEAD,
        ),
        Variant(
            "without_normalisation",
            N_("Without normalisation"),
            N_("Without local response normalisation, as later networks: a good deal quicker."),
            _layers(_FILTERS_2012, "valid", has_normalisation=False),
            _HEAD,
        ),
        Variant(
            "today",
            N_("As today"),
            N_("Fewer filters and no normalisation, as its maker built it for one card in 2014."),
            _layers(_FILTERS_2014, "same", has_normalisation=False),
            _HEAD,
        ),
    ),
    published=Published(
        62_378_344,
        "in one piece; 60,965,224 where halved for two graphics cards, the paper's '60 million'",
    ),
    source="Krizhevsky, Sutskever, Hinton 2012, NeurIPS 25",
    year=2012,
)
