"""The settings of the next training: the plain ones at once, the others in groups behind 'More'."""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from cnnstudio.project import stage_choices
from cnnstudio.project.fields import field_facts
from cnnstudio.project.losses import loss_problems, mended_loss, resolved_loss
from cnnstudio.project.problems import Problem
from cnnstudio.project.project import Project
from cnnstudio.project.stages import planned_epochs
from cnnstudio.project.training import PLAIN_FIELDS
from cnnstudio.project.training_groups import GROUPS, changed_settings, counts, in_short
from cnnstudio.project.words import say, say_count
from cnnstudio.ui.network_state import NetworkState
from cnnstudio.ui.pictures_state import PicturesState
from cnnstudio.ui.session import ProjectSession
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.basics import Card, button, clear_layout, label
from cnnstudio.ui.widgets.field_form import FieldForm
from cnnstudio.ui.widgets.fold import Fold
from cnnstudio.ui.widgets.kept_focus import focus_kept
from cnnstudio.ui.widgets.problem_notice import problem_notice
from cnnstudio.ui.widgets.rate_card import RateCard
from cnnstudio.ui.widgets.time_limit_field import PATH, TimeLimitField
from cnnstudio.worker.engine_keeper import EngineKeeper


class TrainingSettings(Card):
    """Edits the training chapter. ``page_wanted`` names a page where more of it is chosen."""

    page_wanted = Signal(str)
    rate_wanted = Signal()
    """The test that finds a rate should come into sight."""
    opened = Signal(object)
    """The :class:`Fold`, or the list of them, that was opened by hand."""

    def __init__(
        self,
        session: ProjectSession,
        pictures: PicturesState,
        network: NetworkState,
        keeper: EngineKeeper,
        theme: Theme,
    ) -> None:
        super().__init__(say("Settings"))
        self._session = session
        self._pictures = pictures
        self._network = network
        self._theme = theme
        self._can_change = True
        self._is_open = False
        self._forms: list[FieldForm] = []
        self._problems: dict[str, QVBoxLayout] = {}
        self._shown_problems: list[Problem] = []
        self.rate = RateCard(session, pictures, network, keeper, theme)
        self.rate.be_part_of_card()
        self.plain = self._form(PLAIN_FIELDS)
        self.epochs_words = label("", wrap=True)
        column = self.plain.layout()
        assert isinstance(column, QVBoxLayout)
        column.insertWidget(1, self.epochs_words)
        self.body.addWidget(self.plain)
        self.find_rate_button = button(say("Find a rate…"), self._on_find_rate, "link")
        self.find_rate_button.setToolTip(say("Tries rates on your pictures and suggests one."))
        beside = self.plain.editors["training.learning_rate"].layout()
        if beside is not None:
            beside.addWidget(self.find_rate_button)
        self.more = button("", self._on_more_wanted, "link")
        self.more.setIconSize(QSize(16, 16))
        self.more.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.body.addWidget(self.more)
        self._behind = QWidget()
        behind = QVBoxLayout(self._behind)
        behind.setContentsMargins(0, 0, 0, 0)
        behind.setSpacing(0)
        self.folds: dict[str, Fold] = {}
        for key, group in GROUPS.items():
            fold = Fold(say(group.title), theme)
            fold.door.clicked.connect(partial(self._on_door_clicked, fold))
            self._fill(key, fold)
            self.folds[key] = fold
            behind.addWidget(fold)
        self.body.addWidget(self._behind)
        self._behind.hide()
        session.project_changed.connect(lambda *_: self.refresh())
        pictures.changed.connect(self.refresh)
        network.changed.connect(self.refresh)
        theme.follow(self.more, self._show_more)
        self.refresh()

    @property
    def editors(self) -> dict[str, Any]:
        """The editors of all fields by path."""
        return {path: each for form in self._forms for path, each in form.editors.items()}

    def set_can_change(self, can_change: bool, is_training: bool) -> None:
        """Whether anything can be changed; rates are not tried while something is trained."""
        self._can_change = can_change
        for form in self._forms:
            form.setEnabled(can_change)
        self.time_limit.setEnabled(can_change)
        self.rate.set_can_change(can_change and not is_training)

    def open_group(self, key: str) -> None:
        """Bring the settings of a group into sight."""
        if not self._is_open:
            self._on_more()
        self.folds[key].set_open(True)

    def refresh(self) -> None:
        """Show the plan as it is now."""
        project = self._session.project
        plan = project.training
        for form in self._forms:
            form.refresh()
        for path, editor in self.editors.items():
            name = path.partition(".")[2]
            editor.setVisible(counts(name, plan))
        editors = self.plain.editors
        has_epochs = stage_choices.any_follows_epochs(project)
        editors["training.epochs"].setVisible(has_epochs)
        self.epochs_words.setVisible(not has_epochs)
        self.epochs_words.setText(
            say_count(
                "Epochs: {count} in all, set in the stages below",
                "Epochs: {count} in all, set in the stages below",
                planned_epochs(project),
            )
        )
        editors["training.fine_tuning"].setVisible(stage_choices.can_fine_tune(project))
        self.time_limit.show_value(plan.time_limit)
        for key, fold in self.folds.items():
            fold.show_short(in_short(key, project))
        classes = self._pictures.num_classes or None
        output = self._network.facts.output if self._network.facts is not None else None
        self.loss_words.setText(resolved_loss(project, classes, output).why)
        self._show_problems(project)
        self._show_more()

    def _form(self, names: tuple[str, ...]) -> FieldForm:
        paths = [f"training.{name}" for name in names]
        form = FieldForm(paths, lambda: self._session.project, self._session.change)
        self._forms.append(form)
        return form

    def _fill(self, key: str, fold: Fold) -> None:
        """Put the editors of a group behind its line."""
        if key == "time":
            self.time_limit = TimeLimitField(self._on_time_limit)
            fold.body.addWidget(self.time_limit)
            return
        form = self._form(GROUPS[key].fields)
        fold.body.addWidget(form)
        first = next(iter(form.editors.values()))
        first.name.setHidden(first.facts.title == GROUPS[key].title)  # it is said on the line
        if key == "loss":
            self.loss_words = label("", "small", wrap=True)
            fold.body.insertWidget(0, self.loss_words)
        if key == "schedule":
            fold.body.addWidget(self.rate)
        if key == "overfitting":
            fold.body.addWidget(self._links())
        problems = QVBoxLayout()
        problems.setSpacing(8)
        self._problems[key] = problems
        fold.body.addLayout(problems)

    def _links(self) -> QWidget:
        """The ways to what works against overfitting and is chosen on other pages."""
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for words, page in (
            (say("Dropout: on the Network page"), "network"),
            (say("Augmentation: on its own page"), "augment"),
        ):
            column.addWidget(button(words, partial(self.page_wanted.emit, page), "link"))
        return box

    def _show_problems(self, project: Project) -> None:
        """What does not go together, beside the settings that are meant, with its remedy."""
        classes = self._pictures.num_classes or None
        output = self._network.facts.output if self._network.facts is not None else None
        found = loss_problems(project, classes, output)
        if found == self._shown_problems:
            return
        self._shown_problems = found
        with focus_kept(self):
            for layout in self._problems.values():
                clear_layout(layout)
            for problem in found:
                key = _group_of(problem)
                mended = mended_loss(problem, project)
                actions: tuple[tuple[str, Callable[[], object]], ...] = ()
                if mended is not None:
                    words = _remedy_words(problem, project, mended)
                    actions = ((words, partial(self._mend, problem)),)
                self._problems[key].addWidget(problem_notice(problem, actions))
        for problem in found:
            self.open_group(_group_of(problem))

    def _mend(self, problem: Problem) -> None:
        mended = mended_loss(problem, self._session.project)
        if mended is not None:
            self._session.change(mended)

    def _on_find_rate(self) -> None:
        self.open_group("schedule")
        self.rate_wanted.emit()
        self.rate.find_button.setFocus()

    def _on_time_limit(self, text: str) -> None:
        plan = self._session.project.training.model_copy(update={"time_limit": text})
        self._session.change_chapter("training", plan, PATH)

    def _on_door_clicked(self, fold: Fold) -> None:
        if fold.is_open:
            self.opened.emit(fold)

    def _on_more_wanted(self) -> None:
        self._on_more()
        if self._is_open:
            self.opened.emit(self._behind)

    def _on_more(self) -> None:
        self._is_open = not self._is_open
        self._behind.setVisible(self._is_open)
        self._show_more()

    def _show_more(self) -> None:
        count = len(changed_settings(self._session.project.training))
        if self._is_open:
            words = say("Fewer settings")
        elif count:
            words = say_count(
                "More settings ({count} changed)", "More settings ({count} changed)", count
            )
        else:
            words = say("More settings")
        self.more.setText(words)
        arrow = "chevron-down" if self._is_open else "chevron-right"
        self.more.setIcon(self._theme.icon(arrow, "accent"))


def _group_of(problem: Problem) -> str:
    """Behind which line the setting stands that ``problem`` is about."""
    name = problem.where.partition(".")[2]
    return next((key for key, group in GROUPS.items() if name in group.fields), "loss")


def _remedy_words(problem: Problem, project: Project, mended: Project) -> str:
    """What the button does that turns ``project`` into ``mended``."""
    loss = mended.training.loss
    if loss != project.training.loss:
        return say("Take {loss}", loss=say(field_facts("training.loss").choice_titles[loss]))
    facts = field_facts(problem.where)
    value = getattr(mended.training, facts.name)
    if value is False:
        return say("Switch {setting} off", setting=say(facts.title))
    return say("{setting}: {value}", setting=say(facts.title), value=f"{value:g}")
