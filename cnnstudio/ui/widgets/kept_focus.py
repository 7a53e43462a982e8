"""The keyboard stays where it was when what it stood on goes away.

Left alone, Qt hands it to the next widget of the window and scrolls that into view.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QWidget


@contextmanager
def focus_kept(around: QWidget) -> Iterator[None]:
    """Where the keyboard is inside ``around``, what is made anew there has it in the same place."""
    place = focus_place(around)
    if place is not None:
        take_focus(around, place)
    yield


def focus_place(around: QWidget) -> int | None:
    """The how manieth stop of the keyboard inside ``around`` it is at; ``None``: at none."""
    focused = around.window().focusWidget()
    if focused is around:
        return 0
    if focused is None or not around.isAncestorOf(focused):
        return None
    stops = _stops(around)
    return stops.index(focused) if focused in stops else 0


def take_focus(around: QWidget, place: int) -> None:
    """Put the keyboard at such a stop of ``around`` as soon as everything there is shown."""
    focused = around.window().focusWidget()
    around.setFocus()  # It waits here: nothing flees, nothing scrolls.

    def settle() -> None:
        if around.window().focusWidget() is not around:
            return  # Somebody has put it elsewhere.
        stops = _stops(around)
        if focused in stops:
            focused.setFocus()
        elif stops:
            stops[min(place, len(stops) - 1)].setFocus()

    QTimer.singleShot(0, around, settle)


def _stops(around: QWidget) -> list[QWidget]:
    """What the keyboard can come to inside ``around``, as the eye goes."""
    stops = [
        each
        for each in around.findChildren(QWidget)
        if each.isVisible() and each.isEnabled() and each.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]

    def where(stop: QWidget) -> tuple[int, int]:
        corner = stop.mapTo(around, QPoint(0, 0))
        return corner.y(), corner.x()

    return sorted(stops, key=where)
