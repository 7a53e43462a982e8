"""Model files: complete, described, readable without this program, and safe to open."""

import json
import zipfile
from pathlib import Path

import keras
import numpy as np
import pytest

from cnnstudio.engine.model_file import ModelCard, load_model, save_model
from cnnstudio.engine.networks.build import build
from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.problems import ProblemError

CARD = ModelCard(("고양이", "Hund"), 16, "pad", "sigmoid")


@pytest.fixture(scope="module")
def model() -> keras.Model:
    found = build(NetworkPlan(), 16, 2, None)
    found.compile("adam", "binary_crossentropy")
    found.optimizer.build(found.trainable_variables)
    return found


def _kind(path: Path) -> str:
    with pytest.raises(ProblemError) as caught:
        load_model(path)
    assert caught.value.problem.file == str(path)
    return caught.value.problem.kind


def test_a_saved_model_comes_back_with_its_card(model: keras.Model, tmp_path: Path) -> None:
    path = tmp_path / "모델 1.keras"
    save_model(model, CARD, path)
    loaded = load_model(path)
    assert loaded.card == CARD
    pictures = np.random.default_rng(0).uniform(0, 255, (3, 16, 16, 3)).astype(np.float32)
    np.testing.assert_allclose(loaded.model(pictures), model(pictures), atol=1e-6)
    assert list(tmp_path.iterdir()) == [path]


def test_the_classes_can_be_read_without_this_program(model: keras.Model, tmp_path: Path) -> None:
    save_model(model, CARD, tmp_path / "model.keras")
    with zipfile.ZipFile(tmp_path / "model.keras") as archive:
        assert archive.testzip() is None
        saved = json.loads(archive.read("class_names.json"))
    assert saved["classes"] == ["고양이", "Hund"]
    assert (saved["size"], saved["fit"], saved["output"]) == (16, "pad", "sigmoid")


def test_the_optimizer_stays_out_of_the_file(model: keras.Model, tmp_path: Path) -> None:
    save_model(model, CARD, tmp_path / "model.keras")
    model.save(tmp_path / "with_optimizer.keras")
    own, full = (tmp_path / name for name in ("model.keras", "with_optimizer.keras"))
    assert own.stat().st_size < 0.5 * full.stat().st_size
    assert model.optimizer is not None


def test_a_save_that_fails_leaves_the_file_before(model: keras.Model, tmp_path: Path) -> None:
    path = tmp_path / "model.keras"
    save_model(model, CARD, path)
    before = path.read_bytes()
    with pytest.raises(TypeError):
        save_model(model, ModelCard((b"no text",), 16, "pad", "sigmoid"), path)  # type: ignore[arg-type]
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_what_is_no_model_is_named(model: keras.Model, tmp_path: Path) -> None:
    assert _kind(tmp_path / "absent.keras") == "model_missing"
    assert _kind(tmp_path) == "model_missing"
    (tmp_path / "text.keras").write_text("no model")
    assert _kind(tmp_path / "text.keras") == "model_damaged"
    with zipfile.ZipFile(tmp_path / "other.keras", "w") as archive:
        archive.writestr("letter.txt", "a zip of something else")
    assert _kind(tmp_path / "other.keras") == "model_damaged"
    save_model(model, CARD, tmp_path / "model.keras")
    whole = (tmp_path / "model.keras").read_bytes()
    (tmp_path / "cut.keras").write_bytes(whole[: len(whole) // 2])
    assert _kind(tmp_path / "cut.keras") == "model_damaged"
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 255
    (tmp_path / "flipped.keras").write_bytes(flipped)
    assert _kind(tmp_path / "flipped.keras") == "model_damaged"


def test_a_model_without_class_names_is_named(model: keras.Model, tmp_path: Path) -> None:
    model.save(tmp_path / "plain.keras")
    assert _kind(tmp_path / "plain.keras") == "model_without_classes"


@pytest.mark.parametrize("text", ["{", "[]", '{"classes": ["a"]}', '{"classes": 3}'])
def test_class_names_that_do_not_fit_are_damage(
    text: str, model: keras.Model, tmp_path: Path
) -> None:
    model.save(tmp_path / "plain.keras")
    with zipfile.ZipFile(tmp_path / "plain.keras", "a") as archive:
        archive.writestr("class_names.json", text)
    assert _kind(tmp_path / "plain.keras") == "model_damaged"


@pytest.mark.parametrize(
    ("shape", "kind"),
    [
        ((5,), "model_takes_no_pictures"),
        ((16, 16, 4), "model_takes_no_pictures"),
        ((16, 12, 3), "model_takes_no_squares"),
        ((None, None, 3), "model_without_size"),
        ((16, 16, 1), "model_without_classes"),
    ],
)
def test_a_model_of_something_else_is_named(
    shape: tuple[int | None, ...], kind: str, tmp_path: Path
) -> None:
    given = keras.Input(shape)
    pooled = keras.layers.GlobalAveragePooling2D()(given) if len(shape) == 3 else given
    keras.Model(given, keras.layers.Dense(2)(pooled)).save(tmp_path / "other.keras")
    assert _kind(tmp_path / "other.keras") == kind


def test_a_model_that_gives_maps_has_no_classes(tmp_path: Path) -> None:
    given = keras.Input((16, 16, 3))
    keras.Model(given, keras.layers.Conv2D(2, 3)(given)).save(tmp_path / "maps.keras")
    assert _kind(tmp_path / "maps.keras") == "model_gives_no_classes"


def test_nothing_in_a_file_is_executed(tmp_path: Path) -> None:
    given = keras.Input((16, 16, 3))
    mean = keras.layers.Lambda(lambda x: x + 1, output_shape=(16, 16, 3))(given)
    output = keras.layers.Dense(2)(keras.layers.Flatten()(mean))
    keras.Model(given, output).save(tmp_path / "lambda.keras")
    assert _kind(tmp_path / "lambda.keras") == "model_carries_code"
