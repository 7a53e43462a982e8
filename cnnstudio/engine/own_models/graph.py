"""A model's description as a flat list of steps: nested models opened, both dialects understood.

Nothing of Keras is asked here: what comes out are plain values.
"""

import re
from dataclasses import dataclass, field, replace
from typing import Any

from cnnstudio.engine.own_models.calls import Finder, Json, Ref, calls_of, histories
from cnnstudio.project.problems import Problem, ProblemError

Path = tuple[str, ...]
"""Names of the models that something stands in, and its own, as the file has them."""

_MODELS = frozenset({"Sequential", "Functional", "Model"})
_DEEPEST_MODELS = 12
_DEEPEST_VALUES = 60
_MOST_STEPS = 5000
_ALWAYS_DROPPED = frozenset({"training", "mask"})


@dataclass(frozen=True)
class Step:
    """One layer or operation, called once.

    ``args`` and ``kwargs`` hold :class:`Ref` where a tensor stands. ``store`` is where a ``.keras``
    file keeps its numbers, ``top`` the outermost layer that it belongs to, ``trained`` whether the
    file has it trained: both decide where an HDF5 file keeps them.
    """

    name: str
    type: str
    module: str
    config: dict[str, Json]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    path: Path
    store: str
    trained: bool = True

    @property
    def refs(self) -> tuple[Ref, ...]:
        """All tensors that go in."""
        return tuple(_refs_in([self.args, self.kwargs]))

    @property
    def top(self) -> str:
        """Name of the outermost layer that it belongs to."""
        return self.path[0]


@dataclass(frozen=True)
class Graph:
    """All steps in an order in which each comes after what it takes; ``output`` is the index of
    the last one; ``input_shape`` is (height, width, channels), as far as the file says it."""

    steps: tuple[Step, ...]
    output: Ref
    input_shape: tuple[int | None, ...] | None
    file: str

    def needed(self, until: Ref) -> set[int]:
        """Indices of the steps that ``until`` follows from, itself among them."""
        found: set[int] = set()
        waiting = [until.index]
        while waiting:
            index = waiting.pop()
            if index >= 0 and index not in found:
                found.add(index)
                waiting += [ref.index for ref in self.steps[index].refs]
        return found


def flat_graph(config: dict[str, Json], file: str) -> Graph:
    """The steps of the model that ``config`` describes; ``file`` is the one to name.

    Raises:
        ProblemError: if it is no functional or sequential model of one picture and one output,
            holds code, or is damaged.
    """
    try:
        _check_values(config, file)
        reader = _Reader(file)
        shape = _input_shape(config)
        output = reader.read(config, Ref(-1), (), "", True)
        if output.index < 0:
            raise ValueError("A model without layers")
        return Graph(tuple(reader.steps), output, shape, file)
    except (KeyError, ValueError, TypeError, IndexError, AttributeError, RecursionError) as error:
        raise ProblemError(Problem("model_damaged", file=file)) from error


@dataclass
class _Reader:
    file: str
    steps: list[Step] = field(default_factory=list)

    def read(
        self, model: dict[str, Json], given: Ref, path: Path, store: str, trained: bool
    ) -> Ref:
        """Add the steps of ``model``, which takes ``given``, and say what comes out of it."""
        if len(path) > _DEEPEST_MODELS:
            raise self.problem("model_too_deep", count=_DEEPEST_MODELS)
        self._check_model(model)
        config = model["config"]
        layers = config if isinstance(config, list) else config["layers"]
        trained = trained and _is_trained(config)
        stores = _stores(layers, store)
        if model["class_name"] == "Sequential":
            for layer, place in zip(layers, stores, strict=True):
                if layer["class_name"] != "InputLayer":
                    given = self._add(layer, (given,), {}, path, place, trained)
            return given
        return self._read_functional(config, given, path, stores, trained)

    def _read_functional(
        self, config: Json, given: Ref, path: Path, stores: list[str], trained: bool
    ) -> Ref:
        layers = config["layers"]
        inputs, outputs = histories(config["input_layers"]), histories(config["output_layers"])
        if len(inputs) != 1:
            raise self.problem("model_many_inputs", count=len(inputs))
        if len(outputs) != 1:
            raise self.problem("model_many_outputs", count=len(outputs))
        names = [_name_of(layer) for layer in layers]
        if len(set(names)) != len(names):
            raise ValueError("Two layers of one name")
        known: dict[tuple[str, int], Ref] = {(inputs[0][0], 0): given}
        calls = {name: calls_of(layer) for name, layer in zip(names, layers, strict=True)}
        find = Finder(known, {name: len(each) for name, each in calls.items()}, names)
        waiting = [
            (name, number, layer, place)
            for name, layer, place in zip(names, layers, stores, strict=True)
            for number in range(len(calls[name]))
            if layer["class_name"] != "InputLayer"
        ]
        while waiting:
            left = []
            for name, number, layer, place in waiting:
                call = find.arguments(calls[name][number])
                if call is None:
                    left.append((name, number, layer, place))
                    continue
                args, kwargs = call
                known[name, number] = self._add(layer, args, kwargs, path, place, trained)
            if len(left) == len(waiting):
                raise ValueError("Layers that wait for each other")
            waiting = left
        found = find.tensor(outputs[0])
        if found is None:
            raise ValueError("No output")
        return found

    def _add(
        self,
        layer: dict[str, Json],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        path: Path,
        store: str,
        trained: bool,
    ) -> Ref:
        config = layer["config"]
        name = _name_of(layer)
        if _is_model(layer):
            given = list(_refs_in([args, kwargs]))
            if len(given) != 1:
                raise self.problem("model_many_inputs", count=len(given))
            return self.read(layer, given[0], (*path, name), store, trained)
        if len(self.steps) >= _MOST_STEPS:
            raise self.problem("model_too_large", asked=">", what="layers", most=_MOST_STEPS)
        self.steps.append(
            Step(
                name=name,
                type=layer["class_name"],
                module=str(layer.get("module") or ""),
                config=dict(config),
                args=args,
                kwargs={key: value for key, value in kwargs.items() if key not in _ALWAYS_DROPPED},
                path=(*path, name),
                store=store,
                trained=trained and _is_trained(config),
            )
        )
        self._check_registered(layer, name)
        return Ref(len(self.steps) - 1)

    def _check_model(self, model: dict[str, Json]) -> None:
        if not _is_model(model):
            name = str(model["class_name"])
            raise self.problem("model_of_own_class", type=name)
        self._check_registered(model, _name_of(model))

    def _check_registered(self, layer: dict[str, Json], name: str) -> None:
        """Keras' own are registered under no name or their own; others came with a program."""
        kind, registered = layer["class_name"], layer.get("registered_name")
        module = str(layer.get("module") or "keras")
        from_keras = module.partition(".")[0] in ("keras", "tf_keras") or module.startswith(
            ("tensorflow.python.keras", "tensorflow.keras")
        )
        if not from_keras or registered not in (None, kind, f"Keras>{kind}"):
            if _is_model(layer):
                raise self.problem("model_of_own_class", type=str(registered or kind))
            raise self.problem("model_layer_unknown", layer=name, type=str(registered or kind))

    def problem(self, kind: str, **values: str | int | float) -> ProblemError:
        return ProblemError(Problem(kind, file=self.file, values=values))


