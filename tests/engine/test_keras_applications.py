"""Every network of keras.applications: built by the engine, beside what Keras itself builds."""

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
import pytest
from keras.src.applications import (
    convnext,
    densenet,
    efficientnet,
    efficientnet_v2,
    mobilenet_v3,
    resnet,
    vgg19,
)
from keras.src.legacy.saving.legacy_h5_format import save_weights_to_hdf5_group
from keras.src.utils import file_utils

from cnnstudio.engine.facts import describe
from cnnstudio.engine.networks.build import build, without_weights
from cnnstudio.engine.networks.preprocessing import in_grey, preprocess
from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.network_row import NetworkRow, Preprocessing
from cnnstudio.project.network_table import NETWORKS, find_network

APPLICATIONS = [row for row in NETWORKS if row.built_from == "application"]
# The larger ones of a family, which Keras makes with the function of the small one: of these the
# published count is compared alone.
LIKE_A_SMALLER_ONE = re.compile(
    r"efficientnet_b[1-7]|efficientnet_v2_(?:b[1-3]|[ml])|resnet1\d\d(?:_v2)?|"
    r"densenet(?:169|201)|convnext_(?!tiny)\w+"
)

# Their tops have more in it than one dense layer of 1,000 classes over the last maps.
OTHER_TOPS = ("VGG16", "VGG19", "MobileNetV3Small", "MobileNetV3Large")


@dataclass(frozen=True)
class Asked:
    """A weights file that Keras wanted to fetch."""

    name: str
    address: str
    checksum: str | None


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Asked]:
    """What keras.applications asks for; nothing is fetched and nothing is loaded."""
    files: list[Asked] = []

    def get_file(fname: str, origin: str, file_hash: str | None = None, **options: object) -> str:
        files.append(Asked(fname, origin, file_hash))
        return "nothing.h5"

    monkeypatch.setattr(file_utils, "get_file", get_file)
    monkeypatch.setattr(keras.Model, "load_weights", lambda *given, **options: None)
    return files


def _row(key: str) -> NetworkRow:
    row = find_network(key)
    assert row is not None
    return row


def _application(row: NetworkRow, **given: Any) -> keras.Model:
    return getattr(keras.applications, row.builder)(**given)


def _pictures(size: int) -> np.ndarray:
    shape = (2, size, size, 3)
    return np.random.default_rng(3).integers(0, 256, shape).astype(np.float32)


def test_every_network_that_keras_ships_is_in_the_table() -> None:
    shipped = {name for name in dir(keras.applications) if name[0].isupper()}
    assert {row.builder for row in APPLICATIONS} == shipped


@pytest.mark.filterwarnings("ignore:.*input_shape. is undefined or non-square")
@pytest.mark.parametrize("row", APPLICATIONS, ids=lambda row: row.key)
def test_a_network_is_what_keras_builds_and_what_was_published(
    row: NetworkRow, asked: list[Asked]
) -> None:
    size = row.smallest_size
    plan = NetworkPlan(base=row.key, weights="random")
    with without_weights():
        model = build(plan, size, 2, None)
        facts = describe(model, plan, 2)
    parameters = sum(layer.parameters for layer in facts.layers if layer.part != "head")
    last = facts.base_layers[-1].output_shape
    assert row.published is not None
    assert row.published.parameters == parameters + _parameters_of_top(row, parameters, last[-1])
    if not LIKE_A_SMALLER_ONE.fullmatch(row.key):
        with without_weights():
            reference = _application(row, include_top=False, input_shape=(size, size, 3))
        assert reference.count_params() == parameters
        assert reference.output_shape[1:] == last
        (file,) = asked
        assert row.weights is not None
        assert file.name == row.weights.names(1.0, size)[0]
        assert file.address == row.weights.folder_address + row.weights.server_name(file.name)
        assert file.checksum == row.weights.md5.get(file.name)

    # Plans and the tree refer to layers by name; the tree shows each in a block.
    names = [layer.name for layer in facts.layers]
    assert len(set(names)) == len(names)
    assert facts.layers[1].part == "input"
    assert not [layer.name for layer in facts.base_layers if not layer.groups]
    assert not [layer for layer in model.layers if isinstance(layer, keras.Model)]
    groups = [layer.groups for layer in facts.base_layers]
    blocks = [block for block, _ in itertools.groupby(groups)]
    assert len(set(blocks)) == len(blocks) > 4

    with pytest.raises(ValueError, match=f"at least {size}x{size}"), without_weights():
        build(plan, size - 1, 2, None)


