"""All that the health check found: why it matters, the pictures, and what one click can do."""

from collections import defaultdict
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from cnnstudio.project.kinds.findings import FINDING_KINDS
from cnnstudio.project.problems import Problem
from cnnstudio.project.words import say, say_count
from cnnstudio.ui.picture_changes import PictureChanges
from cnnstudio.ui.pictures_state import PicturesState
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.basics import Column, Notice, button, clear_layout, label
from cnnstudio.ui.widgets.check_progress import CheckProgress
from cnnstudio.ui.widgets.finding_card import FindingCard
from cnnstudio.ui.widgets.kept_focus import focus_place, take_focus
from cnnstudio.ui.widgets.looked_for_card import LookedForCard
from cnnstudio.ui.widgets.problem_notice import files_notice, problem_notice
from cnnstudio.ui.widgets.split_table import PARTS
from cnnstudio.worker.thumbnail_loader import ThumbnailLoader

if TYPE_CHECKING:
    from cnnstudio.images.arrangement import Arrangement

MOST_OF_A_KIND = 3


class HealthView(QWidget):
    """Progress above, what is wrong below, the worst first."""

    picture_opened = Signal(str, object)

    def __init__(
        self,
        pictures: PicturesState,
        changes: PictureChanges,
        loader: ThumbnailLoader,
        theme: Theme,
    ) -> None:
        super().__init__()
        self._pictures = pictures
        self._progress = CheckProgress()
        self._changes = changes
        self._loader = loader
        self._theme = theme
        self._captions: dict[str, str] = {}
        self._captions_of: Arrangement | None = None
        self._shown_problems: tuple[object, ...] = ()
        self.cards: dict[str, FindingCard] = {}
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(12)
        row = QHBoxLayout()
        row.setSpacing(16)
        self.words = label("", "quiet")
        row.addWidget(self.words)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setMaximumWidth(260)
        self.bar.setAccessibleName(say("Progress of the check"))
        row.addWidget(self.bar, 1)
        self.cancel_button = button(say("Cancel"), pictures.cancel_check, "link")
        row.addWidget(self.cancel_button)
        self.again_button = button(say("Check again"), pictures.check_again, "link")
        row.addWidget(self.again_button)
        row.addStretch(1)
        outer.addLayout(row)
        self.column = Column()
        self._problems = QVBoxLayout()
        self._problems.setSpacing(8)
        self.column.body.addLayout(self._problems)
        self._findings = QVBoxLayout()
        self._findings.setSpacing(16)
        self.column.body.addLayout(self._findings)
        self.looked_for = LookedForCard(theme)
        self.column.body.addWidget(self.looked_for)
        self.column.body.addStretch(1)
        outer.addWidget(self.column, 1)

    def show_progress(self, done: int, total: int) -> None:
        """How far the check is."""
        words = self._progress.words(done, total)
        if not self._pictures.is_checking:
            return  # said while the check was cancelled
        self.words.setText(words)
        self.bar.setRange(0, max(1, total))
        self.bar.setValue(done)

    def refresh(self) -> None:
        """Show what is known now."""
        self._refresh_head()
        self._refresh_problems()
        self._read_captions()
        findings = {finding.kind: finding for finding in self._pictures.findings}
        for kind in [kind for kind in self.cards if kind not in findings]:
            card = self.cards.pop(kind)
            self._hand_on_focus(card)
            self._findings.removeWidget(card)
            card.hide()
            card.deleteLater()
        for place, (kind, finding) in enumerate(findings.items()):
            known = self.cards.get(kind)
            if known is None:
                known = FindingCard(self._loader, self._theme, self._caption_of)
                known.remedy_chosen.connect(self._changes.remedy)
                known.picture_opened.connect(self.picture_opened)
                self.cards[kind] = known
            if self._findings.indexOf(known) != place:
                self._findings.removeWidget(known)
                self._findings.insertWidget(place, known)
            known.show_finding(finding, self._changes.is_allowed)
        is_known = self._pictures.report is not None and not self._pictures.is_checking
        self.looked_for.show_found(findings)
        self.looked_for.setVisible(is_known and bool(self.looked_for.titles))

    def show_kind(self, kind: str) -> None:
        """Bring a finding to the top of what is seen."""
        card = self.cards.get(kind)
        if card is not None:
            self.column.verticalScrollBar().setValue(card.y())

    # Inside

    def _hand_on_focus(self, card: FindingCard) -> None:
        """The keyboard goes from a card that is going to the one below it, or above."""
        place = focus_place(card)
        if place is None:
            return
        top = card.y()
        others = sorted(self.cards.values(), key=lambda other: other.y())
        below = [other for other in others if other.y() > top]
        if others:
            take_focus(below[0] if below else others[-1], place)
        else:
            self.again_button.setFocus()

    def _refresh_head(self) -> None:
        state = self._pictures
        checking = state.is_checking
        self.bar.setVisible(checking)
        self.cancel_button.setVisible(checking and state.scan is not None)
        self.again_button.setVisible(not checking and state.scan is not None)
        if checking:
            if state.scan is None or self.bar.maximum() == 0:
                self.words.setText(say("Looking for pictures…"))
            return
        if state.report is not None:
            self.words.setText(
                say_count(
                    "{count:,} picture was looked into.",
                    "{count:,} pictures were looked into.",
                    len(state.report.facts),
                )
            )
        elif state.check_was_cancelled:
            self.words.setText(
                say("The check was cancelled. What it saw is kept for the next time.")
            )
        else:
            self.words.setText("")

    def _refresh_problems(self) -> None:
        problems = open_problems(self._pictures)
        is_well = is_all_well(self._pictures)
        if (*problems, is_well) == self._shown_problems:
            return
        self._shown_problems = (*problems, is_well)
        clear_layout(self._problems)
        for notice in problem_notices(problems):
            self._problems.addWidget(notice)
        if is_well:
            self._problems.addWidget(all_is_well())

    def _caption_of(self, path: str) -> str:
        return self._captions.get(path, "")

    def _read_captions(self) -> None:
        """Class and part of the pictures that are shown."""
        arrangement = self._pictures.arrangement
        if arrangement is self._captions_of:
            return
        self._captions_of = arrangement
        wanted = {
            path
            for finding in self._pictures.findings
            for group in finding.groups
            for path in group
        }
        if arrangement is None or not wanted:
            return
        titles = {str(part): say(title) for part, title in PARTS}
        found = {
            picture.path: picture.label
            for picture in arrangement.scan.pictures
            if picture.path in wanted
        }
        listing = arrangement.listing
        for picture in listing.pictures if listing is not None else ():
            if picture.path in wanted:
                part = titles[picture.part]
                found[picture.path] = say("{name} · {part}", name=picture.label, part=part)
        self._captions = found


