"""LeNet-5, the first convolutional network in daily use: it read the digits on cheques."""

from cnnstudio.project.dense_layers import DenseLayer
from cnnstudio.project.layer_kinds import Activation, AveragePooling2D, Conv2D, MaxPooling2D
from cnnstudio.project.layer_list import LayerList
from cnnstudio.project.network_row import BlockRule, Head, NetworkRow, Published, Variant
from cnnstudio.project.words import N_


def _layers(
    activation: Activation, pooling: type[AveragePooling2D] | type[MaxPooling2D]
) -> LayerList:
    """C1 to C5 under the paper's names; F6 and the output are the head.

    Other than in the paper, C3 sees all maps of S2 (2,416 parameters instead of 1,516), the
    poolings have no weights of their own (12 and 32 there), and the output is a dense layer (850)
    instead of fixed pictures of the digits.
    """

    def convolution(name: str, filters: int) -> Conv2D:
        return Conv2D(name=name, filters=filters, kernel=5, padding="valid", activation=activation)

    return (
        convolution("C1", 6),
        pooling(name="S2"),
        convolution("C3", 16),
        pooling(name="S4"),
        convolution("C5", 120),
    )


def _head(activation: Activation) -> Head:
    return Head("flatten", (DenseLayer(units=84, activation=activation),), dropout=0.0)


LENET_5 = NetworkRow(
    key="lenet5",
    title="LeNet-5",
    family=N_("Classics"),
    sentence=N_("The first of its kind, made in 1998 to read digits on cheques. Tiny and quick."),
    built_from="layers",
    usual_size=32,
    smallest_size=32,
    colours="grey",
    blocks=(BlockRule(r"([CS]\d)", "{0}"),),
    variants=(
        Variant(
            "paper",
            N_("As in 1998"),
            N_("Tanh and average pooling, as in the paper."),
            _layers("tanh", AveragePooling2D),
            _head("tanh"),
        ),
        Variant(
            "today",
            N_("As today"),
            N_("Relu and max pooling: learns faster."),
            _layers("relu", MaxPooling2D),
            _head("relu"),
        ),
    ),
    published=Published(
        61_706,
        "10 classes, C3 connected to all maps; the paper has 60,000 with C3 connected in part",
    ),
    source="LeCun, Bottou, Bengio, Haffner 1998, doi:10.1109/5.726791",
    year=1998,
)
