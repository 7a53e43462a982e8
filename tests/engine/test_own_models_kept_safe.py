"""Model files that ask for more than they hold, and outputs put into another order."""

import json
import zipfile
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from cnnstudio.engine.networks.build import build
from cnnstudio.engine.networks.own_model import match_classes
from cnnstudio.engine.own_models import own_model as module
from cnnstudio.engine.own_models.own_model import open_own_model
from cnnstudio.engine.service import Worker
from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.problems import ProblemError

SIDE = 8
PICTURES = np.random.default_rng(3).uniform(0, 255, (4, SIDE, SIDE, 3)).astype(np.float32)
L = keras.layers


def plan_of(path: Path) -> NetworkPlan:
    return NetworkPlan(
        base="own_model", model_file=str(path), model_values="0_255", keep_output=True
    )


def saved(path: Path, *layers: keras.Layer) -> keras.Model:
    """A small model that ends in ``layers``, saved at ``path``."""
    keras.utils.set_random_seed(5)
    begin = [keras.Input((SIDE, SIDE, 3)), L.Rescaling(1 / 255), L.Conv2D(4, 3, name="c")]
    net = keras.Sequential([*begin, L.GlobalAveragePooling2D(), *layers])
    net.save(path)
    return net


def rewritten(path: Path, change: Any) -> Path:
    """The file with its configuration changed."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    config = json.loads(members["config.json"])
    change(config["config"]["layers"])
    members["config.json"] = json.dumps(config).encode()
    target = path.with_name("changed.keras")
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target


def test_a_norm_after_the_last_dense_layer_is_reordered_with_it(tmp_path: Path) -> None:
    norm = L.BatchNormalization(name="n")
    net = saved(tmp_path / "m.keras", L.Dense(3, use_bias=False, name="d"), norm, L.Softmax())
    values = [[1.0, 1.5, 0.5], [0.3, -0.2, 0.1], [0.1, 0.9, 0.4], [1.0, 2.0, 3.0]]
    norm.set_weights([np.array(each, np.float32) for each in values])
    net.save(tmp_path / "m.keras")
    (tmp_path / "labels.txt").write_text("a\nb\nc\n")
    model = build(plan_of(tmp_path / "m.keras"), SIDE, 3, None)
    assert match_classes(model, plan_of(tmp_path / "m.keras"), ("c", "a", "b")) == []
    expected = net.predict(PICTURES, verbose=0)[:, [2, 0, 1]]
    np.testing.assert_allclose(model(PICTURES).numpy(), expected, atol=1e-5)


def test_a_frozen_output_is_reordered_all_the_same(tmp_path: Path) -> None:
    net = saved(tmp_path / "m.keras", L.Dense(2, activation="softmax", name="d"))
    (tmp_path / "labels.txt").write_text("dog\ncat\n")
    model = build(plan_of(tmp_path / "m.keras"), SIDE, 2, None)
    for layer in model.layers:
        layer.trainable = layer.name == "c"
    match_classes(model, plan_of(tmp_path / "m.keras"), ("cat", "dog"))
    expected = net.predict(PICTURES, verbose=0)[:, [1, 0]]
    np.testing.assert_allclose(model(PICTURES).numpy(), expected, atol=1e-5)


def test_an_output_that_cannot_be_reordered_is_told(tmp_path: Path) -> None:
    saved(tmp_path / "m.keras", L.Dense(1), L.BatchNormalization(), L.Activation("sigmoid"))
    (tmp_path / "labels.txt").write_text("dog\ncat\n")
    model = build(plan_of(tmp_path / "m.keras"), SIDE, 2, None)
    with pytest.raises(ProblemError) as caught:
        match_classes(model, plan_of(tmp_path / "m.keras"), ("cat", "dog"))
    assert caught.value.problem.kind == "model_layer_unknown"


def test_nothing_is_computed_from_constants_while_a_file_is_looked_into(tmp_path: Path) -> None:
    """Keras computes at once what has no picture in it, of whatever size."""
    picture = keras.Input((SIDE, SIDE, 3))
    features = L.GlobalAveragePooling2D()(picture)
    shifted = keras.ops.add(features, np.ones((1, 3), "float32"))
    net = keras.Model(picture, L.Dense(2, activation="softmax")(shifted))
    net.save(tmp_path / "m.keras")

    def repeat_a_constant(layers: list[dict[str, Any]]) -> None:
        place = next(n for n, each in enumerate(layers) if ".ops." in str(each.get("module")))
        node = layers[place]["inbound_nodes"][0]
        constant = {"class_name": "__numpy__", "config": {"value": [[1.0] * 3], "dtype": "float32"}}
        repeated = {
            "module": "keras.src.ops.numpy",
            "class_name": "Repeat",
            "registered_name": "Repeat",
            "config": {"name": "r", "repeats": 2, "axis": 0},
            "name": "r",
            "inbound_nodes": [{"args": [constant], "kwargs": {}}],
        }
        tensor = {"shape": [2, 3], "dtype": "float32", "keras_history": ["r", 0, 0]}
        node["args"][1:] = [{"class_name": "__keras_tensor__", "config": tensor}]
        layers[place:place] = [repeated]

    with pytest.raises(ProblemError) as caught:
        open_own_model(rewritten(tmp_path / "m.keras", repeat_a_constant))
    assert caught.value.problem.kind == "model_layer_unknown"


def test_no_room_is_made_for_weights_that_the_file_only_claims(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved(tmp_path / "m.keras", L.Dense(8, name="b"), L.Dense(2, activation="softmax", name="d"))

    def claim_more(layers: list[dict[str, Any]]) -> None:
        next(each for each in layers if each["config"].get("name") == "b")["config"]["units"] = 500

    path = rewritten(tmp_path / "m.keras", claim_more)
    monkeypatch.setattr(module, "load_weights", lambda *_: pytest.fail("room was made"))
    with pytest.raises(ProblemError) as caught:
        build(plan_of(path), SIDE, 2, None)
    assert caught.value.problem.kind == "model_weights_wrong"


def test_layers_that_are_too_large_together_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved(tmp_path / "m.keras", L.Dense(20), L.Dense(20), L.Dense(2, activation="softmax"))
    monkeypatch.setattr(module, "MOST_BYTES", 4 * 450)
    with pytest.raises(ProblemError) as caught:
        open_own_model(tmp_path / "m.keras")
    assert "too_large" in caught.value.problem.kind


def test_names_that_changed_beside_the_model_are_read_again(tmp_path: Path) -> None:
    saved(tmp_path / "m.keras", L.Dense(2, activation="softmax", name="d"))
    (tmp_path / "labels.txt").write_text("a\nb\n")
    worker = Worker()
    assert worker._load(str(tmp_path / "m.keras"))[1].classes == ("a", "b")
    (tmp_path / "labels.txt").write_text("first\nsecond\n")
    assert worker._load(str(tmp_path / "m.keras"))[1].classes == ("first", "second")
