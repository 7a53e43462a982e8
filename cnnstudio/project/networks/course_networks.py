"""Networks that courses begin with: digits, clothes, a plain perceptron, a reader of rows."""

from cnnstudio.project.dense_layers import DenseLayer
from cnnstudio.project.layer_blocks import LSTM, ResidualBlock
from cnnstudio.project.layer_kinds import (
    ActivationLayer,
    BatchNormalization,
    Conv2D,
    Flatten,
    MaxPooling2D,
)
from cnnstudio.project.layer_list import AnyLayer, LayerList
from cnnstudio.project.network_row import BlockRule, Head, NetworkRow, Variant
from cnnstudio.project.words import N_

_SIDE = 28
"""Of the pictures of MNIST and Fashion-MNIST."""

_SMALLEST = 16
"""The smallest that pictures can be made."""

_DOUBLING = (32, 64, 128)

# Moving averages must have settled after the few hundred steps that a short training has.
_NORM_MOMENTUM = 0.9

_BLOCKS = (BlockRule(r"block(\d+)_", N_("Block {0}")),)


def _convolutions_and_poolings() -> LayerList:
    found: list[AnyLayer] = []
    for number, filters in enumerate(_DOUBLING, start=1):
        found.append(Conv2D(name=f"block{number}_conv", filters=filters))
        found.append(MaxPooling2D(name=f"block{number}_pool"))
    return tuple(found)


def _unit(block: str, filters: int) -> list[AnyLayer]:
    """Convolution, batch normalisation, relu: the bias would be normalised away again."""
    return [
        Conv2D(
            name=f"{block}_conv",
            filters=filters,
            activation="linear",
            use_bias=False,
            initialiser="he_normal",
        ),
        BatchNormalization(name=f"{block}_norm", momentum=_NORM_MOMENTUM),
        ActivationLayer(name=f"{block}_relu"),
    ]


def _units(residual: int = 0) -> LayerList:
    """Units of convolution, normalisation and relu; block ``residual`` is a residual block."""
    found: list[AnyLayer] = []
    for number, filters in enumerate(_DOUBLING, start=1):
        block = f"block{number}"
        if number == residual:
            found.append(ResidualBlock(name=f"{block}_residual", filters=filters))
        else:
            found += _unit(block, filters)
        found.append(MaxPooling2D(name=f"{block}_pool"))
    return tuple(found)


def _clothes() -> LayerList:
    def convolution(number: int, filters: int) -> Conv2D:
        return Conv2D(name=f"block{number}_conv", filters=filters, padding="valid")

    return (
        convolution(1, 32),
        MaxPooling2D(name="block1_pool"),
        convolution(2, 64),
        MaxPooling2D(name="block2_pool"),
        convolution(3, 32),
    )


_DIGITS_HEAD = Head("flatten", (DenseLayer(units=128),), 0.5)

MNIST_CNN = NetworkRow(
    key="mnist_cnn",
    title="MNIST CNN",
    family=N_("Classics"),
    sentence=N_("Reads digits: three convolutions, each with twice the filters of the one before."),
    built_from="layers",
    usual_size=_SIDE,
    smallest_size=_SMALLEST,
    colours="grey",
    blocks=_BLOCKS,
    variants=(
        Variant(
            "plain",
            N_("Plain"),
            N_("3 × 3 convolutions of 32, 64 and 128 filters, each followed by 2 × 2 max pooling."),
            _convolutions_and_poolings(),
            _DIGITS_HEAD,
        ),
        Variant(
            "batch_norm",
            N_("With batch normalisation"),
            N_("Convolution, batch normalisation, relu: learns faster and more steadily."),
            _units(),
            _DIGITS_HEAD,
        ),
        Variant(
            "residual",
            N_("With a residual block"),
            N_("The third block only learns what to add to its input, as in ResNets."),
            _units(residual=3),
            _DIGITS_HEAD,
        ),
    ),
)

FASHION_CNN = NetworkRow(
    key="fashion_mnist_cnn",
    title="Fashion-MNIST CNN",
    family=N_("Classics"),
    sentence=N_("Tells clothes apart: three convolutions, then three dense layers that narrow."),
    built_from="layers",
    usual_size=_SIDE,
    smallest_size=18,
    colours="grey",
    blocks=_BLOCKS,
    variants=(
        Variant(
            "usual",
            N_("Usual"),
            N_("Convolutions of 32, 64 and 32 filters, dense layers of 64, 32 and 16 units."),
            _clothes(),
            Head("flatten", tuple(DenseLayer(units=units) for units in (64, 32, 16)), 0.0),
        ),
    ),
)

MULTILAYER_PERCEPTRON = NetworkRow(
    key="mlp",
    title="Multilayer perceptron",
    family=N_("Classics"),
    sentence=N_("No convolution at all: each pixel is a number. Shows what convolutions are for."),
    built_from="layers",
    usual_size=_SIDE,
    smallest_size=_SMALLEST,
    colours="grey",
    blocks=(BlockRule(r"flatten", N_("Flatten")),),
    variants=(
        Variant(
            "usual",
            N_("Usual"),
            N_("All pixels as one list, then dense layers of 512 and 256 units."),
            (Flatten(name="flatten"),),
            Head("flatten", (DenseLayer(units=512), DenseLayer(units=256)), 0.2),
        ),
    ),
)

LSTM_ROW_READER = NetworkRow(
    key="lstm_rows",
    title="LSTM row reader",
    family=N_("Classics"),
    sentence=N_("Reads a picture as a text, row by row, and remembers what it saw above."),
    built_from="layers",
    usual_size=_SIDE,
    smallest_size=_SMALLEST,
    colours="grey",
    blocks=(BlockRule(r"lstm", N_("LSTM")),),
    variants=(
        Variant(
            "usual",
            N_("Usual"),
            N_("One LSTM of 128 units that is given a row at each step."),
            (LSTM(name="lstm", units=128),),
            Head("flatten", (), 0.0),
        ),
    ),
    source="Hochreiter, Schmidhuber 1997, doi:10.1162/neco.1997.9.8.1735",
    year=1997,
)
