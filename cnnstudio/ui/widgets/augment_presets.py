"""Presets of augmentation: those that come along, and the person's own."""

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QPushButton, QVBoxLayout, QWidget

from cnnstudio.project.augmentation import PRESETS, AugmentationPlan, preset_of
from cnnstudio.project.places import settings_folder
from cnnstudio.project.problems import Problem
from cnnstudio.project.settings import load_augmentation_presets, save_augmentation_presets
from cnnstudio.project.words import say
from cnnstudio.ui.widgets.basics import button, clear_layout, set_property
from cnnstudio.ui.widgets.problem_notice import problem_notice

MOST_NAME_LETTERS = 40


class PresetBar(QWidget):
    """Buttons for the presets; own ones are in a menu, with a line to save the plan under a name.

    ``on_chosen`` gets the preset, without the present plan's way of making variants.
    """

    def __init__(
        self, on_chosen: Callable[[AugmentationPlan], object], plan: AugmentationPlan
    ) -> None:
        super().__init__()
        self._on_chosen = on_chosen
        self._plan = plan
        self._own: dict[str, AugmentationPlan] = load_augmentation_presets()
        body = QVBoxLayout(self)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(8)
        row = QHBoxLayout()
        row.setSpacing(8)
        self.buttons: dict[str, QPushButton] = {}
        for key, (title, preset) in PRESETS.items():
            made = button(say(title), partial(self._on_button, preset), "segment")
            made.setCheckable(True)
            row.addWidget(made)
            self.buttons[key] = made
        row.addStretch(1)
        body.addLayout(row)
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._fill_menu)
        self.own = QPushButton()
        self.own.setProperty("role", "menu")
        self.own.setMenu(self._menu)
        below = QHBoxLayout()
        below.addWidget(self.own)
        below.addStretch(1)
        body.addLayout(below)
        self._line = self._make_line()
        self._line.hide()
        body.addWidget(self._line)
        self._notices = QVBoxLayout()
        body.addLayout(self._notices)
        self.show_plan(plan)

    def show_plan(self, plan: AugmentationPlan) -> None:
        """Mark the preset that ``plan`` equals."""
        self._plan = plan
        chosen = preset_of(plan)
        for key, made in self.buttons.items():
            made.setChecked(key == chosen)
        name = None if chosen else self._name_of(plan)
        self.own.setText(name.replace("&", "&&") if name else say("My presets"))
        self.own.setAccessibleName(say("My presets"))
        set_property(self.own, "chosen", name is not None)

    def fill_menu(self) -> list[str]:
        """Make the menu as it is when it opens; the words in it."""
        self._fill_menu()
        return [action.text() for action in self._menu.actions() if action.text()]

    def save(self, name: str) -> None:
        """Keep the present plan as an own preset; one of that name is replaced."""
        name = " ".join(name.split())[:MOST_NAME_LETTERS]
        if name:
            self._keep(self._own | {name: self._plan})
        self._line.hide()

    def remove(self, name: str) -> None:
        """Forget an own preset; the plan stays as it is."""
        self._keep({each: plan for each, plan in self._own.items() if each != name})

    def choose(self, name: str) -> None:
        """Take an own preset."""
        self._on_chosen(self._own[name])

    def _name_of(self, plan: AugmentationPlan) -> str | None:
        return next((name for name, own in self._own.items() if plan.taking(own) == plan), None)

    def _on_button(self, preset: AugmentationPlan) -> None:
        self._on_chosen(preset)
        self.show_plan(self._plan)  # a second click must not take the mark away

    def _fill_menu(self) -> None:
        self._own = load_augmentation_presets()
        self._menu.clear()
        chosen = self._name_of(self._plan)
        for name in self._own:
            action = self._menu.addAction(name.replace("&", "&&"), partial(self.choose, name))
            action.setCheckable(True)
            action.setChecked(name == chosen)
        if self._own:
            self._menu.addSeparator()
        self._menu.addAction(say("Save these settings…"), self._on_save_wanted)
        if self._own:
            removing = self._menu.addMenu(say("Remove"))
            for name in self._own:
                removing.addAction(name.replace("&", "&&"), partial(self.remove, name))

    def _make_line(self) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self.name = QLineEdit()
        self.name.setMaxLength(MOST_NAME_LETTERS)
        self.name.setPlaceholderText(say("Name of the preset"))
        self.name.setAccessibleName(say("Name of the preset"))
        self.name.textChanged.connect(self._on_typed)
        self.name.returnPressed.connect(lambda: self.save(self.name.text()))
        self.save_button = button(say("Save"), lambda: self.save(self.name.text()))
        row.addWidget(self.name, 1)
        row.addWidget(self.save_button)
        row.addWidget(button(say("Cancel"), line.hide))
        return line

    def _on_save_wanted(self) -> None:
        self.name.setText(self._name_of(self._plan) or "")
        self._on_typed()
        self._line.show()
        self.name.setFocus()
        self.name.selectAll()

    def _on_typed(self) -> None:
        name = " ".join(self.name.text().split())
        self.save_button.setEnabled(bool(name))
        self.save_button.setText(say("Replace") if name in self._own else say("Save"))

    def _keep(self, presets: dict[str, AugmentationPlan]) -> None:
        clear_layout(self._notices)
        try:
            save_augmentation_presets(presets)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            problem = Problem(
                "presets_not_written", file=str(settings_folder()), values={"reason": reason}
            )
            self._notices.addWidget(problem_notice(problem))
            return
        self._own = presets
        self.show_plan(self._plan)
