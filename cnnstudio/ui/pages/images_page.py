"""Images: which folders, what is in them, what is wrong, and how they are split."""

import os
from collections import defaultdict
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from cnnstudio.project.problems import Problem
from cnnstudio.project.project_folder import FILE_NAME
from cnnstudio.project.words import say, say_count
from cnnstudio.ui.dialogs.asking import Asking
from cnnstudio.ui.pictures_state import PicturesState
from cnnstudio.ui.session import ProjectSession
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.basics import (
    SIDE_WIDTH,
    Card,
    Column,
    ElidedLabel,
    Notice,
    Page,
    button,
    clear_layout,
    label,
)
from cnnstudio.ui.widgets.class_card import ClassCard
from cnnstudio.ui.widgets.drop_area import DropArea
from cnnstudio.ui.widgets.problem_notice import files_notice, problem_notice
from cnnstudio.ui.widgets.split_card import SplitCard
from cnnstudio.ui.widgets.thumbnail_grid import GAP, TILE, ThumbnailGrid
from cnnstudio.worker.thumbnail_loader import ThumbnailLoader

MOST_OF_A_KIND = 3
FILE_KINDS = frozenset(
    {
        "file_unreadable",
        "file_missing",
        "file_empty",
        "not_a_picture",
        "truncated",
        "damaged",
        "too_large",
    }
)
MOST_RECENT_SHOWN = 4
MOST_CLASS_CARDS = 60


