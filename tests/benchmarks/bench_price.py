"""Predicted beside actual seconds an epoch, for five networks and four freezings.

Measures this computer, then trains each network with each freezing for a few epochs on a few
pictures, and prints what was predicted at first, what is predicted once a network has been trained
here one time (the first line of each), and what the epochs took. Weights begin at random: they
change nothing of the time. Everything runs in this process, one training after the other. On a
computer that does other things meanwhile the figures jump; ``--processor`` then counts the seconds
that processors worked for this process, in the measurement and in the epochs alike.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

LIMIT = 1.5
EPOCHS = 3
NETWORKS = (
    ("mobilenet_v2", 160),
    ("resnet50", 96),
    ("vgg16", 64),
    ("efficientnet_b0", 128),
    ("small_cnn", 96),
)
FREEZINGS: dict[str, Callable[[int, int], bool]] = {
    "last quarter": lambda place, count: place >= count - count // 4,
    "base frozen": lambda place, count: False,
    "last half": lambda place, count: place >= count // 2,
    "all trained": lambda place, count: True,
}


@dataclass(frozen=True)
class Line:
    """One training: seconds an epoch as first predicted, as corrected, and as they were."""

    network: str
    freezing: str
    kind: str
    first: float
    corrected: float
    actual: float
    memory: tuple[float, float]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=int, default=64, help="training pictures")
    parser.add_argument("--networks", default="", help="keys, with commas between")
    parser.add_argument("--processor", action="store_true", help="count processors' seconds")
    chosen = parser.parse_args()
    if chosen.processor:
        count_processor_seconds()
    wanted = [each for each in chosen.networks.split(",") if each]
    with tempfile.TemporaryDirectory() as text:
        os.environ |= {"CNNSTUDIO_CONFIG": text, "CNNSTUDIO_CACHE": f"{text}/cache"}
        networks = [each for each in NETWORKS if not wanted or each[0] in wanted]
        lines = measure(Path(text), chosen.pictures, networks)
    tell(lines)


def count_processor_seconds() -> None:
    """Let measurement and trainings look at another clock."""
    from cnnstudio.engine import computed_once, measure, work_clock

    clock = SimpleNamespace(monotonic=time.process_time, time=time.time)
    measure._clock = time.process_time  # type: ignore[assignment]
    work_clock.time = computed_once.time = clock  # type: ignore[assignment]


def measure(folder: Path, pictures: int, networks: list[tuple[str, int]]) -> list[Line]:
    from cnnstudio.engine.measure import measure_machine
    from cnnstudio.project.machine import save_machine

    speed = measure_machine(lambda event: None, lambda: False)
    save_machine(speed)
    print(f"measured: {speed}", flush=True)
    heading = f"{'network':18}{'freezing':14}{'kind':10}{'predicted':>10}{'after one':>10}"
    print(f"{heading}{'took':>9}{'factor':>8}{'memory':>16}")
    listing = draw(folder, pictures)
    lines = []
    for network, size in networks:
        for name, is_trained in FREEZINGS.items():
            line = one(folder, network, size, name, is_trained, listing)
            lines.append(line)
            factor = line.corrected / line.actual
            print(
                f"{line.network:18}{line.freezing:14}{line.kind:10}{line.first:8.2f} s"
                f"{line.corrected:8.2f} s{line.actual:7.2f} s{factor:8.2f}"
                f"{line.memory[0] / 1e9:7.2f} /{line.memory[1] / 1e9:5.2f} GB",
                flush=True,
            )
    return lines


def draw(folder: Path, pictures: int) -> Any:
    """``pictures`` to train on, and a quarter as many to watch."""
    from PIL import Image

    from cnnstudio.project.listing import ListedPicture, PictureList

    listed = []
    for number in range(pictures + pictures // 4):
        file = folder / "pictures" / f"{number}.png"
        file.parent.mkdir(exist_ok=True)
        noise = np.random.default_rng(number).integers(0, 256, (128, 128, 3), np.uint8)
        Image.fromarray(noise).save(file)
        part = "training" if number < pictures else "validation"
        listed.append(ListedPicture(str(file), "ab"[number % 2], part))  # type: ignore[arg-type]
    return PictureList(("a", "b"), tuple(listed))


def one(
    folder: Path,
    network: str,
    size: int,
    name: str,
    is_trained: Callable[[int, int], bool],
    listing: Any,
) -> Line:
    from cnnstudio.engine.facts import describe
    from cnnstudio.engine.networks.build import build, without_weights
    from cnnstudio.engine.train import train
    from cnnstudio.project.fields import apply_settings
    from cnnstudio.project.machine import load_machine
    from cnnstudio.project.network_facts import trained_layers
    from cnnstudio.project.price import price_of, work_of
    from cnnstudio.project.price_corrections import corrections_for, learn_from, load_factors
    from cnnstudio.project.project import Project
    from cnnstudio.project.run_folder import RunFolder
    from cnnstudio.protocol import Train

    settings = [f"network.base={network}", f"pictures.size={size}", f"training.epochs={EPOCHS}"]
    settings.append("training.fine_tuning=0")
    project = apply_settings(Project(), [*settings, "network.weights=random"])
    with without_weights():
        facts = describe(build(project.network, size, 2, None), project.network, 2)
    base = [layer.name for layer in facts.base_layers]
    ticked = [each for place, each in enumerate(base) if is_trained(place, len(base))]
    ticked += [layer.name for layer in facts.layers if layer.part == "head"]
    plan = project.network.model_copy(update={"trained_layers": tuple(ticked)})
    project = project.replacing(network=plan)
    parts = [picture.part for picture in listing.pictures]
    work = work_of(project, parts.count("training"), parts.count("validation"))
    speed, trained = load_machine(), trained_layers(plan, facts)
    assert speed is not None
    first = price_of(facts, trained, work, speed)
    known = corrections_for(load_factors(), network)
    corrected = price_of(facts, trained, work, speed, known)
    run = RunFolder.create(folder / "runs", project, listing)
    ended = train(Train(str(run.path)), lambda event: None, lambda: False)
    assert ended.outcome == "finished", ended.details
    expense = run.read_status().expense
    assert expense is not None
    if name == next(iter(FREEZINGS)):
        learn_from(run)  # one run of each network; the others are predicted from it
    return Line(
        network,
        name,
        first.kind,
        first.seconds_per_epoch,
        corrected.seconds_per_epoch,
        expense.seconds_an_epoch,
        (corrected.memory_bytes, expense.memory_bytes),
    )


def tell(lines: list[Line]) -> None:
    """How far off, without the trainings that were learned from."""
    later = [line for line in lines if line.freezing != next(iter(FREEZINGS))]
    for title, pick in (("at first", "first"), ("after one run", "corrected")):
        factors = [getattr(line, pick) / line.actual for line in later]
        off = [max(each, 1 / each) for each in factors]
        within = sum(each <= LIMIT for each in off)
        print(
            f"{title}: {within} of {len(off)} within a factor of {LIMIT}, "
            f"median {np.median(off):.2f}, worst {max(off, default=1):.2f}"
        )


if __name__ == "__main__":
    sys.exit(main())
