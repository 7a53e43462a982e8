"""A model file of the person's own: chosen or dropped, what was found in it, and what it is for."""

from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QProgressBar, QVBoxLayout, QWidget

from cnnstudio.project.changed_network import with_network
from cnnstudio.project.fields import field_facts
from cnnstudio.project.files import is_file, version_of
from cnnstudio.project.network import OWN_MODEL
from cnnstudio.project.problems import Problem
from cnnstudio.project.words import say, say_count
from cnnstudio.protocol import ClosingEvent, LookIntoModel, ModelLookedInto, WorkFailed
from cnnstudio.ui.dialogs.asking import Asking
from cnnstudio.ui.one_question import OneQuestion
from cnnstudio.ui.session import ProjectSession
from cnnstudio.ui.widgets.basics import (
    Card,
    ElidedLabel,
    button,
    clear_layout,
    label,
    set_property,
)
from cnnstudio.ui.widgets.drop_area import dropped_files
from cnnstudio.ui.widgets.field_form import CalmComboBox
from cnnstudio.ui.widgets.problem_notice import problem_notice
from cnnstudio.ui.widgets.segments import Segments
from cnnstudio.worker.engine_keeper import EngineKeeper

FILE, VALUES = "network.model_file", "network.model_values"
AS_BASE, GO_ON = 0, 1
MOST_NAMES = 4


class OwnModelCard(Card):
    """Asks the engine about the plan's model file and shows the answer; takes a dropped one."""

    def __init__(
        self,
        session: ProjectSession,
        keeper: EngineKeeper,
        asking: Asking,
    ) -> None:
        super().__init__(say("Your model"), spacing=12)
        self._session = session
        self._asking = asking
        self._asked: tuple[str, tuple[int, ...]] | None = None
        self._answered_for: tuple[str, tuple[int, ...]] | None = None
        self._found: ModelLookedInto | None = None
        self._problem: Problem | None = None
        self._takes_size = False
        self._question = OneQuestion(keeper, self)
        self._question.answered.connect(self._on_answered)
        self.setAcceptDrops(True)
        self.body.addWidget(self._make_file_line())
        self._busy = QProgressBar()
        self._busy.setRange(0, 0)
        self._busy.setTextVisible(False)
        self._busy.setAccessibleName(say("Looking into the file"))
        self.body.addWidget(self._busy)
        self._notices = QVBoxLayout()
        self._notices.setSpacing(8)
        self.body.addLayout(self._notices)
        self._facts = self._make_facts()
        self.body.addWidget(self._facts)
        self.refresh()

    def _make_file_line(self) -> QWidget:
        frame = QFrame()
        frame.setProperty("role", "line_drop")
        column = QVBoxLayout(frame)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(4)
        self.file_name = ElidedLabel("")
        column.addWidget(self.file_name)
        self._drop_words = label(say("Drop a .keras or .h5 file here, or"), "small", wrap=True)
        column.addWidget(self._drop_words)
        self.choose_button = button(say("Choose a file…"), self._choose, "link")
        column.addWidget(self.choose_button, 0, Qt.AlignmentFlag.AlignLeft)
        self._frame = frame
        return frame

    def _make_facts(self) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self.title = label("", wrap=True)
        self.title.setStyleSheet("font-weight: 600;")
        column.addWidget(self.title)
        self.details = label("", "quiet", wrap=True)
        column.addWidget(self.details)
        column.addSpacing(8)
        choices = ((AS_BASE, say("As a base")), (GO_ON, say("Go on training")))
        self.use = Segments(say("What the model is for"), choices, AS_BASE)
        self.use.chosen.connect(self._on_use_chosen)
        column.addWidget(self.use)
        self.use_words = label("", "small", wrap=True)
        column.addWidget(self.use_words)
        column.addSpacing(8)
        facts = field_facts(VALUES)
        words = label(say(facts.title))
        column.addWidget(words)
        self.values = CalmComboBox()
        self.values.setObjectName(VALUES)
        self.values.setAccessibleName(say(facts.title))
        self.values.setToolTip(say(facts.help))
        for choice in facts.choices:
            self.values.addItem(say(facts.choice_titles[choice]), choice)
        self.values.activated.connect(self._on_values_chosen)
        words.setBuddy(self.values)
        column.addWidget(self.values)
        self.values_words = label("", "small", wrap=True)
        column.addWidget(self.values_words)
        return box

    def refresh(self) -> None:
        """Show the plan's file, and ask about it if it is another one than before."""
        plan = self._session.project.network
        key = (plan.model_file, version_of(plan.model_file))
        if key != self._answered_for:
            self._found = self._problem = None
        if plan.base == OWN_MODEL and key not in (self._answered_for, self._asked):
            self._ask(key)
        self.file_name.setText(Path(plan.model_file).name)
        self.file_name.setToolTip(plan.model_file)
        self.file_name.setVisible(bool(plan.model_file))
        self._drop_words.setVisible(not plan.model_file)
        has_file = bool(plan.model_file)
        words = say("Choose another file…") if has_file else say("Choose a file…")
        self.choose_button.setText(words)
        self._busy.setVisible(self._question.is_busy)
        clear_layout(self._notices)
        if self._problem is not None:
            self._notices.addWidget(problem_notice(self._problem))
        self._facts.setVisible(self._found is not None)
        if self._found is not None:
            self._show(self._found)

    def close_jobs(self) -> None:
        """End the question in hand."""
        self._question.close()

    def take_file(self, path: str) -> None:
        """Make ``path`` the plan's model file; what was said of the one before is forgotten."""
        plan = self._session.project.network
        update = {"model_file": path, "model_values": "automatic", "keep_output": False}
        self._takes_size = True
        changed = plan.without_freezing().model_copy(update={"base": OWN_MODEL, **update})
        self._session.change(with_network(self._session.project, changed), FILE)
        self.refresh()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if len(dropped_files(event.mimeData())) == 1:
            set_property(self._frame, "over", "true")
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        set_property(self._frame, "over", "false")

    def dropEvent(self, event: QDropEvent) -> None:
        set_property(self._frame, "over", "false")
        paths = dropped_files(event.mimeData())
        if len(paths) == 1:
            event.acceptProposedAction()
            self.take_file(paths[0])

    def _choose(self) -> None:
        kinds = ((say("Models of Keras"), "*.keras *.h5 *.hdf5"),)
        files = self._asking.files(self, say("Choose a model file"), kinds)
        if files:
            self.take_file(files[0])

    def _ask(self, key: tuple[str, tuple[int, ...]]) -> None:
        if is_file(key[0]) and self._question.ask(LookIntoModel(key[0])):
            self._asked = key

    def _on_answered(self, event: ClosingEvent) -> None:
        self._answered_for, self._asked = self._asked, None
        match event:
            case ModelLookedInto():
                self._found = event
                self._take_size(event)
            case WorkFailed():
                self._problem = event.problem
            case _:
                self._answered_for = None
                self._busy.hide()
                return
        self.refresh()

    def _take_size(self, found: ModelLookedInto) -> None:
        """A file that was just chosen brings the size of its pictures."""
        takes, self._takes_size = self._takes_size, False
        project = self._session.project
        is_square = found.height == found.width > 0
        if takes and is_square and found.file == project.network.model_file:
            pictures = project.pictures.model_copy(update={"size": found.height})
            self._session.change(project.replacing(pictures=pictures), FILE)

    def _show(self, found: ModelLookedInto) -> None:
        plan = self._session.project.network
        self.title.setText(found.title or Path(found.file).stem)
        lines = (_layers_words(found), _size_words(found), _classes_words(found))
        self.details.setText("\n".join(lines))
        self.use.buttons[GO_ON if plan.keep_output else AS_BASE].setChecked(True)
        self.use.buttons[GO_ON].setEnabled(bool(found.outputs) or plan.keep_output)
        self.use_words.setText(_use_words(found, plan.keep_output))
        with QSignalBlocker(self.values):
            self.values.setCurrentIndex(self.values.findData(plan.model_values))
        notes = [problem.message for problem in found.problems]
        is_automatic = plan.model_values == "automatic"
        self.values_words.setText(
            " ".join(notes) if is_automatic else say(field_facts(VALUES).help)
        )

    def _on_use_chosen(self, use: int) -> None:
        plan = self._session.project.network
        if plan.keep_output != (use == GO_ON):
            changed = plan.without_freezing().model_copy(update={"keep_output": use == GO_ON})
            self._session.change(with_network(self._session.project, changed))
            self.refresh()

    def _on_values_chosen(self) -> None:
        plan = self._session.project.network
        changed = plan.model_copy(update={"model_values": self.values.currentData()})
        self._session.change_chapter("network", changed)
        self.refresh()


