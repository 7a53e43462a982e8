"""Live curves of loss and accuracy."""

import math
from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cnnstudio.project.words import say
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.basics import label

Points = Sequence[tuple[float, float]]

SMALLEST_ACCURACY_SPAN = 0.05


class _PercentAxis(pg.AxisItem):  # type: ignore[misc]
    """0 to 1, written as percent."""

    def tickValues(
        self, minVal: float, maxVal: float, size: float
    ) -> list[tuple[float, list[float]]]:
        span = max(0.01, maxVal - minVal)
        most = max(2.0, size / 36)
        step = next((s for s in (0.01, 0.02, 0.05, 0.1, 0.25) if span / s <= most), 0.5)
        first = math.ceil(minVal / step - 1e-9)
        last = math.floor(min(1.0, maxVal) / step + 1e-9)
        return [(step, [number * step for number in range(first, last + 1)])]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        return [f"{value:.0%}" for value in values]


class _EpochAxis(pg.AxisItem):  # type: ignore[misc]
    """Whole epochs only."""

    def tickValues(
        self, minVal: float, maxVal: float, size: float
    ) -> list[tuple[float, list[float]]]:
        span = max(1.0, maxVal - minVal)
        most = max(2.0, size / 60)
        step = next((s for s in (1, 2, 5, 10, 20, 50, 100, 200) if span / s <= most), 500)
        first = int(minVal // step) * step
        last = int(maxVal + 1e-6)
        ticks = [float(v) for v in range(first, last + 1, step) if v >= minVal]
        if ticks and ticks[-1] != last:
            if last - ticks[-1] <= step / 2:
                ticks.pop()
            ticks.append(float(last))
        return [(float(step), ticks)]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        return [f"{int(value)}" for value in values]


class CurveCard(QWidget):
    """One measure: training by batch (thin) and by epoch, validation by epoch (dashed)."""

    def __init__(self, title: str, theme: Theme, percent: bool) -> None:
        super().__init__()
        self._theme = theme
        self._percent = percent
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        head = QHBoxLayout()
        head.addWidget(label(title, "heading"))
        head.addStretch(1)
        self._legend = label("")
        self._legend.setTextFormat(Qt.TextFormat.RichText)
        head.addWidget(self._legend)
        layout.addLayout(head)
        left = _PercentAxis("left") if percent else pg.AxisItem("left")
        self._plot = pg.PlotWidget(axisItems={"left": left, "bottom": _EpochAxis("bottom")})
        self._plot.setAccessibleName(title)
        self._plot.setMinimumHeight(110)
        self._plot.setMouseEnabled(x=False, y=False)
        self._plot.setMenuEnabled(False)
        self._plot.hideButtons()
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout.addWidget(self._plot, 1)
        self._by_batch = self._plot.plot()
        self._training = self._plot.plot()
        self._validation = self._plot.plot()
        self._best = self._plot.plot(pen=None, symbol="o", symbolSize=10)
        self._hovered = pg.TextItem(anchor=(0, 1))
        self._hovered.setZValue(10)
        self._hovered.hide()
        self._plot.addItem(self._hovered, ignoreBounds=True)
        self._plot.scene().sigMouseMoved.connect(self._on_mouse_moved)
        self._seen: tuple[int, float, float] | None = None
        self._values: tuple[Points, Points] = ((), ())
        self._paint()
        theme.changed.connect(self._paint)

    def show_batches(self, points: Points) -> None:
        """Training by batch: ``(place in epochs, value)``."""
        self._by_batch.setData([x for x, _ in points], [y for _, y in points])

    def show_epochs(self, training: Points, validation: Points, best_epoch: int) -> None:
        """Both measures by epoch, and a mark on the best epoch."""
        self._values = (training, validation)
        alone = len(validation) == 1  # a single point has no line
        for curve, points in ((self._training, training), (self._validation, validation)):
            curve.setSymbol("o" if alone else None)
            curve.setData([x for x, _ in points], [y for _, y in points])
        best = [(x, y) for x, y in validation if x == best_epoch]
        self._best.setData([x for x, _ in best], [y for _, y in best])

    def show_range(self, epochs: int, lowest: float, highest: float) -> None:
        """The part of the plane that is seen."""
        if self._percent:
            low = min(lowest, 1 - SMALLEST_ACCURACY_SPAN) - 0.02
            seen = (epochs, max(0.0, math.floor(low * 20) / 20), 1.03)
        else:
            step = 10.0 ** math.floor(math.log10(max(0.1, highest)))
            seen = (epochs, 0.0, math.ceil(max(0.1, highest) * 1.05 / step * 5) / 5 * step)
        if seen != self._seen:  # the axes are drawn anew only when they must
            self._seen = seen
            self._plot.setXRange(0, max(1, epochs), padding=0.02)
            self._plot.setYRange(*seen[1:], padding=0)

    def _paint(self) -> None:
        theme = self._theme
        self._plot.setBackground(theme.color("surface"))
        faint = QColor(theme.color("training"))
        faint.setAlpha(90)
        self._by_batch.setPen(pg.mkPen(faint, width=1.2))
        self._training.setPen(pg.mkPen(theme.color("training"), width=2.4))
        dashed = pg.mkPen(theme.color("validation"), width=2.4, style=Qt.PenStyle.DashLine)
        self._validation.setPen(dashed)
        for curve, name in ((self._training, "training"), (self._validation, "validation")):
            curve.setSymbolBrush(theme.color(name))
            curve.setSymbolPen(pg.mkPen(theme.color("surface"), width=1))
            curve.setSymbolSize(8)
        self._best.setSymbolBrush(theme.color("validation"))
        self._best.setSymbolPen(pg.mkPen(theme.color("surface"), width=2))
        self._hovered.setColor(theme.color("text"))
        self._hovered.fill = pg.mkBrush(theme.color("raised"))
        self._hovered.border = pg.mkPen(theme.color("line"))
        small = QFont(self.font())
        small.setPointSizeF(8.5)
        for name in ("left", "bottom"):
            axis = self._plot.getAxis(name)
            axis.setPen(pg.mkPen(theme.color("line")))
            axis.setTextPen(theme.color("quiet"))
            axis.setTickFont(small)
            axis.setStyle(tickLength=0, hideOverlappingLabels=False)
        self._plot.getAxis("left").setWidth(52)
        self._plot.setLabel("bottom", say("epoch"), color=theme.token("quiet"), size="8.5pt")
        self._plot.showGrid(x=False, y=True, alpha=0.35)
        self._legend.setText(
            f'<span style="color:{theme.token("training")}">━━</span> {say("training")}'
            f'&nbsp;&nbsp; <span style="color:{theme.token("validation")}">╍╍</span> '
            f"{say('validation')}"
        )

    def _on_mouse_moved(self, position: object) -> None:
        place = self._plot.getViewBox().mapSceneToView(position)
        training = {round(x): y for x, y in self._values[0]}
        validation = {round(x): y for x, y in self._values[1]}
        epoch = round(place.x())
        inside = self._plot.sceneBoundingRect().contains(position)
        if not inside or epoch not in training or epoch not in validation:
            self._hovered.hide()
            return
        form = "{:.1%}" if self._percent else "{:.3f}"
        self._hovered.setText(
            say(
                "epoch {epoch}\ntraining {training}\nvalidation {validation}",
                epoch=epoch,
                training=form.format(training[epoch]),
                validation=form.format(validation[epoch]),
            )
        )
        past_middle = place.x() > self._plot.getViewBox().viewRange()[0][1] / 2
        self._hovered.setAnchor((1 if past_middle else 0, 1))
        self._hovered.setPos(epoch, min(training[epoch], validation[epoch]))
        self._hovered.show()
