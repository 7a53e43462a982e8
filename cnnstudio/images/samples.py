"""Sample pictures, drawn here: cats and dogs, so that there is something to train on at once."""

from collections.abc import Callable
from pathlib import Path
from random import Random

from cnnstudio.images.drawing.body import Species
from cnnstudio.images.drawing.portrait import draw_portrait
from cnnstudio.images.threads import in_order
from cnnstudio.project.files import write_text_atomically
from cnnstudio.project.places import cache_folder

SAMPLES_VERSION = 1
"""To be raised when the pictures would come out differently."""

_SPECIES: tuple[Species, ...] = ("cat", "dog")
_QUALITY = 92
_MARKER = "complete.txt"


def draw_samples(
    folder: Path,
    per_class: int = 150,
    seed: int = 1,
    on_progress: Callable[[int, int], None] | None = None,
) -> None:
    """Draw ``folder/cat/cat-001.jpg`` and so on, and as many dogs; the same for the same seed.

    Raises:
        OSError: if the pictures cannot be written.
    """
    for species in _SPECIES:
        (folder / species).mkdir(parents=True, exist_ok=True)

    def draw(which: tuple[Species, int]) -> None:
        species, number = which
        picture = draw_portrait(species, Random(f"{seed} {species} {number}"))
        picture.save(folder / species / f"{species}-{number:03}.jpg", quality=_QUALITY)

    every = [(species, number) for number in range(1, per_class + 1) for species in _SPECIES]
    for _ in in_order(draw, every, on_progress, threads=1):
        pass


def sample_pictures_folder(on_progress: Callable[[int, int], None] | None = None) -> Path:
    """The folder with the sample pictures, drawn now if they are not all there yet.

    Raises:
        OSError: if the pictures cannot be written.
    """
    folder = cache_folder() / "sample-pictures"
    marker = folder / _MARKER
    if not _is_complete(marker):
        draw_samples(folder, on_progress=on_progress)
        write_text_atomically(marker, f"{SAMPLES_VERSION}\n")
    return folder


def drawn_files() -> list[Path]:
    """The sample pictures on disk, the newest first; some may still be missing."""
    files = (cache_folder() / "sample-pictures").glob("*/*.jpg")
    return sorted(files, key=lambda path: path.stat().st_mtime_ns, reverse=True)


def _is_complete(marker: Path) -> bool:
    try:
        return marker.read_text(encoding="utf-8").strip() == str(SAMPLES_VERSION)
    except OSError:
        return False
