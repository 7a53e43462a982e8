"""Model files of one's own: Keras 2 and Keras 3, as a base, to go on training, and to be asked."""

import json
import zipfile
from pathlib import Path

import keras
import numpy as np
import pytest

from cnnstudio.engine.facts import describe
from cnnstudio.engine.model_file import load_model
from cnnstudio.engine.networks.build import build
from cnnstudio.engine.networks.own_model import match_classes
from cnnstudio.engine.networks.weightless import without_weights
from cnnstudio.engine.own_models.graph import Step
from cnnstudio.engine.own_models.own_model import open_own_model
from cnnstudio.engine.own_models.parts import ModelParts
from cnnstudio.engine.own_models.settings import LAYERS, make_layer
from cnnstudio.engine.service import Worker
from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.network_facts import count_parameters, trained_layers
from cnnstudio.project.problems import ProblemError
from cnnstudio.protocol import DescribeNetwork, LookIntoModel, ModelLookedInto, NetworkDescribed
from tests.engine.own_model_files import (
    CLASSES,
    SIDE,
    expected_answers,
    expected_features,
    layer,
    teachable_machine,
    tiny_mobilenet,
    write_h5,
    write_teachable_machine,
)

LABELS = "0 cat\n1 dog\n2 열쇠\n"


def pictures(side: int = SIDE, count: int = 5) -> np.ndarray:
    """RGB 0..255, brighter from one to the next."""
    noise = np.random.default_rng(4).uniform(0, 150, (count, side, side, 3))
    return (noise + np.linspace(0, 100, count)[:, None, None, None]).astype(np.float32)


def plan_of(path: Path, **more: object) -> NetworkPlan:
    return NetworkPlan.model_validate({"base": "own_model", "model_file": str(path), **more})


def kind_of(path: Path, classes: int = CLASSES, size: int = SIDE, **more: object) -> str:
    with pytest.raises(ProblemError) as caught:
        build(plan_of(path, **more), size, classes, None)
    assert caught.value.problem.is_known
    return caught.value.problem.kind


def up_to(model: keras.Model, name: str) -> keras.Model:
    return keras.Model(model.input, model.get_layer(name).output)


# Keras 2


def test_teachable_machines_file_gives_what_it_gave_in_keras_2(tmp_path: Path) -> None:
    path = write_teachable_machine(tmp_path, labels=LABELS)
    loaded = load_model(path)
    given = loaded.model(pictures()).numpy()
    expected = expected_answers(pictures() / 127.5 - 1)
    np.testing.assert_allclose(given, expected, atol=1e-5)
    assert np.ptp(expected[:, 0]) > 0.01, "all answers alike would show nothing"
    assert loaded.card.classes == ("cat", "dog", "열쇠")
    assert (loaded.card.size, loaded.card.fit, loaded.card.output) == (SIDE, "crop", "softmax")


def test_plain_keras_3_refuses_that_file(tmp_path: Path) -> None:
    """If this fails one day, Keras has learned it, and less is needed here."""
    with pytest.raises((TypeError, ValueError)):
        keras.saving.load_model(write_teachable_machine(tmp_path), compile=False)


def test_numbers_without_telling_names_are_taken_in_keras_2s_order(tmp_path: Path) -> None:
    path = write_teachable_machine(tmp_path, nameless=True, labels=LABELS)
    given = load_model(path).model(pictures()).numpy()
    np.testing.assert_allclose(given, expected_answers(pictures() / 127.5 - 1), atol=1e-5)


def test_a_frozen_layer_stands_later_in_keras_2s_order(tmp_path: Path) -> None:
    config, variables = teachable_machine()
    inner = config["config"]["layers"][0]["config"]["layers"][0]["config"]["layers"]
    inner[1]["config"]["trainable"] = False
    listed = variables["sequential_1"]
    frozen, trained, others = listed[:1], listed[1:9], listed[9:]
    variables["sequential_1"] = [*trained, *frozen, *others]
    write_h5(tmp_path / "frozen.h5", config, variables, nameless=True)
    (tmp_path / "labels.txt").write_text(LABELS, encoding="utf-8")
    given = load_model(tmp_path / "frozen.h5").model(pictures()).numpy()
    np.testing.assert_allclose(given, expected_answers(pictures() / 127.5 - 1), atol=1e-5)


