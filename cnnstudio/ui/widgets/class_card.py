"""One class: its name, how many pictures, some of them, and what can be done with it."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QAction, QColor, QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QVBoxLayout

from cnnstudio.project.words import say, say_count
from cnnstudio.ui.class_colors import PALETTE
from cnnstudio.ui.picture_changes import PictureChanges
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.basics import ElidedLabel, label
from cnnstudio.ui.widgets.drop_area import ClassDrop
from cnnstudio.ui.widgets.gallery_actions import shown_name
from cnnstudio.ui.widgets.name_field import NameField
from cnnstudio.ui.widgets.thumbnail_grid import ThumbnailGrid
from cnnstudio.worker.thumbnail_loader import ThumbnailLoader

MOST_THUMBNAILS = 64
DOT = 14


class ClassCard(ClassDrop):
    """Shows one class of the project. What needs a question or a dialog is only said."""

    rename_wanted = Signal(str)
    adding_wanted = Signal()
    recording_wanted = Signal()
    pasting_wanted = Signal()
    showing_all_wanted = Signal()
    picture_opened = Signal(str)

    def __init__(
        self, name: str, changes: PictureChanges, loader: ThumbnailLoader, theme: Theme
    ) -> None:
        super().__init__()
        self.name = name
        self.setProperty("role", "card")
        self.setAccessibleName(say("Class {name}", name=name))
        self._changes = changes
        self._theme = theme
        self._color = ""
        self._shown: tuple[str, ...] = ()
        body = QVBoxLayout(self)
        body.setContentsMargins(16, 10, 16, 16)
        body.setSpacing(10)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(6)
        self.color_button = self._tool("", say("Colour of {name}", name=name))
        self.color_button.setProperty("role", "bare")
        self.color_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        color_menu = QMenu(self)
        color_menu.aboutToShow.connect(lambda: self._fill_color_menu(color_menu))
        self.color_button.setMenu(color_menu)
        head.addWidget(self.color_button)
        self.title = NameField(name, say("Name of the class"))
        self.title.renamed.connect(self.rename_wanted)
        head.addWidget(self.title)
        head.addSpacing(6)
        self.count = ElidedLabel("", "quiet", Qt.TextElideMode.ElideRight)
        head.addWidget(self.count)
        head.addStretch(1)
        self.add_button = self._tool(
            "plus", say("Add"), say("Add picture files to {name}", name=name)
        )
        self.add_button.clicked.connect(self.adding_wanted)
        head.addWidget(self.add_button)
        self.webcam_button = self._tool(
            "webcam", say("Webcam"), say("Record pictures of {name} with the webcam", name=name)
        )
        self.webcam_button.clicked.connect(self.recording_wanted)
        head.addWidget(self.webcam_button)
        self.menu_button = self._tool("more", "", say("More for {name}", name=name))
        self.menu_button.setProperty("role", "bare")
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(self)
        self.menu.aboutToShow.connect(self._fill_menu)
        self.menu_button.setMenu(self.menu)
        head.addWidget(self.menu_button)
        body.addLayout(head)
        self.pictures = ThumbnailGrid(loader, theme)
        self.pictures.setAccessibleName(name)
        self.pictures.picture_clicked.connect(self.picture_opened)
        body.addWidget(self.pictures)
        self._empty = label(
            say("No pictures yet. Drop some here, add files, or record them with the webcam."),
            "quiet",
            wrap=True,
        )
        body.addWidget(self._empty)
        theme.changed.connect(self._paint_icons)
        self._paint_icons()

    def show_pictures(self, paths: Sequence[str], broken: int) -> None:
        """``paths`` are the usable ones; ``broken`` how many cannot be read."""
        words = say_count("{count:,} picture", "{count:,} pictures", len(paths))
        if broken:
            values = {"pictures": words, "broken": broken}
            words = say("{pictures} · {broken:,} cannot be read", **values)
        self.count.setText(words)
        self.count.setToolTip(words)
        shown = tuple(paths[:MOST_THUMBNAILS])
        if shown != self._shown:  # else the keyboard would lose its place
            self._shown = shown
            self.pictures.show_pictures(shown)
        self.pictures.setVisible(bool(paths))
        self._empty.setVisible(not paths and not broken)

    def show_looking(self) -> None:
        """Nobody knows yet what it holds."""
        words = say("Looking for pictures…")
        self.count.setText(words)
        self.count.setToolTip(words)
        self.pictures.setVisible(bool(self._shown))
        self._empty.hide()

    def show_color(self, color: str) -> None:
        """``#RRGGBB`` of the class."""
        if color != self._color:
            self._color = color
            self.color_button.setIcon(dot_icon(color))

    def allow_changes(self, allowed: bool, reason: str) -> None:
        """Whether the class may be changed; ``reason`` says why not."""
        self.title.is_allowed = allowed
        self.setAcceptDrops(allowed)
        for each in (self.color_button, self.add_button, self.webcam_button):
            each.setEnabled(allowed)
            each.setToolTip(each.accessibleName() if allowed else reason)

    def _tool(self, icon: str, text: str, accessible_name: str = "") -> QToolButton:
        made = QToolButton()
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        made.setProperty("icon_name", icon)
        if icon and text:
            made.setText(text)
            made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        made.setAccessibleName(accessible_name or text)
        made.setToolTip(accessible_name or text)
        return made

    def _paint_icons(self) -> None:
        for each in (self.add_button, self.webcam_button, self.menu_button):
            each.setIcon(self._theme.icon(each.property("icon_name"), "quiet"))

    def _fill_color_menu(self, menu: QMenu) -> None:
        menu.clear()
        for title, color in PALETTE:
            is_current = color == self._color
            action = menu.addAction(dot_icon(color, ticked=is_current), say(title))
            action.setCheckable(True)
            action.setChecked(is_current)
            action.triggered.connect(_doing(self._changes.color_class, self.name, color))

    def _fill_menu(self) -> None:
        menu, changes = self.menu, self._changes
        menu.clear()
        classes = changes.classes
        place = classes.index(self.name) if self.name in classes else 0
        changing: list[QAction] = [menu.addAction(say("Rename\tF2"), self.title.edit)]
        colors = menu.addMenu(say("Colour"))
        self._fill_color_menu(colors)
        others = [name for name in classes if name != self.name]
        merging = menu.addMenu(say("Merge into"))
        for name in others:
            merging.addAction(shown_name(name), _doing(changes.rename_class, self.name, name))
        merging.setEnabled(bool(others))
        up = menu.addAction(say("Move up"), _doing(changes.shift_class, self.name, -1))
        down = menu.addAction(say("Move down"), _doing(changes.shift_class, self.name, 1))
        for action in (up, down):
            action.setToolTip(say("The order of the classes is the order of the model's outputs."))
        menu.setToolTipsVisible(True)
        menu.addSeparator()
        changing.append(menu.addAction(say("Paste pictures\tCtrl+V"), self.pasting_wanted.emit))
        menu.addAction(say("Show all pictures"), self.showing_all_wanted.emit)
        menu.addSeparator()
        changing.append(
            menu.addAction(say("Remove class"), _doing(changes.remove_class, self.name))
        )
        for action in (*changing, colors.menuAction(), merging.menuAction(), up, down):
            action.setEnabled(action.isEnabled() and changes.is_allowed)
        up.setEnabled(up.isEnabled() and place > 0)
        down.setEnabled(down.isEnabled() and place < len(classes) - 1)


def _doing(act: Callable[..., object], *values: object) -> Callable[..., object]:
    """A call of ``act`` that passes over what a menu says of its tick."""
    return lambda *_: act(*values)


def dot_icon(color: str, side: int = DOT, *, ticked: bool = False) -> QIcon:
    """A round spot of a class's colour; in a menu the icon hides the tick, so it has its own."""
    scale = 2
    pixmap = QPixmap(side * scale, side * scale)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(color))
    painter.drawEllipse(QRectF(pixmap.rect()))
    if ticked:
        from cnnstudio.ui.widgets.gallery_tiles import readable_on  # not at start-up

        whole = side * scale
        painter.setPen(QPen(readable_on(QColor(color)), whole / 8))
        points = ((0.28, 0.52), (0.44, 0.68), (0.74, 0.34))
        painter.drawPolyline([QPointF(whole * x, whole * y) for x, y in points])
    painter.end()
    pixmap.setDevicePixelRatio(scale)
    icon = QIcon(pixmap)
    icon.addPixmap(pixmap, QIcon.Mode.Disabled)  # the colour says which class it is
    return icon
