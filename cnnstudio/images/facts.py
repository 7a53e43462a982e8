"""What looking into one picture file showed: enough to judge it, and to find others like it."""

from dataclasses import dataclass

from cnnstudio.project.problems import Problem

LOOK_SIDE = 16
"""Side of the small grey picture by which look-alikes are found."""


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """One file. Sizes are 0, and ``digest`` and ``look`` empty, as far as it could not be read.

    ``problem`` says why it cannot be used. ``format`` and ``mode`` are Pillow's names, ``frames``
    is more than 1 for an animation. ``digest`` is the BLAKE2b (16 bytes) of the file's content,
    ``look`` the upright picture stretched to :data:`LOOK_SIDE` × :data:`LOOK_SIDE` grey levels,
    row after row, ``taken`` the seconds since 1970 of EXIF's time of exposure (0: not said).
    """

    path: str
    problem: Problem | None = None
    width: int = 0
    height: int = 0
    format: str = ""
    mode: str = ""
    frames: int = 1
    digest: bytes = b""
    look: bytes = b""
    taken: float = 0.0
