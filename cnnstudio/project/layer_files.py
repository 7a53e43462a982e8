"""A list of layers as a JSON file: written from a classic, changed by hand, read again.

The file holds a list with an object for each layer, a layer a line. ``kind`` says what the layer
is; a setting that is left out has its usual value, and so has a name.
"""

import difflib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, get_args

import annotated_types
from pydantic import TypeAdapter, ValidationError

from cnnstudio.project.files import is_file, write_text_atomically
from cnnstudio.project.layer_kinds import Layer
from cnnstudio.project.layer_list import LAYER_KINDS, AnyLayer, LayerList
from cnnstudio.project.layer_names import with_own_name
from cnnstudio.project.problems import Problem, ProblemError, Value
from cnnstudio.project.project_folder import write_problem

WHERE = "network.layers"

_KINDS: dict[str, type[Layer]] = {each.model_fields["kind"].default: each for each in LAYER_KINDS}
_LAYER: TypeAdapter[AnyLayer] = TypeAdapter(AnyLayer)


def write_layers(layers: LayerList, path: Path) -> None:
    """Write ``layers`` with all their settings, a layer a line, over what was at ``path``.

    Raises:
        ProblemError: ``disk_full`` or ``cannot_write``.
    """
    lines = [json.dumps(_as_values(layer), ensure_ascii=False) for layer in layers]
    text = "[\n" + ",\n".join(f" {line}" for line in lines) + "\n]\n"
    try:
        write_text_atomically(path, text)
    except OSError as error:
        raise ProblemError(write_problem(error, path)) from error


def read_layers(path: Path) -> LayerList:
    """What a person or :func:`write_layers` wrote; layers without a name are given one.

    Whether the layers fit each other is for ``layer_shapes.py`` to say.

    Raises:
        ProblemError: naming the file, and the line or the layer in it that is wrong.
    """
    content = _read(path)
    if not isinstance(content, list):
        raise ProblemError(Problem("layers_file_without_list", WHERE, str(path)))
    layers: list[AnyLayer] = []
    for number, values in enumerate(content, start=1):
        try:
            layers.append(_LAYER.validate_python(values))
        except ValidationError as error:
            raise ProblemError(_problem(values, number, path, error)) from error
    taken = {layer.name for layer in layers}
    for place, layer in enumerate(layers):
        if not layer.name:
            layers[place] = with_own_name(layer, taken)
            taken.add(layers[place].name)
    return tuple(layers)


def _as_values(layer: AnyLayer) -> dict[str, Any]:
    """What says most comes first."""
    values = layer.model_dump()
    return {"kind": values.pop("kind"), "name": values.pop("name")} | values


def _read(path: Path) -> Any:
    if not is_file(path):
        raise ProblemError(Problem("layers_file_missing", WHERE, str(path)))
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except json.JSONDecodeError as error:
        values: dict[str, Value] = {"line": error.lineno, "column": error.colno}
        raise ProblemError(Problem("layers_file_no_json", WHERE, str(path), values)) from error
    except (OSError, ValueError, RecursionError) as error:
        raise ProblemError(Problem("layers_file_unreadable", WHERE, str(path))) from error


def _problem(values: Any, number: int, path: Path, error: ValidationError) -> Problem:
    """What is wrong with layer ``number`` of the file: the first thing that pydantic found."""
    told: dict[str, Value] = {"number": number}
    if not isinstance(values, dict) or "kind" not in values:
        told["choices"] = ", ".join(_KINDS)
        return Problem("layers_file_kind_missing", WHERE, str(path), told)
    kind = str(values["kind"])
    if kind not in _KINDS:
        told |= {"received": kind, "nearest": _nearest(kind, _KINDS), "choices": ", ".join(_KINDS)}
        return Problem("layers_file_kind_unknown", WHERE, str(path), told)
    known = _KINDS[kind].model_fields
    # The place of an error begins with the layer's kind.
    first = error.errors()[0]
    name = str(first["loc"][1]) if len(first["loc"]) > 1 else ""
    told["name"] = name
    if name not in known:
        told |= {"kind": kind, "nearest": _nearest(name, known), "choices": ", ".join(known)}
        return Problem("layers_file_setting_unknown", WHERE, str(path), told)
    field = known[name]
    told["received"] = json.dumps(first["input"], ensure_ascii=False, default=str)
    if first["type"] == "literal_error":
        told["choices"] = ", ".join(get_args(field.annotation))
        return Problem("layers_file_setting_no_choice", WHERE, str(path), told)
    limits = _limits(field.metadata)
    if limits is not None:
        told |= {"low": f"{limits[0]:g}", "high": f"{limits[1]:g}"}
        return Problem("layers_file_setting_out_of_limits", WHERE, str(path), told)
    told["example"] = json.dumps(field.default)
    return Problem("layers_file_setting_wrong", WHERE, str(path), told)


def _nearest(name: str, known: Iterable[str]) -> str:
    return difflib.get_close_matches(name.lower(), list(known), 1, 0.0)[0]


def _limits(metadata: list[Any]) -> tuple[float, float] | None:
    """The lowest and highest value, whether or not they are allowed themselves."""
    low: Any = None
    high: Any = None
    for item in metadata:
        match item:
            case annotated_types.Ge(ge=limit) | annotated_types.Gt(gt=limit):
                low = limit
            case annotated_types.Le(le=limit) | annotated_types.Lt(lt=limit):
                high = limit
            case _:
                pass
    return None if low is None or high is None else (low, high)
