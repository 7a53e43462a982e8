"""Engines that end in every way an engine can. No Qt and no TensorFlow: they run in a child."""

import os
import signal
import sys
import time
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

from cnnstudio.project.epochs import EpochFacts
from cnnstudio.project.problems import Problem
from cnnstudio.project.run_folder import RunFolder
from cnnstudio.protocol import (
    BatchEnded,
    CheckExport,
    DescribeNetwork,
    EngineReady,
    EpochEnded,
    Export,
    ExportChecked,
    Exported,
    FindWeights,
    Progress,
    Quit,
    StageStarted,
    StopWork,
    Train,
    TrainingEnded,
    TrainingStarted,
    WeightsFound,
    WorkFailed,
    WorkStopped,
)
from cnnstudio.worker.child import point_streams_at

READY = EngineReady(tensorflow="0", keras="0", devices=("CPU",), cores=1)
EPOCHS = (
    EpochFacts(1, 0.7, 0.5, 0.6, 0.75, 1.0),
    EpochFacts(2, 0.5, 0.7, 0.7, 0.5, 1.0),
)


def diligent(connection: Connection, log: str) -> None:
    """Answers everything it is asked; a training goes on until it is stopped or has two epochs."""
    point_streams_at(Path(log))
    connection.send(READY)
    while True:
        match connection.recv():
            case Quit():
                return
            case StopWork():
                pass
            case Train(run_folder=folder):
                print("training is on")
                _train(connection, folder)
            case FindWeights():
                connection.send(Progress("weights", 1, 2))
                connection.send(WeightsFound(str(os.getpid())))
            case DescribeNetwork():
                while not isinstance(connection.recv(), StopWork):
                    pass
                connection.send(WorkStopped())
            case Export(to=to, probe=probe):
                Path(to).write_bytes(b"model")
                Path(probe).write_bytes(b"probe")
                connection.send(Exported(to, probe, ("cat", "dog"), 32))
            case CheckExport(model=model, probe=probe):
                while not (Path(model).is_file() and Path(probe).is_file()):
                    time.sleep(0.01)
                assert Path(model).read_bytes() == b"model"
                assert Path(probe).read_bytes() == b"probe"
                connection.send(ExportChecked(1e-7, 8))
            case other:
                problem = Problem("engine_failed", values={"reason": type(other).__name__})
                connection.send(WorkFailed(problem, "details"))


def _train(connection: Connection, folder: str) -> None:
    run = RunFolder(Path(folder))
    connection.send(TrainingStarted(2, 1, 4, 2))
    connection.send(StageStarted(1, 1, 1, 100))
    for facts in EPOCHS:
        connection.send(BatchEnded(facts.epoch, 1, facts.loss, facts.accuracy, 10.0))
        run.append_epoch(facts)
        connection.send(EpochEnded(facts, facts.epoch == 1, 1.0))
    run.end("finished", 2.0)
    connection.send(TrainingEnded("finished", folder, 2, 1, 0.75, 2.0))


def in_stages(connection: Connection, log: str) -> None:
    """Trains two stages of an epoch each, measures more, and then sees no use in going on."""
    point_streams_at(Path(log))
    connection.send(READY)
    while not isinstance(command := connection.recv(), Train):
        if isinstance(command, Quit):
            return
    connection.send(TrainingStarted(2, 1, 4, 2))
    run = RunFolder(Path(command.run_folder))
    for facts in EPOCHS:
        connection.send(StageStarted(facts.epoch, 2, facts.epoch, 100))
        measured = {"stage": facts.epoch, "learning_rate": 0.0003, "top_k": 0.625, "auc": 0.8125}
        more = replace(facts, **measured)
        run.append_epoch(more)
        connection.send(EpochEnded(more, facts.epoch == 1, 1.0))
    run.end("finished", 2.0, ended_by="early_stopping")
    ended = TrainingEnded("finished", command.run_folder, 2, 1, 0.75, 2.0)
    connection.send(replace(ended, ended_by="early_stopping"))
    connection.recv()


def patient(connection: Connection, log: str) -> None:
    """Trains until it is stopped, then keeps one epoch."""
    point_streams_at(Path(log))
    connection.send(READY)
    while not isinstance(command := connection.recv(), Train):
        if isinstance(command, Quit):
            return
    connection.send(TrainingStarted(2, 1, 4, 2))
    connection.send(StageStarted(1, 1, 1, 100))
    while not isinstance(connection.recv(), StopWork):
        pass
    run = RunFolder(Path(command.run_folder))
    run.append_epoch(EPOCHS[0])
    run.end("stopped", 1.0)
    connection.send(TrainingEnded("stopped", command.run_folder, 1, 1, 0.75, 1.0))
    connection.recv()


def deaf(connection: Connection, log: str) -> None:
    """Writes an epoch and then hears nothing any more."""
    connection.send(READY)
    command = connection.recv()
    if isinstance(command, Train):
        RunFolder(Path(command.run_folder)).append_epoch(EPOCHS[0])
        connection.send(TrainingStarted(2, 1, 4, 2))
        connection.send(StageStarted(1, 1, 1, 100))
    time.sleep(600)


def killed(connection: Connection, log: str) -> None:
    """Is killed after two epochs."""
    connection.send(READY)
    command = connection.recv()
    if isinstance(command, Train):
        for facts in EPOCHS:
            RunFolder(Path(command.run_folder)).append_epoch(facts)
            connection.send(EpochEnded(facts, False, 1.0))
    os.kill(os.getpid(), signal.SIGKILL)


def leaving_with_code(connection: Connection, log: str) -> None:
    """Leaves with a code of its own instead of answering."""
    point_streams_at(Path(log))
    connection.send(READY)
    connection.recv()
    print("last words", file=sys.stderr)
    sys.stderr.flush()
    os._exit(3)


def segfaulting(connection: Connection, log: str) -> None:
    """Ends as a fault in compiled code does."""
    connection.send(READY)
    connection.recv()
    os.kill(os.getpid(), signal.SIGSEGV)


def stillborn(connection: Connection, log: str) -> None:
    """Never gets ready."""
    point_streams_at(Path(log))
    raise ImportError("the compute library is missing")


def never_ready(connection: Connection, log: str) -> None:
    """Takes for ever to start."""
    time.sleep(600)


def differing(connection: Connection, log: str) -> None:
    """Exports models that answer differently after loading."""
    connection.send(READY)
    while not isinstance(command := connection.recv(), Quit):
        if isinstance(command, Export):
            Path(command.to).write_bytes(b"model")
            Path(command.probe).write_bytes(b"probe")
            connection.send(Exported(command.to, command.probe, ("cat", "dog"), 32))
        if isinstance(command, CheckExport):
            connection.send(ExportChecked(0.25, 8))


def failing(connection: Connection, log: str) -> None:
    """Cannot do anything it is asked for."""
    connection.send(READY)
    while not isinstance(command := connection.recv(), Quit):
        problem = Problem("disk_full")
        if isinstance(command, Train):
            run = RunFolder(Path(command.run_folder))
            run.end("failed", 1.0, problem)
            connection.send(
                TrainingEnded("failed", command.run_folder, 0, 0, 0.0, 1.0, problem, "details")
            )
        elif not isinstance(command, StopWork):
            connection.send(WorkFailed(problem, "details"))
