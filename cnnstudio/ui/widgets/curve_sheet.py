"""The plots of a run on one sheet: which there are, where they stand, all painted at once."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QPainter

from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.curve_data import CurveData, Look
from cnnstudio.ui.widgets.curve_inks import Ink, ink_of
from cnnstudio.ui.widgets.curve_paint import (
    AXIS_HEIGHT,
    Fonts,
    PlotPainter,
    right_gutter,
)
from cnnstudio.ui.widgets.curve_plots import Plot, accuracy_plot, loss_plot, rate_plot

PLOTS: tuple[Callable[[CurveData, Look], Plot], ...] = (accuracy_plot, loss_plot, rate_plot)
"""From above to below."""

_GAP = 8.0
_RATE_HEIGHT = 64.0
_ACCURACY_SHARE = 0.54


def shown_plots(curves: CurveData) -> list[int]:
    """Which of :data:`PLOTS` there are: of a run that kept no rates, and before one, two."""
    if curves.history:
        has_rates = any(each.learning_rate > 0 for each in curves.history)
        return [0, 1, 2] if has_rates else [0, 1]
    return [0, 1] if curves.is_empty else [0, 1, 2]


def plot_areas(area: QRectF, shown: Sequence[int]) -> list[QRectF]:
    """Where the plots stand, the last one with the epochs below it."""
    rate = _RATE_HEIGHT if 2 in shown else 0.0
    rest = area.height() - AXIS_HEIGHT - rate - _GAP * (len(shown) - 1)
    heights = [rest * _ACCURACY_SHARE, rest * (1 - _ACCURACY_SHARE), rate][: len(shown)]
    heights[-1] += AXIS_HEIGHT
    areas = []
    top = area.top()
    for height in heights:
        areas.append(QRectF(area.left(), round(top), area.width(), round(height)))
        top += height + _GAP
    return areas


def plot_painters(
    plots: Sequence[Plot], look: Look, areas: Sequence[QRectF], font: QFont, ink: Ink
) -> list[PlotPainter]:
    """What paints ``plots`` into ``areas``, one below the other with their epochs in line."""
    fonts = Fonts.of(font)
    right = right_gutter(plots, look, fonts)
    rooms = [QRectF(each) for each in areas]
    rooms[-1].setHeight(rooms[-1].height() - AXIS_HEIGHT)
    return [
        PlotPainter(plot, look, room, right, fonts, ink)
        for plot, room in zip(plots, rooms, strict=True)
    ]


def paint_sheet(
    painter: QPainter, curves: CurveData, look: Look, area: QRectF, font: QFont, theme: Theme
) -> None:
    """All plots of ``curves`` into ``area``."""
    shown = shown_plots(curves)
    plots = [PLOTS[number](curves, look) for number in shown]
    ink = ink_of(theme)
    painter.fillRect(painter.viewport(), ink("surface"))
    painters = plot_painters(plots, look, plot_areas(area, shown), font, ink)
    for each in painters:
        each.paint(painter)
    painters[-1].paint_epochs(painter)