def _parameters_of_top(row: NetworkRow, base: int, channels: int) -> int:
    if row.builder in OTHER_TOPS:
        with without_weights():
            return _application(row, weights=None).count_params() - base
    return (channels + 1) * 1000


def test_names_and_checksums_of_files_are_those_that_keras_source_holds() -> None:
    held = {
        f"{name}_weights_tf_dim_ordering_tf_kernels_notop.h5": checksums[1]
        for name, checksums in resnet.WEIGHTS_HASHES.items()
        if not name.startswith("resnext")
    }
    for prefix, module in (
        ("efficientnet", efficientnet),
        ("efficientnetv2", efficientnet_v2),
        ("", convnext),
    ):
        for name, checksums in module.WEIGHTS_HASHES.items():
            joint = "-" if prefix == "efficientnetv2" else ""
            held[f"{prefix}{joint}{name.strip('-')}_notop.h5"] = checksums[1]
    for name, checksums in mobilenet_v3.WEIGHTS_HASHES.items():
        if "minimalistic" not in name:
            held[f"weights_mobilenet_v3_{name}_no_top_v2.h5"] = checksums[1]
    for path in (densenet.__file__, vgg19.__file__):
        source = Path(path).read_text(encoding="utf-8")
        for name in re.findall(r"\w+_kernels_notop\.h5", source):
            row = _row(name.split("_")[0])
            assert row.weights is not None
            assert row.weights.md5[name] in source
            held[name] = row.weights.md5[name]
    rows = [row for row in APPLICATIONS if row.family not in ("Inception", "NASNet")]
    told = {}
    for row in rows:
        assert row.weights is not None
        if row.key != "vgg16":
            told |= row.weights.md5
    assert told == held


@pytest.mark.filterwarnings("ignore:.*input_shape. is undefined or non-square")
@pytest.mark.parametrize("key", ["mobilenet", "mobilenet_v2", "mobilenet_v3_small"])
def test_the_files_of_every_width_and_size_are_those_that_keras_asks_for(
    key: str, asked: list[Asked]
) -> None:
    row = _row(key)
    assert row.weights is not None
    chosen = [(width, row.usual_size) for width in row.widths]
    chosen += [(1.0, size) for size in row.weights.sizes]
    for width, size in chosen:
        with without_weights():
            _application(row, include_top=False, alpha=width, input_shape=(size, size, 3))
        name = row.weights.names(width, size)[0]
        assert asked[-1].name == name
        assert asked[-1].checksum == row.weights.md5.get(name)


@pytest.mark.parametrize("key", ["inception_v3", "mobilenet_v3_small", "convnext_tiny"])
def test_layers_are_called_the_same_at_every_build(key: str) -> None:
    plan = NetworkPlan(base=key, weights="random")
    size = _row(key).smallest_size
    with without_weights():
        first = build(plan, size, 2, None)
        keras.layers.Conv2D(4, 3)
        keras.layers.Activation("relu")
        again = build(plan, size, 2, None)
    assert [layer.name for layer in first.layers] == [layer.name for layer in again.layers]
    assert [each.name for each in first.operations] == [each.name for each in again.operations]


def test_a_layer_made_after_a_build_has_a_name_that_is_not_taken() -> None:
    with without_weights():
        model = build(NetworkPlan(base="inception_v3", weights="random"), 75, 2, None)
    assert keras.layers.Activation("relu").name not in {each.name for each in model.layers}


def _with_other_numbers(model: keras.Model) -> keras.Model:
    """Means, variances and biases differ, so that one layer's in another's place would be seen."""
    numbers = np.random.default_rng(5)
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            _with_other_numbers(layer)
        else:
            layer.set_weights(
                [
                    each + numbers.uniform(0, 0.2, each.shape).astype(each.dtype)
                    if each.ndim == 1 and each.dtype == np.float32
                    else each
                    for each in layer.get_weights()
                ]
            )
        if isinstance(layer, keras.layers.Normalization):
            layer.finalize_state()
    return model


