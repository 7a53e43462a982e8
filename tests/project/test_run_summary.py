"""Runs in a list: how each stands, what its plan changed, and which one is shown."""

import os
from pathlib import Path

import pytest

from cnnstudio.project.dense_layers import DenseLayer
from cnnstudio.project.epochs import EpochFacts
from cnnstudio.project.listing import ListedPicture, PictureList
from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.picture_edits import PictureEdits
from cnnstudio.project.plan_differences import plan_differences
from cnnstudio.project.project import Project
from cnnstudio.project.run_folder import RunFolder, RunNotes, RunStatus, list_runs
from cnnstudio.project.run_summary import run_to_show, summaries_of, summary_of
from cnnstudio.project.stages import Stage
from cnnstudio.project.training import TrainingPlan

PICTURES = PictureList(("cat",), (ListedPicture("/data/a.jpg", "cat", "training"),))


def facts(epoch: int, accuracy: float) -> EpochFacts:
    return EpochFacts(epoch, 0.5, 0.75, 0.625, accuracy, 2.0)


def make_run(runs: Path, name: str, project: Project | None = None) -> RunFolder:
    """A run whose folder has the given name: the later in the alphabet, the newer."""
    run = RunFolder.create(runs, project or Project(), PICTURES)
    return RunFolder(run.path.rename(runs / name))


def nobody(run: RunFolder) -> bool:
    return False


def somebody(run: RunFolder) -> bool:
    return True


def test_a_line_tells_how_far_a_run_came_and_its_best_epoch(tmp_path: Path) -> None:
    plan = TrainingPlan(epochs=4)
    run = make_run(tmp_path, "a", Project(network=NetworkPlan(base="small_cnn"), training=plan))
    for epoch, accuracy in enumerate((0.5, 0.75, 0.75), 1):
        run.append_epoch(facts(epoch, accuracy))
    run.end("stopped", 7.5)  # the epochs took 6; reading pictures and saving the rest
    run.write_notes(RunNotes(name="First", is_starred=True))
    found = summary_of(run, nobody)
    assert (found.epochs_done, found.epochs_planned, found.epochs_words) == (3, 4, "3 of 4")
    assert (found.best_epoch, found.best_accuracy, found.seconds) == (2, 0.75, 7.5)
    assert (found.title, found.state, found.state_words) == ("First", "stopped", "stopped")
    assert (found.network, found.notes.is_starred) == ("Small CNN", True)


def test_a_run_without_a_whole_epoch_has_no_best_one_and_is_called_by_its_time(
    tmp_path: Path,
) -> None:
    run = make_run(tmp_path, "a")
    run.write_status(RunStatus(classes=("cat",), started=0.0, state="waiting"))
    found = summary_of(run, nobody)
    assert (found.best_epoch, found.best_accuracy) == (0, None)
    assert found.title == found.when
    assert found.when.startswith(("1970-01-01", "1969-12-31"))


def test_a_run_that_nobody_trains_any_more_was_broken_off(tmp_path: Path) -> None:
    run = make_run(tmp_path, "a")
    assert (summary_of(run, nobody).state, summary_of(run, nobody).state_words) == (
        "crashed",
        "broken off",
    )
    assert summary_of(run, somebody).state == "running"


@pytest.mark.parametrize(
    ("ended_by", "words"),
    [
        ("plan", "finished"),
        ("early_stopping", "finished early"),
        ("time_limit", "out of time"),
    ],
)
def test_why_a_run_ended_is_in_a_word_or_two(tmp_path: Path, ended_by: str, words: str) -> None:
    run = make_run(tmp_path, "a")
    run.end("finished", 1.0, ended_by=ended_by)  # type: ignore[arg-type]
    assert summary_of(run, nobody).state_words == words


def test_each_run_is_compared_with_the_one_before(tmp_path: Path) -> None:
    plans = [TrainingPlan(), TrainingPlan(optimizer="sgd"), TrainingPlan(optimizer="sgd")]
    for name, plan in zip("abc", plans, strict=True):
        make_run(tmp_path, name, Project(training=plan))
    newest, middle, oldest = summaries_of(list_runs(tmp_path), nobody)
    assert newest.differences == oldest.differences == ()
    assert middle.differences == ("Optimiser: Adam → SGD",)


def test_without_runs_there_are_no_summaries() -> None:
    assert summaries_of([], nobody) == []


