"""Undo and redo."""

from hypothesis import given
from hypothesis import strategies as st

from cnnstudio.project.project import Project
from cnnstudio.project.undo import MOST_STEPS, PlanHistory


def with_epochs(epochs: int) -> Project:
    project = Project()
    return project.replacing(training=project.training.model_copy(update={"epochs": epochs}))


def test_a_new_history_has_nothing_to_undo() -> None:
    history = PlanHistory(Project())
    assert not history.can_undo
    assert not history.can_redo
    assert not history.undo()
    assert not history.redo()


def test_undo_and_redo_go_back_and_forth() -> None:
    history = PlanHistory(with_epochs(1))
    history.change(with_epochs(2))
    history.change(with_epochs(3))
    assert history.undo()
    assert history.present == with_epochs(2)
    assert history.undo()
    assert history.present == with_epochs(1)
    assert not history.can_undo
    assert history.redo()
    assert history.redo()
    assert history.present == with_epochs(3)
    assert not history.can_redo


def test_a_change_that_changes_nothing_is_no_step() -> None:
    history = PlanHistory(with_epochs(1))
    assert not history.change(with_epochs(1))
    assert not history.can_undo


def test_a_new_change_forgets_what_was_undone() -> None:
    history = PlanHistory(with_epochs(1))
    history.change(with_epochs(2))
    history.undo()
    history.change(with_epochs(3))
    assert not history.can_redo


def test_dragging_a_slider_is_one_step() -> None:
    history = PlanHistory(with_epochs(1))
    for epochs in (2, 3, 4):
        assert history.change(with_epochs(epochs), merging="training.epochs")
    history.undo()
    assert history.present == with_epochs(1)
    assert not history.can_undo
    history.redo()
    assert history.present == with_epochs(4)


def test_another_field_begins_another_step() -> None:
    history = PlanHistory(with_epochs(1))
    history.change(with_epochs(2), merging="a")
    history.change(with_epochs(3), merging="b")
    history.undo()
    assert history.present == with_epochs(2)


def test_dragging_back_to_the_start_is_no_step() -> None:
    history = PlanHistory(with_epochs(1))
    history.change(with_epochs(5))
    history.change(with_epochs(6), merging="a")
    assert history.change(with_epochs(5), merging="a")
    assert history.present == with_epochs(5)
    history.undo()
    assert history.present == with_epochs(1)


def test_dragging_after_an_undo_is_a_step_of_its_own() -> None:
    history = PlanHistory(with_epochs(1))
    history.change(with_epochs(2), merging="a")
    history.change(with_epochs(3))
    history.undo()
    history.change(with_epochs(4), merging="a")
    history.undo()
    assert history.present == with_epochs(2)


def test_only_so_many_steps_are_kept() -> None:
    history = PlanHistory(with_epochs(1))
    for epochs in range(2, MOST_STEPS + 50):
        history.change(with_epochs(epochs))
    steps = 0
    while history.undo():
        steps += 1
    assert steps == MOST_STEPS


@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["change", "drag", "undo", "redo"]), st.integers(1, 4))
    )
)
def test_undoing_everything_leads_to_the_beginning_and_back(steps: list[tuple[str, int]]) -> None:
    history = PlanHistory(with_epochs(9))
    for action, epochs in steps:
        match action:
            case "change":
                history.change(with_epochs(epochs))
            case "drag":
                history.change(with_epochs(epochs), merging="epochs")
            case "undo":
                history.undo()
            case "redo":
                history.redo()
    while history.redo():
        pass
    last = history.present
    seen = [last]
    while history.undo():
        assert history.present != seen[-1]
        seen.append(history.present)
    assert seen[-1] == with_epochs(9)
    while history.redo():
        pass
    assert history.present == last
