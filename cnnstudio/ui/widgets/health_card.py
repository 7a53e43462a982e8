"""The health of the pictures in short, with the first remedy of each finding."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QVBoxLayout

from cnnstudio.project.problems import Problem
from cnnstudio.project.words import say, say_count
from cnnstudio.ui.picture_changes import PictureChanges
from cnnstudio.ui.pictures_state import PicturesState
from cnnstudio.ui.widgets.basics import Card, Notice, Tone, button, clear_layout, label
from cnnstudio.ui.widgets.check_progress import CheckProgress
from cnnstudio.ui.widgets.flow_layout import FlowLayout
from cnnstudio.ui.widgets.health_view import (
    all_is_well,
    is_all_well,
    open_problems,
    problem_notices,
)
from cnnstudio.ui.widgets.kept_focus import focus_kept

if TYPE_CHECKING:
    from cnnstudio.project.findings import Finding

MOST_FINDINGS = 3
MOST_PROBLEMS = 3
QUICK_REMEDIES = ("leave_out", "leave_out_copies")
"""What can be done without looking at the pictures first."""
TONES: dict[str, Tone] = {"error": "error", "warning": "warning", "note": "note"}


class HealthCard(Card):
    """The worst of what was found; the rest is behind a link."""

    kind_wanted = Signal(str)
    """The kind of a finding to be shown, empty for all."""

    def __init__(self, pictures: PicturesState, changes: PictureChanges) -> None:
        super().__init__(say("Health"))
        self._pictures = pictures
        self._progress = CheckProgress()
        self._changes = changes
        self._shown: tuple[object, ...] = ()
        self._words = label("", "small", wrap=True)
        self.body.addWidget(self._words)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(say("Progress of the check"))
        self.body.addWidget(self._bar)
        self._notices = QVBoxLayout()
        self._notices.setSpacing(8)
        self.body.addLayout(self._notices)
        self.all_button = button("", partial(self.kind_wanted.emit, ""), "link")
        self.body.addWidget(self.all_button)

    def show_progress(self, done: int, total: int) -> None:
        """How far the check is."""
        words = self._progress.words(done, total)
        if not self._pictures.is_checking:
            return  # said while the check was cancelled
        self._words.setText(words)
        self._bar.setRange(0, max(1, total))
        self._bar.setValue(done)

    def refresh(self) -> None:
        """Show what is known now."""
        state = self._pictures
        self._bar.setVisible(state.is_checking)
        self._words.setVisible(state.is_checking or state.check_was_cancelled)
        if state.check_was_cancelled:
            self._words.setText(say("The check was cancelled."))
        elif state.scan is None:
            self._words.setText(say("Looking for pictures…"))
        problems = open_problems(state)
        is_well = is_all_well(state)
        shown = (*state.findings, *problems, is_well, self._changes.is_allowed)
        if shown == self._shown:
            return
        self._shown = shown
        with focus_kept(self):
            self._show_all(problems, is_well)

    def _show_all(self, problems: list[Problem], is_well: bool) -> None:
        state = self._pictures
        clear_layout(self._notices)
        # What stands in the way of training comes before what might be better.
        errors = [problem for problem in problems if problem.severity == "error"]
        others = [problem for problem in problems if problem.severity != "error"]
        for notice in problem_notices(errors, MOST_PROBLEMS):
            self._notices.addWidget(notice)
        for finding in state.findings[:MOST_FINDINGS]:
            self._notices.addWidget(self._notice(finding))
        room = max(0, MOST_PROBLEMS - len(state.findings))
        for notice in problem_notices(others, room):
            self._notices.addWidget(notice)
        if is_well:
            self._notices.addWidget(all_is_well())
        kinds = len({problem.kind for problem in problems} | {each.kind for each in state.findings})
        hidden = kinds - len({problem.kind for problem in errors}) - MOST_FINDINGS
        self.all_button.setVisible(hidden > 0)
        words = say_count("{count} more finding", "{count} more findings", max(1, hidden))
        self.all_button.setText(words)

    def _notice(self, finding: "Finding") -> Notice:
        actions: list[tuple[str, Callable[[], object]]] = []
        remedy = next(iter(finding.remedies), None)
        can_quickly = self._changes.is_allowed and not finding.classes
        if remedy is not None and remedy.kind in QUICK_REMEDIES and can_quickly:
            carry_out = partial(self._changes.remedy, finding, remedy)
            actions.append((remedy.sentence, carry_out))
        side_by_side = any(len(group) > 1 for group in finding.groups)
        words = say("Compare") if side_by_side else say("Show")
        actions.append((words, partial(self.kind_wanted.emit, finding.kind)))
        notice = Notice(TONES[finding.severity], finding.title)
        links = FlowLayout(across=16, down=2)
        for words, act in actions:
            link = button(words, act, "link")
            link.setAccessibleName(say("{action}: {name}", action=words, name=finding.title))
            links.addWidget(link)
        body = notice.layout()
        assert isinstance(body, QVBoxLayout)
        body.addLayout(links)
        return notice
