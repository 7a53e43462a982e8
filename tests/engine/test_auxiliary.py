"""Outputs half-way: there while training, gone from what is asked, kept and counted."""

from pathlib import Path

import keras
import numpy as np
import pytest

from cnnstudio.engine.facts import describe
from cnnstudio.engine.networks.auxiliary import TrainingModel, with_auxiliary
from cnnstudio.engine.networks.build import build
from cnnstudio.engine.objective import compile_model
from cnnstudio.project.layer_blocks import AuxiliaryClassifier, InceptionModule
from cnnstudio.project.layer_files import write_layers
from cnnstudio.project.layer_kinds import Conv2D, MaxPooling2D
from cnnstudio.project.layer_list import LayerList
from cnnstudio.project.layer_names import names_of
from cnnstudio.project.network import OWN_LAYERS, NetworkPlan
from cnnstudio.project.project import Project
from cnnstudio.project.run_folder import RunFolder
from tests.engine.conftest import MakeRun, train_run

SMALL = InceptionModule(
    name="inception",
    filters_1x1=4,
    reduce_3x3=4,
    filters_3x3=4,
    reduce_5x5=4,
    filters_5x5=4,
    filters_pool=4,
)
WITHOUT: LayerList = (
    Conv2D(name="conv", filters=8, strides=2),
    SMALL,
    MaxPooling2D(name="pool"),
    SMALL.model_copy(update={"name": "inception_again"}),
)
BESIDE = AuxiliaryClassifier(name="beside", loss_weight=0.3)
WITH: LayerList = (*WITHOUT[:2], BESIDE, *WITHOUT[2:])


def plan_with(layers: LayerList) -> NetworkPlan:
    return NetworkPlan(base=OWN_LAYERS, layers=layers, dropout=0.0)


def run_with(make_run: MakeRun, layers: LayerList, tmp_path: Path, *settings: str) -> RunFolder:
    file = tmp_path / f"layers {len(layers)}.json"
    write_layers(layers, file)
    wanted = [f"network.layers={file}", "network.dropout=0", "training.learning_rate=0.01"]
    return make_run(*wanted, *settings, classes=("blue", "green", "red"))


def compiled(project: Project) -> TrainingModel:
    """As a training has it when it begins, for three classes."""
    plan = project.network
    model = build(plan, project.pictures.size, 3, None)
    made = with_auxiliary(model, plan, 3)
    facts = describe(model, plan, 3)
    compile_model(made, project, facts, project.training.learning_rate, 3)
    return made


def test_the_training_model_has_an_output_more_over_the_same_layers() -> None:
    plan = plan_with(WITH)
    model = build(plan, 16, 3, None)
    made = with_auxiliary(model, plan, 3)
    assert [output.shape for output in made.model.outputs] == [(None, 3), (None, 3)]
    assert made.loss_weights == (1.0, 0.3)
    assert all(layer in made.model.layers for layer in model.layers)
    beside = {layer.name for layer in made.model.layers} - {layer.name for layer in model.layers}
    assert beside < names_of(BESIDE)
    assert len(beside) == 6


def test_a_network_without_auxiliary_classifiers_is_trained_as_it_is() -> None:
    for plan in (plan_with(WITHOUT), NetworkPlan()):
        model = build(plan, 16, 2, None)
        assert with_auxiliary(model, plan, 2).model is model


def test_the_maps_pass_an_auxiliary_classifier_unchanged() -> None:
    with_it, without = (build(plan_with(layers), 16, 3, None) for layers in (WITH, WITHOUT))
    assert with_it.count_params() == without.count_params()
    with_it.set_weights(without.get_weights())
    pictures = np.random.default_rng(1).uniform(0, 255, (4, 16, 16, 3)).astype(np.float32)
    np.testing.assert_allclose(with_it(pictures), without(pictures), atol=1e-6)


@pytest.mark.parametrize("size", [16, 32])
def test_small_maps_are_pooled_whole(size: int) -> None:
    layers = (*WITHOUT, MaxPooling2D(name="last"), BESIDE)
    plan = plan_with(layers)
    made = with_auxiliary(build(plan, size, 2, None), plan, 2)
    side = made.model.get_layer("beside_pool").output.shape[1]
    assert side == 1


def test_the_auxiliary_output_learns_with_its_own_loss(make_run: MakeRun, tmp_path: Path) -> None:
    project = run_with(make_run, WITH, tmp_path).read_project()
    made = compiled(project)
    before = {
        layer.name: [np.array(each) for each in layer.get_weights()] for layer in made.model.layers
    }
    rng = np.random.default_rng(2)
    pictures = rng.uniform(0, 255, (6, 16, 16, 3)).astype(np.float32)
    labels = np.array([0, 1, 2, 0, 1, 2])
    logs = made.model.train_on_batch(pictures, (labels, labels), return_dict=True)
    for name in ("beside_conv", "beside_dense", "beside_output", "inception_conv1x1", "output"):
        changed = made.model.get_layer(name).get_weights()[0]
        assert np.abs(changed - before[name][0]).max() > 0, name
    expected = float(logs["output_loss"]) + 0.3 * float(logs["beside_output_loss"])
    assert float(logs["loss"]) == pytest.approx(expected, rel=1e-5)
    assert float(logs["output_watched_loss"]) == pytest.approx(float(logs["output_loss"]))


def test_history_answers_and_models_are_those_of_the_real_output(
    make_run: MakeRun, tmp_path: Path
) -> None:
    runs = {}
    for name, layers in (("with", WITH), ("without", WITHOUT)):
        runs[name] = run_with(make_run, layers, tmp_path, "training.epochs=1")
        ended = train_run(runs[name])
        assert ended.outcome == "finished", ended.details
    best = keras.saving.load_model(runs["with"].best_model, safe_mode=True)
    assert best.output_shape == (None, 3)
    assert not [each.name for each in best.layers if each.name.startswith("beside_")]
    without = keras.saving.load_model(runs["without"].best_model)
    assert best.count_params() == without.count_params()
    for run in runs.values():
        history = run.read_history()
        # Three classes by chance: -ln(1/3). With the second loss it would be a third more.
        assert history[0].loss == pytest.approx(np.log(3), abs=0.25)
        evaluation = run.read_evaluation()
        assert evaluation is not None
        assert all(len(each.probabilities) == 3 for each in evaluation.pictures)


def test_a_sigmoid_and_mixed_labels_reach_every_output(make_run: MakeRun, tmp_path: Path) -> None:
    file = tmp_path / "layers.json"
    write_layers(WITH, file)
    run = make_run(f"network.layers={file}", "training.epochs=1", "augmentation.mixup=0.3")
    ended = train_run(run)
    assert ended.outcome == "finished", ended.details


def test_the_price_of_weights_is_not_in_the_history(make_run: MakeRun, tmp_path: Path) -> None:
    dear = (WITHOUT[0].model_copy(update={"l2": 1.0}), *WITHOUT[1:])
    run = run_with(make_run, dear, tmp_path, "training.epochs=1", "training.learning_rate=0.00001")
    model = compiled(run.read_project()).model
    assert float(sum(model.losses)) > 1
    assert train_run(run).outcome == "finished"
    assert run.read_history()[0].loss == pytest.approx(np.log(3), abs=0.25)