class ImagesPage(Page):
    """The first step. ``samples_wanted`` asks for the sample pictures."""

    samples_wanted = Signal()
    recent_wanted = Signal(str)

    def __init__(
        self,
        session: ProjectSession,
        pictures: PicturesState,
        thumbnails: ThumbnailLoader,
        theme: Theme,
        asking: Asking,
    ) -> None:
        super().__init__(say("Images"))
        self._session = session
        self._pictures = pictures
        self._thumbnails = thumbnails
        self._theme = theme
        self._asking = asking
        self._cards: dict[str, ClassCard] = {}
        self._stack = QStackedWidget()
        self._stack.addWidget(self._make_empty())
        self._stack.addWidget(self._make_full())
        self.body.addWidget(self._stack)
        self.next_button = self.add_main_button(say("Augment →"), self.next_wanted.emit)
        session.project_changed.connect(self._on_project_changed)
        pictures.changed.connect(self.refresh)
        pictures.check_progressed.connect(self._on_check_progressed)
        self.refresh()

    def _make_empty(self) -> QWidget:
        area = DropArea()
        area.dropped.connect(self._on_dropped)
        layout = QVBoxLayout(area)
        layout.setSpacing(12)
        layout.addStretch(2)
        self._empty_icon = label()
        self._empty_icon.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty_icon.setPixmap(self._theme.pixmap("pictures", 72, "control_line"))
        self._theme.changed.connect(
            lambda: self._empty_icon.setPixmap(self._theme.pixmap("pictures", 72, "control_line"))
        )
        layout.addWidget(self._empty_icon)
        title = label(say("Drop a folder of pictures here"), "title")
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout.addWidget(title)
        text = label(
            say(
                "Each folder inside it is one class: a folder 'cat' with cats, a folder 'dog' "
                "with dogs. The pictures stay where they are and are never changed."
            ),
            "quiet",
            wrap=True,
        )
        text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        text.setFixedWidth(460)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(text)
        row.addStretch(1)
        layout.addLayout(row)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addStretch(1)
        self.choose_button = button(say("Choose a folder…"), self._choose_folder)
        self.samples_button = button(say("Try with sample pictures"), self.samples_wanted.emit)
        row.addWidget(self.choose_button)
        row.addWidget(self.samples_button)
        row.addStretch(1)
        layout.addSpacing(8)
        layout.addLayout(row)
        reasons = QWidget()
        reasons.setFixedWidth(460)
        self._reasons = QVBoxLayout(reasons)
        self._reasons.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(reasons)
        row.addStretch(1)
        layout.addLayout(row)
        self._busy_words = label("", "quiet")
        self._busy_words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._busy_bar = QProgressBar()
        self._busy_bar.setFixedWidth(320)
        self._busy_bar.setTextVisible(False)
        layout.addWidget(self._busy_words)
        layout.addWidget(self._busy_bar, 0, Qt.AlignmentFlag.AlignHCenter)
        self._drawn = ThumbnailGrid(self._thumbnails, self._theme)
        self._drawn.setFixedWidth(7 * (TILE + GAP) - GAP)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self._drawn)
        row.addStretch(1)
        layout.addLayout(row)
        layout.addStretch(2)
        self._recent_box = QWidget()
        self._recent = QVBoxLayout(self._recent_box)
        self._recent.setSpacing(4)
        layout.addWidget(self._recent_box)
        layout.addStretch(1)
        self.show_samples_progress(None, 0)
        return area

    def show_recent(self, projects: list[str]) -> None:
        """Offer to open projects that were open before; those that are gone are left out."""
        clear_layout(self._recent)
        there = [path for path in projects if Path(path, FILE_NAME).is_file()][:MOST_RECENT_SHOWN]
        if not there:
            return
        heading = label(say("Or go on with"), "quiet")
        self._recent.addWidget(heading, 0, Qt.AlignmentFlag.AlignHCenter)
        for path in there:
            link = button(Path(path).name, partial(self.recent_wanted.emit, path), "link")
            link.setToolTip(path)
            self._recent.addWidget(link, 0, Qt.AlignmentFlag.AlignHCenter)

    def _make_full(self) -> QWidget:
        whole = QWidget()
        layout = QHBoxLayout(whole)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(16)
        left = Column()
        self._classes = QVBoxLayout()
        self._classes.setSpacing(16)
        left.body.addLayout(self._classes)
        area = DropArea()
        area.dropped.connect(self._on_dropped)
        inside = QHBoxLayout(area)
        inside.setContentsMargins(16, 12, 16, 12)
        inside.addStretch(1)
        inside.addWidget(label(say("Drop a folder here for more classes, or"), "quiet"))
        self.more_button = button(say("choose a folder"), self._choose_folder, "link")
        inside.addWidget(self.more_button)
        inside.addStretch(1)
        left.body.addWidget(area)
        left.body.addStretch(1)
        layout.addWidget(left, 1)
        side = Column(SIDE_WIDTH)
        self.split = SplitCard(self._session, self._pictures, self._theme)
        side.body.addWidget(self.split)
        health = Card(say("Health"))
        self._check_words = label("", "small")
        self._check_bar = QProgressBar()
        self._check_bar.setTextVisible(False)
        health.body.addWidget(self._check_words)
        health.body.addWidget(self._check_bar)
        self._notices = QVBoxLayout()
        self._notices.setSpacing(8)
        health.body.addLayout(self._notices)
        side.body.addWidget(health)
        folders = Card(say("Folders"))
        self._folders = QVBoxLayout()
        self._folders.setSpacing(8)
        folders.body.addLayout(self._folders)
        self.look_button = button(say("Look again"), self._pictures.refresh, "link")
        self.look_button.setToolTip(say("Look for pictures that were added or taken away."))
        folders.body.addWidget(self.look_button)
        side.body.addWidget(folders)
        side.body.addStretch(1)
        layout.addWidget(side)
        return whole

    def refresh(self) -> None:
        """Show what is known of the pictures now."""
        project = self._session.project
        has_folders = bool(project.pictures.folders)
        scan = self._pictures.scan
        found_none = scan is not None and not scan.pictures
        self._stack.setCurrentIndex(1 if has_folders and not found_none else 0)
        self._refresh_empty()
        self.setEnabled(True)
        for widget in (self.choose_button, self.samples_button, self.more_button, self.split.form):
            widget.setEnabled(not self._session.folder.read_only)
        self.next_button.setEnabled(self._pictures.listing is not None)
        self.sentence.setText(self._sentence())
        self.hint.setText(say("Next: make more of what you have") if self._pictures.listing else "")
        if has_folders and not found_none:
            self._refresh_classes()
            self.split.refresh()
            self._refresh_health()
            self._refresh_folders()
        self.split.form.refresh()

    def show_samples_progress(
        self, done: int | None, total: int, newest: Sequence[str] = ()
    ) -> None:
        """How far the drawing of the sample pictures is (``None``: not being drawn), and the
        newest of them."""
        busy = done is not None
        self._busy_bar.setVisible(busy)
        self._busy_words.setVisible(busy)
        self._drawn.setVisible(busy)
        self._recent_box.setVisible(not busy)
        self.samples_button.setEnabled(not busy)
        self.choose_button.setEnabled(not busy)
        if done is not None:
            self._busy_words.setText(
                say("Drawing cats and dogs: {done} of {total}", done=done, total=total)
            )
            self._busy_bar.setRange(0, total)
            self._busy_bar.setValue(done)
            self._drawn.show_pictures(newest)

    def _refresh_empty(self) -> None:
        """Say on the empty page why the chosen folders are none to begin with."""
        clear_layout(self._reasons)
        folders = self._session.project.pictures.folders
        for problem in self._pictures.problems[:MOST_OF_A_KIND] if folders else ():
            forget = (say("Forget this folder"), partial(self._remove_folders, folders))
            self._reasons.addWidget(problem_notice(problem, (forget,)))

    def _sentence(self) -> str:
        scan = self._pictures.scan
        if not self._session.project.pictures.folders:
            return say("What shall be told apart? Begin with some pictures of each class.")
        if scan is None:
            return say("Looking through the folders…")
        usable = sum(p.path not in self._pictures.broken for p in scan.pictures)
        pictures = say_count("{count:,} picture", "{count:,} pictures", usable)
        classes = say_count("{count} class", "{count} classes", len(scan.classes))
        return say(
            "{pictures} in {classes}. The originals are never changed.",
            pictures=pictures,
            classes=classes,
        )

    def _refresh_classes(self) -> None:
        scan = self._pictures.scan
        classes = scan.classes[:MOST_CLASS_CARDS] if scan is not None else ()
        if tuple(self._cards) != tuple(classes):
            clear_layout(self._classes)
            self._cards = {name: ClassCard(name, self._thumbnails, self._theme) for name in classes}
            for card in self._cards.values():
                self._classes.addWidget(card)
        if scan is None:
            return
        by_class: dict[str, list[str]] = defaultdict(list)
        broken: dict[str, int] = defaultdict(int)
        for picture in scan.pictures:
            if picture.path in self._pictures.broken:
                broken[picture.label] += 1
            else:
                by_class[picture.label].append(picture.path)
        for name, card in self._cards.items():
            card.show_pictures(by_class[name], broken[name])

    def _refresh_health(self) -> None:
        checked = self._pictures.report is not None
        self._check_bar.setVisible(self._pictures.is_busy)
        self._check_words.setVisible(self._pictures.is_busy)
        clear_layout(self._notices)
        grouped: dict[str, list[Problem]] = defaultdict(list)
        for problem in self._pictures.problems:
            grouped[problem.kind].append(problem)
        for problems in grouped.values():
            if problems[0].file and problems[0].kind in FILE_KINDS:
                self._notices.addWidget(files_notice(problems))
                continue
            for problem in problems[:MOST_OF_A_KIND]:
                self._notices.addWidget(problem_notice(problem))
            more = len(problems) - MOST_OF_A_KIND
            if more > 0:
                words = say_count("and {count} more", "and {count} more", more)
                self._notices.addWidget(label(words, "small"))
        if checked and not self._pictures.problems:
            text = say("Every picture can be read, and no class is much larger than another.")
            self._notices.addWidget(Notice("good", say("All is well"), text))

    def _refresh_folders(self) -> None:
        clear_layout(self._folders)
        self.look_button.setEnabled(not self._pictures.is_busy)
        for folder in self._session.project.pictures.folders:
            row = QHBoxLayout()
            row.setSpacing(8)
            row.addWidget(ElidedLabel(folder), 1)
            remove = button(say("Remove"), partial(self._remove_folders, (folder,)), "link")
            remove.setAccessibleName(say("Remove the folder {name}", name=Path(folder).name))
            remove.setToolTip(say("Takes it out of the project; the pictures stay on the disk."))
            remove.setEnabled(not self._session.folder.read_only)
            row.addWidget(remove)
            self._folders.addLayout(row)

    def add_folders(self, folders: list[str]) -> None:
        """Take folders into the project; those that are in it already are passed over."""
        project = self._session.project
        known = project.pictures.folders
        normal = [os.path.normpath(folder) for folder in folders]
        new = tuple(folder for folder in dict.fromkeys(normal) if folder not in known)
        if not new:
            self._pictures.refresh()
            return
        plan = project.pictures.model_copy(update={"folders": known + new})
        self._session.change_chapter("pictures", plan)

    def _remove_folders(self, folders: tuple[str, ...]) -> None:
        plan = self._session.project.pictures
        kept = tuple(each for each in plan.folders if each not in folders)
        self._session.change_chapter("pictures", plan.model_copy(update={"folders": kept}))

    def _choose_folder(self) -> None:
        folder = self._asking.folder(self, say("Choose a folder of pictures"))
        if folder:
            self.add_folders([folder])

    def _on_dropped(self, paths: list[str]) -> None:
        if not self._session.folder.read_only:
            self.add_folders(paths)

    def _on_project_changed(self, old: object, new: object) -> None:
        self.refresh()

    def _on_check_progressed(self, done: int, total: int) -> None:
        self._check_words.setText(
            say("Checking: {done:,} of {total:,} pictures", done=done, total=total)
        )
        self._check_bar.setRange(0, max(1, total))
        self._check_bar.setValue(done)
