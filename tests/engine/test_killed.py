"""A training that is killed at any moment leaves a folder that opens, and goes on as if it had not
been."""

import contextlib
import dataclasses
import gc
import io
import os
import random
import signal
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil
import pytest

from cnnstudio.engine import epoch_keeper, reached
from cnnstudio.engine.checkpoint import read_checkpoint
from cnnstudio.engine.model_file import epoch_in, load_model
from cnnstudio.engine.service import Worker
from cnnstudio.project.epochs import EpochDetails, EpochFacts, best_of
from cnnstudio.project.layer_kinds import Conv2D, Dropout
from cnnstudio.project.network import OWN_LAYERS, NetworkPlan
from cnnstudio.project.run_folder import RunFolder, list_runs
from cnnstudio.project.run_lag import is_to_be_brought_up_to_date, lags_behind
from cnnstudio.project.stages import Stage
from cnnstudio.protocol import (
    BringUpToDate,
    EpochEnded,
    Event,
    RunIsUpToDate,
    Train,
    TrainingEnded,
)
from cnnstudio.worker.engine_process import EngineProcess
from cnnstudio.worker.runs import mark_running, why_not
from tests.engine.conftest import Ear, MakeRun, train_run

TINY = NetworkPlan(
    base=OWN_LAYERS,
    layers=(Conv2D(name="a", filters=2, strides=4), Dropout(name="b", rate=0.3)),
)
IN_STAGES = (Stage(trains="own", layers=("output",), epochs=1), Stage(trains="all", epochs=2))
KILLS = (42, 8)
"""Of a run in one stage, and of one in two, which takes twice as long."""

WHOLE = {
    *("plan.json", "pictures.csv", "history.csv", "details.jsonl", "checkpoint.npz"),
    *("last.keras", "best.keras", "evaluation.json", "run.json", "log.txt", "notes.json"),
}


class KilledError(BaseException):
    """Nothing in the engine answers for this one, and from then on nothing is written."""


class Killer:
    """Ends a training at the chosen one of many moments: at what is told, and before, while and
    after each file is written. What was written and not yet flushed may be lost in part."""

    def __init__(self, patch: pytest.MonkeyPatch, chance: random.Random) -> None:
        self.moments = 0
        self.how: Counter[str] = Counter()
        self._left = 0
        self._is_dead = False
        self._chance = chance
        self._flushed: dict[int, int] = {}
        self._real: dict[str, Callable[..., Any]] = {
            name: getattr(os, name) for name in ("fsync", "replace", "link", "unlink")
        }
        self._open = io.open
        patch.setattr(os, "fsync", self._fsync)
        patch.setattr(os, "replace", self._renaming("replace"))
        patch.setattr(os, "link", self._renaming("link"))
        patch.setattr(os, "unlink", self._unlink)
        patch.setattr(io, "open", self._opening)

    def begin(self, moment: int) -> None:
        """Kill at the ``moment``-th from now on; 0: never."""
        self.moments, self._left, self._is_dead = 0, moment, False

    def pass_by(self, what: str, before: Callable[[], None] | None = None) -> None:
        """Here a kill may come."""
        if self._is_dead:
            raise KilledError
        self.moments += 1
        if self.moments == self._left:
            if before is not None:
                before()
            self._is_dead = True
            self.how[what] += 1
            raise KilledError

    def _fsync(self, file: int) -> None:
        self.pass_by("written", lambda: self._tear(file))
        self._real["fsync"](file)
        facts = os.fstat(file)
        self._flushed[facts.st_ino] = facts.st_size

    def _tear(self, file: int) -> None:
        facts = os.fstat(file)
        safe = min(self._flushed.get(facts.st_ino, 0), facts.st_size)
        with contextlib.suppress(OSError):  # It is open for reading only.
            os.ftruncate(file, self._chance.randint(safe, facts.st_size))

    def _renaming(self, name: str) -> Callable[..., None]:
        def rename(*arguments: Any) -> None:
            self.pass_by(f"before {name}")
            self._real[name](*arguments)
            self.pass_by(f"after {name}")

        return rename

    def _unlink(self, *arguments: Any, **more: Any) -> None:
        if self._is_dead:
            raise KilledError
        self._real["unlink"](*arguments, **more)

    def _opening(self, file: Any, mode: str = "r", *arguments: Any, **more: Any) -> Any:
        if self._is_dead and set(mode) & set("wax+"):
            raise KilledError
        return self._open(file, mode, *arguments, **more)


class Listening(Ear):
    """At every event a kill may come."""

    def __init__(self, killer: Killer) -> None:
        super().__init__()
        self._killer = killer

    def __call__(self, event: Event) -> None:
        super().__call__(event)
        self._killer.pass_by(type(event).__name__)