def _layers_words(found: ModelLookedInto) -> str:
    return say_count(
        "{count:,} layer, {parameters} parameters",
        "{count:,} layers, {parameters} parameters",
        found.layers,
        parameters=f"{found.parameters:,}",
    )


def _size_words(found: ModelLookedInto) -> str:
    sides = {"width": found.width, "height": found.height}
    match bool(found.height and found.width), found.channels == 1:
        case True, True:
            return say("Grey pictures of {width} × {height} px", **sides)
        case True, False:
            return say("Pictures of {width} × {height} px in colour", **sides)
        case False, True:
            return say("Grey pictures of any size")
        case _:
            return say("Pictures of any size in colour")


def _classes_words(found: ModelLookedInto) -> str:
    if found.classes:
        names = ", ".join(found.classes[:MOST_NAMES])
        if len(found.classes) > MOST_NAMES:
            names = say("{names} …", names=names)
        one, many = "{count} class: {names}", "{count} classes: {names}"
        return say_count(one, many, len(found.classes), names=names)
    if found.outputs:
        one, many = "{count} output without a name", "{count} outputs without names"
        return say_count(one, many, found.outputs)
    return say("Gives maps, not classes")


def _use_words(found: ModelLookedInto, keeps_output: bool) -> str:
    if keeps_output:
        return say("Begins with all that it learned, its own output too. The classes must fit.")
    if not found.cut:
        return say("A new head is put on it.")
    return say("Its layers up to '{layer}', with a new head for your classes.", layer=found.cut)
