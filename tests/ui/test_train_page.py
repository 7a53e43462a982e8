"""The Train page in each of its states, and what can be done in it with one click."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTime
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from cnnstudio.project.epochs import EpochDetails, EpochFacts, WatchedAnswer
from cnnstudio.project.explaining import Explanation, Remedy
from cnnstudio.project.explaining_remedies import STOP, Change
from cnnstudio.project.listing import ListedPicture, PictureList
from cnnstudio.project.machine import MachineSpeed
from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.problems import Problem
from cnnstudio.project.project import Project
from cnnstudio.project.run_folder import RunFolder, RunNotes
from cnnstudio.protocol import Progress, StageStarted, Train, TrainingEnded, TrainingStarted
from cnnstudio.ui.dialogs.runs_dialog import RunsDialog
from cnnstudio.ui.live_run import LiveRun
from cnnstudio.ui.pages.train_page import TrainPage
from cnnstudio.ui.studio import Studio
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.training_state import Phase
from cnnstudio.ui.widgets import explanation_card
from cnnstudio.ui.widgets.basics import Notice
from cnnstudio.ui.widgets.train_words import plan_hint
from tests.ui.conftest import WAIT_MS, MakeStudio, add_pictures
from tests.ui.fakes import FakeAsking, FakeKeeper, crashed
from tests.ui.lone_train_page import LoneTrainPage

LISTING = PictureList(
    ("cat", "dog"),
    tuple(
        ListedPicture(f"/pictures/{label} {number}.png", label, part)
        for label in ("cat", "dog")
        for number, part in enumerate(("training", "training", "validation"))
    ),
)


class WorkerInHand:
    """A training that is going on and says nothing by itself."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def pause(self) -> None:
        self.asked.append("pause")

    def go_on(self) -> None:
        self.asked.append("go on")

    def stop(self) -> None:
        self.asked.append("stop")

    def wait(self, _: int) -> bool:
        return True


@pytest.fixture
def lone(tmp_path: Path, qtbot: QtBot, theme: Theme) -> Iterator[LoneTrainPage]:
    """The page alone."""
    made = LoneTrainPage(tmp_path / "project", theme)
    yield made
    made.close()


def page_of(studio: Studio) -> TrainPage:
    """The page, shown."""
    studio.window.show_page("train")
    page = studio.window.page("train")
    assert isinstance(page, TrainPage)
    return page


def facts(epoch: int) -> EpochFacts:
    """An epoch of a run that gets better."""
    return EpochFacts(epoch, 1 / epoch, 0.9, 1 / epoch, 1 - 0.5 / epoch, 2.0)


def in_hand(
    studio: Studio | LoneTrainPage,
    phase: Phase = "training",
    epochs: int = 13,
    listing: PictureList = LISTING,
) -> WorkerInHand:
    """A run of two stages stands after so many epochs."""
    project = studio.session.project
    stages = project.training.model_validate(
        {"stages": [{"trains": "head", "epochs": 10}, {"trains": "blocks", "epochs": 10}]}
    )
    project = project.replacing(training=stages)
    run = RunFolder.create(studio.session.folder.runs, project, listing)
    live = LiveRun.of_plan(run, project)
    live.history = [facts(epoch) for epoch in range(1, epochs + 1)]
    watched = run.read_pictures().of_part("validation")[:2]
    live.details = [
        EpochDetails(
            each.epoch,
            watched=tuple(WatchedAnswer(p.path, p.label, p.label, 0.9) for p in watched),
        )
        for each in live.history
    ]
    live.best_epoch = epochs
    live.started = TrainingStarted(20, 3, 420, 120)
    live.training_pictures, live.validation_pictures = 420, 120
    live.seconds_left, live.pictures_per_second = 26.0, 210.0
    if epochs:
        live.stage = StageStarted(2, 2, 11, 100, computed_once=150, seconds_once=4.0)
    worker = WorkerInHand()
    studio.training.live = live
    studio.training._worker = worker  # type: ignore[assignment]
    studio.training.refresh_runs()
    studio.training._set_phase(phase)
    return worker


