"""Where a layer's input comes from, in the words of both dialects.

Keras 2 writes ``[["conv1", 0, 0, {…}]]``, Keras 3 ``{"args": […], "kwargs": {…}}`` with tensors
that name the layer they come from.
"""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

Json = Any
"""What a JSON file can hold."""


_DTYPES = frozenset(("float32", "float64", "int32", "int64", "uint8", "bool"))


@dataclass(frozen=True)
class Ref:
    """What comes out of the step ``index``; -1 is the picture."""

    index: int


class _Found(Protocol):
    def __call__(self, name: str, number: int) -> Ref: ...


@dataclass
class Finder:
    """Turns the file's way of naming a tensor into :class:`Ref`; None while it is not there."""

    known: dict[tuple[str, int], Ref]
    calls: dict[str, int]
    names: list[str]

    def tensor(self, history: tuple[str, int]) -> Ref | None:
        """Where a layer stands once, its number of calls says nothing (dialects differ)."""
        name, number = history
        if name not in self.names:
            raise ValueError(f"No layer {name}")
        return self.known.get((name, 0 if self.calls[name] <= 1 else number))

    def arguments(self, call: Json) -> tuple[tuple[Any, ...], dict[str, Any]] | None:
        """Positional and named arguments of one call, once all tensors in it are known."""
        missing: list[str] = []

        def found(name: str, number: int) -> Ref:
            ref = self.tensor((name, number))
            if ref is None:
                missing.append(name)
                return Ref(-1)
            return ref

        if isinstance(call, dict):
            args = tuple(_modern(each, found) for each in call["args"])
            kwargs = {key: _modern(each, found) for key, each in call["kwargs"].items()}
        else:
            args, kwargs = self._old(call, found)
        return None if missing else (args, kwargs)

    def _old(self, call: Json, found: _Found) -> tuple[tuple[Any, ...], dict[str, Any]]:
        if isinstance(call[0], str):
            call = [call]
        tensors: list[Any] = []
        kwargs: dict[str, Any] = {}
        for name, number, value, *more in call:
            tensors.append(value if name == "_CONSTANT_VALUE" else found(name, number))
            for key, given in (more[0] if more else {}).items():
                kwargs[key] = self._old_value(given, found)
        return (tensors[0] if len(tensors) == 1 else tensors,), kwargs

    def _old_value(self, value: Json, found: _Found) -> Any:
        is_tensor = (
            isinstance(value, list)
            and len(value) == 3
            and isinstance(value[0], str)
            and value[0] in self.names
            and all(isinstance(each, int) for each in value[1:])
        )
        return found(value[0], value[1]) if is_tensor else value


def _modern(value: Json, found: _Found) -> Any:
    """An argument as Keras 3 writes it."""
    if isinstance(value, list):
        return [_modern(each, found) for each in value]
    if not isinstance(value, dict):
        return value
    config: Any = value.get("config")
    match value.get("class_name"):
        case "__keras_tensor__":
            name, number, _ = config["keras_history"]
            return found(name, number)
        case "__numpy__" | "__tensor__":
            dtype = config.get("dtype")
            return np.asarray(config["value"], dtype if dtype in _DTYPES else "float32")
        case "__slice__":
            return slice(*(_modern(config[key], found) for key in ("start", "stop", "step")))
        case "__ellipsis__":
            return Ellipsis
        case None:
            return {key: _modern(each, found) for key, each in value.items()}
        case _:
            raise ValueError("An argument of an unknown kind")


def calls_of(layer: dict[str, Json]) -> list[Json]:
    """Every time that the layer is called."""
    nodes = layer.get("inbound_nodes", [])
    if nodes and isinstance(nodes[0], list) and nodes[0] and isinstance(nodes[0][0], str):
        return [[node] for node in nodes]  # operations of Keras 2 stand one list less deep
    return list(nodes)


def histories(value: Json) -> list[tuple[str, int]]:
    """``["name", 0, 0]``, or a list or dictionary of such."""
    if isinstance(value, dict):
        value = list(value.values())
    if value and isinstance(value[0], str):
        value = [value]
    return [(str(name), int(number)) for name, number, *_ in value]
