"""The curves of a run with their tools: accuracy above loss above the learning rate."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt, QTimer
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QSlider, QWidget

from cnnstudio.project.places import documents_folder
from cnnstudio.project.words import say
from cnnstudio.ui.dialogs.asking import Asking
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.basics import Card, label, set_property
from cnnstudio.ui.widgets.curve_data import CurveData
from cnnstudio.ui.widgets.curve_export import ENDINGS, save_curves
from cnnstudio.ui.widgets.curve_view import CurveView
from cnnstudio.ui.widgets.segments import Segments

__all__ = ["CurveData", "CurvePanel"]

AskFile = Callable[[QWidget, str, Path, str], str]
"""Asks where to write: parent, title, suggested file, kinds; empty where nothing was chosen."""

SAID_MS = 6000
MOST_SMOOTHING = 95
"""In hundredths."""

_MARGIN, _SPACING = 10, 6
_ICON_PIXELS = 18
_OVERALL, _BY_CLASS = 0, 1


class CurvePanel(Card):
    """Give it the run's values with :meth:`show`, as often as they grow: it draws a plot a turn.

    ``ask_file`` is how it asks where to save.
    """

    def __init__(self, theme: Theme, ask_file: AskFile | None = None) -> None:
        super().__init__(margins=_MARGIN, spacing=6)
        self._ask_file = ask_file or Asking().file_to_write
        self._theme = theme
        self.view = CurveView(theme)
        self.body.addLayout(self._make_tools())
        self.body.addWidget(self.view, 1)
        self.said = label("", "chip")
        self.said.setParent(self.view)
        self.said.setProperty("tone", "good")
        self.said.hide()
        self._hush = QTimer(self)
        self._hush.setSingleShot(True)
        self._hush.setInterval(SAID_MS)
        self._hush.timeout.connect(self.said.hide)
        self._earlier: tuple[str, ...] = ()
        theme.follow(self._smoothing_icon, self._show_icon)
        self._refresh_tools()

    def _show_icon(self) -> None:
        self._smoothing_icon.setPixmap(self._theme.pixmap("smoothing", _ICON_PIXELS, "quiet"))

    def _make_tools(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(_SPACING)
        choices = [(_OVERALL, say("Overall")), (_BY_CLASS, say("Each class"))]
        self.segments = Segments(say("What the upper curves show"), choices, _OVERALL)
        self.segments.chosen.connect(
            lambda chosen: self.view.change_look(by_class=chosen == _BY_CLASS)
        )
        for each in self.segments.buttons.values():
            each.setStyleSheet("QPushButton { padding-left: 7px; padding-right: 7px; }")
        row.addWidget(self.segments)
        row.addStretch(1)
        self._smoothing_words = label(say("Smoothing"), "small")
        self._smoothing_words.setMinimumWidth(1)
        row.addWidget(self._smoothing_words)
        self._smoothing_icon = label("", "small")
        self._smoothing_icon.setToolTip(say("Smoothing"))
        self._smoothing_icon.setFixedWidth(_ICON_PIXELS)
        row.addWidget(self._smoothing_icon)
        self.smoothing = QSlider(Qt.Orientation.Horizontal)
        self.smoothing.setRange(0, MOST_SMOOTHING)
        self.smoothing.setPageStep(10)
        self.smoothing.setFixedWidth(60)
        self.smoothing.setAccessibleName(say("Smoothing"))
        self.smoothing.setToolTip(say("Makes a jumpy line easier to follow; 0 shows it as it is."))
        self.smoothing.valueChanged.connect(
            lambda value: self.view.change_look(smoothing=value / 100)
        )
        self._smoothing_words.setBuddy(self.smoothing)
        row.addWidget(self.smoothing)
        self.compare_button, self.compare_menu = self._menu_button(say("Compare"))
        self.compare_button.setToolTip(say("Lay earlier runs over this one."))
        row.addWidget(self.compare_button)
        self.save_button, menu = self._menu_button(say("Save"))
        self.save_actions: dict[str, QAction] = {}
        titles = (
            say("Picture of what is seen (PNG)…"),
            say("Drawing of what is seen (SVG)…"),
            say("Table of all epochs (CSV)…"),
        )
        for ending, title in zip(ENDINGS, titles, strict=True):
            action = menu.addAction(title)
            action.triggered.connect(lambda *_, ending=ending: self.ask_and_save(ending))
            self.save_actions[ending] = action
        row.addWidget(self.save_button)
        return row

    def _menu_button(self, text: str) -> tuple[QPushButton, QMenu]:
        made = QPushButton(text)
        made.setProperty("role", "menu")
        made.setStyleSheet("QPushButton { padding-left: 10px; padding-right: 18px; }")
        menu = QMenu(made)
        made.setMenu(menu)
        return made, menu

    def show(self, curves: CurveData | None = None) -> None:
        """Draw ``curves`` soon; without them, become visible as any widget does."""
        if curves is None:
            super().show()
            return
        self.view.show_curves(curves)
        self._refresh_tools()

    def read_epoch(self, epoch: int) -> None:
        """Read the values of ``epoch`` off; 0 reads none."""
        self.view.read_epoch(epoch)

    def compare(self, names: frozenset[str]) -> None:
        """Lay these earlier runs over, and no others."""
        for action in self.compare_menu.actions():
            with QSignalBlocker(action):
                action.setChecked(action.data() in names)
        self._on_compared()

    def ask_and_save(self, ending: str) -> None:
        """Ask for a file, write what is shown to it, and say where it is."""
        kinds = {
            ".png": f"{say('Picture')} (*.png)",
            ".svg": f"{say('Drawing')} (*.svg)",
            ".csv": f"{say('Table')} (*.csv)",
        }
        name = "".join(c if c.isalnum() else "-" for c in self.view.curves.name) or "curves"
        suggested = documents_folder() / f"{name}{ending}"
        chosen = self._ask_file(self, say("Save the curves"), suggested, kinds[ending])
        if chosen:
            path = Path(chosen)
            self.save(path if path.suffix.lower() == ending else path.with_name(path.name + ending))

    def save(self, path: Path) -> bool:
        """Write what is shown to ``path``, by its ending; whether it could be is said."""
        view = self.view
        size = (max(400, view.width()), max(300, view.height()))
        try:
            save_curves(path, view.curves, view.look, size, view.font())
        except OSError as error:
            words = say("Not saved: {reason}", reason=error.strerror or str(error))
            self._say(words, "error", str(path))
            return False
        self._say(say("Saved: {file}", file=str(path)), "good", str(path))
        return True

    def _say(self, words: str, tone: str, path: str) -> None:
        set_property(self.said, "tone", tone)
        middle = Qt.TextElideMode.ElideMiddle
        self.said.ensurePolished()
        room = self.view.width() - 60
        self.said.setText(self.said.fontMetrics().elidedText(words, middle, room))
        self.said.setToolTip(path)
        self.said.setAccessibleName(words)
        self.said.adjustSize()
        left = (self.view.width() - self.said.width()) // 2
        self.said.move(left, self.view.height() - self.said.height() - 26)
        self.said.show()
        self.said.raise_()
        self._hush.start()

    def _refresh_tools(self) -> None:
        curves = self.view.curves
        has_something = not curves.is_empty
        self.save_button.setEnabled(has_something)
        self.smoothing.setEnabled(has_something)
        names = tuple(name for name, _ in curves.comparable)
        if names != self._earlier:
            self._earlier = names
            self._fill_menu(names)
        self.compare_button.setEnabled(bool(names))

    def _fill_menu(self, names: tuple[str, ...]) -> None:
        chosen = self.view.look.overlaid & set(names)
        self.compare_menu.clear()
        for name in names:
            action = self.compare_menu.addAction(name.replace("&", "&&"))
            action.setData(name)
            action.setCheckable(True)
            action.setChecked(name in chosen)
            action.toggled.connect(self._on_compared)
        if chosen != self.view.look.overlaid:
            self._on_compared()

    def _on_compared(self) -> None:
        actions = self.compare_menu.actions()
        overlaid = frozenset(action.data() for action in actions if action.isChecked())
        set_property(self.compare_button, "chosen", "true" if overlaid else "false")
        self.view.change_look(overlaid=overlaid)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_roomy = self.width() >= self._roomy_width()
        self._smoothing_words.setVisible(is_roomy)
        self._smoothing_icon.setVisible(not is_roomy)

    def _roomy_width(self) -> int:
        """Where all tools have room; below, the slider has a sign instead of its name."""
        buttons = (self.compare_button, self.save_button)
        tools = (self.segments, self._smoothing_words, *buttons)
        width = sum(each.sizeHint().width() for each in tools) + self.smoothing.width()
        return width + _SPACING * (len(tools) + 1) + 2 * _MARGIN
