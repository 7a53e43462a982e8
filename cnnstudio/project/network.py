"""Chapter 'network': base, head, weights, and which layers are trained."""

from typing import Literal

from pydantic import Field

from cnnstudio.project.chapter import Chapter
from cnnstudio.project.words import N_

Pooling = Literal["average", "flatten"]
Output = Literal["automatic", "sigmoid", "softmax"]


class NetworkPlan(Chapter):
    """A base network from the table in ``network_table.py``, and the head put on it."""

    base: str = Field(
        "small_cnn",
        title=N_("Base network"),
        description=N_("The network that looks at the picture; 'cnnstudio networks' lists them."),
    )
    width: float = Field(
        1.0,
        gt=0,
        le=2,
        title=N_("Width"),
        description=N_("How many channels each layer has, as a part of the usual number."),
    )
    weights: str = Field(
        "imagenet",
        title=N_("Weights"),
        description=N_(
            "Where a pretrained base begins: 'imagenet', 'random', or a weights file (.h5)."
        ),
    )
    pooling: Pooling = Field(
        "average",
        title=N_("Pooling"),
        description=N_("How the base's feature maps become one list of numbers."),
        json_schema_extra={"titles": {"average": N_("Global average"), "flatten": N_("Flatten")}},
    )
    dense_units: int = Field(
        0,
        ge=0,
        le=8192,
        title=N_("Dense units"),
        description=N_("Units of one more dense layer before the output; 0 leaves it out."),
        json_schema_extra={"step": 64},
    )
    dropout: float = Field(
        0.2,
        ge=0,
        le=0.9,
        title=N_("Dropout"),
        description=N_("Share of the numbers before the output that is left out at each step."),
        json_schema_extra={"step": 0.1},
    )
    output: Output = Field(
        "automatic",
        title=N_("Output"),
        description=N_("Sigmoid gives one number for two classes, softmax one for each class."),
        json_schema_extra={
            "titles": {
                "automatic": N_("Automatic"),
                "sigmoid": N_("Sigmoid"),
                "softmax": N_("Softmax"),
            }
        },
    )
    train_last: int = Field(
        0,
        ge=0,
        le=5000,
        title=N_("Train last layers"),
        description=N_("How many of a pretrained base's last layers are trained; 0 freezes all."),
    )
    trained_layers: tuple[str, ...] | None = Field(
        None,
        title=N_("Trained layers"),
        description=N_("The layers ticked one by one; without any ticks 'train last' decides."),
    )

    def resolved_output(self, num_classes: int) -> Literal["sigmoid", "softmax"]:
        """The output that is built for ``num_classes`` classes."""
        if self.output == "automatic":
            return "sigmoid" if num_classes == 2 else "softmax"
        return self.output
