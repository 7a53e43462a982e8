"""The settings' page of all weights: what is here, where and how large; fetching and checking."""

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from cnnstudio.project.checked_weights import CheckedFile
from cnnstudio.project.problems import Problem
from cnnstudio.project.weights_places import WeightsState
from cnnstudio.project.words import say, say_count
from cnnstudio.ui.dialogs.weights_table import WeightsTable
from cnnstudio.ui.weights_downloads import Key, WeightsDownloads
from cnnstudio.ui.widgets.basics import Card, Notice, button, clear_layout, label
from cnnstudio.ui.widgets.problem_notice import problem_notice


class WeightsPage(QWidget):
    """Shows and steers ``downloads``."""

    overview_wanted = Signal()
    """What is here has changed and is to be listed again."""

    def __init__(self, downloads: WeightsDownloads) -> None:
        super().__init__()
        self._downloads = downloads
        self._checked: dict[str, CheckedFile] = {}
        self._files = 0
        self.notice: Notice | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        text = say(
            "What pretrained networks already know. Each file is fetched once and then used "
            "without internet."
        )
        layout.addWidget(label(text, "quiet", wrap=True))
        card = Card(margins=1, spacing=0)
        self.table = WeightsTable()
        self.table.fetch_wanted.connect(self._on_fetch_wanted)
        self.table.cancel_wanted.connect(downloads.cancel)
        self.table.itemSelectionChanged.connect(self._show_buttons)
        card.body.addWidget(self.table)
        layout.addWidget(card, 1)
        row = QHBoxLayout()
        row.setSpacing(10)
        self.fetch_button = button(say("Download selected"), self._fetch_selected)
        row.addWidget(self.fetch_button)
        self.check_button = button(say("Check files"), self._check_or_cancel)
        self.check_button.setToolTip(
            say("Looks into each file: checksum, damage, and whether it fits its network.")
        )
        self.check_button.setMinimumWidth(self.check_button.sizeHint().width())
        row.addWidget(self.check_button)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(90)
        self.bar.hide()
        row.addWidget(self.bar)
        row.addStretch(1)
        self.total = label("", "quiet")
        row.addWidget(self.total)
        layout.addLayout(row)
        self._notices = QVBoxLayout()
        layout.addLayout(self._notices)
        self.going_on = label(
            say("The download goes on when this is closed. What has arrived is always kept."),
            "small",
            wrap=True,
        )
        self.going_on.hide()
        layout.addWidget(self.going_on)
        downloads.changed.connect(self._show)
        downloads.ended.connect(self.overview_wanted)
        downloads.failed.connect(self._on_failed)
        downloads.checked.connect(self._on_checked)
        self._show_buttons()

    def show_states(self, states: tuple[WeightsState, ...]) -> None:
        """What is here."""
        self.table.show_states(states)
        here = {state.path: state.size for state in states if state.path is not None}
        self._files = len(here)
        self.total.setText(
            say(
                "{here} of {count} are here, {megabytes} MB.",
                here=sum(state.path is not None for state in states),
                count=len(states),
                megabytes=f"{sum(here.values()) / 1e6:.1f}",
            )
        )
        self._show()

    def _show(self) -> None:
        downloads = self._downloads
        for state in self.table.states:
            key = state.offered.key
            phase = downloads.phase(key)
            progress = downloads.progress if phase == "running" else None
            problem = downloads.problems.get(key) if state.path is None else None
            checked = self._checked.get(str(state.path))
            self.table.show_phase(key, phase, progress, problem, checked)
        self.bar.setVisible(downloads.is_checking)
        if downloads.is_checking:
            progress = downloads.progress
            self.bar.setRange(0, progress.total if progress is not None else 0)
            self.bar.setValue(progress.done if progress is not None else 0)
        self.going_on.setVisible(downloads.is_fetching)
        self._show_buttons()

    def _show_buttons(self) -> None:
        wanted = self._to_fetch(self.table.selected())
        self.fetch_button.setEnabled(bool(wanted))
        megabytes = sum(state.offered.megabytes for state in wanted)
        self.fetch_button.setText(
            say("Download selected ({megabytes} MB)", megabytes=f"{megabytes:.0f}")
            if megabytes
            else say("Download selected")
        )
        is_checking = self._downloads.is_checking
        self.check_button.setText(say("Cancel") if is_checking else say("Check files"))
        self.check_button.setEnabled(is_checking or bool(self._files))

    def _to_fetch(self, states: Iterable[WeightsState]) -> list[WeightsState]:
        phase = self._downloads.phase
        return [each for each in states if each.path is None and not phase(each.offered.key)]

    def _on_fetch_wanted(self, key: Key) -> None:
        self._tell(None)
        self._downloads.fetch(
            state.offered for state in self.table.states if state.offered.key == key
        )

    def _fetch_selected(self) -> None:
        self._tell(None)
        self._downloads.fetch(each.offered for each in self._to_fetch(self.table.selected()))

    def _check_or_cancel(self) -> None:
        if self._downloads.is_checking:
            self._downloads.cancel_check()
            return
        self._checked = {}
        self._tell(None)
        files = (str(state.path) for state in self.table.states if state.path is not None)
        self._downloads.check(dict.fromkeys(files))

    def _on_failed(self, problem: Problem) -> None:
        self._tell(problem_notice(problem))

    def _on_checked(self, files: tuple[CheckedFile, ...]) -> None:
        self._checked = {each.path: each for each in files}
        wrong = [each for each in files if not each.is_right]
        if wrong and wrong[0].problem is not None:
            self._tell(problem_notice(wrong[0].problem))
        else:
            text = say_count(
                "{count} file was looked into and is right.",
                "{count} files were looked into and are right.",
                len(files),
            )
            self._tell(Notice("good", text))

    def _tell(self, notice: Notice | None) -> None:
        """Say the latest that happened, in place of what was said before."""
        clear_layout(self._notices)
        self.notice = notice
        if notice is not None:
            self._notices.addWidget(notice)
