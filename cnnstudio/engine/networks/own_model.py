"""A network that begins as a model file of the person's own: as a base, or whole to go on with."""

import weakref
from dataclasses import dataclass
from pathlib import Path
from typing import Any, assert_never

import keras
import numpy as np

from cnnstudio.engine.networks.preprocessing import in_grey, preprocess
from cnnstudio.engine.networks.weightless import without_weights
from cnnstudio.engine.own_models.calls import Ref
from cnnstudio.engine.own_models.own_model import Made, OwnModel, open_own_model
from cnnstudio.engine.own_models.parts import ModelParts
from cnnstudio.project.network import NetworkPlan, PixelValues
from cnnstudio.project.network_facts import Group, LayerPart
from cnnstudio.project.network_row import Preprocessing
from cnnstudio.project.problems import Problem, ProblemError
from cnnstudio.project.words import N_

FILE = "network.model_file"
OUTPUT_ACTIVATION = "own_probabilities"

_PREPROCESSING: dict[PixelValues, Preprocessing] = {
    "0_255": "none",
    "0_1": "zero_to_one",
    "minus_one_to_one": "minus_one_to_one",
    "caffe": "caffe",
    "torch": "torch",
}
_NOTES: dict[Preprocessing, str] = {
    "minus_one_to_one": "own_model_minus_one_to_one",
    "caffe": "own_model_caffe",
    "torch": "own_model_torch",
}


@dataclass(frozen=True)
class Place:
    """Where a layer that came from a file stands."""

    part: LayerPart
    groups: tuple[Group, ...]


_places: "weakref.WeakKeyDictionary[keras.Layer, Place]" = weakref.WeakKeyDictionary()


def own_model(picture: Any, plan: NetworkPlan, num_classes: int) -> Any:
    """Follow the symbolic ``picture`` (batch, size, size, 3), RGB 0..255, with the plan's file.

    Gives the features of its base, or its own output (batch, units) where the plan keeps that.
    The layers begin with the file's numbers, unless the plan says 'random'.

    Raises:
        ProblemError: what is wrong with the file, or that it does not fit the pictures or classes.
    """
    own = open_own_model(Path(plan.model_file))
    parts = ModelParts(own)
    until = own.graph.output if plan.keep_output else parts.last_of_base
    if plan.keep_output:
        for problem in classes_problems(own, num_classes):
            raise ProblemError(problem)
    made, features = follow(
        own, picture, values_of(own, parts, plan.model_values), until, load=plan.weights != "random"
    )
    _remember_places(made, parts, keeps_output=plan.keep_output)
    if plan.keep_output:
        return as_probabilities(features, parts)
    return features


def place_of(layer: keras.Layer) -> Place | None:
    """Where a layer that came from a file stands; None for any other layer."""
    return _places.get(layer)


def follow(
    own: OwnModel, picture: Any, values: PixelValues, until: Ref, *, load: bool
) -> tuple[Made, Any]:
    """``own``'s layers up to ``until`` on ``picture`` (batch, size, size, 3), RGB 0..255.

    Raises:
        ProblemError: ``own_model_size`` where the file's layers cannot take pictures of this size.
    """
    _check_size(own, picture.shape[1], until)
    seen = in_grey(picture) if own.channels == 1 else picture
    made = own.make(preprocess(seen, _PREPROCESSING[values]), until, load=load)
    return made, made.out_of(until)


def as_probabilities(output: Any, parts: ModelParts) -> Any:
    """The file's output; where that is plain numbers, softmax or sigmoid after it."""
    if parts.ends_in_activation:
        return output
    layer = keras.layers.Activation(_activation(output), name=OUTPUT_ACTIVATION)
    _places[layer] = Place("head", ())
    return layer(output)


def values_of(own: OwnModel, parts: ModelParts, chosen: PixelValues) -> PixelValues:
    """What the file's first layer wants: as the person says, else by what is found in it.

    A file that begins with a layer that rescales or normalises, and one that CNN Studio exported,
    gets plain pixels; a known network what it was published with; any other one 0 to 1.
    """
    if chosen != "automatic":
        return chosen
    if parts.preparing_step is not None or own.container.class_names is not None:
        return "0_255"
    if parts.known_as is None:
        return "0_1"
    match parts.known_as.preprocessing:
        case "none":
            return "0_255"
        case "zero_to_one":
            return "0_1"
        case "minus_one_to_one" | "caffe" | "torch" as found:
            return found if own.channels == 3 or found == "minus_one_to_one" else "0_1"
        case never:
            assert_never(never)


def notes_on(plan: NetworkPlan) -> tuple[Problem, ...]:
    """What was found in the plan's file and should be said.

    Raises:
        ProblemError: as :func:`own_model`.
    """
    own = open_own_model(Path(plan.model_file))
    parts = ModelParts(own)
    found = [values_note(own, parts)] if plan.model_values == "automatic" else []
    if plan.keep_output and not parts.ends_in_activation:
        found.append(_logits_note(own))
    return tuple(found)


def values_note(own: OwnModel, parts: ModelParts) -> Problem:
    """Which values of the pixels were taken, and why."""
    where, file = "network.model_values", str(own.path)
    values = values_of(own, parts, "automatic")
    step, known = parts.preparing_step, parts.known_as
    if values == "0_255":
        layer = step.path[-1] if step is not None else known.title if known else own.path.stem
        return Problem("own_model_prepares", where, file, {"layer": layer})
    if values == "0_1" or known is None:
        return Problem("own_model_zero_to_one", where, file)
    return Problem(_NOTES[_PREPROCESSING[values]], where, file, {"network": known.title})


