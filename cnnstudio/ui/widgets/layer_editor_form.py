"""The settings of one layer of the list, as a form made from the fields that its kind declares."""

from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from cnnstudio.project.fields import FieldFacts, facts_of_model
from cnnstudio.project.layer_formulas import LETTERS
from cnnstudio.project.layer_kinds import Layer
from cnnstudio.project.layer_list import AnyLayer, LayerList
from cnnstudio.project.layer_names import LONGEST
from cnnstudio.project.layer_shapes import LayerShape, name_problem
from cnnstudio.project.words import say
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.basics import Column, button, clear_layout, label
from cnnstudio.ui.widgets.field_form import FieldEditor
from cnnstudio.ui.widgets.flow_layout import FlowLayout
from cnnstudio.ui.widgets.layer_editor_looks import ICONS
from cnnstudio.ui.widgets.layer_editor_model import LayerRow
from cnnstudio.ui.widgets.problem_notice import problem_notice

_NO_SETTINGS = ("kind", "name")
_SELDOM = ("use_bias", "initialiser", "constant", "l1", "l2")
"""Behind 'More settings': right as they are for most."""


NAME_WIDTH = 170
_ANY_WIDTH = 16_777_215


class LayerForm(Column):
    """Every change is one new layer, told at once, also while a number is being typed."""

    layer_changed = Signal(object, str)
    """The new layer, and a key by which changes of one field in a row are one step to undo."""
    renamed = Signal(object)
    """The layer under its new name."""
    remedy_wanted = Signal(int)
    """Number of the remedy."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(spacing=8)
        self._theme = theme
        self._row: LayerRow | None = None
        self._others: LayerList = ()
        self._kind: type[Layer] | None = None
        self._is_wide = False
        self._shows_seldom = False
        self.editors: dict[str, FieldEditor] = {}
        self.body.setContentsMargins(12, 10, 12, 12)
        self._make_head()
        self._notice_box = QWidget()
        inside = QVBoxLayout(self._notice_box)
        inside.setContentsMargins(0, 0, 0, 0)
        self._remedies = FlowLayout()
        self._others_wrong = QVBoxLayout()
        inside.addLayout(self._remedies)
        inside.addLayout(self._others_wrong)
        self.body.addWidget(self._notice_box)
        self._fields = QWidget()
        self._grid = QGridLayout(self._fields)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self.body.addWidget(self._fields)
        self.more = button(say("More settings"), self._toggle_seldom, "link")
        self.more.setSizePolicy(
            self.more.sizePolicy().Policy.Fixed, self.more.sizePolicy().Policy.Fixed
        )
        self.body.addWidget(self.more)
        self._seldom = QWidget()
        self._seldom_grid = QGridLayout(self._seldom)
        self._seldom_grid.setContentsMargins(0, 0, 0, 0)
        self.body.addWidget(self._seldom)
        self.formulas = label("", "small", wrap=True)
        self.formulas.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.formulas.setToolTip(say(LETTERS))
        self.body.addWidget(self.formulas)
        self.body.addStretch(1)
        theme.changed.connect(self._show_icon)

    def _make_head(self) -> None:
        self._head = QGridLayout()
        self._head.setHorizontalSpacing(8)
        self._head.setColumnStretch(1, 1)
        self._icon = QLabel()
        self._title = label("", "heading", wrap=True)
        self.name = QLineEdit()
        self.name.setMaxLength(LONGEST)
        self.name.setAccessibleName(say("Name of the layer"))
        self.name.setToolTip(say("Name of the layer"))
        self.name.textEdited.connect(lambda *_: self._check_name())
        self.name.editingFinished.connect(self._take_name)
        self._head.addWidget(self._icon, 0, 0)
        self._head.addWidget(self._title, 0, 1)
        self.body.addLayout(self._head)
        self._sentence = label("", "small", wrap=True)
        self.body.addWidget(self._sentence)
        self._place_name()
        self.name_wrong = label("", wrap=True)
        self.name_wrong.setProperty("tone", "error")
        self.name_wrong.hide()
        self.body.addWidget(self.name_wrong)

    def _place_name(self) -> None:
        """Beside the title where there is room for both, else below it."""
        self._head.removeWidget(self.name)
        if self._is_wide:
            self._head.addWidget(self.name, 1, 0, 1, 3)
            self.name.setMinimumWidth(0)
            self.name.setMaximumWidth(_ANY_WIDTH)
        else:
            self._head.addWidget(self.name, 0, 2)
            self.name.setFixedWidth(NAME_WIDTH)
        self._sentence.setVisible(self._is_wide)

    def show_row(self, row: LayerRow | None, layers: LayerList) -> None:
        """Show the settings of another layer, or those of the same one as they are now."""
        before = self._row
        self._row = row
        if row is None:
            return
        self._others = tuple(each for each in layers if each is not row.layer)
        if type(row.layer) is not self._kind:
            self._kind = type(row.layer)
            self._make_fields()
        is_other = before is None or before.layer.name != row.layer.name
        if is_other or not self.name_wrong.isVisible():
            self.name.setText(row.layer.name)
            self.name_wrong.hide()
        for name, editor in self.editors.items():
            editor.show_value(getattr(row.layer, name))
        self._show_seldom()
        self._show_problems(row, before)
        self.formulas.setText(formula_words(row.shape))
        self.formulas.setVisible(bool(self.formulas.text()))

    def show_wide(self, is_wide: bool) -> None:
        """Whether it stands beside the list, one field below the other with its sentence."""
        if is_wide != self._is_wide:
            self._is_wide = is_wide
            self._place_name()
            self.body.removeWidget(self.formulas)
            place = self.body.indexOf(self._fields) if is_wide else self.body.count() - 1
            self.body.insertWidget(place, self.formulas)
            if self._kind is not None:
                self._make_fields()
                self.show_row(self._row, (*self._others,))

    def allow_changes(self, allowed: bool) -> None:
        """Whether settings can be changed."""
        for part in (self.name, self._fields, self._seldom, self._notice_box):
            part.setEnabled(allowed)

    def focus_settings(self) -> None:
        """Put the keyboard on the first setting, or on the name where there is none."""
        first = next(iter(self.editors.values()), None)
        (first.control if first is not None else self.name).setFocus(Qt.FocusReason.TabFocusReason)

    def focus_name(self) -> None:
        """Put the keyboard on the name, all of it selected."""
        self.name.setFocus(Qt.FocusReason.TabFocusReason)
        self.name.selectAll()

    def _make_fields(self) -> None:
        assert self._kind is not None
        clear_layout(self._grid)
        clear_layout(self._seldom_grid)
        self.editors = {}
        facts = {each.name: each for each in facts_of_model(self._kind, "layer")}
        own = [name for name in self._kind.__annotations__ if name in facts]
        names = [*own, *(name for name in facts if name not in own)]
        places = {self._grid: 0, self._seldom_grid: 0}
        columns = 1 if self._is_wide else 2
        for grid in places:
            grid.setHorizontalSpacing(24)
            grid.setVerticalSpacing(10 if self._is_wide else 6)
            grid.setColumnStretch(0, 1)
            grid.setColumnStretch(1, 1 if columns == 2 else 0)
        for name in names:
            if name in _NO_SETTINGS:
                continue
            editor = self._make_editor(facts[name])
            grid = self._seldom_grid if name in _SELDOM else self._grid
            grid.addWidget(editor, places[grid] // columns, places[grid] % columns)
            places[grid] += 1
            self.editors[name] = editor
        self._title.setText(say(self._kind.title))
        self._sentence.setText(say(self._kind.sentence))
        self._fields.setVisible(places[self._grid] > 0)
        self._show_icon()

    def _make_editor(self, facts: FieldFacts) -> FieldEditor:
        editor = FieldEditor(facts, partial(self._on_field_changed, facts.name))
        editor.help.setVisible(self._is_wide)
        if isinstance(editor.control, QAbstractSpinBox):
            # What comes out is seen while one types, not only after Enter.
            editor.control.setKeyboardTracking(True)
        return editor

    def _show_seldom(self) -> None:
        assert self._row is not None
        there = [name for name in self.editors if name in _SELDOM]
        self.more.setVisible(bool(there))
        self._seldom.setVisible(bool(there) and self._shows_seldom)
        self.more.setText(say("Fewer settings") if self._shows_seldom else say("More settings"))
        if "constant" in self.editors:
            is_constant = getattr(self._row.layer, "initialiser", "") == "constant"
            self.editors["constant"].setVisible(is_constant)

    def _toggle_seldom(self) -> None:
        self._shows_seldom = not self._shows_seldom
        self._show_seldom()

    def _show_problems(self, row: LayerRow, before: LayerRow | None) -> None:
        same = before is not None and before.shape.problems == row.shape.problems
        if same and before is not None and before.remedies == row.remedies:
            return
        clear_layout(self._remedies)
        clear_layout(self._others_wrong)
        for problem in row.shape.problems:
            if problem != row.problem:
                self._others_wrong.addWidget(problem_notice(problem))
        # The row itself says what is wrong; here its links can be reached by keyboard.
        for number, remedy in enumerate(row.remedies):
            act = partial(self.remedy_wanted.emit, number)
            self._remedies.addWidget(button(say(remedy.title), act, "tool"))
        self._notice_box.setVisible(bool(row.shape.problems))

    def _on_field_changed(self, name: str, value: Any) -> None:
        if self._row is None or getattr(self._row.layer, name) == value:
            return
        changed: AnyLayer = self._row.layer.model_copy(update={name: value})
        self.layer_changed.emit(changed, name)

    def _check_name(self) -> None:
        """Say at once why a name that is being typed cannot be."""
        if self._row is None:
            return
        named = self._row.layer.model_copy(update={"name": self.name.text().strip()})
        problem = name_problem(named, self._others)
        if problem is not None:
            self.name_wrong.setText(f"{problem.message} {problem.remedy}")
        self.name_wrong.setVisible(problem is not None)

    def _take_name(self) -> None:
        """Take the name where it can be; else the layer keeps the one that it has."""
        if self._row is None:
            return
        self._check_name()
        name = self.name.text().strip()
        if self.name_wrong.isVisibleTo(self):
            self.name.setText(self._row.layer.name)
        elif name != self._row.layer.name:
            self.renamed.emit(self._row.layer.model_copy(update={"name": name}))

    def _show_icon(self) -> None:
        if self._kind is not None:
            self._icon.setPixmap(self._theme.pixmap(ICONS[self._kind], 24, "text"))


def formula_words(shape: LayerShape) -> str:
    """Both formulas with letters and numbers, a line each."""
    lines = []
    if shape.size is not None:
        lines.append(say("Size: {formula}", formula=shape.size.text))
    if shape.cost is not None:
        lines.append(say("Parameters: {formula}", formula=shape.cost.text))
    return "\n".join(lines)
