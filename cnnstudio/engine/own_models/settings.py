"""Which layers of Keras a file may name, and its settings in the words of today's Keras."""

import inspect
from collections.abc import Mapping
from functools import cache
from typing import Any

import keras
from keras.src.applications.convnext import LayerScale
from keras.src.applications.inception_resnet_v2 import CustomScaleLayer

from cnnstudio.engine.own_models.graph import Step
from cnnstudio.project.problems import Problem, ProblemError

_PLAIN = [
    "Activation",
    "Add",
    "Average",
    "AveragePooling2D",
    "BatchNormalization",
    "CenterCrop",
    "Concatenate",
    "Conv1D",
    "Conv2D",
    "Conv2DTranspose",
    "Cropping2D",
    "Dense",
    "DepthwiseConv2D",
    "Dropout",
    "ELU",
    "Flatten",
    "GRU",
    "GaussianDropout",
    "GaussianNoise",
    "GlobalAveragePooling1D",
    "GlobalAveragePooling2D",
    "GlobalMaxPooling1D",
    "GlobalMaxPooling2D",
    "GroupNormalization",
    "Identity",
    "LSTM",
    "LayerNormalization",
    "LeakyReLU",
    "MaxPooling1D",
    "MaxPooling2D",
    "Maximum",
    "Minimum",
    "Multiply",
    "Normalization",
    "PReLU",
    "Permute",
    "ReLU",
    "Rescaling",
    "Reshape",
    "Resizing",
    "SeparableConv2D",
    "SimpleRNN",
    "Softmax",
    "SpatialDropout2D",
    "Subtract",
    "UnitNormalization",
    "UpSampling2D",
    "ZeroPadding2D",
    "AlphaDropout",
    "ThresholdedReLU",
]

LAYERS: dict[str, Any] = {
    name: getattr(keras.layers, name) for name in _PLAIN if hasattr(keras.layers, name)
} | {
    "LayerScale": LayerScale,
    "CustomScaleLayer": CustomScaleLayer,
    "BatchNormalizationV1": keras.layers.BatchNormalization,
    "BatchNormalizationV2": keras.layers.BatchNormalization,
    "SyncBatchNormalization": keras.layers.BatchNormalization,
    "Convolution2D": keras.layers.Conv2D,
    "SeparableConvolution2D": keras.layers.SeparableConv2D,
    "MaxPool2D": keras.layers.MaxPooling2D,
    "AvgPool2D": keras.layers.AveragePooling2D,
    "GlobalAvgPool2D": keras.layers.GlobalAveragePooling2D,
    "GlobalMaxPool2D": keras.layers.GlobalMaxPooling2D,
    "LSTMV2": keras.layers.LSTM,
    "GRUV2": keras.layers.GRU,
}

PASSED_OVER = frozenset(
    [
        "ActivityRegularization",
        "AutoContrast",
        "RandAugment",
        "RandomBrightness",
        "RandomColorJitter",
        "RandomContrast",
        "RandomCrop",
        "RandomErasing",
        "RandomFlip",
        "RandomGrayscale",
        "RandomHeight",
        "RandomHue",
        "RandomInvert",
        "RandomPosterization",
        "RandomRotation",
        "RandomSaturation",
        "RandomSharpness",
        "RandomShear",
        "RandomTranslation",
        "RandomWidth",
        "RandomZoom",
        "StochasticDepth",
    ]
) - {"AutoContrast", "RandomCrop"}
"""Layers that do something while training only: augmentation has a page of its own."""

_NEUTRAL: dict[str, tuple[Any, ...]] = {
    "groups": (1,),
    "renorm": (False,),
    "virtual_batch_size": (None,),
    "adjustment": (None,),
    "stateful": (False,),
    "return_state": (False,),
    "quantization_config": (None,),
    "batch_size": (None,),
    "activity_regularizer": (None,),
    "lora_rank": (None,),
    "zero_output_for_mask": (False,),
    "rms_scaling": (False,),
    "seed_generator": (None,),
}
"""Settings that may stand in a file where they change nothing."""

_MEANINGLESS = frozenset(
    [
        "batch_input_shape",
        "batch_shape",
        "dtype",
        "fused",
        "implementation",
        "input_dim",
        "input_dtype",
        "input_length",
        "input_spec",
        "name",
        "ragged",
        "renorm_clipping",
        "renorm_momentum",
        "sparse",
        "time_major",
        "trainable",
        "unroll",
        "build_input_shape",
        "kernel_initializer",
        "synchronized",
        "autocast",
        "registered_name",
        "reset_after",
    ]
)
"""Settings that may stand in a file where today's Keras does not know them."""

_RENAMED: Mapping[tuple[str, str], str] = {("LeakyReLU", "alpha"): "negative_slope"}

_INITIALISERS = frozenset(
    [
        "Constant",
        "GlorotNormal",
        "GlorotUniform",
        "HeNormal",
        "HeUniform",
        "Identity",
        "LecunNormal",
        "LecunUniform",
        "Ones",
        "Orthogonal",
        "RandomNormal",
        "RandomUniform",
        "TruncatedNormal",
        "VarianceScaling",
        "Zeros",
    ]
)
_REGULARISERS = frozenset(("L1", "L2", "L1L2"))
_CONSTRAINTS = frozenset(("MaxNorm", "MinMaxNorm", "NonNeg", "UnitNorm"))
_ACTIVATION_LAYERS = frozenset(("ELU", "LeakyReLU", "ReLU", "Softmax"))
_ACTIVATIONS = frozenset(
    [
        "elu",
        "exponential",
        "gelu",
        "hard_sigmoid",
        "hard_silu",
        "hard_swish",
        "leaky_relu",
        "linear",
        "log_sigmoid",
        "log_softmax",
        "mish",
        "relu",
        "relu6",
        "selu",
        "sigmoid",
        "silu",
        "softmax",
        "softplus",
        "softsign",
        "swish",
        "tanh",
    ]
)
_DEEPEST_LIST = 4
_LARGEST_NUMBER = 10**9


