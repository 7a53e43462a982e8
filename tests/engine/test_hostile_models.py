"""Files that are no models, or mean harm: each is named, and nothing in them is run or filled."""

import base64
import io
import json
import marshal
import pickle
import struct
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
import pytest

from cnnstudio.engine.model_file import load_model
from cnnstudio.engine.own_models.own_model import open_own_model
from cnnstudio.engine.service import Worker
from cnnstudio.project.problems import ProblemError
from cnnstudio.protocol import LookIntoModel, WorkFailed
from tests.engine.own_model_files import layer, teachable_machine, write_h5

MARK = "ran.txt"


def kind_of(path: Path) -> str:
    """Of the problem that looking into the file gives; asking it gives the same."""
    answer = Worker().answer(LookIntoModel(str(path)), lambda event: None, lambda: False)
    assert isinstance(answer, WorkFailed)
    assert answer.problem.is_known, answer.problem
    assert answer.problem.file == str(path)
    with pytest.raises(ProblemError):
        load_model(path)
    return answer.problem.kind


def sequential(*layers: dict[str, Any], shape: tuple[int | None, ...] = (8, 8, 3)) -> Any:
    given = {"class_name": "InputLayer", "config": {"batch_shape": [None, *shape], "name": "in"}}
    return {"class_name": "Sequential", "config": {"name": "s", "layers": [given, *layers]}}


def write_keras(path: Path, config: Any, version: str = "3.8.0", **members: bytes) -> Path:
    """A ``.keras`` file with this description and an empty file of numbers."""
    content = io.BytesIO()
    h5py.File(content, "w").close()
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", config if isinstance(config, str) else json.dumps(config))
        archive.writestr("metadata.json", json.dumps({"keras_version": version}))
        archive.writestr("model.weights.h5", members.pop("weights", content.getvalue()))
        for name, member in members.items():
            archive.writestr(name, member)
    return path


def code_that_leaves_a_mark(folder: Path) -> str:
    function = compile(f"open({str(folder / MARK)!r}, 'w')", "x", "eval")
    return base64.b64encode(marshal.dumps(function)).decode()


