"""How fast this computer is: a few small pieces of the work that a training is made of.

Each piece runs a few times and the quickest counts: whatever else the computer does meanwhile can
only make it slower.
"""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import psutil
import tensorflow as tf

from cnnstudio.engine.augment_steps import make_augment
from cnnstudio.engine.talk import Send, ShouldStop, stop_if_wanted
from cnnstudio.images.threads import cores
from cnnstudio.project.augmentation import AugmentationPlan
from cnnstudio.project.machine import MachineSpeed, machine_mark
from cnnstudio.protocol import Progress

_BATCH = 16
_TIMES = 3
_LAYERS = 20
_FEW_LAYERS, _MORE_LAYERS = 4, 12
_ENOUGH_SECONDS = 0.25
"""A piece is not repeated once it took so long altogether."""

_L = keras.layers
_clock = time.perf_counter
Work = Callable[[], Any]


def measure_machine(send: Send, should_stop: ShouldStop) -> MachineSpeed:
    """Measure for a few seconds.

    Raises:
        InterruptedError: once ``should_stop`` says so.
    """
    engine = psutil.Process().memory_info().rss
    pieces: list[tuple[str, Callable[[], tuple[float, float]]]] = [
        ("window", lambda: _layer(_L.Conv2D(96, 3, padding="same"), (28, 28, 96))),
        ("point", lambda: _layer(_L.Conv2D(192, 1), (28, 28, 96))),
        ("depthwise", lambda: _layer(_L.DepthwiseConv2D(3, padding="same"), (28, 28, 192))),
        ("dense", lambda: _layer(_L.Dense(1024), (4096,))),
        ("numbers", _numbers),
        ("layers", _layers),
        ("batch", _batch),
        ("making", _making),
        ("update", _update),
        ("augment", _augment),
        ("saving", _saving),
    ]
    found: dict[str, tuple[float, float]] = {}
    for done, (name, measure) in enumerate(pieces):
        stop_if_wanted(should_stop)
        send(Progress("machine", done, len(pieces)))
        found[name] = measure()
    send(Progress("machine", len(pieces), len(pieces)))
    return MachineSpeed(
        mark=machine_mark(),
        window_forward=found["window"][0],
        window_backward=found["window"][1],
        point_forward=found["point"][0],
        point_backward=found["point"][1],
        depthwise_forward=found["depthwise"][0],
        depthwise_backward=found["depthwise"][1],
        dense_forward=found["dense"][0],
        dense_backward=found["dense"][1],
        numbers_forward=found["numbers"][0],
        numbers_backward=found["numbers"][1],
        updated=found["update"][0],
        augmented=found["augment"][0],
        seconds_a_layer=found["layers"][0],
        seconds_a_layer_back=found["layers"][1],
        seconds_a_batch=found["batch"][0],
        seconds_a_layer_made=found["making"][0],
        saved=found["saving"][0],
        seconds_a_layer_saved=found["saving"][1],
        memory=psutil.virtual_memory().total,
        engine=engine,
        cores=cores(),
    )


def _seconds(work: Work) -> float:
    """The quickest of a few times, after one that makes the graph."""
    work()
    found: list[float] = []
    while len(found) < _TIMES or (sum(found) < _ENOUGH_SECONDS and len(found) < 4 * _TIMES):
        began = _clock()
        work()
        found.append(_clock() - began)
        if sum(found) > 2 * _ENOUGH_SECONDS:
            break
    return min(found)


def _there_and_back(layer: Any, shape: tuple[int, ...]) -> tuple[float, float]:
    """Seconds for a batch through ``layer``, and for the way back to weights and input."""
    numbers = tf.random.stateless_normal((_BATCH, *shape), (1, 2))
    layer.build((None, *shape))
    weights = list(layer.trainable_variables)

    @tf.function(autograph=False)  # type: ignore[untyped-decorator]
    def forward(given: tf.Tensor) -> tf.Tensor:
        return tf.reduce_sum(layer(given, training=False))

    @tf.function(autograph=False)  # type: ignore[untyped-decorator]
    def both(given: tf.Tensor) -> list[tf.Tensor]:
        with tf.GradientTape() as tape:
            tape.watch(given)
            out = tf.reduce_sum(tf.square(layer(given, training=True)))
        return [tf.reduce_sum(each) for each in tape.gradient(out, [given, *weights])]

    there = _seconds(lambda: forward(numbers).numpy())
    return there, max(_seconds(lambda: both(numbers)[0].numpy()) - there, there / 2)