@pytest.fixture
def killer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Killer]:
    monkeypatch.setattr(epoch_keeper, "_SECONDS_BETWEEN_BATCH_EVENTS", 0.0)
    gc.freeze()  # Else, looking for garbage takes longer than the tiny trainings.
    with pytest.MonkeyPatch.context() as patch:
        yield Killer(patch, random.Random(5))
    gc.unfreeze()


@pytest.fixture(autouse=True)
def no_engine_is_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process that is said to train a run is that of the test, and lives."""
    monkeypatch.setattr("cnnstudio.worker.runs.is_trained_now", lambda run: False)


def make_tiny(make_run: MakeRun, *settings: str, stages: tuple[Stage, ...] = ()) -> RunFolder:
    run = make_run("network.base=small_cnn", *settings)
    project = run.read_project()
    training = project.training.model_copy(update={"stages": stages})
    run.write_project(project.replacing(network=TINY, training=training))
    return run


def timeless(history: list[EpochFacts]) -> list[EpochFacts]:
    return [dataclasses.replace(facts, seconds=0.0) for facts in history]


class Looking:
    """Opens a folder after each kill, as a person would."""

    def __init__(self, run: RunFolder) -> None:
        self.history = timeless(run.read_history())
        self.details: list[EpochDetails] = run.read_details()
        best = best_of(self.history)
        assert best is not None
        self.best = best.epoch
        self._loaded: set[int] = set()

    def look(self, run: RunFolder) -> None:
        """Nothing is half, and nothing says more than was reached."""
        assert run in list_runs(run.path.parent)
        opened = RunFolder.open(run.path)
        assert opened.read_pictures().pictures
        assert opened.read_project().training.batch_size == 6
        is_finished = opened.read_status().state == "finished"
        assert (why_not(run) is None) != is_finished
        history = timeless(run.read_history())
        assert history == self.history[: len(history)]
        details = run.read_details()
        assert details == self.details[: len(details)]
        checkpoint = read_checkpoint(run.checkpoint)
        reached = checkpoint.epoch if checkpoint is not None else 0
        assert not is_finished or reached == len(self.history)
        assert len(history) in (reached, reached - 1)
        evaluation = run.read_evaluation()
        assert ((run.path / "evaluation.json").exists()) == (evaluation is not None)
        for model in (run.last_model, run.best_model):
            if model.exists():
                self._load(model, reached)
        visible = {path.name for path in run.path.iterdir() if not path.name.startswith(".")}
        assert visible <= WHOLE

    def _load(self, model: Path, reached: int) -> None:
        epoch = epoch_in(model)
        assert epoch is not None
        assert epoch <= reached
        with zipfile.ZipFile(model) as archive:
            assert archive.testzip() is None  # All of it is as it was written.
        if epoch not in self._loaded:
            self._loaded.add(epoch)
            assert load_model(model).card.classes == ("blue", "red")


CASES: tuple[tuple[tuple[str, ...], tuple[Stage, ...]], ...] = (
    (("training.epochs=3", "training.schedule=plateau"), ()),
    (("training.early_stopping=2", "training.average_weights=0.9"), IN_STAGES),
)


def test_fifty_kills_at_random_moments_lose_no_whole_epoch(
    make_run: MakeRun, killer: Killer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reached, "_SAVING_SHARE", 1e9)  # models are written after every epoch
    chance = random.Random(17)
    before_the_first = 0
    for (settings, stages), wanted in zip(CASES, KILLS, strict=True):
        whole = make_tiny(make_run, *settings, stages=stages)
        killer.begin(0)
        mark_running(whole)
        assert train_run(whole, Listening(killer)).outcome == "finished"
        looking, moments = Looking(whole), killer.moments
        run, kills = make_tiny(make_run, *settings, stages=stages), 0
        while kills < wanted:
            mark_running(run)
            killer.begin(chance.randint(1, moments // 2))
            try:
                ended = train_run(run, Listening(killer))
            except KilledError:
                killer.begin(0)
                kills += 1
                before_the_first += not run.checkpoint.exists()
                looking.look(run)
                continue
            assert ended.outcome == "finished", ended.details
            killer.begin(0)
            _compare(run, looking)
            run = make_tiny(make_run, *settings, stages=stages)
        killer.begin(0)
        mark_running(run)
        assert train_run(run, Listening(killer)).outcome == "finished"
        _compare(run, looking)
    how = killer.how
    assert how.total() == sum(KILLS) == 50
    assert before_the_first >= 3
    assert min(how["written"], how["before replace"], how["after replace"]) >= 3
    assert how["BatchEnded"] >= 3


def _compare(run: RunFolder, looking: Looking) -> None:
    """The run is as the one that nobody killed."""
    assert timeless(run.read_history()) == looking.history
    assert run.read_details() == looking.details
    assert epoch_in(run.best_model) == looking.best
    assert epoch_in(run.last_model) == len(looking.history)
    assert not [path.name for path in run.path.iterdir() if path.name.startswith(".")]


WINDOW = """
import sys
from cnnstudio.protocol import EpochEnded, Train
from cnnstudio.worker.engine_process import EngineProcess

