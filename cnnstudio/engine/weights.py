"""Where a pretrained base's weights come from: this computer, or the network when told so."""

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import h5py

from cnnstudio.engine.download import (
    DownloadError,
    NoInternetError,
    NotThereError,
    OnBytes,
    download,
)
from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.network_row import NetworkRow, WeightFiles
from cnnstudio.project.network_table import network_row
from cnnstudio.project.places import packaged_weights_folder
from cnnstudio.project.problems import Problem, ProblemError
from cnnstudio.project.settings import load_settings

_WHERE = "network.weights"


def find_weights(plan: NetworkPlan, picture_size: int) -> Path | None:
    """The file of weights that ``plan`` begins with; None for a base that begins at random.

    Looked for in the folder packaged with the program, the folders of ``CNNSTUDIO_WEIGHTS``,
    those of the settings, and Keras' own cache.

    Raises:
        ProblemError: ``weights_missing``, ``weights_file_missing`` or ``weights_damaged``.
    """
    row = network_row(plan)
    if row.weights is None or plan.weights == "random":
        return None
    if plan.weights != "imagenet":
        if not os.path.isfile(plan.weights):  # noqa: PTH113 (raises nothing, whatever the path)
            raise ProblemError(Problem("weights_file_missing", _WHERE, file=plan.weights))
        return Path(plan.weights)
    names = row.weights.names(plan.width, picture_size)
    for folder in _folders():
        for name in names:
            path = folder / name
            if os.path.isfile(path):  # noqa: PTH113
                _check_md5(path, row.weights)
                return path
    values: dict[str, str | int | float] = {"network": row.title, "name": names[0]}
    raise ProblemError(Problem("weights_missing", _WHERE, values=values))


def obtain_weights(
    plan: NetworkPlan,
    picture_size: int,
    *,
    download_allowed: bool,
    on_progress: OnBytes = lambda done, total: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Path | None:
    """As :func:`find_weights`; missing ImageNet weights are fetched where that is allowed.

    Raises:
        ProblemError: as above, or ``weights_download_failed`` or ``no_internet``.
        OSError: if the file cannot be written to Keras' cache.
        InterruptedError: when ``should_stop`` says so during the download.
    """
    try:
        return find_weights(plan, picture_size)
    except ProblemError as error:
        if error.problem.kind != "weights_missing" or not download_allowed:
            raise
    row = network_row(plan)
    assert row.weights is not None
    return _fetch(row, row.weights, plan, picture_size, on_progress, should_stop)


def _fetch(
    row: NetworkRow,
    files: WeightFiles,
    plan: NetworkPlan,
    picture_size: int,
    on_progress: OnBytes,
    should_stop: Callable[[], bool],
) -> Path:
    """Fetch the first of the names that the server has into Keras' cache."""
    base = os.environ.get("CNNSTUDIO_WEIGHTS_MIRROR") or files.folder_address
    names = files.names(plan.width, picture_size)
    values: dict[str, str | int | float] = {"network": row.title, "name": names[0]}
    reason = ""
    for name in names:
        target = _keras_cache() / name
        try:
            download(
                f"{base.rstrip('/')}/{name}",
                target,
                md5=files.md5.get(name),
                on_progress=on_progress,
                should_stop=should_stop,
            )
            _check_is_hdf5(target)
            return target
        except NoInternetError as error:
            raise ProblemError(Problem("no_internet", _WHERE, values=values)) from error
        except NotThereError as error:
            reason = reason or str(error)
        except DownloadError as error:
            reason = str(error)
            break
    values["reason"] = reason
    raise ProblemError(Problem("weights_download_failed", _WHERE, values=values))


def _folders() -> Iterator[Path]:
    yield packaged_weights_folder()
    for folder in os.environ.get("CNNSTUDIO_WEIGHTS", "").split(os.pathsep):
        if folder:
            yield Path(folder)
    for folder in load_settings().weights_folders:
        yield Path(folder)
    yield _keras_cache()


def _keras_cache() -> Path:
    """The folder where ``keras.utils.get_file`` keeps weights, by the same rules."""
    chosen = os.environ.get("KERAS_HOME")
    home = Path(chosen) if chosen else Path.home() / ".keras"
    nearest = next(each for each in (home, *home.parents) if each.exists())
    if not os.access(nearest, os.W_OK):
        home = Path(tempfile.gettempdir()) / ".keras"
    return home / "models"


def _check_md5(path: Path, files: WeightFiles) -> None:
    expected = files.md5.get(path.name)
    if expected is None:
        return
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False))
    if digest.hexdigest() != expected:
        raise ProblemError(Problem("weights_damaged", _WHERE, file=str(path)))


def _check_is_hdf5(path: Path) -> None:
    """A portal's welcome page also arrives as a whole file; such a one is not kept."""
    if not h5py.is_hdf5(path):
        path.unlink()
        raise DownloadError(f"{path.name} ≠ HDF5")
