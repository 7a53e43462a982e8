"""Which layers are trained, and what freezing does to a batch normalisation."""

import keras
import numpy as np
import pytest

from cnnstudio.engine.facts import describe
from cnnstudio.engine.freezing import freeze
from cnnstudio.engine.networks.build import build
from cnnstudio.project.dense_layers import DenseLayer
from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.problems import ProblemError
from cnnstudio.project.project import Project


def _frozen(plan: NetworkPlan, size: int = 32) -> keras.Model:
    model = build(plan, size, 2, None)
    freeze(model, Project(network=plan), describe(model, plan, 2))
    return model


def _counted_by_keras(weights: list) -> int:
    return sum(int(np.prod(weight.shape)) for weight in weights)


@pytest.mark.parametrize("train_last", [0, 4, 19])
def test_vgg16_trains_its_last_layers_and_keras_counts_the_same(train_last: int) -> None:
    plan = NetworkPlan(
        base="vgg16", pooling="flatten", dense=(DenseLayer(units=16),), train_last=train_last
    )
    model = build(plan, 32, 2, None)
    facts = describe(model, plan, 2)
    if train_last == 19:
        with pytest.raises(ProblemError) as caught:
            freeze(model, Project(network=plan), facts)
        assert caught.value.problem.kind == "train_last_too_many"
        return
    totals = freeze(model, Project(network=plan), facts)
    assert totals.total == model.count_params()
    assert totals.trainable == _counted_by_keras(model.trainable_weights)
    names = [layer.name for layer in facts.base_layers]
    trained = [name for name in names if model.get_layer(name).trainable]
    assert trained == (names[-train_last:] if train_last else [])
    assert describe(model, plan, 2) == facts


def test_ticks_decide_layer_by_layer() -> None:
    plan = NetworkPlan(trained_layers=("block2_norm", "output"))
    model = _frozen(plan)
    assert [layer.name for layer in model.layers if layer.trainable] == ["block2_norm", "output"]
    assert _counted_by_keras(model.trainable_weights) == 2 * 32 + 128 + 1


@pytest.mark.parametrize(
    ("ticks", "kind"), [((), "nothing_trained"), (("block9_conv", "output"), "unknown_layer")]
)
def test_ticks_that_cannot_be_are_refused(ticks: tuple[str, ...], kind: str) -> None:
    with pytest.raises(ProblemError) as caught:
        _frozen(NetworkPlan(trained_layers=ticks))
    assert caught.value.problem.kind == kind


def test_a_frozen_batch_normalisation_stays_as_it_is() -> None:
    model = _frozen(NetworkPlan(trained_layers=("block1_conv", "block2_norm", "output")))
    frozen, ticked = model.get_layer("block1_norm"), model.get_layer("block2_norm")
    frozen_before, ticked_before = frozen.get_weights(), ticked.get_weights()
    model.compile("adam", "binary_crossentropy")
    pictures = np.random.default_rng(0).uniform(0, 255, (8, 32, 32, 3)).astype(np.float32)
    model.fit(pictures, np.arange(8) % 2, epochs=2, verbose=0)
    for before, after in zip(frozen_before, frozen.get_weights(), strict=True):
        np.testing.assert_array_equal(before, after)
    for before, after in zip(ticked_before, ticked.get_weights(), strict=True):
        assert not np.array_equal(before, after)


def test_a_frozen_base_answers_in_training_as_it_answers_afterwards() -> None:
    model = _frozen(NetworkPlan(base="mobilenet_v2", width=0.35))
    base = keras.Model(model.input, model.get_layer("out_relu").output)
    pictures = np.random.default_rng(0).uniform(0, 255, (4, 32, 32, 3)).astype(np.float32)
    np.testing.assert_array_equal(base(pictures, training=True), base(pictures, training=False))