class Harm:
    """What runs when it is unpickled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self) -> tuple[Any, ...]:
        return open, (str(self.folder / MARK), "w")


# Code


@pytest.mark.parametrize("ending", ["keras", "h5"])
def test_a_lambda_is_named_and_not_run(ending: str, tmp_path: Path) -> None:
    code = code_that_leaves_a_mark(tmp_path)
    function = (
        [code, None, None]
        if ending == "h5"
        else {"class_name": "__lambda__", "config": {"code": code, "defaults": None}}
    )
    config = sequential(layer("Lambda", "trick", function=function, function_type="lambda"))
    path = tmp_path / f"model.{ending}"
    if ending == "h5":
        write_h5(path, config, {})
    else:
        write_keras(path, config)
    assert kind_of(path) == "model_carries_code"
    with pytest.raises(ProblemError) as caught:
        open_own_model(path)
    assert "'trick'" in caught.value.problem.message
    assert not (tmp_path / MARK).exists()


def test_code_is_found_however_deep_it_is_hidden(tmp_path: Path) -> None:
    code = {"class_name": "__lambda__", "config": {"code": "AAAA"}}
    dense = layer("Dense", "dense", units=2, kernel_initializer={"class_name": "Zeros",
                  "config": {"value": [[{"a": code}]]}})  # fmt: skip
    nested = {"class_name": "Sequential", "config": {"name": "inner", "layers": [dense]}}
    assert kind_of(write_keras(tmp_path / "m.keras", sequential(nested))) == "model_carries_code"


@pytest.mark.parametrize(
    "strange",
    [
        {"class_name": "MyLayer", "registered_name": "mine>MyLayer", "module": "mine"},
        {"class_name": "Dense", "registered_name": "mine>Dense", "module": "keras.layers"},
        {"class_name": "Popen", "registered_name": None, "module": "subprocess"},
        {"class_name": "StringLookup", "registered_name": None, "module": "keras.layers"},
        {"class_name": "TFSMLayer", "registered_name": None, "module": "keras.layers"},
        {"class_name": "Map", "registered_name": "Map", "module": "keras.src.ops.core"},
        {"class_name": "system", "registered_name": None, "module": "keras.src.ops.os"},
    ],
    ids=lambda each: str(each["class_name"]),
)
def test_what_is_no_layer_of_keras_is_named(strange: dict[str, Any], tmp_path: Path) -> None:
    one = strange | {"config": {"name": "strange", "filepath": "/etc/passwd"}}
    assert kind_of(write_keras(tmp_path / "m.keras", sequential(one))) == "model_layer_unknown"


@pytest.mark.parametrize(
    "settings",
    [
        {"activation": "my_own"},
        {"activation": {"class_name": "function", "config": "system", "module": "os"}},
        {"kernel_regularizer": {"class_name": "Popen", "module": "subprocess", "config": {}}},
        {"units": {"class_name": "Thing", "config": {}}},
        {"vocabulary": "/etc/passwd"},
        {"units": -3},
        {"units": "many"},
    ],
)
def test_a_strange_setting_is_named(settings: dict[str, Any], tmp_path: Path) -> None:
    one = layer("Dense", "dense", **({"units": 2} | settings))
    kind = kind_of(write_keras(tmp_path / "m.keras", sequential(one)))
    assert kind in ("model_layer_unknown", "model_setting_unknown")


def test_what_a_newer_keras_wrote_is_told_as_that(tmp_path: Path) -> None:
    one = layer("Tesseract", "tesseract")
    path = write_keras(tmp_path / "m.keras", sequential(one), version="4.2.0")
    assert kind_of(path) == "model_from_newer_keras"


def test_a_class_of_somebodys_own_is_named(tmp_path: Path) -> None:
    config = {"class_name": "MyNet", "module": "mine", "registered_name": "MyNet", "config": {}}
    assert kind_of(write_keras(tmp_path / "m.keras", config)) == "model_of_own_class"


def test_pickles_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "model.pkl").write_bytes(pickle.dumps(Harm(tmp_path)))
    assert kind_of(tmp_path / "model.pkl") == "model_is_pickle"
    np.savez(tmp_path / "model.npz", weights=np.array([Harm(tmp_path)], dtype=object))
    assert kind_of(tmp_path / "model.npz") == "model_only_weights"
    assert not (tmp_path / MARK).exists()


# Other files of this computer


def external_link(file: h5py.File, secret: Path) -> None:
    file["model_weights/dense/kernel"] = h5py.ExternalLink(str(secret), "/secret")


def soft_link(file: h5py.File, secret: Path) -> None:
    file["model_weights/dense"] = h5py.SoftLink("/elsewhere")


def external_storage(file: h5py.File, secret: Path) -> None:
    file.create_dataset("model_weights/kernel", (4,), "f4", external=[(str(secret), 0, 16)])


def virtual_data_set(file: h5py.File, secret: Path) -> None:
    layout = h5py.VirtualLayout((4,), "f4")
    layout[:] = h5py.VirtualSource(str(secret), "secret", (4,))
    file.create_virtual_dataset("model_weights/kernel", layout)


@pytest.mark.parametrize(
    "reach",
    [external_link, soft_link, external_storage, virtual_data_set],
    ids=lambda f: f.__name__,
)
@pytest.mark.parametrize("ending", ["keras", "h5"])
def test_nothing_is_read_from_other_files(
    reach: Callable[[h5py.File, Path], None], ending: str, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.h5"
    with h5py.File(secret, "w") as file:
        file["secret"] = np.ones(4, np.float32)
    config = sequential(layer("Dense", "dense", units=2))
    path = tmp_path / "model.h5"
    write_h5(path, config, {})
    with h5py.File(path, "a") as file:
        reach(file, secret)
    if ending == "keras":
        path = write_keras(tmp_path / "m.keras", config, weights=path.read_bytes())
    assert kind_of(path) == "model_reaches_outside"


# Damage and absurd sizes


@pytest.mark.parametrize("ending", ["keras", "h5"])
def test_a_file_cut_off_is_damaged(ending: str, tmp_path: Path) -> None:
    whole = tmp_path / f"whole.{ending}"
    net = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Conv2D(64, 3, name="conv")])
    net.save(whole)
    content = whole.read_bytes()
    for share in (0.2, 0.6, 0.95):
        cut = tmp_path / f"cut{share}.{ending}"
        cut.write_bytes(content[: int(len(content) * share)])
        assert kind_of(cut) == "model_damaged", share


@pytest.mark.parametrize(
    "config",
    [
        "{",
        "[]",
        "3",
        '{"class_name": 3}',
        '{"class_name": "Sequential"}',
        '{"class_name": "Sequential", "config": {"layers": 3}}',
        '{"class_name": "Functional", "config": {"layers": [{}]}}',
        "[" * 100_000,
    ],
)
def test_a_description_that_is_none_is_damaged(config: str, tmp_path: Path) -> None:
    kind = kind_of(write_keras(tmp_path / "m.keras", config))
    assert kind in ("model_damaged", "model_of_own_class")


def test_layers_that_wait_for_each_other_are_damage(tmp_path: Path) -> None:
    layers = [layer("InputLayer", "in", [], batch_input_shape=[None, 8, 8, 3])]
    layers += [layer("ReLU", "a", ["b"]), layer("ReLU", "b", ["a"])]
    ends = {"input_layers": [["in", 0, 0]], "output_layers": [["b", 0, 0]]}
    config = {"class_name": "Functional", "config": {"name": "f", "layers": layers, **ends}}
    assert kind_of(write_keras(tmp_path / "m.keras", config)) == "model_damaged"


def test_models_in_models_a_hundred_deep_are_refused(tmp_path: Path) -> None:
    inner: dict[str, Any] = layer("ReLU", "relu")
    for number in range(100):
        config = {"name": f"m{number}", "layers": [inner]}
        inner = {"class_name": "Sequential", "config": config}
    assert kind_of(write_keras(tmp_path / "m.keras", sequential(inner))) == "model_too_deep"


@pytest.mark.parametrize(
    "huge",
    [
        layer("Dense", "dense", units=10**9),
        layer("Conv2D", "conv", filters=8, kernel_size=[10**5, 10**5], padding="same"),
        layer("UpSampling2D", "up", size=[10**5, 10**5]),
        layer("ZeroPadding2D", "pad", padding=[[10**6, 10**6], [10**6, 10**6]]),
    ],
    ids=lambda each: str(each["class_name"]),
)
def test_huge_layers_are_refused_and_never_filled(huge: dict[str, Any], tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")  # not on Windows
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert kind_of(write_keras(tmp_path / "m.keras", sequential(huge))) == "model_too_large"
    unit = 1 if sys.platform == "darwin" else 1024
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * unit
    assert grown < 500 * 1024**2


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.keras"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("config.json", json.dumps(sequential(layer("ReLU", "relu"))))
        archive.writestr("model.weights.h5", bytes(70 * 1024**2))
    assert kind_of(path) == "model_too_large"


def test_numbers_that_are_only_claimed_are_not_read(tmp_path: Path) -> None:
    path = tmp_path / "claims.h5"
    write_h5(path, sequential(layer("Dense", "dense", units=2)), {})
    with h5py.File(path, "a") as file:
        group = file["model_weights"]
        group.create_dataset("dense/kernel", (10**6, 10**6), "f4", chunks=(1000, 1000))
    assert kind_of(path) == "model_too_large"


def test_numbers_of_another_shape_are_named(tmp_path: Path) -> None:
    config, variables = teachable_machine()
    variables["sequential_3"][0] = ("dense_Dense1/kernel:0", (5, 4))
    write_h5(tmp_path / "m.h5", config, variables)
    assert kind_of(tmp_path / "m.h5") == "model_weights_wrong"


def test_numbers_that_are_missing_are_named(tmp_path: Path) -> None:
    path = write_keras(tmp_path / "m.keras", sequential(layer("Conv2D", "c", filters=2,
                       kernel_size=[3, 3])))  # fmt: skip
    assert kind_of(path) == "model_weights_wrong"


# What is no single picture in, classes out


def functional(inputs: int, outputs: int) -> Any:
    layers = [layer("InputLayer", f"in{k}", [], batch_input_shape=[None, 8, 8, 3]) for k in (0, 1)]
    layers += [layer("ReLU", f"relu{k}", [f"in{k % inputs}"]) for k in (0, 1)]
    ends = {
        "input_layers": [[f"in{k}", 0, 0] for k in range(inputs)],
        "output_layers": [[f"relu{k}", 0, 0] for k in range(outputs)],
    }
    kept = layers[:inputs] + layers[2:]
    return {"class_name": "Functional", "config": {"name": "f", "layers": kept, **ends}}


def test_several_inputs_or_outputs_are_named(tmp_path: Path) -> None:
    assert kind_of(write_keras(tmp_path / "a.keras", functional(2, 1))) == "model_many_inputs"
    assert kind_of(write_keras(tmp_path / "b.keras", functional(1, 2))) == "model_many_outputs"


def test_colours_before_height_and_width_are_refused(tmp_path: Path) -> None:
    first = layer("Conv2D", "c", filters=2, kernel_size=[1, 1], data_format="channels_first")
    assert kind_of(write_keras(tmp_path / "a.keras", sequential(first))) == "model_channels_first"
    config = sequential(layer("ReLU", "relu"), shape=(3, 224, 224))
    assert kind_of(write_keras(tmp_path / "b.keras", config)) == "model_channels_first"


def test_weights_used_twice_are_named(tmp_path: Path) -> None:
    given = keras.Input((8, 8, 3))
    twice = keras.layers.Conv2D(3, 1, name="twice")
    keras.Model(given, twice(twice(given))).save(tmp_path / "m.keras")
    assert kind_of(tmp_path / "m.keras") == "model_shares_layers"


def test_a_model_of_texts_says_its_shape(tmp_path: Path) -> None:
    path = write_keras(tmp_path / "m.keras", sequential(layer("ReLU", "relu"), shape=(40,)))
    assert kind_of(path) == "model_takes_no_pictures"
    with pytest.raises(ProblemError) as caught:
        open_own_model(path)
    assert "40" in caught.value.problem.message


# Other programs' files


def zip_of(path: Path, *names: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
    return path


def test_other_programs_files_are_told_apart(tmp_path: Path) -> None:
    def raw(name: str, content: bytes) -> Path:
        (tmp_path / name).write_bytes(content)
        return tmp_path / name

    saved = zip_of(tmp_path / "a.zip", "net/saved_model.pb", "net/variables/variables.index")
    assert kind_of(saved) == "model_is_saved_model"
    assert kind_of(zip_of(tmp_path / "b.pt", "net/data.pkl", "net/data/0")) == "model_from_pytorch"
    old = pickle.dumps(0x1950A86A20F9469CFC6C, protocol=2) + pickle.dumps(1001, protocol=2)
    assert kind_of(raw("old.pt", old)) == "model_from_pytorch"
    onnx = b"\x08\x08\x12\x07pytorch\x1a\x052.1.0:\x10"
    assert kind_of(raw("net.onnx", onnx)) == "model_from_onnx"
    assert kind_of(raw("net.tflite", struct.pack("<I", 28) + b"TFL3" + bytes(40))) == (
        "model_from_tflite"
    )
    web = zip_of(tmp_path / "w.zip", "model.json", "metadata.json", "weights.bin")
    assert kind_of(web) == "model_from_tensorflow_js"
    assert kind_of(raw("model.json", b'{"modelTopology": {}}')) == "model_from_tensorflow_js"
    packed = zip_of(tmp_path / "converted_keras.zip", "keras_model.h5", "labels.txt")
    assert kind_of(packed) == "model_in_archive"
    for name, content in (
        ("text.h5", b"hello"),
        ("empty.keras", b""),
        ("noise.h5", b"\xff\x00" * 99),
    ):
        assert kind_of(raw(name, content)) == "model_damaged"
    assert kind_of(tmp_path / "absent.keras") == "model_missing"
    (tmp_path / "folder.keras").mkdir()
    assert kind_of(tmp_path / "folder.keras") == "model_missing"
    raw("folder.keras/saved_model.pb", b"")
    assert kind_of(tmp_path / "folder.keras") == "model_is_saved_model"


def test_files_of_weights_alone_are_told_apart(tmp_path: Path) -> None:
    net = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Conv2D(2, 3)])
    net.save_weights(tmp_path / "net.weights.h5")
    assert kind_of(tmp_path / "net.weights.h5") == "model_only_weights"
    with h5py.File(tmp_path / "old.h5", "w") as file:
        file.attrs["layer_names"] = [b"conv"]
    assert kind_of(tmp_path / "old.h5") == "model_only_weights"
    with h5py.File(tmp_path / "other.h5", "w") as file:
        file["measured"] = np.ones(3)
    assert kind_of(tmp_path / "other.h5") == "model_damaged"
