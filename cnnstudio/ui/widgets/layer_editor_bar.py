"""The bar over the list of layers: insert, move, duplicate, remove, start from a classic."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QToolButton, QWidget

from cnnstudio.project.words import say
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.layer_editor_menus import classics_menu, kinds_menu


class LayerBar(QWidget):
    """Buttons, and the same as a menu of the chosen layers."""

    insert_wanted = Signal(object, bool)
    """The kind, and whether it goes after the current layer."""
    move_by_one_wanted = Signal(bool)
    """True: down."""
    duplicate_wanted = Signal()
    remove_wanted = Signal()
    rename_wanted = Signal()
    start_wanted = Signal(str, str)
    """Key of a classic's row and of its variant."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        bar = QHBoxLayout(self)
        bar.setContentsMargins(12, 10, 12, 6)
        bar.setSpacing(4)
        self.insert_button = QPushButton(say("Insert layer"))
        self.insert_button.setProperty("role", "menu")
        self.insert_button.setToolTip(say("Behind the chosen layer (Insert)"))
        self._insert_after = kinds_menu(
            say("Insert after"), theme, lambda kind: self.insert_wanted.emit(kind, True), self
        )
        self._insert_before = kinds_menu(
            say("Insert before"), theme, lambda kind: self.insert_wanted.emit(kind, False), self
        )
        self.insert_button.setMenu(self._insert_after)
        bar.addWidget(self.insert_button)
        bar.addSpacing(8)
        self.actions_of_layers: dict[str, QAction] = {}
        self._icons: dict[str, str] = {}
        self._make_menu(bar)
        bar.addStretch(1)
        self.classics_button = QPushButton(say("Start from a classic"))
        self.classics_button.setProperty("role", "menu")
        self.classics_button.setMenu(classics_menu(self, self.start_wanted.emit))
        bar.addWidget(self.classics_button)
        theme.changed.connect(self._show_icons)
        self._show_icons()

    def show_state(self, can_change: bool, chosen: Sequence[int], count: int) -> None:
        """Which buttons can be used, for the ``chosen`` places of ``count`` layers."""
        self.insert_button.setEnabled(can_change)
        self.classics_button.setEnabled(can_change)
        any_chosen = can_change and bool(chosen)
        at_top = list(chosen) == list(range(len(chosen)))
        at_bottom = list(chosen) == list(range(count - len(chosen), count))
        self.actions_of_layers["up"].setEnabled(any_chosen and not at_top)
        self.actions_of_layers["down"].setEnabled(any_chosen and not at_bottom)
        for key in ("duplicate", "remove", "rename"):
            self.actions_of_layers[key].setEnabled(any_chosen)

    def open_insert_menu(self, after: bool, place: QPoint) -> None:
        """Every kind of layer, at a place on the screen."""
        (self._insert_after if after else self._insert_before).popup(place)

    def open_menu(self, place: QPoint) -> None:
        """What can be done with the chosen layers, at a place on the screen."""
        self._menu.popup(place)

    def _make_menu(self, bar: QHBoxLayout) -> None:
        self._menu = QMenu(self)
        self._menu.addMenu(self._insert_before)
        self._menu.addMenu(self._insert_after)
        self._menu.addSeparator()
        entries: tuple[tuple[str, str, str, str, Callable[[], object]], ...] = (
            ("up", "arrow-up", say("Move up"), "Alt+Up", self._move_up),
            ("down", "arrow-down", say("Move down"), "Alt+Down", self._move_down),
            ("duplicate", "copy", say("Duplicate"), "Ctrl+D", self.duplicate_wanted.emit),
            ("remove", "trash", say("Remove"), "Del", self.remove_wanted.emit),
        )
        for key, icon, text, shortcut, act in entries:
            action = self._make_action(key, text, shortcut, act)
            self._icons[key] = icon
            tool = QToolButton()
            tool.setDefaultAction(action)
            tool.setAccessibleName(text)
            tool.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            bar.addWidget(tool)
            self._menu.addAction(action)
        self._menu.addSeparator()
        rename = self._make_action("rename", say("Rename"), "F2", self.rename_wanted.emit)
        self._menu.addAction(rename)

    def _make_action(
        self, key: str, text: str, shortcut: str, act: Callable[[], object]
    ) -> QAction:
        """An entry that shows its key; the list itself listens to the keyboard."""
        action = QAction(self)
        keys = QKeySequence(shortcut).toString(QKeySequence.SequenceFormat.NativeText)
        action.setText(f"{text}\t{keys}")
        action.setIconText(text)
        action.setToolTip(say("{action} ({keys})", action=text, keys=keys))
        action.triggered.connect(lambda *_: act())
        self.actions_of_layers[key] = action
        return action

    def _move_up(self) -> None:
        self.move_by_one_wanted.emit(False)

    def _move_down(self) -> None:
        self.move_by_one_wanted.emit(True)

    def _show_icons(self) -> None:
        for key, icon in self._icons.items():
            self.actions_of_layers[key].setIcon(self._theme.icon(icon))
