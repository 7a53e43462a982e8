"""Train: the settings before, the growing curves during, the outcome after."""

from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from cnnstudio.project.frozen_part import once_words
from cnnstudio.project.network_table import find_network
from cnnstudio.project.problems import Problem, errors_in
from cnnstudio.project.project import Project
from cnnstudio.project.words import N_, say, say_count
from cnnstudio.protocol import TrainingEnded
from cnnstudio.ui.dialogs.asking import Asking
from cnnstudio.ui.network_state import NetworkState
from cnnstudio.ui.pictures_state import PicturesState
from cnnstudio.ui.session import ProjectSession
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.training_state import TrainingState
from cnnstudio.ui.widgets.basics import (
    SIDE_WIDTH,
    Card,
    Column,
    Notice,
    Page,
    button,
    clear_layout,
    label,
    set_property,
)
from cnnstudio.ui.widgets.curves import CurveCard
from cnnstudio.ui.widgets.field_form import FieldForm
from cnnstudio.ui.widgets.problem_notice import problem_notice
from cnnstudio.ui.widgets.training_figures import TrainingFigures

JOBS = {
    "pictures": N_("Reading pictures: {done:,} of {total:,}"),
    "variants": N_("Making variants of the pictures: {done:,} of {total:,}"),
    "weights": N_("Downloading weights: {done_mb:.1f} of {total_mb:.1f} MB"),
    "weight_files": N_("Checking the files: {done:,} of {total:,}"),
    "network": N_("Building the network…"),
    "answers": N_("Asking the best model: {done:,} of {total:,} pictures"),
    "features": N_("Frozen layers run once: {done:,} of {total:,} pictures"),
    "machine": N_("Measuring how fast this computer is…"),
}

TURN_MS = 35
OUTLIER = 20
"""A loss so many times the middle one runs out of the picture instead of flattening it."""


