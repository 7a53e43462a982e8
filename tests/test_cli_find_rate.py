"""'find-rate' tells the curve and the choice, for people and for programs."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from cnnstudio.cli.commands import main
from cnnstudio.project.problems import Problem
from cnnstudio.project.run_folder import RunFolder
from cnnstudio.protocol import (
    ClosingEvent,
    FindRate,
    Progress,
    RateFound,
    RateTried,
    WorkFailed,
    WorkStopped,
)

POINTS = ((1e-6, 0.7), (1e-3, 0.35), (1e-2, 0.1), (1e-1, 0.9))


class Engine:
    """Tries four rates; ``epochs`` are those of the run that it was given."""

    is_ready = True

    def __init__(self, answer: ClosingEvent) -> None:
        self.answer = answer
        self.run_folder = Path()
        self.epochs = 0

    def run(
        self,
        command: Any,
        on_event: Callable[[Any], None],
        should_stop: Callable[[], bool],
    ) -> ClosingEvent:
        assert isinstance(command, FindRate)
        self.run_folder = Path(command.run_folder)
        self.epochs = RunFolder.open(self.run_folder).read_project().training.epochs
        for number, point in enumerate(POINTS, start=1):
            on_event(RateTried(*point))
            on_event(Progress("rates", number, len(POINTS)))
        return self.answer


class Keeper:
    """Lends the one engine."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def warm_up(self) -> None:
        """It is warm."""

    def take(self) -> Engine:
        return self.engine

    def give_back(self, engine: Engine) -> None:
        assert engine is self.engine

    def close(self) -> None:
        """Nothing is to be ended."""


@pytest.fixture
def pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("cat", "dog"):
        folder = tmp_path / "pictures" / name
        folder.mkdir(parents=True)
        for number in range(5):
            Image.new("RGB", (40, 30), (number, 200, 100)).save(folder / f"{number}.png")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "pictures"


def use(monkeypatch: pytest.MonkeyPatch, answer: ClosingEvent) -> Engine:
    engine = Engine(answer)
    monkeypatch.setattr("cnnstudio.cli.engine.EngineKeeper", lambda: Keeper(engine))
    return engine


def test_the_curve_and_the_choice_are_told_and_nothing_is_left(
    monkeypatch: pytest.MonkeyPatch, pictures: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = use(monkeypatch, RateFound(POINTS, 0.00001))
    assert main(["find-rate", str(pictures), "--set", "training.epochs=3"]) == 0
    out = capsys.readouterr().out
    bars = [line.count("█") for line in out.splitlines() if "█" in line]
    assert bars == [31, 16, 4, 40]
    assert "--set training.learning_rate=0.00001" in out
    assert engine.epochs == 3
    assert not engine.run_folder.exists()
    assert list(Path.cwd().iterdir()) == []


def test_programs_get_all_points(
    monkeypatch: pytest.MonkeyPatch, pictures: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    use(monkeypatch, RateFound(POINTS, 0.001))
    assert main(["find-rate", str(pictures), "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {"event": "progress", "job": "rates", "done": 4, "total": 4} in lines
    assert lines[-1]["suggested"] == 0.001
    assert [(each["rate"], each["loss"]) for each in lines[-1]["points"]] == list(POINTS)


def test_where_nothing_is_suggested_it_says_so(
    monkeypatch: pytest.MonkeyPatch, pictures: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    use(monkeypatch, RateFound(POINTS, 0.0))
    assert main(["find-rate", str(pictures)]) == 0
    out = capsys.readouterr().out
    assert "none can be suggested" in out
    assert "--set" not in out


@pytest.mark.parametrize(
    ("answer", "code"), [(WorkFailed(Problem("disk_full")), 1), (WorkStopped(), 130)]
)
def test_it_ends_with_a_code_of_its_own_where_it_cannot_be_tried_or_is_stopped(
    monkeypatch: pytest.MonkeyPatch, pictures: Path, answer: ClosingEvent, code: int
) -> None:
    engine = use(monkeypatch, answer)
    assert main(["find-rate", str(pictures)]) == code
    assert not engine.run_folder.exists()
