"""When a training has to be done: never, in so many minutes, or at a time of day."""

import re
import time
from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QSignalBlocker, Qt, QTime
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QTimeEdit, QVBoxLayout, QWidget

from cnnstudio.project.fields import field_facts
from cnnstudio.project.time_limit import MOST_MINUTES, deadline_of, deadline_sentence
from cnnstudio.project.words import say
from cnnstudio.ui.widgets.basics import label
from cnnstudio.ui.widgets.field_form import CalmComboBox, CalmSpinBox

PATH = "training.time_limit"

Way = Literal["never", "minutes", "time"]
_FIRST_MINUTES = 15
_FIRST_AHEAD_SECONDS = 3600
_NUMBER = re.compile(r"\d+")


class _CalmTimeEdit(QTimeEdit):
    """Does not change when the page is scrolled over it."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class TimeLimitField(QWidget):
    """Writes the one text of the setting; ``on_change`` is given it."""

    def __init__(self, on_change: Callable[[str], None]) -> None:
        super().__init__()
        self._on_change = on_change
        facts = field_facts(PATH)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        row = QHBoxLayout()
        row.setSpacing(12)
        name = label(say(facts.title))
        self.way: QComboBox = CalmComboBox()
        self.way.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.way.setMinimumContentsLength(8)
        self.way.setObjectName(PATH)
        self.way.setAccessibleName(say(facts.title))
        self.way.setAccessibleDescription(say(facts.help))
        self.way.setToolTip(say(facts.help))
        for way, words in (
            ("never", say("No limit")),
            ("minutes", say("After so many minutes")),
            ("time", say("At a time of day")),
        ):
            self.way.addItem(words, way)
        self.way.currentIndexChanged.connect(lambda *_: self._on_way_chosen())
        name.setBuddy(self.way)
        row.addWidget(name)
        row.addWidget(self.way, 1)
        column.addLayout(row)
        second = QHBoxLayout()
        second.setSpacing(12)
        self.words = label("", "small", wrap=True)
        self.minutes = CalmSpinBox()
        self.minutes.setRange(1, MOST_MINUTES)
        self.minutes.setSuffix(f" {say('min')}")
        self.minutes.setAccessibleName(say("Minutes"))
        self.time = _CalmTimeEdit()
        self.time.setDisplayFormat("HH:mm")
        self.time.setAccessibleName(say("Time of day"))
        for box in (self.minutes, self.time):
            box.setKeyboardTracking(False)
            box.setFixedWidth(96)
            box.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.minutes.valueChanged.connect(lambda *_: self._tell())
        self.time.timeChanged.connect(lambda *_: self._tell())
        second.addWidget(self.words, 1)
        second.addWidget(self.minutes)
        second.addWidget(self.time)
        column.addLayout(second)
        self.show_value("")

    def show_value(self, text: str) -> None:
        """Show the setting without reporting it as a change."""
        way = _way_of(text)
        with QSignalBlocker(self.way), QSignalBlocker(self.minutes), QSignalBlocker(self.time):
            self.way.setCurrentIndex(self.way.findData(way))
            if way == "minutes" and (found := _NUMBER.search(text)):
                self.minutes.setValue(max(1, int(found.group())))
            elif way == "time":
                self.time.setTime(QTime.fromString(text.strip(), "H:mm"))
        self.minutes.setVisible(way == "minutes")
        self.time.setVisible(way == "time")
        now = time.time()
        if way == "never":
            self.words.setText(say(field_facts(PATH).help))
        else:
            moment = deadline_of(text, now)
            self.words.setText(
                say(field_facts(PATH).help)
                if moment is None or way == "minutes"
                else deadline_sentence(moment, now)
            )

    def _on_way_chosen(self) -> None:
        if self.way.currentData() == "time":
            soon = QTime.currentTime().addSecs(_FIRST_AHEAD_SECONDS)
            with QSignalBlocker(self.time):
                self.time.setTime(QTime(soon.hour(), soon.minute() // 5 * 5))
        elif self.way.currentData() == "minutes":
            with QSignalBlocker(self.minutes):
                self.minutes.setValue(_FIRST_MINUTES)
        self._tell()

    def _tell(self) -> None:
        match self.way.currentData():
            case "minutes":
                text = str(self.minutes.value())
            case "time":
                text = self.time.time().toString("H:mm")
            case _:
                text = ""
        self.show_value(text)
        self._on_change(text)


def _way_of(text: str) -> Way:
    """How ``text`` sets a limit; what is not understood sets none."""
    try:
        moment = deadline_of(text, time.time())
    except ValueError:
        return "never"
    if moment is None:
        return "never"
    return "time" if ":" in text else "minutes"
