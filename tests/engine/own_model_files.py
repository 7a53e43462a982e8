"""Model files as Keras 2 and Teachable Machine write them, made with h5py and json alone.

The layout is that of ``keras_model.h5`` (Keras 2.4): attributes ``model_config``, ``keras_version``
and ``backend``, and in ``model_weights`` a group for each outermost layer with the attribute
``weight_names``. Keras 3's own writer has no part in it.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import numpy.typing as npt

Numbers = Mapping[str, npt.NDArray[np.float32]]
SIDE = 8
CLASSES = 3


def numbers_for(name: str, shape: tuple[int, ...]) -> npt.NDArray[np.float32]:
    """Different for every variable, the same at every run."""
    count = int(np.prod(shape))
    seed = sum(ord(letter) for letter in name)
    wave = np.sin(np.arange(count) * 1.7 + seed).astype(np.float32)
    if "variance" in name or "gamma" in name:
        wave = 1 + 0.3 * wave
    return (0.6 * wave).astype(np.float32).reshape(shape)


def layer(kind: str, name: str, given: list[str] | None = None, **config: Any) -> dict[str, Any]:
    """A layer in the words of Keras 2; with ``given`` as it stands in a functional model."""
    found: dict[str, Any] = {
        "class_name": kind,
        "config": {"name": name, "trainable": True, "dtype": "float32", **config},
    }
    if given is not None:
        nodes = [[[each, 0, 0, {}] for each in given]] if given else []
        found |= {"name": name, "inbound_nodes": nodes}
    return found


def initialiser(name: str) -> dict[str, Any]:
    return {"class_name": name, "config": {"seed": None} if "Glorot" in name else {}}


def convolution(kind: str, name: str, given: str, **config: Any) -> dict[str, Any]:
    usual = {
        "padding": "same",
        "strides": [1, 1],
        "data_format": "channels_last",
        "dilation_rate": [1, 1],
        "groups": 1,
        "activation": "linear",
        "use_bias": False,
        "bias_initializer": initialiser("Zeros"),
        "kernel_regularizer": None,
        "activity_regularizer": None,
        "kernel_constraint": None,
    }
    return layer(kind, name, [given], **(usual | config))


def batch_norm(name: str, given: str) -> dict[str, Any]:
    return layer(
        "BatchNormalization",
        name,
        [given],
        axis=[3],
        momentum=0.999,
        epsilon=0.001,
        center=True,
        scale=True,
        gamma_initializer=initialiser("Ones"),
        moving_variance_initializer=initialiser("Ones"),
        beta_regularizer=None,
    )


def tiny_mobilenet() -> tuple[dict[str, Any], list[tuple[str, tuple[int, ...]]]]:
    """MobileNet's first block with a shortcut as in its second version, and its variables."""
    layers = [
        {
            "class_name": "InputLayer",
            "config": {
                "batch_input_shape": [None, SIDE, SIDE, 3],
                "dtype": "float32",
                "sparse": False,
                "ragged": False,
                "name": "input_1",
            },
            "name": "input_1",
            "inbound_nodes": [],
        },
        convolution(
            "Conv2D",
            "conv1",
            "input_1",
            filters=4,
            kernel_size=[3, 3],
            kernel_initializer=initialiser("GlorotUniform"),
        ),
        batch_norm("conv1_bn", "conv1"),
        layer("ReLU", "conv1_relu", ["conv1_bn"], max_value=6.0, negative_slope=0.0, threshold=0.0),
        convolution(
            "DepthwiseConv2D",
            "conv_dw_1",
            "conv1_relu",
            kernel_size=[3, 3],
            depth_multiplier=1,
            depthwise_initializer=initialiser("GlorotUniform"),
            depthwise_regularizer=None,
            depthwise_constraint=None,
        ),
        batch_norm("conv_dw_1_bn", "conv_dw_1"),
        layer(
            "ReLU",
            "conv_dw_1_relu",
            ["conv_dw_1_bn"],
            max_value=6.0,
            negative_slope=0.0,
            threshold=0.0,
        ),
        convolution(
            "Conv2D",
            "conv_pw_1",
            "conv_dw_1_relu",
            filters=4,
            kernel_size=[1, 1],
            kernel_initializer=initialiser("GlorotUniform"),
        ),
        batch_norm("conv_pw_1_bn", "conv_pw_1"),
        layer("Add", "add", ["conv1_relu", "conv_pw_1_bn"]),
    ]
    config = {
        "name": "model1",
        "layers": layers,
        "input_layers": [["input_1", 0, 0]],
        "output_layers": [["add", 0, 0]],
    }
    norm = ("gamma", "beta"), ("moving_mean", "moving_variance")
    trained = [("conv1/kernel:0", (3, 3, 3, 4))]
    trained += [(f"conv1_bn/{each}:0", (4,)) for each in norm[0]]
    trained += [("conv_dw_1/depthwise_kernel:0", (3, 3, 4, 1))]
    trained += [(f"conv_dw_1_bn/{each}:0", (4,)) for each in norm[0]]
    trained += [("conv_pw_1/kernel:0", (1, 1, 4, 4))]
    trained += [(f"conv_pw_1_bn/{each}:0", (4,)) for each in norm[0]]
    at = ("conv1", "conv_dw_1", "conv_pw_1")
    others = [(f"{name}_bn/{each}:0", (4,)) for name in at for each in norm[1]]
    return {"class_name": "Model", "config": config}, trained + others