def test_layers_that_were_functions_of_tensorflow_become_layers(tmp_path: Path) -> None:
    """As in Keras 2's tutorials: x / 127.5 − 1, the base, x · 2 and x + y."""
    model, variables = tiny_mobilenet()
    layers = model["config"]["layers"]

    def function(name: str, given: str, **more: object) -> dict[str, object]:
        found = layer("TFOpLambda", f"tf.{name}", [], function=name)
        return found | {"inbound_nodes": [[given, 0, 0, {**more, "name": None}]]}

    layers[1:1] = [
        function("math.truediv", "input_1", y=127.5),
        function("math.subtract", "tf.math.truediv", y=1.0),
    ]
    layers[3]["inbound_nodes"] = [[["tf.math.subtract", 0, 0, {}]]]
    layers += [
        function("math.multiply", "add", y=2.0),
        function("__operators__.add", "tf.math.multiply", y=["conv1_relu", 0, 0]),
    ]
    model["config"]["output_layers"] = [["tf.__operators__.add", 0, 0]]
    by_layer: dict[str, list[tuple[str, tuple[int, ...]]]] = {}
    for name, shape in variables:
        by_layer.setdefault(name.partition("/")[0], []).append((name, shape))
    write_h5(tmp_path / "tutorial.h5", model, by_layer)
    built = build(plan_of(tmp_path / "tutorial.h5"), SIDE, 3, None)
    given = keras.Model(built.input, built.get_layer("head_pooling").input)(pictures())
    relu = up_to(built, "conv1_relu")(pictures())
    expected = 2 * expected_features(pictures() / 127.5 - 1) + relu
    np.testing.assert_allclose(given, expected, atol=2e-5)


# As a base


def test_a_base_begins_with_the_files_numbers(tmp_path: Path) -> None:
    plan = plan_of(write_teachable_machine(tmp_path))
    model = build(plan, SIDE, 4, None)
    expected = expected_features(pictures() / 127.5 - 1)
    np.testing.assert_allclose(up_to(model, "add")(pictures()), expected, atol=2e-5)
    assert model.output_shape == (None, 4)


def test_a_base_of_random_weights_has_the_same_layers_and_other_numbers(tmp_path: Path) -> None:
    path = write_teachable_machine(tmp_path)
    model = build(plan_of(path, weights="random"), SIDE, 4, None)
    again = build(plan_of(path), SIDE, 4, None)
    assert [each.name for each in model.layers] == [each.name for each in again.layers]
    one, other = (np.asarray(each.get_layer("conv1").kernel) for each in (model, again))
    assert np.abs(one - other).max() > 0.01


def test_a_base_takes_another_size_of_pictures(tmp_path: Path) -> None:
    model = build(plan_of(write_teachable_machine(tmp_path)), 12, 4, None)
    expected = expected_features(pictures(12) / 127.5 - 1)
    np.testing.assert_allclose(up_to(model, "add")(pictures(12)), expected, atol=2e-5)


def test_nested_models_are_opened_and_described_without_reading_numbers(tmp_path: Path) -> None:
    path = write_teachable_machine(tmp_path)
    plan = plan_of(path)
    facts = Worker()._describe(DescribeNetwork(plan, SIDE, 4))
    assert [each.name for each in facts.layers if each.part == "base"] == [
        "conv1",
        "conv1_bn",
        "conv1_relu",
        "conv_dw_1",
        "conv_dw_1_bn",
        "conv_dw_1_relu",
        "conv_pw_1",
        "conv_pw_1_bn",
        "add",
    ]
    assert [each.name for each in facts.layers if each.part == "head"] == [
        "head_pooling",
        "head_dropout",
        "output",
    ]
    assert [note.kind for note in facts.notes] == ["own_model_minus_one_to_one"]
    assert "MobileNet" in facts.notes[0].message
    assert trained_layers(plan, facts) == {"head_pooling", "head_dropout", "output"}
    assert facts.layers[4].groups == facts.layers[2].groups != facts.layers[6].groups


def test_another_file_of_the_same_name_is_described_anew(tmp_path: Path) -> None:
    path = write_teachable_machine(tmp_path)
    worker = Worker()
    command = DescribeNetwork(plan_of(path), SIDE, 2)
    before = worker.answer(command, lambda event: None, lambda: False)
    given = keras.Input((SIDE, SIDE, 3))
    keras.Sequential([given, keras.layers.Conv2D(2, 3, name="other")]).save(tmp_path / "new.keras")
    path.write_bytes((tmp_path / "new.keras").read_bytes())
    after = worker.answer(command, lambda event: None, lambda: False)
    assert isinstance(before, NetworkDescribed)
    assert isinstance(after, NetworkDescribed)
    assert "other" in [each.name for each in after.facts.layers]


