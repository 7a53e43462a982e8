"""Chapter 'network': base, head, weights, and which layers are trained."""

from typing import Any, Literal

from pydantic import Field, model_validator

from cnnstudio.project.chapter import Chapter
from cnnstudio.project.dense_layers import DenseLayer
from cnnstudio.project.layer_list import LayerList
from cnnstudio.project.words import N_

Pooling = Literal["average", "max", "flatten"]
Output = Literal["automatic", "sigmoid", "softmax"]
Colours = Literal["automatic", "rgb", "grey"]
PixelValues = Literal["automatic", "0_255", "0_1", "minus_one_to_one", "caffe", "torch"]

OWN_LAYERS = "own_layers"
"""The base that is a list of layers of the person's own, in ``NetworkPlan.layers``."""

OWN_MODEL = "own_model"
"""The base that comes from a model file of the person's own, ``NetworkPlan.model_file``."""


class NetworkPlan(Chapter):
    """A base network from the table in ``network_table.py``, and the head put on it."""

    base: str = Field(
        "small_cnn",
        title=N_("Base network"),
        description=N_("The network that looks at the picture; 'cnnstudio networks' lists them."),
    )
    variant: str = Field(
        "",
        title=N_("Variant"),
        description=N_("As its paper has it, or as it is built today; empty takes the first."),
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
    colours: Colours = Field(
        "automatic",
        title=N_("Colours"),
        description=N_("Whether the network sees colours; digits and clothes need none."),
        json_schema_extra={
            "titles": {
                "automatic": N_("Automatic"),
                "rgb": N_("In colour"),
                "grey": N_("In grey"),
            }
        },
    )
    layers: LayerList = Field(
        (),
        title=N_("Own layers"),
        description=N_("The layers of the base 'own_layers'; on the command line a JSON file."),
    )
    model_file: str = Field(
        "",
        title=N_("Model file"),
        description=N_("The .keras or .h5 file of the base 'own_model'."),
    )
    model_values: PixelValues = Field(
        "automatic",
        title=N_("Values of the pixels"),
        description=N_("What the base 'own_model' was trained on; automatic looks into its file."),
        json_schema_extra={
            "titles": {
                "automatic": N_("Automatic"),
                "0_255": N_("0 to 255"),
                "0_1": N_("0 to 1"),
                "minus_one_to_one": N_("−1 to 1"),
                "caffe": N_("Less ImageNet's mean (BGR)"),
                "torch": N_("ImageNet's mean and spread"),
            }
        },
    )
    keep_output: bool = Field(
        False,
        title=N_("Go on training"),
        description=N_("Keeps the output of the base 'own_model' instead of a new head."),
    )
    pooling: Pooling = Field(
        "average",
        title=N_("Pooling"),
        description=N_("How the base's feature maps become one list of numbers."),
        json_schema_extra={
            "titles": {
                "average": N_("Global average"),
                "max": N_("Global max"),
                "flatten": N_("Flatten"),
            }
        },
    )
    dense: tuple[DenseLayer, ...] = Field(
        (),
        max_length=8,
        title=N_("Dense layers"),
        description=N_(
            "Dense layers before the output, such as 1024 or 120:tanh,84:tanh:norm:dropout=0.5."
        ),
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
    train_last_blocks: int = Field(
        0,
        ge=0,
        le=500,
        title=N_("Train last blocks"),
        description=N_("How many of a pretrained base's last blocks are trained."),
    )
    trained_layers: tuple[str, ...] | None = Field(
        None,
        title=N_("Trained layers"),
        description=N_("The layers ticked one by one; without any ticks 'train last' decides."),
    )
    freeze_batch_norm: bool = Field(
        True,
        title=N_("Batch normalisation stays frozen"),
        description=N_(
            "A pretrained base keeps its means and variances: small batches would spoil them."
        ),
    )

    @model_validator(mode="before")
    @classmethod
    def _read_older(cls, content: Any) -> Any:
        """Plans were once written with at most one dense layer, by its number of units."""
        if not isinstance(content, dict) or "dense_units" not in content:
            return content
        content = dict(content)
        units = content.pop("dense_units")
        return content if units in (0, "0") else {"dense": ({"units": units},)} | content

    def resolved_output(self, num_classes: int) -> Literal["sigmoid", "softmax"]:
        """The output that is built for ``num_classes`` classes."""
        if self.output == "automatic":
            return "sigmoid" if num_classes == 2 else "softmax"
        return self.output

    def without_freezing(self) -> "NetworkPlan":
        """This plan with nothing said about which layers are trained."""
        fresh = NetworkPlan()
        names = ("train_last", "train_last_blocks", "trained_layers", "freeze_batch_norm")
        return self.model_copy(update={name: getattr(fresh, name) for name in names})

    def structure(self) -> "NetworkPlan":
        """Equal for two plans whose networks have the same layers; it says that and no more."""
        dense = tuple(
            each.model_copy(update={"dropout": 0.5 if each.dropout else 0.0}) for each in self.dense
        )
        dropout = 0.5 if self.dropout else 0.0
        update = {"weights": "random", "dense": dense, "dropout": dropout}
        return self.without_freezing().model_copy(update=update)