PREPROCESS: dict[str, Callable[[np.ndarray], Any]] = {
    "resnet50": keras.applications.resnet50.preprocess_input,
    "efficientnet_b0": keras.applications.efficientnet.preprocess_input,
    "inception_v3": keras.applications.inception_v3.preprocess_input,
    "densenet121": keras.applications.densenet.preprocess_input,
    "mobilenet_v3_small": keras.applications.mobilenet_v3.preprocess_input,
    "convnext_tiny": keras.applications.convnext.preprocess_input,
}


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:.*input_shape. is undefined or non-square")
@pytest.mark.parametrize("key", PREPROCESS)
def test_a_network_computes_with_a_weights_file_what_keras_computes(
    key: str, tmp_path: Path, asked: list[Asked], monkeypatch: pytest.MonkeyPatch
) -> None:
    row = _row(key)
    size = max(row.smallest_size, 64)
    # As with ImageNet's weights, but with numbers of our own in it.
    reference = _application(row, include_top=False, input_shape=(size, size, 3))
    assert asked
    monkeypatch.undo()
    file = tmp_path / "weights_notop.h5"
    with h5py.File(file, "w") as opened:
        save_weights_to_hdf5_group(opened, _with_other_numbers(reference))

    pictures = _pictures(size)
    expected = np.asarray(reference(PREPROCESS[key](pictures.copy())))
    scale = float(np.abs(expected).max())
    assert np.isfinite(scale)
    assert np.ptp(expected) > 1e-3
    files = [file]
    if key == "efficientnet_b0":  # whose normalisation has numbers in the file
        files.append(tmp_path / "own.weights.h5")
        reference.save_weights(files[-1])
    for each in files:
        model = build(NetworkPlan(base=row.key), size, 2, each)
        base = keras.Model(model.input, model.get_layer("head_pooling").input)
        np.testing.assert_allclose(base(pictures), expected, atol=1e-4 * scale)


@pytest.mark.parametrize(
    ("key", "last"),
    [
        ("convnext_tiny", "convnext_tiny_stage_0_block_0_identity"),
        ("inception_resnet_v2", "block35_1_ac"),
    ],
)
def test_layers_of_the_applications_own_load_in_plain_keras_in_safe_mode(
    key: str, last: str, tmp_path: Path
) -> None:
    size = _row(key).smallest_size
    with without_weights():
        whole = build(NetworkPlan(base=key, weights="random"), size, 3, None)
    beginning = keras.Model(whole.input, whole.get_layer(last).output)
    model = keras.models.clone_model(beginning)
    assert {type(each).__name__ for each in model.layers} & {"LayerScale", "CustomScaleLayer"}
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras", safe_mode=True)
    pictures = _pictures(size)
    np.testing.assert_allclose(again(pictures), model(pictures), atol=1e-6)


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("minus_one_to_one", lambda x: keras.applications.mobilenet_v2.preprocess_input(x)),
        ("caffe", lambda x: keras.applications.vgg16.preprocess_input(x)),
        ("torch", lambda x: keras.applications.densenet.preprocess_input(x)),
        ("zero_to_one", lambda x: x / 255),
        ("none", lambda x: x),
    ],
)
def test_pixels_are_brought_to_what_keras_own_preprocessing_gives(
    mode: Preprocessing, expected: Callable[[np.ndarray], np.ndarray], tmp_path: Path
) -> None:
    picture = keras.Input((8, 8, 3))
    keras.Model(picture, preprocess(picture, mode)).save(tmp_path / "model.keras")
    model = keras.saving.load_model(tmp_path / "model.keras", safe_mode=True)
    pictures = _pictures(8)
    np.testing.assert_allclose(model(pictures), expected(pictures.copy()), atol=1e-4, rtol=1e-5)


def test_a_network_in_grey_sees_brightness_and_loads_with_plain_keras(tmp_path: Path) -> None:
    model = build(NetworkPlan(base="small_cnn", colours="grey"), 16, 3, None)
    assert model.input_shape == (None, 16, 16, 3)
    assert model.get_layer("preprocessing_rescaling").output.shape == (None, 16, 16, 1)
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras", safe_mode=True)
    pictures = _pictures(16)
    np.testing.assert_allclose(again(pictures), model(pictures), atol=1e-6)
    brightness = pictures @ np.array([0.299, 0.587, 0.114], np.float32)
    np.testing.assert_allclose(in_grey(pictures)[..., 0], brightness, atol=0.05)
