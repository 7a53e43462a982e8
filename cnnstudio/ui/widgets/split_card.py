"""How the pictures are split into training, validation and test, and what can be chosen."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSignalBlocker, Qt, QTimer
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QSlider, QWidget

from cnnstudio.project.fields import field_facts
from cnnstudio.project.findings import groups_on_both_sides
from cnnstudio.project.split_words import look_alikes_kept, look_alikes_torn
from cnnstudio.project.words import say, say_count
from cnnstudio.ui.picture_changes import PictureChanges
from cnnstudio.ui.pictures_state import PicturesState
from cnnstudio.ui.session import ProjectSession
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.basics import Card, button, label
from cnnstudio.ui.widgets.field_form import FieldForm
from cnnstudio.ui.widgets.kept_focus import focus_place
from cnnstudio.ui.widgets.split_bar import SplitBar
from cnnstudio.ui.widgets.split_table import SplitRow, SplitTable

if TYPE_CHECKING:
    from cnnstudio.images.arrangement import Arrangement
    from cnnstudio.images.scan import Scan
    from cnnstudio.project.listing import PictureList

SHARES = ("validation_share", "test_share")
WAIT_WHILE_DRAGGED_MS = 80


class SplitCard(Card):
    """The bar, the numbers of each class at once while a slider is dragged, and the choices."""

    def __init__(
        self,
        session: ProjectSession,
        pictures: PicturesState,
        theme: Theme,
        changes: PictureChanges,
    ) -> None:
        super().__init__(say("Split"), spacing=8)
        self._session = session
        self._pictures = pictures
        self._changes = changes
        self._wished: dict[str, float] = {}
        self._shown_listing: PictureList | None = None
        self._kept_back: Mapping[str, int] = {}
        self._looked_at: Scan | None = None
        self._has_parts = self._has_validation = False
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._change_plan)
        self._bar = SplitBar(theme)
        self.body.addWidget(self._bar)
        self.table = SplitTable(theme)
        self.body.addWidget(self.table)
        self._kept_words = label("", "small", wrap=True)
        self.body.addWidget(self._kept_words)
        self.sliders: dict[str, ShareSlider] = {}
        for name in SHARES:
            slider = ShareSlider(name, self._on_slider_moved, self._change_plan)
            self.body.addWidget(slider)
            self.sliders[name] = slider
        self._given_words = label(say("The folders themselves name the parts."), "small", wrap=True)
        self.body.addWidget(self._given_words)
        row = QHBoxLayout()
        row.setSpacing(12)
        self.form = FieldForm(
            ("pictures.seed",), lambda: session.project, session.change, spacing=0
        )
        editor = self.form.editors["pictures.seed"]
        editor.help.hide()
        editor.control.setFixedWidth(76)
        row.addWidget(self.form)
        self.shuffle_button = button(say("Shuffle again"), self._shuffle, "link")
        self.shuffle_button.setToolTip(say("Draw another split: the seed goes up by one."))
        row.addWidget(self.shuffle_button)
        row.addStretch(1)
        self.body.addLayout(row)
        self._pinned = QWidget()
        row = QHBoxLayout(self._pinned)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        self._pinned_words = label("", "small")
        row.addWidget(self._pinned_words)
        self.unpin_button = button(say("Unpin all"), changes.unpin_all, "link")
        row.addWidget(self.unpin_button)
        row.addStretch(1)
        self.body.addWidget(self._pinned)

    def refresh(self) -> None:
        """Show the split as it is now."""
        arrangement = self._pictures.arrangement
        plan = self._session.project.pictures
        self._look_at_parts()
        allowed = self._changes.is_allowed
        reason = "" if allowed else say("The project is read-only.")
        for name, slider in self.sliders.items():
            slider.show_value(self._wished.get(name, getattr(plan, name)))
            slider.setEnabled(allowed)
            slider.explain(reason)
        self.sliders["test_share"].setVisible(not self._has_parts)
        self.sliders["validation_share"].setVisible(not self._has_validation)
        self._given_words.setVisible(self._has_parts)
        self.form.refresh()
        for widget in (self.form, self.shuffle_button, self.unpin_button):
            widget.setEnabled(allowed)
            widget.setToolTip(reason or widget.toolTip())
        pinned = len(self._session.project.edits.pinned)
        if not pinned and focus_place(self._pinned) is not None:
            self.shuffle_button.setFocus()
        self._pinned.setVisible(pinned > 0)
        words = say_count("{count:,} picture is pinned.", "{count:,} pictures are pinned.", pinned)
        self._pinned_words.setText(words)
        if not self._wished:
            self._show_split(arrangement)

    def _show_split(self, arrangement: "Arrangement | None") -> None:
        split = arrangement.split if arrangement is not None else None
        for widget in (self.table, self._kept_words):
            widget.setVisible(split is not None)
        if arrangement is None or split is None:
            self._bar.show_counts(0, 0, 0)
            self._shown_listing = None
            return
        if self._shown_listing is not split.listing:
            self._shown_listing = split.listing
            counts = split.listing.counts()
            self._kept_back = counts["test"]
            self._show_rows(
                [
                    SplitRow(
                        name,
                        (
                            counts["training"][name],
                            counts["validation"][name],
                            counts["test"][name],
                        ),
                    )
                    for name in split.listing.classes
                ]
            )
        words = look_alikes_kept(split.kept_together, split.torn_at_random)
        lines = [words] if words else []
        torn = groups_on_both_sides(self._pictures.findings)
        if torn:
            lines.append(look_alikes_torn(len(torn)))
        if split.left_between:
            lines.append(
                say_count(
                    "{count} picture is like pictures of two parts and therefore in none.",
                    "{count} pictures are like pictures of two parts and therefore in none.",
                    len(split.left_between),
                )
            )
        self._kept_words.setText("\n".join(lines))
        self._kept_words.setVisible(bool(lines))

    def _show_rows(self, rows: list[SplitRow]) -> None:
        self.table.show_rows(rows)
        self._bar.show_counts(*self.table.rows[0].counts)

    # Dragging

    def _on_slider_moved(self, name: str, share: float) -> None:
        self._wished[name] = share
        self._show_expected()
        if not self._timer.isActive():
            self._timer.start(WAIT_WHILE_DRAGGED_MS)

    def _show_expected(self) -> None:
        """What the shares will give, before the pictures are really split."""
        arrangement = self._pictures.arrangement
        if arrangement is None:
            return
        plan = self._session.project.pictures.model_copy(update=dict(self._wished))
        rows = []
        for name, count in arrangement.counts().items():
            if self._has_parts:
                test = self._kept_back.get(name, 0)
                training, validation, _ = expected_parts(count - test, plan.validation_share, 0.0)
                rows.append(SplitRow(name, (training, validation, test)))
            else:
                parts = expected_parts(count, plan.validation_share, plan.test_share)
                rows.append(SplitRow(name, parts))
        self._shown_listing = None
        self._show_rows([row for row in rows if any(row.counts)])

    def _change_plan(self) -> None:
        self._timer.stop()
        wished, self._wished = self._wished, {}
        if wished:
            project = self._session.project
            plan = project.pictures.model_copy(update=wished)
            merging = f"pictures.{'+'.join(wished)}"
            self._session.change(project.replacing(pictures=plan), merging)

    def _shuffle(self) -> None:
        project = self._session.project
        seed = project.pictures.seed + 1
        highest = field_facts("pictures.seed").high
        if highest is not None and seed > highest:
            seed = 0
        plan = project.pictures.model_copy(update={"seed": seed})
        self._session.change(project.replacing(pictures=plan))

    def _look_at_parts(self) -> None:
        """Find out once a scan whether folders say the parts, and have one for validation."""
        scan = self._pictures.scan
        if scan is not self._looked_at:
            self._looked_at = scan
            self._has_parts = scan is not None and scan.has_parts
            self._has_validation = self._has_parts and any(
                picture.part == "validation" for picture in (scan.pictures if scan else ())
            )


class CalmSlider(QSlider):
    """Does not change when the page is scrolled over it."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class ShareSlider(QWidget):
    """One share of the plan: title, slider, per cent."""

    def __init__(
        self, name: str, on_move: Callable[[str, float], None], on_release: Callable[[], None]
    ) -> None:
        super().__init__()
        self._facts = facts = field_facts(f"pictures.{name}")
        self._step = (facts.step or 0.05) / 5
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        title = label(say(facts.title))
        title.setMinimumWidth(68)
        row.addWidget(title)
        self.slider = CalmSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(
            round((facts.low or 0) / self._step), round((facts.high or 1) / self._step)
        )
        self.slider.setSingleStep(5)
        self.slider.setPageStep(5)
        self.slider.setAccessibleName(say(facts.title))
        self.slider.setAccessibleDescription(say(facts.help))
        title.setBuddy(self.slider)
        row.addWidget(self.slider, 1)
        self._percent = label("", "quiet")
        self._percent.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._percent.setMinimumWidth(36)
        row.addWidget(self._percent)
        self.explain("")

        def moved(place: int) -> None:
            self._show_percent(self.share)
            on_move(name, self.share)
            if not self.slider.isSliderDown():
                on_release()

        self.slider.valueChanged.connect(moved)
        self.slider.sliderReleased.connect(on_release)

    @property
    def share(self) -> float:
        """The share that the slider stands at."""
        return round(self.slider.value() * self._step, 6)

    def show_value(self, share: float) -> None:
        """Stand at ``share`` without reporting it as a change."""
        with QSignalBlocker(self.slider):
            if not self.slider.isSliderDown():
                self.slider.setValue(round(share / self._step))
        self._show_percent(share)

    def explain(self, reason: str) -> None:
        """The tooltip: why it cannot be changed, else what it is for."""
        self.setToolTip(reason or say(self._facts.help))

    def _show_percent(self, share: Any) -> None:
        self._percent.setText(say("{percent:g}%", percent=round(share * 100, 1)))


def expected_parts(count: int, validation_share: float, test_share: float) -> tuple[int, int, int]:
    """Numbers of training, validation and test pictures for a class of ``count``.

    As the split rounds: one picture for training and one for validation at least. Where groups
    of look-alikes are kept together, the split itself may come out a little different.
    """
    if count < 2:
        return count, 0, 0
    test = int(count * test_share + 0.5)
    if test_share > 0:
        test = min(max(test, 1), count - 2)
    validation = min(max(int(count * validation_share + 0.5), 1), count - test - 1)
    return count - test - validation, validation, test
