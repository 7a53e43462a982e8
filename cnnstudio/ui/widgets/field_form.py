"""Forms made from the fields of a plan: limits, titles and help as the field declares them."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QValidator, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QSlider,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from cnnstudio.project.fields import FieldFacts, field_facts
from cnnstudio.project.project import Project
from cnnstudio.project.words import say, say_count
from cnnstudio.ui.widgets.basics import label

SLIDER_TITLE_WIDTH = 84


class CalmSpinBox(QSpinBox):
    """Does not change when the page is scrolled over it; whoever types too much gets the most."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        state = QValidator.State.Intermediate
        if not self._is_too_much(text):
            state, text, position = super().validate(text, position)
        return state, text, position

    def fixup(self, text: str) -> str:
        return str(self.maximum()) if self._is_too_much(text) else text

    def _is_too_much(self, text: str) -> bool:
        """Otherwise 2000 would become 200 where 1000 is the most: the last key counts no more."""
        number, understood = self.locale().toInt(text.removesuffix(self.suffix()).strip())
        return understood and number > self.maximum()


class CalmDoubleSpinBox(QDoubleSpinBox):
    """Does not change when the page is scrolled over it; shows no needless zeros and no powers."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def textFromValue(self, value: float) -> str:
        text = self.locale().toString(value, "f", self.decimals())
        point = self.locale().decimalPoint()
        return text.rstrip(self.locale().zeroDigit()).rstrip(point) if point in text else text


class ShareSpinBox(CalmDoubleSpinBox):
    """A share from 0 to 1, shown and typed as percent."""

    def textFromValue(self, value: float) -> str:
        return f"{self.locale().toString(value * 100, 'g', 4)}%"

    def valueFromText(self, text: str) -> float:
        number, understood = self.locale().toDouble(text.replace("%", "").strip())
        return number / 100 if understood else self.value()

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        plain = text.replace("%", "").strip()
        if not plain:
            return QValidator.State.Intermediate, text, position
        _, understood = self.locale().toDouble(plain)
        state = QValidator.State.Acceptable if understood else QValidator.State.Invalid
        return state, text, position


class CalmComboBox(QComboBox):
    """Does not change when the page is scrolled over it."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class CalmSlider(QSlider):
    """Does not change when the page is scrolled over it."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class FieldEditor(QWidget):
    """One field: title, control, and its sentence of help below."""

    def __init__(
        self, facts: FieldFacts, on_change: Callable[[Any], None], with_slider: bool = False
    ) -> None:
        super().__init__()
        self.facts = facts
        self._on_change = on_change
        self._slider: QSlider | None = None
        title = say(facts.title)
        help_text = say(facts.help)
        self.control = self._make_control()
        self.control.setObjectName(facts.path)
        self.control.setAccessibleName(title)
        self.control.setAccessibleDescription(help_text)
        self.control.setToolTip(help_text)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(2)
        row = QHBoxLayout()
        row.setSpacing(12)
        is_spin = not isinstance(self.control, QCheckBox | QComboBox)
        self.name = name = label(title, wrap=is_spin and not with_slider)
        name.setBuddy(self.control)
        name.setToolTip(help_text)
        if isinstance(self.control, QCheckBox):
            self.control.setText(title)
            row.addWidget(self.control)
            row.addStretch(1)
        elif isinstance(self.control, QComboBox):
            row.addWidget(name)
            row.addWidget(self.control, 1)
        elif with_slider:
            row.addWidget(name)
            row.addStretch(1)
            row.addWidget(self.control)
        else:
            row.addWidget(name, 1)
            row.addWidget(self.control)
        if with_slider and isinstance(self.control, QSpinBox | QDoubleSpinBox):
            self._slider = self._make_slider(title)
            name.setMinimumWidth(SLIDER_TITLE_WIDTH)
            self.control.setFixedWidth(86)
            row.replaceWidget(self.control, self._slider)
            row.setStretch(1, 0)
            row.setStretch(2, 1)
            row.addWidget(self.control)
        outer.addLayout(row)
        self.help = label(help_text, "small", wrap=True)
        outer.addWidget(self.help)

    def show_value(self, value: Any) -> None:
        """Show ``value`` without reporting it as a change."""
        with QSignalBlocker(self.control):
            match self.control:
                case QCheckBox():
                    self.control.setChecked(bool(value))
                case QComboBox():
                    self.control.setCurrentIndex(self.control.findData(value))
                case QSpinBox():
                    if self.control.value() != value:
                        self.control.setValue(int(value))
                        if self.facts.unit == "epochs":
                            _count_epochs(self.control, int(value))
                case QDoubleSpinBox():
                    if abs(self.control.value() - value) > 1e-9:
                        self.control.setValue(float(value))
                case _:
                    raise TypeError(type(self.control))
        if self._slider is not None:
            with QSignalBlocker(self._slider):
                self._slider.setValue(round(float(value) / self._step))

    @property
    def _step(self) -> float:
        return self.facts.step or 1.0

    def _make_control(self) -> QWidget:
        facts = self.facts
        match facts.type:
            case "switch":
                box = QCheckBox()
                box.toggled.connect(lambda on: self._on_change(bool(on)))
                return box
            case "choice":
                combo = CalmComboBox()
                combo.setSizeAdjustPolicy(
                    QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
                )
                combo.setMinimumContentsLength(7)
                for choice in facts.choices:
                    combo.addItem(say(facts.choice_titles.get(choice, choice)), choice)
                combo.currentIndexChanged.connect(lambda *_: self._on_change(combo.currentData()))
                return combo
            case "whole":
                whole = CalmSpinBox()
                whole.setRange(int(facts.low or 0), int(facts.high or 2**31 - 1))
                whole.setSingleStep(int(self._step))
                whole.setKeyboardTracking(False)
                if facts.unit == "epochs":
                    whole.valueChanged.connect(lambda count: _count_epochs(whole, count))
                    _count_epochs(whole, whole.value())
                elif facts.unit:
                    whole.setSuffix(f" {say(facts.unit)}")
                whole.valueChanged.connect(lambda *_: self._on_change(whole.value()))
                self._size(whole)
                return whole
            case "number":
                is_share = facts.unit == "share"
                number = ShareSpinBox() if is_share else CalmDoubleSpinBox()
                number.setDecimals(6)
                lowest = 1e-6 if facts.low_open else float(facts.low or 0)
                number.setRange(lowest, float(facts.high or 1e9))
                number.setSingleStep(self._step if facts.step else 0.001)
                number.setKeyboardTracking(False)
                if facts.unit and not is_share:
                    number.setSuffix("°" if facts.unit == "degrees" else f" {say(facts.unit)}")
                if not facts.step:
                    number.setStepType(QAbstractSpinBox.StepType.AdaptiveDecimalStepType)
                number.valueChanged.connect(lambda *_: self._on_change(number.value()))
                self._size(number)
                return number
            case _:
                raise ValueError(f"No control for {facts.path}")

    @staticmethod
    def _size(box: QAbstractSpinBox) -> None:
        box.setFixedWidth(112)
        box.setAlignment(Qt.AlignmentFlag.AlignRight)

    def _make_slider(self, title: str) -> QSlider:
        slider = CalmSlider(Qt.Orientation.Horizontal)
        low, high = float(self.facts.low or 0), float(self.facts.high or 1)
        slider.setRange(round(low / self._step), round(high / self._step))
        slider.setAccessibleName(title)
        slider.setObjectName(f"{self.facts.path}.slider")
        slider.valueChanged.connect(lambda *_: self._on_slider_moved())
        return slider

    def _on_slider_moved(self) -> None:
        assert self._slider is not None
        value = round(self._slider.value() * self._step, 6)
        self._on_change(int(value) if self.facts.type == "whole" else value)


def _count_epochs(box: QSpinBox, count: int) -> None:
    """The word behind the number: one epoch, two epochs."""
    box.setSuffix(f" {say_count('epoch', 'epochs', count)}")


class FieldForm(QWidget):
    """Editors for some fields; every change is handed on as a whole new project."""

    def __init__(
        self,
        paths: Sequence[str],
        get_project: Callable[[], Project],
        change: Callable[[Project, str], None],
        with_sliders: bool = False,
        spacing: int = 14,
    ) -> None:
        super().__init__()
        self._get_project = get_project
        self._change = change
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(spacing)
        self.editors: dict[str, FieldEditor] = {}
        for path in paths:
            facts = field_facts(path)
            editor = FieldEditor(facts, partial(self._on_field_changed, facts), with_sliders)
            layout.addWidget(editor)
            self.editors[path] = editor
        self.refresh()

    def refresh(self) -> None:
        """Show the plan as it is now."""
        project = self._get_project()
        for editor in self.editors.values():
            chapter = project.chapter(editor.facts.chapter)
            editor.show_value(getattr(chapter, editor.facts.name))

    def _on_field_changed(self, facts: FieldFacts, value: Any) -> None:
        project = self._get_project()
        chapter = project.chapter(facts.chapter).model_copy(update={facts.name: value})
        self._change(project.replacing(**{facts.chapter: chapter}), facts.path)
        self.refresh()