@pytest.mark.parametrize(
    ("head", "cut"),
    [
        (["Flatten", "Dense"], "conv_2"),
        (["Dropout", "GlobalMaxPooling2D", "Dense", "Dropout", "Dense"], "conv_2"),
        (["Class", "GlobalAveragePooling2D", "Softmax"], "conv_2"),
        ([], "conv_2"),
    ],
)
def test_the_base_ends_with_the_last_feature_maps(
    head: list[str], cut: str, tmp_path: Path
) -> None:
    layers = [keras.Input((8, 8, 3)), keras.layers.Conv2D(4, 3, name="conv_1")]
    layers.append(keras.layers.Conv2D(6, 3, activation="relu", name="conv_2"))
    for kind in head:
        match kind:
            case "Dense":
                layers.append(keras.layers.Dense(2))
            case "Class":
                layers.append(keras.layers.Conv2D(2, 1, name="classes"))
            case "Dropout":
                layers.append(keras.layers.Dropout(0.5))
            case _:
                layers.append(getattr(keras.layers, kind)())
    keras.Sequential(layers).save(tmp_path / "net.keras")
    own = open_own_model(tmp_path / "net.keras")
    assert own.graph.steps[ModelParts(own).last_of_base.index].name == cut


def test_a_net_without_convolutions_ends_before_its_last_dense(tmp_path: Path) -> None:
    layers = keras.layers
    net = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            layers.Flatten(),
            layers.Dense(5, activation="tanh", name="hidden"),
            layers.Dropout(0.3),
            layers.Dense(3, activation="softmax"),
        ]
    )
    net.save(tmp_path / "dense.keras")
    own = open_own_model(tmp_path / "dense.keras")
    assert own.graph.steps[ModelParts(own).last_of_base.index].name == "hidden"
    model = build(plan_of(tmp_path / "dense.keras"), 8, 2, None)
    assert model.output_shape == (None, 1)


def test_a_net_with_flatten_wants_its_own_size(tmp_path: Path) -> None:
    layers = keras.layers
    net = keras.Sequential([keras.Input((8, 8, 3)), layers.Conv2D(2, 3), layers.Flatten()])
    net.add(layers.Dense(3, activation="softmax"))
    net.save(tmp_path / "flat.keras")
    assert build(plan_of(tmp_path / "flat.keras"), 12, 3, None).output_shape == (None, 3)
    assert kind_of(tmp_path / "flat.keras", size=12, keep_output=True) == "own_model_size"


def test_a_model_of_grey_pictures_sees_their_brightness(tmp_path: Path) -> None:
    net = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            keras.layers.Rescaling(1 / 255),
            keras.layers.Conv2D(2, 1, name="conv", use_bias=False),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(3, activation="softmax"),
        ]
    )
    net.save(tmp_path / "grey.keras")
    model = build(plan_of(tmp_path / "grey.keras"), 8, 3, None)
    grey = pictures() @ np.array([0.299, 0.587, 0.114], np.float32) / 255
    kernel = np.asarray(net.get_layer("conv").kernel)[0, 0]
    expected = grey[..., None] @ kernel
    np.testing.assert_allclose(up_to(model, "conv")(pictures()), expected, atol=1e-3)


# Going on


def test_its_own_output_goes_on_with_what_it_learned(tmp_path: Path) -> None:
    plan = plan_of(write_teachable_machine(tmp_path), keep_output=True)
    model = build(plan, SIDE, CLASSES, None)
    given = model(pictures()).numpy()
    np.testing.assert_allclose(given, expected_answers(pictures() / 127.5 - 1), atol=1e-5)
    facts = describe(model, plan, CLASSES)
    assert trained_layers(plan, facts) == {"pooling", "dense_Dense1", "dense_Dense2"}
    assert count_parameters(facts.layers, trained_layers(plan, facts)).trainable == 4 * 5 + 5 + 15


def test_outputs_are_put_into_the_order_of_the_projects_classes(tmp_path: Path) -> None:
    plan = plan_of(write_teachable_machine(tmp_path, labels=LABELS), keep_output=True)
    model = build(plan, SIDE, CLASSES, None)
    assert match_classes(model, plan, ("dog", "열쇠", "cat")) == []
    expected = expected_answers(pictures() / 127.5 - 1)[:, [1, 2, 0]]
    np.testing.assert_allclose(model(pictures()).numpy(), expected, atol=1e-5)


@pytest.mark.parametrize(
    ("labels", "kind"), [("", "own_model_without_names"), ("a\nb\nc", "own_model_other_names")]
)
def test_classes_of_other_names_are_told(labels: str, kind: str, tmp_path: Path) -> None:
    plan = plan_of(write_teachable_machine(tmp_path, labels=labels), keep_output=True)
    model = build(plan, SIDE, CLASSES, None)
    (problem,) = match_classes(model, plan, ("cat", "dog", "bird"))
    assert problem.kind == kind
    assert problem.is_known


