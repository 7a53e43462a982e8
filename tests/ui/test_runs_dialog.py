"""The dialog of all runs: found, compared, named, noted, gone on with, and deleted."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from cnnstudio.project.epochs import EpochFacts
from cnnstudio.project.listing import ListedPicture, PictureList
from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.problems import Problem
from cnnstudio.project.project import Project
from cnnstudio.project.run_folder import RunFolder, RunState, list_runs
from cnnstudio.project.stages import planned_epochs
from cnnstudio.project.training import TrainingPlan
from cnnstudio.ui.dialogs.runs_dialog import FEW, RunsDialog
from cnnstudio.ui.studio import Studio
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.runs_table import Cell
from cnnstudio.worker.runs import change_notes
from tests.ui.conftest import WAIT_MS
from tests.ui.fake_training import FakeTraining
from tests.ui.fakes import FakeAsking

PICTURES = PictureList(("cat",), (ListedPicture("/data/a.jpg", "cat", "training"),))

MakeDialog = Callable[..., RunsDialog]


def make_run(
    runs: Path, name: str, epochs: int, state: RunState = "stopped", optimizer: str = "adam"
) -> RunFolder:
    """A run of three epochs, of which some are done; the later its name, the newer it is."""
    plan = TrainingPlan.model_validate({"epochs": 3, "optimizer": optimizer})
    run = RunFolder.create(
        runs, Project(network=NetworkPlan(base="small_cnn"), training=plan), PICTURES
    )
    run = RunFolder(run.path.rename(runs / name))
    for epoch in range(1, epochs + 1):
        run.append_epoch(EpochFacts(epoch, 0.5, 0.7, 0.6, 0.5 + epoch / 10, 1.0))
        run.checkpoint.write_bytes(b"")
    number = ord(name[0]) - ord("a")
    status = run.read_status()
    run.write_status(status.model_copy(update={"started": 1e9 + 86400 * number, "state": state}))
    return run


@pytest.fixture
def runs(tmp_path: Path) -> dict[str, RunFolder]:
    """A finished run, a stopped one, one without an epoch, and one that waits."""
    change_notes(make_run(tmp_path, "a", 3, "finished"), name="Baseline", text="Dogs are hard.")
    make_run(tmp_path, "b", 1, optimizer="sgd")
    make_run(tmp_path, "c", 0)
    make_run(tmp_path, "d", 0, "waiting")
    return {run.path.name: run for run in list_runs(tmp_path)}


@pytest.fixture
def make_dialog(qtbot: QtBot, theme: Theme) -> Iterator[MakeDialog]:
    made: list[tuple[RunsDialog, FakeTraining]] = []

    def make(training: FakeTraining, asking: FakeAsking | None = None) -> RunsDialog:
        dialog = RunsDialog(training, asking or FakeAsking())  # type: ignore[arg-type]
        qtbot.addWidget(dialog)
        dialog.show()
        qtbot.waitUntil(lambda: dialog.table.runs.rowCount() == len(training.runs))
        made.append((dialog, training))
        return dialog

    yield make
    for dialog, _ in made:
        dialog.close()


def texts(dialog: RunsDialog, column: Cell) -> list[str]:
    """What the table shows in a column, from above."""
    found = dialog.table.found
    return [found.index(row, column).data() for row in range(found.rowCount())]


def choose(dialog: RunsDialog, run: RunFolder) -> None:
    dialog.table.choose(run)
    assert dialog.table.current is not None
    assert dialog.table.current.run == run


def test_the_newest_run_is_above_and_each_tells_how_it_stands(
    make_dialog: MakeDialog, runs: dict[str, RunFolder]
) -> None:
    dialog = make_dialog(FakeTraining(list(runs.values())))
    dialog.resize(1080, 680)
    assert texts(dialog, Cell.NAME) == ["–", "–", "–", "Baseline"]
    assert texts(dialog, Cell.ACCURACY) == ["–", "–", "60.0%", "80.0%"]
    assert texts(dialog, Cell.EPOCHS) == ["0 of 3", "0 of 3", "1 of 3", "3"]
    assert texts(dialog, Cell.STATE) == ["waiting (1)", "stopped", "stopped", "finished"]


def test_runs_are_sorted_by_numbers_and_not_by_letters(
    make_dialog: MakeDialog, tmp_path: Path
) -> None:
    for name, epochs in (("a", 2), ("b", 11), ("c", 0)):
        make_run(tmp_path, name, epochs)
    dialog = make_dialog(FakeTraining(list_runs(tmp_path)))
    dialog.table.sortByColumn(Cell.EPOCHS, Qt.SortOrder.AscendingOrder)
    assert texts(dialog, Cell.EPOCHS) == ["0 of 3", "2 of 3", "11"]
    dialog.table.sortByColumn(Cell.ACCURACY, Qt.SortOrder.DescendingOrder)
    assert texts(dialog, Cell.ACCURACY) == ["160.0%", "70.0%", "–"]


def test_a_search_finds_words_of_the_note_and_only_many_runs_have_one(
    make_dialog: MakeDialog, runs: dict[str, RunFolder], tmp_path: Path
) -> None:
    assert make_dialog(FakeTraining(list(runs.values()))).search.isHidden()
    for number in range(FEW):
        make_run(tmp_path, f"e{number}", 0)
    dialog = make_dialog(FakeTraining(list_runs(tmp_path)))
    assert not dialog.search.isHidden()
    dialog.search.setText("HARD dogs")
    assert texts(dialog, Cell.NAME) == ["Baseline"]
    assert dialog.details.title.text() == "Baseline"
    dialog.search.setText("nowhere")
    assert dialog.table.current is None
    assert dialog.details.isHidden()
    assert dialog.remove_button.isHidden()


def test_what_changed_since_the_run_before_is_told_however_they_are_sorted(
    make_dialog: MakeDialog, runs: dict[str, RunFolder]
) -> None:
    dialog = make_dialog(FakeTraining(list(runs.values())))
    dialog.table.sortByColumn(Cell.ACCURACY, Qt.SortOrder.DescendingOrder)
    choose(dialog, runs["b"])
    assert dialog.details.changes.text() == "Optimiser: Adam → SGD"
    choose(dialog, runs["a"])
    assert dialog.details.changes.isHidden()


def test_a_run_is_named_in_the_table_with_f2(
    make_dialog: MakeDialog, runs: dict[str, RunFolder], qtbot: QtBot
) -> None:
    training = FakeTraining(list(runs.values()))
    dialog = make_dialog(training)
    choose(dialog, runs["b"])
    qtbot.keyClick(dialog.table, Qt.Key.Key_F2)
    editor = dialog.table.findChild(QLineEdit)
    assert editor is not None
    qtbot.keyClicks(editor, "With SGD")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: runs["b"].read_notes().name == "With SGD")
    assert dialog.details.title.text() == "With SGD"
    assert training.asked == []
    assert dialog.isVisible()


def test_a_note_is_kept_as_it_is_typed(
    make_dialog: MakeDialog, runs: dict[str, RunFolder], qtbot: QtBot
) -> None:
    dialog = make_dialog(FakeTraining(list(runs.values())))
    choose(dialog, runs["b"])
    qtbot.keyClicks(dialog.details.note, "Faster ")
    qtbot.waitUntil(lambda: runs["b"].read_notes().text == "Faster")
    qtbot.keyClicks(dialog.details.note, "at first")
    assert dialog.details.note.toPlainText() == "Faster at first"


def test_a_note_is_kept_for_its_own_run_when_another_is_chosen_or_the_dialog_left(
    make_dialog: MakeDialog, runs: dict[str, RunFolder], qtbot: QtBot
) -> None:
    dialog = make_dialog(FakeTraining(list(runs.values())))
    choose(dialog, runs["b"])
    qtbot.keyClicks(dialog.details.note, "of b")
    choose(dialog, runs["c"])
    assert runs["b"].read_notes().text == "of b"
    assert dialog.details.note.toPlainText() == ""
    qtbot.keyClicks(dialog.details.note, "of c")
    dialog.accept()
    assert runs["c"].read_notes().text == "of c"
    assert runs["a"].read_notes().text == "Dogs are hard."


def test_a_star_is_given_by_a_click_and_by_the_button(
    make_dialog: MakeDialog, runs: dict[str, RunFolder], qtbot: QtBot
) -> None:
    dialog = make_dialog(FakeTraining(list(runs.values())))
    table = dialog.table
    place = table.visualRect(table.found.index(1, Cell.STAR)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place))
    assert runs["c"].read_notes().is_starred
    assert texts(dialog, Cell.STAR) == ["☆", "★", "☆", "☆"]
    assert dialog.star_button.text() == "Take the star away"
    dialog.star_button.click()
    assert not runs["c"].read_notes().is_starred


def test_a_stopped_run_goes_on_and_a_finished_one_only_with_more_epochs(
    make_dialog: MakeDialog, runs: dict[str, RunFolder]
) -> None:
    training = FakeTraining(list(runs.values()))
    dialog = make_dialog(training)
    choose(dialog, runs["b"])
    assert dialog.details.go_on.text() == "Go on for 2 epochs"
    choose(dialog, runs["c"])
    assert dialog.details.go_on.text() == "Begin again"
    choose(dialog, runs["a"])
    assert dialog.details.go_on.isHidden()
    dialog.details.added.setValue(4)
    dialog.details.add.click()
    assert training.asked == [("continue", runs["a"], 4)]
    assert dialog.isHidden()


def test_what_stands_in_the_way_of_going_on_is_told_and_the_dialog_stays(
    make_dialog: MakeDialog, runs: dict[str, RunFolder]
) -> None:
    training, asking = FakeTraining(list(runs.values())), FakeAsking()
    training.problem = Problem("run_is_done")
    dialog = make_dialog(training, asking)
    choose(dialog, runs["b"])
    dialog.details.go_on.click()
    assert asking.told == [training.problem]
    assert dialog.isVisible()


def test_while_a_training_is_in_hand_no_other_run_goes_on_or_is_shown(
    make_dialog: MakeDialog, runs: dict[str, RunFolder], qtbot: QtBot
) -> None:
    training = FakeTraining(list(runs.values()))
    training.is_busy = True
    dialog = make_dialog(training)
    choose(dialog, runs["b"])
    details = dialog.details
    assert not any(each.isEnabled() for each in (details.go_on, details.add, details.show_button))
    assert not details.reason.isHidden()
    qtbot.keyClick(dialog.table, Qt.Key.Key_Return)
    assert training.asked == []
    training.is_busy = False
    training.phase_changed.emit("ended")
    assert details.go_on.isEnabled()
    assert details.reason.isHidden()


def test_enter_puts_a_run_on_the_curves(
    make_dialog: MakeDialog, runs: dict[str, RunFolder], qtbot: QtBot
) -> None:
    training = FakeTraining(list(runs.values()))
    dialog = make_dialog(training)
    choose(dialog, runs["a"])
    qtbot.keyClick(dialog.table, Qt.Key.Key_Return)
    assert training.asked == [("show", runs["a"])]
    assert dialog.isHidden()


def test_a_run_is_deleted_once_the_person_is_sure(
    make_dialog: MakeDialog, runs: dict[str, RunFolder], qtbot: QtBot
) -> None:
    asking = FakeAsking()
    asking.next_choice = 1
    dialog = make_dialog(FakeTraining(list(runs.values())), asking)
    choose(dialog, runs["a"])
    qtbot.keyClick(dialog.table, Qt.Key.Key_Delete)
    assert asking.questions == ["Delete the run Baseline?"]
    assert runs["a"].path.is_dir()
    asking.next_choice = 0
    dialog.remove_button.click()
    assert not runs["a"].path.exists()
    qtbot.waitUntil(lambda: len(texts(dialog, Cell.NAME)) == 3)
    assert dialog.table.current is not None


def test_a_waiting_run_leaves_the_queue_without_a_question(
    make_dialog: MakeDialog, runs: dict[str, RunFolder]
) -> None:
    asking = FakeAsking()
    training = FakeTraining(list(runs.values()))
    dialog = make_dialog(training, asking)
    choose(dialog, runs["d"])
    assert dialog.details.go_on.isHidden()
    assert dialog.details.show_button.isHidden()
    assert dialog.remove_button.text() == "Remove from the queue"
    dialog.remove_button.click()
    assert training.queue == []
    assert asking.questions == []
    assert not runs["d"].path.exists()


def test_a_waiting_run_begins_before_the_others_when_nothing_is_in_hand(
    make_dialog: MakeDialog, runs: dict[str, RunFolder], tmp_path: Path
) -> None:
    last = make_run(tmp_path, "e", 0, "waiting")
    training = FakeTraining(list_runs(tmp_path))
    training.is_busy = True
    dialog = make_dialog(training)
    choose(dialog, runs["b"])
    assert dialog.details.begin.isHidden()
    choose(dialog, last)
    assert not dialog.details.begin.isEnabled()
    training.is_busy = False
    training.phase_changed.emit("ended")
    dialog.details.begin.click()
    assert training.asked == [("begin", last)]
    assert training.queue == [runs["d"]]
    assert dialog.isHidden()


def test_the_window_fits_on_a_small_screen(
    make_dialog: MakeDialog, runs: dict[str, RunFolder]
) -> None:
    dialog = make_dialog(FakeTraining(list(runs.values())))
    choose(dialog, runs["b"])
    least = dialog.minimumSizeHint()
    assert least.width() < 960
    assert least.height() < 640
    dialog.resize(960, 640)
    table = dialog.table
    assert table.isColumnHidden(Cell.NETWORK)
    assert texts(dialog, Cell.NAME) == ["Small CNN"] * 3 + ["Baseline"]
    assert table.columnWidth(Cell.NAME) >= 90
    assert table.horizontalHeader().length() <= table.viewport().width()


def test_the_folder_of_a_run_is_opened(
    make_dialog: MakeDialog, runs: dict[str, RunFolder], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    dialog = make_dialog(FakeTraining(list(runs.values())))
    choose(dialog, runs["b"])
    dialog.folder_button.click()
    assert [Path(each) for each in opened] == [runs["b"].path]


def test_hundreds_of_runs_are_read_some_at_a_time(
    qtbot: QtBot, theme: Theme, tmp_path: Path
) -> None:
    for number in range(35):
        make_run(tmp_path, f"a{number:02}", 0)
    dialog = RunsDialog(FakeTraining(list_runs(tmp_path)), FakeAsking())  # type: ignore[arg-type]
    qtbot.addWidget(dialog)
    assert 0 < dialog.table.runs.rowCount() < 35
    assert dialog.table.current is not None
    qtbot.waitUntil(lambda: dialog.table.runs.rowCount() == 35)
    dialog.close()


def test_the_epochs_of_a_training_in_hand_are_told_as_they_end(
    make_dialog: MakeDialog, runs: dict[str, RunFolder]
) -> None:
    training = FakeTraining(list(runs.values()))
    training.live.run = runs["b"]
    dialog = make_dialog(training)
    assert dialog.table.current is not None
    assert dialog.table.current.run == runs["b"]
    runs["b"].append_epoch(EpochFacts(2, 0.5, 0.7, 0.6, 0.9, 1.0))
    training.epoch_ended.emit()
    assert texts(dialog, Cell.EPOCHS)[2] == "2 of 3"
    assert dialog.details.accuracy.text() == "90.0%"


def test_every_control_has_a_name_and_can_be_reached(
    make_dialog: MakeDialog, runs: dict[str, RunFolder]
) -> None:
    dialog = make_dialog(FakeTraining(list(runs.values())))
    choose(dialog, runs["b"])
    details = dialog.details
    controls: list[QWidget] = [dialog.table, details.note, details.added, dialog.search]
    assert all(each.accessibleName() for each in controls)
    index = dialog.table.found.index(0, Cell.STAR)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Not starred"
    stops = [*dialog.of_one, details.go_on, details.add, details.show_button, dialog.table]
    assert all(each.focusPolicy() & Qt.FocusPolicy.TabFocus for each in stops)


def test_without_runs_it_says_what_will_stand_here(qtbot: QtBot, theme: Theme) -> None:
    dialog = RunsDialog(FakeTraining([]), FakeAsking())  # type: ignore[arg-type]
    qtbot.addWidget(dialog)
    dialog.show()
    assert "Nothing was trained yet" in dialog.sentence.text()
    assert not any(each.isVisible() for each in (*dialog.of_one, dialog.details, dialog.table))
    dialog.close()


def test_in_the_real_window_a_run_goes_on_and_a_deleted_one_leaves_the_curves(
    full_studio: Studio, qtbot: QtBot
) -> None:
    training = full_studio.training

    def has_ended() -> bool:
        return training.phase == "ended"

    plan = full_studio.session.project.training.model_copy(update={"epochs": 2})
    full_studio.session.change_chapter("training", plan)
    assert training.start() is None
    qtbot.waitUntil(has_ended, timeout=WAIT_MS)
    (run,) = training.runs
    asking = FakeAsking()
    asking.next_choice = 0
    dialog = RunsDialog(training, asking)
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.table.current is not None
    dialog.details.added.setValue(3)
    with qtbot.waitSignal(training.training_ended, timeout=WAIT_MS):
        dialog.details.add.click()
    assert asking.told == []
    assert planned_epochs(run.read_project()) == 5
    again = RunsDialog(training, asking)
    qtbot.addWidget(again)
    again.show()
    again.remove_button.click()
    assert training.runs == []
    assert training.live.run is None
    assert training.phase == "ready"
    again.close()