def make_layer(step: Step, file: str) -> keras.Layer:
    """The layer that ``step`` describes.

    Raises:
        ProblemError: if it or one of its settings is not opened here.
    """
    made: Any = LAYERS.get(step.type)
    if made is None:
        raise _problem("model_layer_unknown", file, step, type=step.type)
    known = _parameters(made)
    settings: dict[str, Any] = {}
    for key, value in step.config.items():
        key = _RENAMED.get((step.type, key), key)
        if key in ("name", "trainable", "dtype", "unroll", "stateful", "return_state"):
            _check_neutral(key, value, step, file)
        elif key == "data_format":
            if value == "channels_first":
                raise _problem("model_channels_first", file, step)
        elif key in known and key != "activity_regularizer":
            settings[key] = _setting(key, value, step, file)
        else:
            _check_neutral(key, value, step, file)
    if "axis" in settings and issubclass(made, keras.layers.BatchNormalization):
        settings["axis"] = _last_axis(settings["axis"], step, file)
    try:
        return made(**settings, name=step.name)
    except (TypeError, ValueError, OverflowError) as error:
        raise _problem("model_setting_unknown", file, step, setting=str(error)[:80]) from error


def plain(value: Any, depth: int = 0) -> bool:
    """Whether ``value`` is a number, a word, or a list of such."""
    if isinstance(value, list | tuple):
        return depth < _DEEPEST_LIST and all(plain(each, depth + 1) for each in value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return abs(value) <= _LARGEST_NUMBER or value != value or isinstance(value, float)
    return value is None or isinstance(value, bool | str)


def _setting(key: str, value: Any, step: Step, file: str) -> Any:
    """One setting as Keras takes it."""
    if key == "activation" or key.endswith("_activation"):
        return _activation(key, value, step, file)
    if key.endswith("initializer"):
        return _object(key, value, _INITIALISERS, step, file)
    if key.endswith("regularizer"):
        return _object(key, value, _REGULARISERS, step, file)
    if key.endswith("constraint"):
        return _object(key, value, _CONSTRAINTS, step, file)
    if isinstance(value, dict) and value.get("class_name") in ("__numpy__", "__tensor__"):
        value = value["config"]["value"]
    if isinstance(value, dict) and value.get("class_name") == "__tuple__":
        value = value["items"]
    if key == "groups" and value is None:
        value = 1
    if not plain(value):
        raise _problem("model_setting_unknown", file, step, setting=key)
    return value


def _activation(key: str, value: Any, step: Step, file: str) -> Any:
    if isinstance(value, dict):
        kind, config = value.get("class_name"), value.get("config")
        if kind in _ACTIVATION_LAYERS and isinstance(config, dict):
            inside = Step(f"{step.name}_{kind.lower()}", kind, "", config, (), {}, step.path, "")
            return make_layer(inside, file)
        if kind == "function" and isinstance(config, str):
            value = config
        else:
            raise _problem("model_layer_unknown", file, step, type=str(kind))
    if value is None:
        return None
    name = str(value).lower().removeprefix("keras>")
    if name not in _ACTIVATIONS:
        raise _problem("model_layer_unknown", file, step, type=str(value))
    return "relu6" if name == "relu6" else name


def _object(key: str, value: Any, known: frozenset[str], step: Step, file: str) -> Any:
    """An initialiser, regulariser or constraint: named, or with plain settings of its own."""
    if value is None:
        return None
    if isinstance(value, str):
        value = {"class_name": "".join(part.title() for part in value.split("_")), "config": {}}
    name = value.get("class_name", "")
    name = next((each for each in known if each.lower() == str(name).lower()), "")
    config = value.get("config") or {}
    if not name or not isinstance(config, dict) or not all(plain(each) for each in config.values()):
        if key.endswith("initializer"):  # only numbers that are replaced at once come from it
            return "zeros"
        raise _problem("model_setting_unknown", file, step, setting=key)
    module = {
        _INITIALISERS: keras.initializers,
        _REGULARISERS: keras.regularizers,
        _CONSTRAINTS: keras.constraints,
    }[known]
    made = getattr(module, name)
    accepted = _parameters(made)
    given = {key: each for key, each in config.items() if key in accepted}
    try:
        return made(**given)
    except (TypeError, ValueError) as error:
        raise _problem("model_setting_unknown", file, step, setting=key) from error


def _last_axis(axis: Any, step: Step, file: str) -> int:
    """Keras 2 wrote the axis of the channels as a list."""
    found = axis[0] if isinstance(axis, list) and len(axis) == 1 else axis
    if not isinstance(found, int) or isinstance(found, bool):
        raise _problem("model_setting_unknown", file, step, setting="axis")
    if found == 1:
        raise _problem("model_channels_first", file, step)
    return found


def _check_neutral(key: str, value: Any, step: Step, file: str) -> None:
    if key in _NEUTRAL:
        if value in _NEUTRAL[key]:
            return
    elif key in _MEANINGLESS or value is None:
        return
    raise _problem("model_setting_unknown", file, step, setting=key)


@cache
def _parameters(made: Any) -> frozenset[str]:
    """What its constructor takes by name."""
    kinds = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    found = inspect.signature(made.__init__).parameters.values()
    return frozenset(each.name for each in found if each.kind in kinds) - {"self"}


def _problem(kind: str, file: str, step: Step, **values: str) -> ProblemError:
    return ProblemError(Problem(kind, file=file, values={"layer": step.name, **values}))
