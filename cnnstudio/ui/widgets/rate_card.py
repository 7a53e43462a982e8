"""The learning rate: how it is planned to go, and a test that finds one."""

from itertools import accumulate

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from cnnstudio.project.problems import Problem, errors_in
from cnnstudio.project.project import Project
from cnnstudio.project.rates import planned_curve
from cnnstudio.project.stages import stages_of
from cnnstudio.project.words import N_, say
from cnnstudio.protocol import Progress, RateFound, RateTried, WorkFailed, WorkStopped
from cnnstudio.ui.network_state import NetworkState
from cnnstudio.ui.one_question import LONGEST_WAIT_MS
from cnnstudio.ui.pictures_state import PicturesState
from cnnstudio.ui.session import ProjectSession
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.basics import Card, button, clear_layout, label, set_property
from cnnstudio.ui.widgets.curve_ticks import rate_words
from cnnstudio.ui.widgets.problem_notice import problem_notice
from cnnstudio.ui.widgets.rate_plots import PlannedRatePlot, TriedRatesPlot
from cnnstudio.worker.engine_keeper import EngineKeeper
from cnnstudio.worker.rate_job import RateJob

LOWEST_RATE, HIGHEST_RATE = 1e-6, 1.0
"""The span of the test's scale."""


class RateCard(Card):
    """Draws the planned rate of the open project; 'Find a rate' tries rates on its pictures."""

    def __init__(
        self,
        session: ProjectSession,
        pictures: PicturesState,
        network: NetworkState,
        keeper: EngineKeeper,
        theme: Theme,
    ) -> None:
        super().__init__()
        self._session = session
        self._pictures = pictures
        self._network = network
        self._keeper = keeper
        self._job: RateJob | None = None
        self._tried: list[tuple[float, float]] = []
        self._can_change = True
        head = QHBoxLayout()
        self.heading = label(say("Learning rate"), "heading")
        head.addWidget(self.heading)
        head.addStretch(1)
        self.find_button = button(say("Find a rate"), self.find_rate)
        head.addWidget(self.find_button)
        self.body.addLayout(head)
        self.planned = PlannedRatePlot(theme)
        self.body.addWidget(self.planned)
        self._test = QWidget()
        self.body.addWidget(self._test)
        self._fill_test(theme)
        self._notices = QVBoxLayout()
        self.body.addLayout(self._notices)
        session.project_changed.connect(self._on_project_changed)
        pictures.changed.connect(self._refresh_buttons)
        network.changed.connect(self._refresh_buttons)
        self.refresh()

    def _fill_test(self, theme: Theme) -> None:
        column = QVBoxLayout(self._test)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.doing = label("", "small")
        column.addWidget(self.doing)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(say("Progress of the test"))
        column.addWidget(self.bar)
        column.addWidget(label(say("Loss at each learning rate"), "small"))
        self.tried = TriedRatesPlot(theme)
        self.tried.rate_chosen.connect(self._refresh_buttons)
        column.addWidget(self.tried)
        self.words = label("", wrap=True)
        column.addWidget(self.words)
        row = QHBoxLayout()
        row.setSpacing(16)
        self.take_button = button("", self._take)
        self.cancel_button = button(say("Cancel"), self.cancel, "link")
        self.close_button = button(say("Close the test"), self._forget, "link")
        for each in (self.take_button, self.cancel_button, self.close_button):
            row.addWidget(each)
        row.addStretch(1)
        column.addLayout(row)
        self._test.hide()

    def be_part_of_card(self) -> None:
        """Stand in another card, below a heading of its own."""
        set_property(self, "role", "")
        self.body.setContentsMargins(0, 0, 0, 0)
        if self.heading is not None:
            self.heading.hide()

    @property
    def is_busy(self) -> bool:
        """Whether rates are being tried."""
        return self._job is not None

    def set_can_change(self, can_change: bool) -> None:
        """Whether anything can be changed, and rates be tried: not while there is a training."""
        self._can_change = can_change
        if not can_change:
            self.cancel()
        self._refresh_buttons()

    def refresh(self) -> None:
        """Show the plan as it is now."""
        project = self._session.project
        stages = stages_of(project)
        ends = list(accumulate(stage.epochs + stage.added for stage in stages))
        lowest = project.training.learning_rate * min(stage.rate for stage in stages)
        self.planned.show_curve(planned_curve(project), ends[:-1], lowest)
        self._refresh_buttons()

    def find_rate(self) -> None:
        """Try rates on the pictures as they are now."""
        if self._job is not None or not self._can_find():
            return
        self._show_problem(None)
        self._tried = []
        self.tried.choose(0.0)
        self._draw()
        self.bar.setRange(0, 0)
        self.doing.setText(say("Getting ready…"))
        self.words.setText(
            say(
                "Each step is made at a higher rate. Where the loss falls, the network learns; "
                "where it climbs, the steps are too big."
            )
        )
        job = RateJob(self._keeper, self._session.project, self._pictures.arrangement, self)
        job.progressed.connect(self._on_progressed)
        job.rate_tried.connect(self._on_rate_tried)
        job.ended.connect(self._on_ended)
        job.finished.connect(job.deleteLater)
        self._job = job
        job.start()
        self._test.show()
        self._refresh_buttons()

    def cancel(self) -> None:
        """End the test in hand."""
        if self._job is not None:
            self._job.cancel()
            self.doing.setText(say("Stopping…"))

    def close_jobs(self) -> None:
        """End the test in hand and wait for it; its result is not told any more."""
        job, self._job = self._job, None
        if job is not None:
            job.ended.disconnect(self._on_ended)
            job.cancel()
            job.wait(LONGEST_WAIT_MS)

    def _can_find(self) -> bool:
        is_ready = self._pictures.listing is not None and not self._pictures.is_busy
        is_ready = is_ready and not errors_in(self._network.problems)
        return is_ready and self._can_change and not self._session.folder.read_only

    def _refresh_buttons(self) -> None:
        is_busy = self._job is not None
        self.find_button.setEnabled(not is_busy and self._can_find())
        self.find_button.setToolTip(
            ""
            if self._pictures.listing is not None
            else say("There are no pictures to try rates on yet.")
        )
        for each in (self.bar, self.doing, self.cancel_button):
            each.setVisible(is_busy)
        self.close_button.setVisible(not is_busy)
        rate = self.tried.rate
        self.take_button.setVisible(not is_busy and rate > 0)
        is_taken = rate == self._session.project.training.learning_rate
        words = N_("{rate} is taken") if is_taken else N_("Take {rate}")
        self.take_button.setText(say(words, rate=rate_words(rate)))
        can_take = self._can_change and not self._session.folder.read_only and not is_taken
        self.take_button.setEnabled(can_take)

    def _on_progressed(self, progress: Progress) -> None:
        if self._job is None:
            return
        self.bar.setRange(0, progress.total)
        self.bar.setValue(progress.done)
        self.doing.setText(
            say("Trying learning rates…") if progress.job == "rates" else say("Getting ready…")
        )

    def _on_rate_tried(self, tried: RateTried) -> None:
        self._tried.append((tried.rate, tried.loss))
        self._draw()

    def _draw(self) -> None:
        can_choose = self._job is None and bool(self._tried)
        self.tried.show_points(self._tried, LOWEST_RATE, HIGHEST_RATE, can_choose)

    def _on_ended(self, event: RateFound | WorkFailed | WorkStopped) -> None:
        self._job = None
        match event:
            case RateFound():
                self._show_found(event)
            case WorkFailed():
                self._forget()
                self._show_problem(event.problem)
            case _:
                self._forget()
        self._refresh_buttons()

    def _show_found(self, found: RateFound) -> None:
        self._tried = list(found.points)
        self._draw()
        if found.suggested:
            lowest = min(found.points, key=lambda point: point[1])[0]
            self.words.setText(
                say(
                    "The loss was lowest at {lowest}, and beyond that the steps get too big. A "
                    "tenth of it is safe: {rate}. Click on the curve to choose another.",
                    lowest=rate_words(lowest),
                    rate=rate_words(found.suggested),
                )
            )
            self.tried.choose(found.suggested)
        else:
            self.words.setText(
                say(
                    "The loss did not clearly go down at any rate, so none can be suggested. "
                    "Click on the curve to choose one all the same."
                )
            )

    def _show_problem(self, problem: Problem | None) -> None:
        clear_layout(self._notices)
        if problem is not None:
            self._notices.addWidget(problem_notice(problem))

    def _take(self) -> None:
        project = self._session.project
        training = project.training.model_copy(update={"learning_rate": self.tried.rate})
        self._session.change(project.replacing(training=training))

    def _forget(self) -> None:
        self._tried = []
        self.tried.choose(0.0)
        self._test.hide()
        if self.find_button.isVisible():
            self.find_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_project_changed(self, old: Project, new: Project) -> None:
        if _tried_on(old) != _tried_on(new):
            # What was found holds for another training.
            self.cancel()
            if self._job is None:
                self._forget()
            self._show_problem(None)
        self.refresh()


def _tried_on(project: Project) -> tuple[object, ...]:
    """What the result of a test hangs on; the rate itself is not part of it."""
    first = stages_of(project)[0].model_copy(update={"epochs": 0, "added": 0})
    unchanged = {
        "learning_rate": 0.001,
        "stages": (),
        "epochs": 1,
        "fine_tuning": 0,
        "schedule": "constant",
        "time_limit": "",
        "early_stopping": 0,
    }
    training = project.training.model_copy(update=unchanged)
    return (project.pictures, project.augmentation, project.network, project.edits, training, first)
