"""Curves as files: a picture for a slide or for paper, the figures for a spreadsheet."""

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QImage, QPainter
from PySide6.QtSvg import QSvgGenerator

from cnnstudio.project.epochs import EpochFacts
from cnnstudio.project.files import written_atomically
from cnnstudio.project.words import say
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.curve_data import CurveData, Look, laid_over
from cnnstudio.ui.widgets.curve_sheet import paint_sheet

ENDINGS = (".png", ".svg", ".csv")
SCALE = 2.0
"""Points of a PNG for each on the screen."""

_LITTLE_PRESSED = 75
"""Qt's 'quality' of a PNG only says how long it is pressed: less time, a little larger."""

_MARGIN = 16
_RUNS_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def save_curves(
    path: Path, curves: CurveData, look: Look, size: tuple[int, int], font: QFont
) -> None:
    """Write what is shown to ``path``, by its ending as a picture of ``size`` points (in light
    colours, without what is read off) or as figures.

    Raises:
        OSError: if it cannot be written; ``path`` is then as it was.
    """
    match path.suffix.lower():
        case ".csv":
            content = as_csv(curves, look).encode("utf-8-sig")  # So spreadsheets know it is UTF-8.
        case ".svg":
            content = _as_svg(curves, look, size, font)
        case _:
            content = _as_png(curves, look, size, font)
    with written_atomically(path) as beside:
        beside.write_bytes(content)


def as_csv(curves: CurveData, look: Look) -> str:
    """A line an epoch; with earlier runs laid over, theirs too and a column that names the run;
    with classes told apart, a column for each class."""
    runs = [(curves.name, curves.history), *laid_over(curves, look.overlaid)]
    columns = [each.name for each in fields(EpochFacts)]
    classes = curves.classes if look.by_class else ()
    shares = {each.epoch: each.class_accuracies for each in curves.details}
    heads = [say("validation accuracy of {name}", name=name) for name in classes]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    names_run = len(runs) > 1
    writer.writerow(_safe([*(["run"] if names_run else []), *columns, *heads]))
    for number, (name, history) in enumerate(runs):
        for facts in history:
            known = shares.get(facts.epoch, ()) if number == 0 else ()
            cells: list[object] = [name] if names_run else []
            cells += asdict(facts).values()
            cells += [known[place] if place < len(known) else None for place in range(len(classes))]
            writer.writerow(_safe(cells))
    return text.getvalue()


def _safe(cells: Sequence[object]) -> list[object]:
    """Cells that no spreadsheet takes for formulas; numbers stay numbers."""
    return [
        f"'{cell}" if isinstance(cell, str) and cell.startswith(_RUNS_AS_FORMULA) else cell
        for cell in cells
    ]


def _as_png(curves: CurveData, look: Look, size: tuple[int, int], font: QFont) -> bytes:
    width, height = size
    picture = QImage(QSize(round(width * SCALE), round(height * SCALE)), QImage.Format.Format_RGB32)
    if picture.isNull():
        raise OSError(None, "no memory for the picture")
    picture.setDevicePixelRatio(SCALE)
    picture.fill(Qt.GlobalColor.white)
    painter = QPainter(picture)
    _paint(painter, curves, look, size, font)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG", _LITTLE_PRESSED)  # type: ignore[call-overload]  # A str only.
    return bytes(buffer.data().data())


def _as_svg(curves: CurveData, look: Look, size: tuple[int, int], font: QFont) -> bytes:
    width, height = size
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(QSize(width, height))
    generator.setViewBox(QRectF(0, 0, width, height))
    generator.setResolution(96)
    generator.setTitle(curves.name or say("Curves of the training"))
    painter = QPainter(generator)
    _paint(painter, curves, look, size, font)
    painter.end()
    return bytes(buffer.data().data())


def _paint(
    painter: QPainter, curves: CurveData, look: Look, size: tuple[int, int], font: QFont
) -> None:
    area = QRectF(0, 0, *size).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
    paint_sheet(painter, curves, look, area, font, Theme("light"))
