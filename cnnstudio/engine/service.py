"""The engine's ear and mouth: commands in, events out, one command at a time.

A thread of its own listens, so that a wish to stop is heard in the middle of any work, and so that
the end of the window is the end of the engine. All work is done in the thread that called
:func:`serve`.
"""

import queue
import threading
import time
import traceback
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, assert_never

import keras
import tensorflow as tf

from cnnstudio.engine.answers import Answers
from cnnstudio.engine.augment import show_augmentation
from cnnstudio.engine.evaluate import BATCH_SIZE, evaluate, evaluate_run, predict
from cnnstudio.engine.export import check_export, export
from cnnstudio.engine.facts import describe
from cnnstudio.engine.failures import problem_of
from cnnstudio.engine.find_rate import find_rate
from cnnstudio.engine.measure import measure_machine
from cnnstudio.engine.model_file import ModelCard, load_model
from cnnstudio.engine.networks.build import build, without_weights
from cnnstudio.engine.own_models.class_names import LABELS, METADATA
from cnnstudio.engine.own_models.look import look_into_model
from cnnstudio.engine.talk import PausingWish, Send, ShouldStop
from cnnstudio.engine.train import train
from cnnstudio.engine.up_to_date import bring_up_to_date
from cnnstudio.engine.weights import fetch_weights, obtain_weights
from cnnstudio.engine.weights_check import check_weights
from cnnstudio.images.threads import cores
from cnnstudio.project.checks import problems_of
from cnnstudio.project.files import version_of
from cnnstudio.project.network import OWN_MODEL, NetworkPlan
from cnnstudio.project.network_facts import NetworkFacts
from cnnstudio.project.network_table import network_row
from cnnstudio.project.pictures import PicturesPlan
from cnnstudio.project.problems import ProblemError, errors_in
from cnnstudio.project.project import Project
from cnnstudio.project.run_folder import RunFolder
from cnnstudio.project.run_process import is_trained_now
from cnnstudio.protocol import (
    BringUpToDate,
    CheckExport,
    CheckWeights,
    ClosingEvent,
    Command,
    DescribeNetwork,
    EngineReady,
    Evaluate,
    Event,
    Export,
    FetchWeights,
    FindRate,
    FindWeights,
    GoOn,
    LookIntoModel,
    MachineMeasured,
    MeasureMachine,
    NetworkDescribed,
    Paused,
    PauseWork,
    Predict,
    Progress,
    Quit,
    RunIsUpToDate,
    ShowAugmentation,
    StopWork,
    Train,
    WeightsChecked,
    WeightsFetched,
    WeightsFound,
    WentOn,
    Work,
    WorkFailed,
    WorkStopped,
)

_SECONDS_BETWEEN_PROGRESS = 0.1
_SECONDS_BETWEEN_LOOKS_AT_THE_CLOCK = 0.2
"""During a pause; the computer may sleep meanwhile."""


def serve(connection: "Connection[Any, Any]") -> None:
    """Say that the engine is ready, then answer commands until told to quit or left alone."""
    keras.config.set_floatx("float32")
    keras.config.set_image_data_format("channels_last")
    _Service(connection).run()


@dataclass(frozen=True)
class _Ordered:
    """A command that waits or is in hand, with the wish to end it early."""

    command: Work
    stop: threading.Event = field(default_factory=threading.Event)
    is_paused: threading.Event = field(default_factory=threading.Event)
    may_go_on: threading.Event = field(default_factory=threading.Event)
    left_alone: threading.Event = field(default_factory=threading.Event)

    def pause(self) -> None:
        """Let the work wait at the next place where it asks whether to stop."""
        self.may_go_on.clear()
        self.is_paused.set()

    def go_on(self) -> None:
        """End the pause."""
        self.is_paused.clear()
        self.may_go_on.set()

    def end_early(self) -> None:
        """End the work, and a pause with it."""
        self.stop.set()
        self.go_on()

    def asks(self, send: Send) -> ShouldStop:
        """How the work asks whether to stop; the answer comes after a pause."""

        return _Asking(self, send)


