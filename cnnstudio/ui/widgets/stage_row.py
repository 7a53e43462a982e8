"""One stage of a run: what it trains, how long, how fast and why; opened, its settings."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QMouseEvent, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from cnnstudio.project.amounts import plain_number
from cnnstudio.project.fields import FieldFacts, facts_of_model
from cnnstudio.project.stages import Stage
from cnnstudio.project.words import say, say_count
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.basics import ElidedLabel, button, label
from cnnstudio.ui.widgets.field_form import FieldEditor

_FIELDS = ("trains", "count", "epochs", "rate")
_TOOL_ICON = 18


class StageRow(QFrame):
    """Shows a :class:`Stage`; who changes the plan listens to its signals."""

    edited = Signal(str, object)
    """A field's name and its new value."""
    ticks_wanted = Signal()
    move_wanted = Signal(int)
    remove_wanted = Signal()
    opened = Signal()

    def __init__(self, number: int, theme: Theme) -> None:
        super().__init__()
        self.setProperty("role", "inset")
        self._number = number
        self._theme = theme
        self._is_open = False
        body = QVBoxLayout(self)
        body.setContentsMargins(10, 8, 6, 10)
        body.setSpacing(2)
        head = QHBoxLayout()
        head.setSpacing(8)
        self._sign = label(str(number), "chip")
        self._sign.setProperty("tone", "note")
        self._sign.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._sign.setFixedSize(22, 22)
        self._sign.setStyleSheet("padding: 0px;")
        self.title = ElidedLabel("", "strong", Qt.TextElideMode.ElideRight)
        self.more = QToolButton()
        self.more.setCheckable(True)
        self.more.setIconSize(QSize(_TOOL_ICON, _TOOL_ICON))
        self.more.clicked.connect(lambda *_: self.set_open(not self._is_open))
        head.addWidget(self._sign)
        head.addWidget(self.title, 1)
        head.addWidget(self.more)
        body.addLayout(head)
        inner = QVBoxLayout()
        inner.setContentsMargins(0, 0, 6, 0)
        inner.setSpacing(4)
        self.figures = label("", wrap=True)
        self.reason = label("", "small", wrap=True)
        inner.addWidget(self.figures)
        inner.addWidget(self.reason)
        self._form: QWidget | None = None
        self.editors: dict[str, FieldEditor] = {}
        self._inner = inner
        body.addLayout(inner)
        for keys, by in (("Alt+Up", -1), ("Alt+Down", 1)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda by=by: self._on_move(by))
        theme.follow(self.more, self._show_arrow)

    @property
    def is_open(self) -> bool:
        """Whether its settings are in sight."""
        return self._is_open

    def show_stage(
        self,
        stage: Stage,
        title: str,
        why: str,
        learning_rate: float,
        count: int,
        can_change: bool,
    ) -> None:
        """Show ``stage``, one of ``count``; ``title`` says what it trains, ``why`` what for."""
        title = title[:1].upper() + title[1:]
        self._stage, self._count, self._can_change = stage, count, can_change
        self._learning_rate = learning_rate
        self.title.setText(title)
        self.title.setToolTip(title)
        epochs = say_count("{count} epoch", "{count} epochs", stage.epochs + stage.added)
        rate = plain_number(learning_rate * stage.rate)
        self.figures.setText(say("{epochs}, learning rate {rate}", epochs=epochs, rate=rate))
        self.reason.setText(why)
        name = say("Stage {number}: {title}", number=self._number, title=title)
        self.setAccessibleName(name)
        self.more.setAccessibleName(say("Settings of stage {number}", number=self._number))
        self.more.setToolTip(say("Settings of this stage"))
        if self._form is not None:
            self._show_form()

    def set_open(self, is_open: bool) -> None:
        """Show or hide the settings."""
        self._is_open = is_open
        self.more.setChecked(is_open)
        self._show_arrow()
        if is_open and self._form is None:
            self._make_form()
        if self._form is not None:
            self._form.setVisible(is_open)
        if is_open:
            self._show_form()
            self.opened.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.set_open(not self._is_open)

    def _make_form(self) -> None:
        self._form = QWidget()
        layout = QVBoxLayout(self._form)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.setSpacing(10)
        facts = {each.name: each for each in facts_of_model(Stage, "stage")}
        for name in _FIELDS:
            editor = FieldEditor(_shown(facts[name]), partial(self.edited.emit, name))
            self.editors[name] = editor
            layout.addWidget(editor)
        self.editors["trains"].name.hide()  # what the stage trains stands above
        self.ticks = button(say("Take the network's ticks"), self.ticks_wanted.emit, "link")
        self.ticks.setToolTip(
            say("This stage then trains the layers that are ticked on the Network page now.")
        )
        layout.insertWidget(2, self.ticks)
        tools = QHBoxLayout()
        tools.setSpacing(2)
        self.up = self._tool("arrow-up", say("Earlier (Alt+Up)"), lambda: self._on_move(-1))
        self.down = self._tool("arrow-down", say("Later (Alt+Down)"), lambda: self._on_move(1))
        self.remove = self._tool(
            "trash", say("Take this stage out"), lambda: self.remove_wanted.emit()
        )
        tools.addWidget(self.up)
        tools.addWidget(self.down)
        tools.addStretch(1)
        tools.addWidget(self.remove)
        layout.addLayout(tools)
        self._inner.addWidget(self._form)

    def _show_form(self) -> None:
        stage = self._stage
        for name, editor in self.editors.items():
            editor.show_value(getattr(stage, name))
            editor.setEnabled(self._can_change)
        self.editors["count"].setVisible(stage.trains in ("blocks", "layers"))
        self.editors["count"].help.setVisible(stage.trains == "blocks")
        self.editors["trains"].help.hide()
        self.editors["epochs"].help.hide()
        self.editors["rate"].help.setText(
            say(
                "{share} × {rate} = {result}",
                share=plain_number(stage.rate),
                rate=plain_number(self._learning_rate),
                result=plain_number(stage.rate * self._learning_rate),
            )
        )
        self.ticks.setVisible(stage.trains == "own")
        self.ticks.setEnabled(self._can_change)
        self.up.setEnabled(self._can_change and self._number > 1)
        self.down.setEnabled(self._can_change and self._number < self._count)
        self.remove.setEnabled(self._can_change and self._count > 1)

    def _tool(self, icon: str, words: str, act: Callable[[], object]) -> QToolButton:
        made = QToolButton()
        made.setIconSize(QSize(_TOOL_ICON, _TOOL_ICON))
        made.setToolTip(words)
        made.setAccessibleName(words)
        made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        made.clicked.connect(lambda *_: act())
        self._theme.follow(made, lambda: made.setIcon(self._theme.icon(icon)))
        return made

    def _show_arrow(self) -> None:
        arrow = "chevron-down" if self._is_open else "chevron-right"
        self.more.setIcon(self._theme.icon(arrow, "quiet"))

    def _on_move(self, by: int) -> None:
        if self._can_change:
            self.move_wanted.emit(by)


def _shown(facts: FieldFacts) -> FieldFacts:
    """The field as its editor has it: a stage in the list is at least one epoch long."""
    return replace(facts, low=1) if facts.name == "epochs" else facts
