"""The rail on the left: the path, always visible, with what is done and what is missing."""

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QSizePolicy, QVBoxLayout, QWidget

from cnnstudio.project.words import say
from cnnstudio.ui.theme import Theme

StepState = Literal["open", "done", "missing"]


@dataclass(frozen=True)
class StepLook:
    """How a step stands and the few words below its name."""

    state: StepState = "open"
    words: str = ""


class RailStep(QAbstractButton):
    """One step: a number (or a tick), its name, and how it stands."""

    def __init__(self, number: int, name: str, theme: Theme) -> None:
        super().__init__()
        self._number = number
        self._theme = theme
        self._look = StepLook()
        self.setText(name)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.show_look(StepLook())

    def show_look(self, look: StepLook) -> None:
        """Show how the step stands."""
        self._look = look
        spoken = {"open": "", "done": say("done"), "missing": say("something is missing")}
        parts = [self.text(), look.words, spoken[look.state]]
        self.setAccessibleName(", ".join(part for part in parts if part))
        self.setToolTip(look.words)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(168, 56 if self._look.words else 44)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        chosen = self.isChecked()
        if chosen or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent_soft" if chosen else "hover"))
            painter.drawRoundedRect(area, 8, 8)
        if self.hasFocus():
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area, 8, 8)
        self._paint_mark(painter, QRectF(12, self.height() / 2 - 11, 22, 22), chosen)
        self._paint_words(painter, chosen)

    def _paint_mark(self, painter: QPainter, circle: QRectF, chosen: bool) -> None:
        theme = self._theme
        if self._look.state == "done" and not chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("good"))
            painter.drawEllipse(circle)
            painter.drawPixmap(
                circle.adjusted(3, 3, -3, -3).toRect(), theme.pixmap("check", 16, "surface")
            )
            return
        color = theme.color("accent") if chosen else theme.color("line")
        ink = theme.color("accent") if chosen else theme.color("quiet")
        mark = str(self._number)
        if self._look.state == "missing":
            color = ink = theme.color("warning")
            mark = "!"
        painter.setPen(QPen(color, 1.4))
        painter.setBrush(theme.color("surface"))
        painter.drawEllipse(circle)
        font = QFont(self.font())
        font.setPointSizeF(8.5)
        font.setBold(chosen or mark == "!")
        painter.setFont(font)
        painter.setPen(ink)
        painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, mark)

    def _paint_words(self, painter: QPainter, chosen: bool) -> None:
        left, width = 46, self.width() - 54
        name_font = QFont(self.font())
        name_font.setPointSizeF(10.5)
        name_font.setBold(chosen)
        painter.setFont(name_font)
        painter.setPen(self._theme.color("accent" if chosen else "text"))
        middle = self.height() / 2
        if not self._look.words:
            area = QRectF(left, 0, width, self.height())
            painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter), self.text())
            return
        area = QRectF(left, middle - 22, width, 22)
        painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter), self.text())
        small = QFont(self.font())
        small.setPointSizeF(8.5)
        painter.setFont(small)
        painter.setPen(self._theme.color("quiet"))
        words = QFontMetrics(small).elidedText(
            self._look.words, Qt.TextElideMode.ElideRight, int(width)
        )
        area = QRectF(left, middle, width, 18)
        painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter), words)


class Rail(QFrame):
    """All steps, one below the other."""

    step_chosen = Signal(str)

    def __init__(self, steps: tuple[tuple[str, str], ...], theme: Theme) -> None:
        super().__init__()
        self.setProperty("role", "rail")
        self.setFixedWidth(184)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 14, 8, 14)
        layout.setSpacing(4)
        self._steps: dict[str, RailStep] = {}
        for number, (key, name) in enumerate(steps, start=1):
            step = RailStep(number, name, theme)
            step.setObjectName(f"step_{key}")
            step.clicked.connect(lambda *_, key=key: self.step_chosen.emit(key))
            layout.addWidget(step)
            self._steps[key] = step
        layout.addStretch(1)
        theme.changed.connect(self._on_theme_changed)

    def choose(self, key: str) -> None:
        """Mark the step whose page is shown."""
        self._steps[key].setChecked(True)

    def show_look(self, key: str, look: StepLook) -> None:
        """Show how a step stands."""
        self._steps[key].show_look(look)

    def _on_theme_changed(self) -> None:
        for step in self.findChildren(QWidget):
            step.update()
