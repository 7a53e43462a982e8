"""One engine in a process of its own: start it, ask it, stop it, and outlive it."""

import contextlib
import multiprocessing
import secrets
import signal
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from cnnstudio.project.memory_met import out_of_memory
from cnnstudio.project.places import cache_folder
from cnnstudio.project.problems import Problem
from cnnstudio.project.run_folder import RunFolder
from cnnstudio.project.training import TrainingPlan
from cnnstudio.protocol import (
    ClosingEvent,
    Command,
    EngineReady,
    Event,
    FindRate,
    GoOn,
    News,
    PauseWork,
    Quit,
    StopWork,
    Train,
    WorkFailed,
    WorkStopped,
)
from cnnstudio.worker import unfinished_run
from cnnstudio.worker.child import serve_engine
from cnnstudio.worker.memory_watch import MemoryWatch

STOP_GRACE_SECONDS = 30.0
"""How long an engine may take to end its work after it was asked to."""
QUIT_GRACE_SECONDS = 3.0
POLL_SECONDS = 0.1
KEPT_LOGS = 20
DETAILS_CHARACTERS = 6000

_ENDED_FROM_OUTSIDE = ("SIGKILL", "SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT")

Target = Callable[["Connection[Any, Any]", str], None]


class EngineGoneError(Exception):
    """The engine's process has ended and everything it said was received."""


