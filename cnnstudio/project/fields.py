"""Every setting as its pydantic field declares it: for forms, ``--set``, checks and docs."""

import csv
import difflib
import types
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

import annotated_types
from pydantic import BaseModel, ValidationError

from cnnstudio.project.changed_network import with_network
from cnnstudio.project.dense_layers import dense_layers_from_text, nearest_dense_text
from cnnstudio.project.layer_files import read_layers
from cnnstudio.project.network import OWN_LAYERS, NetworkPlan
from cnnstudio.project.network_table import (
    choose_base,
    find_network,
    nearest_network,
    with_own_layers,
)
from cnnstudio.project.problems import Problem, ProblemError
from cnnstudio.project.project import CHAPTERS, Project
from cnnstudio.project.stages import nearest_stages_text, stages_from_text
from cnnstudio.project.words import N_, say

_BRINGS_OTHERS = ("network.base", "network.variant", "network.layers")

_OWN_WORDS: dict[str, Callable[[str], Any]] = {
    "network.dense": dense_layers_from_text,
    "training.stages": stages_from_text,
}
"""Settings that are written in a way of their own; ValueError where they are not."""

_EXPECTED_OWN: dict[str, tuple[str, str, Callable[[str], str]]] = {
    "network.dense": (
        N_(
            "UNITS:ACTIVATION:norm:dropout=SHARE for each layer, separated by commas; all but the "
            "units may be left out"
        ),
        "256:relu:dropout=0.5,64",
        nearest_dense_text,
    ),
    "training.stages": (
        N_(
            "WHAT:EPOCHS:SHARE OF THE RATE for each stage, separated by commas, where WHAT is "
            "head, blocks=2, layers=10, all, ticked or own=NAME|NAME"
        ),
        "head:20,blocks=2:10:0.01",
        nearest_stages_text,
    ),
}
"""Of the same settings: what is expected, an example, and what was most likely meant."""

FieldType = Literal["whole", "number", "switch", "choice", "text", "list"]

_EXPECTED = {
    "whole": (N_("a whole number"), "10"),
    "number": (N_("a number"), "0.5"),
    "switch": (N_("true or false"), "true"),
    "choice": (N_("one of the choices"), ""),
    "text": (N_("a text"), ""),
    "list": (N_("names separated by commas"), "a,b"),
}


@dataclass(frozen=True)
class FieldFacts:
    """One setting. ``title``, ``help`` and ``unit`` are marked English; ``low`` and ``high``
    are inclusive except where ``low_open`` says that the limit itself is not allowed."""

    chapter: str
    name: str
    title: str
    help: str
    type: FieldType
    default: Any
    low: float | None = None
    high: float | None = None
    low_open: bool = False
    choices: tuple[str, ...] = ()
    choice_titles: dict[str, str] = field(default_factory=dict)
    unit: str = ""
    step: float | None = None

    @property
    def path(self) -> str:
        """The name for ``--set``: ``chapter.field``."""
        return f"{self.chapter}.{self.name}"

    def allows(self, number: float) -> bool:
        """Whether ``number`` is within the limits (those that there are)."""
        is_low = self.low is not None and (
            number <= self.low if self.low_open else not number >= self.low
        )
        return not is_low and (self.high is None or number <= self.high)


@cache
def all_fields() -> tuple[FieldFacts, ...]:
    """Every setting, in the order of the chapters."""
    chapters = [(chapter, type(Project().chapter(chapter))) for chapter in CHAPTERS]
    return tuple(facts for chapter, plan in chapters for facts in facts_of_model(plan, chapter))


def facts_of_model(model: type[BaseModel], chapter: str) -> tuple[FieldFacts, ...]:
    """The fields of ``model``, in their order, so that a form can be made of any value."""
    found = []
    for name, info in model.model_fields.items():
        extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
        titles = extra.get("titles")
        step = extra.get("step")
        low, high, low_open = _limits(info.metadata)
        found.append(
            FieldFacts(
                chapter=chapter,
                name=name,
                title=info.title or name,
                help=info.description or "",
                type=_type_of(info.annotation),
                default=info.default,
                low=low,
                high=high,
                low_open=low_open,
                choices=_choices(info.annotation),
                choice_titles={str(k): str(v) for k, v in titles.items()}
                if isinstance(titles, dict)
                else {},
                unit=str(extra.get("unit", "")),
                step=float(step) if isinstance(step, int | float) else None,
            )
        )
    return tuple(found)


def field_facts(path: str) -> FieldFacts:
    """The setting called ``chapter.field``.

    Raises:
        ProblemError: ``unknown_field`` with the nearest spelling.
    """
    by_path = {each.path: each for each in all_fields()}
    if path in by_path:
        return by_path[path]
    names = {each.name: each.path for each in all_fields()}
    near = difflib.get_close_matches(path.lower(), list(by_path), 1, 0.0)
    tail = difflib.get_close_matches(path.rsplit(".", 1)[-1].lower(), list(names), 1, 0.75)
    nearest = names[tail[0]] if tail else near[0]
    raise ProblemError(Problem("unknown_field", path, values={"name": path, "nearest": nearest}))


