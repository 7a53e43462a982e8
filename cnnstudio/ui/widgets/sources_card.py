"""Where the pictures come from: folders, archives, lists, and single pictures of one's own."""

import os
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cnnstudio.project.words import N_, say, say_count
from cnnstudio.ui.picture_changes import PictureChanges
from cnnstudio.ui.pictures_state import PicturesState
from cnnstudio.ui.session import ProjectSession
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.basics import Card, ElidedLabel, button, clear_layout, label

if TYPE_CHECKING:
    from cnnstudio.images.sources import SourceFacts

_KINDS = {
    "folders": N_("A folder for each class"),
    "parts": N_("Folders for training and test"),
    "list": N_("A list says the classes"),
    "names": N_("File names say the classes"),
    "zip": N_("ZIP file"),
    "idx": N_("Arrays (IDX)"),
    "npz": N_("Arrays (NPZ)"),
    "files": N_("Single pictures"),
}
_ICONS = {"list": "list", "zip": "archive", "idx": "archive", "npz": "archive", "files": "pictures"}


class SourcesCard(Card):
    """Each source with what it holds; it can be taken out of the project."""

    def __init__(
        self,
        session: ProjectSession,
        pictures: PicturesState,
        theme: Theme,
        changes: PictureChanges,
        choose_folder: Callable[[], object],
        choose_files: Callable[[], object],
    ) -> None:
        super().__init__(say("Sources"), spacing=10)
        self._session = session
        self._pictures = pictures
        self._theme = theme
        self._changes = changes
        self._shown: tuple[object, ...] = ()
        self._sources = QVBoxLayout()
        self._sources.setSpacing(12)
        self.body.addLayout(self._sources)
        row = QHBoxLayout()
        row.setSpacing(16)
        self.folder_button = button(say("Add a folder…"), choose_folder, "link")
        self.files_button = button(say("Add a file…"), choose_files, "link")
        row.addWidget(self.folder_button)
        row.addWidget(self.files_button)
        row.addStretch(1)
        self.body.addLayout(row)
        self.look_button = button(say("Look again"), pictures.refresh, "link")
        self.look_button.setToolTip(say("Look for pictures that were added or taken away."))
        self.body.addWidget(self.look_button)
        theme.changed.connect(self._on_theme_changed)

    def refresh(self) -> None:
        """Show the sources as they are now."""
        project = self._session.project
        scan = self._pictures.scan
        allowed = self._changes.is_allowed
        for each in (self.folder_button, self.files_button):
            each.setEnabled(allowed)
            each.setToolTip("" if allowed else say("The project is read-only."))
        self.look_button.setEnabled(not self._pictures.is_busy)
        facts = scan.sources if scan is not None else ()
        added = len(project.edits.added)
        shown = (project.pictures.folders, project.pictures.labels_in_names, facts, added, allowed)
        if shown == self._shown:
            return
        self._shown = shown
        clear_layout(self._sources)
        by_path = {each.path: each for each in facts}
        for path in project.pictures.folders:
            self._sources.addWidget(self._row_of(path, by_path.get(path)))
        if added:
            words = say_count("{count:,} picture", "{count:,} pictures", added)
            title = say("Added one by one")
            row = self._row("pictures", title, words, say("Dropped, pasted or recorded."))
            self._add_link(row, say("Remove"), title, self._changes.remove_added)
            self._sources.addWidget(row)

    def _row_of(self, path: str, facts: "SourceFacts | None") -> QWidget:
        words = ""
        kind = facts.kind if facts is not None else "folders"
        if facts is not None:
            words = say(
                "{kind} · {pictures}",
                kind=say(_KINDS[kind]),
                pictures=say_count("{count:,} picture", "{count:,} pictures", facts.pictures),
            )
        name = os.path.basename(path.rstrip("/\\")) or path  # noqa: PTH119 (a drive's own folder)
        row = self._row(_ICONS.get(kind, "folder"), name, words, path)
        self._add_link(row, say("Remove"), name, partial(self._changes.remove_sources, (path,)))
        if path in self._session.project.pictures.labels_in_names:
            forget = partial(self._changes.forget_classes_from_names, path)
            self._add_link(row, say("Not from names"), name, forget)
        return row

    def _row(self, icon: str, title: str, words: str, tooltip: str) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        picture = label()
        picture.setProperty("icon_name", icon)
        picture.setPixmap(self._theme.pixmap(icon, 20, "quiet"))
        picture.setFixedWidth(20)
        row.addWidget(picture)
        texts = QVBoxLayout()
        texts.setSpacing(1)
        name = ElidedLabel(title)
        name.setToolTip(tooltip)
        texts.addWidget(name)
        if words:
            texts.addWidget(label(words, "small", wrap=True))
        links = QHBoxLayout()
        links.setObjectName("links")
        links.setSpacing(14)
        links.addStretch(1)
        texts.addLayout(links)
        row.addLayout(texts, 1)
        made.setToolTip(tooltip)
        return made

    def _add_link(self, row: QWidget, title: str, name: str, act: Callable[[], object]) -> None:
        link = button(title, act, "link")
        link.setAccessibleName(say("{action}: {name}", action=title, name=name))
        link.setToolTip(say("Takes it out of the project; the files stay on the disk."))
        link.setEnabled(self._changes.is_allowed)
        links = row.findChild(QHBoxLayout, "links")
        assert links is not None
        links.insertWidget(links.count() - 1, link)

    def _on_theme_changed(self) -> None:
        self._shown = ()
        self.refresh()