def ended(studio: Studio | LoneTrainPage, outcome: TrainingEnded) -> None:
    """The run in hand ends that way."""
    studio.training._worker = None
    studio.training.live.ended = outcome
    studio.training._set_phase("ended")


def links_of(widget: QWidget) -> dict[str, QPushButton]:
    """The buttons in sight by their words."""
    QApplication.processEvents()  # what was just made is not shown before
    return {each.text(): each for each in widget.findChildren(QPushButton) if each.isVisible()}


def in_sight(*widgets: QWidget) -> list[bool]:
    """Which of them are to be seen."""
    return [not widget.isHidden() for widget in widgets]


# Ready


def test_ready_shows_settings_and_stages_and_nothing_of_a_run(full_studio: Studio) -> None:
    page = page_of(full_studio)
    assert in_sight(page.settings, page.stages) == [True, True]
    assert (
        in_sight(page.figures, page.outcome, page.watched, page.queue, page.explanations)
        == [False] * 5
    )
    assert in_sight(page.pause_button, page.stop_button, page.queue_button) == [False] * 3
    assert page.start_button.isEnabled()


def test_more_settings_stand_in_groups_that_say_in_short_what_is_chosen(
    lone: LoneTrainPage,
) -> None:
    page = lone.page
    settings = page.settings
    assert not settings.folds["optimizer"].isVisible()
    settings.more.click()
    assert settings.folds["optimizer"].isVisible()
    assert settings.folds["optimizer"].door.short.text() == "Adam"
    assert settings.folds["overfitting"].door.short.text() == "Nothing"
    settings.folds["overfitting"].door.click()
    settings.editors["training.l2"].control.setValue(0.001)
    settings.folds["overfitting"].door.click()
    assert settings.folds["overfitting"].door.short.text() == "L2"
    settings.more.click()
    assert settings.more.text() == "More settings (1 changed)"


def test_only_fields_that_count_with_the_others_are_in_sight(lone: LoneTrainPage) -> None:
    page = lone.page
    editors = page.settings.editors
    names = ("training.momentum", "training.nesterov", "training.decay", "training.warm_up")
    assert in_sight(*(editors[name] for name in names)) == [False] * 4
    plan = lone.session.project.training
    other = {"optimizer": "sgd", "schedule": "cosine"}
    lone.session.change_chapter("training", plan.model_copy(update=other))
    assert in_sight(*(editors[name] for name in names)) == [True, True, False, True]


def test_everything_opened_still_fits_the_column(lone: LoneTrainPage) -> None:
    page = lone.page
    on = {"l1": 0.001, "l2": 0.001, "average_weights": 0.99, "optimizer": "sgd"}
    plan = lone.session.project.training.model_copy(update=on | {"schedule": "plateau"})
    lone.session.change_chapter("training", plan)
    for group in page.settings.folds:
        page.settings.open_group(group)
    page.settings.folds["overfitting"].set_open(False)  # its line says what is on
    QApplication.processEvents()
    assert page.side.widget().width() == page.side.viewport().width()
    assert page.settings.minimumSizeHint().width() <= page.side.viewport().width()


def test_own_stages_and_warnings_with_long_remedies_fit_the_column(lone: LoneTrainPage) -> None:
    page = lone.page
    page.stages.add_button.click()
    long = "Two stages, the second of them much slower than the first"
    page.stages.body.addWidget(Notice("warning", long, long, ((long, page.refresh),)))
    QApplication.processEvents()
    assert page.stages.usual_button.isVisible()
    assert page.stages.minimumSizeHint().width() <= page.side.viewport().width()
    assert page.side.widget().width() == page.side.viewport().width()


