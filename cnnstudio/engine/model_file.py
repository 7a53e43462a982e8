"""A ``.keras`` file that also says what its classes are called.

The file is the zip archive that Keras writes, with one member more, ``class_names.json``: readable
with ``zipfile`` and ``json`` alone, and passed over by ``keras.saving.load_model``.
"""

import json
import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, cast, get_args

import keras

from cnnstudio import __version__
from cnnstudio.engine.networks.own_model import as_probabilities, classes_of, follow, values_of
from cnnstudio.engine.networks.preprocessing import INPUT_NAME
from cnnstudio.engine.own_models.own_model import OwnModel, open_own_model
from cnnstudio.engine.own_models.parts import ModelParts
from cnnstudio.project.files import written_atomically
from cnnstudio.project.pictures import Fit
from cnnstudio.project.problems import Problem, ProblemError

MEMBER = "class_names.json"


@dataclass(frozen=True)
class ModelCard:
    """What a model must be accompanied by to be used. ``classes`` in the order of the outputs;
    ``epoch`` of its run after which it was kept, 0 where that is not known."""

    classes: tuple[str, ...]
    size: int
    fit: Fit
    output: Literal["sigmoid", "softmax"]
    program: str = f"CNN Studio {__version__}"
    epoch: int = 0


@dataclass(frozen=True)
class LoadedModel:
    """A model with its card."""

    model: keras.Model
    card: ModelCard


def save_model(model: keras.Model, card: ModelCard, path: Path) -> None:
    """Write ``model`` without its optimizer to ``path``, which must end in ``.keras``.

    Raises:
        OSError: if it cannot be written; ``path`` then holds what it held before.
    """
    # A model made anew over the same layers has not been compiled: no optimizer is written.
    bare = keras.Model(model.input, model.output, name=model.name)
    with written_atomically(path) as beside:
        bare.save(beside)
        with zipfile.ZipFile(beside, "a") as archive:
            archive.writestr(MEMBER, json.dumps(asdict(card), ensure_ascii=False, indent=1))


def epoch_in(path: Path) -> int | None:
    """After which epoch of its run the model in ``path`` was kept; None without a whole file."""
    try:
        with zipfile.ZipFile(path) as archive:
            return int(json.loads(archive.read(MEMBER)).get("epoch", 0))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, zipfile.BadZipFile):
        return None


def load_model(path: Path) -> LoadedModel:
    """Read a model that :func:`save_model` wrote, or one of somebody's own with names of classes.

    Nothing in the file is executed. What comes back takes RGB 0..255 and gives probabilities,
    whatever the file's own layers take and give. Teachable Machine's ``keras_model.h5`` has the
    names in ``labels.txt`` beside it; its pictures were cropped.

    Raises:
        ProblemError: ``model_missing``, ``model_damaged``, ``model_without_classes``,
            ``model_takes_no_pictures``, ``model_takes_no_squares``, ``model_without_size``,
            ``model_gives_no_classes``, or why the file is not opened.
    """
    own = open_own_model(path)
    (height, width), output = own.sides, own.output_shape
    if height is None or width is None:
        raise ProblemError(Problem("model_without_size", file=str(path)))
    if height != width:
        values = {"shape": f"{height} × {width}"}
        raise ProblemError(Problem("model_takes_no_squares", file=str(path), values=values))
    if len(output) != 1 or output[0] is None:
        values = {"shape": " × ".join(str(side or "?") for side in output)}
        raise ProblemError(Problem("model_gives_no_classes", file=str(path), values=values))
    try:
        card = _card(own, height, output[0])
    except (ValueError, KeyError, TypeError) as error:
        raise ProblemError(Problem("model_damaged", file=str(path))) from error
    parts = ModelParts(own)
    picture = keras.Input((height, height, 3), name=INPUT_NAME)
    values_wanted = values_of(own, parts, "automatic")
    _, answer = follow(own, picture, values_wanted, own.graph.output, load=True)
    model = keras.Model(picture, as_probabilities(answer, parts))
    return LoadedModel(model, card)


def _card(own: OwnModel, size: int, units: int) -> ModelCard:
    if own.container.class_names is not None:
        return _read_card(own.container.class_names, size, units)
    if len(own.classes) != classes_of(units):
        raise ProblemError(Problem("model_without_classes", file=str(own.path)))
    output: Literal["sigmoid", "softmax"] = "sigmoid" if units == 1 else "softmax"
    return ModelCard(own.classes, size, "crop", output, program="")


def _read_card(text: bytes, size: int, units: int) -> ModelCard:
    saved = json.loads(text)
    classes = tuple(str(name) for name in saved["classes"])
    if len(classes) != (2 if units == 1 else units):
        raise ValueError("Number of classes and of outputs differ")
    fit = saved.get("fit", "crop")
    if fit not in get_args(Fit):
        raise ValueError(f"Unknown fit {fit!r}")
    return ModelCard(
        classes=classes,
        size=size,
        fit=cast(Fit, fit),
        output="sigmoid" if units == 1 else "softmax",
        program=str(saved.get("program", "")),
        epoch=int(saved.get("epoch", 0)),
    )
