"""An opened model file: its steps, and Keras layers made of them with the file's numbers."""

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import keras
from keras.src.backend.common.stateless_scope import in_stateless_scope

from cnnstudio.engine.networks.head import is_head
from cnnstudio.engine.networks.preprocessing import INPUT_NAME
from cnnstudio.engine.networks.weightless import without_weights
from cnnstudio.engine.own_models.calls import Ref
from cnnstudio.engine.own_models.class_names import LABELS, METADATA, class_names
from cnnstudio.engine.own_models.container import Container, open_container
from cnnstudio.engine.own_models.graph import Graph, Step, flat_graph, renamed, with_refs
from cnnstudio.engine.own_models.hdf5 import MOST_BYTES, too_large
from cnnstudio.engine.own_models.operations import call_operation, is_operation
from cnnstudio.engine.own_models.settings import PASSED_OVER, make_layer
from cnnstudio.engine.own_models.weights import check_weights, load_weights
from cnnstudio.project.files import version_of
from cnnstudio.project.problems import Problem, ProblemError

_MOST_NUMBERS_OF_A_LAYER = 2**28
_USUAL_SIDE = 224
_BYTES_OF_A_NUMBER = 4


@dataclass
class Made:
    """Layers made for steps: what came out of each, and the layers by index of the step."""

    tensors: dict[int, Any]
    layers: dict[int, tuple[Step, keras.Layer]] = field(default_factory=dict)

    def out_of(self, ref: Ref) -> Any:
        """The symbolic tensor of a step."""
        return self.tensors[ref.index]


@dataclass(frozen=True)
class OwnModel:
    """``classes`` is empty where the file does not say what its outputs are called."""

    container: Container
    graph: Graph
    classes: tuple[str, ...]

    @property
    def path(self) -> Path:
        """Where the file is."""
        return self.container.path

    @property
    def name(self) -> str:
        """What the file calls its model."""
        config = self.container.config["config"]
        return str(config.get("name") or "") if isinstance(config, dict) else ""

    @property
    def channels(self) -> int:
        """3 for colours, 1 for grey."""
        shape = self.graph.input_shape
        assert shape is not None
        return shape[2] or 3

    @property
    def sides(self) -> tuple[int | None, int | None]:
        """Height and width of its pictures, None where any will do."""
        shape = self.graph.input_shape
        assert shape is not None
        return shape[0], shape[1]

    @cached_property
    def looked(self) -> Made:
        """All layers at the file's own size, without numbers in them.

        Raises:
            ProblemError: if a layer cannot be made, or its file's numbers do not fit it.
        """
        height, width = (side or _USUAL_SIDE for side in self.sides)
        with without_weights():
            picture = keras.Input((height, width, self.channels))
            made = self.make(picture, self.graph.output, load=False)
        count = sum(layer.count_params() for _, layer in made.layers.values())
        if count * _BYTES_OF_A_NUMBER > MOST_BYTES:
            raise ProblemError(too_large(str(self.path), count * _BYTES_OF_A_NUMBER))
        return made

    @property
    def output_shape(self) -> tuple[int | None, ...]:
        """Of one picture's output."""
        return tuple(self.looked.out_of(self.graph.output).shape[1:])

    @property
    def parameters(self) -> int:
        """Of all layers together."""
        return sum(layer.count_params() for _, layer in self.looked.layers.values())

    def check(self) -> None:
        """Make all layers without numbers and compare them with the file's.

        Raises:
            ProblemError: whatever is wrong.
        """
        check_weights(self.container, self.looked.layers)

    def make(self, picture: Any, until: Ref, *, load: bool) -> Made:
        """Follow the symbolic ``picture``, prepared as the file wants it, up to the step ``until``.

        With ``load`` the file's numbers are put into the layers, otherwise they begin at random.

        Raises:
            ProblemError: if a layer cannot be made or the numbers do not fit.
        """
        if load and not in_stateless_scope():
            self.check()  # before room is made for what the file only claims to have
        made = Made({-1: picture})
        for index in sorted(self.graph.needed(until)):
            self._make_step(index, made)
        if load and not in_stateless_scope():
            load_weights(self.container, made.layers, self.looked.layers)
        return made

    def _make_step(self, index: int, made: Made) -> None:
        step, file = self.graph.steps[index], str(self.path)
        args, kwargs = with_refs(step.args, made.tensors), with_refs(step.kwargs, made.tensors)
        if step.type in PASSED_OVER:
            made.tensors[index] = args[0]
            return
        if not any(
            isinstance(each, keras.KerasTensor) for each in keras.tree.flatten((args, kwargs))
        ):
            # On constants alone Keras would compute at once, whatever size the file asks for.
            values = {"layer": step.name, "type": step.type}
            raise ProblemError(Problem("model_layer_unknown", file=file, values=values))
        try:
            if is_operation(step):
                result = call_operation(step, args, kwargs, file)
            else:
                layer = make_layer(step, file)
                made.layers[index] = step, layer
                given = {key: value for key, value in kwargs.items() if value is not None}
                result = layer(*args, **given)
        except (MemoryError, ProblemError):
            raise
        except Exception as error:  # layers raise a dozen types for shapes that do not fit
            values = {"layer": step.name, "type": step.type}
            raise ProblemError(Problem("model_layer_unknown", file=file, values=values)) from error
        if not hasattr(result, "shape"):
            raise self._problem("model_many_outputs", count=2)
        made.tensors[index] = result
        self._check_cost(step, made, index)

    def _check_cost(self, step: Step, made: Made, index: int) -> None:
        """Neither more numbers out of a layer nor in it than any usual model has."""
        out = _product(side or 1 for side in made.tensors[index].shape[1:])
        if out > _MOST_NUMBERS_OF_A_LAYER:
            raise ProblemError(too_large(str(self.path), out * _BYTES_OF_A_NUMBER))
        if index in made.layers:
            layer = made.layers[index][1]
            count = sum(_product(each.shape) for each in layer.variables)
            if count * _BYTES_OF_A_NUMBER > MOST_BYTES:
                raise ProblemError(too_large(str(self.path), count * _BYTES_OF_A_NUMBER))
            first = (each for each, (other, _) in made.layers.items() if other.path == step.path)
            if count and next(first) != index:
                raise self._problem("model_shares_layers", layer=step.name)

    def _problem(self, kind: str, **values: str | int | float) -> ProblemError:
        return ProblemError(Problem(kind, file=str(self.path), values=values))


