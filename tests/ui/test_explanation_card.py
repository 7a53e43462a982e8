"""What the curves show stands in boxes, and what helps is one click or one key away."""

import math
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from cnnstudio.project.epochs import EpochFacts
from cnnstudio.project.explaining import Explanation, Remedy, explain
from cnnstudio.project.project import Project
from cnnstudio.ui.live_run import LiveRun
from cnnstudio.ui.run_view import RunCounts
from cnnstudio.ui.studio import Studio
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.explanation_boxes import MOST_BOXES, ExplanationBoxes
from cnnstudio.ui.widgets.explanation_card import ExplanationCard
from tests.project.recorded_histories import FAULTY, HEALTHY, Recorded

WIDTH = 296


def recorded(name: str) -> Recorded:
    return next(each for each in (*HEALTHY, *FAULTY) if each.name == name)


def explained(name: str) -> tuple[Explanation, ...]:
    each = recorded(name)
    return each.explained(each.history())


class Told:
    """Remembers what the boxes asked for."""

    def __init__(self) -> None:
        self.remedies: list[Remedy] = []
        self.stops = 0

    def stop(self) -> None:
        self.stops += 1


@pytest.fixture
def boxes(qtbot: QtBot, theme: Theme) -> Iterator[tuple[ExplanationBoxes, Told]]:
    """Boxes in a side column that is shown."""
    told = Told()
    made = ExplanationBoxes(told.remedies.append, told.stop)
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(made)
    column.addStretch(1)
    page.setFixedWidth(WIDTH)
    page.resize(WIDTH, 900)
    qtbot.addWidget(page)
    page.show()
    yield made, told
    page.close()


def buttons(within: QWidget) -> list[QPushButton]:
    QApplication.processEvents()  # What is new in a layout is shown, what was taken out is gone.
    return [each for each in within.findChildren(QPushButton) if each.isVisibleTo(within)]


def frames(within: QWidget) -> list[QFrame]:
    QApplication.processEvents()
    found = within.findChildren(QFrame)
    return [
        each for each in found if each.property("role") == "notice" and each.isVisibleTo(within)
    ]


def test_nothing_is_there_where_all_is_well(boxes: tuple[ExplanationBoxes, Told]) -> None:
    made, _ = boxes
    made.show_explanations((), True, Project())
    assert not made.isVisible()


def test_a_box_says_term_what_is_seen_and_what_it_means(
    boxes: tuple[ExplanationBoxes, Told],
) -> None:
    made, _ = boxes
    (found,) = explained("over_head")
    made.show_explanations((found,), True, Project())
    (box,) = frames(made)
    words = [each.text() for each in box.findChildren(QLabel)]
    assert words == [found.title, found.seen, found.means]
    assert box.accessibleName() == found.title
    assert found.seen in box.accessibleDescription()


def test_a_click_asks_for_the_remedy_and_stopping_is_told_apart(
    boxes: tuple[ExplanationBoxes, Told],
) -> None:
    made, told = boxes
    (found,) = explained("over_head")
    made.show_explanations((found,), True, Project())
    stop, stronger, *_ = buttons(made)
    stop.click()
    assert (told.stops, told.remedies) == (1, [])
    stronger.click()
    assert told.remedies == [found.remedies[1]]


def test_stopping_is_offered_only_while_it_runs(boxes: tuple[ExplanationBoxes, Told]) -> None:
    made, _ = boxes
    made.show_explanations(explained("over_head"), False, Project())
    assert "Stop here" not in [each.text() for each in buttons(made)]


def test_a_remedy_that_was_taken_says_so_and_comes_back_with_undo(
    boxes: tuple[ExplanationBoxes, Told],
) -> None:
    made, _ = boxes
    (found,) = explained("over_head")
    remedy = found.remedies[1]
    made.show_explanations((found,), False, remedy.apply(Project()))
    taken = buttons(made)[0]
    assert not taken.isEnabled()
    assert remedy.title in taken.text()
    assert taken.accessibleName().startswith("Changed for the next run")
    made.show_explanations((found,), False, Project())
    assert buttons(made)[0].isEnabled()


