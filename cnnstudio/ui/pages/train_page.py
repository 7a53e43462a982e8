"""Train: the settings before, the growing curves during, the outcome after."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QBoxLayout, QProgressBar, QPushButton

from cnnstudio.project.plan_differences import plan_differences
from cnnstudio.project.problems import Problem, errors_in
from cnnstudio.project.words import say
from cnnstudio.ui.dialogs.asking import Asking
from cnnstudio.ui.network_state import NetworkState
from cnnstudio.ui.pictures_state import PicturesState
from cnnstudio.ui.price_state import PriceState
from cnnstudio.ui.run_view import RunView
from cnnstudio.ui.session import ProjectSession
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.training_state import RUNNING, TrainingState
from cnnstudio.ui.widgets.basics import Card, Page, button, set_property
from cnnstudio.ui.widgets.curve_panel import CurvePanel
from cnnstudio.ui.widgets.explanation_card import ExplanationCard
from cnnstudio.ui.widgets.fold import Fold
from cnnstudio.ui.widgets.foreseen_notices import ForeseenNotices
from cnnstudio.ui.widgets.queue_card import QueueCard
from cnnstudio.ui.widgets.reading_order import put_in_reading_order
from cnnstudio.ui.widgets.stages_card import StagesCard
from cnnstudio.ui.widgets.steady_column import SteadyColumn
from cnnstudio.ui.widgets.train_words import (
    note_of,
    plan_hint,
    run_sentence,
    running_hint,
    sentence_of,
    title_of,
)
from cnnstudio.ui.widgets.training_figures import TrainingFigures
from cnnstudio.ui.widgets.training_outcome import TrainingOutcome, go_on_words
from cnnstudio.ui.widgets.training_settings import TrainingSettings
from cnnstudio.ui.widgets.watched_card import WatchedCard
from cnnstudio.worker.engine_keeper import EngineKeeper
from cnnstudio.worker.thumbnail_loader import ThumbnailLoader

SIDE_WIDTH = 308
"""With its scroll bar. So wide that the longest title of a setting has a line beside its field."""

TURN_MS = 100
_BAR_STEPS = 1000


class TrainPage(Page):
    """The fourth step. ``log_wanted`` asks for the run's log, ``page_wanted`` for another page."""

    log_wanted = Signal()
    export_wanted = Signal()
    page_wanted = Signal(str)

    def __init__(
        self,
        session: ProjectSession,
        pictures: PicturesState,
        network: NetworkState,
        price: PriceState,
        training: TrainingState,
        keeper: EngineKeeper,
        thumbnails: ThumbnailLoader,
        theme: Theme,
        asking: Asking,
        start_training: Callable[[], None],
    ) -> None:
        super().__init__(say("Train"))
        self._session = session
        self._pictures = pictures
        self._network = network
        self._price = price
        self._training = training
        self._asking = asking
        self._view = RunView(training)
        self._timer = QTimer(self, singleShot=True)
        self._timer.setInterval(TURN_MS)
        self._timer.timeout.connect(self._on_turn)
        self._make_buttons(theme, start_training)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(say("Progress of the training"))
        outer = self.layout()
        assert isinstance(outer, QBoxLayout)
        outer.insertWidget(outer.indexOf(self.body), self.bar)
        self.curves = CurvePanel(theme, asking.file_to_write)
        self.body.addWidget(self.curves, 1)
        self.body.addWidget(self._make_side(theme, keeper, thumbnails, start_training))
        self._connect()
        self.refresh()
        put_in_reading_order(self)

    def _make_buttons(self, theme: Theme, start_training: Callable[[], None]) -> None:
        self.runs_button = button(say("All runs…"), self._on_runs_wanted)
        self.pause_button = button(say("Pause"), self._training.pause)
        self.go_on_button = button(say("Go on"), self._training.go_on)
        self.stop_button = button(say("Stop and keep"), self._training.stop)
        for made, icon in (
            (self.runs_button, "list"),
            (self.pause_button, "pause"),
            (self.go_on_button, "play"),
            (self.stop_button, "stop"),
        ):
            theme.follow(made, partial(_give_icon, made, theme, icon))
            self.head_buttons.addWidget(made)
        self.queue_button = button(say("Wait in the queue"), self._on_queue_wanted)
        self.queue_button.setToolTip(
            say("The plan as it is now is trained as soon as this training is done.")
        )
        self.hint.setWordWrap(True)  # beside three buttons a plan may need two lines
        self.hint.setMinimumWidth(1)
        self.footer.addWidget(self.queue_button)
        self.start_button = self.add_main_button(say("Start training"), start_training)
        self.results_button = self.add_main_button(say("Results →"), self.next_wanted.emit)
        self.continue_button = self.add_main_button("", lambda: self.outcome.go_on())

    def _make_side(
        self,
        theme: Theme,
        keeper: EngineKeeper,
        thumbnails: ThumbnailLoader,
        start_training: Callable[[], None],
    ) -> SteadyColumn:
        self.side = side = SteadyColumn(SIDE_WIDTH)
        self.figures = TrainingFigures()
        self.figures.log_wanted.connect(self.log_wanted)
        self.outcome = TrainingOutcome(self._session, self._training, self._asking, start_training)
        self.outcome.export_wanted.connect(self.export_wanted)
        self.explanations = ExplanationCard(self._session, self._training)
        self.watched = WatchedCard(thumbnails, theme)
        self.queue = QueueCard(self._training, self._tell)
        self.foreseen = ForeseenNotices(self._session, self._network, self._price)
        self.next_fold = Fold(say("Settings of the next training"), theme, is_alone=True)
        self.next_fold.toggled.connect(self._on_next_toggled)
        self.next_card = Card(margins=6)
        self.next_card.body.addWidget(self.next_fold)
        self.settings = TrainingSettings(
            self._session, self._pictures, self._network, keeper, theme
        )
        self.settings.rate_wanted.connect(self._on_rate_wanted)
        self.settings.opened.connect(side.bring_into_sight)
        self.settings.page_wanted.connect(self.page_wanted)
        self.stages = StagesCard(self._session, self._network, theme)
        self.stages.opened.connect(side.bring_into_sight)
        for card in (
            self.figures,
            self.queue,
            self.outcome,
            self.explanations,
            self.watched,
            self.next_card,
            self.foreseen,
            self.settings,
            self.stages,
        ):
            side.add_card(card)
        side.body.addStretch(1)
        return side

    def _connect(self) -> None:
        self._session.project_changed.connect(lambda *_: self._refresh_settings())
        self._pictures.changed.connect(self._refresh_settings)
        self._network.changed.connect(self._refresh_settings)
        self._price.changed.connect(self._on_price_changed)
        training = self._training
        training.phase_changed.connect(self._on_phase_changed)
        training.progressed.connect(self._refresh_progress)
        training.batch_ended.connect(self._on_batch_ended)
        training.epoch_ended.connect(self._refresh_run)
        training.runs_changed.connect(self._on_runs_changed)
        training.queue_changed.connect(self._refresh_buttons)
        self.queue.left.connect(lambda: self._main_control().setFocus())

    @property
    def obstacles(self) -> list[Problem]:
        """What stands in the way of starting."""
        found = [] if self._pictures.listing is not None else errors_in(self._pictures.problems)
        project = self._session.project
        if not project.pictures.folders and not project.edits.added:
            found = [Problem("no_folder")]
        return found + errors_in(self._network.problems)

    def showEvent(self, event: QShowEvent) -> None:
        self._network.want()
        self._price.want()
        self._refresh_run()
        self.foreseen.look_again()
        self._refresh_hint(self.obstacles)

    def focusNextPrevChild(self, forward: bool) -> bool:
        put_in_reading_order(self)  # Lines, links and stages are made anew again and again.
        return super().focusNextPrevChild(forward)

    def refresh(self) -> None:
        """Show the state of the training."""
        focused = self.window().focusWidget()
        had_focus = focused is not None and self.isAncestorOf(focused)
        self._refresh_settings()
        self._refresh_progress()
        self._refresh_run()
        if had_focus and focused is not None and not (focused.isVisible() and focused.isEnabled()):
            self._main_control().setFocus()

    def _on_phase_changed(self, phase: str) -> None:
        self.refresh()
        if phase == "preparing":
            self.side.go_to_top()

    def _main_control(self) -> QPushButton:
        """Where the keyboard goes when what it was on is gone."""
        if self._training.phase == "paused":
            return self.go_on_button
        if self._is_running:
            return self.stop_button
        offered = (self.continue_button, self.results_button)
        main = (each for each in offered if each.isVisible() and each.property("role") == "main")
        return next(main, self.start_button)

    @property
    def _is_running(self) -> bool:
        return self._training.phase in RUNNING

    def _refresh_settings(self) -> None:
        running, read_only = self._is_running, self._session.folder.read_only
        self.next_card.setVisible(running)
        in_sight = not running or self.next_fold.is_open
        for card in (self.settings, self.stages):
            card.setVisible(in_sight)
        self.settings.set_can_change(not read_only, running)
        self.stages.set_can_change(not read_only)
        self.foreseen.set_wanted(in_sight)
        if not running:
            self.outcome.refresh()
        self._refresh_buttons()

    def _refresh_buttons(self) -> None:
        training, phase, running = self._training, self._training.phase, self._is_running
        obstacles = self.obstacles
        known = self._pictures.listing is not None and not self._pictures.is_busy
        ready = known and not obstacles and not self._session.folder.read_only
        self.runs_button.setVisible(bool(training.runs))
        self.pause_button.setVisible(running and phase != "paused")
        self.pause_button.setEnabled(phase == "training")
        self.go_on_button.setVisible(phase == "paused")
        self.stop_button.setVisible(running)
        self.stop_button.setEnabled(phase != "stopping")
        self.queue_button.setVisible(running)
        self.queue_button.setEnabled(ready)
        self.start_button.setVisible(not running)
        self.start_button.setEnabled(ready)
        self.results_button.setVisible(not running and training.latest_run is not None)
        again = phase == "ended"
        has_model = again and training.latest_run == training.live.run
        goes_on = again and self.outcome.going_on is not None
        self.continue_button.setVisible(goes_on)
        if goes_on and training.live.ended is not None:
            self.continue_button.setText(go_on_words(training.live.ended))
        set_property(self.start_button, "role", "" if has_model or goes_on else "main")
        set_property(self.results_button, "role", "main" if has_model and not goes_on else "")
        start = say("Train again") if again else say("Start training")
        shown = training.live.project
        if again and shown is not None and plan_differences(shown, self._session.project):
            start = say("Train with these settings")
        self.start_button.setText(start)
        self._refresh_hint(obstacles)

    def _refresh_hint(self, obstacles: list[Problem]) -> None:
        if self._is_running:
            self.hint.setText(running_hint(self._training.live))
        elif obstacles:
            self.hint.setText(obstacles[0].message)
        elif self._pictures.listing is None:
            self.hint.setText(say("Looking through the folders…"))
        elif self._pictures.is_busy:
            self.hint.setText(say("The pictures are being checked; training can begin after that."))
        else:
            self.hint.setText(self._plan_hint())

    def _plan_hint(self) -> str:
        """The plan in one line, with what it takes here where that is known."""
        price = self._price.run_price() if self.isVisible() else None
        seconds = price.seconds_in_all if price is not None else None
        return plan_hint(self._session.project, self._training.live.project, seconds)

    def _refresh_progress(self) -> None:
        live, phase = self._training.live, self._training.phase
        has_model = live.run is not None and self._training.latest_run == live.run
        self.title.setText(title_of(phase, live))
        sentence = sentence_of(phase, live, self._session.project, has_model)
        if phase == "ended" and live.run is not None:
            sentence = run_sentence(self._view.name(), live, sentence)
        self.sentence.setText(sentence)
        self.sentence.setToolTip(sentence)  # a long name may not have room
        self.show_note(note_of(phase, live))
        self.bar.setVisible(self._is_running)
        if live.progress is not None and phase in ("preparing", "training"):
            self.bar.setRange(0, live.progress.total)
            self.bar.setValue(live.progress.done)
        elif phase == "preparing":
            self.bar.setRange(0, 0)
        else:
            within = live.batch_points[-1][0] if live.batch_points else len(live.history)
            self.bar.setRange(0, _BAR_STEPS)
            self.bar.setValue(round(_BAR_STEPS * within / max(1, live.epochs_planned)))

    def _refresh_run(self) -> None:
        """Show what an epoch, a stage or another run brought."""
        phase, live = self._training.phase, self._training.live
        self.figures.setVisible(phase != "ready")
        self.outcome.refresh()
        self.curves.show(self._view.curves(self._session.project))
        if not self.isVisible():
            return
        counts = self._view.counts()
        self.figures.show_run(live, phase, counts.validation)
        self.watched.show_details(live.details, live.best_epoch)
        self.explanations.show_run(live, counts)
        self._refresh_progress()

    def _on_batch_ended(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    def _on_turn(self) -> None:
        """Show what came since the last time: not every batch on its own."""
        if self._is_running:
            self.curves.show(self._view.curves(self._session.project))
            self._refresh_progress()
            self._refresh_hint([])

    def _on_price_changed(self) -> None:
        self.foreseen.refresh()
        self._refresh_hint(self.obstacles)

    def _on_runs_changed(self) -> None:
        self._view.forget_runs()
        self._refresh_progress()
        self._refresh_buttons()

    def _on_rate_wanted(self) -> None:
        """Bring the test that finds a rate into sight."""
        self.side.bring_into_sight(self.settings.rate)

    def close_jobs(self) -> None:
        """End the test of rates."""
        self.settings.rate.close_jobs()

    def _on_next_toggled(self, is_open: bool) -> None:
        self._refresh_settings()
        if is_open:
            self.side.bring_into_sight(self.settings)

    def _on_queue_wanted(self) -> None:
        problem = self._training.queue_run()
        if problem is not None:
            self._tell(problem)

    def _on_runs_wanted(self) -> None:
        from cnnstudio.ui.dialogs.runs_dialog import RunsDialog

        dialog = RunsDialog(self._training, self._asking, self.window())
        dialog.exec()
        dialog.deleteLater()

    def _tell(self, problem: Problem) -> None:
        self._asking.tell(self.window(), problem)


def _give_icon(made: QPushButton, theme: Theme, icon: str) -> None:
    made.setIcon(theme.icon(icon))