def _stores(layers: list[Json], store: str) -> list[str]:
    """Where Keras keeps each layer's numbers: by class, counted; operations have none."""
    counted: dict[str, int] = {}
    found = []
    for layer in layers:
        if ".ops." in str(layer.get("module") or ""):
            found.append("")
            continue
        kind = layer["class_name"]
        name = _snake_case("Functional" if kind == "Model" else kind)
        number = counted.get(name, 0)
        counted[name] = number + 1
        place = f"{name}_{number}" if number else name
        found.append(f"{store}/layers/{place}".lstrip("/"))
    return found


def _snake_case(name: str) -> str:
    """As ``keras.src.utils.naming.to_snake_case``."""
    name = re.sub(r"\W+", "", name)
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()


def _input_shape(model: dict[str, Json]) -> tuple[int | None, ...] | None:
    """What the model takes, without the batch axis; looked for in its first layers."""
    config = model["config"]
    layers = config if isinstance(config, list) else config.get("layers", [])
    if _is_model(model) and model["class_name"] != "Sequential":
        name = histories(config["input_layers"])[0][0]
        layers = [layer for layer in layers if _name_of(layer) == name]
    for layer in layers[:1]:
        own = layer["config"]
        if isinstance(own, dict):
            shape = own.get("batch_input_shape") or own.get("batch_shape")
            if shape:
                return _shape(shape)
        if _is_model(layer) and (found := _input_shape(layer)):
            return found
    if isinstance(config, dict) and config.get("build_input_shape"):
        return _shape(config["build_input_shape"])
    return None


def _shape(value: list[Json]) -> tuple[int | None, ...]:
    if not all(side is None or (isinstance(side, int) and side > 0) for side in value[1:]):
        raise ValueError("A shape that is none")
    return tuple(value[1:])


def _is_model(layer: dict[str, Json]) -> bool:
    config = layer["config"]
    has_layers = isinstance(config, list) or (isinstance(config, dict) and "layers" in config)
    return layer["class_name"] in _MODELS and has_layers


def _is_trained(config: Json) -> bool:
    return not isinstance(config, dict) or config.get("trainable") is not False


def _name_of(layer: dict[str, Json]) -> str:
    config = layer["config"]
    inside = config.get("name") if isinstance(config, dict) else None
    return str(layer.get("name") or inside or layer["class_name"])


def _refs_in(value: Any) -> list[Ref]:
    if isinstance(value, Ref):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return [ref for each in value for ref in _refs_in(each)]
    return []


def with_refs(value: Any, tensors: dict[int, Any]) -> Any:
    """``value`` with every :class:`Ref` replaced by what came out of that step."""
    if isinstance(value, Ref):
        return tensors[value.index]
    if isinstance(value, dict):
        return {key: with_refs(each, tensors) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(with_refs(each, tensors) for each in value)
    return value


def _check_values(config: Json, file: str) -> None:
    """No code anywhere, and nothing so deep that walking it would fail."""
    waiting: list[tuple[Json, int, str]] = [(config, 0, "")]
    while waiting:
        value, depth, layer = waiting.pop()
        if isinstance(value, dict):
            inside = value.get("config")
            if isinstance(inside, dict) and isinstance(inside.get("name"), str):
                layer = inside["name"]
            kind = value.get("class_name")
            if kind in ("Lambda", "__lambda__") or "py_function" in str(value.get("function")):
                values = {"layer": layer, "type": str(kind)}
                raise ProblemError(Problem("model_carries_code", file=file, values=values))
            inner = (each for key, each in value.items() if key != "compile_config")
            waiting += [(each, depth + 1, layer) for each in inner]
        elif isinstance(value, list):
            waiting += [(each, depth + 1, layer) for each in value]
        if depth > _DEEPEST_VALUES:
            values_deep: dict[str, str | int | float] = {"count": _DEEPEST_MODELS}
            raise ProblemError(Problem("model_too_deep", file=file, values=values_deep))


def renamed(step: Step, name: str) -> Step:
    """The same step under another name."""
    return replace(step, name=name)
