"""Frozen layers as one function give what they give one by one."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from cnnstudio.engine import folding
from cnnstudio.engine.folding import as_graph

PICTURES = np.random.default_rng(2).integers(0, 256, (3, 17, 17, 3), np.uint8)


def settled(model: keras.Model) -> keras.Model:
    """``model`` with moving averages as after a training, frozen."""
    random = np.random.default_rng(3)
    for layer in model.layers:
        layer.trainable = False
        for variable in layer.variables:
            low = 0.5 if "variance" in variable.path or "gamma" in variable.path else -0.5
            variable.assign(random.uniform(low, 1.5 if low > 0 else 0.5, variable.shape))
    return model


def network(pad: tuple[tuple[int, int], tuple[int, int]] = ((1, 1), (1, 1))) -> keras.Model:
    """Every way in which a convolution and what stands around it may be folded, or may not."""
    layers = keras.layers
    picture = keras.Input((17, 17, 3))
    x = layers.Rescaling(1 / 255)(picture)
    x = layers.ZeroPadding2D(pad)(x)
    x = layers.Conv2D(8, 3, strides=2)(x)
    x = layers.BatchNormalization(scale=False)(x)
    x = layers.ReLU(6.0)(x)
    x = layers.DepthwiseConv2D(3, padding="same", use_bias=False, depth_multiplier=2)(x)
    x = layers.BatchNormalization(center=False)(x)
    both = layers.Conv2D(6, 1, use_bias=False)(x)  # taken twice: its normalisation stays
    x = layers.Add()([both, layers.BatchNormalization()(both)])
    x = layers.Conv2D(6, 3, dilation_rate=2, padding="same", activation="swish")(x)
    x = layers.BatchNormalization()(x)  # behind a curve: it stays
    x = layers.Dropout(0.5)(x)
    side = layers.Conv2D(4, 3, groups=2)(x)
    return settled(keras.Model(picture, [layers.GlobalAveragePooling2D()(x), side]))


def expected(model: keras.Model) -> np.ndarray:
    given = model(PICTURES.astype(np.float32), training=False)
    return np.concatenate([np.reshape(each, (3, -1)) for each in given], axis=1)


@pytest.mark.parametrize("pad", [((1, 1), (1, 1)), ((0, 2), (2, 0))], ids=["as same", "otherwise"])
def test_folded_layers_give_the_same(pad: tuple[tuple[int, int], tuple[int, int]]) -> None:
    model = network(pad)
    given = as_graph(model, 17)(tf.constant(PICTURES)).numpy()
    assert given.dtype == np.float32
    np.testing.assert_allclose(given, expected(model), rtol=1e-4, atol=1e-5)


def test_convolutions_take_what_stands_around_them_with_them() -> None:
    found = folding._convolutions(network())
    norms = [type(each.norm).__name__ for each in found]
    # Without a convolution in groups, which is left to Keras.
    assert sorted(norms) == ["BatchNormalization", "BatchNormalization", "NoneType", "NoneType"]
    assert sum(each.pad is not None for each in found) == 1
    assert all(each.pad is None for each in folding._convolutions(network(((0, 2), (2, 0)))))


def test_with_numbers_of_16_bits_they_give_nearly_the_same() -> None:
    model = network()
    given = as_graph(model, 17, is_short=True)(tf.constant(PICTURES)).numpy()
    wanted = expected(model)
    away = np.abs(given - wanted).max() / np.abs(wanted).max()
    assert 0 < away < 0.03


def test_what_cannot_be_folded_runs_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object) -> None:
        raise ValueError("no constants today")

    monkeypatch.setattr(folding, "convert_variables_to_constants_v2", refuse)
    model = network()
    given = as_graph(model, 17)(tf.constant(PICTURES)).numpy()
    np.testing.assert_allclose(given, expected(model), rtol=1e-4, atol=1e-5)


def test_large_weights_stay_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folding, "FOLDED_BYTES_AT_MOST", 100)
    monkeypatch.setattr(folding, "_Folded", None)
    model = network()
    given = as_graph(model, 17)(tf.constant(PICTURES)).numpy()
    np.testing.assert_allclose(given, expected(model), rtol=1e-5, atol=1e-6)
