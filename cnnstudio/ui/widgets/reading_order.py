"""The keyboard goes through a page as the eye does, whatever was made last."""

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QScrollArea, QWidget


def put_in_reading_order(page: QWidget) -> None:
    """Let Tab go through ``page`` in the order of its layouts."""
    for before, after in pairwise(stops_in_order(page)):
        QWidget.setTabOrder(before, after)


def stops_in_order(widget: QWidget) -> Iterator[QWidget]:
    """All in ``widget`` that the keyboard can come to, also what is hidden now."""
    if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
        yield widget
    elif isinstance(widget, QScrollArea):
        if (inside := widget.widget()) is not None:
            yield from stops_in_order(inside)
    elif (layout := widget.layout()) is not None:
        yield from _stops_of(layout)


def _stops_of(layout: QLayout) -> Iterator[QWidget]:
    for place in range(layout.count()):
        item = layout.itemAt(place)
        if item is None:
            continue
        if (widget := item.widget()) is not None:
            yield from stops_in_order(widget)
        elif (inner := item.layout()) is not None:
            yield from _stops_of(inner)
