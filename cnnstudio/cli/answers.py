"""Asking a model in the terminal: single pictures, whole folders, and how often it is right."""

import csv
import glob
import io
import os
from pathlib import Path

from cnnstudio.cli.engine import ask, engines, stopping_on_interrupt
from cnnstudio.cli.output import Output, percent, plain_table
from cnnstudio.images.folder_walk import walk_folder
from cnnstudio.images.scan import natural_key, scan_folders
from cnnstudio.project.files import is_file, write_text_atomically
from cnnstudio.project.problems import Problem, ProblemError
from cnnstudio.project.project_folder import write_problem
from cnnstudio.project.results import Evaluation, Prediction
from cnnstudio.project.words import say, say_count
from cnnstudio.protocol import Evaluate, Evaluated, Predict, Predicted

MOST_CLASSES_IN_TABLE = 12


def evaluate(model: Path, folder: Path, output: Output) -> None:
    """Ask ``model`` for the folder's test part, or for all where there is none.

    Raises:
        ProblemError: if it cannot be asked.
        StoppedError: after Ctrl-C.
    """
    _require_model(model)
    scan = scan_folders([str(folder)])
    # That a class has no pictures matters to a training, and not to a question.
    problems = [each for each in scan.problems if each.kind != "class_empty"]
    if not scan.pictures:
        raise ProblemError((*problems, Problem("folder_empty", file=str(folder)))[0])
    for problem in problems:
        output.warning(problem)
    tested = [picture for picture in scan.pictures if picture.part == "test"]
    part = "test" if tested else "all"
    pictures = tuple((each.path, each.label) for each in tested or scan.pictures)
    if tested:
        output.sentence(say("Asked for the test part only: {count} pictures.", count=len(tested)))
    with stopping_on_interrupt() as should_stop, engines() as keeper:
        command = Evaluate(str(model.absolute()), pictures, part)
        answer = ask(keeper, command, output, should_stop)
    assert isinstance(answer, Evaluated)
    for problem in answer.problems:
        output.warning(problem)
    _tell_evaluation(answer.evaluation, output)


def predict(model: Path, paths: list[str], csv_file: Path | None, output: Output) -> None:
    """Ask ``model`` for the pictures at ``paths``; with ``csv_file``, write a table as well.

    Raises:
        ProblemError: if it cannot be asked, knows none of the pictures, or the table cannot be
            written.
        StoppedError: after Ctrl-C.
    """
    _require_model(model)
    files = [file for path in paths for file in picture_files(path)]
    with stopping_on_interrupt() as should_stop, engines() as keeper:
        command = Predict(str(model.absolute()), tuple(dict.fromkeys(files)))
        answer = ask(keeper, command, output, should_stop)
    assert isinstance(answer, Predicted)
    if not answer.predictions and answer.problems:
        raise ProblemError(answer.problems[0])
    for problem in answer.problems:
        output.warning(problem)
    if csv_file is not None:
        try:
            write_table(csv_file, to_csv(answer.classes, answer.predictions))
        except OSError as error:
            raise ProblemError(write_problem(error, csv_file)) from error
    _tell_predictions(answer, output)
    if csv_file is not None:
        output.sentence(say("Written: {path}", path=csv_file.absolute()))


def picture_files(path: str) -> list[str]:
    """The pictures meant by ``path``: a file, all of a folder, or a pattern such as ``*.jpg``.

    Raises:
        ProblemError: ``nothing_to_predict``.
    """
    place = Path(path)
    found = [str(place.absolute())] if is_file(place) else []
    if os.path.isdir(place):  # noqa: PTH112 (Path.is_dir may raise)
        walk = walk_folder(str(place.absolute()))
        found = sorted((each.path for each in walk.pictures), key=natural_key)
        if walk.problems and not found:
            raise ProblemError(walk.problems[0])
    elif not found:
        # The shells of Windows leave patterns to the program.
        matches = sorted(glob.glob(path), key=natural_key)  # noqa: PTH207 (any path, not below one)
        found = [str(Path(each).absolute()) for each in matches if is_file(each)]
    if not found:
        raise ProblemError(Problem("nothing_to_predict", file=path))
    return found


def to_csv(classes: tuple[str, ...], predictions: tuple[Prediction, ...]) -> str:
    """A line a picture: file, label, and the probability of each class."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["file", "label", *(formula_safe(name) for name in classes)])
    for each in predictions:
        shares = [f"{share:.6f}" for share in each.probabilities]
        writer.writerow([formula_safe(each.file), formula_safe(each.label), *shares])
    return text.getvalue()


def formula_safe(cell: str) -> str:
    """``cell`` so that no table program takes a file's or class' name for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def write_table(path: Path, text: str) -> None:
    """Write ``text`` as UTF-8 to ``path``. Raises OSError."""
    if path.exists() and not is_file(path):
        # A pipe or a device is written to, never replaced by a file.
        path.write_text(text, encoding="utf-8")
    else:
        write_text_atomically(path, text)


def _require_model(model: Path) -> None:
    if not is_file(model):
        raise ProblemError(Problem("model_missing", file=str(model)))


def _tell_evaluation(evaluation: Evaluation, output: Output) -> None:
    right = sum(row[place] for place, row in enumerate(evaluation.confusion))
    output.sentence(
        say(
            "{accuracy} of {count} pictures were recognised ({right} right, {wrong} wrong).",
            accuracy=percent(evaluation.accuracy),
            count=evaluation.count,
            right=right,
            wrong=evaluation.count - right,
        ),
        "bold",
    )
    table = plain_table(say("Class"), say("Pictures"), say("Right"), say("Share"), right=(1, 2, 3))
    for place, name in enumerate(evaluation.classes):
        row = evaluation.confusion[place]
        share = percent(evaluation.class_accuracy(place)) if sum(row) else "–"
        table.add_row(name, str(sum(row)), str(row[place]), share)
    output.sentence("")
    output.table(table)
    if len(evaluation.classes) <= MOST_CLASSES_IN_TABLE:
        output.sentence("\n" + say("Rows: the true class. Columns: the model's answer."))
        numbers = tuple(range(1, len(evaluation.classes) + 1))
        table = plain_table("", *evaluation.classes, right=numbers)
        for name, row in zip(evaluation.classes, evaluation.confusion, strict=True):
            table.add_row(name, *(str(count) for count in row))
        output.table(table)
    output.result(
        accuracy=evaluation.accuracy,
        count=evaluation.count,
        classes=list(evaluation.classes),
        confusion=[list(row) for row in evaluation.confusion],
    )


def _tell_predictions(answer: Predicted, output: Output) -> None:
    table = plain_table(say("File"), say("Class"), say("Probability"), right=(2,))
    for each in answer.predictions:
        table.add_row(_shown(each.file), each.label, percent(max(each.probabilities)))
    output.table(table)
    if len(answer.predictions) > 1:
        counts = dict.fromkeys(answer.classes, 0)
        for each in answer.predictions:
            counts[each.label] += 1
        shown = ", ".join(f"{name} {count}" for name, count in counts.items())
        output.sentence("")
        output.sentence(
            say_count(
                "{count} picture: {counts}",
                "{count} pictures: {counts}",
                len(answer.predictions),
                counts=shown,
            )
        )
    output.result(
        predictions=[
            {
                "file": each.file,
                "label": each.label,
                "probabilities": dict(zip(answer.classes, each.probabilities, strict=True)),
            }
            for each in answer.predictions
        ]
    )


def _shown(file: str) -> str:
    """``file`` as seen from here, where that is shorter."""
    try:
        return str(Path(file).relative_to(Path.cwd()))
    except ValueError:
        return file
