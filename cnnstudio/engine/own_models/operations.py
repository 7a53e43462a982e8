"""Calculations between layers: those of ``keras.ops``, and those that Keras 2 kept as TensorFlow's.

The official tutorials of Keras 2 put ``preprocess_input`` into the model; it stands in the file as
``tf.math.truediv`` and ``tf.math.subtract``. Such ones become layers of Keras' own.
"""

import inspect
import json
from typing import Any

import keras
from keras.src.ops import core, image, nn, numpy

from cnnstudio.engine.own_models.calls import Ref
from cnnstudio.engine.own_models.graph import Step
from cnnstudio.engine.own_models.settings import make_layer, plain
from cnnstudio.project.problems import Problem, ProblemError

_OF_KERAS: dict[str, frozenset[str]] = {
    "numpy": frozenset(
        [
            "Absolute",
            "Add",
            "Amax",
            "Amin",
            "Average",
            "Clip",
            "Concatenate",
            "Divide",
            "Exp",
            "ExpandDims",
            "Flip",
            "Fliplr",
            "Flipud",
            "GetItem",
            "Log",
            "Max",
            "Maximum",
            "Mean",
            "Min",
            "Minimum",
            "Moveaxis",
            "Multiply",
            "Negative",
            "Pad",
            "Power",
            "Prod",
            "Ravel",
            "Reciprocal",
            "Repeat",
            "Reshape",
            "Roll",
            "Sign",
            "Sqrt",
            "Square",
            "Squeeze",
            "Stack",
            "Std",
            "Subtract",
            "Sum",
            "Swapaxes",
            "Tanh",
            "Transpose",
            "TrueDivide",
            "Var",
            "Where",
        ]
    ),
    "nn": frozenset(
        [
            "AveragePool",
            "Celu",
            "Conv",
            "DepthToSpace",
            "DepthwiseConv",
            "Elu",
            "Gelu",
            "Glu",
            "HardSigmoid",
            "HardSilu",
            "HardTanh",
            "LayerNorm",
            "LeakyRelu",
            "LogSigmoid",
            "LogSoftmax",
            "MaxPool",
            "Normalize",
            "RMSNorm",
            "Relu",
            "Relu6",
            "Selu",
            "Sigmoid",
            "Silu",
            "Softmax",
            "Softplus",
            "Softsign",
            "SpaceToDepth",
        ]
    ),
    "image": frozenset(("RGBToGrayscale", "Resize")),
    "core": frozenset(("Cast", "StopGradient")),
}
_MODULES = {"numpy": numpy, "nn": nn, "image": image, "core": core}

_NAMES = {
    "truediv": "divide",
    "div": "divide",
    "divide": "divide",
    "realdiv": "divide",
    "multiply": "multiply",
    "mul": "multiply",
    "subtract": "subtract",
    "sub": "subtract",
    "add": "add",
    "addv2": "add",
    "__add__": "add",
    "bias_add": "add",
    "biasadd": "add",
    "relu": "relu",
    "relu6": "relu6",
    "sigmoid": "sigmoid",
    "softmax": "softmax",
    "tanh": "tanh",
    "swish": "silu",
    "silu": "silu",
    "cast": "same",
    "identity": "same",
    "stop_gradient": "same",
}
"""Last part of the name of a function or node of TensorFlow, and what it does."""

OLD = frozenset(("TFOpLambda", "TensorFlowOpLayer", "SlicingOpLambda"))


def is_operation(step: Step) -> bool:
    """Whether ``step`` is a calculation without weights, not a layer."""
    return ".ops." in step.module or step.type in OLD


def call_operation(step: Step, args: tuple[Any, ...], kwargs: dict[str, Any], file: str) -> Any:
    """What comes out of the operation for these symbolic tensors.

    Raises:
        ProblemError: if it is none of those that are opened here.
    """
    if step.type == "SlicingOpLambda":
        return _sliced(step, args, kwargs, file)
    if step.type in OLD:
        return _old(step, args, kwargs, file)
    name = step.module.rpartition(".")[2]
    if step.module != f"keras.src.ops.{name}" or step.type not in _OF_KERAS.get(name, ()):
        raise _unknown(step, step.type, file)
    made = getattr(_MODULES[name], step.type)
    known = set(inspect.signature(made.__init__).parameters) - {"self", "name", "dtype"}
    settings = {key: value for key, value in step.config.items() if key not in ("name", "dtype")}
    if "dtype" in step.config and name == "core":
        settings["dtype"], known = "float32", known | {"dtype"}
    if not settings.keys() <= known or not all(plain(each) for each in settings.values()):
        raise _unknown(step, step.type, file)
    return made(**settings, name=step.name)(*args, **kwargs)


