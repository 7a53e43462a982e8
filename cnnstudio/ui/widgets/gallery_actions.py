"""What can be done with chosen pictures, as menus for the gallery and the large view."""

from collections.abc import Callable, Collection, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMenu

from cnnstudio.project.pictures import Part
from cnnstudio.project.words import say
from cnnstudio.ui.widgets.gallery_model import PART_NAMES

PARTS: tuple[Part, ...] = ("training", "validation", "test")


def fill_move_menu(
    menu: QMenu,
    classes: Sequence[str],
    present: Collection[str],
    on_chosen: Callable[[str], object],
    on_new_class: Callable[[], object],
) -> None:
    """One entry a class but the only one that the pictures are in, and one for a new class."""
    menu.clear()
    for name in classes:
        if present != {name}:
            menu.addAction(shown_name(name), partial(on_chosen, name))
    if menu.actions():
        menu.addSeparator()
    menu.addAction(say("New class…"), on_new_class)


def fill_pin_menu(menu: QMenu, on_chosen: Callable[[Part | None], object]) -> None:
    """One entry a part, and one for letting go."""
    menu.clear()
    for part in PARTS:
        menu.addAction(say(PART_NAMES[part]), partial(on_chosen, part))
    menu.addSeparator()
    menu.addAction(say("Not pinned"), lambda: on_chosen(None))


def shown_name(name: str) -> str:
    """A class's name where an ampersand would mark the key to press."""
    return name.replace("&", "&&")


def show_in_folder(path: str) -> bool:
    """Open the folder that the picture, or the archive it lies in, stands in.

    Says whether the system could do it.
    """
    from cnnstudio.images.archives import inside  # NumPy: not at start-up

    within = inside(path)
    folder = Path(within.archive if within is not None else path).parent
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
