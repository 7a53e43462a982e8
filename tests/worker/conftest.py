"""What the worker's tests share: a run folder and engines that are gone afterwards."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cnnstudio.project.listing import ListedPicture, PictureList
from cnnstudio.project.project import Project
from cnnstudio.project.run_folder import RunFolder
from cnnstudio.project.training import TrainingPlan
from cnnstudio.worker.engine_keeper import EngineKeeper
from cnnstudio.worker.engine_process import EngineProcess, Target


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    """A run that has not begun, with a batch size of 32."""
    pictures = PictureList(
        ("cat", "dog"),
        (
            ListedPicture("/nowhere/cat/1.jpg", "cat", "training"),
            ListedPicture("/nowhere/dog/1.jpg", "dog", "validation"),
        ),
    )
    project = Project(training=TrainingPlan(batch_size=32))
    return RunFolder.create(tmp_path / "runs", project, pictures)


@pytest.fixture
def start_engine() -> Iterator[Callable[..., EngineProcess]]:
    """Starts engines with a given target and a short patience."""
    engines = []

    def start(target: Target, stop_grace_seconds: float = 30.0) -> EngineProcess:
        engine = EngineProcess(target, stop_grace_seconds)
        engine.start()
        engines.append(engine)
        return engine

    yield start
    for engine in engines:
        engine.kill()
        assert engine.wait_until_gone()


@pytest.fixture
def make_keeper() -> Iterator[Callable[..., EngineKeeper]]:
    """Makes keepers of engines with a given target."""
    keepers = []

    def make(target: Target, stop_grace_seconds: float = 30.0) -> EngineKeeper:
        keeper = EngineKeeper(lambda: EngineProcess(target, stop_grace_seconds))
        keepers.append(keeper)
        return keeper

    yield make
    for keeper in keepers:
        keeper.close()
