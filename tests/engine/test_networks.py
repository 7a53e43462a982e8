"""The built networks: what they compute and what is told of them."""

from pathlib import Path

import keras
import numpy as np
import pytest

from cnnstudio.engine.facts import describe
from cnnstudio.engine.networks.build import build
from cnnstudio.engine.weights import find_weights
from cnnstudio.project.dense_layers import DenseLayer
from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.network_facts import count_parameters, trained_layers
from cnnstudio.project.problems import ProblemError


def _pictures(size: int, count: int = 2) -> np.ndarray:
    shape = (count, size, size, 3)
    return np.random.default_rng(3).integers(0, 256, shape).astype(np.float32)


def _base_of(model: keras.Model, layer_name: str) -> keras.Model:
    return keras.Model(model.input, model.get_layer(layer_name).output)


def test_mobilenet_computes_what_keras_applications_computes(
    real_weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CNNSTUDIO_WEIGHTS", str(real_weights))
    plan = NetworkPlan(base="mobilenet_v2", width=0.35)
    file = find_weights(plan, 96)
    assert file is not None
    model = build(plan, 96, 2, file)
    reference = keras.applications.MobileNetV2(
        input_shape=(96, 96, 3), alpha=0.35, include_top=False, weights=str(file)
    )
    pictures = _pictures(96)
    expected = reference(keras.applications.mobilenet_v2.preprocess_input(pictures.copy()))
    given = _base_of(model, "out_relu")(pictures)
    np.testing.assert_allclose(given, expected, atol=1e-4)
    assert float(np.abs(expected).max()) > 0.5


def test_vgg16_computes_what_keras_applications_computes() -> None:
    model = build(NetworkPlan(base="vgg16"), 32, 2, None)
    reference = keras.applications.VGG16(input_shape=(32, 32, 3), include_top=False, weights=None)
    for layer in reference.layers[1:]:
        layer.set_weights(model.get_layer(layer.name).get_weights())
    pictures = _pictures(32)
    expected = reference(keras.applications.vgg16.preprocess_input(pictures.copy()))
    given = _base_of(model, "block5_pool")(pictures)
    np.testing.assert_allclose(given, expected, rtol=1e-4, atol=1e-4)
    assert float(np.abs(expected).max()) > 0.01


@pytest.mark.parametrize("base", ["small_cnn", "mobilenet_v2", "vgg16"])
def test_a_saved_network_loads_with_plain_keras(base: str, tmp_path: Path) -> None:
    model = build(NetworkPlan(base=base, width=0.35 if "mobile" in base else 1), 32, 3, None)
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    pictures = _pictures(32)
    np.testing.assert_allclose(again(pictures), model(pictures), atol=1e-6)


def test_vgg16_counts_its_parameters() -> None:
    plan = NetworkPlan(
        base="vgg16", pooling="flatten", dense=(DenseLayer(units=1024),), dropout=0.5
    )
    model = build(plan, 224, 2, None)
    facts = describe(model, plan, 2)
    totals = count_parameters(facts.layers, trained_layers(plan, facts))
    assert sum(layer.parameters for layer in facts.base_layers) == 14_714_688
    assert (totals.total, totals.trainable) == (40_406_849, 25_692_161)
    assert model.count_params() == totals.total
    assert [layer.name for layer in facts.base_layers][-4:] == [
        "block5_conv1",
        "block5_conv2",
        "block5_conv3",
        "block5_pool",
    ]


def test_the_facts_name_part_type_shape_and_block_of_every_layer() -> None:
    plan = NetworkPlan(base="mobilenet_v2", width=0.5, dense=(DenseLayer(units=8),))
    facts = describe(build(plan, 64, 4, None), plan, 4)
    assert [layer.part for layer in facts.layers] == sorted(
        (layer.part for layer in facts.layers), key=["input", "base", "head"].index
    )
    by_name = {layer.name: layer for layer in facts.layers}
    assert by_name["picture"].output_shape == (64, 64, 3)
    assert (by_name["Conv1"].type, by_name["Conv1"].groups[-1]) == ("Conv2D", ("Stem", ""))
    assert by_name["Conv1"].output_shape == (32, 32, 16)
    block = by_name["block_3_expand"]
    assert block.groups[-1] == ("Block {0}", "3")
    norm = by_name["bn_Conv1"]
    assert (norm.parameters, norm.trainable_parameters) == (64, 32)
    assert [layer.name for layer in facts.layers if layer.part == "head"] == [
        "head_pooling",
        "head_dense1",
        "head_dropout",
        "output",
    ]
    assert by_name["output"].output_shape == (4,)
    assert not [layer.name for layer in facts.base_layers if not layer.groups]


@pytest.mark.parametrize(
    ("output", "classes", "units"), [("automatic", 2, 1), ("softmax", 2, 2), ("automatic", 5, 5)]
)
def test_the_output_fits_the_classes(output: str, classes: int, units: int) -> None:
    plan = NetworkPlan.model_validate({"output": output, "dropout": 0})
    model = build(plan, 32, classes, None)
    given = np.asarray(model(_pictures(32)))
    assert given.shape == (2, units)
    if units > 1:
        np.testing.assert_allclose(given.sum(axis=1), 1, atol=1e-5)
    assert "head_dropout" not in [layer.name for layer in model.layers]


def test_small_cnn_takes_the_smallest_pictures() -> None:
    assert build(NetworkPlan(), 16, 2, None).output_shape == (None, 1)


def test_own_weights_are_loaded(tmp_path: Path) -> None:
    first = keras.applications.MobileNetV2(
        input_shape=(32, 32, 3), alpha=0.35, include_top=False, weights=None
    )
    first.save_weights(tmp_path / "own.weights.h5")
    plan = NetworkPlan(base="mobilenet_v2", width=0.35)
    model = build(plan, 32, 2, tmp_path / "own.weights.h5")
    for layer in first.layers[1:]:
        for mine, theirs in zip(
            model.get_layer(layer.name).get_weights(), layer.get_weights(), strict=True
        ):
            np.testing.assert_array_equal(mine, theirs)


@pytest.mark.parametrize("damage", ["other width", "cut off", "no hdf5", "empty"])
def test_a_weights_file_that_does_not_fit_is_named(damage: str, tmp_path: Path) -> None:
    file = tmp_path / "own.weights.h5"
    alpha = 0.5 if damage == "other width" else 0.35
    keras.applications.MobileNetV2(
        input_shape=(32, 32, 3), alpha=alpha, include_top=False, weights=None
    ).save_weights(file)
    if damage == "cut off":
        file.write_bytes(file.read_bytes()[:200_000])
    elif damage == "no hdf5":
        file.write_text("<html>404</html>")
    elif damage == "empty":
        file.write_bytes(b"")
    with pytest.raises(ProblemError) as caught:
        build(NetworkPlan(base="mobilenet_v2", width=0.35), 32, 2, file)
    assert (caught.value.problem.kind, caught.value.problem.file) == ("weights_damaged", str(file))


def test_keras_own_file_of_another_width_is_refused(real_weights: Path) -> None:
    file = next(real_weights.glob("*_1.0_224_no_top.h5"))
    with pytest.raises(ProblemError) as caught:
        build(NetworkPlan(base="mobilenet_v2", width=0.35), 96, 2, file)
    assert caught.value.problem.kind == "weights_other_shape"
