"""Try it: what does the model say to a picture of one's own?"""

import os
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from cnnstudio.project.problems import Problem
from cnnstudio.project.run_folder import RunFolder
from cnnstudio.project.words import say, say_count
from cnnstudio.protocol import ClosingEvent, Predict, Predicted, WorkFailed
from cnnstudio.ui.dialogs.asking import Asking
from cnnstudio.ui.one_question import OneQuestion
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.training_state import TrainingState
from cnnstudio.ui.widgets.basics import (
    SIDE_WIDTH,
    Card,
    Column,
    Page,
    button,
    clear_layout,
    label,
)
from cnnstudio.ui.widgets.drop_area import DropArea
from cnnstudio.ui.widgets.probability_bars import ProbabilityBars
from cnnstudio.ui.widgets.problem_notice import problem_notice
from cnnstudio.ui.widgets.thumbnail_grid import ThumbnailGrid
from cnnstudio.worker.engine_keeper import EngineKeeper
from cnnstudio.worker.thumbnail_loader import ThumbnailLoader

LARGE_SIDE = 640
ANSWERS_HEIGHT = 172
MOST_ROWS = 60
MOST_PROBLEMS = 5


class _LargePicture(QWidget):
    """One picture, as large as the room allows."""

    def __init__(self) -> None:
        super().__init__()
        self._image = QImage()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 160)

    def show_image(self, image: QImage) -> None:
        self._image = image
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._image.isNull():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        area = self.rect().adjusted(0, 0, 0, 0)
        area.setSize(size)
        area.moveCenter(self.rect().center())
        shape = QPainterPath()
        shape.addRoundedRect(area, 8, 8)
        painter.setClipPath(shape)
        painter.drawImage(area, self._image)