def _layer(layer: Any, shape: tuple[int, ...]) -> tuple[float, float]:
    """Multiply-adds a second forward, and for one of the two ways back."""
    there, back = _there_and_back(layer, shape)
    kernel = next(each for each in layer.weights if len(each.shape) > 1)
    places = int(np.prod(shape[:-1])) if len(shape) > 1 else 1
    work = _BATCH * places * int(np.prod(kernel.shape))
    return work / there, 2 * work / back


def _numbers() -> tuple[float, float]:
    """Numbers a second through ReLU, there and back."""
    shape, steps = (56, 56, 64), 4
    picture = keras.Input(shape)
    out = picture
    for _ in range(steps):
        out = _L.ReLU()(out)
    there, back = _there_and_back(keras.Model(picture, out), shape)
    work = steps * _BATCH * int(np.prod(shape))
    return work / there, work / back


def _layers() -> tuple[float, float]:
    """Seconds that each layer costs at each batch, however small it is: there, and back."""
    there, back = _there_and_back(_many_layers(_LAYERS), (4, 4, 4))
    return there / _LAYERS, back / _LAYERS


def _making() -> tuple[float, float]:
    """Seconds that each layer costs when a graph is made for a training."""
    rows = np.zeros((4, 4, 4, 4), np.float32)
    found = []
    for count in (_FEW_LAYERS, _MORE_LAYERS):
        model = _many_layers(count)
        model.compile(optimizer="adam", loss="mse", jit_compile=False)
        began = _clock()
        model.train_on_batch(rows, rows)
        found.append(_clock() - began)
    more = max(1e-3, found[1] - found[0])
    return more / (_MORE_LAYERS - _FEW_LAYERS), 0.0


def _many_layers(count: int) -> keras.Model:
    picture = keras.Input((4, 4, 4))
    out = picture
    for _ in range(count):
        out = _L.Conv2D(4, 1)(out)
    return keras.Model(picture, out)


def _batch() -> tuple[float, float]:
    """Seconds that each batch costs in Keras' own loop."""
    count = 60
    model = keras.Sequential([keras.Input((4,)), _L.Dense(2)])
    model.compile(optimizer="adam", loss="mse", metrics=["accuracy"], jit_compile=False)
    rows = np.zeros((4 * count, 4), np.float32), np.zeros((4 * count, 2), np.float32)
    batches = tf.data.Dataset.from_tensor_slices(rows).batch(4)
    seconds = _seconds(lambda: model.fit(batches, verbose=0))
    return seconds / count, 0.0


def _update() -> tuple[float, float]:
    """Weights a second that Adam moves."""
    weight = keras.Variable(np.zeros((1024, 2048), np.float32))
    optimiser = keras.optimizers.Adam()
    optimiser.build([weight])
    gradient = tf.ones((1024, 2048))

    @tf.function(autograph=False)  # type: ignore[untyped-decorator]
    def step() -> None:
        optimiser.apply([gradient])

    return float(np.prod(weight.shape)) / _seconds(step), 0.0


def _augment() -> tuple[float, float]:
    """Pixels a second that are turned and moved."""
    side = 128
    plan = AugmentationPlan(rotation=20, width_shift=0.1, zoom=0.1, horizontal_flip=True)
    augment = make_augment(plan)
    pictures = tf.zeros((_BATCH, side, side, 3), tf.uint8)
    seed = tf.constant(1, tf.int64)
    return _BATCH * side * side / _seconds(lambda: augment(pictures, seed).numpy()), 0.0


def _saving() -> tuple[float, float]:
    """Bytes a second and seconds a layer of a model that is written to disk."""
    many = keras.Sequential([keras.Input((4,)), *(_L.Dense(4) for _ in range(_LAYERS))])
    large = keras.Sequential([keras.Input((1024,)), _L.Dense(4096)])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "measured.keras"
        a_layer = _seconds(lambda: many.save(path)) / _LAYERS
        seconds = max(1e-3, _seconds(lambda: large.save(path)) - a_layer)
    return 4 * large.count_params() / seconds, a_layer
