"""Handing a model over, and checking what was handed over."""

import secrets
import shutil
import time
from pathlib import Path

import keras
import numpy as np

from cnnstudio.engine.answers import Probabilities, as_probabilities
from cnnstudio.engine.model_file import ModelCard, load_model
from cnnstudio.engine.parts import Pixels
from cnnstudio.engine.talk import ShouldStop, stop_if_wanted
from cnnstudio.engine.up_to_date import bring_up_to_date
from cnnstudio.images.read import read_picture
from cnnstudio.project.files import written_atomically
from cnnstudio.project.places import cache_folder
from cnnstudio.project.problems import Problem, ProblemError
from cnnstudio.project.project_folder import write_problem
from cnnstudio.project.run_folder import RunFolder
from cnnstudio.protocol import CheckExport, Export, ExportChecked, Exported

_MOST_PROBE_PICTURES = 8
_SECONDS_BETWEEN_LOOKS = 0.02


def export(command: Export) -> Exported:
    """Write the run's model to the wanted place; it already holds preprocessing and class names.
    Of a run that broke off, it is made from the checkpoint where that is newer.

    The probe (an ``.npz`` of ``pictures`` and ``probabilities``) is a temporary file of the
    caller's from then on. The model is there first, so that it can be loaded meanwhile.

    Raises:
        ProblemError: ``run_without_model``, ``model_damaged``, ``disk_full``, ``cannot_write``.
    """
    run = RunFolder.open(Path(command.run_folder))
    bring_up_to_date(run)
    source = run.model(command.which)
    to = Path(command.to)
    probe = Path(command.probe or cache_folder() / f"probe-{secrets.token_hex(8)}.npz")
    try:
        with written_atomically(to) as beside:
            shutil.copyfile(source, beside)
        # What was copied: a run that is being trained may have another best model by now.
        loaded = load_model(to)
        pictures = _probe_pictures(run, loaded.card)
        probabilities = _answers(loaded.model, pictures)
        with written_atomically(probe) as beside:
            np.savez(beside, pictures=pictures, probabilities=probabilities)
    except OSError as error:
        raise ProblemError(write_problem(error, to)) from error
    return Exported(str(to), str(probe), loaded.card.classes, loaded.card.size)


def _answers(model: keras.Model, pictures: Pixels) -> Probabilities:
    """Probabilities (batch, classes), layer by layer: for a few pictures, making a graph first
    would take longer."""
    given = model(pictures.astype(np.float32), training=False).numpy()
    return as_probabilities(given) if given.shape[1] == 1 else given.astype(np.float64)


def check_export(command: CheckExport, should_stop: ShouldStop = lambda: False) -> ExportChecked:
    """Load the file with plain Keras, as anyone would, and ask it the probe's pictures.

    Raises:
        ProblemError: ``model_missing``, ``model_damaged``; OSError for the probe.
        InterruptedError: once ``should_stop`` says so while it waits for a file.
    """
    if command.waits:
        _wait_for(Path(command.model), should_stop)
    if not Path(command.model).is_file():
        raise ProblemError(Problem("model_missing", file=command.model))
    try:
        model = keras.saving.load_model(command.model)
    except MemoryError:
        raise
    except Exception as error:  # zipfile, json, h5py and Keras raise a dozen types between them
        raise ProblemError(Problem("model_damaged", file=command.model)) from error
    if command.waits:
        _wait_for(Path(command.probe), should_stop)
    with np.load(command.probe) as probe:
        pictures, expected = probe["pictures"], probe["probabilities"]
    try:
        probabilities = _answers(model, pictures)
    except MemoryError:
        raise
    except Exception as error:
        raise ProblemError(Problem("model_damaged", file=command.model)) from error
    difference = float(np.abs(probabilities - expected).max())
    return ExportChecked(difference, len(pictures))


def _wait_for(file: Path, should_stop: ShouldStop) -> None:
    while not file.is_file():
        stop_if_wanted(should_stop)
        time.sleep(_SECONDS_BETWEEN_LOOKS)


def _probe_pictures(run: RunFolder, card: ModelCard) -> Pixels:
    """A few validation pictures from all over the list; noise where none can be read now."""
    files = [picture.path for picture in run.read_pictures().of_part("validation")]
    found = []
    for index in np.linspace(0, len(files) - 1, min(len(files), _MOST_PROBE_PICTURES)):
        try:
            found.append(read_picture(files[round(index)], card.size, card.fit))
        except ProblemError:
            continue
    if not found:
        shape = (_MOST_PROBE_PICTURES, card.size, card.size, 3)
        return np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    return np.stack(found)
