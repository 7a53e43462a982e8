"""The drawing itself: painted, enlarged, moved, and walked through box by box."""

from collections.abc import Iterator
from dataclasses import replace
from html import escape
from math import hypot

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from cnnstudio.project.drawing.picture import box_words
from cnnstudio.project.drawing.states import state_of
from cnnstudio.project.drawing.values import Box, Drawing, Frame, Rect, State
from cnnstudio.project.network_facts import LayerFacts
from cnnstudio.project.words import say
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.network_drawing_scene import Scene, area_of
from cnnstudio.ui.widgets.network_drawing_view import View

STEP = 1.25
_SMALLEST_READ = 0.64
_DRAG_PIXELS = 5
_PAN_PIXELS = 60
_RING = 4.0
_CORNER = 8.0
_FRAME_HEAD = 30.0


class NetworkDrawingCanvas(QWidget):
    """Shows a :class:`Drawing`; box, zoom and place are the person's.

    ``layer_chosen`` names a layer that was clicked, of a block its first one; ``block_toggled``
    is for opening or closing a block by its number, ``all_wanted`` for showing the whole.
    """

    layer_chosen = Signal(str)
    block_toggled = Signal(int)
    zoom_changed = Signal(float)
    all_wanted = Signal()
    resized = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._scene: Scene | None = None
        self._layers: dict[str, LayerFacts] = {}
        self._states: list[State] = []
        self._view = View()
        self._is_fitted = True
        self._focused = 0
        self._hovered: Box | Frame | None = None
        self._pressed: QPointF | None = None
        self._dragged_from: QPointF | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 120)
        self.setAccessibleName(say("Drawing of the network"))
        self.grabGesture(Qt.GestureType.PinchGesture)
        theme.changed.connect(self._on_theme_changed)

    # What is shown

    @property
    def drawing(self) -> Drawing | None:
        """What is shown now."""
        return self._scene.drawing if self._scene is not None else None

    @property
    def zoom(self) -> float:
        """Pixels for a unit of the drawing."""
        return self._view.zoom

    @property
    def view(self) -> View:
        """Which part is seen, and how large."""
        return self._view

    @property
    def is_fitted(self) -> bool:
        """Whether the whole is shown, and shall be when the size changes."""
        return self._is_fitted

    @property
    def focused_box(self) -> Box | None:
        """The box that keys speak to."""
        boxes = self.drawing.boxes if self.drawing is not None else ()
        return boxes[self._focused] if boxes else None

    def show_drawing(
        self, drawing: Drawing, layers: dict[str, LayerFacts], trained: frozenset[str]
    ) -> None:
        """Show another drawing; the focus stays with the layer that had it."""
        before = self.focused_box
        self._layers = layers
        self._scene = Scene(drawing, self._theme.token, self.font())
        self._view = replace(self._view, whole=(drawing.width, drawing.height))
        self._hovered = None
        self._focused = 0
        if before is not None:
            self._focused = self._box_with(before.layers[0]) or 0
        self.show_trained(trained)

    def show_trained(self, trained: frozenset[str]) -> None:
        """Mark other layers as trained."""
        if self._scene is None:
            return
        drawing = self._scene.drawing
        self._states = [state_of(box.layers, self._layers, trained) for box in drawing.boxes]
        frames = [state_of(frame.layers, self._layers, trained) for frame in drawing.frames]
        self._scene.show_states(self._states, frames)
        self._describe()
        self.update()

    def state(self, number: int) -> State:
        """How the box of that number is marked."""
        return self._states[number]

    def show_layer(self, name: str) -> None:
        """Put the focus on the box that has the layer, and move it into sight."""
        found = self._box_with(name)
        if found is not None:
            self._focus_on(found)

    def sizeHint(self) -> QSize:
        return QSize(640, 400)

    # Zoom and place

    def fit(self) -> None:
        """Show the whole."""
        self._see(self._view.fitted(), is_fitted=True)

    def fit_lines(self) -> None:
        """Show the first lines, large enough to be read; the rest is below."""
        self._see(self._view.with_lines(_SMALLEST_READ))

    def zoom_by(self, factor: float, around: QPointF | None = None) -> None:
        """Enlarge or shrink, so that the place at ``around`` (the middle) stays where it is."""
        around = QPointF(self.rect().center()) if around is None else around
        self._see(self._view.zoomed(factor, around.x(), around.y()))

    def _see(self, view: View, is_fitted: bool = False) -> None:
        self._is_fitted = is_fitted
        changed = view.zoom != self._view.zoom
        self._view = view
        if changed:
            self.zoom_changed.emit(view.zoom)
        self.update()

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.color("line"), 1))
        painter.setBrush(self._theme.color("surface"))
        edge = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(edge, _CORNER, _CORNER)
        if self._scene is None:
            return
        painter.setClipRect(edge.adjusted(1, 1, -1, -1))
        view = self._view
        painter.scale(view.zoom, view.zoom)
        painter.translate(-view.x, -view.y)
        self._scene.paint(painter, view.seen, view.zoom)
        if self._hovered is not None:
            self._ring(painter, self._hovered, "control_line", 1.2)
        box = self.focused_box
        if self.hasFocus() and box is not None:
            self._ring(painter, box, "accent", 2.0)

    def _ring(self, painter: QPainter, box: Rect, token: str, width: float) -> None:
        area = area_of(box)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._theme.color(token), width / self._view.zoom))
        gap = _RING if isinstance(box, Box) else 0.0
        rect = QRectF(area.x, area.y, area.width, area.height).adjusted(-gap, -gap, gap, gap)
        painter.drawRoundedRect(rect, 6, 6)

    def _on_theme_changed(self) -> None:
        if self._scene is not None:
            self._scene.use_palette(self._theme.token, self.font())
        self.update()

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = event.position()
            self._dragged_from = None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            self._hover(event.position())
            return
        way = event.position() - (self._dragged_from or self._pressed)
        if self._dragged_from is not None or hypot(way.x(), way.y()) >= _DRAG_PIXELS:
            self._dragged_from = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self._see(self._view.panned(-way.x(), -way.y()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        was_click = self._pressed is not None and self._dragged_from is None
        self._pressed = self._dragged_from = None
        self._hover(event.position())
        if was_click and event.button() == Qt.MouseButton.LeftButton:
            self._click(event.position())

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = None
        self.update()

    def _click(self, position: QPointF) -> None:
        found = self._found(position)
        if isinstance(found, Frame):
            self.block_toggled.emit(found.block)
        elif found is not None:
            self._focus_on(self._number(found), moves=False)
            place = self._view.at(position.x(), position.y())
            if found.cell is not None and found.cell.holds(*place):
                self.block_toggled.emit(found.block)
            else:
                self.layer_chosen.emit(found.layers[0])

    def _hover(self, position: QPointF) -> None:
        found = self._found(position)
        hand, plain = Qt.CursorShape.PointingHandCursor, Qt.CursorShape.OpenHandCursor
        self.setCursor(hand if found is not None else plain)
        if found is not self._hovered:
            self._hovered = found
            self.update()

    def _found(self, position: QPointF) -> Box | Frame | None:
        """The box at that pixel, or the frame whose title is there."""
        if self._scene is None:
            return None
        return self._scene.at(*self._view.at(position.x(), position.y()), _FRAME_HEAD)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned, pixels = event.angleDelta(), event.pixelDelta()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_by(STEP ** (turned.y() / 120), event.position())
        elif self._is_fitted:
            event.ignore()  # Nothing to move here: the page may scroll.
            return
        else:
            way = pixels if not pixels.isNull() else turned / 2
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and not way.x():
                way = QPoint(way.y(), 0)
            self._see(self._view.panned(-way.x(), -way.y()))
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Gestures, and the words where the mouse rests."""
        match event:
            case QNativeGestureEvent() if (
                event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture
            ):
                self.zoom_by(1 + event.value(), event.position())
                return True
            case QHelpEvent() if event.type() == QEvent.Type.ToolTip:
                self._tell(event)
                return True
        if event.type() == QEvent.Type.Gesture:
            pinch = event.gesture(Qt.GestureType.PinchGesture)  # type: ignore[attr-defined]
            if pinch is not None:
                middle = self.mapFromGlobal(pinch.centerPoint())
                self.zoom_by(pinch.scaleFactor(), QPointF(middle))
                return True
        return super().event(event)

    def _tell(self, event: QHelpEvent) -> None:
        found = self._found(QPointF(event.pos()))
        if found is None:
            QToolTip.hideText()
            return
        # A layer may be called "<b>".
        words = escape(self.words_of(found)).replace("\n", "<br>")
        QToolTip.showText(event.globalPos(), f"<p>{words}</p>", self)

    def words_of(self, found: Box | Frame) -> str:
        """What is said of a box or a frame."""
        if isinstance(found, Frame):
            return say("{name}: click its name to close it.", name=found.title)
        words = box_words(found, self._layers, self._states[self._number(found)])
        if found.cell is not None:
            words = f"{words}\n{say('Click its name below to open it.')}"
        return words

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, box = event.key(), self.focused_box
        moving = event.modifiers() & (
            Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier
        )
        pans = {
            Qt.Key.Key_Up: (0, -_PAN_PIXELS),
            Qt.Key.Key_Down: (0, _PAN_PIXELS),
            Qt.Key.Key_Left: (-_PAN_PIXELS, 0),
            Qt.Key.Key_Right: (_PAN_PIXELS, 0),
        }
        count = len(self.drawing.boxes) if self.drawing is not None else 0
        steps = {
            Qt.Key.Key_Left: self._focused - 1,
            Qt.Key.Key_Right: self._focused + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: count - 1,
        }
        if key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_by(STEP)
        elif key in (Qt.Key.Key_Minus, Qt.Key.Key_Underscore):
            self.zoom_by(1 / STEP)
        elif key == Qt.Key.Key_0:
            self.all_wanted.emit()
        elif key in pans and (moving or key not in steps):
            self._see(self._view.panned(*pans[Qt.Key(key)]))
        elif key in steps and count:
            self._focus_on(min(count - 1, max(0, steps[Qt.Key(key)])))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and box is not None:
            self.layer_chosen.emit(box.layers[0])
        elif key == Qt.Key.Key_Space and box is not None:
            self.block_toggled.emit(box.block)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._describe()
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        view = self._view.resized(self.width(), self.height())
        self._see(view.fitted() if self._is_fitted else view, self._is_fitted)
        self.resized.emit()

    def _focus_on(self, number: int, moves: bool = True) -> None:
        self._focused = number
        box = self.focused_box
        if moves and box is not None:
            self._see(self._view.showing(area_of(box)), self._is_fitted)
        self._describe()
        self.update()

    def _describe(self) -> None:
        """Say of the focused box what is known, to those who listen."""
        box = self.focused_box
        words = box_words(box, self._layers, self._states[self._focused]) if box else ""
        if words != self.accessibleDescription():
            self.setAccessibleDescription(words)
            if self.hasFocus():
                changed = QAccessibleEvent(self, QAccessible.Event.DescriptionChanged)
                QAccessible.updateAccessibility(changed)

    def _number(self, box: Box) -> int:
        assert self.drawing is not None
        return self.drawing.boxes.index(box)

    def _box_with(self, layer: str) -> int | None:
        return next((at for at, box in enumerate(self._boxes()) if layer in box.layers), None)

    def _boxes(self) -> Iterator[Box]:
        yield from self.drawing.boxes if self.drawing is not None else ()
