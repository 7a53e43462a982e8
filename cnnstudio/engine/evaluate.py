"""Asking a finished model: pictures whose class is known, or any pictures."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cnnstudio.engine.answers import Answers, Probabilities, evaluation_of
from cnnstudio.engine.model_file import ModelCard
from cnnstudio.engine.parts import Pixels
from cnnstudio.engine.talk import Send, ShouldStop
from cnnstudio.images.read import read_picture
from cnnstudio.images.threads import in_order
from cnnstudio.project.problems import Problem, ProblemError
from cnnstudio.project.results import Prediction
from cnnstudio.project.run_folder import RunFolder
from cnnstudio.protocol import Evaluate, Evaluated, Predict, Predicted, Progress

BATCH_SIZE = 32


@dataclass(frozen=True)
class Asked:
    """Probabilities (pictures, classes) of the files that could be read: ``rows`` says which."""

    rows: npt.NDArray[np.int64]
    probabilities: Probabilities
    problems: tuple[Problem, ...]


def evaluate(
    command: Evaluate, answers: Answers, card: ModelCard, send: Send, should_stop: ShouldStop
) -> Evaluated:
    """Compare the model's answers with the truth.

    Raises:
        ProblemError: ``unknown_classes``, or ``no_pictures_readable`` where none could be read.
        InterruptedError: when ``should_stop`` says so.
    """
    unknown = sorted({label for _, label in command.pictures} - set(card.classes))
    if unknown:
        values: dict[str, str | int | float] = {
            "names": ", ".join(unknown),
            "known": ", ".join(card.classes),
        }
        raise ProblemError(Problem("unknown_classes", file=command.model, values=values))
    files = [file for file, _ in command.pictures]
    asked = _ask(files, answers, card, send, should_stop)
    if not len(asked.rows):
        raise ProblemError(Problem("no_pictures_readable"))
    place = {name: index for index, name in enumerate(card.classes)}
    labels = np.array([place[command.pictures[row][1]] for row in asked.rows], dtype=np.int64)
    evaluation = evaluation_of(
        card.classes, command.part, [files[row] for row in asked.rows], labels, asked.probabilities
    )
    return Evaluated(evaluation, asked.problems)


def evaluate_run(
    run: RunFolder, answers: Answers, card: ModelCard, send: Send, should_stop: ShouldStop
) -> None:
    """Ask the best model of ``run`` the pictures of its test part, or of validation where there is
    no test part, and keep that; unless it was asked already.

    Raises:
        ProblemError: as :func:`evaluate`; OSError: if it cannot be written.
        InterruptedError: when ``should_stop`` says so.
    """
    pictures = run.read_pictures().pictures
    part = "test" if any(picture.part == "test" for picture in pictures) else "validation"
    kept, epoch = run.read_evaluation(), card.epoch
    if kept is not None and (kept.part, kept.epoch) == (part, epoch):
        return
    chosen = tuple((each.path, each.label) for each in pictures if each.part == part)
    found = evaluate(Evaluate(str(run.best_model), chosen, part), answers, card, send, should_stop)
    run.write_evaluation(found.evaluation.model_copy(update={"epoch": epoch}))


def predict(
    command: Predict, answers: Answers, card: ModelCard, send: Send, should_stop: ShouldStop
) -> Predicted:
    """Ask for every file; those that cannot be read are among the problems.

    Raises:
        InterruptedError: when ``should_stop`` says so.
    """
    asked = _ask(command.files, answers, card, send, should_stop)
    predictions = tuple(
        Prediction(
            file=command.files[row],
            label=card.classes[int(given.argmax())],
            probabilities=tuple(float(each) for each in given),
        )
        for row, given in zip(asked.rows, asked.probabilities, strict=True)
    )
    return Predicted(card.classes, predictions, asked.problems)


def _ask(
    files: Sequence[str], answers: Answers, card: ModelCard, send: Send, should_stop: ShouldStop
) -> Asked:
    """Read in threads, ask in batches, so that one waits for the other as little as possible."""

    def read(file: str) -> Pixels | Problem:
        try:
            return read_picture(file, card.size, card.fit)
        except ProblemError as error:
            return error.problem

    def tell(done: int, total: int) -> None:
        send(Progress("answers", done, total))

    rows: list[int] = []
    problems: list[Problem] = []
    found: list[Probabilities] = [np.empty((0, len(card.classes)))]
    batch: list[Pixels] = []
    for row, picture in enumerate(in_order(read, files, tell, should_stop)):
        if isinstance(picture, Problem):
            problems.append(picture)
            continue
        rows.append(row)
        batch.append(picture)
        if len(batch) == BATCH_SIZE:
            found.append(answers.of(np.stack(batch)))
            batch = []
    if batch:
        found.append(answers.of(np.stack(batch)))
    return Asked(np.array(rows, dtype=np.int64), np.concatenate(found), tuple(problems))