def test_one_sigmoid_is_turned_round_for_classes_in_the_other_order(tmp_path: Path) -> None:
    net = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Flatten(), keras.layers.Dense(1)])
    net.save(tmp_path / "logit.keras")
    (tmp_path / "labels.txt").write_text("dog\ncat\n")
    plan = plan_of(tmp_path / "logit.keras", keep_output=True)
    model = build(plan, 8, 2, None)
    before = model(pictures(8)).numpy()
    assert match_classes(model, plan, ("cat", "dog")) == []
    np.testing.assert_allclose(model(pictures(8)).numpy(), 1 - before, atol=1e-6)
    facts = describe(model, plan, 2)
    assert facts.output == "sigmoid"
    assert "own_model_logits" in [note.kind for note in facts.notes]


def test_classes_that_do_not_fit_are_named(tmp_path: Path) -> None:
    path = write_teachable_machine(tmp_path)
    assert kind_of(path, classes=4, keep_output=True) == "own_model_classes_differ"


# Keras 3


def test_what_cnn_studio_exported_goes_on_and_serves_as_a_base(tmp_path: Path) -> None:
    first = build(NetworkPlan(base="mobilenet_v2", width=0.35), 32, 3, None)
    first.save(tmp_path / "own.keras")
    with zipfile.ZipFile(tmp_path / "own.keras", "a") as archive:
        archive.writestr("class_names.json", json.dumps({"classes": ["a", "b", "c"]}))
    plan = plan_of(tmp_path / "own.keras", keep_output=True)
    expected = first(pictures(32)).numpy()
    given = build(plan, 32, 3, None)(pictures(32)).numpy()
    np.testing.assert_allclose(given, expected, atol=1e-5)
    with without_weights():
        base = build(plan_of(tmp_path / "own.keras"), 32, 5, None)
    names = [each.name for each in base.layers]
    assert "out_relu" in names
    assert "own_output" not in names
    assert len(set(names)) == len(names)


def test_a_nested_model_of_keras_3_is_opened_with_its_operations(tmp_path: Path) -> None:
    inner = keras.Sequential(
        [keras.Input((8, 8, 3)), keras.layers.Conv2D(4, 3, name="conv"), keras.layers.ReLU()],
        name="eyes",
    )
    given = keras.Input((8, 8, 3))
    maps = inner(keras.ops.flip(given, axis=-1) / 127.5 - 1)
    output = keras.layers.Dense(3)(keras.layers.GlobalAveragePooling2D()(maps))
    keras.Model(given, keras.ops.softmax(output)).save(tmp_path / "nested.keras")
    whole = keras.saving.load_model(tmp_path / "nested.keras")
    model = build(plan_of(tmp_path / "nested.keras", keep_output=True), 8, 3, None)
    np.testing.assert_allclose(model(pictures(8)), whole(pictures(8)), atol=1e-6)


def test_a_recurrent_net_comes_back(tmp_path: Path) -> None:
    layers = keras.layers
    net = keras.Sequential([keras.Input((8, 8, 1)), layers.Rescaling(1 / 255)])
    for each in (layers.Reshape((8, 8)), layers.LSTM(5), layers.Dense(3, activation="softmax")):
        net.add(each)
    net.save(tmp_path / "rows.keras")
    model = build(plan_of(tmp_path / "rows.keras", keep_output=True), 8, 3, None)
    grey = keras.ops.image.rgb_to_grayscale(pictures(8))
    np.testing.assert_allclose(model(pictures(8)), net(grey), atol=1e-6)


def test_augmentation_inside_a_model_is_passed_over(tmp_path: Path) -> None:
    layers = keras.layers
    net = keras.Sequential([keras.Input((8, 8, 3)), layers.RandomFlip(), layers.Rescaling(1 / 255)])
    for each in (layers.Conv2D(2, 3), layers.Flatten(), layers.Dense(3, activation="softmax")):
        net.add(each)
    net.save(tmp_path / "flips.keras")
    model = build(plan_of(tmp_path / "flips.keras", keep_output=True), 8, 3, None)
    expected = net(pictures(8), training=False)
    np.testing.assert_allclose(model(pictures(8)), expected, atol=1e-6)
    assert not [each for each in model.layers if "Random" in type(each).__name__]


