"""Makes the pictures of all plots bit by bit, so that the event loop need not wait for them."""

from collections import deque
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QElapsedTimer, QRectF
from PySide6.QtGui import QFont, QPainter, QPixmap

from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.curve_data import CurveData, Look
from cnnstudio.ui.widgets.curve_inks import ink_of
from cnnstudio.ui.widgets.curve_paint import PlotPainter
from cnnstudio.ui.widgets.curve_plots import Plot
from cnnstudio.ui.widgets.curve_sheet import (
    PLOTS,
    plot_areas,
    plot_painters,
    shown_plots,
)


class CurveDrawing:
    """One drawing of ``curves`` into ``area``; call :meth:`go_on` until it is whole.

    ``pictures`` are then those of the plots, with where they stand, and ``painters`` know where
    on them a value is.
    """

    def __init__(
        self,
        curves: CurveData,
        look: Look,
        area: QRectF,
        font: QFont,
        theme: Theme,
        scale: float,
    ) -> None:
        self.curves = curves
        self.look = look
        self.plots: list[Plot] = []
        self.painters: list[PlotPainter] = []
        self.pictures: list[tuple[QRectF, QPixmap]] = []
        self.milliseconds = 0.0
        self._shown = shown_plots(curves)
        self._areas = plot_areas(area, self._shown)
        self._font = font
        self._ink = ink_of(theme)
        self._scale = scale
        self._steps: deque[Callable[[], None]] = deque()
        for number in self._shown:
            self._steps.append(partial(self._make_plot, number))
        self._steps.append(self._lay_out)

    def go_on(self, milliseconds: float) -> bool:
        """Draw on for about so long; whether it is whole now."""
        clock = QElapsedTimer()
        clock.start()
        spent = 0.0
        while self._steps and spent < milliseconds:
            self._steps.popleft()()
            spent = clock.nsecsElapsed() / 1e6
        self.milliseconds += spent
        return not self._steps

    def _make_plot(self, number: int) -> None:
        self.plots.append(PLOTS[number](self.curves, self.look))

    def _lay_out(self) -> None:
        self.painters = plot_painters(self.plots, self.look, self._areas, self._font, self._ink)
        has_lines = any(plot.lines for plot in self.plots)
        for place, area in enumerate(self._areas):
            picture = QPixmap((area.size() * self._scale).toSize())
            picture.setDevicePixelRatio(self._scale)
            picture.fill(self._ink("surface"))
            self.pictures.append((area, picture))
            steps = self.painters[place].steps()
            if has_lines and place == len(self._areas) - 1:
                steps.append(self.painters[place].paint_epochs)
            for step in steps:
                self._steps.append(partial(self._paint, place, step))

    def _paint(self, place: int, step: Callable[[QPainter], None]) -> None:
        area, picture = self.pictures[place]
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(-area.topLeft())
        step(painter)
        painter.end()