class TryPage(Page):
    """The sixth step."""

    def __init__(
        self,
        training: TrainingState,
        keeper: EngineKeeper,
        thumbnails: ThumbnailLoader,
        theme: Theme,
        asking: Asking,
    ) -> None:
        super().__init__(say("Try it"))
        self._training = training
        self._asking = asking
        self._question = OneQuestion(keeper, self)
        self._question.answered.connect(self._on_answered)
        self._waiting: list[str] = []
        self._answers: dict[str, tuple[tuple[str, ...], tuple[float, ...]]] = {}
        self._order: list[str] = []
        self._asked_run: RunFolder | None = None
        self.body.addWidget(self._make_left(thumbnails, theme), 1)
        self.body.addWidget(self._make_side(theme))
        self.next_button = self.add_main_button(say("Export →"), self.next_wanted.emit)
        training.runs_changed.connect(self._on_runs_changed)
        self.refresh()

    def _make_left(self, thumbnails: ThumbnailLoader, theme: Theme) -> QWidget:
        area = DropArea()
        area.dropped.connect(self.ask_about)
        column = QVBoxLayout(area)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        self.large = _LargePicture()
        self.large.setAccessibleName(say("The picture that was asked about"))
        column.addWidget(self.large, 1)
        self.grid = ThumbnailGrid(thumbnails, theme, rows=MOST_ROWS)
        self.grid.picture_clicked.connect(self._show_answer)
        self._answers_shown = Column()
        self._answers_shown.body.addWidget(self.grid)
        self._answers_shown.setFixedHeight(ANSWERS_HEIGHT)
        column.addWidget(self._answers_shown)
        row = QHBoxLayout()
        row.addStretch(1)
        self._drop_words = label(say("Drop pictures here, or"), "quiet")
        row.addWidget(self._drop_words)
        self.choose_button = button(say("choose pictures"), self._choose, "link")
        row.addWidget(self.choose_button)
        row.addStretch(1)
        column.addLayout(row)
        self._area = area
        return area

    def _make_side(self, theme: Theme) -> Column:
        side = Column(SIDE_WIDTH)
        card = Card(say("The answer"))
        self._file = label("", "small", wrap=True)
        card.body.addWidget(self._file)
        self.answer = label("", "figure", wrap=True)
        self.answer.setObjectName("answer")
        card.body.addWidget(self.answer)
        self.bars = ProbabilityBars(theme)
        card.body.addWidget(self.bars)
        self._busy = QProgressBar()
        self._busy.setRange(0, 0)
        self._busy.setTextVisible(False)
        card.body.addWidget(self._busy)
        self._words = label("", "quiet", wrap=True)
        card.body.addWidget(self._words)
        side.body.addWidget(card)
        self._notices = QVBoxLayout()
        self._notices.setSpacing(8)
        side.body.addLayout(self._notices)
        side.body.addStretch(1)
        return side

    def showEvent(self, event: QShowEvent) -> None:
        self.refresh()

    def _on_runs_changed(self) -> None:
        if self.isVisible():  # else when someone looks
            self.refresh()

    def refresh(self) -> None:
        """Forget the answers of another model; say what is missing."""
        run = self._training.latest_run
        if run != self._asked_run:
            self._asked_run = run
            waiting = list(self._order)
            self._answers.clear()
            self._order.clear()
            self._clear_answer()
            if run is not None and waiting:
                self.ask_about(waiting)
        self._area.setEnabled(run is not None)
        self.next_button.setEnabled(run is not None)
        self._busy.setVisible(self._question.is_busy)
        self._answers_shown.setVisible(bool(self._order))
        if run is None:
            self.sentence.setText(say("Train a model first; then ask it about any picture."))
        else:
            time = self._training.run_words()
            words = say("Show the model of {time} a picture that it has never seen.", time=time)
            self.sentence.setText(words)
        self._words.setVisible(not self._order)
        self._words.setText(
            say("The model's answer stands here.")
            if not self._question.is_busy
            else say("Looking…")
        )

    def close_jobs(self) -> None:
        """End the question in hand."""
        self._question.close()

    def ask_about(self, paths: list[str]) -> None:
        """Ask the model about pictures, or all pictures of folders."""
        self._waiting += _pictures_of(paths)
        clear_layout(self._notices)
        if not self._waiting and paths:
            self._add_problem(Problem("nothing_to_predict", file=paths[0]))
        self._ask()

    def _ask(self) -> None:
        run = self._training.latest_run
        if not self._question.is_busy and self._waiting and run is not None:
            files, self._waiting = tuple(self._waiting), []
            self._question.ask(Predict(str(run.model("best")), files))
            self.refresh()

    def _choose(self) -> None:
        files = self._asking.pictures(self)
        if files:
            self.ask_about(files)

    def _on_answered(self, event: ClosingEvent) -> None:
        match event:
            case Predicted():
                for each in event.predictions:
                    self._answers[each.file] = (event.classes, each.probabilities)
                new = [each.file for each in event.predictions]
                self._order = new + [path for path in self._order if path not in new]
                for problem in event.problems[:MOST_PROBLEMS]:
                    self._add_problem(problem)
                more = len(event.problems) - MOST_PROBLEMS
                if more > 0:
                    words = say_count("and {count} more", "and {count} more", more)
                    self._notices.addWidget(label(words, "small"))
                if new:
                    self._show_answer(new[0])
            case WorkFailed():
                self._add_problem(event.problem)
            case _:
                pass
        self.refresh()
        self._ask()

    def _show_answer(self, path: str) -> None:
        classes, probabilities = self._answers[path]
        best = max(range(len(classes)), key=lambda index: probabilities[index])
        self._file.setText(Path(path).name)
        self._file.setToolTip(path)
        self.answer.setText(classes[best])
        self.bars.show_answer(classes, probabilities)
        self.large.show_image(_load(path))
        captions = [
            f"{names[shares.index(max(shares))]}\n{max(shares):.0%}"
            for names, shares in (self._answers[each] for each in self._order)
        ]
        self.grid.show_pictures(self._order, captions)
        if len(self._order) > 1:
            count = len(self._order)
            words = say_count("{count:,} picture asked", "{count:,} pictures asked", count)
            self.hint.setText(words)

    def _clear_answer(self) -> None:
        self._file.setText("")
        self.answer.setText("")
        self.bars.show_answer((), ())
        self.large.show_image(QImage())
        self.grid.show_pictures(())
        self.hint.setText("")

    def _add_problem(self, problem: Problem) -> None:
        self._notices.addWidget(problem_notice(problem))


def _pictures_of(paths: list[str]) -> list[str]:
    """The files themselves, and the pictures below folders."""
    from cnnstudio.images.read import PICTURE_SUFFIXES

    found = []
    for path in paths:
        if Path(path).is_dir():
            for folder, _, names in os.walk(path):
                found += [
                    str(Path(folder, name))
                    for name in sorted(names)
                    if Path(name).suffix.lower() in PICTURE_SUFFIXES
                ]
        else:
            found.append(path)
    return found


def _load(path: str) -> QImage:
    """The picture through the one reader; empty where it has gone meanwhile."""
    from cnnstudio.images.read import open_upright
    from cnnstudio.project.problems import ProblemError

    try:
        picture = open_upright(path, LARGE_SIDE)
    except ProblemError:
        return QImage()
    width, height = picture.size
    data = picture.tobytes()
    return QImage(data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
