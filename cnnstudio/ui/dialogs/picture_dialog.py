"""One picture large, what is known of it, and what can be done with it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QDialog,
    QHBoxLayout,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from cnnstudio.project.pictures import Part, PicturesPlan
from cnnstudio.project.problems import Problem
from cnnstudio.project.words import say
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.basics import Column, button, label
from cnnstudio.ui.widgets.gallery_actions import PARTS
from cnnstudio.ui.widgets.gallery_items import GalleryItem, LookAlikesOf
from cnnstudio.ui.widgets.gallery_model import PART_NAMES
from cnnstudio.ui.widgets.picture_facts import PictureFactsView
from cnnstudio.ui.widgets.picture_view import PictureView
from cnnstudio.ui.widgets.thumbnail_grid import ThumbnailGrid
from cnnstudio.worker.picture_opener import Look, PictureOpener
from cnnstudio.worker.thumbnail_loader import ThumbnailLoader

if TYPE_CHECKING:
    from cnnstudio.images.checking import CheckReport

SIDE_WIDTH = 264
LONGEST_SIDE = 4096
LOOK_ALIKES_AT_MOST = 12
OPENING_SHOWN_AFTER_MS = 300
_NEW_CLASS = 0


class PictureDialog(QDialog):
    """Goes through pictures one by one; it says what is wanted, and changes nothing itself.

    ``items`` are gone through with the arrow keys, ``all_items`` are those among which
    look-alikes are found (without them: ``items``). The signals are those of the gallery.
    """

    leaving_out_wanted = Signal(object)
    taking_back_wanted = Signal(object)
    moving_wanted = Signal(object, str)
    moving_to_new_class_wanted = Signal(object)
    pinning_wanted = Signal(object, object)
    showing_in_folder_wanted = Signal(str)
    undo_wanted = Signal()
    redo_wanted = Signal()
    shown = Signal(str)
    """Another picture is looked at."""

    def __init__(
        self,
        items: Sequence[GalleryItem],
        path: str,
        loader: ThumbnailLoader,
        theme: Theme,
        *,
        plan: PicturesPlan | None = None,
        classes: Sequence[str] = (),
        report: "CheckReport | None" = None,
        all_items: Sequence[GalleryItem] | None = None,
        may_change: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(say("Picture"))
        self.resize(1040, 680)
        self._theme = theme
        self._plan = plan or PicturesPlan()
        self._report = report
        self._may_change = may_change
        self._look: Look | None = None
        self._alike = LookAlikesOf(report.look_alikes if report is not None else None)
        self._opener = PictureOpener(self)
        self._opener.opened.connect(self._on_opened)
        self._opener.failed.connect(self._on_failed)
        self._patience = QTimer(self, singleShot=True, interval=OPENING_SHOWN_AFTER_MS)
        self._patience.timeout.connect(self._on_waited)
        self.view = PictureView(theme)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(16)
        layout.addLayout(self._make_left(), 1)
        layout.addLayout(self._make_right(loader))
        self._add_keys()
        self._items: list[GalleryItem] = []
        self._others: dict[str, GalleryItem] = {}
        self._place = 0
        self._path = path
        self.show_items(items, classes, all_items)
        self.view.setFocus()

    # What is shown

    @property
    def item(self) -> GalleryItem:
        """The picture that is looked at."""
        return self._items[self._place]

    def show_items(
        self,
        items: Sequence[GalleryItem],
        classes: Sequence[str] = (),
        all_items: Sequence[GalleryItem] | None = None,
    ) -> None:
        """Take what became of the pictures after a change; the one looked at stays."""
        before = self._place
        others = {each.path: each for each in all_items or items}
        if not items and self._path not in others:
            self._patience.stop()
            self.reject()  # Nothing is left to look at.
            return
        self._items, self._others = list(items), others
        self._classes = tuple(classes) or tuple(dict.fromkeys(each.label for each in items))
        places = (place for place, each in enumerate(items) if each.path == self._path)
        found = next(places, None)
        if found is None and self._path in self._others:
            # It no longer fits into what is gone through: a filter hides it now.
            found = min(before, len(self._items))
            self._items.insert(found, self._others[self._path])
        self.go_to(found if found is not None else before)

    def go_to(self, place: int) -> None:
        """Look at another of the pictures."""
        self._place = min(max(0, place), len(self._items) - 1)
        is_other = self._path != self.item.path
        self._path = self.item.path
        self._refresh()
        if is_other:
            self.shown.emit(self._path)

    def _refresh(self) -> None:
        item = self.item
        self.setWindowTitle(item.name)
        self.facts.show_item(item, self._report)
        words = say("{place:,} of {count:,}", place=self._place + 1, count=len(self._items))
        self._position.setText(words)
        self._previous.setEnabled(self._place > 0)
        self._next.setEnabled(self._place < len(self._items) - 1)
        with QSignalBlocker(self.class_choice), QSignalBlocker(self.part_choice):
            self.class_choice.clear()
            for name in self._classes:
                self.class_choice.addItem(name, name)
            self.class_choice.addItem(say("New class…"), _NEW_CLASS)
            self.class_choice.setCurrentIndex(self.class_choice.findData(item.label))
            pinned = item.part if item.pinned else None
            self.part_choice.setCurrentIndex(PARTS.index(pinned) + 1 if pinned else 0)
        self.leave_button.setText(say("Take back") if item.left_out else say("Leave out"))
        reason = "" if self._may_change else say("The project is read-only.")
        for widget in (self.class_choice, self.part_choice, self.leave_button):
            widget.setEnabled(self._may_change)
            widget.setToolTip(reason)
        alike = self._alike.find(item.path, LOOK_ALIKES_AT_MOST)
        alike = [path for path in alike if path in self._others]
        self.alike_heading.setVisible(bool(alike))
        self.alike.setVisible(bool(alike))
        self.alike.show_pictures(alike)
        self._open()

    def _open(self) -> None:
        look = self._look_at(self.item.path)
        if look == self._look:
            return
        self._look = look
        self._patience.start()
        near = (self._place + 1, self._place - 1)
        following = [
            self._look_at(self._items[place].path)
            for place in near
            if 0 <= place < len(self._items)
        ]
        self._opener.open(look, following)

    def _look_at(self, path: str) -> Look:
        if self.network_button.isChecked():
            return Look(path, self._plan.size, self._plan.fit)
        size = self.screen().size() * self.devicePixelRatioF()
        return Look(path, min(LONGEST_SIDE, max(size.width(), size.height())))

    def _on_waited(self) -> None:
        self.view.show_words(say("Opening…"))

    def _on_opened(self, look: Look, image: QImage) -> None:
        if look == self._look:
            self._patience.stop()
            self.view.show_image(image, with_pixels=look.fit is not None)
            self.view.setAccessibleName(self.item.name)

    def _on_failed(self, look: Look, problem: Problem) -> None:
        if look == self._look:
            self._patience.stop()
            self.view.show_words(f"{problem.message}\n\n{problem.remedy}")
            self.view.setAccessibleName(problem.message)

    # Parts of the window

    def _make_left(self) -> QVBoxLayout:
        left = QVBoxLayout()
        left.setSpacing(12)
        left.addWidget(self.view, 1)
        row = QHBoxLayout()
        row.setSpacing(8)
        self.picture_button = self._segment(say("Picture"))
        self.network_button = self._segment(say("What the network sees"))
        self.network_button.setToolTip(
            say(
                "The square of {size} × {size} pixels that the picture becomes for the network.",
                size=self._plan.size,
            )
        )
        group = QButtonGroup(self)
        for made in (self.picture_button, self.network_button):
            group.addButton(made)
            row.addWidget(made)
        self.picture_button.setChecked(True)
        group.buttonToggled.connect(lambda _, checked: self._open() if checked else None)
        row.addStretch(1)
        self._previous = self._arrow("chevron-left", say("Previous picture"), -1)
        self._position = label("", "quiet")
        self._position.setMinimumWidth(96)
        self._position.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._next = self._arrow("chevron-right", say("Next picture"), 1)
        for widget in (self._previous, self._position, self._next):
            row.addWidget(widget)
        left.addLayout(row)
        return left

    def _make_right(self, loader: ThumbnailLoader) -> QVBoxLayout:
        right = QVBoxLayout()
        right.setSpacing(12)
        column = Column(SIDE_WIDTH, spacing=12)
        self.facts = PictureFactsView(self._theme)
        column.body.addWidget(self.facts)
        self.alike_heading = label(say("Look-alikes"), "heading")
        column.body.addWidget(self.alike_heading)
        self.alike = ThumbnailGrid(loader, self._theme, rows=4)
        self.alike.setAccessibleName(say("Look-alikes"))
        self.alike.picture_clicked.connect(self._on_alike_clicked)
        column.body.addWidget(self.alike)
        column.body.addStretch(1)
        right.addWidget(column, 1)
        self.class_choice = _choice(say("Class"))
        self.class_choice.activated.connect(self._on_class_chosen)
        self.part_choice = _choice(say("Part"))
        self.part_choice.addItem(say("Part as the split says"), None)
        for part in PARTS:
            words = say("Pinned: {part}", part=say(PART_NAMES[part]))
            self.part_choice.addItem(words, part)
        self.part_choice.activated.connect(self._on_part_chosen)
        self.leave_button = button("", self._leave_out)
        folder = button(
            say("Show in folder"), lambda: self.showing_in_folder_wanted.emit(self._path), "link"
        )
        for widget in (self.class_choice, self.part_choice, self.leave_button, folder):
            if isinstance(widget, QPushButton):
                widget.setAutoDefault(False)
            right.addWidget(widget)
        return right

    def _segment(self, title: str) -> QPushButton:
        made = QPushButton(title)
        made.setProperty("role", "segment")
        made.setCheckable(True)
        made.setAutoDefault(False)
        return made

    def _arrow(self, icon: str, name: str, step: int) -> QToolButton:
        made = QToolButton()
        made.setIcon(self._theme.icon(icon))
        made.setIconSize(QSize(24, 24))
        made.setToolTip(name)
        made.setAccessibleName(name)
        made.clicked.connect(lambda: self.go_to(self._place + step))
        return made

    def _add_keys(self) -> None:
        for key, act in (
            (Qt.Key.Key_Left, lambda: self.go_to(self._place - 1)),
            (Qt.Key.Key_Right, lambda: self.go_to(self._place + 1)),
            (Qt.Key.Key_Home, lambda: self.go_to(0)),
            (Qt.Key.Key_End, lambda: self.go_to(len(self._items) - 1)),
            (Qt.Key.Key_Delete, self._leave_out),
        ):
            QShortcut(QKeySequence(key), self).activated.connect(act)
        for keys, wanted in (
            (QKeySequence.StandardKey.Undo, self.undo_wanted),
            (QKeySequence.StandardKey.Redo, self.redo_wanted),
        ):
            QShortcut(keys, self).activated.connect(wanted)
        space = QShortcut(QKeySequence(Qt.Key.Key_Space), self.view)
        space.setContext(Qt.ShortcutContext.WidgetShortcut)
        space.activated.connect(self.accept)

    # What the person does

    def _on_alike_clicked(self, path: str) -> None:
        places = [place for place, each in enumerate(self._items) if each.path == path]
        if not places:
            self._items.insert(self._place + 1, self._others[path])
            places = [self._place + 1]
        self.go_to(places[0])

    def _on_class_chosen(self, place: int) -> None:
        item, chosen = self.item, self.class_choice.itemData(place)
        if chosen == _NEW_CLASS:
            self._refresh()
            self.moving_to_new_class_wanted.emit([item.path])
        elif chosen != item.label:
            self._become(item._replace(label=chosen))
            self.moving_wanted.emit([item.path], chosen)

    def _on_part_chosen(self, place: int) -> None:
        part: Part | None = self.part_choice.itemData(place)
        item = self.item
        self._become(item._replace(part=part or item.part, pinned=part is not None))
        self.pinning_wanted.emit([item.path], part)

    def _leave_out(self) -> None:
        if not self._may_change:
            return
        item = self.item
        self._become(item._replace(left_out=not item.left_out))
        wanted = self.taking_back_wanted if item.left_out else self.leaving_out_wanted
        wanted.emit([item.path])

    def _become(self, item: GalleryItem) -> None:
        """Show a change at once; :meth:`show_items` tells what really became of it."""
        self._items[self._place] = item
        self._others[item.path] = item
        self._refresh()

    def done(self, result: int) -> None:
        self._opener.close()
        super().done(result)


def _choice(name: str) -> QComboBox:
    made = QComboBox()
    made.setAccessibleName(name)
    made.setToolTip(name)
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    made.setMinimumContentsLength(10)
    return made
