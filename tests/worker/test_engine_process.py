"""An engine process is asked, stopped and killed; it answers exactly once whatever happens."""

import os
import threading
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.run_folder import RunFolder
from cnnstudio.protocol import (
    DescribeNetwork,
    EpochEnded,
    FindWeights,
    Progress,
    Train,
    TrainingEnded,
    TrainingStarted,
    WeightsFound,
    WorkFailed,
    WorkStopped,
)
from cnnstudio.worker import memory_watch
from cnnstudio.worker.engine_process import EngineProcess
from tests import fake_engines

Start = Callable[..., EngineProcess]
FIND = FindWeights(NetworkPlan(), 96)
DESCRIBE = DescribeNetwork(NetworkPlan(), 96, 2)


def test_a_command_is_answered_by_another_process(start_engine: Start) -> None:
    engine = start_engine(fake_engines.diligent)
    events = []
    answer = engine.run(FIND, events.append)
    assert answer == WeightsFound(str(engine.pid))
    assert engine.pid != os.getpid()
    assert Progress("weights", 1, 2) in events
    assert engine.ready == fake_engines.READY


def test_an_engine_answers_one_command_after_another(start_engine: Start) -> None:
    engine = start_engine(fake_engines.diligent)
    assert engine.run(FIND) == engine.run(FIND)


def test_a_finished_training_is_answered_with_what_it_reached(
    start_engine: Start, run: RunFolder
) -> None:
    events = []
    answer = start_engine(fake_engines.diligent).run(Train(str(run.path)), events.append)
    assert isinstance(answer, TrainingEnded)
    assert (answer.outcome, answer.epochs_done) == ("finished", 2)
    assert [type(e) for e in events if isinstance(e, TrainingStarted | EpochEnded)] == [
        TrainingStarted,
        EpochEnded,
        EpochEnded,
    ]


def test_what_an_engine_prints_goes_to_its_log(start_engine: Start, run: RunFolder) -> None:
    engine = start_engine(fake_engines.diligent)
    engine.run(Train(str(run.path)))
    assert engine.log.read_text(encoding="utf-8") == "training is on\n"


def test_a_stopped_training_keeps_what_it_reached(start_engine: Start, run: RunFolder) -> None:
    engine = start_engine(fake_engines.patient)
    answer = engine.run(
        Train(str(run.path)),
        lambda event: engine.stop() if isinstance(event, TrainingStarted) else None,
    )
    assert isinstance(answer, TrainingEnded)
    assert (answer.outcome, answer.epochs_done) == ("stopped", 1)


def test_other_work_can_be_stopped_too(start_engine: Start) -> None:
    engine = start_engine(fake_engines.diligent)
    asked = threading.Event()
    threading.Timer(0.3, asked.set).start()
    assert engine.run(DESCRIBE, should_stop=asked.is_set) == WorkStopped()
    assert engine.is_alive


def test_an_engine_that_does_not_stop_is_killed_after_the_grace(
    start_engine: Start, run: RunFolder
) -> None:
    engine = start_engine(fake_engines.deaf, stop_grace_seconds=0.2)
    answer = engine.run(
        Train(str(run.path)),
        lambda event: engine.stop() if isinstance(event, TrainingStarted) else None,
    )
    assert isinstance(answer, TrainingEnded)
    assert (answer.outcome, answer.epochs_done, answer.best_epoch) == ("stopped", 1, 1)
    assert answer.problem is None
    assert run.read_status().state == "stopped"
    assert not engine.is_alive


def test_a_stop_before_the_engine_is_ready_ends_the_training(
    start_engine: Start, run: RunFolder
) -> None:
    engine = start_engine(fake_engines.never_ready)
    answer = engine.run(Train(str(run.path)), should_stop=lambda: True)
    assert isinstance(answer, TrainingEnded)
    assert (answer.outcome, answer.epochs_done) == ("stopped", 0)
    assert run.read_status().state == "stopped"


def test_a_killed_training_is_told_in_a_sentence_and_its_run_is_completed(
    start_engine: Start, run: RunFolder
) -> None:
    answer = start_engine(fake_engines.killed).run(Train(str(run.path)))
    assert isinstance(answer, TrainingEnded)
    assert (answer.outcome, answer.epochs_done, answer.best_epoch) == ("crashed", 2, 1)
    assert answer.validation_accuracy == 0.75
    assert answer.problem is not None
    assert answer.problem.kind == "training_killed"
    assert "ended from outside" in answer.problem.message
    assert "can go on" in answer.problem.remedy
    status = run.read_status()
    assert (status.state, status.problem_kind) == ("crashed", "training_killed")


