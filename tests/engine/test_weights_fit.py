"""A damaged or foreign weights file is named, and nothing of it is loaded."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import h5py
import keras
import numpy as np
import pytest

from cnnstudio.engine import weights_check
from cnnstudio.engine.networks.build import build
from cnnstudio.engine.weights_check import check_weights
from cnnstudio.engine.weights_fit import misfit
from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.problems import Problem, ProblemError

PLAN = NetworkPlan(base="mobilenet_v2", width=0.35)
NAME = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.35_96_no_top.h5"


def _save_as_keras_2(model: keras.Model, file: Path) -> None:
    """In the format of the published files; Keras 3 reads it and writes it no more."""
    with h5py.File(file, "w") as opened:
        layers = [layer for layer in model.layers if layer.weights]
        opened.attrs["layer_names"] = [layer.name.encode() for layer in layers]
        for layer in layers:
            group = opened.create_group(layer.name)
            weights = [*layer.trainable_weights, *layer.non_trainable_weights]
            names = [f"{layer.name}/{weight.name}:0" for weight in weights]
            group.attrs["weight_names"] = [name.encode() for name in names]
            for name, weight in zip(names, weights, strict=True):
                group[name] = weight.numpy()


def _mobilenet(width: float) -> keras.Model:
    return keras.applications.MobileNetV2(
        input_shape=(32, 32, 3), alpha=width, include_top=False, weights=None
    )


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole file with random numbers, under a name that Keras publishes no checksum of."""
    file = tmp_path_factory.mktemp("whole") / NAME
    _save_as_keras_2(_mobilenet(0.35), file)
    return file


@pytest.fixture
def file(whole: Path, tmp_path: Path) -> Path:
    """A copy that may be spoilt."""
    return Path(shutil.copy(whole, tmp_path / NAME))