def tell(event):
    if isinstance(event, EpochEnded):
        print(event.facts.epoch, flush=True)

if __name__ == "__main__":
    engine = EngineProcess()
    engine.start()
    engine.run(Train(sys.argv[1]), tell)
"""
MANY = (Stage(trains="all", epochs=1000),)


def kill_engine(run: RunFolder, is_time: Callable[[Event], bool]) -> None:
    """Train ``run`` in an engine that is killed at the first event for which it ``is_time``."""
    engine = EngineProcess()
    engine.start()

    def listen(event: Event) -> None:
        if is_time(event) and engine.pid is not None:
            os.kill(engine.pid, signal.SIGKILL)

    ended = engine.run(Train(str(run.path)), listen)
    engine.wait_until_gone()
    assert isinstance(ended, TrainingEnded)
    assert ended.outcome == "crashed"
    assert ended.problem is not None
    assert ended.problem.kind == "training_killed"
    assert run.read_status().state == "crashed"


def kill_window(run: RunFolder, script: Path) -> None:
    """Train ``run`` in the engine of a window that is killed after the first epoch; the engine
    must end by itself."""
    script.write_text(WINDOW)
    window = subprocess.Popen(
        [sys.executable, str(script), str(run.path)],
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert window.stdout is not None
    assert window.stdout.readline() == b"1\n"
    engine = psutil.Process(run.read_status().engine_process)
    window.kill()
    window.communicate()
    with contextlib.suppress(psutil.NoSuchProcess):
        engine.wait(timeout=60)
    assert len(run.read_history()) < MANY[0].epochs
    status = run.read_status()
    assert (status.state, status.ended_by) == ("stopped", "window_gone")


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
def test_processes_that_are_really_killed_leave_runs_that_go_on(
    make_run: MakeRun, tmp_path: Path
) -> None:
    runs = [make_tiny(make_run, stages=MANY) for _ in range(2)]
    with ThreadPoolExecutor() as at_once:
        kills = [
            at_once.submit(kill_engine, runs[0], lambda event: isinstance(event, EpochEnded)),
            at_once.submit(kill_window, runs[1], tmp_path / "window.py"),
        ]
        for kill in kills:
            kill.result()
    done = [len(run.read_history()) for run in runs]
    assert min(done) > 0
    whole = make_tiny(make_run, stages=MANY)
    for run in (whole, *runs):
        project = run.read_project()
        stages = (MANY[0].model_copy(update={"epochs": max(done) + 1}),)
        training = project.training.model_copy(update={"stages": stages})
        run.write_project(project.replacing(training=training))
    assert train_run(whole).outcome == "finished"
    looking = Looking(whole)
    for run in runs:
        looking.look(run)
        mark_running(run)
        assert train_run(run).outcome == "finished"
        _compare(run, looking)


def test_answers_of_a_killed_run_are_brought_up_to_its_best_epoch(
    make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reached, "_SAVING_SHARE", 0.0)  # models are written after epoch 1 only
    parts = ("training", "training", "validation", "test")
    run = make_run("network.base=small_cnn", "training.epochs=9", parts=parts)

    def killed_once_better(event: Event) -> bool:
        if isinstance(event, EpochEnded) and event.is_best and event.facts.epoch > 1:
            raise KilledError
        return False

    with pytest.raises(KilledError):
        train_run(run, Ear(killed_once_better))
    best = best_of(run.read_history())
    assert best is not None
    assert (epoch_in(run.best_model), best.epoch > 1) == (1, True)
    run.end("crashed", 1.0)
    assert lags_behind(run)
    ear = Ear()
    answer = Worker().answer(BringUpToDate(str(run.path)), ear, ear.should_stop)
    assert answer == RunIsUpToDate(str(run.path))
    evaluation = run.read_evaluation()
    assert evaluation is not None
    assert (evaluation.part, evaluation.epoch) == ("test", best.epoch)
    assert epoch_in(run.best_model) == best.epoch
    assert not is_to_be_brought_up_to_date(run)
    assert run.read_status().state == "crashed"
