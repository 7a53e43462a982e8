"""The planned rate is drawn, and rates are tried on the pictures by one click."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.problems import Problem
from cnnstudio.project.project import Project
from cnnstudio.project.project_folder import ProjectFolder
from cnnstudio.project.run_folder import RunFolder
from cnnstudio.project.stages import Stage
from cnnstudio.protocol import (
    ClosingEvent,
    FindRate,
    Progress,
    RateFound,
    RateTried,
    WorkFailed,
    WorkStopped,
)
from cnnstudio.ui.network_state import NetworkState
from cnnstudio.ui.pictures_state import PicturesState
from cnnstudio.ui.session import ProjectSession
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.basics import Notice
from cnnstudio.ui.widgets.rate_card import RateCard
from cnnstudio.ui.widgets.rate_plots import power_marks
from tests.ui.conftest import WAIT_MS
from tests.ui.fakes import FakeEngine, FakeKeeper

POINTS = ((1e-6, 0.7), (1e-4, 0.6), (1e-2, 0.2), (1e-1, 0.9))


class TryingEngine(FakeEngine):
    """Tries four rates; with ``is_waiting`` it goes on only when it is stopped."""

    def __init__(self) -> None:
        super().__init__({})
        self.answer: ClosingEvent = RateFound(POINTS, 0.001)
        self.is_waiting = False
        self.runs: list[Path] = []
        self.pictures = 0

    def run(
        self,
        command: Any,
        on_event: Callable[[Any], None] | None = None,
        should_stop: Callable[[], bool] | None = None,
    ) -> ClosingEvent:
        if not isinstance(command, FindRate):
            return super().run(command, on_event, should_stop)
        assert on_event is not None
        assert should_stop is not None
        self.runs.append(Path(command.run_folder))
        self.pictures = len(RunFolder.open(self.runs[-1]).read_pictures().pictures)
        for number, point in enumerate(POINTS, start=1):
            on_event(RateTried(*point))
            on_event(Progress("rates", number, len(POINTS)))
        pause = threading.Event()
        while self.is_waiting:
            if should_stop():
                return WorkStopped()
            pause.wait(0.005)
        return self.answer


class Trying:
    """A card on a project with pictures, and an engine that tries."""

    def __init__(self, folder: Path, pictures: Path, theme: Theme) -> None:
        project = Project(name="P", network=NetworkPlan(base="mobilenet_v2"))
        plan = project.pictures.model_copy(update={"folders": (str(pictures),)})
        opened = ProjectFolder.create(folder, project.replacing(pictures=plan))
        self.engine = TryingEngine()
        keeper: Any = FakeKeeper()
        keeper.engine = self.engine
        self.session = ProjectSession(opened)
        self.pictures = PicturesState(self.session)
        self.network = NetworkState(self.session, self.pictures, keeper)
        self.card = RateCard(self.session, self.pictures, self.network, keeper, theme)
        self.card.resize(500, 500)
        self.card.show()

    def close(self) -> None:
        self.card.close_jobs()
        self.network.close()
        self.pictures.close()
        self.session.close()

    def notices(self) -> list[str]:
        return [notice.accessibleName() for notice in self.card.findChildren(Notice)]


@pytest.fixture
def trying(tmp_path: Path, picture_folder: Path, qtbot: QtBot, theme: Theme) -> Iterator[Trying]:
    made = Trying(tmp_path / "project", picture_folder, theme)
    qtbot.addWidget(made.card)
    assert not made.card.find_button.isEnabled(), "there are no pictures yet"
    made.pictures.refresh()
    qtbot.waitUntil(made.card.find_button.isEnabled, timeout=WAIT_MS)
    yield made
    made.close()


def found(trying: Trying, qtbot: QtBot) -> RateCard:
    """The card after a test that went to its end."""
    trying.card.find_button.click()
    qtbot.waitUntil(lambda: not trying.card.is_busy, timeout=WAIT_MS)
    return trying.card


def test_one_click_finds_a_rate_and_another_one_takes_it(trying: Trying, qtbot: QtBot) -> None:
    card = found(trying, qtbot)
    assert trying.engine.pictures == 12
    assert card.tried.rate == 0.001
    assert "lowest at 0.01" in card.words.text()
    assert card.take_button.text() == "0.001 is taken"
    assert not card.take_button.isEnabled()
    card.tried.choose(0.0042)
    assert card.take_button.text() == "Take 0.0042"
    card.take_button.click()
    assert trying.session.project.training.learning_rate == 0.0042
    assert card.tried.isVisible(), "another rate changes nothing about what was found"
    trying.session.undo()
    assert trying.session.project.training.learning_rate == 0.001


def test_nothing_is_left_of_the_run_that_rates_were_tried_on(trying: Trying, qtbot: QtBot) -> None:
    found(trying, qtbot)
    (run,) = trying.engine.runs
    assert not run.exists()
    assert not run.is_relative_to(trying.session.folder.path)
    assert not trying.session.folder.runs.exists() or not list(trying.session.folder.runs.iterdir())


def test_the_curve_grows_while_rates_are_tried_and_the_test_can_be_cancelled(
    trying: Trying, qtbot: QtBot
) -> None:
    trying.engine.is_waiting = True
    card = trying.card
    card.find_button.click()
    qtbot.waitUntil(lambda: card.bar.value() == 4, timeout=WAIT_MS)
    assert card._tried == list(POINTS)
    assert card.cancel_button.isVisible()
    assert not card.find_button.isEnabled()
    qtbot.mouseClick(card.tried, Qt.MouseButton.LeftButton, pos=QPoint(200, 80))
    assert card.tried.rate == 0, "there is nothing to choose yet"
    card.cancel_button.click()
    qtbot.waitUntil(lambda: not card.is_busy, timeout=WAIT_MS)
    assert not card.tried.isVisible()
    assert card.find_button.isEnabled()
    assert trying.notices() == []


def test_another_rate_is_chosen_by_mouse_and_by_keys(trying: Trying, qtbot: QtBot) -> None:
    plot = found(trying, qtbot).tried
    plot.resize(500, 200)
    qtbot.mouseClick(plot, Qt.MouseButton.LeftButton, pos=QPoint(495, 80))
    assert plot.rate == 1
    qtbot.mouseClick(plot, Qt.MouseButton.LeftButton, pos=QPoint(1, 80))
    assert plot.rate == pytest.approx(1e-6)
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    assert plot.rate == pytest.approx(1.2e-6)
    qtbot.keyClick(plot, Qt.Key.Key_Left)
    qtbot.keyClick(plot, Qt.Key.Key_Left)
    assert plot.rate == pytest.approx(1e-6)
    assert "arrow keys" in plot.accessibleDescription()


def test_where_nothing_is_suggested_nothing_is_taken_until_one_is_chosen(
    trying: Trying, qtbot: QtBot
) -> None:
    trying.engine.answer = RateFound(POINTS, 0.0)
    card = found(trying, qtbot)
    assert "did not clearly go down" in card.words.text()
    assert not card.take_button.isVisible()
    card.tried.choose(0.02)
    assert card.take_button.isVisible()


def test_what_went_wrong_is_told_with_its_remedy(trying: Trying, qtbot: QtBot) -> None:
    trying.engine.answer = WorkFailed(Problem("disk_full"))
    card = found(trying, qtbot)
    (words,) = trying.notices()
    assert Problem("disk_full").message in words
    assert not card.tried.isVisible()


@pytest.mark.parametrize(
    ("change", "holds"),
    [({"epochs": 3}, True), ({"batch_size": 8}, False), ({"optimizer": "sgd"}, False)],
)
def test_what_was_found_is_forgotten_with_the_training_that_it_holds_for(
    trying: Trying, qtbot: QtBot, change: dict[str, object], holds: bool
) -> None:
    card = found(trying, qtbot)
    project = trying.session.project
    trying.session.change_chapter("training", project.training.model_copy(update=change))
    assert card.tried.isVisible() == holds


def test_while_there_is_a_training_nothing_can_be_tried(trying: Trying) -> None:
    trying.card.set_can_change(False)
    assert not trying.card.find_button.isEnabled()
    trying.card.set_can_change(True)
    assert trying.card.find_button.isEnabled()


def test_the_planned_rate_follows_the_stages(trying: Trying) -> None:
    plot = trying.card.planned
    assert plot.accessibleDescription() == "From 0.001 to 0.00001."
    assert plot._borders == (20,)
    for schedule in ("step", "exponential", "cosine", "plateau"):
        project = trying.session.project
        stages = (Stage(trains="head", epochs=3), Stage(trains="blocks", epochs=1, rate=0.1))
        update = {"schedule": schedule, "stages": stages}
        trying.session.change_chapter("training", project.training.model_copy(update=update))
        assert plot._borders == (3,)
        assert not plot.grab().isNull()
        low, high = plot._y
        assert high - low < 5, "a schedule that ends at nothing does not flatten the rest"


@pytest.mark.parametrize(
    ("low", "high", "most", "words"),
    [
        (-6.0, 0.0, 7, ["1e-6", "0.00001", "0.0001", "0.001", "0.01", "0.1", "1"]),
        (-6.0, 0.0, 4, ["1e-6", "0.0001", "0.01", "1"]),
        (-3.1, -2.9, 5, ["0.001"]),
        (-3.4, -2.6, 5, ["0.0005", "0.001", "0.002"]),
    ],
)
def test_marks_of_rates_are_written_plainly(
    low: float, high: float, most: int, words: list[str]
) -> None:
    assert [text for _, text in power_marks(low, high, most)] == words
