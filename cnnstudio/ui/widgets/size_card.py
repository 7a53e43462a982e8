"""How large pictures are made, how they become square, and what the network wants of them."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy

from cnnstudio.project.fields import field_facts
from cnnstudio.project.network_row import VALUES_WANTED
from cnnstudio.project.network_table import find_network
from cnnstudio.project.words import say
from cnnstudio.ui.picture_changes import PictureChanges
from cnnstudio.ui.pictures_state import PicturesState
from cnnstudio.ui.session import ProjectSession
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.basics import Card, button, label
from cnnstudio.ui.widgets.field_form import FieldForm
from cnnstudio.worker.fit_pictures import FitPictures

MOST_LOOKED_AT = 200
_CLEARLY_LARGER = 1.5
_CLEAR_SHAPE = 1.3
_LONGEST_SHAPE = 4.0

if TYPE_CHECKING:
    from cnnstudio.images.arrangement import Arrangement
    from cnnstudio.images.checking import CheckReport


class SizeCard(Card):
    """The three fits are shown on a picture of the project, read as training reads it."""

    def __init__(
        self,
        session: ProjectSession,
        pictures: PicturesState,
        theme: Theme,
        changes: PictureChanges,
    ) -> None:
        super().__init__(say("Size and fit"), spacing=8)
        self._session = session
        self._pictures = pictures
        self._changes = changes
        self._asked: tuple[str, int] | None = None
        self._example = ""
        self._example_of: tuple[Arrangement | None, CheckReport | None] = (None, None)
        self.fits = FitPictures(self)
        self.fits.made.connect(self._on_made)
        self.form = FieldForm(("pictures.size",), lambda: session.project, session.change)
        self.body.addWidget(self.form)
        self._advice = label("", "small", wrap=True)
        self.body.addWidget(self._advice)
        self.take_button = button("", self._take_better_size, "link")
        self.body.addWidget(self.take_button, 0, Qt.AlignmentFlag.AlignLeft)
        facts = field_facts("pictures.fit")
        row = QHBoxLayout()
        row.setSpacing(8)
        self._group = QButtonGroup(self)
        self.tiles: dict[str, FitTile] = {}
        for fit in facts.choices:
            tile = FitTile(say(facts.choice_titles[fit]), theme)
            tile.setToolTip(say(facts.help))
            tile.clicked.connect(lambda _=False, fit=fit: self._choose(fit))
            self._group.addButton(tile)
            row.addWidget(tile)
            self.tiles[fit] = tile
        self.body.addLayout(row)
        self._values = label("", "small", wrap=True)
        self.body.addWidget(self._values)

    def refresh(self) -> None:
        """Show the plan, on an example of the present pictures."""
        project = self._session.project
        allowed = self._changes.is_allowed
        reason = "" if allowed else say("The project is read-only.")
        self.form.refresh()
        self.form.setEnabled(allowed)
        self.form.setToolTip(reason)
        for fit, tile in self.tiles.items():
            tile.setChecked(fit == project.pictures.fit)
            tile.setEnabled(allowed)
            tile.setToolTip(reason or say(field_facts("pictures.fit").help))
        row = find_network(project.network.base)
        words = "" if row is None else say(VALUES_WANTED[row.preprocessing], network=row.title)
        self._values.setText(words)
        self._refresh_advice(allowed)
        wish = (self._find_example(), project.pictures.size)
        if wish != self._asked:
            self._asked = wish
            if wish[0]:
                self.fits.ask(*wish)
            else:
                for tile in self.tiles.values():
                    tile.show_image(None)

    @property
    def better_size(self) -> int | None:
        """A smaller size in which nothing is lost, of pictures that are only enlarged.

        A pretrained base wants the size that it has learned with, so it is left in peace.
        """
        project, report = self._session.project, self._pictures.report
        row = find_network(project.network.base)
        if report is None or row is None or row.is_pretrained or not report.typical_side:
            return None
        low = field_facts("pictures.size").low or 0
        better = max(report.typical_side, row.smallest_size, int(low))
        return better if project.pictures.size >= _CLEARLY_LARGER * better else None

    def _refresh_advice(self, allowed: bool) -> None:
        better = self.better_size
        self._advice.setVisible(better is not None)
        self.take_button.setVisible(better is not None)
        self.take_button.setEnabled(allowed)
        if better is not None and self._pictures.report is not None:
            words = say(
                "Most pictures are {side} px small. Larger ones cost time and show nothing more.",
                side=self._pictures.report.typical_side,
            )
            self._advice.setText(words)
            self.take_button.setText(say("Take {size} px", size=better))

    def _take_better_size(self) -> None:
        plan = self._session.project.pictures.model_copy(update={"size": self.better_size})
        self._session.change_chapter("pictures", plan)

    def _find_example(self) -> str:
        """A picture that is clearly not square, if one is known, else the first."""
        arrangement = self._pictures.arrangement
        if arrangement is None or not arrangement.scan.pictures:
            return ""
        report = self._pictures.report
        if self._example_of[0] is arrangement and self._example_of[1] is report:
            return self._example
        self._example_of = (arrangement, report)
        self._example = ""
        for picture in arrangement.scan.pictures[:MOST_LOOKED_AT]:
            if picture.path in arrangement.unreadable:
                continue
            self._example = self._example or picture.path
            facts = report.facts.get(picture.path) if report is not None else None
            if facts is None or not facts.width:
                continue
            shorter, longer = sorted((facts.width, facts.height))
            if _CLEAR_SHAPE <= longer / max(1, shorter) <= _LONGEST_SHAPE:
                self._example = picture.path
                break
        return self._example

    def _choose(self, fit: str) -> None:
        plan = self._session.project.pictures.model_copy(update={"fit": fit})
        self._session.change_chapter("pictures", plan)

    def _on_made(self, path: str, fit: str, image: QImage) -> None:
        if self._asked is not None and path == self._asked[0]:
            self.tiles[fit].show_image(image)


class FitTile(QAbstractButton):
    """A picture with its fit's name below, to be chosen."""

    def __init__(self, title: str, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._image: QImage | None = None
        self.setText(title)
        self.setCheckable(True)
        self.setAccessibleName(title)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.changed.connect(self.update)

    def show_image(self, image: QImage | None) -> None:
        """The picture in this fit, pixel by pixel as the network gets it."""
        self._image = image
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(80, self.heightForWidth(80))

    def heightForWidth(self, width: int) -> int:
        return width + 2 * self.fontMetrics().lineSpacing() + 4

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = float(self.width())
        chosen = self.isChecked()
        area = QRectF(1.5, 1.5, side - 3, side - 3)
        inside = area.adjusted(3, 3, -3, -3) if chosen else area
        shape = QPainterPath()
        shape.addRoundedRect(inside, 5, 5)
        painter.fillPath(shape, self._theme.color("pressed"))
        if self._image is not None:
            painter.save()
            painter.setClipPath(shape)
            is_small = self._image.width() < inside.width()
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not is_small)
            painter.setOpacity(1.0 if self.isEnabled() or chosen else 0.5)
            painter.drawImage(inside, self._image)
            painter.restore()
        pen = painter.pen()
        if chosen or self.hasFocus():
            pen.setColor(self._theme.color("accent" if chosen else "text"))
            pen.setWidthF(2)
        else:
            pen.setColor(self._theme.color("line"))
            pen.setWidthF(1)
        painter.setPen(pen)
        painter.drawRoundedRect(area, 7, 7)
        font = self.font()
        font.setPointSizeF(8.5)
        font.setBold(chosen)
        font.setUnderline(self.hasFocus())
        painter.setFont(font)
        painter.setPen(self._theme.color("accent" if chosen else "quiet"))
        below = QRectF(0, side + 2, side, self.height() - side - 2)
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        painter.drawText(below, int(flags), self.text())
