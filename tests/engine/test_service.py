"""The engine as the window meets it: a real process, a real pipe."""

import multiprocessing
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from cnnstudio.engine.service import Worker, _Ordered, serve
from cnnstudio.engine.work_clock import WorkClock
from cnnstudio.project.augmentation import AugmentationPlan
from cnnstudio.project.dense_layers import DenseLayer
from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.pictures import PicturesPlan
from cnnstudio.project.run_folder import RunFolder
from cnnstudio.protocol import (
    AugmentationShown,
    CheckExport,
    ClosingEvent,
    Command,
    DescribeNetwork,
    EngineReady,
    EpochEnded,
    Event,
    Export,
    ExportChecked,
    Exported,
    FindWeights,
    GoOn,
    NetworkDescribed,
    Paused,
    PauseWork,
    Predict,
    Predicted,
    Quit,
    ShowAugmentation,
    StopWork,
    Train,
    TrainingEnded,
    WeightsFound,
    WentOn,
    WorkFailed,
)
from tests.engine.conftest import Ear, MakeRun

SECONDS_TO_ANSWER = 60


def _serve(connection: "Connection[Any, Any]") -> None:
    serve(connection)


class Engine:
    """The window's end of the pipe."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs,), daemon=True)
        self.process.start()
        theirs.close()

    def hear(self) -> Event:
        assert self.connection.poll(SECONDS_TO_ANSWER), "the engine says nothing"
        event: Event = self.connection.recv()
        return event

    def ask(
        self, command: Command, on_event: Callable[[Event], None] = lambda event: None
    ) -> ClosingEvent:
        self.connection.send(command)
        while not isinstance(event := self.hear(), ClosingEvent):
            on_event(event)
        return event


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    found = Engine()
    ready = found.hear()
    assert isinstance(ready, EngineReady)
    assert "CPU" in ready.devices
    assert ready.cores >= 1
    yield found
    if found.process.is_alive():
        found.process.kill()
    found.process.join()


def test_every_command_is_answered_once(
    engine: Engine, trained: RunFolder, pictures: Path, tmp_path: Path
) -> None:
    file = str(next((pictures / "red").iterdir()))
    described = engine.ask(DescribeNetwork(NetworkPlan(), 32, 3))
    assert isinstance(described, NetworkDescribed)
    assert described.facts.output == "softmax"
    assert engine.ask(FindWeights(NetworkPlan(), 32)) == WeightsFound("")
    shown = engine.ask(ShowAugmentation(file, PicturesPlan(size=16), AugmentationPlan(), 2, 1))
    assert isinstance(shown, AugmentationShown)
    predicted = engine.ask(Predict(str(trained.best_model), (file,)))
    assert isinstance(predicted, Predicted)
    exported = engine.ask(Export(str(trained.path), "best", str(tmp_path / "model.keras")))
    assert isinstance(exported, Exported)
    checked = engine.ask(CheckExport(exported.file, exported.probe))
    assert isinstance(checked, ExportChecked)
    failed = engine.ask(Predict(str(tmp_path / "absent.keras"), (file,)))
    assert isinstance(failed, WorkFailed)
    assert "ProblemError" in failed.details
    assert not engine.connection.poll(0.2)


def test_a_training_can_be_stopped_and_another_one_finished(
    engine: Engine, make_run: MakeRun
) -> None:
    long = make_run("training.epochs=1000")

    def stop_at_second_epoch(event: Event) -> None:
        if isinstance(event, EpochEnded) and event.facts.epoch == 2:
            engine.connection.send(StopWork())

    stopped = engine.ask(Train(str(long.path)), stop_at_second_epoch)
    assert isinstance(stopped, TrainingEnded)
    assert stopped.outcome == "stopped"
    assert 2 <= stopped.epochs_done == len(long.read_history()) < 1000
    assert long.read_status().engine_process == engine.process.pid
    # A wish to stop that comes too late is not meant for the next command.
    engine.connection.send(StopWork())
    short = make_run("training.epochs=1")
    finished = engine.ask(Train(str(short.path)))
    assert isinstance(finished, TrainingEnded)
    assert finished.outcome == "finished"


def test_a_training_pauses_goes_on_and_is_stopped_while_it_pauses(
    engine: Engine, make_run: MakeRun
) -> None:
    run = make_run("training.epochs=1000")
    engine.connection.send(Train(str(run.path)))
    await_event(engine, EpochEnded)
    engine.connection.send(PauseWork())
    await_event(engine, Paused)
    assert not engine.connection.poll(0.5)
    done = len(run.read_history())
    engine.connection.send(GoOn())
    assert isinstance(engine.hear(), WentOn)
    await_event(engine, EpochEnded)
    engine.connection.send(PauseWork())
    await_event(engine, Paused)
    engine.connection.send(StopWork())
    assert isinstance(engine.hear(), WentOn)
    ended = await_event(engine, TrainingEnded)
    assert isinstance(ended, TrainingEnded)
    assert ended.outcome == "stopped"
    assert done < ended.epochs_done == len(run.read_history())


def await_event(engine: Engine, kind: type) -> Event:
    while not isinstance(event := engine.hear(), kind):
        pass
    return event


def test_a_pause_ends_when_the_time_is_up() -> None:
    order, told = _Ordered(Train("")), Ear()
    clock = WorkClock(order.asks(told), time.time() - 1.0)
    order.pause()
    assert clock.should_stop()
    assert clock.is_over
    assert [type(event) for event in told.events] == [Paused, WentOn]
    assert not order.is_paused.is_set()


def test_the_engine_leaves_with_the_window_and_keeps_the_run(
    engine: Engine, make_run: MakeRun
) -> None:
    run = make_run("training.epochs=1000")
    engine.connection.send(Train(str(run.path)))
    while not isinstance(engine.hear(), EpochEnded):
        pass
    engine.connection.close()
    engine.process.join(SECONDS_TO_ANSWER)
    assert engine.process.exitcode == 0
    assert run.read_status().state == "stopped"
    assert run.last_model.is_file()


class Pipe:
    """A pipe whose other end is a list; for a service without a process of its own."""

    def __init__(self, commands: list[Command]) -> None:
        self._commands = iter(commands)
        self.said: list[Event] = []

    def recv(self) -> Command:
        command = next(self._commands, None)
        if command is None:
            raise EOFError
        return command

    def send(self, event: Event) -> None:
        self.said.append(event)


def test_told_to_quit_it_answers_what_it_was_asked_before() -> None:
    pipe = Pipe([FindWeights(NetworkPlan(), 32), Quit()])
    serve(pipe)  # type: ignore[arg-type]
    assert [type(event) for event in pipe.said] == [EngineReady, WeightsFound]


def test_a_described_network_is_built_only_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from cnnstudio.engine import service

    built: list[int] = []
    build = service.build

    def count(plan: NetworkPlan, size: int, classes: int, weights: None) -> object:
        built.append(size)
        return build(plan, size, classes, weights)

    monkeypatch.setattr(service, "build", count)
    worker = Worker()

    def ask(size: int = 32, **settings: object) -> object:
        plan = NetworkPlan().model_copy(update=settings)
        answer = worker.answer(DescribeNetwork(plan, size, 2), lambda event: None, lambda: False)
        assert isinstance(answer, NetworkDescribed)
        return answer.facts

    assert ask() == ask(trained_layers=("output",)) == ask(dropout=0.5, weights="random")
    assert built == [32]
    assert ask(dense=(DenseLayer(units=4),)) != ask()
    assert ask(size=48) != ask()
    assert ask(dropout=0) != ask()
    assert built == [32, 32, 48, 32]


@pytest.mark.parametrize(
    ("settings", "size", "kind"),
    [
        ({"base": "alexandria"}, 96, "unknown_network"),
        ({"base": "mobilenet_v2", "width": 0.4}, 96, "unknown_width"),
        ({"base": "vgg16"}, 16, "size_too_small"),
    ],
)
def test_a_network_that_cannot_be_is_named(
    settings: dict[str, object], size: int, kind: str
) -> None:
    plan = NetworkPlan().model_copy(update=settings)
    for command in (DescribeNetwork(plan, size, 2), FindWeights(plan, size)):
        answer = Worker().answer(command, lambda event: None, lambda: False)
        assert isinstance(answer, WorkFailed)
        assert answer.problem.kind == kind


def test_a_network_is_described_though_its_weights_are_missing() -> None:
    plan = NetworkPlan(base="mobilenet_v2", width=0.35, weights="/absent.h5")
    answer = Worker().answer(DescribeNetwork(plan, 32, 2), lambda event: None, lambda: False)
    assert isinstance(answer, NetworkDescribed)