class _Asking(PausingWish):
    def __init__(self, order: _Ordered, send: Send) -> None:
        self._order = order
        self._send = send

    def __call__(self) -> bool:
        order = self._order
        if order.is_paused.is_set() and not order.stop.is_set():
            began = time.monotonic()
            self._send(Paused())
            while not order.may_go_on.wait(_SECONDS_BETWEEN_LOOKS_AT_THE_CLOCK):
                if time.time() >= self.pause_ends:
                    order.go_on()
            self._send(WentOn(time.monotonic() - began))
        self.is_left_alone = order.left_alone.is_set()
        return order.stop.is_set()


class _Service:
    def __init__(self, connection: "Connection[Any, Any]") -> None:
        self._connection = connection
        self._orders: queue.SimpleQueue[_Ordered | None] = queue.SimpleQueue()
        self._worker = Worker()
        self._is_alone = False

    def run(self) -> None:
        """Serve; returns when there is nobody left to serve."""
        devices = tuple(
            dict.fromkeys(device.device_type for device in tf.config.list_logical_devices())
        )
        self._send(EngineReady(tf.__version__, keras.__version__, devices, cores()))
        threading.Thread(target=self._listen, name="listen", daemon=True).start()
        while (order := self._orders.get()) is not None:
            asks = order.asks(self._send)
            self._send(self._worker.answer(order.command, self._send, asks))

    def _listen(self) -> None:
        """Hear commands until the last. Whoever stops means the command that was sent last."""
        latest: _Ordered | None = None
        while True:
            try:
                command: Command = self._connection.recv()
            except (EOFError, OSError):
                command = Quit()
                if latest is not None:
                    latest.left_alone.set()
            match command:
                case StopWork():
                    if latest is not None:
                        latest.end_early()
                case PauseWork():
                    if latest is not None:
                        latest.pause()
                case GoOn():
                    if latest is not None:
                        latest.go_on()
                case Quit():
                    if latest is not None:
                        latest.end_early()
                    self._orders.put(None)
                    return
                case _:
                    latest = _Ordered(command)
                    self._orders.put(latest)

    def _send(self, event: Event) -> None:
        """Once the window is gone nothing can be told; the work in hand is being stopped then."""
        if self._is_alone:
            return
        try:
            self._connection.send(event)
        except OSError:
            self._is_alone = True


