"""The head's dense layers, and how they are written on the command line."""

import difflib
from typing import get_args

from pydantic import Field

from cnnstudio.project.chapter import Chapter
from cnnstudio.project.layer_kinds import Activation
from cnnstudio.project.words import N_


class DenseLayer(Chapter):
    """One dense layer of the head: dense, batch normalisation, activation, dropout."""

    units: int = Field(
        128,
        ge=1,
        le=8192,
        title=N_("Units"),
        description=N_("How many numbers the layer gives."),
        json_schema_extra={"step": 64},
    )
    activation: Activation = Field(
        "relu",
        title=N_("Activation"),
        description=N_("The curve that each number goes through."),
    )
    batch_norm: bool = Field(
        False,
        title=N_("Batch normalisation"),
        description=N_("Brings the numbers of a batch to one scale before the activation."),
    )
    dropout: float = Field(
        0.0,
        ge=0,
        le=0.9,
        title=N_("Dropout"),
        description=N_("Share of the numbers that is left out at each step."),
        json_schema_extra={"step": 0.1},
    )


def dense_layers_from_text(text: str) -> tuple[DenseLayer, ...]:
    """What ``text`` such as ``4096:relu:dropout=0.5, 84:tanh:norm`` says; '0' or nothing: none.

    Raises:
        ValueError: if it says nothing of the kind, or a number is out of its limits.
    """
    found = []
    for part in text.split(","):
        units, *rest = (piece.strip().lower() for piece in part.split(":"))
        if units in ("", "0", "none") and not rest:
            continue
        chosen: dict[str, str | bool] = {"units": units}
        for piece in rest:
            name, _, value = piece.partition("=")
            if name == "norm" and not value:
                chosen["batch_norm"] = True
            elif name == "dropout":
                chosen["dropout"] = value
            elif piece in get_args(Activation):
                chosen["activation"] = piece
            else:
                raise ValueError(piece)
        found.append(DenseLayer.model_validate(chosen))
    return tuple(found)


def dense_layers_text(layers: tuple[DenseLayer, ...]) -> str:
    """``layers`` as :func:`dense_layers_from_text` reads them."""
    parts = []
    for layer in layers:
        part = f"{layer.units}:{layer.activation}"
        part += ":norm" if layer.batch_norm else ""
        part += f":dropout={layer.dropout:g}" if layer.dropout else ""
        parts.append(part)
    return ",".join(parts)


def nearest_dense_text(text: str) -> str:
    """``text`` with every word spelled as the nearest one that there is; empty where that says
    nothing of dense layers either."""
    words = (*get_args(Activation), "norm", "dropout")
    parts = []
    for part in text.split(","):
        units, *rest = (piece.strip().lower() for piece in part.split(":"))
        for piece in rest:
            name, equals, value = piece.partition("=")
            near = difflib.get_close_matches(name, words, 1, 0.5)
            units += f":{near[0] if near else name}{equals}{value}"
        parts.append(units)
    nearest = ",".join(parts)
    try:
        return nearest if dense_layers_from_text(nearest) else ""
    except ValueError:
        return ""