def _old(step: Step, args: tuple[Any, ...], kwargs: dict[str, Any], file: str) -> Any:
    """A function of TensorFlow, as a layer of Keras that does the same."""
    function, kwargs = _function(step, kwargs)
    does = _NAMES.get(function.rpartition(".")[2].lower())
    first = args[0] if args else None
    tensors = list(first) if isinstance(first, list) else [first, *args[1:]]
    second = next(
        (kwargs[key] for key in ("y", "bias", "b") if kwargs.get(key) is not None),
        tensors[1] if len(tensors) > 1 else None,
    )
    x = tensors[0]
    if does is None or (not keras.ops.is_tensor(x) and not hasattr(x, "_keras_history")):
        raise _unknown(step, function, file)
    if does == "same":
        return x
    if does not in ("divide", "multiply", "subtract", "add"):
        if does == "relu6":
            return make_layer(_as(step, "ReLU", {"max_value": 6.0}), file)(x)
        return make_layer(_as(step, "Activation", {"activation": does}), file)(x)
    if hasattr(second, "_keras_history"):
        kind = {"multiply": "Multiply", "subtract": "Subtract", "add": "Add"}.get(does, "")
        if not kind:
            raise _unknown(step, function, file)
        return make_layer(_as(step, kind, {}), file)([x, second])
    if second is None or isinstance(second, str) or not plain(second):
        raise _unknown(step, function, file)
    return make_layer(_as(step, "Rescaling", _rescaling(does, second)), file)(x)


def _rescaling(does: str, by: Any) -> dict[str, Any]:
    """``x·scale + offset`` for one number, or one for each channel."""
    numbers = by if isinstance(by, list) else [by]
    while numbers and isinstance(numbers[0], list) and len(numbers) == 1:
        numbers = numbers[0]
    one = len(numbers) == 1

    def given(values: list[float]) -> Any:
        return values[0] if one else values

    match does:
        case "divide":
            return {"scale": given([1 / each for each in numbers]), "offset": 0.0}
        case "multiply":
            return {"scale": given(list(numbers)), "offset": 0.0}
        case "subtract":
            return {"scale": 1.0, "offset": given([-each for each in numbers])}
        case _:
            return {"scale": 1.0, "offset": given(list(numbers))}


def _sliced(step: Step, args: tuple[Any, ...], kwargs: dict[str, Any], file: str) -> Any:
    """``x[..., ::-1]``, with which Keras 2 turned RGB to BGR; no other cut is known."""
    spec = kwargs.get("slice_spec")
    last = spec[-1] if isinstance(spec, list) and spec else None
    turned = {"start": None, "stop": None, "step": -1}
    others = {"start": None, "stop": None, "step": None}
    rest = spec[:-1] if isinstance(spec, list) else []
    if last != turned or not all(each in (others, "...", {"value": "..."}) for each in rest):
        raise _unknown(step, "getitem", file)
    return numpy.Flip(axis=-1, name=step.name)(args[0])


def _function(step: Step, kwargs: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Name of the function, and its arguments; TensorFlow 2.0 to 2.3 wrote a node of a graph."""
    if step.type == "TFOpLambda":
        return str(step.config.get("function", "")), kwargs
    node = step.config.get("node_def", {})
    node = json.loads(node) if isinstance(node, str) else node
    constants = step.config.get("constants") or {}
    more = {"y": constants["1"]} if set(constants) == {"1"} else {}
    return str(node.get("op", "") if len(constants) == len(more) else ""), kwargs | more


def _as(step: Step, kind: str, config: dict[str, Any]) -> Step:
    return Step(step.name, kind, "", config, (Ref(-1),), {}, step.path, "")


def _unknown(step: Step, kind: str, file: str) -> ProblemError:
    values = {"layer": step.name, "type": kind}
    return ProblemError(Problem("model_layer_unknown", file=file, values=values))