def test_the_limit_of_time_is_minutes_or_a_time_of_day_in_one_text(lone: LoneTrainPage) -> None:
    page = lone.page
    page.settings.open_group("time")
    field = page.settings.time_limit
    field.way.setCurrentIndex(field.way.findData("minutes"))
    assert lone.session.project.training.time_limit == "15"
    field.minutes.setValue(20)
    assert lone.session.project.training.time_limit == "20"
    field.way.setCurrentIndex(field.way.findData("time"))
    field.time.setTime(QTime(11, 40))
    assert lone.session.project.training.time_limit == "11:40"
    assert "Done by 11:40" in field.words.text()
    plan = lone.session.project.training.model_copy(update={"time_limit": "90 min"})
    lone.session.change_chapter("training", plan)
    assert field.way.currentData() == "minutes"
    assert field.minutes.value() == 90
    field.way.setCurrentIndex(field.way.findData("never"))
    assert lone.session.project.training.time_limit == ""


def test_a_wrong_loss_is_shown_with_a_remedy_of_one_click(lone: LoneTrainPage) -> None:
    settings = lone.page.settings
    network = lone.session.project.network.model_copy(update={"output": "sigmoid"})
    lone.session.change_chapter("network", network)
    assert "Binary cross-entropy" in settings.loss_words.text()
    loss = settings.editors["training.loss"].control
    assert isinstance(loss, QComboBox)
    loss.setCurrentIndex(loss.findData("categorical_crossentropy"))
    assert settings.folds["loss"].is_open
    assert [each.kind for each in lone.page.obstacles] == ["no_folder", "loss_needs_softmax"]
    links_of(settings.folds["loss"])["Take Binary cross-entropy"].click()
    assert lone.session.project.training.loss == "binary_crossentropy"
    assert [each.kind for each in lone.page.obstacles] == ["no_folder"]
    assert "Take Binary cross-entropy" not in links_of(settings)


def test_the_rate_is_planned_and_found_one_click_from_the_plain_setting(
    lone: LoneTrainPage,
) -> None:
    settings = lone.page.settings
    assert not settings.rate.planned.isVisible()
    settings.find_rate_button.click()
    assert settings.rate.planned.isVisible()
    assert settings.rate.find_button.isVisible()
    in_hand(lone)
    assert not settings.rate.find_button.isEnabled()


def test_memory_that_is_too_short_is_told_before_anything_begins(
    full_studio: Studio, qtbot: QtBot
) -> None:
    page = page_of(full_studio)
    qtbot.waitUntil(lambda: full_studio.network.facts is not None, timeout=WAIT_MS)
    assert page.foreseen.isHidden()
    numbers = {name: 1e9 for name in MachineSpeed.__dataclass_fields__ if name != "mark"}
    tiny = MachineSpeed(mark="", **numbers)  # type: ignore[arg-type]
    plan = full_studio.session.project.training.model_copy(update={"batch_size": 1024})
    full_studio.session.change_chapter("training", plan)
    full_studio.price._speed = replace(tiny, memory=121_000_000, engine=100_000_000, cores=2)
    full_studio.price.changed.emit()
    assert not page.foreseen.isHidden()
    words, link = next(iter(links_of(page.foreseen).items()))
    link.click()
    size = full_studio.session.project.training.batch_size
    assert size < 1024
    assert words == f"Take batches of {size}"
    assert page.foreseen.isHidden()


