"""Augment: how pictures are changed at random, and what that does to one of them."""

from collections import Counter
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout

from cnnstudio.project.augmentation import AugmentationPlan
from cnnstudio.project.augmentation_hints import Hint, hints_for
from cnnstudio.project.listing import ListedPicture, PictureList
from cnnstudio.project.problems import Problem
from cnnstudio.project.words import say
from cnnstudio.protocol import AugmentationShown
from cnnstudio.ui.pictures_state import PicturesState
from cnnstudio.ui.session import ProjectSession
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.augment_presets import PresetBar
from cnnstudio.ui.widgets.augment_preview import VARIANTS, AugmentPreview, rgb_image
from cnnstudio.ui.widgets.augment_settings import AugmentSettings
from cnnstudio.ui.widgets.basics import (
    Card,
    Column,
    Notice,
    Page,
    Tone,
    button,
    clear_layout,
    label,
)
from cnnstudio.ui.widgets.picture_wall import PictureWall
from cnnstudio.worker.engine_keeper import EngineKeeper

HINT_DELAY_MS = 150
MOST_HINTS = 2
_LEFT_WIDTH = 384
_CLASS_WIDTH = 176
_HIGH_ENOUGH = 720
"""On a lower page, only the first hint leaves room for the pictures."""

_MEGABYTE = 10**6


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
        self._listing: PictureList | None = None
        self._training: tuple[ListedPicture, ...] = ()
        self._hints_shown: tuple[list[Hint], bool] = ([], False)
        self.preview = AugmentPreview(keeper, self)
        self.preview.shown.connect(self._on_shown)
        self.preview.failed.connect(self._on_failed)
        plan = session.project.augmentation
        self.presets_bar = PresetBar(self._on_preset, plan)
        self.presets = self.presets_bar.buttons
        self.settings = AugmentSettings(theme, self._on_edited, plan)
        self.settings.unfolded.connect(self._wish)
        self.preview.effects_shown.connect(self.settings.show_effects)
        self.preview.effects_forgotten.connect(self.settings.forget_effects)
        presets = Card(say("Presets"))
        presets.body.addWidget(self.presets_bar)
        left = Column(_LEFT_WIDTH)
        left.body.setContentsMargins(0, 0, 8, 0)
        left.body.addWidget(presets)
        left.body.addWidget(self.settings)
        left.body.addStretch(1)
        self.body.addWidget(left)
        self.body.addWidget(self._make_preview(theme), 1)
        self.hint.setText(say("Only training pictures are changed, and only while training."))
        self.add_main_button(say("Network →"), self.next_wanted.emit)
        self._hint_timer = QTimer(self, singleShot=True, interval=HINT_DELAY_MS)
        self._hint_timer.timeout.connect(self._show_hints)
        session.project_changed.connect(lambda *_: self.refresh())
        pictures.changed.connect(self.refresh)
        self._take_listing(pictures.listing)
        self.refresh()

    def _make_preview(self, theme: Theme) -> Card:
        card = Card()
        self.class_choice = QComboBox()
        self.class_choice.setAccessibleName(say("Class of the picture"))
        self.class_choice.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.class_choice.setMinimumContentsLength(4)
        self.class_choice.setMaximumWidth(_CLASS_WIDTH)
        self.class_choice.currentIndexChanged.connect(self._on_class_chosen)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(label(say("The network sees"), "heading"))
        head.addWidget(self.class_choice, 1)
        card.body.addLayout(head)
        self._words = label("", "quiet", wrap=True)
        card.body.addWidget(self._words)
        self.wall = PictureWall(theme, VARIANTS)
        self.wall.setAccessibleName(say("The picture and twelve variants"))
        card.body.addWidget(self.wall, 1)
        below = QHBoxLayout()
        below.setSpacing(8)
        self.other_picture = button(say("Another picture"), self._show_other_picture)
        self.another = button(say("Another twelve"), self._show_another)
        below.addStretch(1)
        below.addWidget(self.other_picture)
        below.addWidget(self.another)
        card.body.addLayout(below)
        self._notices = QVBoxLayout()
        self._notices.setSpacing(8)
        card.body.addLayout(self._notices)
        return card

    @property
    def plan(self) -> AugmentationPlan:
        """The plan as it is now."""
        return self._session.project.augmentation

    def refresh(self) -> None:
        """Show the plan as it is now, and ask for new variants."""
        if self._pictures.listing is not self._listing:
            self._take_listing(self._pictures.listing)
        may_change = not self._session.folder.read_only
        self.settings.show_plan(self.plan)
        self.settings.setEnabled(may_change)
        self.presets_bar.show_plan(self.plan)
        self.presets_bar.setEnabled(may_change)
        for control in (self.other_picture, self.class_choice):
            control.setEnabled(bool(self._training))
        self._show_cost()
        self._hint_timer.start()
        self._wish()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._wish()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.preview.forget_wish()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._hint_timer.start()

    def close_jobs(self) -> None:
        """End the question in hand."""
        self._hint_timer.stop()
        self.preview.close()

    def _wish(self) -> None:
        if self.isVisible():
            if not self.wall.has_images:
                self._words.setText(say("Preparing…"))
            in_sight = self.settings.effects_in_sight()
            self.preview.wish(self._session.project.pictures, self.plan, in_sight)

    def _take_listing(self, listing: PictureList | None) -> None:
        self._listing = listing
        self._training = listing.of_part("training") if listing is not None else ()
        chosen = self.class_choice.currentData()
        self.class_choice.blockSignals(True)
        self.class_choice.clear()
        self.class_choice.addItem(say("Any class"), None)
        for name in listing.classes if listing is not None else ():
            self.class_choice.addItem(name, name)
        self.class_choice.setCurrentIndex(max(0, self.class_choice.findData(chosen)))
        self.class_choice.blockSignals(False)
        self._choose_pictures()

    def _choose_pictures(self) -> None:
        chosen = self.class_choice.currentData()
        of_class = tuple(each for each in self._training if each.label == chosen)
        self.preview.choose_from(of_class or self._training)

    def _on_class_chosen(self) -> None:
        self._choose_pictures()
        self._wish()

    def _show_another(self) -> None:
        self.preview.another_twelve()
        self._wish()

    def _show_other_picture(self) -> None:
        self.preview.another_picture()
        self._wish()

    def _on_edited(self, plan: AugmentationPlan, merging: str) -> None:
        self._session.change_chapter("augmentation", plan, merging)
        self.settings.show_plan(self.plan)

    def _on_preset(self, preset: AugmentationPlan) -> None:
        self._session.change_chapter("augmentation", self.plan.taking(preset))

    def _on_shown(self, event: AugmentationShown) -> None:
        images = [rgb_image(data, event.size) for data in (event.original, *event.variants)]
        mixtures = event.mixtures if self._training else ()
        captions = [_shares(mixture[:1]) for mixture in mixtures]
        self.wall.show_images(
            images,
            (say("Original"), *captions),
            ("", *(_shares(mixture) for mixture in mixtures)),
        )
        self._words.setText(self._sentence())
        self._show_cost()

    def _sentence(self) -> str:
        if not self._training:
            return say("A drawn picture stands in until you choose some.")
        if self.plan.is_off:
            return say("Augmentation is off: every picture stays as it is.")
        if self.plan.mixes:
            return say("The picture and twelve ways it may look, mixed with other pictures.")
        return say("The picture and twelve ways it may look.")

    def _on_failed(self, problem: Problem) -> None:
        self._words.setText(f"{problem.message} {problem.remedy}")

    # What it costs

    def _show_cost(self) -> None:
        self.settings.cost.setText("\n".join(self._costs()))

    def _costs(self) -> list[str]:
        plan, count = self.plan, len(self._training)
        if plan.is_off:
            return [say("Augmentation is off and costs nothing.")]
        told = []
        milliseconds = self.preview.milliseconds
        if plan.is_prepared:
            side = self._session.project.pictures.size
            megabytes = -(-plan.prepared_bytes(count, side) // _MEGABYTE)
            seconds = plan.variants * count * milliseconds / 1000
            told.append(
                say(
                    "Takes {megabytes:,} MB of disk and about {seconds:,.0f} s once, for {count:,} "
                    "training pictures; later epochs and trainings have them ready.",
                    megabytes=megabytes,
                    seconds=seconds,
                    count=count,
                )
            )
        elif milliseconds:
            told.append(
                say(
                    "Takes {milliseconds:.1f} ms a picture (measured here), about {seconds:,.1f} s "
                    "an epoch for {count:,} training pictures.",
                    milliseconds=milliseconds,
                    seconds=count * milliseconds / 1000,
                    count=count,
                )
            )
        if plan.mode == "prepared" and plan.mixes:
            told.append(
                say("MixUp and CutMix mix the pictures of a batch, so they stay fresh each epoch.")
            )
        return told

    # Hints

    def _show_hints(self) -> None:
        classes = self._listing.classes if self._listing is not None else ()
        counts = Counter(each.label for each in self._training)
        found = hints_for(self.plan, classes, counts or None)
        is_high = self.height() >= _HIGH_ENOUGH
        if (found, is_high) == self._hints_shown:
            return
        self._hints_shown = (found, is_high)
        clear_layout(self._notices)
        for hint in found[: MOST_HINTS if is_high else 1]:
            tone: Tone = "note" if hint.kind == "off_with_few" else "warning"
            remedy = (hint.remedy_title, partial(self._take_remedy, hint))
            self._notices.addWidget(Notice(tone, hint.message, hint.reason, (remedy,)))

    def _take_remedy(self, hint: Hint) -> None:
        self._session.change_chapter("augmentation", hint.changed_plan)


def _shares(mixture: tuple[tuple[str, float], ...]) -> str:
    """The classes in a variant, with how much of it each is."""
    shares = [
        say("{percent} % {name}", percent=round(100 * share), name=name) for name, share in mixture
    ]
    return " · ".join(shares)