def _cut_off(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def _only_zero_bytes(file: Path) -> None:
    file.write_bytes(bytes(file.stat().st_size))


def _empty(file: Path) -> None:
    file.write_bytes(b"")


def _other_width(file: Path) -> None:
    _save_as_keras_2(_mobilenet(0.5), file)


def _other_network(file: Path) -> None:
    picture = keras.Input((32, 32, 3))
    inside = keras.layers.Conv2D(16, 3, use_bias=False, name="Conv1")(picture)
    _save_as_keras_2(keras.Model(picture, keras.layers.BatchNormalization()(inside)), file)


def _a_layer_too_many(file: Path) -> None:
    with h5py.File(file, "r+") as opened:
        names = [*opened.attrs["layer_names"], "predictions"]
        opened.attrs["layer_names"] = np.array(names, "S")
        group = opened.create_group("predictions")
        group.attrs["weight_names"] = [b"kernel"]
        group["kernel"] = np.ones((4, 2))


def _a_kernel_of_zeros(file: Path) -> None:
    with h5py.File(file, "r+") as opened:
        opened["Conv1"]["Conv1"]["kernel:0"][...] = 0


def _not_a_number(file: Path) -> None:
    with h5py.File(file, "r+") as opened:
        opened["bn_Conv1"]["bn_Conv1"]["gamma:0"][3] = np.nan


def _names_gone(file: Path) -> None:
    with h5py.File(file, "r+") as opened:
        del opened["Conv1"]


DAMAGES = [
    (_cut_off, "weights_cut_off", "cut off"),
    (_only_zero_bytes, "weights_no_hdf5", "HDF5"),
    (_empty, "weights_no_hdf5", "HDF5"),
    (
        _other_width,
        "weights_other_shape",
        "kernel:0 has the shape 1 × 1 × 48 × 16, and 1 × 1 × 48 × 8 is",
    ),
    (_other_network, "weights_layer_missing", "it has nothing for"),
    (_a_layer_too_many, "weights_layer_too_many", "predictions"),
    (_a_kernel_of_zeros, "weights_no_numbers", "Conv1/Conv1/kernel:0"),
    (_not_a_number, "weights_no_numbers", "bn_Conv1/bn_Conv1/gamma:0"),
    (_names_gone, "weights_cut_off", "Conv1"),
]


@pytest.mark.parametrize(("spoil", "kind", "words"), DAMAGES)
def test_a_damaged_file_is_named_and_nothing_is_loaded(
    file: Path,
    spoil: Callable[[Path], None],
    kind: str,
    words: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def load(model: keras.Model, *given: object) -> None:
        pytest.fail("something was loaded")

    spoil(file)
    monkeypatch.setattr(keras.Model, "load_weights", load)
    with pytest.raises(ProblemError) as caught:
        build(PLAN, 32, 2, file)
    problem = caught.value.problem
    assert (problem.kind, problem.file) == (kind, str(file))
    assert str(file) in problem.message
    assert words in problem.message


def test_a_whole_file_is_loaded_number_by_number(whole: Path) -> None:
    model = build(PLAN, 32, 2, whole)
    with h5py.File(whole) as opened:
        kernel = np.array(opened["Conv1"]["Conv1"]["kernel:0"])
    np.testing.assert_array_equal(model.get_layer("Conv1").get_weights()[0], kernel)


def test_a_model_file_of_keras_2_fits_too(whole: Path, tmp_path: Path) -> None:
    with h5py.File(whole) as source, h5py.File(tmp_path / "model.h5", "w") as target:
        group = target.create_group("model_weights")
        group.attrs["layer_names"] = source.attrs["layer_names"]
        for name in source:
            source.copy(name, group)
    assert misfit(tmp_path / "model.h5", _mobilenet(0.35), "MobileNetV2") is None


def test_names_in_several_pieces_are_read(file: Path) -> None:
    with h5py.File(file, "r+") as opened:
        names = opened.attrs["layer_names"].tolist()
        del opened.attrs["layer_names"]
        opened.attrs["layer_names0"] = names[:10]
        opened.attrs["layer_names1"] = names[10:]
    assert misfit(file, _mobilenet(0.35), "MobileNetV2") is None


@pytest.mark.parametrize(("spoil", "kind", "words"), DAMAGES)
def test_the_check_finds_what_loading_would(
    file: Path, spoil: Callable[[Path], None], kind: str, words: str
) -> None:
    spoil(file)
    (checked,) = check_weights([file])
    assert checked.problem is not None
    assert checked.problem.kind == kind
    assert not checked.is_right
    assert (checked.network, checked.width) == ("mobilenet_v2", 0.35)


def test_the_check_tells_of_each_file_and_how_far_it_is(file: Path, tmp_path: Path) -> None:
    unknown = Path(shutil.copy(file, tmp_path / "own.h5"))
    told: list[tuple[int, int]] = []
    found = check_weights([file, unknown, tmp_path / "gone.h5"], lambda *each: told.append(each))
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]
    assert [each.checksum for each in found] == ["not_published"] * 3
    assert found[0].problem is None
    assert found[0].size == file.stat().st_size
    assert _kind(found[1].problem) == "weights_unknown_name"
    assert found[1].is_right
    assert _kind(found[2].problem) == "weights_unreadable"


def test_an_unknown_file_that_is_cut_off_is_told(file: Path, tmp_path: Path) -> None:
    unknown = Path(shutil.copy(file, tmp_path / "own.h5"))
    _cut_off(unknown)
    assert _kind(check_weights([unknown])[0].problem) == "weights_cut_off"


def test_a_wrong_checksum_is_told_where_all_else_fits(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weights_check, "_checksum", lambda *given: "wrong")
    (checked,) = check_weights([file])
    assert checked.checksum == "wrong"
    assert _kind(checked.problem) == "weights_wrong_checksum"


def test_the_check_can_be_stopped_between_two_files(file: Path) -> None:
    done: list[int] = []
    with pytest.raises(InterruptedError):
        check_weights([file, file], lambda now, total: done.append(now), lambda: 1 in done)


def test_the_real_files_fit(real_weights: Path) -> None:
    found = check_weights(sorted(real_weights.glob("*.h5")))
    assert found
    assert all(each.network and each.problem is None for each in found)


def _kind(problem: Problem | None) -> str:
    return problem.kind if problem is not None else ""