def classes_problems(own: OwnModel, num_classes: int) -> list[Problem]:
    """Why the file's output cannot be kept for ``num_classes`` classes, if it cannot."""
    shape, file = own.output_shape, str(own.path)
    if len(shape) != 1 or shape[0] is None:
        words = " × ".join(str(side or "?") for side in shape)
        return [Problem("model_gives_no_classes", FILE, file, {"shape": words})]
    found = classes_of(shape[0])
    if found != num_classes:
        values = {"found": found, "count": num_classes}
        return [Problem("own_model_classes_differ", FILE, file, values)]
    return []


def classes_of(units: int) -> int:
    """How many classes ``units`` outputs tell apart: one sigmoid tells two."""
    return 2 if units == 1 else units


def names_problems(own: OwnModel, classes: tuple[str, ...]) -> list[Problem]:
    """What to say of the names of a file whose output is kept, beside those of the pictures."""
    file = str(own.path)
    if len(own.classes) != len(classes):
        values = {"names": ", ".join(classes)}
        return [Problem("own_model_without_names", FILE, file, values)]
    if set(own.classes) != set(classes):
        values = {"found": ", ".join(own.classes)}
        return [Problem("own_model_other_names", FILE, file, values)]
    return []


def match_classes(model: keras.Model, plan: NetworkPlan, classes: tuple[str, ...]) -> list[Problem]:
    """Put the outputs that the file names into the order of ``classes``; say what does not match.

    A class whose name the file knows gets that output; the others get those that are left, in
    their order.
    """
    own = open_own_model(Path(plan.model_file))
    problems = names_problems(own, classes)
    if len(own.classes) == len(classes):
        left = [k for k, name in enumerate(own.classes) if name not in classes]
        order = [
            own.classes.index(name) if name in own.classes else left.pop(0) for name in classes
        ]
        if order != sorted(order):
            _reorder(model, order, str(own.path))
    return problems


def _reorder(model: keras.Model, order: list[int], file: str) -> None:
    """Output k becomes what output ``order[k]`` was: in the last layer that mixes its inputs, and
    in all that scale its outputs after it, trained or not.

    Raises:
        ProblemError: ``model_layer_unknown`` where the end of the model is none of those.
    """
    is_one_number = model.output_shape[-1] == 1
    for layer in reversed([each for each in model.layers if each.weights]):
        is_last = isinstance(layer, keras.layers.Dense | keras.layers.Conv2D)
        is_beside = all(len(each.shape) == 1 for each in layer.weights)
        if not is_last and (is_one_number or not is_beside):
            values = {"layer": layer.name, "type": type(layer).__name__}
            raise ProblemError(Problem("model_layer_unknown", FILE, file, values))
        for variable in layer.weights:
            numbers = np.asarray(variable.numpy())
            variable.assign(-numbers if is_one_number else numbers[..., order])
        if is_last:
            return


def _check_size(own: OwnModel, size: int, until: Ref) -> None:
    """A file's layers can take other sizes as long as all their weights keep their shapes."""
    height, width = own.sides
    if height in (size, None) and width in (size, None):
        return
    try:
        with without_weights():
            made = own.make(keras.Input((size, size, own.channels)), until, load=False)
    except ProblemError as error:
        raise _wrong_size(own, size) from error
    for index, (_, layer) in made.layers.items():
        usual = own.looked.layers[index][1]
        pairs = zip(layer.variables, usual.variables, strict=True)
        if any(tuple(one.shape) != tuple(other.shape) for one, other in pairs):
            raise _wrong_size(own, size)


def _wrong_size(own: OwnModel, size: int) -> ProblemError:
    height, width = own.sides
    if height != width:
        shape = {"shape": f"{height or '?'} × {width or '?'}"}
        return ProblemError(Problem("model_takes_no_squares", FILE, str(own.path), shape))
    values = {"size": height or 0, "wanted": size}
    return ProblemError(Problem("own_model_size", "pictures.size", str(own.path), values))


def _remember_places(made: Made, parts: ModelParts, *, keeps_output: bool) -> None:
    """Blocks of a known network, else the nested models; what an output is kept of is head."""
    base = [(step, layer) for step, layer in made.layers.values() if step.name in parts.base_names]
    known = parts.known_as
    if known is not None:
        groups = known.groups_of([step.path[-1].replace("/", "_") for step, _ in base])
    else:
        groups = _nested([step.path[:-1] for step, _ in base])
    for (_, layer), each in zip(base, groups, strict=True):
        _places[layer] = Place("base", each)
    for step, layer in made.layers.values():
        if keeps_output and step.name not in parts.base_names:
            _places[layer] = Place("head", ())


def _nested(paths: list[tuple[str, ...]]) -> list[tuple[Group, ...]]:
    """The nested models that layers stand in, the outermost first, without those around all."""
    around = 0
    while paths and all(len(path) > around and path[around] == paths[0][around] for path in paths):
        around += 1
    return [tuple((N_("Model {0}"), name) for name in path[around:]) for path in paths]


def _activation(output: Any) -> str:
    return "sigmoid" if output.shape[-1] == 1 else "softmax"


def _logits_note(own: OwnModel) -> Problem:
    activation = "sigmoid" if own.output_shape[-1:] == (1,) else "softmax"
    return Problem("own_model_logits", FILE, str(own.path), {"activation": activation})