def test_weights_that_are_not_here_are_told_before_anything_begins(
    lone: LoneTrainPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.setenv("CNNSTUDIO_WEIGHTS", str(tmp_path))
    assert lone.page.foreseen.isHidden()
    pretrained = NetworkPlan(base="mobilenet_v2")
    lone.session.change_chapter("network", pretrained)
    assert not lone.page.foreseen.isHidden()
    assert "weights of MobileNetV2 are not on this computer" in all_words(lone.page.foreseen)
    random = pretrained.model_copy(update={"weights": "random"})
    lone.session.change_chapter("network", random)
    assert lone.page.foreseen.isHidden()


# While it trains


def test_training_says_epoch_stage_and_what_ran_once(lone: LoneTrainPage) -> None:
    page = lone.page
    in_hand(lone)
    assert page.title.text() == "Training · epoch 14 of 20"
    assert page.sentence.text() == "Stage 2 of 2: head and top blocks"
    assert page.note.text().startswith("150 frozen layers have run once (4 s)")
    assert page.figures.first.text() == "96.2%"
    assert page.figures.second.text() == "0:26"
    assert page.figures.interval.text() == "91 to 98%, 120 pictures"
    assert page.watched.epoch == 13
    assert "everything up to epoch 13 is saved" in page.hint.text()


def test_settings_of_the_next_training_are_one_click_away_while_it_trains(
    lone: LoneTrainPage,
) -> None:
    page = lone.page
    in_hand(lone)
    assert in_sight(page.settings, page.stages) == [False, False]
    page.next_fold.door.click()
    assert in_sight(page.settings, page.stages) == [True, True]
    page.settings.editors["training.epochs"].control.setValue(3)
    assert lone.session.project.training.epochs == 3


def scrolled(page: TrainPage) -> int:
    """By how much the column is scrolled, when all has its place."""
    for _ in range(4):
        QApplication.processEvents()
    return page.side.verticalScrollBar().value()


def test_what_is_opened_comes_into_sight(lone: LoneTrainPage) -> None:
    page = lone.page
    page.resize(1024, 560)
    in_hand(lone)
    assert scrolled(page) == 0
    page.next_fold.door.click()
    before = scrolled(page)
    assert before > 0
    page.settings.more.click()
    page.settings.folds["seed"].door.click()
    assert scrolled(page) > before
    seed = page.settings.folds["seed"]
    bottom = seed.mapTo(page.side.viewport(), seed.rect().bottomLeft()).y()
    assert bottom < page.side.viewport().height()


def test_the_first_card_in_sight_stays_where_it_is_when_one_above_comes(
    lone: LoneTrainPage,
) -> None:
    page = lone.page
    page.resize(1024, 560)
    in_hand(lone)
    page.next_fold.set_open(True)
    scrolled(page)
    bar = page.side.verticalScrollBar()
    bar.setValue(page.settings.y() + 5)
    scrolled(page)
    place = page.settings.mapTo(page.side.viewport(), page.settings.rect().topLeft()).y()
    page.explanations.setVisible(page.explanations.isHidden())
    page.queue.setVisible(page.queue.isHidden())
    scrolled(page)
    assert page.settings.mapTo(page.side.viewport(), page.settings.rect().topLeft()).y() == place


def test_no_figure_comes_or_goes_from_epoch_to_epoch(lone: LoneTrainPage) -> None:
    page = lone.page
    in_hand(lone)
    live = lone.training.live
    names = [name.text() for name, _ in page.figures._labels if not name.isHidden()]
    live.best_epoch = 5
    page.figures.show_run(live, "training", 120)
    assert [name.text() for name, _ in page.figures._labels if not name.isHidden()] == names
    assert "Best validation" in names


def test_tab_goes_through_the_settings_as_the_eye_does(lone: LoneTrainPage) -> None:
    page = lone.page
    page.stages.add_button.click()
    page.settings.more.setFocus()
    page.focusNextPrevChild(True)
    settings, stages = page.settings, page.stages
    wanted = [
        settings.editors["training.learning_rate"].control,
        settings.find_rate_button,
        settings.editors["training.early_stopping"].control,
        settings.more,
        stages.rows[0].more,
        stages.rows[1].more,
        stages.add_button,
        page.start_button,
    ]
    following, chain = page.nextInFocusChain(), []
    while following is not None and following is not page:
        chain.append(following)
        following = following.nextInFocusChain()
    assert [each for each in chain if each in wanted] == wanted


def test_taking_out_the_last_that_waits_puts_the_keyboard_in_no_number_field(
    full_studio: Studio, qtbot: QtBot
) -> None:
    page = page_of(full_studio)
    in_hand(full_studio)
    page.next_fold.set_open(True)
    page.queue_button.click()
    full_studio.window.activateWindow()
    qtbot.waitUntil(full_studio.window.isActiveWindow, timeout=WAIT_MS)
    out = links_of(page.queue)["Take out"]
    out.setFocus()
    out.click()
    QApplication.processEvents()
    assert page.stop_button.hasFocus()


def test_epochs_set_in_own_stages_are_named_in_the_settings(lone: LoneTrainPage) -> None:
    settings = lone.page.settings
    assert in_sight(settings.epochs_words) == [False]
    stages = {"stages": [{"trains": "head", "epochs": 10}, {"trains": "all", "epochs": 15}]}
    plan = lone.session.project.training.model_validate(stages)
    lone.session.change_chapter("training", plan)
    assert in_sight(settings.epochs_words, settings.editors["training.epochs"]) == [True, False]
    assert settings.epochs_words.text() == "Epochs: 25 in all, set in the stages below"


def test_more_epochs_than_can_be_are_as_many_as_can_be(lone: LoneTrainPage) -> None:
    epochs = lone.page.settings.editors["training.epochs"].control
    epochs.selectAll()
    QTest.keyClicks(epochs, "2000")
    QTest.keyClick(epochs, Qt.Key.Key_Return)
    assert lone.session.project.training.epochs == 1000
    patience = lone.page.settings.editors["training.early_stopping"].control
    patience.setValue(1)
    assert patience.text() == "1 epoch"


def test_preparing_shows_how_far_it_is(lone: LoneTrainPage) -> None:
    page = lone.page
    in_hand(lone, "preparing", epochs=0)
    lone.training._on_progressed(Progress("features", 112, 300))
    assert page.sentence.text() == "Frozen layers run once: 112 of 300 pictures"
    assert (page.bar.value(), page.bar.maximum()) == (112, 300)
    assert not page.pause_button.isEnabled()
    assert page.stop_button.isEnabled()


def test_pause_and_go_on_change_places_and_the_keyboard_stays(
    lone: LoneTrainPage, qtbot: QtBot
) -> None:
    page = lone.page
    worker = in_hand(lone)
    lone.page.activateWindow()
    qtbot.waitUntil(lone.page.isActiveWindow, timeout=WAIT_MS)
    page.pause_button.setFocus()
    page.pause_button.click()
    lone.training._on_pause_changed(True)
    assert page.title.text() == "Paused · epoch 14 of 20"
    assert in_sight(page.pause_button, page.go_on_button) == [False, True]
    assert page.go_on_button.hasFocus()
    page.go_on_button.click()
    lone.training._on_pause_changed(False)
    assert in_sight(page.pause_button, page.go_on_button) == [True, False]
    assert lone.page.focusWidget() is not None
    page.stop_button.click()
    assert worker.asked == ["pause", "go on", "stop"]
    assert page.title.text() == "Stopping"


def test_another_run_waits_in_the_queue_and_is_taken_out(full_studio: Studio) -> None:
    page = page_of(full_studio)
    in_hand(full_studio)
    page.queue_button.click()
    assert len(full_studio.training.queue) == 1
    assert not page.queue.isHidden()
    links_of(page.queue)["Take out"].click()
    assert full_studio.training.queue == []
    assert page.queue.isHidden()


def explained(*remedies: Remedy) -> tuple[Explanation, ...]:
    """One finding with remedies."""
    values = {"loss_best": "0.3", "loss_now": "0.6", "best": 9}
    return (Explanation("overfitting", 12, values, remedies),)


def test_an_explanation_offers_remedies_that_change_the_plan_and_can_be_undone(
    lone: LoneTrainPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = Remedy("more_dropout", (Change("network", "dropout", 0.6),), (("dropout", "0.6"),))
    monkeypatch.setattr(explanation_card, "explain", lambda *_: explained(STOP, more))
    page = lone.page
    worker = in_hand(lone)
    assert not page.explanations.isHidden()
    links = links_of(page.explanations)
    assert list(links) == ["Stop here", "More dropout: 0.6"]
    before = lone.session.project
    links["More dropout: 0.6"].click()
    assert lone.session.project.network.dropout == 0.6
    assert "More dropout: 0.6" not in links_of(page.explanations)
    links_of(page.explanations)["Undo"].click()
    assert lone.session.project == before
    links_of(page.explanations)["Stop here"].click()
    assert worker.asked == ["stop"]


def test_a_healthy_run_is_not_explained(
    lone: LoneTrainPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(explanation_card, "explain", lambda *_: ())
    page = lone.page
    in_hand(lone)
    assert page.explanations.isHidden()


# Ended


def test_a_finished_run_offers_export_and_more_epochs(full_studio: Studio, qtbot: QtBot) -> None:
    plan = full_studio.session.project.training.model_copy(update={"epochs": 2})
    full_studio.session.change_chapter("training", plan)
    page = page_of(full_studio)
    page.start_button.click()
    qtbot.waitUntil(lambda: full_studio.training.phase == "ended", timeout=WAIT_MS)
    assert page.title.text() == "Finished"
    assert "Export the model" in links_of(page.outcome)
    run = full_studio.training.live.run
    assert run is not None
    run.checkpoint.write_bytes(b"as far as it came")
    page.outcome.added.setValue(3)
    with qtbot.waitSignal(full_studio.training.training_ended, timeout=WAIT_MS):
        page.outcome.add_epochs.button.click()
    assert len(full_studio.training.live.history) == 5
    full_studio.training.show_run(run)  # as it is read from disk
    count = len(run.read_pictures().of_part("validation"))
    assert page.figures.interval.text().endswith(f"{count} pictures")


def test_all_runs_are_one_click_away(lone: LoneTrainPage, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []
    monkeypatch.setattr(RunsDialog, "exec", lambda _: opened.append("runs"))
    assert lone.page.runs_button.isHidden()
    in_hand(lone)
    lone.page.runs_button.click()
    assert opened == ["runs"]


def test_early_stopping_and_the_limit_of_time_are_said(lone: LoneTrainPage) -> None:
    page = lone.page
    in_hand(lone)
    run = lone.training.live.run
    assert run is not None
    whole = TrainingEnded("finished", str(run.path), 13, 13, 0.9, 40.0, ended_by="time_limit")
    ended(lone, whole)
    assert "time was up" in all_words(page.outcome)
    assert "no time for 1 planned stage" in all_words(page.outcome)
    ended(lone, replace(whole, ended_by="early_stopping"))
    assert "got no better" in all_words(page.outcome)


def test_an_ended_run_is_named_and_another_plan_is_called_the_next(lone: LoneTrainPage) -> None:
    page = lone.page
    in_hand(lone)
    run = lone.training.live.run
    assert run is not None
    lone.session.change(lone.training.live.project)  # type: ignore[arg-type]
    run.write_notes(RunNotes(name="first try"))
    ended(lone, TrainingEnded("finished", str(run.path), 13, 13, 0.9, 40.0))
    assert page.sentence.text().endswith(
        "· first try · 13 epochs done; the model of epoch 13 is the best."
    )
    assert page.start_button.text() == "Train again"
    plan = lone.session.project.training.model_copy(update={"batch_size": 8})
    lone.session.change_chapter("training", plan)
    assert page.start_button.text() == "Train with these settings"


def test_the_next_plan_is_told_with_its_time_or_its_limit() -> None:
    project = Project(name="P")
    limited = project.replacing(
        training=project.training.model_copy(update={"time_limit": "1", "batch_size": 8})
    )
    assert plan_hint(project, project, 240.0).endswith("learning rate 0.001 · about 4.0 min")
    words = plan_hint(limited, project, 240.0)
    assert words.startswith("Next: ")
    assert words.endswith("the time limit")
    assert "about" in plan_hint(limited, project, 20.0)


def test_the_time_left_is_no_more_than_the_limit_leaves(lone: LoneTrainPage) -> None:
    in_hand(lone)
    lone.training.live.deadline = time.time() + 10.4
    lone.page.figures.show_run(lone.training.live, "training", 120)
    assert lone.page.figures.second.text() in ("0:09", "0:10")
    assert any("done by" in value.text() for _, value in lone.page.figures._labels)


def all_words(widget: QWidget) -> str:
    """What its notices say."""
    return " ".join(each.accessibleName() for each in widget.findChildren(QWidget))


@pytest.mark.parametrize("outcome", ["stopped", "crashed"])
def test_a_run_that_was_not_done_goes_on_with_the_next_epoch(
    full_studio: Studio, outcome: str
) -> None:
    page = page_of(full_studio)
    in_hand(full_studio, epochs=3, listing=full_studio.pictures.listing or LISTING)
    run = full_studio.training.live.run
    assert run is not None
    for each in full_studio.training.live.history:
        run.append_epoch(each)
    run.checkpoint.write_bytes(b"as far as it came")
    run.end(outcome, 6.0)  # type: ignore[arg-type]
    ended(full_studio, TrainingEnded(outcome, str(run.path), 3, 3, 0.8, 6.0))  # type: ignore[arg-type]
    assert page.continue_button.text() == "Go on with epoch 4"
    assert page.continue_button.property("role") == "main"
    assert not page.results_button.property("role")
    page.continue_button.click()
    assert full_studio.training.is_busy
    assert full_studio.training.live.run == run


def out_of_memory(command: Train) -> TrainingEnded:
    """A training that does not fit, unless batches are small."""
    problem = Problem("out_of_memory", values={"batch_size": 8})
    return TrainingEnded("failed", command.run_folder, 0, 0, 0.0, 1.0, problem, "details")


def test_out_of_memory_is_mended_by_one_click_that_trains_with_smaller_batches(
    make_studio: MakeStudio, picture_folder: Path, qtbot: QtBot
) -> None:
    keeper = FakeKeeper(train=out_of_memory)
    studio = make_studio(keeper=keeper)
    add_pictures(studio, picture_folder, qtbot)
    page = page_of(studio)
    page.start_button.click()
    qtbot.waitUntil(lambda: studio.training.phase == "ended", timeout=WAIT_MS)
    studio.window.activateWindow()
    qtbot.waitUntil(studio.window.isActiveWindow, timeout=WAIT_MS)
    mend = links_of(page.outcome)["Train with batches of 8"]
    mend.setFocus()
    mend.click()
    assert studio.session.project.training.batch_size == 8
    assert studio.training.is_busy
    assert page.stop_button.hasFocus()
    qtbot.waitUntil(lambda: studio.training.phase == "ended", timeout=WAIT_MS)
    assert sum(isinstance(each, Train) for each in keeper.engine.asked) == 2


def test_a_crash_says_why_and_gives_the_details(
    make_studio: MakeStudio, picture_folder: Path, qtbot: QtBot
) -> None:
    asking = FakeAsking()
    studio = make_studio(keeper=FakeKeeper(train=crashed), asking=asking)
    add_pictures(studio, picture_folder, qtbot)
    page = page_of(studio)
    page.start_button.click()
    qtbot.waitUntil(lambda: studio.training.phase == "ended", timeout=WAIT_MS)
    assert page.title.text() == "The training broke off"
    links_of(page.outcome)["Copy details"].click()
    assert asking.copied == ["details"]


def test_a_project_that_can_only_be_looked_at_changes_nothing(
    lone: LoneTrainPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = lone.page
    monkeypatch.setattr(lone.session.folder, "read_only", True)
    page.refresh()
    assert not page.start_button.isEnabled()
    assert not page.settings.plain.isEnabled()
    assert not page.stages.add_button.isEnabled()
