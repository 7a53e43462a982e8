"""Tiny pictures, runs and networks for the engine's tests."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnnstudio.engine.train import train
from cnnstudio.project.fields import apply_settings
from cnnstudio.project.listing import ListedPicture, PictureList
from cnnstudio.project.pictures import Part
from cnnstudio.project.project import Project
from cnnstudio.project.run_folder import RunFolder
from cnnstudio.protocol import Event, Train, TrainingEnded

SIZE = 16
COLOURS = {"blue": (40, 60, 200), "green": (60, 170, 60), "red": (200, 50, 40)}
PARTS: tuple[Part, ...] = ("training", "training", "training", "validation")

MakeRun = Callable[..., RunFolder]


def draw(path: Path, colour: tuple[int, int, int], number: int) -> None:
    """A noisy square of one colour."""
    noise = np.random.default_rng(number).integers(-40, 40, (20, 24, 3))
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray((np.array(colour) + noise).clip(0, 255).astype(np.uint8)).save(path)


@dataclass
class Ear:
    """Listens to a training: keeps the events, and wishes it to stop after a chosen one."""

    stop_after: Callable[[Event], bool] = lambda event: False
    events: list[Event] = field(default_factory=list)
    is_enough: bool = False

    def __call__(self, event: Event) -> None:
        self.events.append(event)
        self.is_enough = self.is_enough or self.stop_after(event)

    def should_stop(self) -> bool:
        return self.is_enough

    def of(self, kind: type) -> list[Event]:
        return [event for event in self.events if isinstance(event, kind)]


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three colours of twelve pictures each, not square, in folders with odd names."""
    folder = tmp_path_factory.mktemp("bunte Bilder 🎨")
    for name, colour in COLOURS.items():
        for number in range(12):
            draw(folder / name / f"그림 {number:02}.png", colour, number)
    return folder


@pytest.fixture
def make_run(tmp_path: Path, pictures: Path) -> MakeRun:
    """Makes a run over the tiny pictures: ``make_run("training.epochs=2", classes=(…))``; a class
    that there are no tiny pictures of has only those of ``more``."""

    def make(
        *settings: str,
        classes: Sequence[str] = ("blue", "red"),
        parts: Sequence[Part] = PARTS,
        more: Sequence[ListedPicture] = (),
    ) -> RunFolder:
        usual = [f"pictures.size={SIZE}", "training.epochs=2", "training.batch_size=6"]
        project = apply_settings(Project(), [*usual, *settings])
        listed = [
            ListedPicture(str(file), name, parts[number % len(parts)])
            for name in classes
            for number, file in enumerate(sorted((pictures / name).glob("*.png")))
        ]
        listing = PictureList(tuple(classes), (*listed, *more))
        return RunFolder.create(tmp_path / "runs", project, listing)

    return make


def train_run(run: RunFolder, ear: Ear | None = None) -> TrainingEnded:
    """Train it in this process."""
    ear = ear or Ear()
    return train(Train(str(run.path)), ear, ear.should_stop)


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory, pictures: Path) -> RunFolder:
    """A run that was trained to its end; not to be changed."""
    runs = tmp_path_factory.mktemp("trained")
    project = apply_settings(
        Project(), [f"pictures.size={SIZE}", "training.epochs=6", "training.batch_size=6"]
    )
    listed = [
        ListedPicture(str(file), name, PARTS[number % len(PARTS)])
        for name in ("blue", "red")
        for number, file in enumerate(sorted((pictures / name).iterdir()))
    ]
    run = RunFolder.create(runs, project, PictureList(("blue", "red"), tuple(listed)))
    patch = pytest.MonkeyPatch()
    patch.setenv("CNNSTUDIO_CACHE", str(tmp_path_factory.mktemp("cache")))
    ended = train_run(run)
    patch.undo()
    assert ended.outcome == "finished", ended.details
    return run
