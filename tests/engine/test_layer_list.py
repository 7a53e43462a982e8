"""Layers of a list as Keras' own: what they compute, where they begin, that they can be saved."""

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from cnnstudio.engine.networks.layer_list import layer_list
from cnnstudio.project import layer_kinds as kinds
from cnnstudio.project.layer_blocks import LSTM, AuxiliaryClassifier, InceptionModule, ResidualBlock
from cnnstudio.project.layer_kinds import ACTIVATIONS, INITIALISERS
from cnnstudio.project.layer_list import LayerList
from cnnstudio.project.problems import ProblemError

EVERY_KIND: LayerList = (
    kinds.Conv2D(name="conv", filters=6, activation="leaky_relu", l1=1e-4),
    kinds.LocalResponseNormalization(name="response", neighbours=3),
    kinds.LocalResponseNormalization(name="response_again"),
    kinds.DepthwiseConv2D(name="depthwise", multiplier=2, initialiser="constant", constant=0.2),
    kinds.MaxPooling2D(name="max"),
    kinds.SeparableConv2D(name="separable", filters=8, l2=1e-3, activation="swish"),
    kinds.BatchNormalization(name="norm"),
    kinds.ActivationLayer(name="gelu", activation="gelu"),
    kinds.Dropout(name="maps_out", whole_maps=True),
    AuxiliaryClassifier(name="beside"),
    ResidualBlock(name="residual", filters=8),
    ResidualBlock(name="narrow", filters=4, form="bottleneck", strides=2),
    InceptionModule(name="inception", filters_1x1=3, filters_3x3=4, filters_5x5=5, filters_pool=6),
    kinds.AveragePooling2D(name="mean", size=3, strides=1, padding="same"),
    LSTM(name="lstm", units=9),
    kinds.Dropout(name="numbers_out"),
    kinds.Flatten(name="flat"),
    kinds.Dense(name="dense", units=5, activation="softplus"),
)


def built(layers: LayerList, shape: tuple[int, ...] = (12, 12, 3)) -> keras.Model:
    picture = keras.Input(shape, name="picture")
    return keras.Model(picture, layer_list(picture, layers))


def maps(shape: tuple[int, ...], scale: float = 1.0) -> np.ndarray:
    return (scale * np.random.default_rng(5).normal(size=shape)).astype(np.float32)


def test_every_kind_is_saved_and_loaded_by_plain_keras_in_safe_mode(tmp_path: Path) -> None:
    assert {type(layer) for layer in EVERY_KIND} | {
        kinds.GlobalAveragePooling2D,
        kinds.GlobalMaxPooling2D,
    } == set(kinds.Layer.__subclasses__()) - {kinds._Weighted, kinds._Pooling} | set(
        kinds._Weighted.__subclasses__()
    ) | set(kinds._Pooling.__subclasses__())
    model = built(EVERY_KIND, (24, 24, 3))
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras", safe_mode=True)
    pictures = maps((2, 24, 24, 3))
    np.testing.assert_allclose(again(pictures), model(pictures), atol=1e-6)
    assert [each.name for each in again.operations] == [each.name for each in model.operations]


