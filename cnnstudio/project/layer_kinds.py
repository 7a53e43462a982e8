"""The plain kinds of layers that a list of layers is made of, each with its settings."""

from typing import Any, ClassVar, Literal, get_args

from pydantic import Field

from cnnstudio.project.chapter import Chapter
from cnnstudio.project.words import N_

Activation = Literal[
    "linear",
    "relu",
    "leaky_relu",
    "elu",
    "selu",
    "gelu",
    "swish",
    "softplus",
    "tanh",
    "sigmoid",
    "softmax",
]
Initialiser = Literal[
    "glorot_uniform",
    "glorot_normal",
    "he_uniform",
    "he_normal",
    "lecun_uniform",
    "lecun_normal",
    "zeros",
    "ones",
    "constant",
]
Padding = Literal["valid", "same"]

ACTIVATIONS: tuple[Activation, ...] = get_args(Activation)
INITIALISERS: tuple[Initialiser, ...] = get_args(Initialiser)

_FILTERS: Any = Field(
    32,
    ge=1,
    le=4096,
    title=N_("Filters"),
    description=N_("How many patterns are looked for; each gives one map."),
)
_KERNEL: Any = Field(
    3,
    ge=1,
    le=31,
    title=N_("Kernel"),
    description=N_("Side of the window that slides over the picture."),
    json_schema_extra={"unit": "px"},
)
STRIDES: Any = Field(
    1,
    ge=1,
    le=16,
    title=N_("Strides"),
    description=N_("How many pixels the window moves at each step."),
)
_PADDING: Any = Field(
    "same",
    title=N_("Padding"),
    description=N_("'Same' adds a border of zeros so that the size stays; 'valid' adds none."),
    json_schema_extra={"titles": {"valid": N_("Valid"), "same": N_("Same")}},
)
_ACTIVATION: Any = Field(
    "relu",
    title=N_("Activation"),
    description=N_("The curve that each number goes through."),
)
_BIAS: Any = Field(
    True, title=N_("Bias"), description=N_("A number of its own is added to each map or unit.")
)
_INITIALISER: Any = Field(
    "glorot_uniform",
    title=N_("Initialiser"),
    description=N_("Where the weights begin: He suits relu, Glorot (Xavier) suits tanh."),
)
_CONSTANT: Any = Field(
    0.1,
    ge=-10,
    le=10,
    title=N_("Constant"),
    description=N_("What every weight begins with where the initialiser is 'constant'."),
    json_schema_extra={"step": 0.1},
)
_L1: Any = Field(
    0.0,
    ge=0,
    le=1,
    title=N_("L1"),
    description=N_("Price of each weight's size; pushes weights to exactly zero."),
)
L2: Any = Field(
    0.0,
    ge=0,
    le=1,
    title=N_("L2"),
    description=N_("Price of each weight's square (weight decay); keeps weights small."),
)


class Layer(Chapter):
    """One layer of a list. ``name`` is its own within the list; ``title`` names its kind."""

    title: ClassVar[str]
    sentence: ClassVar[str]

    name: str = Field("", max_length=80)


class _Weighted(Layer):
    """Settings that every layer with weights has."""

    activation: Activation = _ACTIVATION
    use_bias: bool = _BIAS
    initialiser: Initialiser = _INITIALISER
    constant: float = _CONSTANT
    l1: float = _L1
    l2: float = L2


class Conv2D(_Weighted):
    """A convolution."""

    title: ClassVar[str] = N_("Convolution")
    sentence: ClassVar[str] = N_("Looks for small patterns everywhere in the picture.")

    kind: Literal["conv2d"] = "conv2d"
    filters: int = _FILTERS
    kernel: int = _KERNEL
    strides: int = STRIDES
    padding: Padding = _PADDING


class SeparableConv2D(_Weighted):
    """A depthwise convolution followed by one of 1 × 1."""

    title: ClassVar[str] = N_("Separable convolution")
    sentence: ClassVar[str] = N_("Almost a convolution, with far fewer parameters.")

    kind: Literal["separable_conv2d"] = "separable_conv2d"
    filters: int = _FILTERS
    kernel: int = _KERNEL
    strides: int = STRIDES
    padding: Padding = _PADDING


class DepthwiseConv2D(_Weighted):
    """A convolution of each map by itself."""

    title: ClassVar[str] = N_("Depthwise convolution")
    sentence: ClassVar[str] = N_("Looks for patterns in each map by itself.")

    kind: Literal["depthwise_conv2d"] = "depthwise_conv2d"
    kernel: int = _KERNEL
    strides: int = STRIDES
    padding: Padding = _PADDING
    multiplier: int = Field(
        1,
        ge=1,
        le=32,
        title=N_("Maps for each map"),
        description=N_("How many maps come out for each one that goes in."),
    )