class Worker:
    """Carries out one command after another; keeps what the next one may need again."""

    def __init__(self) -> None:
        self._facts: dict[tuple[object, ...], NetworkFacts] = {}
        self._model: tuple[tuple[object, ...], Answers, ModelCard] | None = None

    def answer(self, command: Work, send: Send, should_stop: ShouldStop) -> ClosingEvent:
        """Carry ``command`` out. Whatever is raised on the way ends here, as an answer."""
        try:
            return self._carry_out(command, _seldom(send), should_stop)
        except InterruptedError:
            return WorkStopped()
        except Exception as error:
            traceback.print_exc()
            return WorkFailed(problem_of(error, BATCH_SIZE), traceback.format_exc())

    def _carry_out(self, command: Work, send: Send, should_stop: ShouldStop) -> ClosingEvent:
        match command:
            case DescribeNetwork():
                return NetworkDescribed(self._describe(command))
            case FindWeights():
                _check_network(command.network, command.picture_size, None)
                file = obtain_weights(
                    command.network,
                    command.picture_size,
                    download_allowed=command.download,
                    on_progress=lambda done, total: send(Progress("weights", done, total)),
                    should_stop=should_stop,
                )
                return WeightsFound(str(file or ""))
            case FetchWeights():
                return _fetch(command, send, should_stop)
            case CheckWeights(files=files):
                checked = check_weights(
                    [Path(file) for file in files],
                    lambda done, total: send(Progress("weight_files", done, total)),
                    should_stop,
                )
                return WeightsChecked(checked)
            case Train():
                return train(command, send, should_stop)
            case BringUpToDate(run_folder=folder):
                return self._bring_up_to_date(folder, send, should_stop)
            case FindRate():
                return find_rate(command, send, should_stop)
            case Evaluate():
                return evaluate(command, *self._load(command.model), send, should_stop)
            case Predict():
                return predict(command, *self._load(command.model), send, should_stop)
            case Export():
                return export(command)
            case CheckExport():
                return check_export(command, should_stop)
            case ShowAugmentation():
                return show_augmentation(command)
            case LookIntoModel():
                return look_into_model(command)
            case MeasureMachine():
                return MachineMeasured(measure_machine(send, should_stop))
            case _:
                assert_never(command)

    def _describe(self, command: DescribeNetwork) -> NetworkFacts:
        """Facts by what the network's layers depend on, built only once."""
        plan = command.network
        _check_network(plan, command.picture_size, command.num_classes)
        version = version_of(plan.model_file) if plan.base == OWN_MODEL else ()
        key = (plan.structure(), command.picture_size, command.num_classes, version)
        if key not in self._facts:
            with without_weights():
                model = build(plan, command.picture_size, command.num_classes, None)
            self._facts[key] = describe(model, plan, command.num_classes)
        return self._facts[key]

    def _bring_up_to_date(self, folder: str, send: Send, should_stop: ShouldStop) -> RunIsUpToDate:
        run = RunFolder.open(Path(folder).absolute())
        if not is_trained_now(run):
            # Loading writes the models anew where the checkpoint is newer.
            evaluate_run(run, *self._load(str(run.best_model)), send, should_stop)
        return RunIsUpToDate(folder)

    def _load(self, path: str) -> tuple[Answers, ModelCard]:
        """The model at ``path``; asked about again, it is not read again unless it changed."""
        if path and RunFolder(Path(path).parent).checkpoint.is_file():
            bring_up_to_date(RunFolder(Path(path).absolute().parent))
        beside = [str(Path(path).with_name(name)) for name in (LABELS, METADATA)] if path else []
        key = tuple((each, version_of(each)) for each in (path, *beside))
        if self._model is None or self._model[0] != key:
            self._model = None
            loaded = load_model(Path(path))
            self._model = (key, Answers(loaded.model), loaded.card)
        return self._model[1:]


def _fetch(command: FetchWeights, send: Send, should_stop: ShouldStop) -> WeightsFetched:
    """Raises:
    ProblemError: ``unknown_network``, ``unknown_width``, or what :func:`fetch_weights` raises.
    """
    plan = NetworkPlan(base=command.network, width=command.width)
    _check_network(plan, command.picture_size, None)
    file, was_here = fetch_weights(
        network_row(plan),
        command.width,
        command.picture_size,
        Path(command.to) if command.to else None,
        on_progress=lambda done, total: send(Progress("weights", done, total)),
        should_stop=should_stop,
    )
    return WeightsFetched(str(file), was_here)


def _check_network(plan: NetworkPlan, picture_size: int, num_classes: int | None) -> None:
    """Raises:
    ProblemError: if there is no such network; what its weights lack is not asked here.
    """
    pictures = PicturesPlan().model_copy(update={"size": picture_size})
    found = problems_of(Project(network=plan, pictures=pictures), num_classes)
    for problem in errors_in(found):
        if problem.where != "network.weights":
            raise ProblemError(problem)


def _seldom(send: Send) -> Send:
    """``send`` that passes on at most ten progress events a second, and always the last."""
    told = 0.0

    def send_seldom(event: Event) -> None:
        nonlocal told
        if isinstance(event, Progress) and event.done != event.total:
            now = time.monotonic()
            if now - told < _SECONDS_BETWEEN_PROGRESS:
                return
            told = now
        send(event)

    return send_seldom
