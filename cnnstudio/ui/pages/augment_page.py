"""Augment: the seven classic settings, and what they do to a picture."""

from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout

from cnnstudio.project.augmentation import PRESETS, preset_of
from cnnstudio.project.fields import all_fields
from cnnstudio.project.words import say
from cnnstudio.protocol import AugmentationShown, ClosingEvent, ShowAugmentation, WorkFailed
from cnnstudio.ui.one_question import OneQuestion
from cnnstudio.ui.pictures_state import PicturesState
from cnnstudio.ui.session import ProjectSession
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.basics import Card, Column, Page, button, label
from cnnstudio.ui.widgets.field_form import FieldForm
from cnnstudio.ui.widgets.picture_wall import PictureWall
from cnnstudio.worker.engine_keeper import EngineKeeper

VARIANTS = 11
PREVIEW_DELAY_MS = 80


class AugmentPage(Page):
    """The second step."""

    def __init__(
        self,
        session: ProjectSession,
        pictures: PicturesState,
        keeper: EngineKeeper,
        theme: Theme,
    ) -> None:
        super().__init__(
            say("Augment"),
            say("Every epoch shows each picture a little differently, so the network learns more."),
        )
        self._session = session
        self._pictures = pictures
        self._question = OneQuestion(keeper, self)
        self._question.answered.connect(self._on_answered)
        self._asked: ShowAugmentation | None = None
        self._seed = 1
        self._place = 0
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._ask)
        settings = Card(spacing=14)
        presets = QHBoxLayout()
        presets.setSpacing(8)
        self.presets = {}
        for key, (title, plan) in PRESETS.items():
            made = button(
                say(title),
                partial(session.change_chapter, "augmentation", plan),
                "segment",
            )
            made.setCheckable(True)
            presets.addWidget(made)
            self.presets[key] = made
        presets.addStretch(1)
        settings.body.addLayout(presets)
        paths = [each.path for each in all_fields() if each.chapter == "augmentation"]
        self.form = FieldForm(paths, lambda: session.project, session.change, with_sliders=True)
        settings.body.addWidget(self.form)
        left = Column(380)
        left.body.addWidget(settings)
        left.body.addStretch(1)
        self.body.addWidget(left)
        self.body.addWidget(self._make_preview(theme), 1)
        self.hint.setText(say("Only training pictures are changed, and only while training."))
        self.add_main_button(say("Network →"), self.next_wanted.emit)
        session.project_changed.connect(lambda *_: self.refresh())
        pictures.changed.connect(self.refresh)
        self.refresh()

    def _make_preview(self, theme: Theme) -> Card:
        card = Card()
        card.body.addWidget(label(say("What the network will see"), "heading"))
        self._words = label("", "quiet", wrap=True)
        card.body.addWidget(self._words)
        self.wall = PictureWall(theme, columns=4, rows=3)
        card.body.addWidget(self.wall, 1)
        below = QHBoxLayout()
        self.other_picture = button(say("Another picture"), self._show_other_picture)
        self.another = button(say("Another eleven"), self._show_another)
        below.addStretch(1)
        below.addWidget(self.other_picture)
        below.addWidget(self.another)
        card.body.addLayout(below)
        return card

    def refresh(self) -> None:
        """Show the plan as it is now, and ask for new variants."""
        self.form.refresh()
        self.form.setEnabled(not self._session.folder.read_only)
        chosen = preset_of(self._session.project.augmentation)
        for key, made in self.presets.items():
            made.setChecked(key == chosen)
            made.setEnabled(not self._session.folder.read_only)
        has_pictures = self._pictures.listing is not None
        self.another.setEnabled(has_pictures)
        self.other_picture.setEnabled(has_pictures)
        if not has_pictures:
            self.wall.show_images([])
            self._words.setText(say("Choose pictures first; then eleven variants stand here."))
        self._timer.start(PREVIEW_DELAY_MS)

    def showEvent(self, event: object) -> None:
        self._timer.start(0)

    def close_jobs(self) -> None:
        """End the question in hand."""
        self._timer.stop()
        self._question.close()

    def _preview(self) -> ShowAugmentation | None:
        listing = self._pictures.listing
        training = listing.of_part("training") if listing is not None else ()
        if not training:
            return None
        project = self._session.project
        plan = project.pictures.model_copy(update={"folders": ()})
        file = training[self._place % len(training)].path
        return ShowAugmentation(file, plan, project.augmentation, VARIANTS, self._seed)

    def _ask(self) -> None:
        wanted = self._preview()
        if not self.isVisible() or wanted is None or wanted == self._asked:
            return
        if not self._question.ask(wanted):
            return  # the answer in hand asks again
        self._asked = wanted
        if not self.wall.has_images:
            self._words.setText(say("Preparing…"))

    def _show_another(self) -> None:
        self._seed += 1
        self._timer.start(0)

    def _show_other_picture(self) -> None:
        self._place += 1
        self._timer.start(0)

    def _on_answered(self, event: ClosingEvent) -> None:
        match event:
            case AugmentationShown():
                shown = [event.original, *event.variants]
                side = event.size
                images = [
                    QImage(data, side, side, 3 * side, QImage.Format.Format_RGB888).copy()
                    for data in shown
                ]
                self.wall.show_images(images, (say("Original"),))
                is_off = self._session.project.augmentation.is_off
                self._words.setText(
                    say("Augmentation is off: every picture stays as it is.")
                    if is_off
                    else say("First the picture itself, then eleven ways it may look.")
                )
            case WorkFailed():
                self._words.setText(f"{event.problem.message} {event.problem.remedy}")
            case _:
                pass
        self._timer.start(0)