def open_own_model(path: Path) -> OwnModel:
    """The model at ``path``; what is in it is parsed, nothing is run and no number read.

    Opened again, it is not parsed again unless it, or the names beside it, changed.

    Raises:
        ProblemError: what the file is instead, or what about it is not opened here.
    """
    beside = (path.with_name(LABELS), path.with_name(METADATA)) if path.name else ()
    return _opened(path, tuple(version_of(each) for each in (path, *beside)))


@lru_cache(maxsize=2)
def _opened(path: Path, versions: tuple[tuple[int, ...], ...]) -> OwnModel:
    container = open_container(path)
    try:
        graph = flat_graph(container.config, str(path))
        shape = graph.input_shape
        if shape is None or len(shape) != 3 or (shape[2] or 3) not in (1, 3):
            raise ProblemError(_takes_no_pictures(path, shape))
        named = _with_usable_names(graph)
        own = OwnModel(container, named, class_names(container))
        own.looked  # noqa: B018 (what cannot be made is told now)
        return own
    except ProblemError as error:
        raise ProblemError(_or_newer(error.problem, container)) from error


def _takes_no_pictures(path: Path, shape: tuple[int | None, ...] | None) -> Problem:
    if shape is not None and len(shape) == 3 and shape[0] in (1, 3) and shape[2] not in (1, 3):
        return Problem("model_channels_first", file=str(path))
    sides = "?" if shape is None else " × ".join(str(side or "?") for side in shape)
    return Problem("model_takes_no_pictures", file=str(path), values={"shape": sides})


def _or_newer(problem: Problem, container: Container) -> Problem:
    """What is unknown in a file of a newer Keras is most likely unknown for that reason."""
    if problem.kind not in ("model_layer_unknown", "model_setting_unknown"):
        return problem
    theirs, ours = _version(container.keras_version), _version(keras.__version__)
    if theirs <= ours:
        return problem
    values: dict[str, str | int | float] = {
        "version": container.keras_version,
        "known": keras.__version__,
        "layer": str(problem.values.get("layer", "")),
    }
    return Problem("model_from_newer_keras", file=problem.file, values=values)


def _version(text: str) -> tuple[int, ...]:
    numbers = []
    for part in text.split(".")[:2]:
        with contextlib.suppress(ValueError):
            numbers.append(int(part))
    return tuple(numbers)


def _with_usable_names(graph: Graph) -> Graph:
    """Every step under a name of its own that Keras takes and that no part of ours has.

    Where two nested models have layers of one name, the models' names are put before them. The
    names depend on the file alone, so that ticks stay with their layers.
    """
    taken: set[str] = set()
    steps = []
    for step in graph.steps:
        name = step.path[-1].replace("/", "_")
        is_ours = is_head(name) or name == INPUT_NAME or name.startswith("preprocessing_")
        if is_ours or not name:
            name = f"own_{name}"
        if name in taken and len(step.path) > 1:
            name = "_".join(step.path).replace("/", "_")
        plain, number = name, 1
        while name in taken:
            number += 1
            name = f"{plain}_{number}"
        taken.add(name)
        steps.append(renamed(step, name))
    return Graph(tuple(steps), graph.output, graph.input_shape, graph.file)


def _product(sides: Iterable[int]) -> int:
    product = 1
    for side in sides:
        product *= side
    return product
