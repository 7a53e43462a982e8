"""How fast pictures reach the training: ``python -m tests.benchmarks.bench_feeding``.

First pass: 5,000 photographs (``catdog/train`` over and over, each with bytes of its own) decoded
at 160 px, kept and iterated once in batches; beside it ``image_dataset_from_directory`` of Keras,
with prefetching, iterated once. Later passes: iterated again. Memory: 50,000 small pictures, in a
process of their own, whose highest use of memory is told. Files are warm for all. ``--part speed``
or ``--part memory`` does one of both, ``--count`` with so many pictures.
"""

import argparse
import os
import resource
import shutil
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from PIL import Image

_HERE = Path(__file__).resolve()
SIZE, BATCH = 160, 32
MOST_GIGABYTES = 1.5


def with_own_bytes(photograph: bytes, number: int) -> bytes:
    """The same JPEG with a comment of its own."""
    note = f"{number:08d}".encode()
    return photograph[:2] + b"\xff\xfe" + struct.pack(">H", 2 + len(note)) + note + photograph[2:]


def write_photographs(folder: Path, count: int) -> None:
    data = Path(os.environ.get("CNNSTUDIO_TEST_DATA", _HERE.parents[3] / "shared" / "data"))
    found = sorted((data / "catdog" / "train").rglob("*.jpg"))
    contents = [(file.parent.name, file.read_bytes()) for file in found]
    for number in range(count):
        label, content = contents[number % len(contents)]
        (folder / label).mkdir(exist_ok=True)
        (folder / label / f"{number:05d}.jpg").write_bytes(with_own_bytes(content, number))


def write_small_pictures(folder: Path, count: int) -> None:
    picture = folder / "small.jpg"
    Image.effect_noise((72, 64), 60).convert("RGB").save(picture)
    content = picture.read_bytes()
    picture.unlink()
    for number in range(count):
        label = "cat" if number % 2 else "dog"
        (folder / label).mkdir(exist_ok=True)
        (folder / label / f"{number:05d}.jpg").write_bytes(with_own_bytes(content, number))


class Taken(NamedTuple):
    """Seconds on the clock, and of computing on all cores: other work on the machine changes the
    first much more than the second."""

    clock: float
    computing: float


def taken(work: Callable[[], int]) -> Taken:
    began, computed = time.perf_counter(), time.process_time()
    assert work()
    return Taken(time.perf_counter() - began, time.process_time() - computed)


def best(found: list[Taken]) -> Taken:
    return Taken(min(each.clock for each in found), min(each.computing for each in found))


def our_pass(folder: Path, seed: int = 1) -> int:
    import numpy as np

    from cnnstudio.engine.inputs import Order, training_batches
    from cnnstudio.engine.parts import Part
    from cnnstudio.images.store import prepare_pictures
    from cnnstudio.project.augmentation import AugmentationPlan

    paths = [str(path) for path in sorted(folder.rglob("*.jpg"))]
    prepared = prepare_pictures(paths, SIZE, "crop")
    assert not prepared.problems
    labels = np.array([Path(path).parent.name == "cat" for path in paths], np.int64)
    part = Part(prepared.pixels, np.arange(len(paths)), labels, tuple(paths))
    order = Order(part.labels, BATCH, seed)
    batches = training_batches(part, order, AugmentationPlan(), epochs=1)
    return sum(len(answers) for _, answers in batches)


def keras_pass(folder: Path) -> int:
    import keras
    import tensorflow as tf

    batches = keras.utils.image_dataset_from_directory(
        folder, image_size=(SIZE, SIZE), batch_size=BATCH, crop_to_aspect_ratio=True, verbose=False
    )
    return sum(len(answers) for _, answers in batches.prefetch(tf.data.AUTOTUNE))


def measure_speed(count: int) -> None:
    """Prints the seconds of a pass each way, and the ratios; each is the best of two, in turns."""
    with tempfile.TemporaryDirectory() as place:
        os.environ["CNNSTUDIO_CACHE"] = str(Path(place, "cache"))
        warm, folder = Path(place, "warm"), Path(place, "photographs")
        for each, number in ((warm, 64), (folder, count)):
            each.mkdir()
            write_photographs(each, number)
        our_pass(warm)
        keras_pass(warm)
        found: dict[str, list[Taken]] = {
            "Keras, every pass": [],
            "first pass": [],
            "later pass": [],
        }
        for seed in (1, 2):
            shutil.rmtree(os.environ["CNNSTUDIO_CACHE"])
            found["Keras, every pass"].append(taken(partial(keras_pass, folder)))
            found["first pass"].append(taken(partial(our_pass, folder, seed)))
            found["later pass"].append(taken(partial(our_pass, folder, seed)))
        theirs = best(found["Keras, every pass"])
        print(f"{count} photographs at {SIZE} px, batches of {BATCH}")
        for name, each in found.items():
            ours = best(each)
            print(
                f"{name:<18}{ours.clock:7.2f} s {count / ours.clock:8.0f} pictures a second"
                f"{theirs.clock / ours.clock:7.2f} x, {ours.computing:6.2f} s of computing"
                f"{theirs.computing / ours.computing:7.2f} x"
            )


def measure_memory(count: int) -> None:
    """Run by a child: prints its highest use of memory."""
    with tempfile.TemporaryDirectory() as place:
        os.environ["CNNSTUDIO_CACHE"] = str(Path(place, "cache"))
        folder = Path(place, "small")
        folder.mkdir()
        write_small_pictures(folder, count)
        passes = [taken(partial(our_pass, folder, seed)).clock for seed in (1, 2)]
    unit = 1 if sys.platform == "darwin" else 1024
    highest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 10**9
    print(
        f"{count} small pictures: first pass {passes[0]:.1f} s, second {passes[1]:.1f} s,", end=" "
    )
    print(f"at most {highest:.2f} GB of memory (allowed: {MOST_GIGABYTES})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=("speed", "memory", "memory-child"))
    parser.add_argument("--count", type=int, default=0)
    chosen = parser.parse_args()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    if chosen.part == "memory-child":
        measure_memory(chosen.count)
        return
    if chosen.part in (None, "speed"):
        measure_speed(chosen.count or 5000)
    if chosen.part in (None, "memory"):
        command = [sys.executable, "-m", "tests.benchmarks.bench_feeding", "--part", "memory-child"]
        subprocess.run([*command, "--count", str(chosen.count or 50_000)], check=True)


if __name__ == "__main__":
    main()
