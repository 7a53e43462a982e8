"""What a person can do with a training: pause it, let others wait, go on with one, show one."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cnnstudio.project.project import Project
from cnnstudio.project.run_folder import RunFolder
from cnnstudio.protocol import BringUpToDate, RunIsUpToDate, Train, TrainingEnded
from cnnstudio.ui.studio import Studio
from tests.ui.conftest import WAIT_MS, MakeStudio
from tests.ui.fakes import FakeKeeper


@pytest.fixture
def small(make_studio: MakeStudio, picture_folder: Path, qtbot: QtBot) -> Studio:
    """A studio whose pictures are known, with a plan of two epochs."""
    project = Project(name="P")
    pictures = project.pictures.model_copy(update={"folders": (str(picture_folder),)})
    training = project.training.model_copy(update={"epochs": 2})
    studio = make_studio(project.replacing(pictures=pictures, training=training))
    qtbot.waitUntil(lambda: studio.pictures.listing is not None, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: not studio.pictures.is_busy, timeout=WAIT_MS)
    return studio


def run_once(studio: Studio, qtbot: QtBot) -> RunFolder:
    """Train the plan to its end."""
    with qtbot.waitSignal(studio.training.training_ended, timeout=WAIT_MS):
        assert studio.training.start() is None
    run = studio.training.live.run
    assert run is not None
    return run


def test_a_paused_training_waits_and_goes_on(small: Studio, qtbot: QtBot) -> None:
    training, engine = small.training, small.keeper.engine  # type: ignore[attr-defined]
    engine.pause()  # before the first epoch, so that there is no race
    assert training.start() is None
    qtbot.waitUntil(lambda: training.phase == "paused", timeout=WAIT_MS)
    assert training.is_running
    assert training.live.history == []
    with qtbot.waitSignal(training.training_ended, timeout=WAIT_MS):
        training.go_on()
    assert [facts.epoch for facts in training.live.history] == [1, 2]
    assert training.phase == "ended"


def test_a_finished_run_goes_on_with_added_epochs(small: Studio, qtbot: QtBot) -> None:
    run = run_once(small, qtbot)
    refused = small.training.continue_run(run)
    assert refused is not None
    assert refused.kind == "run_is_done"
    with qtbot.waitSignal(small.training.training_ended, timeout=WAIT_MS):
        assert small.training.continue_run(run, added=3) is None
    assert [facts.epoch for facts in run.read_history()] == [1, 2, 3, 4, 5]
    assert [facts.epoch for facts in small.training.live.history] == [1, 2, 3, 4, 5]
    assert small.training.runs == [run]
    assert run.read_status().state == "finished"


def test_a_second_run_waits_for_the_first_and_then_begins(small: Studio, qtbot: QtBot) -> None:
    training, engine = small.training, small.keeper.engine  # type: ignore[attr-defined]
    ended: list[TrainingEnded] = []
    training.training_ended.connect(ended.append)
    engine.pause()
    assert training.start() is None
    first = training.live.run
    longer = small.session.project.training.model_copy(update={"epochs": 4})
    small.session.change_chapter("training", longer)
    assert training.queue_run() is None
    (second,) = training.queue
    assert second.read_status().state == "waiting"
    assert training.latest_run is None
    engine.go_on()
    qtbot.waitUntil(lambda: len(ended) == 2, timeout=WAIT_MS)
    assert [Path(each.run_folder) for each in ended] == [first.path, second.path]
    assert [each.epochs_done for each in ended] == [2, 4]
    assert training.queue == []
    assert second.read_status().state == "finished"


def test_a_run_taken_out_of_the_queue_is_gone(small: Studio, qtbot: QtBot) -> None:
    training, engine = small.training, small.keeper.engine  # type: ignore[attr-defined]
    engine.pause()
    assert training.start() is None
    assert training.queue_run() is None
    (second,) = training.queue
    assert training.unqueue(second) is None
    assert training.queue == []
    assert not second.path.exists()
    with qtbot.waitSignal(training.training_ended, timeout=WAIT_MS):
        engine.go_on()
    assert sum(isinstance(asked, Train) for asked in engine.asked) == 1


def test_waiting_runs_still_wait_when_the_project_is_opened_again(
    small: Studio, make_studio: MakeStudio, qtbot: QtBot
) -> None:
    training, engine = small.training, small.keeper.engine  # type: ignore[attr-defined]
    engine.pause()
    training.start()
    training.queue_run()
    (waiting,) = training.queue
    training.queue.clear()  # as if the program had ended here
    with qtbot.waitSignal(training.training_ended, timeout=WAIT_MS):
        engine.go_on()
    again = make_studio(folder=small.session.folder, keeper=FakeKeeper())
    assert again.training.queue == [waiting]
    assert not again.training.is_running
    with qtbot.waitSignal(again.training.training_ended, timeout=WAIT_MS):
        again.training.start_queue()
    assert waiting.read_status().state == "finished"


def test_an_earlier_run_is_shown_and_its_model_is_used(small: Studio, qtbot: QtBot) -> None:
    first = run_once(small, qtbot)
    second = run_once(small, qtbot)
    assert small.training.latest_run == second
    small.training.show_run(first)
    assert small.training.latest_run == first
    assert small.training.live.run == first
    assert [facts.epoch for facts in small.training.live.history] == [1, 2]


def test_a_run_without_an_epoch_does_not_hide_a_finished_one(small: Studio, qtbot: QtBot) -> None:
    first = run_once(small, qtbot)
    second = run_once(small, qtbot)
    second.history_file.unlink()
    small.training._chosen = None
    small.training.refresh_runs()
    assert small.training.latest_run == first


def test_a_run_that_was_broken_off_is_brought_up_to_date_when_it_is_opened(
    small: Studio, make_studio: MakeStudio, qtbot: QtBot
) -> None:
    run = run_once(small, qtbot)
    older = run.read_evaluation()
    assert older is not None
    run.write_evaluation(older.model_copy(update={"epoch": 1}))
    run.end("crashed", 1.0)

    def bring(command: BringUpToDate) -> RunIsUpToDate:
        newer = older.model_copy(update={"epoch": 2})
        RunFolder(Path(command.run_folder)).write_evaluation(newer)
        return RunIsUpToDate(command.run_folder)

    keeper = FakeKeeper(bring_up_to_date=bring)
    training = make_studio(folder=small.session.folder, keeper=keeper).training
    assert training.evaluation() is None
    qtbot.waitUntil(lambda: training.evaluation() is not None, timeout=WAIT_MS)
    evaluation = training.evaluation()
    assert evaluation is not None
    assert evaluation.epoch == 2
    assert keeper.engine.asked.count(BringUpToDate(str(run.path))) == 1
