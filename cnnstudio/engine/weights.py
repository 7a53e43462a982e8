"""Where a pretrained base's weights come from: this computer, or the network when told so."""

import errno
from collections.abc import Callable, Iterator
from pathlib import Path

import h5py

from cnnstudio.engine.arriving import DownloadError, address_below, host_of
from cnnstudio.engine.download import OnBytes, checksum_of, download
from cnnstudio.project.files import is_file
from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.network_row import NetworkRow, WeightFiles
from cnnstudio.project.network_table import network_row
from cnnstudio.project.problems import Problem, ProblemError, Value
from cnnstudio.project.weights_places import chosen_mirror, downloads_folder, weights_folders

_WHERE = "network.weights"
_BYTES_OF_A_HEAD = 512
_DISK_FULL = (errno.ENOSPC, errno.EDQUOT)


def find_weights(plan: NetworkPlan, picture_size: int) -> Path | None:
    """The file of weights that ``plan`` begins with; None for a base that begins at random.

    It is looked for in :func:`weights_folders`, in their order.

    Raises:
        ProblemError: ``weights_missing``, ``weights_file_missing``, ``weights_unreadable`` or
            ``weights_wrong_checksum``.
    """
    row = network_row(plan)
    if row.weights is None or plan.weights == "random":
        return None
    if plan.weights != "imagenet":
        if not is_file(plan.weights):
            raise ProblemError(Problem("weights_file_missing", _WHERE, file=plan.weights))
        return Path(plan.weights)
    names = row.weights.names(plan.width, picture_size)
    for path in _places_of(names):
        _require_checksum(path, row.weights)
        return path
    values: dict[str, Value] = {"network": row.title, "name": names[0]}
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
        ProblemError: as above, or one of ``FETCH_KINDS``.
        InterruptedError: when ``should_stop`` says so during the download.
    """
    try:
        return find_weights(plan, picture_size)
    except ProblemError as error:
        if error.problem.kind != "weights_missing" or not download_allowed:
            raise
    row = network_row(plan)
    assert row.weights is not None
    names = row.weights.names(plan.width, picture_size)
    return _fetch(row, row.weights, names, downloads_folder(), on_progress, should_stop)


def fetch_weights(
    row: NetworkRow,
    width: float,
    picture_size: int,
    to: Path | None,
    on_progress: OnBytes = lambda done, total: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> tuple[Path, bool]:
    """See to it that ``row``'s weights are here, with ``to`` in that folder; say whether they were.

    What is here in another folder is copied to ``to``. A damaged file there is replaced.

    Raises:
        ProblemError: ``weights_from_scratch``, one of ``FETCH_KINDS``, or for a damaged file in
            another place than downloads go to, ``weights_wrong_checksum``.
        InterruptedError: when ``should_stop`` says so during the download.
    """
    if row.weights is None:
        raise ProblemError(Problem("weights_from_scratch", values={"network": row.title}))
    names = row.weights.names(width, picture_size)
    target = to or downloads_folder()
    source: Path | None = None
    for path in _places_of(names, *((target,) if to is not None else ())):
        try:
            _require_whole(path, row.weights)
        except ProblemError:
            if to is None and path.parent != target:
                raise
            continue
        if to is None or path.parent == target:
            return path, True
        source = source or path
    return _fetch(row, row.weights, names, target, on_progress, should_stop, source), False


def _fetch(
    row: NetworkRow,
    files: WeightFiles,
    names: list[str],
    folder: Path,
    on_progress: OnBytes,
    should_stop: Callable[[], bool],
    source: Path | None = None,
) -> Path:
    """Fetch the first of the names that the server has, or ``source``, into ``folder``."""
    mirror = "" if source is not None else chosen_mirror()
    first: Problem | None = None
    for name in [source.name] if source is not None else names:
        target = folder / name
        if source is not None:
            address = str(source)
        elif mirror:
            address = address_below(mirror, name)
        else:
            address = address_below(files.folder_address, files.server_name(name))
        try:
            download(
                address,
                target,
                checksum=files.md5.get(name),
                verify=_require_hdf5,
                on_progress=on_progress,
                should_stop=should_stop,
            )
            return target
        except DownloadError as error:
            problem = _problem_of(error, row, name, address, mirror)
            first = first or problem
            if error.kind != "weights_not_on_server":
                raise ProblemError(problem) from error
        except InterruptedError:
            raise
        except OSError as error:
            raise ProblemError(_write_problem(error, target)) from error
    assert first is not None
    raise ProblemError(first)


def _problem_of(
    error: DownloadError, row: NetworkRow, name: str, address: str, mirror: str
) -> Problem:
    host = mirror if error.kind == "weights_mirror_unclear" else host_of(address)
    values: dict[str, Value] = {"network": row.title, "name": name, "host": host, **error.values}
    is_unknown = error.kind == "no_internet" and mirror
    return Problem("weights_mirror_unknown" if is_unknown else error.kind, _WHERE, values=values)


def _write_problem(error: OSError, target: Path) -> Problem:
    if error.errno in _DISK_FULL:
        return Problem("disk_full", _WHERE, file=str(target.parent))
    reason = error.strerror or type(error).__name__
    values: dict[str, Value] = {"name": target.name, "reason": reason}
    return Problem("weights_not_kept", _WHERE, file=str(target.parent), values=values)


def _places_of(names: list[str], *first: Path) -> Iterator[Path]:
    """Where a file of one of the ``names`` is, the best place and name first."""
    for folder in (*first, *(each.path for each in weights_folders())):
        for name in names:
            if is_file(folder / name):
                yield folder / name


def _require_checksum(path: Path, files: WeightFiles) -> None:
    expected = files.md5.get(path.name)
    if expected is None:
        return
    try:
        is_right = checksum_of(path, expected) == expected
    except OSError as error:
        values: dict[str, Value] = {"reason": error.strerror or type(error).__name__}
        problem = Problem("weights_unreadable", _WHERE, file=str(path), values=values)
        raise ProblemError(problem) from error
    if not is_right:
        raise ProblemError(Problem("weights_wrong_checksum", _WHERE, file=str(path)))


def _require_whole(path: Path, files: WeightFiles) -> None:
    _require_checksum(path, files)
    try:
        _require_hdf5(path)
    except DownloadError as error:
        raise ProblemError(Problem("weights_damaged", _WHERE, file=str(path))) from error


def _require_hdf5(path: Path) -> None:
    """A portal's welcome page also arrives as a whole file, and so does half of a file whose
    server does not say how long it is."""
    if not h5py.is_hdf5(path):
        with path.open("rb") as file:
            is_markup = file.read(_BYTES_OF_A_HEAD).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
        if is_markup:
            raise DownloadError("weights_web_page")
        raise DownloadError("weights_wrong_bytes", reason="≠ HDF5")
    try:
        with h5py.File(path, "r"):
            pass
    except OSError as error:
        raise DownloadError("weights_wrong_bytes", reason=str(error)) from error