class EngineProcess:
    """An engine process and the pipe to it.

    One thread at a time asks it (:meth:`run`, or :meth:`send` and :meth:`receive`);
    :meth:`stop`, :meth:`pause`, :meth:`go_on` and :meth:`kill` may be called by any other
    meanwhile.
    """

    def __init__(
        self, target: Target = serve_engine, stop_grace_seconds: float = STOP_GRACE_SECONDS
    ) -> None:
        self.ready: EngineReady | None = None
        self.log = _new_log()
        self._target = target
        self._stop_grace_seconds = stop_grace_seconds
        self._process: Any = None
        self._connection: Connection[Any, Any] | None = None
        self._start_error = ""
        self._sending = threading.Lock()
        self._stop_asked: float | None = None
        self._is_working = False
        self._was_killed = False

    @property
    def pid(self) -> int | None:
        """The process' number, once started."""
        return None if self._process is None else self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.is_alive()

    @property
    def is_ready(self) -> bool:
        """Whether it has imported all it needs; to be asked by the thread that has the engine."""
        if self.ready is None:
            with contextlib.suppress(EngineGoneError):  # :meth:`run` is what tells of an end.
                self.receive(0)
        return self.ready is not None

    def start(self) -> None:
        """Begin the process and return at once; where it cannot begin, :meth:`run` tells why."""
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        # A daemon, so that no way of leaving the program waits for it.
        process = context.Process(
            target=self._target, args=(theirs, str(self.log)), name="cnnstudio-engine", daemon=True
        )
        try:
            process.start()
        except OSError as error:
            self._start_error = error.strerror or type(error).__name__
            ours.close()
        else:
            self._process, self._connection = process, ours
        finally:
            theirs.close()

    def send(self, command: Command) -> None:
        """Hand ``command`` over; nothing happens if the process is gone, which receiving tells."""
        with self._sending, contextlib.suppress(OSError):
            if self._connection is not None:
                self._connection.send(command)

    def receive(self, timeout: float) -> Event | None:
        """The next event, or none within ``timeout`` seconds.

        Raises:
            EngineGoneError: if the process has ended and nothing is left to receive.
        """
        if self._connection is None:
            raise EngineGoneError
        wait([self._connection, self._process.sentinel], timeout)
        # Asked before the pipe is: what a process said before it ended is still to be heard.
        has_ended = not self._process.is_alive()
        try:
            if self._connection.poll():
                event: Event = self._connection.recv()
                if isinstance(event, EngineReady):
                    self.ready = event
                return event
        except (EOFError, OSError) as error:
            raise EngineGoneError from error
        if has_ended:
            raise EngineGoneError
        return None

    def run(
        self,
        command: Command,
        on_event: Callable[[News], None] | None = None,
        should_stop: Callable[[], bool] | None = None,
    ) -> ClosingEvent:
        """Carry ``command`` out and return its one answer, whatever happens to the process.

        Waits for the engine to be ready first. ``should_stop`` is asked about ten times a second;
        an engine that does not end within the grace period then is killed.
        """
        began = time.monotonic()
        memory = MemoryWatch()
        self._stop_asked = None
        self._is_working = True
        sent = False
        try:
            while True:
                memory.look()
                if self._is_to_stop(should_stop):
                    if not sent:
                        return _stopped(command, began)
                    if self._stop_asked is None:
                        self.stop()
                    if time.monotonic() - (self._stop_asked or 0) > self._stop_grace_seconds:
                        self.kill()
                if self.ready is not None and not sent:
                    self.send(command)
                    sent = True
                event = self.receive(POLL_SECONDS)
                if isinstance(event, ClosingEvent):
                    return event
                if event is not None and on_event is not None:
                    on_event(event)
        except EngineGoneError:
            if self._was_killed:
                return _stopped(command, began)
            return self._answer_after_death(command, began, memory)
        finally:
            self._is_working = False

    def _is_to_stop(self, should_stop: Callable[[], bool] | None) -> bool:
        asked = self._stop_asked is not None or self._was_killed
        return asked or (should_stop is not None and should_stop())

    def stop(self) -> None:
        """Ask for the command in hand to end early; :meth:`run` then returns what was reached."""
        if self._is_working and self._stop_asked is None:
            self._stop_asked = time.monotonic()
            self.send(StopWork())

    def pause(self) -> None:
        """Let the command in hand wait at its next step; the engine tells when it does."""
        if self._is_working and self._stop_asked is None:
            self.send(PauseWork())

    def go_on(self) -> None:
        """End the pause."""
        if self._is_working:
            self.send(GoOn())

    def kill(self) -> None:
        """End the process at once. A command in hand is answered as stopped."""
        self._was_killed = True
        if self._process is not None:
            self._process.kill()

    def quit(self) -> None:
        """Ask an idle process to leave and return at once; one that still starts is ended."""
        if self.is_ready:
            self.send(Quit())
        else:
            self.kill()

    def wait_until_gone(self, seconds: float = QUIT_GRACE_SECONDS) -> bool:
        """Wait for the process to end; say whether it has."""
        if self._process is not None:
            self._process.join(max(0.0, seconds))
        if self.is_alive:
            return False
        if self._exit_code() == 0:
            with contextlib.suppress(OSError):  # A log that is left over does no harm.
                self.log.unlink(missing_ok=True)
        return True

    def _exit_code(self) -> int | None:
        """The exit code of an ended process; negative: the signal that ended it."""
        if self._process is None:
            return None
        for _ in range(50):
            # Another thread may be collecting it at this moment.
            if self._process.exitcode is not None:
                break
            self._process.join(POLL_SECONDS)
        code: int | None = self._process.exitcode
        return code

    def _answer_after_death(
        self, command: Command, began: float, memory: MemoryWatch
    ) -> ClosingEvent:
        details = self._details(command)
        problem = self._problem_of_death(command, memory, details)
        if not isinstance(command, Train):
            return WorkFailed(problem, details)
        seconds = time.monotonic() - began
        return unfinished_run.end_run(command.run_folder, "crashed", seconds, problem, details)

    def _problem_of_death(self, command: Command, memory: MemoryWatch, details: str) -> Problem:
        code = self._exit_code()
        name = _signal_name(code)
        if name == "SIGKILL" and memory.explains_a_kill():
            return out_of_memory(_batch_size(command))
        is_training = isinstance(command, Train)
        if name in _ENDED_FROM_OUTSIDE:
            if is_training:
                return Problem("training_killed", values={"signal": name})
            return Problem("engine_killed", values={"signal": name})
        if self.ready is None:
            lines = [line for line in details.splitlines() if line.strip()]
            reason = self._start_error or (lines[-1].strip() if lines else name or str(code))
            return Problem("engine_will_not_start", values={"reason": reason.rstrip(".")})
        if is_training:
            return Problem("training_crashed", values={"code": name or str(code)})
        return Problem("engine_crashed", values={"code": name or str(code)})

    def _details(self, command: Command) -> str:
        """The end of what the process printed."""
        logs = [self.log]
        if isinstance(command, Train):
            logs.insert(0, RunFolder(Path(command.run_folder)).log)
        for log in logs:
            with contextlib.suppress(OSError):
                text = log.read_text(encoding="utf-8", errors="replace")
                if text.strip():
                    return text[-DETAILS_CHARACTERS:]
        return ""


def _stopped(command: Command, began: float) -> ClosingEvent:
    if isinstance(command, Train):
        seconds = time.monotonic() - began
        return unfinished_run.end_run(command.run_folder, "stopped", seconds)
    return WorkStopped()


def _batch_size(command: Command) -> int:
    plan = TrainingPlan()
    if isinstance(command, Train | FindRate):
        plan = unfinished_run.training_plan(command.run_folder)
    return plan.batch_size


def _signal_name(code: int | None) -> str:
    """The name of the signal behind a negative exit code, else nothing."""
    if code is None or code >= 0:
        return ""
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"


def _new_log() -> Path:
    """A file of its own for what an engine prints outside a run; the oldest ones are removed."""
    folder = cache_folder() / "logs"
    with contextlib.suppress(OSError):  # Without a log the engine prints to nowhere.
        folder.mkdir(exist_ok=True)
        for old in sorted(folder.glob("engine-*.log"))[: -KEPT_LOGS + 1]:
            old.unlink(missing_ok=True)
    return folder / f"engine-{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(3)}.log"
