"""Keeps in the project's folder which picture was in which part, written in the background."""

import contextlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRunnable, QThreadPool

from cnnstudio.project.kept_split import KeptSplit
from cnnstudio.project.pictures import Part, PicturesPlan
from cnnstudio.project.project_folder import ProjectFolder

if TYPE_CHECKING:
    from cnnstudio.images.split import SplitReport


class SplitKeeper(QObject):
    """Adding pictures never moves the others, because of what is remembered here."""

    def __init__(self, folder: ProjectFolder, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self._kept: KeptSplit | None = None
        self._is_read = False
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)

    def parts_for(self, plan: PicturesPlan) -> Mapping[str, Part]:
        """The part of each content (by digest) as it was with this seed and these shares."""
        if not self._is_read:
            self._is_read = True
            self._kept = KeptSplit.load(self._folder.split_file)
        kept = self._kept
        return kept.parts if kept is not None and kept.is_of(plan) else {}

    def keep(self, plan: PicturesPlan, split: "SplitReport", digests: Mapping[str, str]) -> None:
        """Remember the parts of what is new."""
        before = self._kept if self._kept is not None and self._kept.is_of(plan) else None
        kept = (before or KeptSplit.empty(plan)).after(split.listing, digests)
        if kept != self._kept:
            self._kept = kept
            if not self._folder.read_only:
                self._pool.start(_Save(kept, self._folder))

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
