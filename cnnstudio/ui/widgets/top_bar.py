"""The bar above all pages: the project, undo and redo, saving, theme, settings and help."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QToolButton

from cnnstudio.project.problems import Problem
from cnnstudio.project.words import say
from cnnstudio.ui.theme import Choice, Theme
from cnnstudio.ui.widgets.basics import label, set_property


class TopBar(QFrame):
    """Says what is wanted; the studio does it."""

    new_wanted = Signal()
    open_wanted = Signal()
    recent_wanted = Signal(str)
    rename_wanted = Signal()
    undo_wanted = Signal()
    redo_wanted = Signal()
    save_wanted = Signal()
    theme_chosen = Signal(str)
    settings_wanted = Signal()
    help_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("role", "topbar")
        self.setFixedHeight(48)
        self._theme = theme
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 12, 0)
        row.setSpacing(4)
        self.project_button = QToolButton()
        self.project_button.setProperty("role", "project")
        self.project_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.project_button.setAccessibleName(say("Project"))
        self.project_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._menu = QMenu(self)
        self.project_button.setMenu(self._menu)
        row.addWidget(self.project_button)
        row.addSpacing(8)
        self.undo_button = self._tool("undo", say("Undo"), QKeySequence.StandardKey.Undo)
        self.undo_button.clicked.connect(self.undo_wanted)
        row.addWidget(self.undo_button)
        self.redo_button = self._tool("redo", say("Redo"), QKeySequence.StandardKey.Redo)
        self.redo_button.clicked.connect(self.redo_wanted)
        row.addWidget(self.redo_button)
        row.addStretch(1)
        self.chip = label("", "chip")
        row.addWidget(self.chip, 0, Qt.AlignmentFlag.AlignVCenter)
        self.retry = self._tool("again", say("Try to save again"))
        self.retry.clicked.connect(self.save_wanted)
        self.retry.hide()
        row.addWidget(self.retry)
        row.addSpacing(8)
        self.theme_button = self._tool("theme", say("Light or dark"))
        self.theme_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.theme_button.setProperty("role", "bare")
        self.theme_button.setMenu(self._make_theme_menu())
        row.addWidget(self.theme_button)
        self.settings_button = self._tool("settings", say("Settings"))
        self.settings_button.clicked.connect(self.settings_wanted)
        row.addWidget(self.settings_button)
        self.help_button = self._tool("help", say("Help"), QKeySequence.StandardKey.HelpContents)
        self.help_button.clicked.connect(self.help_wanted)
        row.addWidget(self.help_button)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def show_project(self, name: str, can_undo: bool, can_redo: bool) -> None:
        """Show the project's name and whether its plan can go back or forward."""
        self.project_button.setText(name or say("Untitled"))
        self.undo_button.setEnabled(can_undo)
        self.redo_button.setEnabled(can_redo)

    def show_recent(self, recent: tuple[str, ...], can_rename: bool) -> None:
        """Fill the project's menu."""
        self._menu.clear()
        self._menu.addAction(say("New project"), QKeySequence.StandardKey.New, self.new_wanted.emit)
        self._menu.addAction(
            say("Open a project…"), QKeySequence.StandardKey.Open, self.open_wanted.emit
        )
        rename = self._menu.addAction(say("Rename…"), self.rename_wanted.emit)
        rename.setEnabled(can_rename)
        if recent:
            self._menu.addSeparator()
        for path in recent:
            name = path.replace("\\", "/").rstrip("/").split("/")[-1]
            action = self._menu.addAction(name.replace("&", "&&"))
            action.setToolTip(path)
            action.triggered.connect(lambda *_, path=path: self.recent_wanted.emit(path))
        self._menu.setToolTipsVisible(True)

    def show_saving(self, state: str, problem: Problem | None) -> None:
        """Show whether all is on disk."""
        words = {
            "saved": (say("✓ All saved"), "good"),
            "saving": (say("Saving…"), "note"),
            "failed": (say("Not saved"), "error"),
            "read_only": (say("Read only"), "warning"),
        }
        text, tone = words[state]
        self.chip.setText(text)
        set_property(self.chip, "tone", tone)
        self.chip.setToolTip(f"{problem.message} {problem.remedy}" if problem is not None else "")
        self.retry.setVisible(state == "failed")

    def show_training(self, words: str) -> None:
        """Say that a training is in hand."""
        self.chip.setText(words)
        set_property(self.chip, "tone", "good")

    def _tool(
        self, icon: str, words: str, shortcut: QKeySequence.StandardKey | None = None
    ) -> QToolButton:
        tool = QToolButton()
        tool.setObjectName(f"tool_{icon}")
        tool.setProperty("icon_name", icon)
        tool.setAccessibleName(words)
        tool.setToolTip(words)
        tool.setCursor(Qt.CursorShape.PointingHandCursor)
        if shortcut is not None:
            tool.setShortcut(QKeySequence(shortcut))
            keys = QKeySequence(shortcut).toString(QKeySequence.SequenceFormat.NativeText)
            tool.setToolTip(f"{words} ({keys})")
        return tool

    def _make_theme_menu(self) -> QMenu:
        menu = QMenu(self)
        group = QActionGroup(menu)
        choices: tuple[tuple[Choice, str], ...] = (
            ("system", say("As the system")),
            ("light", say("Light")),
            ("dark", say("Dark")),
        )
        self.theme_actions: dict[str, QAction] = {}
        for choice, words in choices:
            action = menu.addAction(words)
            action.setCheckable(True)
            action.setChecked(choice == self._theme.choice)
            action.triggered.connect(lambda *_, choice=choice: self.theme_chosen.emit(choice))
            group.addAction(action)
            self.theme_actions[choice] = action
        return menu

    def _on_theme_changed(self) -> None:
        for tool in self.findChildren(QToolButton):
            name = tool.property("icon_name")
            if name:
                tool.setIcon(self._theme.icon(name))
