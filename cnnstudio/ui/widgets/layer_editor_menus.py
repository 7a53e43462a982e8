"""The editor's menus: what can be inserted, where one can start, and what a layer can be given."""

from collections.abc import Callable

from PySide6.QtWidgets import QMenu, QWidget

from cnnstudio.project.layer_kinds import Layer
from cnnstudio.project.words import say
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.layer_editor_looks import GROUPS, ICONS
from cnnstudio.ui.widgets.layer_editor_start import CLASSICS, variant_actions

Insert = Callable[[type[Layer]], object]
Start = Callable[[str, str], object]


def kinds_menu(title: str, theme: Theme, insert: Insert, parent: QWidget) -> QMenu:
    """Every kind of layer with its sentence, those that belong together in a group."""
    menu = QMenu(title, parent)

    def fill() -> None:
        menu.clear()
        for number, group in enumerate(GROUPS):
            if number:
                menu.addSeparator()
            for kind in group:
                # Behind a tab stands a second column: the place of shortcuts, here the sentence.
                action = menu.addAction(f"{say(kind.title)}\t{say(kind.sentence)}")
                action.setIcon(theme.icon(ICONS[kind]))
                action.setData(kind)
                action.triggered.connect(lambda *_, kind=kind: insert(kind))

    theme.follow(menu, fill)
    return menu


def classics_menu(parent: QWidget, start: Start) -> QMenu:
    """Every classic; those that can be built in several ways open a menu of these."""
    menu = QMenu(parent)
    menu.setToolTipsVisible(True)
    for row in CLASSICS:
        if len(row.variants) > 1:
            inner = menu.addMenu(row.title)
            for action, variant in variant_actions(inner, row):
                action.triggered.connect(
                    lambda *_, key=row.key, variant=variant: start(key, variant)
                )
        else:
            action = menu.addAction(row.title)
            action.setToolTip(say(row.sentence))
            action.triggered.connect(lambda *_, key=row.key: start(key, ""))
    return menu
