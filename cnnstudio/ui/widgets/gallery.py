"""All pictures as tiles: searched, filtered, ordered, chosen, and what can be done with them."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from cnnstudio.project.words import say, say_count
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.basics import Card, ElidedLabel, button, label
from cnnstudio.ui.widgets.gallery_actions import fill_move_menu, fill_pin_menu
from cnnstudio.ui.widgets.gallery_filter import Choice, Shelf
from cnnstudio.ui.widgets.gallery_items import GalleryItem
from cnnstudio.ui.widgets.gallery_model import rows_chosen
from cnnstudio.ui.widgets.gallery_tools import GalleryTools
from cnnstudio.ui.widgets.gallery_view import USUAL_SIDE, GalleryView
from cnnstudio.worker.thumbnail_loader import ThumbnailLoader


class Gallery(QWidget):
    """Shows :class:`GalleryItem` values and says what is wanted; it changes nothing itself."""

    opened = Signal(str)
    leaving_out_wanted = Signal(object)
    """Paths (``list[str]``)."""

    taking_back_wanted = Signal(object)
    """Paths (``list[str]``)."""

    moving_wanted = Signal(object, str)
    """Paths (``list[str]``) and the class."""

    moving_to_new_class_wanted = Signal(object)
    """Paths (``list[str]``); the class is still to be named."""

    pinning_wanted = Signal(object, object)
    """Paths (``list[str]``) and the part, or ``None``: no longer pinned."""

    showing_in_folder_wanted = Signal(str)

    def __init__(self, loader: ThumbnailLoader, theme: Theme) -> None:
        super().__init__()
        self._shelf = Shelf((), ())
        self._class_colors: Mapping[str, str] = {}
        self._may_change = True
        self.tools = GalleryTools(theme, USUAL_SIDE)
        self.view = GalleryView(loader, theme)
        self.view.setAccessibleName(say("Pictures"))
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._rest = self._make_rest()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.view)
        self._stack.addWidget(self._rest)
        card = Card(margins=1, spacing=0)
        card.body.addWidget(self._stack)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self.tools)
        layout.addWidget(card, 1)
        layout.addLayout(self._make_footer())
        self.tools.choice_changed.connect(self._on_choice_changed)
        self.tools.side_changed.connect(self.view.set_side)
        self.tools.left_downwards.connect(self._on_left_downwards)
        self.view.opened.connect(self.opened)
        self.view.typed.connect(self._on_typed)
        self.view.selection_changed.connect(self._on_selection_changed)
        self.view.customContextMenuRequested.connect(self._on_menu_wanted)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.activated.connect(self.search)
        delete = QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), self.view)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(self._leave_out)
        self._on_selection_changed()

    # What is shown

    @property
    def choice(self) -> Choice:
        """What is to be seen."""
        return self.tools.choice

    def choose(self, choice: Choice) -> None:
        """See something else, such as only what has a problem."""
        self.tools.choose(choice)

    @property
    def shown_items(self) -> Sequence[GalleryItem]:
        """The pictures as they stand, for going through them in a large view."""
        return self.view.pictures.items

    def selected_paths(self) -> list[str]:
        """The chosen pictures, in order."""
        return self.view.selected_paths()

    def go_to(self, path: str) -> None:
        """Choose one picture and bring it into view; what hides it is taken away."""
        if not any(item.path == path for item in self.shown_items):
            self.tools.choose(Choice())
        self.view.go_to(path)

    def show_items(
        self,
        items: Sequence[GalleryItem],
        class_colors: Mapping[str, str],
        classes: Sequence[str] | None = None,
    ) -> None:
        """Show these pictures; ``classes`` are all there are, also those without pictures.

        What is chosen, searched for and looked at stays so.
        """
        if classes is None:
            classes = tuple(dict.fromkeys(item.label for item in items))
        self._shelf = Shelf(items, classes)
        self._class_colors = class_colors
        self.tools.show_shelf(self._shelf)
        self._show(from_top=False)

    def allow_changes(self, allowed: bool) -> None:
        """Whether pictures may be left out, moved and pinned."""
        self._may_change = allowed
        self._on_selection_changed()

    def search(self) -> None:
        """Go to the search."""
        self.tools.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.tools.search.selectAll()

    def _show(self, from_top: bool) -> None:
        shown = self._shelf.select(self.choice)
        self.view.show_items(shown, self._class_colors, from_top)
        self.tools.show_count(len(shown), len(self._shelf.items))
        is_empty = not self._shelf.items
        self._rest_words.setText(
            say("There are no pictures yet.") if is_empty else say("No picture fits.")
        )
        self._show_all.setVisible(not is_empty)
        self._stack.setCurrentWidget(self.view if shown else self._rest)

    # Parts of the window

    def _make_rest(self) -> QWidget:
        """What stands here while there is nothing to see."""
        rest = QWidget()
        layout = QVBoxLayout(rest)
        layout.addStretch(1)
        self._rest_words = label("", "quiet")
        self._show_all = button(say("Show all pictures"), lambda: self.choose(Choice()), "link")
        for widget in (self._rest_words, self._show_all):
            layout.addWidget(widget, alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)
        return rest

    def _make_footer(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self._chosen = ElidedLabel("", "small")
        row.addWidget(self._chosen, 1)
        self._leave = button(say("Leave out"), self._leave_out)
        self._take = button(say("Take back"), self._take_back)
        self._move = _menu_button(say("Move to"), self._fill_move_menu)
        self._pin = _menu_button(say("Pin to"), self._fill_pin_menu)
        self._pin.setToolTip(say("A pinned picture stays in its part, whatever the split."))
        for made in (self._leave, self._take, self._move, self._pin):
            row.addWidget(made)
        return row

    def _fill_move_menu(self, menu: QMenu) -> None:
        paths = self.view.selected_paths()
        chosen = set(paths)
        present = {item.label for item in self.shown_items if item.path in chosen}
        fill_move_menu(
            menu,
            self._shelf.classes,
            present,
            lambda name: self.moving_wanted.emit(paths, name),
            lambda: self.moving_to_new_class_wanted.emit(paths),
        )

    def _fill_pin_menu(self, menu: QMenu) -> None:
        paths = self.view.selected_paths()
        fill_pin_menu(menu, lambda part: self.pinning_wanted.emit(paths, part))

    # What the person does

    def _on_choice_changed(self) -> None:
        self._show(from_top=True)

    def _on_left_downwards(self) -> None:
        self.view.setFocus(Qt.FocusReason.TabFocusReason)
        if self.shown_items and not self.view.currentIndex().isValid():
            self.view.setCurrentIndex(self.view.pictures.index(0))

    def _on_typed(self, letters: str) -> None:
        if letters.strip():
            self.tools.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.tools.search.setText(letters)

    def _chosen_states(self) -> tuple[bool, bool]:
        """Whether any chosen picture is in use, and whether any is left out."""
        states: set[bool] = set()
        for rows in rows_chosen(self.view.selectionModel()):
            states.update(item.left_out for item in self.shown_items[rows.start : rows.stop])
            if len(states) == 2:
                break
        return False in states, True in states

    def _on_selection_changed(self) -> None:
        count = self.view.selected_count()
        if count:
            words = say_count("{count:,} chosen", "{count:,} chosen", count)
        elif not self._may_change:
            words = say("The project is read-only.")
        else:
            words = say("Click to choose; with Shift or Ctrl several. Enter shows it large.")
        self._chosen.setText(words)
        self._chosen.setToolTip(words)
        in_use, left_out = self._chosen_states()
        self._leave.setVisible(in_use or not left_out)
        self._take.setVisible(left_out)
        for made in (self._leave, self._take, self._move, self._pin):
            made.setEnabled(self._may_change and count > 0)

    def _leave_out(self) -> None:
        if self._may_change and self._chosen_states()[0]:
            self.leaving_out_wanted.emit(self.view.selected_paths())

    def _take_back(self) -> None:
        if self._may_change and self._chosen_states()[1]:
            self.taking_back_wanted.emit(self.view.selected_paths())

    def _on_menu_wanted(self, at: QPoint) -> None:
        if self.view.selected_count():
            menu = self.make_menu()
            menu.exec(self.view.viewport().mapToGlobal(at))
            menu.deleteLater()

    def make_menu(self) -> QMenu:
        """The menu for what is chosen."""
        menu = QMenu(self)
        path = self.view.current_path()
        menu.addAction(say("Show large"), lambda: self.opened.emit(path))
        menu.addAction(say("Show in folder"), lambda: self.showing_in_folder_wanted.emit(path))
        menu.addSeparator()
        in_use, left_out = self._chosen_states()
        changing = []
        if in_use:
            changing.append(menu.addAction(say("Leave out"), self._leave_out))
        if left_out:
            changing.append(menu.addAction(say("Take back"), self._take_back))
        for title, fill in (
            (say("Move to"), self._fill_move_menu),
            (say("Pin to"), self._fill_pin_menu),
        ):
            inner = menu.addMenu(title)
            fill(inner)
            changing.append(inner.menuAction())
        for action in changing:
            action.setEnabled(self._may_change)
        return menu


def _menu_button(title: str, fill: Callable[[QMenu], object]) -> QPushButton:
    made = QPushButton(title)
    made.setProperty("role", "menu")
    menu = QMenu(made)
    menu.aboutToShow.connect(lambda: fill(menu))
    made.setMenu(menu)
    return made
