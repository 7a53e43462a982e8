"""Recording pictures of a class with a camera."""

import math
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QImage, QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from cnnstudio.project.problems import Problem
from cnnstudio.project.recording import (
    Bursts,
    Recorder,
    class_folder_name,
    picture_stem,
)
from cnnstudio.project.words import say, say_count
from cnnstudio.ui.dialogs.asking import Asking
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.basics import Card, ElidedLabel, button, clear_layout, label
from cnnstudio.ui.widgets.camera_preview import CameraPreview
from cnnstudio.ui.widgets.film_strip import FilmStrip
from cnnstudio.ui.widgets.hold_button import HoldButton
from cnnstudio.ui.widgets.problem_notice import problem_notice
from cnnstudio.ui.widgets.recording_settings import RecordingSettings
from cnnstudio.worker.camera import Camera, DeviceCamera
from cnnstudio.worker.picture_saver import PictureSaver

TICK_MS = 50
AFTER_PAINT_MS = 30


class WebcamDialog(QDialog):
    """Records into folders of ``save_to``; :attr:`recorded` are the files, once it is accepted.

    Cancelled, it leaves no file behind.
    """

    def __init__(
        self,
        class_names: Sequence[str],
        chosen: str,
        save_to: Path,
        theme: Theme,
        camera: Camera | None = None,
        parent: QWidget | None = None,
        asking: Asking | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(say("Record with the camera"))
        self.resize(960, 640)
        self.recorded: dict[str, list[str]] = {}
        self._save_to = save_to
        self._theme = theme
        self._asking = asking or Asking()
        self._camera = camera or DeviceCamera(self)
        self._saver = PictureSaver(self)
        self._recorder = Recorder()
        self._bursts = Bursts()
        self._number = 0
        self._is_ending = False
        self._waits_for_camera = False
        names = list(dict.fromkeys([*class_names, chosen]))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.setSpacing(16)
        layout.addLayout(self._make_head())
        body = QHBoxLayout()
        body.setSpacing(16)
        body.addLayout(self._make_left(), 1)
        self.settings = RecordingSettings(names, chosen)
        self.settings.class_changed.connect(self._refresh)
        self.settings.camera_chosen.connect(self._start_camera)
        self.settings.rate.chosen.connect(self._choose_rate)
        self.settings.countdown.chosen.connect(self._choose_countdown)
        self.settings.mirror.toggled.connect(self.preview.mirror)
        body.addWidget(self.settings)
        layout.addLayout(body, 1)
        layout.addWidget(self._make_result())
        layout.addLayout(self._make_footer())
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self._show_state)
        QShortcut(QKeySequence.StandardKey.Undo, self).activated.connect(self._undo)
        self._camera.started.connect(self._on_started)
        self._camera.frame_came.connect(self._on_frame)
        self._camera.failed.connect(self._on_camera_failed)
        self._camera.names_changed.connect(self._on_names_changed)
        self._saver.saved.connect(self._on_saved)
        self._saver.failed.connect(self._on_saving_failed)
        self._refresh()

    # The parts of the screen

    def _make_head(self) -> QVBoxLayout:
        head = QVBoxLayout()
        head.setSpacing(4)
        head.addWidget(label(say("Record with the camera"), "title"))
        text = say("Hold the button: pictures go into the class until you let go.")
        head.addWidget(label(text, "quiet"))
        return head

    def _make_left(self) -> QVBoxLayout:
        self.preview = CameraPreview(self._theme)
        trouble = QWidget()
        self._trouble = QVBoxLayout(trouble)
        self._trouble.setContentsMargins(0, 0, 0, 0)
        self._trouble.setSpacing(16)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.preview)
        self._stack.addWidget(trouble)
        self.record_button = HoldButton(say("Hold to record"), say("Let go to stop"), self._theme)
        self.record_button.setToolTip(say("The space bar does the same."))
        self.record_button.held.connect(self._on_held)
        self.record_button.let_go.connect(self._on_let_go)
        left = QVBoxLayout()
        left.setSpacing(16)
        left.addWidget(self._stack, 1)
        left.addWidget(self.record_button)
        return left

    def _make_result(self) -> Card:
        card = Card(spacing=8)
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addStrut(28)
        self.count = ElidedLabel("", "heading")
        head.addWidget(self.count, 1)
        self.note = label("", "quiet")
        head.addWidget(self.note)
        self.undo_button = button(say("Undo the last recording"), self._undo, "link")
        self.undo_button.setAutoDefault(False)
        head.addWidget(self.undo_button)
        card.body.addLayout(head)
        self.strip = FilmStrip(self._theme)
        self.strip.setAccessibleName(say("The newest pictures"))
        card.body.addWidget(self.strip)
        self._saving_trouble = QVBoxLayout()
        card.body.addLayout(self._saving_trouble)
        return card

    def _make_footer(self) -> QHBoxLayout:
        footer = QHBoxLayout()
        footer.setSpacing(12)
        self._total = label("", "quiet")
        footer.addWidget(self._total, 1)
        self.cancel_button = button(say("Cancel"), self.reject)
        self.cancel_button.setAutoDefault(False)
        footer.addWidget(self.cancel_button)
        self.done_button = button(say("Done"), self.accept, "main")
        self.done_button.setDefault(True)
        footer.addWidget(self.done_button)
        return footer

    # The camera

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._camera.is_running:
            self._start_camera()

    def _start_camera(self) -> None:
        self._stack.setCurrentWidget(self.preview)
        self.preview.show_words(say("Looking for the camera …"))
        self._waits_for_camera = True
        self._refresh()
        # The words are painted first: to start a camera takes a while.
        QTimer.singleShot(AFTER_PAINT_MS, self, self._start_camera_now)

    def _start_camera_now(self) -> None:
        if self._waits_for_camera and self.isVisible():
            self._waits_for_camera = False
            self.settings.show_cameras(self._camera.names())
            self._camera.start(self.settings.camera_name)

    def _on_names_changed(self) -> None:
        """A camera was plugged in or out; one that was waited for is taken at once."""
        self.settings.show_cameras(self._camera.names())
        if not self._camera.is_running and self.settings.camera_name and self.isVisible():
            self._start_camera()

    def _on_started(self) -> None:
        self._refresh()
        self.record_button.setFocus()

    def _on_camera_failed(self, problem: Problem) -> None:
        self.record_button.release()
        clear_layout(self._trouble)
        self._trouble.addStretch(1)
        self._trouble.addWidget(problem_notice(problem))
        row = QHBoxLayout()
        again = button(say("Try again"), self._start_camera)
        again.setAutoDefault(False)
        row.addWidget(again)
        row.addStretch(1)
        self._trouble.addLayout(row)
        self._trouble.addStretch(1)
        self._stack.setCurrentIndex(1)
        self.preview.show_words("")
        self._refresh()

    def _on_frame(self, image: QImage) -> None:
        self.preview.show_image(image)
        if self._recorder.frame(time.monotonic()):
            self._take(image)

    # Recording

    def _choose_rate(self, rate: int) -> None:
        self._recorder.rate = rate

    def _choose_countdown(self, seconds: int) -> None:
        self._recorder.countdown_seconds = seconds

    def _on_held(self) -> None:
        self.note.setText("")
        self._bursts.begin(self.settings.class_name)
        self._recorder.hold(time.monotonic())
        self._tick.start()
        self._show_state()
        self._refresh()

    def _on_let_go(self) -> None:
        self._recorder.release()
        self._tick.stop()
        self._show_state()
        self._refresh()

    def _show_state(self) -> None:
        now = time.monotonic()
        left = math.ceil(self._recorder.seconds_left(now))
        self.preview.show_state(left, self._recorder.is_recording(now))

    def _take(self, image: QImage) -> None:
        taken = datetime.now()
        folder = self._save_to / class_folder_name(self.settings.class_name)
        self._number += 1
        path = folder / f"{picture_stem(taken, self._number)}.jpg"
        number = self._saver.save(image, path, taken)
        if number:
            self._bursts.add(number)
            self.strip.add(self.settings.class_name, number, image)
        else:
            self.note.setText(say("The disk is slow: some pictures were skipped."))
        self._refresh()

    def _undo(self) -> None:
        self.record_button.release()
        self._take_back(self._bursts.undo_last())

    def _take_back(self, numbers: list[int]) -> None:
        self._saver.remove(numbers)
        self.strip.take_out(set(numbers))
        self._refresh()

    def _on_saved(self, number: int, file: str) -> None:
        self._bursts.saved(number, file)
        self._end_when_all_are_saved()

    def _on_saving_failed(self, problem: Problem) -> None:
        self.record_button.release()
        self._is_ending = False
        self._take_back(self._bursts.forget_unsaved())
        clear_layout(self._saving_trouble)
        again = (say("Try again"), self._on_saving_again)
        self._saving_trouble.addWidget(problem_notice(problem, (again,)))
        self.strip.hide()
        self._refresh()

    def _on_saving_again(self) -> None:
        clear_layout(self._saving_trouble)
        self.strip.show()
        self._saver.go_on()
        self._refresh()

    def _refresh(self) -> None:
        """Say what there is, and allow what is possible."""
        name = self.settings.class_name
        here = self._bursts.count_of(name)
        words = say_count(
            "{name}: {count:,} new picture",
            "{name}: {count:,} new pictures",
            here,
            name=self.settings.class_name,
        )
        self.count.setText(words)
        self.count.setToolTip(words)
        self.strip.show_row(name)
        total = self._bursts.count
        in_all = say_count("{count:,} picture in all", "{count:,} pictures in all", total)
        self._total.setText(in_all if total != here else "")
        can_save = not self._saving_trouble.count() and not self._is_ending
        is_on = self._camera.gives_pictures and not self._waits_for_camera
        self.record_button.setEnabled(is_on and can_save)
        self.settings.rest(self._recorder.is_held)
        self.undo_button.setEnabled(total > 0 and not self._is_ending)
        self.done_button.setEnabled(not self._is_ending)
        self.done_button.setText(say("Saving …") if self._is_ending else say("Done"))

    # Keys, and the end

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self.record_button.hold()
        elif event.key() == Qt.Key.Key_Escape and self._recorder.is_held:
            self.record_button.release()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.record_button.release()
        else:
            super().keyReleaseEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow():
            self.record_button.release()  # Where it is let go is not heard here.
        super().changeEvent(event)

    def accept(self) -> None:
        """Keep what was recorded, once all of it is written."""
        self.record_button.release()
        self._is_ending = True
        self._refresh()
        self._end_when_all_are_saved()

    def _end_when_all_are_saved(self) -> None:
        if self._is_ending and self._bursts.all_are_saved:
            self._is_ending = False
            self._camera.stop()
            self._saver.close()
            self.recorded = self._bursts.files()
            super().accept()

    def reject(self) -> None:
        """Throw away what was recorded, if that is what the person wants."""
        self.record_button.release()
        if self._bursts.count:
            title = say_count(
                "Throw away {count:,} new picture?",
                "Throw away {count:,} new pictures?",
                self._bursts.count,
            )
            text = say("They were recorded just now and are nowhere else.")
            choices = (say("Throw away"), say("Keep recording"))
            if self._asking.choice(self, title, text, choices, 1) != 0:
                return
        self._camera.stop()
        self._saver.remove(self._bursts.forget_all())
        self._saver.close()
        super().reject()
