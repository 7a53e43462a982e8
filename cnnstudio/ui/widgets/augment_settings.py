"""The settings of augmentation: in groups, each with a small picture of its own effect."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from cnnstudio.project.augmentation import GROUPS, AugmentationPlan, Group, effects, fields_of
from cnnstudio.project.fields import field_facts
from cnnstudio.project.words import say, say_count
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.basics import Card, button, label
from cnnstudio.ui.widgets.field_form import FieldEditor

THUMB = 40
PLAIN: Group = "moves"
FOLDED: tuple[Group, ...] = ("edges", "colours", "covers")

_ICON = 20
_RADIUS = 6.0


class EffectPicture(QWidget):
    """A small picture; an icon stands in as long as there is none."""

    def __init__(self, theme: Theme, title: str) -> None:
        super().__init__()
        self._theme = theme
        self._image: QImage | None = None
        self.setFixedSize(THUMB, THUMB)
        self.setToolTip(say("What '{setting}' alone does, when it is strong", setting=title))
        theme.changed.connect(self.update)

    @property
    def has_image(self) -> bool:
        """Whether a picture is shown, and not the icon."""
        return self._image is not None

    def show_image(self, image: QImage | None) -> None:
        """Show a picture, or the icon."""
        self._image = image
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(self.rect()), _RADIUS, _RADIUS)
        painter.setClipPath(shape)
        if self._image is not None:
            painter.drawImage(self.rect(), self._image)
            return
        painter.fillRect(self.rect(), self._theme.color("hover"))
        icon = self._theme.pixmap("sparkle", _ICON, "control_line")
        painter.drawPixmap((THUMB - _ICON) // 2, (THUMB - _ICON) // 2, icon)


class _Row(QWidget):
    """A setting with its small picture on the left."""

    def __init__(self, picture: EffectPicture | None, editor: FieldEditor) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        if picture is not None:
            side = QVBoxLayout()
            side.addWidget(picture)
            side.addStretch(1)
            row.addLayout(side)
        row.addWidget(editor, 1)


class AugmentSettings(QWidget):
    """Editors of the whole chapter. ``unfolded`` says that more settings are in sight."""

    unfolded = Signal()

    def __init__(
        self,
        theme: Theme,
        on_change: Callable[[AugmentationPlan, str], None],
        plan: AugmentationPlan,
    ) -> None:
        super().__init__()
        self._on_change = on_change
        self._plan = plan
        self.editors: dict[str, FieldEditor] = {}
        self.pictures: dict[str, EffectPicture] = {}
        body = QVBoxLayout(self)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(16)
        body.addWidget(self._make_card(theme, PLAIN))
        self.more = button("", self._on_more, "link")
        self.more.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.more.setIconSize(QSize(16, 16))
        body.addWidget(self.more)
        self._folded = [self._make_card(theme, group) for group in FOLDED]
        for card in self._folded:
            body.addWidget(card)
        self._when = self._make_card(theme, "mode")
        self.cost = label("", "small", wrap=True)
        self._when.body.addWidget(self.cost)
        body.addWidget(self._when)
        self._theme = theme
        self._is_open = any(getattr(plan, name) for name in self._folded_effects())
        theme.changed.connect(self._show_fold)
        self.show_plan(plan)

    def show_plan(self, plan: AugmentationPlan) -> None:
        """Show the plan as it is now."""
        self._plan = plan
        for name, editor in self.editors.items():
            editor.show_value(getattr(plan, name))
        self.editors["variants"].setEnabled(plan.mode == "prepared")
        self._show_fold()

    def effects_in_sight(self) -> tuple[str, ...]:
        """The settings whose small pictures can be seen, those first that come first."""
        hidden = set() if self._is_open else set(self._folded_effects())
        return tuple(name for name in self.pictures if name not in hidden)

    def show_effects(self, found: Iterable[tuple[str, QImage]]) -> None:
        """Small pictures of some settings."""
        for name, image in found:
            self.pictures[name].show_image(image)

    def forget_effects(self) -> None:
        """Icons again, for another picture."""
        for picture in self.pictures.values():
            picture.show_image(None)

    def open_more(self) -> None:
        """Show the folded settings."""
        if not self._is_open:
            self._on_more()

    def _folded_effects(self) -> list[str]:
        return [name for group in FOLDED for name in fields_of(group) if name in effects()]

    def _make_card(self, theme: Theme, group: Group) -> Card:
        card = Card(say(GROUPS[group]), spacing=14)
        for name in fields_of(group):
            facts = field_facts(f"augmentation.{name}")
            editor = FieldEditor(facts, partial(self._on_edited, name), with_slider=True)
            picture = EffectPicture(theme, say(facts.title)) if name in effects() else None
            if editor.control.focusPolicy() == Qt.FocusPolicy.WheelFocus:
                editor.control.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.editors[name] = editor
            if picture is not None:
                self.pictures[name] = picture
            card.body.addWidget(_Row(picture, editor))
        return card

    def _on_edited(self, name: str, value: Any) -> None:
        self._on_change(self._plan.model_copy(update={name: value}), f"augmentation.{name}")

    def _on_more(self) -> None:
        self._is_open = not self._is_open
        self._show_fold()
        if self._is_open:
            self.unfolded.emit()

    def _show_fold(self) -> None:
        count = sum(bool(getattr(self._plan, name)) for name in self._folded_effects())
        if self._is_open:
            words = say("Fewer settings")
        elif count:
            words = say_count("More settings ({count} on)", "More settings ({count} on)", count)
        else:
            words = say("More settings")
        self.more.setText(words)
        arrow = "chevron-down" if self._is_open else "chevron-right"
        self.more.setIcon(self._theme.icon(arrow, "accent"))
        for card in self._folded:
            card.setVisible(self._is_open)
