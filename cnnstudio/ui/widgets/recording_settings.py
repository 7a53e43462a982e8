"""What is recorded, from which camera, and how fast."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox

from cnnstudio.project.recording import COUNTDOWNS_SECONDS, DEFAULT_RATE, RATES_PER_SECOND
from cnnstudio.project.words import say, say_count
from cnnstudio.ui.widgets.basics import SIDE_WIDTH, Card, label
from cnnstudio.ui.widgets.segments import Segments


class RecordingSettings(Card):
    """Class, camera (where there are several), rate, countdown and mirror."""

    class_changed = Signal()
    camera_chosen = Signal()

    def __init__(self, class_names: Sequence[str], chosen: str) -> None:
        super().__init__(spacing=8)
        self.setFixedWidth(SIDE_WIDTH)
        self.class_choice = _combo(say("Class"))
        for name in class_names:
            self.class_choice.addItem(name, name)
        self.class_choice.setCurrentIndex(list(class_names).index(chosen))
        self.class_choice.currentIndexChanged.connect(lambda *_: self.class_changed.emit())
        self.body.addWidget(label(say("Class"), "heading"))
        self.body.addWidget(self.class_choice)
        self.camera_choice = _combo(say("Camera"))
        self.camera_choice.activated.connect(lambda *_: self.camera_chosen.emit())
        self._camera_heading = label(say("Camera"), "heading")
        self._camera_heading.setContentsMargins(0, 8, 0, 0)
        self.body.addWidget(self._camera_heading)
        self.body.addWidget(self.camera_choice)
        self.body.addSpacing(8)
        self.body.addWidget(label(say("Pictures a second"), "heading"))
        rates = [(rate, str(rate)) for rate in RATES_PER_SECOND]
        self.rate = Segments(say("Pictures a second"), rates, DEFAULT_RATE)
        self.body.addWidget(self.rate)
        self.body.addSpacing(8)
        self.body.addWidget(label(say("Countdown"), "heading"))
        countdowns = [
            (each, say_count("{count} second", "{count} seconds", each) if each else say("None"))
            for each in COUNTDOWNS_SECONDS
        ]
        self.countdown = Segments(say("Countdown"), countdowns, COUNTDOWNS_SECONDS[0])
        self.body.addWidget(self.countdown)
        self.body.addSpacing(8)
        self.mirror = QCheckBox(say("Show as in a mirror"))
        self.mirror.setChecked(True)
        self.body.addWidget(self.mirror)
        self.mirror.setToolTip(say("Only the preview: files hold what the camera sees."))
        self.body.addStretch(1)
        self.show_cameras([])

    @property
    def class_name(self) -> str:
        """The class that is recorded into."""
        return str(self.class_choice.currentData())

    @property
    def camera_name(self) -> str:
        """The camera that was chosen; empty where there is none."""
        return self.camera_choice.currentText()

    def show_cameras(self, names: Sequence[str]) -> None:
        """Offer these; the chosen one stays chosen if it is among them."""
        chosen = self.camera_name
        with QSignalBlocker(self.camera_choice):
            self.camera_choice.clear()
            self.camera_choice.addItems(list(names))
            self.camera_choice.setCurrentIndex(self.camera_choice.findText(chosen))
            if self.camera_choice.currentIndex() < 0:
                self.camera_choice.setCurrentIndex(0)
        for widget in (self._camera_heading, self.camera_choice):
            widget.setVisible(len(names) > 1)

    def rest(self, is_recording: bool) -> None:
        """While it is recorded, only the rate can be changed."""
        for widget in (self.class_choice, self.camera_choice, self.countdown):
            widget.setEnabled(not is_recording)


def _combo(name: str) -> QComboBox:
    made = QComboBox()
    made.setAccessibleName(name)
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    made.setMinimumContentsLength(8)
    return made
