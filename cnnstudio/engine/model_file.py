"""A ``.keras`` file that also says what its classes are called.

The file is the zip archive that Keras writes, with one member more, ``class_names.json``: readable
with ``zipfile`` and ``json`` alone, and passed over by ``keras.saving.load_model``.
"""

import json
import os
import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, cast, get_args

import keras

from cnnstudio import __version__
from cnnstudio.project.files import written_atomically
from cnnstudio.project.pictures import Fit
from cnnstudio.project.problems import Problem, ProblemError

MEMBER = "class_names.json"


@dataclass(frozen=True)
class ModelCard:
    """What a model must be accompanied by to be used. ``classes`` in the order of the outputs."""

    classes: tuple[str, ...]
    size: int
    fit: Fit
    output: Literal["sigmoid", "softmax"]
    program: str = f"CNN Studio {__version__}"


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


def load_model(path: Path) -> LoadedModel:
    """Read a model that :func:`save_model` wrote. Nothing in the file is executed.

    Raises:
        ProblemError: ``model_missing``, ``model_damaged``, ``model_without_classes`` or
            ``model_takes_no_pictures``.
    """
    if not os.path.isfile(path):  # noqa: PTH113 (raises nothing, whatever the path)
        raise ProblemError(Problem("model_missing", file=str(path)))
    damaged = Problem("model_damaged", file=str(path))
    if not zipfile.is_zipfile(path):
        raise ProblemError(damaged)
    try:
        with zipfile.ZipFile(path) as archive:
            text = archive.read(MEMBER) if MEMBER in archive.namelist() else None
        model = keras.saving.load_model(path, compile=False, safe_mode=True)
        shape, outputs = model.input_shape, model.output_shape
    except MemoryError:
        raise
    except Exception as error:  # zipfile, json, h5py and Keras raise a dozen types between them
        raise ProblemError(damaged) from error
    if not (isinstance(shape, tuple) and len(shape) == 4 and shape[1] and shape[1] == shape[2]):
        raise ProblemError(Problem("model_takes_no_pictures", file=str(path)))
    if shape[3] != 3 or not isinstance(outputs, tuple) or len(outputs) != 2:
        raise ProblemError(Problem("model_takes_no_pictures", file=str(path)))
    if text is None:
        raise ProblemError(Problem("model_without_classes", file=str(path)))
    try:
        card = _read_card(text, shape[1], outputs[1])
    except (ValueError, KeyError, TypeError) as error:
        raise ProblemError(damaged) from error
    return LoadedModel(model, card)


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
    )
