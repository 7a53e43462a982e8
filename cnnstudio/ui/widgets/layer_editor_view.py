"""The list of layers as a view: keys, links and dragging."""

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDropEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QStyleOptionViewItem

from cnnstudio.project.words import say
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.layer_editor_model import LayerListModel
from cnnstudio.ui.widgets.layer_editor_rows import LayerRows

_KEYPAD = Qt.KeyboardModifier.KeypadModifier


class LayerListView(QListView):
    """Says what is wanted; :class:`LayerEditor` does it."""

    remove_wanted = Signal()
    duplicate_wanted = Signal()
    move_by_one_wanted = Signal(bool)
    """True: down."""
    rename_wanted = Signal()
    settings_wanted = Signal()
    insert_menu_wanted = Signal(bool)
    """True: after the current layer."""
    menu_wanted = Signal(QPoint)
    """The layers' menu, at a place on the screen."""

    def __init__(self, theme: Theme, layers: LayerListModel) -> None:
        super().__init__()
        self.layers = layers
        self.setModel(layers)
        self.rows = LayerRows(theme)
        self.setItemDelegate(self.rows)
        self.setAccessibleName(say("Layers"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalScrollBar().setSingleStep(24)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setDragEnabled(True)
        self.setAcceptDrops(True)
        self.setDropIndicatorShown(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setMouseTracking(True)
        theme.changed.connect(self.viewport().update)

    @property
    def chosen(self) -> list[int]:
        """Places of the chosen layers, in their order."""
        return sorted(index.row() for index in self.selectedIndexes())

    def choose(self, places: list[int], current: int) -> None:
        """Select the layers at ``places``, with the keyboard on ``current``."""
        model = self.selectionModel()
        wanted = QItemSelection()
        for place in places:
            index = self.layers.index(place)
            wanted.select(index, index)
        flags = QItemSelectionModel.SelectionFlag
        if 0 <= current < self.layers.rowCount():
            model.setCurrentIndex(self.layers.index(current), flags.NoUpdate)
        model.select(wanted, flags.ClearAndSelect)

    def drop_place(self, point: QPoint) -> int:
        """Before which layer something dropped at ``point`` would stand."""
        index = self.indexAt(point)
        if not index.isValid():
            return self.layers.rowCount()
        is_lower = point.y() > self.visualRect(index).center().y()
        return index.row() + (1 if is_lower else 0)

    def dropEvent(self, event: QDropEvent) -> None:
        """All dragged layers at once, so that it is one step to undo; Qt would move each alone."""
        place = self.drop_place(event.position().toPoint())
        action = Qt.DropAction.MoveAction
        if self.layers.dropMimeData(event.mimeData(), action, place, 0, self.rootIndex()):
            # Else Qt would remove the rows that it thinks were moved away.
            event.setDropAction(Qt.DropAction.IgnoreAction)
            event.accept()
        self.stopAutoScroll()
        self.setState(QAbstractItemView.State.NoState)
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        modifiers = event.modifiers() & ~_KEYPAD
        key = event.key()
        alt = modifiers == Qt.KeyboardModifier.AltModifier
        shift = modifiers == Qt.KeyboardModifier.ShiftModifier
        plain = modifiers == Qt.KeyboardModifier.NoModifier
        if alt and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.move_by_one_wanted.emit(key == Qt.Key.Key_Down)
        elif plain and key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove_wanted.emit()
        elif (modifiers, key) == (Qt.KeyboardModifier.ControlModifier, Qt.Key.Key_D):
            self.duplicate_wanted.emit()
        elif plain and key == Qt.Key.Key_F2:
            self.rename_wanted.emit()
        elif plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.settings_wanted.emit()
        elif (plain or shift) and key == Qt.Key.Key_Insert:
            self.insert_menu_wanted.emit(plain)
        elif event.matches(QKeySequence.StandardKey.Undo):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        place = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            row = self.visualRect(self.currentIndex())
            place = self.viewport().mapToGlobal(row.center())
        self.menu_wanted.emit(place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        point = event.position().toPoint()
        index = self.indexAt(point)
        is_link = False
        if index.isValid():
            option = QStyleOptionViewItem()
            self.initViewItemOption(option)
            option.rect = self.visualRect(index)
            is_link = self.rows.link_at(point, option, index) >= 0
        shape = Qt.CursorShape.PointingHandCursor if is_link else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Sentences break at other words, so rows get another height; the current row stays."""
        before = QRect(QPoint(0, 0), event.oldSize())
        was_seen = before.intersects(self.visualRect(self.currentIndex()))
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.scheduleDelayedItemsLayout()
        if was_seen:
            self.scrollTo(self.currentIndex())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.scheduleDelayedItemsLayout()
