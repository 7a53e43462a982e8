"""The preview of augmentation: what to ask the engine next, one question at a time."""

from collections.abc import Sequence
from random import Random

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from cnnstudio.project.augmentation import AugmentationPlan
from cnnstudio.project.listing import ListedPicture
from cnnstudio.project.pictures import PicturesPlan
from cnnstudio.protocol import AugmentationShown, ClosingEvent, ShowAugmentation, WorkFailed
from cnnstudio.ui.one_question import OneQuestion
from cnnstudio.worker.engine_keeper import EngineKeeper

VARIANTS = 12
MIXED_WITH = 6
EFFECTS_AT_ONCE = 3
SLOW_EFFECTS = ("rand_augment",)
REST_BEFORE_EFFECTS_MS = 300
"""Small pictures of effects wait until nothing is dragged."""


class AugmentPreview(QObject):
    """Keeps what is wished for; asks the newest wish as soon as the answer in hand has come."""

    shown = Signal(object)
    """The :class:`AugmentationShown` of a wish."""
    failed = Signal(object)
    """The :class:`Problem` of a wish."""
    effects_shown = Signal(object)
    """A list of ``(setting, QImage)``."""
    effects_forgotten = Signal()

    def __init__(self, keeper: EngineKeeper, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.seed = 1
        self._place = 0
        self._training: Sequence[ListedPicture] = ()
        self._wish: ShowAugmentation | None = None
        self._asked: ShowAugmentation | None = None
        self._in_sight: tuple[str, ...] = ()
        self._effects_of: tuple[object, ...] = ()
        self._effects: set[str] = set()
        self._is_about_effects = False
        self._fastest: tuple[object, float] = (None, 0.0)
        self._question = OneQuestion(keeper, self)
        self._question.answered.connect(self._on_answered)
        self._rest = QTimer(self, singleShot=True, interval=REST_BEFORE_EFFECTS_MS)
        self._rest.timeout.connect(self._ask_effects)

    @property
    def picture(self) -> ListedPicture | None:
        """The picture that is shown changed, or ``None`` for a drawn one."""
        if not self._training:
            return None
        # The first picture first, then here and there among all.
        place = Random(self._place).randrange(len(self._training)) if self._place else 0
        return self._training[place]

    @property
    def milliseconds(self) -> float:
        """What changing a picture takes at best with the settings that are on; 0: not known."""
        return self._fastest[1]

    def choose_from(self, training: Sequence[ListedPicture]) -> None:
        """Show one of these from now on."""
        if training is not self._training:
            self._training = training
            self._place = 0

    def another_picture(self) -> None:
        """Take another of the pictures."""
        self._place += 1

    def another_twelve(self) -> None:
        """Draw other random numbers."""
        self.seed += 1

    def wish(
        self, pictures: PicturesPlan, plan: AugmentationPlan, in_sight: tuple[str, ...]
    ) -> None:
        """Show ``plan`` as soon as can be, and the small pictures of the settings in sight."""
        picture = self.picture
        self._in_sight = in_sight
        self._wish = ShowAugmentation(
            file=picture.path if picture is not None else "",
            pictures=pictures.for_reading(),
            augmentation=plan,
            count=VARIANTS,
            seed=self.seed,
            label=picture.label if picture is not None else "",
            others=self._others() if plan.mixes else (),
        )
        effects_of = (self._wish.file, self._wish.pictures.fit, plan.fill_mode)
        if effects_of != self._effects_of:
            self._effects_of = effects_of
            self._effects.clear()
            self.effects_forgotten.emit()
        self._ask()

    def forget_wish(self) -> None:
        """Ask nothing more until there is a wish again."""
        self._wish = None
        self._rest.stop()

    def close(self) -> None:
        """End the question in hand."""
        self.forget_wish()
        self._question.close()

    def _others(self) -> tuple[tuple[str, str], ...]:
        if not self._training:
            return ()
        lots = Random(f"{self._place} {self.seed}")
        chosen = lots.choices(self._training, k=MIXED_WITH)
        return tuple((each.path, each.label) for each in chosen)

    def _ask(self) -> None:
        wish = self._wish
        if wish is None or self._question.is_busy:
            return  # the answer in hand asks again
        if wish == self._asked:
            self._rest.start()
            return
        self._asked, self._is_about_effects = wish, False
        self._rest.stop()
        self._question.ask(wish)

    def _ask_effects(self) -> None:
        missing = [name for name in self._in_sight if name not in self._effects]
        missing.sort(key=lambda name: name in SLOW_EFFECTS)
        if self._wish is None or not missing or self._question.is_busy:
            return
        names = tuple(missing[: 1 if missing[0] in SLOW_EFFECTS else EFFECTS_AT_ONCE])
        self._effects.update(names)
        self._is_about_effects = True
        wish = self._wish
        others = self._others()[:1]
        self._question.ask(
            ShowAugmentation(
                wish.file, wish.pictures, wish.augmentation, 0, 1, wish.label, others, names
            )
        )

    def _on_answered(self, event: ClosingEvent) -> None:
        match event:
            case AugmentationShown() if self._is_about_effects:
                side = event.effect_size
                if self._is_of_this_picture(event):
                    self.effects_shown.emit(
                        [(name, rgb_image(data, side)) for name, data in event.effects]
                    )
            case AugmentationShown():
                self._note_time(event)
                self.shown.emit(event)
            case WorkFailed() if not self._is_about_effects:
                self.failed.emit(event.problem)
            case _:
                pass
        self._ask()

    def _is_of_this_picture(self, event: AugmentationShown) -> bool:
        """While small pictures were made, another picture may have been chosen."""
        return all(name in self._effects for name, _ in event.effects)

    def _note_time(self, event: AugmentationShown) -> None:
        """The first time, graphs are made; the best of a few says what training will take."""
        if self._asked is None:
            return
        plan = self._asked.augmentation
        on = tuple(name for name, value in plan if isinstance(value, int | float) and value)
        key = (on, event.size)
        best = event.milliseconds
        if self._fastest[0] == key:
            best = min(best, self._fastest[1])
        self._fastest = (key, best)


def rgb_image(data: bytes, side: int) -> QImage:
    """RGB bytes as an image that owns them."""
    return QImage(data, side, side, 3 * side, QImage.Format.Format_RGB888).copy()
