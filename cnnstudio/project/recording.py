"""Recording pictures from a camera: which frames are taken, and what their files are called.

No camera here: :class:`Recorder` is told what the person does and which frames come, with times
in seconds of one clock that only runs forward.
"""

import hashlib
import re
import unicodedata
from datetime import datetime

COUNTDOWNS_SECONDS = (0, 3, 5)
RATES_PER_SECOND = (1, 2, 5, 10, 15, 30)
DEFAULT_RATE = 5

# Cameras are not punctual: a frame that comes this much too early is not left for the next one.
_EARLY_SECONDS = 0.005
# So late, in pauses between two pictures, that there was a gap and not only an unpunctual camera.
_GAP_PAUSES = 2

_MOST_BYTES = 80
_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_DEVICES_OF_WINDOWS = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)


class Recorder:
    """Says which frames are taken while a button is held.

    After :meth:`hold` the countdown runs; then ``rate`` frames a second are taken until
    :meth:`release`. Released during the countdown, nothing is taken.
    """

    def __init__(self, rate: float = DEFAULT_RATE, countdown_seconds: float = 0.0) -> None:
        self.rate = rate
        self.countdown_seconds = countdown_seconds
        self._begins: float | None = None
        self._due = 0.0

    @property
    def is_held(self) -> bool:
        """Whether the button is held, the countdown included."""
        return self._begins is not None

    def hold(self, now: float) -> None:
        """The button went down. Told again while it is held, nothing changes."""
        if self._begins is None:
            self._begins = self._due = now + self.countdown_seconds

    def release(self) -> None:
        """The button went up."""
        self._begins = None

    def seconds_left(self, now: float) -> float:
        """What is left of the countdown; 0 when it is over or the button is not held."""
        return 0.0 if self._begins is None else max(0.0, self._begins - now)

    def is_recording(self, now: float) -> bool:
        """Whether the button is held and the countdown is over."""
        return self._begins is not None and now >= self._begins

    def frame(self, now: float) -> bool:
        """A frame came; whether to take it."""
        if self._begins is None or now < max(self._begins, self._due - _EARLY_SECONDS):
            return False
        pause = 1.0 / self.rate
        # Due times lie on a grid, so that lateness does not add up. After a gap the grid begins
        # anew: what was missed is not made up for with a rush of equal pictures.
        is_after_gap = now - self._due >= _GAP_PAUSES * pause
        self._due = (now if is_after_gap else self._due) + pause
        return True


class Bursts:
    """What was recorded: a burst for each time that the button was held.

    A picture is a number until :meth:`saved` tells its file.
    """

    def __init__(self) -> None:
        self._bursts: list[tuple[str, list[int]]] = []
        self._files: dict[int, str] = {}

    @property
    def all_are_saved(self) -> bool:
        """Whether every picture has its file."""
        return all(number in self._files for _, burst in self._bursts for number in burst)

    @property
    def count(self) -> int:
        """How many pictures there are."""
        return sum(len(burst) for _, burst in self._bursts)

    def count_of(self, class_name: str) -> int:
        """How many pictures a class got."""
        return sum(len(burst) for name, burst in self._bursts if name == class_name)

    def begin(self, class_name: str) -> None:
        """The next pictures are a burst of this class."""
        self._bursts.append((class_name, []))

    def add(self, number: int) -> None:
        """A picture was taken."""
        self._bursts[-1][1].append(number)

    def saved(self, number: int, file: str) -> None:
        """A picture was written to ``file``."""
        self._files[number] = file

    def forget_unsaved(self) -> list[int]:
        """Take out what has no file; gives those numbers."""
        lost = [n for _, burst in self._bursts for n in burst if n not in self._files]
        gone = set(lost)
        self._bursts = [(name, [n for n in b if n not in gone]) for name, b in self._bursts]
        return lost

    def undo_last(self) -> list[int]:
        """Take out the last burst that has pictures; gives their numbers."""
        while self._bursts:
            _, burst = self._bursts.pop()
            if burst:
                return burst
        return []

    def forget_all(self) -> list[int]:
        """Take out everything; gives the numbers."""
        bursts, self._bursts = self._bursts, []
        return [number for _, burst in bursts for number in burst]

    def files(self) -> dict[str, list[str]]:
        """The files of each class that got pictures, in the order of time."""
        found: dict[str, list[str]] = {}
        for name, burst in self._bursts:
            if files := [self._files[number] for number in burst if number in self._files]:
                found.setdefault(name, []).extend(files)
        return found


def picture_stem(taken: datetime, number: int) -> str:
    """The name of a recorded picture's file, without its ending: in the order of time."""
    return f"{taken:%Y%m%d-%H%M%S}-{taken.microsecond // 1000:03d}-{number}"


def class_folder_name(name: str) -> str:
    """A folder's name for the class ``name`` that every system takes.

    Where it cannot be the class's own name, a mark made from that name is put to it, so that no
    two classes share a folder.
    """
    composed = unicodedata.normalize("NFC", name)
    kept = _NOT_IN_NAMES.sub("_", composed.encode("utf-8", "replace").decode())
    kept = _shortened(kept.strip(" .")).strip(" .")
    if _DEVICES_OF_WINDOWS.fullmatch(kept):
        kept = f"_{kept}"
    if kept and kept == composed:
        return kept
    mark = hashlib.sha256(composed.encode("utf-8", "surrogatepass")).hexdigest()[:6]
    return f"{kept or 'class'}-{mark}"


def _shortened(name: str) -> str:
    """The beginning of ``name`` that fits into the bytes that file systems give a name."""
    return name.encode()[:_MOST_BYTES].decode(errors="ignore")