def set_field(project: Project, path: str, text: str) -> Project:
    """``project`` with the setting ``path`` read from ``text``, as ``--set`` gives it.

    Choosing another base network also takes its usual picture size, and a variant its head, as
    the window does. Own layers are read from a file and become the base.

    Raises:
        ProblemError: naming the field, its limits and the nearest spelling.
    """
    facts = field_facts(path)
    if path == "network.layers":
        return with_network(project, _with_layers_of_file(project.network, text))
    value = _from_text(facts, text)
    if path == "network.base":
        row = find_network(text)
        if row is None:
            values = {"name": text, "nearest": nearest_network(text).key}
            raise ProblemError(Problem("unknown_network", path, values=values))
        network, pictures = choose_base(project.network, project.pictures, row)
        return with_network(project, network, pictures)
    if path == "network.variant":
        return with_network(project, _with_variant(project, text))
    chapter = project.chapter(facts.chapter)
    try:
        changed = type(chapter).model_validate(chapter.model_dump() | {facts.name: value})
    except ValidationError as error:
        raise ProblemError(_problem(facts, text)) from error
    return project.replacing(**{facts.chapter: changed})


def apply_settings(project: Project, assignments: list[str]) -> Project:
    """``project`` with every ``CHAPTER.FIELD=VALUE`` applied; first those that bring others along:
    the base network, its variant, its layers.

    Raises:
        ProblemError: for the first one that is wrong.
    """
    pairs = []
    for assignment in assignments:
        path, equals, text = assignment.partition("=")
        if not equals:
            problem = Problem("not_an_assignment", values={"received": assignment})
            raise ProblemError(problem)
        pairs.append((path.strip(), text.strip()))
    order = {path: place for place, path in enumerate(_BRINGS_OTHERS)}
    for path, text in sorted(pairs, key=lambda pair: order.get(pair[0], len(order))):
        project = set_field(project, path, text)
    return project


def _with_layers_of_file(network: NetworkPlan, file: str) -> NetworkPlan:
    """The layers of ``file`` as the base; no file, no layers."""
    if find_network(network.base) is None:
        network = network.model_copy(update={"base": OWN_LAYERS})
    return with_own_layers(network, read_layers(Path(file)) if file else ())


def _with_variant(project: Project, key: str) -> NetworkPlan:
    """The network in its variant ``key``, with the head of that; the pictures keep their size."""
    row = find_network(project.network.base)
    if row is None:
        return project.network.model_copy(update={"variant": key})
    if key and row.variant(key) is None:
        values: dict[str, str | int | float] = {
            "network": row.title,
            "received": key,
            "choices": ", ".join(each.key for each in row.variants) or "-",
        }
        raise ProblemError(Problem("unknown_variant", "network.variant", values=values))
    network, _ = choose_base(project.network, project.pictures, row, key)
    return network


def _from_text(facts: FieldFacts, text: str) -> Any:
    if facts.path in _OWN_WORDS:
        try:
            return _OWN_WORDS[facts.path](text)
        except ValueError as error:
            raise ProblemError(_problem(facts, text)) from error
    if facts.type == "list":
        # Read like a line of a CSV file: a name with a comma in it stands in quotes.
        try:
            parts = next(csv.reader([text], skipinitialspace=True), [])
        except csv.Error as error:
            raise ProblemError(_problem(facts, text)) from error
        return tuple(part.strip() for part in parts if part.strip())
    if facts.type in ("choice", "text"):
        return text
    return text.strip().lower()


def _problem(facts: FieldFacts, text: str) -> Problem:
    """Why ``text`` is no value for the field."""
    values: dict[str, str | int | float] = {"field": facts.path, "received": text}
    if facts.type == "choice":
        near = difflib.get_close_matches(text.lower(), facts.choices, 1, 0.0)
        values |= {"choices": ", ".join(facts.choices), "nearest": near[0]}
        return Problem("not_a_choice", facts.path, values=values)
    if facts.type in ("whole", "number") and facts.low is not None and facts.high is not None:
        try:
            number = float(text)
        except ValueError:
            number = None
        if number is not None and not facts.allows(number):
            kind = "out_of_open_limits" if facts.low_open else "out_of_limits"
            high = f"{int(facts.high)}" if facts.high % 1 == 0 else f"{facts.high:g}"
            values |= {"low": f"{facts.low:g}", "high": high}
            return Problem(kind, facts.path, values=values)
    expected, example = _EXPECTED[facts.type]
    if facts.path in _EXPECTED_OWN:
        expected, example, nearest = _EXPECTED_OWN[facts.path]
        example = nearest(text) or example
    values |= {"expected": say(expected), "example": f"{facts.path}={example}"}
    return Problem("not_a_value", facts.path, values=values)


def _type_of(annotation: Any) -> FieldType:
    simple: dict[Any, FieldType] = {bool: "switch", int: "whole", float: "number", str: "text"}
    if annotation in simple:
        return simple[annotation]
    if get_origin(annotation) is Literal:
        return "choice"
    if get_origin(annotation) in (Union, types.UnionType):
        return _type_of(next(a for a in get_args(annotation) if a is not type(None)))
    return "list"


def _choices(annotation: Any) -> tuple[str, ...]:
    return tuple(get_args(annotation)) if get_origin(annotation) is Literal else ()


def _limits(metadata: list[Any]) -> tuple[float | None, float | None, bool]:
    low: Any = None
    high: Any = None
    low_open = False
    for item in metadata:
        match item:
            case annotated_types.Ge(ge=limit):
                low = limit
            case annotated_types.Gt(gt=limit):
                low, low_open = limit, True
            case annotated_types.Le(le=limit):
                high = limit
            case _:
                pass
    return low, high, low_open
