"""The Images page before there are pictures: what goes here, and every way to begin."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from cnnstudio.project.problems import Problem
from cnnstudio.project.project_folder import FILE_NAME
from cnnstudio.project.words import say
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.basics import Column, button, clear_layout, label
from cnnstudio.ui.widgets.drop_area import DropArea
from cnnstudio.ui.widgets.problem_notice import problem_notice
from cnnstudio.ui.widgets.thumbnail_grid import GAP, TILE, ThumbnailGrid
from cnnstudio.worker.thumbnail_loader import ThumbnailLoader

MOST_PROBLEMS = 3
MOST_RECENT_SHOWN = 4
WORDS_WIDTH = 480


class FirstPictures(DropArea):
    """A large drop area that teaches."""

    recent_wanted = Signal(str)
    samples_wanted = Signal()
    class_wanted = Signal()

    def __init__(
        self,
        loader: ThumbnailLoader,
        theme: Theme,
        choose_folder: Callable[[], object],
        choose_files: Callable[[], object],
    ) -> None:
        super().__init__()
        self._theme = theme
        outer = QVBoxLayout(self)
        outer.setContentsMargins(2, 2, 2, 2)
        column = Column(spacing=12)
        outer.addWidget(column)
        layout = column.body
        layout.setContentsMargins(16, 16, 16, 16)
        layout.addStretch(2)
        self._icon = label()
        self._icon.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout.addWidget(self._icon)
        title = label(say("Drop a folder of pictures here"), "title")
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout.addWidget(title)
        self._add_words(
            layout,
            say(
                "Each folder inside it is one class: a folder 'cat' with cats, a folder 'dog' "
                "with dogs. The pictures stay where they are and are never changed."
            ),
            "quiet",
        )
        self._add_words(
            layout,
            say(
                "A ZIP file, a list of pictures (CSV or Excel), MNIST files and NPZ arrays work, "
                "too."
            ),
            "small",
        )
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addStretch(1)
        self.choose_button = button(say("Choose a folder…"), choose_folder)
        self.files_button = button(say("Choose a file…"), choose_files)
        self.samples_button = button(say("Try with sample pictures"), self.samples_wanted.emit)
        for each in (self.choose_button, self.files_button, self.samples_button):
            row.addWidget(each)
        row.addStretch(1)
        layout.addSpacing(8)
        layout.addLayout(row)
        self.class_button = button(
            say("or make a class, and fill it from the webcam"), self.class_wanted.emit, "link"
        )
        layout.addWidget(self.class_button, 0, Qt.AlignmentFlag.AlignHCenter)
        self._offers = self._middle(layout, 620)
        self._reasons = self._middle(layout, WORDS_WIDTH)
        self._busy_words = label("", "quiet")
        self._busy_words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._busy_bar = QProgressBar()
        self._busy_bar.setFixedWidth(320)
        self._busy_bar.setTextVisible(False)
        layout.addWidget(self._busy_words)
        layout.addWidget(self._busy_bar, 0, Qt.AlignmentFlag.AlignHCenter)
        self._drawn = ThumbnailGrid(loader, theme)
        self._drawn.setFixedWidth(7 * (TILE + GAP) - GAP)
        layout.addWidget(self._drawn, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(2)
        self._recent_box = QWidget()
        self._recent = QVBoxLayout(self._recent_box)
        self._recent.setSpacing(4)
        layout.addWidget(self._recent_box)
        layout.addStretch(1)
        theme.changed.connect(self._paint_icon)
        self._paint_icon()
        self.show_samples_progress(None, 0)

    def allow_changes(self, allowed: bool) -> None:
        """Whether pictures can be chosen."""
        buttons = (self.choose_button, self.files_button, self.samples_button, self.class_button)
        self.setAcceptDrops(allowed)
        for each in buttons:
            each.setEnabled(allowed and not self._busy_bar.isVisibleTo(self))
            each.setToolTip("" if allowed else say("The project is read-only."))

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

    def show_offers(self, cards: Sequence[QWidget]) -> None:
        """What the file names would make of pictures that are not in class folders."""
        clear_layout(self._offers)
        for card in cards:
            self._offers.addWidget(card)
        self._icon.setVisible(not cards)

    def show_reasons(
        self,
        problems: Sequence[Problem],
        look_again: Callable[[], object],
        forget: Callable[[], object],
    ) -> None:
        """Why what was chosen is nothing to begin with."""
        clear_layout(self._reasons)
        actions = (say("Look again"), look_again), (say("Forget what was chosen"), forget)
        for problem in problems[:MOST_PROBLEMS]:
            self._reasons.addWidget(problem_notice(problem, actions))

    def show_samples_progress(
        self, done: int | None, total: int, newest: Sequence[str] = ()
    ) -> None:
        """How far the drawing of the sample pictures is (``None``: not being drawn)."""
        busy = done is not None
        self._busy_bar.setVisible(busy)
        self._busy_words.setVisible(busy)
        self._drawn.setVisible(busy)
        self._recent_box.setVisible(not busy)
        for each in (
            self.choose_button,
            self.files_button,
            self.samples_button,
            self.class_button,
        ):
            each.setEnabled(not busy)
        if done is not None:
            self._busy_words.setText(
                say("Drawing cats and dogs: {done} of {total}", done=done, total=total)
            )
            self._busy_bar.setRange(0, total)
            self._busy_bar.setValue(done)
            self._drawn.show_pictures(newest)

    def _add_words(self, layout: QBoxLayout, words: str, role: str) -> None:
        text = label(words, "small" if role == "small" else "quiet", wrap=True)
        text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        text.setFixedWidth(WORDS_WIDTH)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(text)
        row.addStretch(1)
        layout.addLayout(row)

    @staticmethod
    def _middle(layout: QBoxLayout, width: int) -> QVBoxLayout:
        box = QWidget()
        box.setFixedWidth(width)
        inside = QVBoxLayout(box)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(8)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(box)
        row.addStretch(1)
        layout.addLayout(row)
        return inside

    def _paint_icon(self) -> None:
        self._icon.setPixmap(self._theme.pixmap("pictures", 72, "control_line"))
