"""Asking a trained model, with and without the truth at hand."""

from pathlib import Path

import numpy as np
import pytest

from cnnstudio.engine.answers import Answers, evaluation_of
from cnnstudio.engine.model_file import load_model
from cnnstudio.engine.service import Worker
from cnnstudio.project.run_folder import RunFolder
from cnnstudio.protocol import (
    Evaluate,
    Evaluated,
    Event,
    Predict,
    Predicted,
    Progress,
    WorkFailed,
    WorkStopped,
)


def _ask(command: Evaluate | Predict, events: list[Event] | None = None) -> Event:
    found: list[Event] = [] if events is None else events
    return Worker().answer(command, found.append, lambda: False)


def _listed(folder: Path, *names: str) -> tuple[tuple[str, str], ...]:
    return tuple((str(file), name) for name in names for file in sorted((folder / name).iterdir()))


def test_an_evaluation_counts_right_and_wrong(trained: RunFolder, pictures: Path) -> None:
    events: list[Event] = []
    listed = _listed(pictures, "blue", "red")
    command = Evaluate(str(trained.best_model), listed, "test")
    answer = _ask(command, events)
    assert isinstance(answer, Evaluated)
    evaluation = answer.evaluation
    assert (evaluation.classes, evaluation.part, evaluation.count) == (("blue", "red"), "test", 24)
    right = sum(each.predicted == each.label for each in evaluation.pictures)
    assert evaluation.accuracy == pytest.approx(right / 24)
    assert [sum(row) for row in evaluation.confusion] == [12, 12]
    assert [(each.file, each.label) for each in evaluation.pictures] == list(listed)
    for each in evaluation.pictures:
        assert sum(each.probabilities) == pytest.approx(1)
        assert each.predicted == evaluation.classes[int(np.argmax(each.probabilities))]
    assert events[-1] == Progress("answers", 24, 24)


def test_the_answers_are_those_of_the_training(trained: RunFolder) -> None:
    kept = trained.read_evaluation()
    assert kept is not None
    asked = tuple((each.file, each.label) for each in kept.pictures)
    answer = _ask(Evaluate(str(trained.best_model), asked, "validation"))
    assert isinstance(answer, Evaluated)
    for mine, theirs in zip(answer.evaluation.pictures, kept.pictures, strict=True):
        assert mine.probabilities == pytest.approx(theirs.probabilities, abs=1e-5)


def test_a_class_that_the_model_does_not_know_is_named(trained: RunFolder, pictures: Path) -> None:
    command = Evaluate(str(trained.best_model), _listed(pictures, "blue", "green"), "test")
    answer = _ask(command)
    assert isinstance(answer, WorkFailed)
    assert answer.problem.kind == "unknown_classes"
    assert answer.problem.values == {"names": "green", "known": "blue, red"}


def test_a_part_of_the_classes_is_enough(trained: RunFolder, pictures: Path) -> None:
    answer = _ask(Evaluate(str(trained.best_model), _listed(pictures, "red"), "test"))
    assert isinstance(answer, Evaluated)
    assert [sum(row) for row in answer.evaluation.confusion] == [0, 12]


def test_predictions_name_the_broken_files_and_answer_the_others(
    trained: RunFolder, pictures: Path, tmp_path: Path
) -> None:
    (tmp_path / "text.jpg").write_text("no picture")
    (tmp_path / "empty.png").touch()
    good = [str(file) for name in ("red", "blue") for file in sorted((pictures / name).iterdir())]
    files = (str(tmp_path / "text.jpg"), *good, *good, str(tmp_path / "empty.png"), "/absent.png")
    answer = _ask(Predict(str(trained.best_model), files))
    assert isinstance(answer, Predicted)
    assert [each.kind for each in answer.problems] == [
        "not_a_picture",
        "file_empty",
        "file_missing",
    ]
    assert [each.file for each in answer.predictions] == [*good, *good]
    assert answer.predictions[0].label == "red"
    assert answer.predictions[:24] == pytest.approx(answer.predictions[24:])
    place = answer.classes.index("red")
    assert answer.predictions[0].probabilities[place] > 0.5


def test_nothing_readable_is_told(trained: RunFolder, tmp_path: Path) -> None:
    (tmp_path / "text.jpg").write_text("no picture")
    listed = ((str(tmp_path / "text.jpg"), "red"),)
    answer = _ask(Evaluate(str(trained.best_model), listed, "test"))
    assert isinstance(answer, WorkFailed)
    assert answer.problem.kind == "no_pictures_readable"
    empty = _ask(Predict(str(trained.best_model), (listed[0][0],)))
    assert isinstance(empty, Predicted)
    assert empty.predictions == ()
    assert len(empty.problems) == 1


def test_a_missing_model_is_told(tmp_path: Path) -> None:
    answer = _ask(Predict(str(tmp_path / "absent.keras"), ()))
    assert isinstance(answer, WorkFailed)
    assert answer.problem.kind == "model_missing"


def test_asking_can_be_stopped(trained: RunFolder, pictures: Path) -> None:
    files = tuple(file for file, _ in _listed(pictures, "red"))
    command = Predict(str(trained.best_model), files)
    assert Worker().answer(command, lambda event: None, lambda: True) == WorkStopped()


def test_a_model_that_was_replaced_is_read_again(
    trained: RunFolder, pictures: Path, tmp_path: Path
) -> None:
    model = tmp_path / "model.keras"
    model.write_bytes(trained.best_model.read_bytes())
    worker = Worker()
    command = Predict(str(model), (_listed(pictures, "red")[0][0],))
    assert isinstance(worker.answer(command, lambda event: None, lambda: False), Predicted)
    model.write_text("no model any more")
    answer = worker.answer(command, lambda event: None, lambda: False)
    assert isinstance(answer, WorkFailed)
    assert answer.problem.kind == "model_damaged"


def test_a_sigmoid_is_the_probability_of_the_second_class(trained: RunFolder) -> None:
    loaded = load_model(trained.best_model)
    noise = np.random.default_rng(0).integers(0, 256, (5, 16, 16, 3), dtype=np.uint8)
    given = Answers(loaded.model).of(noise)
    direct = np.asarray(loaded.model(noise.astype(np.float32)))
    np.testing.assert_allclose(given[:, 1], direct[:, 0], atol=1e-6)
    np.testing.assert_allclose(given.sum(axis=1), 1)


def test_the_confusion_counts_true_classes_by_row() -> None:
    labels = np.array([0, 0, 0, 1, 2])
    probabilities = np.eye(3)[[0, 1, 1, 1, 0]]
    evaluation = evaluation_of(("a", "b", "c"), "test", list("vwxyz"), labels, probabilities)
    assert evaluation.confusion == ((1, 2, 0), (0, 1, 0), (1, 0, 0))
    assert evaluation.accuracy == pytest.approx(0.4)
    assert [each.file for each in evaluation.wrong()] == ["w", "x", "z"]