def test_a_project_that_cannot_be_changed_is_offered_no_changes(
    boxes: tuple[ExplanationBoxes, Told],
) -> None:
    made, _ = boxes
    made.show_explanations(explained("over_head"), True, None)
    assert [each.text() for each in buttons(made)] == ["Stop here"]


def test_at_most_three_are_shown_the_most_important_first(
    boxes: tuple[ExplanationBoxes, Told],
) -> None:
    made, _ = boxes
    (first,) = explained("over_head")
    many = tuple(replace(first, epoch=epoch) for epoch in range(1, MOST_BOXES + 3))
    made.show_explanations(many, True, Project())
    assert [each.accessibleName() for each in frames(made)] == [
        each.title for each in many[:MOST_BOXES]
    ]


def test_links_go_on_in_the_next_line_and_none_is_wider_than_its_box(
    boxes: tuple[ExplanationBoxes, Told], qtbot: QtBot
) -> None:
    made, _ = boxes
    made.show_explanations(
        (*explained("over_head"), *explained("none_dead_units"), *explained("low_adam")),
        True,
        Project(),
    )
    qtbot.waitUntil(lambda: all(each.height() for each in buttons(made)))
    for box in frames(made):
        for each in buttons(box):
            corner = each.mapTo(box, each.rect().bottomRight())
            assert corner.x() < box.width()
            assert corner.y() < box.height()
            assert each.width() >= each.sizeHint().width()


def test_every_link_is_reached_by_the_keyboard_and_has_a_name(
    boxes: tuple[ExplanationBoxes, Told], qtbot: QtBot
) -> None:
    made, told = boxes
    (found,) = explained("over_head")
    made.show_explanations((found,), True, Project())
    for each in buttons(made):
        assert each.focusPolicy() & Qt.FocusPolicy.TabFocus
        assert found.title in each.accessibleName()
    second = buttons(made)[1]
    second.setFocus()
    qtbot.keyClick(second, Qt.Key.Key_Space)
    assert told.remedies == [found.remedies[1]]


def test_the_same_explanation_leaves_its_box_alone(boxes: tuple[ExplanationBoxes, Told]) -> None:
    made, _ = boxes
    made.show_explanations(explained("over_head"), True, Project())
    before = buttons(made)
    made.show_explanations(explained("over_head"), True, Project())
    assert buttons(made) == before


# On the page


def live_run(name: str, history: list[EpochFacts] | None = None) -> tuple[LiveRun, RunCounts]:
    each = recorded(name)
    live = LiveRun.of_plan(None, each.project)
    live.history = each.history() if history is None else history
    return live, RunCounts(each.training, each.validation, each.classes)


def test_a_remedy_changes_the_plan_of_the_next_training_and_can_be_undone(
    studio: Studio, qtbot: QtBot
) -> None:
    card = ExplanationCard(studio.session, studio.training)
    qtbot.addWidget(card)
    card.show_run(*live_run("over_head"))
    card.show()
    before = studio.session.project
    buttons(card.boxes)[0].click()
    assert studio.session.project.augmentation.horizontal_flip
    assert not buttons(card.boxes)[0].isEnabled()
    studio.session.undo()
    assert studio.session.project == before
    assert buttons(card.boxes)[0].isEnabled()


def test_a_loss_that_is_lost_in_the_first_epoch_is_explained(studio: Studio, qtbot: QtBot) -> None:
    card = ExplanationCard(studio.session, studio.training)
    qtbot.addWidget(card)
    lost = EpochFacts(1, math.nan, 0.1, math.nan, 0.1, 1.0)
    card.show_run(*live_run("nan_sgd", [lost]))
    assert [each.kind for each in card.found] == ["not_a_number"]
    card.show_run(*live_run("healthy_two_clothes"))
    assert card.found == ()
    assert not card.isVisible()


def test_the_card_explains_as_the_terminal_does(studio: Studio, qtbot: QtBot) -> None:
    card = ExplanationCard(studio.session, studio.training)
    qtbot.addWidget(card)
    each = recorded("forget_all")
    card.show_run(*live_run("forget_all"))
    assert card.found == explain(
        each.history(), each.project, each.training, each.validation, "", None, each.classes
    )