def teachable_machine() -> tuple[dict[str, Any], dict[str, list[tuple[str, tuple[int, ...]]]]]:
    """Sequential [ Sequential [ Model, pooling ], Sequential [ Dense, Dense ] ], and variables."""
    model, variables = tiny_mobilenet()
    dense = {
        "kernel_regularizer": None,
        "kernel_initializer": {
            "class_name": "VarianceScaling",
            "config": {
                "scale": 1,
                "mode": "fan_in",
                "distribution": "truncated_normal",
                "seed": None,
            },
        },
    }
    first = [model, layer("GlobalAveragePooling2D", "pooling", data_format="channels_last")]
    second = [
        layer(
            "Dense",
            "dense_Dense1",
            units=5,
            activation="relu",
            use_bias=True,
            batch_input_shape=[None, 4],
            **dense,
        ),
        layer(
            "Dense", "dense_Dense2", units=CLASSES, activation="softmax", use_bias=False, **dense
        ),
    ]
    nested = [
        {"class_name": "Sequential", "config": {"name": name, "layers": layers}}
        for name, layers in (("sequential_1", first), ("sequential_3", second))
    ]
    config = {"class_name": "Sequential", "config": {"name": "sequential_4", "layers": nested}}
    heads = [
        ("dense_Dense1/kernel:0", (4, 5)),
        ("dense_Dense1/bias:0", (5,)),
        ("dense_Dense2/kernel:0", (5, CLASSES)),
    ]
    return config, {"sequential_1": variables, "sequential_3": heads}


def write_h5(
    path: Path,
    config: dict[str, Any],
    variables: Mapping[str, list[tuple[str, tuple[int, ...]]]],
    *,
    nameless: bool = False,
) -> None:
    """Write it as Keras 2.4 did; ``nameless`` gives the variables names that tell nothing."""
    with h5py.File(path, "w") as file:
        file.attrs["keras_version"] = b"2.4.0"
        file.attrs["backend"] = b"tensorflow"
        file.attrs["model_config"] = json.dumps(config).encode()
        groups = file.create_group("model_weights")
        groups.attrs["layer_names"] = [name.encode() for name in variables]
        groups.attrs["keras_version"] = b"2.4.0"
        groups.attrs["backend"] = b"tensorflow"
        for top, listed in variables.items():
            group = groups.create_group(top)
            written = []
            for number, (name, shape) in enumerate(listed):
                shown = f"{top}/variable_{number}:0" if nameless else name
                group.create_dataset(shown, data=numbers_for(name, shape))
                written.append(shown.encode())
            group.attrs["weight_names"] = written


def write_teachable_machine(folder: Path, *, nameless: bool = False, labels: str = "") -> Path:
    """``keras_model.h5`` with ``labels.txt`` beside it, as in the unpacked download."""
    path = folder / "keras_model.h5"
    write_h5(path, *teachable_machine(), nameless=nameless)
    if labels:
        (folder / "labels.txt").write_text(labels, encoding="utf-8")
    return path


def expected_features(pictures: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """What the tiny MobileNet gives, by NumPy alone; ``pictures`` (N, side, side, 3), −1 to 1."""
    _, variables = tiny_mobilenet()
    found = {name: numbers_for(name, shape).astype(np.float64) for name, shape in variables}

    def norm(x: npt.NDArray[np.float64], name: str) -> npt.NDArray[np.float64]:
        gamma, beta, mean, variance = (
            found[f"{name}/{each}:0"]
            for each in ("gamma", "beta", "moving_mean", "moving_variance")
        )
        return gamma * (x - mean) / np.sqrt(variance + 0.001) + beta

    def relu6(x: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return x.clip(0, 6)

    windows = _windows(pictures.astype(np.float64))
    first = np.einsum("nhwijc,ijcf->nhwf", windows, found["conv1/kernel:0"])
    first = relu6(norm(first, "conv1_bn"))
    kernel = found["conv_dw_1/depthwise_kernel:0"][..., 0]
    second = np.einsum("nhwijc,ijc->nhwc", _windows(first), kernel)
    third = relu6(norm(second, "conv_dw_1_bn")) @ found["conv_pw_1/kernel:0"][0, 0]
    return first + norm(third, "conv_pw_1_bn")


def expected_answers(pictures: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """What the whole file gives, by NumPy alone."""
    _, variables = teachable_machine()
    head = {n: numbers_for(n, s).astype(np.float64) for n, s in variables["sequential_3"]}
    pooled = expected_features(pictures).mean(axis=(1, 2))
    hidden = (pooled @ head["dense_Dense1/kernel:0"] + head["dense_Dense1/bias:0"]).clip(0)
    given = np.exp(hidden @ head["dense_Dense2/kernel:0"])
    return given / given.sum(axis=1, keepdims=True)


def _windows(x: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """(N, height, width, 3, 3, channels): what each place sees, zeros around ('same')."""
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
    seen = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(1, 2))
    return seen.transpose(0, 1, 2, 4, 5, 3)
