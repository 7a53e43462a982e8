"""Looking into weight files: checksum, HDF5, and whether the shapes are those of the network."""

from collections.abc import Callable, Sequence
from pathlib import Path

import h5py
import keras

from cnnstudio.engine.download import checksum_of
from cnnstudio.engine.networks.build import without_weights
from cnnstudio.engine.networks.pretrained import application
from cnnstudio.engine.weights_fit import misfit
from cnnstudio.project.checked_weights import CheckedFile, Checksum
from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.problems import Problem, Value
from cnnstudio.project.weights_places import OfferedWeights, all_weight_files

_WHERE = "network.weights"


def check_weights(
    files: Sequence[Path],
    on_progress: Callable[[int, int], None] = lambda done, total: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> tuple[CheckedFile, ...]:
    """Look into ``files``, one after another; ``on_progress`` hears how many are done.

    Raises:
        InterruptedError: when ``should_stop`` says so between two files.
    """
    known = all_weight_files()
    found = []
    for number, file in enumerate(files):
        on_progress(number, len(files))
        if should_stop():
            raise InterruptedError
        found.append(_check(file, known.get(file.name)))
        keras.utils.clear_session()
    on_progress(len(files), len(files))
    return tuple(found)


def _check(file: Path, offered: OfferedWeights | None) -> CheckedFile:
    size = 0
    checksum: Checksum = "not_published"
    try:
        size = file.stat().st_size
        checksum = _checksum(file, offered)
    except OSError as error:
        values: dict[str, Value] = {"reason": error.strerror or type(error).__name__}
        problem: Problem | None = Problem(
            "weights_unreadable", _WHERE, file=str(file), values=values
        )
    else:
        problem = _problem_in(file, offered, checksum)
    return CheckedFile(
        path=str(file),
        size=size,
        network=offered.row.key if offered is not None else "",
        title=offered.title if offered is not None else "",
        width=offered.width if offered is not None else 1.0,
        checksum=checksum,
        problem=problem,
    )


def _checksum(file: Path, offered: OfferedWeights | None) -> Checksum:
    published = offered.files.md5.get(file.name) if offered is not None else None
    if published is None:
        return "not_published"
    return "right" if checksum_of(file, published) == published else "wrong"


def _problem_in(file: Path, offered: OfferedWeights | None, checksum: Checksum) -> Problem | None:
    if not h5py.is_hdf5(file):
        return Problem("weights_no_hdf5", _WHERE, file=str(file))
    if offered is None:
        return _cut_off(file) or Problem("weights_unknown_name", file=str(file))
    plan = NetworkPlan(base=offered.row.key, width=offered.width)
    side = offered.row.usual_size
    with without_weights():
        model = application(offered.row, plan, input_shape=(side, side, 3))
    problem = misfit(file, model, offered.title)
    if problem is None and checksum == "wrong":
        return Problem("weights_wrong_checksum", _WHERE, file=str(file))
    return problem


def _cut_off(file: Path) -> Problem | None:
    try:
        with h5py.File(file, "r"):
            return None
    except OSError as error:
        values: dict[str, Value] = {"reason": str(error)}
        return Problem("weights_cut_off", _WHERE, file=str(file), values=values)
