"""Where weight files may stand on this computer, and which of them are there.

Only names and sizes are looked at; what is inside a file is the engine's to judge.
"""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cnnstudio.project.files import is_file
from cnnstudio.project.network_row import NetworkRow, WeightFiles
from cnnstudio.project.network_table import NETWORKS
from cnnstudio.project.places import packaged_weights_folder
from cnnstudio.project.settings import Settings, load_settings
from cnnstudio.project.words import say

SUFFIX = ".h5"
PART_SUFFIX = ".part"

FolderKind = Literal["packaged", "environment", "settings", "downloads", "keras"]


@dataclass(frozen=True)
class WeightsFolder:
    """A folder that is looked through, and who named it."""

    path: Path
    kind: FolderKind


@dataclass(frozen=True)
class FolderFacts:
    """What is in a folder: how many weight files of ``size`` bytes together."""

    folder: WeightsFolder
    is_there: bool
    is_writable: bool
    files: int
    size: int


@dataclass(frozen=True)
class OfferedWeights:
    """The weights of a network at one of its widths."""

    row: NetworkRow
    files: WeightFiles
    width: float

    @property
    def name(self) -> str:
        """The file of the usual picture size."""
        return self.names(self.row.usual_size)[0]

    @property
    def key(self) -> tuple[str, float]:
        """What tells it apart: the row's key, and the width."""
        return self.row.key, self.width

    @property
    def title(self) -> str:
        """The network, with the width where that is not the usual one."""
        if self.width == 1.0:
            return self.row.title
        return say("{network}, width {width}", network=self.row.title, width=f"{self.width:g}")

    @property
    def megabytes(self) -> float:
        """Of the usual file; 0 where that is not known."""
        return self.files.megabytes if self.width == 1.0 else 0.0

    def names(self, size: int) -> list[str]:
        """Files that would serve pictures of ``size``, the best one first."""
        return self.files.names(self.width, size)


@dataclass(frozen=True)
class WeightsState:
    """What is here of offered weights: a file of ``size`` bytes, or an unfinished one."""

    offered: OfferedWeights
    path: Path | None = None
    folder: WeightsFolder | None = None
    size: int = 0
    unfinished: int = 0
    """Bytes of a download that was broken off and can be continued."""


def weights_folders(settings: Settings | None = None) -> tuple[WeightsFolder, ...]:
    """The folders in the order in which they are looked through.

    Packaged with the program, ``CNNSTUDIO_WEIGHTS``, those of the settings, the one for
    downloads, Keras' own cache.
    """
    settings = settings or load_settings()
    named = os.environ.get("CNNSTUDIO_WEIGHTS", "").split(os.pathsep)
    found = [WeightsFolder(packaged_weights_folder(), "packaged")]
    found += [WeightsFolder(Path(each), "environment") for each in named if each]
    found += [WeightsFolder(Path(each), "settings") for each in settings.weights_folders]
    if settings.weights_downloads:
        found.append(WeightsFolder(Path(settings.weights_downloads), "downloads"))
    found.append(WeightsFolder(keras_cache(), "keras"))
    first: dict[Path, WeightsFolder] = {}
    for each in found:
        first.setdefault(each.path, each)
    return tuple(first.values())


def downloads_folder(settings: Settings | None = None) -> Path:
    """Where fetched weights are put: the chosen folder, else Keras' own cache."""
    chosen = (settings or load_settings()).weights_downloads
    return Path(chosen) if chosen else keras_cache()


def chosen_mirror(settings: Settings | None = None) -> str:
    """The address or folder that weights are fetched from; empty: where Keras has them.

    ``CNNSTUDIO_WEIGHTS_MIRROR`` goes before the setting. The files lie right below it, under
    the plain names that Keras gives them in its cache.
    """
    named = os.environ.get("CNNSTUDIO_WEIGHTS_MIRROR", "").strip()
    return named or (settings or load_settings()).weights_mirror.strip()


def keras_cache() -> Path:
    """The folder where ``keras.utils.get_file`` keeps weights, by the same rules."""
    chosen = os.environ.get("KERAS_HOME")
    home = Path(chosen) if chosen else Path.home() / ".keras"
    nearest = next(each for each in (home, *home.parents) if each.exists())
    if not os.access(nearest, os.W_OK):
        home = Path(tempfile.gettempdir()) / ".keras"
    return home / "models"


def weights_here(row: NetworkRow, width: float, size: int) -> Path | None:
    """The first file that would serve ``row`` at ``width`` for pictures of ``size``."""
    if row.weights is None:
        return None
    names = row.weights.names(width, size)
    paths = (folder.path / name for folder in weights_folders() for name in names)
    return next((path for path in paths if is_file(path)), None)


def offered_weights() -> tuple[OfferedWeights, ...]:
    """All weights that there are, in the order of the table, the usual width first."""
    return tuple(
        OfferedWeights(row, row.weights, width)
        for row in NETWORKS
        if row.weights is not None
        for width in sorted(row.widths, key=lambda each: (each != 1.0, each))
    )


def all_weight_files() -> Mapping[str, OfferedWeights]:
    """Every file name that a network may ask for, whatever the width and size."""
    return {
        name: offered
        for offered in offered_weights()
        for name in offered.names(offered.row.usual_size)
    }


def facts_of_folders(settings: Settings | None = None) -> tuple[FolderFacts, ...]:
    """What is in each of the :func:`weights_folders`, in their order."""
    found = []
    for folder in weights_folders(settings):
        files = files_in(folder.path)
        found.append(
            FolderFacts(
                folder,
                is_there=folder.path.is_dir(),
                is_writable=os.access(folder.path, os.W_OK),
                files=len(files),
                size=sum(files.values()),
            )
        )
    return tuple(found)


def states_of_weights(settings: Settings | None = None) -> tuple[WeightsState, ...]:
    """What is here of all offered weights. Each folder is listed once."""
    settings = settings or load_settings()
    folders = [(each, files_in(each.path)) for each in weights_folders(settings)]
    downloads = downloads_folder(settings)
    parts = files_in(downloads, SUFFIX + PART_SUFFIX)
    return tuple(_state(offered, folders, parts) for offered in offered_weights())


def _state(
    offered: OfferedWeights,
    folders: list[tuple[WeightsFolder, dict[str, int]]],
    parts: dict[str, int],
) -> WeightsState:
    names = offered.names(offered.row.usual_size)
    for folder, files in folders:
        for name in names:
            if name in files:
                return WeightsState(offered, folder.path / name, folder, files[name])
    return WeightsState(offered, unfinished=parts.get(names[0] + PART_SUFFIX, 0))


def files_in(folder: Path, suffix: str = SUFFIX) -> dict[str, int]:
    """Names and bytes of the files of ``folder`` that end in ``suffix``; none if it is not
    there or cannot be read."""
    try:
        with os.scandir(folder) as entries:
            found = {
                each.name: each.stat().st_size
                for each in entries
                if each.name.endswith(suffix) and each.is_file()
            }
    except OSError:
        return {}
    return dict(sorted(found.items()))


def part_of(target: Path) -> Path:
    """The unfinished file beside ``target`` that a download grows in."""
    return target.with_name(target.name + PART_SUFFIX)


def size_of_part(target: Path) -> int:
    """How many bytes of ``target`` have arrived so far."""
    try:
        return part_of(target).stat().st_size
    except OSError:
        return 0


def notes_of(target: Path) -> Path:
    """What is to be known to go on with :func:`part_of`."""
    return target.with_name(f"{target.name}{PART_SUFFIX}.json")