def test_a_kill_for_want_of_memory_advises_half_the_batch_size(
    start_engine: Start, run: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = iter([4, 5])
    monkeypatch.setattr(memory_watch, "out_of_memory_kills", lambda: next(counts))
    answer = start_engine(fake_engines.killed).run(Train(str(run.path)))
    assert isinstance(answer, TrainingEnded)
    assert answer.problem is not None
    assert answer.problem.kind == "out_of_memory"
    assert "16" in answer.problem.remedy
    assert run.read_status().problem == answer.problem


def test_a_kill_while_memory_was_short_is_told_as_such_where_nobody_counts(
    start_engine: Start, run: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory_watch, "out_of_memory_kills", lambda: None)
    monkeypatch.setattr(memory_watch, "is_short", lambda: True)
    killed = start_engine(fake_engines.killed).run(Train(str(run.path)))
    assert isinstance(killed, TrainingEnded)
    assert killed.problem is not None
    assert (killed.problem.kind, killed.problem.values) == ("out_of_memory", {"batch_size": 16})
    crashed = start_engine(fake_engines.leaving_with_code).run(Train(str(run.path)))
    assert isinstance(crashed, TrainingEnded)
    assert crashed.problem is not None
    assert crashed.problem.kind == "training_crashed"


@pytest.mark.parametrize(
    ("available", "total", "expected"),
    [
        (200 * 2**20, 4 * 2**30, True),
        (600 * 2**20, 16 * 2**30, True),
        (600 * 2**20, 4 * 2**30, False),
        (8 * 2**30, 512 * 2**30, False),
    ],
)
def test_memory_is_short_where_hardly_any_is_left(
    available: int, total: int, expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = SimpleNamespace(available=available, total=total)
    monkeypatch.setattr("psutil.virtual_memory", lambda: memory)
    assert memory_watch.is_short() is expected


def test_an_engine_ended_between_its_last_line_and_its_answer_has_finished(
    start_engine: Start, run: RunFolder
) -> None:
    run.end("finished", 5.0, ended_by="early_stopping")
    answer = start_engine(fake_engines.killed).run(Train(str(run.path)))
    assert isinstance(answer, TrainingEnded)
    assert (answer.outcome, answer.ended_by, answer.epochs_done) == (
        "finished",
        "early_stopping",
        2,
    )
    assert answer.problem is None
    assert run.read_status().state == "finished"


def test_a_kill_without_any_count_of_memory_kills_is_just_a_kill(
    start_engine: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory_watch, "out_of_memory_kills", lambda: None)
    answer = start_engine(fake_engines.killed).run(FIND)
    assert isinstance(answer, WorkFailed)
    assert answer.problem.kind == "engine_killed"


def test_an_engine_that_leaves_by_itself_is_a_crash_with_its_code_and_last_words(
    start_engine: Start,
) -> None:
    answer = start_engine(fake_engines.leaving_with_code).run(FIND)
    assert isinstance(answer, WorkFailed)
    assert answer.problem.kind == "engine_crashed"
    assert "3" in answer.problem.message
    assert "last words" in answer.details


def test_a_fault_in_compiled_code_is_a_crash_and_not_a_kill(start_engine: Start) -> None:
    answer = start_engine(fake_engines.segfaulting).run(FIND)
    assert isinstance(answer, WorkFailed)
    assert answer.problem.kind == "engine_crashed"
    assert "SIGSEGV" in answer.problem.message


def test_an_engine_that_dies_before_it_is_ready_could_not_start(
    start_engine: Start, run: RunFolder
) -> None:
    answer = start_engine(fake_engines.stillborn).run(Train(str(run.path)))
    assert isinstance(answer, TrainingEnded)
    assert answer.outcome == "crashed"
    assert answer.problem is not None
    assert answer.problem.kind == "engine_will_not_start"
    assert "the compute library is missing" in answer.problem.message


def test_a_system_that_gives_no_process_is_told_as_such(
    start_engine: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: object) -> None:
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr("multiprocessing.context.SpawnProcess.start", refuse)
    answer = start_engine(fake_engines.diligent).run(FIND)
    assert isinstance(answer, WorkFailed)
    assert answer.problem.kind == "engine_will_not_start"
    assert "Resource temporarily unavailable" in answer.problem.message


def test_a_dead_engine_answers_every_further_command(start_engine: Start) -> None:
    engine = start_engine(fake_engines.killed)
    engine.run(FIND)
    assert isinstance(engine.run(FIND), WorkFailed)


def test_killing_on_purpose_is_a_stop_and_not_a_crash(start_engine: Start, run: RunFolder) -> None:
    engine = start_engine(fake_engines.deaf)
    answer = engine.run(
        Train(str(run.path)),
        lambda event: engine.kill() if isinstance(event, TrainingStarted) else None,
    )
    assert isinstance(answer, TrainingEnded)
    assert (answer.outcome, answer.epochs_done) == ("stopped", 1)


def test_a_run_folder_that_went_away_is_told_with_the_crash(
    start_engine: Start, run: RunFolder
) -> None:
    for file in run.path.iterdir():
        file.unlink()
    answer = start_engine(fake_engines.leaving_with_code).run(Train(str(run.path)))
    assert isinstance(answer, TrainingEnded)
    assert answer.problem is not None
    assert answer.problem.kind == "training_crashed"
    assert "cannot be read" in answer.details


def test_an_engine_leaves_when_it_is_told_to_and_its_log_goes_with_it(start_engine: Start) -> None:
    engine = start_engine(fake_engines.diligent)
    engine.run(FIND)
    engine.quit()
    assert engine.wait_until_gone(10)
    assert not engine.log.exists()
