"""The three plots above each other: drawn a plot a turn, zoomed together, read off together."""

from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QLabel, QWidget

from cnnstudio.project.words import say
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.basics import button
from cnnstudio.ui.widgets.curve_data import CurveData, Look, extent, last_place
from cnnstudio.ui.widgets.curve_drawing import CurveDrawing
from cnnstudio.ui.widgets.curve_paint import PlotPainter
from cnnstudio.ui.widgets.curve_plots import accuracy_plot
from cnnstudio.ui.widgets.curve_readout import Readout, box_style, read_off

TURN_MS = 35
"""What is new waits so long at least, for more to come."""
PART_MS, PAUSE_MS = 5, 4
"""A drawing is made in parts, with pauses in which the window lives."""
REST_TIMES, MOST_REST_MS = 5, 600
"""After a drawing it rests so many times as long as that took: training has the processor."""
SMALLEST_SPAN = 1.0
"""In epochs: nearer it does not zoom."""
_WHEEL_STEP = 1.25
_DRAG_PIXELS = 5.0
_EDGE = 6.0


class CurveView(QWidget):
    """``read`` comes with the epoch whose values are read off, or 0."""

    read = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.curves = CurveData()
        self.look = Look()
        self.epoch_read = 0
        self._is_pointed_at = False
        self._epochs = 0
        self._part: tuple[float, float] | None = None
        self.drawn: CurveDrawing | None = None
        self._drawing: CurveDrawing | None = None
        self._is_stale = self._is_wanted_now = True
        self._pressed: QPointF | None = None
        self._pressed_part = (0.0, 1.0)
        self._marked: tuple[float, float] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_turn)
        self._box = QLabel(self)
        self._box.setTextFormat(Qt.TextFormat.RichText)
        self._box.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._box.hide()
        self.all_button = button(say("Show all"), self.show_all, "link")
        self.all_button.setParent(self)
        self.all_button.hide()
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(260, 250)
        self.setAccessibleName(say("Curves of the training"))
        theme.follow(self, self._on_theme_changed)
        self._describe()

    @property
    def is_drawn(self) -> bool:
        """Whether all that there is can be seen."""
        return self.drawn is not None and not self._is_stale and self._drawing is None

    def sizeHint(self) -> QSize:
        return QSize(640, 480)

    def show_curves(self, curves: CurveData) -> None:
        """Draw ``curves`` soon; what part is seen stays as it is."""
        is_other = curves.name != self.curves.name or len(curves.history) < self._epochs
        self.curves = curves
        self._epochs = len(curves.history)
        if is_other:
            self.show_all()
            self.read_epoch(0)
        self._fit_look()
        self._draw_soon(0 if is_other else self._rest_ms())

    def change_look(self, **changes: object) -> None:
        """Another smoothing, other runs laid over, by class or not."""
        self.look = replace(self.look, **changes)  # type: ignore[arg-type]
        self._fit_look()
        self._draw_soon()
        self.read_epoch(self.epoch_read)

    def show_all(self) -> None:
        """All epochs again."""
        self._see(None)

    def see(self, begin: float, end: float) -> None:
        """Only the epochs from ``begin`` to ``end``."""
        whole = extent(self.curves, self.look.overlaid)
        span = min(whole, max(SMALLEST_SPAN, end - begin))
        begin = min(max(0.0, (begin + end - span) / 2), whole - span)
        self._see(None if span >= whole else (begin, begin + span))

    def _see(self, part: tuple[float, float] | None) -> None:
        if part == self._part:
            return
        self._part = part
        self._fit_look()
        self._draw_soon()
        self._place_box()
        had_focus = self.all_button.hasFocus()
        self.all_button.setVisible(part is not None)
        if part is None:
            self.unsetCursor()
        else:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        if had_focus and part is None:
            self.setFocus()

    def _fit_look(self) -> None:
        whole = extent(self.curves, self.look.overlaid)
        begin, end = self._part or (0.0, whole)
        self.look = replace(self.look, begin=begin, end=end, is_zoomed=self._part is not None)

    # --- drawing

    def _draw_soon(self, milliseconds: int = 0) -> None:
        """Draw what there is by then; a drawing in hand is finished before."""
        self._is_stale = True
        self._is_wanted_now = self._is_wanted_now or not milliseconds
        if self._drawing is None and (not self._timer.isActive() or not milliseconds):
            self._timer.start(milliseconds)

    def _rest_ms(self) -> int:
        took = self.drawn.milliseconds if self.drawn is not None else 0.0
        return round(min(MOST_REST_MS, max(TURN_MS, REST_TIMES * took)))

    def _on_turn(self) -> None:
        """Draw a part: all at once would keep the event loop waiting."""
        if not self.isVisible():
            self._drawing = None
            return
        if self._drawing is None:
            self._is_stale = self._is_wanted_now = False
            area = QRectF(self.rect()).adjusted(_EDGE, _EDGE / 2, -_EDGE, -_EDGE / 2)
            scale = self.devicePixelRatioF()
            self._drawing = CurveDrawing(
                self.curves, self.look, area, self.font(), self._theme, scale
            )
        if not self._drawing.go_on(PART_MS):
            self._timer.start(PAUSE_MS)
            return
        self.drawn, self._drawing = self._drawing, None
        place = self.drawn.pictures[0][0].topLeft()
        place.setX(place.x() + self.drawn.painters[0].heading_width + 16)
        self.all_button.move(round(place.x()), round(place.y() - 1))
        self._place_box()
        self._describe()
        self.update()
        if self._is_stale:
            self._timer.start(0 if self._is_wanted_now else self._rest_ms())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.drawn is not None:
            for area, picture in self.drawn.pictures:
                painter.drawPixmap(area.topLeft(), picture)
        self._paint_over(painter)

    def _paint_over(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look = self.drawn.look if self.drawn is not None else self.look
        if self.epoch_read and look.begin <= self.epoch_read <= look.end:
            for each in self._painters():
                if each.plot.lines:
                    each.paint_reading(painter, self.epoch_read)
        if self._marked is not None:
            soft = QColor(self._theme.color("accent"))
            soft.setAlpha(40)
            for each in self._painters():
                begin, end = (each.x(place) for place in self._marked)
                box = QRectF(begin, each.inner.top(), end - begin, each.inner.height())
                painter.fillRect(box, soft)
        if self.hasFocus():
            painter.setPen(QPen(self._theme.color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._draw_soon()
        self._place_box()

    def showEvent(self, event: QShowEvent) -> None:
        self._draw_soon()

    def hideEvent(self, event: QHideEvent) -> None:
        self._read_no_more()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.FontChange:
            self._draw_soon()
        elif event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow():
            self._read_no_more()
        super().changeEvent(event)

    def _on_theme_changed(self) -> None:
        self._box.setStyleSheet(box_style(self._theme))
        self._draw_soon()
        self.read_epoch(self.epoch_read)

    # --- reading off

    def readout(self) -> Readout | None:
        """What is read off now."""
        return read_off(self.curves, self.look, self.epoch_read) if self.epoch_read else None

    def read_epoch(self, epoch: int) -> None:
        """Read the values of ``epoch`` off; 0 reads none."""
        before = self.epoch_read
        self.epoch_read, self._is_pointed_at = epoch, False
        readout = self.readout()
        if readout is None:
            self.epoch_read = 0
            self._box.hide()
        else:
            self._box.setText(readout.as_html(self._theme.token("quiet")))
            self._box.adjustSize()
            self._place_box()
        self.update()
        if self.epoch_read != before:
            self._describe()
            self.read.emit(self.epoch_read)

    def _read_no_more(self) -> None:
        """The pointer is elsewhere; what the keys or others read off stays."""
        if self._is_pointed_at:
            self.read_epoch(0)

    def _place_box(self) -> None:
        is_seen = self.look.begin <= self.epoch_read <= self.look.end
        self._box.setVisible(bool(self.epoch_read and is_seen))
        if not self._painters() or not self.epoch_read or not is_seen:
            return
        x = self._painters()[0].x(self.epoch_read)
        left = x + 14
        if left + self._box.width() > self.width():
            left = x - 14 - self._box.width()
        # Between the plots it hides least: accuracy is high, loss is low.
        top = self._painters()[1].inner.top() - self._box.height() / 2
        top = min(max(0.0, top), float(self.height() - self._box.height()))
        self._box.move(round(max(0.0, left)), round(top))

    def _describe(self) -> None:
        history = self.curves.history
        latest = history[-1].epoch if history else 0
        readout = read_off(self.curves, self.look, self.epoch_read or latest)
        words = accuracy_plot(CurveData(), Look()).empty
        if readout is not None:
            keys = say("The arrow keys read the other epochs off.")
            words = f"{readout.sentence} {keys}"
        if words != self.accessibleDescription():
            self.setAccessibleDescription(words)

    # --- mouse and keys

    def _painters(self) -> list[PlotPainter]:
        """They know where values stand."""
        return self.drawn.painters if self.drawn is not None else []

    def _place_at(self, x: float) -> float:
        """Which place in epochs stands at a pixel."""
        if not self._painters():
            return 0.0
        inner = self._painters()[0].inner
        share = (x - inner.left()) / inner.width()
        return self.look.begin + share * (self.look.end - self.look.begin)

    def _is_inside(self, position: QPointF) -> bool:
        return any(
            each.inner.adjusted(-6, -6, 6, 6).contains(position) for each in self._painters()
        )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._is_inside(event.position()):
            self._pressed = event.position()
            self._pressed_part = (self.look.begin, self.look.end)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        if self._pressed is None:
            epoch = round(self._place_at(x)) if self._is_inside(event.position()) else 0
            if epoch != self.epoch_read:
                self.read_epoch(epoch)
            self._is_pointed_at = bool(self.epoch_read)
            return
        moved = x - self._pressed.x()
        if abs(moved) < _DRAG_PIXELS and self._marked is None:
            return
        if self._part is None:
            whole = self.look.end
            places = sorted((self._place_at(self._pressed.x()), self._place_at(x)))
            self._marked = (max(0.0, places[0]), min(whole, places[1]))
            self.update()
        else:
            begin, end = self._pressed_part
            span = end - begin
            whole = extent(self.curves, self.look.overlaid)
            begin -= moved / max(1.0, self._painters()[0].inner.width()) * span
            begin = min(max(0.0, begin), whole - span)
            self._see((begin, begin + span))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        marked, self._marked, self._pressed = self._marked, None, None
        if marked is not None:
            if marked[0] < last_place(self.curves, self.look.overlaid):
                self.see(*marked)
            self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._pressed = self._marked = None
        self.show_all()

    def leaveEvent(self, event: QEvent) -> None:
        self._read_no_more()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.read_epoch(0)
        super().focusOutEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        down, right = event.angleDelta().y(), event.angleDelta().x()
        if not self._is_inside(event.position()) or self.curves.is_empty:
            event.ignore()
            return
        if right and not down:
            self.pan(-right / 120 / 10)
        elif down:
            self.zoom(_WHEEL_STEP ** (down / 120), self._place_at(event.position().x()))
        event.accept()

    def zoom(self, factor: float, place: float) -> None:
        """Nearer (more than 1) or farther, so that ``place`` stays where it stands."""
        begin, end = self.look.begin, self.look.end
        whole = extent(self.curves, self.look.overlaid)
        span = min(whole, max(SMALLEST_SPAN, (end - begin) / factor))
        begin = place - (place - begin) * span / (end - begin)
        begin = min(max(0.0, begin), whole - span)
        self._see(None if span >= whole - 1e-9 else (begin, begin + span))

    def pan(self, share: float) -> None:
        """Move by a share of what is seen, where not all is."""
        if self._part is not None:
            move = share * (self.look.end - self.look.begin)
            self.see(self.look.begin + move, self.look.end + move)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        epochs = [each.epoch for each in self.curves.history]
        middle = float(self.epoch_read) or (self.look.begin + self.look.end) / 2
        match event.key():
            case Qt.Key.Key_Left | Qt.Key.Key_Right | Qt.Key.Key_Home | Qt.Key.Key_End if epochs:
                self._read_by_key(Qt.Key(event.key()), epochs)
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal if epochs:
                self.zoom(_WHEEL_STEP**2, middle)
            case Qt.Key.Key_Minus if epochs:
                self.zoom(_WHEEL_STEP**-2, middle)
            case Qt.Key.Key_0:
                self.show_all()
            case Qt.Key.Key_Escape if self.epoch_read:
                self.read_epoch(0)
            case _:
                super().keyPressEvent(event)

    def _read_by_key(self, key: Qt.Key, epochs: list[int]) -> None:
        if key == Qt.Key.Key_Home:
            epoch = epochs[0]
        elif key == Qt.Key.Key_End or self.epoch_read not in epochs:
            epoch = epochs[-1]
        else:
            move = 1 if key == Qt.Key.Key_Right else -1
            place = epochs.index(self.epoch_read) + move
            epoch = epochs[min(max(0, place), len(epochs) - 1)]
        self.read_epoch(epoch)
        if not self.look.begin <= epoch <= self.look.end:
            span = self.look.end - self.look.begin
            self.see(epoch - span / 2, epoch + span / 2)