@pytest.mark.parametrize("neighbours", [1, 3, 5])
def test_local_response_normalisation_is_tensorflows(neighbours: int) -> None:
    layer = kinds.LocalResponseNormalization(
        name="norm", neighbours=neighbours, offset=1.5, scale=0.3, exponent=0.6
    )
    given = maps((2, 4, 5, 7), 3.0)
    expected = tf.nn.local_response_normalization(given, neighbours // 2, 1.5, 0.3, 0.6)
    np.testing.assert_allclose(built((layer,), (4, 5, 7))(given), expected, rtol=1e-5, atol=1e-6)


def test_a_residual_block_adds_its_input_to_what_it_computes() -> None:
    model = built((ResidualBlock(name="block", filters=3),), (6, 6, 3))
    for name in ("block_conv1", "block_conv2"):
        layer = model.get_layer(name)
        layer.set_weights([np.zeros_like(each) for each in layer.get_weights()])
    given = maps((2, 6, 6, 3))
    np.testing.assert_allclose(model(given), np.maximum(given, 0), atol=1e-6)
    assert "block_conv_shortcut" not in [layer.name for layer in model.layers]


def test_a_bottleneck_has_a_shortcut_of_its_own_where_the_shape_changes() -> None:
    block = ResidualBlock(name="block", filters=4, form="bottleneck", strides=2)
    model = built((block,), (6, 6, 3))
    assert model.output_shape == (None, 3, 3, 16)
    convolutions = {
        layer.name: (layer.kernel_size[0], layer.strides[0], layer.use_bias)
        for layer in model.layers
        if isinstance(layer, keras.layers.Conv2D)
    }
    assert convolutions == {
        "block_conv1": (1, 1, False),
        "block_conv2": (3, 2, False),
        "block_conv3": (1, 1, False),
        "block_conv_shortcut": (1, 2, False),
    }


def test_the_first_convolution_of_a_bottleneck_may_have_the_strides() -> None:
    block = ResidualBlock(name="block", filters=4, form="bottleneck", strides=2, strides_first=True)
    model = built((block,), (6, 6, 3))
    strides = [model.get_layer(f"block_conv{number}").strides[0] for number in (1, 2, 3)]
    assert strides == [2, 1, 1]
    assert model.output_shape == (None, 3, 3, 16)


def test_an_inception_module_has_relu_after_every_convolution() -> None:
    model = built((InceptionModule(name="module"),), (8, 8, 3))
    assert model.output_shape == (None, 8, 8, 64 + 128 + 32 + 32)
    convolutions = [each for each in model.layers if isinstance(each, keras.layers.Conv2D)]
    assert len(convolutions) == 6
    assert {each.activation for each in convolutions} == {keras.activations.relu}


def test_an_lstm_reads_rows_from_the_top() -> None:
    model = built((LSTM(name="lstm", units=4),), (3, 2, 2))
    given = maps((1, 3, 2, 2))
    rows = given.reshape(1, 3, 4)
    np.testing.assert_allclose(model(given), model.get_layer("lstm")(rows), atol=1e-6)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation_is_keras_own(activation: Any) -> None:
    given = maps((2, 3, 3, 2), 2.0)
    alone = built((kinds.ActivationLayer(name="curve", activation=activation),), (3, 3, 2))
    expected = keras.activations.get(activation)(given)
    np.testing.assert_allclose(alone(given), expected, atol=1e-6)


@pytest.mark.parametrize("initialiser", INITIALISERS)
def test_weights_begin_as_the_initialiser_says(initialiser: Any) -> None:
    layers: LayerList = (
        kinds.Conv2D(name="conv", filters=64, initialiser=initialiser, constant=0.25),
        kinds.SeparableConv2D(name="separable", filters=4, initialiser=initialiser, constant=0.25),
        kinds.DepthwiseConv2D(name="depthwise", initialiser=initialiser, constant=0.25),
        kinds.Flatten(name="flat"),
        kinds.Dense(name="dense", units=40, initialiser=initialiser, constant=0.25),
    )
    model = built(layers, (6, 6, 16))
    fixed = {"zeros": 0.0, "ones": 1.0, "constant": 0.25}
    for layer in ("conv", "separable", "depthwise", "dense"):
        kernels = [each for each in model.get_layer(layer).get_weights() if each.ndim > 1]
        assert kernels
        for kernel in kernels:
            if initialiser in fixed:
                assert np.all(kernel == fixed[initialiser])
            else:
                assert len(np.unique(kernel)) > 3
    if initialiser not in fixed:
        fan_in, fan_out = 9 * 16, 9 * 64
        variance = {
            "glorot": 2 / (fan_in + fan_out),
            "he": 2 / fan_in,
            "lecun": 1 / fan_in,
        }[initialiser.split("_")[0]]
        kernel = model.get_layer("conv").get_weights()[0]
        assert kernel.std() == pytest.approx(variance**0.5, rel=0.1)


def test_the_price_of_weights_is_in_the_losses() -> None:
    layers: LayerList = (
        kinds.Conv2D(name="conv", filters=1, kernel=1, initialiser="ones", l1=0.5, l2=0.25),
        kinds.SeparableConv2D(name="separable", filters=1, kernel=1, initialiser="ones", l2=0.125),
        kinds.DepthwiseConv2D(name="depthwise", kernel=1, initialiser="ones", l1=1),
        kinds.Conv2D(name="free", filters=1, kernel=1, initialiser="ones"),
    )
    losses = [float(each) for each in built(layers, (4, 4, 2)).losses]
    assert sorted(losses) == [0.125, 0.125, 1.0, 2 * 0.5 + 2 * 0.25]


@pytest.mark.parametrize(
    ("layers", "kind", "name"),
    [
        ((kinds.Dense(name="dense"),), "layer_wants_list", "dense"),
        ((kinds.Flatten(name="flat"), kinds.Conv2D(name="conv")), "layer_wants_maps", "conv"),
        ((LSTM(name="lstm"), LSTM(name="again")), "layer_wants_maps", "again"),
        (
            (kinds.Conv2D(name="conv", kernel=9, padding="valid"),),
            "layer_window_too_large",
            "conv",
        ),
        (
            (LSTM(name="lstm"), AuxiliaryClassifier(name="beside")),
            "layer_wants_maps",
            "beside",
        ),
        ((kinds.Flatten(name="a"), kinds.Flatten(name="a")), "layer_name_twice", "a"),
        (
            (ResidualBlock(name="a"), kinds.BatchNormalization(name="a_norm1")),
            "layer_name_twice",
            "a_norm1",
        ),
        ((kinds.Flatten(name="a/b"),), "layer_name_unusable", "a/b"),
        ((kinds.Flatten(name="output"),), "layer_name_reserved", "output"),
    ],
)
def test_what_does_not_fit_is_a_problem_of_that_layer(
    layers: LayerList, kind: str, name: str
) -> None:
    with pytest.raises(ProblemError) as caught:
        built(layers, (4, 4, 1))
    assert (caught.value.problem.kind, caught.value.problem.values["name"]) == (kind, name)
