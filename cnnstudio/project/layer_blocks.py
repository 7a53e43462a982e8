"""Layers of a list that are several of Keras' layers at once."""

from typing import ClassVar, Literal

from pydantic import Field

from cnnstudio.project.layer_kinds import L2, STRIDES, Initialiser, Layer
from cnnstudio.project.words import N_


class ResidualBlock(Layer):
    """Convolutions beside a shortcut that adds the block's input to what they give."""

    title: ClassVar[str] = N_("Residual block")
    sentence: ClassVar[str] = N_("Convolutions that only learn what to add to their input.")

    kind: Literal["residual_block"] = "residual_block"
    filters: int = Field(
        64,
        ge=1,
        le=4096,
        title=N_("Filters"),
        description=N_("Maps of the inner convolutions; a bottleneck gives four times as many."),
    )
    strides: int = STRIDES
    form: Literal["basic", "bottleneck"] = Field(
        "basic",
        title=N_("Form"),
        description=N_("Two convolutions of 3 × 3, or a bottleneck of 1 × 1, 3 × 3 and 1 × 1."),
        json_schema_extra={"titles": {"basic": N_("Basic"), "bottleneck": N_("Bottleneck")}},
    )
    strides_first: bool = Field(
        False,
        title=N_("Strides first"),
        description=N_("A bottleneck's first 1 × 1 has the strides, as in 2015, not its 3 × 3."),
    )
    initialiser: Initialiser = Field(
        "he_normal",
        title=N_("Initialiser"),
        description=N_("Where the weights begin: He suits relu, Glorot (Xavier) suits tanh."),
    )
    l2: float = L2


class InceptionModule(Layer):
    """GoogLeNet's four branches side by side: 1 × 1, 3 × 3, 5 × 5 and pooling."""

    title: ClassVar[str] = N_("Inception module")
    sentence: ClassVar[str] = N_("Looks at four scales side by side and puts the maps together.")

    kind: Literal["inception_module"] = "inception_module"
    filters_1x1: int = Field(64, ge=1, le=4096, title="1 × 1", description=N_("Maps of 1 × 1."))
    reduce_3x3: int = Field(
        96, ge=1, le=4096, title=N_("Before 3 × 3"), description=N_("Maps that 3 × 3 is given.")
    )
    filters_3x3: int = Field(128, ge=1, le=4096, title="3 × 3", description=N_("Maps of 3 × 3."))
    reduce_5x5: int = Field(
        16, ge=1, le=4096, title=N_("Before 5 × 5"), description=N_("Maps that 5 × 5 is given.")
    )
    filters_5x5: int = Field(32, ge=1, le=4096, title="5 × 5", description=N_("Maps of 5 × 5."))
    filters_pool: int = Field(
        32, ge=1, le=4096, title=N_("After pooling"), description=N_("Maps after the pooling.")
    )


class AuxiliaryClassifier(Layer):
    """A second output half-way, only while training; the maps go on unchanged."""

    title: ClassVar[str] = N_("Auxiliary classifier")
    sentence: ClassVar[str] = N_("A second output half-way, which helps early layers to learn.")

    kind: Literal["auxiliary_classifier"] = "auxiliary_classifier"
    loss_weight: float = Field(
        0.3,
        gt=0,
        le=1,
        title=N_("Weight"),
        description=N_("How much its loss counts beside that of the real output."),
        json_schema_extra={"step": 0.1},
    )


class LSTM(Layer):
    """Reads a picture row by row, or maps row by row, and gives one list of numbers."""

    title: ClassVar[str] = N_("LSTM")
    sentence: ClassVar[str] = N_("Reads the picture row by row and remembers what it saw.")

    kind: Literal["lstm"] = "lstm"
    units: int = Field(
        128,
        ge=1,
        le=4096,
        title=N_("Units"),
        description=N_("How many numbers it remembers."),
    )
