"""The stages of the next run: what is trained when, how fast, and why."""

from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from cnnstudio.project import stage_choices as choices
from cnnstudio.project.freezing_advice import advice, mended
from cnnstudio.project.network_facts import NetworkFacts, trained_layers
from cnnstudio.project.problems import Problem
from cnnstudio.project.stage_checks import WHERE, frozen_random, stage_problems
from cnnstudio.project.stage_reasons import title_in, why
from cnnstudio.project.stages import planned_epochs, stages_of
from cnnstudio.project.words import N_, say, say_count
from cnnstudio.ui.network_state import NetworkState
from cnnstudio.ui.session import ProjectSession
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.basics import Card, button, clear_layout, label
from cnnstudio.ui.widgets.flow_layout import FlowLayout
from cnnstudio.ui.widgets.kept_focus import focus_kept
from cnnstudio.ui.widgets.problem_notice import Actions, problem_notice
from cnnstudio.ui.widgets.stage_row import StageRow

REMEDIES = {
    "rate_too_high": N_("Two stages, the second one slow"),
    "stage_rate_too_high": N_("Lower the stage's share"),
    "rate_far_above": N_("Take the usual rate"),
    "stage_frozen_random": N_("Train everything"),
    "stage_unknown_layer": N_("Forget that layer"),
    "stage_too_many_blocks": N_("Take all blocks"),
    "stage_too_many_layers": N_("Take all layers"),
    "stage_trains_nothing": N_("Mend the stage"),
}
"""What the button beside a problem says."""


class StagesCard(Card):
    """Edits ``training.stages`` of the open project. ``opened`` tells the :class:`StageRow`."""

    opened = Signal(object)

    def __init__(self, session: ProjectSession, network: NetworkState, theme: Theme) -> None:
        super().__init__()
        self._session = session
        self._network = network
        self._theme = theme
        self._can_change = True
        head = QHBoxLayout()
        head.addWidget(label(say("Stages"), "heading"))
        head.addStretch(1)
        self.total = label("", "small")
        head.addWidget(self.total)
        self.body.addLayout(head)
        self._list = QVBoxLayout()
        self._list.setSpacing(8)
        self.body.addLayout(self._list)
        self.rows: list[StageRow] = []
        self._problems = QVBoxLayout()
        self._problems.setSpacing(8)
        self.body.addLayout(self._problems)
        self._shown_problems: list[Problem] = []
        foot = FlowLayout(across=16, down=4)
        self.add_button = button(say("Add a stage"), self._on_add, "link")
        self.usual_button = button(say("Back to the usual stages"), self._on_usual, "link")
        foot.addWidget(self.add_button)
        foot.addWidget(self.usual_button)
        self.body.addLayout(foot)
        session.project_changed.connect(lambda *_: self.refresh())
        network.changed.connect(self.refresh)
        self.refresh()

    def set_can_change(self, can_change: bool) -> None:
        """Whether anything can be changed."""
        self._can_change = can_change
        self.refresh()

    def refresh(self) -> None:
        """Show the stages as they are now."""
        project, facts = self._session.project, self._network.facts
        stages = stages_of(project)
        if len(stages) != len(self.rows):
            self._make_rows(len(stages))
        for number, (row, stage) in enumerate(zip(self.rows, stages, strict=True), start=1):
            reason = why(stage, number, stages, project, facts)
            rate = project.training.learning_rate
            title = title_in(stage, project)
            row.show_stage(stage, title, reason, rate, len(stages), self._can_change)
        self.total.setText(
            say_count("{count} epoch in all", "{count} epochs in all", planned_epochs(project))
        )
        self.total.setVisible(len(stages) > 1)
        self.add_button.setEnabled(self._can_change and len(stages) < choices.MOST_STAGES)
        is_own = not choices.has_usual_stages(project)
        self.usual_button.setVisible(is_own)
        self.usual_button.setEnabled(self._can_change)
        self._show_problems()

    def _show_problems(self) -> None:
        """What does not fit the network, or endangers what it knows, with its remedy."""
        project, facts = self._session.project, self._network.facts
        found: list[Problem] = []
        if facts is not None:
            found = [*frozen_random(project), *stage_problems(project, facts)]
            said = advice(project, facts, trained_layers(project.network, facts))
            found += [problem for problem in said if problem.where == WHERE]
        if found == self._shown_problems:
            return
        self._shown_problems = found
        with focus_kept(self):
            clear_layout(self._problems)
            for problem in found:
                actions: Actions = ()
                if self._can_change and problem.kind in REMEDIES:
                    actions = ((say(REMEDIES[problem.kind]), partial(self._mend, problem)),)
                self._problems.addWidget(problem_notice(problem, actions))

    def _mend(self, problem: Problem) -> None:
        facts = self._network.facts
        changed = mended(problem, self._session.project, facts) if facts is not None else None
        if changed is not None:
            self._session.change(changed)

    def _make_rows(self, count: int) -> None:
        clear_layout(self._list)
        self.rows = []
        for number in range(count):
            row = StageRow(number + 1, self._theme)
            row.edited.connect(partial(self._on_edited, number))
            row.ticks_wanted.connect(partial(self._on_ticks_wanted, number))
            row.move_wanted.connect(partial(self._on_move_wanted, number))
            row.remove_wanted.connect(partial(self._on_remove_wanted, number))
            row.opened.connect(partial(self._on_opened, number))
            self._list.addWidget(row)
            self.rows.append(row)

    def _on_opened(self, number: int) -> None:
        """One stage at a time has its settings in sight."""
        for other, row in enumerate(self.rows):
            if other != number and row.is_open:
                row.set_open(False)
        self.opened.emit(self.rows[number])

    def _on_edited(self, number: int, name: str, value: Any) -> None:
        project = self._session.project
        merging = f"stages.{number}.{name}"
        if name == "epochs":
            self._session.change(choices.with_epochs(project, number, value), merging)
            return
        stage = stages_of(project)[number]
        facts = self._network.facts
        if name == "trains" and value == "own" and not stage.layers and facts is not None:
            self._session.change(choices.with_ticks(project, number, facts))
            return
        update = {name: value}
        if name == "trains":
            update["count"] = 0  # it counted something else
        changed = choices.with_stage(project, number, stage.model_copy(update=update))
        self._session.change(changed, merging)

    def _on_ticks_wanted(self, number: int) -> None:
        facts: NetworkFacts | None = self._network.facts
        if facts is not None:
            self._session.change(choices.with_ticks(self._session.project, number, facts))

    def _on_move_wanted(self, number: int, by: int) -> None:
        before = self._session.project
        self._session.change(choices.moved(before, number, by))
        if self._session.project is not before:
            was_open = self.rows[number].is_open
            other = self.rows[number + by]
            if was_open:
                other.set_open(True)
            other.more.setFocus()

    def _on_remove_wanted(self, number: int) -> None:
        self._session.change(choices.without(self._session.project, number))
        self.rows[min(number, len(self.rows) - 1)].more.setFocus()

    def _on_add(self) -> None:
        self._session.change(choices.with_one_more(self._session.project))
        self.rows[-1].set_open(True)
        self.rows[-1].more.setFocus()

    def _on_usual(self) -> None:
        self._session.change(choices.usual_again(self._session.project))
        self.rows[0].more.setFocus()
