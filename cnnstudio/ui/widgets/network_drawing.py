"""The drawing of a network with its buttons: levels, zoom, legend, saving."""

from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from cnnstudio.project.drawing.layout import best_row_width, layout
from cnnstudio.project.drawing.legend import Legend, legend
from cnnstudio.project.drawing.values import Drawing, Level
from cnnstudio.project.files import is_file
from cnnstudio.project.network_facts import LayerFacts, NetworkFacts
from cnnstudio.project.places import documents_folder
from cnnstudio.project.problems import Problem
from cnnstudio.project.project_folder import write_problem
from cnnstudio.project.words import say
from cnnstudio.ui.dialogs.asking import Asking
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.basics import button, label
from cnnstudio.ui.widgets.network_drawing_canvas import STEP, NetworkDrawingCanvas
from cnnstudio.ui.widgets.network_drawing_file import save_drawing
from cnnstudio.ui.widgets.network_drawing_paint import ShapePainter
from cnnstudio.ui.widgets.segments import Segments

_INSET = 6
_LEVELS: tuple[Level, ...] = ("blocks", "layers")
_READING_ZOOM = 0.8
_SMALLEST_WHOLE = 0.66
"""The zoom below which words could not be read."""

_BESIDE_ROWS = 150
"""What stands beside a row: captions, margins, the line to the next row."""

_NEW_LINES_SHARE = 0.12
"""How much width must change before lines are broken anew."""


