"""What the curves show, a coloured box each: term, what is seen, what it means, what helps."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from cnnstudio.project.explaining import Explanation, Remedy
from cnnstudio.project.project import Project
from cnnstudio.project.words import say
from cnnstudio.ui.widgets.basics import button, clear_layout, label
from cnnstudio.ui.widgets.flow_layout import FlowLayout
from cnnstudio.ui.widgets.kept_focus import focus_kept

MOST_BOXES = 3


class ExplanationBoxes(QWidget):
    """The most important findings, one below the other; hidden where there are none.

    ``on_remedy`` is given the remedy that was clicked, ``on_stop`` is called by 'Stop here'.
    Neither changes anything here: :meth:`show_explanations` is told the plan as it then is.
    """

    def __init__(
        self, on_remedy: Callable[[Remedy], object], on_stop: Callable[[], object]
    ) -> None:
        super().__init__()
        self._on_remedy = on_remedy
        self._on_stop = on_stop
        self._shown: object = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self.hide()

    def show_explanations(
        self, explanations: Sequence[Explanation], is_running: bool, project: Project | None
    ) -> None:
        """Show the first of ``explanations``, the most important first.

        'Stop here' is there while the run ``is_running``. ``project`` is the present plan, None
        where it cannot be changed: what it has already of the remedies is shown as done.
        """
        boxes = [
            (each, tuple(_offers(each, is_running, project))) for each in explanations[:MOST_BOXES]
        ]
        self.setVisible(bool(boxes))
        if boxes == self._shown:
            return
        self._shown = boxes
        with focus_kept(self):
            clear_layout(self._column)
            for explanation, offers in boxes:
                self._column.addWidget(self._box(explanation, offers))

    def _box(self, explanation: Explanation, offers: tuple[tuple[Remedy, bool], ...]) -> QFrame:
        made = QFrame()
        made.setProperty("role", "notice")
        made.setProperty("tone", explanation.tone)
        made.setAccessibleName(explanation.title)
        made.setAccessibleDescription(f"{explanation.seen} {explanation.means}")
        body = QVBoxLayout(made)
        body.setContentsMargins(14, 12, 14, 12)
        body.setSpacing(4)
        title = label(explanation.title, wrap=True)
        title.setProperty("tone", explanation.tone)
        body.addWidget(title)
        body.addWidget(label(explanation.seen, wrap=True))
        body.addWidget(label(explanation.means, "quiet", wrap=True))
        if offers:
            row = FlowLayout(across=16, down=4)
            for remedy, is_taken in offers:
                row.addWidget(self._button(explanation, remedy, is_taken))
            body.addSpacing(4)
            body.addLayout(row)
        return made

    def _button(self, explanation: Explanation, remedy: Remedy, is_taken: bool) -> QPushButton:
        if remedy.stops:
            made = button(remedy.title, self._on_stop, "link")
        else:
            made = button(remedy.title, partial(self._on_remedy, remedy), "link")
        made.setAccessibleName(say("{action}: {name}", action=remedy.title, name=explanation.title))
        if is_taken:
            made.setText(say("✓ {remedy}", remedy=remedy.title))
            done = say("Changed for the next run: {remedy}", remedy=remedy.title)
            made.setAccessibleName(done)
            made.setToolTip(done)
            made.setEnabled(False)
        elif not remedy.stops:
            made.setToolTip(say("Changes the plan of the next run. It can be undone."))
        return made


def _offers(
    explanation: Explanation, is_running: bool, project: Project | None
) -> list[tuple[Remedy, bool]]:
    """The remedies that there are now, and whether the plan has each already."""
    found = []
    for remedy in explanation.remedies:
        if remedy.stops:
            if is_running:
                found.append((remedy, False))
        elif project is not None:
            is_taken = remedy.is_taken(project)
            if is_taken or remedy.can_be_taken(project):
                found.append((remedy, is_taken))
    return found