def open_problems(pictures: PicturesState) -> list[Problem]:
    """Problems that no finding tells of, or told of before it was said to be all right.

    Findings are about single pictures: what is wrong with a source is told here, whatever it is.
    """
    told = {finding.kind for finding in pictures.findings}
    if pictures.report is not None:
        told |= FINDING_KINDS.keys()
    return [
        problem
        for problem in pictures.problems
        if problem.kind not in told or (problem.where == "pictures.folders" and problem.file)
    ]


def health_count(pictures: PicturesState) -> int:
    """How many things the health view tells of; the same of many files is one, notes are none."""
    wrong = [problem for problem in open_problems(pictures) if problem.severity != "note"]
    of_files = {problem.kind for problem in wrong if problem.where == "pictures"}
    of_others = [problem for problem in wrong if problem.where != "pictures"]
    return len(pictures.findings) + len(of_files) + len(of_others)


def is_all_well(pictures: PicturesState) -> bool:
    """Whether everything was looked into and nothing was found."""
    return (
        pictures.report is not None
        and not pictures.is_checking
        and not pictures.findings
        and not open_problems(pictures)
    )


def all_is_well() -> Notice:
    """What stands there when nothing is wrong."""
    text = say("Every picture can be read, and nothing about them gets in the way of learning.")
    return Notice("good", say("All is well"), text)


def problem_notices(problems: list[Problem], most: int | None = None) -> list[QWidget]:
    """Notices for problems, those of a kind together."""
    grouped: dict[str, list[Problem]] = defaultdict(list)
    for problem in problems:
        grouped[problem.kind].append(problem)
    made: list[QWidget] = []
    for same in list(grouped.values())[:most]:
        if len(same) > 1 and all(problem.where == "pictures" for problem in same):
            made.append(files_notice(same))
            continue
        made += [problem_notice(problem) for problem in same[:MOST_OF_A_KIND]]
        more = len(same) - MOST_OF_A_KIND
        if more > 0:
            made.append(label(say_count("and {count} more", "and {count} more", more), "small"))
    return made