class NetworkDrawing(QWidget):
    """Shows a network as blocks to scale or as layers; ``layer_chosen`` names a clicked layer."""

    layer_chosen = Signal(str)

    def __init__(self, theme: Theme, asking: Asking) -> None:
        super().__init__()
        self._theme = theme
        self._asking = asking
        self._facts: NetworkFacts | None = None
        self._layers: dict[str, LayerFacts] = {}
        self._trained: frozenset[str] = frozenset()
        self._title = ""
        self._opened: frozenset[int] = frozenset()
        self._laid_out_for = QSize()
        self.canvas = NetworkDrawingCanvas(theme)
        self.legend = _LegendView(theme)
        self.levels = Segments(
            say("What is drawn"), ((0, say("Blocks")), (1, say("Layers"))), value=0
        )
        outer = QVBoxLayout(self)
        outer.setContentsMargins(8, 12, 8, 8)
        outer.setSpacing(8)
        outer.addLayout(self._tools())
        outer.addWidget(self.canvas, 1)
        outer.addWidget(self.legend)
        order = (
            *self.levels.buttons.values(),
            self.smaller,
            self.larger,
            self.fit,
            self.save_button,
            self.canvas,
        )
        for before, after in pairwise(order):
            self.setTabOrder(before, after)
        self.levels.chosen.connect(self._on_level_chosen)
        self.canvas.layer_chosen.connect(self.layer_chosen)
        self.canvas.block_toggled.connect(self._on_block_toggled)
        self.canvas.zoom_changed.connect(self._on_zoom_changed)
        self.canvas.all_wanted.connect(self.show_all)
        self.canvas.resized.connect(self._on_resized)

    def _tools(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(6)
        self.levels.setFixedWidth(176)
        row.addWidget(self.levels)
        row.addStretch(1)
        self.smaller = self._tool("minus", say("Smaller"), lambda: self.canvas.zoom_by(1 / STEP))
        self.zoom_words = label("100%", "small")
        self.zoom_words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.zoom_words.setMinimumWidth(44)
        self.larger = self._tool("plus", say("Larger"), lambda: self.canvas.zoom_by(STEP))
        self.fit = button(say("Show all"), self.show_all)
        self.save_button = button(say("Save…"), self.ask_and_save)
        self.save_button.setToolTip(say("Save drawing…"))
        self.save_button.setAccessibleName(say("Save drawing…"))
        for each in (self.smaller, self.zoom_words, self.larger, self.fit, self.save_button):
            row.addWidget(each)
        return row

    def _tool(self, icon: str, name: str, act: object) -> QToolButton:
        made = QToolButton()
        made.setIconSize(QSize(18, 18))
        made.setToolTip(name)
        made.setAccessibleName(name)
        made.clicked.connect(act)

        self._theme.follow(made, lambda: made.setIcon(self._theme.icon(icon)))
        return made

    @property
    def level(self) -> Level:
        """What is drawn: blocks or layers."""
        return _LEVELS[self.levels.value]

    @property
    def opened(self) -> frozenset[int]:
        """The numbers of the blocks that are opened among the closed ones."""
        return self._opened

    @property
    def drawing(self) -> Drawing | None:
        """What is drawn now."""
        return self.canvas.drawing

    def show_network(
        self, facts: NetworkFacts, trained: frozenset[str], title: str = "", is_same: bool = False
    ) -> None:
        """Show a network; ``title`` names it in saved files. With ``is_same``, opened blocks
        stay open."""
        self._facts = facts
        self._layers = {layer.name: layer for layer in facts.layers}
        self._trained = trained
        self._title = title or say("Network")
        if not is_same:
            self._opened = frozenset()
        self._lay_out()

    def show_trained(self, trained: frozenset[str]) -> None:
        """Mark other layers of the same network as trained."""
        self._trained = trained
        self.canvas.show_trained(trained)

    def show_layer(self, name: str) -> None:
        """Put the focus on the box with the layer ``name`` and move it into sight."""
        self.canvas.show_layer(name)

    def choose_level(self, level: Level) -> None:
        """Draw blocks or layers."""
        self.levels.buttons[_LEVELS.index(level)].setChecked(True)
        self._lay_out()

    def ask_and_save(self) -> None:
        """Ask for a file, and write the whole drawing to it."""
        if self._facts is None:
            return
        name = "".join(each if each.isalnum() else "-" for each in self._title.lower())
        suggested = documents_folder() / f"{name}.svg"
        kinds = f"{say('Drawing')} (*.svg);;{say('Picture')} (*.png)"
        chosen = self._asking.file_to_write(self, say("Save the drawing"), suggested, kinds)
        if chosen:
            path = Path(chosen)
            if path.suffix.lower() not in (".svg", ".png"):
                path = path.with_name(f"{path.name}.svg")
                if is_file(path):
                    choices = (say("Replace it"), say("Cancel"))
                    text = say("There is a file {name} already.", name=path.name)
                    if self._asking.choice(self, say("Save the drawing"), text, choices, 1) != 0:
                        return
            self.save(path)

    def save(self, path: Path) -> bool:
        """Write the whole drawing, in light colours on white, as .svg or .png; whether it could
        be. The person is told why not."""
        if self._facts is None:
            return False
        problem: Problem | None = None
        QGuiApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
        try:
            save_drawing(
                path,
                self._title,
                self._facts,
                self._trained,
                self.level,
                self._opened,
                self.font(),
            )
        except OSError as error:
            problem = write_problem(error, path)
        finally:
            QGuiApplication.restoreOverrideCursor()
        if problem is not None:
            self._asking.tell(self, problem)
        return problem is None

    def show_all(self) -> None:
        """The whole network at once, however small."""
        self._lay_out(at_any_size=True)

    def _lay_out(self, at_any_size: bool = False) -> None:
        """Lines are broken so that the whole is seen as large as it goes; where that would be too
        small to read, so that they fill the width, and the rest is below."""
        if self._facts is None:
            return
        facts, level, view = self._facts, self.level, self.canvas.size()
        self._laid_out_for = view
        width, height = max(view.width(), 320), max(view.height(), 200)
        row_width = best_row_width(facts, level, self._opened, width, height)
        drawing = layout(facts, level, self._opened, row_width)
        zoom = min(width / drawing.width, height / drawing.height)
        is_whole = at_any_size or zoom >= _SMALLEST_WHOLE
        if not is_whole:
            drawing = layout(facts, level, self._opened, width / _READING_ZOOM - _BESIDE_ROWS)
        self.canvas.show_drawing(drawing, self._layers, self._trained)
        if is_whole:
            self.canvas.fit()
        else:
            self.canvas.fit_lines()
        self.legend.show_drawing(drawing)

    def _on_level_chosen(self, number: int) -> None:
        self._lay_out()

    def _on_block_toggled(self, block: int) -> None:
        if self.level == "blocks" and self.drawing is not None:
            boxes = self.drawing.boxes
            layer = next(box.layers[0] for box in boxes if box.block == block)
            self._opened ^= {block}
            self._lay_out()
            self.canvas.show_layer(layer)

    def _on_zoom_changed(self, zoom: float) -> None:
        self.zoom_words.setText(f"{zoom:.0%}")

    def _on_resized(self) -> None:
        before, now = self._laid_out_for, self.canvas.size()
        change = abs(now.width() - before.width()) / max(1, before.width())
        taller = abs(now.height() - before.height()) / max(1, before.height())
        fitted = self.canvas.is_fitted
        if change > _NEW_LINES_SHARE or (fitted and taller > 2 * _NEW_LINES_SHARE):
            self._lay_out()


class _LegendView(QWidget):
    """Paints a legend, as high as it is at its width."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._drawing: Drawing | None = None
        self._legend: Legend | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_drawing(self, drawing: Drawing) -> None:
        """Explain what is in ``drawing``."""
        self._drawing = drawing
        self._make()

    def resizeEvent(self, event: QResizeEvent) -> None:
        if event.size().width() != event.oldSize().width():
            self._make()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._legend is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(_INSET, 0)
        ShapePainter(self._theme.token, self.font()).paint(painter, self._legend.shapes, 1.0)

    def _make(self) -> None:
        if self._drawing is None:
            return
        self._legend = legend(self._drawing, self.width() - 2 * _INSET)
        self.setFixedHeight(round(self._legend.height))
        self.update()
