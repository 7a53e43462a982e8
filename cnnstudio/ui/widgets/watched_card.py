"""A few validation pictures, and how the answers for them change from epoch to epoch."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QSignalBlocker, QSize, Qt, QTimer
from PySide6.QtGui import QHideEvent, QImage, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QStyle, QStyleOptionSlider, QToolButton

from cnnstudio.project.epochs import EpochDetails
from cnnstudio.project.words import say
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.basics import Card, label
from cnnstudio.ui.widgets.field_form import CalmSlider
from cnnstudio.ui.widgets.watched_picture import PIXELS, WatchedPicture
from cnnstudio.worker.thumbnail_loader import ThumbnailLoader

COLUMNS = 4
_DOT_RADIUS = 2.6
STEP_MS = 500
"""How long an epoch is shown when they are played: long enough to see what has changed."""


class _EpochSlider(CalmSlider):
    """Has a dot below it at one place, that of the best epoch."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._theme = theme
        self.marked: int | None = None

    def mark(self, place: int | None, epoch: int) -> None:
        """Put the dot at ``place``, which is that of ``epoch``."""
        self.marked = place
        words = say("The dot marks the best epoch, {epoch}.", epoch=epoch)
        self.setToolTip("" if place is None else words)
        self.setAccessibleDescription("" if place is None else words)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.marked is None:
            return
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        handle = self.style().subControlRect(
            QStyle.ComplexControl.CC_Slider, option, QStyle.SubControl.SC_SliderHandle, self
        )
        span = self.width() - handle.width()
        left = QStyle.sliderPositionFromValue(0, max(1, self.maximum()), self.marked, span)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("validation"))
        middle = QPointF(left + handle.width() / 2, self.height() - _DOT_RADIUS - 0.5)
        painter.drawEllipse(middle, _DOT_RADIUS, _DOT_RADIUS)
        painter.end()


class WatchedCard(Card):
    """The newest answers, unless the person goes back to an earlier epoch."""

    def __init__(self, thumbnails: ThumbnailLoader, theme: Theme) -> None:
        super().__init__(say("How answers change"))
        self._thumbnails = thumbnails
        self._theme = theme
        self._details: Sequence[EpochDetails] = ()
        self._files: tuple[str, ...] = ()
        self._place = -1
        self._is_newest = True
        self.pictures: list[WatchedPicture] = []
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(6)
        self._grid.setVerticalSpacing(8)
        for column in range(COLUMNS):
            self._grid.setColumnStretch(column, 1)
        self.body.addLayout(self._grid)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        self.play_button = QToolButton()
        self.play_button.setIconSize(QSize(18, 18))
        self.play_button.clicked.connect(lambda *_: self._on_play())
        self.slider = _EpochSlider(theme)
        self.slider.setAccessibleName(say("Epoch whose answers are shown"))
        self.slider.valueChanged.connect(self._on_slider_moved)
        self.words = label("", "small")
        foot.addWidget(self.play_button)
        foot.addWidget(self.slider, 1)
        foot.addWidget(self.words)
        self.body.addLayout(foot)
        self._timer = QTimer(self)
        self._timer.setInterval(STEP_MS)
        self._timer.timeout.connect(self._on_step)
        thumbnails.loaded.connect(self._on_loaded)
        theme.follow(self.play_button, self._show_play)
        self.hide()

    @property
    def epoch(self) -> int:
        """Which epoch's answers are shown; 0: none."""
        return self._details[self._place].epoch if self._details else 0

    def show_details(self, details: Sequence[EpochDetails], best_epoch: int = 0) -> None:
        """The answers of a run so far; without any there is nothing to see. ``best_epoch`` is the
        one whose model is kept."""
        known = [each for each in details if each.watched]
        files = tuple(each.file for each in known[-1].watched) if known else ()
        if files != self._files:
            self._is_newest = True
            self._timer.stop()
            self._make_pictures(files)
        self._details = known
        self.setVisible(bool(known))
        if not known:
            return
        with QSignalBlocker(self.slider):
            self.slider.setRange(0, len(known) - 1)
        best = (place for place, each in enumerate(known) if each.epoch == best_epoch)
        self.slider.mark(next(best, None), best_epoch)
        self.slider.setEnabled(len(known) > 1)
        self.play_button.setEnabled(len(known) > 1)
        if self._is_newest or self._place >= len(known):
            self._place = len(known) - 1
        self._show_place()
        self._show_play()

    def showEvent(self, event: QShowEvent) -> None:
        self._request()

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        self._show_play()
        self._thumbnails.forget(self._files, PIXELS)
        super().hideEvent(event)

    def _make_pictures(self, files: tuple[str, ...]) -> None:
        self._files = files
        while len(self.pictures) < len(files):
            picture = WatchedPicture(self._theme)
            row, column = divmod(len(self.pictures), COLUMNS)
            self._grid.addWidget(picture, row, column)
            self.pictures.append(picture)
        for number, picture in enumerate(self.pictures):
            picture.setVisible(number < len(files))
            picture.show_image(None)
        self._request()

    def _request(self) -> None:
        if self.isVisible():
            for file in reversed(self._files):
                self._thumbnails.request(file, PIXELS)

    def _show_place(self) -> None:
        """Show the answers of the chosen epoch."""
        chosen = self._details[self._place]
        by_file = {each.file: each for each in chosen.watched}
        for file, picture in zip(self._files, self.pictures, strict=False):
            answer = by_file.get(file)
            if answer is None:
                continue
            course = [
                (each.epoch, given)
                for each in self._details
                for given in each.watched
                if given.file == file
            ]
            picture.show_answer(answer, course)
        with QSignalBlocker(self.slider):
            self.slider.setValue(self._place)
        self.words.setText(say("epoch {epoch}", epoch=chosen.epoch))

    def _show_play(self) -> None:
        is_playing = self._timer.isActive()
        words = say("Stop") if is_playing else say("Play from the first epoch")
        self.play_button.setIcon(self._theme.icon("stop" if is_playing else "play"))
        self.play_button.setToolTip(words)
        self.play_button.setAccessibleName(words)

    def _on_play(self) -> None:
        if self._timer.isActive():
            self._timer.stop()
        else:
            self._go_to(0)
            self._timer.start()
        self._show_play()

    def _on_step(self) -> None:
        self._go_to(self._place + 1)
        if self._is_newest:
            self._timer.stop()
            self._show_play()

    def _on_slider_moved(self, place: int) -> None:
        self._timer.stop()
        self._go_to(place)
        self._show_play()

    def _go_to(self, place: int) -> None:
        self._place = min(place, len(self._details) - 1)
        self._is_newest = self._place == len(self._details) - 1
        self._show_place()

    def _on_loaded(self, path: str, image: QImage) -> None:
        if image.width() != PIXELS or path not in self._files:
            return
        self.pictures[self._files.index(path)].show_image(image)