def test_a_run_whose_plan_cannot_be_read_is_still_in_the_list(tmp_path: Path) -> None:
    make_run(tmp_path, "a")
    (make_run(tmp_path, "b").path / "plan.json").write_text("{")
    make_run(tmp_path, "c")
    (make_run(tmp_path, "d").path / "run.json").write_text("{")
    found = summaries_of(list_runs(tmp_path), nobody)
    assert [each.run.path.name for each in found] == ["c", "b", "a"]
    assert (found[1].network, found[1].differences, found[0].differences) == ("", (), ())


def test_equal_plans_do_not_differ_and_the_name_or_the_model_file_is_no_difference() -> None:
    after = Project(name="other").replacing(
        export=Project().export.model_copy(update={"model": "last"})
    )
    assert plan_differences(Project(), Project()) == []
    assert plan_differences(Project(), after) == []


def test_differences_are_told_by_titles_and_words() -> None:
    before = Project(network=NetworkPlan(base="small_cnn"))
    after = before.replacing(
        network=NetworkPlan(base="vgg16", dense=(DenseLayer(units=64),), trained_layers=("a", "b")),
        training=TrainingPlan(learning_rate=0.0003, nesterov=True, time_limit="15"),
        edits=PictureEdits(left_out=("/data/b.jpg",)),
    )
    assert plan_differences(before, after) == [
        "Base network: Small CNN → VGG16",
        "Dense layers: none → 64:relu",
        "Trained layers: none → 2 layers",
        "Learning rate: 0.001 → 0.0003",
        "Be done: none → 15",
        "Nesterov: off → on",
        "Single pictures or classes were changed.",
    ]


def test_stages_are_told_as_a_whole_and_the_usual_ones_written_out_are_no_difference() -> None:
    usual = Project(
        network=NetworkPlan(base="vgg16"), training=TrainingPlan(epochs=20, fine_tuning=5)
    )
    stages = (
        Stage(trains="head", epochs=20),
        Stage(trains="blocks", epochs=5, rate=0.01),
    )
    written = usual.replacing(training=TrainingPlan(epochs=20, fine_tuning=5, stages=stages))
    assert plan_differences(usual, written) == []
    longer = (stages[0], stages[1].model_copy(update={"added": 3}))
    added = usual.replacing(training=TrainingPlan(epochs=20, fine_tuning=5, stages=longer))
    (line,) = plan_differences(usual, added)
    assert line == (
        "Stages: the head for 20 epochs, head and top blocks for 5 epochs → "
        "the head for 20 epochs, head and top blocks for 8 epochs"
    )


def test_stages_that_differ_only_in_their_rate_are_told() -> None:
    one = Project(training=TrainingPlan(stages=(Stage(trains="all", epochs=3),)))
    other = Project(training=TrainingPlan(stages=(Stage(trains="all", epochs=3, rate=0.5),)))
    assert plan_differences(one, other) == [
        "Stages: everything for 3 epochs → everything for 3 epochs at 0.5 times the rate"
    ]


def test_lists_that_differ_but_read_the_same_are_told_to_be_others() -> None:
    one = Project(network=NetworkPlan(trained_layers=("a", "b")))
    other = Project(network=NetworkPlan(trained_layers=("a", "c")))
    assert plan_differences(one, other) == ["Trained layers: others"]


def test_a_run_stopped_in_its_first_epoch_does_not_hide_a_finished_one(tmp_path: Path) -> None:
    done = make_run(tmp_path, "a")
    done.append_epoch(facts(1, 0.5))
    done.best_model.write_bytes(b"")
    begun = make_run(tmp_path, "b")
    begun.last_model.write_bytes(b"")
    make_run(tmp_path, "c")
    assert run_to_show(list_runs(tmp_path)) == done
    done.best_model.unlink()
    assert run_to_show(list_runs(tmp_path)) == begun
    begun.last_model.unlink()
    assert run_to_show(list_runs(tmp_path)) is None


def test_the_run_that_learned_last_is_shown_though_another_began_later(tmp_path: Path) -> None:
    older, newer = make_run(tmp_path, "a"), make_run(tmp_path, "b")
    for run in (newer, older):
        run.append_epoch(facts(1, 0.5))
        run.best_model.write_bytes(b"")
    os.utime(newer.history_file, (1000, 1000))
    assert run_to_show(list_runs(tmp_path)) == older
    os.utime(older.history_file, (500, 500))
    assert run_to_show(list_runs(tmp_path)) == newer
