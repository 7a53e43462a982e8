"""The threads tell what the engine does as signals, and end exactly once."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.run_folder import RunFolder
from cnnstudio.protocol import (
    DescribeNetwork,
    FindWeights,
    Progress,
    WeightsFound,
    WorkFailed,
    WorkStopped,
)
from cnnstudio.worker.engine_job import EngineJob
from cnnstudio.worker.engine_keeper import EngineKeeper
from cnnstudio.worker.export_job import ExportJob
from cnnstudio.worker.exporting import ExportedModel
from cnnstudio.worker.training_worker import TrainingWorker
from tests import fake_engines

MakeKeeper = Callable[..., EngineKeeper]
FIND = FindWeights(NetworkPlan(), 96)


def finish(qtbot: QtBot, thread: QThread) -> None:
    """Start the thread, wait for its end and let all its signals arrive."""
    with qtbot.waitSignal(thread.finished, timeout=20_000):
        thread.start()
    assert thread.wait(5_000)


def heard(worker: TrainingWorker) -> list[tuple[str, Any]]:
    """All that the worker will have said, in order."""
    said: list[tuple[str, Any]] = []
    worker.engine_starting.connect(lambda: said.append(("engine_starting", None)))
    for name in ("progressed", "training_started", "batch_ended", "epoch_ended", "training_ended"):
        getattr(worker, name).connect(lambda event, name=name: said.append((name, event)))
    return said


def test_a_training_is_told_from_the_start_of_the_engine_to_its_end(
    qtbot: QtBot, make_keeper: MakeKeeper, run: RunFolder
) -> None:
    worker = TrainingWorker(make_keeper(fake_engines.diligent), run)
    said = heard(worker)
    finish(qtbot, worker)
    assert [name for name, _ in said] == [
        "engine_starting",
        "training_started",
        "batch_ended",
        "epoch_ended",
        "batch_ended",
        "epoch_ended",
        "training_ended",
    ]
    assert said[-1][1].outcome == "finished"


def test_a_stopped_training_ends_once_with_what_was_reached(
    qtbot: QtBot, make_keeper: MakeKeeper, run: RunFolder
) -> None:
    worker = TrainingWorker(make_keeper(fake_engines.patient), run)
    said = heard(worker)
    worker.training_started.connect(worker.stop)
    finish(qtbot, worker)
    ended = [event for name, event in said if name == "training_ended"]
    assert [(each.outcome, each.epochs_done) for each in ended] == [("stopped", 1)]


def test_a_training_stopped_before_it_began_still_ends(
    qtbot: QtBot, make_keeper: MakeKeeper, run: RunFolder
) -> None:
    worker = TrainingWorker(make_keeper(fake_engines.never_ready), run)
    said = heard(worker)
    worker.stop()
    finish(qtbot, worker)
    assert [event.outcome for name, event in said if name == "training_ended"] == ["stopped"]


def test_a_killed_engine_ends_the_training_with_a_plain_sentence(
    qtbot: QtBot, make_keeper: MakeKeeper, run: RunFolder
) -> None:
    worker = TrainingWorker(make_keeper(fake_engines.killed), run)
    said = heard(worker)
    finish(qtbot, worker)
    ended = [event for name, event in said if name == "training_ended"]
    assert [(each.outcome, each.epochs_done) for each in ended] == [("crashed", 2)]
    assert ended[0].problem.message


def test_a_failed_training_is_told_as_the_engine_tells_it(
    qtbot: QtBot, make_keeper: MakeKeeper, run: RunFolder
) -> None:
    worker = TrainingWorker(make_keeper(fake_engines.failing), run)
    said = heard(worker)
    finish(qtbot, worker)
    ended = [event for name, event in said if name == "training_ended"]
    assert [(each.outcome, each.problem.kind) for each in ended] == [("failed", "disk_full")]


def test_killing_ends_a_training_that_does_not_listen(
    qtbot: QtBot, make_keeper: MakeKeeper, run: RunFolder
) -> None:
    worker = TrainingWorker(make_keeper(fake_engines.deaf), run)
    said = heard(worker)
    worker.training_started.connect(worker.kill)
    finish(qtbot, worker)
    assert [event.outcome for name, event in said if name == "training_ended"] == ["stopped"]
    assert run.read_status().state == "stopped"


def test_an_error_that_nobody_foresaw_ends_the_training_too(
    qtbot: QtBot, make_keeper: MakeKeeper, run: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper = make_keeper(fake_engines.diligent)

    def fail() -> None:
        raise RuntimeError("no engine today")

    monkeypatch.setattr(keeper, "take", fail)
    worker = TrainingWorker(keeper, run)
    said = heard(worker)
    finish(qtbot, worker)
    assert [event.outcome for name, event in said if name == "training_ended"] == ["failed"]
    assert "no engine today" in said[-1][1].problem.message
    assert run.read_status().state == "failed"


def test_the_engine_is_kept_warm_for_the_next_work(
    qtbot: QtBot, make_keeper: MakeKeeper, run: RunFolder
) -> None:
    keeper = make_keeper(fake_engines.diligent)
    finish(qtbot, TrainingWorker(keeper, run))
    job = EngineJob(keeper, FIND)
    answers: list[Any] = []
    job.ended.connect(answers.append)
    finish(qtbot, job)
    assert answers == [WeightsFound(str(keeper.take().pid))]


def test_a_job_tells_its_progress_and_its_answer(qtbot: QtBot, make_keeper: MakeKeeper) -> None:
    job = EngineJob(make_keeper(fake_engines.diligent), FIND)
    progress: list[Any] = []
    answers: list[Any] = []
    job.progressed.connect(progress.append)
    job.ended.connect(answers.append)
    finish(qtbot, job)
    assert progress == [Progress("weights", 1, 2)]
    assert [type(each) for each in answers] == [WeightsFound]


def test_a_cancelled_job_ends_as_stopped(qtbot: QtBot, make_keeper: MakeKeeper) -> None:
    job = EngineJob(make_keeper(fake_engines.diligent), DescribeNetwork(NetworkPlan(), 96, 2))
    answers: list[Any] = []
    job.ended.connect(answers.append)
    job.cancel()
    finish(qtbot, job)
    assert answers == [WorkStopped()]


def test_a_job_whose_engine_crashes_ends_as_failed(qtbot: QtBot, make_keeper: MakeKeeper) -> None:
    job = EngineJob(make_keeper(fake_engines.leaving_with_code), FIND)
    answers: list[Any] = []
    job.ended.connect(answers.append)
    finish(qtbot, job)
    assert [each.problem.kind for each in answers] == ["engine_crashed"]


def test_an_export_ends_with_the_checked_file(
    qtbot: QtBot, make_keeper: MakeKeeper, run: RunFolder, tmp_path: Path
) -> None:
    run.best_model.write_bytes(b"best")
    to = tmp_path / "model.keras"
    job = ExportJob(make_keeper(fake_engines.diligent), run, "best", to)
    answers: list[Any] = []
    job.ended.connect(answers.append)
    finish(qtbot, job)
    assert [type(each) for each in answers] == [ExportedModel]
    assert answers[0].file == to


def test_an_export_that_cannot_be_made_ends_as_failed(
    qtbot: QtBot, make_keeper: MakeKeeper, run: RunFolder, tmp_path: Path
) -> None:
    job = ExportJob(make_keeper(fake_engines.diligent), run, "best", tmp_path / "model.keras")
    answers: list[Any] = []
    job.ended.connect(answers.append)
    finish(qtbot, job)
    assert [type(each) for each in answers] == [WorkFailed]
    assert answers[0].problem.kind == "run_without_model"
