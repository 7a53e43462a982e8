"""Classics from scratch, trained for a moment on tiny pictures."""

import keras
import numpy as np
import pytest

from tests.engine.conftest import MakeRun, train_run


@pytest.mark.parametrize(
    ("base", "settings"),
    [
        ("lenet5", ["network.colours=rgb", "pictures.size=32"]),
        ("mnist_cnn", ["network.variant=residual", "network.colours=rgb", "pictures.size=16"]),
        ("mlp", ["network.colours=rgb", "pictures.size=16", "network.dense=32"]),
        ("lstm_rows", ["network.colours=rgb", "pictures.size=16"]),
    ],
)
def test_a_classic_learns_colours_and_is_kept(
    base: str, settings: list[str], make_run: MakeRun
) -> None:
    wanted = [f"network.base={base}", "training.epochs=12", "training.learning_rate=0.003"]
    run = make_run(*wanted, *settings)
    ended = train_run(run)
    assert ended.outcome == "finished", ended.details
    history = run.read_history()
    assert history[-1].loss < 0.5 * history[0].loss
    assert ended.validation_accuracy == 1.0
    assert keras.saving.load_model(run.best_model, safe_mode=True).output_shape == (None, 1)


def test_alexnet_with_its_normalisation_takes_a_step(make_run: MakeRun) -> None:
    settings = ["network.base=alexnet", "pictures.size=67", "network.dense=16:dropout=0.5"]
    run = make_run(*settings, "training.epochs=1")
    ended = train_run(run)
    assert ended.outcome == "finished", ended.details
    model = keras.saving.load_model(run.best_model, safe_mode=True)
    assert model.get_layer("norm2").output.shape[1:] == model.get_layer("conv2").output.shape[1:]


def test_a_grey_network_cannot_see_what_only_colour_tells(make_run: MakeRun) -> None:
    run = make_run("network.base=lenet5", "pictures.size=32", "training.epochs=1")
    assert train_run(run).outcome == "finished"
    model = keras.saving.load_model(run.best_model, safe_mode=True)
    assert model.get_layer("C1").kernel.shape == (5, 5, 1, 6)
    grey = np.full((1, 32, 32, 3), 100.0, np.float32)
    # As bright as the grey one by the weights of red, green and blue.
    coloured = grey + np.array([58.7, -29.9, 0.0], np.float32)
    np.testing.assert_allclose(model(coloured), model(grey), atol=2e-3)
