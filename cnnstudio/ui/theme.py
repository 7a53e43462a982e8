"""Colours and style: tokens declared once, used by style sheet, painters and charts."""

import hashlib
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from string import Template
from typing import Literal

from PySide6.QtCore import QByteArray, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from cnnstudio.project.places import cache_folder, resources_folder

Choice = Literal["system", "light", "dark"]


@cache
def _tokens() -> dict[str, dict[str, str]]:
    text = (resources_folder() / "style" / "tokens.json").read_text(encoding="utf-8")
    loaded: dict[str, dict[str, str]] = json.loads(text)
    return loaded


@cache
def _icon_source(name: str) -> str:
    return (resources_folder() / "icons" / f"{name}.svg").read_text(encoding="utf-8")


class Theme(QObject):
    """The look that is in force. ``changed`` says that painters must paint again."""

    changed = Signal()

    def __init__(self, choice: Choice = "system", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._choice: Choice = choice
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_system_changed)

    @property
    def choice(self) -> Choice:
        """What the person chose."""
        return self._choice

    @property
    def is_dark(self) -> bool:
        """Whether the dark look is in force."""
        if self._choice == "system":
            return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return self._choice == "dark"

    def choose(self, choice: Choice) -> None:
        """Take another look at once."""
        self._choice = choice
        self.apply()

    def follow(self, widget: QObject, paint: Callable[[], object]) -> None:
        """Call ``paint`` now and at every change of the look, as long as ``widget`` lives."""
        paint()
        connection = self.changed.connect(paint)
        widget.destroyed.connect(lambda *_: QObject.disconnect(connection))

    def token(self, name: str) -> str:
        """A colour of the look in force, as ``#RRGGBB``."""
        return _tokens()["dark" if self.is_dark else "light"][name]

    def color(self, name: str) -> QColor:
        """A colour of the look in force."""
        return QColor(self.token(name))

    def apply(self) -> None:
        """Give the whole program the look in force."""
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        tokens = _tokens()["dark" if self.is_dark else "light"]
        app.setPalette(self._palette())
        sheet = (resources_folder() / "style" / "style.qss").read_text(encoding="utf-8")
        icons = self._tinted_icons_folder(tokens)
        app.setStyleSheet(Template(sheet).substitute(tokens | {"icons": icons.as_posix()}))
        self.changed.emit()

    def icon(self, name: str, token: str = "text") -> QIcon:
        """One of our line icons in a colour of the look in force, grey where it is disabled."""
        icon = QIcon()
        icon.addPixmap(self.pixmap(name, 24, token))
        icon.addPixmap(self.pixmap(name, 24, "control_line"), QIcon.Mode.Disabled)
        return icon

    def pixmap(self, name: str, side: int, token: str = "text") -> QPixmap:
        """One of our line icons as a picture, sharp at the screen's scale."""
        scale = QGuiApplication.primaryScreen().devicePixelRatio()
        pixmap = QPixmap(round(side * scale), round(side * scale))
        pixmap.fill(Qt.GlobalColor.transparent)
        source = _icon_source(name).replace("#000000", self.token(token))
        painter = QPainter(pixmap)
        QSvgRenderer(QByteArray(source.encode())).render(painter, QRectF(pixmap.rect()))
        painter.end()
        pixmap.setDevicePixelRatio(scale)
        return pixmap

    def _palette(self) -> QPalette:
        palette = QPalette()
        roles = {
            QPalette.ColorRole.Window: "page",
            QPalette.ColorRole.WindowText: "text",
            QPalette.ColorRole.Base: "surface",
            QPalette.ColorRole.AlternateBase: "page",
            QPalette.ColorRole.Text: "text",
            QPalette.ColorRole.Button: "surface",
            QPalette.ColorRole.ButtonText: "text",
            QPalette.ColorRole.ToolTipBase: "raised",
            QPalette.ColorRole.ToolTipText: "text",
            QPalette.ColorRole.PlaceholderText: "quiet",
            QPalette.ColorRole.Highlight: "accent",
            QPalette.ColorRole.HighlightedText: "on_accent",
            QPalette.ColorRole.Link: "accent",
        }
        for role, token in roles.items():
            palette.setColor(role, self.color(token))
        for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, self.color("quiet"))
        return palette

    def _tinted_icons_folder(self, tokens: dict[str, str]) -> Path:
        """The icons that the style sheet names, as files in this look's colours."""
        sources = {path.stem: path.read_text() for path in _icon_files()}
        key = hashlib.sha256(json.dumps([tokens, sources]).encode()).hexdigest()[:16]
        folder = cache_folder() / "style" / key
        if not (folder / "complete").exists():
            folder.mkdir(parents=True, exist_ok=True)
            for name, source in sources.items():
                tinted = Template(source).safe_substitute(tokens)
                (folder / f"{name}.svg").write_text(tinted.replace("#000000", tokens["quiet"]))
            (folder / "complete").touch()
        return folder

    def _on_system_changed(self) -> None:
        if self._choice == "system":
            self.apply()


def _icon_files() -> list[Path]:
    """The icons that are named in the style sheet."""
    icons = resources_folder() / "icons"
    names = ("check", "chevron-down", "chevron-up", "chevron-right")
    return [icons / f"{name}.svg" for name in names] + sorted(icons.glob("box-*.svg"))
