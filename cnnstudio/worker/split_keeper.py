"""Keeps in the project's folder which picture was in which part, written in the background."""

import contextlib
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRunnable, QThreadPool

from cnnstudio.project.kept_split import KeptSplit
from cnnstudio.project.pictures import Part, PicturesPlan
from cnnstudio.project.project_folder import ProjectFolder

if TYPE_CHECKING:
    from cnnstudio.images.split import SplitReport


MOST_KEPT = 20


class SplitKeeper(QObject):
    """Adding pictures never moves the others, because of what is remembered here.

    On disk only the present split stands; those of other seeds and shares are remembered as long
    as the window is open, so that a slider moved there and back changes nothing.
    """

    def __init__(self, folder: ProjectFolder, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self._kept: list[KeptSplit] = []
        self._is_read = False
        self._lock = threading.Lock()  # asked by the window, and by the thread that arranges
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)

    def parts_for(self, plan: PicturesPlan) -> Mapping[str, Part]:
        """The part of each content (by digest) as it was with this seed and these shares."""
        with self._lock:
            return self._kept_for(plan).parts

    def keep(self, plan: PicturesPlan, split: "SplitReport", digests: Mapping[str, str]) -> None:
        """Remember the parts of what is new."""
        with self._lock:
            before = self._kept_for(plan)
            kept = before.after(split.listing, digests)
            is_present = bool(self._kept) and self._kept[-1] is before
            if kept is before and is_present:
                return
            others = [each for each in self._kept if each is not before]
            self._kept = [*others[-MOST_KEPT:], kept]
            if not self._folder.read_only:
                self._pool.start(_Save(kept, self._folder))

    def _kept_for(self, plan: PicturesPlan) -> KeptSplit:
        if not self._is_read:
            self._is_read = True
            found = KeptSplit.load(self._folder.split_file)
            self._kept = [found] if found is not None else []
        return next((each for each in self._kept if each.is_of(plan)), KeptSplit.empty(plan))

    def close(self) -> None:
        """Wait until all is written."""
        self._pool.waitForDone()


class _Save(QRunnable):
    def __init__(self, kept: KeptSplit, folder: ProjectFolder) -> None:
        super().__init__()
        self._kept = kept
        self._folder = folder

    def run(self) -> None:
        """Write; where that fails, the split is drawn again the next time, and is the same
        unless pictures were added."""
        with contextlib.suppress(OSError):
            self._kept.save(self._folder.split_file)