class TrainPage(Page):
    """The fourth step. ``log_wanted`` asks for the run's log."""

    log_wanted = Signal()
    export_wanted = Signal()

    def __init__(
        self,
        session: ProjectSession,
        pictures: PicturesState,
        network: NetworkState,
        training: TrainingState,
        theme: Theme,
        asking: Asking,
        start_training: Callable[[], None],
    ) -> None:
        super().__init__(say("Train"))
        self._session = session
        self._pictures = pictures
        self._network = network
        self._training = training
        self._asking = asking
        self._turn = -1
        self._timer = QTimer(self)
        self._timer.setInterval(TURN_MS)
        self._timer.timeout.connect(self._on_turn)
        self.stop_button = button(say("Stop and keep"), training.stop)
        theme.follow(self.stop_button, lambda: self.stop_button.setIcon(theme.icon("stop")))
        self.head_buttons.addWidget(self.stop_button)
        self.body.addLayout(self._make_curves(theme), 1)
        self.body.addWidget(self._make_side())
        self.start_button = self.add_main_button(say("Start training"), start_training)
        self.results_button = self.add_main_button(say("Results →"), self.next_wanted.emit)
        session.project_changed.connect(lambda *_: self._refresh_settings())
        pictures.changed.connect(self._refresh_settings)
        network.changed.connect(self._refresh_settings)
        training.phase_changed.connect(lambda *_: self.refresh())
        training.progressed.connect(self._refresh_progress)
        training.batch_ended.connect(self._on_batch_ended)
        training.epoch_ended.connect(self._on_epoch_ended)
        self.refresh()

    def _make_curves(self, theme: Theme) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(16)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(say("Progress of the training"))
        column.addWidget(self.bar)
        self.accuracy = CurveCard(say("Accuracy"), theme, percent=True)
        self.loss = CurveCard(say("Loss"), theme, percent=False)
        for curve in (self.accuracy, self.loss):
            card = Card()
            card.body.addWidget(curve)
            column.addWidget(card, 1)
        return column

    def _make_side(self) -> Column:
        side = Column(SIDE_WIDTH)
        self._figures = TrainingFigures()
        self._figures.log_wanted.connect(self.log_wanted)
        side.body.addWidget(self._figures)
        self._notice_box = QWidget()
        self._notices = QVBoxLayout(self._notice_box)
        self._notices.setContentsMargins(0, 0, 0, 0)
        self._notices.setSpacing(8)
        side.body.addWidget(self._notice_box)
        self._settings = Card(say("Settings"))
        self.form = FieldForm(
            (
                "training.epochs",
                "training.batch_size",
                "training.learning_rate",
                "training.seed",
            ),
            lambda: self._session.project,
            self._session.change,
        )
        self._settings.body.addWidget(self.form)
        side.body.addWidget(self._settings)
        side.body.addStretch(1)
        return side

    @property
    def obstacles(self) -> list[Problem]:
        """What stands in the way of starting."""
        found = [] if self._pictures.listing is not None else errors_in(self._pictures.problems)
        project = self._session.project
        if not project.pictures.folders and not project.edits.added:
            found = [Problem("no_folder")]
        return found + errors_in(self._network.problems)

    def refresh(self) -> None:
        """Show the state of the training."""
        phase = self._training.phase
        running = phase in ("preparing", "training", "stopping")
        had_focus = self.start_button.hasFocus() or self.stop_button.hasFocus()
        self.stop_button.setVisible(running)
        self.stop_button.setEnabled(phase != "stopping")
        self.start_button.setVisible(not running)
        self.results_button.setVisible(not running and self._training.latest_run is not None)
        self.bar.setVisible(running)
        self._figures.setVisible(phase != "ready")
        self._refresh_settings()
        self._refresh_progress()
        self._refresh_curves()
        self._refresh_outcome()
        if had_focus:
            after = self.results_button if self.results_button.isVisible() else self.start_button
            (self.stop_button if running else after).setFocus()

    def _refresh_settings(self) -> None:
        running = self._training.phase in ("preparing", "training", "stopping")
        read_only = self._session.folder.read_only
        self.form.refresh()
        self.form.setEnabled(not running and not read_only)
        obstacles = self.obstacles
        known = self._pictures.listing is not None and not self._pictures.is_busy
        ready = known and not obstacles and not read_only
        self.start_button.setEnabled(ready)
        again = self._training.phase == "ended"
        has_model = again and self._training.latest_run == self._training.live.run
        set_property(self.start_button, "role", "" if has_model else "main")
        set_property(self.results_button, "role", "main" if has_model else "")
        self.start_button.setText(say("Train again") if again else say("Start training"))
        self._refresh_hint(running, obstacles)
        if not running:
            self._refresh_outcome()

    def _refresh_hint(self, running: bool, obstacles: list[Problem]) -> None:
        live = self._training.live
        if running:
            parts = []
            if live.training_pictures:
                count = live.training_pictures
                parts.append(say_count("{count:,} picture", "{count:,} pictures", count))
            if live.pictures_per_second:
                speed = live.pictures_per_second
                parts.append(say("{count:,.0f} pictures a second", count=speed))
            if live.history:
                done = len(live.history)
                parts.append(say("everything up to epoch {epoch} is saved", epoch=done))
            self.hint.setText(" · ".join(parts))
        elif obstacles:
            self.hint.setText(obstacles[0].message)
        elif self._pictures.listing is None:
            self.hint.setText(say("Looking through the folders…"))
        elif self._pictures.is_busy:
            self.hint.setText(say("The pictures are being checked; training can begin after that."))
        else:
            self.hint.setText(_plan_words(self._session.project))

    def _refresh_progress(self) -> None:
        live, phase = self._training.live, self._training.phase
        done = len(live.history)
        began = live.stage if phase == "training" else None
        self.show_note(
            ""
            if began is None
            else once_words(began.computed_once, began.seconds_once, began.why_not_once)
        )
        match phase:
            case "ready":
                self.title.setText(say("Train"))
                self.sentence.setText(say("The network looks at your pictures, again and again."))
            case "preparing":
                self.title.setText(say("Getting ready"))
                self.sentence.setText(say("The engine is starting…"))
            case "training":
                words = say("Training · epoch {epoch} of {epochs}")
                epoch = min(done + 1, live.epochs_planned)
                self.title.setText(words.format(epoch=epoch, epochs=live.epochs_planned))
                self.sentence.setText(_plan_words(live.project or self._session.project))
            case "stopping":
                self.title.setText(say("Stopping"))
                self.sentence.setText(say("What was reached is being kept…"))
            case "ended":
                self._show_ended_words()
        if live.progress is not None and phase in ("preparing", "training"):
            progress = live.progress
            self.sentence.setText(
                say(JOBS[progress.job]).format(
                    done=progress.done,
                    total=progress.total,
                    done_mb=progress.done / 1e6,
                    total_mb=progress.total / 1e6,
                )
            )
            self.bar.setRange(0, progress.total)
            self.bar.setValue(progress.done)
        elif phase == "preparing":
            self.bar.setRange(0, 0)
        else:
            within = live.batch_points[-1][0] if live.batch_points else 0.0
            self.bar.setRange(0, 1000)
            self.bar.setValue(round(1000 * within / max(1, live.epochs_planned)))

    def _show_ended_words(self) -> None:
        live = self._training.live
        ended = live.ended
        outcome = ended.outcome if ended is not None else "finished"
        titles = {
            "finished": N_("Finished"),
            "stopped": N_("Stopped, and kept"),
            "failed": N_("The training could not go on"),
            "crashed": N_("The training broke off"),
        }
        self.title.setText(say(titles[outcome]))
        done = len(live.history)
        if done:
            words = say_count(
                "{count} epoch done; the model of epoch {best} is the best.",
                "{count} epochs done; the model of epoch {best} is the best.",
                done,
                best=live.best_epoch,
            )
            self.sentence.setText(words)
        elif live.run is not None and self._training.latest_run == live.run:
            self.sentence.setText(say("Stopped within the first epoch; a first model was kept."))
        else:
            self.sentence.setText(say("No epoch was finished."))

    def _refresh_outcome(self) -> None:
        clear_layout(self._notices)
        ended = self._training.live.ended
        if self._training.phase == "ended" and ended is not None:
            self._add_outcome(ended)
        stage = self._training.live.stage
        if stage is not None and stage.note is not None:
            self._notices.addWidget(problem_notice(stage.note))
        for problem in self._training.live.left_out[:3]:
            self._notices.addWidget(problem_notice(problem))
        more = len(self._training.live.left_out) - 3
        if more > 0:
            words = say_count(
                "{count} more picture was left out", "{count} more pictures were left out", more
            )
            self._notices.addWidget(label(words, "small"))
        self._notice_box.setVisible(self._notices.count() > 0)
        self._figures.show_run(self._training.live, self._training.phase)

    def _add_outcome(self, ended: TrainingEnded) -> None:
        if ended.problem is not None:
            details = ended.details
            actions = (
                ((say("Copy details"), lambda: self._asking.copy(details)),) if details else ()
            )
            self._notices.addWidget(problem_notice(ended.problem, actions))
        elif ended.outcome == "stopped":
            text = say("The models and the history up to here are in the run's folder.")
            self._notices.addWidget(Notice("note", say("You stopped it"), text))
        else:
            text = say("Look at the results, or take it away as a file.")
            export = (say("Export the model"), self.export_wanted.emit)
            self._notices.addWidget(Notice("good", say("The model is ready"), text, (export,)))

    def _refresh_curves(self) -> None:
        for curve in (self.loss, self.accuracy):
            self._show_curve(curve)
        self._show_epochs()

    def _show_curve(self, curve: CurveCard) -> None:
        """One measure by batch, and the part of the plane that holds it."""
        live = self._training.live
        if curve is self.loss:
            curve.show_batches([(x, loss) for x, loss, _ in live.batch_points])
            values = [f.loss for f in live.history] + [f.validation_loss for f in live.history]
            values += [loss for _, loss, _ in live.batch_points]
            middle = sorted(values)[len(values) // 2] if values else 1.0
            highest = min(max(values, default=1.0), OUTLIER * max(middle, 0.1))
            curve.show_range(live.epochs_planned, 0.0, highest)
        else:
            curve.show_batches([(x, accuracy) for x, _, accuracy in live.batch_points])
            values = [f.validation_accuracy for f in live.history]
            values += [accuracy for _, _, accuracy in live.batch_points]
            curve.show_range(live.epochs_planned, min(values, default=0.0), 1.0)

    def _show_epochs(self) -> None:
        history, best = self._training.live.history, self._training.live.best_epoch
        self.loss.show_epochs(
            [(f.epoch, f.loss) for f in history],
            [(f.epoch, f.validation_loss) for f in history],
            best,
        )
        self.accuracy.show_epochs(
            [(f.epoch, f.accuracy) for f in history],
            [(f.epoch, f.validation_accuracy) for f in history],
            best,
        )

    def _on_batch_ended(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    def _on_turn(self) -> None:
        """Show a third of what is new: all at once would keep the event loop waiting."""
        self._turn = (self._turn + 1) % 3
        match self._turn:
            case 0:
                self._show_curve(self.loss)
            case 1:
                self._show_curve(self.accuracy)
            case _:
                self._timer.stop()
                if self._training.is_running:
                    self._refresh_progress()
                    self._refresh_hint(True, [])

    def _on_epoch_ended(self) -> None:
        self._show_epochs()
        self._figures.show_run(self._training.live, self._training.phase)
        self._on_batch_ended()


def _plan_words(project: Project) -> str:
    """The plan in one line."""
    row = find_network(project.network.base)
    epochs = say_count("{count} epoch", "{count} epochs", project.training.epochs)
    return say(
        "{network} · {epochs} · batches of {batch_size} · learning rate {learning_rate:g}",
        network=row.title if row is not None else project.network.base,
        epochs=epochs,
        batch_size=project.training.batch_size,
        learning_rate=project.training.learning_rate,
    )