class _Pooling(Layer):
    """Settings of both poolings."""

    size: int = Field(
        2,
        ge=1,
        le=31,
        title=N_("Size"),
        description=N_("Side of the square that becomes one number."),
        json_schema_extra={"unit": "px"},
    )
    strides: int = Field(
        2,
        ge=1,
        le=31,
        title=N_("Strides"),
        description=N_("How many pixels the square moves at each step."),
    )
    padding: Padding = Field(
        "valid",
        title=N_("Padding"),
        description=N_("'Same' adds a border so that no pixel is left over; 'valid' adds none."),
        json_schema_extra={"titles": {"valid": N_("Valid"), "same": N_("Same")}},
    )


class MaxPooling2D(_Pooling):
    """The largest number of each square."""

    title: ClassVar[str] = N_("Max pooling")
    sentence: ClassVar[str] = N_("Keeps the strongest answer of each square: smaller maps.")

    kind: Literal["max_pooling2d"] = "max_pooling2d"


class AveragePooling2D(_Pooling):
    """The mean of each square."""

    title: ClassVar[str] = N_("Average pooling")
    sentence: ClassVar[str] = N_("Keeps the mean of each square: smaller maps.")

    kind: Literal["average_pooling2d"] = "average_pooling2d"


class BatchNormalization(Layer):
    """Batch normalisation."""

    title: ClassVar[str] = N_("Batch normalisation")
    sentence: ClassVar[str] = N_("Brings the numbers of a batch to one scale; learns faster.")

    kind: Literal["batch_normalization"] = "batch_normalization"
    momentum: float = Field(
        0.99,
        ge=0,
        lt=1,
        title=N_("Momentum"),
        description=N_("How slowly the remembered mean and variance follow."),
        json_schema_extra={"step": 0.01},
    )


class ActivationLayer(Layer):
    """An activation by itself, as after a batch normalisation."""

    title: ClassVar[str] = N_("Activation")
    sentence: ClassVar[str] = N_("Sends each number through a curve.")

    kind: Literal["activation"] = "activation"
    activation: Activation = _ACTIVATION


class Dropout(Layer):
    """Dropout, of single numbers or of whole maps."""

    title: ClassVar[str] = N_("Dropout")
    sentence: ClassVar[str] = N_("Leaves some numbers out at each step, against overfitting.")

    kind: Literal["dropout"] = "dropout"
    rate: float = Field(
        0.5,
        ge=0,
        le=0.95,
        title=N_("Rate"),
        description=N_("Share of the numbers that is left out."),
        json_schema_extra={"step": 0.05},
    )
    whole_maps: bool = Field(
        False,
        title=N_("Whole maps"),
        description=N_("Leaves out whole maps instead of single numbers (spatial dropout)."),
    )


class LocalResponseNormalization(Layer):
    """AlexNet's normalisation across neighbouring maps."""

    title: ClassVar[str] = N_("Local response normalisation")
    sentence: ClassVar[str] = N_("Lets neighbouring maps compete, as AlexNet did in 2012.")

    kind: Literal["local_response_normalization"] = "local_response_normalization"
    neighbours: int = Field(
        5,
        ge=1,
        le=31,
        title=N_("Neighbours"),
        description=N_("How many maps compete with each other."),
    )
    offset: float = Field(
        2.0, gt=0, le=10, title=N_("Offset"), description=N_("k of the paper's formula.")
    )
    scale: float = Field(
        1e-4, gt=0, le=10, title=N_("Scale"), description=N_("α of the paper's formula.")
    )
    exponent: float = Field(
        0.75, gt=0, le=2, title=N_("Exponent"), description=N_("β of the paper's formula.")
    )


class Flatten(Layer):
    """All numbers of all maps as one list."""

    title: ClassVar[str] = N_("Flatten")
    sentence: ClassVar[str] = N_("Writes all numbers of all maps into one long list.")

    kind: Literal["flatten"] = "flatten"


class GlobalAveragePooling2D(Layer):
    """The mean of each map."""

    title: ClassVar[str] = N_("Global average pooling")
    sentence: ClassVar[str] = N_("Makes one number of each map: its mean.")

    kind: Literal["global_average_pooling2d"] = "global_average_pooling2d"


class GlobalMaxPooling2D(Layer):
    """The largest number of each map."""

    title: ClassVar[str] = N_("Global max pooling")
    sentence: ClassVar[str] = N_("Makes one number of each map: its largest.")

    kind: Literal["global_max_pooling2d"] = "global_max_pooling2d"


class Dense(_Weighted):
    """A fully connected layer."""

    title: ClassVar[str] = N_("Dense")
    sentence: ClassVar[str] = N_("Connects every number with every unit.")

    kind: Literal["dense"] = "dense"
    units: int = Field(
        128,
        ge=1,
        le=8192,
        title=N_("Units"),
        description=N_("How many numbers come out."),
    )