SETTINGS: dict[str, tuple[object, ...]] = {
    "Activation": ("relu",),
    "AveragePooling2D": (2,),
    "CenterCrop": (4, 4),
    "CustomScaleLayer": (0.2,),
    "Dense": (2,),
    "DepthwiseConv2D": (3,),
    "LayerScale": (0.1, 3),
    "Permute": ((2, 1),),
    "Rescaling": (2,),
    "Reshape": ((4,),),
    "Resizing": (4, 4),
    **dict.fromkeys(("GRU", "LSTM", "SimpleRNN"), (2,)),
    **dict.fromkeys(("Conv1D", "Conv2D", "Conv2DTranspose", "SeparableConv2D"), (2, 3)),
    **dict.fromkeys(("Dropout", "AlphaDropout", "SpatialDropout2D"), (0.1,)),
    **dict.fromkeys(("GaussianDropout", "GaussianNoise"), (0.1,)),
}


@pytest.mark.parametrize("name", sorted(LAYERS))
def test_every_layer_that_is_opened_comes_back_from_keras_own_words(name: str) -> None:
    made = LAYERS[name]
    config = made(*SETTINGS.get(made.__name__, ())).get_config()
    step = Step("again", name, "keras.layers", config, (), {}, ("again",), "")
    again = make_layer(step, "file").get_config()
    left_out = ("name", "dtype", "seed")
    assert {k: again[k] for k in again if k not in left_out} == {
        k: config[k] for k in config if k not in left_out
    }


def test_a_convolution_with_fixed_numbers_comes_back(tmp_path: Path) -> None:
    """As local response normalisation is built: its numbers stand in the description."""
    kernel = np.eye(3, dtype=np.float32)[None, None] * 2
    given = keras.Input((8, 8, 3))
    maps = keras.ops.conv(keras.layers.Conv2D(3, 1)(given), kernel, padding="same")
    keras.Model(given, maps).save(tmp_path / "fixed.keras")
    whole = keras.saving.load_model(tmp_path / "fixed.keras")
    own = open_own_model(tmp_path / "fixed.keras")
    picture = keras.Input((8, 8, 3))
    made = own.make(picture, own.graph.output, load=True)
    model = keras.Model(picture, made.out_of(own.graph.output))
    np.testing.assert_allclose(model(pictures(8)), whole(pictures(8)), atol=1e-5)


# What the window is told


def test_a_file_is_looked_into(tmp_path: Path) -> None:
    path = write_teachable_machine(tmp_path, labels=LABELS)
    found = Worker().answer(LookIntoModel(str(path)), lambda event: None, lambda: False)
    assert isinstance(found, ModelLookedInto)
    assert (found.title, found.height, found.width, found.channels) == ("MobileNet", SIDE, SIDE, 3)
    assert (found.outputs, found.classes) == (3, ("cat", "dog", "열쇠"))
    assert (found.values, found.cut, found.cut_shape) == ("minus_one_to_one", "add", (8, 8, 4))
    assert found.parameters == 108 + 16 + 36 + 16 + 16 + 16 + 25 + 15


@pytest.mark.parametrize(
    ("name", "content", "classes"),
    [
        ("labels.txt", "0 cat\n1 dog\n2 key\n", ("cat", "dog", "key")),
        ("labels.txt", "\ufeffcat\r\ndog\r\n\r\n3 keys", ("cat", "dog", "3 keys")),
        ("labels.txt", "cat\ndog\ncat\n", ()),
        ("labels.txt", "cat\ndog\n", ()),
        ("metadata.json", '{"labels": ["cat", "dog", "key"]}', ("cat", "dog", "key")),
        ("metadata.json", '{"labels": 3}', ()),
    ],
)
def test_names_beside_a_file_are_found_also_when_they_come_later(
    name: str, content: str, classes: tuple[str, ...], tmp_path: Path
) -> None:
    command = LookIntoModel(str(write_teachable_machine(tmp_path)))
    before = Worker().answer(command, lambda event: None, lambda: False)
    assert isinstance(before, ModelLookedInto)
    assert before.classes == ()
    (tmp_path / name).write_text(content, encoding="utf-8")
    after = Worker().answer(command, lambda event: None, lambda: False)
    assert isinstance(after, ModelLookedInto)
    assert after.classes == classes


def test_the_person_has_the_last_word_on_values(tmp_path: Path) -> None:
    path = write_teachable_machine(tmp_path)
    model = build(plan_of(path, keep_output=True, model_values="0_255"), SIDE, CLASSES, None)
    given = model(pictures() / 255).numpy()
    np.testing.assert_allclose(given, expected_answers(pictures() / 255), atol=1e-5)
