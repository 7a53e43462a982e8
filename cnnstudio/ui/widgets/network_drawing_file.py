"""A drawing as a file, for a slide or for paper: SVG, or PNG with twice the usual points."""

import math
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QFont, QImage, QPainter

from cnnstudio.project.drawing.inks import print_palette
from cnnstudio.project.drawing.layout import PAGE, best_row_width, layout
from cnnstudio.project.drawing.picture import as_svg, page
from cnnstudio.project.drawing.values import Level
from cnnstudio.project.files import write_text_atomically, written_atomically
from cnnstudio.project.network_facts import NetworkFacts
from cnnstudio.ui.widgets.network_drawing_paint import ShapePainter

MOST_PIXELS = 16_000
"""On a side: more than this many programs refuse."""

_MOST_POINTS = 30_000_000
_SCALE = 2.0

_LITTLE_PRESSED = 75
"""Qt's 'quality' of a PNG only says how long it is pressed: a third of the time, a tenth larger."""


def save_drawing(
    path: Path,
    title: str,
    facts: NetworkFacts,
    trained: frozenset[str],
    level: Level,
    opened: frozenset[int],
    font: QFont,
) -> None:
    """Write the whole network to ``path``, by its ending as .png or as SVG.

    Raises:
        OSError: if it cannot be written; ``path`` is then as it was.
    """
    row_width = best_row_width(facts, level, opened, *PAGE)
    drawing = layout(facts, level, opened, row_width)
    layers = {layer.name: layer for layer in facts.layers}
    if path.suffix.lower() != ".png":
        text = as_svg(title, drawing, layers, trained, print_palette)
        write_text_atomically(path, text)
        return
    groups, width, height = page(drawing, layers, trained)
    area_scale = math.sqrt(_MOST_POINTS / (width * height))
    scale = min(_SCALE, MOST_PIXELS / width, MOST_PIXELS / height, area_scale)
    picture = QImage(
        max(1, round(width * scale)), max(1, round(height * scale)), QImage.Format.Format_RGB32
    )
    if picture.isNull():
        raise OSError(None, "no memory for the picture")
    picture.fill(Qt.GlobalColor.white)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(scale, scale)
    shapes = ShapePainter(print_palette, font)
    for _, group in groups:
        shapes.paint(painter, group, scale)
    painter.end()
    picture.setText("Title", title)
    whole = QBuffer()
    whole.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(whole, "PNG", _LITTLE_PRESSED)  # type: ignore[call-overload]  # It takes a str only.
    with written_atomically(path) as beside:
        beside.write_bytes(whole.data().data())
